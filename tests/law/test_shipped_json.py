"""Shipped files are read by the scanner of `json`, without importing the module."""

import json
from pathlib import Path

import pytest

from iro_cli import library, shipped


def test_what_ships_says_what_json_reads_in_it() -> None:
    """Every compiled pack and bank-holiday list reads as `json` reads it."""
    files = sorted(Path(shipped.FOLDER).rglob("*.json"))

    assert len(files) > 3
    for file in files:
        text = file.read_text("utf-8")
        assert library._parsed(text) == json.loads(text), file


@pytest.mark.parametrize("text", ["{}", ' {"a": 1}', '{"a": [1, 2.5, null, "\\u00e9"]}\n'])
def test_space_around_it_means_nothing(text: str) -> None:
    """Another program may have written the cached form of a local pack."""
    assert json.loads(text) == library._parsed(text)


@pytest.mark.parametrize("text", ["", "pack", '{"a": 1', "{} {}", '{"a": 1}x'])
def test_half_a_file_is_not_read(text: str) -> None:
    """A file that is cut short, or goes on after its end, is refused as by `json`."""
    with pytest.raises(json.JSONDecodeError):
        library._parsed(text)
