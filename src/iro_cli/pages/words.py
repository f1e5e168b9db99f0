"""Words that several pages share."""

from datetime import date

from iro_cli.dates.words import counted, spoken
from iro_cli.law.catalogue import Catalogue
from iro_cli.law.model import CHECKED
from iro_cli.lean import TYPE_CHECKING

if TYPE_CHECKING:
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

    >>> percent(0.9996), percent(1.0), percent(0.0002), percent(0.5), percent(None)
    ('99.9%', '100%', '0.1%', '50.0%', '-')
    """
    if rate is None:
        return "-"
    if rate in (0, 1):
        return f"{rate:.0%}"
    return f"{min(max(100 * rate, 0.1), 99.9):.1f}%"


def number(value: float | None) -> str:
    """Return a number as text for people."""
    return "-" if value is None else f"{value:,g}"


def status_words(status: str) -> str:
    """Return the words for what became of something late."""
    return _STATUS.get(status, status)


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
