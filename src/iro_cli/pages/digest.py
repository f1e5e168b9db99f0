"""The digest as a mail body: plain text, or HTML that any mail program shows."""

from collections.abc import Sequence
from html import escape
from textwrap import wrap

from iro_cli.dates.words import spoken
from iro_cli.figures.digest import Digest, has_passed
from iro_cli.forms.listing import Export, Field, Grid, Listing
from iro_cli.forms.statement import about
from iro_cli.law.catalogue import Catalogue
from iro_cli.lean import NamedTuple, TextIO
from iro_cli.obligations.listing import DueRow
from iro_cli.pages.due import DUE, due_grid
from iro_cli.pages.since import Different, heading_of, what_became
from iro_cli.pages.words import when_words
from iro_cli.questions.since import KINDS
from iro_cli.safe import printable

_WIDTH = 72
_FOOT = (
    "`iro explain CHILD` says why a date is what it is. This mail has the children's ids, "
    "but not their names."
)
# Mail programs drop style sheets, so each element has its style in itself.
_BODY = "font-family:sans-serif;font-size:16px;line-height:1.4;color:#1a1a1a;background:#ffffff"
# There are two columns: with more, each would be one word wide on a telephone.
_TABLE = "border-collapse:collapse;width:100%;margin:0 0 24px"
_HEAD = "text-align:left;padding:4px 12px 4px 0;border-bottom:2px solid #1a1a1a"
_CELL = "text-align:left;vertical-align:top;padding:4px 12px 4px 0;border-bottom:1px solid #767676"
_ID = f"{_CELL};white-space:nowrap"

HEADINGS = {
    "overdue": "Overdue",
    "today": "Due today",
    "too-late": "Booked too late",
    "passed": "Booked for a day that has passed",
    "to-book": "Due soon, not booked",
    "booked": "Due soon, booked",
    "no-date": "Without a date",
}


def headline(found: Digest) -> str:
    """Return one line about the digest, which can be the subject of the mail."""
    soon = found.count("to-book") + found.count("booked") + found.count("too-late")
    parts = [
        f"{number:,} {words}"
        for number, words in (
            (found.count("overdue"), "overdue"),
            (found.count("today"), "due today"),
            (soon, f"due within {found.within} or booked too late")
            if found.count("too-late")
            else (soon, f"due within {found.within}"),
            (found.count("passed"), "booked for a day that has passed"),
            (found.count("no-date"), "without a date"),
        )
        if number
    ]
    whose = f"{printable(found.for_whom)}: " if found.for_whom else ""
    return f"{whose}{', '.join(parts)}"


def _booked(row: DueRow, found: Digest) -> str:
    if row.booked is None:
        return "not booked"
    late = " TOO LATE" if row.booked_late else ""
    passed = ", and that day has passed: record it or book again"
    return f"booked {spoken(row.booked)}{late}{passed if has_passed(row, found.as_of) else ''}"


def _due(row: DueRow) -> str:
    if row.due is None:
        return "no date"
    early = f", hold by {spoken(row.hold_by)}" if row.hold_by and row.hold_by != row.due else ""
    return f"due {spoken(row.due)}{' (provisional)' if row.provisional else ''}{early}"


def _when(row: DueRow) -> str:
    return "" if row.due is None else when_words(row.days_left)


def _whose(row: DueRow, found: Digest) -> str:
    return "" if found.for_whom and row.iro == found.for_whom else (row.iro or "nobody allocated")


def _different(different: Different | None) -> list[tuple[str, list[tuple[str, str, str]]]]:
    """Return what is different: headings, with the child, the title and what became of each."""
    if different is None:
        return []
    found = []
    for kind in KINDS:
        rows = [(row.child, row.title, what_became(row)) for row in different.of(kind)]
        if rows:
            day = spoken(different.base.day)
            found.append((f"Since {day}: {heading_of(kind, different.within).lower()}", rows))
    return found


