"""List open and overdue obligations."""

from iro_cli.errors import InputRefusedError
from iro_cli.lean import TYPE_CHECKING, NamedTuple
from iro_cli.obligations.listing import LATER, OVERDUE, REFUSED, DueRow, all_soonest_first
from iro_cli.questions.view import Horizon, View

if TYPE_CHECKING:
    from collections.abc import Mapping


class AskedDue(NamedTuple):
    """
    What ``iro due`` was asked; a filter that is left out lets everything through.

    Attributes:
        within: How far ahead to look.
        everything: Whether to list everything that is open, however far ahead.
        iro: Only what this IRO or chair answers for.
        team: Only this team's.
        process: Only this process.
        child: Only this child's.
        timescales: Only these timescales, by id or by the name of a group.
        unbooked: Whether to list only what has no meeting booked.
        watched_all: Whether to list every timescale, even those that are not shown.
        only_overdue: Whether to list only what is overdue.
        words: Only rows that have every one of these words.
    """

    within: Horizon = Horizon()
    everything: bool = False
    iro: str | None = None
    team: str | None = None
    process: str | None = None
    child: str | None = None
    timescales: tuple[str, ...] = ()
    unbooked: bool = False
    watched_all: bool = False
    only_overdue: bool = False
    words: tuple[str, ...] = ()


class Listed(NamedTuple):
    """
    The rows that were asked for, and what was left out.

    Attributes:
        rows: The open obligations, soonest first.
        left_out: How many others match the filters, by the reason why they are not listed:
            ``later`` than was asked for, or, if only what is overdue is listed, ``without_date``.
        nowhere: The words that are in no open row at all.
        planned: Of the rows left out as later, those with a booked meeting.
    """

    rows: list[DueRow]
    left_out: dict[str, int]
    nowhere: tuple[str, ...] = ()
    planned: tuple[DueRow, ...] = ()


def open_obligations(view: View, asked: AskedDue) -> list[DueRow]:
    """
    Return the open obligations that were asked for, soonest first.

    Raises:
        InputRefusedError: The child asked for is unknown.
    """
    return listed(view, asked).rows


def listed(view: View, asked: AskedDue) -> Listed:
    """
    Return the open obligations that were asked for, and how many were left out.

    Raises:
        InputRefusedError: The child asked for is unknown, or the timescale is not shown.
    """
    if asked.child is not None:
        from iro_cli.questions.naming import child_named  # noqa: PLC0415 - if one is named

        asked = asked._replace(child=child_named(view.reader, asked.child))
    timescales = _timescales(view, asked)
    shown = view.shown(everything=asked.watched_all)
    listing = view.listing(shown, asked.within)
    iros = (asked.iro,) if asked.iro is not None else ()
    only = view.among(
        child=asked.child,
        iros=iros,
        team=asked.team,
        process=asked.process,
        timescales=timescales,
    )
    bookings = view.reader.bookings(only)
    labels = view.reader.labels() if asked.words else {}
    rows: list[DueRow] = []
    for case in view.cases(shown, only, keep_met=False):
        rows += listing.open_rows(case.child, case.clocks.open, case.events, case.holders, bookings)
    rows = _wanted(rows, asked, timescales)
    nowhere: tuple[str, ...] = ()
    if asked.words:
        rows, nowhere = _with_words(rows, asked.words, labels)
    planned: tuple[DueRow, ...] = ()
    if asked.only_overdue:
        without = sum(row.status == REFUSED for row in rows)
        left_out = {"without_date": without}
        rows = [row for row in rows if row.status == OVERDUE]
    else:
        every = len(rows)
        if not asked.everything:
            planned = tuple(row for row in rows if row.status == LATER and row.booked)
            rows = [row for row in rows if row.status != LATER]
        left_out = {"later": every - len(rows)}
    return Listed(all_soonest_first(rows), left_out, nowhere, planned)


def _with_words(
    rows: list[DueRow], words: tuple[str, ...], labels: "Mapping[str, str]"
) -> tuple[list[DueRow], tuple[str, ...]]:
    """Return the rows that have every word, and the words that no row has."""
    wanted = [(word, word.casefold()) for word in words]
    said = [
        "\n".join(
            one.casefold()
            for one in (
                *(row.child, labels.get(row.child), row.iro, row.team, row.process, row.title),
            )
            if one
        )
        for row in rows
    ]
    found = [
        row
        for row, text in zip(rows, said, strict=True)
        if all(folded in text for _, folded in wanted)
    ]
    nowhere = tuple(word for word, folded in wanted if not any(folded in text for text in said))
    return found, nowhere


def _wanted(rows: list[DueRow], asked: AskedDue, timescales: frozenset[str]) -> list[DueRow]:
    """Return the rows that pass the filters, whatever their status."""
    if asked.timescales:
        rows = [row for row in rows if row.timescale in timescales]
    if asked.unbooked:
        rows = [row for row in rows if row.booked is None]
    for field in ("iro", "team", "process"):
        value = getattr(asked, field)
        if value is not None:
            folded = value.casefold()
            rows = [row for row in rows if (getattr(row, field) or "").casefold() == folded]
    return rows


def _timescales(view: View, asked: AskedDue) -> frozenset[str]:
    """
    Return the ids of the timescales that were asked for, by id or by group.

    Raises:
        InputRefusedError: There is no such timescale, or it is not shown.  An empty list would
            look like good news.
    """
    found: set[str] = set()
    for name in asked.timescales:
        ids, rules = view.catalogue.group(name), view.catalogue.rules
        on = [one for one in ids if view.catalogue.is_shown(rules[one]) or one in view.watched]
        if not on and not asked.watched_all:
            raise InputRefusedError(
                f"--timescale {name}: not shown, because nobody turned it on; `iro watch add "
                f"{name} --from DATE` does, and --watched all shows everything once"
            )
        found.update(ids)
    return frozenset(found)
