"""Several programs on one store: no change is lost, no reader waits, no read is torn."""

import os
import random
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from datetime import date
from pathlib import Path

import pytest

from iro_cli.errors import StoreError
from iro_cli.facts.model import Child, Event
from iro_cli.store.changing import Change
from iro_cli.store.kinds import CHILD_DETAIL
from iro_cli.store.sqlite import latest_version
from running import Answer
from stores import add_facts, changing, opened, reading, storing

RAISED = date(2026, 1, 5)

# Reads the highest reference there is and adds the next, again and again, saying each.
COUNTER = """
import sys
from datetime import date
from iro_cli.facts.model import Event, Statement
from iro_cli.store.kinds import FACT
from iro_cli.store.changing import Stamp
from iro_cli.store.opening import store_named

store, name, times = store_named(sys.argv[1]), sys.argv[2], int(sys.argv[3])
print("ready", flush=True)
sys.stdin.readline()
for _ in range(times):
    with store.changing(Stamp("2026-01-05T09:00:00Z", name, "count")) as change:
        known = [int(one.event.reference) for one in change.records(FACT, "A")]
        number = max(known, default=0) + 1
        event = Event("dispute.raised", date(2026, 1, 5), reference=str(number))
        change.add(FACT, [Statement("A", event)])
    print(number, flush=True)
"""

# Makes or migrates one store after another, each at a moment that all of them agreed on.
PREPARER = """
import sys, time
from pathlib import Path
from iro_cli.store.migrations import prepare
from iro_cli.store.sqlite import store_in

folder, stores = sys.argv[1], sys.argv[2:]
print("ready", flush=True)
start = float(sys.stdin.readline())
for number, store in enumerate(stores):
    while time.monotonic() < start + number * 0.05:
        pass
    try:
        prepare(store_in(store), *([Path(folder)] if folder else []))
    except Exception as error:
        print(type(error).__name__, error, flush=True)
"""


@pytest.fixture
def store(tmp_path: Path) -> Path:
    """Return a store with one child and no facts."""
    path = tmp_path / "iro.db"
    with changing(path) as change:
        change.add(CHILD_DETAIL, [Child("A")])
    return path


def _program(script: str, *words: object) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", script, *map(str, words)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def _together(programs: list[subprocess.Popen[str]], line: str = "") -> list[str]:
    """Let programs start at the same moment, and return what each printed after that."""
    with ExitStack() as stack:
        for one in programs:
            stack.enter_context(one)
            assert one.stdout is not None
            assert one.stdout.readline() == "ready\n"
        for one in programs:
            assert one.stdin is not None
            one.stdin.write(f"{line}\n")
            one.stdin.flush()
        printed = [one.communicate(timeout=60)[0] for one in programs]
    assert [0] * len(programs) == [one.returncode for one in programs]
    return printed


def _numbers(path: Path) -> list[int]:
    with reading(path) as reader:
        return sorted(
            int(event.reference or 0)
            for _, events in reader.cases(date.max, whole=True)
            for event in events
        )


def _raise_dispute(path: Path, number: int) -> None:
    with changing(path) as change:
        add_facts(change, [("A", Event("dispute.raised", RAISED, reference=str(number)))])


class _TakenBackError(Exception):
    """Ends a change that is to be rolled back."""


@contextmanager
def _writing(path: Path) -> Iterator[Change]:
    """Hold a change open, as another program does, with a fact that is rolled back."""
    with suppress(_TakenBackError), changing(path) as change:
        add_facts(change, [("A", Event("dispute.raised", RAISED, reference="99"))])
        yield change
        raise _TakenBackError


# ---------------------------------------------------------------- writers


@pytest.mark.on_a_server_too
def test_no_update_is_lost(store: Path, named: Callable[[Path], str]) -> None:
    """
    Programs that read, add one and write leave each number exactly once.

    For a child without any record there is no row that a database could lock.
    """
    times, writers = 8, 4
    _together([_program(COUNTER, named(store), name, times) for name in range(writers)])

    assert list(range(1, times * writers + 1)) == _numbers(store)


@pytest.mark.slow
@pytest.mark.on_a_server_too
def test_every_program_is_in_the_history(
    store: Path, named: Callable[[Path], str], kind_of_store: str
) -> None:
    """Each change has its own number and author; on a server the author is the login."""
    before = {entry.change for entry in reading(store).history()}
    _together([_program(COUNTER, named(store), name, 2) for name in ("one", "two")])
    with reading(store) as reader:
        found = [(one.change, one.who) for one in reader.history() if one.change not in before]

    assert len(dict(found)) == 4
    wanted = ["one", "one", "two", "two"]
    assert sorted(who for _, who in found) == (
        [found[0][1]] * 4 if kind_of_store == "postgresql" else wanted
    )


@pytest.mark.on_a_server_too
def test_a_locked_store_is_said_to_be_locked(store: Path) -> None:
    """The writer waits some seconds, then gives up with exit code 5 and what to do."""
    before = _numbers(store)
    with _writing(store):
        begun = time.monotonic()
        with pytest.raises(StoreError) as refused:
            _raise_dispute(store, 1)
        waited = time.monotonic() - begun

    assert refused.value.exit_code == 5
    assert re.search("locked by (another process|somebody else)", str(refused.value))
    assert "try again" in str(refused.value)
    assert 4 < waited < 20
    assert before == _numbers(store)


@pytest.mark.on_a_server_too
def test_a_writer_waits_for_another(store: Path, named: Callable[[Path], str]) -> None:
    """A lock that is soon released causes no message."""
    with _writing(store):
        program = _program(COUNTER, named(store), "late", 1)
        assert program.stdout is not None
        assert program.stdin is not None
        program.stdout.readline()
        program.stdin.write("\n")
        program.stdin.flush()
        time.sleep(0.3)
        waiting = program.poll() is None
    printed, _ = program.communicate(timeout=60)

    assert (waiting, printed, program.returncode) == (True, "1\n", 0)


