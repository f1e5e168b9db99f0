"""Reads the store: what stands, of every child or of those that are asked for."""

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

# The children that are asked for: one, several, or all where it is ``None``.
Only = str | Collection[str] | None
# What reading gives where a page was overwritten with something that is still a database.
_DAMAGE: tuple[type[Exception], ...] = (ValueError, TypeError, KeyError)
# From how many children on it is asked whether they are most of them.
_MANY_CHILDREN = 5_000
_STANDS = "withdrawn_by IS NULL"
# What clocks depend on: the first values of a fact, after whose it is.
_LEAN = 7
_NOT_READ = (None,) * (1 + len(Event._fields) - _LEAN)
_CHILDREN = f"SELECT {', '.join(CHILD_DETAIL.columns)} FROM {CHILD_DETAIL.table} WHERE "
_ALLOCATIONS = f"SELECT {', '.join(ALLOCATION.columns)} FROM {ALLOCATION.table} WHERE "
_HELD = f"SELECT {', '.join(ALLOCATION.columns[:5])} FROM {ALLOCATION.table} WHERE "
# As the facts are kept: whoever reads them in this order need not sort them.
_AS_KEPT = ", ".join((*FACT.key, "change_id", "line"))
# In the order in which they begin, as :func:`.holders` takes them.
_AS_BEGUN = "child_id, role, from_on NULLS FIRST, change_id, line"


class Standing(Generic[Record]):
    """
    A row that stands.

    Attributes:
        record: What it says.
        change_id: The change that added it.
        line: Which row of that change it is.
    """

    __slots__ = ("change_id", "line", "record")

    def __init__(self, record: Record, change_id: int, line: int) -> None:
        """Take what was read."""
        self.record = record
        self.change_id = change_id
        self.line = line


class _Guard:
    """Within it, what cannot be read is said in the store's own words."""

    def __init__(self, store: Store, damage: tuple[type[Exception], ...]) -> None:
        self._store, self._damage = store, damage

    def __enter__(self) -> None:
        pass

    def __exit__(self, _: object, error: BaseException | None, __: object) -> None:
        if isinstance(error, self._damage):
            raise self._store.refusal(error) from None


class _DaysByText(dict[str | None, date | None]):
    """Days by their text, each read once."""

    def __missing__(self, text: str | None) -> date | None:
        self[text] = day = date.fromisoformat(text) if text else None
        return day


def _marks(values: Collection[object]) -> str:
    return ", ".join("?" * len(values))


