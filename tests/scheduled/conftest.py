"""A store of a few invented children, and `iro` run as a pipe would see it."""

import io
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import NamedTuple

import pytest

from iro_cli.__main__ import run
from iro_cli.facts.model import Allocation, Booking, Child, Event
from iro_cli.store.writing import change

AS_OF = "2025-02-10"
# 20 working days from each, on a wall calendar: Mon 3 Feb, Mon 10 Feb, Mon 17 Feb, Fri 21 Feb.
STARTS = {
    "A-001": date(2025, 1, 6),
    "A-002": date(2025, 1, 13),
    "A-003": date(2025, 1, 20),
    "A-004": date(2025, 1, 24),
    "A-005": date(2025, 1, 6),
    "A-006": date(2025, 1, 6),
}
IROS = {
    "A-001": "Ann Example",
    "A-002": "Ann Example",
    "A-003": "Ben Example",
    "A-004": "Ben Example",
    "A-005": "../<b>Eve</b> & O'Neill",
}


class Answer(NamedTuple):
    """What a command came to."""

    code: int
    out: str
    err: str


@pytest.fixture(autouse=True)
def _alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("IRO_NATION", "IRO_PACKS", "NO_COLOR"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("IRO_DATABASE", str(tmp_path / "iro.db"))
    monkeypatch.setenv("IRO_AS_OF", AS_OF)
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def store(tmp_path: Path) -> Path:
    """
    Return a real store.

    On 10 February 2025 the first reviews of A-001, A-005 and A-006 (nobody's)
    are 7 days late, that of A-002 due today, those of A-003 and A-004 in 7 and
    11 days; A-004's is booked for the 26th, which is too late.
    """
    path = tmp_path / "iro.db"
    with change(path, at="2025-01-06T09:00:00Z", who="tester", command="import") as writer:
        writer.put_children([Child(one, label="Wren", team="North") for one in STARTS])
        writer.add_facts([(one, Event("cla.start", on), None) for one, on in STARTS.items()])
        writer.allocate([Allocation(child, "iro", name) for child, name in IROS.items()])
        writer.book(
            Booking("A-004", "cla.review.first", STARTS["A-004"], date(2025, 2, 26), "10:00")
        )
    return path


@pytest.fixture
def iro(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Answer]:
    """Return what runs a command in this process, its output piped."""

    def call(*argv: str) -> Answer:
        with monkeypatch.context() as patch:
            out = io.TextIOWrapper(io.BytesIO(), encoding="utf-8")
            err = io.TextIOWrapper(io.BytesIO(), encoding="utf-8")
            patch.setattr(sys, "stdout", out)
            patch.setattr(sys, "stderr", err)
            code = run(list(argv))
            said = []
            for stream in (out, err):
                stream.flush()
                assert isinstance(stream.buffer, io.BytesIO)
                said.append(stream.buffer.getvalue().decode("utf-8"))
            return Answer(code, *said)

    return call
