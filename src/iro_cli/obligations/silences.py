"""
Work out the days for which the store cannot say whether something happened to a child.

An extract without its table of reviews does not say that no review was held: it says nothing.
If such a silence were read as "not held", a child whose reviews were all held in time would be
shown as overdue.  So the engine asks this module before it calls anything late.
"""

from bisect import bisect_left
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from itertools import chain

from iro_cli.facts.model import NO_EXTRACT, Carried, Event, Unsaid
from iro_cli.lean import NamedTuple

_DAY = timedelta(days=1)
# Two meetings at most so many days apart are taken for one to which two sources give different
# days: such days differ by a few, and two reviews lie weeks apart.
_SAME_MEETING = 14


# The reasons why it is not known what happened on some days: see `Unknown.kind`.
LATEST_ONLY, NOT_CARRIED, NOT_IMPORTED, NOT_SAID, AS_OF_CARE = (
    "latest-only",
    "not-carried",
    "not-imported",
    "not-said",
    "as-of-care",
)


class Unknown(NamedTuple):
    """
    One reason why it is not known what happened on some days.

    Attributes:
        kind: One of five reasons.  ``latest-only``: only the latest meeting is recorded, and it
            was held on the day after *last*.  ``not-carried``: the extract has no table or
            column for it.  ``not-imported``: no extract of these days has been imported.
            ``not-said``: the extract leaves it out for this one child.  ``as-of-care``: a review
            of that day is recorded as one of care, and may have been of another kind.
        first: The first of the days (inclusive).
        last: The last of them (inclusive).
        source: The kind of extract, such as ``ssda903``.
        lacks: What is missing from the extract, in words; for ``as-of-care``, the event that the
            review may have been.
    """

    kind: str
    first: date
    last: date
    source: str = ""
    lacks: str = ""


class Silence(NamedTuple):
    """
    Events of some kinds may have happened on some days, and the store would not know.

    Attributes:
        events: The kinds of event.
        first: The first of the days (inclusive); ``None`` if there is no first day.
        last: The last of them (inclusive); ``None`` if there is no last day.
        why: The reasons: one for each extract that could have told of these events.
        begun: The silence holds only for periods of care, plans and so on that began on one of
            these days; ``None`` if it holds for all of them.
        uncovered: Whether no extract covers these days at all.  If a meeting on one of them is
            known all the same, somebody recorded it, and what follows it is known too.
        only_ends: Whether such an event could have ended the clock that runs into the silence,
            but could not have met it.
        asked_on: The last day of the clock that runs into the silence: the as-of day, or the
            day on which something else ended the clock.
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
        Say whether such an event can have happened, unknown, while a clock ran.

        Args:
            begun: The first day of the period of care, the plan or other process in which the
                clock runs.
            after: The day on which the clock started (exclusive).
            until: The last day on which it ran (inclusive).
        """
        return self.may_hide_an_end(begun, after, until) and self.goes_beyond(after, until)

    def goes_beyond(self, after: date, until: date) -> bool:
        """
        Say whether it goes on after the day on which a clock started.

        A meeting on that day is the one that started the clock, so a silence that ends on that day
        hides none.

        Args:
            after: The day on which the clock started.
            until: The last day on which it ran (inclusive).
        """
        return after < until and (self.last is None or after < self.last)

    def may_hide_an_end(self, begun: date | None, after: date, until: date) -> bool:
        """
        Say whether such an end can have come, unknown, while a clock ran or as it started.

        An extract without legal statuses shows short breaks as care.  That holds for care that
        begins on the last day of the extract too.

        Args:
            begun: The first day of the process in which the clock runs.
            after: The day on which the clock started (inclusive).
            until: The last day on which it ran (inclusive).
        """
        first, last = self.first or date.min, self.last or date.max
        if first > until or after > min(until, last):
            return False
        if self.begun is not None and begun not in self.begun:
            return False
        # A clock that started within days that no extract covers was started by a meeting that
        # somebody recorded by hand: whoever recorded it is taken to record the next one too.
        # One that started with the process itself, or before these days, has no such witness.
        return not self.uncovered or after == begun or after < first


