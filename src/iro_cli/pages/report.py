"""
The quarterly and the annual report: what a manager wants to know of a period, by section.

The late duties come first, then those to come, then what went well.  A section has words and
tables, some with a chart.  Here a chart is data; each form of the report draws it.
"""

from collections import Counter
from collections.abc import Callable, Sequence

from iro_cli import __version__
from iro_cli.dates.words import counted, spoken, spoken_short
from iro_cli.figures import periods
from iro_cli.figures.comparison import OURS, TITLES, ComparisonRow
from iro_cli.figures.duties import NEVER_HELD, OUTSTANDING, Duty
from iro_cli.figures.measures import MeasureRow, disputes_open
from iro_cli.figures.rates import Rate, half_up
from iro_cli.figures.timeliness import FigureRow, Figures
from iro_cli.forms.listing import NUMBER, WHOLE, Field, Grid, Line, grid
from iro_cli.lean import Any, NamedTuple
from iro_cli.pages.caseload import CASELOAD
from iro_cli.pages.timeliness import COMPARISON, FIGURES, LATE, NO_REASON
from iro_cli.pages.words import (
    KEPT_BACK,
    count_words,
    handbook_words,
    number,
    open_words,
    percent,
    undated_words,
)
from iro_cli.questions.report import QUARTERLY, Past, ReportFacts

_PROCESSES = ("cla", "cp")
_FEWEST = 5
_SUMMARY = (
    "looked-after.in-timescale",
    "looked-after.children-all",
    "conferences.in-timescale",
    "conferences.initial",
    "plans.reviewed",
    "voice.views-put",
    "disputes.in-timescale",
)
# Bands of lateness: the last day of each (inclusive), and its name.
_BANDS = ((7, "up to a week"), (28, "up to four weeks"), (91, "up to three months"))
_LONGER = "longer"
_MOST_ROWS = 200
# A taller chart does not fit a page.
_MOST_BARS = 25


class Chart(NamedTuple):
    """
    One chart as data.

    Attributes:
        kind: ``bars`` for counts, ``stacked`` for counts that add up, ``across`` for counts as
            horizontal bars, ``shares`` for rates as horizontal bars, ``lines`` for rates over
            time, ``heat`` for a count for each day, with weeks below each other.
        title: What it shows, in words that can stand alone.
        names: The names along the axis.
        series: For each series, its name and a value for each of *names*; ``None`` is a gap.
        band: A range to mark on the axis of values, such as the handbook's, or ``None``.
    """

    kind: str
    title: str
    names: tuple[str, ...]
    series: tuple[tuple[str, tuple[float | None, ...]], ...]
    band: tuple[float, float, str] | None = None


class Exhibit(NamedTuple):
    """A table, and the chart that is drawn from it, if there is one."""

    grid: Grid
    chart: Chart | None = None

    @property
    def shares_caption(self) -> bool:
        """Say whether the chart and the table have the same caption."""
        return self.chart is not None and self.chart.title == self.grid.heading


class ReportSection(NamedTuple):
    """One section of a report."""

    id: str
    title: str
    words: tuple[str, ...]
    exhibits: tuple[Exhibit, ...] = ()


class Report(NamedTuple):
    """A report: its title, its period in words, its sections, and the facts behind them."""

    title: str
    subtitle: str
    sections: list[ReportSection]
    facts: ReportFacts


def _texts(*columns: str) -> list[Field]:
    """Return columns of words."""
    return [Field(column, column=column) for column in columns]


def _numbers(*columns: str) -> list[Field]:
    """Return columns of numbers."""
    return [Field(column, WHOLE, column=column, whole=True) for column in columns]


def _told(caption: str, columns: Sequence[Field], rows: Sequence[Sequence[str]]) -> Grid:
    """Make a table from cells that are text already."""
    return Grid(caption, columns, [Line(tuple(row)) for row in rows])


def _drawn(chart: Chart, first: str) -> Exhibit:
    """Make the table of a chart's values, and return the two together."""
    rows = [
        (name, *(_value(chart, values[place]) for _, values in chart.series))
        for place, name in enumerate(chart.names)
    ]
    columns = [Field(first, column=first, whole=True), *_numbers(*(n for n, _ in chart.series))]
    return Exhibit(_told(chart.title, columns, rows), chart)


