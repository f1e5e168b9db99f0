"""Write results to standard output or to a file, whole or not at all."""

from __future__ import annotations  # the daily check starts with this: nothing is worked out

import os
import sys

from iro_cli import forms, library
from iro_cli.cli.results import results
from iro_cli.cli.settings import Settings
from iro_cli.errors import InputRefusedError, UsageError
from iro_cli.files import Write, as_text, write_whole
from iro_cli.forms import is_dumb, is_terminal
from iro_cli.forms.listing import Export
from iro_cli.lean import TYPE_CHECKING
from iro_cli.safe import printable
from iro_cli.store.opening import Store

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from iro_cli.lean import Any, TextIO
    from iro_cli.questions.view import View

# In characters: with less room beside a label than this, wrapped text is hard to read.
_NARROWEST = 30


def spare(path: Path, *taken: str | Path) -> None:
    """
    Refuse to overwrite the store, a file that is being read, or a key, a pack or another store.

    Raises:
        InputRefusedError: The place is one of these.
    """
    from pathlib import Path  # noqa: PLC0415 - only where a file is written

    from iro_cli.cli.spared import refuse_precious  # noqa: PLC0415 - the same

    if path.resolve() in {Path(one).resolve() for one in taken}:
        raise InputRefusedError(
            f"{path} is the store, or a file that is being read: name another file to write"
        )
    refuse_precious(path)


def save(path: Path, write: Callable[[TextIO], None]) -> None:
    """
    Write a text file whole or not at all.

    Raises:
        InputRefusedError: It cannot be written there.
    """
    save_together({path: as_text(write)})


def save_together(files: Mapping[Path, Write]) -> None:
    """
    Write files whole or not at all; messages name the first one.

    Raises:
        InputRefusedError: One of them cannot be written.
    """
    for path in files:
        if path.is_dir() or not path.name:
            raise InputRefusedError(f"{path} is a folder: name the file to write in it")
        spare(path)
    path, *_ = files
    path = path.resolve()
    if path.exists() and not path.is_file():  # a pipe or a device cannot be replaced
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


def write_blocks(
    blocks: Sequence[tuple[str, Sequence[tuple[str, str]]]], out: TextIO, after: Sequence[str] = ()
) -> None:
    """Write blocks with headings and labelled lines, wrapped on a terminal."""
    out.writelines(f"{line}\n" for line in block_lines(blocks, out))
    if after:
        out.write("\n" + "".join(printable(line) + "\n" for line in after))


def block_lines(blocks: Sequence[tuple[str, Sequence[tuple[str, str]]]], out: TextIO) -> list[str]:
    """Return the lines of blocks with headings and labels, wrapped on a terminal."""
    width = os.get_terminal_size(out.fileno()).columns if is_terminal(out) else 0
    found = []
    for number, (heading, lines) in enumerate(blocks):
        found += [""] * bool(number) + [printable(heading)]
        widest = max((len(label) for label, _ in lines), default=0)
        for label, text in lines:
            start = f"  {label:<{widest}}  "
            first, *more = _wrapped(printable(text), width - len(start))
            found += [start + first, *(" " * len(start) + line for line in more)]
    return found


def _wrapped(text: str, room: int) -> list[str]:
    if room < _NARROWEST or len(text) <= room:
        return [text]
    from iro_cli.forms.screen import wrapped  # noqa: PLC0415 - only on a terminal

    return wrapped(text, room)


def _stated(export: Export) -> Export:
    """Return a listing with a statement up to which day bank holidays are confirmed."""
    name = export.about.get("bank_holidays")
    if name is None:
        return export
    confirmed_to = library.calendar(str(name)).confirmed_to.isoformat()
    return export._replace(about={**export.about, "bank_holidays_confirmed_to": confirmed_to})


def emit(export: Export, settings: Settings, above: tuple[str, ...] = ()) -> None:
    """
    Write a listing, and tell a person at a terminal if a file was written.

    A nightly task is told nothing, because it would send a mail with whatever is on standard
    error.

    Args:
        export: The listing.
        settings: The form and the place.
        above: Lines that stand above its table on a terminal.

    Raises:
        UsageError: The listing has no such form, or a binary form would go to a terminal.
        InputRefusedError: It cannot be written there.
    """
    write_listing(export, settings, above)
    if settings.place is not None and sys.stderr.isatty():
        say(f"written: {settings.place}")


def write_listing(export: Export, settings: Settings, above: tuple[str, ...] = ()) -> None:
    """Write a listing like :func:`emit`, but without telling anybody."""
    if settings.pseudonymise:
        from iro_cli.cli.pseudonym_key import read_key  # noqa: PLC0415 - only when asked for
        from iro_cli.forms.pseudonyms import Pseudonyms, pseudonymised  # noqa: PLC0415

        export = pseudonymised(export, Pseudonyms(read_key()))
    form = forms.form(settings.format)
    if form.states or settings.about:
        export = _stated(export)
    if settings.place is None and form.binary and results().isatty():
        raise UsageError(
            f"--format {form.name} is not for a terminal: give --output FILE.{form.ending}"
        )
    beside = {}
    if settings.place and settings.about:
        from iro_cli.forms.json_file import write_about  # noqa: PLC0415 - only when asked for

        place = settings.place.with_name(f"{settings.place.name}.about.json")
        beside[place] = as_text(lambda out: write_about(export, out))
    write_as(form, export, settings, beside, above)


