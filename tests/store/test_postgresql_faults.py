"""Faults of a server give one line, what to do, no password, and nothing half stored."""

import os
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from iro_cli.errors import StoreError
from iro_cli.facts.model import Child, Event, Statement
from iro_cli.store.changing import Stamp
from iro_cli.store.kinds import CHILD_DETAIL, FACT
from running import Answer
from servers import Server

pytestmark = pytest.mark.slow
STAMP = Stamp("2026-11-02T09:00:00Z", "anybody", "test")
OTHERS = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'iro'"
PASSWORD = "hunter2"
Run = Callable[..., Answer]


@pytest.fixture
def address(address_of: Callable[[Path], str], tmp_path: Path) -> str:
    """Return the address of a database with a store of one child."""
    from iro_cli.store.postgresql import from_url

    address = address_of(tmp_path)
    with from_url(address).changing(STAMP) as change:
        change.add(CHILD_DETAIL, [Child("Robin")])
        change.add(FACT, [Statement("Robin", Event("cla.start", date(2026, 10, 12)))])
    return address


@pytest.fixture
def store(address: str) -> Any:
    """Return that store."""
    from iro_cli.store.postgresql import from_url

    return from_url(address)


@pytest.fixture
def changes(server: Server, address: str) -> Callable[[], int]:
    """Return a function that counts the changes, and facts without a change."""

    def count() -> int:
        with server.connect(address.partition("@/")[2].partition("?")[0]) as connection:
            ((number, facts),) = connection.execute(
                "SELECT (SELECT count(*) FROM iro.change), (SELECT count(*) FROM iro.fact)"
            ).fetchall()
        assert number == facts
        return int(number)

    return count


def _refused(answer: Answer, *words: str, code: int = 5) -> None:
    assert answer.code == code, answer
    assert answer.out == ""
    for one in words:
        assert one in answer.err
    assert answer.err.count("\n") == 1
    assert PASSWORD not in answer.err
    assert "Traceback" not in answer.err


def _two_facts(store: Any, between: Callable[[], None]) -> None:
    """Add two facts in one change, and do something between them."""
    with store.changing(STAMP) as change:
        change.add(FACT, [Statement("Robin", Event("cla.review", date(2026, 11, 6)))])
        between()
        change.add(FACT, [Statement("Robin", Event("cla.review", date(2026, 11, 7)))])


RECORD = ("record", "cla.review", "Robin", "--on", "2026-11-06")


@pytest.mark.parametrize("command", [("due",), RECORD, ("db", "init"), ("history", "--verify")])
def test_a_server_that_is_not_there(command: tuple[str, ...], iro: Run, tmp_path: Path) -> None:
    """The socket or the port is missing."""
    for where in (f"@/iro?host={tmp_path}", "@127.0.0.1:1/iro"):
        answer = iro("--database", f"postgresql://ada:{PASSWORD}{where}", *command)

        _refused(answer, "cannot be reached", "check the host and the port")


def test_a_host_that_nobody_knows(iro: Run) -> None:
    """The host was mistyped."""
    answer = iro("--database", f"postgresql://ada:{PASSWORD}@no-such-host.invalid/iro", "due")

    _refused(answer, "the host of", "is not known")


def test_a_database_that_is_not_there(server: Server, iro: Run) -> None:
    """The database was mistyped."""
    _refused(iro("--database", server.url("irro"), "due"), "no such database", "createdb")


def test_a_login_that_is_not_there(server: Server, iro: Run) -> None:
    """The login was mistyped."""
    answer = iro("--database", server.url(user="adda", password=PASSWORD), "due")

    _refused(answer, "refuses the login or its password")


def test_a_schema_that_is_held(
    server: Server, store: Any, address: str, iro: Run, changes: Callable[[], int]
) -> None:
    """Another writer holds it for a minute: after five seconds the message comes."""
    with closing(store.connect_to_write()):
        begun = time.monotonic()
        answer = iro("--database", address, *RECORD)
        waited = time.monotonic() - begun
        asked = iro("--database", address, "due", "--as-of", "2026-11-23")

    _refused(answer, "locked by somebody else", "try again")
    assert 4 < waited < 30
    assert asked.code == 0
    assert changes() == 1


def test_a_server_that_is_lost_in_the_middle(
    server: Server, store: Any, changes: Callable[[], int]
) -> None:
    """No part of the change is stored."""
    with pytest.raises(StoreError, match="was lost: nothing was stored"):
        _two_facts(store, lambda: server.run(OTHERS))

    assert changes() == 1


