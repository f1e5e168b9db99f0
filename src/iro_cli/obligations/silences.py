"""Of which days it is not known what happened: silence is not a fact."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from itertools import chain

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


def is_repeat(one: Event, others: Iterable[date], begun: Iterable[date]) -> bool:
    """
    Say whether a latest meeting is one of those known, a few days apart or none.

    Args:
        one: The latest meeting.
        others: The days of those known.
        begun: The days on which began what the meetings are held in: one before such a day is
            of another time than one after it.
    """
    return any(
        abs((on - one.on).days) <= _SAME_MEETING
        and not any(min(on, one.on) < first <= max(on, one.on) for first in begun)
        for on in others
    )


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
        begun = [one.on for one in (*events, *later) if one.event in what.begins]
        told = [one for one in later if one.event == name and not is_repeat(one, known, begun)]
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
SAME_BEGINNING = timedelta(days=28)
# What the name of a meeting ends with where an extract gives the latest one only.
_LATEST = ".latest"
# Of a child who is placed for adoption that is the latest of either.
_LATEST_OF = {"adoption.review": "cla.review.latest"}
# How something begins: the event, its day, and who states it; ``None`` for a person.
Beginning = tuple[str, date, str | None]
# The first and the last of some days, both inclusive.
DayRange = tuple[date, date]


def besides(some: Iterable[DayRange], first: date, last: date) -> Iterator[DayRange]:
    """
    Yield what is left of the days from one to another where some are taken out.

    >>> year = date(2026, 1, 1), date(2026, 12, 31)
    >>> [str(ends) for _, ends in besides([(date(2026, 5, 1), date(2026, 5, 31))], *year)]
    ['2026-04-30', '2026-12-31']

    Args:
        some: The days that are taken out.
        first: The first of the days (inclusive).
        last: The last of them (inclusive).
    """
    for begins, ends in sorted(some):
        if ends < first or begins > last:
            continue
        if first < begins:
            yield first, begins - _DAY
        if ends >= last:
            return
        first = ends + _DAY
    yield first, last


class _SilentDays(NamedTuple):
    """Some days of which a kind of extract says nothing of an event, both inclusive."""

    first: date
    last: date
    why: tuple[Unknown, ...]
    uncovered: bool


class _UpToLatest(NamedTuple):
    """
    A silence about each of some meetings, of which another extract gives the latest.

    Attributes:
        meeting: The meeting.
        silence: What is not known, were it not for the latest.
        told: The days of which the other extract tells.
    """

    meeting: str
    silence: Silence
    told: tuple[DayRange, ...]

    def besides_the_latest(
        self, begun: frozenset[date], events: Iterable[Event]
    ) -> Iterator[Silence]:
        """Yield what is left of it, for what began on some days."""
        one = self.silence
        known = _since_latest(self.told, self.meeting, min(begun), events)
        for first, last in besides(known, one.first or date.min, one.last or date.max):
            yield one._replace(first=first, last=last, begun=begun)


def _latest_of(meeting: str) -> str:
    """Return the event by which an extract gives the latest of some meetings."""
    return _LATEST_OF.get(meeting, meeting + _LATEST)


def _since_latest(
    told: Iterable[DayRange], meeting: str, begun: date, events: Iterable[Event]
) -> Iterator[DayRange]:
    """
    Yield the days of which all is known where the latest meeting is: from it to the last day.

    Where there is no latest meeting since something began, none was held.
    """
    name = _latest_of(meeting)
    latest = max((one.on for one in events if one.event == name and one.on >= begun), default=begun)
    for begins, ends in told:
        if ends >= latest:
            yield max(begins, latest), ends


class Silences:
    """
    What the extracts of a store do not carry, for one child after another.

    It holds for what began with a fact that they state.  Where several state it, what one of
    them carries is known; a person who recorded it is taken to record the rest too.  Of one
    that gives the latest meeting only, what came after that meeting is known.

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
        self._told: dict[tuple[str, str], tuple[DayRange, ...]] = {}
        for (source, event), each in told.items():
            if days := [*_silent(each)]:
                self._days.setdefault(source, {})[event] = days
            self._told[source, event] = tuple(
                (one.from_on or date.min, one.to_on or date.max) for one in each if not one.lacks
            )
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
        self._of_sources: dict[
            frozenset[str | None], tuple[Sequence[Silence], Sequence[_UpToLatest]]
        ] = {}
        self._known: dict[
            frozenset[Beginning],
            tuple[Sequence[Silence], Sequence[tuple[frozenset[date], _UpToLatest]]],
        ] = {}

    def of(
        self,
        beginnings: Iterable[Beginning],
        child_id: str = "",
        events: Sequence[Event] = (),
        later: Sequence[Event] = (),
    ) -> Sequence[Silence]:
        """
        Return what is not known of a child.

        Args:
            beginnings: How its processes began, and who states it.
            child_id: The child.
            events: Its events, up to the day that is asked about.
            later: Those after it.
        """
        if not self.events:
            return ()
        own = self._of_child.get(child_id, ())
        key = frozenset(_as_begun(beginnings, events, later))
        whole, up_to_latest = self._known_of(key)
        if not up_to_latest and not own:
            return whole
        every = [*events, *later]
        refused = frozenset(_in_refused_rows(key, own)) - key
        if refused:
            # What others tell stays told, and what they leave open stays open.
            more, more_up_to_latest = self._known_of(key | refused)
            whole, up_to_latest = [*whole, *more], [*up_to_latest, *more_up_to_latest]
        parts = (
            part for begun, one in up_to_latest for part in one.besides_the_latest(begun, every)
        )
        return [*whole, *parts, *self._own(own, key, refused, every)]

    def _known_of(
        self, beginnings: frozenset[Beginning]
    ) -> tuple[Sequence[Silence], Sequence[tuple[frozenset[date], _UpToLatest]]]:
        found = self._known.get(beginnings)
        if found is None:
            found = self._known[beginnings] = self._worked_out(beginnings)
        return found

    def _worked_out(
        self, beginnings: Iterable[Beginning]
    ) -> tuple[Sequence[Silence], Sequence[tuple[frozenset[date], _UpToLatest]]]:
        whole: list[Silence] = []
        up_to_latest: list[tuple[frozenset[date], _UpToLatest]] = []
        together: dict[frozenset[str | None], set[date]] = {}
        for among, begun in _begun(beginnings):
            if among not in self._of_sources:
                self._of_sources[among] = self._where_all_are_silent(among)
            together.setdefault(among, set()).update(begun)
            up_to_latest += ((begun, one) for one in self._of_sources[among][1])
        for among, days in together.items():
            whole += (one._replace(begun=frozenset(days)) for one in self._of_sources[among][0])
        return whole, up_to_latest

    def _where_all_are_silent(
        self, sources: frozenset[str | None]
    ) -> tuple[Sequence[Silence], Sequence[_UpToLatest]]:
        together: dict[_SilentDays, set[str]] = {}
        up_to_latest: list[_UpToLatest] = []
        among = [source or "" for source in sources]
        for event in dict.fromkeys(name for one in among for name in self._days.get(one, ())):
            latest = [one for one in among if (one, _latest_of(event)) in self._told]
            if len(latest) == len(among):  # no extract among them gives every meeting
                latest = []
            first, *others = (self._days.get(one, {}) for one in among if one not in latest)
            common = first.get(event, [])
            for other in others:
                common = [*_common(common, other.get(event, ()))]
            told = tuple(days for one in latest for days in self._told[one, _latest_of(event)])
            for one in common:
                if latest:
                    # The other gives the latest only, so a meeting that it gave before may have
                    # been followed by one that it never gave.
                    silence = Silence(frozenset({event}), one.first, one.last, one.why)
                    up_to_latest.append(_UpToLatest(event, silence, told))
                else:
                    together.setdefault(one, set()).add(event)
        return [
            Silence(frozenset(events), one.first, one.last, one.why, uncovered=one.uncovered)
            for one, events in together.items()
        ], up_to_latest

    def _own(
        self,
        unsaid: Sequence[Unsaid],
        beginnings: frozenset[Beginning],
        refused: frozenset[Beginning],
        events: Sequence[Event],
    ) -> Iterator[Silence]:
        """
        Yield what extracts do not say of one child, of what began before the days in question.

        Where a person recorded that beginning too, it is all known. Where another extract
        states it, what that extract tells is known.
        """
        periods = [*_begun(beginnings | refused)] if unsaid else []
        for one in unsaid:
            for sources, begun in periods:
                days = _days_meant(one, begun)
                if not days or one.source not in sources or None in sources:
                    continue
                stated = {source for _, on, source in beginnings if on in begun}
                known = [
                    told
                    for source in (stated & sources) - {one.source}
                    for told in self._known_by(source or "", one, min(begun), unsaid, events)
                ]
                first = one.from_on or date.min
                for begins, ends in besides(known, first, one.to_on or date.max):
                    yield Silence(frozenset({one.event}), begins, ends, (not_said(one),), days)

    def _known_by(
        self,
        source: str,
        open_by_another: Unsaid,
        begun: date,
        unsaid: Iterable[Unsaid],
        events: Iterable[Event],
    ) -> Iterator[DayRange]:
        """Yield the days of which an extract tells what another leaves open of a child."""
        meeting = open_by_another.event.removesuffix(_LATEST)
        latest = self._told.get((source, _latest_of(meeting)))
        told: Iterable[DayRange] = self._told.get((source, meeting), ())
        if latest is not None:
            told = _since_latest(latest, meeting, begun, events)
        left_open = [
            (one.from_on or date.min, one.to_on or date.max)
            for one in unsaid
            if one.source == source and one.event.removesuffix(_LATEST) == meeting
        ]
        for first, last in told:
            yield from besides(left_open, first, last)


