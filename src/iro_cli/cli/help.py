"""
Add to the help of each command its section, two examples and other words for it.

Only help reads this, so the daily check does not load it.  A test finds a command
that is missing here, and runs every example on the fictional authority.
"""

from __future__ import annotations

from functools import cache

from iro_cli.cli.commands import COMMANDS, GROUPS
from iro_cli.facts.said import EVENT_WORDS
from iro_cli.lean import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable

# How many commands a search may show: nobody reads a longer list.
_MOST = 8
# The rank of a command that has the word only in its help.
_IN_HELP = 2

# The sections of the first page: a heading, and the commands and groups below it.
SECTIONS: dict[str, tuple[str, ...]] = {
    "Every day": ("due", "overdue", "show", "explain", "when", "calendar", "board", "help"),
    "Record": ("record", "book", "unbook", "dispute", "undo", "redo", "history"),
    "Bring in and send out": ("import", "digest"),
    "Report": ("changes", "caseload", "report", "forecast"),
    "The service": (
        *("child", "allocate", "hand-over", "person", "absence", "audit"),
        *("align", "suggest", "watch", "timescales"),
    ),
    "Care of the store": (
        *("demo", "init", "config", "backup", "restore", "doctor"),
        *("encrypt", "decrypt", "key", "retention", "db", "copy"),
    ),
}
# Commands that scripts use.  For people, another command on the page does the same.
FOR_SCRIPTS = ("overdue", "unbook", "child show")

WELCOME = (
    "Which reviews and conferences are due, which are late, and why.\n\n"
    "Without a command: what is due. New here: `iro demo` shows it on a fictional authority. "
    "`iro help WORD` finds a command by what you would call it."
)

