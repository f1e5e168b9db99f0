"""Storing one fact, checked against the vocabulary and against what is known of the child."""

from collections.abc import Sequence
from datetime import date

from iro_cli.dates.reading import read_date
from iro_cli.dates.words import spoken_short
from iro_cli.errors import InputRefusedError
from iro_cli.facts.model import Child, Event, Statement, put_together
from iro_cli.facts.vocabulary import DETAILS, EVENTS, as_it_went, option_of
from iro_cli.law.catalogue import Catalogue
from iro_cli.lean import NamedTuple
from iro_cli.obligations.chains import Engine
from iro_cli.obligations.findings import Finding, findings_of
from iro_cli.questions.naming import unknown_event
from iro_cli.questions.view import known_children
from iro_cli.sentences.findings import message_of, remedy_of
from iro_cli.store.changing import Change
from iro_cli.store.kinds import FACT
from iro_cli.store.reading import Standing

INSIST = "to store it all the same, add --insist"


class Recorded(NamedTuple):
    """What came of recording: the children stored, corrected, and those that had it already."""

    added: list[str]
    corrected: list[str]
    standing: list[str]
    findings: list[tuple[str, Finding]]


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
            raise InputRefusedError(f"{option} {value!r}: one of {', '.join(allowed)}")
    latest = max(today, as_of)
    for day in (event.on, event.completed_on):
        if day and day > latest:
            raise InputRefusedError(
                f"{spoken_short(day)} lies ahead, and only what has happened is recorded: "
                "a planned meeting is booked with `iro book`"
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

    Raises:
        InputRefusedError: A child is unknown, or the fact contradicts others.
    """
    work = Engine(catalogue)
    done = Recorded([], [], [], [])
    known = known_children(change, children, remedy="`iro child add {}` adds one")
    standing: dict[str, list[Standing[Statement]]] = {child: [] for child in children}
    for row in change.standing(FACT, children):
        standing[row.record.child_id].append(row)
    for child, rows in standing.items():
        if withdraw:
            _withdraw_one(change, child, rows, event, done)
        else:
            _record_one(change, work, known[child], rows, event, done)
    refused = [(child, one) for child, one in done.findings if one.blocks]
    if refused and not insist:
        lines = [f"{child}: {message_of(one)}\n  {remedy_of(one)}" for child, one in refused]
        raise InputRefusedError(
            "\n".join(["nothing was stored: it contradicts what is known", *lines]) + f"\n{INSIST}"
        )
    return done


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
) -> None:
    same = _same(rows, event)
    before = [row.record.event for row in rows]
    if same:  # what is not said again stays as it was
        event = put_together(event, same[0].record.event)
    if any(row.record.event == event for row in same):
        done.standing.append(child.child_id)
        return
    rest = [row.record.event for row in rows if row not in same]
    as_of = max([event.on, *(one.on for one in before)])
    found = _new_findings(work, child, before, [*rest, event], as_of)
    done.findings.extend((child.child_id, one) for one in found)
    (done.corrected if same else done.added).append(child.child_id)
    change.withdraw(FACT, same)
    change.add(FACT, [Statement(child.child_id, event)])
