"""Of which days it is not known what happened: silence is not a fact."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta

from iro_cli.facts.model import NO_EXTRACT, Carried, Event, Unsaid
from iro_cli.lean import NamedTuple

_DAY = timedelta(days=1)
# Two sources that date one meeting differently do so by days; reviews are weeks apart.
_SAME_MEETING = 14


# Why some days are not known.
LATEST_ONLY, NOT_CARRIED, NOT_IMPORTED, NOT_SAID = (
    "latest-only",
    "not-carried",
    "not-imported",
    "not-said",
)


class Unknown(NamedTuple):
    """
    Why it is not known what happened in some days.

    Attributes:
        kind: Only the latest meeting is recorded, that on the day after the last; an extract
            does not carry something; no extract of these days has been imported; or an extract
            does not say something of one child.
        first: The first of the days.
        last: The last of them (inclusive).
        source: The kind of extract.
        lacks: What the extract does not carry.
    """

    kind: str
    first: date
    last: date
    source: str = ""
    lacks: str = ""


class Silence(NamedTuple):
    """
    Some kinds of event that may have happened in some days without being known.

    Attributes:
        events: The kinds of event.
        first: The first of the days; ``None`` for all before the last (inclusive).
        last: The last of them (inclusive); ``None`` for all after the first.
        why: Why they are not known: of each of the extracts that could tell of them.
        begun: The days on which what it holds for begins; ``None`` where it holds for all.
        uncovered: Whether no extract is about these days at all: then a meeting that is known
            among them says that what follows it is.
        only_ends: Whether the clock that runs into it may have been ended by such an event,
            and cannot have been met by one.
        asked_on: The last day of the clock that runs into it: the day that is asked about,
            or the day on which something else ended the clock.
    """

    events: frozenset[str]
    first: date | None
    last: date | None
    why: tuple[Unknown, ...]
    begun: frozenset[date] | None = None
    uncovered: bool = False
    only_ends: bool = False
    asked_on: date | None = None

    def concerns(self, begun: date | None, after: date, until: date) -> bool:
        """
        Say whether such an event can have happened while a clock ran.

        Args:
            begun: The day on which began what the clock belongs to.
            after: The day it started (exclusive).
            until: The last day on which it ran (inclusive).
        """
        first, last = self.first or date.min, self.last or date.max
        if first > until or last <= after or after >= until:
            return False
        if self.begun is not None and begun not in self.begun:
            return False
        return not self.uncovered or after == begun or after < first


def is_repeat(one: Event, others: Iterable[date]) -> bool:
    """Say whether a latest meeting is one of those known, a few days apart or none."""
    return any(abs((on - one.on).days) <= _SAME_MEETING for on in others)


class Latest(NamedTuple):
    """
    What an event says that gives the latest meeting only.

    Attributes:
        others: The events that give every one of the same meetings.
        begins: The events that begin what the meetings are held in.
    """

    others: frozenset[str]
    begins: frozenset[str]


def before_latest(
    latest: Mapping[str, Latest],
    events: Sequence[Event],
    later: Collection[Event],
    none_held: Mapping[tuple[str, date], date],
) -> list[Silence]:
    """
    Return what is not known because only a later meeting is, which was the latest when told.

    Args:
        latest: The events that give the latest meeting only.
        events: The child's, up to the day that is asked about.
        later: Those after it.
        none_held: The last day to which it is known that none was held before a latest meeting,
            by its kind and day.
    """
    found = []
    for name, what in latest.items():
        known = [one.on for one in (*events, *later) if one.event in what.others]
        told = [one for one in later if one.event == name and not is_repeat(one, known)]
        first = min(told, key=lambda one: one.on, default=None)
        # What began in between is another period: its meetings say nothing of the one before.
        if first is None or any(one.event in what.begins and one.on <= first.on for one in later):
            continue
        kinds = what.others | {name}
        # What was held before one that is known is judged by what is known.
        known_to = [one.on for one in events if one.event in kinds]
        if none_to := none_held.get((name, first.on)):
            known_to.append(none_to + _DAY)
        last = first.on - _DAY
        since = max(known_to, default=None)
        if since is None or since <= last:
            found.append(Silence(kinds, since, last, (Unknown(LATEST_ONLY, date.min, last),)))
    return found


# A plan starts at its conference or somewhat later, and two sources may give one each.
_SAME_BEGINNING = timedelta(days=28)
# How something begins: the event, its day, and who states it; ``None`` for a person.
Beginning = tuple[str, date, str | None]


class _SilentDays(NamedTuple):
    """Some days of which a kind of extract says nothing of an event, both inclusive."""

    first: date
    last: date
    why: tuple[Unknown, ...]
    uncovered: bool


class Silences:
    """
    What the extracts of a store do not carry, for one child after another.

    It holds for what began with a fact that they state.  Where several state it, what one of
    them carries is known; a person who recorded it is taken to record the rest too.

    Attributes:
        events: The kinds of event that some extract does not carry of some days.
        until: The last of those days.
        children: The children of whom something is not known; ``None`` where it may be any.
    """

    def __init__(self, rows: Iterable[Carried], unsaid: Iterable[Unsaid] = ()) -> None:
        """
        Gather what the extracts do not carry.

        Args:
            rows: What they carry and what they do not, as it is stored.
            unsaid: What they do not say of one child.
        """
        told: dict[tuple[str, str], list[Carried]] = {}
        for one in rows:
            told.setdefault((one.source, one.event), []).append(one)
        self._days: dict[str, dict[str, list[_SilentDays]]] = {}
        for (source, event), each in told.items():
            if days := [*_silent(each)]:
                self._days.setdefault(source, {})[event] = days
        every = [*self._days.values()]
        self.events = frozenset(event for each in every for event in each)
        self.until = max(
            (one.last for each in every for of in each.values() for one in of), default=date.min
        )
        self._of_child: dict[str, list[Unsaid]] = {}
        for of_child in unsaid:
            self._of_child.setdefault(of_child.child_id, []).append(of_child)
            self.events |= {of_child.event}
            self.until = max(self.until, of_child.to_on or date.max)
        self.children = None if every else frozenset(self._of_child)
        self._of_sources: dict[frozenset[str | None], Sequence[Silence]] = {}
        self._known: dict[frozenset[Beginning], Sequence[Silence]] = {}

    def of(self, beginnings: Iterable[Beginning], child_id: str = "") -> Sequence[Silence]:
        """Return what is not known of a child, by who states how its processes began."""
        if not self.events:
            return ()
        key = frozenset(beginnings)
        found = self._known.get(key)
        if found is None:
            found = self._known[key] = [*self._worked_out(key)]
        own = self._of_child.get(child_id)
        return [*found, *_own(own, key)] if own else found

    def _worked_out(self, beginnings: Iterable[Beginning]) -> Iterator[Silence]:
        for among, days in _begun(beginnings).items():
            if among not in self._of_sources:
                self._of_sources[among] = [*self._where_all_are_silent(among)]
            for one in self._of_sources[among]:
                yield one._replace(begun=frozenset(days))

    def _where_all_are_silent(self, sources: Iterable[str | None]) -> Iterator[Silence]:
        first, *others = (self._days.get(source or "", {}) for source in sources)
        together: dict[_SilentDays, set[str]] = {}
        for event, days in first.items():
            common = days
            for other in others:
                common = [*_common(common, other.get(event, ()))]
            for one in common:
                together.setdefault(one, set()).add(event)
        for one, events in together.items():
            yield Silence(
                frozenset(events),
                one.first,
                one.last,
                one.why,
                uncovered=one.uncovered,
            )


def _own(unsaid: Iterable[Unsaid], beginnings: Iterable[Beginning]) -> Iterator[Silence]:
    """
    Yield what extracts do not say of one child, of what began before the days in question.

    Where another source states that beginning too, or a person does, it is known there.
    """
    begun = _begun(beginnings)
    for one in unsaid:
        first = one.from_on or date.min
        days = begun.get(frozenset({one.source}), set())
        any_day = one.from_on is None or bool(one.refused)
        mine = frozenset(day for day in days if any_day or day <= first)
        yield Silence(frozenset({one.event}), first, one.to_on, (not_said(one),), mine)


def not_said(one: Unsaid) -> Unknown:
    """Return what an extract leaves unknown of one child."""
    first, last = one.from_on or date.min, one.to_on or date.max
    return Unknown(NOT_SAID, first, last, one.source, one.lacks)


def _begun(beginnings: Iterable[Beginning]) -> dict[frozenset[str | None], set[date]]:
    """
    Return on which days something begins, by who states it.

    What begins one process within some days is one beginning, whoever states which part.
    """
    stated: dict[str, dict[date, set[str | None]]] = {}
    for event, on, source in beginnings:
        stated.setdefault(event.partition(".")[0], {}).setdefault(on, set()).add(source)
    found: dict[frozenset[str | None], set[date]] = {}
    for of_process in stated.values():
        days, sources = set[date](), set[str | None]()
        for on in sorted(of_process):
            if days and on - max(days) > _SAME_BEGINNING:
                found.setdefault(frozenset(sources), set()).update(days)
                days, sources = set(), set()
            days.add(on)
            sources |= of_process[on]
        found.setdefault(frozenset(sources), set()).update(days)
    return found


def _silent(rows: Iterable[Carried]) -> Iterator[_SilentDays]:
    """
    Yield the days of which nothing is said by what an extract carries and does not.

    Days that no extract covers are among them, where those that are covered are later.
    """
    covered_to = date.min
    for one in sorted(rows, key=lambda one: one.from_on or date.min):
        first, last = one.from_on or date.min, one.to_on or date.max
        if one.from_on and one.from_on - _DAY > covered_to:
            begins = covered_to + _DAY if covered_to > date.min else covered_to
            unknown = Unknown(NOT_IMPORTED, begins, one.from_on - _DAY, one.source)
            yield _SilentDays(begins, unknown.last, (unknown,), uncovered=True)
        covered_to = max(covered_to, last)
        if one.lacks:
            yield _SilentDays(first, last, (not_carried(one),), uncovered=one.lacks == NO_EXTRACT)


def not_carried(one: Carried) -> Unknown:
    """Return what an extract leaves unknown by what it does not carry."""
    kind = NOT_IMPORTED if one.lacks == NO_EXTRACT else NOT_CARRIED
    first, last = one.from_on or date.min, one.to_on or date.max
    return Unknown(kind, first, last, one.source, one.lacks or "")


def _common(one: Iterable[_SilentDays], other: Sequence[_SilentDays]) -> Iterator[_SilentDays]:
    """Yield the days that are among both."""
    for mine in one:
        for theirs in other:
            first, last = max(mine.first, theirs.first), min(mine.last, theirs.last)
            if first <= last:
                uncovered = mine.uncovered or theirs.uncovered
                yield _SilentDays(first, last, mine.why + theirs.why, uncovered)
