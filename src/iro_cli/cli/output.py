"""Where results go: standard output or a file, whole or not at all."""

import os
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TextIO

from iro_cli import library
from iro_cli.cli.options import DOCUMENTS
from iro_cli.cli.settings import Settings
from iro_cli.errors import InputRefusedError
from iro_cli.files import Write, as_text, write_whole
from iro_cli.forms.forms import (
    write_about,
    write_csv,
    write_json,
    write_jsonl,
    write_markdown,
    write_markdown_note,
    write_plain,
)
from iro_cli.forms.safe import shown
from iro_cli.forms.sheet import Sheet, Table

# Rich takes more than half a millisecond a row: a longer table is shown as plain text.
_MOST_STYLED_ROWS = 300
# With less room than this beside a label, wrapping makes text harder to read.
_NARROWEST = 30
# These are rows alone: what they say about themselves is written only where it is asked for.
_BARE = ("table", "csv", "jsonl")


def is_terminal(out: TextIO) -> bool:
    """Say whether colour and control codes are welcome."""
    dumb = os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb"
    return out.isatty() and not dumb


def spare(path: Path, database: Path, *others: Path) -> None:
    """
    Refuse to write over the store, or over a file that is being read.

    Raises:
        InputRefusedError: The place is one of them.
    """
    logs = [database.with_name(database.name + suffix) for suffix in ("", "-wal", "-shm")]
    if path.resolve() in {one.resolve() for one in (*logs, *others)}:
        raise InputRefusedError(
            f"{path} is the store, or a file that is being read: name another file to write"
        )


def save(path: Path, write: Callable[[TextIO], None]) -> None:
    """
    Write a text file whole or not at all.

    Raises:
        InputRefusedError: It cannot be written there.
    """
    save_together({path: as_text(write)})


def save_together(files: Mapping[Path, Write]) -> None:
    """
    Write files whole or not at all; the first names what the others go with.

    Raises:
        InputRefusedError: One cannot be written where it should be.
    """
    for path in files:
        if path.is_dir() or not path.name:
            raise InputRefusedError(f"{path} is a folder: name the file to write in it")
    path, *_ = files
    path = path.resolve()
    if path.exists() and not path.is_file():  # a pipe or a device is written to, not replaced
        with path.open("wb") as out:
            next(iter(files.values()))(out)
        return
    try:
        write_whole({path.resolve(): write for path, write in files.items()})
    except OSError as error:
        why = (
            "close it in the program that has it open"
            if isinstance(error, PermissionError)
            else ("check the folder")
        )
        raise InputRefusedError(f"{path} cannot be written ({error.strerror}): {why}") from None


def _people(tables: Sequence[Table], out: TextIO) -> None:
    for number, table in enumerate(tables):
        if number:
            out.write("\n")
        if is_terminal(out) and len(table.lines) <= _MOST_STYLED_ROWS:
            from iro_cli.forms.terminal import console_for, write_table  # noqa: PLC0415 - Rich

            write_table(table, console_for(out))
        else:
            write_plain(table, out)


def write_blocks(
    blocks: Sequence[tuple[str, Sequence[tuple[str, str]]]], out: TextIO, after: Sequence[str] = ()
) -> None:
    """Write headed blocks of labelled lines, wrapped where there is a terminal to wrap for."""
    width = os.get_terminal_size(out.fileno()).columns if is_terminal(out) else 0
    for number, (heading, lines) in enumerate(blocks):
        out.write(("\n" if number else "") + shown(heading) + "\n")
        widest = max((len(label) for label, _ in lines), default=0)
        for label, text in lines:
            start = f"  {label:<{widest}}  "
            room = width - len(start)
            out.write(start + f"\n{' ' * len(start)}".join(_wrapped(shown(text), room)) + "\n")
    if after:
        out.write("\n" + "".join(shown(line) + "\n" for line in after))


def _wrapped(text: str, room: int) -> list[str]:
    if room < _NARROWEST or len(text) <= room:
        return [text]
    lines, line = [], ""
    for word in text.split(" "):
        if line and len(line) + 1 + len(word) > room:
            lines.append(line)
            line = word
        else:
            line = f"{line} {word}" if line else word
    return [*lines, line]


def _stated(sheet: Sheet) -> Sheet:
    """Return a listing that says to when bank holidays are confirmed."""
    name = sheet.about.get("bank_holidays")
    if name is None:
        return sheet
    confirmed_to = library.calendar(str(name)).confirmed_to.isoformat()
    return sheet._replace(about={**sheet.about, "bank_holidays_confirmed_to": confirmed_to})


def _write(sheet: Sheet, settings: Settings, out: TextIO) -> None:
    if settings.format == "json":
        write_json(sheet, out)
        return
    if sheet.silent and not sheet.records:
        return
    if settings.format == "csv":
        write_csv(sheet, out, excel=settings.excel)
    elif settings.format == "jsonl":
        write_jsonl(sheet, out)
    elif settings.format == "markdown":
        for table in sheet.tables():
            write_markdown(table, out)
        from iro_cli.forms.statement import sentence  # noqa: PLC0415 - not for a table

        write_markdown_note(sentence(sheet.about), out)
    else:
        _people(sheet.tables(), out)


def emit(sheet: Sheet, settings: Settings) -> None:
    """Write a listing in the form and to the place that were asked for."""
    if settings.pseudonymise:
        from iro_cli.cli.pseudonym_key import read_key  # noqa: PLC0415 - only when asked for
        from iro_cli.forms.pseudonyms import Pseudonyms, pseudonymised  # noqa: PLC0415

        sheet = pseudonymised(sheet, Pseudonyms(read_key()))
    if settings.about or settings.format not in _BARE:
        sheet = _stated(sheet)
    to_file = settings.output is not None and str(settings.output) != "-"
    if settings.format in DOCUMENTS:
        from iro_cli.cli.documents import document  # noqa: PLC0415 - libraries of their own

        write = document(sheet, settings)
    elif to_file:
        write = as_text(lambda out: _write(sheet, settings, out))
    else:
        _write(sheet, settings, sys.stdout)
        return
    if settings.output is None or not to_file:
        sys.stdout.flush()
        write(sys.stdout.buffer)
        return
    files = {settings.output: write}
    if settings.about:
        beside = settings.output.with_name(f"{settings.output.name}.about.json")
        files[beside] = as_text(lambda out: write_about(sheet, out))
    for path in files:
        spare(path, settings.database)
    save_together(files)


def _harmless(text: str) -> str:
    return "\n".join(shown(line) for line in text.split("\n"))


def tell(text: str) -> None:
    """Tell what was done, on standard output."""
    print(_harmless(text))


def say(text: str) -> None:
    """Say something that is not a result, on standard error."""
    print(_harmless(text), file=sys.stderr)
