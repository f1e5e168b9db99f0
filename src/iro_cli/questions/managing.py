"""Children, whose they are, bookings, watched timescales and local bank holidays."""

from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path

from iro_cli.cases.model import Allocation, Booking, Child
from iro_cli.dates.words import spoken_short
from iro_cli.errors import InputRefusedError
from iro_cli.questions.recording import child_of
from iro_cli.questions.stamp import Stamp
from iro_cli.questions.view import View, unknown_child
from iro_cli.rules.catalogue import nearest
from iro_cli.store.tables import AllocationRow, BankHolidayRow, BookingRow, WatchRow
from iro_cli.store.writing import Nothing, Writer, change

ROLES = ("iro", "chair")


def _known(writer: Writer, children: Sequence[str]) -> dict[str, Child]:
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


def add_child(path: Path, child: Child, allocations: Sequence[Allocation], stamp: Stamp) -> None:
    """
    Add a child who is not in the store yet.

    Raises:
        InputRefusedError: There is a child with that id.
        StoreError: The store cannot be written.
    """
    with change(path, **stamp._asdict()) as writer:
        if child.child_id in writer.children():
            raise InputRefusedError(
                f"there is a child {child.child_id!r} already: "
                "`iro child edit` changes what is known"
            )
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
    with change(path, **stamp._asdict()) as writer:
        before = _known(writer, [child])[child]
        after = before._replace(**changes)  # type: ignore[arg-type]
        if after == before:
            raise Nothing
        writer.put_child(after)
        return True
    return False


def _standing(writer: Writer, child: str, role: str) -> list[AllocationRow]:
    return writer.allocations().get((child, role), [])


def allocate(
    path: Path, children: Sequence[str], role: str, name: str, begins: date, stamp: Stamp
) -> list[str]:
    """
    Say whose children are, from a day on; what stood before ends the day before.

    Returns:
        The children whose allocation changed.

    Raises:
        InputRefusedError: A child is unknown, or a later allocation stands.
        StoreError: The store cannot be written.
    """
    changed = []
    with change(path, **stamp._asdict()) as writer:
        _known(writer, children)
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
            if any(row.name == name and row.to_on is None for row in current):
                continue
            for row in current:
                writer.withdraw(row)
                if row.from_on != begins:
                    ended = begins - timedelta(days=1)
                    writer.allocate([Allocation(child, role, row.name, row.from_on, ended)])
            writer.session.flush()
            writer.allocate([Allocation(child, role, name, begins)])
            changed.append(child)
        if not changed:
            raise Nothing
    return changed


def book(
    view: View, path: Path, child: str, timescale: str, on: date, at: str | None, stamp: Stamp
) -> list[str]:
    """
    Book the meeting for an open timescale, in the place of an earlier booking.

    Args:
        view: The store, the rules and the day.
        path: The store.
        child: The child.
        timescale: What the meeting is to meet.
        on: The day of the meeting.
        at: Its time, or ``None``.
        stamp: Who, when and how.

    Returns:
        What should be known about the day: a weekend, a bank holiday, too late.

    Raises:
        InputRefusedError: The child is unknown, or the timescale is not open.
        StoreError: The store cannot be written.
    """
    rule = view.catalogue.get(timescale)
    shown = view.shown(everything=True)
    listing = view.listing(shown)
    rows = [
        row
        for case in view.cases(shown, child)
        for row in listing.open_rows(case.child, case.clocks.open, case.events, case.holders)
    ]
    found = [row for row in rows if row.timescale == rule.id]
    if not found:
        others = ", ".join(dict.fromkeys(row.timescale for row in rows))
        raise InputRefusedError(
            f"{rule.id} is not open for {child} on {spoken_short(view.as_of)}"
            + (f": open are {others}" if others else ": nothing is open")
        )
    warnings = []
    if on.weekday() > 4:
        warnings.append(f"{spoken_short(on)} is a weekend")
    elif not view.calendar.is_working_day(on):
        warnings.append(f"{spoken_short(on)} is a bank holiday")
    due = found[0].due
    if due and on > due:
        warnings.append(f"it is TOO LATE: {rule.title.lower()} is due by {spoken_short(due)}")
    with change(path, **stamp._asdict()) as writer:
        for row in writer.standing(BookingRow):
            if (row.child_id, row.timescale) == (child, rule.id):
                writer.withdraw(row)
        writer.session.flush()
        writer.book(Booking(child, rule.id, found[0].clock_started, on, at))
    return warnings


def unbook(path: Path, child: str, timescale: str, stamp: Stamp) -> Booking:
    """
    Take a booking back.

    Raises:
        InputRefusedError: Nothing is booked.
        StoreError: The store cannot be written.
    """
    with change(path, **stamp._asdict()) as writer:
        for row in writer.standing(BookingRow):
            if (row.child_id, row.timescale) == (child, timescale):
                writer.withdraw(row)
                return Booking(child, timescale, row.clock_started, row.booked_for, row.at_time)
        raise InputRefusedError(f"nothing is booked for {timescale} of {child}")


def watch(path: Path, timescales: Sequence[str], begins: date, stamp: Stamp) -> None:
    """
    Show timescales that are off, for clocks that start on or after a day.

    Raises:
        StoreError: The store cannot be written.
    """
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
    with change(path, **stamp._asdict()) as writer:
        for row in writer.standing(BankHolidayRow):
            if row.day == day:
                writer.withdraw(row)
                return str(row.name)
        raise InputRefusedError(
            f"{spoken_short(day)} was not added here; only additions can be removed"
        )


def one_child(view: View, child: str) -> Child:
    """
    Return what is known of a child besides events.

    Raises:
        InputRefusedError: There is no such child.
    """
    found = view.reader.children(child)
    if not found:
        raise unknown_child(view.reader, child)
    return found[child]