def _value(chart: Chart, value: float | None) -> str:
    if value is None:
        return "-"
    return percent(value) if chart.kind == "lines" else f"{value:,g}"


# ---------------------------------------------------------------- how it went


def _what(facts: ReportFacts) -> str:
    return "quarter" if facts.kind == QUARTERLY else "year"


def headline(facts: ReportFacts) -> ReportSection:
    """Summarise the period in a few sentences."""
    total, words = facts.now.figures.total, _missed(facts.now.figures.total)
    if facts.since and not facts.asked.least:
        words.append(
            f"{counted(facts.since, 'timescale')} fell due after the {_what(facts)} and "
            f"{'was' if facts.since == 1 else 'were'} not met by {spoken(facts.as_of)}."
        )
    ahead = sum(sum(of.values()) for of in facts.coming.values())
    if ahead and not facts.asked.least:
        *_, last = facts.coming
        falls = "falls" if ahead == 1 else "fall"
        words.append(f"{counted(ahead, 'open timescale')} {falls} due by the end of {last}.")
    if total.timeliness is None and total.suppressed:
        words.append("How much was held in timescale is kept back: the numbers are small.")
    elif not total.due:
        none = "No timescale is known to have fallen due" if facts.undated else "Nothing fell due"
        words.append(f"{none} in the {_what(facts)}.")
    else:
        words.append(
            f"{total.in_timescale:,} of the {total.due:,} reviews, conferences and disputes that "
            f"fell due were dealt with in timescale: {percent(total.timeliness)}."
        )
    if facts.undated:
        words.append(undated_words(facts.undated, facts.asked.least))
    plans = facts.measure("plans.reviewed")
    if plans.rate is not None:
        words.append(
            f"{plans.part} of {counted(plans.whole or 0, 'protection plan')} had every review in "
            f"time ({percent(plans.rate)}), {plans.note}."
        )
    voice = facts.measure("voice.views-put")
    if voice.rate is not None:
        words.append(
            f"The child's views were put at {percent(voice.rate)} of reviews "
            f"({count_words(voice.part, voice.whole)})."
        )
    trend = _trend(facts)
    drawn = (_drawn(trend, "Period"),) if trend else ()
    return ReportSection("headline", "The headline", tuple(words), drawn)


def _missed(total: FigureRow) -> list[str]:
    if total.late is None:
        return []
    parts = [
        (total.late, "held late"),
        (total.outstanding or 0, "not held yet"),
        (total.never_held or 0, "never held before the process ended"),
    ]
    said = [f"{count:,} {what}" for count, what in parts if count]
    missed = sum(count for count, _ in parts)
    return [f"{counted(missed, 'timescale')} missed: {'; '.join(said)}."] if said else []


def _rate_of(past: Past, process: str) -> float | None:
    return next((row.timeliness for row in past.figures.rows if row.name == process), None)


def _trend(facts: ReportFacts) -> Chart | None:
    names = tuple(one.name for one in facts.past)
    titles = facts.catalogue.processes
    series = tuple(
        (titles[process].title, tuple(_rate_of(one, process) for one in facts.past))
        for process in _PROCESSES
        if process in titles
    )
    if not any(value is not None for _, values in series for value in values):
        return None
    return Chart("lines", f"Share held in timescale, {names[0]} to {names[-1]}", names, series)


def changed(facts: ReportFacts) -> ReportSection:
    """Compare the period with the one before it."""
    rows = []
    moved: list[tuple[float, int, str]] = []
    for name in _SUMMARY:
        now, then = facts.measure(name), facts.measure(name, facts.before)
        points = "-"
        if now.rate is not None and then.rate is not None:
            change, whole = _change(then.rate, now.rate)
            tenths = half_up(1000 * change, whole)
            points = f"{tenths / 10:+.1f}" if tenths else "0.0"
            moved.append((change / whole, tenths, now.title))
        rows.append((now.title, _share(then), _share(now), points))
    columns = [
        *_texts("Measure"),
        *_numbers(facts.before.name, facts.now.name, "Change in percentage points"),
    ]
    table = _told(f"{facts.now.name} beside {facts.before.name}", columns, rows)
    title = f"What changed since the last {_what(facts)}"
    return ReportSection("changed", title, tuple(_moves(moved)), (Exhibit(table),))


