"""The harness of faults tries every command, finds no loss in a short run, and notices faults."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from iro_cli.cli.commands import COMMANDS

TESTS = Path(__file__).parents[1]
posix_only = pytest.mark.skipif(os.name != "posix", reason="NOT TESTED: nothing is forked here")

# The program does not notice alterations: the checksum always fits.  The damage is a date in an
# answer, because a random page may be one that no answer reads.
_BLIND = """
import sys
from iro_cli.store import checksum
checksum.differs = lambda *_: False
from faults import damaged
damaged.WAYS["digit"] = lambda content, *_: content.replace(b"2026-11-20", b"2026-11-19")
from faults.__main__ import main
sys.exit(main(sys.argv[1:]))
"""
# A copy is written in its final place, and not under another name first.
_HASTY = """
import sys
from iro_cli.store import copies
copies.put_new = lambda part, path: path.write_bytes(part.read_bytes())
from faults import shim
shim.load()
from faults.__main__ import main
sys.exit(main(sys.argv[1:]))
"""


# A refused flush is taken for a change that was not made, and every failure for one of which that
# is not known.
_OF_A_FLUSH = """
import sys
from iro_cli.errors import StoreError
from iro_cli.store import sqlite_errors
from iro_cli.store.sqlite import SqliteStore
{how}
from faults import shim
shim.load()
from faults.__main__ import main
sys.exit(main(sys.argv[1:]))
"""
_SURE = _OF_A_FLUSH.format(how="SqliteStore.may_have = lambda self, last: False")
_UNSURE = _OF_A_FLUSH.format(
    how="sqlite_errors.refusal = lambda *_, **__: StoreError("
    "'the store iro.db refused the end of the change: it is not known whether')"
)


# While a command counts its calls, another one begins and ends.
_AT_ONCE = """
import atexit, sys
from pathlib import Path
from faults import shim
shim.load()
from faults.program import Place
alone, one, other = (Place(Path(sys.argv[1]) / name) for name in ("alone", "one", "other"))
def begin():
    atexit.register(other.run, "child add Finch")
print(alone.run("init").calls, one.run("init", before=begin).calls, other.store.exists())
"""


def _harness(*words: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, *words],
        capture_output=True,
        check=False,
        text=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(TESTS), *sys.path])},
    )


@posix_only
def test_every_command_is_tried_or_stores_nothing() -> None:
    """A new command that stores something needs a line in a chain."""
    from faults.stage import ON_A_SERVER, READS, stored_by

    assert COMMANDS.keys() == stored_by() | READS | ON_A_SERVER
    assert stored_by() & READS == {"due"}  # a listing that is written to a file


@posix_only
@pytest.mark.slow
def test_a_short_run_loses_nothing() -> None:
    """It has a few cases of each part; `make faults` has the rest."""
    done = _harness("-m", "faults", "--few", "--seed", "1")

    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.count("| nothing |") == 2 * 6


@posix_only
@pytest.mark.slow
def test_it_sees_wrong_answers() -> None:
    """If the program does not notice damage, the harness does."""
    done = _harness("-c", _BLIND, "--few", "--seed", "1", "--case", "damage:plain/digit/0")

    assert done.returncode == 1, done.stdout + done.stderr
    assert "another answer" in done.stdout


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="NOT TESTED: no calls can be counted here")
def test_each_command_counts_its_own_calls(tmp_path: Path) -> None:
    """A parallel command once reset its count, so a call that should fail once failed twice."""
    done = _harness("-c", _AT_ONCE, str(tmp_path))

    assert done.returncode == 0, done.stdout + done.stderr
    alone, beside_another, ended = done.stdout.split()
    assert int(alone) == int(beside_another) > 0
    assert ended == "True"


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="NOT TESTED: no calls can be counted here")
@pytest.mark.parametrize("kind", ["plain", "encrypted"])
def test_a_disk_that_refuses_the_last_flush(kind: str) -> None:
    """The message says that it is not known whether the change is stored, after the third flush."""
    case = f"limits:{kind}/put-right/0/EIO-flush-3"
    done = _harness("-m", "faults", "--few", "--seed", "1", "--case", case)

    assert done.returncode == 0, done.stdout + done.stderr
    assert "1 with 5, and not known" in done.stdout


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="NOT TESTED: no calls can be counted here")
@pytest.mark.parametrize(
    "case",
    [
        "plain/encrypted/2/EIO-read-79",
        "encrypted/extracts/1/EIO-flush-3",
        "plain/demo/0/EIO-read-on-60",
        "plain/erased/1/EIO-read-74",
    ],
)
def test_what_a_run_found(case: str) -> None:
    """
    A page that the disk failed to read during a key change; refused rows that could not be written.

    Also a disk that failed while the demonstration was stored, and one that did not give the list
    of copies, so that a copy kept a child who was reported as erased.
    """
    done = _harness("-m", "faults", "--seed", "1127", "--case", f"limits:{case}")

    assert done.returncode == 0, done.stdout + done.stderr
    assert "1 with" in done.stdout
    assert "1 with 0" not in done.stdout


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="NOT TESTED: no calls can be counted here")
def test_the_harness_notices_a_false_message_that_nothing_was_stored() -> None:
    """The harness notices a message that nothing was stored if it was."""
    case = "limits:plain/put-right/0/EIO-flush-3"
    done = _harness("-c", _SURE, "--few", "--seed", "1", "--case", case)

    assert done.returncode == 1, done.stdout + done.stderr
    assert "it was refused, and work/iro.db is as after it" in done.stdout


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="NOT TESTED: no calls can be counted here")
@pytest.mark.parametrize(
    ("what", "said"),
    [
        ("EIO-flush-2", "nothing was stored, and that is known"),
        ("ENOSPC-16", "it is known whether"),
    ],
)
def test_the_harness_notices_a_false_message_that_it_is_not_known(what: str, said: str) -> None:
    """The harness notices that message if it is known whether the change was stored."""
    case = f"limits:plain/put-right/0/{what}"
    done = _harness("-c", _UNSURE, "--few", "--seed", "1", "--case", case)

    assert done.returncode == 1, done.stdout + done.stderr
    assert said in done.stdout


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="NOT TESTED: no calls can be counted here")
def test_it_sees_what_is_half_done() -> None:
    """The harness notices half a copy."""
    done = _harness("-c", _HASTY, "--few", "--seed", "1", "--case", "kills:plain/copies/0/torn88")

    assert done.returncode == 1, done.stdout + done.stderr
    assert "neither as before nor as after" in done.stdout
