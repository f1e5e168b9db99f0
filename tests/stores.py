"""Stores of invented children, each counted by hand on a wall calendar."""

import functools
import os
import shlex
import shutil
import sqlite3
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from cost import quick
from iro_cli.changes.importing import Outcome, store_batch
from iro_cli.errors import InputRefusedError
from iro_cli.extracts.batch import Batch
from iro_cli.facts.model import Allocation, Booking, Child, Event, Statement
from iro_cli.facts.people import Absence, Person
from iro_cli.questions.view import View
from iro_cli.store import migrations, sqlite
from iro_cli.store.changing import Change, Stamp
from iro_cli.store.kinds import (
    ABSENCE,
    ALLOCATION,
    BOOKING,
    CHILD_DETAIL,
    FACT,
    PERSON,
)
from iro_cli.store.reading import Reader
from iro_cli.store.sqlite import SqliteStore, head_of, last_digest
from iro_cli.store.sqlite_errors import unflushed
from iro_cli.store.undoing import Undone
from running import Answer, first_fast, nothing_set, piped

# ---------------------------------------------------------------- any store


def store_at(path: Path) -> Any:
    """Return the store in a file, which may not exist yet, or on a server in its place."""
    return sqlite.store_in(path)


def opened(path: Path) -> Any:
    """Open a store without the program, with a library that can; make one if need be."""
    store = store_at(path)
    if isinstance(store, SqliteStore):
        path.touch()
        return store.open()
    connection = store.open()
    connection.execute("SET search_path TO iro; SET datestyle TO ISO")
    return connection


_written = migrations._write_schema
# Tests for which the program makes every store, because they are about that.
_MADE_ANEW = ("tests/store/", "tests/health/", "tests/faults/")


@functools.cache
def _blank() -> bytes:
    """Return a plain store without rows, as the program makes it, made once for all tests."""
    with tempfile.TemporaryDirectory() as folder:
        store = SqliteStore(Path(folder, "iro.db"))
        store.path.touch()
        _written(store)
        return store.path.read_bytes()


def _copied(store: SqliteStore) -> None:
    """Give the program the bytes of the schema, which would take longer to write each time."""
    anew = os.environ.get("PYTEST_CURRENT_TEST", "").startswith(_MADE_ANEW)
    if anew or type(store) is not SqliteStore:
        _written(store)
    else:
        store.path.write_bytes(_blank())


def pytest_configure() -> None:
    """Let a store that a test has the program make begin as a copy of an empty one."""
    pytest.MonkeyPatch().setattr(migrations, "_write_schema", _copied)


def put_blank(path: Path) -> None:
    """Put a plain store without a row into a folder, which is quicker than to make one."""
    if path.parent.is_dir() and not path.exists():
        path.touch(0o600)
        path.write_bytes(_blank())


_PAGE, _SALT, _RESERVED, _IV = 4096, 16, 80, 16
_WAL_HEAD, _FRAME_HEAD = 32, 24


def content_of(path: Path) -> bytes:
    """Return the bytes of a file, decrypted with the key, including free pages."""
    content = path.read_bytes()
    store = path.with_name(path.name.removesuffix("-wal"))
    if not store.exists() or not head_of(os.fspath(store)).startswith(b"IROE"):
        return content
    pytest.importorskip("cryptography", reason="NOT TESTED: nothing else here deciphers pages")
    from cryptography.hazmat.primitives.ciphers import (  # noqa: PLC0415 - optional
        Cipher,
        algorithms,
        modes,
    )

    def deciphered(page: bytes) -> bytes:
        body, end = page[:-_RESERVED], page[-_RESERVED:]
        body = body[_SALT:] if body.startswith(b"IROE") else body
        one = Cipher(algorithms.AES(_KEY), modes.CBC(end[:_IV])).decryptor()
        return one.update(body) + one.finalize()

    first, head = (0, 0) if store == path else (_WAL_HEAD, _FRAME_HEAD)
    places = range(first + head, len(content), head + _PAGE)
    return b"".join(deciphered(content[one : one + _PAGE]) for one in places)


def put_store(made: Path, path: Path) -> Path:
    """Copy a store to a place, as the kind that the test is about."""
    shutil.copy(made, path)
    if "_KEY_OF_TESTS" in os.environ and head_of(os.fspath(path)).startswith(b"SQLite"):
        from iro_cli.store.sealing import encrypt  # noqa: PLC0415 - an optional extra

        encrypt(SqliteStore(path))
    return path


