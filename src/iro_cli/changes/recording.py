"""Storing one fact, taking it back, and who did what."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from iro_cli.changes.stamp import Stamp
from iro_cli.dates.reading import read_date
from iro_cli.dates.words import spoken_short
from iro_cli.errors import InputRefusedError
from iro_cli.facts.model import Child, Event, Finding, put_together
from iro_cli.facts.vocabulary import (
    DAYS_AHEAD,
    EVENTS,
    PARTICIPATION,
    REFERENCE_IS_A_DAY,
    SCALING,
    YES_OR_NO,
    as_it_went,
)
from iro_cli.law.catalogue import Catalogue, nearest
from iro_cli.obligations.chains import Engine
from iro_cli.obligations.findings import findings_of
from iro_cli.store.reading import Reader

# Only a change loads the classes of the tables: what only reads stays quick.
if TYPE_CHECKING:
    from iro_cli.store.tables import ChildDetail, Fact
    from iro_cli.store.writing import Writer

# These belong to some events only; a reason, a reference and a note say something of any.
_PARTICULAR = (
    *("outcome", "section_47", "participation", "completed_on"),
    *("quorate", "scaling", "advocacy", "attended"),
)
_ALLOWED = {
    "participation": tuple(PARTICIPATION),
    "advocacy": YES_OR_NO,
    "quorate": YES_OR_NO,
    "scaling": tuple(map(str, SCALING)),
}
INSIST = "to store it all the same, add --insist"
REQUESTED = "cla.review.requested"


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
    close = nearest(name, EVENTS)
    raise InputRefusedError(
        f"there is no event {name!r}" + (close or f"; they are: {', '.join(EVENTS)}")
    )


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
    for detail in _PARTICULAR:
        value = getattr(event, detail)
        if value is None:
            continue
        option = "--" + detail.replace("_", "-")
        if detail not in kind.details:
            raise InputRefusedError(f"{option} does not belong to {event.event}")
        allowed = _ALLOWED.get(detail) or kind.values.get(detail)
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
    if event.event not in REFERENCE_IS_A_DAY:
        return event
    ahead = DAYS_AHEAD.get(event.event)
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


def event_of(fact: "Fact") -> Event:
    """Return the event that a stored fact holds."""
    return Event(fact.event, fact.happened_on, *(getattr(fact, one) for one in Event._fields[2:]))


def child_of(row: "ChildDetail") -> Child:
    """Return the child that a stored row holds."""
    return Child(**{field: getattr(row, field) for field in Child._fields})


def _new_findings(
    work: Engine, child: Child, before: Sequence[Event], after: Sequence[Event], as_of: date
) -> list[Finding]:
    def by_day(events: Sequence[Event]) -> list[Event]:
        return sorted((one for one in events if one.on <= as_of), key=lambda one: one.on)

    known = {
        (one.kind, one.on, one.event) for one in findings_of(work, child, by_day(before), as_of)
    }
    return [
        one
        for one in findings_of(work, child, by_day(after), as_of)
        if (one.kind, one.on, one.event) not in known
    ]


def record(
    path: Path,
    catalogue: Catalogue,
    event: Event,
    children: Sequence[str],
    stamp: Stamp,
    *,
    insist: bool = False,
    withdraw: bool = False,
) -> Recorded:
    """
    Store one fact for one child or several, all of them or none.

    Args:
        path: The store.
        catalogue: The rules, to see what the fact contradicts.
        event: What happened, checked.
        children: To whom.
        stamp: Who records it, and when.
        insist: Store it although it contradicts the child's facts.
        withdraw: Take the fact back instead: it did not happen.

    Raises:
        InputRefusedError: A child is unknown, or the fact contradicts others.
        StoreError: The store cannot be written.
    """
    from iro_cli.store.writing import Nothing, change  # noqa: PLC0415

    work = Engine(catalogue)
    done = Recorded([], [], [], [])
    with change(path, **stamp._asdict()) as writer:
        known = writer.children()
        missing = [child for child in children if child not in known]
        if missing:
            raise InputRefusedError(
                "\n".join(
                    f"there is no child {child!r}{nearest(child, known)}; `iro child add {child}` "
                    "adds one"
                    for child in missing
                )
            )
        standing = writer.facts(dict.fromkeys(children))
        for child in dict.fromkeys(children):
            facts = standing.get(child, [])
            if withdraw:
                _withdraw_one(writer, child, facts, event, done)
                continue
            _record_one(writer, work, child_of(known[child]), facts, event, done)
        refused = [(child, one) for child, one in done.findings if one.blocks]
        if refused and not insist:
            lines = [f"{child}: {one.message}\n  {one.remedy}" for child, one in refused]
            raise InputRefusedError(
                "\n".join(["nothing was stored: it contradicts what is known", *lines])
                + f"\n{INSIST}"
            )
        if not (done.added or done.corrected):
            raise Nothing
    return done


def _same(facts: "Sequence[Fact]", event: Event) -> "list[Fact]":
    return [
        fact
        for fact in facts
        if (fact.event, fact.happened_on) == (event.event, event.on)
        and (fact.reference or "") == (event.reference or "")
    ]


def _withdraw_one(
    writer: "Writer", child: str, facts: "Sequence[Fact]", event: Event, done: Recorded
) -> None:
    same = _same(facts, event)
    if not same:
        raise InputRefusedError(
            f"{child} has no {event.event} on {spoken_short(event.on)} to take back; "
            f"`iro show {child}` lists what is recorded"
        )
    for fact in same:
        writer.withdraw(fact)
    done.corrected.append(child)


def _record_one(
    writer: "Writer",
    work: Engine,
    child: Child,
    facts: "list[Fact]",
    event: Event,
    done: Recorded,
) -> None:
    same = _same(facts, event)
    before = [event_of(fact) for fact in facts]
    if same:  # what is not said again stays as it was
        event = put_together(event, event_of(same[0]))
    if any(event_of(fact) == event for fact in same):
        done.standing.append(child.child_id)
        return
    rest = [event_of(fact) for fact in facts if fact not in same]
    as_of = max([event.on, *(one.on for one in before)])
    found = _new_findings(work, child, before, [*rest, event], as_of)
    done.findings.extend((child.child_id, one) for one in found)
    for fact in same:
        writer.withdraw(fact)
    (done.corrected if same else done.added).append(child.child_id)
    writer.session.flush()
    writer.add_facts([(child.child_id, event, None)])


def contradictions(
    path: Path, catalogue: Catalogue, before: Child, after: Child, as_of: date
) -> list[Finding]:
    """
    Return what a child's facts contradict only since something else is known of the child.

    Args:
        path: The store.
        catalogue: The rules.
        before: What was known of the child.
        after: What is known now.
        as_of: The last day whose facts are known.

    Raises:
        StoreError: The store cannot be read.
    """
    work = Engine(catalogue)
    cases = dict(Reader(path).cases(as_of, after.child_id, whole=True))
    events = cases.get(after.child_id, [])
    known = {(one.kind, one.on, one.event) for one in findings_of(work, before, events, as_of)}
    return [
        one
        for one in findings_of(work, after, events, as_of)
        if (one.kind, one.on, one.event) not in known
    ]


class Undone(NamedTuple):
    """The change that was taken back."""

    change: int
    at: str
    who: str
    command: str


def undo(path: Path, stamp: Stamp) -> Undone:
    """
    Take the last change back; again, the one before it.

    Raises:
        InputRefusedError: There is nothing to undo.
        StoreError: The store cannot be written.
    """
    from iro_cli.store.writing import change  # noqa: PLC0415

    with change(path, **stamp._asdict()) as writer:
        last = writer.last_change()
        undone = Undone(last.id or 0, last.at, last.who, last.command)
        writer.take_back(last)
    return undone
