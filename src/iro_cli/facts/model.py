"""A child, and the facts about it."""

from collections.abc import Iterable, Sequence
from datetime import date

from iro_cli.lean import Any, NamedTuple


class Event(NamedTuple):
    """
    One dated thing that happened to one child.

    :mod:`iro_cli.facts.vocabulary` says what each detail means.  The first six are what
    the clocks of the packs that ship depend on, in the order in which the daily check
    reads them.
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


# The details that the daily check reads; a local pack that asks for another has all read.
READ_DAILY = frozenset(Event._fields[2:6])


def agrees(given: Event, known: Event) -> bool:
    """Say whether every detail that is given is the one that is known already."""
    return all(one is None or one == other for one, other in zip(given[2:], known[2:], strict=True))


def contradicts(one: Event, other: Event) -> bool:
    """Say whether both give a detail and give it differently."""
    return any(
        None is not first != second is not None
        for first, second in zip(one[2:], other[2:], strict=True)
    )


def put_together(given: Event, known: Event) -> Event:
    """Return the known event with the details that are given in the place of its own."""
    details = (
        other if one is None else one for one, other in zip(given[2:], known[2:], strict=True)
    )
    return Event(given.event, given.on, *details)  # type: ignore[arg-type]


# A file, and the kind of extract that it is; neither of what was typed in.
FromFile = tuple[str | None, str | None]
_LONGEST_ROW = 9


def parted(source: str | None, stated_by: str | None) -> tuple[FromFile, int | None]:
    """
    Part where a fact stands into what many share, and the row.

    >>> parted("reviews.csv:12", "ssda903")
    (('reviews.csv', 'ssda903'), 12)
    """
    if source is not None:
        name, colon, row = source.rpartition(":")
        # Only what gives the same text again: no 012, and no figures of another script.
        if colon and len(row) <= _LONGEST_ROW and row.isascii() and row.isdigit() and row[0] != "0":
            return (name, stated_by), int(row)
    return (source, stated_by), None


def joined(name: str | None, row: int | None) -> str | None:
    """Return where a fact stands in one text, as :func:`parted` takes it."""
    return name if row is None else f"{name}:{row}"


class Statement(NamedTuple):
    """
    A fact of a child, and who states it.

    Attributes:
        child_id: The child.
        event: What happened.
        source: Where it stands in a file, as ``events.csv:2``; ``None`` where it was typed in.
        stated_by: Which kind of extract states it; ``None`` for what people recorded, and for
            our own files.
    """

    child_id: str
    event: Event
    source: str | None = None
    stated_by: str | None = None

    @classmethod
    def of(cls, values: Sequence[Any]) -> "Statement":
        """Return the statement that values in the order of :meth:`values` make."""
        child_id, *event, (name, stated_by), row = values
        return cls(child_id, Event._make(event), joined(name, row), stated_by)

    def values(self) -> tuple[object, ...]:
        """Return its values, the event's own among them."""
        return (self.child_id, *self.event, *parted(self.source, self.stated_by))


class Sighting(NamedTuple):
    """Another kind of extract that states a fact which stands already."""

    child_id: str
    event: str
    on: date
    reference: str | None
    stated_by: str
    source: str | None = None

    @classmethod
    def of(cls, values: Sequence[Any]) -> "Sighting":
        """Return the sighting that values in the order of :meth:`values` make."""
        child_id, event, on, reference, (name, stated_by), row = values
        return cls(child_id, event, on, reference, stated_by, joined(name, row))

    def values(self) -> tuple[object, ...]:
        """Return its values, with the file and the row in the place of the text."""
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
    """Whose a child is: from one day to another, both inclusive, either open."""

    child_id: str
    role: str
    name: str
    from_on: date | None = None
    to_on: date | None = None
    reason: str | None = None


class Booking(NamedTuple):
    """
    A meeting that is planned for an open timescale.

    It belongs to the clock that was open when it was made: when a meeting is
    held and the next clock starts, the booking is spent.
    """

    child_id: str
    timescale: str
    clock_started: date | None
    on: date
    at: str | None = None
    reason: str | None = None


class Retention(NamedTuple):
    """
    How long an authority keeps what it knows of the children of a process.

    Attributes:
        process: ``cla``, ``cp``, ``adoption`` or ``other``.
        years: How many years.
        since: From what: the ``birth``, or the ``last`` thing that is known.
        from_on: The day on which it was set.
    """

    process: str
    years: int
    since: str
    from_on: date


class Watch(NamedTuple):
    """A timescale that somebody turned on, for clocks that start on or after a day."""

    timescale: str
    from_on: date


class Authority(NamedTuple):
    """Whose children a kind of extract is about, by the authority's code."""

    code: str
    stated_by: str


Bookings = dict[tuple[str, str, date | None], Booking]


