"""``iro digest`` gives the body of a mail, or nothing."""

import json
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path

import pytest

from running import Answer

Run = Callable[..., Answer]


class Page(HTMLParser):
    """An HTML page, read by the standard library."""

    def __init__(self, text: str) -> None:
        """Read the page."""
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.text: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep each start tag."""
        self.tags.append(tag)
        self.attributes += attrs

    def handle_data(self, data: str) -> None:
        """Keep the text."""
        if data.strip():
            self.text.append(data.strip())


def test_the_text(fortnight: Path, iro: Run) -> None:
    """Every open review is in one section, and the first line counts them."""
    code, out, err = iro("digest", "--iro", "Ben Example")

    assert (code, err) == (0, "")
    assert out == (
        "Ben Example: 2 due within 14 days or booked too late\n"
        "Mon 10 Feb 2025\n\n"
        "BOOKED TOO LATE (1)\n"
        "  A-004  First review\n"
        "    due Fri 21 Feb 2025; in 11 days; booked Wed 26 Feb 2025 TOO LATE\n\n"
        "DUE SOON, NOT BOOKED (1)\n"
        "  A-003  First review\n"
        "    due Mon 17 Feb 2025; in 7 days; not booked\n\n"
        "`iro explain CHILD` says why a date is what it is. This mail has the\n"
        "children's ids, but not their names.\n"
    )


def test_a_booked_day_that_has_passed_is_not_a_meeting_to_come(
    home: Path, iro: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    """
    W-1 is in care since Mon 2 Nov 2026: the first review is due by Mon 30 Nov.

    It is booked for Wed 25 Nov.  On that day it is a meeting to come, on Fri 27 Nov it is not:
    nothing was recorded.  It still is booked, so it is not among what has no booking.
    """
    monkeypatch.setenv("IRO_DATABASE", str(home / "iro.db"))
    monkeypatch.setenv("IRO_AS_OF", "2026-11-23")
    iro("child", "add", "W-1", "--iro", "Ada")
    iro("record", "cla.start", "W-1", "--on", "2026-11-02")
    iro("book", "W-1", "2026-11-25")
    (on_the_day,) = iro("digest", "--as-of", "2026-11-25", "-f", "json").rows()
    (passed,) = iro("digest", "--as-of", "2026-11-27", "-f", "json").rows()
    text = iro("digest", "--as-of", "2026-11-27").out.splitlines()
    late = iro("digest", "--as-of", "2026-12-01").out
    unbooked = iro("due", "--unbooked", "--as-of", "2026-11-27", "-f", "json").rows()
    (load,) = iro("caseload", "--as-of", "2026-11-27", "-f", "json").rows()

    assert (on_the_day["section"], passed["section"]) == ("booked", "passed")
    assert (passed["booked"], unbooked, load["unbooked"]) == ("2026-11-25", [], 0)
    assert text[0] == "1 booked for a day that has passed"
    assert text[3] == "BOOKED FOR A DAY THAT HAS PASSED (1)"
    assert " ".join(line.strip() for line in text[5:7]) == (
        "due Mon 30 Nov 2026; in 3 days; booked Wed 25 Nov 2026, and that day has passed: record "
        "it or book again; Ada"
    )
    assert "OVERDUE (1)" in late
    assert "and that day has passed" in " ".join(late.split())


def test_everybody(fortnight: Path, iro: Run) -> None:
    """Without a name the digest is for everybody, and says whose each row is."""
    _, out, _ = iro("digest")

    assert out.startswith("3 overdue, 1 due today, 2 due within 14 days or booked too late\n")
    assert "IRO" not in out
    assert "not booked; Ann Example" in out
    assert "nobody allocated" in out
    assert "Wren" not in out


@pytest.mark.parametrize("options", [(), ("--html",), ("-f", "csv")], ids=str)
def test_nothing_to_say(options: tuple[str, ...], fortnight: Path, iro: Run) -> None:
    """Nothing is printed, and the exit code is 0."""
    assert iro("digest", "--as-of", "2025-01-06", "--within", "7d", *options) == (0, "", "")


def test_nothing_to_say_in_a_file(fortnight: Path, iro: Run, tmp_path: Path) -> None:
    """Yesterday's file is replaced."""
    iro("digest", "-o", "mail.txt")
    assert "A-001" in (tmp_path / "mail.txt").read_text("utf-8")
    iro("digest", "--as-of", "2025-01-06", "--within", "7d", "-o", "mail.txt")

    assert (tmp_path / "mail.txt").read_text("utf-8") == ""


def test_the_exit_code(fortnight: Path, iro: Run) -> None:
    """With --exit-code it is 10 if something is overdue."""
    assert iro("digest").code == 0
    assert iro("digest", "--exit-code").code == 10
    assert iro("digest", "--iro", "Ben Example", "--exit-code").code == 0


def test_the_html(fortnight: Path, iro: Run) -> None:
    """It has the same rows; names are text, and nothing is fetched or run."""
    page = Page(iro("digest", "--html").out)

    assert [page.tags.count(tag) for tag in ("html", "h1", "h2", "table")] == [1, 1, 4, 4]
    assert page.tags.count("tr") == 4 + 6
    assert not {"script", "img", "link", "style", "b", "a"} & set(page.tags)
    assert "../<b>Eve</b> & O'Neill" in page.text
    assert ("lang", "en-GB") in page.attributes
    assert ("scope", "col") in page.attributes
    assert not [name for name, _ in page.attributes if name in ("src", "href")]


def test_the_rows_for_programs(fortnight: Path, iro: Run) -> None:
    """`-f json` has the rows of `due`, each with its section."""
    rows = json.loads(iro("digest", "-f", "json").out)["rows"]

    assert [("overdue", "A-001"), ("overdue", "A-005"), ("overdue", "A-006")] == [
        (row["section"], row["child"]) for row in rows[:3]
    ]
    assert ["today", "too-late", "to-book"] == [row["section"] for row in rows[3:]]


def test_every_row_of_due_is_in_one_section(fortnight: Path, iro: Run) -> None:
    """The digest has each row of `iro due` with the same horizon exactly once."""
    due = json.loads(iro("due", "--within", "14d", "-f", "json").out)["rows"]
    told = json.loads(iro("digest", "-f", "json").out)["rows"]

    assert sorted(row["child"] for row in due) == sorted(row["child"] for row in told)


@pytest.mark.parametrize("options", [(), ("--html",)], ids=str)
def test_pseudonyms(
    options: tuple[str, ...],
    fortnight: Path,
    iro: Run,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """With `--pseudonymise` no id is in the mail."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    out = iro("digest", "--pseudonymise", *options).out

    assert "A-00" not in out
    assert "P-" in out


def test_the_sections_for_people(fortnight: Path, iro: Run) -> None:
    """`-f markdown` has a table for each section."""
    out = iro("digest", "-f", "markdown").out

    assert [f"**{one}**" in out for one in ("Overdue", "Due today", "Booked too late")] == [
        True
    ] * 3


@pytest.mark.parametrize(
    ("options", "code", "says"),
    [
        (("--iro", "Nobody"), 3, "no child is allocated to that name"),
        (("--within", "soon"), 2, "--within 'soon'"),
        (("--html", "-f", "csv"), 2, "--html and --format csv cannot be used together"),
    ],
    ids=str,
)
def test_refused(options: tuple[str, ...], code: int, says: str, fortnight: Path, iro: Run) -> None:
    """A wrong option is refused with its exit code."""
    answer = iro("digest", *options)

    assert (answer.code, answer.out) == (code, "")
    assert says in answer.err