def test_a_server_that_is_lost_while_it_is_read(server: Server, store: Any) -> None:
    """The loss is reported, and not taken for the end of the rows."""
    with store.reading() as reader:
        assert list(reader.children()) == ["Robin"]
        server.run(OTHERS)
        with pytest.raises(StoreError, match="was lost"):
            reader.children()


def test_a_server_that_is_lost_as_it_commits_leaves_it_open(
    server: Server, store: Any, changes: Callable[[], int]
) -> None:
    """The message says that it is not known whether the change was stored."""
    store.finish = lambda _: server.run(OTHERS)
    with pytest.raises(StoreError) as raised:
        _two_facts(store, lambda: None)

    assert "it is not known whether it was" in str(raised.value)
    assert "`iro history`" in str(raised.value)
    assert changes() == 1


def test_a_server_that_only_reads(
    server: Server, address: str, iro: Run, changes: Callable[[], int]
) -> None:
    """A standby answers questions, and refuses changes."""
    name = address.partition("@/")[2].partition("?")[0]
    server.run(f"ALTER DATABASE {name} SET default_transaction_read_only = on")
    asked = iro("--database", address, "due", "--as-of", "2026-11-23")
    answer = iro("--database", address, *RECORD)
    server.run(f"ALTER DATABASE {name} RESET default_transaction_read_only")

    assert asked.code == 0
    _refused(answer, "only reads")
    assert changes() == 1


def test_no_connection_is_left(server: Server, address: str, iro: Run) -> None:
    """The login has a connection limit of zero."""
    server.run("DROP ROLE IF EXISTS many", "CREATE ROLE many LOGIN CONNECTION LIMIT 0")
    answer = iro("--database", address.replace("//postgres@", "//many@"), "due")

    _refused(answer, "no connection left")


