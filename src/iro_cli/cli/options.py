"""
Declare once every option and argument that more than one command takes.

Both readers of a command line use an :class:`Option`: Typer, for help, completion and the
words of its errors, and the quick path, which avoids Typer.  So nothing here imports Typer,
and no closed list of values is declared anywhere else.
"""

from iro_cli.forms import FORMS
from iro_cli.lean import Any, Self


class Told:
    """
    The base of declarations that can be copied with changes.

    These are not named tuples, because making such a class takes as long as making the whole table.
    """

    def but(self, **told: Any) -> Self:
        """Return a copy with some values changed."""
        return type(self)(**{**vars(self), **told})


class Option(Told):
    """
    An option of the command line, or an argument.

    Attributes:
        name: The parameter of the function that answers the command.
        typed: The option as it is typed, with its short form after a space; blank for an argument.
        metavar: The placeholder for the value in the help; ``None`` for a flag.
        help: Its meaning, in a sentence.
        kind: The type of the value: ``str``, ``int``, ``PathLike`` for a ``Path``, or ``bool`` for
            a flag.
        many: Whether it may be repeated, or an argument takes several words.
        required: Whether the command needs it.
        default: The value if it is left out.
        values: The possible values, if the list is closed.
        least: The smallest possible number (inclusive).
        most: The largest possible number (inclusive).
        offered: Values that Tab offers, although others may be typed as well.
        complete: The function of :mod:`iro_cli.cli.completion` that completes it.
        missing: For options that may stand before the command's name, why a command that does not
            take it refuses it.
    """

    def __init__(
        self,
        name: str,
        typed: str,
        metavar: str | None,
        help: str,  # noqa: A002 - as every library of command lines has it
        kind: type = str,
        *,
        many: bool = False,
        required: bool = False,
        default: object = None,
        values: tuple[str, ...] = (),
        offered: tuple[str, ...] = (),
        least: int | None = None,
        most: int | None = None,
        complete: str | None = None,
        missing: str = "",
    ) -> None:
        """Keep the declaration."""
        self.name = name
        self.typed = typed
        self.metavar = metavar
        self.help = help
        self.kind = kind
        self.many = many
        self.required = required
        self.default = default
        self.values = values
        self.offered = offered
        self.least = least
        self.most = most
        self.complete = complete
        self.missing = missing

    @property
    def flags(self) -> list[str]:
        """Return its names, the long one first."""
        return self.typed.split()

    @property
    def shown(self) -> str:
        """Return its name in messages."""
        return self.flags[0] if self.typed else (self.metavar or self.name).strip("[].")


def flag(name: str, typed: str, meaning: str, *, missing: str = "") -> Option:
    """Return an option without a value."""
    return Option(name, typed, None, meaning, bool, default=False, missing=missing)


def argument(
    name: str,
    metavar: str,
    meaning: str,
    *,
    required: bool = True,
    many: bool = False,
    complete: str | None = None,
) -> Option:
    """Return an argument: a word that is known by its place."""
    return Option(name, "", metavar, meaning, many=many, required=required, complete=complete)


def one_of(values: tuple[str, ...]) -> str:
    """Return a closed list of values as the help of an option."""
    return f"{', '.join(values[:-1])} or {values[-1]}."


# ---------------------------------------------------------------- before or after the name


class Given(Told):
    """
    The options of :data:`COMMON` as they were typed, before or after the command's name.

    ``None`` means that it was not typed; then the environment or the default counts.
    """

    def __init__(
        self,
        *,
        database: str | None = None,
        as_of: str | None = None,
        nation: str | None = None,
        pack: tuple[str, ...] | None = None,
        format: str | None = None,  # noqa: A002 - as it is typed
        output: str | None = None,
        excel: bool | None = None,
        about: bool | None = None,
        strict: bool | None = None,
        pseudonymise: bool | None = None,
        no_pager: bool | None = None,
    ) -> None:
        """Take what was typed."""
        self.database = database
        self.as_of = as_of
        self.nation = nation
        self.pack = pack
        self.format = format
        self.output = output
        self.excel = excel
        self.about = about
        self.strict = strict
        self.pseudonymise = pseudonymise
        self.no_pager = no_pager


