"""
Draw the table for people on a terminal as Rich draws it, without importing Rich.

Importing Rich takes as long as a whole daily check.  In most tables each character takes one
place, and each word fits into its column.  Such tables are drawn here, and so is every table
that is too long for Rich.  Rich draws the others with the same columns and widths, which are
worked out here.  A test compares the two.
"""

from collections.abc import Iterator, Sequence

from iro_cli.forms.listing import CHILD, DATE, TEXT, Field, Grid
from iro_cli.lean import NamedTuple
from iro_cli.safe import printable

# Colour never carries meaning alone: each of these tones is also a word in the row.
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
# Every character before this one takes one place.  This one takes none, and later ones take one,
# two or none.
_UNEVEN = "\u0300"
_BETWEEN = "  "


# An id is not broken over lines unless it is longer than this: nobody reads such an id.
_LONGEST_ID = 40


class TableLayout(NamedTuple):
    """
    The layout of a table on a terminal.

    Attributes:
        kept: The places of the columns that are shown.
        widths: The width of each of them, in characters.
        notes: The notes below the table, including what was left out.
    """

    kept: list[int]
    widths: list[int]
    notes: list[str]


class Picture(NamedTuple):
    """
    A table as lines for a terminal.

    Attributes:
        above: The lines above it.
        titles: The lines of the titles of its columns, and the rule below them.
        rows: The lines of each row.
        below: The lines below it.
    """

    above: list[str]
    titles: list[str]
    rows: list[list[str]]
    below: list[str]

    @property
    def lines(self) -> list[str]:
        """Return all lines, in order."""
        return [
            *self.above,
            *self.titles,
            *(line for row in self.rows for line in row),
            *self.below,
        ]

    def without_styles(self) -> "Picture":
        """Return the same lines without colours and control codes."""
        return Picture(
            _plain(self.above),
            _plain(self.titles),
            [_plain(row) for row in self.rows],
            _plain(self.below),
        )

    def paged(self, before: int, screen: int) -> list[str]:
        """
        Return all lines, with the titles repeated at the top of each screen.

        Args:
            before: How many lines come before the table on its first screen.
            screen: How many lines a screen of the pager has.
        """
        lines = [*self.above, *self.titles]
        used = before + len(lines)
        for row in self.rows:
            if used + len(row) > screen and len(self.titles) + len(row) <= screen:
                lines += [""] * (screen - used) + self.titles
                used = len(self.titles)
            lines += row
            used += len(row)
        return [*lines, *self.below]


def drawn(grid: Grid, width: int, *, every: bool = False) -> Picture | None:
    """
    Draw a table without the columns for which a narrow terminal has no room.

    Args:
        grid: The table.
        width: How many characters a line of the terminal has.
        every: Whether to draw it here with any characters and words.

    Returns:
        Its lines; ``None`` if Rich has to draw it.
    """
    plan = planned(grid, width)
    above = [printable(text) for text in grid.heading.splitlines()]
    if not every and not all(
        _is_even(text) and _fits(text, width) for text in (*above, *plan.notes)
    ):
        return None
    table = _table(grid, plan, every=every)
    if table is None:
        return None
    return table._replace(
        above=[_styled(line, "bold") for text in above for line in wrapped(text, width)],
        below=[_styled(line, "dim") for text in plan.notes for line in wrapped(text, width)],
    )


def planned(grid: Grid, width: int) -> TableLayout:
    """
    Decide which columns are shown, and how wide each is.

    As long as something would be broken over lines, columns are left out in this order.  First,
    columns that are the same in every row and may be (not days): a note says their value.  Then
    columns that give way, those with the highest number first.  If that is not enough, texts that
    should stay whole are broken; then the other columns are left out, the child's last.  A note
    names what was left out.

    Args:
        grid: The table.
        width: How many characters a line has.
    """
    notes = [printable(text) for text in grid.notes]
    if not grid.lines:
        return TableLayout([], [], notes)
    columns = grid.columns
    texts = [
        [column.read_as, *(printable(line.cells[place]) for line in grid.lines)]
        for place, column in enumerate(columns)
    ]
    wishes = [max(map(places, column)) for column in texts]
    kept = list(range(len(columns)))

    def needed(*, broken: bool) -> list[int]:
        return [
            _need(column, cells, wish, broken=broken)
            for column, cells, wish in zip(columns, texts, wishes, strict=True)
        ]

    needs = wishes if _with_spaces(wishes) <= width else needed(broken=False)
    gone = []
    for place in _giving_way(columns, texts):
        # A note can say it once.  That is better than breaking cells that differ from row to row.
        said = _is_said_once(columns[place], texts[place]) and columns[place].kind != DATE
        fits = _with_spaces([(wishes if said else needs)[one] for one in kept]) <= width
        if not (fits or columns[place].gives_way or _is_said_once(columns[place], texts[place])):
            # A title on two lines is better than no column.
            needs = needed(broken=True)
            fits = _with_spaces([needs[one] for one in kept]) <= width
        if fits or len(kept) == 1:
            break
        kept.remove(place)
        gone.append(place)
    notes += _left_out(columns, texts, sorted(gone))
    return TableLayout(
        kept, _widths([wishes[one] for one in kept], [needs[one] for one in kept], width), notes
    )


