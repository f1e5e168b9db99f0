"""Children, whose they are, watched timescales and local bank holidays."""

from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from iro_cli.changes.holding import holding_in
from iro_cli.changes.recording import child_of
from iro_cli.changes.stamp import Stamp
from iro_cli.dates.words import spoken_short
from iro_cli.errors import InputRefusedError
from iro_cli.facts.model import Allocation, Child
from iro_cli.law.catalogue import nearest
from iro_cli.questions.holding import IRO, Holding, Member

# Only a change loads the classes of the tables: what only reads stays quick.
if TYPE_CHECKING:
    from iro_cli.store.tables import AllocationRow
    from iro_cli.store.writing import Writer


def _known(writer: "Writer", children: Sequence[str]) -> dict[str, Child]:
    known = writer.children()
    missing = [child for child in children if child not in known]
    if missing:
        raise InputRefusedError(
            "\n".join(
                f"there is no child {child!r}{nearest(child, known)}; "
                "`iro child list` lists them all"
                for child in missing
            )
        )
    return {child: child_of(known[child]) for child in children}


def add_child(
    path: Path,
    child: Child,
    allocations: Sequence[Allocation],
    stamp: Stamp,
    on: date | None = None,
) -> None:
    """
    Add a child who is not in the store yet.

    Args:
        path: The store.
        child: What is known of the child.
        allocations: Whose the child is.
        stamp: Who, when and how.
        on: The day on which those people have to be in post; not checked without.

    Raises:
        InputRefusedError: There is a child with that id, or somebody may not hold the child.
        StoreError: The store cannot be written.
    """
    from iro_cli.store.writing import change  # noqa: PLC0415

    with change(path, **stamp._asdict()) as writer:
        if child.child_id in writer.children():
            raise InputRefusedError(
                f"there is a child {child.child_id!r} already: "
                "`iro child edit` changes what is known"
            )
        if on and allocations:
            known = holding_in(writer)
            member = {child.child_id: Member(child.team, child.sibling_group)}
            _refuse(Holding(known.people, member, {}), allocations, on)
        writer.put_child(child)
        writer.allocate(allocations)


def edit_child(path: Path, child: str, changes: dict[str, object], stamp: Stamp) -> bool:
    """
    Change what is known of a child besides events.

    Args:
        path: The store.
        child: The child.
        changes: New values by field; ``None`` blanks one.
        stamp: Who, when and how.

    Returns:
        Whether anything changed.

    Raises:
        InputRefusedError: There is no such child.
        StoreError: The store cannot be written.
    """
    from iro_cli.store.writing import Nothing, change  # noqa: PLC0415

    with change(path, **stamp._asdict()) as writer:
        before = _known(writer, [child])[child]
        after = before._replace(**changes)  # type: ignore[arg-type]
        if after == before:
            raise Nothing
        writer.put_child(after)
        return True
    return False


def _standing(writer: "Writer", child: str, role: str) -> "list[AllocationRow]":
    return writer.allocations().get((child, role), [])


def _refuse(known: Holding, allocations: Sequence[Allocation], on: date) -> None:
    """Refuse allocations to somebody who may not hold the child, or who parts siblings."""
    together = {one.child_id for one in allocations}
    problems = []
    for one in allocations:
        problems += known.problems(one.child_id, one.role, one.name, on)
        if one.role == IRO and not one.reason:
            problems += known.apart(one.child_id, one.name, on, together)
    if problems:
        raise InputRefusedError("\n".join(dict.fromkeys(problems)))


