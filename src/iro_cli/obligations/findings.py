"""What in the facts of one child cannot be right, or leaves a gap."""

from collections.abc import Iterator, Sequence
from datetime import date

from iro_cli.dates.months import add_months, birthday
from iro_cli.facts.model import Child, Event
from iro_cli.facts.twice import as_the_other
from iro_cli.facts.vocabulary import EVENTS, INQUORATE, UNDER_FOUR
from iro_cli.law.model import Span
from iro_cli.lean import NamedTuple
from iro_cli.obligations.chains import Engine

_FOUR_YEARS = 48
_SHOWN = 3
# What ``record`` does not refuse: it may be right all the same, or cannot be told.
_LET_PASS = {
    "start-unknown",
    "left-open",
    "start-not-recorded",
    "second-adjournment",
    "adjourned-again",
    "not-under-four",
    "under-four",
    "open-after-childhood",
}
# Those whose words name the days around the event.
_LOOKS_AROUND = {"already-open", "outside", "left-open"}


class Around(NamedTuple):
    """
    The days around an event.

    Attributes:
        opened: The last start of a span before it.
        ended: The last end of one, on its day or before.
        begins: The next start of one.
    """

    opened: date | None
    ended: date | None
    begins: date | None


class Waiting(NamedTuple):
    """The meetings that a record could be of: the events, and the last days they were held on."""

    events: tuple[str, ...]
    days: tuple[date, ...]


class Finding(NamedTuple):
    """
    Something in the facts that cannot be right, or that leaves a gap.

    Attributes:
        kind: A short name that stays the same.
        on: The day of the event it is about.
        event: The event it is about.
        span: What the event belongs to, if anything.
        compared: The day that the event's own does not fit: of birth, of death, the fourth or
            the 18th birthday.
        around: The days around the event, where they say more.
        waiting: What the event could have been of, where nothing waited for it.
        several: What it could be of, where several are open: the reference of each and its day.
    """

    kind: str
    on: date
    event: str
    span: Span | None = None
    compared: date | None = None
    around: Around | None = None
    waiting: Waiting | None = None
    several: tuple[tuple[str, date], ...] = ()

    @property
    def blocks(self) -> bool:
        """Say whether ``record`` refuses a fact that brings it about."""
        return self.kind not in _LET_PASS


def _around(events: Sequence[Event], event: Event, span: Span) -> Around:
    # An end on the day itself ended it; a start on the day did not begin it before.
    starts = [one.on for one in events if any(match.means(one) for match in span.opened_by)]
    ends = [one.on for one in events if any(match.means(one) for match in span.closed_by)]
    return Around(
        opened=max((on for on in starts if on < event.on), default=None),
        ended=max((on for on in ends if on <= event.on), default=None),
        begins=min((on for on in starts if on > event.on), default=None),
    )


def meetings_of_record(work: Engine, name: str) -> frozenset[str]:
    """
    Return the meetings that a record may be of.

    Args:
        work: The rules: a time limit that is told apart by the meeting's day says whose it is.
        name: The kind of record.

    Returns:
        The kinds of event; none where no rule says so.
    """
    return frozenset(
        match.event
        for chain in work.chains
        if chain.root.match == "date" and name in {one.event for one in chain.root.met_by}
        for match in chain.root.trigger.event
    )


def _waiting(work: Engine, events: Sequence[Event], event: Event) -> Waiting | None:
    """Find the meetings that a record could be of, if it is a record."""
    of = meetings_of_record(work, event.event)
    days = tuple(one.on for one in events if one.event in of)[-_SHOWN:]
    return Waiting(tuple(sorted(of)), days) if of else None


def _several(
    work: Engine, child: Child, events: Sequence[Event], event: Event
) -> tuple[tuple[str, date], ...]:
    """Return what was open on the day of an event that does not say which of it is meant."""
    before = [one for one in events if one.on <= event.on and one.event != event.event]
    same = [one for one in events if one.on < event.on and one.event == event.event]
    known = sorted([*before, *same], key=lambda one: one.on)
    found = work.run(known, as_of=event.on, born=child.date_of_birth)
    return tuple(
        (one.key, one.started)
        for one in found.open
        if one.rule.match == "reference"
        and one.started is not None
        and any(match.event == event.event for match in one.rule.met_by)
    )


def _compared(work: Engine, events: Sequence[Event], born: date | None, kind: str) -> date | None:
    """Return the day that an event's own does not fit, where it is one that says so."""
    if kind == "after-childhood":
        return birthday(born, work.age) if born and work.age else None
    if kind == "after-death":
        return next((one.on for one in events if EVENTS[one.event].ends_everything), None)
    return None


def _beside_birth(events: Sequence[Event], born: date) -> Iterator[Finding]:
    """
    Yield what a child's age tells: events before birth, and participation codes.

    Authority:
        ``SSDA903 validation rules 440 and 441``: on the birthday itself either will do.
    """
    fourth = None
    for event in events:
        on, code = event.on, event.participation
        # Most events are later, and say nothing of how the child took part.
        if on < born and not EVENTS[event.event].before_birth:
            yield Finding("before-birth", on, event.event, compared=born)
            continue
        if code is None:
            continue
        fourth = fourth or add_months(born, _FOUR_YEARS)
        if code == UNDER_FOUR and on > fourth:
            yield Finding("not-under-four", on, event.event, compared=fourth)
        elif code != UNDER_FOUR and on < fourth:
            yield Finding("under-four", on, event.event, compared=fourth)


def _beside_inquorate(events: Sequence[Event]) -> Iterator[Finding]:
    """Yield the conferences that count on a day on which one is said not to have been quorate."""
    for event in events:
        if event.event == INQUORATE:
            for other in as_the_other(event, events):
                yield Finding("counts-and-does-not", other.on, other.event)


def findings_of(work: Engine, child: Child, events: Sequence[Event], as_of: date) -> list[Finding]:
    """
    Return what does not fit in one child's facts, in order of date.

    Args:
        work: The clocks of every rule, not only of those that are shown.
        child: The child.
        events: In order of date, none after *as_of*.
        as_of: The day the question is asked about.
    """
    found: list[Finding] = []
    born = child.date_of_birth

    def anomaly(kind: str, event: Event, name: str | None) -> None:
        span = work.spans_by_name.get(name or "")
        around = _around(events, event, span) if span and kind in _LOOKS_AROUND else None
        waiting = _waiting(work, events, event) if kind == "nothing-waiting" else None
        compared = _compared(work, events, born, kind)
        several = _several(work, child, events, event) if kind == "which-of-several" else ()
        found.append(Finding(kind, event.on, event.event, span, compared, around, waiting, several))

    # Of a child who has grown up everything is worked out: what is open still is found by it.
    grown, left_open = work.grown(born, as_of) if born else None, {}
    if grown is None:
        work.report(events, as_of=as_of, anomaly=anomaly)
    else:
        left_open = work.spans_after(events, as_of=as_of, born=born, anomaly=anomaly)
    found += _beside_inquorate(events)
    if born:
        found += _beside_birth(events, born)
    if grown and left_open:
        event = next((one for one in reversed(events) if one.on < grown), events[-1])
        for name in left_open:
            span = work.spans_by_name[name]
            found.append(
                Finding("open-after-childhood", event.on, event.event, span, compared=grown)
            )
    return sorted(found, key=lambda one: (one.on, one.kind, one.event)) if found else found