def is_repeat(one: Event, others: Iterable[date], begun: Iterable[date]) -> bool:
    """
    Say whether a meeting recorded as the latest one is known already, perhaps on a nearby day.

    Args:
        one: The latest meeting.
        others: The days of the meetings that are known.
        begun: The days on which periods of care or plans began.  A meeting before such a day
            and one after it are two meetings, however near they are.
    """
    return any(
        abs((on - one.on).days) <= _SAME_MEETING
        and not any(min(on, one.on) < first <= max(on, one.on) for first in begun)
        for on in others
    )


class Latest(NamedTuple):
    """
    What belongs to an event that records only the latest meeting, such as ``cla.review.latest``.

    Attributes:
        others: The events that record each of these meetings, such as ``cla.review``.
        begins: The events that begin the period of care or the plan in which they are held.
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
    Return what is not known on the as-of day because only a later "latest meeting" is recorded.

    Annex A made in November gives one review, of 3 October.  Whoever asks as of 1 September
    cannot be told that no review was held before: the list had room for one only.

    Args:
        latest: The events that record the latest meeting only.
        events: The child's events up to the as-of day.
        later: The child's events after it.
        none_held: For the kind and day of a latest meeting, the last day up to which an earlier
            extract proves that no other meeting was held before it.
    """
    found = []
    for name, what in latest.items():
        known = [one.on for one in (*events, *later) if one.event in what.others]
        begun = [one.on for one in (*events, *later) if one.event in what.begins]
        told = [one for one in later if one.event == name and not is_repeat(one, known, begun)]
        first = min(told, key=lambda one: one.on, default=None)
        # If a new period of care or plan began in between, its meetings say nothing about the
        # period before it.
        if first is None or any(one.event in what.begins and one.on <= first.on for one in later):
            continue
        kinds = what.others | {name}
        # The silence starts after the last meeting that is known: what came before that one is
        # judged by the facts.
        known_to = [one.on for one in events if one.event in kinds]
        if none_to := none_held.get((name, first.on)):
            known_to.append(none_to + _DAY)
        last = first.on - _DAY
        since = max(known_to, default=None)
        if since is None or since <= last:
            found.append(Silence(kinds, since, last, (Unknown(LATEST_ONLY, date.min, last),)))
    return found


_NEVER = frozenset({date.max})


class BesideLatest(NamedTuple):
    """
    A recorded meeting before which others may have been held that a list has no room for.

    Attributes:
        process: The first part of the name of the event with which the process began.
        begun: The days of such events; those that are near each other are one beginning.
        within: The days on which something with the same meetings began within the process.
        since: The day of the meeting before it; ``None`` if none is known.
        recorded: Whether that meeting is recorded, and not only in a list.
        held: The day of the meeting.
        latest: The event that records the latest meeting.
        latest_on: The day of that meeting in a list, or of the next one.
        meetings: The kinds of event that the meeting may be.
    """

    process: str
    begun: frozenset[date]
    within: frozenset[date]
    since: date | None
    recorded: bool
    held: date
    latest: str
    latest_on: date
    meetings: frozenset[str]

    def before(self, none_to: date) -> Silence | None:
        """
        Return what is not known of the days before it, if no extract has every meeting.

        A meeting of the first four weeks is taken for the first, and so is one of the four weeks
        after a list without any.

        Args:
            none_to: The last day up to which it is known that no meeting was held before it.
        """
        known_to = max(self.since or date.min, none_to)
        if self.held - max(known_to, *self.begun) <= SAME_BEGINNING:
            return None
        why = Unknown(LATEST_ONLY, date.min, self.latest_on - _DAY)
        first = known_to + _DAY if known_to > date.min else None
        begun = self.begun | self.within
        return Silence(self.meetings, first, self.held - _DAY, (why,), begun)


