"""Storing one fact, checked against the vocabulary and against what is known of the child."""

from collections.abc import Mapping, Sequence
from datetime import date

from iro_cli.dates.reading import read_date
from iro_cli.dates.words import spoken_short
from iro_cli.errors import InputRefusedError
from iro_cli.facts.model import Child, Event, Statement, put_together
from iro_cli.facts.twice import ONCE_IN, as_the_other, kind_of, twins
from iro_cli.facts.vocabulary import CODE, DETAILS, EVENTS, as_it_went, option_of
from iro_cli.law.catalogue import Catalogue
from iro_cli.law.model import Match
from iro_cli.lean import NamedTuple
from iro_cli.obligations.chains import Engine
from iro_cli.obligations.findings import Finding, findings_of, meetings_of_record
from iro_cli.questions.naming import unknown_event
from iro_cli.questions.view import known_children
from iro_cli.sentences.findings import message_of, remedy_of
from iro_cli.store.changing import Change
from iro_cli.store.kinds import BOOKING, FACT
from iro_cli.store.reading import Standing

INSIST = "to store it all the same, add --insist"
# Two of a kind that are so near that both cannot be; and one beside several that stand.
TOO_SOON = "too-soon"
_BESIDE_SEVERAL = "beside-several"
_REVIEWS = [name for name in EVENTS if name.endswith(".review") and not name.startswith("cp.")]
# What a second start or end is found to be, which is told better as one with another day.
_TOLD_BETTER = ("already-open", "nothing-to-end", "left-open", "outside")


class TwiceError(InputRefusedError):
    """
    What is recorded is known on another day, so near that both cannot be.

    Attributes:
        twins: The children, what was to be recorded, and what is known on another day.
    """

    def __init__(self, message: str, twins: Sequence[tuple[str, Event, Event]]) -> None:
        """Take what is to be said, and of what."""
        super().__init__(message)
        self.twins = list(twins)


class Recorded(NamedTuple):
    """
    What came of recording.

    Attributes:
        added: The children for whom it was stored.
        corrected: Those for whom it stood with other details, or on another day.
        standing: Those who had it already.
        findings: What it contradicts, by child.
        moved: The day on which it stood before, by child.
        twins: The day, so near that both cannot be, on which it stands as well, by child.
        instead: What stood on the day before, under another name, by child.
    """

    added: list[str]
    corrected: list[str]
    standing: list[str]
    findings: list[tuple[str, Finding]]
    moved: Mapping[str, date] = {}
    twins: Mapping[str, date] = {}
    instead: Mapping[str, str] = {}


def event_named(name: str) -> str:
    """
    Return the name of an event.

    Raises:
        InputRefusedError: There is none; the message names the nearest.
    """
    if name in EVENTS:
        return name
    raise unknown_event(name)


def checked_event(event: Event, *, today: date, as_of: date) -> Event:
    """
    Check what is recorded against the event's vocabulary and the calendar.

    Args:
        event: As typed, its name known.
        today: The day it is; a later event has not happened yet.
        as_of: The day that is taken for today where it is the later of the two.

    Raises:
        InputRefusedError: A detail does not apply, has a value that is not
            allowed, or the day lies ahead.
    """
    try:
        event = as_it_went(event)
    except ValueError as error:
        raise InputRefusedError(str(error)) from None
    kind = EVENTS[event.event]
    for detail, told in DETAILS.items():
        value = getattr(event, detail)
        if value is None or told.of_any:
            continue
        option = option_of(detail)
        if detail not in kind.details:
            raise InputRefusedError(f"{option} does not belong to {event.event}")
        allowed = kind.allows(detail)
        if allowed and value not in allowed:
            # A code says nothing by itself.
            choices = [
                f"{one} ({meaning})" if told.kind == CODE else one
                for one, meaning in told.values.items()
                if one in allowed
            ] or allowed
            raise InputRefusedError(f"{option} {value!r}: one of {', '.join(choices)}")
    latest = max(today, as_of)
    for day in (event.on, event.completed_on):
        if day and day > latest:
            raise InputRefusedError(
                f"{spoken_short(day)} is still to come, and only what has happened can be "
                "recorded: book a planned meeting with `iro book`"
            )
    if event.completed_on and event.completed_on < event.on:
        raise InputRefusedError(
            f"the meeting was completed on {spoken_short(event.completed_on)}, before it began on "
            f"{spoken_short(event.on)}"
        )
    return _with_day(event) if event.reference else event