def allocate(
    path: Path,
    children: Sequence[str],
    role: str,
    name: str,
    begins: date,
    stamp: Stamp,
    reason: str | None = None,
) -> list[str]:
    """
    Say whose children are, from a day on; what stood before ends the day before.

    Args:
        path: The store.
        children: The children.
        role: ``iro`` or ``chair``.
        name: Whose they are.
        begins: The first day.
        stamp: Who, when and how.
        reason: Why, where siblings have different IROs.

    Returns:
        The children whose allocation changed.

    Raises:
        InputRefusedError: A child is unknown, a later allocation stands, or the
            person may not hold the child.
        StoreError: The store cannot be written.
    """
    from iro_cli.store.writing import Nothing, change  # noqa: PLC0415

    changed, fresh = [], list[Allocation]()
    with change(path, **stamp._asdict()) as writer:
        _known(writer, children)
        known = holding_in(writer)
        for child in dict.fromkeys(children):
            rows = _standing(writer, child, role)
            later = [row for row in rows if row.from_on and row.from_on > begins]
            if later:
                raise InputRefusedError(
                    f"{child} is allocated to {later[0].name} from "
                    f"{spoken_short(later[0].from_on or begins)} on, which is later than "
                    f"{spoken_short(begins)}: take that back first"
                )
            current = [row for row in rows if row.to_on is None or row.to_on >= begins]
            same = [row for row in current if row.name == name and row.to_on is None]
            if same:
                if reason not in (None, same[-1].reason):
                    writer.withdraw(same[-1])
                    one = Allocation(child, role, name, same[-1].from_on, None, reason)
                    writer.allocate([one])
                    changed.append(child)
                continue
            for row in current:
                writer.withdraw(row)
                if row.from_on != begins:
                    ended = begins - timedelta(days=1)
                    before = Allocation(child, role, row.name, row.from_on, ended, row.reason)
                    writer.allocate([before])
            writer.session.flush()
            fresh.append(Allocation(child, role, name, begins, None, reason))
            changed.append(child)
        _refuse(known, fresh, begins)
        writer.allocate(fresh)
        if not changed:
            raise Nothing
    return changed


def watch(path: Path, timescales: Sequence[str], begins: date, stamp: Stamp) -> None:
    """
    Show timescales that are off, for clocks that start on or after a day.

    Raises:
        StoreError: The store cannot be written.
    """
    from iro_cli.store.tables import WatchRow  # noqa: PLC0415
    from iro_cli.store.writing import change  # noqa: PLC0415

    with change(path, **stamp._asdict()) as writer:
        for row in writer.standing(WatchRow):
            if row.timescale in timescales:
                writer.withdraw(row)
        writer.session.flush()
        for timescale in dict.fromkeys(timescales):
            writer.watch(timescale, begins)


def unwatch(path: Path, timescales: Sequence[str], stamp: Stamp) -> None:
    """
    Stop showing timescales that were turned on.

    Raises:
        InputRefusedError: One was not.
        StoreError: The store cannot be written.
    """
    from iro_cli.store.tables import WatchRow  # noqa: PLC0415
    from iro_cli.store.writing import change  # noqa: PLC0415

    with change(path, **stamp._asdict()) as writer:
        standing = {row.timescale: row for row in writer.standing(WatchRow)}
        missing = [one for one in timescales if one not in standing]
        if missing:
            raise InputRefusedError(
                f"{', '.join(missing)}: not turned on with `iro watch add`: nothing to remove"
            )
        for timescale in dict.fromkeys(timescales):
            writer.withdraw(standing[timescale])


def add_bank_holiday(path: Path, day: date, name: str, stamp: Stamp) -> None:
    """
    Add a bank holiday that was proclaimed after this version was made.

    Raises:
        InputRefusedError: It stands already.
        StoreError: The store cannot be written.
    """
    from iro_cli.store.tables import BankHolidayRow  # noqa: PLC0415
    from iro_cli.store.writing import change  # noqa: PLC0415

    with change(path, **stamp._asdict()) as writer:
        if any(row.day == day for row in writer.standing(BankHolidayRow)):
            raise InputRefusedError(f"{spoken_short(day)} was added already")
        writer.add_bank_holiday(day, name)


def remove_bank_holiday(path: Path, day: date, stamp: Stamp) -> str:
    """
    Take back a bank holiday that was added locally, and return its name.

    Raises:
        InputRefusedError: It was not added.
        StoreError: The store cannot be written.
    """
    from iro_cli.store.tables import BankHolidayRow  # noqa: PLC0415
    from iro_cli.store.writing import change  # noqa: PLC0415

    with change(path, **stamp._asdict()) as writer:
        for row in writer.standing(BankHolidayRow):
            if row.day == day:
                writer.withdraw(row)
                return str(row.name)
        raise InputRefusedError(
            f"{spoken_short(day)} was not added here; only additions can be removed"
        )
