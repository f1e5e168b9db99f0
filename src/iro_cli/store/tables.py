"""
The tables, as SQLModel classes without behaviour.

The schema itself is made by the numbered migrations; a test holds the two
together.  Rows here are not domain objects: SQLModel does not validate them.
"""

from datetime import date

from sqlmodel import Field, SQLModel


class Change(SQLModel, table=True):
    """One command that changed something: who, when, and what in words."""

    __tablename__ = "change"
    id: int | None = Field(default=None, primary_key=True)
    at: str
    who: str
    command: str
    undoes: int | None = Field(default=None, foreign_key="change.id")


class ChildRow(SQLModel, table=True):
    """A child's identifier: never withdrawn, so that facts can refer to it."""

    __tablename__ = "child"
    child_id: str = Field(primary_key=True)


class Versioned(SQLModel):
    """What every row has that a change adds and a later one may withdraw."""

    change_id: int = Field(primary_key=True, foreign_key="change.id")
    line: int = Field(primary_key=True)
    restores: int | None = Field(default=None, foreign_key="change.id")
    withdrawn_by: int | None = Field(default=None, foreign_key="change.id")


class ChildDetail(Versioned, table=True):
    """What is known about a child besides events."""

    __tablename__ = "child_detail"
    child_id: str = Field(primary_key=True, foreign_key="child.child_id")
    label: str | None = None
    date_of_birth: date | None = None
    expected_date_of_delivery: date | None = None
    nation: str | None = None
    team: str | None = None
    sibling_group: str | None = None


class Fact(Versioned, table=True):
    """One dated thing that happened to one child."""

    __tablename__ = "fact"
    child_id: str = Field(primary_key=True, foreign_key="child.child_id")
    happened_on: date = Field(primary_key=True)
    event: str = Field(primary_key=True)
    outcome: str | None = None
    section_47: str | None = None
    completed_on: date | None = None
    reference: str | None = None
    reason: str | None = None
    participation: str | None = None
    note: str | None = None
    source: str | None = None


class AllocationRow(Versioned, table=True):
    """Whose a child is, between two days."""

    __tablename__ = "allocation"
    child_id: str = Field(primary_key=True, foreign_key="child.child_id")
    role: str = Field(primary_key=True)
    name: str
    from_on: date | None = None
    to_on: date | None = None


class BookingRow(Versioned, table=True):
    """The meeting that is planned for an open timescale."""

    __tablename__ = "booking"
    child_id: str = Field(primary_key=True, foreign_key="child.child_id")
    timescale: str = Field(primary_key=True)
    clock_started: date | None = None
    booked_for: date
    at_time: str | None = None


class WatchRow(Versioned, table=True):
    """A timescale that somebody turned on, for clocks that start from a day on."""

    __tablename__ = "watch"
    timescale: str = Field(primary_key=True)
    from_on: date


class BankHolidayRow(Versioned, table=True):
    """A bank holiday proclaimed since this version of the program was made."""

    __tablename__ = "bank_holiday"
    day: date = Field(primary_key=True)
    name: str


VERSIONED: tuple[type[Versioned], ...] = (
    ChildDetail,
    Fact,
    AllocationRow,
    BookingRow,
    WatchRow,
    BankHolidayRow,
)
