"""An erased child is in no file any more, and the chain still fits."""

import json
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from iro_cli.cli.commands import erasing
from running import LIMITED, Answer, each
from stores import content_of, opened, put_store, refused_flushes, typed_into

Iro = Callable[..., Answer]
posix_only = pytest.mark.skipif(os.name != "posix", reason="there are no such limits")
# Every text of the child that is nobody else's; days and labels are in no other row.
TEXTS = (
    *("ZQ-7781", "zq-7781", "Xylotile", "Quetzal", "2011-03-17", "2021-07-19", "2021-08-13"),
    *("2021-08-17", "2021-08-19", "2021-09-09", "private words", "undone words", "Nobody Else"),
    *("withdrawn words", "2021-12-24", "odd grade"),
)
MADE = (
    "child add ZQ-7781 --label Xylotile --dob 2011-03-17 --iro 'Nobody Else'",
    "child edit ZQ-7781 --label Quetzal",
    "child add Wren --label W --iro 'Ada Okafor'",
    "record cla.start ZQ-7781 Wren --on 2021-07-20",
    "record cla.review ZQ-7781 --on 2021-08-13 --note 'private words'",
    "record cla.review ZQ-7781 --on 2021-08-19 --note 'undone words' --insist",
    "undo",
    "record cla.review ZQ-7781 --on 2021-09-09 --note 'withdrawn words'",
    "record cla.review ZQ-7781 --on 2021-09-09 --withdraw",
    "book ZQ-7781 cla.review.second 2021-12-24",
    "audit record ZQ-7781 --tool T --grade 'odd grade' --on 2021-09-10",
    "record cla.review Wren --on 2021-08-12 --note 'kept here'",
)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with a store of two children that no test may change."""
    folder = tmp_path_factory.mktemp("erasing")
    typed_into(folder / "iro.db", "2021-10-01", *MADE)
    return folder


@pytest.fixture
def store(made: Path, home: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a copy of it, as the store of the test's own folder."""
    monkeypatch.setenv("IRO_DATABASE", str(home / "iro.db"))
    monkeypatch.setenv("IRO_AS_OF", "2021-10-01")
    return put_store(made / "iro.db", home / "iro.db")


def _left(folder: Path) -> list[tuple[str, str]]:
    """Return which texts of the child are found in which files, byte for byte."""
    return [
        (path.name, text)
        for path in sorted(folder.rglob("*"))
        if path.is_file()
        for text in TEXTS
        if text.encode() in content_of(path)
    ]


def _erase(iro: Iro, *more: str) -> Answer:
    return iro("child", "erase", "ZQ-7781", "--reason", "the period has passed", *more)


def test_nothing_of_the_child_is_in_any_file(store: Path, home: Path, iro: Iro) -> None:
    """Neither standing, corrected, withdrawn nor undone rows are in the store or its log."""
    before = _left(home)
    answer = _erase(iro)
    verified = iro("history", "--verify", "-f", "json")

    assert {text for _, text in before} >= {*TEXTS} - {"zq-7781", "2021-08-17", "2021-07-19"}
    assert answer.code == 0, answer.err
    assert _left(home) == []
    assert verified.code == 0, verified.err
    assert verified.rows()[0]["changes"] == len(MADE) + 1


def test_what_is_about_others_stays(store: Path, iro: Iro) -> None:
    """The sibling who was recorded with the child keeps everything."""
    before = iro("show", "Wren", "-f", "json").out
    _erase(iro)

    assert iro("show", "Wren", "-f", "json").out == before
    assert iro("show", "ZQ-7781").code == 3
    assert [row["child_id"] for row in iro("child", "list", "-f", "json").rows()] == ["Wren"]


def test_the_history_says_who_erased_and_why(store: Path, iro: Iro) -> None:
    """Of the earlier commands it shows what was done, without the child."""
    _erase(iro)
    rows = iro("history", "-f", "json").rows()
    with closing(opened(store)) as database:
        commands = [one for (one,) in database.execute("SELECT command FROM change ORDER BY id")]

    assert rows[0]["what"] == "erased child"
    assert rows[0]["command"] == "child erase --reason 'the period has passed'"
    assert commands[0] == "child add [erased]"
    assert commands[3] == "record cla.start [erased] Wren --on 2021-07-20"
    assert commands[4] == "record [erased]"
    assert commands[6] == "undo"
    assert commands[11].startswith("record cla.review Wren")


