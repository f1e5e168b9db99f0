"""The calendar is read by vobject, which shares no code with its writer."""

import json
from datetime import UTC, date, datetime, timedelta
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from forms.conftest import CHILDREN, LABELS, LINES, Run

pytestmark = pytest.mark.skipif(
    find_spec("vobject") is None, reason="NOT TESTED: `pip install vobject`"
)


def _events(path: Path) -> dict[str, Any]:
    """Return the entries by UID; each is there once."""
    import vobject  # noqa: PLC0415 - each worker imports this file

    calendar = vobject.readOne(path.read_bytes().decode())
    found = list(getattr(calendar, "vevent_list", []))
    assert calendar.method.value == "PUBLISH"
    assert len({one.uid.value for one in found}) == len(found)
    return {one.uid.value: one for one in found}


def _export(iro: Run, home: Path, *more: str, command: str = "due") -> dict[str, Any]:
    code, out, err = iro(command, "-f", "ics", "-o", "due.ics", *more)
    assert (code, out, err) == (0, b"", "")
    return _events(home / "due.ics")


def _said(events: dict[str, Any]) -> list[tuple[str, object]]:
    return sorted((one.summary.value, one.dtstart.value) for one in events.values())


def test_a_whole_day_at_hold_by(store: Path, iro: Run, home: Path) -> None:
    """Each row with a date has one entry, on its hold-by day."""
    rows = json.loads(iro("due", "-f", "json").out)["rows"]
    found = _export(iro, home)
    expected = {
        (row["child"], date.fromisoformat(row["hold_by"])) for row in rows if row["hold_by"]
    }

    assert len(expected) == 6
    assert expected == {
        (one.summary.value.partition(", ")[2], one.dtstart.value) for one in found.values()
    }
    assert {one.dtend.value - one.dtstart.value for one in found.values()} == {timedelta(days=1)}


@pytest.mark.parametrize(
    ("as_of", "day", "at", "utc"),
    [
        ("2025-02-10", "2025-02-14", "14:30", datetime(2025, 2, 14, 14, 30, tzinfo=UTC)),
        # Summer time begins on 30 March 2025.
        ("2025-02-10", "2025-03-29", "09:00", datetime(2025, 3, 29, 9, 0, tzinfo=UTC)),
        ("2025-02-10", "2025-03-31", "09:00", datetime(2025, 3, 31, 8, 0, tzinfo=UTC)),
    ],
)
def test_a_time_in_london(
    as_of: str, day: str, at: str, utc: datetime, store: Path, iro: Run, home: Path
) -> None:
    """A meeting with a time is at that time in London, in summer and in winter."""
    iro("book", "A-001", "cla.review.first", day, at, "--as-of", as_of)
    found = _export(iro, home, "--child", "A-001", "--as-of", as_of)
    (meeting,) = [one for one in found.values() if isinstance(one.dtstart.value, datetime)]

    assert meeting.summary.value == "First review, A-001"
    assert meeting.dtstart.value.astimezone(UTC) == utc
    assert meeting.dtstart.value.strftime("%Y-%m-%d %H:%M") == f"{day} {at}"


LENGTHS = {
    "an hour": ((), "DURATION:PT1H", timedelta(minutes=60)),
    "half an hour": (("--meeting-length", "30"), "DURATION:PT30M", timedelta(minutes=30)),
    "longer": (("--meeting-length", "90"), "DURATION:PT1H30M", timedelta(minutes=90)),
}


@pytest.mark.parametrize(("more", "line", "lasts"), LENGTHS.values(), ids=LENGTHS)
def test_a_meeting_ends(
    more: tuple[str, ...], line: str, lasts: timedelta, store: Path, iro: Run, home: Path
) -> None:
    """Without an end a calendar program would show no time as busy."""
    iro("book", "A-001", "cla.review.first", "2025-02-14", "14:30")
    found = _export(iro, home, "--child", "A-001", *more)
    (meeting,) = [one for one in found.values() if isinstance(one.dtstart.value, datetime)]
    written = [text for text in meeting.serialize().split("\r\n") if text[:2] == "DU"]

    assert (written, meeting.transp.value) == ([line], "OPAQUE")
    assert meeting.duration.value == lasts


