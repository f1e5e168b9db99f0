"""
The forms in which a listing leaves: a module each, and a line in the registry.

A form is imported when it is asked for: the daily check brings no more than it writes.
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
# Those that can be configured: what a terminal can show, and every listing has.
SHOWN_FORMS = ("table", "csv", "json", "jsonl", "markdown", "html")
# Those of the quarterly and the annual report.
REPORT_FORMS = {
    "html": "iro_cli.pages.report_page",
    "docx": "iro_cli.pages.report_document",
    "json": "iro_cli.pages.report_json",
}


class Target(NamedTuple):
    """
    Where and for whom a form is written.

    Attributes:
        place: The file; ``None`` is standard output.
        excel: For Excel on Windows.
        above: Lines that stand above a table on a terminal.
        pager: Shows what is longer than a terminal; says whether it did.
        template: The document in whose styles one is written, where one is given.
    """

    place: Path | None = None
    excel: bool = False
    above: tuple[str, ...] = ()
    pager: Callable[[str], bool] | None = None
    template: bytes | None = None


class Form(NamedTuple):
    """
    One form.  Its module ends with it, as ``FORM``.

    Attributes:
        name: As ``--format`` has it.
        ending: The ending of a file of it.
        write: Writes what is exported to a file opened for text whose line ends are written
            as they are given, or for bytes.
        binary: Whether it is bytes, which no terminal can show.
        states: Whether it says about itself of what day and what rules it is.
        beside: Whether that can stand in a file beside it: it holds rows alone.
    """

    name: str
    ending: str
    write: Callable[[Any, Any, Target], None]
    binary: bool = False
    states: bool = True
    beside: bool = False


def form(name: str, forms: Mapping[str, str] = FORMS) -> Form:
    """Return a form by its name, from those there are."""
    # Not importlib: it takes longer to start than a listing of a caseload takes to write.
    found: Form = __import__(forms[name], fromlist=["FORM"]).FORM
    return found


def form_ending(ending: str, forms: Mapping[str, str] = FORMS) -> str | None:
    """
    Return the name of the form whose files have an ending, from those there are.

    Args:
        ending: Without the dot, in small letters.
        forms: Those there are.
    """
    # Most forms are called as their files end, so that few have to be imported.
    likely = sorted(forms, key=lambda name: name != ending)
    return next((name for name in likely if form(name, forms).ending == ending), None)


def is_terminal(out: TextIO) -> bool:
    """Say whether colour and control codes are welcome."""
    dumb = environ.get("NO_COLOR") or environ.get("TERM") in ("dumb", "unknown")
    return out.isatty() and not dumb
