"""``demo``: a fictional authority in a store of its own, and the daily check on it."""

import tempfile
from datetime import date
from pathlib import Path

from iro_cli import library
from iro_cli.changes.importing import store_batch
from iro_cli.cli.calls import Call
from iro_cli.cli.clock import stamp, user
from iro_cli.cli.commands import COMMANDS
from iro_cli.cli.options import Given
from iro_cli.cli.output import say
from iro_cli.cli.settings import resolve
from iro_cli.errors import InputRefusedError
from iro_cli.extracts.own import SOURCES
from iro_cli.store.sqlite import SqliteStore

# The Monday that the fictional authority's events lead up to.
AS_OF = date(2026, 11, 23)


def demo_store() -> Path:
    """Return the demonstration's own store, never the user's."""
    return Path(tempfile.gettempdir()) / f"iro-demo-{user()}.db"


def demo_command(given: Given) -> int:
    """Make a fictional authority in its own store, and show the daily check on it."""
    path = Path(given.database) if given.database else demo_store()
    store = SqliteStore(path)
    if given.database and store.exists():
        raise InputRefusedError(
            f"{path} exists already, and the demo never writes into a store that is in use: "
            "leave --database out, or name a new file"
        )
    if not given.database:
        for file in store.files:
            file.unlink(missing_ok=True)
    authority = library.authority()
    for source in SOURCES:
        batch = source.read([authority / f"{source.name}.csv"], today=AS_OF)
        store_batch(store, batch, stamp("demo"))
    shown = given.but(database=str(path), as_of=given.as_of or AS_OF.isoformat())
    settings = resolve(shown)
    say(f"iro: a fictional authority, as on {settings.as_of}, in {path}")
    code = Call(COMMANDS["due"], shown, {})()
    say(
        "\nTry next:\n"
        f"  iro --database {path} --as-of {settings.as_of} overdue\n"
        f"  iro --database {path} --as-of {settings.as_of} caseload\n"
        f"  iro --database {path} --as-of {settings.as_of} explain TS-0101"
    )
    return code
