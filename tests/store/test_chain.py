"""The chain of changes: what it finds, what it does not find, and its digests."""

import json
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import date
from hashlib import blake2b
from pathlib import Path

import pytest

from iro_cli.facts.model import Child, Event
from iro_cli.store.chain import ChangeHead, ChangeLink
from iro_cli.store.kinds import CHILD_DETAIL, FACT, KINDS
from running import Answer
from stores import add_facts, changing, opened, put_store, reading, typed_into, undo

Iro = Callable[..., Answer]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """
    Return a store of four changes that no test may change.

    1 adds Wren and Moss, and that Wren came into care; 2 corrects the day; 3 records a
    review; 4 takes the review back.
    """
    path = tmp_path_factory.mktemp("chain") / "iro.db"
    with changing(path, who="Ada Okafor", command="import children") as change:
        change.add(CHILD_DETAIL, [Child("Wren", label="W"), Child("Moss")])
        add_facts(change, [("Wren", Event("cla.start", date(2026, 1, 5)), "events.csv:2")])
    with changing(path, command="record cla.start Wren") as change:
        (stands,) = change.standing(FACT, "Wren")
        change.withdraw(FACT, [stands])
        add_facts(change, [("Wren", Event("cla.start", date(2026, 1, 6)))])
    with changing(path, command="record cla.review Wren") as change:
        add_facts(change, [("Wren", Event("cla.review", date(2026, 1, 30), note="é, “so”"))])
    undo(path)
    return path