# The whole entry of an invented child, as RFC 5545 writes it, its lines made
# whole and without the moment of booking.
ENTRY = """\
BEGIN:VEVENT
SUMMARY:First review\\, A-001
DTSTART;TZID=Europe/London:20250214T143000
DURATION:PT1H
UID:{uid}
SEQUENCE:2
CLASS:PRIVATE
DESCRIPTION:Booked. TOO LATE: it was due Mon 3 Feb 2025. IRO or chair: Ann Example.
STATUS:CONFIRMED
TRANSP:OPAQUE
END:VEVENT
"""


def test_a_booked_meeting_as_it_is_written(store: Path, iro: Run) -> None:
    """These are its bytes, with its time, its length and no label."""
    iro("book", "A-001", "cla.review.first", "2025-02-14", "14:30")
    text = iro("due", "-f", "ics", "--child", "A-001").out.decode()
    text = text.replace("\r\n ", "").replace("\r\n", "\n")
    entry = "BEGIN:VEVENT" + text.rpartition("BEGIN:VEVENT")[2].removesuffix("END:VCALENDAR\n")
    uid = entry.partition("UID:")[2].partition("\n")[0]
    lasting = "".join(
        line
        for line in entry.splitlines(keepends=True)
        if not line.startswith(("DTSTAMP:", "LAST-MODIFIED:"))
    )

    assert lasting == ENTRY.format(uid=uid)


def test_a_meeting_of_an_earlier_version_gets_its_end(store: Path, iro: Run, home: Path) -> None:
    """An entry exported without an end is now newer, so calendar programs update it."""
    iro("book", "A-001", "cla.review.first", "2025-02-14", "14:30")
    before = _export(iro, home)
    text = (home / "due.ics").read_bytes()
    (home / "due.ics").write_bytes(text.replace(b"DURATION:PT1H\r\n", b""))
    after = _export(iro, home)
    newer = {uid for uid in after if after[uid].sequence.value > before[uid].sequence.value}

    assert [after[uid].summary.value for uid in newer] == ["First review, A-001"]


def test_every_file_of_a_folder_has_the_length(store: Path, iro: Run, home: Path) -> None:
    """--meeting-length works with --per-iro-folder too."""
    iro("book", "A-001", "cla.review.first", "2025-02-14", "14:30")
    answer = iro(
        *("overdue", "-f", "ics", "--per-iro-folder", str(home / "mail")),
        *("--meeting-length", "30"),
    )

    assert (answer.code, answer.err) == (0, "")
    assert "DURATION:PT30M" in (home / "mail" / "Ann-Example.ics").read_text("utf-8")


def test_a_meeting_without_a_time_is_a_whole_day(store: Path, iro: Run, home: Path) -> None:
    """Only the day is known."""
    iro("book", "A-001", "cla.review.first", "2025-02-14")

    assert _said(_export(iro, home, "--child", "A-001")) == [
        ("First review, A-001", date(2025, 2, 14)),
        ("Hold by: First review, A-001", date(2025, 2, 3)),
    ]


def test_a_booked_meeting_is_there_however_far_off_its_last_day(
    store: Path, iro: Run, home: Path
) -> None:
    """
    The first review of 10 February starts three months, to 10 May: later than 28 days.

    The meeting is booked, so it is in the calendar; its day to hold by comes with --all.
    """
    iro("record", "cla.review", "A-001", "--on", "2025-02-10")
    iro("book", "A-001", "cla.review.second", "2025-04-15", "10:00")
    listed = json.loads(iro("due", "--child", "A-001", "-f", "json").out)
    meeting = ("Second review, A-001", datetime(2025, 4, 15, 9, tzinfo=UTC))

    assert (listed["rows"], listed["left_out"]) == ([], {"later": 1})
    assert _said(_export(iro, home, "--child", "A-001")) == [meeting]
    # The 10th is a Saturday: the working day before it is Friday the 9th.
    assert _said(_export(iro, home, "--child", "A-001", "--all")) == [
        ("Hold by: Second review, A-001", date(2025, 5, 9)),
        meeting,
    ]
    # Bookings were not asked for here, so the entries of the file are cancelled.
    without = _export(iro, home, "--child", "A-001", "--unbooked")
    assert {one.status.value for one in without.values()} == {"CANCELLED"}


