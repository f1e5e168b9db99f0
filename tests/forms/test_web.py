"""The page is read by the standard library's parser."""

from html.parser import HTMLParser
from pathlib import Path

import pytest

from forms.conftest import FORMULA, MARKUP, Run


class _Page(HTMLParser):
    """Gathers the cells of every table, the tags, and the definitions."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.rows: list[list[str]] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.said: list[str] = []
        self._in = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self._in = tag
        if tag == "tr":
            self.rows.append([])
        elif tag in ("td", "th"):
            self.rows[-1].append("")
        elif tag in ("dt", "dd"):
            self.said.append("")

    def handle_endtag(self, tag: str) -> None:
        self._in = ""

    def handle_data(self, data: str) -> None:
        if self._in in ("td", "th"):
            self.rows[-1][-1] += data
        elif self._in in ("dt", "dd"):
            self.said[-1] += data


def test_every_cell_is_there(store: Path, iro: Run) -> None:
    """The page has the table for people, with its texts unchanged."""
    page = _Page(iro("due", "-f", "html").out.decode())

    assert page.rows[0] == ["Due", "When", "What", "Child", "IRO or chair"] + [
        "Hold by",
        "Booked",
        "Team",
    ]
    assert page.rows[1] == [
        *("Mon 3 Feb 2025", "7 days late", "First review", "A-001", "Ann Example"),
        *("Mon 3 Feb 2025", "-", "North"),
    ]
    assert [row[4] for row in page.rows if row[3] in ("A-002", "A-003")] == [FORMULA, MARKUP]
    # A day, how late it is and an id stay on one line.
    shapes = [given.get("class") for tag, given in page.tags if tag == "td"][:8]
    assert shapes == ["whole", "whole", None, "whole", None, "whole", None, None]


def test_nothing_in_it_runs_or_is_fetched(store: Path, iro: Run) -> None:
    """It has no script, link, picture or address, and a policy that would stop them."""
    page = _Page(iro("due", "-f", "html").out.decode())

    assert not {tag for tag, _ in page.tags} & {"script", "link", "img", "iframe", "a", "b", "form"}
    assert not [one for _, given in page.tags for one in given if one.startswith("on")]
    assert "default-src 'none'" in iro("due", "-f", "html").out.decode()


def test_it_can_be_read_without_seeing_it(store: Path, iro: Run) -> None:
    """A language, one heading, a caption, and headers with a scope."""
    page = _Page(iro("due", "-f", "html").out.decode())
    tags = [tag for tag, _ in page.tags]

    assert dict(page.tags)["html"] == {"lang": "en-GB"}
    assert (tags.count("h1"), tags.count("caption"), tags.count("main")) == (1, 1, 1)
    assert {given.get("scope") for tag, given in page.tags if tag == "th"} == {"col"}


def test_an_override_is_shown_as_its_number(store: Path, iro: Run) -> None:
    """A character that would reverse a name is written as its number."""
    out = iro("due", "-f", "html").out.decode()

    assert "\u202e" not in out
    assert r"Ann\u202eelpmaxE" in out


@pytest.mark.parametrize("listing", [("due",), ("caseload",), ("show", "A-001")], ids=" ".join)
def test_it_says_what_it_is(listing: tuple[str, ...], store: Path, iro: Run) -> None:
    """The day, the nation, the program, the rules, the bank holidays."""
    said = _Page(iro(*listing, "-f", "html").out.decode()).said
    found = dict(zip(said[::2], said[1::2], strict=True))

    assert (found["As of"], found["Nation"]) == ("Mon 10 Feb 2025", "England")
    assert {"Made by", "Rules", "Bank holidays"} <= found.keys()


def test_nothing_overdue_is_no_mail(store: Path, iro: Run, home: Path) -> None:
    """Piped, nothing is printed; with a file name the page is written all the same."""
    nothing = ("overdue", "-f", "html", "--as-of", "2024-12-01")
    iro(*nothing, "-o", "page.html")

    assert iro(*nothing) == (0, b"", "")
    assert (home / "page.html").read_text().startswith("<!DOCTYPE html>")