# Any 32 bytes; a file that holds one key without a name opens everything.
_KEY = bytes(range(32))


def on_every_kind(metafunc: pytest.Metafunc, *more: str) -> None:
    """Run a test on a plain store; unless it is a fast run, also on the other kinds."""
    if metafunc.definition.get_closest_marker("plain") is None:
        others = () if quick(metafunc.config) else ("encrypted", *more)
        metafunc.parametrize("kind_of_store", first_fast("plain", *others), indirect=True)


@pytest.fixture
def kind_of_store(
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
    monkeypatch: pytest.MonkeyPatch,
) -> str:
    """
    Make or give a test encrypted stores, with the key for the program.

    A room whose tests are tried on both kinds has it in a fixture of its own that all of them use.
    """
    kind: str = getattr(request, "param", "plain")
    if "home" in request.fixturenames:
        request.getfixturevalue("home")  # it takes what is set out of the environment
    if kind == "postgresql":
        address_of = request.getfixturevalue("address_of")
        from iro_cli.store.postgresql import from_url  # noqa: PLC0415 - an optional extra

        here = sys.modules[__name__]
        monkeypatch.setattr(here, "store_at", lambda path: from_url(address_of(path)))
    if kind != "encrypted":
        return kind
    pytest.importorskip("sqlcipher3", reason="NOT TESTED: the extra `encryption` is not installed")
    from iro_cli.store.encrypted import EncryptedStore  # noqa: PLC0415 - an optional extra

    file = tmp_path_factory.mktemp("key") / "iro.key"
    file.write_text(_KEY.hex(), "ascii")
    file.chmod(0o600)
    monkeypatch.setenv("IRO_KEY_FILE", str(file))
    monkeypatch.setenv("_KEY_OF_TESTS", str(file))
    in_file = sqlite.store_in

    def made_encrypted(name: str | Path) -> SqliteStore:
        there = head_of(os.fspath(name))
        return in_file(name) if there else EncryptedStore(name, bytes(12), _KEY)

    monkeypatch.setattr(sqlite, "store_in", made_encrypted)
    return kind


@contextmanager
def changing(
    path: Path,
    *,
    at: str = "2026-11-02T09:00:00Z",
    who: str = "tester",
    command: str = "test",
    many: bool = False,
) -> Iterator[Change]:
    """Make one change to a store, which is made if it is missing."""
    store = store_at(path)
    if type(store) is SqliteStore:
        put_blank(path)
    with store.changing(Stamp(at, who, command), make=True, many=many) as change:
        yield change


@contextmanager
def refused(path: Path, words: str) -> Iterator[Change]:
    """Make a change that has to be refused with these words, and store nothing."""
    with pytest.raises(InputRefusedError, match=words), changing(path) as change:
        yield change


