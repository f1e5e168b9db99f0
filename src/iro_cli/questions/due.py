"""What is open, and what is overdue."""

from typing import NamedTuple

from iro_cli.obligations.listing import LATER, OVERDUE, Row, soonest_first
from iro_cli.questions.view import Horizon, View


class Asked(NamedTuple):
    """What ``iro due`` was asked: a filter left ``None`` lets everything through."""

    within: Horizon = Horizon()
    everything: bool = False
    iro: str | None = None
    team: str | None = None
    process: str | None = None
    child: str | None = None
    unbooked: bool = False
    watched_all: bool = False
    only_overdue: bool = False


def open_obligations(view: View, asked: Asked) -> list[Row]:
    """
    Return the open obligations that were asked for, soonest first.

    Raises:
        InputRefusedError: The child asked for is unknown.
    """
    shown = view.shown(everything=asked.watched_all)
    listing = view.listing(shown, asked.within)
    bookings = view.reader.bookings()
    rows = [
        row
        for case in view.cases(shown, asked.child, keep_met=False)
        for row in listing.open_rows(
            case.child, case.clocks.open, case.events, case.holders, bookings
        )
    ]
    if not asked.everything:
        rows = [row for row in rows if row.status != LATER]
    if asked.only_overdue:
        rows = [row for row in rows if row.status == OVERDUE]
    if asked.unbooked:
        rows = [row for row in rows if row.booked is None]
    for field in ("iro", "team", "process"):
        value = getattr(asked, field)
        if value is not None:
            folded = value.casefold()
            rows = [row for row in rows if (getattr(row, field) or "").casefold() == folded]
    rows.sort(key=soonest_first)
    return rows
