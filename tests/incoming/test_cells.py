"""Read cells."""

import re
from datetime import date, datetime, time

import pytest

from iro_cli.dates.file_dates import FileDate
from iro_cli.incoming.cells import (
    BLANK,
    Cell,
    Days,
    DaysCounted,
    as_written,
    is_blank,
    read_cell,
    read_child_id,
    read_choice,
    read_code,
    read_lines,
    read_name,
    read_text,
    read_yes_no,
)
from running import each

TODAY = date(2026, 11, 22)


@each(
    "text, expected",
    [
        (" 00123 ", "00123"),
        ("\u00a0TS-0101\u00a0", "TS-0101"),
        ("TS-0101\u200b", "TS-0101"),
        ("=1+1", "=1+1"),
        ("[bold]x[/]", "[bold]x[/]"),
        ("🦔", "🦔"),
        ("a" * 200, "a" * 200),
        ("12E5", "12E5"),
        ("E+11", "E+11"),
        (9001.0, "9001"),
        (123456789012345, "123456789012345"),
    ],
)
def test_a_childs_id_is_trimmed_and_kept_as_it_is(text: str, expected: str) -> None:
    """Leading zeros and unusual letters are part of the id."""
    assert read_child_id(text) == expected


@each(
    "text, says",
    [
        ("", "missing"),
        (" \u00a0 ", "missing"),
        ("NULL", "missing"),
        ("nan", "missing"),
        ("a" * 201, "200"),
        ("a\x07b", r"U\+0007"),
        ("1.23457E+11", "has shortened this id"),
        ("1,2e+12", "has shortened this id"),
        ("1E+100", "has shortened this id"),
        (1e15, "Excel keeps 15 digits"),
        (1.5, "cannot be a fraction"),
        (-1, "or negative"),
        (date(2026, 2, 1), "turned this id into a date"),
    ],
)
def test_a_childs_id_can_be_refused(text: Cell, says: str) -> None:
    """An id that is empty, too long or has control codes is refused."""
    with pytest.raises(ValueError, match=says):
        read_child_id(text)


@each("text", ["=HYPERLINK(1)", "[red]x", "🦔 Hedgehog", "שלום", "x" * 5000, "O'Neill-d’Arcy"])
def test_text_is_stored_as_it_is(text: str) -> None:
    """Formulas, markup and long text are stored unchanged."""
    assert read_text(text) == text


def test_text_of_one_line_has_one_line() -> None:
    """A line end is a control code."""
    with pytest.raises(ValueError, match=r"U\+000A"):
        read_text("a\nb")


def test_notes_may_have_lines_and_tabs() -> None:
    """Any kind of line end is allowed."""
    assert read_lines(" a\r\nb\tc ") == "a\nb\tc"


def test_notes_may_not_have_other_control_codes() -> None:
    """An escape code could control the terminal."""
    with pytest.raises(ValueError, match=r"U\+001B"):
        read_lines("a\x1b[2J")


def test_blank_cells_are_none() -> None:
    """This holds for every kind of cell."""
    found = [
        read_text(" "), read_lines("\n"), read_choice("", ("a",)), read_code("", ("A",)),
        read_yes_no(" "),
    ]  # fmt: skip

    assert found == [None] * 5


@each(
    "text, expected",
    [("Yes", "yes"), ("y", "yes"), ("TRUE", "yes"), ("1", "yes")]
    + [("no", "no"), ("N", "no"), ("False", "no"), ("0", "no")],
)
def test_yes_and_no_are_read_as_people_write_them(text: str, expected: str) -> None:
    """They are stored in one form."""
    assert read_yes_no(text) == expected


@pytest.mark.parametrize("text", ["a) Yes", "1 - Yes", "b) no", "0: No"])
def test_codes_before_yes_and_no_are_left_out(text: str) -> None:
    """Ofsted's lists and others have such codes."""
    assert read_yes_no(text) == text.rsplit(maxsplit=1)[-1].casefold()


def test_what_is_neither_yes_nor_no_is_refused() -> None:
    """No value is guessed."""
    with pytest.raises(ValueError, match="yes or no"):
        read_yes_no("maybe")


def test_a_word_that_is_no_choice_is_refused() -> None:
    """The reason lists the choices."""
    with pytest.raises(ValueError, match="must be one of plan, no-plan"):
        read_choice("none", ("plan", "no-plan"))


