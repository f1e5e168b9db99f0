"""Count the work ahead by month: meetings and records, and who there is to do it."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date

from iro_cli.figures.availability import Availability
from iro_cli.figures.case import LOOKED_AFTER, UNALLOCATED, Case
from iro_cli.figures.periods import Period, month_key, months_from
from iro_cli.figures.whose import GROUPS, Whose, by_name, is_wanted
from iro_cli.law.model import Guidance
from iro_cli.lean import NamedTuple
from iro_cli.obligations.ahead import CONFERENCE, KINDS, OTHER, RECORD, REVIEW, Ahead, MeetingDue
from iro_cli.obligations.listing import responsible

_WORKING_DAYS_A_WEEK = 5


class AskedForecast(NamedTuple):
    """
    What ``iro forecast`` was asked.

    Attributes:
        months: How many calendar months, with the current one.
        by: ``month``, ``iro``, ``team`` or ``process``.
        held_after: After how many days a meeting that is overdue and not booked is expected.
        hours: How many hours one review, conference, record or other work takes.
        week: The hours of a full-time week.
        iro: Only the work of this IRO or chair, by the allocation on the expected day.
        team: Only this team's.
        process: Only this process.
        watched_all: Whether to count every timescale, even those that are not shown.
    """

    months: int = 12
    by: str = "month"
    held_after: int = 0
    hours: Mapping[str, float] = {}
    week: float | None = None
    iro: str | None = None
    team: str | None = None
    process: str | None = None
    watched_all: bool = False


class ForecastRow(NamedTuple):
    """
    One month of the forecast, or one month of one name.

    Attributes:
        name: The IRO, team or process; ``None`` by month.
        month: Such as ``2026-11``.
        from_: The first day of the month, or of the forecast; ``from`` in the listing.
        reviews, conferences, records, other: How many there are of each kind.
        total: How many there are together.
        booked: How many of them are booked for the day they are expected.
        children: How many looked-after children there are on that first day.
        iros_least, iros_most: How many full-time IROs guidance asks for that many children.
        full_time_equivalent: How many full-time IROs there are; by IRO and by month only.
        handbook: Whether the children for each IRO are ``below``, ``within`` or ``above`` the
            numbers of the guidance.
        hours: The hours that the work takes, if they are given.
        hours_available: The hours that people have, without their absences; ``None`` if
            somebody's hours are not known.
    """

    name: str | None
    month: str
    from_: date
    reviews: int
    conferences: int
    records: int
    other: int
    total: int
    booked: int
    children: int
    iros_least: float | None
    iros_most: float | None
    full_time_equivalent: float | None
    handbook: str | None
    hours: float | None
    hours_available: float | None


class Placed(NamedTuple):
    """One thing that lies ahead, with its IRO or chair and its team."""

    ahead: Ahead
    iro: str | None
    team: str | None


class Forecast(NamedTuple):
    """
    The forecast.

    Attributes:
        rows: By name and month.
        ahead: Each thing that lies ahead with its IRO or chair and its team, in order.
        until: The last day of the forecast (inclusive).
        without_date: How many open clocks have no date and are left out.
        late: How many are overdue and not booked; they are expected after *held_after* days.
        hours_not_known: The people with work in it but no hours recorded; they count as full
            time.
    """

    rows: list[ForecastRow]
    ahead: list[Placed]
    until: date
    without_date: int
    late: int
    hours_not_known: list[str]


class ForecastCount:
    """The counts of a forecast, while the children are read."""

    def __init__(self, asked: AskedForecast, as_of: date) -> None:
        """Start with the months that were asked for."""
        self.asked, self.as_of = asked, as_of
        self.months = months_from(as_of, asked.months)
        self.kinds: dict[tuple[str | None, str], Counter[str]] = {}
        self.children: Counter[tuple[str | None, str]] = Counter()
        self.people: dict[str, set[str]] = {month_key(one.first): set() for one in self.months}
        self.ahead: list[Placed] = []
        self.without_date = self.late = 0
        self._wanted = {"iro": asked.iro, "team": asked.team, "process": asked.process}

    @property
    def until(self) -> date:
        """Return the last day of the forecast (inclusive)."""
        return self.months[-1].last

    def _name(self, whose: Whose) -> str | None:
        return None if self.asked.by == "month" else GROUPS[self.asked.by](whose)

    def _whose(self, case: Case, process: str, on: date) -> tuple[Whose, str | None]:
        iro = responsible(case.allocations, process, on)
        return Whose(iro or UNALLOCATED, case.team, process), iro

    def add_open(self, case: Case, meetings: Sequence[MeetingDue]) -> None:
        """Count what is open without a date, and what is overdue and not booked."""
        for meeting in meetings:
            whose, _ = self._whose(case, meeting.process, self.as_of)
            if is_wanted(whose, self._wanted):
                self.without_date += meeting.due is None
                waits = meeting.booked is None or meeting.booked < self.as_of
                self.late += waits and meeting.due is not None and meeting.due < self.as_of

    def add_child(self, case: Case, ends_on: date | None) -> None:
        """Count a looked-after child in each month that begins before childhood ends."""
        for month in self.months:
            if ends_on is not None and ends_on <= month.first:
                return
            whose, iro = self._whose(case, LOOKED_AFTER, month.first)
            if is_wanted(whose, self._wanted):
                self.children[self._name(whose), month_key(month.first)] += 1
                if iro:
                    self.people[month_key(month.first)].add(iro)

    def add(self, case: Case, one: Ahead) -> None:
        """Count one thing that lies ahead."""
        whose, iro = self._whose(case, one.process, one.expected)
        if is_wanted(whose, self._wanted):
            key = self._name(whose), month_key(one.expected)
            self.kinds.setdefault(key, Counter()).update([one.kind, *["booked"] * one.booked])
            self.ahead.append(Placed(one, iro, case.child.team))


def forecast_of(counts: ForecastCount, there: Availability, guidance: Guidance | None) -> Forecast:
    """
    Return the forecast of what was counted.

    Args:
        counts: What was counted.
        there: Who is there on which day.
        guidance: How many children guidance expects a full-time IRO to hold.
    """
    counts.ahead.sort(key=lambda one: (one.ahead.expected, one.ahead.child, one.ahead.timescale))
    everybody = {one.iro for one in counts.ahead if one.iro}
    everybody.update(*counts.people.values())
    names: list[str | None] = [None]
    if counts.asked.by != "month":
        found = {name or "" for name, _ in (*counts.kinds, *counts.children)}
        names = [*sorted(found, key=by_name)]
    rows = [
        _row(counts, month, name, everybody, there, guidance)
        for name in names
        for month in counts.months
    ]
    unknown = [
        name for name in sorted(everybody) if there.full_time_equivalent(name, counts.as_of) is None
    ]
    return Forecast(rows, counts.ahead, counts.until, counts.without_date, counts.late, unknown)


def _row(
    counts: ForecastCount,
    month: Period,
    name: str | None,
    everybody: set[str],
    there: Availability,
    guidance: Guidance | None,
) -> ForecastRow:
    asked, key = counts.asked, month_key(month.first)
    of_kind = counts.kinds.get((name, key), Counter())
    children = counts.children[name, key]
    has_children = asked.by != "process" or name == LOOKED_AFTER
    least = most = in_post = None
    # The most children for one IRO make the fewest IROs, and the other way round.
    if guidance and has_children:
        least, most = children / guidance.highest, children / guidance.lowest
    hours_available = None
    if asked.by in ("month", "iro"):
        holding = [name] if asked.by == "iro" and name else sorted(counts.people[key])
        in_post = sum(_in_post(there, one, month.first) for one in holding if one != UNALLOCATED)
        working = holding if asked.by == "iro" else sorted(everybody)
        hours_available = _hours(there, working, month, asked.week)
    verdict = None
    if least is not None and most is not None and in_post and children:
        verdict = "above" if in_post < least else "below" if in_post > most else "within"
    return ForecastRow(
        name,
        key,
        month.first,
        of_kind[REVIEW],
        of_kind[CONFERENCE],
        of_kind[RECORD],
        of_kind[OTHER],
        sum(of_kind[kind] for kind in KINDS),
        of_kind["booked"],
        children,
        _rounded(least),
        _rounded(most),
        _rounded(in_post),
        verdict,
        _rounded(sum(asked.hours.get(kind, 0) * of_kind[kind] for kind in KINDS))
        if asked.hours
        else None,
        _rounded(hours_available),
    )


def _in_post(there: Availability, name: str, on: date) -> float:
    """Return a person's full-time equivalent, 1 if it is not known."""
    found = there.full_time_equivalent(name, on)
    return 1.0 if found is None else found


def _hours(
    there: Availability, names: Sequence[str], month: Period, week: float | None
) -> float | None:
    """Return the hours that people have in a month; ``None`` if somebody's are not known."""
    if week is None or UNALLOCATED in names:
        return None
    total = 0.0
    for name in names:
        share = there.full_time_equivalent(name, month.first)
        # A total without one person's hours would look like too few people, so there is none.
        if share is None:
            return None
        days = there.days_there(name, month.first, month.last)
        total += share * week / _WORKING_DAYS_A_WEEK * days
    return total


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 2)