def beside_latest(latest: Mapping[str, Latest], events: Sequence[Event]) -> list[BesideLatest]:
    """
    Find the recorded meetings that a list has as the latest, or before its latest.

    A person recorded the review of 3 November, and Annex A has it as the latest.  Neither shows
    that no review was held before.

    Args:
        latest: The events that record the latest meeting only.
        events: All events of the child, in order.
    """
    found: list[BesideLatest] = []
    names = {event[0] for event in events}
    for name, what in latest.items():
        if name in names:
            rests = _RESTING.get(name, ())
            resting = frozenset().union(*(begins for begins, _ in rests))
            for begins, others in ((what.begins, what.others), *rests):
                if not names.isdisjoint(others):
                    found += _beside(name, begins, others, resting, events)
    return found


def _beside(
    latest: str,
    begins: Collection[str],
    others: frozenset[str],
    resting: Collection[str],
    events: Sequence[Event],
) -> Iterator[BesideLatest]:
    """
    Yield the recorded meetings of one kind of process that lists have.

    Args:
        latest: The event that records the latest meeting.
        begins: The events that begin the process.
        others: The events that record each meeting.
        resting: The events that begin what has the same meetings within the process.
        events: All events of the child, in order.
    """
    process = next((one.partition(".")[0] for one in begins), "")
    started = [days for _, days in _begun((process, on, None) for on in _days_of(begins, events))]
    held, told, within = (_days_of(those, events) for those in (others, (latest,), resting))
    for days, after in zip(started, [*started[1:], _NEVER], strict=False):
        since, until = min(days), min(after)
        known, lists, placed = (
            [on for on in those if since <= on < until] for those in (held, told, within)
        )
        for on, before, latest_on in _in_lists(known, lists):
            meetings = others | {latest}
            yield BesideLatest(
                process, days, frozenset(placed), *before, on, latest, latest_on, meetings
            )


def _days_of(names: Collection[str], events: Iterable[Event]) -> list[date]:
    return [one.on for one in events if one.event in names]


def _in_lists(
    held: Sequence[date], told: Sequence[date]
) -> Iterator[tuple[date, tuple[date | None, bool], date]]:
    """
    Yield the recorded meetings that lists have, each with what is known before it.

    Args:
        held: The days of the recorded meetings of one process, in order.
        told: The days of the meetings that lists give as the latest, in order.

    Returns:
        The day of each; the day of the meeting before it, and whether that is recorded; and its
        own day in a list, or that of the next one there.
    """
    near = timedelta(days=_SAME_MEETING)
    recorded: date | None = None
    for on in held:
        # A meeting in a list some days from a recorded one is the same, on another day.
        place = bisect_left(told, on - near)
        if place == len(told):
            return
        listed = told[place - 1] if place else None
        only_listed = listed is not None and (recorded is None or listed - near > recorded)
        before = (listed, False) if only_listed else (recorded, recorded is not None)
        yield on, before, told[place]
        recorded = on


class _OtherReviews(NamedTuple):
    """
    The reviews that a child has instead of those of care.

    Attributes:
        begins: What begins the time in which the child has them.
        ends: What ends it.
        review: The event of such a review.
        given_as: The events as which an extract without placements or statuses gives one.
        end: The event as which such an extract gives the end of it; ``None`` if it gives none.
    """

    begins: str
    ends: frozenset[str]
    review: str
    given_as: frozenset[str]
    end: str | None = None


_OF_CARE = "cla.review"
_OTHER_REVIEWS = (
    # The latest review of a list is one of the placement anyway.
    _OtherReviews(
        "adoption.placed",
        frozenset({"adoption.end", "adoption.returned", "cla.end"}),
        "adoption.review",
        frozenset({_OF_CARE}),
    ),
    _OtherReviews(
        "short-break.start",
        frozenset({"short-break.end"}),
        "short-break.review",
        frozenset({_OF_CARE, _OF_CARE + ".latest"}),
        "cla.end",
    ),
)
# The events with which a time begins in which a review of care may have been another one.
BEGINS_INSTEAD = frozenset(one.begins for one in _OTHER_REVIEWS)


