"""Every input has a bound, far above an authority's size and far below what does harm."""

import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest

from iro_cli import files, library
from iro_cli.cli.commands import when
from iro_cli.extracts import mapping
from iro_cli.incoming import files as contents
from iro_cli.incoming import table, workbook, workbook_parts, xml_nodes
from iro_cli.incoming.files import contents_of_pipes
from running import Answer, each, piped

pytestmark = pytest.mark.asked_on("2026-11-23")
Iro = Callable[..., Answer]
posix_only = pytest.mark.skipif(os.name != "posix", reason="there are no such devices and pipes")

# Runs a command with so many megabytes of memory at most.
_WITHIN = """
import resource, sys
from iro_cli.__main__ import main
resource.setrlimit(resource.RLIMIT_AS, (int(sys.argv.pop(1)) << 20,) * 2)
main()
"""


# Each bound, and where docs/store.md states it.  A bound changed by mistake, ten times too large or
# too small, would be noticed by no test that sets its own.
BOUNDS = (
    (library, "_LARGEST_PACK", 10**6, "1 MB"),
    (mapping, "_LARGEST", 10**6, "1 MB"),
    (files, "LARGEST_PIPE", 256 * 2**20, "256 MB, and a minute"),
    (files, "PATIENCE", 60, "256 MB, and a minute"),
    (contents, "LARGEST_FILE", 4 * 2**30, "4 GB"),
    (table, "MOST_ROWS", 3 * 10**6, "3 million"),
    (xml_nodes, "MOST_UNITS", 500_000, "500,000"),
    (workbook_parts, "LARGEST_SHEET", 5_200_000, "5.2 million"),
    (workbook_parts, "LARGEST_CONTENT", 4 * 10**8, ""),
    (workbook_parts, "LARGEST_TEXT", 2**30, ""),
    (workbook_parts, "LARGEST_RATIO", 250, ""),
    (workbook, "LARGEST_WORKBOOK", 10**8, ""),
    (when, "_MOST_LINES", 10**5, ""),
)


@each("module, name, bound, told", BOUNDS, name=lambda row: f"{row[0].__name__}.{row[1]}")
def test_each_bound_is_what_is_told(module: ModuleType, name: str, bound: int, told: str) -> None:
    """The page has a row for each bound that readers can meet."""
    page = (Path(__file__).parents[2] / "docs" / "store.md").read_text("utf-8")

    assert getattr(module, name) == bound
    assert f"| {told}" in page or not told


def _pack(home: Path, size: int) -> str:
    (home / "pack.toml").write_bytes(b"#".ljust(size - 1, b"x") + b"\n")
    return "timescales check pack.toml"


def _mapping(home: Path, size: int) -> str:
    (home / "map.toml").write_bytes(b"#".ljust(size - 1, b"x") + b"\n")
    (home / "a.csv").write_text("child_id\nA\n")
    return "import children a.csv --columns map.toml"


def _id(home: Path, letters: int) -> str:
    (home / "a.csv").write_text(f"child_id\n{'A' * letters}\n")
    return "import children a.csv --dry-run"


def _line(home: Path, size: int) -> str:
    # A line without an end.
    (home / "a.csv").write_bytes(b"child_id,label\nA," + b"x" * (size - 3) + b"\n")
    return "import children a.csv --dry-run"


def _element(home: Path, letters: int) -> str:
    text = f"<LAchildID>{'x' * letters}</LAchildID>"
    (home / "a.xml").write_text(f"<Message><Children><Child>{text}</Child></Children></Message>")
    return "import cin-census a.xml --dry-run"


def _label(_: Path, letters: int) -> str:
    return f"child add A --label {'x' * letters}"


def _hours(_: Path, hours: int) -> str:
    return f"forecast --week {hours}"


def _key(home: Path, size: int) -> str:
    (home / "key").write_bytes(b"x" * size)
    os.environ["IRO_PSEUDONYM_KEY"] = str(home / "key")
    return "child list --pseudonymise"


