"""How people read the audits: what is drawn, due and done."""

from collections.abc import Sequence
from datetime import date

from iro_cli.dates.words import spoken
from iro_cli.forms.sheet import Column, Line, Sheet, Table
from iro_cli.law.catalogue import Catalogue
from iro_cli.pages.due import about, when_words
from iro_cli.questions.audits import DONE, DUE, OVERDUE, AuditLine


def audits_sheet(rows: Sequence[AuditLine], catalogue: Catalogue, as_of: date) -> Sheet:
    """Make the listing of audits."""

    def tables() -> list[Table]:
        columns = (
            Column("Due", whole=True),
            Column("When", whole=True),
            Column("Child"),
            Column("Process", from_width=100),
            Column("IRO or chair"),
            Column("Auditor"),
            Column("Audited", whole=True),
            Column("Grade"),
            Column("Tool", from_width=120),
        )
        lines = [
            Line(
                (
                    spoken(row.due) if row.due else "-",
                    DONE if row.status == DONE else when_words(row.days_left),
                    row.child,
                    row.process or "-",
                    row.iro or "-",
                    row.auditor or "-",
                    spoken(row.audited) if row.audited else "-",
                    row.grade or "-",
                    row.tool or "-",
                ),
                row.status if row.status == OVERDUE else "",
            )
            for row in rows
        ]
        counts = ", ".join(
            f"{sum(row.status == one for row in rows):,} {one}" for one in (OVERDUE, DUE, DONE)
        )
        return [Table(f"{spoken(as_of)}, audits: {counts}", columns, lines)]

    return Sheet(AuditLine._fields, rows, about(catalogue, as_of), tables, name="Audits")