def write_text(found: Digest, out: TextIO, different: Different | None = None) -> None:
    """
    Write the digest as plain text, in lines that are short enough for mail programs.

    Args:
        found: The digest.
        out: The file.
        different: What is different since a day, if that is asked for.
    """
    out.write(f"{headline(found)}\n{spoken(found.as_of)}\n")
    for section in found.sections:
        out.write(f"\n{HEADINGS[section.key].upper()} ({len(section.rows):,})\n")
        for row in section.rows:
            out.write(f"  {printable(row.child)}  {printable(row.title)}\n")
            details = [_due(row), _when(row), _booked(row, found), _whose(row, found)]
            words = "; ".join(printable(one) for one in details if one)
            lines = wrap(words, _WIDTH - 4, break_long_words=False, break_on_hyphens=False)
            out.writelines(f"    {line}\n" for line in lines)
    for heading, rows in _different(different):
        out.write(f"\n{heading.upper()} ({len(rows):,})\n")
        for child, title, became in rows:
            out.write(f"  {printable(child)}  {printable(title)}\n    {became}\n")
    out.write("\n" + "\n".join(wrap(_FOOT, _WIDTH)) + "\n")


def _write_part(heading: str, rows: Sequence[tuple[str, ...]], out: TextIO) -> None:
    """Write a part of the page: a heading, and a table with a row for each child."""
    out.write(
        f'<h2 style="font-size:18px">{escape(heading)} ({len(rows):,})</h2>\n'
        f'<table style="{_TABLE}">\n<tr>'
        + "".join(f'<th scope="col" style="{_HEAD}">{head}</th>' for head in ("Child", "What"))
        + "</tr>\n"
    )
    for row in rows:
        child, *lines = (escape(printable(text)) for text in row if text)
        words = "<br>".join(lines)
        out.write(f'<tr><td style="{_ID}">{child}</td><td style="{_CELL}">{words}</td></tr>\n')
    out.write("</table>\n")


def write_html(found: Digest, out: TextIO, different: Different | None = None) -> None:
    """Write the digest as one HTML page: no script, no picture, nothing fetched."""
    title = escape(headline(found))
    out.write(
        '<!doctype html>\n<html lang="en-GB">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f'<title>{title}</title>\n</head>\n<body style="{_BODY}">\n'
        f'<h1 style="font-size:20px">{title}</h1>\n<p>{spoken(found.as_of)}</p>\n'
    )
    for section in found.sections:
        rows: list[tuple[str, ...]] = []
        for row in section.rows:
            when = "; ".join(one for one in (_due(row), _when(row), _booked(row, found)) if one)
            rows.append((row.child, row.title, when, _whose(row, found)))
        _write_part(HEADINGS[section.key], rows, out)
    for heading, told in _different(different):
        _write_part(heading, told, out)
    foot = _FOOT.replace("`iro explain CHILD`", "<code>iro explain CHILD</code>")
    out.write(f"<p>{foot}</p>\n</body>\n</html>\n")


DIGEST = Listing(
    "Digest",
    (
        Field("section", harmless=True),
        *(field.within("row") for field in DUE.fields),
    ),
    command="digest",
    paper=(
        *("section", "child", "title", "due", "days_left", "status", "hold_by", "booked"),
        *("booked_late", "iro", "team", "provisional", "assumed"),
    ),
)


class _DigestRow(NamedTuple):
    section: str
    row: DueRow


def digest_export(found: Digest, catalogue: Catalogue) -> Export:
    """Make the listing of a digest, for programs: the rows of ``due``, each with its section."""
    rows = [_DigestRow(section.key, row) for section in found.sections for row in section.rows]

    def grids() -> list[Grid]:
        return [due_grid(HEADINGS[section.key], section.rows) for section in found.sections]

    return DIGEST.export(rows, about(catalogue, found.as_of), grids, silent=True)
