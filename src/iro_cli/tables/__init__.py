"""
Work out what is due from Arrow tables: the engine as a function, without a store.

It is for people who have many authorities in Parquet and their own engine, such as DuckDB
or Spark; ``docs/python.md`` has the columns.
"""

import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from datetime import date
from functools import partial
from itertools import chain
from os import PathLike
from pathlib import Path

from iro_cli.clock import today
from iro_cli.dates.reading import given_as_of, given_day
from iro_cli.dates.working import BankHoliday
from iro_cli.errors import InputRefusedError, UsageError
from iro_cli.facts.vocabulary import LEFT, NATIONS
from iro_cli.forms.listing import Field, recorded
from iro_cli.forms.parquet import arrow, batch_of, schema_of
from iro_cli.forms.statement import about
from iro_cli.law.catalogue import Watchlist
from iro_cli.lean import TYPE_CHECKING, Any, NamedTuple, TypeVar
from iro_cli.obligations.listing import DueRows
from iro_cli.pages.due import DUE
from iro_cli.progress import WithoutCollecting
from iro_cli.questions.due import AskedDue, open_obligations
from iro_cli.questions.given import given_packs
from iro_cli.questions.view import Engines, Horizon, View
from iro_cli.tables.columns import AUTHORITY, ArrowKind, ArrowRows
from iro_cli.tables.facts import (
    ALLOCATIONS_TABLE,
    BOOKINGS_TABLE,
    CHILDREN_TABLE,
    EVENTS_TABLE,
    Cells,
    Happened,
    Sorted,
    allocations_of,
    bookings_of,
    children_of,
    each_booked_once,
    held_by,
)
from iro_cli.tables.held import HeldFacts

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["due"]
_FromTable = TypeVar("_FromTable")
_OF_AUTHORITY = Field(AUTHORITY, harmless=True)


def due(
    events: "pa.Table",
    children: "pa.Table",
    *,
    allocations: "pa.Table | None" = None,
    bookings: "pa.Table | None" = None,
    as_of: date,
    nation: str = "england",
    packs: str | PathLike[str] | Iterable[str | PathLike[str]] = (),
    watches: Mapping[str, date] | None = None,
    bank_holidays: Iterable[tuple[date, str]] = (),
    strict: bool = False,
) -> "pa.Table":
    """
    Return what is open, as ``iro due --all`` lists it for a store with the same facts.

    Each table is a ``pyarrow.Table``, or anything that provides one through Arrow's C stream.
    Its columns are those of ``events.csv``, ``children.csv`` and ``allocations.csv``, as text and
    ``date32``; ``bookings`` has ``child_id``, ``timescale``, ``clock_started`` and
    ``booked_for``. All of them may have ``authority`` before these, and then the answer has it
    too. Rows must be sorted by authority and child, and events by their date as well.

    Args:
        events: The events of the children.
        children: The children, one row for each.
        allocations: The IROs and chairs of the children, and from when to when.
        bookings: The booked meetings, one row for each open clock.
        as_of: The day the question is asked about: what happened later is not known yet.
        nation: The nation whose law applies to children without a nation of their own.
        packs: Local rule packs to use as well: a path, or several.
        watches: The timescales, or groups of them, that are turned on, each with the first day
            on which a clock may start to be shown.
        bank_holidays: Bank holidays added locally, each as its day and its name.
        strict: Whether a date for which a fact had to be inferred is refused.

    Returns:
        One row for each open obligation, soonest first within each authority.

    Raises:
        InputRefusedError: A column or a row is wrong or out of order, or this version has no
            rules for the nation. The message names the table and the row, counted from 0.
        PackError: A local pack is wrong.
        UsageError: pyarrow is not installed, an argument has the wrong type, or ``as_of`` is of a
            year in which no listing means anything.
    """
    found = arrow("iro_cli.tables.due")
    if watches is not None and not isinstance(watches, Mapping):
        raise UsageError(
            "watches: must give each timescale its first day, as {'visits': date(2026, 4, 1)}, "
            f"not {type(watches).__name__}"
        )
    asked = _Asked(
        given_as_of(as_of),
        max(today(), as_of),
        nation,
        given_packs(packs),
        tuple((name, given_day("watches", day)) for name, day in (watches or {}).items()),
        tuple(sorted(map(_bank_holiday, bank_holidays))),
        strict,
    )
    view = _view_of(asked)
    named = {
        EVENTS_TABLE: events,
        CHILDREN_TABLE: children,
        ALLOCATIONS_TABLE: allocations,
        BOOKINGS_TABLE: bookings,
    }
    given = {
        kind: ArrowRows(found, data, kind)
        for kind, data in named.items()
        if data is not None or kind in (EVENTS_TABLE, CHILDREN_TABLE)
    }
    _check_authorities(given)
    of_many = given[CHILDREN_TABLE].has_authority
    fields = (_OF_AUTHORITY, *DUE.fields) if of_many else DUE.fields
    schema = schema_of(found, fields, about(view.catalogue, as_of))
    batches = []
    with WithoutCollecting(), closing(view):
        for authority in _authorities(view, given):
            rows = open_obligations(view, AskedDue(everything=True))
            records = recorded(DUE.fields, rows)
            common = [authority] if of_many else []
            batches.append(batch_of(found, schema, fields, records, common))
            del rows, records  # otherwise Python looks through them for reference cycles at the end
    return found.Table.from_batches(batches, schema)


