"""
A newcomer's first hour and an IRO's week, as they are typed.

Each step says which promise it keeps, what is typed, and what the screen has to show for
that; the whole screen is in ``screens``, beside this file.  The week is that of Monday
23 November 2026 in Testshire, the fictional authority of ``examples/authority``.
"""

from collections.abc import Mapping
from typing import NamedTuple

# The promises of the week, each by a short name.
PROMISES = {
    "one meeting": "a correction is not a second meeting",
    "undo": "undo shows what goes, and asks; there is redo",
    "names": "a name is nobody else's for a slip of the finger",
    "form": "the name of a file says its form",
    "days": "a wrong day is answered with what is wrong, and the answer names the day it took",
    "typed": "people may say less than an id",
    "help": "help is in groups, described, with examples, and found by what people call it",
    "next": "after the first command the next one works",
    "width": "nothing that matters is dropped for width, and what is left out is said",
    "pager": "what is longer than the screen is shown by a pager that keeps the headings",
    "absence": "an absence says whose meetings fall into it, and who takes over what is first",
    "sheet": "an allocations sheet with headings of its own is proposed",
    "changes": "what became due, was met, moved or went since a day",
}


class Step(NamedTuple):
    """
    A line that is typed.

    Attributes:
        keeps: Which promise it keeps.
        line: What is typed.
        shows: What the screen has to show, at every width; each on one line of it, where the
            terminal broke it as well.
        answers: What is typed in answer to each question.
        pages: How many pages of what is long are looked at in the pager; without a pager where
            it is zero.
    """

    keeps: str
    line: str
    shows: tuple[str, ...] = ()
    answers: tuple[str, ...] = ()
    pages: int = 0


class Scene(NamedTuple):
    """
    The lines of one day, with a store of its own.

    Attributes:
        name: The name of its screens.
        on: The day.
        before: The lines that make the store, each with the day on which it was typed; none
            where there is no store yet.
        files: What lies in the folder.
        steps: What is typed.
    """

    name: str
    on: str
    before: tuple[tuple[str, str], ...]
    files: Mapping[str, str]
    steps: tuple[Step, ...]


_FOLDER = "/home/ada/iro-work/home/.local/share/iro/demo/demo.db"
_DEMO = f"iro --database {_FOLDER} --as-of 2026-11-23"

_TESTSHIRE = tuple(
    ("2026-11-13", f"iro import {name} examples/authority/{name}.csv")
    for name in ("children", "allocations", "events")
)

NEWCOMER = Scene(
    "newcomer",
    "2026-11-23",
    (),
    {},
    (
        Step("next", "iro", ("`iro demo`", "`iro init`")),
        Step("next", "iro record review kestrel", ("`iro init`",)),
        Step("next", "iro demo", ("8 overdue", "Try next:", "overdue")),
        Step("next", f"{_DEMO} overdue", ("TS-0130",)),
        Step("next", f"{_DEMO} caseload", ("Ada Okafor",)),
        Step("next", f"{_DEMO} explain TS-0101", ("20 working days", "reg. 33(1)")),
        Step(
            "help",
            "iro --help",
            (
                *("Every day:", "Record:", "Bring in and send out:", "Report:", "The service:"),
                *("Care of the store:", "Examples:"),
            ),
        ),
        Step("help", "iro help late", ("iro overdue", "report timeliness --show late")),
        Step("help", "iro help correct", ("iro record --correct", "iro undo")),
        Step("help", "iro help nonsense", ("nothing is called 'nonsense'",)),
        Step("help", "iro record --help", ("Arguments:", "EVENT", "CHILD...", "Examples:")),
        Step("next", "iro init", ("an empty store", "next: ")),
        Step("next", "iro child add TS-0101 --label Kestrel", ("added: TS-0101",)),
        Step("next", "iro child add TS-0102 --label 'Red Kite'", ("added: TS-0102",)),
        Step(
            "typed",
            "iro record start of care kestrel --on '2 nov'",
            ("cla.start on Mon 2 Nov 2026 for TS-0101", "due by Mon 30 Nov 2026"),
        ),
        Step(
            "days",
            "iro record strategy 'red kite'",
            ("cp.strategy on Mon 23 Nov 2026 for TS-0102", "due by Mon 14 Dec 2026"),
        ),
        Step("days", "iro record review kestrel --on 2026-13-01", ("there is no month 13",)),
        Step("days", "iro record review kestrel --on 2 nov", ("in quotes: --on '2 nov'",)),
        Step("days", "iro record review kestrel --on 31/11/2026", ("that month has 30 days",)),
        Step("days", "iro record review kestrel --on fri", ("Fri 20 Nov 2026",)),
        Step("undo", "iro undo", ("1 fact added, of TS-0101", "`iro redo` does it again")),
        Step("typed", "iro book TS-0101 frist-review 30 nov", ("did you mean cla.review.first",)),
        Step("typed", "iro record revue ts-0101", ("did you mean cla.review",)),
        Step("typed", "iro record kestrel review --on 2026-10-30", ("happened outside",)),
        Step("typed", "iro record core group", ("whose core group",)),
        Step("typed", "iro show kestral", ("did you mean Kestrel (TS-0101)?",)),
        Step("typed", "iro book ts-0101 first review 30 nov 14:00", ("30 Nov 2026 at 14:00",)),
        Step("width", "iro", ("TS-0101", "Booked", "Mon 30 Nov 2026")),
    ),
)