@contextmanager
def refused_flushes(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Let every change be stored, and fail as if the disk had refused its last flush."""
    commit = SqliteStore.commit

    def unflushed_commit(store: SqliteStore, connection: Any) -> None:
        last = last_digest(connection)
        commit(store, connection)
        error = sqlite3.OperationalError("disk I/O error")
        error.sqlite_errorname = "SQLITE_IOERR_FSYNC"
        raise unflushed(error, last)

    with monkeypatch.context() as patched:
        patched.setattr(SqliteStore, "commit", unflushed_commit)
        yield


def reading(path: Path) -> Reader:
    """Open a store for a question."""
    found: Reader = store_at(path).reading()
    return found


def viewed(path: Path, on: date, nation: str = "england") -> View:
    """Return a store and the rules on a day."""
    return View(reading(path), nation=nation, as_of=on)


def add_facts(change: Change, facts: Iterable[tuple[str, Event] | tuple[str, Event, str]]) -> None:
    """Add facts: child, event and source."""
    change.add(FACT, [Statement(*fact) for fact in facts])


def put(
    path: Path,
    batch: Batch,
    command: str = "import",
    *,
    dry_run: bool = False,
    skip_refused: bool = False,
    replace: bool = False,
) -> Outcome:
    """Store the result of a source, as ``iro import`` does."""
    stamp = Stamp("2026-11-22T09:00:00Z", "tester", command)
    store = store_at(path)
    if type(store) is SqliteStore and not dry_run:
        put_blank(path)
    return store_batch(
        store,
        batch,
        stamp,
        dry_run=dry_run,
        skip_refused=skip_refused,
        replace=replace,
    )


def undo(path: Path) -> Undone:
    """Undo the last change."""
    with changing(path, at="2026-11-22T10:00:00Z", command="undo") as change:
        return change.undo()


# The stores written so far, by their rows.
_WRITTEN: dict[str, bytes] = {}


def make(
    path: Path,
    children: Iterable[Child],
    facts: Iterable[tuple[str, Event]],
    allocations: Iterable[Allocation] = (),
    bookings: Iterable[Booking] = (),
    people: Iterable[Person] = (),
    absences: Iterable[Absence] = (),
) -> Path:
    """Write a store, or copy one that was written before."""
    rows = [[*one] for one in (children, facts, allocations, bookings, people, absences)]
    told = "" if path.exists() or type(store_at(path)) is not SqliteStore else repr(rows)
    if told in _WRITTEN:
        path.touch(0o600)
        path.write_bytes(_WRITTEN[told])
        return path
    children, facts, allocations, bookings, people, absences = rows
    with changing(path) as change:
        change.add(CHILD_DETAIL, children)
        add_facts(change, facts)
        change.add(ALLOCATION, allocations)
        change.add(BOOKING, bookings)
        change.add(PERSON, people)
        change.add(ABSENCE, absences)
    if told:
        _WRITTEN[told] = path.read_bytes()
    return path


@pytest.fixture
def make_store(home: Path) -> Callable[..., Path]:
    """Return a function that writes the store of the test's own folder."""
    return lambda *rows, **more: make(home / "iro.db", *rows, **more)


def typed_into(path: Path, day: str, *lines: str) -> Path:
    """Change a store by commands as typed on a day, and return its path."""
    with pytest.MonkeyPatch.context() as patch:
        nothing_set(patch)
        patch.setenv("IRO_DATABASE", str(path))
        patch.setenv("IRO_AS_OF", day)
        if "_KEY_OF_TESTS" in os.environ:
            patch.setenv("IRO_KEY_FILE", os.environ["_KEY_OF_TESTS"])
        for line in lines:
            answer = piped(*shlex.split(line))
            assert answer.code == 0, answer.err
    return path


@pytest.fixture(scope="session")
def typed_once(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Path]:
    """
    Return a function like :func:`typed_into`, run once for all tests that begin with it.

    A test is given a copy of it: it takes less time to copy a store than to type one line.
    """

    @functools.cache
    def made(_key: str | None, day: str, lines: tuple[str, ...]) -> Path:
        return typed_into(tmp_path_factory.mktemp("typed") / "iro.db", day, *lines)

    return lambda day, *lines: made(os.environ.get("_KEY_OF_TESTS"), day, lines)


# ---------------------------------------------------------------- one child


# Robin, born 1 Feb 2015, is looked after since 12 Oct.
ROBIN = (
    "child add Robin --date-of-birth 2015-02-01 --iro 'Ada Wren'",
    "record cla.start Robin --on 2026-10-12",
)


@pytest.fixture(scope="session")
def _robin(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return typed_into(tmp_path_factory.mktemp("robin") / "iro.db", "2026-11-10", *ROBIN)


@pytest.fixture
def robin(_robin: Path, home: Path, typed: Callable[[str], Answer]) -> Callable[[str], Answer]:
    """Return a function that runs a command; Robin, born 1 Feb 2015, is in care since 12 Oct."""
    put_store(_robin, home / "iro.db")
    return typed


# ---------------------------------------------------------------- a team


# Four looked-after children and one on a plan, as they are typed.
AUTHORITY = (
    "child add Finch --team North --sibling-group S1 --iro 'Ada Okafor'",
    "child add Wren --team North --sibling-group S1 --iro 'Ada Okafor'",
    "child add Moss --team South --iro 'Ada Okafor'",
    "child add Fern --team South --iro 'Ben Rees'",
    "child add Reed --team South --chair 'Dev Raman'",
    "record cla.start Finch Wren Moss Fern --on 2026-11-02",
    "record cp.strategy Reed --on 2026-11-16",
)


@pytest.fixture(scope="session")
def _authority(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return typed_into(tmp_path_factory.mktemp("authority") / "iro.db", "2026-11-23", *AUTHORITY)


@pytest.fixture
def authority(_authority: Path, home: Path) -> Path:
    """
    Return the store of four looked-after children and one on a plan.

    Finch and Wren are siblings; Ada has them and Moss, Ben has Fern. Reed's
    chair is Dev.
    """
    return put_store(_authority, home / "iro.db")


# The commands of a service on the authority's store, in an order in which each can run.
STORING = """
child add Linnet --team North
child edit Linnet --label L
record cla.start Linnet --on 2026-11-03
allocate Linnet --iro 'Ada Okafor' --from 2026-11-03
book Finch cla.review.first 2026-11-24
unbook Finch cla.review.first
suggest --book
person add 'Ben Rees' --fte 0.6
person edit 'Ben Rees' --fte 0.8
person leave 'Ben Rees' --on 2027-06-30
absence add 'Ada Okafor' --from 2026-12-21 --to 2026-12-23
absence remove 'Ada Okafor' --from 2026-12-21
audit record Finch --on 2026-11-20 --tool File --grade Good
audit sample --size 1 --seed 1
hand-over --from 'Ada Okafor' --to 'Efa Moss' --on 2026-11-30
watch add cp.core-group.first --from 2026-11-01
watch remove cp.core-group.first
calendar add 2027-06-07 --name 'One day only'
calendar remove 2027-06-07
dispute raise Finch --on 2026-11-20
dispute stage Finch --on 2026-11-21 --reason second
dispute respond Finch --on 2026-11-22
dispute escalate Finch --on 2026-11-22
dispute resolve Finch --on 2026-11-23
import events more.csv
undo
backup copy.db
"""


def storing(authority: Path) -> list[str]:
    """Return every command that stores something in an authority's store."""
    authority.with_name("more.csv").write_text("child_id,event,date\nWren,cla.review,2026-11-20\n")
    return STORING.strip().splitlines()


# ---------------------------------------------------------------- a fortnight

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


@pytest.fixture(scope="session")
def _fortnight(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("fortnight") / "iro.db"
    with changing(path, at="2025-01-06T09:00:00Z", who="tester", command="import") as writer:
        writer.add(CHILD_DETAIL, [Child(one, label="Wren", team="North") for one in STARTS])
        add_facts(writer, [(one, Event("cla.start", on)) for one, on in STARTS.items()])
        writer.add(ALLOCATION, [Allocation(child, "iro", name) for child, name in IROS.items()])
        writer.add(
            BOOKING,
            [Booking("A-004", "cla.review.first", STARTS["A-004"], date(2025, 2, 26), "10:00")],
        )
    return path


@pytest.fixture
def fortnight(_fortnight: Path, home: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """
    Return a store of six first reviews, asked on 10 February 2025.

    The reviews of A-001, A-005 and A-006 (nobody's) are 7 days late, that of
    A-002 is due today, those of A-003 and A-004 in 7 and 11 days; A-004's is
    booked for the 26th, which is too late.
    """
    path = put_store(_fortnight, home / "iro.db")
    monkeypatch.setenv("IRO_DATABASE", str(path))
    monkeypatch.setenv("IRO_AS_OF", "2025-02-10")
    return path


# ---------------------------------------------------------------- a quarter


def _day(text: str) -> date:
    """Read a day of 2026, as `6 Jul`."""
    number, month = text.split()
    months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
    return date(2026, months.index(month) + 1, int(number))


# Counted on a wall calendar; the only bank holiday that matters is Monday 31 August 2026.
#
# W-01  in care Mon 1 Jun: first due Mon 29 Jun (4 weeks), held Fri 26 Jun.
#       Second due Sat 26 Sep, held Thu 24 Sep, PN1: in timescale.
# W-02  in care Mon 6 Jul: first due Mon 3 Aug, held Mon 10 Aug, PN7: 7 days late.
# W-03  in care Mon 3 Aug: first due Tue 1 Sep (31 Aug left out), never held; left
#       care Thu 10 Sep: 9 days overdue by then.
# W-04  in care Tue 1 Sep: first due Tue 29 Sep, not held: 21 days overdue on 20 Oct.
#       It was adjourned on Mon 28 Sep, and that is due Mon 26 Oct: outside the quarter.
# W-05  in care Mon 3 Aug, left Mon 24 Aug, before the first was due: owed nothing.
# W-06  strategy Mon 6 Jul, conference due Mon 27 Jul, held that day: in timescale.
#       First review due Tue 27 Oct: outside the quarter.
# W-07  strategy Mon 13 Jul, conference due Mon 3 Aug, held Wed 5 Aug: 2 days late.
# W-08  strategy Mon 20 Jul, ended without a conference Fri 24 Jul: not judged.
# W-09  on a plan since Mon 2 Mar (strategy Mon 16 Feb, due Mon 9 Mar): first review due
#       Tue 2 Jun, held Mon 1 Jun; next due Tue 1 Dec: reviewed in time on 30 Sep.
# W-10  on a plan since Mon 2 Mar (the same): first review due Tue 2 Jun, held Thu 4 Jun:
#       2 days late; next due Fri 4 Dec. Not reviewed in time on 30 Sep.
# W-11  a dispute raised Mon 3 Aug: due Tue 1 Sep, resolved Fri 28 Aug. Another raised
#       Mon 7 Sep: due Mon 5 Oct, open: 15 days past on 20 Oct.
_EVENTS: dict[str, list[Event]] = {
    "W-01": [
        Event("cla.start", _day("1 Jun")),
        Event("cla.review", _day("26 Jun"), participation="PN3"),
        Event("cla.review", _day("24 Sep"), participation="PN1"),
    ],
    "W-02": [
        Event("cla.start", _day("6 Jul")),
        Event("cla.review", _day("10 Aug"), participation="PN7", note="=foster carer ill"),
    ],
    "W-03": [Event("cla.start", _day("3 Aug")), Event("cla.end", _day("10 Sep"))],
    "W-04": [
        Event("cla.start", _day("1 Sep")),
        Event("cla.review.adjourned", _day("28 Sep"), reason="no care plan"),
    ],
    "W-05": [Event("cla.start", _day("3 Aug")), Event("cla.end", _day("24 Aug"))],
    "W-06": [
        Event("cp.strategy", _day("6 Jul")),
        Event("cp.conference.initial", _day("27 Jul"), outcome="plan"),
    ],
    "W-07": [
        Event("cp.strategy", _day("13 Jul")),
        Event("cp.conference.initial", _day("5 Aug"), outcome="no-plan"),
    ],
    "W-08": [
        Event("cp.strategy", _day("20 Jul")),
        Event("cp.conference.not-required", _day("24 Jul")),
    ],
    **{
        child: [
            Event("cp.strategy", _day("16 Feb")),
            Event("cp.conference.initial", _day("2 Mar"), outcome="plan"),
            Event("cp.conference.review", _day(held)),
        ]
        for child, held in (("W-09", "1 Jun"), ("W-10", "4 Jun"))
    },
    "W-11": [
        Event("dispute.raised", _day("3 Aug"), reference="A"),
        Event("dispute.resolved", _day("28 Aug"), reference="A"),
        Event("dispute.raised", _day("7 Sep"), reference="B"),
    ],
}


@pytest.fixture(scope="session")
def _quarter(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("quarter") / "iro.db"
    with changing(path, at="2026-10-20T09:00:00Z", who="tester", command="import") as writer:
        writer.add(
            CHILD_DETAIL, [Child(one, team="Hill" if one < "W-05" else "Vale") for one in _EVENTS]
        )
        add_facts(writer, [(child, event) for child, events in _EVENTS.items() for event in events])
        # W-02 changed hands on the day after its review fell due.
        writer.add(
            ALLOCATION,
            [
                Allocation("W-01", "iro", "Wren Adder"),
                Allocation("W-02", "iro", "Wren Adder", None, _day("3 Aug")),
                Allocation("W-02", "iro", "Moss <b>Stoat</b>", _day("4 Aug")),
                Allocation("W-03", "iro", "Moss <b>Stoat</b>"),
                Allocation("W-04", "iro", "Moss <b>Stoat</b>"),
                *(
                    Allocation(f"W-{number:02}", "chair", "Fern Newt")
                    for number in (6, 7, 8, 9, 10)
                ),
                Allocation("W-11", "iro", "Wren Adder"),
            ],
        )
    return path


@pytest.fixture
def quarter(_quarter: Path, home: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the store of a small authority, asked on 20 October 2026 about July to September."""
    path = put_store(_quarter, home / "iro.db")
    monkeypatch.setenv("IRO_DATABASE", str(path))
    monkeypatch.setenv("IRO_AS_OF", "2026-10-20")
    return path