def test_a_digest_from_before_is_still_in_the_chain(store: Path, iro: Iro) -> None:
    """A digest written down earlier still proves that nothing else changed."""
    head = iro("history", "--verify", "-f", "json").rows()[0]["head"]
    _erase(iro)
    answer = iro("history", "--verify", "--expect", head, "-f", "json")

    assert answer.code == 0, answer.err
    assert answer.rows()[0]["since"] == 1


def test_nobody_can_guess_at_what_was_erased(store: Path, iro: Iro) -> None:
    """The salts of changes that lost rows are gone, so no guess can be checked."""
    _erase(iro)
    with closing(opened(store)) as database:
        salted = database.execute("SELECT id FROM change WHERE salt IS NOT NULL ORDER BY id")
        numbers = [number for (number,) in salted]

    # Wren was added by the third change and reviewed by the twelfth; the thirteenth erased.
    assert numbers == [3, 12, 13]


def test_what_was_altered_after_an_erasure_is_found(store: Path, iro: Iro) -> None:
    """A digest covers what remains of a change that lost rows."""
    _erase(iro)
    with closing(opened(store)) as database:
        ((script,),) = database.execute("SELECT sql FROM sqlite_master WHERE name = 'fact_fixed'")
        database.execute("DROP TRIGGER fact_fixed")
        database.execute("UPDATE fact SET happened_on = '2021-07-01' WHERE change_id = 4")
        database.execute(script)
    answer = iro("history", "--verify")

    assert answer.code == 5
    assert "  change 4 " in answer.err


def test_a_second_child_is_erased_from_the_same_changes(store: Path, home: Path, iro: Iro) -> None:
    """The digest of what remains is made again."""
    _erase(iro)
    answer = iro("child", "erase", "Wren", "--reason", "asked for")
    verified = iro("history", "--verify")

    assert (answer.code, verified.code) == (0, 0), answer.err + verified.err
    assert b"kept here" not in content_of(store)


def test_an_erasure_cannot_be_taken_back(store: Path, iro: Iro) -> None:
    """Neither can the changes before it; later changes can."""
    _erase(iro)
    refused = iro("undo")
    iro("child", "add", "Reed")
    undone = iro("undo")

    assert refused.code == 3
    assert "erased a child for good" in refused.err
    assert undone.code == 0
    assert iro("history", "--verify").code == 0


def test_it_is_gone_from_the_copies_that_are_known(store: Path, home: Path, iro: Iro) -> None:
    """Backups in any folder, and stores that a restore kept; each is whole with its history."""
    (home / "elsewhere").mkdir()
    iro("backup", "elsewhere/one.db")
    iro("child", "add", "Reed")
    iro("restore", "elsewhere/one.db")
    assert len({name for name, _ in _left(home)}) >= 3
    answer = _erase(iro)
    copies = [
        path
        for path in home.rglob("*")
        if path.is_file() and path.read_bytes().startswith((b"SQLite f", b"IROE"))
    ]

    assert answer.code == 0, answer.err
    assert _left(home) == []
    assert answer.out.count("erased from the copy") == 2
    assert len(copies) == 3
    assert [iro("--database", str(one), "history", "--verify").code for one in copies] == [0] * 3


def test_it_is_gone_from_a_copy_of_an_earlier_schema(home: Path, iro: Iro) -> None:
    """The copy from before a migration keeps its schema, without the child."""
    released = Path(__file__).parent / "released" / "2.sql"
    with closing(sqlite3.connect(home / "iro.db")) as database:
        database.executescript(released.read_text("utf-8"))
    store = str(home / "iro.db")
    assert iro("--database", store, "doctor", "--migrate", "-f", "json").code == 0
    answer = iro("--database", store, "child", "erase", "Finch", "--reason", "asked for")
    files = {path.name: path.read_bytes() for path in home.iterdir() if path.is_file()}
    with closing(sqlite3.connect(home / "iro.db.before-v3")) as database:
        version = database.execute("PRAGMA user_version").fetchone()[0]
        whole = database.execute("PRAGMA integrity_check").fetchone()[0]
        children = database.execute("SELECT count(*) FROM child").fetchone()[0]

    assert answer.code == 0, answer.err
    assert [name for name, held in files.items() if b"Finch" in held] == []
    assert (version, whole) == (2, "ok")
    assert children > 0
    assert iro("--database", store, "history", "--verify").code == 0


