"""Count the caseload on a day, by IRO, team or process."""

from iro_cli.figures.caseload import CaseloadCount, Caseloads
from iro_cli.figures.gathering import Gatherer
from iro_cli.figures.periods import last_year_to
from iro_cli.figures.whose import Filters
from iro_cli.law.catalogue import Watchlist
from iro_cli.questions.view import View
from iro_cli.store.reading import Only


def caseload(
    view: View, by: str = "iro", *, watched_all: bool = False, only: Filters | None = None
) -> Caseloads:
    """
    Count each caseload: what is open now, and how timely the last twelve months were.

    Args:
        view: The store, the rules and the day.
        by: ``iro``, ``team`` or ``process``.
        watched_all: Whether to count every timescale, even those that are not shown.
        only: Only these: an IRO's or chair's name, a team, a process.

    Returns:
        The rows in order of name, with what is allocated to nobody last.
    """
    shown = view.shown(everything=watched_all)
    wanted = only or {}
    iro = wanted.get("iro")
    among = view.among(iros=(iro,) if iro else (), team=wanted.get("team") or None)
    count = caseload_count(view, shown, by, wanted, among)
    for case in view.counted(shown, among):
        count.add(case, count.gatherer.met(case))
    return count.caseloads()


def caseload_count(
    view: View, shown: Watchlist, by: str, wanted: Filters, among: Only = None
) -> CaseloadCount:
    """
    Return what counts caseloads, for children who are read anyway.

    Args:
        view: As in :func:`caseload`.
        shown: The timescales that are counted.
        by: As in :func:`caseload`.
        wanted: As *only* in :func:`caseload`.
        among: The children who will be counted; all by default.
    """
    gatherer = Gatherer(
        view.listing(shown),
        view.engines(shown).of,
        view.reader.bookings(among),
        last_year_to(view.as_of),
    )
    return CaseloadCount(gatherer, by, wanted)
