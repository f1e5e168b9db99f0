"""Draw the table for people on a terminal with Rich, whatever characters and words are in it."""

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table as RichTable
from rich.text import Text

from iro_cli.forms.listing import Grid
from iro_cli.forms.screen import TONES, planned
from iro_cli.lean import TextIO
from iro_cli.safe import printable


def console_for(
    out: TextIO, *, width: int, height: int | None = None, record: bool = False
) -> Console:
    """Return a console that shows text from data as it is, and never reads it as markup."""
    # On a terminal that is called dumb, Rich follows the width only if it knows the height too.
    return Console(
        file=out,
        width=width,
        height=height,
        markup=False,
        highlight=False,
        emoji=False,
        record=record,
    )


def write_styled(grid: Grid, console: Console) -> None:
    """Show a table without the columns for which a narrow terminal has no room."""
    plan = planned(grid, console.width)
    for heading in grid.heading.splitlines():
        console.print(Text(printable(heading), style="bold"))
    if plan.kept:
        table = RichTable(
            box=SIMPLE_HEAD,
            pad_edge=False,
            show_edge=False,
            header_style="bold",
            padding=(0, 1, 0, 0),
        )
        for place, width in zip(plan.kept, plan.widths, strict=True):
            column = grid.columns[place]
            table.add_column(
                column.read_as,
                justify="right" if column.to_the_right else "left",
                overflow="fold",
                width=width,
            )
        for line in grid.lines:
            tone = TONES.get(line.tone, "")
            table.add_row(*(Text(printable(line.cells[place]), style=tone) for place in plan.kept))
        console.print(table)
    for note in plan.notes:
        console.print(Text(note, style="dim"))
