"""Today is the day in London, wherever the machine is."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from iro_cli.clock import london_day
from running import each

MOMENTS = st.datetimes(datetime(1972, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))
LATE = MOMENTS.map(lambda moment: moment.replace(hour=23))


@given(moment=MOMENTS | LATE)
def test_it_is_the_day_of_the_time_zone(moment: datetime) -> None:
    """The short computation agrees with the time zone database at every moment."""
    assert moment.astimezone(ZoneInfo("Europe/London")).date() == london_day(moment)


@each(
    "moment, expected",
    [
        ("2026-07-01T22:59:59", "2026-07-01"),
        ("2026-07-01T23:00:00", "2026-07-02"),
        ("2026-12-01T23:59:59", "2026-12-01"),
        ("2026-03-28T23:30:00", "2026-03-28"),
        ("2026-03-29T23:30:00", "2026-03-30"),
    ],
)
def test_an_hour_before_midnight_in_summer_is_tomorrow(moment: str, expected: str) -> None:
    """In summer London's day begins an hour before UTC's."""
    found = london_day(datetime.fromisoformat(moment).replace(tzinfo=UTC))

    assert expected == found.isoformat()
