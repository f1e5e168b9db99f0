"""
Compare what was open in one extract with the next one.

If care or a plan was open and is missing from the next extract, this does not show that it has
ended.  The row may have been left out, so from then on it is not known what happened.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta

from iro_cli.changes.silence import told_but
from iro_cli.changes.snapshots import (
    AN_ENQUIRY,
    ENQUIRY,
    ENQUIRY_ENDS,
    PROCESSES,
    Earlier,
    FollowedProcess,
    ends_up_to,
    first_end,
    has_ended_by,
    is_moved,
    is_same_period,
    left_open,
)
from iro_cli.dates.words import spoken_short
from iro_cli.extracts.batch import Batch, Cover
from iro_cli.facts.model import NO_EXTRACT, NOT_ENDED, NOT_HAD, Carried, Event, LeftOpen
from iro_cli.lean import NamedTuple

_DAY = timedelta(days=1)


class FactsOfChild(NamedTuple):
    """
    The facts about a child, and what an extract states about it.

    Attributes:
        known: Every fact that stood before, whoever states it.
        own: Those that extracts of the same kind stated.
        stated: What the extract states now; nothing if it does not name the child.
    """

    known: Sequence[Event]
    own: Sequence[Event]
    stated: Sequence[Event]


class _Missing(NamedTuple):
    """
    Something that was open in an earlier extract and is missing from this one.

    Attributes:
        child_id: The child.
        process: What it is: care, a plan, an enquiry.
        name: Its name in the warnings of the import.
        begun: The day it began.
        starts: The events with which earlier extracts stated its start.
        until: The day on which this one had ended, if one is known: another one begins on it in
            this extract, or another source gives it as the end.
        ended: Whether another source gives the day on which it ended.
    """

    child_id: str
    process: FollowedProcess
    name: str
    begun: date
    starts: frozenset[str]
    until: date | None = None
    ended: bool = False

    @property
    def words(self) -> str:
        """Return what is missing, in words."""
        return _not_ended(self.process, self.begun)


class StillOpen:
    """
    What had not ended in earlier extracts, compared with the one that is imported.

    Args:
        batch: The extract that is imported.
        carried: What earlier extracts of the same kind carry and lack.
        unsaid: What they leave out for single children.
        replace: Whether what vanished is withdrawn.

    Attributes:
        looks_at_new: Whether children of whom nothing was known have to be looked at: an extract of
            other days may have told of them, or not.
        unsaid: What is not known from now on.
        dropped: By child and process, in words, what this extract should have had.
    """

    def __init__(
        self,
        batch: Batch,
        carried: Iterable[Carried],
        unsaid: Iterable[LeftOpen],
        *,
        replace: bool,
    ) -> None:
        """Work out which days the extracts cover."""
        self._source, self._covers, self._replace = batch.source, batch.covers, replace
        self._placed_unsaid = batch.placed_unsaid
        self._before: dict[str, list[LeftOpen]] = {}
        for one in unsaid:
            self._before.setdefault(one.child_id, []).append(one)
        self._carried = [one for one in carried if not one.lacks]
        self._reached = _last_days(self._carried)
        self._told_to = _last_days(one for one in batch.carried if not one.lacks)
        self._years = _years_of_others(self._carried, batch.carried)
        self._is_older = any(self._reached.get(one, on) > on for one, on in self._told_to.items())
        self.looks_at_new = bool(self._is_older or self._years)
        self.unsaid: list[LeftOpen] = []
        self.dropped: dict[tuple[str, str], str] = {}

    # ------------------------------------------------------------ which days they tell of

    def told_to(self, event: str) -> date | None:
        """Return the last day for which this extract tells a kind of event."""
        return self._told_to.get(event)

    def reached(self, event: str) -> date | None:
        """Return the last day for which an earlier extract told a kind of event."""
        return self._reached.get(event)

    def was_open(self, child_id: str) -> bool:
        """Say whether an earlier extract left anything open for a child."""
        return child_id in self._before

    def told_of(self, child_id: str) -> list[Carried]:
        """
        Return what other extracts told about a child whom they had.

        An extract up to the same day is left out.  The row that was refused now was not in it, or
        could be read, so for this child it does not prove that nothing happened up to that day.
        If it had a refused row of the child too, that left open since when nothing is proved.
        """
        last = max(self._told_to.values(), default=None)
        before = self._before.get(child_id, ())
        again = any(one.refused and one.to_on == last for one in before)
        others = [one for one in self._carried if again or last is None or one.to_on != last]
        return told_but(others, before)

    def within_reach(self, earlier: Iterable[Earlier]) -> list[Earlier]:
        """Return the earlier facts that this extract could have; all, unless it is an older one."""
        # An extract of March that is imported after that of June cannot have the reviews of May.
        # They must not be reported as vanished.
        if not self._is_older:
            return [*earlier]
        return [one for one in earlier if one.event.on <= self._told_until(one.event.event)]

    def _told_until(self, event: str) -> date:
        process = PROCESSES.get(event.partition(".")[0])
        told_to = self._told_to.get(event) or (process and _last_of(process, self._told_to))
        return told_to if told_to and told_to > date.min else date.max

    def is_another(self, child_id: str, before: Event, on: date) -> bool:
        """
        Say whether a start begins another period, and is not an earlier start put right.

        It does if it lies after the last day of the extract that had the earlier start, or if
        the earlier period was missing from an extract already.

        Args:
            child_id: The child.
            before: The start that was known.
            on: The day of the other start.
        """
        process = PROCESSES.get(before.event.partition(".")[0])
        if process is None or on <= before.on:
            return False
        words = _not_ended(process, before.on)
        # The earlier period was missing already, so it has ended on a day that nobody knows.
        if any(one.lacks == words for one in self._before.get(child_id, ())):
            return True
        tells = _last_of(process, self._reached) > date.min
        return tells and before.on < self._not_told_since(child_id, process, [before]) <= on

    def _not_told_since(
        self, child_id: str, process: FollowedProcess, own: Sequence[Event]
    ) -> date:
        """Return the first day for which no earlier extract told about a child's process."""
        reached = _last_of(process, self._reached)
        since = (reached if reached > date.min else max(one.on for one in own)) + _DAY
        before = self._before.get(child_id, ())
        for one in sorted(before, key=lambda one: one.to_on or date.max, reverse=True):
            if (one.to_on or date.max) >= since - _DAY and any(map(process.has, one.events)):
                since = min(since, one.from_on or min(event.on for event in own))
        return since

    # ------------------------------------------------------------ what is left open

    def look(self, child_id: str, facts: FactsOfChild, *, unread: bool) -> None:
        """
        Note what is not known about a child from now on.

        Args:
            child_id: The child.
            facts: What is known about the child, and what the extract states.
            unread: Whether a row of the child was refused: what is missing may be in that row.
        """
        # Extracts may be imported in any order, and each order has to end in the same store.  So
        # this one is compared with those of later days, of other years, and of earlier days.
        if self._is_older:
            self._look_whether_later_ones_have_it(child_id, facts)
        if self._years:
            self._look_whether_earlier_ones_had_it(child_id, facts)
        # If no extract of this kind has stated anything about the child, nothing can be missing.
        if facts.own and not unread:
            for one in self._enquiries_missing(child_id, facts):
                self._leave_open(one, facts)
            for one in self._processes_missing(child_id, facts):
                self._leave_open(one, facts)
            if child_id in self._placed_unsaid and not self._is_older:
                self._leave_placement_open(child_id, facts)

    def _look_whether_later_ones_have_it(self, child_id: str, facts: FactsOfChild) -> None:
        """Note what is open in this extract and missing from one of later days, stored before."""
        stated, own = facts.stated, facts.own
        opened = [(PROCESSES[name], on) for name, on in left_open(stated).items()]
        opened += ((AN_ENQUIRY, on) for on in _open_enquiries(stated, stated))
        for process, on in opened:
            ends, reached = _last_of(process, self._told_to), _last_of(process, self._reached)
            if date.min < ends < reached and not _has(own, process, on, stated):
                since = ends + _DAY
                again = (one.on for one in own if one.event in process.begins and one.on > on)
                # A new start of care or of a plan ends the earlier one; another enquiry does not.
                until = reached if process is AN_ENQUIRY else min(again, default=reached)
                told = filter(process.has, self._told_to)
                self._note(child_id, told, _not_ended(process, on), since, max(until, since))

    def _look_whether_earlier_ones_had_it(self, child_id: str, facts: FactsOfChild) -> None:
        """
        Note what began in a year whose extract was stored without it.

        That extract tells which meetings other children had in the year, and nothing of this one.
        """
        had = left_open(facts.own)
        for name, process in PROCESSES.items():
            if name in had:
                continue
            starts = (one.on for one in facts.stated if one.event in process.begins)
            lacked = (on for on in starts if not _has(facts.own, process, on, facts.stated))
            begun = min(lacked, default=None)
            if begun is None:
                continue
            words = f"{process.words} from {spoken_short(begun)}, {NOT_HAD}"
            for (first, last), events in self._years.items():
                if last > begun:
                    told = filter(process.has, events)
                    self._note(child_id, told, words, max(first, begun), last)

    def _enquiries_missing(self, child_id: str, facts: FactsOfChild) -> Iterator[_Missing]:
        """
        Yield the enquiries that were open in an earlier extract and are missing from this one.

        Another enquiry in this extract does not end them.
        """
        for on in _open_enquiries(facts.own, [*facts.known, *facts.stated]):
            if not _has(facts.stated, AN_ENQUIRY, on, facts.own):
                yield _Missing(child_id, AN_ENQUIRY, ENQUIRY, on, AN_ENQUIRY.begins)

    def _processes_missing(self, child_id: str, facts: FactsOfChild) -> Iterator[_Missing]:
        """
        Yield what had not ended in an earlier extract and is missing from this one.

        Another source may tell when it ended, and not what was held until then.
        """
        every = [*facts.known, *facts.stated]
        for name, begun, own in _opened_in(facts):
            process = PROCESSES[name]
            mine = [one for one in facts.own if one.on == begun and one.event in process.begins]
            until = _first_start(facts.stated, every, process, begun)
            # An extract without legal statuses gave short breaks as care, so nothing is missing.
            if name == "cla" and any(
                one[:2] == ("short-break.start", begun) for one in facts.stated
            ):
                continue
            # The start in this extract is the earlier start put right, so nothing is missing.
            if until and not any(self.is_another(child_id, one, until) for one in mine):
                continue
            before = (one for one in facts.stated if until is None or one.on < until)
            if left_open([*own, *before]).get(name) == begun:
                events = frozenset(one.event for one in mine)
                # An end on the day on which this one began is that of the period before it.
                after = begun + _DAY if has_ended_by(every, name, begun - _DAY, begun) else begun
                ended = first_end(facts.known, name, after, until or date.max)
                yield _Missing(child_id, process, name, begun, events, ended or until, bool(ended))

    def _leave_open(self, one: _Missing, facts: FactsOfChild) -> None:
        """Note that nobody knows what became of something, if this extract should have it."""
        process = one.process
        since = self._not_told_since(one.child_id, process, facts.own)
        # It ended on a day that the earlier extracts cover, so nothing about it is unknown.
        if one.ended and one.until and one.until < since:
            return
        # A row that was refused may have left open what was before, in other processes.  What is
        # missing here is about this one, and is not known from its own beginning on.
        since = max(min(since, one.until or since), one.begun)
        for cover in self._covers:
            if one.starts.isdisjoint(cover.events):
                continue
            if cover.everyone and cover.begins and one.begun < cover.begins:
                since = min(since, cover.begins)
            elif self._should_have(one, cover):
                if not one.ended:
                    self.dropped[one.child_id, one.name] = one.words
            else:
                continue
            told = process.only or {name for name in cover.events if process.has(name)}
            # A table of reviews has all reviews of a child, in whichever period of care or plan.
            # If it has one after that day, reviews are known although the start is missing.
            if any(event.event in told and event.on >= since for event in facts.stated):
                told = {name for name in told if not name.endswith(".review")}
            self._note(one.child_id, told, one.words, since, one.until)

    def _leave_placement_open(self, child_id: str, facts: FactsOfChild) -> None:
        """
        Note that a placement for adoption may have ended, if this extract no longer has it.

        That makes no difference in another period of care, or if it is known when it ended.
        """
        opened = left_open([*facts.known, *facts.stated])
        begun, in_care = opened.get("adoption"), opened.get("cla")
        mine = [one.on for one in facts.own if one.event == "adoption.placed"]
        if begun and begun in mine and in_care and in_care <= begun:
            since = max(self._not_told_since(child_id, PROCESSES["adoption"], facts.own), begun)
            words = f"whether the placement for adoption from {spoken_short(begun)} goes on"
            self._note(child_id, ("adoption.end",), words, since, None)

    def _should_have(self, one: _Missing, cover: Cover) -> bool:
        """
        Say whether this extract should have it; with `--replace` it is withdrawn instead.

        The last day of a cover may be that of the last event.  The extract may cover days after
        it, so the later of the two is used.
        """
        always = cover.everyone or cover.begins is None
        told_to = (self._told_to.get(name, date.min) for name in one.starts)
        return always and one.begun <= max(cover.ends or date.max, *told_to) and not self._replace

    def _note(
        self, child_id: str, events: Iterable[str], words: str, since: date, until: date | None
    ) -> None:
        if told := tuple(sorted(events)):
            self.unsaid.append(LeftOpen(child_id, self._source, told, words, since, until))