# ---------------------------------------------------------------- readers


@pytest.mark.on_a_server_too
def test_a_reader_is_not_kept_waiting(store: Path) -> None:
    """During a change a reader sees the store as it was before."""
    _raise_dispute(store, 1)
    with _writing(store):
        begun = time.monotonic()
        found = _numbers(store)
        waited = time.monotonic() - begun

    assert found == [1]
    assert waited < 2


@pytest.mark.on_a_server_too
def test_a_reader_keeps_no_writer_waiting(store: Path) -> None:
    """A listing that is being read does not stop a change, and sees no half of it."""
    for number in range(1, 4):
        _raise_dispute(store, number)
    with changing(store) as change:
        change.add(CHILD_DETAIL, [Child(f"B{number}") for number in range(200)])
        add_facts(change, [(f"B{n}", Event("cla.start", RAISED)) for n in range(200)])
    with reading(store) as reader:
        cases = reader.cases(date.max)
        first = next(cases)
        begun = time.monotonic()
        _raise_dispute(store, 4)
        waited = time.monotonic() - begun
        rest = list(cases)

    assert (first[0], len(first[1])) == ("A", 3)
    assert len(rest) == 200
    assert waited < 4
    assert [number for number in _numbers(store) if number] == [1, 2, 3, 4]


@pytest.mark.on_a_server_too
def test_a_listing_is_of_one_moment(store: Path) -> None:
    """The first and the last thing that a reader reads belong together."""
    with reading(store) as reader:
        children = reader.children()
        with changing(store) as change:
            change.add(CHILD_DETAIL, [Child("B", date_of_birth=date(2010, 1, 1))])
            add_facts(change, [("B", Event("cla.start", RAISED))])
        events = dict(reader.cases(date.max))

    assert set() == events.keys() - children.keys()


@pytest.mark.asked_on("2026-11-23")
def test_no_command_waits_for_itself(authority: Path, typed: Callable[[str], Answer]) -> None:
    """Without a WAL a reader stops a writer, so no command reads on while it writes."""
    pytest.importorskip("highspy", reason="NOT TESTED: the extra `plan` is not installed")
    with closing(opened(authority)) as connection:
        mode = connection.execute("PRAGMA journal_mode = DELETE").fetchone()
    failed = [(line, answer.err) for line in storing(authority) if (answer := typed(line)).code]

    assert (mode, failed) == (("delete",), [])


# ---------------------------------------------------------------- making and migrating at once


@pytest.mark.slow
def test_programs_that_make_one_store_at_once(tmp_path: Path) -> None:
    """One program makes it, and the others find it made."""
    stores = [tmp_path / f"{number}.db" for number in range(12)]
    start = time.monotonic() + 1.5
    programs = [_program(PREPARER, "", *stores) for _ in range(3)]
    printed = _together(programs, str(start))

    assert printed == [""] * 3
    assert [[]] * len(stores) == [_numbers(path) for path in stores]


@pytest.mark.slow
def test_programs_that_migrate_one_store_at_once(tmp_path: Path, store: Path) -> None:
    """One program migrates it, and the others find it migrated."""
    scripts = tmp_path / "scripts"
    scripts.mkdir()
    for number in range(1, latest_version() + 1):
        (scripts / f"{number:04}.sql").write_text("SELECT 1;\n", "utf-8")
    added = latest_version() + 1
    (scripts / f"{added:04}.sql").write_text(
        "ALTER TABLE child ADD COLUMN colour VARCHAR;\n", "utf-8"
    )
    stores = [tmp_path / f"{number}.db" for number in range(12)]
    for path in stores:
        path.write_bytes(store.read_bytes())
    # A program that comes after the migration is told that the store is newer: it knows the
    # scripts of this release only.  Anything else is wrong.
    printed = _together(
        [_program(PREPARER, scripts, *stores) for _ in range(3)], str(time.monotonic() + 1.5)
    )
    wrong = [line for text in printed for line in text.splitlines() if "newer iro" not in line]
    copies = []
    for path in stores:
        with closing(opened(path.with_name(f"{path.name}.before-v{added}"))) as copy:
            copies.append(copy.execute("PRAGMA user_version").fetchone()[0])

    assert wrong == []
    assert [latest_version()] * len(stores) == copies


# ---------------------------------------------------------------- killed


@pytest.mark.slow
@pytest.mark.skipif(os.name != "posix", reason="there is no SIGKILL")
def test_killed_while_writing(store: Path) -> None:
    """The store is whole, and has every acknowledged change and at most one more."""
    draw = random.Random(7)  # noqa: S311 - moments, not secrets
    acknowledged = 0
    for _ in range(4):
        with _program(COUNTER, store, "killed", 10_000) as program:
            assert program.stdout is not None
            assert program.stdin is not None
            program.stdout.readline()
            program.stdin.write("\n")
            program.stdin.flush()
            for _ in range(draw.randint(1, 6)):
                acknowledged = int(program.stdout.readline())
            time.sleep(draw.uniform(0, 0.02))
            program.send_signal(signal.SIGKILL)
            rest = program.stdout.read().split()
        acknowledged = int(rest[-1]) if rest else acknowledged
        with closing(opened(store)) as connection:
            check = connection.execute("PRAGMA integrity_check").fetchall()
            changes = connection.execute("SELECT count(*) FROM change").fetchone()[0]
        found = _numbers(store)

        assert check == [("ok",)]
        assert list(range(1, len(found) + 1)) == found
        assert acknowledged <= len(found) <= acknowledged + 1
        assert len(found) + 1 == changes
