"""
What is due, from Arrow tables to an Arrow table: the engine as a function, without a store.

It is for whoever has many authorities in Parquet and an engine of their own, such as DuckDB
or Spark; ``docs/python.md`` has the columns.
"""

import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from datetime import date, datetime
from functools import partial
from os import PathLike, fspath
from pathlib import Path

from iro_cli.clock import today
from iro_cli.dates.working import BankHoliday
from iro_cli.errors import InputRefusedError, UsageError
from iro_cli.facts.model import Event
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
from iro_cli.questions.view import Engines, Horizon, View
from iro_cli.tables.columns import AUTHORITY, ArrowKind, ArrowRows, refused
from iro_cli.tables.facts import (
    ALLOCATIONS_TABLE,
    BOOKINGS_TABLE,
    CHILDREN_TABLE,
    EVENTS_TABLE,
    Cells,
    Happened,
    OfChild,
    Sorted,
    allocations_of,
    bookings_of,
    children_of,
    each_booked_once,
    held_by,
    stranger,
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
    packs: Iterable[str | PathLike[str]] = (),
    watches: Mapping[str, date] | None = None,
    bank_holidays: Iterable[tuple[date, str]] = (),
    strict: bool = False,
) -> "pa.Table":
    """
    Return what is open, as ``iro due --all`` lists it of a store that holds the same facts.

    Each table is a ``pyarrow.Table``, or anything that gives one by Arrow's C stream. Its
    columns are those of ``events.csv``, ``children.csv`` and ``allocations.csv``, as text and
    ``date32``; ``bookings`` has ``child_id``, ``timescale``, ``clock_started`` and
    ``booked_for``. All of them may have ``authority`` before these, and then the answer has it
    too. Rows are sorted by authority and child, and events by their date as well.

    Args:
        events: What happened to the children.
        children: The children, a row each.
        allocations: Whose the children are, and when.
        bookings: The meetings that are booked, a row for each open clock.
        as_of: The day the question is asked about: what happened later is not known yet.
        nation: Whose law applies, where a child has no nation of its own.
        packs: Local rule packs to use as well.
        watches: The timescales, or groups of them, that are turned on, each with the day from
            which its clocks are shown.
        bank_holidays: Bank holidays added locally, each with its name.
        strict: Refuse a date for which a fact had to be inferred.

    Returns:
        A row for each open obligation, soonest first within each authority.

    Raises:
        InputRefusedError: A column or a row is wrong or out of order, or this version has no
            rules for the nation; with the table and the row, counted from 0.
        PackError: A local pack is wrong.
        UsageError: pyarrow is not installed, or an argument is of another kind.
    """
    found = arrow("iro_cli.tables.due")
    if isinstance(as_of, datetime) or not isinstance(as_of, date):
        raise UsageError(f"as_of: must be a datetime.date, not {type(as_of).__name__}")
    asked = _Asked(
        as_of,
        max(today(), as_of),
        nation,
        tuple(Path(fspath(one)) for one in packs),
        tuple((watches or {}).items()),
        tuple(sorted(BankHoliday(*one) for one in bank_holidays)),
        strict,
    )
    view = _view_of(asked)
    named = {
        EVENTS_TABLE: events,
        CHILDREN_TABLE: children,
        ALLOCATIONS_TABLE: allocations,
        BOOKINGS_TABLE: bookings,
    }
    given = {kind: ArrowRows(found, data, kind) for kind, data in named.items() if data is not None}
    _check_authorities(given)
    of_many = given[CHILDREN_TABLE].has_authority
    fields = (_OF_AUTHORITY, *DUE.fields) if of_many else DUE.fields
    schema = schema_of(found, fields, about(view.catalogue, as_of))
    batches = []
    with WithoutCollecting(), closing(view):
        for authority in _authorities(view, given):
            rows = recorded(DUE.fields, open_obligations(view, AskedDue(everything=True)))
            records = [(authority, *row) for row in rows] if of_many else rows
            batches.append(batch_of(found, schema, fields, records))
            del rows, records  # or they are looked through for circles in the end
    return found.Table.from_batches(batches, schema)


