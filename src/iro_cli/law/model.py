"""
The vocabulary of a rule pack, as the engine reads it.

They are plain tuples, so that the daily check can build them from a pack that was
validated when it was compiled, without importing the schema.
"""

from datetime import date
from functools import cache

from iro_cli.dates.months import birthday
from iro_cli.facts.model import Event
from iro_cli.facts.vocabulary import EVENTS
from iro_cli.lean import Any, NamedTuple

UNITS = {
    "day": ("day", "days"),
    "working_day": ("working day", "working days"),
    "week": ("week", "weeks"),
    "month": ("month", "months"),
    # A share of the time between the start of a clock and the day it is due.
    "percent": ("percent of the time to the next", "percent of the time to the next"),
}

# How the words of the law were read for a rule, best first, with what the user is told.
CHECKED = {
    "primary": "",
    "guidance": "read in other statutory guidance that restates it",
    "secondary": "read in a secondary source, not in the text itself",
    "recalled": "UNCHECKED: from memory, the text was not read",
}


# As the value of a detail: any value, as long as the detail is given.
ANY = "*"


class Match(NamedTuple):
    """
    Which events are meant: by name and, if given, by one detail.

    ``while_open`` limits it to events that happen while that span is open.  ``latest`` marks
    an event that records only the latest meeting: others may have been held before it.
    ``held`` is false for an event that meets the duty without a meeting, such as a decision
    that no conference is required.  ``day`` names the detail with the day to count from, if a
    limit is counted from an event of its own.
    """

    event: str
    detail: str | None = None
    value: str | None = None
    while_open: str | None = None
    latest: bool = False
    held: bool = True
    day: str | None = None

    def means(self, event: Event) -> bool:
        """
        Say whether this match means an event, by name and detail.

        A blank detail has its default, the first of its values; the value ``*`` asks only that
        the detail is given.  ``while_open`` is not looked at: an event alone cannot say what is
        open.
        """
        if self.event != event.event:
            return False
        if self.detail is None:
            return True
        values = EVENTS[self.event].values.get(self.detail)
        given = getattr(event, self.detail) or (values[0] if values else None)
        return bool(given) if self.value == ANY else bool(given == self.value)


class Within(NamedTuple):
    """The time after an event in which a limit binds: "for the first year of any placement"."""

    event: Match
    amount: int
    unit: str


class Until(NamedTuple):
    """
    The event that ends a limit, as in "until the first review".

    If ``since`` is given, only an event on or after the last such event ends it.
    """

    event: Match
    since: Match | None = None


class Limit(NamedTuple):
    """
    A length of time.

    ``origin`` names another event to count from, the last one on or before
    the trigger; without it the count runs from the trigger.  ``inclusive``
    counts the day of the event as day 1.  ``before`` counts back.

    ``within`` and ``until`` say when it binds, if not always.  If the event that they name is
    not recorded, it binds, because the sooner date is the safe one.
    """

    amount: int
    unit: str
    before: bool = False
    inclusive: bool = False
    origin: Match | None = None
    within: Within | None = None
    until: Until | None = None

    @property
    def others(self) -> tuple[Match, ...]:
        """Return the events, besides the trigger, that the limit depends on."""
        until = self.until
        asked = (
            self.origin,
            self.within and self.within.event,
            until and until.event,
            until and until.since,
        )
        return tuple(one for one in asked if one)

    def words(self) -> str:
        """
        Write the limit for people.

        >>> Limit(20, "working_day").words()
        '20 working days'
        """
        if not self.amount and self.origin:
            return f"by the day given with {self.origin.event}"
        if not self.amount and self.before:
            return "before the meeting"
        one, many = UNITS[self.unit]
        text = f"{self.amount} {one if self.amount == 1 else many}"
        if self.origin and self.before:
            return f"{text} before the day given with {self.origin.event}"
        if self.origin:
            text += f" from {self.origin.event}"
        if self.within:
            one, many = UNITS[self.within.unit]
            length = f"{self.within.amount} {one if self.within.amount == 1 else many}"
            text += f" in the {length} after {self.within.event.event}"
        if self.until:
            text += f" until {self.until.event.event}"
        return f"{text} before" if self.before else text


class Citation(NamedTuple):
    """
    Where a rule is written, and the words it rests on.

    ``seen_in`` is the address where the words were read, if that is not the source itself.
    """

    instrument: str
    provision: str
    url: str
    quote: str
    seen_in: str | None = None


