"""How people read what an import would change."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from iro_cli.dates.words import spoken
from iro_cli.forms.sheet import Column, Line, Sheet, Table
from iro_cli.law.catalogue import Catalogue
from iro_cli.pages.due import about

# A table shows so many, and says how to list them all.
_MOST = 40
_FIELDS = ("what", "child", "event", "date", "was", "details", "source")


def changes_sheet(changes: Sequence[Any], catalogue: Catalogue, as_of: date) -> Sheet:
    """Make the listing of what an import would change, each thing by itself."""

    def tables() -> list[Table]:
        lines = [
            Line(
                (
                    one.what,
                    one.child,
                    one.event,
                    spoken(one.date) if one.date else "-",
                    one.was or "-",
                    one.details or "-",
                    one.source or "-",
                )
            )
            for one in changes[:_MOST]
        ]
        columns = tuple(
            Column(title, from_width=width)
            for title, width in (
                *(("What", 0), ("Child", 0), ("Of it", 0), ("Day", 0)),
                *(("Before", 80), ("Details", 100), ("From", 120)),
            )
        )
        more = len(changes) - len(lines)
        notes = (f"and {more:,} more: -f csv lists them all",) if more else ()
        return [Table("What would change", columns, lines, notes)]

    return Sheet(_FIELDS, changes, about(catalogue, as_of), tables)
