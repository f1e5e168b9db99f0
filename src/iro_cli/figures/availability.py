"""Work out on which days an IRO or chair can hold a meeting."""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta

from iro_cli.dates.working import WorkingCalendar
from iro_cli.facts.model import Bookings
from iro_cli.facts.people import (
    Absence,
    NotInPost,
    Person,
    covers,
    not_in_post,
    of_name,
    on_day,
)
from iro_cli.figures.case import Case
from iro_cli.lean import NamedTuple
from iro_cli.obligations.ahead import CHAIRED, MeetingDue, meetings_of
from iro_cli.obligations.open import Obligations

_NOBODY = ""


class Away(NamedTuple):
    """A person is away, with the reason if one is recorded."""

    name: str
    reason: str | None


class Full(NamedTuple):
    """A person has as many meetings on a day as they hold in one day."""

    name: str
    booked: int


# Why a person cannot hold a meeting on a day.
Hindrance = Away | Full | NotInPost


class Availability:
    """
    Find out who is there on which day, and how many meetings they have already.

    Args:
        staff: What is recorded about IROs and chairs.  A person who is not in it is taken to be
            always in post.
        away: Their absences.
        calendar: The working days.
    """

    def __init__(
        self, staff: Iterable[Person], away: Iterable[Absence], calendar: WorkingCalendar
    ) -> None:
        """Start with nothing booked."""
        self.calendar = calendar
        self._staff = list(staff)
        self._known: dict[str, list[Person]] = {}
        self._away: dict[str, list[Absence]] = {}
        self._booked: dict[tuple[str, date], set[tuple[str, str, str]]] = {}
        for one in away:
            self._away.setdefault(one.name.casefold(), []).append(one)

    def _rows(self, name: str) -> list[Person]:
        rows = self._known.get(name)
        if rows is None:
            rows = self._known[name] = of_name(self._staff, name)
        return rows

    def full_time_equivalent(self, name: str, on: date) -> float | None:
        """Return a person's hours on a day: 1 is full time, ``None`` if nobody has said."""
        rows = self._rows(name)
        found = on_day(rows, on)
        if found is None:
            return 0.0 if rows else None
        return found.full_time_equivalent

    def why_not(self, name: str | None, on: date) -> Away | NotInPost | None:
        """Return why a person is not there on a working day; ``None`` if they are."""
        if name is None:
            return None
        away = next((one for one in self._away.get(name.casefold(), ()) if covers(one, on)), None)
        if away:
            return Away(name, away.reason)
        return not_in_post(self._rows(name), on)

    def book(self, name: str | None, meeting: MeetingDue) -> None:
        """Note a meeting that a person has already; one that meets two clocks counts once."""
        if meeting.booked is not None:
            key = (name or _NOBODY).casefold(), meeting.booked
            what = (visit_of(meeting), meeting.child.child_id, meeting.kind)
            self._booked.setdefault(key, set()).add(what)

    def booked(self, name: str | None, on: date) -> int:
        """Return how many meetings a person has on a day."""
        return len(self._booked.get(((name or _NOBODY).casefold(), on), ()))

    def visits(self, name: str | None, on: date) -> set[str]:
        """Return the families for whom a person has a meeting on a day."""
        return {visit for visit, *_ in self._booked.get(((name or _NOBODY).casefold(), on), ())}

    def full(self, name: str | None, on: date, per_day: int) -> Full | None:
        """Return how many meetings a full day has; ``None`` if there is room for one more."""
        if name is None or self.booked(name, on) < per_day:
            return None
        return Full(name, self.booked(name, on))

    def working_days(self, first: date, last: date) -> Iterator[date]:
        """
        Yield the working days from one day to another, both inclusive.

        Raises:
            CalendarEndsError: The bank holidays of these days are not known.
        """
        for number in range((last - first).days + 1):
            day = first + timedelta(days=number)
            if self.calendar.is_working_day(day):
                yield day

    def days_there(self, name: str, first: date, last: date) -> int:
        """Count a person's working days without their absences, both ends inclusive."""
        return sum(self.why_not(name, day) is None for day in self.working_days(first, last))


def visit_of(meeting: MeetingDue) -> str:
    """Name the family of a meeting: siblings can be seen on one visit, others alone."""
    child = meeting.child
    return f"siblings {child.sibling_group.casefold()}" if child.sibling_group else child.child_id


def chaired(
    cases: Iterable[Case], openings: Obligations, bookings: Bookings
) -> Iterator[tuple[Case, list[MeetingDue]]]:
    """Yield each child with an open review or conference, with all of those it has."""
    for case in cases:
        found = meetings_of(openings, case.child, case.clocks.open, case.events, bookings)
        meetings = [one for one in found if one.kind in CHAIRED]
        if meetings:
            yield case, meetings
