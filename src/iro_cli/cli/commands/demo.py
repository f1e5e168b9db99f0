"""``demo``: a fictional authority in a store of its own, and the daily check on it."""

import os
import shlex
import shutil
import sys
from datetime import date
from pathlib import Path

from iro_cli import library
from iro_cli.changes.importing import store_batch
from iro_cli.cli.calls import Call
from iro_cli.cli.commands import COMMANDS
from iro_cli.cli.options import Given
from iro_cli.cli.output import say
from iro_cli.cli.settings import resolve
from iro_cli.clock import stamp
from iro_cli.dates.words import spoken
from iro_cli.errors import InputRefusedError, IroError, kept
from iro_cli.extracts.own import SOURCES
from iro_cli.store import opening
from iro_cli.store.opening import store_named
from iro_cli.store.sqlite import SqliteStore

# The Monday that the fictional authority's events lead up to.
AS_OF = date(2026, 11, 23)


def _own_place() -> Path:
    """Return a new place in the user's own folder: somebody may be practising in an older one."""
    folder, number = Path(opening.default_path()).parent / "demo", 1
    while (path := folder / f"demo{f'-{number}' if number > 1 else ''}.db").exists():
        number += 1
    return path


def _place(given: Given) -> Path:
    """
    Return where the demonstration is made: never in a store that is in use.

    Raises:
        InputRefusedError: One is named that is there already.
    """
    named = given.database or os.environ.get("IRO_DATABASE")
    if not named:
        return _own_place()
    store = store_named(named)
    if not store.files:
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
    before = kept.count
    try:
        with library.authority() as authority:
            for source in SOURCES:
                batch = source.read([authority / f"{source.name}.csv"], today=AS_OF)
                store_batch(store, batch, stamp("demo"))
    except IroError:
        kept.count = before  # what was asked for was not all done
        raise
    shown = given.but(database=str(path), as_of=given.as_of or AS_OF.isoformat())
    settings = resolve(shown)
    say(f"iro: a fictional authority, as on {spoken(settings.as_of)}, in {path}")
    code = Call(COMMANDS["due"], shown, {})()
    line = f"{_called()} --database {_quoted(str(path))} --as-of {settings.as_of}"
    say(f"\nTry next:\n  {line} overdue\n  {line} caseload\n  {line} explain TS-0101")
    return code


def _called() -> str:
    """Return the program as it can be typed here: a new environment is often not active yet."""
    named = Path(sys.argv[0])
    if named.name == "__main__.py":
        return f"{_shortest(Path(sys.executable))} -m iro_cli"
    return _shortest(named)


def _shortest(program: Path) -> str:
    """Return the name of a program if that alone finds it, else where it is from this folder."""
    found = shutil.which(program.name)
    if program == Path(program.name) or (found and Path(found).absolute() == program.absolute()):
        return program.stem if os.name == "nt" else program.name
    here, place = Path.cwd(), program.absolute()
    return _quoted(str(place.relative_to(here) if place.is_relative_to(here) else place))


def _quoted(word: str) -> str:
    """Return a word as a shell takes it for one; cmd takes no other quotes than these."""
    if os.name != "nt":
        return shlex.quote(word)
    return f'"{word}"' if " " in word else word
