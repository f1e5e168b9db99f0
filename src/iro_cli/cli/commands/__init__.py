"""
The table of commands: the name of each, its help, its options, and the function that runs it.

Typer's help and completion are made from this table, and the quick path reads it
too.  The module of a command is imported when the command is run.
"""

from collections.abc import Mapping
from os import PathLike

from iro_cli.cli.configuration import KEYS
from iro_cli.cli.options import (
    ABOUT,
    AS_OF,
    CHILD,
    CHILDREN,
    DATABASE,
    DAY,
    DUE_LISTING,
    EXIT_CODE,
    FORMAT,
    FROM,
    IRO,
    LABELS,
    LISTING,
    MEETING_LENGTH,
    NATION,
    ON,
    ONLY_CHILD,
    OUTPUT,
    PACK,
    PER_DAY,
    PERSON,
    PROCESS,
    PSEUDONYMISE,
    REASON,
    SINCE,
    STRICT,
    TEAM,
    TIMESCALE,
    TIMESCALES,
    TO,
    UNBOOKED,
    VIEW,
    WATCHED,
    WITHIN,
    YES,
    Option,
    argument,
    flag,
    one_of,
)
from iro_cli.extracts import OPTIONS
from iro_cli.facts import vocabulary
from iro_cli.forms import REPORT_FORMS


class Command:
    """
    A command of the program.

    Attributes:
        name: Its name as typed after ``iro``; for a command of a group, both words.
        answer: The module of this package, and its function that runs the command.
        help: What it does.  The first sentence is its line in the list of commands.
        takes: Its options and arguments, also those of :data:`~iro_cli.cli.options.COMMON` that
            it uses.
        changes: Whether it stores a change.  If it is refused, an undo would take back an earlier
            change, so the refusal is noted.
        elsewhere: Options that people look for here, each with the command that has them.
        own_form: Whether it ignores the configured form of listings, such as an alarm that prints
            nothing if nothing is overdue, the body of a mail, or a document.
    """

    def __init__(
        self,
        name: str,
        answer: str,
        help: str,  # noqa: A002 - as options have it
        takes: tuple[Option, ...],
        *,
        changes: bool = False,
        elsewhere: Mapping[str, str] = {},
        own_form: bool = False,
    ) -> None:
        """Keep the declaration."""
        self.name, self.answer, self.help = name, answer, help
        self.takes, self.changes, self.own_form = takes, changes, own_form
        self.elsewhere = elsewhere

    @property
    def common(self) -> tuple[Option, ...]:
        """Return its options that may also stand before its name."""
        return tuple(one for one in self.takes if one.missing)

    @property
    def lists(self) -> bool:
        """Say whether it makes a listing that can be written in several forms."""
        return FORMAT.name in {one.name for one in self.takes}

    @property
    def own(self) -> tuple[Option, ...]:
        """Return its other options, and its arguments."""
        return tuple(one for one in self.takes if not one.missing)


class Group:
    """
    A group of commands under one word.

    Attributes:
        help: What the commands are about.
        alone: The command that is meant if the word stands alone; ``None`` if there is none.
    """

    def __init__(self, help: str, alone: str | None = None) -> None:  # noqa: A002 - the same
        """Keep the declaration."""
        self.help, self.alone = help, alone


_OF_CHILDREN = (*VIEW, *LISTING, PSEUDONYMISE)
_OF_DATES = (*VIEW, *LISTING, STRICT, PSEUDONYMISE)
_FILTERS = (IRO, TEAM, PROCESS)
_ALL_OF_DUE = (
    *_FILTERS,
    ONLY_CHILD,
    UNBOOKED,
    WATCHED,
    EXIT_CODE,
    LABELS,
    MEETING_LENGTH,
    TIMESCALES,
)

_MOVED = Option(
    "reason",
    "--reason",
    "|".join((*vocabulary.MOVED_BECAUSE, "TEXT")),
    "Why the meeting was moved, or the booking taken back.",
    offered=vocabulary.MOVED_BECAUSE,
)
_STARTED = Option("started", "--from", "DATE", "The day the clock started, where two are open.")

_LABEL = Option("label", "--label", "TEXT", "A short name; initials are enough.")
_BORN = Option("date_of_birth", "--date-of-birth --dob", "DATE", "The date of birth.")
_DIED = Option("died", "--died", "DATE", "The day the child died: everything ends with it.")
_EXPECTED = Option(
    "expected",
    "--expected-date-of-delivery --edd",
    "DATE",
    "For an unborn child: when the birth is expected.",
)
_OWN_NATION = (
    NATION.but(help="The child's own nation, if it is not that of the authority."),
    Option(
        "child_nation",
        "--child-nation",
        "NATION",
        "The child's own nation; --nation means the same here.",
        complete="nations",
    ),
)
_CHILDS_TEAM = TEAM.but(help="The team that works with the child.")
_SIBLINGS = Option(
    "sibling_group", "--sibling-group", "NAME", "The name of the child's sibling group."
)
_TO_IRO = Option("iro", "--iro", "NAME", "The IRO.", complete="names")
_TO_CHAIR = Option(
    "chair", "--chair", "NAME", "The chair of the child's conferences.", complete="names"
)