def _change(then: Rate, now: Rate) -> tuple[int, int]:
    """Return how much a rate rose, as an exact fraction."""
    return now.part * then.whole - then.part * now.whole, now.whole * then.whole


def _moves(moved: list[tuple[float, int, str]]) -> list[str]:
    if not moved:
        return ["There is nothing to compare: one of the two periods has no figures."]
    words = []
    (_, most, best), (_, least, worst) = max(moved), min(moved)
    if most > 0:
        words.append(f"Most improved, by {most / 10:.1f} points: {best.lower()}.")
    if least < 0:
        words.append(f"Fell the most, by {-least / 10:.1f} points: {worst.lower()}.")
    return words or ["None of the measures moved."]


def _share(row: MeasureRow) -> str:
    if row.suppressed:
        return KEPT_BACK
    return f"{percent(row.rate)} ({count_words(row.part, row.whole)})"


# ---------------------------------------------------------------- what is late


_FIGURES = (
    FIGURES.field("timeliness"),
    FIGURES.field("due"),
    FIGURES.field("late").called("Held late"),
    FIGURES.field("outstanding").called("Not held yet"),
    FIGURES.field("never_held"),
    Field(
        "days_late_median",
        NUMBER,
        column="Median days late",
        cell=lambda row, _: number(row.days_late_median),
    ),
    Field(
        "days_late_worst",
        WHOLE,
        column="Most days late",
        cell=lambda row, _: number(row.days_late_worst),
    ),
)


def _figures(found: Figures, caption: str, first: Field) -> Grid:
    """Make the table of what fell due, with the total in the last line."""
    judged = [row for row in found.rows if row.due or row.suppressed]
    return grid(caption, [first, *_FIGURES], [*judged, found.total], page=found)


def _by(first: str) -> Field:
    return FIGURES.field("name").called(first)


_LATE = (
    LATE.field("child"),
    LATE.field("title"),
    LATE.field("due"),
    LATE.field("held"),
    LATE.field("days_late").called("Days late"),
    LATE.field("iro"),
    LATE.field("reason"),
)


def late(facts: ReportFacts) -> ReportSection:
    """Say what was late, by how long and why."""
    title = "What is late and why"
    rules, total = facts.catalogue.rules, facts.by_rule.total

    def rule(row: FigureRow, _: object) -> str:
        if row is total:
            return "All"
        return rules[row.name].title if row.name in rules else row.name

    named = Field("name", column="Timescale", cell=rule)
    by_rule = Exhibit(_figures(facts.by_rule, "By timescale", named))
    unknown = undated_words(facts.undated, facts.asked.least)
    if facts.late is None:
        kept = "What was late, and why, is not listed where small numbers are kept back."
        return ReportSection("late", title, (kept, *filter(None, [unknown])), (by_rule,))
    if not facts.late:
        words = ["No timescale is known to be late.", unknown] if unknown else ["Nothing was late."]
        return ReportSection("late", title, tuple(words), (by_rule,))
    reasons = Counter(row.reason or NO_REASON for row in facts.late)
    open_ones = sum(row.status == OUTSTANDING for row in facts.late)
    never = sum(row.status == NEVER_HELD for row in facts.late)
    unexplained = reasons.get(NO_REASON, 0)
    words = [
        (
            f"{counted(len(facts.late), 'timescale')} missed: {open_ones} not held yet on "
            f"{spoken_short(facts.as_of)}, {never} never held."
        )
    ]
    if unexplained:
        words.append(f"No reason is recorded for {unexplained} of {len(facts.late)}.")
    if unknown:
        words.append(unknown)
    bands = Counter(_band(row.days_late) for row in facts.late)
    names = [name for _, name in _BANDS] + [_LONGER]
    chart = Chart(
        "bars",
        "How late, by the number of days after the due date",
        tuple(names),
        (("Timescales missed", tuple(bands[name] for name in names)),),
    )
    ordered = sorted(reasons.items(), key=lambda one: (-one[1], one[0]))
    columns = [*_texts("Reason"), *_numbers("Number")]
    why = _told("Why", columns, [(name, str(times)) for name, times in ordered])
    caption = "Each late one, the latest first"
    if len(facts.late) > _MOST_ROWS:
        caption += f": {_MOST_ROWS} of {len(facts.late):,}"
    each = grid(caption, _LATE, facts.late[:_MOST_ROWS])
    parts = (_drawn(chart, "How late"), Exhibit(each), Exhibit(why), by_rule)
    return ReportSection("late", title, tuple(words), parts)


