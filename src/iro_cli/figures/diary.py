"""Make a diary for everything not booked: spread out, as late as is safe, nothing too late."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta

from iro_cli.figures.availability import Availability, Hindrance, visit_of
from iro_cli.figures.solving import Job, Room, cheapest
from iro_cli.lean import Any, NamedTuple
from iro_cli.obligations.ahead import MeetingDue, held
from iro_cli.obligations.reasons import Refusal

# What a day costs, in halves of a day lost.  A late day costs more than anything else, and one
# meeting that is late without need costs more than all the late days of another meeting.
_LOST = 2
_SPARED = 20
_FURTHER_VISIT = 14
_LATE_DAY = 1_000
_LATE = 1_000_000
_WITHOUT_A_DAY = 100_000_000


class AskedDiary(NamedTuple):
    """
    What ``iro suggest`` was asked.

    Attributes:
        iros: The people whose diaries are wanted; everybody if nobody is named.
        per_day: How many meetings a person holds in a day, with those that are booked.
        first: The first day that may be used (inclusive).
        last: The last day (inclusive); what has to be held later is left out.
        spare: How many working days to keep free before the last working day, if possible.
        watched_all: Whether to plan every timescale, even those that are not shown.
    """

    iros: tuple[str, ...]
    per_day: int
    first: date
    last: date | None = None
    spare: int = 5
    watched_all: bool = False


class NoPlaceUpTo(NamedTuple):
    """There is no place left up to the last day that may be used."""

    last: date


class TooSoon(NamedTuple):
    """It had to be held before the first day that may be used."""

    hold_by: date


class NoPlace(NamedTuple):
    """There is no place on any day that would be in time; *taken* says why, and on which days."""

    taken: tuple[tuple[Hindrance | None, tuple[date, ...]], ...]


class TooFewPlaces(NamedTuple):
    """More meetings have to be held by a day than there are places."""

    meetings: int
    places: int
    hold_by: date


# Why a meeting is late in a diary, or has no day.
Crowded = NoPlaceUpTo | TooSoon | NoPlace | TooFewPlaces


class SuggestedRow(NamedTuple):
    """
    One unbooked meeting, and the day that is proposed for it.

    Attributes:
        meeting: The meeting.
        iro: The IRO or chair whose diary it is.
        suggested: The day, or ``None`` if there is none.
        reason: Why it is late, or why there is no day; ``None`` if it is in time.
    """

    meeting: MeetingDue
    iro: str
    suggested: date | None
    reason: Crowded | Refusal | None

    @property
    def child(self) -> str:
        """Return the child whose meeting it is."""
        return self.meeting.child.child_id

    @property
    def timescale(self) -> str:
        """Return the id of the rule whose clock it meets."""
        return self.meeting.timescale

    @property
    def clock_started(self) -> date | None:
        """Return the day that clock started."""
        return self.meeting.clock.started

    @property
    def days_before_due(self) -> int | None:
        """Return how many days before its due day it is; negative if it is late."""
        due = self.meeting.due
        return (due - self.suggested).days if due and self.suggested else None

    @property
    def late(self) -> bool:
        """Say whether it is after the day it is due, or has no day."""
        return self.days_before_due is None or self.days_before_due < 0


class Diary(NamedTuple):
    """
    A proposed diary.

    Attributes:
        rows: The meetings in order of day.
        booked: How many meetings are booked already.
        later: How many are left out because they have to be held after the last day.
        nobodys: How many have no IRO or chair, and so are in no diary.
        outgrown: How many are left out because childhood ends before they have to be held.
    """

    rows: list[SuggestedRow]
    booked: int
    later: int
    nobodys: int
    outgrown: int


class _Item(NamedTuple):
    """One meeting to place: it meets one clock of a child, or several at once."""

    meetings: tuple[MeetingDue, ...]
    due: date
    hold_by: date
    begins: date

    @property
    def order(self) -> tuple[date, str, str]:
        return self.hold_by, self.meetings[0].child.child_id, self.meetings[0].timescale


def proposed(
    open_of: Mapping[str, Sequence[MeetingDue]],
    there: Availability,
    asked: AskedDiary,
    library: Any,
) -> tuple[list[SuggestedRow], int]:
    """
    Propose a day for each meeting.

    Args:
        open_of: The meetings of each IRO or chair.
        there: Who is there on which day, and what is booked already.
        asked: What was asked.
        library: The library of the solver.

    Returns:
        The rows in order of day, and how many meetings are left out because they have to be
        held after the last day.
    """
    rows: list[SuggestedRow] = []
    later = 0
    for iro in sorted(open_of, key=lambda name: (name.casefold(), name)):
        planner = _Planner(iro, there, asked, library)
        rows += [
            SuggestedRow(one, iro, None, one.refusal) for one in open_of[iro] if one.due is None
        ]
        items = _items(open_of[iro])
        within = [one for one in items if asked.last is None or one.hold_by <= asked.last]
        later += sum(len(one.meetings) for one in items) - sum(len(o.meetings) for o in within)
        rows += planner.rows(within)
    rows.sort(
        key=lambda row: (
            row.suggested or date.max,
            row.meeting.due or date.max,
            row.child,
            row.timescale,
        )
    )
    return rows, later


def _items(meetings: Iterable[MeetingDue]) -> list[_Item]:
    """Put together what one meeting meets, such as an adjourned review and the next review."""
    groups: list[list[MeetingDue]] = []
    for meeting in meetings:
        if meeting.due is None or meeting.hold_by is None:
            continue
        same = next(
            (
                group
                for group in groups
                if group[0].child == meeting.child and _same_event(group[0], meeting)
            ),
            None,
        )
        if same:
            same.append(meeting)
        else:
            groups.append([meeting])
    return sorted((_item(group) for group in groups), key=lambda one: one.order)


def _same_event(one: MeetingDue, other: MeetingDue) -> bool:
    mine, theirs = (held(meeting, date.min) for meeting in (one, other))
    return mine is not None and theirs is not None and mine.event == theirs.event


def is_met_by(meeting: MeetingDue, booked: Iterable[MeetingDue], first: date) -> bool:
    """
    Say whether a meeting that is booked for another clock meets this one too.

    It has to be booked in time for this one.  If this one was due before *first*, no day is in
    time any more, and any booking will do.

    Args:
        meeting: The meeting that is not booked itself.
        booked: The child's meetings that are booked for other clocks.
        first: The first day that may be used.
    """
    due = meeting.due
    return due is not None and any(
        _same_event(one, meeting) and one.booked is not None and (one.booked <= due or due < first)
        for one in booked
    )


def _item(group: Sequence[MeetingDue]) -> _Item:
    starts = [one.clock.started + timedelta(days=1) for one in group if one.clock.started]
    return _Item(
        tuple(group),
        min(one.due for one in group if one.due),
        min(one.hold_by for one in group if one.hold_by),
        max([*starts, *(one.not_before for one in group if one.not_before)], default=date.min),
    )


class _Planner:
    """Find the days for the meetings of one person."""

    def __init__(self, name: str, there: Availability, asked: AskedDiary, library: Any) -> None:
        self._name, self._there, self._asked, self._library = name, there, asked, library
        self._rooms: dict[date, Room] = {}

    def rows(self, items: Sequence[_Item]) -> Iterator[SuggestedRow]:
        """Yield each meeting with its day, or with why there is none."""
        # In time for all if that is possible.  Only if not, days after the limits may be used.
        found = self._solved(items, late=False)
        if found is None:
            found = self._solved(items, late=True)
        days = found or [None] * len(items)
        for item, number in zip(items, days, strict=True):
            day = date.fromordinal(number) if number else None
            reason = self._reason(item, items, day) if day is None or day > item.due else None
            for meeting in item.meetings:
                row = SuggestedRow(meeting, self._name, day, reason)
                # A meeting that meets two clocks may be late for only one of them.
                yield row if row.late else row._replace(reason=None)

    def _solved(self, items: Sequence[_Item], *, late: bool) -> list[int | None] | None:
        jobs = [
            Job(
                self._costs(item, len(items), late=late),
                visit_of(item.meetings[0]),
                _WITHOUT_A_DAY if late else None,
            )
            for item in items
        ]
        rooms = {day.toordinal(): room for day, room in self._rooms.items()}
        return cheapest(self._library, jobs, rooms, _FURTHER_VISIT)

    def _room(self, day: date) -> Room:
        """Return the room of a day; it has no places if the person is not there."""
        room = self._rooms.get(day)
        if room is None:
            places = 0
            works = self._there.calendar.is_working_day(day)
            if works and self._there.why_not(self._name, day) is None:
                places = max(0, self._asked.per_day - self._there.booked(self._name, day))
            room = Room(places, frozenset(self._there.visits(self._name, day)))
            self._rooms[day] = room
        return room

    def _days(self, start: date, end: date, most: int) -> Iterator[date]:
        """
        Yield the days with room from one to another, until enough of them are entirely free.

        If there are as many free days as meetings, each meeting finds one among them.  Days
        further away cost more and need not be looked at: the answer is still the best.
        """
        step = timedelta(days=1 if end >= start else -1)
        day, free = start, 0
        while free < most and (day <= end if step.days > 0 else day >= end):
            room = self._room(day)
            if room.places:
                yield day
                free += not room.families
            day += step

    def _costs(self, item: _Item, most: int, *, late: bool) -> dict[int, int]:
        """Return the cost of each day on which a meeting may be held, by the day's number."""
        first = max(self._asked.first, item.begins)
        costs: dict[int, int] = {}
        # In time: the later the day, the cheaper, up to the spare days before the last lawful day,
        # which are kept free for a meeting that has to be moved.
        if item.hold_by >= first:
            # Up to the aim, each day sooner loses a day, because the next review is due sooner
            # too.  After the aim, each working day also uses up one of the spare ones.
            aim = self._there.calendar.add(item.hold_by, -self._asked.spare)
            after = max(first, aim + timedelta(days=1))
            if aim >= first:
                for day in self._days(aim, first, most):
                    costs[day.toordinal()] = _LOST * (item.due - day).days
            for number in range((item.hold_by - after).days + 1):
                day = after + timedelta(days=number)
                if self._room(day).places:
                    spared = _SPARED * self._there.calendar.between(aim, day)
                    costs[day.toordinal()] = _LOST * (item.due - day).days + spared
        # Late: each day costs much more than any day lost, and being late although it need not be
        # costs more than any number of late days.
        if late or item.hold_by < first:
            begins = max(first, item.hold_by + timedelta(days=1))
            last = self._asked.last or self._there.calendar.known_to
            # A meeting that is late anyway pays for its days only; for one that could be in time,
            # being late at all is what costs most.
            need_not_be = _LATE if item.hold_by >= first else 0
            for day in self._days(begins, last, most) if begins <= last else ():
                costs[day.toordinal()] = need_not_be + _LATE_DAY * (day - begins).days
        return costs

    def _reason(self, item: _Item, items: Sequence[_Item], day: date | None) -> Crowded:
        """Return why a meeting is late, or has no day."""
        first = max(self._asked.first, item.begins)
        if day is None and self._asked.last:
            return NoPlaceUpTo(self._asked.last)
        if item.hold_by < first:
            return TooSoon(item.hold_by)
        days = list(self._there.working_days(first, item.hold_by))
        places = sum(self._room(one).places for one in days)
        if not places:
            taken: dict[Hindrance | None, list[date]] = {}
            for one in days:
                why = self._there.why_not(self._name, one) or self._there.full(
                    self._name, one, self._asked.per_day
                )
                taken.setdefault(why, []).append(one)
            return NoPlace(tuple((why, tuple(those)) for why, those in taken.items()))
        due = sum(one.hold_by <= item.hold_by for one in items)
        return TooFewPlaces(due, places, item.hold_by)