_NEW_NAME = flag("new_name", "--new", "The name is new, although it looks like a known one.")
_SHARED = flag(
    "insist",
    "--insist",
    "Store it although the label is another child's id, or the id another child's label.",
)
_PART_TIME = Option(
    "fte", "--fte --hours", "PART", "Full-time equivalent: 1, or 0.6 for three days of five."
)
_MANAGES = Option(
    "manages", "--manages", "TEAM", "The team that this person manages.", complete="teams"
)
_AUDITOR = Option("auditor", "--auditor", "NAME", "Who audits.", complete="names")
_WHICH_DISPUTE = Option(
    "reference", "--reference", "NAME", "Which dispute, where several are open."
)
_SAID = Option("reason", "--reason", "TEXT", "What was said, in a few words.")

_PERIOD = (
    Option("first", "--from", "DATE", "The first day of the period."),
    Option("last", "--to", "DATE", "The last day of the period."),
)
_SUPPRESS = Option(
    "suppress",
    "--suppress",
    "N",
    "Keep back counts below this; 5 is usual.",
    int,
    least=2,
    most=100,
)
_PUBLISHED = (
    Option("authority", "--authority", "NAME", "Also show this authority's published figures."),
    Option(
        "neighbours", "--neighbours", "A,B", ("Also show the figures of these other authorities.")
    ),
    Option(
        "statistics",
        "--statistics",
        "FILE",
        "A newer file of the Department's figures; repeatable.",
        many=True,
    ),
)
_REPORT = (
    *VIEW,
    FORMAT.but(help=one_of((*REPORT_FORMS,)), values=(*REPORT_FORMS,)),
    OUTPUT,
    STRICT,
    *_PERIOD,
    TEAM,
    _SUPPRESS,
    *_PUBLISHED,
    Option(
        "template",
        "--template",
        "FILE.docx",
        "With docx: the council's own document, for its styles, header and footer.",
        PathLike,
    ),
)

_EVENT = argument(
    "event",
    "EVENT",
    "What happened, by its id or a word for it, as `review`, `icpc` or `core group`; Tab lists the "
    "events.",
    complete="events",
)
_BY = Option(
    "by",
    "--by",
    "DATE",
    "A day still to come: the last for an early review, the expected day of birth, or the day on "
    "which care is to end.",
)
# The placeholder for the value of a detail in the help, by its kind.
_WRITTEN = {
    vocabulary.CODE: "CODE",
    vocabulary.YES_NO: "yes|no",
    vocabulary.DAY: "DATE",
    vocabulary.NUMBER: "0..10",
    vocabulary.TEXT: "TEXT",
}
_COMPLETED = {"outcome": "outcomes", "participation": "participation"}
_DETAILS = tuple(
    Option(
        name,
        vocabulary.option_of(name),
        _WRITTEN.get(detail.kind, name.upper()),
        detail.asks,
        complete=_COMPLETED.get(name),
    )
    for name, detail in vocabulary.DETAILS.items()
)

_ONE_PACK = argument("file", "PACK", "A pack: its file, or the name of one that ships.")

_KEPT_OF = argument(
    "process", "PROCESS", "cla, cp, adoption, or other for a child in none of them."
).but(values=vocabulary.KEPT_AS)
_KEY = argument("key", "KEY", f"One of: {', '.join(KEYS)}.").but(values=(*KEYS,))

_WATCHABLE = argument(
    "timescales",
    "TIMESCALE...",
    "As `iro timescales` lists them, or a group.",
    many=True,
    complete="timescales_or_groups",
)

GROUPS = {
    "dispute": Group("Formal disputes: raise, stage, respond, escalate, resolve, list."),
    "child": Group("Add, edit, list and show children."),
    "person": Group("IROs and chairs: their hours, the team they manage, when they leave."),
    "absence": Group("When an IRO or chair is away."),
    "audit": Group("Audits of cases: record one, draw a sample, list them."),
    "config": Group("Settings for every command: the store, packs, who `me` is.", "config list"),
    "timescales": Group(
        "List, show and check the timescales, with their law; write and try local packs.",
        "timescales list",
    ),
    "watch": Group("Say which timescales are shown.", "watch list"),
    "calendar": Group("Show the bank holidays used, and add to them.", "calendar list"),
    "report": Group("Figures and reports for a period."),
    "retention": Group("How long records are kept, and which may be erased.", "retention list"),
    "key": Group("The key of an encrypted store."),
    "db": Group("A store that a team shares, on a PostgreSQL server."),
}

