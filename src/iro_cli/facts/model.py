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


# The daily check reads these details only, because no rule that ships looks at another one.  If
# a local pack's rule does, every detail is read.
READ_DAILY = frozenset(Event._fields[2:6])


def agrees(given: Event, known: Event) -> bool:
    """Say whether every detail that is given is the one that is known already."""
    # A blank detail agrees with anything: an extract without a column for the outcome does not
    # say that a conference had none.
    return all(one is None or one == other for one, other in zip(given[2:], known[2:], strict=True))


def contradicts(one: Event, other: Event) -> bool:
    """Say whether the two events give different values for one detail."""
    return any(
        None is not first != second is not None
        for first, second in zip(one[2:], other[2:], strict=True)
    )


def put_together(given: Event, known: Event) -> Event:
    """Return the known event, with its details replaced by those that are given."""
    details = (
        other if one is None else one for one, other in zip(given[2:], known[2:], strict=True)
    )
    return Event(given.event, given.on, *details)  # type: ignore[arg-type]


# A file, and the kind of extract that it is; neither of what was typed in.
FromFile = tuple[str | None, str | None]
_LONGEST_ROW = 9


def parted(source: str | None, stated_by: str | None) -> tuple[FromFile, int | None]:
    """
    Split the place of a fact into the file, which many facts share, and the row.

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
    """Put file and row together again: the opposite of :func:`parted`."""
    return name if row is None else f"{name}:{row}"


class Statement(NamedTuple):
    """
    A fact about a child, and who states it.

    Attributes:
        child_id: The child.
        event: What happened.
        source: Its place in a file, such as ``events.csv:2``; ``None`` if it was typed in.
        stated_by: The kind of extract that states it; ``None`` if a person recorded it or it
            comes from the program's own files.
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
    """A note that another kind of extract states a fact too, which stands already."""

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


# What is missing for the days from the last one that an extract covers to its import.
NO_EXTRACT = "an extract of these days"
# The words for something that an extract should have had for a child and did not.  An extract of
# other days cannot settle such a gap: next year's return does not say what happened this year.
NOT_ENDED = "which had not ended before"
NOT_HAD = "which the extracts before did not have"
IN_RETURN_FROM, IN_YEAR_FROM = "in the return from", "in the year from"
OF_DAYS = (NOT_ENDED, NOT_HAD, IN_RETURN_FROM, IN_YEAR_FROM)


class Carried(NamedTuple):
    """
    Whether a kind of extract carries one kind of event, for a range of days.

    It is not a fact about a child.  If the extract does not carry an event, nobody knows whether
    it happened on those days: a meeting may have been held, a process may have ended.  This
    holds for the children whose process begins with a fact that the extract states.  It does
    not hold if a person states that start too, or an extract that does carry the event.

    Attributes:
        source: The kind of extract, as it is written beside the facts it states.
        event: The kind of event, such as ``cla.review`` or ``cp.plan.end``.
        lacks: What is missing from the extract, in words: ``the table Reviews``, ``the column
            PLACE``; ``None`` if it carries the event.
        from_on: The first day (inclusive); ``None`` if there is no first day.
        to_on: The last day (inclusive), at most the day of the import; ``None`` until it is
            stored.
    """

    source: str
    event: str
    lacks: str | None
    from_on: date | None = None
    to_on: date | None = None


class Unsaid(NamedTuple):
    """
    Something that an extract leaves out for one child, although another row shows that it exists.

    For example, an episode ended because another began, and the other is missing; a conference
    made a plan, and the plan is missing; a row was refused and left out.  Like :class:`Carried`,
    it is not a fact about the child.

    Attributes:
        child_id: The child.
        source: The kind of extract.
        event: The kind of event that the missing row may have told.
        lacks: What is missing, in words, as in :class:`Carried`.
        from_on: The first day that is not known (inclusive); ``None`` if there is no first day.
        to_on: The last day (inclusive), that of the import.
        refused: The places of the refused rows, each such as ``reviews.csv:3``; empty if there is
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
    Everything that is left out for a child for one reason, as it is stored.

    It is several :class:`Unsaid` in one, with the same attributes.

    Attributes:
        child_id: The child.
        source: The kind of extract.
        events: The kinds of event that the missing row may have told, sorted.
        lacks: What is missing, in words.
        from_on: The first day that is not known.
        to_on: The last.
        refused: The places of the refused rows.
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
        """Return the same, with one :class:`Unsaid` for each kind of event."""
        child_id, source, events, *more = self
        return [Unsaid._make((child_id, source, event, *more)) for event in events]


class NoneHeld(NamedTuple):
    """
    Proof that no meeting was held on some days, from two extracts that give the latest one only.

    The October list has the child with a latest review in May, the December list with one in
    November.  So no review was held between May and the last day of the October list.  For the
    days from there to November it is not known.

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


def left_open_together(unsaid: Iterable[Unsaid | LeftOpen]) -> list[LeftOpen]:
    """
    Put together everything that is left out for a child for one reason.

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