def _band(days: int) -> str:
    return next((name for most, name in _BANDS if days <= most), _LONGER)


# ---------------------------------------------------------------- teams and caseloads


def teams(facts: ReportFacts) -> ReportSection:
    """Say how much each team, IRO and chair held in timescale."""
    title = "Timeliness by team and by IRO"
    by_team = _figures(facts.by_team, "Timeliness by team", _by("Team"))
    by_iro = _figures(facts.by_iro, "Timeliness by IRO and chair", _by("IRO or chair"))
    return ReportSection(
        "teams",
        title,
        (),
        (Exhibit(by_team, _shares(facts.by_team, by_team.heading)), Exhibit(by_iro)),
    )


def _shares(found: Figures, title: str) -> Chart | None:
    """Draw the share of each row that has one, the lowest first."""
    rates = sorted((row.timeliness, row.name) for row in found.rows if row.timeliness is not None)[
        :_MOST_BARS
    ]
    if not rates:
        return None
    shares = tuple(rate for rate, _ in rates)
    names = tuple(name for _, name in rates)
    return Chart("shares", title, names, (("Share held in timescale", shares),))


def caseloads(facts: ReportFacts) -> ReportSection:
    """Say how many children each person has."""
    title = "Caseloads"
    if facts.asked.least:
        kept = "The caseload of each person is not listed where small numbers are kept back."
        return ReportSection("caseloads", title, (kept,))
    rows, looked_after = facts.caseloads.rows, facts.caseloads.looked_after
    names = tuple(row.name for row in rows)
    guidance = facts.catalogue.caseload
    words = [f"On {spoken(facts.as_of)}. A child with an IRO and a chair is counted with each."]
    band = None
    if guidance:
        above = [name for name in names if looked_after[name] > guidance.highest]
        words.append(
            f"{handbook_words(facts.catalogue)}; {', '.join(above) or 'nobody'} "
            f"{'have' if len(above) > 1 else 'has'} more."
        )
        band = (guidance.lowest, guidance.highest, "handbook, full time")
    columns = [
        CASELOAD.field("name").called("IRO or chair"),
        Field("looked_after", WHOLE, value=lambda row: looked_after[row.name]),
        *(CASELOAD.field(name) for name in ("children", "open", "overdue")),
        CASELOAD.field("due_28_days").called("Due in 28 days"),
        CASELOAD.field("unbooked"),
    ]
    table = grid(f"Caseloads on {spoken_short(facts.as_of)}", columns, rows)
    most = sorted(names, key=lambda name: -looked_after[name])[:_MOST_BARS]
    drawn = tuple(name for name in names if name in most)
    those = f", the {_MOST_BARS} with most" if len(names) > _MOST_BARS else ""
    chart = Chart(
        "across",
        f"Looked-after children of each IRO on {spoken_short(facts.as_of)}{those}",
        drawn,
        (("Looked-after children", tuple(looked_after[name] for name in drawn)),),
        band,
    )
    return ReportSection(
        "caseloads", title, tuple(words), (Exhibit(table, chart if names else None),)
    )


# ---------------------------------------------------------------- voice, disputes, audits


