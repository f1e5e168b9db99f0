"""A store for tests of the output, and a home folder that is not the user's."""

import shutil
from datetime import date
from pathlib import Path

import pytest

from iro_cli.facts.model import Allocation, Child, Event
from iro_cli.store.kinds import ALLOCATION, CHILD_DETAIL
from stores import add_facts, changing

FORMULA = "=cmd|' /C calc'!A0"
MARKUP = "[red]x[/red] :smile: *a_b* `c` <d> |e|"
OVERRIDE = "Ann\u202eelpmaxE"


@pytest.fixture(autouse=True)
def _at_home(home: Path) -> None:
    pass


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """
    Return a store that no test may touch.

    On 10 February 2025 the first review of A-001 is 7 days late, that of every
    other child is due in 14 days.
    """
    path = tmp_path_factory.mktemp("made") / "made.db"
    late, soon = date(2025, 1, 6), date(2025, 1, 27)
    names = {
        "A-001": "Ann Example",
        "A-002": FORMULA,
        "A-003": MARKUP,
        "A-004": OVERRIDE,
        "A-005": "Ŵyn Éxample " + "x" * 288,
    }
    with changing(path, at="2025-01-06T09:00:00Z", who="tester", command="import") as writer:
        writer.add(CHILD_DETAIL, [Child(one, team="North") for one in names])
        add_facts(
            writer, [(one, Event("cla.start", late if one == "A-001" else soon)) for one in names]
        )
        writer.add(ALLOCATION, [Allocation(child, "iro", name) for child, name in names.items()])
    return path


@pytest.fixture
def store(made: Path, home: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a copy of the store, which ``IRO_DATABASE`` names, with ``IRO_AS_OF`` set."""
    path = Path(shutil.copy(made, home / "iro.db"))
    monkeypatch.setenv("IRO_DATABASE", str(path))
    monkeypatch.setenv("IRO_AS_OF", "2025-02-10")
    return path
