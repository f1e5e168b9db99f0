"""Find the tables of the dataset in a database: their schema and their names."""

from collections.abc import Iterator

from iro_cli.errors import InputRefusedError
from iro_cli.extracts.ssd.tables import ANY_OF, KINDS
from iro_cli.incoming.kinds import TableKind
from iro_cli.incoming.refused import visible
from iro_cli.lean import TYPE_CHECKING

# This loads SQLAlchemy, which the import of files does not need.
if TYPE_CHECKING:
    from iro_cli.incoming.database import OpenDatabase, PlacedTable

# The first letters of the names in the specification.
STANDARD = "ssd_"


def _meant(name: str, prefix: str) -> Iterator[tuple[TableKind, str]]:
    """Yield the tables that a name may mean, and its first letters; they have to be *prefix*."""
    for kind in KINDS:
        own = kind.name.removeprefix(STANDARD)
        if name.endswith(own) and prefix in ("", name.removesuffix(own)):
            yield kind, name.removesuffix(own)


def placed(database: "OpenDatabase", prefix: str) -> dict[str, "PlacedTable"]:
    """
    Find the tables; capitals make no difference.

    Names that begin with ``ssd_`` are those of the specification.  Others count only if there are
    none of these.

    Args:
        database: The open database.
        prefix: The first letters of the names; blank if the user did not give them.

    Returns:
        Each table that is there, by the name of its kind.

    Raises:
        InputRefusedError: There is no table with facts, or they are there more than once.
    """
    wanted = prefix.casefold()
    found: dict[tuple[str, str], dict[str, list[PlacedTable]]] = {}
    for schema in database.schemas():
        for place in database.names(schema):
            for kind, begins in _meant(place.name.casefold(), wanted):
                where = found.setdefault((schema or database.usual, begins), {})
                where.setdefault(kind.name, []).append(place)
    # A schema with professionals but without facts is not the dataset.  If there is a test copy
    # beside the real one, both are refused: which one is read must not depend on their order.
    told = {kind.name for kind in ANY_OF}
    with_facts = {where: tables for where, tables in found.items() if told & tables.keys()}
    standard = {where: tables for where, tables in with_facts.items() if where[1] == STANDARD}
    several = standard or with_facts
    if not several:
        raise _nowhere(database, prefix)
    if len(several) > 1:
        raise InputRefusedError(
            f"{database.name} has the tables of the dataset more than once, as "
            f"{' and as '.join(_shown(*where) for where in sorted(several))}: say which with "
            "--schema or --prefix"
        )
    (tables,) = several.values()
    for places in tables.values():
        if len(places) > 1:
            names = " and ".join(visible(one.name) for one in places)
            raise InputRefusedError(
                f"{database.name}: {names} differ only by the case of letters: keep one"
            )
    return {name: places[0] for name, places in tables.items()}


def _shown(schema: str, begins: str) -> str:
    return f"{visible(f'{schema}.' if schema else '')}{visible(begins)}…"


def _nowhere(database: "OpenDatabase", prefix: str) -> InputRefusedError:
    """Return the error that there are no tables, with the names they would have."""
    where = f"in its schema {visible(database.schema)}" if database.schema else "in any schema"
    begins = visible(prefix or STANDARD)
    names = ", ".join(f"{begins}{kind.name.removeprefix(STANDARD)}" for kind in ANY_OF)
    return InputRefusedError(
        f"{database.name}: there is none of the tables {names} {where} that you may see: "
        "check the name of the database and what you may read there; --schema names another "
        "schema, and --prefix what stands before cla_reviews and the others"
    )
