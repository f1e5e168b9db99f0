"""The table of ``docs/endings.md``: what an event ends, and what goes on."""

from datetime import date, timedelta
from pathlib import Path
from typing import NamedTuple

from iro_cli import library
from iro_cli.facts.model import Child, Event
from iro_cli.law.catalogue import Watchlist
from iro_cli.obligations.chains import Engine
from iro_cli.obligations.listing import DueRows
from running import each

PAGE = Path(__file__).parents[2] / "docs" / "endings.md"
BEGAN, BEFORE, ENDED = date(2026, 1, 5), date(2026, 1, 2), date(2026, 1, 12)
BORN = date(2008, 1, 12)
CATALOGUE = library.catalogue("england")
ALL = Watchlist(CATALOGUE, {}, everything=True)
ENGINE = Engine(CATALOGUE)


class Process(NamedTuple):
    """A process: its first event, the clock that shows it, and the date, counted by hand."""

    begins: tuple[str, ...]
    timescale: str
    due: date


PROCESSES = {
    # 20 working days from Monday 5 January: four weeks without a bank holiday.
    "care": Process(("cla.start",), "cla.review.first", date(2026, 2, 2)),
    "short breaks": Process(("short-break.start",), "short-break.review.first", date(2026, 4, 5)),
    # 15 working days: three weeks.
    "enquiries": Process(("cp.strategy",), "cp.conference.initial", date(2026, 1, 26)),
    "transfer-in": Process(
        ("cp.transfer-in.notified",), "cp.conference.transfer-in", date(2026, 1, 26)
    ),
    "plan": Process(("cp.conference.initial",), "cp.conference.review.first", date(2026, 4, 5)),
    "authority": Process(
        ("cla.start", "adoption.authorised"),
        "adoption.review.authorised.first",
        date(2026, 4, 5),
    ),
    "placed": Process(
        ("cla.start", "adoption.placed"), "adoption.review.placed.first", date(2026, 2, 2)
    ),
    "secure": Process(("cla.start", "secure.start"), "secure.review.first", date(2026, 2, 5)),
    "dispute": Process(("dispute.raised",), "dispute.resolution", date(2026, 2, 2)),
    # 5 working days.
    "decisions": Process(("cla.start", "cla.review"), "cla.review.decisions", date(2026, 1, 12)),
}
# The events that each ending needs before it.
NEEDS = {
    "`cla.end`": ("cla.start",),
    "`short-break.end`": ("short-break.start",),
    "`cp.conference.not-required`": ("cp.strategy",),
    "`cp.conference.review` end": ("cp.conference.initial",),
    "`cp.plan.end`": ("cp.conference.initial",),
    "`adoption.decision.reversed`": ("cla.start", "adoption.authorised"),
    "`adoption.placed`": ("cla.start", "adoption.authorised"),
    "`adoption.returned`": ("cla.start", "adoption.placed"),
    "`adoption.end`": ("cla.start", "adoption.authorised"),
    "`secure.end`": ("cla.start", "secure.start"),
    "`dispute.resolved`": ("dispute.raised",),
    "the 18th birthday": (),
    "`child.died`": (),
}


def matrix() -> dict[tuple[str, str], str]:
    """Read the table: the cell of each ending and process."""
    text = PAGE.read_text("utf-8").split("<!-- matrix -->")[1].split("<!-- /matrix -->")[0]
    head, _, *lines = [
        [cell.strip() for cell in line.strip("|").split("|")] for line in text.strip().splitlines()
    ]
    return {
        (row[0], process): cell
        for row in lines
        for process, cell in zip(head[1:], row[1:], strict=True)
    }


MATRIX = matrix()


def events_of(ending: str, process: str, last: Event | None) -> list[Event]:
    """Return a child's facts: the process, the facts that the ending needs, and the ending."""
    begins = PROCESSES[process].begins
    facts = dict.fromkeys(begins, BEGAN)
    for name in NEEDS[ending]:
        facts.setdefault(name, BEFORE)
    found = [Event(name, on, reference="D" if "dispute" in name else None)
             for name, on in facts.items()]  # fmt: skip
    return sorted([*found, *([last] if last else [])], key=lambda one: one.on)


def ended(ending: str) -> Event | None:
    """Return the event that ends the process, if one does."""
    if not ending.startswith("`"):
        return None
    name, outcome = ending.strip("`").replace("`", "").partition(" ")[::2]
    reference = "D" if name.startswith("dispute") else None
    return Event(name, ENDED, outcome=outcome or None, reference=reference)


def due(events: list[Event], timescale: str, as_of: date, born: date | None) -> list[date | None]:
    """Return the dates that a timescale has on a day."""
    known = [one for one in events if one.on <= as_of]
    clocks = ENGINE.run(known, as_of=as_of, born=born)
    listing = DueRows(
        CATALOGUE, library.calendar(CATALOGUE.calendar), ALL, as_of=as_of, horizon=as_of
    )
    rows = listing.open_rows(Child("A", date_of_birth=born), clocks.open, known)
    return [row.due for row in rows if row.timescale == timescale]


@each("ending, process", MATRIX)
def test_a_cell(ending: str, process: str) -> None:
    """The process is due as before, no longer due, or stands still, as the table says."""
    said, of = MATRIX[ending, process], PROCESSES[process]
    born = None if ending.startswith("`") else BORN
    events = events_of(ending, process, ended(ending))
    before = due(events, of.timescale, ENDED - timedelta(days=1), born)
    after = due(events, of.timescale, ENDED, born)
    clocks = ENGINE.run(events, as_of=ENDED, born=born)
    met = [one for one in clocks.met if one.rule.id == of.timescale]
    lapsed = [one.ended for one in clocks.lapsed if one.rule.id == of.timescale]

    if said == "-":  # what it would end is not open, so nothing changes
        assert before == after
        return
    # Until a return, the looked-after reviews of a placed child stand still.
    stood_still = (ending, process) == ("`adoption.returned`", "care")
    assert before == ([] if stood_still else [of.due])
    assert after == ([of.due] if said == "goes on" else [])
    assert met or said != "met"
    # What is counted as never held ended on that day, and nothing else did.
    assert lapsed == ([ENDED] if said in ("ends", "still") and not met else [])


def test_every_pair_is_there() -> None:
    """The table has every ending and process, each with one of five answers."""
    assert {(ending, process) for ending in NEEDS for process in PROCESSES} == set(MATRIX)
    assert {"goes on", "ends", "still", "met", "-"} == set(MATRIX.values())
