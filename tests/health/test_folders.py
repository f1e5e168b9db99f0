"""The program's own folders are those that ``platformdirs`` names."""

import pytest
from platformdirs import user_cache_dir, user_config_dir, user_data_dir, user_state_dir

from iro_cli.folders import folder_for

NAMED = {
    "data": "XDG_DATA_HOME",
    "cache": "XDG_CACHE_HOME",
    "config": "XDG_CONFIG_HOME",
    "state": "XDG_STATE_HOME",
}
PLATFORMS = {
    "data": user_data_dir,
    "cache": user_cache_dir,
    "config": user_config_dir,
    "state": user_state_dir,
}


@pytest.mark.parametrize("kept", sorted(NAMED))
@pytest.mark.parametrize("home", ["/home/wren", "/", "nest", "", None])
@pytest.mark.parametrize("named", ["/srv/kept", "/srv/kept/", "kept", " ", "", None])
def test_the_folder_is_the_platforms(
    kept: str, home: str | None, named: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whether a folder is named, and whether it and the home are whole paths."""
    for variable, value in ((NAMED[kept], named), ("HOME", home)):
        if value is None:
            monkeypatch.delenv(variable, raising=False)
        else:
            monkeypatch.setenv(variable, value)
    platforms = PLATFORMS[kept]("iro", appauthor=False)

    assert folder_for(kept).replace("//", "/") == platforms.replace("//", "/")
