"""What each section of the quarterly and annual report says."""

from collections.abc import Sequence

from iro_cli.dates.words import counted, spoken, spoken_short
from iro_cli.figures.figure_words import KEPT_BACK, count_words, number, percent
from iro_cli.figures.measures import MeasureRow, disputes_open
from iro_cli.figures.timeliness import FigureRow
from iro_cli.questions.audits import audit_figures
from iro_cli.questions.quarterly import QUARTERLY, Chart, Facts, Grid, Past, Section, Writer
from iro_cli.questions.quarterly_detail import beside, caseloads, coming, late

_PROCESSES = ("cla", "cp")
_FEWEST = 5
# In percentage points: what is less is written as none.
_LEAST_CHANGE = 0.05
_SUMMARY = (
    "looked-after.in-timescale",
    "looked-after.children-all",
    "conferences.in-timescale",
    "conferences.initial",
    "plans.reviewed",
    "voice.views-put",
    "disputes.in-timescale",
)


def _what(facts: Facts) -> str:
    return "quarter" if facts.kind == QUARTERLY else "year"


def headline(facts: Facts) -> Section:
    """Say in a few sentences how it went."""
    total, words = facts.now.figures.total, []
    if total.timeliness is None and total.suppressed:
        words.append("How much was held in timescale is kept back: the numbers are small.")
    elif not total.due:
        words.append(f"Nothing fell due in the {_what(facts)}.")
    else:
        words.append(
            f"{total.in_timescale:,} of the {total.due:,} reviews, conferences and disputes that "
            f"fell due were dealt with in timescale: {percent(total.timeliness)}."
        )
        words += _missed(total)
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
    return Section("headline", "The headline", tuple(words), (), _trend(facts))


def _missed(total: FigureRow) -> list[str]:
    if total.late is None:
        return []
    parts = [
        (total.late, "held late"),
        (total.outstanding or 0, "not held yet"),
        (total.never_held or 0, "never held before the process ended"),
    ]
    said = [f"{count:,} {what}" for count, what in parts if count]
    return [f"Of the others: {'; '.join(said)}."] if said else []


def _rate_of(past: Past, process: str) -> float | None:
    return next((row.timeliness for row in past.figures.rows if row.name == process), None)


def _trend(facts: Facts) -> Chart | None:
    names = tuple(one.name for one in facts.past)
    titles = facts.view.catalogue.processes
    series = tuple(
        (titles[process].title, tuple(_rate_of(one, process) for one in facts.past))
        for process in _PROCESSES
        if process in titles
    )
    if not any(value is not None for _, values in series for value in values):
        return None
    return Chart("lines", f"Share held in timescale, {names[0]} to {names[-1]}", names, series)


def changed(facts: Facts) -> Section:
    """Put the period beside the one before it."""
    rows = []
    moved: list[tuple[float, str]] = []
    for name in _SUMMARY:
        now, then = facts.measure(name), facts.measure(name, facts.before)
        points = "-"
        if now.rate is not None and then.rate is not None:
            change = 100 * (now.rate - then.rate)
            points = f"{change:+.1f}" if abs(change) >= _LEAST_CHANGE else "0.0"
            moved.append((change, now.title))
        rows.append((now.title, _share(then), _share(now), points))
    grid = Grid(
        f"{facts.now.name} beside {facts.before.name}",
        ("Measure", facts.before.name, facts.now.name, "Change in percentage points"),
        tuple(rows),
    )
    title = f"What changed since the last {_what(facts)}"
    return Section("changed", title, tuple(_moves(moved)), (grid,))


def _moves(moved: list[tuple[float, str]]) -> list[str]:
    if not moved:
        return ["There is nothing to compare: one of the two periods has no figures."]
    words = []
    best, worst = max(moved), min(moved)
    if best[0] >= _LEAST_CHANGE:
        words.append(f"Most improved, by {best[0]:.1f} points: {best[1].lower()}.")
    if worst[0] <= -_LEAST_CHANGE:
        words.append(f"Fell the most, by {-worst[0]:.1f} points: {worst[1].lower()}.")
    return words or ["None of the measures moved."]


def _share(row: MeasureRow) -> str:
    if row.suppressed:
        return KEPT_BACK
    return f"{percent(row.rate)} ({count_words(row.part, row.whole)})"


