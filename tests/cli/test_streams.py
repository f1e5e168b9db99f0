"""Streams that are closed or full: what was stored is stored, and the exit code says so."""

import shlex
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from running import Answer

pytestmark = [
    pytest.mark.skipif(not Path("/dev/full").exists(), reason="NOT TESTED: there is no /dev/full"),
    pytest.mark.asked_on("2026-11-23"),
]
Iro = Callable[..., Answer]


@pytest.fixture
def shell(home: Path, iro: Iro) -> Callable[[str], "subprocess.CompletedProcess[str]"]:
    """Return what runs `iro` with streams as a shell can leave them, at a store with one child."""
    assert iro("child", "add", "Robin").code == 0
    program = f"{shlex.quote(sys.executable)} -m iro_cli"

    def call(line: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            ["/bin/sh", "-c", line.replace("iro", program, 1)],
            capture_output=True,
            check=False,
            text=True,
        )

    return call


def _changes(iro: Iro) -> int:
    return len({row["change"] for row in iro("history", "-f", "json").rows()})


RECORD = "iro record cla.start Robin --on 2026-11-02"


@pytest.mark.parametrize(
    "ending",
    [
        ">/dev/full",
        pytest.param(">&-", marks=pytest.mark.slow),
        pytest.param(">/dev/full 2>/dev/full", marks=pytest.mark.slow),
        pytest.param(">&- 2>&- <&-", marks=pytest.mark.slow),
        pytest.param("<&-", marks=pytest.mark.slow),
        pytest.param("| true", marks=pytest.mark.slow),
    ],
)
def test_what_is_stored_ends_with_0(
    ending: str, shell: Callable[..., "subprocess.CompletedProcess[str]"], iro: Iro
) -> None:
    """The message is missing, the change is not: nobody is led to make it twice."""
    done = shell(f"{RECORD} {ending}")

    assert done.returncode == 0
    assert _changes(iro) == 2
    if ending in (">/dev/full", ">&-"):
        assert "is stored; only what is said of it is missing" in done.stderr


def test_an_undo_that_could_not_be_shown(
    shell: Callable[..., "subprocess.CompletedProcess[str]"], iro: Iro
) -> None:
    """Its exit code says that it was done: one that is repeated takes back one change more."""
    iro("record", "cla.start", "Robin", "--on", "2026-11-02")
    done = shell("iro undo >/dev/full")

    assert done.returncode == 0
    assert iro("show", "Robin", "-f", "json").rows() == []


@pytest.mark.parametrize("ending", [">/dev/full", pytest.param(">&-", marks=pytest.mark.slow)])
def test_a_listing_that_could_not_be_shown(
    ending: str, shell: Callable[..., "subprocess.CompletedProcess[str]"]
) -> None:
    """Nothing was stored, and nothing was seen: exit code 3, in words and without a traceback."""
    done = shell(f"iro due {ending}")

    assert done.returncode == 3
    assert done.stderr.startswith("iro: standard output cannot be used")


@pytest.mark.slow
def test_an_error_never_goes_to_standard_output(
    shell: Callable[..., "subprocess.CompletedProcess[str]"],
) -> None:
    """Where standard error is closed or full it is lost, and the exit code is left."""
    codes = []
    for line in ("iro record nonsense Robin 2>&-", "iro show Nobody 2>/dev/full", "iro due 2>&-"):
        done = shell(line)
        codes.append(done.returncode)
        assert "iro:" not in done.stdout

    assert codes == [3, 3, 0]


@pytest.mark.slow
def test_no_file_takes_the_place_of_a_closed_stream(
    shell: Callable[..., "subprocess.CompletedProcess[str]"], home: Path, iro: Iro
) -> None:
    """A file that is written is not standard output by accident."""
    done = shell("iro due --all -f csv -o due.csv >&- 2>&- <&-")

    assert done.returncode == 0
    assert (home / "due.csv").read_text("utf-8") == iro("due", "--all", "-f", "csv").out


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("x = " + "[" * 5_000, "brackets stand in brackets too often"),
        ("x = " + "9" * 200_000, "far too many digits"),
    ],
    ids=["brackets", "digits"],
)
def test_a_pack_that_no_parser_takes(text: str, expected: str, home: Path, iro: Iro) -> None:
    """It is a wrong pack, and no defect."""
    (home / "pack.toml").write_text(text)
    answer = iro("timescales", "check", "pack.toml")

    assert (answer.code, answer.out) == (4, "")
    assert expected in answer.err
