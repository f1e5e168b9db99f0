"""IROs and chairs: their hours from a day on, when they leave, when they are away."""

from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from iro_cli.changes.holding import person_of
from iro_cli.changes.stamp import Stamp
from iro_cli.dates.words import spoken_short
from iro_cli.errors import InputRefusedError
from iro_cli.facts.people import (
    Absence,
    Person,
    away_because,
    covers,
    overlap,
    period,
)
from iro_cli.law.catalogue import nearest

# Only a change loads the classes of the tables: what only reads stays quick.
if TYPE_CHECKING:
    from iro_cli.store.tables import AbsenceRow, PersonRow
    from iro_cli.store.writing import Writer

_DAY = timedelta(days=1)


# ---------------------------------------------------------------- people


def _rows(writer: "Writer", name: str) -> "list[PersonRow]":
    """Return the rows of a person, in order of time."""
    from iro_cli.store.tables import PersonRow  # noqa: PLC0415

    rows = [row for row in writer.standing(PersonRow) if row.name.casefold() == name.casefold()]
    return sorted(rows, key=lambda row: row.from_on or date.min)


def _known_rows(writer: "Writer", name: str) -> "list[PersonRow]":
    from iro_cli.store.tables import PersonRow  # noqa: PLC0415

    rows = _rows(writer, name)
    if not rows:
        known = sorted({row.name for row in writer.standing(PersonRow)})
        raise InputRefusedError(
            f"nobody is recorded as {name!r}{nearest(name, known)}; `iro person add {name!r}` "
            "records them, `iro person list` lists them all"
        )
    return rows


def _in_order(person: Person) -> None:
    if person.from_on and person.to_on and person.to_on < person.from_on:
        raise InputRefusedError(
            f"{person.name}: the last day, {spoken_short(person.to_on)}, lies before the first, "
            f"{spoken_short(person.from_on)}"
        )


def add_person(path: Path, person: Person, stamp: Stamp) -> None:
    """
    Record an IRO or chair, or one who comes back after a time away from the post.

    Raises:
        InputRefusedError: They are recorded for those days already.
        StoreError: The store cannot be written.
    """
    from iro_cli.store.tables import PersonRow  # noqa: PLC0415
    from iro_cli.store.writing import change  # noqa: PLC0415

    _in_order(person)
    with change(path, **stamp._asdict()) as writer:
        known = [person_of(row) for row in _rows(writer, person.name)]
        same = next((one for one in known if overlap(one, person)), None)
        if same:
            raise InputRefusedError(
                f"{same.name} is recorded already, {period(same.from_on, same.to_on)}: `iro person "
                "edit` changes it"
            )
        writer.add(PersonRow, **person._asdict())


def edit_person(
    path: Path, name: str, changes: dict[str, object], stamp: Stamp, begins: date | None = None
) -> bool:
    """
    Change what is known of a person, from a day on or for the whole of their latest time.

    Args:
        path: The store.
        name: The person; capitals do not matter.
        changes: New values by field; ``None`` blanks one.
        stamp: Who, when and how.
        begins: The first day of the change; what stood before ends the day before.

    Returns:
        Whether anything changed.

    Raises:
        InputRefusedError: The person is not recorded, or not in post on that day.
        StoreError: The store cannot be written.
    """
    from iro_cli.store.tables import PersonRow  # noqa: PLC0415
    from iro_cli.store.writing import Nothing, change  # noqa: PLC0415

    with change(path, **stamp._asdict()) as writer:
        rows = _known_rows(writer, name)
        known = [person_of(row) for row in rows]
        place = len(known) - 1
        if begins is not None:
            away = away_because(known, begins)
            if away:
                raise InputRefusedError(
                    f"{away}, so nothing changes on {spoken_short(begins)}: `iro person add "
                    f"{name!r} --from DATE` records another time in post"
                )
            place = next(number for number, one in enumerate(known) if covers(one, begins))
        before = known[place]
        after = before._replace(**changes)  # type: ignore[arg-type]
        if after == before:
            raise Nothing
        _in_order(after)
        writer.withdraw(rows[place])
        if begins is not None and before.from_on != begins:
            writer.add(PersonRow, **before._replace(to_on=begins - _DAY)._asdict())
            after = after._replace(from_on=begins)
        others = [one for number, one in enumerate(known) if number != place]
        if clash := next((one for one in others if overlap(one, after)), None):
            raise InputRefusedError(
                f"{after.name} is recorded already, {period(clash.from_on, clash.to_on)}: change "
                "that time with --from"
            )
        writer.add(PersonRow, **after._asdict())
        return True
    return False