def test_the_word_none_is_no_choice_and_not_blank() -> None:
    """The word may be an answer, and a blank would mean the first choice."""
    with pytest.raises(ValueError, match="must be one of plan, no-plan"):
        read_choice(" None ", ("plan", "no-plan"))


@each("word", sorted(BLANK))
def test_one_set_of_words_says_that_there_is_nothing(word: str) -> None:
    """In any capitals, with spaces around them, in every cell."""
    cells = [word, word.upper(), f"\u00a0{word} "]

    assert [read_cell(cell) for cell in cells] == [""] * 3
    assert [is_blank(cell) for cell in cells] == [True] * 3
    assert [Days(TODAY).read(cell) for cell in cells] == [None] * 3


def test_initials_may_be_na() -> None:
    """In a name, NA in capitals may be initials; in small letters it means none."""
    assert [read_name(" NA "), read_name("na"), read_name("N/A")] == ["NA", None, None]


def test_the_error_of_a_formula_is_not_blank() -> None:
    """A blank would mean that no meeting was held."""
    with pytest.raises(ValueError, match="gives no result"):
        read_cell("#REF!")
    assert not is_blank("#REF!")


@each(
    "cell, text",
    [
        (9001.0, "9001"),
        (1.5, "1.5"),
        (True, "yes"),
        (datetime(2026, 11, 2), "2026-11-02"),  # noqa: DTZ001 - as a workbook gives it
        (datetime(2026, 11, 2, 14, 30), "2026-11-02 14:30:00"),  # noqa: DTZ001
        ("NULL", "NULL"),
    ],
)
def test_a_cell_as_it_is_written(cell: Cell, text: str) -> None:
    """The text of a cell is kept so that a refused row can be mended."""
    assert as_written(cell) == text


def test_codes_are_read_in_either_case() -> None:
    """They are stored in capitals."""
    assert read_code(" pn3", ("PN3",)) == "PN3"


@each(
    "cell, expected",
    [
        ("2026-11-02", date(2026, 11, 2)),
        (" 02/11/2026 ", date(2026, 11, 2)),
        ("02-NOV-2026", date(2026, 11, 2)),
        ("2026-11-02 00:00:00.000", date(2026, 11, 2)),
        (date(2026, 11, 2), date(2026, 11, 2)),
        (datetime(2026, 11, 2, 14, 30), date(2026, 11, 2)),  # noqa: DTZ001
        (46328, date(2026, 11, 2)),
        (46328.6, date(2026, 11, 2)),
        ("", None),
        (0, None),
        (time(), None),
        ("1900-01-01", None),
        ("01/01/1900", None),
        ("01/01/1900 00:00:00", None),
    ],
)
def test_dates_of_files_and_of_workbooks(cell: Cell, expected: date | None) -> None:
    """Exports write 1 January 1900 for no date, and Excel the number 0."""
    days = Days(TODAY)
    read = [days.read(cell, DaysCounted.FROM_1900) for _ in range(2)]

    assert [one and one.day for one in read] == [expected] * 2


@each(
    "cell, says",
    [
        ("46328", "by which Excel means 2 Nov 2026: format the column as dates"),
        ("46328.5", "by which Excel means 2 Nov 2026"),
        ("12", "not a date"),
        ("20261102", "not a date"),
        (46328, "not a date"),
        (True, "not a date"),
        (time(14, 30), "is a time and not a date"),
        ("31/12/9999", "is later than 2036: leave the cell blank where there is no date"),
        (date(2037, 1, 1), "is later than 2036"),
    ],
)
def test_what_is_no_date_of_a_csv_file_is_refused(cell: Cell, says: str) -> None:
    """A number in text is no day; the refusal says which day it would be."""
    with pytest.raises(ValueError, match=re.escape(says)):
        Days(TODAY).read(cell)


def test_a_year_of_two_digits_is_at_most_the_pivot() -> None:
    """Without a pivot it is the latest possible year."""
    born, other = Days(TODAY, pivot=2027), Days(TODAY)

    assert [days.read("02/11/28") for days in (born, other)] == [
        FileDate(date(1928, 11, 2), century_supplied=True, month_first=date(1928, 2, 11)),
        FileDate(date(2028, 11, 2), century_supplied=True, month_first=date(2028, 2, 11)),
    ]
