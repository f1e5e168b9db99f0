"""``demo``: a fictional authority in a store of its own, and the daily check on it."""

import os
import shlex
import shutil
import sys
from datetime import date
from pathlib import Path

from iro_cli import library
from iro_cli.changes.importing import import_batch
from iro_cli.cli.calls import Call
from iro_cli.cli.commands import COMMANDS
from iro_cli.cli.options import Given
from iro_cli.cli.output import say
from iro_cli.cli.settings import resolve
from iro_cli.clock import stamp
from iro_cli.dates.words import spoken
from iro_cli.errors import InputRefusedError
from iro_cli.extracts.own import SOURCES
from iro_cli.store import opening
from iro_cli.store.opening import store_named
from iro_cli.store.sqlite import SqliteStore

# The day for which the fictional authority was made, a Monday.
AS_OF = date(2026, 11, 23)


def _own_place() -> Path:
    """Return a new place in the user's own folder, because somebody may still use an older demo."""
    folder, number = Path(opening.default_path()).parent / "demo", 1
    while (path := folder / f"demo{f'-{number}' if number > 1 else ''}.db").exists():
        number += 1
    return path


def _place(given: Given) -> Path:
    """
    Return the place for the demo, which is never a store that is in use.

    Raises:
        InputRefusedError: ``--database`` names a store that exists already, or one on a server.
    """
    named = given.database or os.environ.get("IRO_DATABASE")
    if not named:
        return _own_place()
    store = store_named(named)
    if store.on_a_server:
        if given.database:
            raise InputRefusedError(
                f"{store} is on a server, and the demo is made in a file: leave --database out, or "
                "name a new file"
            )
        return _own_place()
    path, *_ = store.files
    if not path.exists():
        return path
    if given.database:
        raise InputRefusedError(
            f"{path} exists already, and the demo never writes into a store that is in use: "
            "leave --database out, or name a new file"
        )
    own = _own_place()
    say(f"iro: IRO_DATABASE names {path}, which is in use: the demo is made in {own}")
    return own


def demo_command(given: Given) -> int:
    """Make a fictional authority in its own store, and show the daily check on it."""
    path = _place(given)
    store = SqliteStore(path)
    # In one change: if it fails, nothing is stored, and `iro undo` takes back all of it.
    with library.authority() as authority, store.changing(stamp("demo"), make=True) as change:
        for source in SOURCES:
            import_batch(change, source.read([authority / f"{source.name}.csv"], today=AS_OF))
    shown = given.but(database=str(path), as_of=given.as_of or AS_OF.isoformat())
    settings = resolve(shown)
    say(f"iro: a fictional authority, as on {spoken(settings.as_of)}, in {path}")
    code = Call(COMMANDS["due"], shown, {})()
    line = f"{_called()} --database {_quoted(str(path))} --as-of {settings.as_of}"
    say(f"\nTry next:\n  {line} overdue\n  {line} caseload\n  {line} explain TS-0101")
    return code


def _called() -> str:
    """Return how to call the program here; a new virtual environment is often not active yet."""
    named = Path(sys.argv[0])
    if named.name == "__main__.py":
        return f"{_shortest(Path(sys.executable))} -m iro_cli"
    return _shortest(named)


def _shortest(program: Path) -> str:
    """Return the name of a program if the shell finds it by that, else its path from here."""
    found = shutil.which(program.name)
    if program == Path(program.name) or (found and Path(found).absolute() == program.absolute()):
        return program.stem if os.name == "nt" else program.name
    here, place = Path.cwd(), program.absolute()
    return _quoted(str(place.relative_to(here) if place.is_relative_to(here) else place))


def _quoted(word: str) -> str:
    """Return a word in the quotes that a shell needs; on Windows, cmd knows only double ones."""
    if os.name != "nt":
        return shlex.quote(word)
    return f'"{word}"' if " " in word else word
