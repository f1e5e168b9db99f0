"""
Reads the store through a bare, read-only connection.

The daily path: no SQLModel here.  A writer never blocks it, and it never
blocks a writer.
"""

import sqlite3
from collections.abc import Callable, Collection, Iterable, Iterator
from datetime import date
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import TYPE_CHECKING, Any, Concatenate, NamedTuple, ParamSpec, TypeVar

from iro_cli.dates.working import BankHoliday
from iro_cli.facts.model import Allocation, Booking, Bookings, Child, Event
from iro_cli.store.location import as_store_error, check_current, check_file

if TYPE_CHECKING:
    from iro_cli.store.history import Entry

# What reading gives where a page was overwritten with something that is still a database.
_DAMAGE = (sqlite3.Error, ValueError, TypeError, KeyError)

_FACTS = (
    "SELECT child_id, event, happened_on, outcome, section_47, completed_on, reference{more} "
    "FROM fact WHERE withdrawn_by IS NULL AND happened_on <= ?{one}{named} "
    "ORDER BY child_id, happened_on"
)
# What clocks do not depend on, in the order of the event's fields.
_MORE = "".join(f", {name}" for name in Event._fields[6:])
_CHILDREN = (
    "SELECT child_id, label, date_of_birth, expected_date_of_delivery, nation, team, sibling_group "
    "FROM child_detail WHERE withdrawn_by IS NULL"
)


# Who states a fact that no extract does: it was typed in, or came in a file of our own.
TYPED = "recorded"


class Stated(NamedTuple):
    """One fact as one source states it."""

    event: str
    on: date
    by: str
    source: str | None
    participation: str | None
    outcome: str | None

    @property
    def where(self) -> str:
        """Say who states it, and where in its file."""
        return f"{self.by} {self.source}" if self.source else self.by


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


_Result = TypeVar("_Result")
_Given = ParamSpec("_Given")
_Standing = TypeVar("_Standing", bound=tuple[Any, ...])


def _or_damaged(
    method: Callable[Concatenate["Reader", _Given], _Result],
) -> Callable[Concatenate["Reader", _Given], _Result]:
    """Give a method whose rows cannot be read as what they should be the store's own error."""

    def read(self: "Reader", /, *args: _Given.args, **kwargs: _Given.kwargs) -> _Result:
        try:
            return method(self, *args, **kwargs)
        except _DAMAGE as error:
            raise as_store_error(error, self.path) from None

    return read


class _Days(dict[str | None, date | None]):
    """Days by their text, each read once."""

    def __missing__(self, text: str | None) -> date | None:
        self[text] = _day(text)
        return self[text]


def _whole(rows: Iterable[tuple[str, ...]]) -> Iterator[tuple[str, list[Event]]]:
    """Gather rows with every detail into the events of each child."""
    for child_id, of_child in groupby(rows, itemgetter(0)):
        yield (
            child_id,
            [
                Event(name, date.fromisoformat(on), outcome, section_47, _day(completed_on), *more)
                for _, name, on, outcome, section_47, completed_on, *more in of_child
            ],
        )


def _lean(rows: Iterable[tuple[str, ...]]) -> Iterator[tuple[str, list[Event]]]:
    """
    Gather rows with what clocks depend on into the events of each child.

    Most events are a name on a day and nothing else, and many children share
    them: such a one is made once.  All England is a million rows.
    """
    plain: dict[str, dict[str, Event]] = {}
    current, events = None, list[Event]()
    for child_id, name, on, outcome, section_47, completed_on, reference in rows:
        if child_id != current:
            if current is not None:
                yield current, events
            current, events = child_id, []
        if outcome is section_47 is completed_on is reference is None:
            try:
                event = plain[on][name]
            except KeyError:
                event = Event(name, date.fromisoformat(on))
                plain.setdefault(on, {})[name] = event
        else:
            day, completed = date.fromisoformat(on), _day(completed_on)
            event = Event(name, day, outcome, section_47, completed, reference)
        events.append(event)
    if current is not None:
        yield current, events


