"""
Every command that stores something, each on a stage on which it works, and the result.

A chain is a sequence of typed lines; the stage of a line is the folder as the lines before it left
it.  The content of a stage is compared file by file: for a store every row, without what differs
each time (the moment, the salts and digests).
"""

import shutil
import sqlite3
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from pathlib import Path

from faults.program import Place
from faults.shim import READS as READING
from faults.shim import Arm
from iro_cli.cli.commands import COMMANDS
from iro_cli.lean import NamedTuple
from iro_cli.store.sqlite import beside, store_in
from stores import AUTHORITY, STORING, storing

EXAMPLES = Path(__file__).parents[2] / "examples"
_RELEASED = Path(__file__).parents[1] / "store" / "released"

# The questions by which a store is judged.  The doctor goes through its chain too.
DUE, DOCTOR, VERIFY = "due --all -f csv", "doctor -f csv", "history --verify"

# What differs each time that the same command is run.
_MOVING = {
    "change": {"at", "salt", "digest"},
    "erasure": {"salt", "remains"},
    "checksum": {"of_pages"},
}
# Files that may be left when a command was killed, and do not matter: parts, logs, the list of
# copies.
_NOTHING = (".part", "-wal", "-shm", "-journal", ".copies")
_HEADS = (b"SQLite format 3\0", b"IROE")


class Unreadable(NamedTuple):
    """A store that cannot be read: its bytes, and the reason."""

    content: bytes
    why: str


Line = str | Callable[[Place], object]


class Chain(NamedTuple):
    """
    Commands that follow one another.

    Attributes:
        name: What they are about.
        lines: The lines; a function prepares what is no command.
        sealed: Whether they are tried in an encrypted store too.
        begins: Whether they begin with the store of an authority.
    """

    name: str
    lines: Sequence[Line]
    sealed: bool = True
    begins: bool = True


class Stage(NamedTuple):
    """
    A line, and the folder in which it is typed.

    Attributes:
        name: What tells it from others: the kind of store, the chain, and where in it.
        line: The line.
        place: The folder before it; nothing is run there.
        before: What stands there.
        after: What stands there once it was run.
        calls: How many system calls it makes that count.
        reads: How many it makes that read.
        seconds: How long it takes.
        out: What it says on standard output.
        due: What `due` answers before it and after it.
        doctor: With which code `doctor` ends before it and after it.
    """

    name: str
    line: str
    place: Path
    before: Mapping[str, object]
    after: Mapping[str, object]
    calls: int
    reads: int
    seconds: float
    out: str
    due: tuple[str, str]
    doctor: tuple[int, int]


# ---------------------------------------------------------------- the chains


def _more(place: Place) -> None:
    storing(place.store)


def _extracts(place: Place) -> None:
    for name in ("ssda903", "cin-census", "ssd"):
        shutil.copytree(EXAMPLES / "extracts" / name, place.work / name)
    shutil.copy(EXAMPLES / "extracts" / "annex-a" / "annex-a.xlsx", place.work)
    for name in ("children", "allocations", "events"):
        shutil.copy(EXAMPLES / "authority" / f"{name}.csv", place.work)
    (place.work / "half.csv").write_text("child_id,event,date\nMoss,cla.review,2026-11-19\nX,y,z\n")


def _damaged(place: Place) -> None:
    content = place.store.read_bytes()
    place.store.write_bytes(content[:100] + bytes(len(content) - 100))


def _missing(place: Place) -> None:
    for file in (place.store, *beside(place.store)):
        file.unlink(missing_ok=True)


def _older(place: Place) -> None:
    _missing(place)
    with closing(sqlite3.connect(place.store)) as connection:
        connection.executescript((_RELEASED / "2.sql").read_text("utf-8"))


def _earlier_copy(place: Place) -> None:
    """Make an older copy, which the next backup removes."""
    for copy in (place.work / "copies").iterdir():
        copy.rename(copy.with_name("iro-2026-01-01T010203Z.db"))