def test_a_second_export_says_the_same(store: Path, iro: Run, home: Path) -> None:
    """The bytes are the same, over the earlier file and without it."""
    _export(iro, home)
    first = (home / "due.ics").read_bytes()
    _export(iro, home)

    assert first == (home / "due.ics").read_bytes() == iro("due", "-f", "ics").out


def test_a_meeting_that_moves_is_the_same_entry(store: Path, iro: Run, home: Path) -> None:
    """Its UID stays and its sequence grows, so a calendar program moves it."""
    iro("book", "A-001", "cla.review.first", "2025-02-14", "14:30")
    before = _export(iro, home)
    iro("book", "A-001", "cla.review.first", "2025-02-17", "10:00")
    after = _export(iro, home)
    (uid,) = [uid for uid, one in after.items() if isinstance(one.dtstart.value, datetime)]

    assert before.keys() == after.keys()
    assert after[uid].dtstart.value.strftime("%d %H:%M") == "17 10:00"
    assert int(after[uid].sequence.value) > int(before[uid].sequence.value)


def test_labels_that_are_asked_for_make_entries_newer(store: Path, iro: Run, home: Path) -> None:
    """Labels that are asked for later make entries newer too."""
    before = _export(iro, home)
    after = _export(iro, home, "--labels")

    assert {uid: int(one.sequence.value) + 1 for uid, one in before.items()} == {
        uid: int(one.sequence.value) for uid, one in after.items()
    }


def test_what_is_met_disappears(store: Path, iro: Run, home: Path) -> None:
    """It is cancelled with a higher sequence, and the next review is added."""
    iro("book", "A-001", "cla.review.first", "2025-02-14", "14:30")
    before = _export(iro, home)
    iro("record", "cla.review", "A-001", "--on", "2025-02-14", "--as-of", "2025-02-14")
    after = _export(iro, home, "--all", "--as-of", "2025-02-15")
    gone = {uid for uid, one in after.items() if one.status.value == "CANCELLED"}

    assert gone == {uid for uid, one in before.items() if one.summary.value.endswith("A-001")}
    assert len(gone) == 2
    assert all(int(after[uid].sequence.value) > int(before[uid].sequence.value) for uid in gone)
    assert "Hold by: Second review, A-001" in [one.summary.value for one in after.values()]


def test_a_booking_taken_back_disappears(store: Path, iro: Run, home: Path) -> None:
    """It is cancelled, stays so in later exports, and comes back when booked again."""
    iro("book", "A-001", "cla.review.first", "2025-02-14", "14:30")
    (uid,) = {
        uid for uid, one in _export(iro, home).items() if isinstance(one.dtstart.value, datetime)
    }
    iro("unbook", "A-001", "cla.review.first")
    states = [_export(iro, home)[uid] for _ in range(2)]
    iro("book", "A-001", "cla.review.first", "2025-02-14", "14:30")
    states.append(_export(iro, home)[uid])

    assert [one.status.value for one in states] == ["CANCELLED", "CANCELLED", "CONFIRMED"]
    assert int(states[2].sequence.value) > int(states[1].sequence.value)
    assert states[0].sequence.value == states[1].sequence.value


def test_nothing_overdue_cancels_what_was(store: Path, iro: Run, home: Path) -> None:
    """A calendar without entries is still a file."""
    before = _export(iro, home, command="overdue")
    iro("record", "cla.review", "A-001", "--on", "2025-02-10")
    after = _export(iro, home, command="overdue")

    assert before.keys() == after.keys()
    assert [one.status.value for one in after.values()] == ["CANCELLED"]