def _last_days(carried: Iterable[Carried]) -> dict[str, date]:
    """Return, for each kind of event, the last day for which it was told."""
    found: dict[str, date] = {}
    for one in carried:
        if one.to_on is not None:
            found[one.event] = max(one.to_on, found.get(one.event, one.to_on))
    return found


def _years_of_others(
    before: Iterable[Carried], carried: Iterable[Carried]
) -> dict[tuple[date, date], list[str]]:
    """Return the years that only earlier extracts cover, each with its kinds of event."""
    by_year = [one for one in carried if one.from_on and one.lacks != NO_EXTRACT]
    events = {one.event for one in by_year}
    told = [one for one in by_year if not one.lacks]
    found: dict[tuple[date, date], list[str]] = {}
    for one in told_but((one for one in before if one.event in events), told):
        if one.from_on and one.to_on:
            found.setdefault((one.from_on, one.to_on), []).append(one.event)
    return found


def _last_of(process: FollowedProcess, told_to: Mapping[str, date]) -> date:
    """Return the last day for which a process was told; ``date.min`` if it was not told."""
    return max((day for name, day in told_to.items() if process.has(name)), default=date.min)


def _has(
    events: Sequence[Event],
    process: FollowedProcess,
    begun: date,
    others: Sequence[Event] = (),
) -> bool:
    """
    Say whether an extract has the start of a process on a day, or near enough to be that one.

    Args:
        events: What that extract states.
        process: The process.
        begun: The day on which another extract has it.
        others: What that other one states; so a start of it that is there too is not this one.
    """
    starts = [one for one in events if one.event in process.begins]
    if process is AN_ENQUIRY:
        there = {one.on for one in starts}
        before = {one.on for one in others if one.event in process.begins}
        lost = sorted({*before, begun} - there)
        return begun in there or any(
            is_moved(on, begun) and min(lost, key=lambda day: abs(day - on)) == begun
            for on in there - before
        )
    known = [*events, *others]
    return any(
        _is_in(events, one, begun)
        and not (one.on < begun and has_ended_by(known, _area(one), one.on, begun))
        for one in starts
    )


