"""Coming law that moves no date yet is written down, so that it is read in time."""

from datetime import date

from iro_cli import library


def test_england_names_what_is_to_be_watched() -> None:
    """The list has the Act of 2026 and the next editions of Working Together."""
    named = {one.id for one in library.coming("england")}

    assert {"working-together-2026", "child-protection-teams", "deprivation-of-liberty"} <= named


def test_each_says_what_to_watch_and_where_it_is_written() -> None:
    """Every entry says what to watch for, with words and their address."""
    wrong = [
        one.id
        for one in library.coming("england")
        for law in one.citations
        if not (one.changes and one.watch and law.quote and law.url.startswith("https://"))
    ]

    assert [] == wrong


def test_a_day_that_is_known_is_a_day() -> None:
    """Working Together 2026 was published on 18 March 2026; most entries have no day yet."""
    expected = {one.id: one.expected for one in library.coming("england")}

    assert date(2026, 3, 18) == expected["working-together-2026"]
    assert expected["deprivation-of-liberty"] is None


def test_a_nation_without_any_has_none() -> None:
    """A nation without such law has an empty list."""
    assert library.coming("scotland") == ()
