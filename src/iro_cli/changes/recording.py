"""
Store one fact, after checking it against the vocabulary and the child's other facts.

A slip is cheapest to mend while the person is still at the keyboard.  So a fact that contradicts
others is refused, with what to do, and ``--insist`` stores it in spite of that.
"""

from collections.abc import Mapping, Sequence
from datetime import date

from iro_cli.dates.reading import read_date
from iro_cli.dates.words import spoken_short
from iro_cli.errors import InputRefusedError
from iro_cli.facts.model import Child, Event, Statement, put_together
from iro_cli.facts.twice import ONCE_IN, as_the_other, kept_apart, kind_of, twins
from iro_cli.facts.vocabulary import CODE, DETAILS, EVENTS, as_it_went, option_of
from iro_cli.law.catalogue import Catalogue
from iro_cli.law.model import Match
from iro_cli.lean import NamedTuple
from iro_cli.obligations.chains import Engine
from iro_cli.obligations.findings import NEAR_ANOTHER, Finding, findings_of, meetings_of_record
from iro_cli.questions.naming import unknown_event
from iro_cli.questions.view import known_children
from iro_cli.sentences.findings import message_of, remedy_of
from iro_cli.store.changing import Change
from iro_cli.store.kinds import BOOKING, FACT
from iro_cli.store.reading import Standing

INSIST = "to store it all the same, add --insist"
# Findings: two of a kind that are too near each other; and one near several that stand already.
TOO_SOON = "too-soon"
_BESIDE_SEVERAL = "beside-several"
_REVIEWS = [name for name in EVENTS if name.endswith(".review") and not name.startswith("cp.")]
# Findings that a second meeting, start or end causes.  "It is recorded on another day too" tells
# the person more, so that finding replaces them.
_TOLD_BETTER = ("already-open", "nothing-to-end", "left-open", "outside", NEAR_ANOTHER)


class TwiceError(InputRefusedError):
    """
    The fact is known on another day, too near for both to be right.

    Attributes:
        twins: For each child, what was to be recorded and what is known on another day.
    """

    def __init__(self, message: str, twins: Sequence[tuple[str, Event, Event]]) -> None:
        """Take the message, and the facts that it is about."""
        super().__init__(message)
        self.twins = list(twins)