@pytest.fixture
def store(made: Path, home: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a copy of it, as the store of the test's own folder."""
    monkeypatch.setenv("IRO_DATABASE", str(home / "iro.db"))
    return put_store(made, home / "iro.db")


def _behind(path: Path, *statements: str) -> None:
    """Change a store without the program, with its triggers restored afterwards."""
    with closing(opened(path)) as database:
        triggers = database.execute(
            "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"
        ).fetchall()
        for name, _ in triggers:
            database.execute(f"DROP TRIGGER {name}")
        for statement in statements:
            assert database.execute(statement).rowcount, statement
        for _, script in triggers:
            database.execute(script)


# ---------------------------------------------------------------- what fits


def test_a_history_that_nobody_touched_fits(store: Path, iro: Iro) -> None:
    """The answer has the number of changes, and the digest of the last."""
    answer = iro("history", "--verify", "-f", "json")
    with closing(opened(store)) as database:
        ((head,),) = database.execute("SELECT digest FROM change WHERE id = 4")

    assert answer.code == 0
    assert answer.rows() == [
        {"changes": 4, "last": "2026-11-22T10:00:00Z", "head": head, "since": None}
    ]


def test_every_command_that_writes_is_in_the_chain(home: Path) -> None:
    """This holds for adding, correcting, moving, withdrawing and undoing, by any command."""
    (home / "children.csv").write_text("child_id,label\nFinch,F\nTeal,T\n", "utf-8")
    (home / "events.csv").write_text(
        "child_id,event,date,note\nFinch,cla.start,2026-10-01,é “so”\n", "utf-8"
    )
    path = typed_into(
        home / "iro.db",
        "2026-11-23",
        f"import children '{home / 'children.csv'}'",
        f"import events '{home / 'events.csv'}'",
        "child add Wren --team North --iro 'Ada Okafor'",
        "child edit Wren --label W --dob 2015-02-01",
        "record cla.start Wren --on 2026-11-02",
        "record cla.start Wren --on 2026-11-02 --withdraw",
        "undo",
        "book Wren cla.review.first 2026-11-27 10:00",
        "unbook Wren cla.review.first --reason cancelled",
        "allocate Finch --iro 'Ada Okafor' --from 2026-11-02",
        "person add 'Ada Okafor' --fte 1 --from 2026-01-01",
        "person add 'Ben Rees' --fte 0.6 --from 2026-01-01",
        "hand-over --from 'Ada Okafor' --to 'Ben Rees' --on 2026-12-01",
        "absence add 'Ben Rees' --from 2026-12-21 --to 2026-12-28",
        "audit record Wren --tool 'Case audit' --grade Good --on 2026-11-20",
        "audit sample --size 1 --seed 1",
        "watch add cp.core-group.first --from 2026-01-01",
        "calendar add 2027-05-10 --name 'A day proclaimed'",
        "calendar remove 2027-05-10",
        "undo",
    )
    with reading(path) as reader:
        found = reader.chain()
        tables = {kind.table for kind in KINDS if reader.records(kind)}

    assert found.problems == []
    assert len(found.digests) == 20
    assert tables == {
        *("child_detail", "fact", "allocation", "person", "absence", "audit", "audit_sample"),
        *("watch", "bank_holiday"),
    }


def test_blocks_make_no_difference() -> None:
    """An import in several blocks has the digest of the same import in one."""
    rows = [(1, line, "Wren", 'é"],[,', None, 0.5, None) for line in range(1, 2_501)]
    head = ChangeHead(1, "2026-11-02T09:00:00Z", "Ada", "import", None)
    gone = [(line % 7, line) for line in range(2_500, 0, -1)]
    found = []
    for size in (1, 7, 1_000, 2_500):
        link = ChangeLink()
        for start in range(0, len(rows), size):
            link.add("fact", rows[start : start + size])
            link.withdraw("booking", gone[start : start + size])
        found.append(link.digest("", "ab", head, ["Wren"]))

    assert found == [found[0]] * 4


def _said(rows: list[tuple[object, ...]]) -> str:
    text = "".join(f"{json.dumps(row, separators=(',', ':'))}," for row in rows)
    return blake2b(text.encode(), digest_size=32).hexdigest()


def _told(database: sqlite3.Connection) -> Iterator[str]:
    """Yield the digests as ADR 30 defines them, computed the long way."""
    before = ""
    for number, *head, salt in database.execute(
        "SELECT id, at, who, command, undoes, salt FROM change ORDER BY id"
    ).fetchall():
        parts = []
        for kind in KINDS:
            added = database.execute(
                f"SELECT change_id, line, {', '.join(kind.columns)}, restores FROM {kind.table} "
                f"WHERE change_id = {number} ORDER BY line"
            ).fetchall()
            gone = database.execute(
                f"SELECT change_id, line FROM {kind.table} "
                f"WHERE withdrawn_by = {number} ORDER BY change_id, line"
            ).fetchall()
            parts += [f"+{kind.table} {_said(added)}"] if added else []
            parts += [f"-{kind.table} {_said(gone)}"] if gone else []
        files = database.execute(
            f"SELECT {number}, id, name, stated_by FROM source WHERE id IN (SELECT source_id "
            f"FROM fact WHERE change_id = {number}) ORDER BY id"
        ).fetchall()
        parts += [f"+source {_said(files)}"] if files else []
        children = [
            json.dumps(one)
            for (one,) in database.execute(
                f"SELECT child_id FROM change_child WHERE change_id = {number} ORDER BY child_id"
            )
        ]
        own = json.dumps([number, *head], separators=(",", ":"))[1:-1]
        text = "\n".join([before, salt, own, ",".join(children), *sorted(parts)])
        before = blake2b(text.encode(), digest_size=32).hexdigest()
        yield before


def test_the_digest_is_what_the_decision_says(store: Path) -> None:
    """Another program can verify the chain from ADR 30 alone."""
    with closing(opened(store)) as database:
        kept = [one for (one,) in database.execute("SELECT digest FROM change ORDER BY id")]
        told = list(_told(database))

    assert kept == told
    assert len(told) == 4


# ---------------------------------------------------------------- what does not fit

_ADDED = (
    "INSERT INTO fact (child_id, happened_on, event, change_id, line) "
    "VALUES ('Moss', '2026-01-05', 'cla.start', {change}, 99)"
)


@pytest.mark.parametrize(
    ("change", "statement"),
    [
        (1, "UPDATE fact SET happened_on = '2026-01-04' WHERE change_id = 1"),
        (1, "UPDATE child_detail SET label = 'V' WHERE child_id = 'Wren'"),
        (1, "DELETE FROM child_detail WHERE child_id = 'Moss'"),
        (1, "UPDATE change SET who = 'Ben Rees' WHERE id = 1"),
        (1, "UPDATE change SET salt = 'ab' WHERE id = 1"),
        (1, "UPDATE source SET name = 'another.csv'"),
        (1, "UPDATE change_child SET child_id = 'wren' WHERE change_id = 1 AND child_id = 'Wren'"),
        (2, "DELETE FROM fact WHERE change_id = 2"),
        (2, "UPDATE change SET at = '2026-11-02T09:00:01Z' WHERE id = 2"),
        (2, "UPDATE change SET digest = (SELECT digest FROM change WHERE id = 3) WHERE id = 2"),
        (2, "UPDATE fact SET withdrawn_by = NULL WHERE change_id = 1"),
        (3, "UPDATE fact SET note = 'another' WHERE change_id = 3"),
        (3, "UPDATE change SET command = 'record cla.review Moss' WHERE id = 3"),
        (3, "DELETE FROM change_child WHERE change_id = 3"),
        (3, "UPDATE fact SET withdrawn_by = 3 WHERE change_id = 2"),
        (3, _ADDED.format(change=3)),
        (4, "UPDATE fact SET withdrawn_by = 4 WHERE change_id = 2"),
        (4, "UPDATE change SET undoes = 2 WHERE id = 4"),
        (4, "UPDATE change SET digest = NULL WHERE id = 4"),
        (5, _ADDED.format(change=5)),
    ],
)
def test_what_was_done_behind_the_programs_back_is_found(
    change: int, statement: str, store: Path, iro: Iro
) -> None:
    """The first change that does not fit is named, with exit code 5; doctor reports it too."""
    _behind(store, statement)
    answer = iro("history", "--verify")
    doctor = iro("doctor", "-f", "json")
    row = next(one for one in doctor.rows() if one["check"] == "chain")

    assert (answer.code, answer.out) == (5, "")
    assert f"  change {change} " in answer.err
    assert doctor.code == 5
    assert row["severity"] == "error"
    assert row["message"].startswith(f"change {change} ")


def test_a_change_that_is_missing_is_named(store: Path, iro: Iro) -> None:
    """A missing change leaves a gap in the numbers."""
    _behind(
        store,
        "DELETE FROM fact WHERE change_id = 3",
        "DELETE FROM change_child WHERE change_id = 3",
        "DELETE FROM change WHERE id = 3",
    )
    answer = iro("history", "--verify")

    assert answer.code == 5
    assert "  change 3 is missing" in answer.err


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        ("DROP TRIGGER fact_fixed", "the trigger fact_fixed is missing"),
        (
            "CREATE TRIGGER mine AFTER INSERT ON fact BEGIN DELETE FROM watch; END",
            "the trigger mine is not the program's",
        ),
        ("CREATE TABLE mine (a INTEGER)", "the table mine is not the program's"),
        ("CREATE VIEW mine AS SELECT 1", "the view mine is not the program's"),
        ("DROP INDEX ix_allocation_name", "the index ix_allocation_name is missing"),
        ("ALTER TABLE fact ADD COLUMN mine", "the table fact was altered"),
    ],
)
def test_a_schema_that_is_not_ours_is_found(
    statement: str, words: str, store: Path, iro: Iro
) -> None:
    """With a missing or added trigger somebody could alter the rows."""
    with closing(opened(store)) as database:
        database.execute(statement)
    answer = iro("history", "--verify")
    doctor = iro("doctor", "-f", "json")

    assert answer.code == doctor.code == 5
    assert words in answer.err
    assert words in [one["message"] for one in doctor.rows() if one["check"] == "chain"]


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        ("INSERT INTO child VALUES ('Nobody')", "the id of a child is of nothing: Nobody"),
        ("DELETE FROM child_area", "the area of a child is missing: cla Wren"),
        ("INSERT INTO child_area VALUES ('cp', 'Moss')", "the area of a child is of nothing"),
    ],
)
def test_a_wrong_or_missing_area_of_a_child_is_found(
    statement: str, words: str, store: Path, iro: Iro
) -> None:
    """A child with an unknown area would be missing from a question about that area."""
    _behind(store, statement)
    answer = iro("history", "--verify")

    assert answer.code == 5
    assert words in answer.err


