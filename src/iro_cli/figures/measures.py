"""Count the measures of a report: conferences, plans, the child's voice, records, disputes."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from iro_cli.dates.words import counted, spoken_short
from iro_cli.facts.vocabulary import PARTICIPATION, UNDER_FOUR
from iro_cli.figures.case import LOOKED_AFTER
from iro_cli.figures.duties import (
    DISPUTE,
    INITIAL,
    JUDGED,
    NOT_YET_DUE,
    OUTSTANDING,
    RECORDS,
    Duty,
    Ledger,
    PlanState,
)
from iro_cli.figures.periods import Period
from iro_cli.figures.rates import Rate, rate
from iro_cli.figures.suppression import is_small, kept_back
from iro_cli.figures.timeliness import figures, suppressed, suppressed_timescales, within
from iro_cli.law.catalogue import Catalogue, Watchlist
from iro_cli.lean import NamedTuple
from iro_cli.obligations.listing import IN_TIMESCALE, NOT_REQUIRED

PROTECTION = "cp"
NOT_RECORDED = "not recorded"
# The codes that say that the child's views were put, by the child or by others.
VIEWS_PUT = ("PN1", "PN2", "PN3", "PN5", "PN6")
TOOK_PART = ("PN1", "PN2", "PN3", "PN4")


class MeasureRow(NamedTuple):
    """
    One measure: a part of a whole.

    Attributes:
        part: The count; null if it is kept back or cannot be known.
        whole: What it is a part of; null if the measure is a plain count.
        rate: 0 to 1; null if the whole is zero.
        note: What one has to know to read it.
    """

    measure: str
    title: str
    part: int | None
    whole: int | None
    rate: Rate | None
    note: str = ""
    suppressed: bool = False


def share(measure: str, title: str, part: int, whole: int, note: str = "") -> MeasureRow:
    """Return a measure with its rate."""
    return MeasureRow(measure, title, part, whole, rate(part, whole), note)


def measures(
    ledger: Ledger, period: Period, as_of: date, shown: Watchlist, catalogue: Catalogue
) -> list[MeasureRow]:
    """
    Return every measure of a period, in the order in which a report has them.

    Args:
        ledger: The duties of the period and of the time around it, because a conference held in
            the period may have been due outside it.
        period: The period.
        as_of: The day on which it is judged.
        shown: Which timescales are shown; the records of others are not counted.
        catalogue: The rules.
    """
    found = within(ledger, period)
    rows = [*_reviews(found), _conferences(ledger, found), _plans(ledger, period, as_of)]
    rows += _voice(found)
    rows += _records(found, shown, catalogue)
    return [*rows, *_disputes(ledger, found, period, as_of)]


def _reviews(found: Ledger) -> Iterable[MeasureRow]:
    by_process = {row.name: row for row in figures(_meetings_only(found), "process").rows}
    titles = {
        LOOKED_AFTER: ("looked-after", "Looked-after reviews", "reviews"),
        PROTECTION: ("conferences", "Child protection conferences", "conferences"),
    }
    for process, (name, title, what) in titles.items():
        row = by_process.get(process)
        in_time, due = (row.in_timescale or 0, row.due or 0) if row else (0, 0)
        every, children = (row.children_all_in_timescale or 0, row.children or 0) if row else (0, 0)
        yield share(
            f"{name}.in-timescale", f"{title} due that were held in timescale", in_time, due
        )
        yield share(
            f"{name}.children-all", f"Children all of whose {what} were in time", every, children
        )


def _meetings_only(found: Ledger) -> Ledger:
    return found._replace(duties=[one for one in found.duties if one.is_meeting])


def _conferences(ledger: Ledger, found: Ledger) -> MeasureRow:
    """Count initial conferences by the day they were held, as the Department does."""
    met = {
        (one.child, one.held): one.status
        for one in ledger.duties
        if one.rule.id == INITIAL and one.held and one.status != NOT_REQUIRED
    }
    # The Department counts a conference in the year in which it was held, even if its fifteen
    # days ended in the year before.  So a duty is looked up by the day of its meeting.
    held = [met.get((one.child, one.on)) for one in found.meetings if one.timescale == INITIAL]
    timed = [status for status in held if status]
    without = len(held) - len(timed)
    note = "by the day the conference was held, as the Department counts"
    if without:
        note += (
            f"; {counted(without, 'conference')} without a strategy discussion that began "
            "enquiries left out"
        )
    return share(
        "conferences.initial",
        "Initial conferences held in timescale",
        sum(status == IN_TIMESCALE for status in timed),
        len(timed),
        note,
    )


def plan_day(period: Period, as_of: date) -> date:
    """Return the day on which the protection plans of a period are counted."""
    return min(period.last, as_of)


def plans_counted(plans: Iterable[PlanState]) -> tuple[int, int, int]:
    """Return how many plans were reviewed in time, how many count, and how many are not known."""
    counting = [plan for plan in plans if plan.counts]
    known = [plan for plan in counting if plan.reviewed is not None]
    return sum(bool(plan.reviewed) for plan in known), len(known), len(counting) - len(known)


def _plans(ledger: Ledger, period: Period, as_of: date) -> MeasureRow:
    day = plan_day(period, as_of)
    part, whole, unknown = plans_counted(ledger.plans.get(day, ()))
    note = f"plans open on {spoken_short(day)} whose first review was due by then"
    if unknown:
        note += f"; {counted(unknown, 'plan')} whose start or reviews are not known left out"
    title = "Protection plans with every review in time"
    return share("plans.reviewed", title, part, whole, note)


def participation(found: Ledger, process: str = LOOKED_AFTER) -> dict[str, int]:
    """Return the looked-after reviews held, by participation code."""
    counts = dict.fromkeys([*PARTICIPATION, NOT_RECORDED], 0)
    for one in found.meetings:
        if one.process == process:
            counts[one.participation if one.participation in counts else NOT_RECORDED] += 1
    return counts


def _voice(found: Ledger) -> Iterable[MeasureRow]:
    counts = participation(found)
    # PN0 is the code for a child under four, and says neither whether views were put nor whether
    # the child attended.
    coded = sum(n for code, n in counts.items() if code not in (UNDER_FOUR, NOT_RECORDED))
    blank = counts[NOT_RECORDED]
    note = "of reviews held, for children of four and over with a code"
    if blank:
        note += f"; {counted(blank, 'review')} without a code left out"
    put, attended = (sum(counts[code] for code in codes) for codes in (VIEWS_PUT, TOOK_PART))
    yield share("voice.views-put", "Reviews at which the child's views were put", put, coded, note)
    yield share("voice.attended", "Reviews that the child attended", attended, coded, note)
    whole = sum(counts.values())
    for code, number in counts.items():
        title = f"{code}: {PARTICIPATION[code]}" if code in PARTICIPATION else "No code recorded"
        name = code if code in PARTICIPATION else "none"
        yield share(f"voice.{name}", title, number, whole)


def _records(found: Ledger, shown: Watchlist, catalogue: Catalogue) -> Iterable[MeasureRow]:
    for rule in catalogue.rules.values():
        if rule.group != RECORDS or rule.beside:
            continue
        name = f"records.{rule.id}"
        # Nobody records what is not watched.  A rate of zero would say that no record was ever
        # written.
        if not (shown.everything or catalogue.is_shown(rule) or rule.id in shown.watched):
            note = f"not watched: `iro watch add {rule.id} --from DATE` counts it"
            yield MeasureRow(name, rule.title, None, None, None, note)
            continue
        duties = [one for one in found.duties if one.rule.id == rule.id and one.status in JUDGED]
        in_time = sum(one.status == IN_TIMESCALE for one in duties)
        yield share(name, f"{rule.title}, in time", in_time, len(duties))


def disputes_open(ledger: Ledger) -> list[Duty]:
    """Return the disputes that are open on the as-of day."""
    return [
        one
        for one in ledger.duties
        if one.process == DISPUTE
        and not one.rule.beside
        and one.status in (OUTSTANDING, NOT_YET_DUE)
    ]


def _disputes(ledger: Ledger, found: Ledger, period: Period, as_of: date) -> Iterable[MeasureRow]:
    every = [one for one in ledger.duties if one.process == DISPUTE and not one.rule.beside]
    raised = sum(period.has(one.started) for one in every)
    closed = [one for one in every if period.has(one.held)]
    waiting = disputes_open(ledger)
    past = sum(one.status == OUTSTANDING for one in waiting)
    due = [one for one in found.duties if one.process == DISPUTE and one.status in JUDGED]
    in_time = sum(one.status == IN_TIMESCALE for one in due if not one.rule.beside)
    yield MeasureRow("disputes.raised", "Formal disputes raised", raised, None, None)
    yield MeasureRow("disputes.resolved", "Formal disputes resolved", len(closed), None, None)
    yield share(
        "disputes.in-timescale", "Formal disputes due that were resolved in time", in_time, len(due)
    )
    yield share(
        "disputes.past",
        "Formal disputes open, and how many are past their limit",
        past,
        len(waiting),
        f"open on {spoken_short(as_of)}",
    )


# The measures that say the same as a row of the figures, each with the name of that row.
_REPEATED = {
    "looked-after.in-timescale": LOOKED_AFTER,
    "looked-after.children-all": LOOKED_AFTER,
    "conferences.in-timescale": PROTECTION,
    "conferences.children-all": PROTECTION,
    "conferences.initial": INITIAL,
    "disputes.in-timescale": DISPUTE,
}
# The measures that add up participation codes.
_OF_CODES = ("voice.views-put", "voice.attended")


def _blank(row: MeasureRow, whole: int | None) -> MeasureRow:
    return MeasureRow(row.measure, row.title, None, whole, None, "kept back", suppressed=True)


def without_small(
    rows: Sequence[MeasureRow], ledger: Ledger, processes: Mapping[str, str], least: int
) -> list[MeasureRow]:
    """
    Return measures with small numbers kept back.

    A measure that repeats a row of the figures is kept back if that row is.  Otherwise the number
    could be read here, or worked out from both.

    Args:
        rows: The measures.
        ledger: The duties of the period.
        processes: By timescale, the process of each.
        least: The smallest count that is shown, apart from zero.
    """
    figures_kept = _figures_kept_back(ledger, processes, least)
    codes = [row for row in rows if _is_code(row)]
    codes_kept = _codes_kept_back(codes, least)
    found = []
    for row in rows:
        repeated = _REPEATED.get(row.measure, row.measure.removeprefix("records."))
        if repeated in figures_kept or row.measure in codes_kept:
            found.append(_blank(row, None))
        elif row in codes:
            found.append(row)
        elif row.measure in _OF_CODES and codes_kept:
            found.append(_blank(row, None))
        else:
            found.append(_without_small_part(row, least))
    return found


def _figures_kept_back(ledger: Ledger, processes: Mapping[str, str], least: int) -> set[str]:
    """Return the processes and timescales whose figures are kept back."""
    by_process = suppressed(figures(ledger, "process"), least)
    by_rule = suppressed_timescales(figures(ledger, "timescale"), by_process, processes, least)
    return {row.name for row in (*by_process.rows, *by_rule.rows) if row.suppressed}


def _is_code(row: MeasureRow) -> bool:
    """Say whether it counts the reviews of one participation code."""
    return row.measure.startswith("voice.") and row.measure not in _OF_CODES


def _codes_kept_back(codes: Sequence[MeasureRow], least: int) -> set[str]:
    """Return the codes to keep back; all codes add up to the number of reviews, which is shown."""
    kept = kept_back([(row.part or 0,) for row in codes], least)
    return {row.measure for place, row in enumerate(codes) if kept.total or place in kept.rows}


def _without_small_part(row: MeasureRow, least: int) -> MeasureRow:
    """Keep a measure back if its part is small, or if the rest of its whole is."""
    part, whole = row.part or 0, row.whole
    rest = 0 if whole is None else whole - part
    if not is_small(part, least) and not is_small(rest, least):
        return row
    return _blank(row, None if is_small(whole or 0, least) else whole)
