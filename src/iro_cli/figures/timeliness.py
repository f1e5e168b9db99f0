"""Count how timely reviews and conferences were in a period, by group, and list the late ones."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from statistics import median

from iro_cli.figures.duties import (
    MISSED,
    NEVER_HELD,
    NOT_YET_DUE,
    OUTSTANDING,
    Duty,
    Ledger,
    Undated,
)
from iro_cli.figures.periods import Period
from iro_cli.figures.rates import Rate, rate
from iro_cli.figures.suppression import any_small, kept_back, kept_in_groups
from iro_cli.figures.whose import GROUPS, Filters, by_name, is_wanted
from iro_cli.lean import NamedTuple
from iro_cli.obligations.listing import IN_TIMESCALE, NOT_REQUIRED, OUT_OF_TIMESCALE

TOTAL = "all"


class FigureRow(NamedTuple):
    """
    The counts for one IRO, team, process or timescale.

    Attributes:
        due: How many fell due and are judged: held, outstanding and never held.
        held: How many of them were held, in timescale or late.
        outstanding: How many are overdue on the as-of day.
        never_held: How many were overdue when the process ended.
        timeliness: The part of *due* that was in timescale, 0 to 1; null if nothing was due.
        days_late_median: The median days late of everything that was late, held or not.
        children: How many children had at least one review or conference due.
        children_all_in_timescale: How many of them had all of theirs in timescale.
        not_yet_due: How many are due in the period, but on the as-of day or later: not judged.
        not_required: How many enquiries ended without a conference: not judged.
        refused: How many have no date, or were held but met no known clock: not judged.
        assumed: How many were judged on a fact that was inferred.
        suppressed: Whether counts are kept back because some of them are small.
    """

    name: str
    due: int | None
    held: int | None
    in_timescale: int | None
    late: int | None
    outstanding: int | None
    never_held: int | None
    timeliness: Rate | None
    days_late_median: float | None
    days_late_worst: int | None
    children: int | None
    children_all_in_timescale: int | None
    not_yet_due: int | None
    not_required: int | None
    refused: int | None
    assumed: int | None
    suppressed: bool = False


class LateRow(NamedTuple):
    """One duty that was not met in time, with the reason if one was written down."""

    child: str
    timescale: str
    title: str
    process: str
    due: date
    held: date | None
    status: str
    days_late: int
    iro: str
    team: str
    reason: str | None
    assumed: str | None


class Figures(NamedTuple):
    """The figures by one grouping, and their total."""

    rows: list[FigureRow]
    total: FigureRow


class _TimelinessCount:
    def __init__(self) -> None:
        self.by_status: dict[str, int] = {}
        self.days: list[int] = []
        self.children: dict[str, bool] = {}
        self.refused = self.assumed = 0

    def add(self, duty: Duty) -> None:
        status = duty.status
        self.by_status[status] = self.by_status.get(status, 0) + 1
        # Neither good nor bad yet: counted apart, and in no rate.
        if status in (NOT_YET_DUE, NOT_REQUIRED):
            return
        missed = status in MISSED
        if missed:
            self.days.append(duty.days_late)
        self.assumed += duty.assumed is not None
        if duty.is_meeting:
            self.children[duty.child] = self.children.get(duty.child, True) and not missed

    def row(self, name: str) -> FigureRow:
        in_time, late, outstanding, never, not_yet, not_required = (
            self.by_status.get(one, 0)
            for one in (
                *(IN_TIMESCALE, OUT_OF_TIMESCALE, OUTSTANDING),
                *(NEVER_HELD, NOT_YET_DUE, NOT_REQUIRED),
            )
        )
        due = in_time + late + outstanding + never
        return FigureRow(
            name,
            due,
            in_time + late,
            in_time,
            late,
            outstanding,
            never,
            rate(in_time, due),
            median(self.days) if self.days else None,
            max(self.days, default=None),
            len(self.children),
            sum(self.children.values()),
            not_yet,
            not_required,
            self.refused,
            self.assumed,
        )


def figures_of(name: str, duties: Iterable[Duty]) -> FigureRow:
    """Return the figures of some duties, as the row of one name."""
    count = _TimelinessCount()
    for duty in duties:
        count.add(duty)
    return count.row(name)


def _counted(duties: Iterable[Duty], undated: Iterable[Undated], by: str) -> list[FigureRow]:
    group, counts = GROUPS[by], dict[str, _TimelinessCount]()
    for duty in duties:
        counts.setdefault(group(duty), _TimelinessCount()).add(duty)
    for one in undated:
        counts.setdefault(group(one), _TimelinessCount()).refused += 1
    rows = [count.row(name) for name, count in counts.items()]
    rows.sort(key=lambda row: by_name(row.name))
    return rows


def figures(ledger: Ledger, by: str, order: Sequence[str] = ()) -> Figures:
    """
    Count what fell due, by timescale, process, IRO or team.

    A local rule beside a national one has a row of its own by timescale.  It is counted nowhere
    else, because both share a clock and the same review would count twice.

    Args:
        ledger: The duties of the period.
        by: ``timescale``, ``process``, ``iro`` or ``team``.
        order: The timescales or processes in the order of the rules; names not in it come last.
    """
    own = [one for one in ledger.duties if not one.rule.beside]
    counted = ledger.duties if by == "timescale" else own
    rows = _counted(counted, ledger.undated, by)
    places = {name: place for place, name in enumerate(order)}
    rows.sort(key=lambda row: places.get(row.name, len(places)))
    count = _TimelinessCount()
    for duty in own:
        count.add(duty)
    count.refused = len(ledger.undated)
    return Figures(rows, count.row(TOTAL))


def _leaves(row: FigureRow) -> tuple[int, ...]:
    """Return the counts from which every other count of a row can be computed."""
    every = row.children_all_in_timescale or 0
    parts = (row.in_timescale, row.late, row.outstanding, row.never_held)
    return (*(part or 0 for part in parts), every, (row.children or 0) - every)


def _bare(row: FigureRow, due: int | None = None) -> FigureRow:
    blank = (None,) * (len(FigureRow._fields) - 3)
    return FigureRow._make((row.name, due, *blank, True))


def _coarse(row: FigureRow, least: int) -> FigureRow:
    """
    Keep back the parts of a total whose table has every row kept back already.

    Of all that was due, the number in timescale is shown if neither it nor the rest is small.
    """
    due, in_time = row.due or 0, row.in_timescale or 0
    if any_small([in_time, due - in_time], least):
        return _bare(row, None if any_small([due], least) else due)
    return _bare(row, due)._replace(in_timescale=in_time, timeliness=row.timeliness)


def _apart(row: FigureRow) -> FigureRow:
    """Leave out the counts that are no part of *due*: small ones among them are not checked."""
    return row._replace(not_yet_due=None, not_required=None, refused=None, assumed=None)


def suppressed(found: Figures, least: int) -> Figures:
    """
    Return figures whose rows add up to the total, with small numbers kept back.

    Args:
        found: The figures by process, IRO or team.
        least: The smallest count that is shown, apart from zero.
    """
    kept = kept_back([_leaves(row) for row in found.rows], least)
    hidden = {found.rows[place].name for place in kept.rows}
    return Figures(_shown(found.rows, hidden), _shown_total(found.total, least))


def suppressed_timescales(
    found: Figures, by_process: Figures, processes: Mapping[str, str], least: int
) -> Figures:
    """
    Return figures by timescale with small numbers kept back.

    Args:
        found: The figures by timescale.
        by_process: The same figures by process, with small numbers already kept back.
        processes: The process of each timescale; a timescale that is not in it (a local
            marker) is left out.
        least: The smallest count that is shown, apart from zero.
    """
    groups: dict[str, list[FigureRow]] = {}
    rows = [row for row in found.rows if row.name in processes]
    for row in rows:
        groups.setdefault(processes[row.name], []).append(row)
    gone = {row.name for row in by_process.rows if row.suppressed}
    leaves = {name: [_leaves(row) for row in of] for name, of in groups.items()}
    hidden = {
        groups[name][place].name
        for name, one in kept_in_groups(leaves, gone, least).items()
        for place in one.rows
    }
    return Figures(_shown(rows, hidden), by_process.total)


def _shown(rows: Iterable[FigureRow], hidden: Collection[str]) -> list[FigureRow]:
    return [_bare(row) if row.name in hidden else _apart(row) for row in rows]


def _shown_total(total: FigureRow, least: int) -> FigureRow:
    return _coarse(total, least) if any_small(_leaves(total), least) else _apart(total)


def late_ones(ledger: Ledger) -> list[LateRow]:
    """Return each duty that was not met in time, those with the most days late first."""
    found = [
        LateRow(
            one.child,
            one.rule.id,
            one.rule.title,
            one.rule.process,
            one.due,
            one.held,
            one.status,
            one.days_late,
            one.iro,
            one.team,
            one.reason,
            one.assumed,
        )
        for one in ledger.duties
        if one.status in MISSED and not one.rule.beside
    ]
    return sorted(found, key=lambda row: (-row.days_late, row.due, row.child, row.timescale))


def only(ledger: Ledger, wanted: Filters) -> Ledger:
    """Return the duties of one IRO or chair, team or process."""
    return Ledger(
        [one for one in ledger.duties if is_wanted(one, wanted)],
        [one for one in ledger.undated if is_wanted(one, wanted)],
        [one for one in ledger.meetings if is_wanted(one, wanted)],
        {day: [one for one in of if is_wanted(one, wanted)] for day, of in ledger.plans.items()},
    )


def within(ledger: Ledger, period: Period) -> Ledger:
    """Return the part of a ledger that fell due, or was held, in a period."""
    return ledger._replace(
        duties=[one for one in ledger.duties if period.has(one.due)],
        undated=[one for one in ledger.undated if one.concerns(period.first, period.last)],
        meetings=[one for one in ledger.meetings if period.has(one.on)],
    )