def write_as(
    form: forms.Form,
    what: Any,
    settings: Settings,
    beside: Mapping[Path, Write] | None = None,
    above: tuple[str, ...] = (),
    template: bytes | None = None,
) -> None:
    """
    Write a listing or a report in a form, to the place that was asked for.

    Args:
        form: The form.
        what: The listing or report, as the form's writer takes it.
        settings: The place and the options of the form.
        beside: Further files that are written with it.
        above: Lines that stand above a table on a terminal.
        template: The document that gives a new one its styles.

    Raises:
        InputRefusedError: It cannot be written there.
    """
    target = forms.Target(settings.place, settings.excel, above, template=template)
    if settings.place is None:
        out = results()
        out.flush()
        pages = form.name == "table" and settings.pager and not is_dumb()
        if pages and is_terminal(out) and sys.stdin.isatty():
            from iro_cli.cli.pager import pager_for  # noqa: PLC0415 - only on a terminal

            target = target._replace(pager=pager_for(out))
        form.write(what, out.buffer if form.binary else out, target)
        return

    def write(out: Any) -> None:
        form.write(what, out, target)

    files = {settings.place: write if form.binary else as_text(write), **(beside or {})}
    for path in files:
        spare(path, *settings.store.files, *settings.packs)
    save_together(files)


def for_people(text: str, out: TextIO) -> str:
    """Return a message with printable characters only, broken between words on a terminal."""
    lines = [*map(printable, text.split("\n"))]
    try:
        width = os.get_terminal_size(out.fileno()).columns if out.isatty() else 0
    except (OSError, ValueError):
        width = 0
    if width > _NARROWEST and any(len(line) > width for line in lines):
        from iro_cli.forms.screen import in_words  # noqa: PLC0415 - only on a terminal

        lines = [part for line in lines for part in in_words(line, width)]
    return "\n".join(lines)


def full_name(store: Store) -> str:
    """Return the name of a store; if it is a file, its whole path."""
    return str(store.files[0].absolute()) if store.files else str(store)


def say_made(store: Store) -> None:
    """Say that a new store was made, so that somebody who mistyped its name notices."""
    say(f"iro: there was no store, so a new one was made: {full_name(store)}")
    say_copies(store)


def say_copies(store: Store) -> None:
    """Say that there are copies beside a new store, because an earlier one may have been lost."""
    if copies := store.copies_left():
        say(
            "iro: a file here may be a copy of a store that was lost: `iro restore "
            f"'{copies[0]}'` with the same --database puts it in place of the new store, which "
            "is kept beside it"
        )


def say_if_empty(view: View, child: str | None = None) -> None:
    """
    Say that no event is recorded at all: an empty list would look like good news.

    The store may be one that a mistyped name made, or what an interrupted copy left.

    Args:
        view: The open store.
        child: The only child that was asked about, as it was typed.
    """
    only = None
    if child is not None:
        from iro_cli.questions.naming import child_named  # noqa: PLC0415 - if one is named

        only = child_named(view.reader, child)
    if not view.reader.has_events(only):
        # Standard error may go to a log, so a child is not named there.
        say(f"iro: {no_event_words(view, 'any child' if child is None else 'the child')}")


def filters_named(
    view: View, *, iro: str | None = None, team: str | None = None, process: str | None = None
) -> str:
    """
    Return the words by which the heading of a listing names its filters; none if it has none.

    Args:
        view: The open store; a name is written as it is spelt there.
        iro: The IRO or chair, as typed.
        team: The team, as typed.
        process: The process.
    """
    said = []
    if iro is not None:
        said.append(f", of {_spelt(iro, view.holder_names())}")
    if team is not None:
        said.append(f", team {_spelt(team, view.reader.teams())}")
    if process is not None:
        said.append(f", process {process}")
    return "".join(said)


def _spelt(name: str, known: Sequence[str]) -> str:
    folded = name.casefold()
    return next((one for one in known if one.casefold() == folded), name)


def no_event_words(view: View, whose: str) -> str:
    """Return the sentence that says that no event of somebody is recorded."""
    return (
        f"no event of {whose} is recorded in {full_name(view.reader.store)}, so no date "
        "can be worked out from it: `iro record` and `iro import` bring events in, and "
        "--database names another store"
    )


def tell(text: str) -> None:
    """Print what was done on standard output."""
    print(for_people(text, results()), file=results())


def tell_unchanged(name: str) -> None:
    """Print that a child or a person is already as somebody says."""
    tell(f"{name} is already as you say; nothing changed")


def say(text: str) -> None:
    """Print something that is not a result on standard error, if that is possible."""
    try:  # noqa: SIM105 - contextlib takes longer to import than this to read
        print(for_people(text, sys.stderr), file=sys.stderr)
    except OSError:
        pass
