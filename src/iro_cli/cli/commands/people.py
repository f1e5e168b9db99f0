"""``person``, ``absence`` and ``hand-over``: IROs and chairs, and their caseloads."""

from datetime import date

from iro_cli.changes.hand_over import hand_over, later_holders
from iro_cli.changes.people import add_absence, add_person, edit_person, leave, remove_absence
from iro_cli.cli.options import Given
from iro_cli.cli.output import emit, say, tell, tell_unchanged
from iro_cli.cli.settings import Settings, open_view, resolve
from iro_cli.cli.values import plain_text
from iro_cli.clock import stamp
from iro_cli.dates.words import counted, spoken, spoken_short
from iro_cli.errors import UsageError
from iro_cli.facts.names import folded
from iro_cli.facts.people import Absence, Person, period
from iro_cli.facts.vocabulary import DIED
from iro_cli.pages.people import absences_export, due_first, people_export
from iro_cli.questions.holding import ROLE_WORDS, name_warnings
from iro_cli.questions.naming import children_named, person_named, spellings
from iro_cli.questions.people import (
    absences_of,
    booked_with,
    falling_into,
    person_lines,
    taken_over,
)


def _name(text: str, option: str = "NAME") -> str:
    name = plain_text(text, option)
    if name is None:
        raise UsageError(f"{option}: the name is blank")
    return name


def _part(text: str | None) -> float | None:
    """
    Read a full-time equivalent, above 0 and up to 1; ``None`` if it is blank.

    Raises:
        UsageError: It is not such a number.
    """
    if text is None or not text.strip():
        return None
    try:
        part = float(text)
    except ValueError:
        part = 0.0
    if not 0 < part <= 1:
        raise UsageError(
            f"--fte (--hours) {text!r}: a part of full time and not a number of hours: more than 0 "
            "and at most 1, as 0.6 for three days of five"
        )
    return part


def _still_held(settings: Settings, name: str) -> None:
    """Say how many children a person still holds who have to be handed over."""
    for one in person_lines(open_view(settings)):
        if one.name.casefold() == name.casefold() and one.children:
            say(
                f"iro: {one.name} holds {counted(one.children, 'child', 'children')}: "
                "`iro hand-over` gives them to somebody else"
            )


# ---------------------------------------------------------------- person


def add_command(
    given: Given,
    name: str,
    fte: str | None,
    begins: str | None,
    ends: str | None,
    manages: str | None,
    new_name: bool,
) -> int:
    """Record an IRO or chair: working hours, and the team they manage, if any."""
    settings = resolve(given)
    person = Person(
        _name(name),
        _part(fte),
        settings.day(begins, "--from") if begins else None,
        settings.day(ends, "--to") if ends else None,
        plain_text(manages, "--manages"),
    )
    with settings.store.changing(stamp("person add")) as change:
        person = person._replace(name=person_named(change, person.name, new=new_name))
        change.stamp = stamp(f"person add {person.name}")
        add_person(change, person)
    part = person.full_time_equivalent
    hours = "hours not given" if part is None else f"{part:g} of full time"
    tell(f"recorded: {person.name}, {hours}, {period(person.from_on, person.to_on)}")
    return 0


def edit_command(
    given: Given,
    name: str,
    fte: str | None,
    manages: str | None,
    begins: str | None,
    ends: str | None,
) -> int:
    """
    Change hours or the team managed, from a day on.

    Without ``--from``, the latest entry is corrected.

    Raises:
        UsageError: No change was typed.
    """
    settings = resolve(given)
    changes: dict[str, object] = {}
    last = settings.day(ends, "--to") if ends and ends.strip() else None
    if fte is not None:
        changes["full_time_equivalent"] = _part(fte)
    if manages is not None:
        changes["manages"] = plain_text(manages, "--manages")
    if ends is not None:
        changes["to_on"] = last
    if not changes:
        raise UsageError("nothing to change: give --fte, --manages or --to")
    day = settings.day(begins, "--from") if begins else None
    made = stamp(f"person edit {name}" + (f" --from {day}" if day else ""))
    with settings.store.changing(made) as change:
        changed = edit_person(change, name, changes, day)
    if not changed:
        tell_unchanged(name)
        return 0
    since = f" from {spoken(day)}" if day else ""
    since += f"; the last day is {spoken(last)}" if last else ""
    tell(f"changed: {name}{since}")
    return 0


def leave_command(given: Given, name: str, on: str) -> int:
    """
    Record the last day of a person.

    Their children stay allocated to them until they are handed over.
    """
    settings = resolve(given)
    last = settings.day(on, "--on")
    with settings.store.changing(stamp(f"person leave {name} --on {last}")) as change:
        changed = leave(change, name, last)
    tell(
        f"the last day of {name}: {spoken(last)}"
        if changed
        else f"{name} already leaves on {spoken(last)}; nothing changed"
    )
    _still_held(settings, name)
    return 0