# What is lacking in the days between the last that an extract covers and its import.
NO_EXTRACT = "an extract of these days"
# The words for what is lacking where an extract should have told of a child and did not: of
# those days it is not known, whatever an extract of other days tells.
NOT_ENDED = "which had not ended before"
NOT_HAD = "which the extracts before did not have"
IN_RETURN_FROM, IN_YEAR_FROM = "in the return from", "in the year from"
OF_DAYS = (NOT_ENDED, NOT_HAD, IN_RETURN_FROM, IN_YEAR_FROM)


class Carried(NamedTuple):
    """
    Whether a kind of extract carries one kind of event, of some days.

    It is no fact about a child.  Where the extract does not carry it, that says nothing:
    silence is not a fact.  A silence holds for the children whose process begins with a fact
    that the extract states, unless an extract that is not silent, or a person, states that
    beginning too.  What could have happened in these days is not known: a meeting may have
    been held, a process may have ended.

    Attributes:
        source: The kind of extract, as it is written beside the facts it states.
        event: The kind of event, such as ``cla.review`` or ``cp.plan.end``.
        lacks: What the extract lacks, for people: ``the table Reviews``, ``the column PLACE``;
            ``None`` where it carries the event.
        from_on: The first day; ``None`` for all days before the last.
        to_on: The last day, at most that of the import; ``None`` until it is stored.
    """

    source: str
    event: str
    lacks: str | None
    from_on: date | None = None
    to_on: date | None = None


class Unsaid(NamedTuple):
    """
    What an extract does not say of one child, though something else in it tells of it.

    An episode ended because another began, and there is no other; a conference made a plan,
    and there is no plan; a row was refused and left out.  It is no fact about the child
    either: see :class:`Carried`.

    Attributes:
        child_id: The child.
        source: The kind of extract.
        event: The kind of event that it may have told.
        lacks: What it lacks, for people, as of :class:`Carried`.
        from_on: The first day of which it is not known; ``None`` for all days before the last.
        to_on: The last day, that of the import.
        refused: Where the rows stood that were refused, each as ``reviews.csv:3``; none where
            the reason is another.  Such a row may have been about any of the days.
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
    All that one reason leaves unsaid of a child, as it is stored: :class:`Unsaid`, put together.

    Attributes:
        child_id: The child.
        source: The kind of extract.
        events: The kinds of event that it may have told, in order.
        lacks: What it lacks.
        from_on: The first day of which it is not known.
        to_on: The last.
        refused: Where the rows stood that were refused.
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
        """Return what values in the order of :meth:`values` say."""
        child_id, source, events, lacks, from_on, to_on, refused = values
        rows = tuple(refused.split("\n")) if refused else ()
        return cls(child_id, source, tuple(events.split()), lacks, from_on, to_on, rows)

    def values(self) -> tuple[object, ...]:
        """Return its values, the events in one text, and the rows that were refused."""
        events, refused = " ".join(self.events), "\n".join(self.refused)
        return (self.child_id, self.source, events, *self[3:-1], refused or None)

    @property
    def each(self) -> list[Unsaid]:
        """Return what is unsaid, event by event."""
        child_id, source, events, *more = self
        return [Unsaid._make((child_id, source, event, *more)) for event in events]


class NoneHeld(NamedTuple):
    """
    What an extract of latest meetings proves, once a later one gives a later meeting.

    The one before had the child, and told of no meeting after the last that is known: so none
    was held from then to the last day that it reached.  Of the days after that to the meeting
    it is not known.

    Attributes:
        child_id: The child.
        source: The kind of extract.
        event: The kind of event, such as ``cla.review.latest``.
        latest_on: The day of the later meeting.
        none_to: The last day to which none was held.
    """

    child_id: str
    source: str
    event: str
    latest_on: date
    none_to: date


def left_open_together(unsaid: Iterable[Unsaid | LeftOpen]) -> list[LeftOpen]:
    """
    Put together what is unsaid of a child for one reason.

    >>> ends = [Unsaid("A", "cin", event, "the end") for event in ("cp.review", "cp.plan.end")]
    >>> [one.events for one in left_open_together(ends)]
    [('cp.plan.end', 'cp.review')]
    """
    found: dict[tuple[object, ...], tuple[str, ...]] = {}
    # Thousands of children have the same events left open: they are kept once.
    shared: dict[tuple[str, ...], tuple[str, ...]] = {}
    for one in unsaid:
        events = one.events if isinstance(one, LeftOpen) else (one.event,)
        reason = (*one[:2], *one[3:])
        if before := found.get(reason):
            events = (*before, *(event for event in events if event not in before))
        found[reason] = shared.setdefault(events, events)
    ordered = {events: tuple(sorted(events)) for events in {*found.values()}}
    return [
        LeftOpen._make((*reason[:2], ordered[found.pop(reason)], *reason[2:]))
        for reason in [*found]
    ]