def recorded_as_of_care(events: Sequence[Event]) -> Iterator[Silence]:
    """
    Yield the days of reviews, and ends, of care that may have been those of something else.

    A child who is placed for adoption, or has short breaks, has no reviews of care.  But an extract
    without placements or legal statuses gives each review as one of care.  So it is not known
    whether a review of the right kind was held on that day.

    Args:
        events: All events of the child, in order.
    """
    names = {event[0] for event in events}
    for what in _OTHER_REVIEWS:
        # Asked first: most children who are placed have no review that is given as one of care.
        if what.begins in names and not names.isdisjoint(what.given_as | {what.end}):
            for start in (one.on for one in events if one.event == what.begins):
                yield from _given_as_of_care(what, start, events)


def _is_near(on: date, others: Iterable[date]) -> bool:
    """Say whether a meeting is one of others, perhaps on another day."""
    return any(abs((on - other).days) <= _SAME_MEETING for other in others)


def _given_as_of_care(
    what: _OtherReviews, start: date, events: Sequence[Event]
) -> Iterator[Silence]:
    """Yield what is not known of a time with other reviews than those of care, from one start."""
    known = [one.on for one in events if one.event in (what.review, what.review + _LATEST)]
    listed = [one.on for one in events if one.event == _OF_CARE + _LATEST]
    ended = (one.on for one in events if one.event in what.ends and one.on > start)
    until = min(ended, default=date.max)
    begun = frozenset({start})
    for event in events:
        on = event.on
        if not start < on <= until:
            continue
        if event.event in what.given_as and not _is_near(on, known):
            # Before a latest review there may have been others.
            first = start if _is_near(on, listed) else on
            why = Unknown(AS_OF_CARE, on, on, lacks=what.review)
            yield Silence(frozenset({what.review}), first, on, (why,), begun)
        elif event.event == what.end and until == date.max:
            (ended_by,) = what.ends
            why = Unknown(AS_OF_CARE, on, on, lacks=ended_by)
            yield Silence(what.ends, on, None, (why,), begun)


# Two starts of one process this near are taken for one.  A plan starts at its conference or
# some days later, and one extract may give the conference where another gives the plan.
SAME_BEGINNING = timedelta(days=28)
# How the name of an event ends if it records only the latest meeting.
_LATEST = ".latest"
# For a child who is placed for adoption, the latest review is the latest of either kind.
_LATEST_OF = {"adoption.review": "cla.review.latest"}
# What begins within care and has reviews of its own, of which the latest may be one.
_RESTING = {
    "cla.review.latest": ((frozenset({"adoption.placed"}), frozenset({"adoption.review"})),),
}
# What a list shows of the current placement only.
_CURRENT_ONLY = ("adoption.placed", "adoption.end")
# The event with which a process begins, its day, and its source; ``None`` for a person.
Beginning = tuple[str, date, str | None]
# The first day and the last day, both inclusive.
DayRange = tuple[date, date]