def leave(path: Path, name: str, last: date, stamp: Stamp) -> bool:
    """
    Say which day is a person's last; hours from later days on are withdrawn.

    Returns:
        Whether anything changed.

    Raises:
        InputRefusedError: The person is not recorded, has left before, or had not begun.
        StoreError: The store cannot be written.
    """
    from iro_cli.store.tables import PersonRow  # noqa: PLC0415
    from iro_cli.store.writing import Nothing, change  # noqa: PLC0415

    with change(path, **stamp._asdict()) as writer:
        rows = _known_rows(writer, name)
        away = away_because([person_of(row) for row in rows], last)
        if away:
            raise InputRefusedError(f"{away}: {spoken_short(last)} cannot be the last day")
        for row in rows:
            one = person_of(row)
            if one.from_on and one.from_on > last:
                writer.withdraw(row)
            elif covers(one, last) and one.to_on != last:
                writer.withdraw(row)
                writer.add(PersonRow, **one._replace(to_on=last)._asdict())
        if not writer.count:
            raise Nothing
        return True
    return False


# ---------------------------------------------------------------- absences


def add_absence(path: Path, absence: Absence, stamp: Stamp) -> None:
    """
    Record when a person is away.

    Raises:
        InputRefusedError: Nobody has that name, the days are turned round, or
            another absence has some of them.
        StoreError: The store cannot be written.
    """
    from iro_cli.store.tables import AbsenceRow, PersonRow  # noqa: PLC0415
    from iro_cli.store.writing import change  # noqa: PLC0415

    if absence.to_on < absence.from_on:
        raise InputRefusedError(
            f"the last day away, {spoken_short(absence.to_on)}, lies before the first, "
            f"{spoken_short(absence.from_on)}"
        )
    with change(path, **stamp._asdict()) as writer:
        known = {row.name for row in writer.standing(PersonRow)}
        known |= {row.name for rows in writer.allocations().values() for row in rows}
        if absence.name.casefold() not in {one.casefold() for one in known}:
            raise InputRefusedError(
                f"nobody is called {absence.name!r}{nearest(absence.name, sorted(known))}; `iro "
                "person list` lists them all"
            )
        for row in _absent(writer, absence.name):
            if overlap(Absence(row.name, row.from_on, row.to_on), absence):
                raise InputRefusedError(
                    f"{row.name} is away {period(row.from_on, row.to_on)} already: take that back "
                    f"first, `iro absence remove {row.name!r} --from {row.from_on}`"
                )
        writer.add(AbsenceRow, **absence._asdict())


def _absent(writer: "Writer", name: str) -> "Sequence[AbsenceRow]":
    from iro_cli.store.tables import AbsenceRow  # noqa: PLC0415

    return [row for row in writer.standing(AbsenceRow) if row.name.casefold() == name.casefold()]


def remove_absence(path: Path, name: str, begins: date, stamp: Stamp) -> Absence:
    """
    Take an absence back, named by its first day.

    Raises:
        InputRefusedError: There is none.
        StoreError: The store cannot be written.
    """
    from iro_cli.store.writing import change  # noqa: PLC0415

    with change(path, **stamp._asdict()) as writer:
        rows = _absent(writer, name)
        for row in rows:
            if row.from_on == begins:
                writer.withdraw(row)
                return Absence(row.name, row.from_on, row.to_on, row.reason)
        others = ", ".join(spoken_short(row.from_on) for row in rows)
        raise InputRefusedError(
            f"{name} has no absence that begins on {spoken_short(begins)}"
            + (f"; there are some from {others}" if others else "")
        )
