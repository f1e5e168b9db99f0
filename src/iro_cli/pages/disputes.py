"""The listing of formal disputes."""

from collections.abc import Sequence
from datetime import date

from iro_cli.dates.words import counted, spoken, spoken_short
from iro_cli.forms.sheet import Column, Line, Sheet, Table
from iro_cli.law.catalogue import Catalogue
from iro_cli.obligations.listing import OUT_OF_TIMESCALE, OVERDUE
from iro_cli.pages.due import about
from iro_cli.questions.disputes import Dispute

_COLUMNS = (
    Column("Due", whole=True),
    Column("Child"),
    Column("Reference"),
    Column("Raised", whole=True),
    Column("Open for"),
    Column("Stage"),
    Column("Cafcass"),
    Column("Resolved"),
    Column("IRO", from_width=120),
)


def _ran(one: Dispute) -> str:
    """Say how long a dispute has run, and of how long."""
    if one.working_days_open is None or one.limit is None:
        return counted(one.days_open, "day")
    return f"{counted(one.days_open, 'day')}: {one.working_days_open} of {one.limit}"


def _resolved(one: Dispute) -> str:
    if one.resolved is None:
        return "OVERDUE" if one.status == OVERDUE else "open"
    late = " LATE" if one.status == OUT_OF_TIMESCALE else ""
    return spoken_short(one.resolved) + late


def disputes_sheet(rows: Sequence[Dispute], catalogue: Catalogue, as_of: date) -> Sheet:
    """
    Make the listing of disputes.

    Args:
        rows: The disputes, in order.
        catalogue: The rules.
        as_of: The day the question is asked about.
    """

    def tables() -> list[Table]:
        still = sum(one.resolved is None for one in rows)
        heading = f"{spoken(as_of)}: {counted(len(rows), 'dispute')}, {still:,} open"
        lines = [
            Line(
                (
                    spoken(one.due) if one.due else "no date",
                    one.child,
                    one.reference or "-",
                    spoken(one.raised),
                    _ran(one),
                    f"{one.stage} ({spoken_short(one.stage_on)})",
                    spoken_short(one.escalated) if one.escalated else "not referred",
                    _resolved(one),
                    one.iro or "-",
                ),
                one.status if one.status in (OVERDUE, OUT_OF_TIMESCALE) else "",
            )
            for one in rows
        ]
        return [Table(heading, _COLUMNS, lines)]

    return Sheet(Dispute._fields, rows, about(catalogue, as_of), tables, name="Disputes")