class _Asked(NamedTuple):
    """
    What is asked of the facts, whosever they are.

    Attributes:
        today: The day after which nothing has happened yet.
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
    The rules on a day, over the facts of one authority after another.

    What is worked out of the rules alone, and of orders in which events come, is the same for all
    of them, and is kept from one to the next.

    Attributes:
        facts: Those of the authority whose turn it is.
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
        """Keep nothing of anybody."""
        self.facts.close()
        self.cells.forget_people()

    def engines(self, shown: Watchlist) -> Engines:
        """Return what runs the clocks, made once."""
        return self._once((Engines, shown.everything), partial(super().engines, shown))

    def listing(self, shown: Watchlist, horizon: Horizon = Horizon()) -> DueRows:  # noqa: B008
        """Return what turns clocks into rows, made once."""
        key = (DueRows, shown.everything, horizon)
        return self._once(key, partial(super().listing, shown, horizon))

    def kinds_that_matter(self) -> frozenset[str]:
        """Return the kinds of event on which an answer may depend, by the law of any nation."""
        return self._once(("kinds",), self._kinds_that_matter)

    def _kinds_that_matter(self) -> frozenset[str]:
        engines = self.engines(self.shown())
        used = [engines.home, *map(engines.of_nation, NATIONS)]
        return frozenset(LEFT).union(*(one.named for one in used))

    def _once(self, what: tuple[object, ...], make: Callable[[], _FromTable]) -> _FromTable:
        # The law of another nation has a copy of this.
        key = (self.catalogue.nation, *what)
        found = self._kept.get(key)
        if found is None:
            found = self._kept[key] = make()
        return found


# The last of each thread: an engine asks the same of many authorities, each in a call of its own.
_LAST = threading.local()


def _view_of(asked: _Asked) -> _KeptView:
    """Return the view by which the last call of this thread asked the same, or another."""
    before, view = getattr(_LAST, "kept", (None, None))
    # A local pack may be another by now.
    if view is None or before != asked or asked.packs:
        view = _KeptView(asked)
        _LAST.kept = (asked, view)
    return view


def _check_authorities(given: Mapping[ArrowKind, ArrowRows]) -> None:
    """
    Refuse tables of which only some say whose the children are.

    Raises:
        InputRefusedError: One does not.
    """
    if len({one.has_authority for one in given.values()}) > 1:
        lacking = [kind.name for kind, one in given.items() if not one.has_authority]
        raise InputRefusedError(
            f"{', '.join(lacking)}: the column {AUTHORITY} is missing, which other tables have: a "
            "child's id is unique within an authority only, so give it to all of them or to none"
        )


def _authorities(view: _KeptView, given: Mapping[ArrowKind, ArrowRows]) -> Iterator[str]:
    """
    Yield each authority once its facts are held, in order.

    Raises:
        InputRefusedError: A row is wrong, or about a child who is not there.
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
        those = [*children.of(authority)]
        known = {row.child_id: row.said.child for row in those}
        allocations = [*_known(ALLOCATIONS_TABLE, allocated.of(authority), known)]
        bookings = each_booked_once(_known(BOOKINGS_TABLE, booked.of(authority), known))

        def happening(
            authority: str = authority, known: Mapping[str, Any] = known
        ) -> Iterator[tuple[str, list[Event]]]:
            for row in happened.of(authority):
                if row.child_id not in known:
                    raise refused(EVENTS_TABLE, [stranger(row, known)])
                yield row.child_id, row.said

        facts.hold(known, held_by(those, allocations), bookings, happening)
        yield authority
    for rest in (happened, allocated, booked):
        rest.check_before(None)


def _known(
    kind: ArrowKind, rows: Iterable[OfChild[Any]], children: Mapping[str, Any]
) -> Iterator[OfChild[Any]]:
    """Yield rows, and refuse one that names no child."""
    for row in rows:
        if row.child_id not in children:
            raise refused(kind, [stranger(row, children)])
        yield row


def _timescales(view: View) -> frozenset[str]:
    """Return the ids of the timescales of every nation."""
    views: Sequence[View | None] = (view, *map(view.abroad, NATIONS))
    return frozenset[str]().union(*(found.catalogue.rules for found in views if found is not None))