class Version(NamedTuple):
    """
    One rule as it stood between two days, both inclusive.

    It governs every clock that starts on one of these days.  ``earliest`` is the length of
    time before which a meeting is held too early.
    """

    in_force_from: date
    in_force_to: date | None
    latest: tuple[Limit, ...]
    checked: str
    citations: tuple[Citation, ...]
    note: str | None = None
    earliest: Limit | None = None

    def words(self) -> str:
        """Write its limits for people; of several, the one that ends soonest binds."""
        words = " or ".join(limit.words() for limit in self.latest)
        if len(self.latest) > 1:
            words += ", whichever is sooner"
        return f"not before {self.earliest.words()}, within {words}" if self.earliest else words


class Trigger(NamedTuple):
    """
    What starts a clock: an event, another rule's meeting, or a booked meeting.

    ``between`` names rules for something that falls between two of their meetings, such as a
    midway review.  It follows their clocks and is met by an event of its own.

    ``pick`` says which of several events counts: the ``first``, so that a
    later one does not restart a running clock, or the ``last``.  ``day`` names
    the detail with the day to count from, if that is not the day of the event.
    """

    event: tuple[Match, ...] = ()
    held: tuple[str, ...] = ()
    booked: tuple[str, ...] = ()
    between: tuple[str, ...] = ()
    pick: str = "first"
    day: str | None = None


class Rule(NamedTuple):
    """
    One duty.

    Attributes:
        span: The span it belongs to; its clocks stop when that closes.
        stopped_while: Another span; while that is open, the duty is not owed.
        advanced_by: Meetings that move its chain on while it is suspended.
        match: What tells its parallel clocks apart: the ``date`` or the ``reference`` of the
            trigger; ``None`` for one clock at a time.
        stopped_by: Events after which it is no longer owed, though nothing met it.
        once: Whether a second trigger before the clock is met is reported as a finding.
        outlives: Whether it is still owed after its process, or childhood, has ended.
        marks: The rule of the law beside which this one shows another date, which is not law.
        tightens: The rule that this local rule may make shorter, but not longer.
        after_start: Whether a meeting on the day its clock starts is the one that started it,
            and so does not meet it.
        from_age: The age in years from which it applies (inclusive), if not from birth.
        before_age: The age in years from which it no longer applies.

    A rule that marks or tightens another has no trigger of its own: its clock
    starts, and is met, with the other's.
    """

    id: str
    title: str
    process: str
    trigger: Trigger
    met_by: tuple[Match, ...]
    watched: str
    strength: str
    versions: tuple[Version, ...]
    span: str | None = None
    stopped_while: str | None = None
    advanced_by: tuple[Match, ...] = ()
    stopped_by: tuple[Match, ...] = ()
    match: str | None = None
    once: bool = False
    outlives: bool = False
    group: str | None = None
    marks: str | None = None
    tightens: str | None = None
    after_start: bool = False
    from_age: int | None = None
    before_age: int | None = None

    @property
    def follows(self) -> tuple[str, ...]:
        """Return the rules whose clocks this one follows, if it has no clock of its own."""
        return self.trigger.booked or self.trigger.between

    @property
    def beside(self) -> str | None:
        """Return the rule whose clock this one shares, if this one marks or tightens another."""
        return self.marks or self.tightens

    def applies_to(self, born: date | None, started: date | None) -> bool:
        """
        Say whether the rule applies to a child, by the child's age when a clock starts.

        Args:
            born: The child's date of birth.  If it is not known, a rule for younger children
                applies and one that begins at an age does not, because the younger child's date
                is the sooner one.
            started: The day the clock starts.  On a birthday the child has the new age.
        """
        if self.from_age is None and self.before_age is None:
            return True
        if born is None or started is None:
            return self.from_age is None
        return not (
            (self.from_age is not None and started < birthday(born, self.from_age))
            or (self.before_age is not None and started >= birthday(born, self.before_age))
        )

    def in_force(self, day: date) -> Version | None:
        """Return the version in force on *day*; ``None`` if there is none, never the nearest."""
        # First reviews were due in four weeks up to 31 March 2011 and in 20 working days from
        # then on.  The nearest version would give a date by a law that did not apply.
        for version in self.versions:
            if version.in_force_from <= day <= (version.in_force_to or date.max):
                return version
        return None


class Span(NamedTuple):
    """
    A time during which a process runs for a child, such as a period of care.

    A ``continued_by`` event says that it was open already since a day that is not known.  An
    ``implied_by`` event says the same, but only if no start is recorded at all.  A
    ``taken_from`` event is taken for its start, if no event that opens it is recorded.
    ``rests_on`` names another span that it cannot do without: it ends when that ends.
    """

    id: str
    title: str
    process: str
    opened_by: tuple[Match, ...]
    closed_by: tuple[Match, ...]
    continued_by: tuple[Match, ...] = ()
    implied_by: tuple[Match, ...] = ()
    taken_from: tuple[Match, ...] = ()
    rests_on: str | None = None


class Process(NamedTuple):
    """A family of duties, as people speak of it."""

    id: str
    title: str


