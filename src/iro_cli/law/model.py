"""
The vocabulary of a rule pack, as the engine reads it.

Plain tuples, so that the daily check can build them from what was validated
when the pack was compiled, without importing the schema it was validated by.
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
    # Of the time between a clock's start and the day it is due.
    "percent": ("percent of the time to the next", "percent of the time to the next"),
}

# How the words a rule rests on were read, best first, and what the user is told.
CHECKED = {
    "primary": "",
    "guidance": "read in other statutory guidance that restates it",
    "secondary": "read in a secondary source, not in the text itself",
    "recalled": "UNCHECKED: from memory, the text was not read",
}


# As a detail's value: whatever it says, so long as it says something.
ANY = "*"


class Match(NamedTuple):
    """
    Which events are meant: by name and, where given, by one detail.

    ``while_open`` narrows it to events that happen while that span is open.
    ``latest`` marks a meeting of which it is only known that it was the latest:
    others may have gone before it unrecorded.  ``held`` is false for what ends the wait
    for a meeting and is none.  ``day`` names the detail that holds the day to count
    from, where a limit has an origin of its own.
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
        Say whether an event is the one that is asked for, by name and detail.

        A detail left blank is taken to be its default, the first of its values; ``*``
        asks only that it is given.  What is open at the time is not looked at.
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
    """The event that ends a limit: "until the first review", ``since`` another where it says so."""

    event: Match
    since: Match | None = None


class Limit(NamedTuple):
    """
    A length of time.

    ``origin`` names another event to count from, the last one on or before
    the trigger; without it the count runs from the trigger.  ``inclusive``
    counts the day of the event as day 1.  ``before`` counts back.

    ``within`` and ``until`` say when it binds, if not always.  Where the event they
    name is not recorded it does: the sooner date is the safe one.
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
        """Return the events besides the trigger that it depends on."""
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
    """Where a rule is written, and the words it rests on."""

    instrument: str
    provision: str
    url: str
    quote: str
    seen_in: str | None = None


class Version(NamedTuple):
    """
    One rule as it stood between two days, both inclusive.

    ``earliest`` is the other end of a window: what is held before it is too early.
    """

    in_force_from: date
    in_force_to: date | None
    latest: tuple[Limit, ...]
    checked: str
    citations: tuple[Citation, ...]
    note: str | None = None
    earliest: Limit | None = None

    def words(self) -> str:
        """Write its limits for people; of several the sooner binds."""
        words = " or ".join(limit.words() for limit in self.latest)
        if len(self.latest) > 1:
            words += ", whichever is sooner"
        return f"not before {self.earliest.words()}, within {words}" if self.earliest else words


class Trigger(NamedTuple):
    """
    What starts a clock: an event, another rule's meeting, or a booked meeting.

    ``between`` names rules between whose meetings something is due: it follows
    their clocks, and is closed by an event of its own.

    ``pick`` says which of several events counts: the ``first``, so that a
    later one does not restart a running clock, or the ``last``.  ``day`` names
    the detail that holds the day to count from, where it is not the event's.
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
        stopped_while: Another span that suspends it from the day that opens.
        advanced_by: Meetings that count as held while it is suspended.
        match: How a parallel clock is told apart: by the trigger's ``date`` or
            ``reference``; ``None`` for one clock at a time.
        stopped_by: Events after which it is no longer owed, though nothing met it.
        once: A second trigger before the clock is met is a finding.
        outlives: Owed even after its process has ended.
        marks: The rule beside which this is a local marker.
        tightens: The rule this local rule may not exceed.
        after_start: A meeting on the day its clock starts is the one that started it.
        from_age: The age in years from which it applies, if not from birth (inclusive).
        before_age: The age in years from which it applies no more.

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
        """Return the rules whose clocks this one follows, having none of its own."""
        return self.trigger.booked or self.trigger.between

    @property
    def beside(self) -> str | None:
        """Return the rule whose clock this one shares, if it has none of its own."""
        return self.marks or self.tightens

    def applies_to(self, born: date | None, started: date | None) -> bool:
        """
        Say whether it applies to a child of the age that the child has when a clock starts.

        Args:
            born: The child's date of birth; where it is not known, a rule for the younger
                applies, and one that begins at an age does not: of the two its date is sooner.
            started: The day the clock starts (on a birthday the child is of the new age).
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
        """Return the version in force on *day*, or ``None``: never the nearest."""
        for version in self.versions:
            if version.in_force_from <= day <= (version.in_force_to or date.max):
                return version
        return None


class Span(NamedTuple):
    """
    A time during which a process runs for a child, such as a period of care.

    ``continued_by`` events say that it was open already, its start unknown;
    ``implied_by`` ones say so where no start is recorded at all.  Where nothing
    that opens it is recorded, it is taken to start with a ``taken_from`` event.
    ``rests_on`` names another span without which it cannot be, and ends with.
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
    """How many children guidance expects one person to hold, both ends inclusive."""

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
        expected: The day from which it is in force or to be read, if one is known.
        changes: What it changes, or may change.
        watch: What somebody has to read, and how it is known that the time has come.
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


# Events and lengths that are equal are one tuple: a pack names few, and each of them often.
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
