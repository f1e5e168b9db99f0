"""Answer questions about IROs and chairs: hours, caseloads, absences, and their booked meetings."""

from collections.abc import Collection, Iterable, Mapping
from datetime import date

from iro_cli.facts.people import Absence, Person, of_name, on_day
from iro_cli.figures.availability import Availability
from iro_cli.figures.case import UNALLOCATED
from iro_cli.law.model import Guidance
from iro_cli.lean import NamedTuple
from iro_cli.obligations.listing import DueRow, soonest_first
from iro_cli.questions.caseload import caseload
from iro_cli.questions.due import AskedDue, open_obligations
from iro_cli.questions.holding import CHAIR, CONFERENCES, IRO
from iro_cli.questions.view import View


class PersonLine(NamedTuple):
    """
    One person on one day.

    Attributes:
        name: As in allocations.
        recorded: Whether they are recorded with `iro person add`.
        full_time_equivalent: 1 is full time; ``None`` if nobody has said.
        from_on: The first day of these hours (inclusive); ``None`` if nobody has said.
        to_on: The last day of these hours (inclusive); ``None`` if nobody has said.
        manages: The team they manage.
        children: How many children they hold, counted as in a caseload.
        looked_after: How many of them are looked after.
        lowest: The lower number of the IRO Handbook times the full-time equivalent; ``None`` if
            the hours are not known.
        highest: The upper number times the full-time equivalent; ``None`` likewise.
        absences: When they are away, now or later, as ``from/to``.
    """

    name: str
    recorded: bool
    full_time_equivalent: float | None
    from_on: date | None
    to_on: date | None
    manages: str | None
    children: int
    looked_after: int
    lowest: float | None
    highest: float | None
    absences: tuple[str, ...]


def person_lines(view: View, *, everybody: bool = False) -> list[PersonLine]:
    """
    Return the people who hold children or are recorded, on the as-of day.

    Args:
        view: The store, the rules and the day.
        everybody: Whether to include those who have left or have not begun.

    Returns:
        The people in order of name.
    """
    on = view.as_of
    found = caseload(view)
    counts = {row.name: row.children for row in found.rows if row.name != UNALLOCATED}
    recorded = view.reader.people()
    away = view.reader.absences()
    names = {one.casefold(): one for one in counts} | {
        one.name.casefold(): one.name for one in recorded
    }
    lines = []
    for folded, name in sorted(names.items()):
        rows = of_name(recorded, name)
        now = on_day(rows, on)
        held = [one for one in counts if one.casefold() == folded]
        if rows and not now and not held and not everybody:
            continue
        shown = now or (rows[-1] if rows else Person(name))
        lines.append(
            PersonLine(
                shown.name,
                bool(rows),
                shown.full_time_equivalent,
                shown.from_on,
                shown.to_on,
                shown.manages,
                sum(counts[one] for one in held),
                sum(found.looked_after.get(one, 0) for one in held),
                *_guided(view.catalogue.caseload, shown.full_time_equivalent),
                _absent(away, folded, on),
            )
        )
    return lines


def _guided(guide: Guidance | None, part: float | None) -> tuple[float | None, float | None]:
    """Return the numbers of children that guidance expects, for a part of a full-time post."""
    if guide is None or part is None:
        return None, None
    return round(guide.lowest * part, 1), round(guide.highest * part, 1)


def _absent(away: Iterable[Absence], name: str, on: date) -> tuple[str, ...]:
    """Return a person's absences that are not over on a day; *name* is in small letters."""
    return tuple(
        f"{one.from_on}/{one.to_on}"
        for one in away
        if one.name.casefold() == name and one.to_on >= on
    )


def absences_of(view: View, name: str | None = None, *, past: bool = False) -> list[Absence]:
    """Return absences, of one person or everybody: those not over on the day, or all of them."""
    return [
        one
        for one in view.reader.absences()
        if (past or one.to_on >= view.as_of)
        and (name is None or one.name.casefold() == name.casefold())
    ]


def booked_with(view: View, name: str, begins: date) -> list[tuple[str, DueRow]]:
    """Return the meetings booked with a person from a day on, each with the person's role."""
    holders, made = view.reader.holders(view.as_of), view.reader.bookings()
    asked = AskedDue(everything=True, iro=name, watched_all=True)
    return [
        (
            CHAIR if row.process == CONFERENCES and (row.child, CHAIR) in holders else IRO,
            row,
        )
        for row in open_obligations(view, asked)
        if row.booked is not None
        and row.booked >= begins
        # A local marker shows the booking of the timescale it stands beside.
        and (row.child, row.timescale, row.clock_started) in made
    ]


def falling_into(view: View, away: Absence) -> list[DueRow]:
    """Return a person's open meetings that are booked, or else to be held, during an absence."""
    asked = AskedDue(everything=True, iro=away.name)
    return [
        row
        for row in open_obligations(view, asked)
        if (on := row.booked or row.hold_by) and away.from_on <= on <= away.to_on
    ]


def taken_over(view: View, moved: Mapping[str, Collection[str]]) -> list[DueRow]:
    """
    Return what is open for the children whom somebody takes over, soonest first.

    Args:
        view: The store, the rules and the day.
        moved: The children by role.  A chair takes over the conferences.  An IRO takes over the
            rest, and the conferences too if the child has no chair.
    """
    shown = view.shown()
    listing, children = view.listing(shown), set[str]().union(*moved.values())
    bookings = view.reader.bookings(children)
    rows = []
    for case in view.cases(shown, children, keep_met=False):
        child = case.child.child_id
        chair = CHAIR if (child, CHAIR) in case.holders or child in moved.get(CHAIR, ()) else IRO
        rows += [
            row
            for row in listing.open_rows(
                case.child, case.clocks.open, case.events, case.holders, bookings
            )
            if child in moved.get(chair if row.process == CONFERENCES else IRO, ())
        ]
    return sorted(rows, key=soonest_first)


def availability(view: View) -> Availability:
    """Return who is there on which day, with nothing booked yet."""
    return Availability(view.reader.people(), view.reader.absences(), view.calendar)
