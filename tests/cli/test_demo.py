"""The demonstration is made in its own place, and never in a store that is in use."""

import os
import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from running import Answer

Iro = Callable[..., Answer]


def _made(home: Path) -> list[str]:
    return sorted(path.name for path in (home / "default" / "iro" / "demo").glob("*.db"))


def test_each_demonstration_is_a_new_one(home: Path, iro: Iro) -> None:
    """A new store is made in the user's folder, and older demonstrations stay."""
    first = iro("demo")
    own = home / "default" / "iro" / "demo" / "demo.db"
    iro("--database", str(own), "child", "add", "MINE")
    second = iro("demo")

    assert (first.code, second.code) == (0, 0)
    assert first.out == second.out
    assert _made(home) == ["demo-2.db", "demo.db"]
    assert "MINE" in iro("--database", str(own), "child", "list", "-f", "csv").out
    if os.name == "posix":
        assert stat.S_IMODE(own.parent.stat().st_mode) == 0o700


def test_the_demonstration_is_one_change(home: Path, iro: Iro) -> None:
    """So an undo takes back all of it, and nothing of it stays if it fails."""
    assert iro("demo", "--database", "demo.db").code == 0
    store = ("--database", "demo.db")
    changes = {row["change"] for row in iro("history", *store, "-f", "json").rows()}

    assert changes == {1}
    assert iro("undo", *store).code == 0
    for listed in ("child list", "person list", "due --all"):
        assert iro(*listed.split(), *store, "-f", "json").rows() == []


def test_the_environment_says_where(home: Path, iro: Iro, monkeypatch: pytest.MonkeyPatch) -> None:
    """A new store is made where IRO_DATABASE says; a store in use is left alone."""
    monkeypatch.setenv("IRO_DATABASE", str(home / "new.db"))
    made = iro("demo")
    before = (home / "new.db").read_bytes()
    again = iro("demo")

    assert (made.code, again.code) == (0, 0)
    assert "TS-0" in iro("due", "--all", "-f", "csv", "--as-of", "2026-11-23").out
    assert "which is in use" in again.err
    assert before == (home / "new.db").read_bytes()
    assert _made(home) == ["demo.db"]


def test_no_name_of_an_account_chooses_a_place(
    home: Path, iro: Iro, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The account's name in the environment does not change the place."""
    for name in ("LOGNAME", "USER", "LNAME", "USERNAME"):
        monkeypatch.setenv(name, "../../evil")
    answer = iro("demo")

    assert answer.code == 0
    assert "evil" not in answer.err
    assert _made(home) == ["demo.db"]


@pytest.mark.skipif(os.name != "posix", reason="file modes are those of POSIX")
def test_a_folder_that_others_may_write_to(home: Path, iro: Iro) -> None:
    """Each change and the doctor name such a folder; a question does not."""
    shared = home / "shared"
    shared.mkdir()
    shared.chmod(0o777)
    store = str(shared / "iro.db")
    added = iro("--database", store, "child", "add", "Robin")
    read = iro("--database", store, "child", "list")
    found = iro("--database", store, "doctor", "-f", "json").rows()
    shared.chmod(0o700)
    again = iro("--database", store, "child", "add", "Wren")

    assert added.err.startswith(f"iro: others on this machine may write to {shared}")
    assert (added.code, read.err, again.err) == (0, "", "")
    assert [row["remedy"] for row in found if row["check"] == "permissions"] == [
        f"chmod go-w '{shared}'"
    ]