class Reader:
    """A store open for reading."""

    def __init__(self, path: Path) -> None:
        """
        Open the store.

        Raises:
            StoreError: It is missing, damaged, locked or newer than this program.
        """
        check_file(path)
        self.path = path
        self._connection = self._open(path)
        # One snapshot for every question: what a writer does meanwhile is not seen in part.
        self._connection.execute("BEGIN")

    @classmethod
    def _open(cls, path: Path) -> sqlite3.Connection:
        location = path.absolute().as_uri()
        try:
            try:
                return cls._connect(f"{location}?mode=ro", path)
            except sqlite3.OperationalError:
                # A folder that may not be written cannot hold the log's index.  Without a
                # log beside it the file is whole, and can be read as it stands.
                if Path(f"{path}-wal").exists():
                    raise
                return cls._connect(f"{location}?mode=ro&immutable=1", path)
        except sqlite3.Error as error:
            raise as_store_error(error, path) from None

    @staticmethod
    def _connect(location: str, path: Path) -> sqlite3.Connection:
        connection = sqlite3.connect(location, uri=True, isolation_level=None)
        try:
            check_current(connection, path)
        except BaseException:
            connection.close()
            raise
        return connection

    def close(self) -> None:
        """Close the store."""
        self._connection.close()

    def __del__(self) -> None:
        """Close the store with the last question about it."""
        if hasattr(self, "_connection"):
            self._connection.close()

    def _rows(self, statement: str, *parameters: object) -> Iterator[tuple[object, ...]]:
        try:
            yield from self._connection.execute(statement, parameters)
        except sqlite3.Error as error:
            raise as_store_error(error, self.path) from None

    def cases(
        self,
        as_of: date,
        child: str | None = None,
        *,
        whole: bool = False,
        named: Collection[str] | None = None,
    ) -> Iterator[tuple[str, list[Event]]]:
        """
        Yield each child that has events, with those up to a day, in order.

        Args:
            as_of: The last day whose events are known (inclusive).
            child: Only this one.
            whole: With every detail, not only those that a clock depends on.
            named: Only these kinds of event, where not all are asked for.
        """
        names = tuple(named or ())
        statement = _FACTS.format(
            more=_MORE if whole else "",
            one=" AND child_id = ?" if child is not None else "",
            named=f" AND event IN ({', '.join('?' * len(names))})" if names else "",
        )
        one = () if child is None else (child,)
        parameters = (as_of.isoformat(), *one, *names)
        try:
            rows = self._connection.execute(statement, parameters)
            yield from _whole(rows) if whole else _lean(rows)
        except _DAMAGE as error:
            raise as_store_error(error, self.path) from None

    @_or_damaged
    def kinds(self) -> frozenset[str]:
        """Return the kinds of event that there are."""
        rows = self._connection.execute(
            "SELECT DISTINCT event FROM fact WHERE withdrawn_by IS NULL"
        )
        return frozenset(name for (name,) in rows)

    @_or_damaged
    def children(self, child: str | None = None) -> dict[str, Child]:
        """Return the children by id, or the one asked for."""
        one, given = ("", ()) if child is None else (" AND child_id = ?", (child,))
        rows = self._connection.execute(_CHILDREN + one, given)
        days, make = _Days(), Child._make
        return {
            row[0]: make((row[0], row[1], days[row[2]], days[row[3]], row[4], row[5], row[6]))
            for row in rows
        }

    @_or_damaged
    def allocations(self, child: str | None = None) -> dict[str, list[Allocation]]:
        """Return who the children are allocated to, ever, by child."""
        statement = (
            "SELECT child_id, role, name, from_on, to_on, reason FROM allocation "
            "WHERE withdrawn_by IS NULL"
        )
        order = " ORDER BY child_id, role, from_on, change_id, line"
        rows = (
            self._rows(statement + order)
            if child is None
            else self._rows(statement + " AND child_id = ?" + order, child)
        )
        found: dict[str, list[Allocation]] = {}
        for child_id, role, name, begins, ends, reason in rows:
            found.setdefault(str(child_id), []).append(
                Allocation(str(child_id), str(role), str(name), _day(begins), _day(ends), reason)  # type: ignore[arg-type]
            )
        return found

    @_or_damaged
    def holders(self, on: date, child: str | None = None) -> dict[tuple[str, str], str]:
        """Return who holds each child on a day, by child and role; the one that began last."""
        statement = (
            "SELECT child_id, role, name FROM allocation WHERE withdrawn_by IS NULL "
            "AND (from_on IS NULL OR from_on <= ?1) AND (to_on IS NULL OR to_on >= ?1) "
            f"{'' if child is None else 'AND child_id = ?2 '}"
            "ORDER BY child_id, role, from_on, change_id, line"
        )
        given = [on.isoformat(), *([child] if child is not None else [])]
        rows = self._connection.execute(statement, given)
        return {(child_id, role): name for child_id, role, name in rows}

    @_or_damaged
    def statements(self, as_of: date) -> Iterator[tuple[str, list[Stated]]]:
        """Yield each child's facts up to a day with who states them, once for each who does."""
        rows = self._connection.execute(
            "SELECT child_id, event, happened_on, stated_by, source, participation, outcome "
            "FROM fact WHERE withdrawn_by IS NULL AND happened_on <= ?1 "
            "UNION ALL SELECT s.child_id, s.event, s.happened_on, s.stated_by, s.source, "
            "NULL, NULL FROM sighting s WHERE s.withdrawn_by IS NULL AND s.happened_on <= ?1 "
            "AND EXISTS (SELECT 1 FROM fact f WHERE f.withdrawn_by IS NULL "
            "AND f.child_id = s.child_id AND f.event = s.event AND f.happened_on = s.happened_on) "
            "ORDER BY 1, 3, 2, 4",
            (as_of.isoformat(),),
        )
        for child_id, of_child in groupby(rows, itemgetter(0)):
            yield (
                child_id,
                [
                    Stated(name, date.fromisoformat(on), by or TYPED, source, code, outcome)
                    for _, name, on, by, source, code, outcome in of_child
                ],
            )

    @_or_damaged
    def bookings(self) -> Bookings:
        """Return the planned meetings, by child, timescale and the day the clock started."""
        found: Bookings = {}
        for child, timescale, started, on, at, reason in self._rows(
            "SELECT child_id, timescale, clock_started, booked_for, at_time, reason FROM booking "
            "WHERE withdrawn_by IS NULL ORDER BY change_id, line"
        ):
            began = _day(started and str(started))  # type: ignore[arg-type]
            key = (str(child), str(timescale), began)
            found[key] = Booking(*key, date.fromisoformat(str(on)), at and str(at), reason)  # type: ignore[arg-type]
        return found

    @_or_damaged
    def watches(self) -> dict[str, date]:
        """Return the timescales somebody turned on, each with the day it is watched from."""
        return {
            str(timescale): date.fromisoformat(str(begins))
            for timescale, begins in self._rows(
                "SELECT timescale, from_on FROM watch WHERE withdrawn_by IS NULL ORDER BY timescale"
            )
        }

    @_or_damaged
    def additions(self) -> tuple[BankHoliday, ...]:
        """Return the bank holidays added locally, in order."""
        return tuple(
            BankHoliday(date.fromisoformat(str(day)), str(name))
            for day, name in self._rows(
                "SELECT day, name FROM bank_holiday WHERE withdrawn_by IS NULL ORDER BY day"
            )
        )

    @_or_damaged
    def standing(self, table: str, make: type[_Standing]) -> list[_Standing]:
        """
        Return the rows of a table that stand, as named tuples with its columns.

        Args:
            table: One of ours.
            make: What a row becomes; a field that ends in ``_on`` is a day.
        """
        fields: tuple[str, ...] = make._fields  # type: ignore[attr-defined]
        days = [number for number, field in enumerate(fields) if field.endswith("_on")]
        found = []
        for row in self._rows(
            f"SELECT {', '.join(fields)} FROM {table} WHERE withdrawn_by IS NULL "
            "ORDER BY change_id, line"
        ):
            values: list[Any] = list(row)
            for number in days:
                values[number] = _day(values[number])
            found.append(make(*values))
        return found

    def names(self, kind: str) -> list[str]:
        """Return what can be completed: ``child`` ids, or the ``iro`` and ``chair`` names."""
        statement = (
            "SELECT child_id FROM child_detail WHERE withdrawn_by IS NULL ORDER BY child_id"
            if kind == "child"
            else "SELECT DISTINCT name FROM allocation WHERE withdrawn_by IS NULL ORDER BY name"
        )
        return [str(name) for (name,) in self._rows(statement)]

    def teams(self) -> list[str]:
        """Return the teams that children belong to."""
        return [
            str(team)
            for (team,) in self._rows(
                "SELECT DISTINCT team FROM child_detail "
                "WHERE withdrawn_by IS NULL AND team IS NOT NULL ORDER BY team"
            )
        ]

    def problems(self) -> list[str]:
        """Return what the database itself finds wrong with the file."""
        found = [str(row[0]) for row in self._rows("PRAGMA quick_check") if row[0] != "ok"]
        found += [
            f"a row of {row[0]} refers to nothing" for row in self._rows("PRAGMA foreign_key_check")
        ]
        return found

    @_or_damaged
    def last_change(self) -> tuple[int, str]:
        """Return the number of the last change, and when it was made; nought before the first."""
        for number, at in self._rows("SELECT id, at FROM change ORDER BY id DESC LIMIT 1"):
            return int(str(number)), str(at)
        return 0, "1970-01-01T00:00:00Z"

    def is_known(self, child: str) -> bool:
        """Say whether a child was ever in the store."""
        return any(True for _ in self._rows("SELECT 1 FROM child WHERE child_id = ?", child))

    @_or_damaged
    def history(self, child: str | None = None) -> list["Entry"]:
        """Return what every change added and withdrew, the latest change first."""
        from iro_cli.store.history import entries  # noqa: PLC0415 - not on the daily path

        return entries(self._rows, child)
