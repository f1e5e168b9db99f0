"""
Compare an extract with what an earlier extract of the same kind stated.

A date that was put right replaces the earlier date.  A fact that the extract should have and
does not have is reported as vanished; it is withdrawn only if the user asks for it, because
one row left out by mistake would otherwise delete a child's review.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import date

from iro_cli.extracts.batch import Cover
from iro_cli.facts.model import Event, Sighting, Statement
from iro_cli.facts.twice import ONCE_IN
from iro_cli.facts.vocabulary import FIRST_CONFERENCES
from iro_cli.lean import NamedTuple
from iro_cli.store.reading import Standing

# Two dates at most so many days apart are taken for one meeting whose date was put right:
# reviews and review conferences usually lie months apart.
_MOVED = 31
_LATEST = ".latest"
# For each start of a process, what ends it.  A child cannot come into care twice without leaving
# it: where two starts have no end between them, the later one corrects the earlier.
_ENDS = {
    "cla.start": "cla.end",
    "short-break.start": "short-break.end",
    "cp.plan.start": "cp.plan.end",
    "adoption.placed": "adoption.end",
}
# A return says with it that care began before the year of the return.  Its day is the first day
# that the return knows of the child in care, so it differs from one year's return to the next.
_CONTINUING = "cla.continuing"
_IN_CARE = ("cla.start", _CONTINUING)
# What a return of one year takes to begin with the first episode that it has, and what ends it.
_TAKEN_TO_BEGIN = ("adoption.authorised", "adoption.placed")
_ENDS_ADOPTION = ("adoption.end", "cla.end")


# A section 47 enquiry, and the events that can be its result.
ENQUIRY = "cp.strategy"
ENQUIRY_ENDS = frozenset({*FIRST_CONFERENCES, "cp.conference.not-required", "cp.plan.start"})


class FollowedProcess(NamedTuple):
    """
    A process that an extract follows from its start to its end, and the events that belong to it.

    Attributes:
        words: What people call it.
        begins: The events with which it begins.
        areas: The first parts of the names of its events, such as ``cla`` of ``cla.review``.
        only: Its events, where not every event of these areas belongs to it.
    """

    words: str
    begins: frozenset[str]
    areas: frozenset[str]
    only: frozenset[str] = frozenset()

    def has(self, event: str) -> bool:
        """Say whether a kind of event belongs to the process."""
        return event in self.only if self.only else event.partition(".")[0] in self.areas


PROCESSES = {
    "cla": FollowedProcess("the care", frozenset(_IN_CARE), frozenset({"cla", "adoption"})),
    "short-break": FollowedProcess(
        "the short breaks", frozenset({"short-break.start"}), frozenset({"short-break"})
    ),
    "cp": FollowedProcess("the plan", frozenset({"cp.plan.start"}), frozenset({"cp"})),
    "adoption": FollowedProcess(
        "the placement for adoption", frozenset({"adoption.placed"}), frozenset({"adoption"})
    ),
}


# It is not in `PROCESSES`, because a child can have several enquiries at once: one may be open
# while another has its result.
AN_ENQUIRY = FollowedProcess(
    "the enquiry",
    frozenset({ENQUIRY}),
    frozenset({"cp"}),
    frozenset({"cp.conference.initial", "cp.conference.not-required"}),
)


# What is told of short breaks and of care alike: which of them it is, the legal status says.
_IN_BREAKS = {
    "cla.start": "short-break.start",
    "cla.review": "short-break.review",
    "cla.review.latest": "short-break.review.latest",
    "cla.end": "short-break.end",
}
_HELD_IN_BREAKS = {care: breaks for care, breaks in _IN_BREAKS.items() if ".review" in care}
_IN_CARE_INSTEAD = {breaks: care for care, breaks in _IN_BREAKS.items()}


class _ProcessPeriod(NamedTuple):
    """A process of a child, from its start to its end; ``None`` if it has not ended."""

    process: str
    begins: date
    ends: date | None


class Earlier(NamedTuple):
    """
    A fact that an earlier extract of the same kind stated, and that still stands.

    Attributes:
        event: The fact.
        source: Where it stood in that extract, if that is known.
        fact: The row of the fact, if this kind of extract was the first to state it.
        sighting: If another source was the first, the row that says that this kind of extract
            states it too.
    """

    event: Event
    source: str | None
    fact: Standing[Statement] | None = None
    sighting: Standing[Sighting] | None = None


class ChildDifference(NamedTuple):
    """
    How an extract differs from an earlier one, for one child.

    Attributes:
        added: The new facts that replace nothing.
        moved: The earlier fact, and the new fact that replaces it.
        vanished: The earlier facts that the extract should have and does not have.
    """

    added: list[Statement]
    moved: list[tuple[Earlier, Statement]]
    vanished: list[Earlier]


def compare(
    fresh: Sequence[Statement],
    stated: Sequence[Statement],
    earlier: Sequence[Earlier],
    known: Iterable[Event],
    covers: Sequence[Cover],
    is_another: Callable[[Event, Event], bool] = lambda *_: False,
    went_on_from: date | None = None,
) -> ChildDifference:
    """
    Compare what an extract says of one child with what an earlier one said.

    Args:
        fresh: The extract's facts that this kind of extract did not state before.
        stated: All the extract's facts of the child; none if it does not name the child.
        earlier: The facts that this kind of extract stated before and does not state now.
        known: Every fact about the child that stands, whoever states it.
        covers: What the extract claims to give in full.
        is_another: Given a start that is known and a start in the extract, says whether the
            second begins another period, so that it cannot be a correction of the first.
        went_on_from: The first day from which the extract gives an authority or a placement for
            adoption that began earlier.
    """
    known = [*known]
    stands = [one.event for one in stated]
    ends = [*known, *stands]
    waiting = list(earlier)
    added: list[Statement] = []
    moved: list[tuple[Earlier, Statement]] = []
    for given in sorted(fresh, key=lambda one: one.event.on):
        # The return takes its own first episode for the beginning.  The start in an earlier return
        # is the better one, so it stays.
        if given.event.on == went_on_from and given.event.event in _TAKEN_TO_BEGIN:
            before = _begun_before(given.event, known, ends)
            if before is not None:
                waiting = [one for one in waiting if one.event != before]
                continue
        place = _taken_for_care(given.event, waiting, stands)
        place = place or _earlier_of(given.event, waiting, ends, covers)
        if place and given.event.event in _ENDS and is_another(place.event, given.event):
            place = None
        if place is None:
            added.append(given)
        else:
            waiting.remove(place)
            moved.append((place, given))
    gone = [one.event for one, _ in moved]
    periods = _periods([*(one for one in known if one not in gone), *stands])
    for place, one in _held_in_breaks(moved, waiting, periods, ends):
        if _is_missed(one.event, stated, covers, periods):
            continue
        waiting.remove(place)
        moved.append((place, one))
    vanished = [one for one in waiting if _is_missed(one.event, stated, covers, periods)]
    return ChildDifference(added, moved, vanished)


def _taken_for_care(
    event: Event, waiting: Iterable[Earlier], stated: Sequence[Event]
) -> Earlier | None:
    """Return the fact that an extract without legal statuses gave as care, if it is this break."""
    care = _IN_CARE_INSTEAD.get(event.event)
    if care is None or any(one[:2] == (care, event.on) for one in stated):
        return None
    return next((one for one in waiting if one.event[:2] == (care, event.on)), None)


def _held_in_breaks(
    moved: Iterable[tuple[Earlier, Statement]],
    waiting: Iterable[Earlier],
    periods: Iterable[_ProcessPeriod],
    there: Iterable[Event],
) -> list[tuple[Earlier, Statement]]:
    """Return the reviews of care that turned out to be short breaks, each as one of those."""
    given = {
        one.event.on: one
        for before, one in moved
        if (before.event.event, one.event.event) == ("cla.start", "short-break.start")
    }
    if not given:
        return []
    series = [one for one in periods if one.process == "short-break" and one.begins in given]
    taken = {one[:2] for one in there}
    found = []
    for place in waiting:
        name, on = _HELD_IN_BREAKS.get(place.event.event), place.event.on
        inside = (one for one in series if one.begins <= on <= (one.ends or date.max))
        if name and (name, on) not in taken and (breaks := next(inside, None)):
            event = place.event._replace(event=name)
            found.append((place, given[breaks.begins]._replace(event=event, source=place.source)))
    return found


def in_known_breaks(stated: Iterable[Event], own: Sequence[Event]) -> dict[Event, Event | None]:
    """
    Return events of care as events of short breaks, if they lie in short breaks that are known.

    An extract without the legal statuses shows short breaks as care.

    Args:
        stated: The events of a child that such an extract states.
        own: The events that extracts of this kind stated before.

    Returns:
        The event of short breaks for each event of care.  ``None`` for an event to leave out: the
        start of one break within a series, and every end but that of the last break.
    """
    breaks = [one for one in _periods(own) if one.process == "short-break"]
    in_care = {one.on for one in own if one.event == "cla.start"}
    found: dict[Event, Event | None] = {}
    for event in stated if breaks else ():
        inside = (one for one in breaks if one.begins <= event.on <= (one.ends or date.max))
        series = next(inside, None)
        if series and event.event in _IN_BREAKS and in_care.isdisjoint({series.begins, event.on}):
            found[event] = _as_of_breaks(event, series)
    ends = sorted((one for one in found if one.event == "cla.end"), key=lambda one: one.on)
    goes_on = sum(one.event == "cla.start" for one in found) > len(ends)
    for event in ends if goes_on else ends[:-1]:
        found[event] = None
    return found


def _as_of_breaks(event: Event, series: _ProcessPeriod) -> Event | None:
    """Return an event of care as one of a series of breaks; ``None`` if the series goes on."""
    name = _IN_BREAKS[event.event]
    again = name.endswith(".start") and event.on != series.begins
    over = name.endswith(".end") and series.ends not in (None, event.on)
    return None if again or over else event._replace(event=name)


def _begun_before(event: Event, known: Iterable[Event], ends: Iterable[Event]) -> Event | None:
    """Return the earlier event if a later return takes its own first episode for the beginning."""
    ended = max(
        (one.on for one in ends if one.event in _ENDS_ADOPTION and one.on <= event.on),
        default=date.min,
    )
    before = (one for one in known if one.event == event.event and ended <= one.on < event.on)
    return min(before, key=lambda one: one.on, default=None)


def _earlier_of(
    event: Event, waiting: Sequence[Earlier], known: Sequence[Event], covers: Sequence[Cover]
) -> Earlier | None:
    """Return the earlier fact that an event replaces, the nearest of several; or nothing."""
    among = sorted(
        (one for one in waiting if one.event.event == event.event),
        key=lambda one: abs((one.event.on - event.on).days),
    )
    # A start can only correct the nearest known start.  If it does not, it is a new period: it
    # must not replace the start of a period of care that lies further back.
    among = among[:1] if event.event in _ENDS else among
    return next((one for one in among if _takes_its_place(one.event, event, known, covers)), None)


def _takes_its_place(
    earlier: Event, later: Event, known: Sequence[Event], covers: Sequence[Cover]
) -> bool:
    """Say whether a later extract's fact is the earlier fact with its date put right."""
    apart = (later.on - earlier.on).days
    if later.event.endswith(_LATEST):
        # The latest review moves on by months when the next one is held: that is another review.
        # One that lies further back than a month comes from an older extract, or the last review
        # was deleted in the case system: that is no correction either.
        return -_MOVED <= apart <= ONCE_IN
    if later.event not in _ENDS:
        return is_moved(later.on, earlier.on) and _would_have(earlier, later, covers)
    process = _process(later)
    first, last = sorted((earlier.on, later.on))
    # An end on the day of the first start closes the period before it, unless a period began and
    # ended on that one day.
    between = (one.on for one in known if _ends(one) and _process(one) == process)
    ended = any(first < on <= last for on in between)
    return not ended and _ProcessPeriod(process, first, first) not in _periods(known)


