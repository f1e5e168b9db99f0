"""The sections that are mostly tables: lateness, caseloads, what is coming, others."""

from collections import Counter

from iro_cli.dates.words import counted, spoken, spoken_short
from iro_cli.figures.comparison import OURS, TITLES
from iro_cli.figures.duties import NEVER_HELD, OUTSTANDING
from iro_cli.figures.figure_words import count_words, number, percent, rate_words
from iro_cli.figures.figure_words import status_words as become
from iro_cli.figures.timeliness import Figures
from iro_cli.questions.quarterly import Chart, Facts, Grid, Section

NO_REASON = "no reason recorded"
# How late, in days: the last of each band, and what it is called.
_BANDS = ((7, "up to a week"), (28, "up to four weeks"), (91, "up to three months"))
_LONGER = "longer"
_MOST_ROWS = 200
# A taller chart does not fit a page.
_MOST_BARS = 25


def late(facts: Facts) -> Section:
    """Say what was late, by how long and why."""
    title = "What is late and why"
    by_rule = _figures_grid(facts, facts.by_rule, "By timescale", "Timescale", titles=True)
    if facts.late is None:
        kept = "What was late one by one, and why, is kept back with small numbers."
        return Section("late", title, (kept,), (by_rule,))
    if not facts.late:
        return Section("late", title, ("Nothing was late.",), (by_rule,))
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
    bands = Counter(_band(row.days_late) for row in facts.late)
    names = [name for _, name in _BANDS] + [_LONGER]
    chart = Chart(
        "bars",
        "How late, by the number of days after the due date",
        tuple(names),
        (("Timescales missed", tuple(bands[name] for name in names)),),
    )
    ordered = sorted(reasons.items(), key=lambda one: (-one[1], one[0]))
    why = Grid("Why", ("Reason", "Number"), tuple((name, str(n)) for name, n in ordered))
    rows = tuple(
        (
            row.child,
            row.title,
            spoken_short(row.due),
            spoken_short(row.held) if row.held else become(row.status),
            str(row.days_late),
            row.iro,
            row.reason or NO_REASON,
        )
        for row in facts.late[:_MOST_ROWS]
    )
    caption = "Each late one, the latest first"
    if len(facts.late) > _MOST_ROWS:
        caption += f": {_MOST_ROWS} of {len(facts.late):,}; `--show late` lists them all"
    columns = ("Child", "What", "Due", "Held", "Days late", "IRO or chair", "Reason")
    grids = (by_rule, why, Grid(caption, columns, rows))
    return Section("late", title, tuple(words), grids, chart)


def _band(days: int) -> str:
    return next((name for most, name in _BANDS if days <= most), _LONGER)


def _figures_grid(
    facts: Facts, found: Figures, caption: str, first: str, *, titles: bool = False
) -> Grid:
    rules = facts.view.catalogue.rules
    columns = (
        *(first, "In timescale", "Due", "Held late", "Not held yet", "Never held"),
        *("Median days late", "Most days late"),
    )
    rows = []
    judged = [row for row in found.rows if row.due or row.suppressed]
    for row in (*judged, found.total):
        name = rules[row.name].title if titles and row.name in rules else row.name
        if row is found.total:
            name = "All"
        late_by = (row.days_late_median, row.days_late_worst)
        cells = (row.due, row.late, row.outstanding, row.never_held, *late_by)
        rows.append((name, rate_words(row), *(number(one) for one in cells)))
    return Grid(caption, columns, tuple(rows))


