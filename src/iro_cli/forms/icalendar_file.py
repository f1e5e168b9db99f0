"""
Write a listing as an iCalendar file (RFC 5545), which calendar programs import and update.

An entry keeps its UID for as long as its clock runs.  Its SEQUENCE is the number of changes
that the store has had, so an export of a store that was changed is newer, and two exports of
the same facts are the same bytes.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event, Timezone, vText

from iro_cli import __version__
from iro_cli.errors import InputRefusedError, UsageError
from iro_cli.forms import Form, Target
from iro_cli.forms.appointments import Appointment, Appointments
from iro_cli.forms.listing import Export
from iro_cli.forms.statement import sentence
from iro_cli.lean import TextIO
from iro_cli.safe import printable

_OURS = "-//iro-cli//iro"
_ZONE = ZoneInfo("Europe/London")
# Our own properties: the key of the pseudonyms in the file, and the title of an entry without the
# child's label.
_PSEUDONYMS = "X-IRO-PSEUDONYMS"
_UNLABELLED = "X-IRO-UNLABELLED"
# Outlook needs the rule for summer time in the file.  This one has been in force since 1996, before
# all bookings.
_TIMEZONE = """\
BEGIN:VTIMEZONE
TZID:Europe/London
BEGIN:DAYLIGHT
DTSTART:19960331T010000
TZOFFSETFROM:+0000
TZOFFSETTO:+0100
TZNAME:BST
RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU
END:DAYLIGHT
BEGIN:STANDARD
DTSTART:19961027T020000
TZOFFSETFROM:+0100
TZOFFSETTO:+0000
TZNAME:GMT
RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU
END:STANDARD
END:VTIMEZONE
"""


def uid(entry: Appointment) -> str:
    """Return an id of the entry that is unique, and the same in the next export."""
    return sha256(f"{entry.child}\0{entry.key}".encode()).hexdigest()[:32] + "@iro-cli"


def _summary(entry: Appointment) -> str:
    return f"{printable(entry.title)}, {printable(entry.child)}"


def _event(entry: Appointment, sequence: int, changed: datetime, minutes: int) -> Event:
    event = Event()
    event.add("uid", uid(entry))
    event.add("dtstamp", changed)
    event.add("last-modified", changed)
    event.add("sequence", sequence)
    if entry.label:
        event.add("summary", f"{_summary(entry)} ({printable(entry.label)})")
        event.add(_UNLABELLED, vText(_summary(entry)), parameters={"VALUE": "TEXT"})
    else:
        event.add("summary", _summary(entry))
    event.add("description", printable(entry.text))
    if entry.at:
        begins = datetime.fromisoformat(f"{entry.day}T{entry.at}").replace(tzinfo=_ZONE)
        event.add("dtstart", begins)
        # Without a duration it ends when it begins (RFC 5545, 3.6.1), and blocks no time.  An end
        # time would be ambiguous in the night in which summer time ends.
        event.add("duration", timedelta(minutes=minutes))
    else:
        event.add("dtstart", entry.day)
        event.add("dtend", entry.day + timedelta(days=1))
    # A due day makes nobody busy; a meeting at a time does.
    event.add("transp", "OPAQUE" if entry.at else "TRANSPARENT")
    event.add("status", "CONFIRMED")
    event.add("class", "PRIVATE")
    return event


def _sequence(event: Event) -> int:
    return int(event["SEQUENCE"].to_ical())


def _set(event: Event, name: str, value: object) -> None:
    """Replace a value of an entry."""
    del event[name]
    event.add(name, value)


def _is_whole(event: Event) -> bool:
    return _sequence(event) >= 0 and isinstance(event.decoded("LAST-MODIFIED"), datetime)


def _read(text: str, pseudonyms: str) -> dict[str, Event]:
    """
    Return the entries of a calendar that this program made, by UID; none of any other.

    Args:
        text: The calendar.
        pseudonyms: The name of the key of the pseudonyms in use; empty for ids.

    Raises:
        InputRefusedError: The calendar is damaged; or it has ids and the new one pseudonyms, or
            the other way round.  Then the cancelled entries would put both into one file.
    """
    if f"PRODID:{_OURS}" not in text:
        return {}
    try:
        calendar = Calendar.from_ical(text)
        events = [one for one in calendar.walk("VEVENT") if isinstance(one, Event)]
        before = str(calendar.get(_PSEUDONYMS, ""))
        if events and before != pseudonyms:
            raise InputRefusedError(_other_names(before, pseudonyms))
        return {str(one["UID"]): one for one in events if _is_whole(one)}
    except (ValueError, KeyError, IndexError, TypeError):
        raise InputRefusedError(
            "the calendar that is to be replaced was made by this program and is damaged, so "
            "it is not known which of its entries to cancel: move it away, or name another file"
        ) from None


def _other_names(before: str, now: str) -> str:
    kinds = [
        f"pseudonyms of the key {key}" if key else "the children's ids" for key in (before, now)
    ]
    return (
        f"the calendar that is to be replaced holds {kinds[0]}, and this one would hold "
        f"{kinds[1]}; with the cancelled entries one file would show both: name another place"
    )


def _says(event: Event) -> dict[str, bytes]:
    """Return the content of an entry, without its times and its number."""
    said = ("SEQUENCE", "DTSTAMP", "LAST-MODIFIED")
    return {name: value.to_ical() for name, value in event.items() if name not in said}


def _newer(event: Event, old: Event, changed: datetime) -> Event:
    """Return an entry so that a calendar program takes it for newer than the old one."""
    if _says(event) == _says(old):
        return old
    _set(event, "SEQUENCE", max(_sequence(event), _sequence(old) + 1))
    for name in ("DTSTAMP", "LAST-MODIFIED"):
        _set(event, name, max(changed, old.decoded("LAST-MODIFIED")))
    return event


def _cancelled(old: Event, sequence: int, changed: datetime) -> Event:
    if str(old.get("STATUS")) == "CANCELLED":
        return old
    event = old.copy(recursive=True)
    _set(event, "STATUS", "CANCELLED")
    if _UNLABELLED in event:  # labels were asked for then, but perhaps not this time
        _set(event, "SUMMARY", str(event.pop(_UNLABELLED)))
    _set(event, "SEQUENCE", sequence)
    return _newer(event, old, changed)


def _events(appointments: Appointments, before: dict[str, Event]) -> Iterator[Event]:
    changed = datetime.fromisoformat(appointments.changed)
    for entry in appointments.entries:
        event = _event(entry, appointments.changes, changed, appointments.minutes)
        old = before.pop(uid(entry), None)
        yield _newer(event, old, changed) if old else event
    for old in before.values():
        yield _cancelled(old, appointments.changes, changed)


def _before(place: Path | None) -> str:
    """Return the text of the file that is to be replaced; empty if there is none."""
    if place is None or not place.is_file():
        return ""
    try:
        return place.read_text("utf-8")
    except UnicodeDecodeError:
        return ""
    except OSError as error:
        raise InputRefusedError(
            f"{place} cannot be read ({error.strerror}), so it is not known which of its entries "
            "to cancel: name another file"
        ) from None


def write_icalendar(export: Export, out: TextIO, target: Target) -> None:
    """
    Write a listing as a calendar.

    Entries that are in the old file but not in the listing any more are written as cancelled, so
    that a calendar program removes them when it imports the file.

    Raises:
        UsageError: The listing has no dates.
        InputRefusedError: The old file cannot be read or is damaged; or one of the two has ids
            and the other pseudonyms.
    """
    if export.appointments is None:
        raise UsageError("--format ics goes with `iro due` and `iro overdue`: only they have days")
    appointments = export.appointments()
    about = export.about
    counts = about.get("left_out")
    left_out = {**counts} if isinstance(counts, dict) else {}
    left_out["without_date"] = max(appointments.left_out, left_out.get("without_date", 0))
    calendar = Calendar()
    calendar.add("prodid", f"{_OURS} {__version__}//EN")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", vText(f"iro: {export.name}"))
    calendar.add("x-wr-caldesc", vText(sentence({**about, "left_out": left_out})))
    calendar.add("x-wr-timezone", "Europe/London")
    pseudonyms = str(about.get("pseudonyms", ""))
    if pseudonyms:
        calendar.add(_PSEUDONYMS, vText(pseudonyms))
    calendar.add_component(Timezone.from_ical(_TIMEZONE.replace("\n", "\r\n")))
    for event in _events(appointments, _read(_before(target.place), pseudonyms)):
        calendar.add_component(event)
    out.write(calendar.to_ical().decode("utf-8"))


FORM = Form("ics", "ics", write_icalendar)
