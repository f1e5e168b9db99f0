"""Find one date for several reviews and conferences, and what it costs each of them."""

from collections.abc import Sequence
from datetime import date, timedelta

from iro_cli.errors import CalendarEndsError
from iro_cli.facts.model import Booking, Bookings, Child
from iro_cli.figures.availability import Availability, Hindrance
from iro_cli.figures.case import Case
from iro_cli.lean import NamedTuple
from iro_cli.obligations.ahead import CHAIRED, Forecaster, MeetingDue
from iro_cli.obligations.chains import Engine
from iro_cli.obligations.open import Obligations
from iro_cli.obligations.reasons import Refusal

# How far ahead the next duty is looked for, in days: no review or conference is due later.
_YEAR = 366


class AlignedRow(NamedTuple):
    """
    One chain, and what the date means for it.

    Attributes:
        meeting: The meeting that meets its clock.
        iro: The IRO or chair who holds it.
        best: The date that serves all chains, or ``None`` if there is none.
        next_timescale, next_due: What is due next, counted from that date.
    """

    meeting: MeetingDue
    iro: str | None
    best: date | None
    next_timescale: str | None
    next_due: date | None

    @property
    def days_lost(self) -> int | None:
        """Return how many days before its due day the date lies."""
        due = self.meeting.due
        return (due - self.best).days if due and self.best else None


class Chained(NamedTuple):
    """One open meeting of one of the children, and who holds it."""

    case: Case
    meeting: MeetingDue
    iro: str | None


class NoDueDate(NamedTuple):
    """One of the chains has no date itself."""

    chain: Chained
    refusal: Refusal | None


class Overdue(NamedTuple):
    """The chain that is due first is overdue by some days."""

    soonest: Chained
    due: date
    days: int


class OneTooSoon(NamedTuple):
    """One chain has to be held before another chain can be held."""

    soonest: Chained
    hold_by: date
    latest: Chained
    first: date


class NoDayLeft(NamedTuple):
    """No working day is left before the chain that is due first is due."""

    soonest: Chained
    due: date


class NobodyFree(NamedTuple):
    """
    There is no day on which everybody is free.

    Attributes:
        soonest: The chain that is due first.
        hold_by: The last of the days (inclusive).
        first: The first of the days (inclusive).
        days: How many working days that is.
        taken: Who is not free, and on which days.
    """

    soonest: Chained
    hold_by: date
    first: date
    days: int
    taken: tuple[tuple[Hindrance, tuple[date, ...]], ...]


class CalendarEnds(NamedTuple):
    """The bank holidays are not known that far ahead; *said* is the calendar's message."""

    said: str


Impossible = NoDueDate | Overdue | OneTooSoon | NoDayLeft | NobodyFree | CalendarEnds


class Alignment(NamedTuple):
    """
    The date that serves several chains, or why there is none.

    Attributes:
        rows: The chains, in order of their due days.
        first: The first day that could serve all of them.
        last: The last such day, set by the chain that is due first; ``None`` without a date.
        possible: The working days from *first* to *last* on which everybody is free.
        best: The last of them, which costs the chains the fewest days.
        impossible: Why there is none.
        nothing_open: The children with no open review or conference.
    """

    rows: list[AlignedRow]
    first: date | None
    last: date | None
    possible: list[date]
    best: date | None
    impossible: Impossible | None
    nothing_open: list[str]


def aligned(
    chains: Sequence[Chained],
    children: Sequence[str],
    openings: Obligations,
    there: Availability,
    as_of: date,
    per_day: int,
) -> Alignment:
    """
    Find the working days that serve every chain, and what is due next in each chain.

    A review that is held before its due day also brings the next one forward by as many days.
    So the last working day that serves all chains is the best.

    Args:
        chains: The open meetings, and who holds each.
        children: The children for whom a date is wanted.
        openings: The rules.
        there: Who is there on which day.
        as_of: The first day that may be used.
        per_day: How many meetings an IRO or chair holds in a day.
    """
    chains = sorted(
        chains,
        key=lambda one: (
            one.meeting.due or date.min,
            one.case.child.child_id,
            one.meeting.key[0],
        ),
    )
    with_one = {one.case.child.child_id for one in chains}
    nothing = [child for child in dict.fromkeys(children) if child not in with_one]
    first, last, possible, why = _window(as_of, chains, there, per_day)
    best = possible[-1] if possible else None
    follows = _Following(openings, there, chains, as_of, best) if best else None
    rows = [_row(one, best, follows) for one in chains]
    return Alignment(rows, first, last, possible, best, why, nothing)


