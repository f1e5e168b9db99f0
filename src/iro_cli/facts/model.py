"""A child, and the facts about it."""

from collections.abc import Iterable, Sequence
from datetime import date
from operator import itemgetter

from iro_cli.lean import Any, NamedTuple


class Event(NamedTuple):
    """
    One dated thing that happened to one child.

    :mod:`iro_cli.facts.vocabulary` says what each detail means.  The clocks of the packs that
    ship depend on the first six fields only, and the daily check reads them in this order.
    """

    event: str
    on: date
    outcome: str | None = None
    section_47: str | None = None
    completed_on: date | None = None
    reference: str | None = None
    reason: str | None = None
    participation: str | None = None
    note: str | None = None
    quorate: str | None = None
    scaling: str | None = None
    advocacy: str | None = None
    attended: str | None = None
    placement: str | None = None


# The details that the daily check reads.  If a local pack depends on another, it reads them all.
READ_DAILY = frozenset(Event._fields[2:6])


def agrees(given: Event, known: Event) -> bool:
    """Say whether every detail that is given is already known with the same value."""
    # A blank detail agrees with anything: an extract without a column for the outcome does not
    # say that a conference had none.
    return all(one is None or one == other for one, other in zip(given[2:], known[2:], strict=True))


def contradicts(one: Event, other: Event) -> bool:
    """Say whether both events give some detail, with different values."""
    return any(
        None is not first != second is not None
        for first, second in zip(one[2:], other[2:], strict=True)
    )


def put_together(given: Event, known: Event) -> Event:
    """Return the known event, with the given details in place of its own."""
    details = (
        other if one is None else one for one, other in zip(given[2:], known[2:], strict=True)
    )
    return Event(given.event, given.on, *details)  # type: ignore[arg-type]


# A file and the kind of extract it is; both ``None`` for what was typed in.
FromFile = tuple[str | None, str | None]
_LONGEST_ROW = 9


def parted(source: str | None, stated_by: str | None) -> tuple[FromFile, int | None]:
    """
    Divide the place of a fact in a file into the part that many facts share, and the row.

    The store then keeps the name of a file once, and not once for each of a million facts.

    >>> parted("reviews.csv:12", "ssda903")
    (('reviews.csv', 'ssda903'), 12)
    """
    if source is not None:
        name, colon, row = source.rpartition(":")
        # A row is split off only if the same text can be made again: not from 012, and not from
        # the figures of another script.
        if colon and len(row) <= _LONGEST_ROW and row.isascii() and row.isdigit() and row[0] != "0":
            return (name, stated_by), int(row)
    return (source, stated_by), None


def joined(name: str | None, row: int | None) -> str | None:
    """Return the place of a fact in one text: the reverse of :func:`parted`."""
    return name if row is None else f"{name}:{row}"


class Statement(NamedTuple):
    """
    A fact about a child, and who states it.

    Attributes:
        child_id: The child.
        event: What happened.
        source: Where it stands in a file, such as ``events.csv:2``; ``None`` if it was typed in.
        stated_by: The kind of extract that states it; ``None`` for what people recorded, and for
            the program's own files.
    """

    child_id: str
    event: Event
    source: str | None = None
    stated_by: str | None = None

    @classmethod
    def of(cls, values: Sequence[Any]) -> "Statement":
        """Return a statement from its values, in the order of :meth:`values`."""
        child_id, *event, (name, stated_by), row = values
        return cls(child_id, Event._make(event), joined(name, row), stated_by)

    def values(self) -> tuple[object, ...]:
        """Return its values, with those of the event among them."""
        return (self.child_id, *self.event, *parted(self.source, self.stated_by))


class Sighting(NamedTuple):
    """Another kind of extract that states a fact which another source stated first."""

    child_id: str
    event: str
    on: date
    reference: str | None
    stated_by: str
    source: str | None = None

    @classmethod
    def of(cls, values: Sequence[Any]) -> "Sighting":
        """Return a sighting from its values, in the order of :meth:`values`."""
        child_id, event, on, reference, (name, stated_by), row = values
        return cls(child_id, event, on, reference, stated_by, joined(name, row))

    def values(self) -> tuple[object, ...]:
        """Return its values, with the file and the row in place of the one text."""
        return (*self[:4], *parted(self.source, self.stated_by))


class Child(NamedTuple):
    """Who a child is, as far as reviewing needs it: ids and dates, a label if wanted."""

    child_id: str
    label: str | None = None
    date_of_birth: date | None = None
    expected_date_of_delivery: date | None = None
    nation: str | None = None
    team: str | None = None
    sibling_group: str | None = None


class Allocation(NamedTuple):
    """Who is a child's IRO or chair, from one day to another, both inclusive, either open."""

    child_id: str
    role: str
    name: str
    from_on: date | None = None
    to_on: date | None = None
    reason: str | None = None


class Booking(NamedTuple):
    """
    A meeting that is planned for an open timescale.

    It belongs to the clock that was open when it was made.  When a meeting is held and the next
    clock starts, the booking no longer counts.
    """

    child_id: str
    timescale: str
    clock_started: date | None
    on: date
    at: str | None = None
    reason: str | None = None


class Retention(NamedTuple):
    """
    How long an authority keeps the records of children who were in a process.

    Attributes:
        process: ``cla``, ``cp``, ``adoption`` or ``other``.
        years: How many years the record is kept.
        since: What the years are counted from: the ``birth``, or the ``last`` thing recorded.
        from_on: The day on which this was set.
    """

    process: str
    years: int
    since: str
    from_on: date


class Watch(NamedTuple):
    """A timescale that somebody turned on, for clocks that start on a day or later."""

    timescale: str
    from_on: date


class Authority(NamedTuple):
    """The code of the authority whose children a kind of extract is about."""

    code: str
    stated_by: str


