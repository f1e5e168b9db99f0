"""Propose a diary for all meetings that are not booked."""

from iro_cli.errors import UsageError
from iro_cli.figures.availability import chaired
from iro_cli.figures.diary import AskedDiary, Diary, is_met_by, proposed
from iro_cli.lean import Any
from iro_cli.obligations.ahead import MeetingDue
from iro_cli.obligations.listing import answering
from iro_cli.questions.people import availability
from iro_cli.questions.view import View


def solver() -> Any:
    """
    Return the library of the solver.

    Raises:
        UsageError: The library is not installed.
    """
    try:
        import highspy  # type: ignore[import-not-found,import-untyped,unused-ignore]  # noqa: PLC0415
    except ImportError:
        raise UsageError(
            "`iro suggest` needs a solver, highspy, which is not installed: "
            "pip install 'iro-cli[plan]'"
        ) from None
    return highspy


def suggest(view: View, asked: AskedDiary) -> Diary:
    """
    Propose a day for every review and conference that is not booked.

    Raises:
        UsageError: The solver is not installed.
        CalendarEndsError: The bank holidays are not known that far ahead.
    """
    library = solver()
    there = availability(view)
    shown = view.shown(everything=asked.watched_all)
    wanted = {one.casefold() for one in asked.iros}
    open_of: dict[str, list[MeetingDue]] = {}
    booked = nobodys = outgrown = 0
    cases, bookings = view.cases(shown, keep_met=False), view.reader.bookings()
    listing = view.listing(shown)
    for case, meetings in chaired(cases, listing, bookings):
        to_come = [one for one in meetings if one.booked and one.booked >= view.as_of]
        for meeting in meetings:
            # One review meets both an adjourned review and the next one: no second day is needed.
            if meeting not in to_come and is_met_by(meeting, to_come, asked.first):
                continue
            if not meeting.booked and listing.outgrown(
                case.child, meeting.clock.rule, meeting.hold_by
            ):
                outgrown += 1
                continue
            iro = answering(case.holders, case.child.child_id, meeting.process)
            if iro is None:
                nobodys += meeting.booked is None
            elif not wanted or iro.casefold() in wanted:
                # Booked for a day that has passed, but still open: it was not held then, and needs
                # a new day.
                if meeting.booked is None or meeting.booked < view.as_of:
                    open_of.setdefault(iro, []).append(meeting)
                else:
                    there.book(iro, meeting)
                    booked += 1
    rows, later = proposed(open_of, there, asked, library)
    return Diary(rows, booked, later, nobodys, outgrown)
