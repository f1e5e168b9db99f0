"""Count caseloads on a day: what is open for each IRO, team or process, and how timely."""

from collections.abc import Mapping, Sequence

from iro_cli.dates.months import add_months
from iro_cli.figures.case import LOOKED_AFTER, Case
from iro_cli.figures.duties import Duty
from iro_cli.figures.gathering import Gatherer
from iro_cli.figures.rates import Rate
from iro_cli.figures.timeliness import FigureRow, figures_of
from iro_cli.figures.whose import GROUPS, Filters, Whose, by_name, is_wanted
from iro_cli.lean import NamedTuple
from iro_cli.obligations.listing import (
    DUE_SOON,
    DUE_TODAY,
    IN_TIMESCALE,
    OVERDUE,
    REFUSED,
    DueRow,
    Met,
)

_YEAR = 12


class CaseloadRow(NamedTuple):
    """
    One IRO's, team's or process's caseload.

    Attributes:
        name: The IRO, team or process.
        children: How many children have something open.
        open: How many timescales are open.
        overdue: How many of them are overdue.
        due_28_days: How many are due today or within 28 days.
        unbooked: How many have no meeting booked.
        met: How many were met in the twelve months to the day, whenever they fell due.
        met_in_timescale: How many of those were met in timescale.
        timeliness: Of what fell due in the twelve months to the day, held or not, the part met
            in timescale, 0 to 1, as in the report of timeliness; null if nothing fell due.
    """

    name: str
    children: int
    open: int
    overdue: int
    due_28_days: int
    unbooked: int
    met: int
    met_in_timescale: int
    timeliness: Rate | None


class Caseloads(NamedTuple):
    """
    The caseloads, and what has to be said beside them.

    Attributes:
        rows: One for each name.
        looked_after: How many looked-after children each name has.
        fell_due: What fell due for each name in the twelve months, and what became of it.
        without_date: How many open timescales have no date, and so never count as overdue.
        booked_late: How many meetings each name has booked after the last lawful day.
        assumed: How many open dates rest on a fact that had to be inferred.
        unjudged: How many meetings of the twelve months met a time limit that is not known.
    """

    rows: list[CaseloadRow]
    looked_after: Mapping[str, int]
    fell_due: Mapping[str, FigureRow]
    without_date: int = 0
    booked_late: Mapping[str, int] = {}
    assumed: int = 0
    unjudged: int = 0


class _NameCount:
    """The counts of one name."""

    def __init__(self) -> None:
        self.children: set[str] = set()
        self.looked_after: set[str] = set()
        self.duties: list[Duty] = []
        self.open = self.overdue = self.due_soon = self.unbooked = self.met = self.in_time = 0
        self.without_date = self.booked_late = self.assumed = self.unjudged = 0

    def add(self, row: DueRow) -> None:
        """Count one open timescale."""
        self.children.add(row.child)
        if row.process == LOOKED_AFTER:
            self.looked_after.add(row.child)
        self.open += 1
        self.overdue += row.status == OVERDUE
        self.due_soon += row.status in (DUE_TODAY, DUE_SOON)
        self.unbooked += row.booked is None
        self.booked_late += row.booked_late
        self.without_date += row.status == REFUSED
        self.assumed += row.assumed is not None

    def row(self, name: str, fell_due: FigureRow) -> CaseloadRow:
        """Return the caseload of the name."""
        return CaseloadRow(
            name,
            len(self.children),
            self.open,
            self.overdue,
            self.due_soon,
            self.unbooked,
            self.met,
            self.in_time,
            fell_due.timeliness,
        )


class CaseloadCount:
    """
    The caseloads on a day, counted while the children are read.

    Attributes:
        gatherer: Finds the duties of the twelve months.

    Args:
        gatherer: The same.
        by: ``iro``, ``team`` or ``process``.
        wanted: Only these names.
    """

    def __init__(self, gatherer: Gatherer, by: str, wanted: Filters) -> None:
        """Begin with nobody."""
        self.gatherer, self._by, self._wanted = gatherer, by, wanted
        self._of_name: dict[str, _NameCount] = {}

    def _of(self, whose: Whose) -> _NameCount:
        """Return the count that something belongs to; if it is not wanted, one to throw away."""
        if not is_wanted(whose, self._wanted):
            return _NameCount()
        return self._of_name.setdefault(GROUPS[self._by](whose), _NameCount())

    def add(self, case: Case, every_met: Sequence[Met]) -> None:
        """
        Count a child.

        Args:
            case: The child, with the clocks that were met and every allocation there has been.
            every_met: What was met.
        """
        gatherer = self.gatherer
        listing, as_of = gatherer.listing, gatherer.as_of
        own = listing.of(case.child)

        for row in listing.open_rows(
            case.child, case.clocks.open, case.events, case.holders, gatherer.bookings
        ):
            iro = case.answering(row.process, as_of, as_of)
            self._of(Whose(iro, case.team, row.process)).add(row)
        since = add_months(as_of, -_YEAR)
        recent = [clock for clock in case.clocks.met if clock.held and clock.held > since]
        # A meeting that may have met one of several rules, or a clock that stood still, can be
        # without a due date.  Such meetings are counted apart, and in no rate.
        for clock in recent:
            if clock.held and (clock.candidates or clock.stood_still):
                iro = case.answering(clock.rule.process, clock.held, as_of)
                whose = Whose(iro, case.team, clock.rule.process)
                met_one = any(own.met_rows(case.child.child_id, [clock], case.events))
                self._of(whose).unjudged += not met_one
        for met in own.met_rows(case.child.child_id, recent, case.events):
            if met.without_meeting:  # nothing was held, so it is in no rate
                continue
            iro = case.answering(met.rule.process, met.held, as_of)
            count = self._of(Whose(iro, case.team, met.rule.process))
            count.met += 1
            count.in_time += met.status == IN_TIMESCALE
        for duty in gatherer.duties(case, every_met):
            if gatherer.period.has(duty.due) and not duty.rule.beside:
                self._of(Whose(duty.iro, duty.team, duty.process)).duties.append(duty)

    def caseloads(self) -> Caseloads:
        """Return the rows in order of name, with what is allocated to nobody last."""
        of_name = dict(sorted(self._of_name.items(), key=lambda one: by_name(one[0])))
        fell_due = {name: figures_of(name, count.duties) for name, count in of_name.items()}
        return Caseloads(
            [count.row(name, fell_due[name]) for name, count in of_name.items()],
            {name: len(count.looked_after) for name, count in of_name.items()},
            fell_due,
            sum(count.without_date for count in of_name.values()),
            {name: count.booked_late for name, count in of_name.items()},
            sum(count.assumed for count in of_name.values()),
            sum(count.unjudged for count in of_name.values()),
        )