# Two examples for each command.  Quotes are double, because every shell understands these.
EXAMPLES: dict[str, tuple[str, str]] = {
    "demo": ("iro demo", "iro demo --database testshire.db"),
    "when": (
        "iro when cla.review.first 2026-12-24",
        "iro when cla.review.first 2026-01-10 --compare",
    ),
    "due": ("iro due kestrel", 'iro due --iro "Ben Rees" --within 14d -o due.xlsx'),
    "overdue": ("iro overdue", "iro overdue --per-iro-folder late -f xlsx"),
    "show": ("iro show TS-0102", "iro show kestrel -f json"),
    "explain": ("iro explain TS-0102", 'iro explain TS-0117 "first review"'),
    "board": ("iro board", "iro board --as-of 2026-11-23"),
    "help": ("iro help late", "iro help record"),
    "digest": ("iro digest --html -o digest.html", 'iro digest --iro "Ben Rees" --within 7d'),
    "changes": (
        "iro changes --since 2026-11-16 --facts-of-today",
        "iro changes --since 2026-11-16 --facts-of-today -o week.xlsx",
    ),
    "caseload": ("iro caseload --by team", "iro caseload --sheets iro -o caseload.xlsx"),
    "forecast": ("iro forecast --months 6", 'iro forecast --list --iro "Ada Okafor"'),
    "align": ("iro align --sibling-group SG-01", "iro align TS-0112 TS-0113"),
    "suggest": ('iro suggest --iro "Ben Rees"', "iro suggest --to 2026-12-18 -o diary.csv"),
    "record": (
        "iro record review TS-0102 --on 2026-11-23 --participation PN1",
        "iro record icpc TS-0201 --outcome plan",
    ),
    "dispute raise": (
        'iro dispute raise TS-0102 --on 2026-11-20 --reason "No placement plan"',
        "iro dispute raise TS-0103 --reference DR-14",
    ),
    "dispute stage": (
        'iro dispute stage TS-0130 --reason "head of service"',
        "iro dispute stage TS-0124 --on 2026-11-20",
    ),
    "dispute respond": (
        "iro dispute respond TS-0130",
        'iro dispute respond TS-0124 --reason "plan agreed"',
    ),
    "dispute escalate": (
        "iro dispute escalate TS-0130",
        "iro dispute escalate TS-0124 --reference DR-12",
    ),
    "dispute resolve": (
        "iro dispute resolve TS-0130",
        'iro dispute resolve TS-0124 --on 2026-11-20 --reason "placement plan made"',
    ),
    "dispute list": ("iro dispute list --open", "iro dispute list -o disputes.xlsx"),
    "undo": ("iro undo", "iro undo --database testshire.db"),
    "redo": ("iro redo", "iro redo --database testshire.db"),
    "history": ("iro history TS-0102", "iro history --verify"),
    "child add": (
        "iro child add TS-0300 --label Robin --dob 2015-03-02",
        'iro child add TS-0301 --team "Children in Care" --iro "Ben Rees"',
    ),
    "child edit": (
        "iro child edit TS-0102 --dob 2014-07-11",
        'iro child edit TS-0102 --sibling-group ""',
    ),
    "child erase": (
        'iro child erase TS-0102 --reason "end of the retention period"',
        'iro child erase TS-0103 --reason "entered by mistake"',
    ),
    "child list": ('iro child list --team "Children in Care"', "iro child list -o children.csv"),
    "child show": ("iro child show TS-0102", "iro child show TS-0102 -f json"),
    "allocate": (
        'iro allocate TS-0102 --iro "Ada Okafor" --from 2026-12-01',
        'iro allocate TS-0103 TS-0104 --chair "Dev Raman" --from 2026-12-01',
    ),
    "hand-over": (
        'iro hand-over --from "Ben Rees" --to "Ada Okafor" --on 2026-12-01',
        'iro hand-over --from "Ben Rees" --to "Ada Okafor" --child TS-0102',
    ),
    "person add": (
        'iro person add "Ben Rees" --fte 0.6',
        'iro person add "Ada Okafor" --from 2026-01-05 --manages "Children in Care"',
    ),
    "person edit": (
        'iro person edit "Efa Moss" --fte 0.8 --from 2026-12-01',
        'iro person edit "Efa Moss" --fte 1',
    ),
    "person leave": (
        'iro person leave "Efa Moss" --on 2026-12-31',
        'iro person leave "Efa Moss"',
    ),
    "person list": ("iro person list", "iro person list --all -o people.xlsx"),
    "absence add": (
        'iro absence add "Ben Rees" --from 2026-12-21 --to 2027-01-04 --reason leave',
        'iro absence add "Ada Okafor" --from 2026-12-01 --to 2026-12-01',
    ),
    "absence remove": (
        'iro absence remove "Ben Rees" --from 2026-12-07',
        'iro absence remove "Efa Moss" --from 2026-12-07',
    ),
    "absence list": ("iro absence list", "iro absence list --all -f csv"),
    "audit record": (
        'iro audit record TS-0102 --on 2026-11-20 --tool "case file" --grade Good',
        'iro audit record TS-0103 --on 2026-11-20 --tool dip --grade Inadequate --note "no plan"',
    ),
    "audit sample": (
        "iro audit sample --size 10 --seed 1",
        'iro audit sample --size 5 --seed 7 --auditor "Ada Okafor" --due 2026-12-18',
    ),
    "audit list": ("iro audit list", "iro audit list --status overdue -f csv"),
    "book": (
        "iro book kestrel 2 dec 14:00",
        'iro book TS-0117 "adjourned review" 2026-12-03 --reason inquorate',
    ),
    "unbook": ("iro unbook TS-0109", "iro unbook TS-0103 cla.review.first --reason cancelled"),
    "import": (
        "iro import annex-a annex-a.xlsx",
        "iro import children tracker.csv --describe",
    ),
    "timescales list": ("iro timescales list", "iro timescales list --coming"),
    "timescales show": (
        "iro timescales show cla.review.first",
        'iro timescales show "core group" -f json',
    ),
    "timescales check": ("iro timescales check local-pack.toml", "iro timescales check"),
    "timescales packs": ("iro timescales packs", "iro timescales packs -f csv"),
    "timescales new": (
        "iro timescales new Testshire -o testshire.toml",
        "iro timescales new Testshire --tightens cp.conference.initial",
    ),
    "timescales try": (
        "iro timescales try london 2026-11-23",
        "iro timescales try local-pack.toml 2026-11-23 2026-12-24",
    ),
    "timescales diff": (
        "iro timescales diff london tees",
        "iro timescales diff local-pack.toml london -f csv",
    ),
    "timescales impact": (
        "iro timescales impact london",
        "iro timescales impact local-pack.toml -o moved.xlsx",
    ),
    "timescales schema": ("iro timescales schema", "iro timescales schema -o pack.schema.json"),
    "watch list": ("iro watch list", "iro watch list -f csv"),
    "watch add": (
        "iro watch add records --from 2026-12-01",
        'iro watch add "core group" --from 2026-12-01',
    ),
    "watch remove": ("iro watch remove visits", "iro watch remove plans"),
    "calendar list": ("iro calendar list --year 2026", "iro calendar list -f csv"),
    "calendar month": ("iro calendar month", 'iro calendar month 2026-12 --iro "Ben Rees"'),
    "calendar add": (
        'iro calendar add 2027-05-10 --name "Proclaimed holiday"',
        'iro calendar add 2027-06-04 --name "Proclaimed holiday"',
    ),
    "calendar remove": ("iro calendar remove 2027-07-02", "iro calendar remove 2027-07-09"),
    "report timeliness": (
        "iro report timeliness --from 2026-07-01 --to 2026-09-30",
        "iro report timeliness --by team -o timeliness.xlsx",
    ),
    "report quarterly": (
        "iro report quarterly -o quarterly.html",
        "iro report quarterly --from 2026-07-01 --to 2026-09-30 -o quarterly.docx",
    ),
    "report annual": ("iro report annual -o annual.docx", "iro report annual -o annual.json"),
    "init": ("iro init", "iro init team.db --encrypted"),
    "config list": ("iro config list", "iro config list -f csv"),
    "config get": ("iro config get database", "iro config get me"),
    "config set": ('iro config set me "Ada Okafor"', "iro config set packs sefton"),
    "config unset": ("iro config unset packs", "iro config unset me"),
    "config path": ("iro config path", "iro config list"),
    "backup": ("iro backup 2026-11-23.db", "iro backup --keep 14 backups"),
    "restore": ("iro restore iro-backup.db", "iro restore --database restored.db iro-backup.db"),
    "doctor": ("iro doctor", "iro doctor --sources -f csv"),
    "encrypt": ("iro encrypt", "iro encrypt --database testshire.db"),
    "decrypt": ("iro decrypt", "iro decrypt --database testshire.db"),
    "retention list": ("iro retention", "iro retention list --all"),
    "retention set": (
        "iro retention set cp 35",
        "iro retention set other 25 --since birth",
    ),
    "retention unset": ("iro retention unset cp", "iro retention unset other"),
    "retention erase": (
        'iro retention erase --reason "the period has passed"',
        'iro retention erase --reason "the schedule of 2026"',
    ),
    "key change": ("iro key change", "iro key change --database testshire.db"),
    "copy": (
        "iro copy testshire.db other.db",
        "iro copy testshire.db postgresql://ada@db.example/iro",
    ),
    "db init": ("iro db init", "iro db init --database postgresql://ada@db.example/iro"),
    "db upgrade": ("iro db upgrade", "iro db upgrade --database postgresql://ada@db.example/iro"),
    "db roles": ("iro db roles", "iro db roles ben cleo --as recorder"),
}


