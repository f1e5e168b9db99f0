"""Make calendar entries of open obligations: the day to hold each by, and the bookings."""

from collections.abc import Mapping, Sequence
from datetime import date

from iro_cli.dates.words import spoken
from iro_cli.facts.model import Booking, Bookings
from iro_cli.forms.appointments import Appointment, Appointments
from iro_cli.obligations.listing import DueRow


def _key(kind: str, timescale: str, started: date | None) -> str:
    return f"{kind} {timescale} {started or 'unknown'}"


def _whose(row: DueRow) -> str:
    return f" IRO or chair: {row.iro}." if row.iro else ""


def _hold_by(row: DueRow, day: date, due: date, label: str | None) -> Appointment:
    booked = f" Booked for {spoken(row.booked)}." if row.booked else " Not booked."
    text = f"The last lawful day is {spoken(due)}.{booked}{_whose(row)}"
    if row.outgrown:
        text += f" No longer owed from the 18th birthday, {spoken(row.outgrown)}."
    key = _key("hold-by", row.timescale, row.clock_started)
    return Appointment(key, row.child, label, f"Hold by: {row.title}", day, None, text)


def _meeting(row: DueRow, booking: Booking, label: str | None) -> Appointment:
    late = f" TOO LATE: it was due {spoken(row.due)}." if row.booked_late and row.due else ""
    key = _key("meeting", booking.timescale, booking.clock_started)
    text = f"Booked.{late}{_whose(row)}"
    return Appointment(key, row.child, label, row.title, booking.on, booking.at, text)


def appointments_of(
    rows: Sequence[DueRow],
    bookings: Bookings,
    labels: Mapping[str, str],
    last_change: tuple[int, str],
    planned: Sequence[DueRow] = (),
) -> Appointments:
    """
    Make the entries of a calendar.

    If a clock has two limits, there are two days by which to hold the meeting, but one meeting.

    Args:
        rows: The open obligations.
        bookings: The planned meetings.
        labels: The labels to show, by child.
        last_change: The number of the store's last change, and its time.
        planned: Open obligations that are not listed; only their meetings become entries.
    """
    # A local limit shares the clock of the law's rule, and the booking is kept under that rule.
    meetings = {(one.child_id, one.clock_started, one.on): one for one in bookings.values()}
    found: dict[tuple[str, str], Appointment] = {}
    for row in rows:
        if row.hold_by and row.due:
            entry = _hold_by(row, row.hold_by, row.due, labels.get(row.child))
            found.setdefault((row.child, entry.key), entry)
    for row in (*rows, *planned):
        if row.booked:
            booking = (
                bookings.get((row.child, row.timescale, row.clock_started))
                or meetings.get((row.child, row.clock_started, row.booked))
                or Booking(row.child, row.timescale, row.clock_started, row.booked)
            )
            entry = _meeting(row, booking, labels.get(row.child))
            found.setdefault((row.child, entry.key), entry)
    entries = sorted(found.values(), key=lambda one: (one.day, one.at or "", one.child, one.key))
    return Appointments(entries, *last_change, sum(row.hold_by is None for row in rows))