_TABLE = (
    Command(
        "demo",
        "demo:demo_command",
        "Make a fictional authority and show the daily check on it. It has a store of its own: "
        "a new file that is named, or one in your own folder.",
        # It shows `iro due`, so it takes the options of that listing, to be tried; with --strict
        # the list is the same, because no fact of the fictional authority is inferred.
        (*VIEW, *DUE_LISTING, STRICT, PSEUDONYMISE),
    ),
    Command(
        "when",
        "when:when_command",
        "Say when a timescale is due from a date, with the workings. Needs no store.",
        (
            *(*VIEW, *LISTING, TIMESCALE),
            argument("days", "DATE...", "Dates, or - to read one a line.", many=True),
            flag(
                "compare",
                "--compare",
                "Also show the local markers beside it, and whether they breach it.",
            ),
        ),
    ),
    Command(
        "due",
        "daily:due_command",
        "Show what is open, soonest first: what is overdue, due today, or due within 28 days.",
        (
            *(*VIEW, *DUE_LISTING, STRICT, PSEUDONYMISE, WITHIN),
            flag("everything", "--all", "Everything that is open, however far ahead."),
            *_ALL_OF_DUE,
            argument(
                "words",
                "[WORD]...",
                "Only rows that have every word: in the child, label, IRO or chair, team, "
                "process or title. `me` is the IRO of the configuration.",
                required=False,
                many=True,
                complete="children",
            ),
        ),
    ),
    Command(
        "overdue",
        "daily:overdue_command",
        "Show only what is overdue, worst first. If nothing is overdue, it prints nothing.",
        (
            *(*VIEW, *DUE_LISTING, STRICT, PSEUDONYMISE, *_ALL_OF_DUE),
            Option(
                "per_iro_folder",
                "--per-iro-folder",
                "DIR",
                "Write a file for each IRO or chair into this folder, as csv.",
            ),
        ),
        own_form=True,
    ),
    Command(
        "show",
        "case:show_command",
        "Show one child: facts, what is open, what was met and whether in timescale.",
        (*_OF_DATES, CHILD, WATCHED),
    ),
    Command(
        "explain",
        "case:explain_command",
        "Say why a date is what it is. That is what started the clock, what was counted, what was "
        "left out, and the provision.",
        (
            *(*_OF_DATES, CHILD),
            argument(
                "timescale",
                "[TIMESCALE]",
                "Only this one; all that are open by default.",
                required=False,
                many=True,
                complete="timescales",
            ),
            WATCHED,
        ),
    ),
    Command(
        "board",
        "board:board_command",
        "Open a full-screen board of what is due. There you filter, open a child, record and book.",
        (*VIEW, STRICT),
    ),
    Command(
        "digest",
        "digest:digest_command",
        "Write what is overdue, due and unbooked as the body of a mail. If there is nothing to "
        "say, it writes nothing.",
        (
            *_OF_DATES,
            flag("html", "--html", "As HTML, for a mail body."),
            *(IRO, TEAM, WITHIN.but(default="14d"), WATCHED, EXIT_CODE),
            SINCE.but(help="Also say what is different since the morning of this day."),
        ),
        own_form=True,
    ),
    Command(
        "changes",
        "since:changes_command",
        "Show what became due, was met, moved, or ended unmet since a day.",
        (
            *(*_OF_DATES, SINCE),
            flag(
                "facts_of_today",
                "--facts-of-today",
                "Compare with the list of that day made from today's facts, not from those that "
                "the store had then.",
            ),
            WITHIN,
            *(*_FILTERS, WATCHED),
        ),
    ),
    Command(
        "caseload",
        "case:caseload_command",
        "Show caseloads by IRO, team or process. A row has children, open, overdue, due in "
        "28 days, unbooked and timeliness.",
        (
            *_OF_DATES,
            Option(
                "by",
                "--by",
                "iro",
                "A row for each iro, team or process.",
                default="iro",
                values=("iro", "team", "process"),
            ),
            *(*_FILTERS, WATCHED),
            Option(
                "sheets",
                "--sheets",
                "iro",
                "With xlsx: also a sheet of open rows for each IRO or chair.",
                values=("iro",),
            ),
        ),
    ),
    Command(
        "forecast",
        "ahead:forecast_command",
        "Show the work ahead by month, and who there is to do it.",
        (
            *_OF_DATES,
            Option(
                "months",
                "--months",
                "12",
                "Calendar months, this one included.",
                int,
                default=12,
                least=1,
                most=60,
            ),
            Option(
                "by",
                "--by",
                "month",
                "A row for each month, iro, team or process.",
                default="month",
                values=("month", "iro", "team", "process"),
            ),
            Option(
                "held_after",
                "--held-after",
                "DAYS",
                "Assume that overdue meetings are held this many days from now.",
                int,
                default=0,
                least=0,
                most=366,
            ),
            Option("hours", "--hours", "review=6,conference=8", "How many hours each takes."),
            Option("week", "--week", "37", "The hours of a full-time week, to compare with."),
            flag("meetings", "--list", "List every meeting that is expected, not the counts."),
            *(*_FILTERS, WATCHED),
        ),
    ),
    Command(
        "align",
        "ahead:align_command",
        "Find one date for the open meetings of siblings, or of one child.",
        (
            *(*VIEW, *LISTING, STRICT),
            argument(
                "children",
                "CHILD...",
                "Their ids or labels.",
                required=False,
                many=True,
                complete="children",
            ),
            Option("sibling_group", "--sibling-group", "NAME", "All children of this group."),
            Option(
                "sibling_group_of",
                "--sibling-group-of",
                "CHILD",
                "All children of this child's group.",
                complete="children",
            ),
            PROCESS.but(name="processes", help="Only this process; repeatable.", many=True),
            *(PER_DAY, WATCHED),
        ),
    ),
    Command(
        "suggest",
        "ahead:suggest_command",
        "Propose a day for each meeting that is not booked. None is late if that can be avoided.",
        (
            *(*VIEW, *LISTING, STRICT),
            IRO.but(
                name="iros", help="Whose diary; repeatable. Everybody's by default.", many=True
            ),
            PER_DAY,
            FROM.but(help="The first day to use."),
            TO.but(help="The last day to use; what is due later is left out."),
            Option(
                "spare",
                "--spare",
                "5",
                "Working days to keep free before the last lawful day.",
                int,
                default=5,
                least=0,
                most=60,
            ),
            flag("book", "--book", "Book all that it suggests, in one change."),
            WATCHED,
        ),
        changes=True,
    ),
    Command(
        "record",
        "record:record_command",
        "Store one fact, for one child or several. Then it says what is due next.",
        (
            *(*VIEW, _EVENT, CHILDREN, ON, *_DETAILS, _BY),
            flag("insist", "--insist", "Store it although it contradicts the child's facts."),
            flag(
                "correct",
                "--correct",
                "Put it right: what is recorded on a day near it, or as quorate when it was "
                "not, is taken back, and this is stored.",
            ),
            flag("withdraw", "--withdraw", "Take the fact back: it did not happen."),
        ),
        changes=True,
    ),
    Command(
        "dispute raise",
        "dispute:raise_command",
        "Record that a formal dispute was raised.",
        (
            *(*VIEW, CHILD, ON),
            _WHICH_DISPUTE.but(help="A name to tell this one from others."),
            _SAID.but(help="What it is about."),
        ),
        changes=True,
    ),
    Command(
        "dispute stage",
        "dispute:stage_command",
        "Record that a dispute was taken to its next stage.",
        (*VIEW, CHILD, ON, _WHICH_DISPUTE, _SAID.but(help="Which stage.")),
        changes=True,
    ),
    Command(
        "dispute respond",
        "dispute:respond_command",
        "Record that a dispute was answered.",
        (*VIEW, CHILD, ON, _WHICH_DISPUTE, _SAID),
        changes=True,
    ),
    Command(
        "dispute escalate",
        "dispute:escalate_command",
        "Record that the case was referred to Cafcass. This can happen at any time.",
        (*VIEW, CHILD, ON, _WHICH_DISPUTE, _SAID),
        changes=True,
    ),
    Command(
        "dispute resolve",
        "dispute:resolve_command",
        "Record that a dispute was resolved.",
        (*VIEW, CHILD, ON, _WHICH_DISPUTE, _SAID),
        changes=True,
    ),
    Command(
        "dispute list",
        "dispute:list_command",
        "List the disputes: the stage reached, and how much of the whole time is used.",
        (
            *_OF_CHILDREN,
            flag("only_open", "--open", "Leave out those that were resolved."),
            IRO,
        ),
    ),
    Command(
        "undo",
        "record:undo_command",
        "Take the last change back. Run it again to take back the one before. On a terminal it "
        "asks before an import, a large change or somebody else's.",
        (DATABASE, YES),
        changes=True,
    ),
    Command(
        "redo",
        "record:redo_command",
        "Restore what the last undo took back.",
        (DATABASE,),
        changes=True,
    ),
    Command(
        "history",
        "record:history_command",
        "Show who changed what, and when, the latest first.",
        (
            *(DATABASE, *LISTING, PSEUDONYMISE),
            argument("child", "[CHILD]", "Only this child's.", required=False, complete="children"),
            flag(
                "verify",
                "--verify",
                "Check the chain of changes: was anything altered, removed or added outside "
                "this program?",
            ),
            Option(
                "expect",
                "--expect",
                "DIGEST",
                "With --verify: a digest that was written down; it must be in the chain.",
            ),
        ),
    ),
    Command(
        "child add",
        "children:add_command",
        "Add a child.",
        (
            *(DATABASE, AS_OF, argument("child", "CHILD", "The new child's id.")),
            *(_LABEL, _BORN, _EXPECTED, *_OWN_NATION, _CHILDS_TEAM, _TO_IRO, _TO_CHAIR, _SIBLINGS),
            *(_NEW_NAME, _SHARED),
        ),
        changes=True,
    ),
    Command(
        "child edit",
        "children:edit_command",
        "Change what is known of a child. An empty value removes what is there.",
        (
            *(DATABASE, AS_OF, PACK, CHILD),
            *(_LABEL, _BORN, _EXPECTED, _DIED, *_OWN_NATION, _CHILDS_TEAM, _SIBLINGS, _SHARED),
        ),
        changes=True,
        elsewhere={
            "--iro": "iro allocate CHILD --iro NAME --from DATE",
            "--chair": "iro allocate CHILD --chair NAME --from DATE",
        },
    ),
    Command(
        "child erase",
        "erasing:erase_command",
        "Erase a child for good. Nothing of the child stays in the store, its log or the copies "
        "that the program made and knows of. It cannot be taken back, so on a terminal it asks.",
        (
            *(DATABASE, CHILD),
            REASON.but(help="Why, for the history, without a word about the child.", required=True),
            YES,
        ),
        changes=True,
    ),
    Command(
        "child list",
        "children:list_command",
        "List the children, in order of id.",
        (DATABASE, AS_OF, *LISTING, PSEUDONYMISE, TEAM, IRO),
    ),
    Command(
        "child show",
        "children:show_command",
        "Show what is known of a child besides events. `iro show CHILD` shows everything.",
        (DATABASE, AS_OF, *LISTING, PSEUDONYMISE, CHILD),
    ),
    Command(
        "allocate",
        "children:allocate_command",
        "Allocate children to an IRO or chair from a day on. An earlier allocation ends the day "
        "before.",
        (
            *(DATABASE, AS_OF, CHILDREN, FROM.but(required=True)),
            *(_TO_IRO, _TO_CHAIR, _NEW_NAME),
            REASON.but(help="Why siblings have different IROs."),
        ),
        changes=True,
    ),
    Command(
        "hand-over",
        "people:hand_over_command",
        "Give a whole caseload to somebody else. One `iro undo` takes all of it back.",
        (
            *VIEW,
            Option(
                "old",
                "--from",
                "NAME",
                "The person who hands over.",
                required=True,
                complete="names",
            ),
            Option(
                "new", "--to", "NAME", "The person who takes over.", required=True, complete="names"
            ),
            ON.but(help="The new person's first day."),
            Option(
                "role",
                "--role",
                "iro|chair|all",
                "In which role; all by default.",
                default="all",
                values=(*vocabulary.ROLES, "all"),
            ),
            Option(
                "children",
                "--child",
                "CHILD",
                "Only this child; repeatable.",
                many=True,
                complete="children",
            ),
            REASON.but(help="Why, where siblings get different IROs."),
            _NEW_NAME,
        ),
        changes=True,
    ),
    Command(
        "person add",
        "people:add_command",
        "Record an IRO or chair: working hours, and the team they manage, if any.",
        (
            *(
                DATABASE,
                AS_OF,
                PERSON.but(help="The name, as it stands in the allocations.", complete=None),
            ),
            *(_PART_TIME, FROM, TO, _MANAGES, _NEW_NAME),
        ),
        changes=True,
    ),
    Command(
        "person edit",
        "people:edit_command",
        "Change hours or the team managed, from a day on. Without --from it corrects the latest.",
        (
            *(DATABASE, AS_OF, PERSON, _PART_TIME, _MANAGES),
            FROM.but(help="The first day of the change."),
            TO.but(help="The last day; empty for none."),
        ),
        changes=True,
    ),
    Command(
        "person leave",
        "people:leave_command",
        "Say which day is a person's last. Their children stay theirs until they are handed over.",
        (DATABASE, AS_OF, PERSON, ON.but(help="The last day.")),
        changes=True,
    ),
    Command(
        "person list",
        "people:list_command",
        "List IROs and chairs. A row has hours, absences, and the children held beside the "
        "handbook's numbers.",
        (
            *_OF_CHILDREN,
            flag("everybody", "--all", "Also those who have left or have not begun."),
        ),
    ),
    Command(
        "absence add",
        "people:absence_add_command",
        "Record when a person is away, and say what is booked with them then.",
        (
            *(*VIEW, PERSON),
            FROM.but(help="The first day away.", required=True),
            TO.but(help="The last day away.", required=True),
            REASON,
        ),
        changes=True,
    ),
    Command(
        "absence remove",
        "people:absence_remove_command",
        "Take an absence back.",
        (
            *(DATABASE, AS_OF, PERSON),
            FROM.but(help="The first day of the absence.", required=True),
        ),
        changes=True,
    ),
    Command(
        "absence list",
        "people:absence_list_command",
        "List who is away, now or later.",
        (
            *(DATABASE, AS_OF, *LISTING, PSEUDONYMISE),
            IRO.but(name="name", help="Only this person."),
            flag("past", "--all", "Also those that are over."),
        ),
    ),
    Command(
        "audit record",
        "audit:record_command",
        "Store what an audit of one child's case found. The same audit again corrects it.",
        (
            *(DATABASE, AS_OF, CHILD, ON.but(help="The day of the audit.")),
            Option("tool", "--tool", "NAME", "The audit tool.", required=True),
            Option(
                "grade",
                "--grade",
                "GRADE",
                "The grade, in any words; Tab lists the inspectors' grades.",
                required=True,
                offered=vocabulary.GRADES,
            ),
            _AUDITOR,
            Option("note", "--note", "TEXT", "What was found."),
        ),
        changes=True,
    ),
    Command(
        "audit sample",
        "audit:sample_command",
        "Draw a sample of cases to be audited. It is spread over IROs and processes, and leaves "
        "out the auditor's own.",
        (
            *VIEW,
            Option("size", "--size", "N", "How many cases.", int, required=True, least=1),
            Option(
                "seed",
                "--seed",
                "N",
                "Any number: the same one draws the same cases.",
                int,
                required=True,
            ),
            Option("due", "--due", "DATE", "By when; four weeks after the draw by default."),
            *(PROCESS, IRO, _AUDITOR),
        ),
        changes=True,
    ),
    Command(
        "audit list",
        "audit:list_command",
        "List the audits: drawn and overdue, drawn and due, done.",
        (
            *_OF_CHILDREN,
            Option(
                "status",
                "--status",
                "|".join(vocabulary.AUDIT_STATUSES),
                "Only these.",
                values=vocabulary.AUDIT_STATUSES,
            ),
            *(ONLY_CHILD, IRO, _AUDITOR.but(help="Only this auditor's."), PROCESS),
        ),
    ),
    Command(
        "book",
        "booking:book_command",
        "Book the meeting for an open timescale, or move it to another day.",
        (
            *(*VIEW, CHILD),
            argument(
                "words",
                "[TIMESCALE] DATE [TIME]",
                "What is to be met, the day (2026-12-02, `2 dec` or `mon`: the next to come), and "
                "the time as 14:30 or 9:30. Without a timescale it is the only meeting that the "
                "child has open.",
                many=True,
                complete="timescales",
            ),
            *(_MOVED, _STARTED),
        ),
        changes=True,
    ),
    Command(
        "unbook",
        "booking:unbook_command",
        "Take a booking back. The reason is kept in the history.",
        (
            *(*VIEW, CHILD),
            argument(
                "timescale",
                "[TIMESCALE]",
                "What was to be met; the only one that is booked by default.",
                required=False,
                many=True,
                complete="timescales",
            ),
            *(_MOVED, _STARTED),
        ),
        changes=True,
    ),
    Command(
        "import",
        "importing:import_command",
        "Read files or an extract into the store. Either all of it is stored, or nothing is and "
        "every reason is given.",
        (
            *VIEW,
            *(
                one.but(help=f"With --dry-run: {one.help[0].lower()}{one.help[1:]}")
                for one in (FORMAT, OUTPUT, ABOUT)
            ),
            argument("source", "SOURCE", "What is read; Tab lists them.", complete="sources"),
            argument(
                "places",
                "PATH...",
                "Files; for the extracts also folders; for ssd also the URL of a database.",
                many=True,
            ),
            flag("dry_run", "--dry-run", "List what would change, and store nothing."),
            flag(
                "replace",
                "--replace",
                "Withdraw what an earlier extract of this kind stated and this one does not.",
            ),
            flag("skip_refused", "--skip-refused", "Leave refused rows out, and store the rest."),
            Option(
                "refused",
                "--refused",
                "FILE",
                "Write the refused rows to this file, to be mended.",
                PathLike,
            ),
            flag("describe", "--describe", "Propose a mapping file for a file, and stop."),
            *(
                Option(
                    one.name,
                    one.typed,
                    one.metavar,
                    f"For {', '.join(one.sources)}: {one.help[0].lower()}{one.help[1:]}",
                    PathLike if one.is_file else str,
                    many=one.many,
                )
                for one in OPTIONS
            ),
        ),
        changes=True,
    ),
    Command(
        "timescales list",
        "rules:timescales_list",
        "List every timescale with its limit and provision.",
        (
            *(NATION, PACK, *LISTING),
            flag("coming", "--coming", "Law that is made or announced and moves no date yet."),
        ),
    ),
    Command(
        "timescales show",
        "rules:timescales_show",
        "Show one timescale: what starts it, every version, the words it rests on.",
        (NATION, PACK, *LISTING, TIMESCALE),
    ),
    Command(
        "timescales check",
        "rules:timescales_check",
        "Check local packs, or those in use. It says nothing when all is well.",
        (
            *(NATION, PACK),
            argument(
                "packs", "[FILE]...", "The local packs to check.", required=False, many=True
            ).but(kind=PathLike),
        ),
    ),
    Command(
        "timescales packs",
        "packs:timescales_packs",
        "List the local packs that ship, each with the pages it was made from.",
        (PACK, *LISTING),
    ),
    Command(
        "timescales new",
        "packs:timescales_new",
        "Write a template of a local pack, with one rule to change.",
        (
            *(AS_OF, NATION, OUTPUT.but(help="Write it to this file.")),
            argument("authority", "AUTHORITY", "Whose pack it is, as Testshire."),
            Option(
                "tightens",
                "--tightens",
                "TIMESCALE",
                "The rule of the law that the new rule is to be stricter than.",
                complete="timescales",
            ),
        ),
    ),
    Command(
        "timescales try",
        "packs:timescales_try",
        "Show the due dates that a pack's rules give, beside those of the law. Needs no store.",
        (
            *(*VIEW, *LISTING, _ONE_PACK),
            argument("days", "DATE...", "Dates, or - to read one a line.", many=True),
        ),
    ),
    Command(
        "timescales diff",
        "packs:timescales_diff",
        "Show where two packs differ. It prints nothing where they agree.",
        (
            *(NATION, *LISTING),
            *(_ONE_PACK.but(name="before"), _ONE_PACK.but(name="after", metavar="OTHER")),
        ),
    ),
    Command(
        "timescales impact",
        "packs:timescales_impact",
        "Show which open dates a pack would move, child by child.",
        (*VIEW, *LISTING, STRICT, PSEUDONYMISE, _ONE_PACK),
    ),
    Command(
        "timescales schema",
        "packs:timescales_schema",
        "Write the JSON Schema of a pack, so that an editor can help to write one.",
        (OUTPUT.but(help="Write it to this file."),),
    ),
    Command(
        "watch list",
        "rules:watch_list",
        "List every timescale, and whether it is shown.",
        (DATABASE, NATION, PACK, *LISTING),
    ),
    Command(
        "watch add",
        "rules:watch_add",
        "Show timescales that are off. A group's name, such as visits, stands for all of it; "
        "`iro watch list` says which timescale is in which group.",
        (
            *(*VIEW, _WATCHABLE),
            FROM.but(help="For clocks that start on or after this day.", required=True),
        ),
        changes=True,
    ),
    Command(
        "watch remove",
        "rules:watch_remove",
        "Stop showing timescales that were turned on.",
        (DATABASE, NATION, PACK, _WATCHABLE),
        changes=True,
    ),
    Command(
        "calendar list",
        "rules:calendar_list",
        "List the bank holidays that fall on a weekday. It says to when they are confirmed, and "
        "which were added here.",
        (
            DATABASE,
            AS_OF,
            NATION,
            *LISTING,
            Option("year", "--year", "YYYY", "Only this year.", int),
        ),
    ),
    Command(
        "calendar month",
        "rules:calendar_month",
        "Show a month, day by day: working days, bank holidays, what is due and what is booked.",
        (
            *_OF_DATES,
            argument(
                "month",
                "[YYYY-MM]",
                "The month; that of the day asked about by default.",
                required=False,
            ),
            *(IRO, TEAM),
        ),
    ),
    Command(
        "calendar add",
        "rules:calendar_add",
        "Add a bank holiday proclaimed since this version. A council's own closure is not one.",
        (
            *(DATABASE, AS_OF, NATION, DAY),
            Option("name", "--name", "NAME", "What it is, as it was proclaimed.", required=True),
        ),
        changes=True,
    ),
    Command(
        "calendar remove",
        "rules:calendar_remove",
        "Take back a bank holiday that was added here.",
        (DATABASE, AS_OF, DAY),
        changes=True,
    ),
    Command(
        "report timeliness",
        "report:timeliness_command",
        "Count what fell due in a period: held, in timescale, late and by how long, outstanding.",
        (
            *(*_OF_DATES, *_PERIOD),
            Option(
                "by",
                "--by",
                "timescale",
                "A row for each timescale, process, iro or team.",
                default="timescale",
                values=("timescale", "process", "iro", "team"),
            ),
            Option(
                "show",
                "--show",
                "figures",
                "figures, measures, late, comparison or trend.",
                default="figures",
                values=("figures", "measures", "late", "comparison", "trend"),
            ),
            *(*_FILTERS, _SUPPRESS, *_PUBLISHED, WATCHED),
        ),
    ),
    Command(
        "report quarterly",
        "report:quarterly_command",
        "Write the quarter's report. It is a page, a Word document (-f docx) or figures (-f json).",
        _REPORT,
        own_form=True,
    ),
    Command(
        "report annual",
        "report:annual_command",
        "Write the reviewing service's annual report. It is for April to March.",
        _REPORT,
        own_form=True,
    ),
    Command(
        "help",
        "helping:help_command",
        "Show a command's page, or find it by what you would call it.",
        (
            argument(
                "words",
                "[WORD]...",
                "A command, or what it is about, as `late`, `correct` or `siblings`.",
                required=False,
                many=True,
            ),
        ),
    ),
    Command(
        "init",
        "care:init_command",
        "Make an empty store, and say what to do next.",
        (
            DATABASE,
            argument("path", "[PATH]", "Where; as --database says by default.", required=False).but(
                kind=PathLike
            ),
            flag("encrypted", "--encrypted", "Encrypt it; needs the extra `encryption`."),
        ),
    ),
    Command(
        "config list",
        "config:list_command",
        "List what is configured, and what the environment says instead.",
        LISTING,
    ),
    Command(
        "config get",
        "config:get_command",
        "Show what is configured for a key; each pack on a line of its own.",
        (_KEY,),
    ),
    Command(
        "config set",
        "config:set_command",
        "Configure a key. The command line and the environment override it.",
        (
            _KEY,
            argument(
                "values",
                "VALUE...",
                "For database a file or URL, for nation its name, for packs one or more, for me "
                "your name, for within a time such as 4w, for format a form such as csv.",
                many=True,
            ),
        ),
    ),
    Command("config unset", "config:unset_command", "Remove a key.", (_KEY,)),
    Command("config path", "config:path_command", "Show where the configuration is.", ()),
    Command(
        "backup",
        "care:backup_command",
        "Copy the store to a file that only you can read. The copy is read back whole.",
        (
            DATABASE,
            Option(
                "keep",
                "--keep",
                "N",
                "FILE is a folder: give the copy a name in it, and keep the N latest.",
                kind=int,
                least=1,
                most=10_000,
            ),
            argument("target", "FILE", "The copy; it must not exist yet.").but(kind=PathLike),
        ),
    ),
    Command(
        "restore",
        "care:restore_command",
        "Put a backup in the store's place. What stood there is kept beside it, whole or damaged.",
        (DATABASE, argument("copy", "FILE", "The backup.").but(kind=PathLike)),
    ),
    Command(
        "retention list",
        "erasing:retention_list",
        "List the children whose period has passed. Nothing is erased by itself.",
        (
            *(DATABASE, AS_OF, NATION, *LISTING, PSEUDONYMISE),
            flag("everything", "--all", "How long the record of each child is kept, and why."),
        ),
    ),
    Command(
        "retention set",
        "erasing:retention_set",
        "Set how long the records of a process are kept, where the law does not say it.",
        (
            *(DATABASE, AS_OF, NATION, _KEPT_OF),
            argument("years", "YEARS", "How many years.").but(kind=int, least=1, most=150),
            Option(
                "since",
                "--since",
                "|".join(vocabulary.KEPT_FROM),
                "From birth, or from the last thing that is recorded.",
                default="last",
                values=vocabulary.KEPT_FROM,
            ),
        ),
        changes=True,
    ),
    Command(
        "retention unset",
        "erasing:retention_unset",
        "Take back how long the records of a process are kept.",
        (DATABASE, _KEPT_OF),
        changes=True,
    ),
    Command(
        "retention erase",
        "erasing:retention_erase",
        "Erase every child whose period has passed, as `iro child erase` does. It cannot be taken "
        "back, so on a terminal it asks.",
        (
            *(DATABASE, AS_OF, NATION),
            REASON.but(
                help="Why, for the history, without a word about the children.", required=True
            ),
            YES,
        ),
        changes=True,
    ),
    Command(
        "encrypt",
        "encryption:encrypt_command",
        "Encrypt the store. Nothing of it stays readable without its key.",
        (DATABASE,),
    ),
    Command(
        "decrypt",
        "encryption:decrypt_command",
        "Decrypt the store: whoever can read the file can read everything again.",
        (DATABASE,),
    ),
    Command(
        "key change",
        "encryption:key_change_command",
        "Give an encrypted store another key. Older backups keep theirs.",
        (DATABASE,),
    ),
    Command(
        "copy",
        "moving:copy_command",
        "Copy a store, with its history, into another that is empty or missing, and compare them.",
        (
            argument("source", "SOURCE", "The store: a path, or a URL as --database takes it."),
            argument(
                "target", "TARGET", "Where to copy it, named the same way: whole or not at all."
            ),
        ),
    ),
    Command(
        "db init",
        "moving:init_command",
        "Make an empty store on a server. It belongs to whoever makes it.",
        (DATABASE,),
    ),
    Command(
        "db upgrade",
        "moving:upgrade_command",
        "Bring an older store on a server up to this version. Only its owner can.",
        (DATABASE,),
    ),
    Command(
        "db roles",
        "moving:roles_command",
        "List who may read a store on a server and who may record in it, or change that.",
        (
            *(DATABASE, *LISTING),
            Option(
                "role",
                "--as",
                "reader|recorder|none",
                "What the logins may do from now on; `none` takes it back.",
                values=("reader", "recorder", "none"),
            ),
            argument(
                "logins",
                "[LOGIN]...",
                "Logins of the server, or groups of them; all are listed if none is named.",
                required=False,
                many=True,
            ),
        ),
    ),
    Command(
        "doctor",
        "care:doctor_command",
        "Look for contradictions in the facts, and faults in the store.",
        (
            *_OF_DATES,
            flag("migrate", "--migrate", "First bring an older store up to this version."),
            flag(
                "sources",
                "--sources",
                "Check only where sources disagree, and what the census rules forbid.",
            ),
        ),
    ),
)
COMMANDS = {one.name: one for one in _TABLE}