CHAINS = (
    Chain("every day", [_more, *STORING.strip().splitlines()]),
    Chain(
        "put right",
        [
            "record cla.review Finch --on 2026-11-20",
            "record cla.review Finch --on 2026-11-19 --correct",
            "record cla.review Finch --on 2026-11-19 --withdraw",
            "undo",
            "redo",
        ],
    ),
    Chain(
        "extracts",
        [
            _extracts,
            "import events half.csv --skip-refused --refused refused.csv",
            "import children children.csv",
            "import allocations allocations.csv",
            "import events events.csv",
            "import ssda903 ssda903/2025-26",
            "import cin-census cin-census/census.xml",
            "import annex-a annex-a.xlsx",
            "import ssd ssd --role CPC=chair",
            "undo",
        ],
    ),
    Chain(
        "copies",
        [
            "backup copies/copy.db",
            "child add Later",
            "restore copies/copy.db",
            _damaged,
            "restore copies/copy.db",
            _missing,
            "restore copies/copy.db",
            "backup --keep 1 kept",
            "copy iro.db moved.db",
        ],
    ),
    Chain("copies kept", ["backup --keep 1 copies", _earlier_copy, "backup --keep 1 copies"]),
    Chain(
        "erased",
        [
            "backup copies/copy.db",
            "child erase Fern --reason 'the period has passed'",
            "retention set cp 30 --since last",
            "retention unset cp",
            "child add Rook --date-of-birth 1940-01-02",
            "record cla.start Rook --on 1941-02-03",
            "record cla.end Rook --on 1950-02-03",
            "retention erase --reason 'the period has passed'",
        ],
    ),
    Chain(
        "encrypted",
        ["encrypt", "record cla.review Finch --on 2026-11-20", "key change", "decrypt"],
        sealed=False,
    ),
    Chain("begun", ["init", "child add Finch", "init other.db"], sealed=False, begins=False),
    Chain("begun encrypted", ["init --encrypted", "child add Finch"], sealed=False, begins=False),
    Chain("added to nothing", ["child add Finch --team North"], sealed=False, begins=False),
    Chain(
        "imported into nothing",
        [_extracts, "import children children.csv"],
        sealed=False,
        begins=False,
    ),
    Chain("demo", ["demo --database demo.db"], sealed=False, begins=False),
    Chain("older", [_older, "doctor --migrate"], sealed=False),
    Chain("older changed", [_older, "child add Rook"], sealed=False),
    Chain(
        "files",
        [
            "config set me 'Ada Okafor'",
            "config set within 14d",
            "config unset me",
            "due --all -f csv -o list.csv",
            "due --all -f xlsx -o list.xlsx",
            "timescales new Testshire -o pack.toml",
        ],
    ),
)
# Commands that store nothing by interface.md: questions, and those that only write a file.
# Commands on a server have their own transactions and tests.
ON_A_SERVER = frozenset({"db init", "db upgrade", "db roles"})
READS = frozenset({
    *("when", "due", "overdue", "show", "explain", "board", "digest", "changes", "caseload"),
    *("forecast", "align", "dispute list", "history", "child list", "child show", "person list"),
    *("absence list", "audit list", "timescales list", "timescales show", "timescales check"),
    *("timescales packs", "timescales try", "timescales diff", "timescales impact"),
    *("timescales schema", "watch list", "calendar list", "calendar month", "report timeliness"),
    *("report quarterly", "report annual", "help", "config list", "config get", "config path"),
    "retention list",
})  # fmt: skip


def command_of(line: str) -> str:
    """Return the command with which a line begins, as in the table of commands."""
    words = line.split()
    two = " ".join(words[:2])
    return two if two in COMMANDS else words[0]


def stored_by() -> set[str]:
    """Return every command that a chain tries."""
    return {command_of(one) for chain in CHAINS for one in chain.lines if isinstance(one, str)}


# ---------------------------------------------------------------- what stands there


def rows_of(path: Path, upto: int | None = None, *, to_write: bool = False) -> dict[str, object]:
    """
    Return the whole content of a store, without what differs each time.

    Args:
        path: The store.
        upto: The number of the last change that counts, or all.
        to_write: Whether it may be written to.
    """
    store = store_in(path)
    with closing(store.open(to_write=to_write)) as connection:
        ((version,),) = connection.execute("PRAGMA user_version").fetchall()
        found: dict[str, object] = {"version": version}
        names = connection.execute(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
        ).fetchall()
        for (table,) in sorted(names):
            columns = [row[1] for row in connection.execute(f"PRAGMA table_info({table})")]
            kept = [one for one in columns if one not in _MOVING.get(table, ())]
            number = "id" if table == "change" else "change_id"
            if not kept or (upto is not None and number not in kept):
                continue
            rows = connection.execute(f"SELECT {', '.join(kept)} FROM {table}").fetchall()
            if upto is not None:
                at = kept.index(number)
                rows = [row for row in rows if row[at] <= upto]
                if "withdrawn_by" in kept:
                    at = kept.index("withdrawn_by")
                    rows = [
                        (*row[:at], None if (row[at] or 0) > upto else row[at], *row[at + 1 :])
                        for row in rows
                    ]
            found[table] = sorted(rows, key=repr)
    return found


