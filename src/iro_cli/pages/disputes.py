"""The listing of formal disputes."""

from collections.abc import Sequence
from datetime import date

from iro_cli.dates.words import counted, spoken, spoken_short
from iro_cli.forms.listing import CHILD, DATE, WHOLE, Export, Field, Grid, Listing
from iro_cli.forms.statement import about
from iro_cli.law.catalogue import Catalogue
from iro_cli.obligations.listing import OUT_OF_TIMESCALE, OVERDUE
from iro_cli.pages.words import day
from iro_cli.questions.disputes import Dispute


def _ran(one: Dispute, _: object) -> str:
    """Say how long a dispute has been open, and what its limit is."""
    if one.working_days_open is None or one.limit is None:
        return counted(one.days_open, "day")
    return f"{counted(one.days_open, 'day')}: {one.working_days_open} of {one.limit}"


def _stage(one: Dispute, _: object) -> str:
    return f"{one.stage} ({spoken_short(one.stage_on)})"


def _escalated(one: Dispute, _: object) -> str:
    return spoken_short(one.escalated) if one.escalated else "not referred"


def _resolved(one: Dispute, _: object) -> str:
    if one.resolved is None:
        return "OVERDUE" if one.status == OVERDUE else "open"
    late = " LATE" if one.status == OUT_OF_TIMESCALE else ""
    return spoken_short(one.resolved) + late


DISPUTES = Listing(
    "Disputes",
    (
        Field("child", CHILD),
        Field("reference", column="Ref", whole=True, gives_way=80),
        Field("status", harmless=True, late=OVERDUE.__eq__),
        Field("raised", DATE, harmless=True, whole=True),
        Field("due", DATE, harmless=True, whole=True, cell=lambda one, _: day(one.due, "no date")),
        Field(
            "days_open",
            WHOLE,
            harmless=True,
            column="Open for",
            right=False,
            whole=True,
            gives_way=100,
            cell=_ran,
        ),
        Field("working_days_open", WHOLE, harmless=True),
        Field("limit", harmless=True),
        Field("stage", whole=True, gives_way=110, cell=_stage),
        Field("stage_on", DATE, harmless=True),
        Field("responded", DATE, harmless=True),
        Field("escalated", DATE, harmless=True, column="Cafcass", whole=True, cell=_escalated),
        Field("resolved", DATE, harmless=True, whole=True, cell=_resolved),
        Field("reason"),
        Field("iro", title="IRO or chair", harmless=True, column="IRO", gives_way=120),
        Field("team", harmless=True),
    ),
    columns=(
        *("due", "child", "reference", "raised", "days_open", "stage"),
        *("escalated", "resolved", "iro"),
    ),
    command="dispute list",
    paper=(
        *("child", "status", "raised", "due", "days_open", "stage", "responded"),
        *("escalated", "resolved", "iro", "team", "reason"),
    ),
)


def disputes_export(rows: Sequence[Dispute], catalogue: Catalogue, as_of: date) -> Export:
    """
    Make the listing of disputes.

    Args:
        rows: The disputes, in order.
        catalogue: The rules.
        as_of: The day the question is asked about.
    """

    def grids() -> list[Grid]:
        still = sum(one.resolved is None for one in rows)
        heading = f"{spoken(as_of)}: {counted(len(rows), 'dispute')}, {still:,} open"
        urgent = (OVERDUE, OUT_OF_TIMESCALE)
        return [
            DISPUTES.grid(
                heading, rows, tone=lambda one: one.status if one.status in urgent else ""
            )
        ]

    return DISPUTES.export(rows, about(catalogue, as_of), grids)