def _would_have(earlier: Event, later: Event, covers: Sequence[Cover]) -> bool:
    """
    Say whether the extract would give the earlier fact too, if it still stood.

    Only then does its absence show that the date was put right: a return of this year leaves out
    a review of last March because it covers another year.
    """
    for cover in covers:
        begins, ends = cover.begins or date.min, cover.ends or date.max
        if earlier.event in cover.events and (
            begins <= earlier.on <= ends or (earlier.on > ends and later.on > ends)
        ):
            return True
    return False


def _is_missed(
    event: Event,
    stated: Sequence[Statement],
    covers: Sequence[Cover],
    periods: Sequence[_ProcessPeriod],
) -> bool:
    """Say whether the extract should have a fact that it does not have."""
    # This year's return gives another day for care that began long ago, or the start itself.
    if event.event == _CONTINUING and any(
        one.event.event in _IN_CARE and one.event.on <= event.on for one in stated
    ):
        return False
    return any(
        event.event in cover.events
        # A child who is not named is missing only if the extract names everyone, or gives the last
        # period of every child.
        and (cover.everyone or stated or cover.begins is None)
        and _covered_from(cover, event, stated, periods) <= event.on <= (cover.ends or date.max)
        for cover in covers
    )


def _covered_from(
    cover: Cover, event: Event, stated: Sequence[Statement], periods: Sequence[_ProcessPeriod]
) -> date:
    """Return the first day on which a cover is complete for a child; ``date.max`` if none is."""
    if cover.begins is not None:
        return cover.begins
    if cover.everyone:
        return date.min
    # The extract gives only the last period of each child.  So facts of an older period are not
    # missing from it, nor is a period that has ended and is no longer listed.
    days = [one.event.on for one in stated if one.event.event in cover.events]
    if not days:
        return _opened(periods).get(_process(event), date.max)
    if _ends_the_one_before(event, stated, periods):
        return date.max
    newer = any(one.event.event == event.event and one.event.on > event.on for one in stated)
    return date.max if newer and event.event.endswith(_LATEST) else min(days)


