"""Words that several pages have in common."""

from datetime import date

from iro_cli.dates.words import counted, spoken
from iro_cli.law.catalogue import Catalogue
from iro_cli.law.model import CHECKED

NATIONS = {
    "england": "England",
    "wales": "Wales",
    "scotland": "Scotland",
    "northern-ireland": "Northern Ireland",
}
# What caseloads and forecasts are counted by.
GROUPS = {"iro": "IRO or chair", "team": "Team", "process": "Process"}


def day(value: date | None, without: str = "-") -> str:
    """Write a day for people, or what stands where there is none."""
    return spoken(value) if value else without


def when_words(days: int | None) -> str:
    """
    Say how far off a due date is.

    The word stands beside the date, so that colour never carries it alone.
    """
    if days is None:
        return "refused"
    if days == 0:
        return "today"
    return f"{counted(-days, 'day')} late" if days < 0 else f"in {counted(days, 'day')}"


def handbook_words(catalogue: Catalogue) -> str | None:
    """Say how many children guidance expects of a full-time IRO, and where it says so."""
    guidance = catalogue.caseload
    if guidance is None:
        return None
    source = CHECKED[guidance.checked]
    return (
        f"Handbook: {guidance.lowest} to {guidance.highest} looked-after children for a "
        f"full-time IRO ({guidance.citation.instrument}, {guidance.citation.provision}"
        f"{'; ' + source if source else ''})"
    )