def _giving_way(columns: Sequence[Field], texts: Sequence[Sequence[str]]) -> list[int]:
    """Return the places of the columns, in the order in which they are left out."""

    def rank(place: int) -> tuple[bool, bool, int, int]:
        column, once = columns[place], _is_said_once(columns[place], texts[place])
        # The child's column is the last to go: without it nobody knows whom a row is about.
        return not once, column.kind == CHILD and not once, -column.gives_way, -place

    return sorted(range(len(columns)), key=rank)


def _is_said_once(column: Field, texts: Sequence[str]) -> bool:
    """Say whether a column has the same text in all rows, so that a note can say it."""
    return column.repeats and len(set(texts[1:])) == 1


def _left_out(
    columns: Sequence[Field], texts: Sequence[Sequence[str]], gone: Sequence[int]
) -> list[str]:
    """Return notes about the columns that were left out."""
    same = [one for one in gone if _is_said_once(columns[one], texts[one])]
    other = [columns[one].read_as for one in gone if one not in same]
    notes = []
    if same:
        said = "; ".join(
            f"{columns[one].read_as} {'none' if texts[one][1] == '-' else texts[one][1]}"
            for one in same
        )
        notes.append(f"in every row: {said}")
    if other:
        notes.append(f"no room here for {', '.join(other)}: a wider window or `-f csv` has them")
    return notes


def _need(column: Field, texts: Sequence[str], wish: int, *, broken: bool) -> int:
    """
    Return how wide a column has to be so that no word, and no whole text, of it is broken.

    Args:
        column: The column.
        texts: Its title and its cells.
        wish: The width of its longest text.
        broken: Whether a text that should stay whole may be broken between words.
    """
    if column.whole and not (broken and column.kind == TEXT):
        return max(map(_longest_part, set(texts)), default=wish)
    if column.kind == CHILD:
        return min(wish, _LONGEST_ID)
    return max((places(word) for text in set(texts) for word in text.split(" ")), default=0)


def _longest_part(text: str) -> int:
    """
    Return the width of a text that stays whole, except for marks in capitals on lines below it.

    >>> _longest_part("56 days late BOOKED LATE"), _longest_part("PN1 attended")
    (12, 12)
    """
    parts, before = [""], True
    for word in text.split(" "):
        mark = len(word) > 1 and word.isalpha() and word.isupper()
        if mark and not before:
            parts.append(word)
        else:
            parts[-1] = f"{parts[-1]} {word}" if parts[-1] else word
        before = mark
    return max(map(places, parts))


def _with_spaces(widths: Sequence[int]) -> int:
    """Return how wide a row is."""
    return sum(widths) + len(_BETWEEN) * (len(widths) - 1)


def places(text: str) -> int:
    """
    Return how many places a text takes on a terminal.

    >>> places("Wren"), places("e\u0301cole"), places("日本")
    (4, 5, 4)
    """
    if not text or max(text) < _UNEVEN:
        return len(text)
    from unicodedata import combining, east_asian_width  # noqa: PLC0415 - seldom needed

    return sum(0 if combining(one) else 1 + (east_asian_width(one) in ("W", "F")) for one in text)


def _table(grid: Grid, plan: TableLayout, *, every: bool) -> Picture | None:
    """Draw the titles of the columns, a rule and the rows; ``None`` if Rich has to do it."""
    kept, widths = plan.kept, plan.widths
    if not kept:
        return Picture([], [], [], [])
    columns = [grid.columns[place] for place in kept]
    titles = [column.read_as for column in columns]
    rows = [[printable(line.cells[place]) for place in kept] for line in grid.lines]
    if not every and not all(
        _is_even(text) and _fits(text, room)
        for row in (titles, *rows)
        for text, room in zip(row, widths, strict=True)
    ):
        return None
    right = [column.to_the_right for column in columns]
    return Picture(
        [],
        [
            *(_styled(line, "bold") for line in _lines(titles, widths, right, bottom=True)),
            "─" * _with_spaces(widths),
        ],
        [
            [_styled(text, TONES.get(line.tone, "")) for text in _lines(row, widths, right)]
            for row, line in zip(rows, grid.lines, strict=True)
        ],
        [],
    )


