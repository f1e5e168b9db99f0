"""Reading cells."""

from datetime import date

import pytest

from iro_cli.tables.cells import (
    Days,
    read_child_id,
    read_choice,
    read_code,
    read_lines,
    read_text,
    read_yes_no,
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (" 00123 ", "00123"),
        ("\u00a0TS-0101\u00a0", "TS-0101"),
        ("TS-0101\u200b", "TS-0101"),
        ("=1+1", "=1+1"),
        ("[bold]x[/]", "[bold]x[/]"),
        ("🦔", "🦔"),
        ("a" * 200, "a" * 200),
    ],
)
def test_a_childs_id_is_trimmed_and_kept_as_it_is(text: str, expected: str) -> None:
    """Leading zeros and odd letters are part of it."""
    assert read_child_id(text) == expected


@pytest.mark.parametrize(
    ("text", "says"),
    [("", "missing"), (" \u00a0 ", "missing"), ("a" * 201, "200"), ("a\x07b", r"U\+0007")],
)
def test_a_childs_id_can_be_refused(text: str, says: str) -> None:
    """It is never empty, too long, or written with control codes."""
    with pytest.raises(ValueError, match=says):
        read_child_id(text)


@pytest.mark.parametrize(
    "text", ["=HYPERLINK(1)", "[red]x", "🦔 Hedgehog", "שלום", "x" * 5000, "O'Neill-d’Arcy"]
)
def test_text_is_stored_as_it_is(text: str) -> None:
    """Nothing in it is a formula, a colour or too long."""
    assert read_text(text) == text


def test_text_of_one_line_has_one_line() -> None:
    """A line end is a control code."""
    with pytest.raises(ValueError, match=r"U\+000A"):
        read_text("a\nb")


def test_notes_may_have_lines_and_tabs() -> None:
    """Whatever the line ends."""
    assert read_lines(" a\r\nb\tc ") == "a\nb\tc"


def test_notes_may_not_have_other_control_codes() -> None:
    """An escape could command the terminal."""
    with pytest.raises(ValueError, match=r"U\+001B"):
        read_lines("a\x1b[2J")


def test_blank_cells_are_none() -> None:
    """Of every kind."""
    found = [
        read_text(" "), read_lines("\n"), read_choice("", ("a",)), read_code("", ("A",)),
        read_yes_no(" "),
    ]  # fmt: skip

    assert found == [None] * 5


@pytest.mark.parametrize(
    ("text", "expected"),
    [("Yes", "yes"), ("y", "yes"), ("TRUE", "yes"), ("1", "yes")]
    + [("no", "no"), ("N", "no"), ("False", "no"), ("0", "no")],
)
def test_yes_and_no_are_read_as_people_write_them(text: str, expected: str) -> None:
    """And are stored in one way."""
    assert read_yes_no(text) == expected


def test_what_is_neither_yes_nor_no_is_refused() -> None:
    """Nothing is guessed."""
    with pytest.raises(ValueError, match="yes or no"):
        read_yes_no("maybe")


def test_a_word_that_is_no_choice_is_refused() -> None:
    """The reason lists the choices."""
    with pytest.raises(ValueError, match="must be one of plan, no-plan"):
        read_choice("none", ("plan", "no-plan"))


def test_codes_are_read_in_either_case() -> None:
    """They are stored in capitals."""
    assert read_code(" pn3", ("PN3",)) == "PN3"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-11-02", date(2026, 11, 2)),
        (" 02/11/2026 ", date(2026, 11, 2)),
        ("", None),
        ("1900-01-01", None),
        ("01/01/1900", None),
        ("01/01/1900 00:00:00", None),
    ],
)
def test_dates_that_may_be_missing(text: str, expected: date | None) -> None:
    """The first of January 1900 is how exports write none."""
    days = Days(2026)

    assert [days.optional(text), days.optional(text)] == [expected, expected]


@pytest.mark.parametrize("text", ["", "1900-01-01"])
def test_dates_that_may_not_be_missing(text: str) -> None:
    """Neither blank nor the export's none."""
    with pytest.raises(ValueError, match="missing"):
        Days(2026).required(text)


def test_years_of_two_digits_are_counted() -> None:
    """Each time, though each way of writing is read only once."""
    days = Days(2026)
    found = [days.required("02/11/26"), days.required("02/11/26"), days.required("02/11/27")]

    assert found == [date(2026, 11, 2), date(2026, 11, 2), date(1927, 11, 2)]
    assert days.warnings("a.csv") == [
        "a.csv: dates with a year of two digits, read as one from 1927 to 2026: 3"
    ]