Bookings = dict[tuple[str, str, date | None], Booking]


# What is missing for the days after the last day that an extract covers, up to its import.
NO_EXTRACT = "an extract of these days"
# How the words for what is missing end if an extract should have told of a child and did not.
# An extract of other days does not fill this gap.
NOT_ENDED = "which had not ended before"
NOT_HAD = "which the extracts before did not have"
IN_RETURN_FROM, IN_YEAR_FROM = "in the return from", "in the year from"
OF_DAYS = (NOT_ENDED, NOT_HAD, IN_RETURN_FROM, IN_YEAR_FROM)


class Carried(NamedTuple):
    """
    Whether a kind of extract carries one kind of event, for some days.

    It is not a fact about a child.  If the extract does not carry the event, nothing is known
    for these days: a meeting may have been held, or a process may have ended.  This holds for
    the children whose process begins with a fact that the extract states, unless an extract
    that does carry the event, or a person, states that beginning too.

    Attributes:
        source: The kind of extract, as it is written beside the facts it states.
        event: The kind of event, such as ``cla.review`` or ``cp.plan.end``.
        lacks: What the extract lacks, for people: ``the table Reviews``, ``the column PLACE``;
            ``None`` if it carries the event.
        from_on: The first day (inclusive); ``None`` for all days up to the last.
        to_on: The last day (inclusive), at most that of the import; ``None`` until it is stored.
    """

    source: str
    event: str
    lacks: str | None
    from_on: date | None = None
    to_on: date | None = None


class Unsaid(NamedTuple):
    """
    What an extract leaves out for one child, although something else in it shows that it exists.

    Examples: an episode ended because another began, and there is no other.  A conference made
    a plan, and there is no plan.  A row was refused and left out.  Like :class:`Carried`, it is
    not a fact about the child.

    Attributes:
        child_id: The child.
        source: The kind of extract.
        event: The kind of event that the extract may have left out.
        lacks: What it lacks, for people, as in :class:`Carried`.
        from_on: The first day for which it is not known (inclusive); ``None`` for all days up to
            the last.
        to_on: The last day (inclusive), that of the import.
        refused: Where the refused rows stood, each as ``reviews.csv:3``; empty if there is
            another reason.  A refused row may have been about any of the days.
    """

    child_id: str
    source: str
    event: str
    lacks: str
    from_on: date | None = None
    to_on: date | None = None
    refused: tuple[str, ...] = ()


class LeftOpen(NamedTuple):
    """
    All that is left out for a child for one reason, as it is stored.

    It stands for one :class:`Unsaid` for each of its events.

    Attributes:
        child_id: The child.
        source: The kind of extract.
        events: The kinds of event that the extract may have left out, in order.
        lacks: What it lacks.
        from_on: The first day for which it is not known (inclusive).
        to_on: The last day (inclusive).
        refused: Where the refused rows stood.
    """

    child_id: str
    source: str
    events: tuple[str, ...]
    lacks: str
    from_on: date | None = None
    to_on: date | None = None
    refused: tuple[str, ...] = ()

    @classmethod
    def of(cls, values: Sequence[Any]) -> "LeftOpen":
        """Return one from its values, in the order of :meth:`values`."""
        child_id, source, events, lacks, from_on, to_on, refused = values
        rows = tuple(refused.split("\n")) if refused else ()
        return cls(child_id, source, tuple(events.split()), lacks, from_on, to_on, rows)

    def values(self) -> tuple[object, ...]:
        """Return its values, with the events in one text and the refused rows in another."""
        events, refused = " ".join(self.events), "\n".join(self.refused)
        return (self.child_id, self.source, events, *self[3:-1], refused or None)

    @property
    def each(self) -> list[Unsaid]:
        """Return the same, one for each event."""
        child_id, source, events, *more = self
        return [Unsaid._make((child_id, source, event, *more)) for event in events]


class NoneHeld(NamedTuple):
    """
    What an extract of latest meetings proves, once a later extract gives a later meeting.

    The extract of October had the child and no review later than May: so none was held from
    then until October.  The extract of December gives a review on 20 November.  For the days
    from October to 20 November it is not known whether another one was held.

    Attributes:
        child_id: The child.
        source: The kind of extract.
        event: The kind of event, such as ``cla.review.latest``.
        latest_on: The day of the later meeting.
        none_to: The last day up to which no meeting was held (inclusive).
    """

    child_id: str
    source: str
    event: str
    latest_on: date
    none_to: date


# All but the events.
_REASON = itemgetter(0, 1, *range(3, len(LeftOpen._fields)))


def left_open_together(unsaid: Iterable[Unsaid | LeftOpen]) -> list[LeftOpen]:
    """
    Put together what is left out for one child for the same reason.

    >>> ends = [Unsaid("A", "cin", event, "the end") for event in ("cp.review", "cp.plan.end")]
    >>> [one.events for one in left_open_together(ends)]
    [('cp.plan.end', 'cp.review')]
    """
    found: dict[tuple[object, ...], LeftOpen] = {}
    # Thousands of children have the same events left open, so each such tuple is kept once.
    ordered: dict[tuple[str, ...], tuple[str, ...]] = {}
    for one in unsaid:
        whole = one if isinstance(one, LeftOpen) else LeftOpen._make((*one[:2], one[2:3], *one[3:]))
        events, reason = whole.events, _REASON(whole)
        before = found.get(reason)
        if before is not None:
            events = (*before.events, *(event for event in events if event not in before.events))
        if events not in ordered:
            ordered[events] = tuple(sorted(events))
        events = ordered[events]
        # Most are alone and in order, and are kept as they are.
        found[reason] = whole if events == whole.events else whole._replace(events=events)
    return [*found.values()]
