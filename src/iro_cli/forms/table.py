"""Write a listing as a table for people: fitted to a terminal, plain and wide elsewhere."""

from io import StringIO
from os import environ, get_terminal_size, name

from iro_cli.forms import Form, Target, is_terminal, may_style
from iro_cli.forms.listing import Export, Grid
from iro_cli.lean import TextIO
from iro_cli.safe import printable

# Rich takes more than half a millisecond for a row, so a longer table is drawn without it.
_MOST_BY_RICH = 300


def write_plain(grid: Grid, out: TextIO) -> None:
    """Write a table as text at its full width, without cutting anything off."""
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


def _room(out: TextIO) -> tuple[int, int]:
    """Return the width and height of a terminal in characters, or those in the environment."""
    # Rich would ask the descriptors 0 to 2, but none of them need be this terminal.
    size = get_terminal_size(out.fileno())
    width, height = environ.get("COLUMNS", ""), environ.get("LINES", "")
    return (
        int(width) if width.isdecimal() and int(width) else size.columns or 80,
        int(height) if height.isdecimal() and int(height) else size.lines or 24,
    )


class _Screen(StringIO):
    """A text in memory that looks like a terminal to the code that writes to it."""

    def __init__(self, out: TextIO) -> None:
        """Take the place of a terminal."""
        super().__init__()
        self._out = out

    @property
    def encoding(self) -> str:  # type: ignore[override]
        """Return the encoding of the terminal."""
        return self._out.encoding

    def isatty(self) -> bool:
        """Say that it is a terminal."""
        return True


def _write_screen(export: Export, out: TextIO, target: Target) -> None:
    """Show tables on a terminal, in a pager if they are longer than the screen."""
    from iro_cli.forms.screen import Picture, drawn  # noqa: PLC0415 - only on a terminal

    width, height = _room(out)
    # An old console of Windows does not understand control codes; Rich knows how to write to it.
    usual = name != "nt" and (out.encoding or "").casefold().startswith("utf")
    shown: list[Picture] = []
    for grid in export.grids():
        many = len(grid.lines) > _MOST_BY_RICH
        found = drawn(grid, width, every=many) if usual or many else None
        if found is None:
            from iro_cli.forms.terminal import console_for, write_styled  # noqa: PLC0415 - Rich

            screen = _Screen(out)
            write_styled(grid, console_for(screen, width=width, height=height))
            found = Picture(screen.getvalue().splitlines(), [], [], [])
        shown.append(found if may_style(out) else found.without_styles())
    lines = [*target.above]
    for number, one in enumerate(shown):
        lines += [""] * bool(number) + one.lines
    if target.pager and len(lines) >= height:
        paged = [*target.above]
        for number, one in enumerate(shown):
            paged += [""] * bool(number)
            # The pager's own line is the last of the screen.
            paged += one.paged(len(paged) % (height - 1), height - 1)
        if target.pager("".join(f"{line}\n" for line in paged)):
            return
    out.writelines(f"{line}\n" for line in lines)


def write_tables(export: Export, out: TextIO, target: Target) -> None:
    """Write the tables of a listing, one below the other."""
    if export.says_nothing:
        return
    if is_terminal(out):
        _write_screen(export, out, target)
        return
    out.writelines(f"{line}\n" for line in target.above)
    for number, grid in enumerate(export.grids()):
        if number:
            out.write("\n")
        write_plain(grid, out)


FORM = Form("table", "txt", write_tables, states=False)