def list_command(given: Given, everybody: bool) -> int:
    """List IROs and chairs: hours, children now beside the handbook's numbers, absences."""
    settings = resolve(given)
    view = open_view(settings)
    lines = person_lines(view, everybody=everybody)
    emit(people_export(lines, view.catalogue, view.as_of), settings)
    return 0


# ---------------------------------------------------------------- absence


def absence_add_command(given: Given, name: str, begins: str, ends: str, reason: str | None) -> int:
    """Record when a person is away, and list the meetings that are booked with them then."""
    settings = resolve(given)
    one = Absence(
        _name(name),
        settings.day(begins, "--from"),
        settings.day(ends, "--to"),
        plain_text(reason, "--reason"),
    )
    with settings.store.changing(stamp("absence add")) as change:
        one = one._replace(name=spellings(change).get(folded(one.name), one.name))
        change.stamp = stamp(f"absence add {one.name} --from {one.from_on} --to {one.to_on}")
        add_absence(change, one)
    tell(f"away: {one.name}, {period(one.from_on, one.to_on)}")
    for row in falling_into(open_view(settings), one):
        what = f"{row.timescale} of {row.child}"
        if row.booked:
            say(f"iro: booked then: {spoken(row.booked)}, {what}")
        elif row.hold_by:
            say(f"iro: to be held then, not booked: by {spoken(row.hold_by)}, {what}")
    return 0


def absence_remove_command(given: Given, name: str, begins: str) -> int:
    """Take an absence back."""
    settings = resolve(given)
    day = settings.day(begins, "--from")
    with settings.store.changing(stamp("absence remove")) as change:
        name = spellings(change).get(folded(name), name)
        change.stamp = stamp(f"absence remove {name} --from {day}")
        gone = remove_absence(change, name, day)
    tell(f"no longer away: {gone.name}, {period(gone.from_on, gone.to_on)}")
    return 0


def absence_list_command(given: Given, name: str | None, past: bool) -> int:
    """List people who are away now or later."""
    settings = resolve(given)
    view = open_view(settings)
    found = absences_of(view, name, past=past)
    if name is not None and not found:
        known = {one.name.casefold() for one in person_lines(view, everybody=True)}
        if name.casefold() not in known:
            view.check_names(iro=name)
    emit(absences_export(found, view.catalogue, view.as_of), settings)
    return 0


# ---------------------------------------------------------------- hand-over


def _of_the_dead(number: int) -> str:
    """Say how many of the children have died: they are handed over, but count in no caseload."""
    if not number:
        return ""
    return f" (of whom {number:,} {'has' if number == 1 else 'have'} died)"


def hand_over_command(
    given: Given,
    old: str,
    new: str,
    on: str,
    role: str,
    children: tuple[str, ...],
    reason: str | None,
    new_name: bool,
) -> int:
    """
    Hand a caseload over as one change, so that one ``iro undo`` takes it back.

    Raises:
        UsageError: Both names are the same.
    """
    settings = resolve(given)
    before, after = _name(old, "--from"), _name(new, "--to")
    if before.casefold() == after.casefold():
        raise UsageError(f"--from and --to are both {after!r}")
    day = settings.day(on, "--on")
    why = plain_text(reason, "--reason")
    with settings.store.changing(stamp("hand-over")) as change:
        before = spellings(change).get(folded(before), before)
        after = person_named(change, after, new=new_name)
        # The history shows the names as the store spells them, not as they were typed.
        change.stamp = stamp(f"hand-over --from {before} --to {after} --on {day}")
        # Read before the hand-over: afterwards these are the meetings of the other person.
        booked = booked_with(open_view(settings, change), before, day)
        odd = name_warnings(change, after, day)
        moved = hand_over(
            change,
            before,
            after,
            day,
            roles=tuple(ROLE_WORDS) if role == "all" else (role,),
            children=children_named(change, children),
            reason=why,
        )
        later = later_holders(change, moved, after, day)
        first = taken_over(open_view(settings, change), moved)
        passed = {child for those in moved.values() for child in those}
        dead = {child for child, _ in change.cases(date.max, passed, named=(DIED,))}
    what = ", ".join(
        f"{counted(len(moved[one]), 'child', 'children')} as {ROLE_WORDS[one]}"
        + _of_the_dead(len(dead.intersection(moved[one])))
        for one in ROLE_WORDS
        if one in moved
    )
    tell(f"handed over from {before} to {after} from {spoken(day)}: {what}")
    for warning in odd:
        say(f"iro: {warning}")
    for (begins, name, as_what), those in later.items():
        tell(
            f"from {spoken(begins)} on, {name} is {ROLE_WORDS[as_what]} of {len(those):,} of these "
            f"children, as was recorded before: {', '.join(those)}; to change that, use `iro "
            "allocate` from that day on"
        )
    theirs = [row for as_what, row in booked if row.child in moved.get(as_what, ())]
    if theirs:
        tell(f"booked with {before} on that day or later, and now to be kept or moved by {after}:")
    for row in theirs:
        tell(f"  {spoken_short(row.booked or day)}  {row.timescale}  {row.child}")
    for line in due_first(first, after):
        tell(line)
    return 0