def besides(some: Iterable[DayRange], first: date, last: date) -> Iterator[DayRange]:
    """
    Yield what is left of the days from *first* to *last* when some ranges are taken out.

    >>> year = date(2026, 1, 1), date(2026, 12, 31)
    >>> [str(ends) for _, ends in besides([(date(2026, 5, 1), date(2026, 5, 31))], *year)]
    ['2026-04-30', '2026-12-31']

    Args:
        some: The ranges of days to take out.
        first: The first day (inclusive).
        last: The last day (inclusive).
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
    """The days, both ends inclusive, on which one kind of extract does not tell of an event."""

    first: date
    last: date
    why: tuple[Unknown, ...]
    uncovered: bool

    @property
    def is_lacked(self) -> bool:
        """Say whether an extract of these days lacks the event."""
        return any(one.kind == NOT_CARRIED for one in self.why)


class _UpToLatest(NamedTuple):
    """
    A silence about meetings, which another extract that gives the latest meeting makes shorter.

    Attributes:
        meeting: The kind of meeting.
        silence: What would not be known without the latest meeting.
        told: The days that the other extract covers.
    """

    meeting: str
    silence: Silence
    told: tuple[DayRange, ...]

    def besides_the_latest(
        self, begun: frozenset[date], events: Iterable[Event]
    ) -> Iterator[Silence]:
        """Yield what is still not known of a process that began on some days."""
        one = self.silence
        known = _since_latest(self.told, self.meeting, min(begun), events)
        for first, last in besides(known, one.first or date.min, one.last or date.max):
            yield one._replace(first=first, last=last, begun=begun)


def _latest_of(meeting: str) -> str:
    """Return the event that records the latest meeting of a kind."""
    return _LATEST_OF.get(meeting, meeting + _LATEST)


def _since_latest(
    told: Iterable[DayRange], meeting: str, begun: date, events: Iterable[Event]
) -> Iterator[DayRange]:
    """
    Yield the days on which no other meeting was held, because the latest one is known.

    They run from the latest meeting to the last day that the extract covers.  If the extract
    gives no latest meeting since the process began, none was held at all.
    """
    name = _latest_of(meeting)
    latest = max((one.on for one in events if one.event == name and one.on >= begun), default=begun)
    for begins, ends in told:
        if ends >= latest:
            yield max(begins, latest), ends


def _since_placed(
    told: Iterable[DayRange], lists: str, begun: date, placements: Iterable[Beginning]
) -> Iterator[DayRange]:
    """
    Yield the days on which a list shows where a child was placed: since its placement began.

    If the list does not say when that was, it shows only the last of its days.
    """
    starts = [on for _, on, by in placements if by == lists and on >= begun]
    for first, last in told:
        yield max(first, max((on for on in starts if on <= last), default=last)), last


# What is not known of placements because an extract lacks them, and on which days; the list that
# shows the current one; and the days that the list covers.
_LackedBesideList = tuple[Silence, DayRange, str, DayRange]


class Silences:
    """
    Find what the extracts in a store leave unknown, for one child after another.

    An extract can leave something unknown only about a process (care, a plan) whose start it
    states itself.  If several extracts state that start, whatever one of them carries is known.
    If a person recorded the start, nothing is unknown: that person is taken to record the
    rest too.  An extract that gives only the latest meeting says what came after that meeting,
    and one that gives only the latest placement, what came since it began.

    Attributes:
        events: The kinds of event that some extract leaves out on some days.
        until: The last of those days.
        children: The children about whom something is not known; ``None`` if it may be any child.
        extracts: Whether any extract was imported.
        latest_only: For each event that records the latest meeting, the extracts that give it.
        whose_placements: The children of whose placements for adoption a list may tell what other
            extracts do not; ``None`` if it may be any child.
        placements: The starts of the placements of these children, each with its source; they are
            to be given before anything is asked.
    """

    def __init__(self, rows: Iterable[Carried], unsaid: Iterable[Unsaid] = ()) -> None:
        """
        Gather what the extracts leave out.

        Args:
            rows: What each kind of extract carries and does not carry, as stored.
            unsaid: What an extract leaves out for a single child.
        """
        told: dict[tuple[str, str], list[Carried]] = {}
        for one in rows:
            told.setdefault((one.source, one.event), []).append(one)
        self._days: dict[str, dict[str, list[_SilentDays]]] = {}
        self._told: dict[tuple[str, str], tuple[DayRange, ...]] = {}
        # The last day on which a kind of extract tells of an event, or says that it lacks it.
        self._ends = {key: max(map(_last_day, each)) for key, each in told.items()}
        for (source, event), each in told.items():
            if days := [*_silent(each)]:
                self._days.setdefault(source, {})[event] = days
            self._told[source, event] = tuple(
                (one.from_on or date.min, one.to_on or date.max) for one in each if not one.lacks
            )
        self.extracts = bool(told)
        self.latest_only = _lists_of_latest(told)
        self._lists_of_care = self.latest_only.get(f"{_OF_CARE}{_LATEST}", frozenset())
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
        self.whose_placements = self._children_in_lists()
        self.placements: Mapping[str, Sequence[Beginning]] = {}
        self._lacked: dict[frozenset[str | None], Sequence[_LackedBesideList]] = {}
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
        Return what is not known about a child.

        Args:
            beginnings: The starts of the child's processes, each with its source.
            child_id: The child.
            events: The child's events up to the as-of day.
            later: The child's events after it.
        """
        if not self.events:
            return ()
        own = self._of_child.get(child_id, ())
        key = frozenset(_as_begun(beginnings, events, later))
        whole, up_to_latest = self._known_of(key)
        in_lists = self.whose_placements is None
        if not (up_to_latest or own or in_lists):
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
        placed = self._before_listed(key, child_id) if in_lists else ()
        return [*whole, *parts, *self._own(own, key, refused, every), *placed]

    def in_doubt(self, one: BesideLatest) -> bool:
        """
        Say whether others may have been held before a recorded meeting.

        A person who recorded a meeting is assumed to record the next one.  An extract that gave
        the meeting, and has told nothing since, is not assumed to give the next one.
        """
        if not one.recorded:
            return True
        lists = self.latest_only.get(one.latest, frozenset())
        ends = [
            last
            for (source, event), last in self._ends.items()
            if event in one.meetings and source not in lists
        ]
        return bool(ends) and max(ends) < one.held

    def before_recorded(
        self,
        recorded: Iterable[BesideLatest],
        stated: Sequence[Beginning],
        events: Sequence[Event],
        none_held: Mapping[tuple[str, date], date],
    ) -> Iterator[Silence]:
        """
        Yield what is not known before recorded meetings, but for what another source tells.

        Args:
            recorded: The meetings that are in doubt.
            stated: The starts of the child's processes, and the meetings, each with its source.
            events: The child's events, in order.
            none_held: For the kind and day of a latest meeting, the last day up to which an
                earlier extract proves that no other meeting was held before it.
        """
        begun_by = [*_as_begun((one for one in stated if not _is_review(one)), events)]
        for one in recorded:
            since = {by for name, on, by in stated if on == one.since and name in one.meetings}
            if one.recorded and None in since:
                continue
            periods = _begun(each for each in begun_by if each[0].startswith(f"{one.process}."))
            of = [sources for sources, begun in periods if not begun.isdisjoint(one.begun)]
            # A person who recorded the start is taken to record every meeting.
            if not of or any(None in sources for sources in of):
                continue
            known_to = none_held.get((one.latest, one.latest_on), date.min)
            for source in frozenset().union(*of) - self.latest_only[one.latest]:
                known_to = max(known_to, self._all_told_to(source or "", one))
            if silence := one.before(known_to):
                yield silence

    def _all_told_to(self, source: str, one: BesideLatest) -> date:
        """Return the last day before a meeting up to which a source gives every meeting."""
        told = (self._told.get((source, name), ()) for name in one.meetings)
        ends = (min(last, one.held) for days in told for first, last in days if first <= one.held)
        return max(ends, default=date.min)

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
            # If every source gives the latest meeting only, there is no fuller one to set
            # against it, and all of them are compared like any others.
            if len(latest) == len(among):
                latest = []
            fuller = [one for one in among if one not in latest]
            first, *others = (self._silent_beside(one, event, fuller) for one in fuller)
            # Only the days on which all of them are silent: what one of them tells is known.
            common = first
            for other in others:
                common = [*_common(common, other)]
            told = tuple(days for one in latest for days in self._told[one, _latest_of(event)])
            for one in common:
                if latest:
                    # The other source gives the latest meeting only: between two of its
                    # extracts there may have been a meeting that neither of them gives.
                    silence = Silence(frozenset({event}), one.first, one.last, one.why)
                    up_to_latest.append(_UpToLatest(event, silence, told))
                else:
                    together.setdefault(one, set()).add(event)
        return [
            Silence(frozenset(events), one.first, one.last, one.why, uncovered=one.uncovered)
            for one, events in together.items()
        ], up_to_latest

    def _silent_beside(
        self, source: str, event: str, others: Iterable[str]
    ) -> Sequence[_SilentDays]:
        """
        Return the days on which a kind of extract does not tell of an event, beside others.

        Where another kind goes on after its last day, those later days are among them.
        """
        days = self._days.get(source, {}).get(event, [])
        ends = self._ends.get((source, event), date.max)
        until = max(self._ends.get((one, event), date.min) for one in others)
        if ends >= until:
            return days
        since = ends + _DAY
        why = (Unknown(NOT_IMPORTED, since, until, source),)
        # The other kind covers these days, so a meeting on one of them may come from that.
        return [*days, _SilentDays(since, until, why, uncovered=False)]

    def _own(
        self,
        unsaid: Sequence[Unsaid],
        beginnings: frozenset[Beginning],
        refused: frozenset[Beginning],
        events: Sequence[Event],
    ) -> Iterator[Silence]:
        """
        Yield what extracts leave out for one child, in processes that began before those days.

        If a person recorded the start of the process too, nothing is unknown.  If another
        extract states that start, whatever that extract tells is known.
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
        """Yield the days on which one extract tells what another leaves out for a child."""
        meeting = open_by_another.event.removesuffix(_LATEST)
        latest = self._told.get((source, _latest_of(meeting)))
        told: Iterable[DayRange] = self._told.get((source, meeting), ())
        if latest is not None:
            told = _since_latest(latest, meeting, begun, events)
        elif meeting in _CURRENT_ONLY and source in self._lists_of_care:
            placements = self.placements.get(open_by_another.child_id, ())
            told = _since_placed(told, source, begun, placements)
        left_open = [
            (one.from_on or date.min, one.to_on or date.max)
            for one in unsaid
            if one.source == source and one.event.removesuffix(_LATEST) == meeting
        ]
        for first, last in told:
            yield from besides(left_open, first, last)

    def _children_in_lists(self) -> Collection[str] | None:
        """Return the children of whose placements a list may tell what other extracts do not."""
        if not self._lists_of_care:
            return ()
        if any(
            one.is_lacked
            for source in self._days.keys() - self._lists_of_care
            for event in _CURRENT_ONLY
            for one in self._days[source].get(event, ())
        ):
            return None
        return [
            child_id
            for child_id, each in self._of_child.items()
            if any(one.event in _CURRENT_ONLY for one in each)
        ]

    def _before_listed(self, beginnings: Iterable[Beginning], child_id: str) -> Iterator[Silence]:
        """Yield what is not known of a child's placements before the one that a list has."""
        placements = self.placements.get(child_id, ())
        for sources, begun in _begun(beginnings):
            if sources not in self._lacked:
                self._lacked[sources] = [*self._lacked_beside_lists(sources)]
            for silence, days, lists, told in self._lacked[sources]:
                known = _since_placed((told,), lists, min(begun), placements)
                for first, last in besides(known, *days):
                    yield silence._replace(first=first, last=last, begun=begun)

    def _lacked_beside_lists(self, sources: Iterable[str | None]) -> Iterator[_LackedBesideList]:
        """
        Yield the days on which only a list tells of placements, because other extracts lack them.

        Days of which no other extract was imported are not among them: few children are placed for
        adoption and come back before anybody lists it, and each who moved would be marked.
        """
        lists = self._lists_of_care.intersection(sources)
        others = [source or "" for source in sources if source not in lists]
        for event in _CURRENT_ONLY if lists and others else ():
            first, *more = (self._days.get(one, {}).get(event, []) for one in others)
            common = first
            for other in more:
                common = [*_common(common, other)]
            for one in common:
                if not one.is_lacked:
                    continue
                for source in lists:
                    for told in self._told.get((source or "", event), ()):
                        days = max(told[0], one.first), min(told[1], one.last)
                        if days[0] <= days[1]:
                            silence = Silence(frozenset({event}), *days, one.why)
                            yield silence, days, source or "", told


