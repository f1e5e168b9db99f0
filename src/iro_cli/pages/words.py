"""Words that several pages share."""

from collections.abc import Sequence
from datetime import date

from iro_cli.dates.words import counted, spoken
from iro_cli.figures.rates import half_up
from iro_cli.law.catalogue import Catalogue
from iro_cli.law.model import CHECKED
from iro_cli.lean import TYPE_CHECKING

if TYPE_CHECKING:
    from iro_cli.figures.duties import Undated
    from iro_cli.figures.timeliness import FigureRow

NATIONS = {
    "england": "England",
    "wales": "Wales",
    "scotland": "Scotland",
    "northern-ireland": "Northern Ireland",
}
# The headings for what caseloads and forecasts are counted by.
WHOSE = {"iro": "IRO or chair", "team": "Team", "process": "Process"}
KEPT_BACK = "kept back"
PROVISIONAL = "provisional: bank holidays that far ahead are not confirmed yet"
NO_WORKING_DAY = "< not a working day: hold it by the last working day before"
_STATUS = {
    "out-of-timescale": "held late",
    "outstanding": "not held yet",
    "never-held": "never held",
}


def day(value: date | None, without: str = "-") -> str:
    """Return a day in words, or another text if there is none."""
    return spoken(value) if value else without


def when_words(days: int | None) -> str:
    """
    Say how far off a due date is.

    The words stand beside the date, so that urgency is never shown by colour alone.
    """
    if days is None:
        return "refused"
    if days == 0:
        return "today"
    return f"{counted(-days, 'day')} late" if days < 0 else f"in {counted(days, 'day')}"


def handbook_words(catalogue: Catalogue) -> str | None:
    """Say how many children the guidance expects a full-time IRO to have, with its source."""
    guidance = catalogue.caseload
    if guidance is None:
        return None
    source = CHECKED[guidance.checked]
    return (
        f"Handbook: {guidance.lowest} to {guidance.highest} looked-after children for a "
        f"full-time IRO ({guidance.citation.instrument}, {guidance.citation.provision}"
        f"{'; ' + source if source else ''})"
    )


# ---------------------------------------------------------------- figures


def percent(rate: float | None) -> str:
    """
    Return a rate in per cent; it is never rounded up to 100 % or down to 0 %.

    It is rounded once, half up, from the exact fraction: 13 of 16 is 81.25 %, and 81.3 % here.

    >>> percent(0.9996), percent(1.0), percent(0.0002), percent(0.8125), percent(None)
    ('99.9%', '100%', '0.1%', '81.3%', '-')
    """
    if rate is None:
        return "-"
    part, whole = rate.as_integer_ratio()
    if part in (0, whole):
        return "100%" if part else "0%"
    tenths = min(max(half_up(1000 * part, whole), 1), 999)
    return f"{tenths / 10:.1f}%"


def number(value: float | None) -> str:
    """Return a number as text for people."""
    return "-" if value is None else f"{value:,g}"


def status_words(status: str) -> str:
    """Return the words for what became of something late."""
    return _STATUS.get(status, status)


def undated_words(undated: Sequence["Undated"], least: int = 0) -> str:
    """
    Say how many timescales of a period cannot be judged, or return nothing if there are none.

    Args:
        undated: What cannot be judged.
        least: The smallest count that is shown; if it is not zero, the number is kept back.
    """
    if not undated:
        return ""
    if least:
        return (
            "Some timescales cannot be judged, because it is not known when they were due or "
            "whether they were met; how many is kept back."
        )
    they, were = ("it", "was") if len(undated) == 1 else ("they", "were")
    return (
        f"{_how_many(undated)} cannot be judged, because it is not known when {they} {were} due "
        f"or whether {they} {were} met."
    )


def open_words(undated: Sequence["Undated"]) -> str:
    """Say how many open timescales have no date, or return nothing if there are none."""
    waiting = [one for one in undated if one.is_open]
    if not waiting:
        return ""
    they, have, are = ("it", "has", "is") if len(waiting) == 1 else ("they", "have", "are")
    return (
        f"{_how_many(waiting)} {have} no date: {they} may fall due in these months too, and "
        f"{are} not in these numbers."
    )


def _how_many(undated: Sequence["Undated"]) -> str:
    children = len({one.child for one in undated})
    return f"{counted(len(undated), 'timescale')} of {counted(children, 'child', 'children')}"


def rate_words(row: "FigureRow") -> str:
    """Return the share that was in timescale, with its counts."""
    if row.suppressed and row.in_timescale is None:
        return KEPT_BACK
    return f"{row.in_timescale:,}/{row.due:,} {percent(row.timeliness)}" if row.due else "-"


def count_words(part: int | None, whole: int | None) -> str:
    """Return a count and the whole, such as 3/4."""
    if part is None:
        return "-" if whole is None else f"-/{whole:,}"
    return f"{part:,}" if whole is None else f"{part:,}/{whole:,}"
