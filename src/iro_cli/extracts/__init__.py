"""
The sources that can be imported, each declared at the end of a module of its own.

A new source is a module here that ends with ``SOURCE = Source(…)``, and its line in
``SOURCES``.  The command line shows their names and options from here, without loading one.
"""

from iro_cli.lean import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from iro_cli.extracts.source import Source

# Each source by its name on the command line, with the module that declares it.  Only that module
# is imported.
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
    An option of ``iro import`` that only some sources take; each source declares how it reads it.

    Attributes:
        name: Its name in the sources.
        typed: Its name on the command line.
        metavar: The placeholder for its value in the help.
        help: What it is for.
        sources: The sources that take it.
        is_file: Whether it names a file.
        many: Whether it may be repeated.
        of_database: Whether it is only for imports from a database.
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
        "The prefix of the tables' names there, if it is not ssd_.",
        ("ssd",),
        of_database=True,
    ),
)


def source_named(name: str) -> "Source":
    """
    Return the source with a name, one of ``SOURCES``.

    >>> source_named("events").title
    'what happened to children'
    """
    # Every command loads this module for the options of sources; few commands read a source.
    from importlib import import_module  # noqa: PLC0415

    module = import_module(f"{__name__}.{SOURCES[name]}")
    declared: tuple[Source, ...] = getattr(module, "SOURCES", None) or (module.SOURCE,)
    return next(one for one in declared if one.name == name)
