"""What the sources declare of themselves agrees with what is said of them elsewhere."""

from pathlib import Path

from iro_cli.extracts import OPTIONS, SOURCES, source_named
from iro_cli.incoming.kinds import TableKind
from running import each

DOCS = Path(__file__).parents[2] / "docs"


@each("name", SOURCES)
def test_a_source_is_declared_where_the_registry_says(name: str) -> None:
    """Under the name it is asked for, with a page that is there."""
    source = source_named(name)

    assert source.name == name
    assert (DOCS / source.page).is_file()
    assert source.title


def test_the_options_are_those_that_the_sources_read() -> None:
    """Each is told once, and read by every source that it is for."""
    told = {(option.name, name) for option in OPTIONS for name in option.sources}
    read = {(option, name) for name in SOURCES for option in source_named(name).options}

    assert told == read


def _kinds() -> list[tuple[str, TableKind]]:
    return [(name, kind) for name in SOURCES for kind in source_named(name).kinds]


@each("name, kind", _kinds())
def test_a_column_is_told_once(name: str, kind: TableKind) -> None:
    """It is read or known, and not both; the page of the source names what is read."""
    read = [one.casefold() for column in kind.columns for one in (column.name, *column.also)]
    page = (DOCS / source_named(name).page).read_text("utf-8")

    assert len({column.field for column in kind.columns}) == len(kind.columns)
    assert len(set(read)) == len(read)
    assert not {one.casefold() for one in kind.known}.intersection(read)
    assert name != "ssda903" or all(column.name in page for column in kind.columns)
