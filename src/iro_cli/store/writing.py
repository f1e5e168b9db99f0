"""
Writes the store: one ``BEGIN IMMEDIATE`` transaction for each command.

Nothing is overwritten.  A row is added by one change and may be withdrawn by
a later one; undo withdraws what a change added and adds again what it withdrew.
"""

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Engine, create_engine, event, insert, or_, update
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session, col, select

from iro_cli.errors import InputRefusedError
from iro_cli.facts.model import Allocation, Booking, Child, Event
from iro_cli.store.bulk import PRAGMAS
from iro_cli.store.location import as_store_error
from iro_cli.store.migrations import prepare
from iro_cli.store.tables import (
    VERSIONED,
    AllocationRow,
    BankHolidayRow,
    BookingRow,
    Change,
    ChildDetail,
    ChildRow,
    Fact,
    Versioned,
    WatchRow,
)


def _engine(path: Path) -> Engine:
    # A path in a URL's text would be read as one: "%41" as "A", what follows "?" as options.
    where = URL.create("sqlite", database=str(path.absolute()))
    engine = create_engine(where, hide_parameters=True)

    @event.listens_for(engine, "connect")
    def _connected(connection: sqlite3.Connection, _: object) -> None:
        # pysqlite would begin a deferred transaction of its own, and lose updates.
        connection.isolation_level = None
        for pragma in PRAGMAS:
            connection.execute(pragma)

    @event.listens_for(engine, "begin")
    def _begun(connection: Any) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    return engine


