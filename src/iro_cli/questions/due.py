"""What is open, and what is overdue."""

from typing import NamedTuple

from iro_cli.obligations.listing import LATER, OVERDUE, REFUSED, DueRow, soonest_first
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
    timescales: frozenset[str] | None = None


class Listed(NamedTuple):
    """
    The rows that were asked for, and those that were not.

    Attributes:
        rows: The open obligations, soonest first.
        left_out: How many others match the filters, by why they are not listed: ``later``
            than was asked for, or ``without_date`` where only what is overdue is listed.
    """

    rows: list[DueRow]
    left_out: dict[str, int]


def open_obligations(view: View, asked: Asked) -> list[DueRow]:
    """
    Return the open obligations that were asked for, soonest first.

    Raises:
        InputRefusedError: The child asked for is unknown.
    """
    return listed(view, asked).rows


def listed(view: View, asked: Asked) -> Listed:
    """
    Return the open obligations that were asked for, and how many were left out.

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
    if asked.timescales is not None:
        rows = [row for row in rows if row.timescale in asked.timescales]
    if asked.unbooked:
        rows = [row for row in rows if row.booked is None]
    for field in ("iro", "team", "process"):
        value = getattr(asked, field)
        if value is not None:
            folded = value.casefold()
            rows = [row for row in rows if (getattr(row, field) or "").casefold() == folded]
    if asked.only_overdue:
        without = sum(row.status == REFUSED for row in rows)
        left_out = {"without_date": without}
        rows = [row for row in rows if row.status == OVERDUE]
    else:
        every = len(rows)
        if not asked.everything:
            rows = [row for row in rows if row.status != LATER]
        left_out = {"later": every - len(rows)}
    rows.sort(key=soonest_first)
    return Listed(rows, left_out)