def _is_in(events: Sequence[Event], start: Event, begun: date) -> bool:
    """Say whether a start belongs to the process that began on a day, or says that it goes on."""
    area, _, what = start.event.partition(".")
    if what == "continuing" and begun <= start.on:
        return first_end(events, area, begun, start.on) is None
    return is_same_period(events, area, start.on, begun)


def _first_start(
    stated: Iterable[Event], every: Sequence[Event], process: FollowedProcess, begun: date
) -> date | None:
    """
    Return the first start of a process in an extract, but for those of periods before a day.

    What it states of an earlier period, which had ended, says nothing of the one from that day.

    Args:
        stated: What the extract states.
        every: All that is known, with what the extract states.
        process: The process.
        begun: The day on which the period began that had not ended.
    """
    starts = (
        one.on
        for one in stated
        if one.event in process.begins
        and not (one.on < begun and has_ended_by(every, _area(one), one.on, begun))
    )
    return min(starts, default=None)


def _area(event: Event) -> str:
    return event.event.partition(".")[0]


def _opened_in(facts: FactsOfChild) -> Iterator[tuple[str, date, Sequence[Event]]]:
    """
    Yield what had not ended in earlier extracts: the process, its first day, and what tells so.

    The list of October has care from September in the place of that from April.  When the first
    ended, another source may tell, or this extract; so both are looked at.
    """
    for name, begun in left_open(facts.own).items():
        yield name, begun, facts.own
        last = max(one.on for one in facts.own if one.event in PROCESSES[name].begins)
        if last > begun:
            ends = ends_up_to([*facts.known, *facts.stated], name, last)
            again = left_open([*facts.own, *ends]).get(name, begun)
            if again != begun:
                yield name, again, [*facts.own, *ends]


def _open_enquiries(own: Iterable[Event], known: Collection[Event]) -> Iterator[date]:
    """
    Yield the days of the enquiries that had no result before the next one began.

    A result on the day on which one began is that of the one before it, if that had none.
    """
    begun = sorted({one.on for one in known if one.event == ENQUIRY})
    ends = {one.on for one in known if one.event in ENQUIRY_ENDS}
    mine = {one.on for one in own if one.event == ENQUIRY}
    waits = False
    for on, following in zip(begun, [*begun[1:], date.max], strict=False):
        results = [end for end in ends if on <= end < following]
        if on in mine and not any(end > on or not waits for end in results):
            yield on
        waits = not results


def _not_ended(process: FollowedProcess, begun: date) -> str:
    """Return, in words, what had not ended in the earlier extract and is missing."""
    return f"{process.words} from {spoken_short(begun)}, {NOT_ENDED}"