def _whole(rows: Iterable[Sequence[str]]) -> Iterator[tuple[str, list[Event]]]:
    """Gather rows with every detail into the events of each child."""
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
    Gather rows with what clocks depend on into the events of each child.

    All England is a million rows.  Each is made an event by what makes a tuple: the constructor
    of a named one takes twice as long, and to look for one that is the same longer than both.
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
    A store open for reading: all of it as it stood at one moment.

    Args:
        store: The store.
        connection: Open in a transaction of its own.
    """

    def __init__(self, store: Store, connection: Connection) -> None:
        """Take the connection over."""
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
        """Close the store with the last question about it."""
        self.close()

    def close(self) -> None:
        """Close the store."""
        self._connection.close()

    def guarded(self) -> _Guard:
        """
        Say what cannot be read, or is not what it should be, in the store's own words.

        Raises:
            StoreError: The store cannot be read, or is damaged.
        """
        return _Guard(self.store, self._damage)

    def rows(self, statement: str, *parameters: object) -> Iterator[Any]:
        """
        Yield what a statement finds.

        Raises:
            StoreError: The store cannot be read.
        """
        with self.guarded():
            yield from self._connection.execute(statement, parameters)

    def parts_of(self, only: Only) -> Iterator[tuple[str, Sequence[object]]]:
        """Yield the condition that picks the children asked for, and its values, in their order."""
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
        """Yield what a statement finds of the children asked for, its ``{where}`` filled in."""
        for where, children in self.parts_of(only):
            yield from self._connection.execute(statement.format(where=where), children)

    # ------------------------------------------------------------ any kind

    def standing(self, kind: Kind[Record], only: Only = None) -> list[Standing[Record]]:
        """
        Return the rows of a kind that stand, in order of their key, then of when they were added.

        Args:
            kind: The kind.
            only: The children asked for; not of a kind that is about none.
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
        """Return the files that facts came from, with the kind of extract of each, by number."""
        with self.guarded():
            rows = self.rows("SELECT id, name, stated_by FROM source")
            return {None: (None, None)} | {number: (name, by) for number, name, by in rows}

    def records(self, kind: Kind[Record], only: Only = None) -> list[Record]:
        """Return what the rows of a kind that stand say, in the same order."""
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
        Yield each child that has events, with those up to a day, in order.

        Args:
            as_of: The last day whose events are known (inclusive).
            only: The children asked for.
            whole: With every detail, not only those that a clock depends on.
            named: Only these kinds of event, where not all are asked for.
            telling: The kinds of event that are given also where they are later.
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
        Return some kinds of event of the children, each with its day and who states it.

        Args:
            names: The kinds of event.
            until: The last day on which they happened (inclusive).
            only: The children asked for.

        Returns:
            By child; ``None`` for what a person states.  Of an event that several state there
            are several.
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

    def has_facts(self) -> bool:
        """Say whether a fact of any child is known, or was."""
        return any(self.rows("SELECT 1 FROM child_area LIMIT 1"))

    def event_names(self) -> frozenset[str]:
        """Return the kinds of event that there are."""
        with self.guarded():
            rows = self.rows(f"SELECT DISTINCT event FROM {FACT.table} WHERE {self._stands}")
            return frozenset(name for (name,) in rows)

    def children(self, only: Only = None) -> dict[str, Child]:
        """Return what is known of the children, by id, in order."""
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
        Return the children asked for, where they are many, and most of all that there are.

        Then everybody is read: to find them part by part takes longer, and a server that does not
        know yet how many there are reads everybody for each part.
        """
        if only is None or isinstance(only, str) or len(only) < _MANY_CHILDREN:
            return None
        asked = frozenset(only)
        ((every,),) = self.rows("SELECT count(*) FROM child")
        return asked if every < 2 * len(asked) else None

    def allocations(self, only: Only = None) -> dict[str, list[Allocation]]:
        """Return who the children are allocated to, ever, by child, in order of beginning."""
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
        """Return who holds each child on a day, by child and role."""
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
            starting: How they begin, in letters of either case.
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
        """Say whether any child is or was allocated to anybody."""
        return any(self.rows(f"SELECT 1 FROM {ALLOCATION.table} WHERE {self._stands} LIMIT 1"))

    def holder_names(self) -> list[str]:
        """Return the names to which children are or were allocated, in order."""
        return self._distinct(ALLOCATION, "name")

    def teams(self) -> list[str]:
        """Return the teams that children belong to, in order."""
        return self._distinct(CHILD_DETAIL, "team")

    def _distinct(self, kind: Kind[Any], column: str) -> list[str]:
        """Return the values of a column, each found by its index behind the one before."""
        least = f"SELECT min({column}) FROM {kind.table} WHERE {self._stands}"
        return [
            value
            for (value,) in self.rows(
                f"WITH RECURSIVE one (value) AS ({least} AND {column} IS NOT NULL UNION ALL "
                f"SELECT ({least} AND {column} > one.value) FROM one WHERE one.value IS NOT NULL) "
                "SELECT value FROM one WHERE value IS NOT NULL"
            )
        ]

    def held_by(self, name: str) -> set[str]:
        """Return the children who are or were allocated to a name, in letters of either case."""
        return self._among(ALLOCATION, "name", self.holder_names(), name)

    def in_team(self, name: str) -> set[str]:
        """Return the children of a team, in letters of either case."""
        return self._among(CHILD_DETAIL, "team", self.teams(), name)

    def _among(self, kind: Kind[Any], column: str, values: Iterable[str], wanted: str) -> set[str]:
        folded = wanted.casefold()
        return self._having(kind, column, [one for one in values if one.casefold() == folded])

    def siblings(self, only: Only) -> set[str]:
        """Return the children asked for and everybody of their sibling groups."""
        asked = self.children(only)
        groups = {one.sibling_group for one in asked.values()} - {None}
        return {*asked, *self._having(CHILD_DETAIL, "sibling_group", sorted(map(str, groups)))}

    def of_other_nations(self, nation: str) -> set[str]:
        """Return the children whose own nation is known, and is another."""
        rows = self.rows(
            f"SELECT child_id FROM {CHILD_DETAIL.table} WHERE {self._stands} AND nation <> ?",
            nation,
        )
        return {child_id for (child_id,) in rows}

    def with_events(self, names: Collection[str]) -> set[str]:
        """
        Return the children of whom any of these events is known.

        There may be others among them, of whom another event of the same areas is known, or
        was: what an event's name begins with is all that the store has an index of.
        """
        areas = sorted({name.partition(".")[0] for name in names})
        rows = self.rows(f"SELECT child_id FROM child_area WHERE area IN ({_marks(areas)})", *areas)
        return {child_id for (child_id,) in rows}

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
        """Return the timescales somebody turned on, each with the day it is watched from."""
        return dict(sorted((one.timescale, one.from_on) for one in self.records(WATCH)))

    def carried(self) -> list[Carried]:
        """Return which events the extracts carry, and of which days."""
        return self.records(CARRIED)

    def unsaid(self, only: Only = None) -> list[Unsaid]:
        """Return what extracts do not say of single children, or of those asked for."""
        every = (one for row in self.records(UNSAID, only) for one in row.each)
        return sorted(every, key=itemgetter(0, 1, 2))

    def none_held(self, only: Only = None) -> dict[str, dict[tuple[str, date], date]]:
        """
        Return the last day to which none was held before a latest meeting.

        Returns:
            By child, and then by the kind and the day of the meeting.
        """
        found: dict[str, dict[tuple[str, date], date]] = {}
        for child_id, _, event, latest_on, none_to in self.records(NONE_HELD, only):
            own = found.setdefault(child_id, {})
            own[event, latest_on] = max(none_to, own.get((event, latest_on), none_to))
        return found

    def retention(self) -> list[Retention]:
        """Return how long records are kept, as it was set."""
        return self.records(RETENTION)

    def additions(self) -> tuple[BankHoliday, ...]:
        """Return the bank holidays added locally, in order."""
        return tuple(sorted(self.records(BANK_HOLIDAY), key=lambda one: one.day))

    def people(self) -> list[Person]:
        """Return what is known of IROs and chairs, by name and time."""
        return sorted(
            self.records(PERSON),
            key=lambda one: (one.name.casefold(), one.name, one.from_on or date.min),
        )

    def absences(self) -> list[Absence]:
        """Return when people are away, by the day it begins."""
        return sorted(self.records(ABSENCE), key=lambda one: (one.from_on, one.name, one.to_on))

    def audits(self) -> list[Audit]:
        """Return the audits, by day and child."""
        return sorted(self.records(AUDIT), key=lambda one: (one.audited_on, one.child_id, one.tool))

    def drawn(self) -> list[Drawn]:
        """Return the cases that were drawn for an audit, by due day and child."""
        return sorted(
            self.records(AUDIT_SAMPLE),
            key=lambda one: (one.due_on, one.child_id, one.process, one.drawn_on),
        )

    # ------------------------------------------------------------ changes

    def last_change(self) -> tuple[int, str]:
        """Return the number of the last change, and when it was made; nought before the first."""
        with self.guarded():
            for number, at in self.rows("SELECT id, at FROM change ORDER BY id DESC LIMIT 1"):
                return number, at
            return 0, "1970-01-01T00:00:00Z"

    def made(self) -> list[tuple[int, str, str]]:
        """Return every change in order: its number, when it was made, and its command."""
        return list(self.rows("SELECT id, at, command FROM change ORDER BY id"))

    def as_it_was(self, until: int) -> Reader:
        """
        Return the same store as it stood after a change, as long as this reader is open.

        Args:
            until: The number of the change.
        """
        return _AsItWas(self, until)

    def chain(self) -> ChangeChain:
        """
        Go through the chain of changes, and the schema that holds it.

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
    """A store as it stood after a change, through the connection of another reader."""

    def __init__(self, now: Reader, until: int) -> None:
        """Keep the reader, whose connection it is."""
        super().__init__(now.store, now._connection)  # noqa: SLF001 - it is one of its own kind
        self._now = now
        # What a later change withdrew stood then.
        self._stands = (
            f"change_id <= {until:d} AND (withdrawn_by IS NULL OR withdrawn_by > {until:d})"
        )

    def close(self) -> None:
        """Leave the connection to the reader that opened it."""


def _ranges(starting: str) -> Iterator[tuple[str, str]]:
    """
    Yield the ranges of ids that begin with a text in letters of either case.

    Each letter of either case doubles them, so that only the first few are
    varied, and whoever asks looks at the rest.

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
