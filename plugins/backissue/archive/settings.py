"""The settings of an archive: one typed, frozen record.

They stand in ``pelicanconf.py`` as the dictionary ``BACKISSUE``; a key that does not
exist is refused with the nearest one that does.
"""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from typing import Annotated, Any

import msgspec

from backissue.archive.failures import CannotBuildError
from backissue.clean import CleanSettings

Positive = Annotated[int, msgspec.Meta(ge=1)]


class SettingsError(CannotBuildError):
    """A setting that does not exist or has a value that it cannot have."""


class Settings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a site can set.

    ``page_size``: articles on one page of a list. ``front_size``: articles on the front
    page. ``feed_size``: articles in a feed. ``further``: how many articles *further
    reading* names. ``jobs``: processes that clean files at once, 0 for one a core.
    ``vocabulary``: the topic vocabulary, ``model``: what ``backissue topics train`` learned, both
    below the content folder. ``clean``: the settings
    of cleaning. ``sync``: wait until all that was published is on the disk before readers see
    it; without, a power cut (not a killed build) may leave files of the site empty.
    ``pictures``: draw a picture an article for Open Graph and Twitter (needs Pillow);
    ``picture_font``: the file of the font it is drawn in, empty for Pillow's own.
    """

    page_size: Positive = 40
    front_size: Positive = 25
    feed_size: Positive = 20
    further: Positive = 4
    jobs: Annotated[int, msgspec.Meta(ge=0)] = 0
    sync: bool = True
    pictures: bool = False
    picture_font: str = ""
    vocabulary: str = "topics.toml"
    model: str = "topics.model"
    clean: CleanSettings = CleanSettings()


def read_settings(values: Mapping[str, Any]) -> Settings:
    """Return the settings that ``values`` describe, defaults for what is not in it.

    Raises SettingsError, with the name of the key and what to do.
    """
    if not isinstance(values, Mapping):
        raise SettingsError(f"BACKISSUE is a dictionary, such as {{}}, not {values!r}.")
    for key in values:
        if key not in Settings.__struct_fields__:
            near = difflib.get_close_matches(key, Settings.__struct_fields__, 1)
            meant = f" Did you mean {near[0]!r}?" if near else ""
            known = ", ".join(Settings.__struct_fields__)
            raise SettingsError(f"BACKISSUE has no setting {key!r}.{meant} It has: {known}.")
    try:
        return msgspec.convert(dict(values), Settings)
    except msgspec.ValidationError as error:
        # msgspec ends with the place, as in "… - at `$.page_size`".
        what, _, place = str(error).partition(" - at `$.")
        where = "BACKISSUE" + "".join(f"[{key!r}]" for key in place.rstrip("`").split(".") if key)
        raise SettingsError(f"{where} in the settings file: {what}.") from error
