"""
Every kind of row.

Compiled from tables.py by scripts/compile_data.py: change that, and run `make compiled`.
"""

from __future__ import annotations

from iro_cli.lean import TYPE_CHECKING, Any
from iro_cli.store.kind import Kind

if TYPE_CHECKING:
    from iro_cli.dates.working import (
        BankHoliday,
    )
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
    from iro_cli.facts.people import (
        Absence,
        Audit,
        Drawn,
        Person,
    )

# fmt: off
CHILD_DETAIL: Kind[Child] = Kind(
    name="child",
    table="child_detail",
    record="iro_cli.facts.model:Child",
    columns=(
        "child_id", "label", "date_of_birth", "expected_date_of_delivery", "nation", "team",
        "sibling_group",
    ),
    days=(2, 3),
    source=None,
    key=("child_id",),
    of_child=True,
    on="date_of_birth",
    details=("label", "expected_date_of_delivery", "nation", "team", "sibling_group"),
)
FACT: Kind[Statement] = Kind(
    name="fact",
    table="fact",
    record="iro_cli.facts.model:Statement",
    columns=(
        "child_id", "event", "happened_on", "outcome", "section_47", "completed_on",
        "reference", "reason", "participation", "note", "quorate", "scaling", "advocacy",
        "attended", "placement", "source_id", "source_row",
    ),
    days=(2, 5),
    source=15,
    key=("child_id", "happened_on", "event"),
    of_child=True,
    on="happened_on",
    details=(
        "outcome", "section_47", "completed_on", "participation", "reference", "reason",
        "note", "quorate", "scaling", "advocacy", "attended", "placement", "source",
    ),
)
ALLOCATION: Kind[Allocation] = Kind(
    name="allocation",
    table="allocation",
    record="iro_cli.facts.model:Allocation",
    columns=("child_id", "role", "name", "from_on", "to_on", "reason"),
    days=(3, 4),
    source=None,
    key=("child_id", "role"),
    of_child=True,
    on="from_on",
    details=("role", "name", "to_on", "reason"),
)
BOOKING: Kind[Booking] = Kind(
    name="booking",
    table="booking",
    record="iro_cli.facts.model:Booking",
    columns=("child_id", "timescale", "clock_started", "booked_for", "at_time", "reason"),
    days=(2, 3),
    source=None,
    key=("child_id", "timescale"),
    of_child=True,
    on="booked_for",
    details=("timescale", "at_time", "reason"),
)
WATCH: Kind[Watch] = Kind(
    name="watch",
    table="watch",
    record="iro_cli.facts.model:Watch",
    columns=("timescale", "from_on"),
    days=(1,),
    source=None,
    key=("timescale",),
    of_child=False,
    on="from_on",
    details=("timescale",),
)
BANK_HOLIDAY: Kind[BankHoliday] = Kind(
    name="bank holiday",
    table="bank_holiday",
    record="iro_cli.dates.working:BankHoliday",
    columns=("day", "name"),
    days=(0,),
    source=None,
    key=("day",),
    of_child=False,
    on="day",
    details=("name",),
)
SIGHTING: Kind[Sighting] = Kind(
    name="statement",
    table="sighting",
    record="iro_cli.facts.model:Sighting",
    columns=("child_id", "event", "happened_on", "reference", "source_id", "source_row"),
    days=(2,),
    source=4,
    key=("child_id", "happened_on", "event"),
    of_child=True,
    on="happened_on",
    details=("stated_by", "source"),
)
AUTHORITY: Kind[Authority] = Kind(
    name="authority",
    table="authority",
    record="iro_cli.facts.model:Authority",
    columns=("code", "stated_by"),
    days=(),
    source=None,
    key=("code", "stated_by"),
    of_child=False,
    on=None,
    details=(),
)
PERSON: Kind[Person] = Kind(
    name="person",
    table="person",
    record="iro_cli.facts.people:Person",
    columns=("name", "full_time_equivalent", "from_on", "to_on", "manages"),
    days=(2, 3),
    source=None,
    key=("name",),
    of_child=False,
    on="from_on",
    details=("name", "full_time_equivalent", "to_on", "manages"),
)
ABSENCE: Kind[Absence] = Kind(
    name="absence",
    table="absence",
    record="iro_cli.facts.people:Absence",
    columns=("name", "from_on", "to_on", "reason"),
    days=(1, 2),
    source=None,
    key=("name",),
    of_child=False,
    on="from_on",
    details=("name", "to_on", "reason"),
)
AUDIT: Kind[Audit] = Kind(
    name="audit",
    table="audit",
    record="iro_cli.facts.people:Audit",
    columns=("child_id", "audited_on", "tool", "grade", "auditor", "iro", "note"),
    days=(1,),
    source=None,
    key=("child_id", "audited_on"),
    of_child=True,
    on="audited_on",
    details=("tool", "grade", "auditor", "iro", "note"),
)
AUDIT_SAMPLE: Kind[Drawn] = Kind(
    name="audit sample",
    table="audit_sample",
    record="iro_cli.facts.people:Drawn",
    columns=("child_id", "process", "drawn_on", "due_on", "iro", "auditor"),
    days=(2, 3),
    source=None,
    key=("child_id", "process"),
    of_child=True,
    on="due_on",
    details=("process", "iro", "auditor"),
)
CARRIED: Kind[Carried] = Kind(
    name="carried",
    table="carried",
    record="iro_cli.facts.model:Carried",
    columns=("source", "event", "lacks", "from_on", "to_on"),
    days=(3, 4),
    source=None,
    key=("source", "event"),
    of_child=False,
    on=None,
    details=(),
)
UNSAID: Kind[LeftOpen] = Kind(
    name="unsaid",
    table="unsaid",
    record="iro_cli.facts.model:LeftOpen",
    columns=("child_id", "source", "events", "lacks", "from_on", "to_on", "refused"),
    days=(4, 5),
    source=None,
    key=("child_id", "source"),
    of_child=True,
    on=None,
    details=(),
)
NONE_HELD: Kind[NoneHeld] = Kind(
    name="none held",
    table="none_held",
    record="iro_cli.facts.model:NoneHeld",
    columns=("child_id", "source", "event", "latest_on", "none_to"),
    days=(3, 4),
    source=None,
    key=("child_id", "source", "event"),
    of_child=True,
    on=None,
    details=(),
)
RETENTION: Kind[Retention] = Kind(
    name="retention",
    table="retention",
    record="iro_cli.facts.model:Retention",
    columns=("process", "years", "since", "from_on"),
    days=(3,),
    source=None,
    key=("process",),
    of_child=False,
    on="from_on",
    details=("process", "years", "since"),
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
    CARRIED,
    UNSAID,
    NONE_HELD,
    RETENTION,
)
