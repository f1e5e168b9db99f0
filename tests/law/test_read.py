"""A second reader looked for every quotation of a version that is marked checked."""

import re
import tomllib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest

ROOT = Path(__file__).parents[2]
PACKS = [
    *sorted((ROOT / "src" / "iro_cli" / "law" / "packs").glob("*.toml")),
    *sorted((ROOT / "examples" / "packs").glob("*.toml")),
]
READ = {"26 November", "27 November", "27 November, once"}


class Reading(NamedTuple):
    """A quotation: its version and rule, and where the pack says it is."""

    pack: str
    rule: str
    since: str
    cited: str


def quotations() -> Iterator[Reading]:
    """Yield each quotation that is not from memory."""
    for file in PACKS:
        pack: dict[str, Any] = tomllib.loads(file.read_text("utf-8"))
        stated = [("caseload", "", pack["caseload"])] if "caseload" in pack else []
        stated += [
            (rule["id"], str(version["in_force_from"]), version)
            for rule in pack.get("rules", [])
            for version in rule["versions"]
        ]
        stated += [(f"coming: {one['id']}", "", one) for one in pack.get("coming", [])]
        for name, since, one in stated:
            if one["checked"] == "recalled":
                continue
            for citation in one.get("citations") or [one["citation"]]:
                cited = citation.get("seen_in", citation["url"])
                yield Reading(file.stem, name, since, cited)


@pytest.fixture(scope="module")
def table() -> list[tuple[str, ...]]:
    """Return the rows of the page: pack, rule, from, page and the day."""
    text = (ROOT / "docs" / "rules-read.md").read_text("utf-8")
    lines = text.partition("## What the second reading changed")[0].splitlines()
    rows = [line for line in lines if line.startswith("|")][2:]
    return [tuple(cell.strip(" <>`") for cell in row.strip("|").split("|")) for row in rows]


def test_each_quotation_was_looked_for(table: list[tuple[str, ...]]) -> None:
    """A new version, or one with another page, has to be read before it is marked checked."""
    told = sorted((pack, rule, since) for pack, rule, since, _, _ in table)

    assert sorted((one.pack, one.rule, one.since) for one in quotations()) == told
    assert READ == {day for *_, day in table}


def test_it_was_looked_for_where_it_is_said_to_stand(table: list[tuple[str, ...]]) -> None:
    """The opened page is the cited one, or another of the same instrument."""
    opened: dict[tuple[str, ...], set[str]] = {}
    for *of, page, _ in table:
        opened.setdefault(tuple(of), set()).add(page)
    elsewhere = [
        one
        for one in quotations()
        if one.cited not in (pages := opened[one[:3]])
        and not any(_instrument(one.cited) == _instrument(page) for page in pages)
    ]

    assert [] == elsewhere


@pytest.mark.parametrize(("nation", "page"), [("england", "rules"), ("wales", "nations")])
def test_the_page_counts_how_each_version_was_read(nation: str, page: str) -> None:
    """This holds for every version of every rule, read or not."""
    pack = next(file for file in PACKS if file.stem == nation)
    rules = tomllib.loads(pack.read_text("utf-8"))["rules"]
    read = Counter(version["checked"] for rule in rules for version in rule["versions"])
    text = (ROOT / "docs" / f"{page}.md").read_text("utf-8")

    assert f"{len(rules)} timescales in {read.total()} versions, and how each was read:" in text
    for said in ("primary", "guidance", "secondary"):
        assert f"\n- {read[said]} {said}\n" in text
    assert f"\n- {read['recalled']} **UNCHECKED**: from memory, not read\n" in text


def _instrument(page: str) -> str:
    """Return the kind, year and number of an instrument, or the page itself."""
    found = re.search(r"legislation\.gov\.uk/(?:cy/|id/)?(\w+/\d{4}/\d+)/", page)
    return found[1] if found else page
