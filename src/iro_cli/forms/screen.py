"""
The table for people on a terminal, drawn as Rich draws it, without importing Rich.

Importing Rich takes as long as a whole daily check.  Most tables need little of it: each
of their characters takes one place, and each word fits into its column.  These are drawn
here, and Rich draws the others.  A test holds the two together.
"""

from collections.abc import Iterator, Sequence

from iro_cli.forms.listing import Grid
from iro_cli.safe import printable

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
_CODES = {"bold": "1", "dim": "2", "red": "31", "green": "32", "yellow": "33", "magenta": "35"}
# The first character that takes no place of its own; further on are some that take two.
_UNEVEN = "\u0300"
_BETWEEN = "  "


def drawn(grid: Grid, width: int) -> list[str] | None:
    """
    Draw a table, leaving out the columns that a narrow terminal has no room for.

    Args:
        grid: The table.
        width: How many characters a line of the terminal has.

    Returns:
        Its lines; ``None`` where Rich has to draw it.
    """
    above = [printable(text) for text in grid.heading.splitlines()]
    below = [printable(text) for text in grid.notes]
    if not all(_is_even(text) and _fits(text, width) for text in (*above, *below)):
        return None
    table = _table(grid, width) if grid.lines else []
    if table is None:
        return None
    return [
        *(_styled(line, "bold") for text in above for line in wrapped(text, width)),
        *table,
        *(_styled(line, "dim") for text in below for line in wrapped(text, width)),
    ]


def _table(grid: Grid, width: int) -> list[str] | None:
    """Draw the titles of the columns, a rule and the rows; ``None`` where Rich has to do it."""
    kept = [place for place, column in enumerate(grid.columns) if column.from_width <= width]
    columns = [grid.columns[place] for place in kept]
    titles = [column.read_as for column in columns]
    rows = [[printable(line.cells[place]) for place in kept] for line in grid.lines]
    if not columns or not all(map(_is_even, (*titles, *(text for row in rows for text in row)))):
        return None
    widths = _widths(
        [max(map(len, texts)) for texts in zip(titles, *rows, strict=True)],
        [column.whole for column in columns],
        width,
    )
    if not widths or not all(all(map(_fits, row, widths)) for row in (titles, *rows)):
        return None
    right = [column.to_the_right for column in columns]
    lines = [_styled(line, "bold") for line in _lines(titles, widths, right, bottom=True)]
    lines.append("─" * (sum(widths) + len(_BETWEEN) * (len(widths) - 1)))
    for row, line in zip(rows, grid.lines, strict=True):
        tone = TONES.get(line.tone, "")
        lines += [_styled(text, tone) for text in _lines(row, widths, right)]
    return lines


def _is_even(text: str) -> bool:
    """Say whether each character takes one place, and spaces stand alone and between words."""
    return not text or (max(text) < _UNEVEN and text == " ".join(text.split()))


def _fits(text: str, room: int) -> bool:
    """Say whether a text can be broken between words into lines of a width."""
    return len(text) <= room or all(len(word) <= room for word in text.split(" "))


def _styled(line: str, style: str) -> str:
    """Return a line in a style, given as words."""
    code = ";".join(_CODES[word] for word in style.split())
    return f"\x1b[{code}m{line}\x1b[0m" if code and line else line


def wrapped(text: str, room: int) -> list[str]:
    """Break a text between words into lines of a width, where its words are no longer."""
    lines, line = [], ""
    for word in text.split(" "):
        if line and len(line) + 1 + len(word) > room:
            lines.append(line)
            line = word
        else:
            line = f"{line} {word}" if line else word
    return [*lines, line]


def _widths(widths: Sequence[int], whole: Sequence[bool], width: int) -> list[int]:
    """
    Take from the widest columns, those of equal width alike, until a row fits into a line.

    Args:
        widths: How wide the columns would like to be.
        whole: Which of them keep their width.
        width: How many characters a line has.

    Returns:
        How wide they are; nothing where a row cannot be made to fit, or a column is empty.
    """
    # As Rich counts: a place belongs to every column but the last, and one stands between two.
    room = width - (len(widths) - 1)
    found = [one + 1 for one in widths[:-1]] + [widths[-1]]
    found = [one if keeps else min(one, room) for one, keeps in zip(found, whole, strict=True)]
    while (over := sum(found) - room) > 0:
        wide = [place for place, keeps in enumerate(whole) if not keeps]
        most = max((found[place] for place in wide), default=0)
        less = max((found[place] for place in wide if found[place] < most), default=0)
        widest = [place for place in wide if found[place] == most]
        if not most:
            return []
        rest = over
        for number, place in enumerate(widest):
            taken = min(over, most - less, round(rest / (len(widest) - number)))
            found[place] -= taken
            rest -= taken
    found = [one - 1 for one in found[:-1]] + found[-1:]
    return found if all(found) else []


def _lines(
    cells: Sequence[str], widths: Sequence[int], right: Sequence[bool], *, bottom: bool = False
) -> Iterator[str]:
    """Yield the lines of a row; its shorter cells stand at the top, or at the bottom."""
    parts = list(map(wrapped, cells, widths))
    height = max(map(len, parts))
    for number in range(height):
        placed = []
        for lines, room, to_the_right in zip(parts, widths, right, strict=True):
            place = number - (height - len(lines)) if bottom else number
            text = lines[place].rstrip() if 0 <= place < len(lines) else ""
            placed.append(text.rjust(room) if to_the_right else text.ljust(room))
        yield _BETWEEN.join(placed).rstrip()