def test_labels_only_when_asked_for(store: Path, iro: Run) -> None:
    """Without --labels no label is in the file."""
    plain, labelled = (iro("due", "-f", "ics", *more).out.decode() for more in ((), ("--labels",)))

    assert not [label for label in LABELS.values() if label in plain]
    assert "A-001 (Label0xyz)" in labelled


def test_one_iros_calendar(store: Path, iro: Run, home: Path) -> None:
    """--iro works too, with characters that mean something to the format."""
    found = _export(iro, home, "--iro", LINES)

    assert _said(found) == [("Hold by: First review, A-005", date(2025, 2, 24))]
    assert LINES in next(iter(found.values())).description.value


def test_no_id_is_in_a_uid(store: Path, iro: Run, home: Path) -> None:
    """Servers keep a UID after the entry is gone."""
    uids = "".join(_export(iro, home))

    assert not [child for child in CHILDREN if child in uids]


def test_lines_are_folded_and_end_as_they_should(store: Path, iro: Run) -> None:
    """At most 75 octets a line, CRLF, no control code, and a time zone for summer time."""
    out = iro("due", "-f", "ics").out
    lines = out.removesuffix(b"\r\n").split(b"\r\n")

    assert max(map(len, lines)) <= 75
    assert not [line for line in lines if b"\n" in line or b"\r" in line or b"\x1b" in line]
    assert lines.count(b"TZID:Europe/London") == 1


def test_another_programs_calendar_is_replaced(store: Path, iro: Run, home: Path) -> None:
    """Its entries are not ours to cancel."""
    (home / "due.ics").write_text(
        "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//x//y\r\nBEGIN:VEVENT\r\nUID:1\r\n"
        "DTSTAMP:20250101T000000Z\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
    )

    assert "1" not in _export(iro, home)


def test_a_damaged_calendar_of_ours_is_left(store: Path, iro: Run, home: Path) -> None:
    """It does not show what to cancel, so nothing is written."""
    _export(iro, home)
    cut = (home / "due.ics").read_bytes()[:900]
    (home / "due.ics").write_bytes(cut)
    code, _, err = iro("due", "-f", "ics", "-o", "due.ics")

    assert (code, (home / "due.ics").read_bytes()) == (3, cut)
    assert "damaged" in err


def test_what_has_no_date_is_counted(store: Path, iro: Run) -> None:
    """A calendar cannot show it, and says how many there are."""
    text = iro("due", "-f", "ics").out.decode().replace("\r\n ", "")

    assert "Left out: 1 without a date\\, because the facts do not allow one" in text


def test_a_label_is_not_carried_on_in_what_is_cancelled(store: Path, iro: Run, home: Path) -> None:
    """An entry exported with a label is cancelled without it."""
    _export(iro, home, "--all", "--labels")
    assert iro("record", "cla.review", "A-001", "--on", "2025-01-24").code == 0
    events = _export(iro, home, "--all")
    gone = [one for one in events.values() if one.status.value == "CANCELLED"]
    text = (home / "due.ics").read_text("utf-8").replace("\r\n ", "")

    assert ["Hold by: First review, A-001"] == [one.summary.value for one in gone]
    assert not [label for label in LABELS.values() if label in text]


@pytest.mark.parametrize("first", [(), ("--pseudonymise",)], ids=["ids", "pseudonyms"])
def test_ids_and_pseudonyms_are_never_in_one_calendar(
    first: tuple[str, ...], store: Path, iro: Run, home: Path
) -> None:
    """Cancelled entries with ids would show whose each pseudonym is."""
    second = () if first else ("--pseudonymise",)
    assert iro("due", "-f", "ics", "-o", "due.ics", *first).code == 0
    before = (home / "due.ics").read_bytes()
    code, out, err = iro("due", "-f", "ics", "-o", "due.ics", *second)

    assert (code, out) == (3, b"")
    assert "name another place" in err
    assert before == (home / "due.ics").read_bytes()
    assert iro("due", "-f", "ics", "-o", "due.ics", *first).code == 0
