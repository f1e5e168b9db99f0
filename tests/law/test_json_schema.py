"""The JSON Schema for editors accepts what the program accepts."""

import json
import re
import tomllib
from datetime import date
from pathlib import Path
from typing import Any

from iro_cli import library
from running import each

SCHEMA: dict[str, Any] = json.loads(library.schema_text())
PACKS = library.shipped_packs()
NATIONS = sorted((Path(library.__file__).parent / "law" / "packs").glob("*.toml"))
KINDS = {"object": dict, "array": list, "string": str, "integer": int, "boolean": bool}


def faults(value: Any, schema: dict[str, Any], place: str = "") -> list[str]:
    """
    Return the faults by the schema, with the words of JSON Schema that ours uses.

    It is written from the specification (draft 2020-12, Validation), as an editor's is.
    """
    found: list[str] = []
    for word, said in schema.items():
        if word == "$ref":
            found += faults(value, SCHEMA["$defs"][said.removeprefix("#/$defs/")], place)
        elif word == "anyOf":
            found += [] if any(not faults(value, one, place) for one in said) else [place]
        elif word == "type" and said == "null":
            found += [] if value is None else [place]
        elif word == "type":
            dated = said == "string" and schema.get("format") == "date"
            right = isinstance(value, date if dated else KINDS[said])
            found += [] if right and (said == "boolean" or not isinstance(value, bool)) else [place]
        elif word == "enum":
            found += [] if value in said else [place]
        elif word == "const":
            found += [] if value == said else [place]
        elif word == "pattern" and isinstance(value, str):
            found += [] if re.search(said, value) else [place]
        elif word in ("minLength", "minItems") and isinstance(value, str | list):
            found += [] if len(value) >= said else [place]
        elif word in ("minimum", "maximum") and isinstance(value, int):
            found += [] if (value >= said if word == "minimum" else value <= said) else [place]
        elif word == "items" and isinstance(value, list):
            for number, one in enumerate(value):
                found += faults(one, said, f"{place}.{number}")
        elif word == "properties" and isinstance(value, dict):
            for key in {*value} & {*said}:
                found += faults(value[key], said[key], f"{place}.{key}")
            if schema.get("additionalProperties") is False:
                found += [f"{place}.{key}" for key in {*value} - {*said}]
        elif word == "required" and isinstance(value, dict):
            found += [f"{place}.{key}" for key in said if key not in value]
        else:
            assert word in {
                *("$defs", "$schema", "title", "default", "description", "format", "pattern"),
                *("additionalProperties", "minLength", "minItems", "minimum", "maximum"),
                *("items", "properties", "required"),
            }, word
    return found


@each("path", [*PACKS, *NATIONS], name=lambda path: path.stem)
def test_every_pack_that_ships_is_taken(path: Path) -> None:
    """An editor marks no fault in a pack that the program accepts."""
    assert [] == faults(tomllib.loads(path.read_text("utf-8")), SCHEMA)


@each(
    "old, new",
    [
        ('unit = "week"', 'unit = "fortnight"'),
        ("amount = 4", "amount = 4, amuont = 4"),
        ("watched", "wached"),
        ('"cp.core-group"', '"cp.coregroup"'),
        ('checked = "', 'checked = "almost '),
    ],
)
def test_a_slip_is_marked(old: str, new: str) -> None:
    """An editor marks a typing error that the program would refuse."""
    text = next(path for path in PACKS if path.stem == "sefton").read_text("utf-8")

    assert old in text
    assert faults(tomllib.loads(text.replace(old, new, 1)), SCHEMA)
