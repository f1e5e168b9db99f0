"""The caseload on a day: by IRO, team or process."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import NamedTuple

from iro_cli.dates.months import add_months
from iro_cli.law.model import Rule
from iro_cli.obligations.listing import DUE_SOON, DUE_TODAY, OVERDUE, REFUSED, responsible
from iro_cli.questions.view import Case, View

UNALLOCATED = "unallocated"
# The process whose children the handbook counts.
LOOKED_AFTER = "cla"
_YEAR = 12


class CaseloadRow(NamedTuple):
    """One IRO's, team's or process's caseload; ``timeliness`` is 0 to 1, or null of nothing."""

    name: str
    children: int
    open: int
    overdue: int
    due_28_days: int
    unbooked: int
    met: int
    met_in_timescale: int
    timeliness: float | None


class Caseloads(NamedTuple):
    """
    The caseloads, and what else is known of them.

    Attributes:
        rows: One for each name.
        looked_after: How many looked-after children each name has.
        without_date: How many of all that is open have no date, and so are never overdue.
        booked_late: How many meetings each name has booked for after the last lawful day.
        assumed: How many of all that is open rest on a fact that had to be inferred.
        unjudged: How many meetings of the twelve months met a time limit that is not known.
    """

    rows: list[CaseloadRow]
    looked_after: dict[str, int]
    without_date: int = 0
    booked_late: Mapping[str, int] = {}
    assumed: int = 0
    unjudged: int = 0


class _Count:
    __slots__ = (
        "assumed",
        "booked_late",
        "children",
        "due_soon",
        "in_time",
        "looked_after",
        "met",
        "open",
        "overdue",
        "unbooked",
        "unjudged",
        "without_date",
    )

    def __init__(self) -> None:
        self.children: set[str] = set()
        self.looked_after: set[str] = set()
        self.open = self.overdue = self.due_soon = self.unbooked = self.met = self.in_time = 0
        self.without_date = self.booked_late = self.assumed = self.unjudged = 0

    def row(self, name: str) -> CaseloadRow:
        timeliness = round(self.in_time / self.met, 4) if self.met else None
        return CaseloadRow(
            name,
            len(self.children),
            self.open,
            self.overdue,
            self.due_soon,
            self.unbooked,
            self.met,
            self.in_time,
            timeliness,
        )


def _by_iro(case: Case, rule: Rule, on: date, as_of: date) -> str:
    """Name who answered on a day, or who answers now where nobody is recorded for then."""
    return (
        responsible(case.allocations, rule.process, on)
        or responsible(case.allocations, rule.process, as_of)
        or UNALLOCATED
    )


_GROUPS: dict[str, Callable[[Case, Rule, date, date], str]] = {
    "iro": _by_iro,
    "team": lambda case, _rule, _on, _as_of: case.child.team or UNALLOCATED,
    "process": lambda _case, rule, _on, _as_of: rule.process,
}


def caseload(
    view: View,
    by: str = "iro",
    *,
    watched_all: bool = False,
    only: Mapping[str, str | None] | None = None,
) -> Caseloads:
    """
    Count each caseload: what is open now, and how timely the last twelve months were.

    Args:
        view: The store, the rules and the day.
        by: ``iro``, ``team`` or ``process``.
        watched_all: Every timescale, also those that are not shown.
        only: Only these: an IRO's or chair's name, a team, a process.

    Returns:
        Rows in order of name, what is allocated to nobody last.
    """
    shown = view.shown(everything=watched_all)
    listing = view.listing(shown)
    asked = only or {}
    iro, team = asked.get("iro"), asked.get("team")
    among = view.among(iros=(iro,) if iro else (), team=team or None)
    bookings = view.reader.bookings(among)
    group = _GROUPS[by]
    since = add_months(view.as_of, -_YEAR)
    counts: dict[str, _Count] = {}

    wanted = {key: value.casefold() for key, value in asked.items() if value}

    def of(case: Case, rule: Rule, on: date) -> _Count:
        if any(
            _GROUPS[key](case, rule, on, view.as_of).casefold() != value
            for key, value in wanted.items()
        ):
            return _Count()
        return counts.setdefault(group(case, rule, on, view.as_of), _Count())

    for case in view.cases(shown, among):
        own = listing.of(case.child)
        rules = own.catalogue.rules
        for row in listing.open_rows(
            case.child, case.clocks.open, case.events, case.holders, bookings
        ):
            count = of(case, rules[row.timescale], view.as_of)
            count.children.add(row.child)
            if row.process == LOOKED_AFTER:
                count.looked_after.add(row.child)
            count.open += 1
            count.overdue += row.status == OVERDUE
            count.due_soon += row.status in (DUE_TODAY, DUE_SOON)
            count.unbooked += row.booked is None
            count.booked_late += row.booked_late
            count.without_date += row.status == REFUSED
            count.assumed += row.assumed is not None
        recent = [clock for clock in case.clocks.met if clock.held and clock.held > since]
        for clock in recent:
            if clock.candidates and clock.held:
                found = list(own.met_rows(case.child.child_id, [clock], case.events))
                of(case, clock.rule, clock.held).unjudged += not found
        for met in own.met_rows(case.child.child_id, recent, case.events):
            count = of(case, met.rule, met.held)
            count.met += 1
            count.in_time += met.days_late == 0
    rows = [count.row(name) for name, count in counts.items()]
    rows.sort(key=lambda row: (row.name == UNALLOCATED, row.name.casefold(), row.name))
    return Caseloads(
        rows,
        {name: len(count.looked_after) for name, count in counts.items()},
        sum(count.without_date for count in counts.values()),
        {row.name: counts[row.name].booked_late for row in rows},
        sum(count.assumed for count in counts.values()),
        sum(count.unjudged for count in counts.values()),
    )