class Called(NamedTuple):
    """
    The words that people use for a command.

    Attributes:
        line: The command, with the option or argument that is meant, if there is one.
        words: The words, separated by spaces.
        meaning: What the line does; by default the first sentence of the command's help.
    """

    line: str
    words: str
    meaning: str = ""


# Words that are not in a command's help, or that mean one of its options.
CALLED = (
    Called("iro overdue", "late missed breach breached behind worst outstanding"),
    Called("iro due", "late upcoming next list today tomorrow week deadline deadlines todo soon"),
    Called(
        "iro report timeliness --show late",
        "late breaches",
        "List each meeting of a period that was held late, or is outstanding.",
    ),
    Called("iro due --unbooked", "unbooked arrange", "List what has no meeting booked."),
    Called("iro due me", "my mine own cases", "List what is yours: `iro config set me NAME`."),
    Called(
        "iro due WORD",
        "search find filter name label",
        "List only rows in which the word is found: in the child, IRO, team, process or title.",
    ),
    Called(
        "iro due --pseudonymise",
        "pseudonym pseudonyms anonymise anonymous research share",
        "List with pseudonyms for ids; any listing takes it.",
    ),
    Called(
        "iro due -f ics -o diary.ics",
        "agenda calendar outlook diary appointments ics",
        "Write due and booked days into a calendar that Outlook takes.",
    ),
    Called(
        "iro due -o due.xlsx",
        "excel spreadsheet workbook download export print",
        "Write the list as a workbook; any listing takes -o.",
    ),
    Called("iro calendar list", "holidays holiday bank easter christmas"),
    Called("iro calendar month", "agenda diary month planner"),
    Called("iro show", "child case file chronology open look"),
    Called("iro explain", "why reason law regulation workings proof"),
    Called("iro when", "calculate calculator count 20 working days deadline 28"),
    Called(
        "iro record",
        "enter add held meeting review conference happened event log new minutes decisions "
        + " ".join(EVENT_WORDS),
    ),
    Called(
        "iro record adjourned CHILD",
        "adjourn adjourned adjournment postpone put off unfinished",
        "Record that a review was adjourned: a time limit of its own begins.",
    ),
    Called(
        "iro record --correct",
        "correct correction wrong date day moved amend",
        "Correct the day of a fact: the one recorded near it is taken back.",
    ),
    Called(
        "iro record --withdraw",
        "correct delete wrong mistake remove",
        "Take one fact back, with the event, the child and the day as they were recorded.",
    ),
    Called("iro redo", "again back restore"),
    Called("iro init", "new create start begin empty database"),
    Called("iro config set", "settings default preferences configure me"),
    Called("iro undo", "correct revert wrong mistake back cancel delete slip fix"),
    Called("iro child edit", "correct change rename fix birthday born death died update"),
    Called("iro history", "changes changed who log audit trail"),
    Called(
        "iro book",
        "arrange schedule plan invite meeting move rearrange postpone reschedule adjournment",
    ),
    Called("iro unbook", "cancel cancelled"),
    Called("iro dispute raise", "escalation escalate resolution drp complaint concern challenge"),
    Called(
        "iro import",
        "load upload extract mosaic liquidlogic eclipse csv spreadsheet annex 903 ofsted "
        "census case system",
    ),
    Called("iro digest", "mail email e-mail letter summary newsletter weekly reminder"),
    Called("iro changes", "different new week monday since moved news compare"),
    Called("iro caseload", "workload capacity team lead manager"),
    Called(
        "iro report quarterly",
        "panel board kpi performance statistics figures charts graph pictures word document pdf",
    ),
    Called("iro report annual", "yearly year performance"),
    Called("iro report timeliness", "percentage percent kpi performance statistics in time"),
    Called("iro forecast", "future workload capacity ahead staffing"),
    Called("iro align", "siblings brothers sisters together same day"),
    Called("iro suggest", "plan schedule diary optimise slots"),
    Called("iro allocate", "assign reassign transfer iro chair worker"),
    Called("iro hand-over", "handover leaver transfer reassign cover"),
    Called("iro absence add", "leave sick sickness holiday away annual"),
    Called("iro person add", "staff iro chair hours part-time colleague"),
    Called("iro person leave", "leaver resign retire"),
    Called("iro audit sample", "quality dip"),
    Called("iro child add", "new create register enter"),
    Called("iro child erase", "delete gdpr remove forget retention destroy"),
    Called("iro timescales list", "law rules limits statutory regulations"),
    Called("iro timescales new", "local procedure policy rule pack"),
    Called("iro watch add", "core group groups records minutes visits turn show enable"),
    Called("iro backup", "copy save safe"),
    Called("iro restore", "recover lost damaged broken"),
    Called(
        "iro doctor",
        "check quality errors problems contradictions wrong broken validate duplicate merge",
    ),
    Called("iro child list", "unallocated names search find"),
    Called("iro encrypt", "password protect secure security privacy safe"),
    Called("iro key change", "password"),
    Called("iro copy", "move migrate transfer server postgresql file"),
    Called("iro db init", "postgresql postgres server shared team database sql"),
    Called("iro db roles", "permission access rights login user grant reader"),
    Called("iro demo", "example try tutorial test sample start begin"),
    Called("iro board", "screen interactive window dashboard menu"),
)

