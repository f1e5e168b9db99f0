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
    quorate: str | None = None
    scaling: str | None = None
    advocacy: str | None = None
    attended: str | None = None
    source: str | None = None
    stated_by: str | None = None


class Sighting(Versioned, table=True):
    """Another extract that states a fact which stood there already."""

    __tablename__ = "sighting"
    child_id: str = Field(primary_key=True, foreign_key="child.child_id")
    happened_on: date = Field(primary_key=True)
    event: str = Field(primary_key=True)
    stated_by: str = Field(primary_key=True)
    reference: str | None = None
    source: str | None = None


class AuthorityRow(Versioned, table=True):
    """Whose children a kind of extract is about, by the authority's code."""

    __tablename__ = "authority"
    code: str = Field(primary_key=True)
    stated_by: str = Field(primary_key=True)


class AllocationRow(Versioned, table=True):
    """Whose a child is, between two days."""

    __tablename__ = "allocation"
    child_id: str = Field(primary_key=True, foreign_key="child.child_id")
    role: str = Field(primary_key=True)
    name: str
    from_on: date | None = None
    to_on: date | None = None
    reason: str | None = None


class BookingRow(Versioned, table=True):
    """The meeting that is planned for an open timescale."""

    __tablename__ = "booking"
    child_id: str = Field(primary_key=True, foreign_key="child.child_id")
    timescale: str = Field(primary_key=True)
    clock_started: date | None = None
    booked_for: date
    at_time: str | None = None
    reason: str | None = None


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


class PersonRow(Versioned, table=True):
    """An IRO or chair: working hours between two days, and the team they manage, if any."""

    __tablename__ = "person"
    name: str = Field(primary_key=True)
    full_time_equivalent: float | None = None
    from_on: date | None = None
    to_on: date | None = None
    manages: str | None = None


class AbsenceRow(Versioned, table=True):
    """When a person is away, both days inclusive."""

    __tablename__ = "absence"
    name: str = Field(primary_key=True)
    from_on: date
    to_on: date
    reason: str | None = None


class AuditRow(Versioned, table=True):
    """One audit of one child's case."""

    __tablename__ = "audit"
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
    child_id: str = Field(primary_key=True, foreign_key="child.child_id")
    process: str = Field(primary_key=True)
    drawn_on: date
    due_on: date
    iro: str | None = None
    auditor: str | None = None


VERSIONED: tuple[type[Versioned], ...] = (
    ChildDetail,
    Fact,
    AllocationRow,
    BookingRow,
    WatchRow,
    BankHolidayRow,
    Sighting,
    AuthorityRow,
    PersonRow,
    AbsenceRow,
    AuditRow,
    AuditSampleRow,
)