def _ends_the_one_before(
    event: Event, stated: Sequence[Statement], periods: Sequence[_ProcessPeriod]
) -> bool:
    """
    Say whether an end belongs to a period that ended on the day on which the next one starts.

    The extract gives only the next period, so the end of the one before is not missing from it.
    """
    return any(
        _ENDS.get(one.event.event) == event.event and one.event.on == event.on for one in stated
    ) and any(
        (one.process, one.ends) == (_process(event), event.on) and one.begins < event.on
        for one in periods
    )


def _process(event: Event) -> str:
    return event.event.split(".", maxsplit=1)[0]


def is_moved(on: date, before: date) -> bool:
    """Say whether two days are so near that one can be a correction of the other."""
    return abs((on - before).days) <= _MOVED


def is_same_period(known: Iterable[Event], process: str, one: date, other: date) -> bool:
    """Say whether two days are the start of one period, the same or one put right."""
    first, last = sorted((one, other))
    ends = (event.on for event in known if _ends(event) and _process(event) == process)
    return one == other or (is_moved(one, other) and not any(first <= on <= last for on in ends))


def first_end(known: Iterable[Event], process: str, begun: date, until: date) -> date | None:
    """Return the first day on which a process ended, from one day on and before another."""
    days = (one.on for one in known if _ends(one) and _process(one) == process)
    return min((on for on in days if begun <= on < until), default=None)


