"""
Describe the tables as SQLModel classes; no other module describes a table.

No command imports this module.  ``make compiled`` turns it into what the program uses:
:mod:`.kinds` for reading and writing, and the schema of each engine.  The numbered migrations
bring a released store to the same schema; a test compares the two.

Besides its columns, a class says which record its rows hold (``record``), what the history
calls them (``called``), which column the history shows as their day (``on``; ``None`` if the
history leaves the whole table out), which columns it does not show (``hidden``), and which
columns have another name than the record's field (``columns``).
"""

from datetime import date
from typing import Any, ClassVar

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from iro_cli.dates.working import BankHoliday
from iro_cli.facts.model import (
    Allocation,
    Authority,
    Booking,
    Carried,
    Child,
    LeftOpen,
    NoneHeld,
    Retention,
    Sighting,
    Statement,
    Watch,
)
from iro_cli.facts.people import Absence, Audit, Drawn, Person


class ChangeRow(SQLModel, table=True):
    """One command that changed something: who, when, and what in words."""

    __tablename__ = "change"
    id: int | None = Field(default=None, primary_key=True)
    at: str
    who: str
    command: str
    undoes: int | None = Field(default=None, foreign_key="change.id")
    # The chain: the digest of what the change did and of the change before.  The salt is deleted
    # with erased rows, so that nobody can guess them and compare digests.
    salt: str | None = None
    digest: str | None = None


class ChildRow(SQLModel, table=True):
    """A child's identifier: never withdrawn, so that facts can refer to it."""

    __tablename__ = "child"
    child_id: str = Field(primary_key=True)


class ChangeChildRow(SQLModel, table=True):
    """
    A child for whom a change added or withdrew a row.

    The tables about children are kept in order of child, so that a child is read in one piece.
    This table says in which pieces the rows of a change are.  An index by change would repeat
    nearly the whole of every row.
    """

    __tablename__ = "change_child"
    change_id: int = Field(primary_key=True, foreign_key="change.id")
    child_id: str = Field(primary_key=True, foreign_key="child.child_id")


class ChildAreaRow(SQLModel, table=True):
    """
    A child who has an event of an area, or had one until it was withdrawn.

    The area is the first word of the event's name, such as ``cp`` or ``adoption``.  A question
    about a process finds its children here.  An index by event would repeat nearly the whole of
    every fact.
    """

    __tablename__ = "child_area"
    area: str = Field(primary_key=True)
    child_id: str = Field(primary_key=True, foreign_key="child.child_id")


class FromFileRow(SQLModel, table=True):
    """
    A file that facts came from, and the kind of extract it was.

    Each fact has the number of its file and the row in it.  Written out with each fact, the names
    took a sixth of the store.
    """

    __tablename__ = "source"
    id: int | None = Field(default=None, primary_key=True)
    name: str | None = None
    stated_by: str | None = None


class ErasureRow(SQLModel, table=True):
    """
    A change that lost rows by an erasure, and the digest of what remains of it.

    If a later erasure takes more from the same change, the row of that one counts, and the salt
    here is deleted.
    """

    __tablename__ = "erasure"
    change_id: int = Field(primary_key=True, foreign_key="change.id")
    erased_from: int = Field(primary_key=True, foreign_key="change.id")
    remains: str
    salt: str | None = None


class Versioned(SQLModel):
    """The columns of every row that a change adds and a later one may withdraw."""

    record: ClassVar[Any]
    called: ClassVar[str]
    on: ClassVar[str | None]
    hidden: ClassVar[tuple[str, ...]] = ()
    columns: ClassVar[dict[str, str]] = {}

    change_id: int = Field(primary_key=True, foreign_key="change.id")
    line: int = Field(primary_key=True)
    # If an undo restores a row, this is the change that added it first.  Undoing that change
    # finds the row by it.
    restores: int | None = Field(default=None, foreign_key="change.id")
    withdrawn_by: int | None = Field(default=None, foreign_key="change.id")


class ChildDetailRow(Versioned, table=True):
    """The details of a child."""

    __tablename__ = "child_detail"
    __table_args__ = (
        Index("ix_child_detail_team", "team"),
        Index("ix_child_detail_sibling_group", "sibling_group"),
    )
    record = Child
    called = "child"
    on = "date_of_birth"

    child_id: str = Field(primary_key=True, foreign_key="child.child_id")
    label: str | None = None
    date_of_birth: date | None = None
    expected_date_of_delivery: date | None = None
    nation: str | None = None
    team: str | None = None
    sibling_group: str | None = None


class FactRow(Versioned, table=True):
    """One dated thing that happened to one child."""

    __tablename__ = "fact"
    record = Statement
    called = "fact"
    on = "happened_on"
    hidden = ("stated_by",)
    columns = {"on": "happened_on"}

    child_id: str = Field(primary_key=True, foreign_key="child.child_id")
    happened_on: date = Field(primary_key=True)
    event: str = Field(primary_key=True)
    outcome: str | None = None
    section_47: str | None = None
    completed_on: date | None = None
    participation: str | None = None
    reference: str | None = None
    reason: str | None = None
    note: str | None = None
    quorate: str | None = None
    scaling: str | None = None
    advocacy: str | None = None
    attended: str | None = None
    placement: str | None = None
    source_id: int | None = Field(default=None, foreign_key="source.id")
    source_row: int | None = None


class SightingRow(Versioned, table=True):
    """Another extract that states a fact which was in the store already."""

    __tablename__ = "sighting"
    record = Sighting
    called = "statement"
    on = "happened_on"
    hidden = ("reference",)
    columns = {"on": "happened_on"}

    child_id: str = Field(primary_key=True, foreign_key="child.child_id")
    happened_on: date = Field(primary_key=True)
    event: str = Field(primary_key=True)
    reference: str | None = None
    source_id: int = Field(foreign_key="source.id")
    source_row: int | None = None


