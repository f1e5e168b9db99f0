"""What falls due on each day of the weeks ahead."""

from datetime import date

from iro_cli.figures.month import weeks_ahead


def test_weeks_begin_on_monday_and_what_is_over_is_not_counted() -> None:
    """From Wednesday 25 November 2026: Monday and Tuesday are over, and a week ends on Sunday."""
    due = [date(2026, 11, day) for day in (24, 25, 25, 29, 30)] + [date(2026, 12, 7)]
    found = weeks_ahead(due, date(2026, 11, 25), 2)

    assert [week[0].date for week in found] == [date(2026, 11, 23), date(2026, 11, 30)]
    assert [[day.due for day in week] for week in found] == [
        [None, None, 2, 0, 0, 0, 1],
        [1, 0, 0, 0, 0, 0, 0],
    ]