class Recorded(NamedTuple):
    """
    The result of recording a fact.

    Attributes:
        added: The children for whom it was stored.
        corrected: The children for whom it stood with other details, or on another day.
        standing: The children who had it already.
        findings: What it contradicts, with the child.
        moved: By child, the day on which it stood before.
        twins: By child, another day on which it stands too, too near for both to be right.
        instead: By child, the name of the event that it replaced on the same day.
        stands: By child who had it already, the fact with all its details.
    """

    added: list[str]
    corrected: list[str]
    standing: list[str]
    findings: list[tuple[str, Finding]]
    moved: Mapping[str, date] = {}
    twins: Mapping[str, date] = {}
    instead: Mapping[str, str] = {}
    stands: Mapping[str, Event] = {}


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
        event: The event as typed; its name is known.
        today: Today; a later event has not happened yet.
        as_of: The as-of day, which counts instead of today if it is later.

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
            # A code such as PN3 means nothing to most people, so the message explains each.
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
    """Check the reference of an event if it has to be a day; return the event."""
    # A record of a review that names a day after itself would meet no clock, and the record that
    # is due would stay overdue without anybody knowing why.
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
    """Return the findings in a child's facts that were not there before."""

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
        change: The change in which it is stored.
        catalogue: The rules, to see what the fact contradicts.
        event: What happened, already checked.
        children: The children to whom it happened.
        insist: Store it although it contradicts the child's facts.
        withdraw: Take the fact back instead: it did not happen.
        correct: Replace the fact that is known on a day near it.  If a conference of the same day
            is known, and only one of the two was quorate, replace that one.

    Raises:
        TwiceError: It is known on another day, too near for both to be right.
        InputRefusedError: A child is unknown, or the fact contradicts others.
    """
    work = Engine(catalogue)
    moved, days, near = dict[str, date](), dict[str, date](), dict[str, Event]()
    instead, stands = dict[str, str](), dict[str, Event]()
    done = Recorded([], [], [], [], moved, days, instead, stands)
    known = known_children(change, children, remedy="`iro child add {}` adds one")
    standing: dict[str, list[Standing[Statement]]] = {child: [] for child in children}
    for row in change.standing(FACT, children):
        standing[row.record.child_id].append(row)
    for child, rows in standing.items():
        if withdraw:
            _withdraw_one(change, work, known[child], rows, event, done)
        elif correct:
            was = _correct_one(change, work, known[child], rows, event, done)
            if was.on != event.on:
                moved[child] = was.on
            elif was.event != event.event:
                instead[child] = was.event
        elif twin := _record_one(change, work, known[child], rows, event, done):
            near[child], days[child] = twin, twin.on
        if child in done.standing:
            stands[child] = put_together(event, _same(rows, event)[0].record.event)
    # After all the children, so that one refusal names every contradiction.  Nothing is stored
    # then, because the error ends the change.
    refused = [(child, one) for child, one in done.findings if one.blocks]
    # What did not happen is taken back in any case: the rest cannot be put right before it is gone.
    if refused and not insist and not withdraw:
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
    """Return the error that says why a fact is not stored, and what to do for each child."""
    first = "nothing was stored: it contradicts what is known"
    lines = [f"{child}: {message_of(one)}\n  {remedy_of(one)}" for child, one in refused]
    if correct:
        whose = dict.fromkeys(child for child, _ in refused)
        lines += [_all_the_same(event, child, done) for child in whose]
        return InputRefusedError("\n".join([first, *lines]))
    text = "\n".join([first, *lines, INSIST])
    if not near.keys() >= {*done.added}:
        # For the other children no day is known that could be put right.
        text = text.replace("add --correct", f"add --correct for {' '.join(near)} alone")
    elif all(one.kind == TOO_SOON for _, one in refused):
        text = text.replace(INSIST, f"{INSIST}: then both count")
        return TwiceError(text, [(child, event, known) for child, known in near.items()])
    return InputRefusedError(text)


def _all_the_same(event: Event, child: str, done: Recorded) -> str:
    """Say how to correct a fact in spite of a contradiction."""
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
    work: Engine,
    child: Child,
    rows: Sequence[Standing[Statement]],
    event: Event,
    done: Recorded,
) -> None:
    same = _same(rows, event)
    if not same:
        raise InputRefusedError(
            f"{child.child_id} has no {event.event} on {spoken_short(event.on)} to take back; "
            f"`iro show {child.child_id}` lists what is recorded"
        )
    before = [row.record.event for row in rows]
    rest = [row.record.event for row in rows if row not in same]
    done.findings.extend((child.child_id, one) for one in _found(work, child, before, rest))
    change.withdraw(FACT, same)
    done.corrected.append(child.child_id)


def _record_one(
    change: Change,
    work: Engine,
    child: Child,
    rows: Sequence[Standing[Statement]],
    event: Event,
    done: Recorded,
) -> Event | None:
    """Store one fact, and return a known one on another day, too near for both to be right."""
    same = _same(rows, event)
    before = [row.record.event for row in rows]
    # `iro record review CHILD --participation PN1` a second time must not erase the advocacy that
    # was given the first time.
    if same:
        event = put_together(event, same[0].record.event)
    if any(row.record.event == event for row in same):
        done.standing.append(child.child_id)
        return None
    rest = [row.record.event for row in rows if row not in same]
    found = _found(work, child, before, [*rest, event])
    # A fact of the same day is known already, and is corrected: it is no second one.
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
    """Return the events that may be meant: those with the same name, or else all of the kind."""
    return [one for one in near if one.event == event.event] or list(near)


def _found(
    work: Engine, child: Child, before: Sequence[Event], after: Sequence[Event]
) -> list[Finding]:
    """Return the new findings, as of the last day of all facts, old and new."""
    # Not as of today: a fact that is recorded for last year may contradict one of this month.
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
    Put the day of a fact right, and move what refers to it or is booked from it.

    Returns:
        The event that stood before.

    Raises:
        InputRefusedError: No such fact is known near the day, or there are several.
    """
    before = [row.record.event for row in rows]
    if others := as_the_other(event, before):
        return _put_for_the_other(change, work, child, rows, event, others, done)
    meant = _to_put_right(event, twins(event, before))
    near = [row for other in meant for row in rows if row.record.event == other]
    # The right day stands already, so only details can be new.
    if not near and _same(rows, event):
        _record_one(change, work, child, rows, event, done)
        return event
    if not near:
        raise _none_to_put_right(child.child_id, event, before)
    # Either of the two may be the wrong one.  A guess would withdraw a meeting that was held.
    if len(near) > 1:
        days = " and ".join(spoken_short(row.record.event.on) for row in near)
        raise InputRefusedError(
            f"{child.child_id} has {event.event} on {days}: take back those that did not happen "
            f"with `iro record {event.event} {child.child_id} --on DATE --withdraw`"
        )
    old = near[0].record.event
    event = _as_it_is_known(event, old)
    same = _same(rows, event)
    # If a fact stands on the right day already, it keeps its source.
    stands = same[0].record if same else Statement(child.child_id, event)
    right = put_together(event, put_together(stands.event, old))
    done.corrected.append(child.child_id)
    # The record of a review names the day of the review.  If that day moves from the 19th to the
    # 20th, the record has to move with it, or it would be the record of no review.
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