def _is_review(stated: Beginning) -> bool:
    return stated[0].endswith(".review")


def _lists_of_latest(told: Iterable[tuple[str, str]]) -> dict[str, frozenset[str | None]]:
    """Return the extracts that give only the latest meeting, by the event that records it."""
    found: dict[str, frozenset[str | None]] = {}
    for source, event in told:
        if event.endswith(_LATEST):
            found[event] = found.get(event, frozenset()) | {source}
    return found


def _last_day(one: Carried) -> date:
    return one.to_on or date.max


def _days_meant(one: Unsaid, begun: Iterable[date]) -> frozenset[date]:
    """
    Return the starts of processes about which an extract leaves something out.

    A refused row may have told of any day, so it counts for every process.  Anything else that is
    missing can only belong to a process that had begun by then.
    """
    if one.from_on is None or one.refused:
        return frozenset(begun)
    return frozenset(on for on in begun if on <= one.from_on)


def not_said(one: Unsaid) -> Unknown:
    """Return what an extract leaves unknown about one child, as a reason."""
    first, last = one.from_on or date.min, one.to_on or date.max
    return Unknown(NOT_SAID, first, last, one.source, one.lacks)


def _in_refused_rows(
    beginnings: Iterable[Beginning], unsaid: Iterable[Unsaid]
) -> Iterator[Beginning]:
    """Yield the starts of processes that may have stood in the child's refused rows."""
    refused = [one for one in unsaid if one.refused]
    for name, on, _ in beginnings if refused else ():
        process = name.partition(".")[0]
        for one in refused:
            if one.event.startswith(f"{process}.") and on <= (one.to_on or date.max):
                yield name, on, one.source


