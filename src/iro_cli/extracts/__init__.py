"""
The sources that can be imported, each declared at the end of a module of its own.

A new source is a module here that ends with ``SOURCE = Source(…)``, and its line in
``SOURCES``.  What the command line shows of them without loading one stands here too.
"""

from iro_cli.lean import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from iro_cli.extracts.source import Source

# Each source by the name it is asked for under, and the module that declares it: only that
# one is imported.
SOURCES = {
    "children": "own",
    "allocations": "own",
    "events": "own",
    "ssda903": "ssda903",
    "annex-a": "annex_a",
    "cin-census": "cin_census",
    "ssd": "ssd",
}


class SourceOption(NamedTuple):
    """
    An option of ``iro import`` that only some sources take; each says how it reads it.

    Attributes:
        name: What the sources call it.
        typed: How it is typed.
        metavar: What stands after it.
        help: What it is for.
        sources: The sources that take it.
        is_file: Whether it names a file.
        many: Whether it may be repeated.
        of_database: Whether it says something of a database, and nothing of files.
    """

    name: str
    typed: str
    metavar: str
    help: str
    sources: tuple[str, ...]
    is_file: bool = False
    many: bool = False
    of_database: bool = False


OPTIONS = (
    SourceOption(
        "columns",
        "--columns",
        "FILE",
        "A mapping file for other column names.",
        ("children", "allocations", "events"),
        is_file=True,
    ),
    SourceOption(
        "roles",
        "--role",
        "CODE=iro|chair",
        "What a local code for a role means; repeatable.",
        ("ssd",),
        many=True,
    ),
    SourceOption(
        "schema",
        "--schema",
        "NAME",
        "The schema in which the tables lie, where a URL names a database.",
        ("ssd",),
        of_database=True,
    ),
    SourceOption(
        "prefix",
        "--prefix",
        "TEXT",
        "What stands before the names of the tables there, where that is not ssd_.",
        ("ssd",),
        of_database=True,
    ),
)


def source_named(name: str) -> "Source":
    """
    Return the source of a name, one of ``SOURCES``.

    >>> source_named("events").title
    'what happened to children'
    """
    # Every command line looks here for the options of sources; few read one.
    from importlib import import_module  # noqa: PLC0415

    module = import_module(f"{__name__}.{SOURCES[name]}")
    declared: tuple[Source, ...] = getattr(module, "SOURCES", None) or (module.SOURCE,)
    return next(one for one in declared if one.name == name)
