"""The table for people on a terminal, with Rich."""

from typing import TextIO

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table as RichTable
from rich.text import Text

from iro_cli.forms.safe import shown
from iro_cli.forms.sheet import Table

# Colour never carries meaning alone: each of these is also a word in the row.
TONES = {
    "overdue": "bold red",
    "due-today": "bold yellow",
    "due-soon": "",
    "later": "dim",
    "refused": "magenta",
    "in-timescale": "green",
    "out-of-timescale": "red",
}


def console_for(out: TextIO, *, width: int | None = None, record: bool = False) -> Console:
    """Return a console that takes text from data as text, never as markup."""
    return Console(file=out, width=width, markup=False, highlight=False, emoji=False, record=record)


def write_table(table: Table, console: Console) -> None:
    """Show a table, leaving out the columns that a narrow terminal has no room for."""
    for heading in table.heading.splitlines():
        console.print(Text(shown(heading), style="bold"))
    kept = [
        index for index, column in enumerate(table.columns) if column.from_width <= console.width
    ]
    if table.lines:
        grid = RichTable(
            box=SIMPLE_HEAD,
            pad_edge=False,
            show_edge=False,
            header_style="bold",
            padding=(0, 1, 0, 0),
        )
        for index in kept:
            column = table.columns[index]
            grid.add_column(
                column.title,
                justify="right" if column.right else "left",
                overflow="fold",
                no_wrap=column.whole,
            )
        for line in table.lines:
            tone = TONES.get(line.tone, "")
            grid.add_row(*(Text(shown(line.cells[index]), style=tone) for index in kept))
        console.print(grid)
    for note in table.notes:
        console.print(Text(shown(note), style="dim"))