def _with_day(event: Event) -> Event:
    """Return an event whose reference is a day with that day checked, others as they are."""
    if not EVENTS[event.event].reference_is_day:
        return event
    ahead = EVENTS[event.event].day_ahead
    meeting = "conference" if event.event.startswith("cp.") else "review"
    option, what = ("--by", ahead) if ahead else ("--reference", f"the date of the {meeting}")
    try:
        day = read_date(event.reference or "")
    except ValueError as error:
        raise InputRefusedError(f"{option} {event.reference!r} must be {what}: {error}") from None
    if not ahead and day > event.on:
        raise InputRefusedError(
            f"{event.event} on {spoken_short(event.on)}: the {meeting} of {spoken_short(day)} had "
            "not been held by then; check both dates"
        )
    if ahead and day < event.on:
        raise InputRefusedError(
            f"--by {spoken_short(day)} lies before {spoken_short(event.on)}, the day of "
            f"{event.event}: it is {ahead}"
        )
    return event._replace(reference=day.isoformat())


def _new_findings(
    work: Engine, child: Child, before: Sequence[Event], after: Sequence[Event], as_of: date
) -> list[Finding]:
    """Return what is found in a child's facts now and was not found before."""

    def found(events: Sequence[Event]) -> list[Finding]:
        by_day = sorted((one for one in events if one.on <= as_of), key=lambda one: one.on)
        return findings_of(work, child, by_day, as_of)

    known = {(one.kind, one.on, one.event) for one in found(before)}
    return [one for one in found(after) if (one.kind, one.on, one.event) not in known]


def record(
    change: Change,
    catalogue: Catalogue,
    event: Event,
    children: Sequence[str],
    *,
    insist: bool = False,
    withdraw: bool = False,
    correct: bool = False,
) -> Recorded:
    """
    Store one fact for one child or several, all of them or none.

    Args:
        change: What it is stored in.
        catalogue: The rules, to see what the fact contradicts.
        event: What happened, checked.
        children: To whom.
        insist: Store it although it contradicts the child's facts.
        withdraw: Take the fact back instead: it did not happen.
        correct: Put the day of the fact right that is known on another day near it, or put it in
            the place of the conference of its day, of which it says that it counts or does not.

    Raises:
        TwiceError: It is known on another day, so near that both cannot be.
        InputRefusedError: A child is unknown, or the fact contradicts others.
    """
    work = Engine(catalogue)
    moved, days, near = dict[str, date](), dict[str, date](), dict[str, Event]()
    instead = dict[str, str]()
    done = Recorded([], [], [], [], moved, days, instead)
    known = known_children(change, children, remedy="`iro child add {}` adds one")
    standing: dict[str, list[Standing[Statement]]] = {child: [] for child in children}
    for row in change.standing(FACT, children):
        standing[row.record.child_id].append(row)
    for child, rows in standing.items():
        if withdraw:
            _withdraw_one(change, child, rows, event, done)
        elif correct:
            was = _correct_one(change, work, known[child], rows, event, done)
            if was.on != event.on:
                moved[child] = was.on
            elif was.event != event.event:
                instead[child] = was.event
        elif twin := _record_one(change, work, known[child], rows, event, done):
            near[child], days[child] = twin, twin.on
    refused = [(child, one) for child, one in done.findings if one.blocks]
    if refused and not insist:
        raise _refusal(event, refused, done, near, correct=correct)
    return done


def _refusal(
    event: Event,
    refused: Sequence[tuple[str, Finding]],
    done: Recorded,
    near: Mapping[str, Event],
    *,
    correct: bool,
) -> InputRefusedError:
    """Return why a fact is not stored, with what can be done for each child."""
    first = "nothing was stored: it contradicts what is known"
    lines = [f"{child}: {message_of(one)}\n  {remedy_of(one)}" for child, one in refused]
    if correct:
        whose = dict.fromkeys(child for child, _ in refused)
        lines += [_all_the_same(event, child, done) for child in whose]
        return InputRefusedError("\n".join([first, *lines]))
    text = "\n".join([first, *lines, INSIST])
    if not near.keys() >= {*done.added}:
        # For the others there is no day to put right.
        text = text.replace("add --correct", f"add --correct for {' '.join(near)} alone")
    elif all(one.kind == TOO_SOON for _, one in refused):
        text = text.replace(INSIST, f"{INSIST}: then both count")
        return TwiceError(text, [(child, event, known) for child, known in near.items()])
    return InputRefusedError(text)


def _all_the_same(event: Event, child: str, done: Recorded) -> str:
    """Say how a fact is put right although it contradicts what is known."""
    day, name = done.moved.get(child, event.on), done.instead.get(child, event.event)
    if (name, day) == event[:2]:
        return f"{INSIST}, and leave out --correct"
    other = "other day" if name == event.event else "other"
    return (
        f"to store it all the same, take the {other} back first: `iro record {name} {child} --on "
        f"{day} --withdraw`, then `iro record {event.event} {child} --on {event.on} --insist`"
    )


