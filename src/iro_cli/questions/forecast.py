"""Forecast the work by month: meetings and records, and the IROs there are to do it."""

from functools import cache

from iro_cli.dates.months import birthday
from iro_cli.facts.model import Child
from iro_cli.figures.case import LOOKED_AFTER
from iro_cli.figures.forecast import AskedForecast, Forecast, ForecastCount, forecast_of
from iro_cli.obligations.ahead import Forecaster, meetings_of
from iro_cli.questions.people import availability
from iro_cli.questions.view import View


def forecast(view: View, asked: AskedForecast) -> Forecast:
    """
    Carry every open chain forward, and count what there is to hold in each month.

    Args:
        view: The store, the rules and the day.
        asked: What was asked.

    Raises:
        CalendarEndsError: The bank holidays are not known that far ahead.
    """
    shown = view.shown(everything=asked.watched_all)
    openings, engines = view.listing(shown), view.engines(shown)
    counts = ForecastCount(asked, view.as_of)

    @cache
    def forecaster(nation: str | None) -> Forecaster:
        child = Child("", nation=nation)
        return Forecaster(
            openings.of(child),
            engines.of(child),
            view.calendar,
            as_of=view.as_of,
            until=counts.until,
            held_after=asked.held_after,
        )

    only = view.among(iros=(asked.iro,) if asked.iro else (), team=asked.team)
    bookings, allocations = view.reader.bookings(only), view.reader.allocations(only)
    for one in view.counted(shown, only, keep_met=False):
        child, clocks = one.child, one.clocks.open
        case = one._replace(allocations=allocations.get(child.child_id, ()))
        meetings = meetings_of(openings, child, clocks, case.events, bookings)
        counts.add_open(case, meetings)
        if any(meeting.process == LOOKED_AFTER for meeting in meetings):
            born, age = child.date_of_birth, engines.of(child).age
            counts.add_child(case, birthday(born, age) if born and age else None)
        for ahead in forecaster(child.nation).ahead(
            child, case.events, clocks, bookings, case.silences
        ):
            counts.add(case, ahead)
    return forecast_of(counts, availability(view), view.catalogue.caseload)