def _bank_holiday(given: object) -> BankHoliday:
    """
    Return a bank holiday that was added locally.

    Raises:
        UsageError: It is not a day with a name.
    """
    # A text of two letters can be unpacked too.
    if not isinstance(given, (tuple, list)) or len(given) != len(BankHoliday._fields):
        raise UsageError(
            "bank_holidays: each must be a day with its name, as (date(2026, 12, 21), "
            f"'Testshire day'), not {type(given).__name__}"
        )
    day, name = given
    if not isinstance(name, str):
        raise UsageError(f"bank_holidays: the name must be text, not {type(name).__name__}")
    return BankHoliday(given_day("bank_holidays", day), name)


class _Asked(NamedTuple):
    """
    The arguments of :func:`due` that apply to the facts of every authority.

    Attributes:
        today: Today: no event can have a later date.
    """

    as_of: date
    today: date
    nation: str
    packs: tuple[Path, ...]
    watches: tuple[tuple[str, date], ...]
    bank_holidays: tuple[BankHoliday, ...]
    strict: bool


class _KeptView(View):
    """
    The rules on a day, with the facts of one authority after another.

    What is worked out from the rules alone, or from the order of events, is the same for all
    authorities and is kept from one to the next.

    Attributes:
        facts: The facts of the current authority.
        cells: Reads the cells of its tables.
    """

    def __init__(self, asked: _Asked) -> None:
        """Load the rules."""
        self.facts, self.cells = HeldFacts(asked.bank_holidays), Cells(asked.today)
        super().__init__(
            self.facts,
            nation=asked.nation,
            as_of=asked.as_of,
            packs=asked.packs,
            strict=asked.strict,
        )
        self.watched = {
            one: day for name, day in asked.watches for one in self.catalogue.to_be_watched([name])
        }
        self._kept: dict[tuple[object, ...], Any] = {}

    def close(self) -> None:
        """Forget all facts and all ids of children."""
        self.facts.close()
        self.cells.forget_people()

    def engines(self, shown: Watchlist) -> Engines:
        """Return the engines that run the clocks, which are made once."""
        return self._once((Engines, shown.everything), partial(super().engines, shown))

    def listing(self, shown: Watchlist, horizon: Horizon = Horizon()) -> DueRows:  # noqa: B008
        """Return the object that turns clocks into rows, which is made once."""
        key = (DueRows, shown.everything, horizon)
        return self._once(key, partial(super().listing, shown, horizon))

    def kinds_that_matter(self) -> frozenset[str]:
        """Return the kinds of event on which an answer may depend under the law of any nation."""
        return self._once(("kinds",), self._kinds_that_matter)

    def _kinds_that_matter(self) -> frozenset[str]:
        engines = self.engines(self.shown())
        used = [engines.home, *map(engines.of_nation, NATIONS)]
        return frozenset(LEFT).union(*(one.named for one in used))

    def _once(self, what: tuple[object, ...], make: Callable[[], _FromTable]) -> _FromTable:
        # A copy of this view with another nation's law shares the dictionary.
        key = (self.catalogue.nation, *what)
        found = self._kept.get(key)
        if found is None:
            found = self._kept[key] = make()
        return found


# The last view of each thread: an engine such as Spark asks the same for many authorities, in
# separate calls.
_LAST = threading.local()


def _view_of(asked: _Asked) -> _KeptView:
    """Return the view of this thread's last call if that asked the same; otherwise a new one."""
    before, view = getattr(_LAST, "kept", (None, None))
    # The file of a local pack may have changed since.
    if view is None or before != asked or asked.packs:
        view = _KeptView(asked)
        _LAST.kept = (asked, view)
    return view


def _check_authorities(given: Mapping[ArrowKind, ArrowRows]) -> None:
    """
    Refuse tables of which only some have the column of the authority.

    Raises:
        InputRefusedError: One lacks it.
    """
    if len({one.has_authority for one in given.values()}) > 1:
        lacking = [kind.name for kind, one in given.items() if not one.has_authority]
        raise InputRefusedError(
            f"{', '.join(lacking)}: the column {AUTHORITY} is missing, which other tables have: a "
            "child's id is unique within an authority only, so give it to all of them or to none"
        )


def _authorities(view: _KeptView, given: Mapping[ArrowKind, ArrowRows]) -> Iterator[str]:
    """
    Yield each authority in order, after its facts have been put into the view.

    Raises:
        InputRefusedError: A row is wrong, or is about a child who is not in the children.
    """
    cells, facts = view.cells, view.facts
    children = Sorted(CHILDREN_TABLE, children_of(given[CHILDREN_TABLE], cells))
    happened = Sorted(
        EVENTS_TABLE, Happened(given[EVENTS_TABLE], cells, view.kinds_that_matter()).rows()
    )
    allocated = Sorted(
        ALLOCATIONS_TABLE,
        allocations_of(given[ALLOCATIONS_TABLE], cells) if ALLOCATIONS_TABLE in given else iter(()),
    )
    booked = Sorted(
        BOOKINGS_TABLE,
        bookings_of(given[BOOKINGS_TABLE], cells, _timescales(view))
        if BOOKINGS_TABLE in given
        else iter(()),
    )
    while children:
        authority = children.authority
        those = [*chain.from_iterable(children.part_of(authority))]
        known = {row.child_id: row.said.child for row in those}
        allocations = [*chain.from_iterable(allocated.of(authority, known))]
        bookings = each_booked_once(chain.from_iterable(booked.of(authority, known)))
        facts.hold(
            known,
            held_by(those, allocations),
            bookings,
            partial(happened.of, authority, known),
        )
        yield authority
    for rest in (happened, allocated, booked):
        rest.check_before(None)


def _timescales(view: View) -> frozenset[str]:
    """Return the ids of the timescales of every nation."""
    views: Sequence[View | None] = (view, *map(view.abroad, NATIONS))
    return frozenset[str]().union(*(found.catalogue.rules for found in views if found is not None))