def _days_meant(one: Unsaid, begun: Iterable[date]) -> frozenset[date]:
    """Return the beginnings of which an extract leaves something open: a refused row, of any."""
    if one.from_on is None or one.refused:
        return frozenset(begun)
    return frozenset(on for on in begun if on <= one.from_on)


def not_said(one: Unsaid) -> Unknown:
    """Return what an extract leaves unknown of one child."""
    first, last = one.from_on or date.min, one.to_on or date.max
    return Unknown(NOT_SAID, first, last, one.source, one.lacks)


def _in_refused_rows(
    beginnings: Iterable[Beginning], unsaid: Iterable[Unsaid]
) -> Iterator[Beginning]:
    """Yield the beginnings that may have stood in rows of a child which were refused."""
    refused = [one for one in unsaid if one.refused]
    for name, on, _ in beginnings if refused else ():
        process = name.partition(".")[0]
        for one in refused:
            if one.event.startswith(f"{process}.") and on <= (one.to_on or date.max):
                yield name, on, one.source


def _as_begun(beginnings: Iterable[Beginning], *events: Sequence[Event]) -> Iterator[Beginning]:
    """
    Yield how processes began, also by an extract that has no day of it.

    One that says that care went on from a day is one of those that state when it began, which
    another tells.  Who tells of the reviews of care tells of those in a placement for adoption,
    or before one.
    """
    beginnings = [*beginnings]
    for name, on, source in beginnings:
        process, _, what = name.partition(".")
        first = []
        if what == "continuing":
            first = _care_since(beginnings, on, *events)
            yield from ((start, day, source) for start, day, _ in first)
        if not first:
            yield name, on, source
        if process == "adoption" and source is not None:
            for _, _, other in _care_since(beginnings, on, *events):
                if other is not None:
                    yield name, on, other


def _care_since(
    beginnings: Iterable[Beginning], day: date, *events: Sequence[Event]
) -> list[Beginning]:
    """Return how the care began that had not ended by a day."""
    ended = max(
        (one.on for one in chain(*events) if one.event == "cla.end" and one.on <= day),
        default=date.min,
    )
    return [one for one in beginnings if one[0] == "cla.start" and ended <= one[1] <= day]


def _begun(
    beginnings: Iterable[Beginning],
) -> Iterator[tuple[frozenset[str | None], frozenset[date]]]:
    """
    Yield for each time that something begins who states it, and on which days.

    What begins one process within some days is one beginning, whoever states which part.
    """
    stated: dict[str, dict[date, set[str | None]]] = {}
    for event, on, source in beginnings:
        stated.setdefault(event.partition(".")[0], {}).setdefault(on, set()).add(source)
    for of_process in stated.values():
        days, sources = set[date](), set[str | None]()
        for on in sorted(of_process):
            if days and on - max(days) > SAME_BEGINNING:
                yield frozenset(sources), frozenset(days)
                days, sources = set(), set()
            days.add(on)
            sources |= of_process[on]
        yield frozenset(sources), frozenset(days)


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