# Only the listings of open obligations have due days, so only they can become a calendar.
LISTS = tuple(one for one in FORMS if one != "ics")
_NO_RULES = "it uses no rules"
_NO_LIST = "it lists nothing"
DATABASE = Option(
    "database",
    "--database",
    "PATH-OR-URL",
    "The store [IRO_DATABASE].",
    missing="it reads no store",
)
AS_OF = Option(
    "as_of",
    "--as-of",
    "DATE",
    "The day the question is asked about; today by default [IRO_AS_OF].",
    missing="its answer is the same on every day",
)
NATION = Option(
    "nation",
    "--nation",
    "NATION",
    "Whose law applies; england by default [IRO_NATION].",
    complete="nations",
    missing=_NO_RULES,
)
PACK = Option(
    "pack",
    "--pack",
    "FILE",
    "A local rule pack to use as well; repeatable [IRO_PACKS].",
    many=True,
    missing=_NO_RULES,
)
FORMAT = Option("format", "--format -f", "FORMAT", one_of(LISTS), values=LISTS, missing=_NO_LIST)
OUTPUT = Option(
    "output",
    "--output -o",
    "FILE",
    "Write to this file, whole or not at all; its ending says in which form.",
    missing=_NO_LIST,
)
EXCEL = flag(
    "excel",
    "--excel",
    "With csv: as Excel on Windows expects it.",
    missing="it writes no CSV for Excel",
)
ABOUT = flag(
    "about",
    "--about",
    "With csv or jsonl and -o: also write FILE.about.json, which says what the list is.",
    missing=_NO_LIST,
)
NO_PAGER = flag(
    "no_pager",
    "--no-pager",
    "Do not page what is longer than the terminal [PAGER].",
    missing="it shows nothing page by page",
)
STRICT = flag(
    "strict",
    "--strict",
    "Refuse a date for which a fact had to be inferred.",
    missing="it lists nothing whose due date may rest on an inferred fact",
)
PSEUDONYMISE = flag(
    "pseudonymise",
    "--pseudonymise",
    "Pseudonyms for ids; no labels, dates of birth or free text.",
    missing="it is for listings of children that are passed on to others",
)
# The options that may also stand before the command's name, in the order of the help.
COMMON = (
    *(DATABASE, AS_OF, NATION, PACK),
    *(FORMAT, OUTPUT, EXCEL, ABOUT, STRICT, PSEUDONYMISE, NO_PAGER),
)
# What a question needs: a store, a day and the rules.  A command that needs less does not show
# the other options in its help, but accepts them, like the variables of the environment that say
# the same: a script puts them before the name of every command.  They do not change its rows;
# JSON still states the given day and law.
VIEW = (DATABASE, AS_OF, NATION, PACK)
LISTING = (FORMAT, OUTPUT, EXCEL, ABOUT, NO_PAGER)
DUE_LISTING = (FORMAT.but(help=one_of((*FORMS,)), values=(*FORMS,)), *LISTING[1:])


# ---------------------------------------------------------------- what several commands take

CHILD = argument(
    "child", "CHILD", "The child: its id or label, in upper or lower case.", complete="children"
)
CHILDREN = argument(
    "children",
    "CHILD...",
    "Their ids or labels, in upper or lower case.",
    many=True,
    complete="children",
)
TIMESCALE = argument(
    "timescale",
    "TIMESCALE",
    "Its id, or what it is called, as `first review` or `icpc`; `iro timescales` lists them.",
    complete="timescales",
)
PERSON = argument("name", "NAME", "The IRO or chair.", complete="names")
DAY = argument("day", "DATE", "The day, as 2026-11-02, 02/11/2026 or `2 nov`.")

IRO = Option(
    "iro",
    "--iro",
    "NAME",
    "Only this IRO's or chair's; `me` is the one configured.",
    complete="names",
)
TEAM = Option("team", "--team", "TEAM", "Only this team's.", complete="teams")
PROCESS = Option("process", "--process", "PROCESS", "Only this process.", complete="processes")
ONLY_CHILD = Option("child", "--child", "CHILD", "Only this child's.", complete="children")
WITHIN = Option("within", "--within", "28d", "How far ahead to look: 28d, 4w, 20wd or 3m.")
TIMESCALES = Option(
    "timescales",
    "--timescale",
    "ID|GROUP",
    "Only this timescale, or this group of them; repeatable.",
    many=True,
    complete="timescales_or_groups",
)
UNBOOKED = flag("unbooked", "--unbooked", "Only what has no meeting booked.")
WATCHED = Option(
    "watched",
    "--watched",
    "all",
    "`all`: every timescale this once, even those that nobody turned on.",
    values=("all",),
)
EXIT_CODE = flag("exit_code", "--exit-code", "Exit with 10 when something is overdue.")
LABELS = flag("labels", "--labels", "With ics: the children's labels beside their ids.")
MEETING_LENGTH = Option(
    "meeting_length",
    "--meeting-length",
    "60",
    "With ics: how many minutes a meeting that has a time is taken to last.",
    int,
    least=1,
    most=1440,
)
ON = Option(
    "on",
    "--on",
    "DATE",
    "The day it happened, as 2026-11-02, 02/11/2026, `2 nov`, `yesterday` or `mon`: the last "
    "that has been.",
    default="today",
)
FROM = Option("begins", "--from", "DATE", "The first day.")
TO = Option("ends", "--to", "DATE", "The last day.")
SINCE = Option(
    "since",
    "--since",
    "DATE",
    "Compare with the list on the morning of this day; by default, with the list after the last "
    "extract but one.",
)
YES = flag("yes", "--yes -y", "Do not ask.")
REASON = Option("reason", "--reason", "TEXT", "Why, in a few words.")
PER_DAY = Option(
    "per_day",
    "--per-day",
    "2",
    "The most meetings of one person in a day.",
    int,
    default=2,
    least=1,
    most=20,
)