def has_ended_by(known: Iterable[Event], process: str, on: date, until: date) -> bool:
    """Say whether the period that began on a day, or had begun by then, ended by another day."""
    return any(
        one.process == process
        and one.ends is not None
        and one.ends <= until
        and (one.begins == on or one.begins < on < one.ends)
        for one in _periods(known)
    )


def ends_up_to(known: Iterable[Event], process: str, last: date) -> list[Event]:
    """Return the events that ended a process, up to a day (inclusive)."""
    return [one for one in known if one.on <= last and _ends(one) and _process(one) == process]


def left_open(known: Iterable[Event]) -> dict[str, date]:
    """Return the processes of a child that have not ended, each with the day it started."""
    return _opened(_periods(known))


def _opened(periods: Iterable[_ProcessPeriod]) -> dict[str, date]:
    return {one.process: one.begins for one in periods if one.ends is None}


def _periods(known: Iterable[Event]) -> list[_ProcessPeriod]:
    """
    Pair the starts and ends of each process.

    If a process has several starts with no end between them, its first start counts.
    """
    found: list[_ProcessPeriod] = []
    opened: dict[str, date] = {}
    ended: dict[str, date] = {}
    for on, starts, process in sorted(
        {
            (one.on, not _ends(one), _process(one))
            for one in known
            if _ends(one) or one.event in _ENDS or one.event == _CONTINUING
        }
    ):
        if starts:
            if ended.get(process) == on:
                found.append(_ProcessPeriod(process, on, on))
            else:
                opened.setdefault(process, on)
        elif process in opened:
            found.append(_ProcessPeriod(process, opened.pop(process), on))
        else:
            # No period is open, and ends sort before starts of the same day: if a start follows
            # on this day, the child came and left within it.
            ended[process] = on
    return [*found, *(_ProcessPeriod(process, on, None) for process, on in opened.items())]


def _ends(event: Event) -> bool:
    # A review conference that decides to end the plan ends it on that day; no other row says so.
    at_conference = event.event == "cp.conference.review" and event.outcome == "end"
    return at_conference or event.event in _ENDS.values()