class Writer:
    """
    One change, inside its transaction.

    Attributes:
        session: The SQLModel session.
        change_id: The number of this change.
        count: How many rows it added or withdrew.
    """

    def __init__(self, session: Session, change: Change) -> None:
        """Wrap a session whose change row is already there."""
        self.session = session
        self.change = change
        self.change_id = change.id or 0
        self.count = 0
        self._line = 0

    def _next(self) -> dict[str, int]:
        self._line += 1
        self.count += 1
        return {"change_id": self.change_id, "line": self._line}

    # ------------------------------------------------------------ what stands

    def facts(self, children: Iterable[str] | None = None) -> dict[str, list[Fact]]:
        """Return the facts that stand, by child, in order."""
        statement = select(Fact).where(col(Fact.withdrawn_by).is_(None))
        if children is not None:
            statement = statement.where(col(Fact.child_id).in_(list(children)))
        found: dict[str, list[Fact]] = {}
        for fact in self.session.exec(
            statement.order_by(col(Fact.child_id), col(Fact.happened_on), col(Fact.event))
        ):
            found.setdefault(fact.child_id, []).append(fact)
        return found

    def children(self) -> dict[str, ChildDetail]:
        """Return the details that stand, by child."""
        statement = select(ChildDetail).where(col(ChildDetail.withdrawn_by).is_(None))
        return {row.child_id: row for row in self.session.exec(statement)}

    def allocations(self) -> dict[tuple[str, str], list[AllocationRow]]:
        """Return the allocations that stand, by child and role."""
        found: dict[tuple[str, str], list[AllocationRow]] = {}
        statement = select(AllocationRow).where(col(AllocationRow.withdrawn_by).is_(None))
        for row in self.session.exec(statement):
            found.setdefault((row.child_id, row.role), []).append(row)
        return found

    # ------------------------------------------------------------ additions

    def withdraw(self, row: Versioned) -> None:
        """Withdraw one row that stands."""
        self.session.flush()
        row.withdrawn_by = self.change_id
        self.session.add(row)
        self.count += 1

    def put_child(self, child: Child) -> None:
        """Add a child, or put these details in the place of those that stand."""
        if self.session.get(ChildRow, child.child_id) is None:
            self.session.add(ChildRow(child_id=child.child_id))
            self.session.flush()
        else:
            standing = select(ChildDetail).where(
                col(ChildDetail.child_id) == child.child_id, col(ChildDetail.withdrawn_by).is_(None)
            )
            for row in self.session.exec(standing).all():
                self.withdraw(row)
        self.session.add(ChildDetail.model_validate({**child._asdict(), **self._next()}))

    def put_children(self, children: Iterable[Child]) -> None:
        """Add many children who are not there yet."""
        rows = [{**child._asdict(), **self._next()} for child in children]
        if rows:
            known = set(self.session.exec(select(ChildRow.child_id)))
            fresh = [{"child_id": r["child_id"]} for r in rows if r["child_id"] not in known]
            if fresh:
                self.session.execute(insert(ChildRow), fresh)
            self.session.execute(insert(ChildDetail), rows)

    def add_facts(self, facts: Iterable[tuple[str, Event, str | None]]) -> None:
        """Add facts: child, event and where it came from."""
        rows = []
        for child_id, fact, source in facts:
            row = fact._asdict()
            row["happened_on"] = row.pop("on")
            rows.append({**row, "child_id": child_id, "source": source, **self._next()})
        if rows:
            self.session.execute(insert(Fact), rows)

    def allocate(self, allocations: Iterable[Allocation]) -> None:
        """Add allocations."""
        rows = [{**one._asdict(), **self._next()} for one in allocations]
        if rows:
            self.session.execute(insert(AllocationRow), rows)

    def book(self, booking: Booking) -> None:
        """Add a booking."""
        self.session.add(
            BookingRow(
                child_id=booking.child_id,
                timescale=booking.timescale,
                clock_started=booking.clock_started,
                booked_for=booking.on,
                at_time=booking.at,
                reason=booking.reason,
                **self._next(),
            )
        )

    def watch(self, timescale: str, begins: date) -> None:
        """Turn a timescale on for clocks that start on or after a day."""
        self.session.add(WatchRow(timescale=timescale, from_on=begins, **self._next()))

    def add_bank_holiday(self, day: date, name: str) -> None:
        """Add a bank holiday."""
        self.session.add(BankHolidayRow(day=day, name=name, **self._next()))

    def add(self, table: type[Versioned], **values: Any) -> None:
        """Add a row to a table, as it is given."""
        self.session.add(table(**values, **self._next()))

    def standing(self, table: type[Versioned]) -> list[Any]:
        """Return the rows of a table that stand."""
        return list(self.session.exec(select(table).where(col(table.withdrawn_by).is_(None))))

    # ------------------------------------------------------------ undo

    def last_change(self) -> Change:
        """
        Return the last change that has not been undone and is not itself an undo.

        Raises:
            InputRefusedError: There is none.
        """
        undone = select(Change.undoes).where(col(Change.undoes).is_not(None))
        statement = (
            select(Change)
            .where(
                col(Change.undoes).is_(None),
                col(Change.id).not_in(undone),
                col(Change.id) != self.change_id,
            )
            .order_by(col(Change.id).desc())
            .limit(1)
        )
        found = self.session.exec(statement).first()
        if found is None:
            raise InputRefusedError("there is nothing to undo")
        return found

    def take_back(self, change: Change) -> None:
        """Withdraw what a change added, and add again what it withdrew."""
        self.change.undoes = change.id
        self.session.add(self.change)
        self.count += 1
        for table in VERSIONED:
            again = [
                {
                    **row.model_dump(exclude={"withdrawn_by", "change_id", "line"}),
                    "restores": row.restores or row.change_id,
                }
                for row in self.session.exec(
                    select(table)
                    .where(col(table.withdrawn_by) == change.id, col(table.change_id) != change.id)
                    .order_by(col(table.change_id), col(table.line))
                )
            ]
            # What an earlier undo added again in this change's name is this change's too.
            own = or_(col(table.change_id) == change.id, col(table.restores) == change.id)
            self.session.execute(
                update(table)
                .where(own, col(table.withdrawn_by).is_(None))
                .values(withdrawn_by=self.change_id)
            )
            if again:
                self.session.execute(insert(table), [{**row, **self._next()} for row in again])


class Nothing(Exception):  # noqa: N818 - not an error: it leaves a change that changed nothing
    """Raised inside a change to leave the store as it was."""


@contextmanager
def change(path: Path, *, at: str, who: str, command: str) -> Iterator[Writer]:
    """
    Open the store and make one change to it, whole or not at all.

    Args:
        path: The store; it is made if it is missing.
        at: The moment, as text.
        who: Who makes the change.
        command: The command, in words, for the history.

    Raises:
        StoreError: The store cannot be written.
    """
    prepare(path)
    engine = _engine(path)
    try:
        with Session(engine) as session:
            row = Change(at=at, who=who, command=command)
            session.add(row)
            session.flush()
            try:
                writer = Writer(session, row)
                yield writer
                session.flush()
                if writer.count:
                    session.commit()
                else:
                    session.rollback()
            except Nothing:
                session.rollback()
    except DBAPIError as error:
        cause = error.orig if isinstance(error.orig, sqlite3.Error) else sqlite3.Error(str(error))
        raise as_store_error(cause, path) from None
    finally:
        engine.dispose()