def test_a_disk_that_is_full(
    server: Server, iro: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One database has a small disk: no part of the import is stored."""
    disk, name = Path(server.folder) / "small", "on_a_small_disk"
    disk.mkdir()
    mounted = ["mount", "-t", "tmpfs", "-o", "size=24m,mode=777", "tmpfs", str(disk)]
    if shutil.which("mount") is None or subprocess.run(mounted, check=False).returncode:
        disk.rmdir()
        pytest.skip("NOT TESTED: this account cannot make a small disk")
    (disk / "tables").mkdir()
    shutil.chown(disk / "tables", Path(server.folder).owner())
    (disk / "tables").chmod(0o700)
    try:
        server.run(
            f"CREATE TABLESPACE small LOCATION '{disk / 'tables'}'",
            f"CREATE DATABASE {name} TABLESPACE small",
        )
        monkeypatch.setenv("IRO_DATABASE", server.url(name))
        assert iro("db", "init").code == 0
        assert iro("child", "add", "Robin").code == 0
        head, note = "child_id,event,date,note", "so " * 300
        rows = [
            f"Robin,placement.visit,{date(1970, 1, 1) + timedelta(days=number)},{note}"
            for number in range(16_000)
        ]
        (tmp_path / "events.csv").write_text("\n".join([head, *rows]))
        full = iro("import", "events", str(tmp_path / "events.csv"))
        after = iro("history", "-f", "csv").out.splitlines()
    finally:
        server.run(
            f"DROP DATABASE IF EXISTS {name} WITH (FORCE)", "DROP TABLESPACE IF EXISTS small"
        )
        subprocess.run(["umount", str(disk)], check=True)

    _refused(full, "the disk of the server", "is full: nothing was stored")
    assert len(after) == 2


def test_text_that_the_server_cannot_hold(store: Any, changes: Callable[[], int]) -> None:
    """A text with a zero character is refused whole."""
    with (
        pytest.raises(StoreError, match="cannot hold one of the values"),
        store.changing(STAMP) as change,
    ):
        change.add(
            FACT,
            [
                Statement("Robin", Event("cla.review", date(2026, 11, 6), note=note))
                for note in ("all well", "a\0b")
            ],
        )

    assert changes() == 1


@contextmanager
def _own_server(folder: Path, *settings: str, hba: str = "local all all trust") -> Iterator[Any]:
    """Start a server of the machine with TLS, apart from the others, and return its starter."""
    found = [*Path("/usr/lib/postgresql").glob("*/bin"), *Path("/usr/pgsql").glob("*/bin")]
    if not found:
        pytest.skip("NOT TESTED: no PostgreSQL of the machine, which has TLS, was found")
    programs, data = max(found), folder / "data"
    other = "postgres" if os.geteuid() == 0 else None

    def run(program: str, *words: str) -> None:
        command = [str(programs / program), *words]
        if other:
            shutil.chown(folder, other)
            command = ["setpriv", "--reuid", other, "--regid", other, "--clear-groups", *command]
        subprocess.run(
            command, check=True, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )

    run(
        "initdb", "--auth", "trust", "--username", "postgres", "--encoding", "UTF8", "-D", str(data)
    )
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj"]
        + ["/CN=localhost", "-addext", "subjectAltName=DNS:localhost", "-out"]
        + [str(data / "server.crt"), "-keyout", str(data / "server.key")],
        check=True,
        capture_output=True,
    )
    for one in ("server.crt", "server.key"):
        (data / one).chmod(0o600)
        if other:
            shutil.chown(data / one, other)
    with (data / "postgresql.conf").open("a") as out:
        out.write("\n".join((f"unix_socket_directories = '{folder}'", *settings)) + "\n")
    (data / "pg_hba.conf").write_text(hba + "\n")
    pg_ctl = ("pg_ctl", "-w", "-D", str(data), "-l", str(folder / "log"))
    run(*pg_ctl, "start")
    try:
        yield lambda *words: run(*pg_ctl, *words)
    finally:
        with suppress(subprocess.CalledProcessError):
            run(*pg_ctl, "-m", "immediate", "stop")


def test_over_tcp_with_a_password_and_tls_restarted_in_the_middle(
    iro: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As in a council: the certificate is verified, and a password is needed."""
    import socket
    import tempfile

    import psycopg

    from iro_cli.store.postgresql import from_url

    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    settings = (
        f"port = {port}",
        "listen_addresses = 'localhost'",
        "ssl = on",
        "password_encryption = 'scram-sha-256'",
    )
    hba = "local all postgres trust\nhostssl all all all scram-sha-256"
    # A socket's name may not be long.
    with (
        tempfile.TemporaryDirectory(prefix="iro-", dir="/tmp", ignore_cleanup_errors=True) as place,
        _own_server(Path(place), *settings, hba=hba) as control,
    ):
        with psycopg.connect(
            host=place, port=port, user="postgres", dbname="postgres", autocommit=True
        ) as connection:
            connection.execute(f"CREATE ROLE ada LOGIN PASSWORD '{PASSWORD}'")
            connection.execute("CREATE DATABASE iro OWNER ada")
        root = Path(place) / "data" / "server.crt"
        checked = f"?sslmode=verify-full&sslrootcert={root}"
        passwords = tmp_path / "passwords"
        passwords.write_text(f"localhost:{port}:iro:ada:{PASSWORD}\n")
        passwords.chmod(0o600)
        monkeypatch.setenv(
            "IRO_DATABASE", f"postgresql+psycopg://ada@localhost:{port}/iro{checked}"
        )
        none = iro("db", "init")
        monkeypatch.setenv("PGPASSFILE", str(passwords))
        made = iro("db", "init")
        stored = [
            iro("child", "add", "Robin"),
            iro("record", "cla.start", "Robin", "--on", "2026-11-02"),
        ]
        listed = iro("due", "--as-of", "2026-11-23")
        health = iro("doctor")
        wrong = iro("--database", f"postgresql://ada:wrong-{PASSWORD}@localhost:{port}/iro", "due")
        clear = iro("--database", f"postgresql://ada@localhost:{port}/iro?sslmode=disable", "due")
        stranger = iro("--database", f"postgresql://ada@127.0.0.1:{port}/iro{checked}", "due")
        store = from_url(f"postgresql://ada@localhost:{port}/iro{checked}")
        with pytest.raises(StoreError, match="was lost: nothing was stored"):
            _two_facts(store, lambda: control("-m", "fast", "restart"))
        after = iro("history", "-f", "csv")

    _refused(none, "none was given", "~/.pgpass")
    assert [one.code for one in (made, *stored, listed, health)] == [0, 0, 0, 0, 0]
    assert "Robin" in listed.out
    assert "on the way" not in health.out
    _refused(wrong, "refuses the login or its password")
    _refused(clear, "does not let this login in", "sslmode=require")
    _refused(stranger, "no encrypted connection")
    assert after.out.count("cla.review") == 0
    assert ",ada," in after.out
