"""Count one period and the periods before it, for every report."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path

from iro_cli.dates.months import add_months
from iro_cli.figures import periods
from iro_cli.figures.caseload import CaseloadCount, Caseloads
from iro_cli.figures.comparison import (
    ComparisonRow,
    compared,
    comparison,
    find_authority,
    find_neighbours,
    trend,
)
from iro_cli.figures.duties import NOT_YET_DUE, OUTSTANDING, Duty, Ledger, Undated
from iro_cli.figures.gathering import Gatherer
from iro_cli.figures.measures import MeasureRow, measures, plan_day, without_small
from iro_cli.figures.month import DayAhead, weeks_ahead
from iro_cli.figures.periods import Period
from iro_cli.figures.timeliness import (
    Figures,
    LateRow,
    figures,
    late_ones,
    only,
    suppressed,
    suppressed_timescales,
    within,
)
from iro_cli.law.catalogue import Catalogue
from iro_cli.lean import NamedTuple
from iro_cli.progress import through
from iro_cli.questions.audits import AuditFigures, audit_figures
from iro_cli.questions.caseload import caseload, caseload_count
from iro_cli.questions.statistics import shipped_statistics, with_files
from iro_cli.questions.view import View

QUARTERLY, ANNUAL = "quarterly", "annual"
# How many periods before the reported one are shown beside it.
_EARLIER = {QUARTERLY: 7, ANNUAL: 2}
# This month and the next three.
_MONTHS = 4
# Enough weeks for a whole month, on whatever day the report is made.
_WEEKS = 5
# How many months around a period are read too: what was due then may have been held in it.
_AROUND = 12


class AskedReport(NamedTuple):
    """
    What a report was asked for.

    Attributes:
        least: The smallest count that is shown; zero keeps back nothing.
        authority: The authority's name or code in the Department's figures.
        neighbours: Other authorities to compare with, with commas between them.
        statistics: Newer files of the Department.
    """

    period: Period
    by: str = "timescale"
    iro: str | None = None
    team: str | None = None
    process: str | None = None
    least: int = 0
    watched_all: bool = False
    authority: str | None = None
    neighbours: str | None = None
    statistics: Sequence[Path] = ()


class Others(NamedTuple):
    """The comparison with others, and where their figures are from."""

    latest: list[ComparisonRow]
    trend: list[ComparisonRow]
    source: str


class Timeliness(NamedTuple):
    """
    The figures and measures of a period.

    Attributes:
        late: Each late duty, or ``None`` if they are kept back.
        undated: What may have fallen due in the period, or was held in it, and cannot be judged.
    """

    figures: Figures
    measures: list[MeasureRow]
    late: list[LateRow] | None
    undated: list[Undated]
    others: Others


def gather(
    view: View,
    period: Period,
    *,
    plans_on: Iterable[date] = (),
    watched_all: bool = False,
    beside: CaseloadCount | None = None,
) -> Ledger:
    """
    Return every duty that falls due in a period, and what is open and fell due before it.

    Args:
        view: The store, the rules and the day on which things are judged.
        period: The period in which duties fall due.
        plans_on: The days for which the open protection plans are wanted.
        watched_all: Whether to count every timescale, even those that are not shown.
        beside: Counts the caseloads of the same timescales while the children are read.
    """
    shown = view.shown(everything=watched_all)
    if beside:
        gatherer = beside.gatherer.over(period)
    else:
        listing, engines = view.listing(shown), view.engines(shown)
        gatherer = Gatherer(listing, engines.of, view.reader.bookings(), period)
    cases = through(
        view.counted(shown, whole=True),
        "Counting",
        lambda: len(view.reader.child_ids()),
        "children",
    )
    return gatherer.ledger(cases, plans_on, beside.add if beside else None)


def gathered(
    view: View,
    asked: AskedReport,
    earlier: Sequence[Period] = (),
    plans: Sequence[Period] = (),
    beside: CaseloadCount | None = None,
) -> Ledger:
    """
    Return the duties of a period, of those before it, and of the year around them.

    Args:
        view: The store, the rules and the day.
        asked: What was asked.
        earlier: The periods before it.
        plans: The periods whose protection plans are wanted; the one asked for by default.
        beside: As in :func:`gather`.
    """
    periods_asked = [*earlier, asked.period]
    first = add_months(min(one.first for one in periods_asked), -_AROUND)
    last = add_months(max(view.as_of, *(one.last for one in periods_asked)), _AROUND)
    days = dict.fromkeys(plan_day(one, view.as_of) for one in plans or [asked.period])
    ledger = gather(
        view, Period(first, last), plans_on=days, watched_all=asked.watched_all, beside=beside
    )
    return only(ledger, {"iro": asked.iro, "team": asked.team, "process": asked.process})


def process_of(view: View) -> dict[str, str]:
    """Return the process of every timescale that has a clock of its own."""
    return {rule.id: rule.process for rule in view.catalogue.rules.values() if not rule.beside}


def figures_by(view: View, inside: Ledger, by: str, least: int) -> Figures:
    """Return the figures of a ledger, with small numbers kept back if *least* is not zero."""
    order = {"timescale": [*view.catalogue.rules], "process": [*view.catalogue.processes]}
    found = figures(inside, by, order.get(by, ()))
    if not least:
        return found
    if by == "timescale":
        by_process = suppressed(figures(inside, "process"), least)
        return suppressed_timescales(found, by_process, process_of(view), least)
    return suppressed(found, least)


def process_figures(view: View, ledger: Ledger, period: Period, least: int) -> Figures:
    """Return the figures of a period by process."""
    return figures_by(view, within(ledger, period), "process", least)


def measures_of(
    view: View, ledger: Ledger, period: Period, least: int, *, watched_all: bool = False
) -> list[MeasureRow]:
    """Return the measures of a period, with small numbers kept back if *least* is not zero."""
    shown = view.shown(everything=watched_all)
    rows = measures(ledger, period, view.as_of, shown, view.catalogue)
    if not least:
        return rows
    return without_small(rows, within(ledger, period), process_of(view), least)


def timeliness(view: View, asked: AskedReport) -> Timeliness:
    """
    Count the figures and measures of a period.

    Raises:
        InputRefusedError: An authority is unknown, or a file of figures cannot be read.
    """
    ledger = gathered(view, asked)
    inside = within(ledger, asked.period)
    found = figures_by(view, inside, asked.by, asked.least)
    rows = measures_of(view, ledger, asked.period, asked.least, watched_all=asked.watched_all)
    # A list of late reviews has one line for each, so it would show the numbers kept back.
    late = None if asked.least else late_ones(inside)
    others = beside_others(asked, rows, view.as_of)
    return Timeliness(found, rows, late, inside.undated, others)


def beside_others(asked: AskedReport, rows: Iterable[MeasureRow], as_of: date) -> Others:
    """
    Compare the store's own measures with the Department's figures.

    Raises:
        InputRefusedError: An authority is unknown, or a file cannot be read.
    """
    if asked.authority is None:
        return Others([], [], "")
    statistics = with_files(shipped_statistics(), asked.statistics)
    authority = find_authority(statistics, asked.authority, "--authority")
    neighbours = find_neighbours(statistics, asked.neighbours) if asked.neighbours else []
    wanted = compared(statistics, authority, neighbours)
    return Others(
        comparison(statistics, wanted, _ours(asked.period, rows, as_of)),
        trend(statistics, wanted),
        statistics.source,
    )


def _ours(
    period: Period, rows: Iterable[MeasureRow], as_of: date
) -> Mapping[str, tuple[int | None, int | None, str, str | None]]:
    days = {
        "conferences.initial": periods.words(period),
        "plans.reviewed": periods.day_words(plan_day(period, as_of)),
    }
    return {
        row.measure: (
            row.part,
            row.whole,
            days[row.measure],
            "kept back here" if row.suppressed else None,
        )
        for row in rows
        if row.measure in days
    }


# ---------------------------------------------------------------- with the periods before


class Past(NamedTuple):
    """One period of the trend; only the last two periods have measures."""

    period: Period
    name: str
    figures: Figures
    measures: list[MeasureRow]


class ReportFacts(NamedTuple):
    """
    Everything the sections of a report are written from.

    Attributes:
        kind: ``quarterly`` or ``annual``.
        confirmed_to: The last day for which bank holidays are confirmed (inclusive).
        past: The periods, the reported one last.
        late: Each late duty, or ``None`` if they are kept back.
        undated: What may have fallen due in the period, or was held in it, and cannot be judged.
        since: How many fell due after the period and are overdue on the as-of day.
        coming: How many of what is open fall due in the months ahead, by month and process.
        weeks: How many of them fall due on each day of the weeks ahead.
        audits: The audits; ``None`` if there are none, or if the report is about one team.
    """

    kind: str
    asked: AskedReport
    as_of: date
    catalogue: Catalogue
    confirmed_to: date
    ledger: Ledger
    past: list[Past]
    by_iro: Figures
    by_team: Figures
    by_rule: Figures
    late: list[LateRow] | None
    undated: list[Undated]
    caseloads: Caseloads
    since: int
    coming: dict[str, dict[str, int]]
    weeks: list[tuple[DayAhead, ...]]
    others: Others
    audits: AuditFigures | None

    @property
    def now(self) -> Past:
        """Return the period that is reported on."""
        return self.past[-1]

    @property
    def before(self) -> Past:
        """Return the period before it."""
        return self.past[-2]

    def measure(self, name: str, of: Past | None = None) -> MeasureRow:
        """Return one measure of the reported period, or of another."""
        return next(row for row in (of or self.now).measures if row.measure == name)


def _name(kind: str, period: Period) -> str:
    first, after = period.first, period.last + timedelta(days=1)
    if kind == ANNUAL and periods.is_reporting_year(period):
        return f"{first.year}-{period.last.year % 100:02}"
    whole_months = first.day == after.day == 1
    return periods.quarter_name(period) if whole_months else periods.words(period)


def report_facts(view: View, asked: AskedReport, kind: str) -> ReportFacts:
    """
    Count everything that the sections of a report are written from.

    Raises:
        InputRefusedError: An authority is unknown, or a file of figures cannot be read.
    """
    spans = [asked.period]
    for _ in range(_EARLIER[kind]):
        spans.insert(0, periods.before(spans[0]))
    # If the report counts timescales that are not shown, the caseloads, which never do, are
    # counted apart.
    team = {"team": asked.team}
    together = None if asked.watched_all else caseload_count(view, view.shown(), "iro", team)
    ledger = gathered(view, asked, spans[:-1], plans=spans[-2:], beside=together)
    past = []
    for period in spans:
        found = process_figures(view, ledger, period, asked.least)
        told = period in spans[-2:]
        rows = measures_of(view, ledger, period, asked.least) if told else []
        past.append(Past(period, _name(kind, period), found, rows))
    inside = within(ledger, asked.period)

    return ReportFacts(
        kind,
        asked,
        view.as_of,
        view.catalogue,
        view.calendar.confirmed_to,
        ledger,
        past,
        figures_by(view, inside, "iro", asked.least),
        figures_by(view, inside, "team", asked.least),
        figures_by(view, inside, "timescale", asked.least),
        None if asked.least else late_ones(inside),
        inside.undated,
        together.caseloads() if together else caseload(view, only=team),
        _since(ledger, asked.period),
        _coming(view, ledger),
        weeks_ahead([one.due for one in _ahead(ledger)], view.as_of, _WEEKS),
        beside_others(asked, past[-1].measures, view.as_of),
        _audited(view, asked),
    )


def _audited(view: View, asked: AskedReport) -> AuditFigures | None:
    # An audit is recorded without a team, so those of one team cannot be told from the others.
    if asked.team or not (view.reader.audits() or view.reader.drawn()):
        return None
    return audit_figures(view, *asked.period)


def _coming(view: View, ledger: Ledger) -> dict[str, dict[str, int]]:
    """Count what is open and falls due in this month and the next three, by process."""
    found: dict[str, dict[str, int]] = {}
    for month in periods.months_from(view.as_of, _MONTHS):
        found[periods.month_name(month.first)] = dict.fromkeys(view.catalogue.processes, 0)
    for one in _ahead(ledger):
        of_month = found.get(periods.month_name(one.due))
        if of_month is not None:
            of_month[one.process] += 1
    return found


def _since(ledger: Ledger, period: Period) -> int:
    """Count what fell due after a period and is overdue: neither its figures nor coming has it."""
    return sum(
        one.status == OUTSTANDING and one.due > period.last and not one.rule.beside
        for one in ledger.duties
    )


def _ahead(ledger: Ledger) -> list[Duty]:
    """Return what is open and not yet due; a local rule beside the law is not counted twice."""
    return [one for one in ledger.duties if one.status == NOT_YET_DUE and not one.rule.beside]
