"""The form for people: a table, styled on a terminal, plain text at its full width elsewhere."""

from os import environ, get_terminal_size, name

from iro_cli.forms import Form, Target, is_terminal
from iro_cli.forms.listing import Export, Grid
from iro_cli.lean import TextIO
from iro_cli.safe import printable

# Rich takes more than half a millisecond a row: a longer table is shown as plain text.
_MOST_STYLED_ROWS = 300


def write_plain(grid: Grid, out: TextIO) -> None:
    """Write a table as text at its full width, never cut off."""
    lines = [tuple(map(printable, line.cells)) for line in grid.lines]
    titles = tuple(column.read_as for column in grid.columns)
    widths = [max(map(len, column)) for column in zip(titles, *lines, strict=True)]
    out.writelines(printable(heading) + "\n" for heading in grid.heading.splitlines())
    if grid.heading and lines:
        out.write("\n")
    right = [column.to_the_right for column in grid.columns]
    for cells in (titles, *lines) if lines else ():
        placed = [
            text.rjust(width) if to_the_right else text.ljust(width)
            for text, width, to_the_right in zip(cells, widths, right, strict=True)
        ]
        out.write("  ".join(placed).rstrip() + "\n")
    if grid.notes:
        out.write("\n" + "".join(printable(note) + "\n" for note in grid.notes))


def _width(out: TextIO) -> int | None:
    """Return how wide a terminal is, unless the environment says something else."""
    # Rich would ask the descriptors 0 to 2, of which none need be this terminal.
    return None if environ.get("COLUMNS") else get_terminal_size(out.fileno()).columns or None


def _write_styled(grid: Grid, out: TextIO) -> None:
    """Show a table on a terminal: drawn here where it can be, by Rich where it cannot."""
    from iro_cli.forms.screen import drawn  # noqa: PLC0415 - only on a terminal

    width = _width(out)
    # An old console of Windows takes no control codes, which Rich knows.
    usual = name != "nt" and (out.encoding or "").casefold().startswith("utf")
    lines = drawn(grid, width) if usual and width else None
    if lines is None:
        from iro_cli.forms.terminal import console_for, write_styled  # noqa: PLC0415 - Rich

        write_styled(grid, console_for(out, width=width))
    else:
        out.writelines(f"{line}\n" for line in lines)


def write_tables(export: Export, out: TextIO, _: Target) -> None:
    """Write the tables of a listing, one below the other."""
    if export.says_nothing:
        return
    styled = is_terminal(out)
    for number, grid in enumerate(export.grids()):
        if number:
            out.write("\n")
        if styled and len(grid.lines) <= _MOST_STYLED_ROWS:
            _write_styled(grid, out)
        else:
            write_plain(grid, out)


FORM = Form("table", "txt", write_tables, states=False)