def _window(
    as_of: date, chains: Sequence[Chained], there: Availability, per_day: int
) -> tuple[date | None, date | None, list[date], Impossible | None]:
    """Return the first and the last day, the possible days between, or why there is none."""
    if not chains:
        return None, None, [], None
    # One meeting without a date is enough: nobody knows which days would be in time for it.
    refused = next((one for one in chains if one.meeting.due is None), None)
    if refused is not None:
        return None, None, [], NoDueDate(refused, refused.meeting.refusal)
    soonest = min(chains, key=lambda one: one.meeting.hold_by or date.max)
    latest = max(chains, key=_from)
    first, last = max(as_of, _from(latest)), soonest.meeting.hold_by or as_of
    if last < first:
        return first, last, [], _too_late(as_of, first, soonest, latest)
    possible: list[date] = []
    taken: dict[Hindrance, list[date]] = {}
    names = list(dict.fromkeys(one.iro for one in chains))
    try:
        days = list(there.working_days(first, last))
    except CalendarEndsError as error:
        return first, last, [], CalendarEnds(str(error))
    for day in days:
        reasons = [
            why
            for name in names
            if (why := there.why_not(name, day) or there.full(name, day, per_day))
        ]
        for why in reasons:
            taken.setdefault(why, []).append(day)
        if not reasons:
            possible.append(day)
    if possible:
        return first, last, possible, None
    why_none = tuple((why, tuple(found)) for why, found in taken.items())
    return first, last, [], NobodyFree(soonest, last, first, len(days), why_none)


def _from(chain: Chained) -> date:
    """Return the first day on which a meeting can meet a chain's clock."""
    started, not_before = chain.meeting.clock.started, chain.meeting.not_before
    # A meeting on the day on which the clock started would be the same as the last meeting: two
    # meetings on one day are one.
    begins = started + timedelta(days=1) if started else date.min
    return max(begins, not_before) if not_before else begins


def _too_late(as_of: date, first: date, soonest: Chained, latest: Chained) -> Impossible:
    due = soonest.meeting.due or as_of
    if due < as_of:
        return Overdue(soonest, due, (as_of - due).days)
    if first > as_of:
        return OneTooSoon(soonest, soonest.meeting.hold_by or due, latest, first)
    return NoDayLeft(soonest, due)


class _Following:
    """Find what is due next in each chain if all of them are held on one day."""

    def __init__(
        self,
        openings: Obligations,
        there: Availability,
        chains: Sequence[Chained],
        as_of: date,
        on: date,
    ) -> None:
        self._on = on
        # The children belong to one nation: `iro align` refuses children of several.
        openings = openings.of(chains[0].case.child if chains else Child(""))
        work = Engine(openings.catalogue, openings.shown.wanted())
        self._lines = {rule.id: chain.root.id for chain in work.chains for rule in chain.rules}
        forecaster = Forecaster(
            openings, work, there.calendar, as_of=as_of, until=on + timedelta(days=_YEAR)
        )
        together: Bookings = {}
        for one in chains:
            meeting, child = one.meeting, one.case.child.child_id
            key = (child, meeting.timescale, meeting.clock.started)
            together[key] = Booking(*key, on)
        self._ahead = {
            case.child.child_id: list(
                forecaster.ahead(case.child, case.events, case.clocks.open, together, case.silences)
            )
            for case in {one.case.child.child_id: one.case for one in chains}.values()
        }

    def after(self, chain: Chained) -> tuple[str | None, date | None]:
        """Return the duty that follows, and when it is due."""
        meeting, line = chain.meeting, self._lines.get(chain.meeting.timescale)
        for one in self._ahead[chain.case.child.child_id]:
            same = self._lines.get(one.timescale, "") == line or not self._is_chain(chain)
            started = one.carried and one.clock_started == self._on
            if started and one.process == meeting.process and one.kind in CHAIRED and same:
                return one.timescale, one.due
        return None, None

    def _is_chain(self, chain: Chained) -> bool:
        """Say whether the chain of this duty goes on after it, as it does for reviews."""
        root = self._lines.get(chain.meeting.timescale)
        rules = [rule for rule, line in self._lines.items() if line == root]
        return len(rules) > 1


def _row(chain: Chained, best: date | None, follows: _Following | None) -> AlignedRow:
    following = follows.after(chain) if follows else (None, None)
    return AlignedRow(chain.meeting, chain.iro, best, *following)
