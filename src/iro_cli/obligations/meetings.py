"""What there is to hold for a child: one meeting, or one piece of work, for each open clock."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import NamedTuple

from iro_cli.facts.model import Bookings, Child, Event
from iro_cli.law.model import Rule
from iro_cli.obligations.opened import Opened, Openings
from iro_cli.obligations.plan import Clock

REVIEW, CONFERENCE, RECORD, OTHER = "review", "conference", "record", "other"
KINDS = (REVIEW, CONFERENCE, RECORD, OTHER)
# What an IRO or chair convenes and chairs; the rest is work that has no place in a diary.
CHAIRED = (REVIEW, CONFERENCE)


class Meeting(NamedTuple):
    """
    What meets one open clock.

    Attributes:
        child: Whose.
        clock: The clock; a booking is kept under its rule.
        title: What it is called.
        kind: One of :data:`KINDS`.
        due: The last day (inclusive), of several limits the soonest; ``None`` without a date.
        hold_by: The last working day on or before *due*.
        not_before: The first day of a window with two ends.
        booked: The day it is booked for.
        provisional: A bank holiday may yet be proclaimed that moves the date.
        refusal: Why there is no date.
        assumed: What had to be inferred for the date, if anything.
    """

    child: Child
    clock: Clock
    title: str
    kind: str
    due: date | None
    hold_by: date | None
    not_before: date | None = None
    booked: date | None = None
    provisional: bool = False
    refusal: str | None = None
    assumed: str | None = None

    @property
    def timescale(self) -> str:
        """Return the id of the rule whose clock it meets."""
        return self.clock.rule.id

    @property
    def process(self) -> str:
        """Return the process it belongs to."""
        return self.clock.rule.process

    @property
    def key(self) -> tuple[str, date | None, str]:
        """Return what tells it from the child's other meetings."""
        return self.clock.rule.id, self.clock.started, self.clock.key


def kind_of(rule: Rule) -> str:
    """
    Say what kind of work a duty is, by the event that meets it.

    Records have a clock for each meeting that they are of.
    """
    if rule.match == "date" or not rule.met_by:
        return RECORD if rule.match == "date" else OTHER
    parts = rule.met_by[0].event.split(".")
    if CONFERENCE in parts:
        return CONFERENCE
    return REVIEW if REVIEW in parts[1:] else OTHER


def meetings_of(
    openings: Openings,
    child: Child,
    clocks: Iterable[Clock],
    events: Sequence[Event],
    bookings: Bookings | None = None,
) -> list[Meeting]:
    """
    Return what there is to hold for one child, in the order of the clocks.

    A local limit that is shown beside a clock is no meeting of its own: of the
    two the sooner binds.  What only counts back from a booked meeting is left out.

    Args:
        openings: The rules, and what is shown.
        child: The child.
        clocks: Those that are open.
        events: The child's, in order.
        bookings: The planned meetings.
    """
    found: dict[tuple[str, date | None, str], list[Opened]] = {}
    for one in openings.opened(child, clocks, events, bookings):
        if not one.rule.trigger.booked:
            key = (one.clock.rule.id, one.clock.started, one.clock.key)
            found.setdefault(key, []).append(one)
    return [_meeting(child, group) for group in found.values()]


def _meeting(child: Child, group: Sequence[Opened]) -> Meeting:
    dated = [one for one in group if one.due is not None]
    first = group[0]
    kind = kind_of(first.clock.rule)
    booked = first.booking.on if first.booking else None
    if not dated:
        return Meeting(
            child, first.clock, first.rule.title, kind, None, None, None, booked,
            refusal=first.refusal,
        )  # fmt: skip
    binding = min(dated, key=lambda one: one.due.due if one.due else date.max)
    due = binding.due
    if due is None:
        raise AssertionError
    return Meeting(
        child,
        first.clock,
        first.rule.title,
        kind,
        due.due,
        due.hold_by,
        max((one.due.not_before for one in dated if one.due and one.due.not_before), default=None),
        booked,
        due.provisional,
        assumed=first.assumed,
    )


def held(meeting: Meeting, on: date) -> Event | None:
    """
    Return the event that says a meeting was held on a day.

    A detail is taken to be what the rule needs and otherwise its default, so
    that a conference makes a plan, or lets it go on.

    Returns:
        ``None`` where no event meets it.
    """
    rule = meeting.clock.rule
    plain = [one for one in rule.met_by if not one.latest]
    match = next((one for one in plain if one.while_open is None), None)
    if match is None:
        return None
    event = Event(match.event, on, reference=meeting.clock.key or None)
    return event._replace(**{match.detail: match.value}) if match.detail else event  # type: ignore[arg-type]