MONDAY = Scene(
    "monday",
    "2026-11-23",
    (
        *_TESTSHIRE,
        ("2026-11-18", "iro book TS-0118 27 nov 10:00"),
        ("2026-11-20", "iro record review TS-0112 --on 2026-11-20"),
        ("2026-11-23", "iro record review TS-0108 --on 2026-11-20"),
        ("2026-11-23", "iro record icpc TS-0207 --on 2026-11-20 --outcome no-plan"),
    ),
    {},
    (
        Step("changes", "iro changes --since fri", ("TS-0108", "TS-0207")),
        Step("changes", "iro changes --since '20 nov' -f csv", ("child,",)),
        Step(
            "days", "iro hand-over --from 'Ben Rees' --to 'Efa Moss' --on mon", ("or Mon 30 Nov",)
        ),
        Step("typed", "iro config set me 'Ada Okafor'", ("me is Ada Okafor",)),
        Step(
            "width",
            "iro due --iro me",
            ("Hold by  Booked", "Fri 27 Nov", "Ada Okafor"),
        ),
        Step("typed", "iro due me review", ("with 'review'", "TS-0101")),
        Step("typed", "iro due okafor adoption", ("TS-0136",)),
        Step("typed", "iro due kestral", ("no open row has 'kestral'",)),
        Step("width", "iro due --child kestrel", ("Hold by  Booked", "TS-0102")),
        Step("pager", "iro due", ("Booked",), pages=9),
        Step("pager", "iro history", ("History: 4", "events.csv:2"), pages=2),
        Step("pager", "iro due --no-pager --within 7d", ("TS-0101",), pages=9),
    ),
)

TUESDAY = Scene(
    "tuesday",
    "2026-11-24",
    _TESTSHIRE,
    {
        "moved.csv": "child_id,event,date\nTS-0101,cla.review,2026-11-23\n",
        "as-it-was.csv": "child_id,event,date\nTS-0113,cla.review,2026-11-18\n",
    },
    (
        Step("one meeting", "iro record review TS-0101 --on '19 nov'", ("Fri 19 Feb 2027",)),
        Step(
            "one meeting",
            "iro record review TS-0101 --on '20 nov'",
            ("both count", "Thu 20 May 2027", "nothing was stored"),
            ("",),
        ),
        Step(
            "one meeting",
            "iro record review TS-0101 --on '20 nov'",
            ("it was on Thu 19 Nov 2026", "due by Sat 20 Feb 2027"),
            ("c",),
        ),
        Step(
            "one meeting",
            "iro record review TS-0101 --on mon --insist",
            ("recorded: cla.review on Mon 23 Nov 2026", "due by Sun 23 May 2027"),
        ),
        Step("undo", "iro undo", ("1 fact added, of TS-0101",)),
        Step("one meeting", "iro record icpc TS-0201 --on '20 nov'", ("Sat 20 Feb 2027",)),
        Step(
            "one meeting",
            "iro record icpc TS-0201 --on mon --correct",
            ("it was on Fri 20 Nov 2026", "due by Tue 23 Feb 2027"),
        ),
        Step(
            "one meeting",
            "iro record start of care TS-0107 --on '20 nov'",
            ("it is recorded on 21 Nov 2026 too", "corrected: cla.start on Fri 20 Nov 2026"),
            ("c",),
        ),
        Step(
            "one meeting",
            "iro record end of care TS-0130 --on '20 nov'",
            ("recorded: cla.end on Fri 20 Nov 2026",),
        ),
        Step(
            "one meeting",
            "iro record end of care TS-0130 --on mon",
            ("nothing was stored",),
            ("",),
        ),
        Step(
            "one meeting",
            "iro import events moved.csv",
            ("a few days from one that a person recorded", "if both count"),
        ),
        Step("one meeting", "iro doctor --sources", ("TS-0101",)),
        Step(
            "one meeting",
            "iro record review TS-0101 --on mon --correct",
            ("it was on Fri 20 Nov 2026",),
        ),
        Step("one meeting", "iro import events as-it-was.csv", ("added: 1 event",)),
        Step(
            "one meeting",
            "iro record review TS-0113 --on '19 nov' --correct",
            ("it was on Wed 18 Nov 2026",),
        ),
        Step(
            "one meeting",
            "iro import events as-it-was.csv",
            ("left out", "put right to cla.review on 19 Nov 2026"),
        ),
    ),
)

