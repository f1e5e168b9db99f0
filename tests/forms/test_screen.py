"""On a terminal a table looks the same whether Rich or this program draws it."""

import io
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from iro_cli.forms.listing import CHILD, DATE, Field, Grid, Line
from iro_cli.forms.screen import TONES, drawn, in_words, places
from iro_cli.forms.terminal import console_for, write_styled

_WORDS = ("a", "on", "Wren", "Éxample", "conference", "(authorised)", "12", "-")
TEXTS = st.lists(st.sampled_from(_WORDS), min_size=1, max_size=4).map(" ".join)
CELLS = st.one_of(TEXTS, st.just(""))


COLUMNS = st.tuples(TEXTS, st.booleans(), st.sampled_from((False, False, True)))


@st.composite
def grids(draw: st.DrawFn) -> Grid:
    """Draw a table of ordinary words: wide and narrow columns, some of which stay whole."""
    columns = [
        Field("name", column=title, right=right, whole=whole, gives_way=50 * (place == 2))
        for place, (title, right, whole) in enumerate(
            draw(st.lists(COLUMNS, min_size=1, max_size=5))
        )
    ]
    cells = st.tuples(*[CELLS] * len(columns))
    lines = draw(st.lists(st.tuples(cells, st.sampled_from(("", *TONES))), max_size=3))
    headings, notes = draw(st.lists(TEXTS, max_size=2)), draw(st.lists(TEXTS, max_size=2))
    return Grid("\n".join(headings), columns, [Line(*line) for line in lines], notes)


class _Terminal(io.StringIO):
    """A stream that accepts everything a terminal does."""

    encoding = "utf-8"

    def isatty(self) -> bool:
        """Return true."""
        return True


def _by_rich(grid: Grid, width: int) -> str:
    out = _Terminal()
    write_styled(grid, console_for(out, width=width, height=50))
    return out.getvalue()


def _look(text: str) -> list[list[tuple[str, str]]]:
    """Return each character of each line with its style; a space looks the same in every style."""
    found = []
    for line in text.splitlines():
        style, looks = "", []
        for code, letter in re.findall(r"\x1b\[([0-9;]*)m|(.)", line):
            if letter:
                looks.append((letter, "" if letter == " " else style))
            else:
                style = "" if code in ("", "0") else f"{style};{code}".strip(";")
        while looks and looks[-1][0] == " ":
            looks.pop()
        found.append(looks)
    return found


@pytest.fixture(autouse=True, scope="module")
def _colours() -> object:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TERM", "xterm-256color")
        for name in ("NO_COLOR", "COLORTERM", "FORCE_COLOR"):
            patch.delenv(name, raising=False)
        yield


@given(grids(), st.sampled_from((40, 60, 80, 100, 200)))
def test_it_looks_as_rich_draws_it(grid: Grid, width: int) -> None:
    """Letters, places and styles are the same; the other tables are left to Rich."""
    found = drawn(grid, width)

    if found is None:
        assert width < 200 or not grid.lines
    else:
        assert _look("".join(f"{line}\n" for line in found.lines)) == _look(_by_rich(grid, width))


def _lines(grid: Grid, width: int, *, every: bool = False) -> list[str]:
    found = drawn(grid, width, every=every)
    assert found is not None
    return found.lines


def test_a_table_by_hand() -> None:
    """Columns two apart, numbers to the right, a rule, and the tone of the row."""
    columns = [Field("child"), Field("late", "whole"), Field("team", gives_way=60)]
    grid = Grid("2 children", columns, [Line(("Wren", "12", "North"), "overdue")], ["A note"])

    assert _lines(grid, 40) == [
        "\x1b[1m2 children\x1b[0m",
        "\x1b[1mChild  Late  Team\x1b[0m",
        "──────────────────",
        "\x1b[1;31mWren     12  North\x1b[0m",
        "\x1b[2mA note\x1b[0m",
    ]


def test_what_is_the_same_in_every_row_goes_before_anything_is_broken() -> None:
    """A note has the common value; a common day stays in its column if there is room."""
    columns = [
        Field("what"),
        Field("when", DATE, whole=True, repeats=True),
        Field("team", gives_way=132, repeats=True),
    ]
    cells = [("First review conference", "Fri 11 Dec 2026", "North")] * 2
    grid = Grid("", columns, [Line(one) for one in cells])

    assert _lines(grid, 40) == [
        "\x1b[1mWhat                     When\x1b[0m",
        "─" * 40,
        "First review conference  Fri 11 Dec 2026",
        "First review conference  Fri 11 Dec 2026",
        "\x1b[2min every row: Team North\x1b[0m",
    ]


def test_what_does_not_fit_is_wrapped_between_words() -> None:
    """The widest column becomes narrower, unless it has to stay whole."""
    columns = [Field("what"), Field("when", whole=True)]
    grid = Grid("", columns, [Line(("Subsequent review conference", "Fri 11 Dec 2026"))])

    assert _lines(grid, 36) == [
        "\x1b[1mWhat                 When\x1b[0m",
        "─" * 36,
        "Subsequent review    Fri 11 Dec 2026",
        "conference",
    ]


