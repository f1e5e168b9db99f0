"""Find what is different since a day or an extract: became due, was met, moved, ended unmet."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from iro_cli.dates.words import spoken
from iro_cli.errors import InputRefusedError
from iro_cli.lean import NamedTuple
from iro_cli.obligations.listing import (
    DUE_SOON,
    DUE_TODAY,
    LATER,
    OVERDUE,
    DueRow,
    Met,
    answering,
)
from iro_cli.questions.view import Horizon, View
from iro_cli.store.reading import Only

# What can become of an obligation, in the order in which the listing has it.
BECAME_OVERDUE, BECAME_DUE, MOVED, MET, WENT = "overdue", "due", "moved", "met", "went"
KINDS = (BECAME_OVERDUE, BECAME_DUE, MOVED, MET, WENT)

# What identifies an obligation: the child, the timescale and the day its clock started.
_ClockKey = tuple[str, str, date | None]


class Made(NamedTuple):
    """A change to the store: its number, its day in London time, and its command."""

    number: int
    day: date
    command: str


class Baseline(NamedTuple):
    """
    The earlier list with which today's list is compared.

    Attributes:
        day: The as-of day of that list.
        until: The last change that the store had then; ``None`` if today's facts are used.
        extract: The import after which the list is taken; ``None`` if it is taken on the morning
            of the day.
    """

    day: date
    until: int | None
    extract: str | None = None


class AskedSince(NamedTuple):
    """
    What ``iro since`` was asked; a filter that is left out lets everything through.

    Attributes:
        within: How far ahead counts as due.
        iro: Only what this IRO or chair answers for, then or now.
        team: Only this team's, then or now.
        process: Only this process.
        watched_all: Whether to compare every timescale, even those that are not shown.
    """

    within: Horizon = Horizon()
    iro: str | None = None
    team: str | None = None
    process: str | None = None
    watched_all: bool = False


class SinceRow(NamedTuple):
    """
    What became of one obligation.

    Attributes:
        change: One of :data:`KINDS`.
        due: When it is due now; if it went, when it was due.
        due_before: When it was due then; ``None`` if it was not open then.
        status: Its status now; if it was met, whether in timescale.
        status_before: Its status then.
        held: The day it was met.
        ended: The day on which it ended without being met.
    """

    child: str
    change: str
    timescale: str
    title: str
    process: str
    clock_started: date | None
    due: date | None
    due_before: date | None
    status: str | None
    status_before: str | None
    held: date | None
    days_late: int | None
    ended: date | None
    booked: date | None
    iro: str | None
    team: str | None
    assumed: str | None


class _MetByWhom(NamedTuple):
    """What was met, with the IRO or chair and the team."""

    met: Met
    iro: str | None
    team: str | None


class _State(NamedTuple):
    """What is open on a day, what was met by then, and what ended without being met."""

    open: dict[_ClockKey, DueRow]
    met: dict[_ClockKey, _MetByWhom]
    ended: dict[tuple[str, date | None], date]


def baseline(made: Sequence[Made], as_of: date, since: date | None, *, todays: bool) -> Baseline:
    """
    Find the list to compare with.

    Args:
        made: The changes of the store, in order.
        as_of: The day the question is asked about.
        since: The day on whose morning the list is taken; ``None`` to take it after the last
            import but one.
        todays: Whether to use the facts of today, whenever they were stored.

    Raises:
        InputRefusedError: The store held nothing then, or *since* lies after *as_of*.
    """
    extract = None
    if since is None:
        imports = [one for one in made if one.command.split(" ")[0] == "import"]
        if len(imports) < 2:
            raise InputRefusedError(
                "there is no extract before the latest to compare with: `--since DATE` compares "
                "with the list on the morning of a day"
            )
        *_, extract, _ = imports
        since = extract.day
    if since > as_of:
        raise InputRefusedError(
            f"{spoken(since)} lies after {spoken(as_of)}, the day that is asked about: give an "
            "earlier `--since`, or a later `--as-of`"
        )
    if todays:
        return Baseline(since, None, extract.command if extract else None)
    if extract:
        return Baseline(since, extract.number, extract.command)
    # What was stored on the day itself was not known on its morning.
    known = [one.number for one in made if one.day < since]
    if not known:
        first = f"its first change is of {spoken(made[0].day)}" if made else "it is empty"
        raise InputRefusedError(
            f"the store held nothing before {spoken(since)} ({first}), so it cannot be said what "
            "is different since: give a later `--since`, or `--facts-of-today` to compare with "
            "the day as today's facts show it"
        )
    return Baseline(since, max(known))


def since(view: View, then: View, asked: AskedSince, facts: View | None = None) -> list[SinceRow]:
    """
    Return what is different between two days, in order of :data:`KINDS` and of due dates.

    Args:
        view: The store now, on the as-of day.
        then: The store as it was, on the earlier day.
        asked: What was asked.
        facts: If today's facts are used, the store on the day before the earlier day: what was
            held on that day itself was not known on its morning.
    """
    # A child who has passed to another IRO since is in the list of one of them then and of the
    # other now, so the children of both questions are read.
    only = _either(*(_among(one, asked) for one in (view, then)))
    before, now = _state(then, asked, only, facts), _state(view, asked, only)
    rows = [one for one in _rows(before, now) if _wanted(one, asked, before)]
    order = {kind: place for place, kind in enumerate(KINDS)}
    return sorted(
        rows,
        key=lambda one: (
            order[one.change],
            one.due or date.max,
            one.child,
            one.timescale,
            one.clock_started or date.min,
        ),
    )


def _among(view: View, asked: AskedSince) -> Only:
    return view.among(
        iros=(asked.iro,) if asked.iro is not None else (), team=asked.team, process=asked.process
    )


def _either(first: Only, second: Only) -> Only:
    """Return the children that one or both of two questions can be about."""
    if first is None or second is None:
        return None
    return {*first, *second}


def _state(view: View, asked: AskedSince, only: Only, facts: View | None = None) -> _State:
    """Work out what is open, met and ended in one state of the store, on its day."""
    shown = view.shown(everything=asked.watched_all)
    listing = view.listing(shown, asked.within)
    bookings = view.reader.bookings(only)
    found = _State({}, {}, {})
    for case in (facts or view).cases(shown, only):
        child, clocks = case.child, case.clocks
        for row in listing.open_rows(child, clocks.open, case.events, case.holders, bookings):
            found.open[row.child, row.timescale, row.clock_started] = row
        own = listing.of(child)
        for one in own.met_rows(child.child_id, clocks.met, case.events):
            whose = answering(case.holders, child.child_id, one.rule.process)
            found.met[one.child, one.rule.id, one.started] = _MetByWhom(one, whose, child.team)
        for clock in clocks.lapsed:
            if clock.ended:
                found.ended[child.child_id, clock.started] = clock.ended
    return found


def _rows(before: _State, now: _State) -> Iterable[SinceRow]:
    """Yield what became of each obligation; what has not changed is left out."""
    gone = {
        key: row for key, row in before.open.items() if key not in now.open and key not in now.met
    }
    started_anew = _paired(gone, (key for key in now.open if key not in before.open))
    for key, row in now.open.items():
        was = before.open.get(key) or gone.get(started_anew.get(key, key))
        change = _change(row, was)
        if change:
            yield _open_row(change, row, was)
    for key, met in now.met.items():
        was = before.open.get(key)
        if was or key not in before.met:
            became = _met_row(met, was)
            if met.met.without_meeting:  # met by a decision, and nothing was held
                became = became._replace(
                    change=WENT, status=None, held=None, days_late=None, ended=met.met.held
                )
            yield became
    again = set(started_anew.values())
    for key, row in gone.items():
        if key not in again:
            yield _open_row(WENT, row, row)._replace(
                status=None, ended=now.ended.get((row.child, row.clock_started))
            )


def _paired(
    gone: Mapping[_ClockKey, DueRow], new: Iterable[_ClockKey]
) -> dict[_ClockKey, _ClockKey]:
    """Pair new obligations with gone ones that are the same, with a corrected starting day."""
    # Only if a child has one new and one gone with the same timescale: of several, nobody knows
    # which became which.
    left: dict[tuple[str, str], list[_ClockKey]] = {}
    for key in gone:
        left.setdefault(key[:2], []).append(key)
    come: dict[tuple[str, str], list[_ClockKey]] = {}
    for key in new:
        come.setdefault(key[:2], []).append(key)
    # Only if one is gone and one has come: of two disputes nobody could say which became which.
    return {
        keys[0]: left[what][0]
        for what, keys in come.items()
        if len(keys) == 1 and len(left.get(what, ())) == 1
    }


def _change(row: DueRow, was: DueRow | None) -> str | None:
    """Name what changed about an open obligation; ``None`` if nothing did."""
    # What moved and is overdue by its new date is told as overdue, which matters more.
    if row.status == OVERDUE and (was is None or was.status != OVERDUE):
        return BECAME_OVERDUE
    if was is not None and row.due != was.due:
        return MOVED
    near = row.status in (DUE_TODAY, DUE_SOON)
    return BECAME_DUE if near and (was is None or was.status == LATER) else None


def _open_row(change: str, row: DueRow, was: DueRow | None) -> SinceRow:
    return SinceRow(
        row.child,
        change,
        row.timescale,
        row.title,
        row.process,
        row.clock_started,
        row.due,
        was.due if was else None,
        row.status,
        was.status if was else None,
        None,
        None,
        None,
        row.booked,
        row.iro,
        row.team,
        row.assumed,
    )


def _met_row(found: _MetByWhom, was: DueRow | None) -> SinceRow:
    met = found.met
    return SinceRow(
        met.child,
        MET,
        met.rule.id,
        met.rule.title,
        met.rule.process,
        met.started,
        met.due,
        was.due if was else None,
        met.status,
        was.status if was else None,
        met.held,
        met.days_late,
        None,
        was.booked if was else None,
        found.iro,
        found.team,
        met.assumed,
    )


def _wanted(row: SinceRow, asked: AskedSince, before: _State) -> bool:
    """Say whether a row passes the filters, as it is now or as it was."""
    was = before.open.get((row.child, row.timescale, row.clock_started))
    rows: list[SinceRow | DueRow] = [row, was] if was else [row]
    return all(
        value is None
        or value.casefold() in {(getattr(one, field) or "").casefold() for one in rows}
        for field, value in (("iro", asked.iro), ("team", asked.team), ("process", asked.process))
    )