def _none_to_put_right(child_id: str, event: Event, known: Sequence[Event]) -> InputRefusedError:
    """Return the error for a day that cannot be put right, because no fact is taken for it."""
    if found := kept_apart(event, known):
        near, between = found
        return InputRefusedError(
            f"{child_id} has {near.event} on {spoken_short(near.on)}, but {between.event} on "
            f"{spoken_short(between.on)} lies between that day and {spoken_short(event.on)}, so "
            f"they may be two: `iro record {near.event} {child_id} --on {near.on} --withdraw` "
            "takes the first back, and the same line without --correct records the other"
        )
    return InputRefusedError(
        f"{child_id} has no {event.event} within {ONCE_IN} days of {spoken_short(event.on)} whose "
        f"day could be put right: `iro show {child_id}` lists what is recorded, and `iro record "
        f"{event.event} {child_id} --on DATE --withdraw` takes one back"
    )


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
    Replace an inquorate conference by one that counts, or the other way round.

    Who took part stays, and every other detail that both kinds can have.

    Returns:
        The event that stood before.

    Raises:
        InputRefusedError: There are several on the day.
    """
    if len(others) > 1:
        names = " and ".join(one.event for one in others)
        raise InputRefusedError(
            f"{child.child_id} has {names} on {spoken_short(event.on)}: take back those that did "
            f"not happen with `iro record EVENT {child.child_id} --on {event.on} --withdraw`"
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
    Return a fact with the name of the one that it corrects.

    If only the latest meeting is known, it stays a latest meeting: a corrected day does not show
    whether there were others before it.

    Raises:
        InputRefusedError: A detail is given that such a fact cannot have.
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
    """Say whether a record belongs to a meeting, by the day that it names."""
    kind = EVENTS[event.event]
    return (
        kind.reference_is_day
        and not kind.day_ahead
        and event.reference == meeting.on.isoformat()
        and _may_be_of(work, event.event, kind_of(meeting.event))
    )


def _may_be_of(work: Engine, name: str, meeting: str) -> bool:
    """Say whether a kind of record may belong to a kind of meeting, by the rules or its name."""
    of = meetings_of_record(work, name)
    if of:
        return meeting in of
    return meeting.startswith("cp.conference.") if name.startswith("cp.") else meeting in _REVIEWS


def _book_from(
    change: Change, work: Engine, child: Child, before: Sequence[Event], after: Sequence[Event]
) -> None:
    """
    Move the bookings of a clock whose first day was put right to the clock that runs now.

    A booking belongs to a clock (ADR 0012), so it would be lost with the old day.  Another clock
    that started on the same day keeps its own booking.
    """
    ran, runs = _running(work, child, before), _running(work, child, after)
    for row in change.standing(BOOKING, child.child_id):
        booking = row.record
        place = (booking.timescale, booking.clock_started)
        if place not in ran or place in runs:
            continue
        # With the right day, another rule may run: a review one day later may be the second and
        # not the first.  The booking goes to the new clock that the same meeting would meet.
        again = [one for one in runs.keys() - ran.keys() if runs[one] == ran[place]]
        own = [one for one in again if one[0] == booking.timescale] or again
        if len(own) == 1:
            timescale, started = own[0]
            moved = booking._replace(timescale=timescale, clock_started=started)
            change.replace(BOOKING, row, moved)


def _running(
    work: Engine, child: Child, events: Sequence[Event]
) -> dict[tuple[str, date | None], tuple[Match, ...]]:
    """Return the clocks that run, by timescale and first day, with the events that meet them."""
    by_day = sorted(events, key=lambda one: one.on)
    clocks = work.run(by_day, as_of=by_day[-1].on, born=child.date_of_birth, keep_met=False)
    return {(one.rule.id, one.started): one.rule.met_by for one in clocks.open}
