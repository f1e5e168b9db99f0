"""Record IROs and chairs: their hours from a day on, when they leave, and when they are away."""

from datetime import date, timedelta

from iro_cli.dates.words import spoken_short
from iro_cli.errors import InputRefusedError
from iro_cli.facts.people import (
    Absence,
    Person,
    covers,
    not_in_post,
    of_name,
    overlap,
    period,
)
from iro_cli.law.catalogue import nearest
from iro_cli.sentences.people import not_in_post_words
from iro_cli.store.changing import Change
from iro_cli.store.kinds import ABSENCE, PERSON
from iro_cli.store.reading import Standing

_DAY = timedelta(days=1)


# ---------------------------------------------------------------- people


def _times(change: Change, name: str) -> list[Standing[Person]]:
    """
    Return a person's periods in post, in order.

    Raises:
        InputRefusedError: The person is not recorded.
    """
    every = change.standing(PERSON)
    rows = [row for row in every if row.record.name.casefold() == name.casefold()]
    if not rows:
        known = sorted({row.record.name for row in every})
        raise InputRefusedError(
            f"nobody is recorded as {name!r}{nearest(name, known)}; `iro person add {name!r}` "
            "records them, `iro person list` lists them all"
        )
    return sorted(rows, key=lambda row: row.record.from_on or date.min)


def _in_order(person: Person) -> None:
    if person.from_on and person.to_on and person.to_on < person.from_on:
        raise InputRefusedError(
            f"{person.name}: the last day, {spoken_short(person.to_on)}, lies before the first, "
            f"{spoken_short(person.from_on)}"
        )


def add_person(change: Change, person: Person) -> None:
    """
    Record an IRO or chair, or one who comes back after a time away from the post.

    Raises:
        InputRefusedError: They are recorded for those days already.
    """
    _in_order(person)
    known = of_name(change.people(), person.name)
    same = next((one for one in known if overlap(one, person)), None)
    if same:
        raise InputRefusedError(
            f"{same.name} is recorded already, {period(same.from_on, same.to_on)}: `iro person "
            "edit` changes it"
        )
    change.add(PERSON, [person])


def edit_person(
    change: Change, name: str, values: dict[str, object], begins: date | None = None
) -> bool:
    """
    Change the details of a person, from a day on or for the whole of their latest period.

    Args:
        change: The change in which it is stored.
        name: The person; capitals do not matter.
        values: New values by field; ``None`` removes a value.
        begins: The first day of the change; the earlier values end the day before.

    Returns:
        Whether anything changed.

    Raises:
        InputRefusedError: The person is not recorded, or not in post on that day.
    """
    rows = _times(change, name)
    row = rows[-1]
    if begins is not None:
        away = not_in_post([one.record for one in rows], begins)
        if away:
            raise InputRefusedError(
                f"{not_in_post_words(away)}, so nothing changes on {spoken_short(begins)}: "
                f"`iro person add {name!r} --from DATE` records another time in post"
            )
        row = next(one for one in rows if covers(one.record, begins))
    before = row.record
    after = before._replace(**values)  # type: ignore[arg-type]
    if after == before:
        return False
    _in_order(after)
    times = [after]
    # The hours up to the day before stay as they were: last quarter's caseload is measured
    # against the hours of that time.
    if begins is not None and before.from_on != begins:
        after = after._replace(from_on=begins)
        times = [before._replace(to_on=begins - _DAY), after]
    others = [one.record for one in rows if one is not row]
    if clash := next((one for one in others if overlap(one, after)), None):
        raise InputRefusedError(
            f"{after.name} is recorded already, {period(clash.from_on, clash.to_on)}: change "
            "that time with --from"
        )
    change.replace(PERSON, row, *times)
    return True


def leave(change: Change, name: str, last: date) -> bool:
    """
    Set a person's last day; hours recorded from later days on are withdrawn.

    Returns:
        Whether anything changed.

    Raises:
        InputRefusedError: The person is not recorded, has left before, or had not begun.
    """
    rows = _times(change, name)
    away = not_in_post([row.record for row in rows], last)
    if away:
        raise InputRefusedError(
            f"{not_in_post_words(away)}: {spoken_short(last)} cannot be the last day"
        )
    for row in rows:
        one = row.record
        # Hours that are planned for later would put the person back in post.
        if one.from_on and one.from_on > last:
            change.withdraw(PERSON, [row])
        elif covers(one, last) and one.to_on != last:
            change.replace(PERSON, row, one._replace(to_on=last))
    return bool(change.count)


# ---------------------------------------------------------------- absences


def add_absence(change: Change, absence: Absence) -> None:
    """
    Record when a person is away.

    Raises:
        InputRefusedError: Nobody has that name, the days are turned round, or
            another absence has some of them.
    """
    if absence.to_on < absence.from_on:
        raise InputRefusedError(
            f"the last day away, {spoken_short(absence.to_on)}, lies before the first, "
            f"{spoken_short(absence.from_on)}"
        )
    known = {one.name for one in change.people()} | {*change.holder_names()}
    # An absence under a mistyped name would warn nobody who books a meeting with the right person.
    if absence.name.casefold() not in {one.casefold() for one in known}:
        raise InputRefusedError(
            f"nobody is called {absence.name!r}{nearest(absence.name, sorted(known))}; `iro "
            "person list` lists them all"
        )
    for row in _absent(change, absence.name):
        one = row.record
        if overlap(one, absence):
            raise InputRefusedError(
                f"{one.name} is away {period(one.from_on, one.to_on)} already: take that back "
                f"first, `iro absence remove {one.name!r} --from {one.from_on}`"
            )
    change.add(ABSENCE, [absence])


def _absent(change: Change, name: str) -> list[Standing[Absence]]:
    folded = name.casefold()
    return [row for row in change.standing(ABSENCE) if row.record.name.casefold() == folded]


def remove_absence(change: Change, name: str, begins: date) -> Absence:
    """
    Take back the absence that begins on a day.

    Raises:
        InputRefusedError: There is none.
    """
    rows = _absent(change, name)
    for row in rows:
        if row.record.from_on == begins:
            change.withdraw(ABSENCE, [row])
            return row.record
    others = ", ".join(spoken_short(row.record.from_on) for row in rows)
    raise InputRefusedError(
        f"{name} has no absence that begins on {spoken_short(begins)}"
        + (f"; there are some from {others}" if others else "")
    )
