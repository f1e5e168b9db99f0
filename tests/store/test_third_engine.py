"""Commands ask a store where it is, and not which engine it has."""

from pathlib import Path
from typing import Any

import pytest

from iro_cli.cli.commands.encryption import in_a_file
from iro_cli.errors import StoreError
from iro_cli.store.opening import ENGINES, Store
from iro_cli.store.sqlite import SqliteStore

pytestmark = pytest.mark.plain


class ThirdStore(Store):
    """A store of an engine that this program does not have."""

    def __init__(self, *files: Path) -> None:
        """Keep the files; there are none on a server."""
        self._files = files

    def __str__(self) -> str:
        """Return its name."""
        return "third"

    @property
    def files(self) -> tuple[Path, ...]:
        """Return the files."""
        return self._files


# Only its place is asked for, so it need not do what an engine has to do.
ThirdStore.__abstractmethods__ = frozenset()
THIRD: Any = ThirdStore
FILE = Path("third.file")


def from_url(url: str) -> Store:
    """Return the store that a URL names."""
    found: Store = THIRD(FILE) if url == "third://file" else THIRD()
    return found


@pytest.mark.parametrize("command", ["db init", "db upgrade", "db roles"])
def test_what_is_for_a_server_refuses_every_file(
    command: str, iro: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file of a third engine is a file."""
    monkeypatch.setitem(ENGINES, "third", __name__)

    answer = iro(*command.split(), "--database", "third://file")

    assert answer.code == 5
    assert "third is a store in a file, and this command is for one on a server" in answer.err


def test_roles_are_those_of_postgresql(iro: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """A third engine on a server is not asked for what only PostgreSQL has."""
    pytest.importorskip("psycopg")
    monkeypatch.setitem(ENGINES, "third", __name__)

    answer = iro("db", "roles", "--database", "third://server")

    assert answer.code == 5
    assert "third is not on PostgreSQL, and only PostgreSQL has these roles" in answer.err


def test_only_an_sqlite_file_is_encrypted() -> None:
    """Of another store it is said why not."""
    with pytest.raises(StoreError, match="third is on a server, and whether it is encrypted"):
        in_a_file(THIRD())
    with pytest.raises(StoreError, match="third is not an SQLite file"):
        in_a_file(THIRD(FILE))

    assert in_a_file(SqliteStore(FILE)) == SqliteStore(FILE)