def voice(facts: ReportFacts) -> ReportSection:
    """Say how children took part in their reviews."""
    title = "The child's voice"
    rows = [row for row in facts.now.measures if row.measure.startswith("voice.")]
    words = [
        f"{row.title}: {percent(row.rate)} ({count_words(row.part, row.whole)}), {row.note}."
        for row in rows[:2]
        if row.rate is not None
    ]
    codes = rows[2:]
    columns = [*_texts("How the child took part"), *_numbers("Reviews", "Share")]
    table = _told(
        "Looked-after reviews held, by how the child took part",
        columns,
        [(row.title, _count(row), percent(row.rate)) for row in codes],
    )
    if not any(row.part for row in codes):
        known = "is known to have been" if facts.undated else "was"
        words.append(
            f"No looked-after review {known} held in the {_what(facts)}, or none is shown."
        )
        return ReportSection("voice", title, tuple(words), (Exhibit(table),))
    chart = Chart(
        "across",
        table.heading,
        tuple(row.title.partition(":")[0] for row in codes),
        (("Reviews", tuple(row.part for row in codes)),),
    )
    return ReportSection("voice", title, tuple(words), (Exhibit(table, chart),))


def _count(row: MeasureRow) -> str:
    return KEPT_BACK if row.suppressed else number(row.part)


def _stands(one: Duty, _: object) -> str:
    return f"{one.days_late} days past" if one.days_late else "within its limit"


_WAITING = (
    Field("child"),
    Field(
        "started",
        column="Raised",
        whole=True,
        cell=lambda one, _: spoken_short(one.started) if one.started else "-",
    ),
    Field("due", column="To be resolved by", whole=True, cell=lambda one, _: spoken_short(one.due)),
    Field("stands", column="Where it stands", cell=_stands),
    Field("iro", column="IRO"),
)


def disputes(facts: ReportFacts) -> ReportSection:
    """Say which formal disputes were raised, resolved and are open."""
    rows = [row for row in facts.now.measures if row.measure.startswith("disputes.")]
    table = _told(
        "Formal dispute resolution",
        [*_texts("Measure"), *_numbers("Number", "Share")],
        [
            (
                row.title,
                KEPT_BACK if row.suppressed else count_words(row.part, row.whole),
                percent(row.rate),
            )
            for row in rows
        ],
    )
    grids, words = [table], []
    waiting = disputes_open(facts.ledger)
    if facts.asked.least:
        words.append("Single disputes are not listed where small numbers are kept back.")
    elif waiting:
        words.append(f"{counted(len(waiting), 'formal dispute')} open.")
        grids.append(grid(f"Open on {spoken_short(facts.as_of)}", _WAITING, waiting))
    else:
        words.append("No formal dispute is open.")
    return ReportSection("disputes", "Disputes", tuple(words), tuple(map(Exhibit, reversed(grids))))


def audits(facts: ReportFacts) -> ReportSection | None:
    """Say what was audited, and with what result."""
    found = facts.audits
    if found is None:
        return None
    if facts.asked.least:
        kept = "Audits are not listed where small numbers are kept back."
        return ReportSection("audits", "Audits", (kept,))
    words = (
        (
            f"{counted(found.drawn, 'case')} drawn to be audited, {found.drawn_and_done} of them "
            f"done; {counted(found.done, 'audit')} in all. {counted(found.overdue, 'drawn case')} "
            "overdue."
        ),
    )
    grades = list(dict.fromkeys(grade for of in found.by_tool.values() for grade in of))
    rows = [
        (tool, *(str(of.get(grade, 0)) for grade in grades)) for tool, of in found.by_tool.items()
    ]
    columns = [*_texts("Tool"), *_numbers(*grades)]
    parts = (Exhibit(_told("Audits by tool and grade", columns, rows)),) if rows else ()
    return ReportSection("audits", "Audits", words, parts)


def good_practice(facts: ReportFacts) -> ReportSection | None:
    """
    Say what went well, as far as the facts show it.

    The store has mostly dates, so other good practice has to be added by whoever sends the
    report.
    """
    words = []
    for found, who, unknown in (
        (facts.by_iro, "IROs and chairs", {one.iro for one in facts.undated}),
        (facts.by_team, "Teams", {one.team for one in facts.undated}),
    ):
        names = [
            f"{row.name} ({row.due})"
            for row in found.rows
            if row.in_timescale == row.due and (row.due or 0) >= _FEWEST and row.name not in unknown
        ]
        if names:
            words.append(f"{who} with everything in timescale: {', '.join(names)}.")
    every = facts.measure("looked-after.children-all")
    if every.part:
        words.append(
            f"{counted(every.part, 'child', 'children')} of {every.whole} had every looked-after "
            "review in time."
        )
    attended = facts.measure("voice.attended")
    if attended.part:
        words.append(f"Children attended {counted(attended.part, 'review')} themselves.")
    return ReportSection("good-practice", "Good practice", tuple(words)) if words else None