def _is_even(text: str) -> bool:
    """Say whether each character takes one place, with single spaces only between words."""
    return not text or (max(text) < _UNEVEN and text == " ".join(text.split()))


def _fits(text: str, room: int) -> bool:
    """Say whether a text can be broken into lines of a width without breaking a word."""
    return len(text) <= room or all(len(word) <= room for word in text.split(" "))


def _styled(line: str, style: str) -> str:
    """Return a line in a style, which is given in words such as ``bold red``."""
    code = ";".join(_CODES[word] for word in style.split())
    return f"\x1b[{code}m{line}\x1b[0m" if code and line else line


def _plain(lines: Sequence[str]) -> list[str]:
    """Return lines without styles, the only control codes that they have."""
    import re  # noqa: PLC0415 - only where colours are turned off

    return [re.sub("\x1b\\[[0-9;]*m", "", line) for line in lines]


def wrapped(text: str, room: int) -> list[str]:
    """Break a text into lines of a width, between words; a longer word is broken too."""
    if places(text) <= room:
        return [text]
    lines, line = [], ""
    for word in text.split(" "):
        if line and places(line) + 1 + places(word) > room:
            lines.append(line)
            line = word
        else:
            line = f"{line} {word}" if line else word
        while places(line) > room:
            end = next(
                (end for end in range(min(len(line), room), 1, -1) if places(line[:end]) <= room), 1
            )
            if end == len(line):
                break
            lines.append(line[:end])
            line = line[end:]
    return [*lines, line]


def in_words(text: str, room: int) -> list[str]:
    """
    Break a line of a message between words; a command stays whole, so that it can be copied.

    >>> in_words("  it has no date: `iro explain K1` says why", 24)
    ['  it has no date:', '    `iro explain K1`', '    says why']

    Args:
        text: One line; the lines after the first are indented by two more places.
        room: How many characters a line has.  A longer word is left whole, and so is a command,
            alone on its line or in backticks.
    """
    if places(text) <= room or text.lstrip(" ").startswith("iro "):
        return [text]
    start = text[: len(text) - len(text.lstrip(" "))]
    lines, line = [], ""
    words: list[str] = []
    for word in text.split():
        if words and words[-1].count("`") % 2:
            words[-1] += f" {word}"
        else:
            words.append(word)
    for word in words:
        if line and places(start) + places(line) + 1 + places(word) > room:
            lines.append(start + line)
            start = f"{start}  " if len(lines) == 1 else start
            line = word
        else:
            line = f"{line} {word}" if line else word
    return [*lines, start + line]


def _widths(wishes: Sequence[int], needs: Sequence[int], width: int) -> list[int]:
    """
    Make the widest columns narrower, equally wide ones equally, until a row fits into a line.

    Args:
        wishes: The width that each column would need to break nothing.
        needs: The width that each has to have; a column gets less only if there is no other way.
        width: How many characters a line has.
    """
    found = list(wishes)
    over = _with_spaces(found) - width
    for least in (needs, [1] * len(found)):
        while over > 0 and (wide := [one for one, at in enumerate(found) if at > least[one]]):
            most = max(found[one] for one in wide)
            widest = [one for one in wide if found[one] == most]
            less = max(
                *(least[one] for one in widest),
                *(found[one] for one in wide if one not in widest),
                0,
            )
            step = min(most - less, -(-over // len(widest)))
            for one in widest:
                taken = min(step, over)
                found[one] -= taken
                over -= taken
    return found


def _lines(
    cells: Sequence[str], widths: Sequence[int], right: Sequence[bool], *, bottom: bool = False
) -> Iterator[str]:
    """Yield the lines of a row; shorter cells are placed at the top, or at the bottom."""
    parts = list(map(wrapped, cells, widths))
    height = max(map(len, parts))
    for number in range(height):
        placed = []
        for lines, room, to_the_right in zip(parts, widths, right, strict=True):
            place = number - (height - len(lines)) if bottom else number
            text = lines[place].rstrip() if 0 <= place < len(lines) else ""
            spaces = " " * (room - places(text))
            placed.append(spaces + text if to_the_right else text + spaces)
        yield _BETWEEN.join(placed).rstrip()
