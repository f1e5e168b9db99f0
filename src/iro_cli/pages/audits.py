"""The listing of audits: those that are drawn, due and done."""

from collections.abc import Sequence
from datetime import date

from iro_cli.dates.words import spoken
from iro_cli.forms.listing import CHILD, DATE, WHOLE, Export, Field, Grid, Listing
from iro_cli.forms.statement import about
from iro_cli.law.catalogue import Catalogue
from iro_cli.pages.words import when_words
from iro_cli.questions.audits import DONE, DUE, OVERDUE, AuditLine


def _when(row: AuditLine, _: object) -> str:
    return DONE if row.status == DONE else when_words(row.days_left)


AUDITS = Listing(
    "Audits",
    (
        Field("child", CHILD),
        Field("process", harmless=True, gives_way=100),
        Field("iro", title="IRO or chair", harmless=True),
        Field("auditor", harmless=True),
        Field("drawn", DATE, harmless=True),
        Field("due", DATE, harmless=True, whole=True),
        Field("status", harmless=True, late=OVERDUE.__eq__),
        Field(
            "days_left", WHOLE, harmless=True, column="When", right=False, whole=True, cell=_when
        ),
        Field("audited", DATE, harmless=True, whole=True),
        Field("tool", gives_way=120),
        Field("grade"),
        Field("note"),
    ),
    columns=(
        *("due", "days_left", "child", "process", "iro", "auditor", "audited", "grade", "tool"),
    ),
    command="audit list",
    paper=(
        *("child", "status", "due", "days_left", "process", "iro", "auditor"),
        *("audited", "grade", "tool", "note"),
    ),
)


def audits_export(rows: Sequence[AuditLine], catalogue: Catalogue, as_of: date) -> Export:
    """Make the listing of audits."""

    def grids() -> list[Grid]:
        counts = ", ".join(
            f"{sum(row.status == one for row in rows):,} {one}" for one in (OVERDUE, DUE, DONE)
        )
        heading = f"{spoken(as_of)}, audits: {counts}"
        return [
            AUDITS.grid(heading, rows, tone=lambda row: row.status if row.status == OVERDUE else "")
        ]

    return AUDITS.export(rows, about(catalogue, as_of), grids)
