"""The forms that are files to open: a workbook, a page, a calendar, a Parquet file."""

import sys
from pathlib import Path

from iro_cli.cli.settings import Settings
from iro_cli.errors import InputRefusedError, UsageError
from iro_cli.files import Write, as_text
from iro_cli.forms.sheet import Sheet

# What no terminal can show.
_BINARY = ("xlsx", "parquet")


def document(sheet: Sheet, settings: Settings) -> Write:
    """
    Return what writes a listing as a document.

    Raises:
        UsageError: The listing has no such form, or it would be written to a terminal.
    """
    form, to_file = settings.format, settings.output is not None and str(settings.output) != "-"
    if form in _BINARY and not to_file and sys.stdout.isatty():
        raise UsageError(f"--format {form} is not for a terminal: give --output FILE.{form}")
    if form == "xlsx":
        from iro_cli.forms.workbook import write_workbook  # noqa: PLC0415 - its library is slow

        return lambda out: write_workbook(sheet, out)
    if form == "parquet":
        from iro_cli.forms.parquet import write_parquet  # noqa: PLC0415 - an optional library

        return lambda out: write_parquet(sheet, out)
    if form == "html":
        from iro_cli.forms.web import write_html  # noqa: PLC0415 - only for this form

        if sheet.silent and not sheet.records and not to_file:
            return lambda _: None
        return as_text(lambda out: write_html(sheet, out))
    return _calendar(sheet, settings.output if to_file else None)


def _calendar(sheet: Sheet, place: Path | None) -> Write:
    if sheet.diary is None:
        raise UsageError("--format ics goes with `iro due` and `iro overdue`: only they have days")
    from iro_cli.forms.icalendar_file import write_icalendar  # noqa: PLC0415 - its library is slow

    diary, before = sheet.diary(), _before(place)
    return as_text(lambda out: write_icalendar(sheet, diary, out, before=before))


def _before(place: Path | None) -> str:
    """Return the text of the file that is to be replaced, if there is one."""
    if place is None or not place.is_file():
        return ""
    try:
        return place.read_text("utf-8")
    except UnicodeDecodeError:
        return ""
    except OSError as error:
        raise InputRefusedError(
            f"{place} cannot be read ({error.strerror}), so what is to be cancelled in it cannot "
            "be told: name another file"
        ) from None