def _same(rows: Sequence[Standing[Statement]], event: Event) -> list[Standing[Statement]]:
    return [
        row
        for row in rows
        if row.record.event[:2] == event[:2]
        and (row.record.event.reference or "") == (event.reference or "")
    ]


def _withdraw_one(
    change: Change,
    child: str,
    rows: Sequence[Standing[Statement]],
    event: Event,
    done: Recorded,
) -> None:
    same = _same(rows, event)
    if not same:
        raise InputRefusedError(
            f"{child} has no {event.event} on {spoken_short(event.on)} to take back; "
            f"`iro show {child}` lists what is recorded"
        )
    change.withdraw(FACT, same)
    done.corrected.append(child)


def _record_one(
    change: Change,
    work: Engine,
    child: Child,
    rows: Sequence[Standing[Statement]],
    event: Event,
    done: Recorded,
) -> Event | None:
    """Store one fact, and return the same on another day so near it that both cannot be."""
    same = _same(rows, event)
    before = [row.record.event for row in rows]
    if same:  # what is not said again stays as it was
        event = put_together(event, same[0].record.event)
    if any(row.record.event == event for row in same):
        done.standing.append(child.child_id)
        return None
    rest = [row.record.event for row in rows if row not in same]
    found = _found(work, child, before, [*rest, event])
    near = twins(event, rest) if not same else []
    if near:
        days = (event.on, near[0].on)
        found = [one for one in found if one.kind not in _TOLD_BETTER or one.on not in days]
        kind = TOO_SOON if len(_to_put_right(event, near)) == 1 else _BESIDE_SEVERAL
        found.insert(0, Finding(kind, event.on, event.event, compared=near[0].on))
    done.findings.extend((child.child_id, one) for one in found)
    (done.corrected if same else done.added).append(child.child_id)
    change.withdraw(FACT, same)
    change.add(FACT, [Statement(child.child_id, event)])
    return near[0] if near else None


def _to_put_right(event: Event, near: Sequence[Event]) -> list[Event]:
    """Return those whose day may be meant: of its own name, or else of its kind."""
    return [one for one in near if one.event == event.event] or list(near)


def _found(
    work: Engine, child: Child, before: Sequence[Event], after: Sequence[Event]
) -> list[Finding]:
    """Return what is found in facts and was not found before, up to the last day of either."""
    as_of = max(one.on for one in (*before, *after))
    return _new_findings(work, child, before, after, as_of)


def _correct_one(
    change: Change,
    work: Engine,
    child: Child,
    rows: Sequence[Standing[Statement]],
    event: Event,
    done: Recorded,
) -> Event:
    """
    Put the day of a fact right, with what refers to it and is booked from it.

    Returns:
        What stood before.

    Raises:
        InputRefusedError: No such fact is known near the day, or there are several.
    """
    before = [row.record.event for row in rows]
    if others := as_the_other(event, before):
        return _put_for_the_other(change, work, child, rows, event, others, done)
    meant = _to_put_right(event, twins(event, before))
    near = [row for other in meant for row in rows if row.record.event == other]
    if not near and _same(rows, event):
        _record_one(change, work, child, rows, event, done)
        return event
    if not near:
        raise InputRefusedError(
            f"{child.child_id} has no {event.event} within {ONCE_IN} days of "
            f"{spoken_short(event.on)} whose day could be put right: `iro show {child.child_id}` "
            f"lists what is recorded, and `iro record {event.event} {child.child_id} --on DATE "
            "--withdraw` takes one back"
        )
    if len(near) > 1:
        days = " and ".join(spoken_short(row.record.event.on) for row in near)
        raise InputRefusedError(
            f"{child.child_id} has {event.event} on {days}: take back those that did not happen "
            f"with `iro record {event.event} {child.child_id} --on DATE --withdraw`"
        )
    old = near[0].record.event
    event = _as_it_is_known(event, old)
    same = _same(rows, event)
    # A fact that stands on the right day stays that of whoever states it.
    stands = same[0].record if same else Statement(child.child_id, event)
    right = put_together(event, put_together(stands.event, old))
    done.corrected.append(child.child_id)
    referring = [row for row in rows if _refers_to(work, row.record.event, old)]
    gone = [*near, *same, *referring]
    stated = [stands._replace(event=right)] + [
        row.record._replace(event=row.record.event._replace(reference=event.on.isoformat()))
        for row in referring
    ]
    rest = [row.record.event for row in rows if row not in gone]
    after = [*rest, *(one.event for one in stated)]
    found = _found(work, child, before, after)
    done.findings.extend((child.child_id, one) for one in found)
    change.withdraw(FACT, gone)
    change.add(FACT, stated)
    _book_from(change, work, child, before, after)
    return old