@each(
    "made, bound, said",
    [
        (_pack, 1_000_000, "more than 1,000,000 bytes"),
        (_mapping, 1_000_000, "more than 1,000,000 bytes"),
        (_id, 200, "an id has at most 200 characters; this has 201"),
        (_line, 1_000_000, "longer than 1,000,000 bytes"),
        (_element, 20_000, "more than 20,000 characters in one <LAchildID>"),
        (_label, 2000, "at most 2,000 characters, this has 2,001"),
        (_hours, 1000, "a number of hours, 0 to 1000"),
        (_key, 4096, "more than 4,096 bytes"),
    ],
    name=lambda row: row[0].__name__,
)
def test_what_is_at_its_bound_is_within_it(
    made: Callable[[Path, int], str],
    bound: int,
    said: str,
    home: Path,
    iro: Iro,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """One more is beyond it; other problems are not tested here."""
    monkeypatch.setenv("IRO_PSEUDONYM_KEY", "")
    iro("init")
    at, over = (iro(*made(home, bound + more).split()) for more in (0, 1))

    assert said not in at.err
    assert over.code != 0
    assert said in over.err


def test_a_list_that_is_at_its_bound_in_bytes(
    home: Path, iro: Iro, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A list of 11 bytes is within a bound of 11, and beyond one of 10."""
    (home / "a.csv").write_bytes(b"child_id\nA\n")
    said = []
    for bound in (11, 10):
        monkeypatch.setattr(contents, "LARGEST_FILE", bound)
        said.append(iro("import", "children", "a.csv", "--dry-run"))

    assert [one.code for one in said] == [0, 3]
    assert "a.csv has more than 10 bytes" in said[1].err


@posix_only
@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("timescales check /dev/zero", 4),
        ("due --pack /dev/zero", 4),
        ("import events some.csv --columns /dev/zero", 3),
        ("import events /dev/zero", 3),
        ("import cin-census /dev/urandom", 3),
    ],
)
def test_a_device_is_no_file(line: str, code: int, home: Path, iro: Iro) -> None:
    """A device never ends, and is refused at once."""
    (home / "some.csv").write_text("a,b\n")
    iro("child", "add", "Robin")
    answer = iro(*line.split())

    assert (answer.code, answer.out) == (code, "")
    assert "cannot be" in answer.err


def test_a_pack_of_a_megabyte(home: Path, iro: Iro) -> None:
    """It is refused; England's whole law has a tenth of that."""
    (home / "pack.toml").write_text("# x\n" * 300_000)
    answer = iro("timescales", "check", "pack.toml")

    assert (answer.code, answer.out) == (4, "")
    assert "more than 1,000,000 bytes" in answer.err


@posix_only
def test_a_pipe_that_nobody_writes_to(
    home: Path, iro: Iro, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The program gives up after a minute."""
    monkeypatch.setattr(files, "PATIENCE", 0.2)
    os.mkfifo(home / "pipe")
    begun = time.monotonic()
    answers = [iro("import", "events", "pipe"), iro("timescales", "check", "pipe")]

    assert [one.code for one in answers] == [3, 4]
    assert all("nothing was written to it" in one.err for one in answers)
    assert time.monotonic() - begun < 5


@posix_only
def test_a_pipe_is_read_to_its_end(home: Path) -> None:
    """It is read however slowly it is written, as long as data comes."""
    os.mkfifo(home / "pipe")

    def write() -> None:
        with (home / "pipe").open("wb", buffering=0) as out:
            for part in (b"child_id\n", b"A\n", b"B\n"):
                out.write(part)
                time.sleep(0.05)

    writer = threading.Thread(target=write)
    writer.start()
    found = contents_of_pipes([home / "pipe"])
    writer.join()

    assert found == {home / "pipe": b"child_id\nA\nB\n"}


@posix_only
def test_a_pipe_has_a_bound(home: Path, iro: Iro, monkeypatch: pytest.MonkeyPatch) -> None:
    """What comes through a pipe is held in memory."""
    monkeypatch.setattr("iro_cli.incoming.files.LARGEST_PIPE", 100_000)
    with subprocess.Popen(
        ["/bin/sh", "-c", "mkfifo pipe; yes > pipe 2>/dev/null"], cwd=home
    ) as writer:
        while not (home / "pipe").exists():
            time.sleep(0.01)
        answer = iro("import", "events", "pipe")
        writer.wait(10)

    assert answer.code == 3
    assert "more than 100,000 bytes" in answer.err


def test_a_list_has_a_bound(home: Path, iro: Iro, monkeypatch: pytest.MonkeyPatch) -> None:
    """No authority has as many rows."""
    monkeypatch.setattr(table, "MOST_ROWS", 3)
    (home / "children.csv").write_text("child_id\nA\nB\nC\n")
    whole = iro("import", "children", "children.csv")
    (home / "children.csv").write_text("child_id\nA\nB\nC\nD\n")
    answer = iro("import", "children", "children.csv")

    assert (whole.code, answer.code) == (0, 3)
    assert "more than 3 rows" in answer.err


def test_a_census_has_a_bound(home: Path, iro: Iro, monkeypatch: pytest.MonkeyPatch) -> None:
    """Empty children count: three million of them need more memory than a laptop has."""
    monkeypatch.setattr(xml_nodes, "MOST_UNITS", 3)
    (home / "census.xml").write_text(f"<Message><Children>{'<Child/>' * 4}</Children></Message>")
    answer = iro("import", "cin-census", "census.xml")

    assert (answer.code, answer.out) == (3, "")
    assert "more than 3 <Child> stand in it" in answer.err


@posix_only
@pytest.mark.slow
def test_three_million_empty_children(home: Path) -> None:
    """They are refused within a gigabyte."""
    with (home / "census.xml").open("w") as out:
        out.write("<Message><Children>")
        for _ in range(300):
            out.write("<Child/>" * 10_000)
        out.write("</Children></Message>")
    done = subprocess.run(
        [sys.executable, "-c", _WITHIN, "1024", "import", "cin-census", "census.xml"],
        capture_output=True,
        check=False,
        text=True,
    )

    assert (done.returncode, done.stdout) == (3, "")
    assert "more than 500,000 <Child>" in done.stderr


@posix_only
def test_a_pipe_is_no_store(home: Path, iro: Iro) -> None:
    """Opening one would wait for ever."""
    os.mkfifo(home / "pipe")
    answers = [
        iro("--database", "pipe", "due"),
        iro("--database", "pipe", "child", "add", "A"),
        iro("restore", "pipe"),
        iro("--database", "/dev/zero", "due"),
    ]

    assert [one.code for one in answers] == [5] * 4
    assert all("is a device or a pipe" in one.err for one in answers)


def test_the_days_of_standard_input_have_a_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    """Lines have a bound too, because an endless device is one line."""
    monkeypatch.setattr(when, "_MOST_LINES", 3)
    days = piped("when", "cla.review.first", "-", stdin="2026-11-02\n" * 4)
    line = piped("when", "cla.review.first", "-", stdin="\0" * 10_000)

    assert (days.code, line.code) == (3, 3)
    assert "more than 3 lines" in days.err


@posix_only
def test_a_device_is_no_key(home: Path, iro: Iro, monkeypatch: pytest.MonkeyPatch) -> None:
    """A device is refused at once."""
    iro("child", "add", "Robin")
    monkeypatch.setenv("IRO_PSEUDONYM_KEY", "/dev/zero")

    assert iro("due", "-f", "csv", "--pseudonymise").code == 3
