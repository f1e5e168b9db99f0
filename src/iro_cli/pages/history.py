"""How people read who changed what, and when."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from iro_cli.dates.words import counted
from iro_cli.forms.sheet import Column, Line, Sheet, Table
from iro_cli.law.catalogue import Catalogue
from iro_cli.pages.due import about

_FIELDS = ("change", "at", "who", "command", "what", "child", "event", "on", "details")


def history_sheet(
    entries: Sequence[Any], child: str | None, catalogue: Catalogue, as_of: date
) -> Sheet:
    """
    Make the listing of changes.

    Args:
        entries: What was changed, the latest first.
        child: Whose alone, for the heading.
        catalogue: The rules.
        as_of: The day the question is asked about.
    """

    def tables() -> list[Table]:
        columns = (
            Column("Change", right=True),
            Column("When"),
            Column("Who", from_width=100),
            Column("What"),
            Column("Child"),
            Column("Details"),
        )
        lines = [
            Line(
                (
                    str(one.change),
                    one.at.replace("T", " ").rstrip("Z"),
                    one.who,
                    f"{one.what} {one.event or ''}".strip(),
                    one.child or "-",
                    " ".join(filter(None, (one.on, one.details))) or "-",
                )
            )
            for one in entries
        ]
        heading = (
            f"History{' of ' + child if child else ''}: {counted(len(entries), 'entry', 'entries')}"
        )
        return [Table(heading, columns, lines)]

    return Sheet(_FIELDS, entries, about(catalogue, as_of), tables, name="History")