class AuthorityRow(Versioned, table=True):
    """The code of the authority whose children a kind of extract is about."""

    __tablename__ = "authority"
    record = Authority
    called = "authority"
    on = None

    code: str = Field(primary_key=True)
    stated_by: str = Field(primary_key=True)


class CarriedRow(Versioned, table=True):
    """Whether a kind of extract carries a kind of event, for some days."""

    __tablename__ = "carried"
    record = Carried
    called = "carried"
    on = None

    source: str = Field(primary_key=True)
    event: str = Field(primary_key=True)
    lacks: str | None = None
    from_on: date | None = None
    to_on: date | None = None


class UnsaidRow(Versioned, table=True):
    """
    Events that an extract leaves out for one child, although other rows of it show them.

    The kinds of event that are left out for one reason are in one text, separated by spaces.  If
    the reason is refused rows, these are in one text too, one on each line.
    """

    __tablename__ = "unsaid"
    record = LeftOpen
    called = "unsaid"
    on = None

    child_id: str = Field(primary_key=True, foreign_key="child.child_id")
    source: str = Field(primary_key=True)
    events: str
    lacks: str
    from_on: date | None = None
    to_on: date | None = None
    refused: str | None = None


class NoneHeldRow(Versioned, table=True):
    """The day up to which an extract proves that no meeting was held before the latest one."""

    __tablename__ = "none_held"
    record = NoneHeld
    called = "none held"
    on = None

    child_id: str = Field(primary_key=True, foreign_key="child.child_id")
    source: str = Field(primary_key=True)
    event: str = Field(primary_key=True)
    latest_on: date
    none_to: date


class AllocationRow(Versioned, table=True):
    """The IRO or chair of a child between two days, both inclusive."""

    __tablename__ = "allocation"
    __table_args__ = (Index("ix_allocation_name", "name"),)
    record = Allocation
    called = "allocation"
    on = "from_on"

    child_id: str = Field(primary_key=True, foreign_key="child.child_id")
    role: str = Field(primary_key=True)
    name: str
    from_on: date | None = None
    to_on: date | None = None
    reason: str | None = None


class BookingRow(Versioned, table=True):
    """The planned meeting for an open timescale."""

    __tablename__ = "booking"
    record = Booking
    called = "booking"
    on = "booked_for"
    hidden = ("clock_started",)
    columns = {"on": "booked_for", "at": "at_time"}

    child_id: str = Field(primary_key=True, foreign_key="child.child_id")
    timescale: str = Field(primary_key=True)
    clock_started: date | None = None
    booked_for: date
    at_time: str | None = None
    reason: str | None = None


class WatchRow(Versioned, table=True):
    """A timescale that somebody turned on, for clocks that start from a day on."""

    __tablename__ = "watch"
    record = Watch
    called = "watch"
    on = "from_on"

    timescale: str = Field(primary_key=True)
    from_on: date


class RetentionRow(Versioned, table=True):
    """How many years an authority keeps the records of children in a process."""

    __tablename__ = "retention"
    record = Retention
    called = "retention"
    on = "from_on"

    process: str = Field(primary_key=True)
    years: int
    since: str
    from_on: date


class BankHolidayRow(Versioned, table=True):
    """A bank holiday proclaimed since this version of the program was made."""

    __tablename__ = "bank_holiday"
    record = BankHoliday
    called = "bank holiday"
    on = "day"

    day: date = Field(primary_key=True)
    name: str


class PersonRow(Versioned, table=True):
    """An IRO or chair: working hours between two days, and the team they manage, if any."""

    __tablename__ = "person"
    record = Person
    called = "person"
    on = "from_on"

    name: str = Field(primary_key=True)
    full_time_equivalent: float | None = None
    from_on: date | None = None
    to_on: date | None = None
    manages: str | None = None


class AbsenceRow(Versioned, table=True):
    """A time in which a person is away, both days inclusive."""

    __tablename__ = "absence"
    record = Absence
    called = "absence"
    on = "from_on"

    name: str = Field(primary_key=True)
    from_on: date
    to_on: date
    reason: str | None = None


class AuditRow(Versioned, table=True):
    """One audit of one child's case."""

    __tablename__ = "audit"
    record = Audit
    called = "audit"
    on = "audited_on"

    child_id: str = Field(primary_key=True, foreign_key="child.child_id")
    audited_on: date = Field(primary_key=True)
    tool: str
    grade: str
    auditor: str | None = None
    iro: str | None = None
    note: str | None = None


class AuditSampleRow(Versioned, table=True):
    """A case that was drawn to be audited by a day."""

    __tablename__ = "audit_sample"
    record = Drawn
    called = "audit sample"
    on = "due_on"
    hidden = ("drawn_on",)

    child_id: str = Field(primary_key=True, foreign_key="child.child_id")
    process: str = Field(primary_key=True)
    drawn_on: date
    due_on: date
    iro: str | None = None
    auditor: str | None = None


# The order in which the history and an undo go through them.
VERSIONED: tuple[type[Versioned], ...] = (
    ChildDetailRow,
    FactRow,
    AllocationRow,
    BookingRow,
    WatchRow,
    BankHolidayRow,
    SightingRow,
    AuthorityRow,
    PersonRow,
    AbsenceRow,
    AuditRow,
    AuditSampleRow,
    CarriedRow,
    UnsaidRow,
    NoneHeldRow,
    RetentionRow,
)
TABLES: tuple[type[SQLModel], ...] = (
    ChangeRow,
    ChildRow,
    ChangeChildRow,
    ChildAreaRow,
    FromFileRow,
    ErasureRow,
    *VERSIONED,
)