def _as_begun(beginnings: Iterable[Beginning], *events: Sequence[Event]) -> Iterator[Beginning]:
    """
    Yield the starts of processes, also for sources that do not give the day themselves.

    If a source says that care goes on from a day, and another source gives the day on which that
    care began, then both count as sources of that start.  A source that gives the reviews of care
    also counts as a source of a placement for adoption within that care.
    """
    beginnings = [*beginnings]
    begun: list[Beginning] = []
    for name, on, source in beginnings:
        goes_on = name.endswith(".continuing")
        first = _care_since(beginnings, on, *events) if goes_on else []
        begun += [(start, day, source) for start, day, _ in first] or [(name, on, source)]
    yield from begun
    for name, on, source in beginnings:
        if name.startswith("adoption.") and source is not None:
            for _, _, other in _care_since(begun, on, *events):
                if other is not None:
                    yield name, on, other


def _care_since(
    beginnings: Iterable[Beginning], day: date, *events: Sequence[Event]
) -> list[Beginning]:
    """Return the starts of the care that had not ended by a day."""
    ended = max(
        (one.on for one in chain(*events) if one.event == "cla.end" and one.on <= day),
        default=date.min,
    )
    return [one for one in beginnings if one[0] == "cla.start" and ended <= one[1] <= day]


def _begun(
    beginnings: Iterable[Beginning],
) -> Iterator[tuple[frozenset[str | None], frozenset[date]]]:
    """
    Yield each start of a process: the sources that state it, and the days they give for it.

    Starts of one process that lie within 28 days of each other are one start, whichever source
    states which of them.
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
    Yield the days on which one kind of extract does not tell of one kind of event.

    They include the days before the first extract and between two extracts, because no extract
    covers those.
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
    """Return what an extract leaves unknown because it does not carry something, as a reason."""
    kind = NOT_IMPORTED if one.lacks == NO_EXTRACT else NOT_CARRIED
    first, last = one.from_on or date.min, one.to_on or date.max
    return Unknown(kind, first, last, one.source, one.lacks or "")


def _common(one: Iterable[_SilentDays], other: Sequence[_SilentDays]) -> Iterator[_SilentDays]:
    """Yield the days on which both are silent: what one of two extracts tells is known."""
    for mine in one:
        for theirs in other:
            first, last = max(mine.first, theirs.first), min(mine.last, theirs.last)
            if first <= last:
                uncovered = mine.uncovered or theirs.uncovered
                yield _SilentDays(first, last, mine.why + theirs.why, uncovered)
