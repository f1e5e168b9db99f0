"""A store of a few invented children, and a board that runs without a terminal."""

import asyncio
import shutil
from collections.abc import Awaitable, Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("textual", reason="NOT TESTED: install the extra: pip install 'iro-cli[board]'")

from iro_cli.cli.board.app import BoardApp
from iro_cli.cli.options import Given
from iro_cli.cli.settings import open_view, resolve
from iro_cli.facts.model import Allocation, Child, Event
from iro_cli.store.kinds import ALLOCATION, CHILD_DETAIL
from stores import add_facts, changing

AS_OF = "2025-02-10"
MARKUP = "[red]Wren[/red] [@click=app.quit]x[/] \x1b[2J"
# Counted on a wall calendar: 20 working days from Mon 6 Jan 2025 end on Mon 3 Feb, from
# Mon 13 Jan on Mon 10 Feb, from Mon 27 Jan on Mon 24 Feb. 3 months from 10 Feb end on 10 May.
STARTS = {"A-001": date(2025, 1, 6), "A-002": date(2025, 1, 13), "A-003": date(2025, 1, 27)}

Steps = Callable[[Any], Awaitable[None]]


@pytest.fixture(autouse=True)
def _alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("IRO_NATION", "IRO_PACKS", "NO_COLOR"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("IRO_DATABASE", str(tmp_path / "iro.db"))
    monkeypatch.setenv("IRO_AS_OF", AS_OF)
    monkeypatch.chdir(tmp_path)


@pytest.fixture(scope="session")
def _store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("board") / "iro.db"
    with changing(path, at="2025-01-06T09:00:00Z", who="tester", command="import") as writer:
        writer.add(CHILD_DETAIL, [Child(one, label=MARKUP, team="North") for one in STARTS])
        writer.add(CHILD_DETAIL, [Child("P-001", team="South")])
        add_facts(writer, [(one, Event("cla.start", on)) for one, on in STARTS.items()])
        plan = Event("cp.conference.initial", date(2025, 1, 8), outcome="plan")
        strategy = Event("cp.strategy", date(2025, 1, 6))
        add_facts(writer, [("P-001", strategy), ("P-001", plan)])
        writer.add(
            ALLOCATION, [Allocation(one, "iro", "Ann Example") for one in ("A-001", "A-002")]
        )
        writer.add(ALLOCATION, [Allocation("A-003", "iro", MARKUP)])
        writer.add(ALLOCATION, [Allocation("P-001", "chair", "Ben Example")])
    return path


@pytest.fixture
def store(_store: Path, tmp_path: Path) -> Path:
    """
    Return a real store of three children and one on a plan.

    On 10 February 2025 the first review of A-001 is 7 days late, that of A-002
    due today, that of A-003 in 14 days; the conference of P-001 is due in April.
    """
    return Path(shutil.copy(_store, tmp_path / "iro.db"))


@pytest.fixture
def board(store: Path) -> Callable[..., BoardApp]:
    """Return a function that runs steps on the board without a screen, and returns the board."""

    def call(steps: Steps, size: tuple[int, int] = (100, 30)) -> BoardApp:
        settings = resolve(Given())
        app = BoardApp(settings, open_view(settings))

        async def play() -> None:
            async with app.run_test(size=size) as pilot:
                await pilot.pause()
                await steps(pilot)

        asyncio.run(play())
        return app

    return call
