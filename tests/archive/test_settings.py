"""Settings: typed, and a typing error is named."""

import pytest

from backissue.archive.settings import Settings, SettingsError, read_settings


def test_what_is_not_set_has_its_default() -> None:
    assert read_settings({"page_size": 10}) == Settings(page_size=10)


def test_an_unknown_setting_is_refused_with_the_nearest_known() -> None:
    with pytest.raises(SettingsError, match=r"'pagesize'. Did you mean 'page_size'"):
        read_settings({"pagesize": 10})


def test_a_wrong_value_is_refused() -> None:
    with pytest.raises(SettingsError, match="page_size"):
        read_settings({"page_size": 0})
