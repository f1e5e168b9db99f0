"""Find in the facts of one child what cannot be right, or leaves a gap."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from functools import lru_cache
from itertools import compress
from operator import sub

from iro_cli.dates.months import birthday
from iro_cli.facts.model import Child, Event
from iro_cli.facts.twice import MEETINGS, ONCE_IN, as_the_other, twins
from iro_cli.facts.vocabulary import EVENTS, INQUORATE, UNDER_FOUR, VIEWS_FROM_AGE
from iro_cli.law.model import Span
from iro_cli.lean import NamedTuple
from iro_cli.obligations.chains import Engine, EventColumns, columns_of

_SHOWN = 3
_CODE_AT = Event._fields.index("participation")
_UNDER_FOUR = frozenset({UNDER_FOUR, None})
_NO_TIME, _ONCE_IN = timedelta(0), timedelta(days=ONCE_IN)
# A meeting on a day near that of another one.
NEAR_ANOTHER = "near-another"
# The findings that do not make ``record`` refuse a fact.  The fact may be right all the same: a
# child may have been looked after before the records begin.
_LET_PASS = {
    "start-unknown",
    "left-open",
    "start-not-recorded",
    "second-adjournment",
    "adjourned-again",
    NEAR_ANOTHER,
    "not-under-four",
    "under-four",
    "open-after-childhood",
}
# The findings whose message names the days around the event.
_LOOKS_AROUND = {"already-open", "outside", "left-open"}
# The findings about an event whose own span was not open.
_OUT_OF_ITS_SPAN = {"start-missing", "outside"}


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
    """The meetings that a record could be about: their events, and the last days of them."""

    events: tuple[str, ...]
    days: tuple[date, ...]


class Instead(NamedTuple):
    """The meeting that one outside its own span may have been: its event and the open span."""

    event: str
    span: Span


class Finding(NamedTuple):
    """
    Something in the facts that cannot be right, or that leaves a gap.

    Attributes:
        kind: A short name that stays the same.
        on: The day of the event it is about.
        event: The event it is about.
        span: The span the event belongs to, if any.
        compared: The day that the day of the event does not fit: the birth, the death, the
            fourth or the 18th birthday, or another day of the same kind of meeting.
        around: The days around the event, if they say more.
        waiting: The meetings that the event could be about, if no time limit was running for it.
        several: The clocks that the event could meet, if several are open: the reference of
            each, and the day it started.
        instead: What a meeting may have been whose own span was not open, if another was.
    """

    kind: str
    on: date
    event: str
    span: Span | None = None
    compared: date | None = None
    around: Around | None = None
    waiting: Waiting | None = None
    several: tuple[tuple[str, date], ...] = ()
    instead: Instead | None = None

    @property
    def blocks(self) -> bool:
        """Say whether ``record`` refuses a fact that brings it about."""
        return self.kind not in _LET_PASS


class Unexplained(NamedTuple):
    """
    Something in the facts that does not fit, before anything around it is looked at.

    An import may find a million, of which only a few are shown: :func:`explained` looks further.

    Attributes:
        on: As in :class:`Finding`.
        kind: As in :class:`Finding`.
        event: The event it is about.
        span: The id of the span the event belongs to, if any.
        compared: As in :class:`Finding`; ``None`` if it is found out later.
    """

    on: date
    kind: str
    event: Event
    span: str | None = None
    compared: date | None = None


def _by_day(one: Unexplained) -> tuple[date, str, str]:
    return one.on, one.kind, one.event.event


def _around(events: Sequence[Event], event: Event, span: Span) -> Around:
    # An end on the day itself ended it; a start on the day did not begin it before.
    starts = [one.on for one in events if any(match.means(one) for match in span.opened_by)]
    ends = [one.on for one in events if any(match.means(one) for match in span.closed_by)]
    return Around(
        opened=max((on for on in starts if on < event.on), default=None),
        ended=max((on for on in ends if on <= event.on), default=None),
        begins=min((on for on in starts if on > event.on), default=None),
    )


def _instead(work: Engine, child: Child, events: Sequence[Event], event: Event) -> Instead | None:
    """Return the meeting of another process, open on that day, that an event may have been."""
    # Without others of its kind: they would show that its own span was open.
    before = [one for one in events if one.on <= event.on and one.event != event.event]
    spans = work.spans_after(before, as_of=event.on, born=child.date_of_birth)
    what = event.event.partition(".")[2]
    for chain in work.chains:
        span = chain.root.span
        name = f"{chain.root.process}.{what}"
        met_by = {match.event for match in chain.root.met_by}
        if span in spans and name in met_by and name != event.event:
            return Instead(name, work.spans_by_name[span])
    return None


def meetings_of_record(work: Engine, name: str) -> frozenset[str]:
    """
    Return the kinds of meeting that a record can be about.

    Args:
        work: The rules.  A rule whose clocks are told apart by a date names the meeting that
            starts them and the record that meets them.
        name: The kind of record.

    Returns:
        The kinds of event; none if no rule has such a record.
    """
    return frozenset(
        match.event
        for chain in work.chains
        if chain.root.match == "date" and name in {one.event for one in chain.root.met_by}
        for match in chain.root.trigger.event
    )


def _waiting(work: Engine, events: Sequence[Event], event: Event) -> Waiting | None:
    """Find the meetings that an event could be about, if it is a record."""
    of = meetings_of_record(work, event.event)
    days = tuple(one.on for one in events if one.event in of)[-_SHOWN:]
    return Waiting(tuple(sorted(of)), days) if of else None


def _several(
    work: Engine, child: Child, events: Sequence[Event], event: Event
) -> tuple[tuple[str, date], ...]:
    """Return the clocks that an event could meet, if it does not say which of them it means."""
    before = [one for one in events if one.on <= event.on and one.event != event.event]
    same = [one for one in events if one.on < event.on and one.event == event.event]
    known = sorted([*before, *same], key=lambda one: one.on)
    found = work.run(known, as_of=event.on, born=child.date_of_birth)
    # Two rules that one dispute starts have a clock each, and the dispute is named once.
    named = (
        (one.key, one.started)
        for one in found.open
        if one.rule.match == "reference"
        and one.started is not None
        and any(match.event == event.event for match in one.rule.met_by)
    )
    return tuple(dict.fromkeys(named))


def _compared(work: Engine, events: Sequence[Event], born: date | None, kind: str) -> date | None:
    """Return the day that the day of an event does not fit, for the kinds that have one."""
    if kind == "after-childhood":
        return birthday(born, work.age) if born and work.age else None
    if kind == "after-death":
        return next((one.on for one in events if EVENTS[one.event].ends_everything), None)
    return None


def _beside_birth(
    events: Sequence[Event], columns: EventColumns, born: date
) -> Iterator[Unexplained]:
    """
    Yield what does not fit the child's age: events before birth, and participation codes.

    Authority:
        ``SSDA903 validation rules 440 and 441``: on the fourth birthday itself, the code for a
        child under four and the others are both right.
    """
    # The days are in order, so it is looked up where a birthday comes among them.
    days, codes = columns[1], [*columns[_CODE_AT]]
    for place in range(bisect_left(days, born)):
        event = events[place]
        if not EVENTS[event.event].before_birth:
            yield Unexplained(event.on, "before-birth", event, compared=born)
            codes[place] = None  # what is told of it is enough
    if codes.count(None) == len(codes):
        return
    fourth = birthday(born, VIEWS_FROM_AGE)
    until, since = bisect_left(days, fourth), bisect_right(days, fourth)
    # The codes of most children fit their age, so all of them are looked at together first.
    if not _UNDER_FOUR.issuperset(codes[:until]):
        for event, code in zip(events, codes[:until], strict=False):
            if code not in _UNDER_FOUR:
                yield Unexplained(event.on, "under-four", event, compared=fourth)
    if UNDER_FOUR in codes[since:]:
        for event, code in zip(events[since:], codes[since:], strict=True):
            if code == UNDER_FOUR:
                yield Unexplained(event.on, "not-under-four", event, compared=fourth)


def _beside_inquorate(events: Sequence[Event]) -> Iterator[Unexplained]:
    """Yield the conferences that count, on a day with one that was recorded as not quorate."""
    for event in events:
        if event.event == INQUORATE:
            for other in as_the_other(event, events):
                yield Unexplained(other.on, "counts-and-does-not", other)


def _beside_another(events: Sequence[Event], columns: EventColumns) -> Iterator[Unexplained]:
    """
    Yield the meetings that are probably one with an earlier meeting, on another day.

    ``record`` refuses the second.  An extract may give both, and both are counted, so the next
    date is that after two meetings.
    """
    names, days = columns[:2]
    for kind in _meetings_among(frozenset(names)):
        of_kind = [*map(kind.__contains__, names)]
        held = [*compress(days, of_kind)]
        after = [*map(sub, held[1:], held)]
        # Most meetings are months apart, and need not be compared with everything between.
        if not after or min(after) > _ONCE_IN:
            continue
        for event, time in zip([*compress(events, of_kind)][1:], after, strict=True):
            if not _NO_TIME < time <= _ONCE_IN:
                continue
            earlier = [one.on for one in twins(event, events) if one.on < event.on]
            if earlier:
                yield Unexplained(event.on, NEAR_ANOTHER, event, compared=earlier[0])


@lru_cache(1 << 10)
def _meetings_among(names: frozenset[str]) -> tuple[frozenset[str], ...]:
    """Return, for each kind of meeting among some events, all events that record such a meeting."""
    kinds = sorted({MEETINGS[one] for one in names if one in MEETINGS})
    return tuple(frozenset(one for one in MEETINGS if MEETINGS[one] == kind) for kind in kinds)


def unexplained_of(
    work: Engine, child: Child, events: Sequence[Event], as_of: date
) -> list[Unexplained]:
    """
    Return what does not fit in one child's facts, in order of date.

    Args:
        work: The engine with every rule, not only the rules that are shown.
        child: The child.
        events: The child's events in order of date, none after *as_of*.
        as_of: The day the question is asked about.
    """
    if not events:
        return []
    found: list[Unexplained] = []
    born = child.date_of_birth

    def anomaly(kind: str, event: Event, span: str | None) -> None:
        found.append(Unexplained(event.on, kind, event, span))

    columns = columns_of(events)
    left_open = work.report(events, as_of=as_of, anomaly=anomaly, born=born, columns=columns)
    if INQUORATE in columns[0]:
        # A conference may stand beside two that were not quorate, and is told once.
        found += dict.fromkeys(_beside_inquorate(events))
    if near := [*_beside_another(events, columns)]:
        # A second initial conference begins a second plan too, and that tells more.
        fits_not = {one.event.event for one in found if one.kind == "already-open"}
        found += [one for one in near if one.event.event not in fits_not]
    if born:
        found += _beside_birth(events, columns, born)
    grown = work.grown(born, as_of) if born and left_open else None
    if grown:
        event = next((one for one in reversed(events) if one.on < grown), events[-1])
        found += [
            Unexplained(event.on, "open-after-childhood", event, name, grown) for name in left_open
        ]
    return sorted(found, key=_by_day) if len(found) > 1 else found


def explained(work: Engine, child: Child, events: Sequence[Event], one: Unexplained) -> Finding:
    """
    Return what does not fit, with what has to be known around it to say so.

    Args:
        work: As in :func:`unexplained_of`.
        child: The child.
        events: As in :func:`unexplained_of`.
        one: What was found in them.
    """
    on, kind, event, name, compared = one
    span = work.spans_by_name.get(name or "")
    return Finding(
        kind,
        on,
        event.event,
        span,
        compared or _compared(work, events, child.date_of_birth, kind),
        _around(events, event, span) if span and kind in _LOOKS_AROUND else None,
        _waiting(work, events, event) if kind == "nothing-waiting" else None,
        _several(work, child, events, event) if kind == "which-of-several" else (),
        _instead(work, child, events, event) if kind in _OUT_OF_ITS_SPAN else None,
    )


def findings_of(work: Engine, child: Child, events: Sequence[Event], as_of: date) -> list[Finding]:
    """
    Return what does not fit in one child's facts, in order of date, each explained.

    Args:
        work: As in :func:`unexplained_of`.
        child: The child.
        events: As in :func:`unexplained_of`.
        as_of: The day the question is asked about.
    """
    found = unexplained_of(work, child, events, as_of)
    return [explained(work, child, events, one) for one in found]