WEDNESDAY = Scene(
    "wednesday",
    "2026-11-25",
    _TESTSHIRE,
    {"new.csv": "child_id,team\n" + "".join(f"TS-04{one:02},Intake\n" for one in range(1, 13))},
    (
        Step("undo", "iro record review TS-0101", ("Wed 25 Nov 2026",)),
        Step("undo", "iro record review TS-0199", ("there is no child 'TS-0199'",)),
        Step(
            "undo",
            "iro undo",
            ("was refused and stored nothing", "1 fact added, of TS-0101", "nothing was taken"),
            ("",),
        ),
        Step("undo", "iro undo --yes", ("taken back: ", "1 fact added, of TS-0101")),
        Step("undo", "iro redo", ("done again: ",)),
        Step("undo", "iro redo", ("nothing to redo",)),
        Step("undo", "iro import children new.csv", ("added: 12 children",)),
        Step(
            "undo",
            "iro undo",
            ("12 children added, of TS-0401, TS-0402, TS-0403 and 9 more", "taken back"),
            ("y",),
        ),
        Step("undo", "iro history TS-0101 -f csv", ("withdrew fact",)),
    ),
)

THURSDAY = Scene(
    "thursday",
    "2026-11-26",
    _TESTSHIRE,
    {
        "sheet.csv": (
            "Child,IRO / Chair,Case worker\nTS-0202,Dev Raman,A. Wright\nTS-0222,Efa Moss,B. Lee\n"
        ),
        "sheet.toml": (
            '[columns]\nchild_id = "Child"\nname = "IRO / Chair"\n[fixed]\nrole = "chair"\n'
        ),
    },
    (
        Step(
            "names",
            "iro hand-over --from 'Ben Rees' --to 'Ada Okafr' --on 2026-11-30",
            ("did you mean Ada Okafor?", "--new"),
        ),
        Step(
            "names",
            "iro allocate TS-0141 --iro 'ben  rees' --from today",
            ("allocated to Ben Rees as iro", "due first for Ben Rees"),
        ),
        Step("names", "iro allocate TS-0141 --iro 'Ben Reese' --from today", ("Ben Rees?",)),
        Step(
            "absence",
            "iro absence add 'ada okafor' --from 2026-12-01 --to 2026-12-11",
            ("away: Ada Okafor", "TS-0111"),
        ),
        Step("absence", "iro due --iro 'Ada Okafor'", ("8 Dec 2026!", "! AWAY")),
        Step("absence", "iro book TS-0111 second review 8 dec", ("Ada Okafor",)),
        Step(
            "absence",
            "iro hand-over --from 'Ben Rees' --to 'cath lindqvist' --on 2026-11-30",
            ("due first for Cath Lindqvist", "TS-0130"),
        ),
        Step("names", "iro caseload", ("Cath",)),
        Step("sheet", "iro import allocations sheet.csv", ("--describe",)),
        Step(
            "sheet",
            "iro import allocations sheet.csv --describe",
            ('child_id = "Child"', 'name = "IRO / Chair"'),
        ),
        Step(
            "sheet",
            "iro import allocations sheet.csv --columns sheet.toml",
            ("2 allocations",),
        ),
    ),
)

FRIDAY = Scene(
    "friday",
    "2026-11-27",
    (*_TESTSHIRE, ("2026-11-26", "iro import events late.csv")),
    {
        "late.csv": (
            "child_id,event,date\nTS-0101,cla.review,2026-11-23\nTS-0108,cla.review,2026-11-20\n"
        )
    },
    (
        Step("changes", "iro changes", ("after `import events events.csv`", "TS-0108")),
        Step("form", "iro due -o late.xlsx", ("written: late.xlsx",)),
        Step("form", "iro report quarterly -o q2.docx", ("q2.docx",)),
        Step("form", "iro due -o late.csv -f json", ("leave --format out",)),
        Step("form", "iro due -o late.pdf", ("writes no .pdf files",)),
        Step("form", "iro due -o q2.docx", ("writes no .docx files",)),
        Step("days", "iro overdue --as-of 2026-11-20", ("Fri 20 Nov 2026",)),
        Step(
            "changes",
            "iro digest --since mon --iro 'Ada Okafor'",
            ("CAME WITHIN 14 DAYS", "MET (1)"),
        ),
    ),
)

WEEK = (NEWCOMER, MONDAY, TUESDAY, WEDNESDAY, THURSDAY, FRIDAY)
