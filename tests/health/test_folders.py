"""The program's own folders are those that ``platformdirs`` names."""

from itertools import product

import pytest
from platformdirs import user_cache_dir, user_config_dir, user_data_dir, user_state_dir

from iro_cli.folders import folder_for
from running import each

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


SETTINGS = product(
    sorted(NAMED),
    ("/home/wren", "/", "nest", "", None),
    ("/srv/kept", "/srv/kept/", "kept", " ", "", None),
)


@each("kept, home, named", SETTINGS)
def test_the_folder_is_the_platforms(
    kept: str, home: str | None, named: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """This holds whether or not a folder is named, and for relative and absolute paths."""
    with monkeypatch.context() as patch:
        for variable, value in ((NAMED[kept], named), ("HOME", home)):
            if value is None:
                patch.delenv(variable, raising=False)
            else:
                patch.setenv(variable, value)
        platforms = PLATFORMS[kept]("iro", appauthor=False)

        assert folder_for(kept).replace("//", "/") == platforms.replace("//", "/")