# The exit codes, which scripts use.
EXITS = (
    ("0", "done, even when there is nothing to list"),
    ("1", "an unexpected failure"),
    ("2", "the command line is wrong"),
    ("3", "input refused: a file, a row, an unknown child, a contradiction"),
    ("4", "a rule pack is wrong"),
    ("5", "the store: missing, locked, damaged, or newer than this program"),
    ("10", "with `--exit-code`: something is overdue"),
)


def below(word: str) -> list[str]:
    """Return the full names of the commands under a word of the first page."""
    return [name for name in COMMANDS if name == word or name.startswith(f"{word} ")]


def examples_of(word: str) -> tuple[str, ...]:
    """Return two examples of a command or a group, or of the program for an empty word."""
    if word in EXAMPLES:
        return EXAMPLES[word]
    if word == "config":  # setting comes first, because that is what it is for
        return (EXAMPLES["config set"][0], EXAMPLES["config list"][0])
    if not word:
        return ("iro demo", 'iro due --iro "Ben Rees" --within 14d')
    first, *others = below(word)
    return (EXAMPLES[first][0], EXAMPLES[others[0]][0]) if others else EXAMPLES[first]


def first_sentence(word: str) -> str:
    """Return the first sentence of the help of a command or group."""
    told = COMMANDS[word].help if word in COMMANDS else GROUPS[word].help
    return told.partition("\n")[0].partition(". ")[0].removesuffix(".") + "."