def _put_for_the_other(
    change: Change,
    work: Engine,
    child: Child,
    rows: Sequence[Standing[Statement]],
    event: Event,
    others: Sequence[Event],
    done: Recorded,
) -> Event:
    """
    Put a conference that counts in the place of one that does not, or the other way round.

    Who took part stays, and what else belongs to both.

    Returns:
        What stood before.

    Raises:
        InputRefusedError: There are several on the day.
    """
    if len(others) > 1:
        names = " and ".join(one.event for one in others)
        raise InputRefusedError(
            f"{child.child_id} has {names} on {spoken_short(event.on)}: take back those that did "
            f"not happen so with `iro record EVENT {child.child_id} --on {event.on} --withdraw`"
        )
    [other] = others
    belongs = {*EVENTS[event.event].details, "reference", "note"}
    kept = {name: getattr(other, name) for name in DETAILS if name in belongs}
    same = _same(rows, event)
    known = same[0].record.event if same else event
    right = put_together(event, put_together(known, Event(event.event, event.on, **kept)))
    gone = [row for row in rows if row in same or row.record.event == other]
    before = [row.record.event for row in rows]
    rest = [row.record.event for row in rows if row not in gone]
    found = _found(work, child, before, [*rest, right])
    done.findings.extend((child.child_id, one) for one in found)
    done.corrected.append(child.child_id)
    change.withdraw(FACT, gone)
    change.add(FACT, [Statement(child.child_id, right)])
    return other


def _as_it_is_known(event: Event, old: Event) -> Event:
    """
    Return a fact under the name of the one whose day it puts right.

    Where only the latest meeting is known, it stays the latest: that its day was wrong says
    nothing of those before it.

    Raises:
        InputRefusedError: A detail is given that is not kept of such a fact.
    """
    known = event._replace(event=old.event)
    for detail, told in DETAILS.items():
        if (
            getattr(event, detail) is not None
            and not told.of_any
            and detail not in EVENTS[old.event].details
        ):
            raise InputRefusedError(
                f"what is recorded is {old.event} on {spoken_short(old.on)}, and "
                f"{option_of(detail)} does not belong to it: correct the day without it"
            )
    return known


def _refers_to(work: Engine, event: Event, meeting: Event) -> bool:
    """Say whether a record names the day of a meeting as what it is of."""
    kind = EVENTS[event.event]
    return (
        kind.reference_is_day
        and not kind.day_ahead
        and event.reference == meeting.on.isoformat()
        and _may_be_of(work, event.event, kind_of(meeting.event))
    )


def _may_be_of(work: Engine, name: str, meeting: str) -> bool:
    """Say whether a kind of record is of a kind of meeting: by the rules, or by its name."""
    of = meetings_of_record(work, name)
    if of:
        return meeting in of
    return meeting.startswith("cp.conference.") if name.startswith("cp.") else meeting in _REVIEWS


def _book_from(
    change: Change, work: Engine, child: Child, before: Sequence[Event], after: Sequence[Event]
) -> None:
    """
    Keep what is booked for a clock whose first day was put right.

    A booking for another clock that began on the same day is that clock's still: it is found by
    what runs, and not by the day alone.
    """
    ran, runs = _running(work, child, before), _running(work, child, after)
    for row in change.standing(BOOKING, child.child_id):
        booking = row.record
        place = (booking.timescale, booking.clock_started)
        if place not in ran or place in runs:
            continue
        # The day may decide which of several duties it is: what the same meeting meets.
        again = [one for one in runs.keys() - ran.keys() if runs[one] == ran[place]]
        own = [one for one in again if one[0] == booking.timescale] or again
        if len(own) == 1:
            timescale, started = own[0]
            moved = booking._replace(timescale=timescale, clock_started=started)
            change.replace(BOOKING, row, moved)


def _running(
    work: Engine, child: Child, events: Sequence[Event]
) -> dict[tuple[str, date | None], tuple[Match, ...]]:
    """Return what runs by some facts, by timescale and first day, with what would meet it."""
    by_day = sorted(events, key=lambda one: one.on)
    clocks = work.run(by_day, as_of=by_day[-1].on, born=child.date_of_birth, keep_met=False)
    return {(one.rule.id, one.started): one.rule.met_by for one in clocks.open}