# ---------------------------------------------------------------- what is coming, and others


def coming(facts: ReportFacts) -> ReportSection | None:
    """Say what falls due in the weeks and months ahead."""
    if facts.asked.least:
        return None
    months = tuple(facts.coming)
    titles = facts.catalogue.processes
    used = [one for one in titles if any(facts.coming[month][one] for month in months)]
    series = tuple(
        (titles[one].title, tuple(facts.coming[month][one] for month in months)) for one in used
    )
    rows = [
        (month, *(str(facts.coming[month][one]) for one in used), str(sum(of.values())))
        for month, of in facts.coming.items()
    ]
    columns = [Field("month", whole=True), *_numbers(*(titles[one].title for one in used), "All")]
    words = [
        (
            f"What is open on {spoken_short(facts.as_of)} and falls due from that day on. Meetings "
            "that will be held give further ones, which are not in these numbers."
        )
    ]
    if without := open_words(facts.ledger.undated):
        words.append(without)
    title = "Open timescales by the month in which they fall due"
    chart = Chart("stacked", title, months, series) if used else None
    parts = [Exhibit(_told(title, columns, rows), chart)]
    if any(day.due for week in facts.weeks for day in week):
        words.append(_busiest(facts))
        parts.append(_by_day(facts))
    return ReportSection("coming", "What is coming", tuple(words), tuple(parts))


def _busiest(facts: ReportFacts) -> str:
    """Say how much falls due in the weeks ahead, and on which day most does."""
    days = [day for week in facts.weeks for day in week]
    most = max(days, key=lambda day: day.due or 0)
    every = sum(day.due or 0 for day in days)
    return (
        f"{every:,} of them {'falls' if every == 1 else 'fall'} due by "
        f"{spoken_short(days[-1].date)}, most on {spoken(most.date)} ({most.due})."
    )


def _by_day(facts: ReportFacts) -> Exhibit:
    """Draw how many timescales fall due on each day of the weeks ahead."""
    first, last = facts.weeks[0][0].date, facts.weeks[-1][-1].date
    weeks = tuple(spoken_short(week[0].date) for week in facts.weeks)
    days = tuple(
        (spoken(facts.weeks[0][place].date)[:3], tuple(week[place].due for week in facts.weeks))
        for place in range(len(facts.weeks[0]))
    )
    title = f"Timescales that fall due on each day, {spoken_short(first)} to {spoken_short(last)}"
    return _drawn(Chart("heat", title, weeks, days), "Week from")


def _beside_count(row: ComparisonRow, _: object) -> str:
    return row.mark or count_words(row.part, row.whole)


_BESIDE = (
    Field("area", cell=lambda row, _: "Here" if row.level == OURS else row.area),
    COMPARISON.field("period"),
    COMPARISON.field("part")._replace(cell=_beside_count, right=False),
    COMPARISON.field("rate").called("Share"),
)


def beside(facts: ReportFacts) -> ReportSection | None:
    """Compare the authority with England, its region and its neighbours."""
    found = facts.others
    if not found.latest:
        return None
    grids = []
    for measure, title in TITLES.items():
        rows = [row for row in found.latest if row.measure == measure]
        grids.append(grid(title, _BESIDE, rows))
        grids.append(_by_year(facts, measure, title))
    words = (
        (
            "The Department counts conferences held in a reporting year and plans open on 31 "
            "March; the figures from here are counted the same way for the period above."
        ),
        found.source,
    )
    parts = [*map(Exhibit, grids)]
    parts[-1] = parts[-1]._replace(chart=_years(facts))
    return ReportSection("comparison", "Beside others", words, tuple(parts))


