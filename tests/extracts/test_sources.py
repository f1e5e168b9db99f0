"""The declarations of the sources agree with the registry, the options and the pages."""

from pathlib import Path

from iro_cli.extracts import OPTIONS, SOURCES, source_named
from iro_cli.incoming.kinds import TableKind
from running import each

DOCS = Path(__file__).parents[2] / "docs"


@each("name", SOURCES)
def test_a_source_is_declared_where_the_registry_says(name: str) -> None:
    """It has the name that users type, and a page that exists."""
    source = source_named(name)

    assert source.name == name
    assert (DOCS / source.page).is_file()
    assert source.title


def test_the_options_are_those_that_the_sources_read() -> None:
    """Each option is declared once, and each of its sources reads it."""
    told = {(option.name, name) for option in OPTIONS for name in option.sources}
    read = {(option, name) for name in SOURCES for option in source_named(name).options}

    assert told == read


def _kinds() -> list[tuple[str, TableKind]]:
    return [(name, kind) for name in SOURCES for kind in source_named(name).kinds]


@each("name, kind", _kinds())
def test_a_column_is_told_once(name: str, kind: TableKind) -> None:
    """A column is either read or known, and the source's page names those that are read."""
    read = [one.casefold() for column in kind.columns for one in (column.name, *column.also)]
    page = (DOCS / source_named(name).page).read_text("utf-8")

    assert len({column.field for column in kind.columns}) == len(kind.columns)
    assert len(set(read)) == len(read)
    assert not {one.casefold() for one in kind.known}.intersection(read)
    assert name != "ssda903" or all(column.name in page for column in kind.columns)