def test_a_copy_that_cannot_be_opened_is_named(store: Path, home: Path, iro: Iro) -> None:
    """The message says to delete it; the rest is done, with exit code 5."""
    iro("backup", "copy.db")
    damaged = (home / "copy.db").read_bytes()[:4096]
    (home / "copy.db").write_bytes(damaged)
    answer = _erase(iro)

    assert answer.code == 5
    assert f"NOT ERASED from the copy {home / 'copy.db'}" in answer.err
    assert f"or delete yourself {home / 'copy.db'}" in answer.err
    assert _left(home) == [("copy.db", text) for name, text in _left(home) if name == "copy.db"]


def test_nothing_is_erased_where_the_list_of_copies_cannot_be_read(
    store: Path, home: Path, iro: Iro
) -> None:
    """A copy that only the list names would keep the child unnoticed."""
    iro("backup", str(home / "elsewhere.db"))
    listed = store.with_name(f"{store.name}.copies")
    listed.unlink()
    listed.mkdir()
    refused = iro("child", "erase", "ZQ-7781", "--reason", "the period has passed")

    assert refused.code == 5
    assert f"{listed}, the list of the copies of {store}, cannot be read" in refused.err
    assert "ZQ-7781" in iro("child", "list", "-f", "csv").out


def test_what_cannot_be_reached_is_said(store: Path, iro: Iro) -> None:
    """The user has to find a copy that was moved."""
    assert "nothing was erased from copies that were made by other means" in _erase(iro).err


def test_files_named_after_children_stand_in_nobodys_way(store: Path, home: Path, iro: Iro) -> None:
    """Two names become one without the children; the next file still gets a number."""
    assert iro("child", "add", "ZQ-7782").code == 0
    assert iro("child", "add", "ZQ-7783").code == 0
    for child in ("ZQ-7781", "ZQ-7782", "ZQ-7783", "Wren"):
        file = home / f"{child}.csv"
        file.write_text(f"child_id,event,date\n{child},cp.strategy,2021-09-14\n", "utf-8")
        if child in ("ZQ-7781", "ZQ-7782", "ZQ-7783"):
            assert iro("import", "events", file.name).code == 0
    erased = [
        iro("child", "erase", child, "--reason", "asked for").code
        for child in ("ZQ-7781", "ZQ-7782")
    ]
    answer = iro("import", "events", "Wren.csv")

    assert erased == [0, 0]
    assert answer.code == 0, answer.err
    assert iro("history", "--verify").code == 0


def test_others_who_name_the_child_are_said(store: Path, iro: Iro) -> None:
    """A note about another child belongs to that child, and is not changed."""
    iro("record", "cla.review", "Wren", "--on", "2021-09-20", "--note", "with Quetzal, ZQ-7781")
    answer = _erase(iro)

    assert "ZQ-7781 is still named in the note of a fact of Wren" in answer.err


def test_an_erasure_is_refused_while_another_program_has_the_store_open(
    store: Path, iro: Iro, monkeypatch: pytest.MonkeyPatch
) -> None:
    """If another program has the store open, its pages cannot be rewritten: exit code 5."""
    from iro_cli.store import erasing

    monkeypatch.setattr(
        erasing, "PRAGMAS", ("PRAGMA secure_delete = ON", "PRAGMA busy_timeout = 10")
    )
    with closing(opened(store)) as other:
        other.execute("SELECT count(*) FROM fact").fetchall()
        other.execute("BEGIN")
        other.execute("SELECT count(*) FROM fact").fetchall()
        answer = _erase(iro)

    assert answer.code == 5
    assert "nothing was erased" in answer.err
    assert iro("show", "ZQ-7781").code == 0


def test_a_history_that_does_not_fit_is_not_erased_from(store: Path, iro: Iro) -> None:
    """A new digest of an altered change would hide the alteration."""
    with closing(opened(store)) as database:
        database.execute("DROP TRIGGER fact_fixed")
    answer = _erase(iro)

    assert answer.code == 5
    assert "fact_fixed" in answer.err
    assert iro("show", "ZQ-7781").code == 0