# ---------------------------------------------------------------- a digest that was written down


def _head(iro: Iro) -> str:
    return str(iro("history", "--verify", "-f", "json").rows()[0]["head"])


def test_a_digest_that_was_written_down_is_found_again(store: Path, iro: Iro) -> None:
    """The whole digest or its beginning is found, with the number of changes since."""
    head = _head(iro)
    iro("child", "add", "Reed")
    found = [
        iro("history", "--verify", "-f", "json", "--expect", one).rows()[0]["since"]
        for one in (head, head[:16], head.upper())
    ]

    assert found == [1, 1, 1]


def test_the_end_of_a_history_is_missed_by_its_digest(store: Path, iro: Iro) -> None:
    """If the last change is removed the chain still fits, but the written digest is gone."""
    head = _head(iro)
    _behind(
        store,
        "UPDATE fact SET withdrawn_by = NULL WHERE withdrawn_by = 4",
        "DELETE FROM change_child WHERE change_id = 4",
        "DELETE FROM change WHERE id = 4",
    )
    alone = iro("history", "--verify")
    compared = iro("history", "--verify", "--expect", head)

    assert alone.code == 0
    assert compared.code == 5
    assert f"has the digest {head}" in compared.err


@pytest.mark.parametrize("text", ["", "abc", "not a digest at all", "0123456789abcdeg"])
def test_what_is_no_digest_is_refused(text: str, store: Path, iro: Iro) -> None:
    """A mistyped digest does not mean that the history was altered."""
    assert iro("history", "--verify", "--expect", text).code == 2


@pytest.mark.parametrize("line", ["history Wren --verify", "history --expect 0123456789abcdef"])
def test_what_does_not_go_together_is_refused(line: str, store: Path, iro: Iro) -> None:
    """The chain is about all children, and a digest goes with --verify only."""
    assert iro(*line.split()).code == 2


def test_an_empty_store_fits(home: Path, iro: Iro) -> None:
    """A store without changes fits."""
    path = home / "iro.db"
    with changing(path):
        pass
    with reading(path) as reader:
        found = reader.chain()

    assert (found.problems, found.head) == ([], "")
