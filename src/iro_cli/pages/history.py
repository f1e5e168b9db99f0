"""The listing of who changed what, and when."""

from collections.abc import Sequence
from datetime import date

from iro_cli.dates.words import counted, spoken_moment
from iro_cli.forms.listing import CHILD, DATE, WHOLE, Export, Field, Grid, Listing
from iro_cli.forms.statement import about
from iro_cli.law.catalogue import Catalogue
from iro_cli.lean import Any
from iro_cli.pages.child import no_birth


def _details(one: Any, _: object) -> str:
    return " ".join(filter(None, (one.on, one.details))) or "-"


HISTORY = Listing(
    "History",
    (
        Field("change", WHOLE, harmless=True, cell=lambda one, _: str(one.change)),
        Field(
            "at",
            harmless=True,
            column="When",
            cell=lambda one, _: spoken_moment(one.at),
        ),
        Field("who", harmless=True, gives_way=100),
        Field("command"),
        Field("what", harmless=True, cell=lambda one, _: f"{one.what} {one.event or ''}".strip()),
        Field("child", CHILD),
        Field("event", harmless=True),
        Field("on", DATE, harmless=no_birth),
        Field("details", cell=_details),
    ),
    columns=("change", "at", "who", "what", "child", "details"),
    command="history",
    paper=("change", "at", "who", "what", "child", "event", "on", "details"),
)


def history_export(
    entries: Sequence[Any], child: str | None, catalogue: Catalogue, as_of: date
) -> Export:
    """
    Make the listing of changes.

    Args:
        entries: The entries, the latest first.
        child: The child whose history it is, for the heading; ``None`` for all.
        catalogue: The rules.
        as_of: The day the question is asked about.
    """

    def grids() -> list[Grid]:
        whose = f" of {child}" if child else ""
        entry = counted(len(entries), "entry", "entries")
        return [HISTORY.grid(f"History{whose}: {entry}", entries)]

    return HISTORY.export(entries, about(catalogue, as_of), grids)