def command_of(line: str) -> str:
    """Return the command or group in a line."""
    words = [one for one in line.split()[1:3] if not one.startswith("-")]
    full = " ".join(words)
    return full if full in COMMANDS else words[0]


def found(asked: str) -> list[tuple[str, str]]:
    """
    Find commands by the words that people use for them.

    Args:
        asked: One word or several; a command has to have all of them.

    Returns:
        Lines with their meanings, the likeliest first: found in the name, in the words for it,
        in its help, in the help of its options.
    """
    return _found(asked.casefold().split(), _stem) or _found(asked.casefold().split(), str)


def _found(asked: list[str], formed: Callable[[str], str]) -> list[tuple[str, str]]:
    """
    Find the commands that have every word.

    Args:
        asked: The words.
        formed: :func:`_stem`, so that endings do not matter; or ``str``, so that it is enough if a
            word begins with the one asked for.
    """
    ranked: dict[str, tuple[int, str]] = {}

    def take(line: str, meaning: str, texts: tuple[str, ...]) -> None:
        for rank, text in enumerate(texts):
            if all(_among(word, text, formed) for word in asked):
                if rank < ranked.get(line, (len(texts), ""))[0]:
                    ranked[line] = (rank, meaning)
                return

    for one in CALLED:
        name = command_of(one.line)
        take(one.line, one.meaning or first_sentence(name), ("", f"{one.words} {name}"))
    for name, command in COMMANDS.items():
        options = " ".join(f"{one.typed} {one.help}" for one in command.own)
        texts = (name, "", command.help, f"{name} {command.help} {options}")
        take(f"iro {name}", first_sentence(name), texts)
    best = min((rank for rank, _ in ranked.values()), default=0)
    # If a name or a help text has the word, words in the help of options are no use.
    most = max(best, _IN_HELP)
    chosen = sorted(ranked.items(), key=lambda one: one[1][0])
    return [(line, meaning) for line, (rank, meaning) in chosen if rank <= most][:_MOST]


def _stem(word: str) -> str:
    """Return a word without the endings that make no difference, such as -ed and -s."""
    for ending in ("ing", "ed", "es", "s"):
        if word.endswith(ending) and len(word) > len(ending) + 2:
            return word.removesuffix(ending).removesuffix("e")
    return word.removesuffix("e")


@cache
def _said(text: str, formed: Callable[[str], str]) -> frozenset[str]:
    """Return the words of a text; the result is kept, because each word of a question needs it."""
    letters = "".join(one if one.isalnum() else " " for one in text.casefold())
    return frozenset(map(formed, {*letters.split(), *text.casefold().split()}))


def _among(word: str, text: str, formed: Callable[[str], str]) -> bool:
    """Say whether a text has a word; with ``str``, whether it has one that begins with it."""
    said = _said(text, formed)
    if formed is str:
        return any(one.startswith(word) for one in said)
    return formed(word) in said
