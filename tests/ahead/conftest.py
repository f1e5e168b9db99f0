"""A store of invented children, and what runs `iro` on it."""

import json
import os
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from iro_cli.__main__ import run
from iro_cli.facts.model import Allocation, Booking, Child, Event
from iro_cli.facts.people import Absence, Person
from iro_cli.store.tables import AbsenceRow, PersonRow
from iro_cli.store.writing import change


class Answer(NamedTuple):
    """What a command came to."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> dict[str, Any]:
        """Read a JSON listing."""
        found: dict[str, Any] = json.loads(self.out)
        return found


def make(
    path: Path,
    children: Iterable[Child],
    facts: Iterable[tuple[str, Event]],
    allocations: Iterable[Allocation] = (),
    bookings: Iterable[Booking] = (),
    people: Iterable[Person] = (),
    absences: Iterable[Absence] = (),
) -> Path:
    """Write a store."""
    with change(path, at="2026-11-02T09:00:00Z", who="tester", command="test") as writer:
        writer.put_children(children)
        writer.add_facts((child, event, None) for child, event in facts)
        writer.allocate(allocations)
        for booking in bookings:
            writer.book(booking)
        for person in people:
            writer.session.add(PersonRow(**person._asdict(), **writer._next()))
        for absence in absences:
            writer.session.add(AbsenceRow(**absence._asdict(), **writer._next()))
    return path


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Leave every test in a folder of its own, with a store and a day that are named."""
    for name in list(os.environ):
        if name.startswith(("IRO_", "_IRO_")):
            monkeypatch.delenv(name)
    monkeypatch.setenv("IRO_DATABASE", str(tmp_path / "iro.db"))
    monkeypatch.setenv("IRO_AS_OF", "2026-11-02")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def store(home: Path) -> Callable[..., Path]:
    """Return what writes the store that is named."""
    return lambda *rows, **more: make(home / "iro.db", *rows, **more)


@pytest.fixture
def iro(capsys: pytest.CaptureFixture[str]) -> Callable[..., Answer]:
    """Return what runs a command in this process."""

    def call(*argv: str) -> Answer:
        capsys.readouterr()
        code = run(list(argv))
        said = capsys.readouterr()
        return Answer(code, said.out, said.err)

    return call