def standing(place: Place) -> dict[str, object]:
    """Return the content of the files of a place, by their names."""
    found: dict[str, object] = {}
    place.lend_the_key()
    for folder in (place.work, place.home / "config"):
        for path in sorted(folder.rglob("*")):
            name = path.relative_to(place.folder).as_posix()
            if path.is_file() and not name.endswith(_NOTHING) and ".part" not in path.name:
                found[_steady(name)] = content_of(path)
    return found


def _steady(name: str) -> str:
    """Return the name of a file without the time in it, which differs each time."""
    return "kept copy" if "/iro-20" in name and "2026-01-01T" not in name else name


def content_of(path: Path) -> object:
    """Return the rows of a store and whether it is encrypted, or a file's bytes."""
    with path.open("rb") as file:
        head = file.read(16)
    if head.startswith(_HEADS):
        # The rows alone are the same before `iro decrypt` and after it.
        sealed = {"sealed": not head.startswith(_HEADS[0])}
        try:
            try:
                return rows_of(path) | sealed
            except Exception:  # noqa: BLE001 - a change to it may have to be taken back first
                return rows_of(path, to_write=True) | sealed
        except Exception as error:  # noqa: BLE001 - one that was damaged on purpose, or by a fault
            return Unreadable(path.read_bytes(), f"{type(error).__name__}: {error}")
    return path.read_bytes() if path.suffix != ".xlsx" else head[:4]


# ---------------------------------------------------------------- setting the stages


def _whole(place: Place, line: str) -> None:
    ended = place.run(line)
    if ended.code:
        raise SystemExit(f"faults: {line}: exit code {ended.code}: {ended.err}")


def copied(ready: Path, folder: Path, said: Path | None = None) -> Place:
    """Return a place that is a copy of a stage, and replaces what was there."""
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(ready, folder, symlinks=True)
    listed = folder / "work" / "iro.db.copies"
    if listed.exists():  # the copies that it names are now here
        begun = str(ready.parents[1] / "work")
        listed.write_text(listed.read_text("utf-8").replace(f'"{begun}/', f'"{folder}/'), "utf-8")
    return Place(folder, said)


def _asked(place: Place) -> tuple[str, int]:
    """Return the answer of `due`, and the exit code of `doctor`."""
    due, doctor = place.answers([DUE, DOCTOR])
    return f"{due.code}: {due.out}", doctor.code


def authority(place: Place, *, sealed: bool) -> None:
    """Make the store of an authority in a place."""
    _whole(place, "init --encrypted" if sealed else "init")
    for line in AUTHORITY:
        _whole(place, line)


def stages(folder: Path, *, sealed: bool, only: frozenset[str] = frozenset()) -> list[Stage]:
    """
    Make a stage for each line of each chain.

    Args:
        folder: Where.
        sealed: Whether in an encrypted store.
        only: The chains that are wanted, or all.
    """
    kind, found = "encrypted" if sealed else "plain", list[Stage]()
    base, work = folder / kind / "authority", folder / kind / "work"
    authority(Place(base), sealed=sealed)
    for chain in CHAINS:
        if (sealed and not chain.sealed) or (only and chain.name not in only):
            continue
        copied(base, work) if chain.begins else shutil.rmtree(work, ignore_errors=True)
        for number, line in enumerate(chain.lines):
            place = Place(work)
            if callable(line):
                line(place)
                continue
            name = f"{kind}/{chain.name.replace(' ', '-')}/{number}"
            ready = folder / name
            shutil.copytree(work, ready, symlinks=True)
            found.append(_stage(name, line, ready, work))
    return found


def _stage(name: str, line: str, ready: Path, work: Path) -> Stage:
    """Run a line, and keep the result."""
    place = Place(work)
    before, asked = standing(place), _asked(place)
    reads = copied(ready, work).run(line, Arm(kinds=READING)).calls
    place = copied(ready, work)
    ended = place.run(line, Arm())
    if ended.code:
        raise SystemExit(f"faults: {name}: {line}: exit code {ended.code}: {ended.err}")
    after, then = standing(place), _asked(place)
    for file, content in after.items():
        if isinstance(content, Unreadable) and content not in before.values():
            raise SystemExit(f"faults: {name}: {line}: {file}: {content.why}")
    return Stage(
        name, line, ready, before, after, ended.calls, reads, ended.seconds, ended.out,
        (asked[0], then[0]), (asked[1], then[1]),
    )  # fmt: skip