class Guidance(NamedTuple):
    """How many children one IRO is expected to hold by guidance, both ends inclusive."""

    lowest: int
    highest: int
    checked: str
    citation: Citation


class Coming(NamedTuple):
    """
    Law that is made or announced and moves no date yet.

    Attributes:
        id: Its name, which stays the same.
        title: A few words for the list.
        expected: The day from which it is in force, or can be read, if one is known.
        changes: What it changes, or may change.
        watch: What somebody has to read, and how to know when it is time.
        checked: How its words were read, as for a version of a rule.
        citations: Where it is written.
    """

    id: str
    title: str
    expected: date | None
    changes: str
    watch: str
    checked: str
    citations: tuple[Citation, ...]


class Pack(NamedTuple):
    """The rules of one nation, or what one authority adds to them."""

    nation: str
    name: str
    calendar: str
    read_on: date | None
    childhood_ends_at_age: int | None
    caseload: Guidance | None
    processes: tuple[Process, ...]
    spans: tuple[Span, ...]
    rules: tuple[Rule, ...]
    turn_on: tuple[str, ...] = ()
    next_review_from: str | None = None


# Equal matches and limits share one tuple, because a pack has few of them and repeats them often.
_event = cache(Match)
_length = cache(Limit)
_NO_TRIGGER = Trigger()


def _matches(data: list[dict[str, Any]] | None) -> tuple[Match, ...]:
    return tuple([_event(**one) for one in data]) if data else ()


def _limit(data: dict[str, Any]) -> Limit:
    given = data
    if origin := data.get("origin"):
        given = {**given, "origin": _event(**origin)}
    if within := data.get("within"):
        given = {**given, "within": Within(**{**within, "event": _event(**within["event"])})}
    if until := data.get("until"):
        since = until.get("since")
        ends = Until(_event(**until["event"]), _event(**since) if since else None)
        given = {**given, "until": ends}
    return _length(**given)


def _version(data: dict[str, Any]) -> Version:
    ends, earliest = data.get("in_force_to"), data.get("earliest")
    return Version(
        date.fromisoformat(data["in_force_from"]),
        date.fromisoformat(ends) if ends else None,
        tuple([_limit(limit) for limit in data["latest"]]),
        data["checked"],
        tuple([Citation(**citation) for citation in data["citations"]]),
        data.get("note"),
        _limit(earliest) if earliest else None,
    )


def _trigger(data: dict[str, Any] | None) -> Trigger:
    if not data:
        return _NO_TRIGGER
    return Trigger(
        _matches(data.get("event")),
        tuple(data.get("held", ())),
        tuple(data.get("booked", ())),
        tuple(data.get("between", ())),
        data.get("pick", "first"),
        data.get("day"),
    )


def _rule(data: dict[str, Any]) -> Rule:
    given = data.get
    return Rule(
        data["id"],
        data["title"],
        data["process"],
        _trigger(given("trigger")),
        _matches(given("met_by")),
        data["watched"],
        data["strength"],
        tuple([_version(version) for version in data["versions"]]),
        given("span"),
        given("stopped_while"),
        _matches(given("advanced_by")),
        _matches(given("stopped_by")),
        given("match"),
        given("once", False),
        given("outlives", False),
        given("group"),
        given("marks"),
        given("tightens"),
        given("after_start", False),
        given("from_age"),
        given("before_age"),
    )


def _span(data: dict[str, Any]) -> Span:
    kinds = ("opened_by", "closed_by", "continued_by", "implied_by", "taken_from")
    return Span(**{**data, **{kind: _matches(data.get(kind)) for kind in kinds}})


def pack_from(data: dict[str, Any]) -> Pack:
    """Build a pack from what :func:`iro_cli.law.schema.validated` returned."""
    read_on, caseload = data.get("read_on"), data.get("caseload")
    return Pack(
        data["nation"],
        data["name"],
        data["calendar"],
        date.fromisoformat(read_on) if read_on else None,
        data.get("childhood_ends_at_age"),
        Guidance(**{**caseload, "citation": Citation(**caseload["citation"])})
        if caseload
        else None,
        tuple(Process(**process) for process in data["processes"]),
        tuple(_span(span) for span in data["spans"]),
        tuple(_rule(rule) for rule in data["rules"]),
        tuple(data["turn_on"]),
        data.get("next_review_from"),
    )


def coming_from(data: list[dict[str, Any]]) -> tuple[Coming, ...]:
    """Build what is coming from what :func:`iro_cli.law.schema.validated` returned."""
    return tuple(
        Coming(
            **{
                **one,
                "expected": date.fromisoformat(one["expected"]) if "expected" in one else None,
                "citations": tuple(Citation(**citation) for citation in one["citations"]),
            }
        )
        for one in data
    )
