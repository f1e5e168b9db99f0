"""
Store what an extract carries and what it does not, beside the facts that it states.

Without this, a review that the extract leaves out would look as if it had not been held.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from operator import attrgetter

from iro_cli.changes.snapshots import AN_ENQUIRY, ENQUIRY_ENDS, PROCESSES
from iro_cli.extracts.batch import Batch
from iro_cli.extracts.outcomes import PLAN_FOLLOWS
from iro_cli.facts.model import (
    NO_EXTRACT,
    OF_DAYS,
    Allocation,
    Carried,
    Child,
    Event,
    LeftOpen,
    Unsaid,
    left_open_together,
    parted,
)
from iro_cli.facts.vocabulary import FIRST_CONFERENCES
from iro_cli.incoming.refused import Refused, numbered
from iro_cli.lean import NamedTuple, Self, TypeVar
from iro_cli.obligations.silences import besides
from iro_cli.store.changing import Change
from iro_cli.store.kinds import CARRIED, FACT, UNSAID
from iro_cli.store.reading import Standing

_DAY = timedelta(days=1)
_CHILD = attrgetter("child_id")
# For an event that would settle an enquiry or a conference, the events with which these begin.
_OPENERS = {
    "cp.conference.initial": ("cp.strategy",),
    "cp.conference.not-required": ("cp.strategy",),
    "cp.plan.start": (*FIRST_CONFERENCES, "cp.plan.start"),
    "cp.plan.end": (*FIRST_CONFERENCES, "cp.plan.start"),
}
_KeptByChild = TypeVar("_KeptByChild", Child, Allocation, LeftOpen)


class DaysTold(NamedTuple):
    """
    The days that an extract covers, and what it states.

    Attributes:
        days: The first and last days, inclusive.  For a return or a census, each year that it
            covers; for any other extract, all days up to its last.
        until: The last day.
        stated: Returns the kind and the day of every fact that it states about a child.
        events: The kinds of event that it covers; ``None`` for every kind.
        as_of: The day of the import.
        lacking: The kinds of event that it does not carry, or not completely.
    """

    days: Sequence[tuple[date, date]]
    until: date
    stated: Callable[[str], Collection[tuple[str, date]]] = lambda _: ()
    events: frozenset[str] | None = None
    as_of: date = date.max
    lacking: frozenset[str] = frozenset()

    @classmethod
    def by(
        cls, batch: Batch, stated: Callable[[str], Collection[tuple[str, date]]] = lambda _: ()
    ) -> Self:
        """Return the days that the extract in a batch covers."""
        said = [one for one in batch.carried if one.lacks != NO_EXTRACT]
        until = max((one.to_on or date.max for one in said or batch.carried), default=date.max)
        events = frozenset(one.event for one in said if not one.lacks)
        years = {
            (one.from_on, one.to_on or date.max) for one in said if one.from_on and not one.lacks
        }
        lacking = frozenset(one.event for one in said if one.lacks)
        days = sorted(years) if any(one.from_on for one in said) else [(date.min, until)]
        return cls(days, until, stated, events, batch.as_of, lacking)


def note_carried(change: Change, carried: Iterable[Carried]) -> None:
    """
    Store what an extract carries and what it does not.

    For days that this extract does not cover, what earlier extracts of the same kind carried or
    lacked stays as it is: the return of one year fills no gap in the return of another.  What an
    earlier extract carried stays carried even if this one lacks it, because its facts stand.

    Args:
        change: The change in which it is stored.
        carried: What the extract carries and lacks.
    """
    said = [*dict.fromkeys(carried)]
    if not said:
        return
    sources = {one.source for one in said}
    own = [row for row in change.standing(CARRIED) if row.record.source in sources]
    known = [row.record for row in own]
    carries, lacks = _parted(said)
    # Two tables may tell of one kind of event.  If one of them is missing, the event is not
    # carried, because the child may be in the other.
    carries = told_but(carries, lacks)
    carried_before, lacked_before = _parted(known)
    # What was carried wins over what is lacking, and what is told now over what was told before.
    wanted = dict.fromkeys(
        (
            *carries,
            *told_but(carried_before, carries),
            *told_but(lacks, carried_before),
            *told_but(lacked_before, [*carries, *lacks]),
        )
    )
    gone = [row for row in own if row.record not in wanted]
    fresh = [one for one in wanted if one not in known]
    change.withdraw(CARRIED, gone)
    change.add(CARRIED, fresh)


def of_refused(
    batch: Batch, named: Collection[str], told_before: Mapping[str, Sequence[Carried]]
) -> Iterator[LeftOpen]:
    """
    Yield what is left out for the children whose rows were refused.

    A row that was refused, and is in the same batch again, corrected, is not left out.

    Args:
        batch: What was read.
        named: The children about whom anything is stored.
        told_before: For each child, what extracts up to other days told.  What they told stays
            known.
    """
    tells = {one.event for one in batch.carried}
    every = tuple(sorted(tells))
    since = min((one.begins or date.min for one in batch.covers), default=date.min)
    last = max((one.to_on for one in batch.carried if one.to_on), default=None)
    mended = Counter(_mended(batch))
    of_child: dict[str, list[Refused]] = {}
    for one in batch.refused:
        # If nothing is stored about a child, nothing is due for it, so there is no date to mark.
        if one.about in named and not one.is_nobodys:
            of_child.setdefault(one.about, []).append(one)
    # The import of a country has many refused rows.  Each child's rows are freed after use.
    for child_id in [*of_child]:
        those = of_child.pop(child_id)
        if len(those) > 1:
            those = [*{one.key: one for one in those}.values()]
        refused = _left((one.stood_at for one in those), mended)
        if refused:
            lacks = _words(refused)
            from_on = since if since > date.min else None
            told = told_before.get(child_id, ())
            # An extract whose every row was refused may not show what it tells.  Its row may have
            # been about anything that other extracts of its kind tell.
            more = {one.event for one in told} - tells
            events = tuple(sorted(tells | more)) if more else every
            whole = LeftOpen(child_id, batch.source, events, lacks, from_on, last, refused)
            yield from _besides(whole, told)


def _besides(one: LeftOpen, told: Sequence[Carried]) -> Iterator[LeftOpen]:
    """Yield what is still left open without the days and events that other extracts tell."""
    if not told:
        yield one
        return
    found: dict[tuple[date | None, date | None], tuple[str, ...]] = {}
    for part in told_but(_each(one), told):
        days = (part.from_on, part.to_on)
        found[days] = (*found.get(days, ()), part.event)
    for (from_on, to_on), events in found.items():
        yield one._replace(events=events, from_on=from_on, to_on=to_on)


def lift_mended(change: Change, batch: Batch, named: Collection[str]) -> None:
    """
    Remove the marks for refused rows that were mended and read now; other refused rows keep them.

    Args:
        change: The change in which it is stored.
        batch: The mended rows, and those that were refused again.
        named: The children whom they are about.
    """
    mended = [*_mended(batch)]
    gone, rest = list[Standing[LeftOpen]](), list[LeftOpen]()
    for row in change.standing(UNSAID, named):
        known = row.record
        left = (
            _left(known.refused, Counter(mended)) if known.source == batch.source else known.refused
        )
        if left != known.refused:
            gone.append(row)
            # The rows that were not mended leave open what they left open before.
            if left:
                rest.append(known._replace(lacks=_words(left), refused=left))
    change.withdraw(UNSAID, gone)
    _add(change, rest)


def _mended(batch: Batch) -> Iterator[str]:
    """Yield the earlier places of the rows that were mended and not refused again."""
    if batch.mended:
        again = {(one.file, one.row) for one in batch.refused}
        yield from (stood for place, stood in batch.mended.items() if place not in again)


def _left(refused: Iterable[str], mended: Counter[str]) -> tuple[str, ...]:
    """
    Return the refused rows that are not mended, and count down the mended ones.

    They are counted because an XML file may be a single line, with several rows at one place.
    """
    if not mended:
        return tuple(refused)
    left = []
    for one in refused:
        if mended[one]:
            mended[one] -= 1
        else:
            left.append(one)
    return tuple(left)


def _words(refused: Sequence[str]) -> str:
    """
    Say, as what an extract lacks, which rows were refused.

    >>> _words(["reviews.csv:3", "reviews.csv:4"])
    'row 3 of reviews.csv and 1 more, which were refused'
    >>> _words(["ssd_cla_reviews:V12"])
    'the row ssd_cla_reviews:V12, which was refused'
    """
    (file, _), row = parted(refused[0], None)
    file = file or ""
    lacks = f"{numbered(file, row)} of {file}"
    if row is None:  # a key in a database that is not a number
        lacks = f"the row {file}"
    more = len(refused) - 1
    return f"{lacks} and {more} more, which were refused" if more else f"{lacks}, which was refused"


def _add(change: Change, found: Iterable[LeftOpen]) -> None:
    """Store what is left open, in the order in which the table lies in the file."""
    # In any other order, the pages of a large table are written several times in one change.
    change.add(UNSAID, sorted(found, key=_CHILD))


def note_unsaid(
    change: Change,
    source: str,
    named: Collection[str],
    told: DaysTold,
    unsaid: Iterable[Unsaid | LeftOpen],
    *,
    decided: Collection[str] = (),
) -> list[LeftOpen]:
    """
    Store what an extract leaves out for single children.

    If an earlier extract of the same kind left something open for a child, this one settles it
    for the days that it covers, if it names the child.  For a child whom it does not name, or
    whose rows were all refused, it settles nothing and can only leave more open.

    Args:
        change: The change in which it is stored.
        source: The kind of extract.
        named: The children whom it names.
        told: The days that it covers, and what it states.
        unsaid: What it leaves open.
        decided: The children for whom it shows what a conference decided, named or not.

    Returns:
        What is newly left open.
    """
    found = left_open_together(unsaid)
    # The first extract of a country need not ask for each of its children.
    if not change.has_any(UNSAID.table):
        _add(change, found)
        return found
    known = [
        row
        for row in change.standing(UNSAID, {*named, *decided, *(one.child_id for one in found)})
        if row.record.source == source and (row.record.from_on or date.min) <= told.until
    ]
    if not known:
        _add(change, found)
        return found
    before = by_child(row.record for row in known)
    wanted = dict.fromkeys(
        part for one in found for part in _continued(one, before.get(one.child_id, ()))
    )
    says = by_child(wanted)
    gone = list[Standing[LeftOpen]]()
    again = [row for row in known if row.record not in wanted]
    for row, left in _what_is_left(change, again, told, named, decided):
        one = row.record
        if one not in left:
            gone.append(row)
            wanted.update(dict.fromkeys(left))
        elif any(_within(one, other) for other in says.get(one.child_id, ())):
            gone.append(row)
    stand = {row.record for row in known}
    fresh = [one for one in wanted if one not in stand]
    change.withdraw(UNSAID, gone)
    _add(change, fresh)
    return _told_first(fresh, known)


def _what_is_left(
    change: Change,
    known: Sequence[Standing[LeftOpen]],
    told: DaysTold,
    named: Collection[str],
    decided: Collection[str],
) -> Iterator[tuple[Standing[LeftOpen], list[LeftOpen]]]:
    """Yield what was left open before, each with what of it is still left open."""
    looked_at = {*named, *decided}
    stands = _standing_of(change, looked_at, (row.record for row in known))
    for row in known:
        one = row.record
        if _is_of_days(one):
            looked = one.child_id in named and _tells_of(one, told.stated(one.child_id))
            yield row, _days_left_by(one, told) if looked else [one]
        elif one.child_id not in looked_at:
            yield row, [one]
        else:
            of_child = stands.get(one.child_id, ())
            yield row, [] if _is_settled(one, told, of_child) else [one]


def _is_of_days(one: LeftOpen) -> bool:
    """Say whether it is about a range of days, and not about the result of one event."""
    return bool(one.refused) or any(words in one.lacks for words in OF_DAYS)


def _tells_of(one: LeftOpen, stated: Collection[tuple[str, date]]) -> bool:
    """
    Say whether an extract that names a child covers what was left open for some days.

    If a row was refused, it does, because that row may have been about anything.  If care, a plan
    or an enquiry was missing, it does only if that process begins in it before those days.
    """
    if one.refused:
        return True
    begins = AN_ENQUIRY.begins
    if not AN_ENQUIRY.only.issuperset(one.events):
        followed = (process for process in PROCESSES.values() if any(map(process.has, one.events)))
        begins = frozenset().union(*(process.begins for process in followed))
    first = one.from_on or date.max
    return any(name in begins and on <= first for name, on in stated)


def _standing_of(
    change: Change, named: Collection[str], known: Iterable[LeftOpen]
) -> dict[str, list[Event]]:
    """Return the facts of the children with an enquiry or conference that may still be open."""
    asked = {
        one.child_id
        for one in known
        if one.child_id in named and not one.refused and not _OPENERS.keys().isdisjoint(one.events)
    }
    found: dict[str, list[Event]] = {}
    for statement in change.records(FACT, asked) if asked else ():
        found.setdefault(statement.child_id, []).append(statement.event)
    return found


def _days_left_by(one: LeftOpen, told: DaysTold) -> list[LeftOpen]:
    """
    Return what stays open on some days for a child whom a later extract names.

    Days that the later extract does not cover stay open: a refused row may have been about any of
    them.  The same holds for kinds of event in a list that it does not have.
    """
    first, last = one.from_on or date.min, one.to_on or told.until
    tells = [name for name in one.events if told.events is None or name in told.events]
    others = tuple(name for name in one.events if name not in tells)
    left = [one._replace(events=others)] if others else []
    if tells:
        left += (
            one._replace(
                events=tuple(tells), from_on=one.from_on if begins == first else begins, to_on=ends
            )
            for begins, ends in besides(told.days, first, last)
        )
    return left


def _is_settled(one: LeftOpen, told: DaysTold, stands: Iterable[Event]) -> bool:
    """
    Say whether an extract shows what was left open, such as the result of a conference.

    If the enquiry is no longer in the extract, that shows nothing: Annex A lists the enquiries of
    the last months only, and a census those of its year.

    Args:
        one: What was left open.
        told: What the extract states about the child.
        stands: The child's facts, including those of the extract.
    """
    first = one.from_on or date.min
    openers = _OPENERS.get(next((name for name in one.events if name in _OPENERS), ""), ())
    if not openers and _cannot_show(one, told):
        return False
    stated = told.stated(one.child_id)
    stands = [*stands]
    begun = [event for event in stands if event.event in openers and event.on <= first]
    # Its beginning no longer stands, so nothing of it can be open.
    if not begun:
        return True
    on = max(event.on for event in begun)
    if any(
        event.on == on and (event[:2] in stated or event.outcome == "no-plan") for event in begun
    ):
        return True
    begins = ENQUIRY_ENDS if "cp.strategy" in openers else {"cp.plan.start"}
    return any(event.event in begins and on <= event.on <= on + PLAN_FOLLOWS for event in stands)


def _cannot_show(one: LeftOpen, told: DaysTold) -> bool:
    """Say whether an extract is of an earlier day, or does not carry what was left open."""
    # An extract of March cannot show since when a child was placed for adoption in June, nor one
    # without legal statuses that care is not a series of short breaks.
    earlier = one.to_on is not None and one.to_on > told.as_of
    return earlier or not told.lacking.isdisjoint(one.events)


def _told_first(fresh: list[LeftOpen], known: Iterable[Standing[LeftOpen]]) -> list[LeftOpen]:
    """Return the entries that leave open something that was not left open before."""
    stood = {one for row in known for one in row.record.each}
    return [one for one in fresh if not stood.issuperset(one.each)] if stood else fresh


def by_child(those: Iterable[_KeptByChild]) -> dict[str, list[_KeptByChild]]:
    """Group records by child."""
    found: dict[str, list[_KeptByChild]] = {}
    for one in those:
        found.setdefault(one.child_id, []).append(one)
    return found


def _continued(one: LeftOpen, known: Iterable[LeftOpen]) -> Iterator[LeftOpen]:
    """Yield what is left open, each event from the day on which it first was for this reason."""
    since, events = one.from_on or date.min, {*one.events}
    for before in known:
        first, last = before.from_on or date.min, before.to_on or date.max
        same = (before.source, before.lacks) == (one.source, one.lacks)
        # One refused row may leave a plan open for years, and care since the last extract only.
        if same and first < since and last >= since - _DAY and (both := events & {*before.events}):
            events -= both
            yield one._replace(events=tuple(sorted(both)), from_on=before.from_on)
    if events:
        yield one._replace(events=tuple(sorted(events)))


def _within(one: LeftOpen, other: LeftOpen) -> bool:
    """Say whether everything that one entry leaves open is left open by another too."""
    return (
        {*one.events} <= {*other.events}
        and (other.from_on or date.min) <= (one.from_on or date.min)
        and (one.to_on or date.max) <= (other.to_on or date.max)
    )


def _parted(every: Iterable[Carried]) -> tuple[list[Carried], list[Carried]]:
    """Separate what is carried from what is not."""
    carries, lacks = list[Carried](), list[Carried]()
    for one in every:
        (lacks if one.lacks else carries).append(one)
    return carries, lacks


def told_but(every: Iterable[Carried], others: Iterable[Carried | LeftOpen]) -> list[Carried]:
    """Return what is left of some days when the days of others are taken out."""
    left = [*every]
    for other in others:
        for said in (other,) if isinstance(other, Carried) else _each(other):
            left = [part for one in left for part in _without(one, said)]
    return left


def _each(one: LeftOpen) -> Iterator[Carried]:
    """Yield what is left open for a child in the form of what an extract lacks."""
    for event in one.events:
        yield Carried(one.source, event, one.lacks, one.from_on, one.to_on)


def _without(one: Carried, said: Carried) -> Iterator[Carried]:
    """
    Yield what is left of a range of days when the days of another entry are taken out.

    >>> year = Carried("ssda903", "cla.review", "Reviews", date(2025, 4, 1), date(2026, 3, 31))
    >>> later = Carried("ssda903", "cla.review", None, date(2026, 1, 1), date(2026, 3, 31))
    >>> [str(part.to_on) for part in _without(year, later)]
    ['2025-12-31']
    """
    first, last = one.from_on or date.min, one.to_on or date.max
    begins, ends = said.from_on or date.min, said.to_on or date.max
    if one[:2] != said[:2] or ends < first or begins > last:
        yield one
        return
    if first < begins:
        yield one._replace(to_on=begins - _DAY)
    if ends < last:
        yield one._replace(from_on=ends + _DAY)