def caseloads(facts: Facts) -> Section:
    """Say who holds how many children, and how timely each was."""
    title = "Caseloads"
    timely = (
        _figures_grid(facts, facts.by_iro, "Timeliness by IRO and chair", "IRO or chair"),
        _figures_grid(facts, facts.by_team, "Timeliness by team", "Team"),
    )
    if facts.asked.least:
        kept = "Caseloads person by person are kept back with small numbers."
        return Section("caseloads", title, (kept,), timely)
    rows, looked_after = facts.caseloads.rows, facts.caseloads.looked_after
    names = tuple(row.name for row in rows)
    guidance = facts.view.catalogue.caseload
    words = [f"On {spoken(facts.as_of)}. A child with an IRO and a chair is counted with each."]
    band = None
    if guidance:
        above = [name for name in names if looked_after[name] > guidance.highest]
        words.append(
            f"The handbook expects {guidance.lowest} to {guidance.highest} looked-after children "
            f"of a full-time IRO; {', '.join(above) or 'nobody'} has more."
        )
        band = (guidance.lowest, guidance.highest, "handbook, full time")
    grid = Grid(
        f"Caseloads on {spoken_short(facts.as_of)}",
        (
            *("IRO or chair", "Looked after", "Children", "Open", "Overdue"),
            *("Due in 28 days", "Unbooked"),
        ),
        tuple(
            (
                row.name,
                *(
                    f"{n:,}"
                    for n in (
                        *(looked_after[row.name], row.children, row.open, row.overdue),
                        *(row.due_28_days, row.unbooked),
                    )
                ),
            )
            for row in rows
        ),
    )
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
    return Section("caseloads", title, tuple(words), (grid, *timely), chart if names else None)


def coming(facts: Facts) -> Section | None:
    """Say what falls due in the months ahead."""
    if facts.asked.least:
        return None
    months = tuple(facts.coming)
    titles = facts.view.catalogue.processes
    used = [one for one in titles if any(facts.coming[month][one] for month in months)]
    series = tuple(
        (titles[one].title, tuple(facts.coming[month][one] for month in months)) for one in used
    )
    rows = tuple(
        (month, *(str(facts.coming[month][one]) for one in used), str(sum(of.values())))
        for month, of in facts.coming.items()
    )
    names = (*(titles[one].title for one in used), "All")
    words = (
        (
            f"What is open on {spoken_short(facts.as_of)} and falls due from that day on. Meetings "
            "that will be held give further ones, which are not in these numbers."
        ),
    )
    grid = Grid("Due by month", ("Month", *names), rows)
    chart = Chart("stacked", "Open timescales by the month they fall due", months, series)
    return Section("coming", "What is coming", words, (grid,), chart if used else None)


def beside(facts: Facts) -> Section | None:
    """Put the authority beside England, its region and its neighbours."""
    found = facts.compared
    if not found.latest:
        return None
    grids = []
    for measure, title in TITLES.items():
        rows = [row for row in found.latest if row.measure == measure]
        cells = tuple(
            (
                "Here" if row.level == OURS else row.area,
                row.period,
                row.mark or count_words(row.part, row.whole),
                percent(row.rate),
            )
            for row in rows
        )
        grids.append(Grid(title, ("Area", "Period", "Count", "Share"), cells))
        grids.append(_by_year(facts, measure, title))
    series = grids[-1]
    words = (
        (
            "The Department counts conferences held in a reporting year and plans open on 31 "
            "March; the figures from here are counted the same way for the period above."
        ),
        found.source,
    )
    return Section("comparison", "Beside others", words, tuple(grids), _lines(facts, series))


def _by_year(facts: Facts, measure: str, title: str) -> Grid:
    rows = [row for row in facts.compared.trend if row.measure == measure]
    areas = list(dict.fromkeys(row.area for row in rows))
    found = {(row.period, row.area): row for row in rows}
    years = list(dict.fromkeys(row.period for row in rows))
    cells = tuple(
        (
            year,
            *(percent(found[year, area].rate) if (year, area) in found else "-" for area in areas),
        )
        for year in sorted(years)
    )
    return Grid(f"{title}, by year", ("Year", *areas), cells)


def _lines(facts: Facts, grid: Grid) -> Chart | None:
    measure = list(TITLES)[-1]
    areas = grid.columns[1:]
    rates = {
        (row.period, row.area): row.rate for row in facts.compared.trend if row.measure == measure
    }
    years = tuple(row[0] for row in grid.rows)
    if not years:
        return None
    series = tuple((area, tuple(rates.get((year, area)) for year in years)) for area in areas)
    return Chart("lines", grid.caption, years, series)
