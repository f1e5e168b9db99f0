"""Read the standing rows of the store, of every child or of those that are asked for."""

from __future__ import annotations  # the daily check starts with this: nothing is worked out

from collections.abc import Collection
from datetime import date
from functools import partial
from itertools import groupby
from operator import itemgetter

from iro_cli.dates.working import BankHoliday
from iro_cli.facts.holding import holders
from iro_cli.facts.model import Allocation, Child, Event
from iro_cli.lean import TYPE_CHECKING, Any, Generic, Self
from iro_cli.store.kind import Kind, Record
from iro_cli.store.kinds import (
    ABSENCE,
    ALLOCATION,
    AUDIT,
    AUDIT_SAMPLE,
    BANK_HOLIDAY,
    BOOKING,
    CARRIED,
    CHILD_DETAIL,
    FACT,
    NONE_HELD,
    PERSON,
    RETENTION,
    SIGHTING,
    UNSAID,
    WATCH,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from iro_cli.facts.model import Bookings, Carried, FromFile, Retention, Unsaid
    from iro_cli.facts.people import Absence, Audit, Drawn, Person
    from iro_cli.store.chain import ChangeChain
    from iro_cli.store.connection import Connection
    from iro_cli.store.history import HistoryEntry
    from iro_cli.store.opening import Store

# The children asked for: one, several, or all if it is ``None``.
Only = str | Collection[str] | None
# What reading raises if a page was overwritten, but the file is still a database.
_DAMAGE: tuple[type[Exception], ...] = (ValueError, TypeError, KeyError)
# For fewer children than this, it is not worth asking whether they are most of them.
_MANY_CHILDREN = 5_000
_STANDS = "withdrawn_by IS NULL"
# The first columns of a fact: the child's id and the details that clocks depend on.
_LEAN = 7
_NOT_READ = (None,) * (1 + len(Event._fields) - _LEAN)
_CHILDREN = f"SELECT {', '.join(CHILD_DETAIL.columns)} FROM {CHILD_DETAIL.table} WHERE "
_ALLOCATIONS = f"SELECT {', '.join(ALLOCATION.columns)} FROM {ALLOCATION.table} WHERE "
_HELD = f"SELECT {', '.join(ALLOCATION.columns[:5])} FROM {ALLOCATION.table} WHERE "
# The order in which the facts are kept on the disk, so that they need not be sorted.
_AS_KEPT = ", ".join((*FACT.key, "change_id", "line"))
# In the order of their first day, as :func:`.holders` needs them.
_AS_BEGUN = "child_id, role, from_on NULLS FIRST, change_id, line"


class Standing(Generic[Record]):
    """
    A row that stands: no change has withdrawn it.

    Attributes:
        record: Its record.
        change_id: The change that added it.
        line: Which row of that change it is.
    """

    __slots__ = ("change_id", "line", "record")

    def __init__(self, record: Record, change_id: int, line: int) -> None:
        """Keep the record and its place."""
        self.record = record
        self.change_id = change_id
        self.line = line


class _Guard:
    """A block of code in which an error of reading becomes a message about the store."""

    def __init__(self, store: Store, damage: tuple[type[Exception], ...]) -> None:
        self._store, self._damage = store, damage

    def __enter__(self) -> None:
        pass

    def __exit__(self, _: object, error: BaseException | None, __: object) -> None:
        if isinstance(error, self._damage):
            raise self._store.refusal(error) from None


class _DaysByText(dict[str | None, date | None]):
    """Days by their text, each converted once."""

    def __missing__(self, text: str | None) -> date | None:
        self[text] = day = date.fromisoformat(text) if text else None
        return day


def _marks(values: Collection[object]) -> str:
    return ", ".join("?" * len(values))


def _whole(rows: Iterable[Sequence[str]]) -> Iterator[tuple[str, list[Event]]]:
    """Yield each child's events, from rows with every detail."""
    days = _DaysByText()
    for child_id, of_child in groupby(rows, itemgetter(0)):
        yield (
            child_id,
            [
                Event(name, days[on], outcome, section_47, days[completed_on], *more)  # type: ignore[arg-type]
                for _, name, on, outcome, section_47, completed_on, *more in of_child
            ],
        )


def _lean(rows: Iterable[Sequence[str]]) -> Iterator[tuple[str, list[Event]]]:
    """
    Yield each child's events, from rows with only the details that clocks depend on.

    England has a million rows.  ``tuple.__new__`` makes an event in half the time that the
    constructor of a named tuple takes.  Keeping equal events and looking them up takes longer than
    either.
    """
    days, make = _DaysByText(), partial(tuple.__new__, Event)
    current, events = None, list[Event]()
    for child_id, name, on, outcome, section_47, completed_on, reference in rows:
        if child_id != current:
            if current is not None:
                yield current, events
            current, events = child_id, []
        known = (name, days[on], outcome, section_47, days[completed_on], reference)
        events.append(make(known + _NOT_READ))
    if current is not None:
        yield current, events


class Reader:
    """
    A store open for reading, as it stood at one moment.

    Args:
        store: The store.
        connection: Open in a transaction of its own.
    """

    def __init__(self, store: Store, connection: Connection) -> None:
        """Take over the connection."""
        self.store = store
        self._damage = (*store.faults, *_DAMAGE)
        self._connection = connection
        self._stands = _STANDS

    def __enter__(self) -> Self:
        """Return the reader, which closes at the end of the block."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close the store."""
        self.close()

    def __del__(self) -> None:
        """Close the store when nothing uses the reader any more."""
        self.close()

    def close(self) -> None:
        """Close the store."""
        self._connection.close()

    def guarded(self) -> _Guard:
        """
        Return a block of code in which an error of reading becomes a message about the store.

        Raises:
            StoreError: The store cannot be read, or is damaged.
        """
        return _Guard(self.store, self._damage)

    def rows(self, statement: str, *parameters: object) -> Iterator[Any]:
        """
        Yield the rows of a statement.

        Raises:
            StoreError: The store cannot be read.
        """
        with self.guarded():
            yield from self._connection.execute(statement, parameters)

    def parts_of(self, only: Only) -> Iterator[tuple[str, Sequence[object]]]:
        """
        Yield conditions that together pick the children asked for, each with its parameters.

        There are several if more children are asked for than one statement may name.
        """
        if only is None:
            yield "", ()
        elif isinstance(only, str):
            yield " AND child_id = ?", (only,)
        else:
            every, size = sorted(set(only)), self.store.asked_at_once
            for start in range(0, len(every), size):
                part = every[start : start + size]
                condition, values = self.store.among(part)
                yield f" AND child_id {condition}", values

    def _in_parts(self, statement: str, only: Only) -> Iterator[Any]:
        """Yield the rows of a statement with ``{where}`` for the children asked for."""
        for where, children in self.parts_of(only):
            yield from self._connection.execute(statement.format(where=where), children)

    # ------------------------------------------------------------ any kind

    def standing(self, kind: Kind[Record], only: Only = None) -> list[Standing[Record]]:
        """
        Return the standing rows of a kind, in order of their key, then of when they were added.

        Args:
            kind: The kind.
            only: The children asked for; only for a kind that is about children.
        """
        with self.guarded():
            days, make, found = _DaysByText(), kind.make, list[Standing[Record]]()
            sources = self.sources() if kind.source is not None else {}
            order = ", ".join((*kind.key, "change_id", "line"))
            for where, children in self.parts_of(only):
                for change_id, line, *values in self._connection.execute(
                    f"SELECT change_id, line, {', '.join(kind.columns)} FROM {kind.table} "
                    f"WHERE {self._stands}{where} ORDER BY {order}",
                    children,
                ):
                    for place in kind.days:
                        values[place] = days[values[place]]
                    if kind.source is not None:
                        values[kind.source] = sources[values[kind.source]]
                    found.append(Standing(make(values), change_id, line))
            return found

    def sources(self) -> dict[int | None, FromFile]:
        """Return the files that facts came from, by number, each with its kind of extract."""
        with self.guarded():
            rows = self.rows("SELECT id, name, stated_by FROM source")
            return {None: (None, None)} | {number: (name, by) for number, name, by in rows}

    def records(self, kind: Kind[Record], only: Only = None) -> list[Record]:
        """Return the records of the standing rows of a kind, in the order of :meth:`standing`."""
        return [row.record for row in self.standing(kind, only)]

    # ------------------------------------------------------------ children and their facts

    def cases(
        self,
        as_of: date,
        only: Only = None,
        *,
        whole: bool = False,
        named: Collection[str] = (),
        telling: Collection[str] = (),
    ) -> Iterator[tuple[str, list[Event]]]:
        """
        Yield each child who has events up to a day, with these events in order.

        Args:
            as_of: The last day whose events are known (inclusive).
            only: The children asked for.
            whole: Whether every detail is read; otherwise only those that clocks depend on.
            named: Only these kinds of event; all if it is empty.
            telling: The kinds of event that are given even if they are later.
        """
        names, later = tuple(named), tuple(telling)
        until = f"(happened_on <= ? OR event IN ({_marks(later)}))" if later else "happened_on <= ?"
        columns = FACT.columns[: 1 + len(Event._fields)] if whole else FACT.columns[:_LEAN]
        events = f" AND event IN ({_marks(names)})" if names else ""
        with self.guarded():
            for where, children in self.parts_of(only):
                rows = self._connection.execute(
                    f"SELECT {', '.join(columns)} FROM {FACT.table} "
                    f"WHERE {self._stands} AND {until}{where}{events} "
                    f"ORDER BY {_AS_KEPT}",
                    (as_of.isoformat(), *later, *children, *names),
                )
                yield from _whole(rows) if whole else _lean(rows)

    def statements(
        self, names: Collection[str], until: date, only: Only = None
    ) -> dict[str, list[tuple[str, date, str | None]]]:
        """
        Return some kinds of event of each child, with the day and the source of each.

        Args:
            names: The kinds of event.
            until: The last day of the events (inclusive).
            only: The children asked for.
        """
        areas = sorted({name.partition(".")[0] for name in names})
        among = f"child_id IN (SELECT child_id FROM child_area WHERE area IN ({_marks(areas)}))"
        found: dict[str, list[tuple[str, date, str | None]]] = {}
        with self.guarded():
            days, sources = _DaysByText(), self.sources()
            for kind in (FACT, SIGHTING):
                for where, children in self.parts_of(only):
                    for child, name, on, source in self._connection.execute(
                        f"SELECT child_id, event, happened_on, source_id FROM {kind.table} "
                        f"WHERE {self._stands} AND {among} AND event IN ({_marks(names)}) "
                        f"AND happened_on <= ?{where} ORDER BY {_AS_KEPT}",
                        (*areas, *names, until.isoformat(), *children),
                    ):
                        found.setdefault(child, []).append(
                            (name, days[on] or date.max, sources[source][1])
                        )
        return found

    def ever_had_events(self) -> bool:
        """Say whether an event of any child is known, or was."""
        return any(self.rows("SELECT 1 FROM child_area LIMIT 1"))

    def has_events(self, child: str | None = None) -> bool:
        """Say whether an event of a child, or of any child, is known now."""
        of, those = ("", ()) if child is None else (" AND child_id = ?", (child,))
        with self.guarded():
            where = f"{self._stands}{of}"
            return any(self.rows(f"SELECT 1 FROM {FACT.table} WHERE {where} LIMIT 1", *those))

    def without_events(self) -> list[str]:
        """Return the children of whom no event is known now, in order."""
        with self.guarded():
            return [
                child_id
                for (child_id,) in self.rows(
                    f"SELECT child_id FROM {CHILD_DETAIL.table} child WHERE {self._stands} AND NOT "
                    f"EXISTS (SELECT 1 FROM {FACT.table} WHERE {self._stands} "
                    f"AND {FACT.table}.child_id = child.child_id) ORDER BY child_id"
                )
            ]

    def event_names(self, besides: Collection[str] = ()) -> frozenset[str]:
        """
        Return the kinds of event that the store has.

        Args:
            besides: Children whose events need not be looked at.
        """
        with self.guarded():
            others: set[str] | None = None
            if besides:
                every = {child_id for (child_id,) in self.rows("SELECT child_id FROM child")}
                others = every.difference(besides)
                # One statement for all children is quicker than many for more than half of them.
                others = others if 2 * len(others) < len(every) else None
            kinds = f"SELECT DISTINCT event FROM {FACT.table} WHERE {self._stands}{{where}}"
            return frozenset(name for (name,) in self._in_parts(kinds, others))

    def children(self, only: Only = None) -> dict[str, Child]:
        """Return the details of the children, by id, in order of id."""
        with self.guarded():
            days, found = _DaysByText(), dict[str, Child]()
            most = self._most(only)
            for where, children in self.parts_of(only if most is None else None):
                for (
                    child_id,
                    label,
                    born,
                    expected,
                    nation,
                    team,
                    siblings,
                ) in self._connection.execute(
                    f"{_CHILDREN}{self._stands}{where} ORDER BY child_id", children
                ):
                    if most is not None and child_id not in most:
                        continue
                    found[child_id] = Child(
                        child_id, label, days[born], days[expected], nation, team, siblings
                    )
            return found

    def _most(self, only: Only) -> Collection[str] | None:
        """
        Return the children asked for if they are many, and more than half of all; or ``None``.

        Then all children are read at once.  To find them part by part takes longer, and a server
        without statistics, as right after a first import, would read all of them for each part.
        """
        if only is None or isinstance(only, str) or len(only) < _MANY_CHILDREN:
            return None
        asked = frozenset(only)
        ((every,),) = self.rows("SELECT count(*) FROM child")
        return asked if every < 2 * len(asked) else None

    def allocations(self, only: Only = None) -> dict[str, list[Allocation]]:
        """Return the allocations of the children, past ones too, by child and in order of time."""
        with self.guarded():
            days, found = _DaysByText(), dict[str, list[Allocation]]()
            rows = self._in_parts(
                f"{_ALLOCATIONS}{self._stands}{{where}} ORDER BY {_AS_BEGUN}", only
            )
            for child_id, role, name, begins, ends, reason in rows:
                one = Allocation(child_id, role, name, days[begins], days[ends], reason)
                found.setdefault(child_id, []).append(one)
            return found

    def holders(self, on: date, only: Only = None) -> dict[tuple[str, str], str]:
        """Return who has each child on a day, by child and role."""
        with self.guarded():
            day, found = on.isoformat(), dict[tuple[str, str], str]()
            for where, children in self.parts_of(only):
                rows = self._connection.execute(
                    f"{_HELD}{self._stands} AND (from_on IS NULL OR from_on <= ?) "
                    f"AND (to_on IS NULL OR to_on >= ?){where} ORDER BY {_AS_BEGUN}",
                    (day, day, *children),
                )
                found.update(holders(rows, day))
            return found

    def bookings(self, only: Only = None) -> Bookings:
        """Return the planned meetings, by child, timescale and the day the clock started."""
        with self.guarded():
            return {one[:3]: one for one in self.records(BOOKING, only)}

    # ------------------------------------------------------------ which children

    def child_ids(self, starting: str = "") -> list[str]:
        """
        Return the children's ids, in order.

        Args:
            starting: How they begin; capitals do not matter.
        """
        found: list[str] = []
        for first, last in _ranges(starting):
            found += [
                child_id
                for (child_id,) in self.rows(
                    f"SELECT child_id FROM {CHILD_DETAIL.table} WHERE {self._stands} "
                    "AND child_id >= ? AND child_id < ?",
                    first,
                    last,
                )
            ]
        if not starting:
            return sorted(found)
        folded = starting.casefold()
        return sorted(one for one in found if one.casefold().startswith(folded))

    def labels(self) -> dict[str, str]:
        """Return the labels of the children that have one, by id, in order."""
        return dict(
            self.rows(
                f"SELECT child_id, label FROM {CHILD_DETAIL.table} "
                f"WHERE {self._stands} AND label IS NOT NULL ORDER BY child_id"
            )
        )

    def is_known(self, child: str) -> bool:
        """Say whether a child was ever in the store."""
        return any(self.rows("SELECT 1 FROM child WHERE child_id = ?", child))

    def has_allocations(self) -> bool:
        """Say whether there is any allocation, past ones included."""
        return any(self.rows(f"SELECT 1 FROM {ALLOCATION.table} WHERE {self._stands} LIMIT 1"))

    def holder_names(self) -> list[str]:
        """Return the names of everybody who has or had children, in order."""
        return self._distinct(ALLOCATION, "name")

    def teams(self) -> list[str]:
        """Return the teams of the children, in order."""
        return self._distinct(CHILD_DETAIL, "team")

    def team_sizes(self) -> dict[str, int]:
        """Return how many children each team has, by its name as it is written."""
        sizes = self.rows(
            f"SELECT team, count(*) FROM {CHILD_DETAIL.table} WHERE {self._stands} "
            "AND team IS NOT NULL GROUP BY team"
        )
        return dict(sizes)

    def _distinct(self, kind: Kind[Any], column: str) -> list[str]:
        """
        Return the different values of a column, in order.

        Each is found in the index as the next after the one before, so that not every row is read.
        """
        least = f"SELECT min({column}) FROM {kind.table} WHERE {self._stands}"
        return [
            value
            for (value,) in self.rows(
                f"WITH RECURSIVE one (value) AS ({least} AND {column} IS NOT NULL UNION ALL "
                f"SELECT ({least} AND {column} > one.value) FROM one WHERE one.value IS NOT NULL) "
                "SELECT value FROM one WHERE value IS NOT NULL"
            )
        ]

    def held_by(self, name: str, names: Iterable[str] | None = None) -> set[str]:
        """
        Return the children who are or were allocated to a name; capitals do not matter.

        Args:
            name: The name.
            names: Everybody who has or had children, if that was read before.
        """
        return self._among(
            ALLOCATION, "name", self.holder_names() if names is None else names, name
        )

    def in_team(self, name: str) -> set[str]:
        """Return the children of a team; capitals do not matter."""
        return self._among(CHILD_DETAIL, "team", self.teams(), name)

    def _among(self, kind: Kind[Any], column: str, values: Iterable[str], wanted: str) -> set[str]:
        folded = wanted.casefold()
        return self._having(kind, column, [one for one in values if one.casefold() == folded])

    def siblings(self, only: Only) -> set[str]:
        """Return the children asked for and everybody in their sibling groups."""
        asked = self.children(only)
        groups = {one.sibling_group for one in asked.values()} - {None}
        return {*asked, *self._having(CHILD_DETAIL, "sibling_group", sorted(map(str, groups)))}

    def of_other_nations(self, nation: str) -> set[str]:
        """Return the children who have a nation of their own that is another."""
        rows = self.rows(
            f"SELECT child_id FROM {CHILD_DETAIL.table} WHERE {self._stands} AND nation <> ?",
            nation,
        )
        return {child_id for (child_id,) in rows}

    def with_events(self, names: Collection[str]) -> set[str]:
        """
        Return the children who have any of these events, and perhaps others.

        The store has an index by the area of an event only, such as ``cp``.  So the answer also has
        children with other events of these areas, or with events that were withdrawn.
        """
        areas = sorted({name.partition(".")[0] for name in names})
        rows = self.rows(f"SELECT child_id FROM child_area WHERE area IN ({_marks(areas)})", *areas)
        return {child_id for (child_id,) in rows}

    def with_recorded(self, names: Collection[str], only: Only = None) -> set[str]:
        """
        Return the children of whom a person stated any of these events before an extract did.

        Args:
            names: The kinds of event.
            only: The children asked for: one, several, or ``None`` for all.
        """
        return {
            child_id
            for where, those in self.parts_of(only)
            for (child_id,) in self.rows(
                f"SELECT DISTINCT child_id FROM {FACT.table} WHERE {self._stands}{where} "
                f"AND event IN ({_marks(names)}) AND (source_id IS NULL "
                "OR source_id IN (SELECT id FROM source WHERE stated_by IS NULL))",
                *(*those, *names),
            )
        }

    def _having(self, kind: Kind[Any], column: str, values: Sequence[str]) -> set[str]:
        found: set[str] = set()
        size = self.store.asked_at_once
        for start in range(0, len(values), size):
            condition, part = self.store.among(values[start : start + size])
            found.update(
                child_id
                for (child_id,) in self.rows(
                    f"SELECT DISTINCT child_id FROM {kind.table} "
                    f"WHERE {self._stands} AND {column} {condition}",
                    *part,
                )
            )
        return found

    # ------------------------------------------------------------ what is about no child

    def watches(self) -> dict[str, date]:
        """Return the timescales that were turned on, each with the first day on which it counts."""
        return dict(sorted((one.timescale, one.from_on) for one in self.records(WATCH)))

    def carried(self) -> list[Carried]:
        """Return which events the extracts carry, and for which days."""
        return self.records(CARRIED)

    def unsaid(self, only: Only = None) -> list[Unsaid]:
        """Return what extracts leave out for single children."""
        every = (one for row in self.records(UNSAID, only) for one in row.each)
        return sorted(every, key=itemgetter(0, 1, 2))

    def none_held(self, only: Only = None) -> dict[str, dict[tuple[str, date], date]]:
        """
        Return up to which day an extract shows that no meeting was held before the latest one.

        Returns:
            The last such day, by child, and then by the event and the day of the latest meeting.
        """
        found: dict[str, dict[tuple[str, date], date]] = {}
        for child_id, _, event, latest_on, none_to in self.records(NONE_HELD, only):
            own = found.setdefault(child_id, {})
            own[event, latest_on] = max(none_to, own.get((event, latest_on), none_to))
        return found

    def retention(self) -> list[Retention]:
        """Return the retention periods that were set."""
        return self.records(RETENTION)

    def additions(self) -> tuple[BankHoliday, ...]:
        """Return the bank holidays added locally, in order."""
        return tuple(sorted(self.records(BANK_HOLIDAY), key=lambda one: one.day))

    def people(self) -> list[Person]:
        """Return the records of IROs and chairs, in order of name and first day."""
        return sorted(
            self.records(PERSON),
            key=lambda one: (one.name.casefold(), one.name, one.from_on or date.min),
        )

    def absences(self) -> list[Absence]:
        """Return the absences, in order of their first day."""
        return sorted(self.records(ABSENCE), key=lambda one: (one.from_on, one.name, one.to_on))

    def audits(self) -> list[Audit]:
        """Return the audits, in order of day and child."""
        return sorted(self.records(AUDIT), key=lambda one: (one.audited_on, one.child_id, one.tool))

    def drawn(self) -> list[Drawn]:
        """Return the cases that were drawn for an audit, in order of due day and child."""
        return sorted(
            self.records(AUDIT_SAMPLE),
            key=lambda one: (one.due_on, one.child_id, one.process, one.drawn_on),
        )

    # ------------------------------------------------------------ changes

    def last_change(self) -> tuple[int, str]:
        """Return the number of the last change and its time; 0 and 1970 before the first."""
        with self.guarded():
            for number, at in self.rows("SELECT id, at FROM change ORDER BY id DESC LIMIT 1"):
                return number, at
            return 0, "1970-01-01T00:00:00Z"

    def made(self) -> list[tuple[int, str, str]]:
        """Return every change in order: its number, its time and its command."""
        return list(self.rows("SELECT id, at, command FROM change ORDER BY id"))

    def as_it_was(self, until: int) -> Reader:
        """
        Return the store as it stood after a change; it can be read while this reader is open.

        Args:
            until: The number of the change.
        """
        return _AsItWas(self, until)

    def chain(self) -> ChangeChain:
        """
        Check the chain of changes, and the schema.

        Raises:
            StoreError: The store cannot be read.
        """
        from iro_cli.store.chain import chain_followed  # noqa: PLC0415 - not on the daily path

        with self.guarded():
            return chain_followed(self._connection, self.store.unlike(self._connection))

    def history(self, child: str | None = None) -> list[HistoryEntry]:
        """Return what every change added and withdrew, the latest change first."""
        with self.guarded():
            from iro_cli.store.history import entries  # noqa: PLC0415 - not on the daily path

            return entries(self, child)


class _AsItWas(Reader):
    """A store as it stood after an earlier change, read through another reader's connection."""

    def __init__(self, now: Reader, until: int) -> None:
        """Keep the reader, because it would close the connection when nothing uses it."""
        super().__init__(now.store, now._connection)  # noqa: SLF001 - it is one of its own kind
        self._now = now
        # A row that a later change withdrew was still standing then.
        self._stands = (
            f"change_id <= {until:d} AND (withdrawn_by IS NULL OR withdrawn_by > {until:d})"
        )

    def close(self) -> None:
        """Leave the connection to the reader that opened it."""


def _ranges(starting: str) -> Iterator[tuple[str, str]]:
    """
    Yield ranges of ids that hold all ids that begin with a text in capitals or small letters.

    The first id of a range is inclusive, the last exclusive.  Each letter doubles the ranges, so
    only the first few letters are varied, and the caller compares the rest.

    >>> list(_ranges("a-1"))
    [('A-1', 'A-2'), ('a-1', 'a-2')]
    """
    found = [""]
    for letter in starting:
        cases = sorted({letter, letter.lower(), letter.upper()}) if letter.isascii() else []
        if not cases or len(found) * len(cases) > 8:
            break
        found = [before + one for before in found for one in cases]
    if not found[0]:
        yield "", "\U0010ffff"
    for first in found if found[0] else ():
        yield first, first[:-1] + chr(ord(first[-1]) + 1)
