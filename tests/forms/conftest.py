"""A small authority with hostile texts, and the programs that open its exports."""

import io
import shutil
import subprocess
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import NamedTuple

import pytest

from iro_cli import __main__ as program
from iro_cli.facts.model import Allocation, Child, Event
from iro_cli.store.kinds import ALLOCATION, CHILD_DETAIL
from stores import add_facts, changing

DAY = "2025-02-10"
FORMULA = "=cmd|' /C calc'!A0"
MARKUP = "<b>x</b> [red]y[/red] *a_b* `c` & ~d~ |e|"
LINES = "a;b,c\\n:END:VEVENT"
# Every child's first review: looked after since 6 or 27 January, so due on 3 or 24 February.
CHILDREN = {
    "A-001": "Ann Example",
    "A-002": FORMULA,
    "A-003": MARKUP,
    "A-004": "Ann\u202eelpmaxE/[x]",
    "A-005": LINES,
    "+A-006": "Ann Example",
}
LABELS = {child: f"Label{number}xyz" for number, child in enumerate(CHILDREN)}
BORN = date(2015, 7, 19)


class Answer(NamedTuple):
    """The result of a command; standard output as bytes."""

    code: int
    out: bytes
    err: str


Run = Callable[..., Answer]
Sheets = Callable[[Path], dict[str, list[list[str]]]]


@pytest.fixture(autouse=True)
def _asked(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IRO_DATABASE", str(home / "iro.db"))
    monkeypatch.setenv("IRO_AS_OF", DAY)


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a store that no test may change: A-001 is 7 days late, the others are due in 14."""
    path = tmp_path_factory.mktemp("made") / "made.db"
    late, soon = date(2025, 1, 6), date(2025, 1, 27)
    with changing(path, at="2025-01-27T09:00:00Z", who="tester", command="import") as writer:
        writer.add(
            CHILD_DETAIL,
            [
                Child(child, label=LABELS[child], date_of_birth=BORN, team="North")
                for child in CHILDREN
            ],
        )
        add_facts(
            writer,
            [(child, Event("cla.start", late if child == "A-001" else soon)) for child in CHILDREN],
        )
        # No review says when the period of care began: this one has no date.
        writer.add(CHILD_DETAIL, [Child("A-007", label="Label7xyz", date_of_birth=BORN)])
        add_facts(
            writer, [("A-007", Event("cla.review", soon, participation="PN1", note="Note7xyz"))]
        )
        writer.add(ALLOCATION, [Allocation(child, "iro", name) for child, name in CHILDREN.items()])
    return path


@pytest.fixture
def store(made: Path, home: Path) -> Path:
    """Return a copy of the store, which ``IRO_DATABASE`` names."""
    return Path(shutil.copy(made, home / "iro.db"))


@pytest.fixture
def iro(home: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Return a function that runs a command in this process, piped, and returns its bytes."""

    def call(*argv: str) -> Answer:
        with monkeypatch.context() as patch:
            out, err = (io.TextIOWrapper(io.BytesIO()) for _ in range(2))
            patch.setattr(sys, "stdin", io.StringIO())
            patch.setattr(sys, "stdout", out)
            patch.setattr(sys, "stderr", err)
            code = program.run(list(argv))
            out.flush()
            err.flush()
            assert isinstance(out.buffer, io.BytesIO)
            assert isinstance(err.buffer, io.BytesIO)
            return Answer(code, out.buffer.getvalue(), err.buffer.getvalue().decode())

    return call


@pytest.fixture
def libreoffice(tmp_path_factory: pytest.TempPathFactory) -> Sheets:
    """Return a function that opens a workbook in LibreOffice and gives every sheet as shown."""
    office = shutil.which("soffice") or shutil.which("libreoffice")
    if office is None:
        pytest.skip("NOT TESTED: LibreOffice is missing: `apt-get install libreoffice-calc`")
    folder = tmp_path_factory.mktemp("office")
    # Commas, quotes, UTF-8, cells as they are shown, every sheet.
    how = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,false,true,false,false,-1"

    def opened(path: Path) -> dict[str, list[list[str]]]:
        subprocess.run(
            [
                office,
                f"-env:UserInstallation={(folder / 'profile').as_uri()}",
                *("--headless", "--convert-to", how, "--outdir", str(folder / "out"), str(path)),
            ],
            check=True,
            capture_output=True,
            timeout=180,
        )
        import csv

        found = {}
        for file in sorted((folder / "out").iterdir()):
            with file.open(encoding="utf-8", newline="") as text:
                found[file.stem.removeprefix(f"{path.stem}-")] = list(csv.reader(text))
        return found

    return opened