def _areas(facts: ReportFacts, measure: str) -> tuple[list[str], list[str], dict[Any, Rate | None]]:
    """Return the areas and years of a measure, and the rate of each year and area."""
    rows = [row for row in facts.others.trend if row.measure == measure]
    rates = {(row.period, row.area): row.rate for row in rows}
    areas = list(dict.fromkeys(row.area for row in rows))
    return areas, sorted({row.period for row in rows}), rates


def _by_year(facts: ReportFacts, measure: str, title: str) -> Grid:
    areas, years, rates = _areas(facts, measure)
    rows = [(year, *(percent(rates.get((year, area))) for area in areas)) for year in years]
    return _told(f"{title}, by year", [*_texts("Year"), *_numbers(*areas)], rows)


def _years(facts: ReportFacts) -> Chart | None:
    """Draw the last measure by year, with a line for each area."""
    measure, title = [*TITLES.items()][-1]
    areas, years, rates = _areas(facts, measure)
    if not years:
        return None
    series = tuple((area, tuple(rates.get((year, area)) for year in years)) for area in areas)
    return Chart("lines", f"{title}, by year", tuple(years), series)


# ---------------------------------------------------------------- the whole


def how_counted(facts: ReportFacts) -> ReportSection:
    """Explain how every figure is counted, and what was left out."""
    total = facts.now.figures.total
    words = [
        (
            "A timescale is counted in the period in which its due date lies. It is in timescale "
            "if the meeting was held on or before that day."
        ),
        (
            f"Everything is judged by what is known on {spoken(facts.as_of)}: a meeting held late "
            "since the period ended counts as held late, one not held as not held yet."
        ),
        "Never held: overdue when the process ended, as when a child left care.",
        (
            "A meeting is counted under the IRO or chair who had the child on the day it was "
            "held, or on the day it was due if that came first."
        ),
        (
            "A rate is the share in timescale of all that fell due. Where nothing fell due there "
            "is no rate."
        ),
        (
            "Initial conferences are counted by the day they were held, and protection plans on "
            "the period's last day, as the Department counts them. Enquiries that ended without a "
            "conference are left out."
        ),
        (
            f"The rules are {facts.catalogue.packs[0].name}'s, digest "
            f"{facts.catalogue.digest}; bank holidays are confirmed to "
            f"{spoken_short(facts.confirmed_to)}."
        ),
    ]
    if not facts.asked.least:
        words.append(
            f"Counted apart: not due yet {total.not_yet_due}; enquiries ended without a "
            f"conference {total.not_required}; refused, or held and met no known clock "
            f"{total.refused}; judged on a fact that was inferred {total.assumed}."
        )
    else:
        words.append(
            f"Counts below {facts.asked.least} are kept back, and so is what would give them away."
        )
    return ReportSection("counted", "How the figures are counted", tuple(words))


SECTIONS: Sequence[Callable[[ReportFacts], ReportSection | None]] = (
    headline,
    late,
    coming,
    disputes,
    caseloads,
    teams,
    changed,
    voice,
    audits,
    good_practice,
    beside,
    how_counted,
)


def report(facts: ReportFacts) -> Report:
    """Write a report: the sections that have something to say, in order."""
    written = [section for write in SECTIONS if (section := write(facts)) is not None]
    what = "Quarterly report" if facts.kind == QUARTERLY else "Annual report"
    title = f"{what} of the reviewing service"
    return Report(title, periods.words(facts.asked.period), written, facts)


def missing(form: str, error: ImportError) -> str:
    """Say which library a form of a report needs and how to install it."""
    return (
        f"--format {form} needs {error.name}: install it with `pip install 'iro-cli[reports]'`; "
        "`-f json` has the figures without"
    )


def made_words(report: Report) -> str:
    """Return the sentence with the day on which a report is judged."""
    return f"Judged by what is known on {spoken(report.facts.as_of)}."


def stated_words(report: Report) -> str:
    """Return the sentence about the program, the rules and the bank holidays of a report."""
    facts = report.facts
    return (
        f"Made by iro-cli {__version__}; rules of {facts.catalogue.nation}, digest "
        f"{facts.catalogue.digest}; bank holidays confirmed to "
        f"{spoken_short(facts.confirmed_to)}."
    )