@pytest.mark.parametrize(
    "text",
    ["日本", "e\u0301cole", "🐦", "O\u2019Hara", "x" * 60, "two  spaces", " before"],
    ids=["wide", "combining", "emoji", "quote", "long", "spaces", "indented"],
)
def test_rich_draws_the_rest(text: str) -> None:
    """Zero-width or wide characters, a word wider than the terminal, and odd spaces."""
    column = Field("child")

    assert drawn(Grid("", [column], [Line((text,))]), 40) is None
    assert drawn(Grid(text, [column], []), 40) is None
    assert text.split(maxsplit=1)[0][:5] in _by_rich(Grid("", [column], [Line((text,))]), 40)


def test_every_letter_that_is_drawn_here_takes_one_place() -> None:
    """Rich counts the same: letters with accents, of most languages of Europe."""
    letters = [chr(number) for number in range(0x300) if chr(number).isprintable()]
    column = Field("child")

    assert len(letters) > 600
    assert [one for one in letters if cell_len(one) != 1] == []
    assert drawn(Grid("", [column], [Line((f"Ŵ{one}n",)) for one in "éßł"]), 40) is not None


_WHO = Field("iro", title="IRO", gives_way=90, repeats=True)
_BOOKED = Field("booked", gives_way=60)
_WHAT = (Field("due", whole=True), Field("child", CHILD), _WHO, _BOOKED)
_DAY = "Fri 11 Dec 2026"


def _rows(*whose: str) -> list[Line]:
    return [Line((_DAY, "TS 0101-x", one, "Thu 10 Dec 2026")) for one in whose]


def test_a_column_with_one_value_is_left_out_first_and_named() -> None:
    """15, 9 and 9, two apart, are 37: with the IRO it would be 44 at least."""
    lines = _lines(Grid("", _WHAT, _rows("Finch", "Finch")), 40)

    assert lines[0] == "\x1b[1mDue              Child      Booked\x1b[0m"
    assert lines[2:4] == ["Fri 11 Dec 2026  TS 0101-x  Thu 10 Dec", " " * 28 + "2026"]
    assert lines[-1] == "\x1b[2min every row: IRO Finch\x1b[0m"
    assert "Finch" in _lines(Grid("", _WHAT, _rows("Finch", "Finch")), 50)[2]


def test_columns_that_differ_are_left_out_by_their_number_and_named() -> None:
    """The IRO has the higher number; a note names the left-out columns and where they are."""
    lines = _lines(Grid("", _WHAT, _rows("Finch", "Wren")), 40)

    assert "Booked" in lines[0]
    assert lines[-2:] == [
        "\x1b[2mno room here for IRO: a wider window or\x1b[0m",
        "\x1b[2m`-f csv` has them\x1b[0m",
    ]


@given(grids(), st.integers(8, 120))
def test_no_line_is_wider_than_the_terminal(grid: Grid, width: int) -> None:
    """This holds for any width and any table."""
    odd = Line(tuple("日本 conference e\u0301cole" for _ in grid.columns))
    drawn_lines = _lines(grid._replace(lines=[*grid.lines, odd]), width, every=True)

    assert max(places(re.sub(r"\x1b\[[0-9;]*m", "", line)) for line in drawn_lines) <= width


def test_a_long_table_repeats_its_titles_on_each_screen() -> None:
    """A screen of 6 lines has titles, rule and 4 rows; the first has the heading too."""
    rows = [Line((str(number),)) for number in range(1, 9)]
    found = drawn(Grid("Eight", [Field("n", title="N")], rows), 40)

    assert found is not None
    lines = [re.sub(r"\x1b\[[0-9;]*m", "", line) for line in found.paged(0, 6)]
    assert lines == ["Eight", "N", "─", "1", "2", "3", "N", "─", "4", "5", "6", "7", "N", "─", "8"]


# ---------------------------------------------------------------- messages


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("iro: K1: too early", ["iro: K1: too early"]),
        (
            "iro: K1 has two of them, and both stand",
            ["iro: K1 has two of", "  them, and both", "  stand"],
        ),
        # a command is copied as it stands, alone in a line or in a sentence
        (
            "  iro --database demo.db --as-of 2026-11-23",
            ["  iro --database demo.db --as-of 2026-11-23"],
        ),
        (
            "say so: `iro record review K1 --on mon`, then ask",
            ["say so:", "  `iro record review K1 --on mon`,", "  then ask"],
        ),
        # a word that is longer than the line is no two words
        ("in /home/ada/of/some/length/iro.db", ["in", "  /home/ada/of/some/length/iro.db"]),
    ],
)
def test_a_message_breaks_between_words(text: str, lines: list[str]) -> None:
    """Lines have 18 characters, except for a command or long word; later ones are indented."""
    assert in_words(text, 18) == lines
