"""Regular expressions that are compiled when they are first used.

To compile all that the rooms have takes a tenth of a second, and a publish of one article uses
one in fifteen.
"""

from __future__ import annotations

import re
from typing import Any, AnyStr, Final, cast

_METHODS: Final = ("search", "match", "fullmatch", "sub", "subn", "split", "findall", "finditer")


class _Late:
    """What ``re.compile`` would return, once anything of it is asked for."""

    def __init__(self, *asked: object) -> None:
        self._asked = asked

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        compiled = re.compile(*cast(tuple[str, int], self._asked))
        for method in _METHODS:  # from here on they are found without coming here
            setattr(self, method, getattr(compiled, method))
        return getattr(compiled, name)


def pattern(text: AnyStr, flags: int = 0) -> re.Pattern[AnyStr]:
    """Return what ``re.compile`` does, which raises what it does when it is first used."""
    return cast(re.Pattern[AnyStr], _Late(text, flags))
