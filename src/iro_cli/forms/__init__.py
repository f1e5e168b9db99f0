"""
The forms in which a listing can be written: a module each, and a line in the registry.

A form is imported only when somebody asks for it, so the daily check loads only the form that
it writes.
"""

from __future__ import annotations  # the daily check starts with this: nothing is worked out

from collections.abc import Callable, Mapping
from os import environ

from iro_cli.lean import TYPE_CHECKING, Any, NamedTuple, TextIO

if TYPE_CHECKING:
    from pathlib import Path

# The forms that --format names, and the module of each.
FORMS = {
    "table": "iro_cli.forms.table",
    "csv": "iro_cli.forms.csv_file",
    "json": "iro_cli.forms.json_file",
    "jsonl": "iro_cli.forms.json_lines",
    "markdown": "iro_cli.forms.markdown",
    "xlsx": "iro_cli.forms.workbook",
    "html": "iro_cli.forms.web",
    "ics": "iro_cli.forms.icalendar_file",
    "parquet": "iro_cli.forms.parquet",
}
# The forms that can be set in the configuration: a terminal can show them, and every listing has
# them.
SHOWN_FORMS = ("table", "csv", "json", "jsonl", "markdown", "html")
# The forms of the quarterly and the annual report.
REPORT_FORMS = {
    "html": "iro_cli.pages.report_page",
    "docx": "iro_cli.pages.report_document",
    "json": "iro_cli.pages.report_json",
}


class Target(NamedTuple):
    """
    Where a form is written, and how.

    Attributes:
        place: The file; ``None`` for standard output.
        excel: Whether it is for Excel on Windows.
        above: Lines that stand above a table on a terminal.
        pager: Shows a text that is longer than the terminal, and returns whether it did.
        template: The document that gives a new one its styles, if there is one.
    """

    place: Path | None = None
    excel: bool = False
    above: tuple[str, ...] = ()
    pager: Callable[[str], bool] | None = None
    template: bytes | None = None


class Form(NamedTuple):
    """
    A form, such as CSV.  Its module declares it at the end, as ``FORM``.

    Attributes:
        name: Its name for ``--format``.
        ending: The ending of its files.
        write: Writes an export to a file, which is open for bytes or for text; line ends are
            written as they are given.
        binary: Whether it is bytes, which a terminal cannot show.
        states: Whether it states its own day and rules.
        beside: Whether that can be written to a file beside it, because it has only rows.
    """

    name: str
    ending: str
    write: Callable[[Any, Any, Target], None]
    binary: bool = False
    states: bool = True
    beside: bool = False


def form(name: str, forms: Mapping[str, str] = FORMS) -> Form:
    """Return a form by its name."""
    # Importing importlib takes longer than writing the listing of a caseload.
    found: Form = __import__(forms[name], fromlist=["FORM"]).FORM
    return found


def form_ending(ending: str, forms: Mapping[str, str] = FORMS) -> str | None:
    """
    Return the name of the form whose files have an ending, if there is one.

    Args:
        ending: The ending without the dot, in small letters.
        forms: The forms to choose from.
    """
    # Most forms have the ending as their name: that one comes first, so that few are imported.
    likely = sorted(forms, key=lambda name: name != ending)
    return next((name for name in likely if form(name, forms).ending == ending), None)


def is_terminal(out: TextIO) -> bool:
    """Say whether an output is shown on a terminal, so that lines have to fit its width."""
    return out.isatty()


def is_dumb() -> bool:
    """Say whether the terminal shows letters and understands no control codes."""
    return environ.get("TERM") in ("dumb", "unknown")


def may_style(out: TextIO) -> bool:
    """Say whether an output may have colours and control codes."""
    return is_terminal(out) and not environ.get("NO_COLOR") and not is_dumb()