@pytest.mark.parametrize("reason", ["", "ZQ-7781 asked", "for Quetzal"])
def test_the_reason_says_nothing_of_the_child(reason: str, store: Path, iro: Iro) -> None:
    """The reason stays in the history."""
    assert iro("child", "erase", "ZQ-7781", "--reason", reason).code == 2


def test_an_unknown_child_is_refused(store: Path, iro: Iro) -> None:
    """A mistyped name erases nothing."""
    assert iro("child", "erase", "ZQ-7782", "--reason", "x").code == 3
    assert json.loads(iro("history", "--verify", "-f", "json").out)["rows"][0]["changes"] == 12


def test_nobody_is_asked_a_question_that_is_not_seen(
    store: Path, iro: Iro, terminal: Callable[..., Answer]
) -> None:
    """If standard error is no terminal, nobody is asked, even with a keyboard."""
    words = ("child", "erase", "ZQ-7781", "--reason", "the period has passed")
    answer = terminal("-m", "iro_cli", *words, keyboard=True)

    assert (answer.code, "Type yes" in answer.err) == (0, False)
    assert [row["child_id"] for row in iro("child", "list", "-f", "json").rows()] == ["Wren"]


def test_whoever_says_yes_beforehand_is_not_asked(
    store: Path, iro: Iro, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On a terminal an answer is waited for, as with an undo; with `--yes` there is no question."""
    monkeypatch.setattr(erasing, "can_ask", lambda: True)
    words = ("child", "erase", "ZQ-7781", "--reason", "the period has passed")
    asked = iro(*words)
    done = iro(*words, "--yes")

    assert (asked.code, "Type yes" in asked.err) == (3, True)
    assert (done.code, "Type yes" in done.err) == (0, False)
    assert "is erased for good" in done.err


# ---------------------------------------------------------------- what a child was called


REASONS = (
    "for Xylotile",  # a label that was corrected since
    "XYLOTILE's mother asked",
    "see Quetzal-notes",
    "zq-7781 asked",
    "as J. asked",  # a label of one letter, undone
)


@each("reason", REASONS)
def test_the_reason_has_no_name_that_the_child_ever_had(
    reason: str, renamed: Path, iro: Iro
) -> None:
    """Any id or label, corrected or undone, in any capitals, ends with exit code 2."""
    answer = iro("child", "erase", "ZQ-7781", "--reason", reason)

    assert answer.code == 2, answer.out
    assert "any label they ever had" in answer.err
    assert reason.encode() not in content_of(renamed)


@pytest.fixture
def renamed(store: Path, iro: Iro) -> Path:
    """Return the store, in which the child was called J for a while."""
    assert iro("child", "edit", "ZQ-7781", "--label", "J").code == 0
    assert iro("undo").code == 0
    return store


def test_a_reason_may_have_a_word_that_is_part_of_no_name(renamed: Path, iro: Iro) -> None:
    """The label J is not in "judge", and its letters in another word are no name."""
    assert iro("child", "erase", "ZQ-7781", "--reason", "a judge so ordered").code == 0


def test_the_reason_for_several_has_no_name_of_any(store: Path, iro: Iro) -> None:
    """The earlier labels of children whose period has passed count too."""
    iro("record", "cla.end", "ZQ-7781", "Wren", "--on", "2021-09-15")
    iro("child", "edit", "Wren", "--dob", "1930-01-01")
    iro("child", "edit", "ZQ-7781", "--dob", "1930-01-01")
    answer = iro("retention", "erase", "--reason", "Xylotile is 91", "--as-of", "2021-10-01")

    assert answer.code == 2, answer.out + answer.err
    assert "any label they ever had" in answer.err
    assert iro("show", "ZQ-7781").code == 0


def test_labels_in_names_of_files_and_commands_go(store: Path, home: Path, iro: Iro) -> None:
    """A file of others that is named after the child keeps the rest of its name."""
    rows = {
        "Quetzals_and_Wren.csv": ("ZQ-7781", "Wren"),
        "from-xylotile.csv": ("Wren",),
        "my ZQ-7781b.csv": ("Wren",),
        "all of quetzal.csv": ("ZQ-7781",),
    }
    for day, (name, children) in enumerate(rows.items(), start=1):
        lines = "".join(f"{child},cp.strategy,2021-08-{day:02}\n" for child in children)
        (home / name).write_text(f"child_id,event,date\n{lines}", "utf-8")
        assert iro("import", "events", name).code == 0
        (home / name).unlink()
    iro("person", "add", "Quetzal Moss")
    answer = _erase(iro)
    with closing(opened(store)) as database:
        files = [one for (one,) in database.execute("SELECT name FROM source ORDER BY id")]
        commands = [one for (one,) in database.execute("SELECT command FROM change ORDER BY id")]

    assert answer.code == 0, answer.err
    assert "ZQ-7781 is still named in the name of a person" in answer.err
    assert files == ["[erased]s_and_Wren.csv", "from-[erased].csv", "my [erased]b.csv", "[erased]"]
    assert commands[len(MADE) :] == [
        "import events [erased]s_and_Wren.csv",
        "import events from-[erased].csv",
        "import events my [erased]b.csv",
        "import [erased]",
        "person add [erased] Moss",
        "child erase --reason 'the period has passed'",
    ]
    assert iro("history", "--verify").code == 0


def test_initials_in_names_of_files_go(store: Path, home: Path, iro: Iro) -> None:
    """They are replaced only as separate words in the same capitals."""
    iro("child", "edit", "ZQ-7781", "--label", "QZ")
    for day, name in enumerate(("QZ_events.csv", "qz list.csv", "QZX.csv"), start=1):
        (home / name).write_text(f"child_id,event,date\nWren,cp.strategy,2021-08-0{day}\n", "utf-8")
        assert iro("import", "events", name).code == 0
    _erase(iro)
    with closing(opened(store)) as database:
        files = [one for (one,) in database.execute("SELECT name FROM source ORDER BY id")]

    assert files == ["[erased]_events.csv", "qz list.csv", "QZX.csv"]


def test_a_child_whose_adding_was_undone_can_be_erased(store: Path, home: Path, iro: Iro) -> None:
    """Undone text must not stay in the file either."""
    iro("child", "add", "YQ-4410", "--label", "Zanthoxylum")
    iro("undo")
    assert b"Zanthoxylum" in b"".join(map(content_of, home.glob("iro.db*")))
    answer = iro("child", "erase", "YQ-4410", "--reason", "asked for")

    assert answer.code == 0, answer.err
    for text in (b"Zanthoxylum", b"YQ-4410"):
        assert text not in b"".join(map(content_of, home.glob("iro.db*")))
    assert iro("history", "--verify").code == 0


# ---------------------------------------------------------------- copies that stand in the way


def test_one_broken_copy_does_not_keep_the_others_whole(
    store: Path, home: Path, kind_of_store: str, iro: Iro, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each that may still have the child is named, with the files beside it: exit code 5."""
    for name in ("cut.db", "text.db", "sealed.db", "sound.db"):
        assert iro("backup", name).code == 0
    (home / "cut.db").write_bytes((home / "cut.db").read_bytes()[:4096])
    (home / "text.db").write_text("ZQ-7781, says a letter", "utf-8")
    (home / "sealed.db").write_bytes(b"IROE" + bytes(8188))
    if kind_of_store == "plain":
        monkeypatch.setenv("IRO_KEY_FILE", str(home / "no.key"))
    answer = _erase(iro)

    assert answer.code == 5
    assert "Traceback" not in answer.err
    assert f"erased from the copy {home / 'sound.db'}" in answer.out
    assert answer.out.startswith("erased: ZQ-7781, 9 rows of 10 changes\n")
    assert answer.err.count("NOT ERASED from the copy") == 3
    for name in ("cut.db", "text.db", "sealed.db"):
        assert f"NOT ERASED from the copy {home / name}: " in answer.err
    assert {name for name, _ in _left(home)} <= {"cut.db", "text.db"}


def test_a_copy_that_is_open_elsewhere_can_be_done_later(
    store: Path, home: Path, iro: Iro, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same command finishes it, though the store no longer has the child."""
    from iro_cli.store import erasing

    monkeypatch.setattr(
        erasing, "PRAGMAS", ("PRAGMA secure_delete = ON", "PRAGMA busy_timeout = 10")
    )
    iro("backup", "copy.db")
    with closing(opened(home / "copy.db")) as other:
        other.execute("BEGIN")
        other.execute("SELECT count(*) FROM fact").fetchall()
        first = _erase(iro)
    second = _erase(iro)
    third = _erase(iro)

    assert (first.code, second.code, third.code) == (5, 0, 3)
    assert "another program has the store" in first.err
    assert second.out.splitlines() == [
        "erased: ZQ-7781, which the store did not hold any more",
        f"  erased from the copy {home / 'copy.db'}",
    ]
    assert _left(home) == []
    assert "there is no child 'ZQ-7781'" in third.err


def test_another_store_that_lies_beside_is_left_alone(
    store: Path, home: Path, iro: Iro, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """A similar name or a known copy's place does not matter: its history differs."""
    stranger = typed_into(
        tmp_path_factory.mktemp("stranger") / "iro.db",
        "2021-10-01",
        "child add ZQ-7781 --label Other",
        "child add Reed",
    )
    iro("backup", "copy.db")
    for name in ("copy.db", "iro.db.before-restore-2", "iro.db.before-v3"):
        shutil.copy(stranger, home / name)
    before = stranger.read_bytes()
    answer = _erase(iro)

    assert answer.code == 0, answer.err
    assert answer.err.count("is another store, with a child ZQ-7781 of its own") == 3
    for name in ("copy.db", "iro.db.before-restore-2", "iro.db.before-v3"):
        assert (home / name).read_bytes() == before


def test_what_killed_programs_left_of_copies_goes(store: Path, home: Path, iro: Iro) -> None:
    """Half a copy is not in the list, but has the child."""
    iro("backup", "--keep", "3", "copies")
    left = [
        home / ".iro.db.4711.part",
        home / ".iro.db.4711.part-wal",
        home / ".iro.db.before-restore.4711.part",
        home / "copies" / ".iro-2021-09-30T010203Z.db.4711.part",
    ]
    for part in left:
        part.write_text("Quetzal", "utf-8")
    answer = _erase(iro)

    assert answer.code == 0, answer.err
    assert [part.name for part in left if part.exists()] == []


@pytest.mark.plain
@pytest.mark.parametrize(
    ("then", "said"),
    [("undo", "may or may not be stored"), ("erase", "the file was rewritten")],
)
def test_a_child_who_may_be_erased(
    then: str, said: str, store: Path, iro: Iro, monkeypatch: pytest.MonkeyPatch
) -> None:
    """If the disk refused the end, repeating the command clears the file, and says so."""
    with refused_flushes(monkeypatch):
        refused = _erase(iro)
    after = iro("undo") if then == "undo" else _erase(iro)

    assert refused.code == 5
    assert "it is not known whether it was stored" in refused.err
    assert "run `iro child erase ZQ-7781 --reason WHY` before anything else" in refused.err
    assert said in after.err
    assert then == "undo" or not [text for text in TEXTS if text.encode() in store.read_bytes()]


@pytest.mark.plain
def test_what_is_left_of_a_child_is_cleared_by_the_same_command(store: Path, iro: Iro) -> None:
    """If the file was not rewritten, the same command does it, and says what was done."""
    assert _erase(iro).code == 0
    with store.open("ab") as file:  # a page past the end that a killed program gave up
        file.write(b"Xylotile".ljust(4096))
    again = _erase(iro)

    assert again.code == 3
    assert "the file was rewritten" in again.err
    assert b"Xylotile" not in store.read_bytes()


@pytest.mark.slow
@posix_only
def test_the_messages_of_an_erasure_on_a_full_disk_are_true(
    store: Path, home: Path, iro: Iro
) -> None:
    """The copies come first, and the messages about them and the store are true."""
    iro("backup", "copy.db")
    names = "".join(f"B-{number:04},North\n" for number in range(3000))
    (home / "more.csv").write_text(f"child_id,team\n{names}", "utf-8")
    assert iro("import", "children", "more.csv").code == 0
    words = ("child", "erase", "ZQ-7781", "--reason", "the period has passed")
    room = str(((home / "copy.db").stat().st_size + store.stat().st_size) // 2)
    done = subprocess.run(
        [sys.executable, "-c", LIMITED, room, *words], capture_output=True, text=True, check=False
    )
    again = _erase(iro)

    assert (done.returncode, done.stdout) == (5, "")
    assert "could not be rewritten" in done.stderr
    assert f"erased before that from the copy {home / 'copy.db'}" in done.stderr
    assert again.code == 3
    assert _left(home) == []
    assert iro("history", "--verify").code == 0
