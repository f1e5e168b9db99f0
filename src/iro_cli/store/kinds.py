"""
Every kind of row.

Compiled from tables.py by scripts/compile_data.py: change that, and run `make compiled`.
"""

from typing import Any

from iro_cli.dates.working import BankHoliday
from iro_cli.facts.model import Allocation, Authority, Booking, Child, Sighting, Statement, Watch
from iro_cli.facts.people import Absence, Audit, Drawn, Person
from iro_cli.store.kind import Kind

# fmt: off
CHILD_DETAIL: Kind[Child] = Kind(
    name="child",
    table="child_detail",
    columns=(
        "child_id", "label", "date_of_birth", "expected_date_of_delivery", "nation", "team",
        "sibling_group",
    ),
    days=(2, 3),
    key=("child_id",),
    of_child=True,
    on="date_of_birth",
    details=("label", "expected_date_of_delivery", "nation", "team", "sibling_group"),
    make=Child._make,
    values=tuple,
)
FACT: Kind[Statement] = Kind(
    name="fact",
    table="fact",
    columns=(
        "child_id", "event", "happened_on", "outcome", "section_47", "completed_on",
        "reference", "reason", "participation", "note", "quorate", "scaling", "advocacy",
        "attended", "placement", "source", "stated_by",
    ),
    days=(2, 5),
    key=("child_id", "happened_on", "event"),
    of_child=True,
    on="happened_on",
    details=(
        "outcome", "section_47", "completed_on", "participation", "reference", "reason",
        "note", "quorate", "scaling", "advocacy", "attended", "placement", "source",
    ),
    make=Statement.of,
    values=Statement.values,
)
ALLOCATION: Kind[Allocation] = Kind(
    name="allocation",
    table="allocation",
    columns=("child_id", "role", "name", "from_on", "to_on", "reason"),
    days=(3, 4),
    key=("child_id", "role"),
    of_child=True,
    on="from_on",
    details=("role", "name", "to_on", "reason"),
    make=Allocation._make,
    values=tuple,
)
BOOKING: Kind[Booking] = Kind(
    name="booking",
    table="booking",
    columns=("child_id", "timescale", "clock_started", "booked_for", "at_time", "reason"),
    days=(2, 3),
    key=("child_id", "timescale"),
    of_child=True,
    on="booked_for",
    details=("timescale", "at_time", "reason"),
    make=Booking._make,
    values=tuple,
)
WATCH: Kind[Watch] = Kind(
    name="watch",
    table="watch",
    columns=("timescale", "from_on"),
    days=(1,),
    key=("timescale",),
    of_child=False,
    on="from_on",
    details=("timescale",),
    make=Watch._make,
    values=tuple,
)
BANK_HOLIDAY: Kind[BankHoliday] = Kind(
    name="bank holiday",
    table="bank_holiday",
    columns=("day", "name"),
    days=(0,),
    key=("day",),
    of_child=False,
    on="day",
    details=("name",),
    make=BankHoliday._make,
    values=tuple,
)
SIGHTING: Kind[Sighting] = Kind(
    name="statement",
    table="sighting",
    columns=("child_id", "event", "happened_on", "reference", "stated_by", "source"),
    days=(2,),
    key=("child_id", "happened_on", "event", "stated_by"),
    of_child=True,
    on="happened_on",
    details=("stated_by", "source"),
    make=Sighting._make,
    values=tuple,
)
AUTHORITY: Kind[Authority] = Kind(
    name="authority",
    table="authority",
    columns=("code", "stated_by"),
    days=(),
    key=("code", "stated_by"),
    of_child=False,
    on=None,
    details=(),
    make=Authority._make,
    values=tuple,
)
PERSON: Kind[Person] = Kind(
    name="person",
    table="person",
    columns=("name", "full_time_equivalent", "from_on", "to_on", "manages"),
    days=(2, 3),
    key=("name",),
    of_child=False,
    on="from_on",
    details=("name", "full_time_equivalent", "to_on", "manages"),
    make=Person._make,
    values=tuple,
)
ABSENCE: Kind[Absence] = Kind(
    name="absence",
    table="absence",
    columns=("name", "from_on", "to_on", "reason"),
    days=(1, 2),
    key=("name",),
    of_child=False,
    on="from_on",
    details=("name", "to_on", "reason"),
    make=Absence._make,
    values=tuple,
)
AUDIT: Kind[Audit] = Kind(
    name="audit",
    table="audit",
    columns=("child_id", "audited_on", "tool", "grade", "auditor", "iro", "note"),
    days=(1,),
    key=("child_id", "audited_on"),
    of_child=True,
    on="audited_on",
    details=("tool", "grade", "auditor", "iro", "note"),
    make=Audit._make,
    values=tuple,
)
AUDIT_SAMPLE: Kind[Drawn] = Kind(
    name="audit sample",
    table="audit_sample",
    columns=("child_id", "process", "drawn_on", "due_on", "iro", "auditor"),
    days=(2, 3),
    key=("child_id", "process"),
    of_child=True,
    on="due_on",
    details=("process", "iro", "auditor"),
    make=Drawn._make,
    values=tuple,
)

KINDS: tuple[Kind[Any], ...] = (
    CHILD_DETAIL,
    FACT,
    ALLOCATION,
    BOOKING,
    WATCH,
    BANK_HOLIDAY,
    SIGHTING,
    AUTHORITY,
    PERSON,
    ABSENCE,
    AUDIT,
    AUDIT_SAMPLE,
)