def voice(facts: Facts) -> Section:
    """Say how children took part in their reviews."""
    title = "The child's voice"
    rows = [row for row in facts.now.measures if row.measure.startswith("voice.")]
    words = [
        f"{row.title}: {percent(row.rate)} ({count_words(row.part, row.whole)}), {row.note}."
        for row in rows[:2]
        if row.rate is not None
    ]
    codes = rows[2:]
    grid = Grid(
        "Looked-after reviews held, by how the child took part",
        ("How the child took part", "Reviews", "Share"),
        tuple((row.title, _count(row), percent(row.rate)) for row in codes),
    )
    if not any(row.part for row in codes):
        words.append(f"No looked-after review was held in the {_what(facts)}, or none is shown.")
        return Section("voice", title, tuple(words), (grid,))
    chart = Chart(
        "across",
        "Looked-after reviews held, by participation code",
        tuple(row.title.partition(":")[0] for row in codes),
        (("Reviews", tuple(row.part for row in codes)),),
    )
    return Section("voice", title, tuple(words), (grid,), chart)


def _count(row: MeasureRow) -> str:
    return KEPT_BACK if row.suppressed else number(row.part)


def disputes(facts: Facts) -> Section:
    """Say which formal disputes were raised, resolved and are open."""
    rows = [row for row in facts.now.measures if row.measure.startswith("disputes.")]
    grid = Grid(
        "Formal dispute resolution",
        ("Measure", "Number", "Share"),
        tuple(
            (
                row.title,
                KEPT_BACK if row.suppressed else count_words(row.part, row.whole),
                percent(row.rate),
            )
            for row in rows
        ),
    )
    grids, words = [grid], []
    waiting = disputes_open(facts.ledger)
    if facts.asked.least:
        words.append("Disputes one by one are kept back with small numbers.")
    elif waiting:
        words.append(f"{counted(len(waiting), 'formal dispute')} open.")
        open_rows = tuple(
            (
                one.child,
                spoken_short(one.started) if one.started else "-",
                spoken_short(one.due),
                f"{one.days_late} days past" if one.days_late else "within its limit",
                one.iro,
            )
            for one in waiting
        )
        columns = ("Child", "Raised", "To be resolved by", "Where it stands", "IRO")
        grids.append(Grid(f"Open on {spoken_short(facts.as_of)}", columns, open_rows))
    else:
        words.append("No formal dispute is open.")
    return Section("disputes", "Disputes", tuple(words), tuple(grids))


def good_practice(facts: Facts) -> Section:
    """Say what went well, as far as the facts show it."""
    words = []
    for found, who in ((facts.by_iro, "IROs and chairs"), (facts.by_team, "Teams")):
        names = [
            f"{row.name} ({row.due})"
            for row in found.rows
            if row.timeliness == 1 and (row.due or 0) >= _FEWEST
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
    words.append("Good practice that is not a date is not in the store: add it to this section.")
    return Section("good-practice", "Good practice", tuple(words))


def audits(facts: Facts) -> Section | None:
    """Say what was audited, and with what result."""
    reader = facts.view.reader
    if facts.asked.team or not (reader.audits() or reader.drawn()):
        return None
    found = audit_figures(facts.view, *facts.asked.period)
    if facts.asked.least:
        kept = "Audits are kept back with small numbers."
        return Section("audits", "Audits", (kept,))
    words = (
        (
            f"{counted(found.drawn, 'case')} drawn to be audited, {found.drawn_and_done} of them "
            f"done; {counted(found.done, 'audit')} in all. {counted(found.overdue, 'drawn case')} "
            "overdue."
        ),
    )
    grades = list(dict.fromkeys(grade for of in found.by_tool.values() for grade in of))
    rows = tuple(
        (tool, *(str(of.get(grade, 0)) for grade in grades)) for tool, of in found.by_tool.items()
    )
    grids = (Grid("Audits by tool and grade", ("Tool", *grades), rows),) if rows else ()
    return Section("audits", "Audits", words, grids)


def how_counted(facts: Facts) -> Section:
    """Say how every figure is counted, and what was left out."""
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
        "It is put down to who answered for the child on the day it was held or due, the sooner.",
        "A rate is the share in timescale of all that fell due. There is no rate of nought.",
        (
            "Initial conferences are counted by the day they were held, and protection plans on "
            "the period's last day, as the Department counts them. Enquiries that ended without a "
            "conference are left out."
        ),
        (
            f"The rules are {facts.view.catalogue.packs[0].name}'s, digest "
            f"{facts.view.catalogue.digest}; bank holidays are confirmed to "
            f"{spoken_short(facts.view.calendar.confirmed_to)}."
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
    return Section("counted", "How the figures are counted", tuple(words))


SECTIONS: Sequence[Writer] = (
    headline,
    changed,
    late,
    caseloads,
    voice,
    disputes,
    audits,
    good_practice,
    coming,
    beside,
    how_counted,
)
