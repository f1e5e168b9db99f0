"""Encrypted stores: every command works on them, and nothing can be read without the key."""

import os
import shutil
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import IO

import pytest

from iro_cli.store.sqlite import store_in
from running import Answer, first_fast
from stores import typed_into

pytest.importorskip("sqlcipher3", reason="NOT TESTED: the extra `encryption` is not installed")

Iro = Callable[..., Answer]
SECRETS = (b"Xylotile", b"Quetzal", b"2011-03-17", b"private words", b"cla.start", b"CREATE")
posix_only = pytest.mark.skipif(os.name != "posix", reason="file modes are those of POSIX")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a plain store that no test may change."""
    return typed_into(
        tmp_path_factory.mktemp("encryption") / "iro.db",
        "2021-10-01",
        "child add Xylotile --label Quetzal --dob 2011-03-17 --iro 'Ada Okafor'",
        "record cla.start Xylotile --on 2021-07-19",
        "record cla.review Xylotile --on 2021-08-13 --note 'private words'",
    )


@pytest.fixture
def plain(made: Path, home: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a copy of it as the test's own store, with a place for a key."""
    monkeypatch.setenv("IRO_DATABASE", str(home / "iro.db"))
    monkeypatch.setenv("IRO_AS_OF", "2021-10-01")
    monkeypatch.setenv("IRO_KEY_FILE", str(home / "keys" / "iro.key"))
    return Path(shutil.copy(made, home / "iro.db"))


@pytest.fixture
def encrypted(plain: Path, iro: Iro) -> Path:
    """Return the same, encrypted."""
    answer = iro("encrypt")
    assert answer.code == 0, answer.err
    return plain


def _readable(folder: Path) -> list[tuple[str, bytes]]:
    return [
        (path.name, text)
        for path in sorted(folder.rglob("*"))
        if path.is_file()
        for text in SECRETS
        if text in path.read_bytes()
    ]


# ---------------------------------------------------------------- to and fro


def test_nothing_of_a_store_can_be_read_once_it_is_encrypted(
    plain: Path, home: Path, iro: Iro
) -> None:
    """Not in the file, its log or its free pages; the answers are the same."""
    before = iro("show", "Xylotile", "-f", "json").out
    with closing(sqlite3.connect(plain, isolation_level=None)) as held:  # leaves a log behind
        held.execute("PRAGMA journal_mode = WAL")
        held.execute("CREATE TABLE filler AS SELECT 'Quetzal' AS a")
        held.execute("DROP TABLE filler")
    assert _readable(home)
    answer = iro("encrypt")

    assert answer.code == 0, answer.err
    assert _readable(home) == []
    assert iro("show", "Xylotile", "-f", "json").out == before
    assert iro("history", "--verify").code == 0


@posix_only
def test_the_old_file_is_written_over(plain: Path, home: Path, iro: Iro) -> None:
    """A program that kept the file open can read nothing there."""
    with plain.open("rb") as held:
        iro("encrypt")

        assert set(held.read()) == {0}


@posix_only
def test_a_store_is_converted_through_a_link(plain: Path, home: Path, iro: Iro) -> None:
    """The file that the link leads to is converted, and the link stays."""
    (home / "link").mkdir()
    link = home / "link" / "team.db"
    link.symlink_to(plain)
    begins = []
    for line in ("encrypt", "key change", "decrypt"):
        answer = iro("--database", str(link), *line.split())
        begins.append(plain.read_bytes()[:4])

        assert answer.code == 0, answer.err
        assert link.is_symlink()
        assert [iro("--database", str(one), "show", "Xylotile").code for one in (link, plain)] == [
            *(0, 0)
        ]
    assert begins == [b"IROE", b"IROE", b"SQLi"]
    assert [one.name for one in link.parent.iterdir()] == ["team.db"]


@pytest.mark.parametrize("line", first_fast("encrypt", "key change", "decrypt"))
def test_a_store_with_a_second_name_is_not_converted(
    line: str, plain: Path, home: Path, iro: Iro
) -> None:
    """The second name would lead to the overwritten file; no key is made either."""
    if line != "encrypt":
        assert iro("encrypt").code == 0
    before, keys = plain.read_bytes(), home / "keys" / "iro.key"
    key = keys.read_bytes() if keys.exists() else None
    os.link(plain, home / "second.db")
    answer = iro(*line.split())

    assert answer.code == 5
    assert "has 2 names (hard links)" in answer.err
    assert (home / "second.db").read_bytes() == plain.read_bytes() == before
    assert (keys.read_bytes() if keys.exists() else None) == key


@posix_only
def test_an_old_file_that_cannot_be_written_over(
    plain: Path, home: Path, iro: Iro, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The store is already converted, and the message does not deny that."""
    from iro_cli.store import sealing

    # The file is opened to be read, so that writing to it fails as the system says.
    def to_be_read(file: IO[bytes], size: int) -> None:
        with Path(file.name).open("rb") as reading:
            overwrite(reading, size)

    overwrite = sealing._overwrite
    monkeypatch.setattr(sealing, "_overwrite", to_be_read)
    answer = iro("encrypt")

    assert answer.code == 5
    assert "as it was" not in answer.err
    assert f"its key is in {home / 'keys' / 'iro.key'}" in answer.err
    assert "could not be written over" in answer.err
    assert iro("show", "Xylotile").code == 0


def test_a_store_is_decrypted_again(encrypted: Path, iro: Iro) -> None:
    """The result is the plain store, which any SQLite opens."""
    answer = iro("decrypt")
    with closing(sqlite3.connect(encrypted)) as database:
        facts = database.execute("SELECT count(*) FROM fact").fetchone()[0]
        mode = database.execute("PRAGMA journal_mode").fetchone()[0]

    assert answer.code == 0, answer.err
    assert (facts, mode) == (2, "wal")
    assert iro("history", "--verify").code == 0
    assert iro("record", "cla.review", "Xylotile", "--on", "2021-09-30").code == 0


def test_a_key_is_changed(encrypted: Path, home: Path, iro: Iro) -> None:
    """The old key opens the older backups, but no longer the store."""
    iro("backup", "before.db")
    keys = home / "keys" / "iro.key"
    old = keys.read_text("ascii")
    answer = iro("key", "change")
    new = keys.read_text("ascii")
    shown = [iro("--database", name, "show", "Xylotile").code for name in ("iro.db", "before.db")]
    keys.write_text(old, "ascii")
    with_old = iro("due")

    assert answer.code == 0, answer.err
    assert (len(old.splitlines()), len(new.splitlines())) == (1, 2)
    assert shown == [0, 0]
    assert with_old.code == 5
    assert "before.db is a copy from before, and opens with the key it had" in answer.err


def test_copies_in_the_clear_are_named(plain: Path, home: Path, iro: Iro) -> None:
    """Encrypting the store helps little while plain copies are beside it."""
    iro("backup", "before.db")
    answer = iro("encrypt")

    assert f"{home / 'before.db'} is a copy from before, and is NOT encrypted" in answer.err


def _said_of(home: Path, name: str, answer: Answer) -> str:
    """Return the line that names a copy, after its name."""
    (line,) = (one for one in answer.err.splitlines() if str(home / name) in one)
    return line.partition(f"{home / name} ")[2]


def test_an_encrypted_copy_is_not_called_plain(encrypted: Path, home: Path, iro: Iro) -> None:
    """It was made while the store was encrypted, so `encrypt` after `decrypt` finds it sealed."""
    iro("backup", "sealed.db")
    iro("decrypt")
    iro("backup", "plain.db")
    answer = iro("encrypt")

    assert answer.code == 0, answer.err
    assert (home / "sealed.db").read_bytes()[:4] == b"IROE"
    said = _said_of(home, "sealed.db", answer)
    assert "it is encrypted" in said
    assert "NOT" not in said
    assert "NOT encrypted" in _said_of(home, "plain.db", answer)
    assert iro("--database", "sealed.db", "show", "Xylotile").code == 0


def test_a_plain_copy_is_not_said_to_need_a_key(plain: Path, home: Path, iro: Iro) -> None:
    """A key change looks at what each copy is as well."""
    iro("backup", "plain.db")
    iro("encrypt")
    iro("backup", "sealed.db")
    answer = iro("key", "change")

    assert answer.code == 0, answer.err
    said = _said_of(home, "plain.db", answer)
    assert "NOT encrypted" in said
    assert "key" not in said
    assert "opens with the key it had" in _said_of(home, "sealed.db", answer)


def test_what_cannot_be_looked_at_is_not_judged(
    plain: Path, home: Path, iro: Iro, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One copy cannot be read, one is another file, one is gone, and one was on a disk."""
    (home / "disk").mkdir()
    for name in ("shut.db", "other.db", "gone.db", "disk/away.db"):
        assert iro("backup", name).code == 0
    (home / "other.db").write_text("Minutes of a meeting", "utf-8")
    (home / "gone.db").unlink()
    shutil.rmtree(home / "disk")
    opened = Path.open

    # Whoever runs the tests as root may read every file, so that a mode would not do.
    def refusing(path: Path, *given: str, **named: str) -> IO[bytes]:
        if path.name == "shut.db":
            raise PermissionError(13, "Permission denied", str(path))
        return opened(path, *given, **named)  # type: ignore[call-overload,no-any-return]

    monkeypatch.setattr(Path, "open", refusing)
    answer = iro("encrypt")

    assert answer.code == 0, answer.err
    assert "cannot be read (Permission denied)" in _said_of(home, "shut.db", answer)
    assert "NOT encrypted" not in answer.err
    assert "does not begin as a store does" in _said_of(home, "other.db", answer)
    assert "gone.db" not in answer.err
    assert _said_of(home, "disk", answer).startswith("is not there now")


@pytest.mark.parametrize(
    ("line", "words"),
    [("decrypt", "is not encrypted"), ("key change", "is not encrypted")],
)
def test_a_plain_store_is_not_decrypted(line: str, words: str, plain: Path, iro: Iro) -> None:
    """The command is refused, and nothing changes."""
    answer = iro(*line.split())

    assert answer.code == 3
    assert words in answer.err


def test_an_encrypted_store_is_not_encrypted_again(encrypted: Path, iro: Iro) -> None:
    """The message names the command that makes a new key."""
    answer = iro("encrypt")

    assert answer.code == 3
    assert "iro key change" in answer.err


def test_a_store_is_made_encrypted(home: Path, iro: Iro, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its data were never in plain text; an existing store is left as it is."""
    monkeypatch.setenv("IRO_KEY_FILE", str(home / "iro.key"))
    made = iro("init", "team.db", "--encrypted")
    monkeypatch.setenv("IRO_DATABASE", str(home / "team.db"))
    iro("child", "add", "Xylotile", "--label", "Quetzal")
    again = iro("init", "--encrypted")

    assert made.code == 0, made.err
    assert (home / "team.db").read_bytes()[:4] == b"IROE"
    assert _readable(home) == []
    assert iro("show", "Xylotile").code == 0
    assert "there is a store already, with 1 child" in again.out


# ---------------------------------------------------------------- everything works on it

LISTINGS = (
    *("due --all", "overdue", "show Xylotile", "explain Xylotile", "caseload", "forecast"),
    *("child list", "history", "audit list", "person list", "watch list", "doctor"),
)
WRITTEN = (
    "child add Wren --iro 'Ada Okafor'",
    "record cla.start Wren --on 2021-09-01",
    "record cla.review Wren --on 2021-09-20 --note 'é “so”'",
    "undo",
    "book Wren cla.review.first 2021-10-05 10:00",
    "person add 'Ada Okafor' --fte 0.6 --from 2021-01-01",
    "audit record Wren --tool T --grade Good --on 2021-09-10",
    "hand-over --from 'Ada Okafor' --to 'Ben Rees' --on 2021-10-02",
)


def test_it_answers_as_a_plain_store_does(
    encrypted: Path, made: Path, home: Path, typed: Callable[[str], Answer]
) -> None:
    """The output is the same byte for byte, after the same commands."""
    (home / "plain").mkdir()
    shutil.copy(made, home / "plain" / "iro.db")
    answers = []
    for store in ("plain/iro.db", "iro.db"):
        said = []
        for line in (*WRITTEN, *(f"{one} -f csv" for one in LISTINGS)):
            answer = typed(f"--database {store} {line}")
            assert answer.code == 0, (line, answer.err)
            if line.endswith("csv") and not line.startswith("history"):  # it has the moment
                said.append(answer.out)
        answers.append(said)

    assert answers[0] == answers[1]
    assert _readable(home) == [one for one in _readable(home) if one[0] != "iro.db-wal"]
    assert not any(text in encrypted.read_bytes() for text in SECRETS)


def test_an_import_and_a_copy_are_encrypted(encrypted: Path, home: Path, iro: Iro) -> None:
    """Imports, backups and the store that a restore keeps are all encrypted."""
    (home / "children.csv").write_text("child_id,label\nMoss,Toadflax\n", "utf-8")
    assert iro("import", "children", "children.csv").code == 0
    assert iro("backup", "copy.db").code == 0
    assert iro("backup", "--keep", "2", "copies").code == 0
    assert iro("undo").code == 0
    restored = iro("restore", "copy.db")
    (home / "children.csv").unlink()

    assert restored.code == 0, restored.err
    assert iro("show", "Moss").code == 0
    assert [
        path.name for path in home.rglob("*") if path.is_file() and b"Toadflax" in path.read_bytes()
    ] == []
    assert iro("history", "--verify").code == 0


def test_a_copy_is_put_where_nothing_stands(encrypted: Path, iro: Iro) -> None:
    """It opens there with its key."""
    iro("backup", "copy.db")
    encrypted.unlink()
    answer = iro("restore", "copy.db")

    assert answer.code == 0, answer.err
    assert iro("show", "Xylotile").code == 0


def test_a_plain_copy_is_not_put_over_an_encrypted_store(
    made: Path, encrypted: Path, home: Path, iro: Iro
) -> None:
    """A restore must not decrypt a store."""
    shutil.copy(made, home / "plain.db")
    answer = iro("restore", "plain.db")

    assert answer.code == 3
    assert "the store is encrypted, and the backup is not" in answer.err
    assert iro("show", "Xylotile").code == 0


def test_a_child_is_erased_from_it(encrypted: Path, home: Path, iro: Iro) -> None:
    """The child is erased from its copies too, which have the same key."""
    iro("backup", "copy.db")
    answer = iro("child", "erase", "Xylotile", "--reason", "asked for")
    shown = [iro("--database", name, "show", "Xylotile").code for name in ("iro.db", "copy.db")]

    assert answer.code == 0, answer.err
    assert shown == [3, 3]
    assert iro("history", "--verify").code == 0


# ---------------------------------------------------------------- keys


def test_without_its_key_it_is_refused(
    encrypted: Path, iro: Iro, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The exit code is 5, and the message says where the key is looked for."""
    monkeypatch.delenv("IRO_KEY_FILE")
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.null.Keyring")
    answer = iro("due")

    assert answer.code == 5
    assert "its key is in no keyring here" in answer.err


def test_with_another_key_it_is_refused(encrypted: Path, home: Path, iro: Iro) -> None:
    """The store does not change."""
    before = encrypted.read_bytes()
    (home / "keys" / "iro.key").write_text("ab" * 32, "ascii")
    answer = iro("due")

    assert answer.code == 5
    assert "the key does not open" in answer.err
    assert encrypted.read_bytes() == before


@posix_only
def test_the_key_file_is_its_owners_alone(encrypted: Path, home: Path, iro: Iro) -> None:
    """It is made with mode 0600, and refused if others can read it."""
    keys = home / "keys" / "iro.key"
    modes = [stat.S_IMODE(one.stat().st_mode) for one in (keys, keys.parent, encrypted)]
    keys.chmod(0o640)
    answer = iro("due")

    assert modes == [0o600, 0o700, 0o600]
    assert answer.code == 5
    assert "can be read by others" in answer.err


def test_a_key_that_stands_in_the_file_is_used(plain: Path, home: Path, iro: Iro) -> None:
    """Somebody who hands out keys can make the file beforehand."""
    (home / "keys").mkdir()
    (home / "keys" / "iro.key").write_text("0f" * 32 + "\n", "ascii")
    (home / "keys" / "iro.key").chmod(0o600)
    answer = iro("encrypt")

    assert answer.code == 0, answer.err
    assert (home / "keys" / "iro.key").read_text("ascii") == "0f" * 32 + "\n"
    assert iro("due").code == 0


def test_what_is_no_key_is_refused(plain: Path, home: Path, iro: Iro) -> None:
    """The store does not change."""
    before = plain.read_bytes()
    (home / "keys").mkdir()
    (home / "keys" / "iro.key").write_text("swordfish\n", "ascii")
    (home / "keys" / "iro.key").chmod(0o600)
    answer = iro("encrypt")

    assert answer.code == 5
    assert "holds no key" in answer.err
    assert plain.read_bytes() == before


@pytest.mark.parametrize("line", first_fast("key change", "encrypt"))
def test_a_key_file_without_its_last_newline(line: str, plain: Path, home: Path, iro: Iro) -> None:
    """The new key gets its own line all the same."""
    keys = home / "keys" / "iro.key"
    iro("--database", "other.db", "init", "--encrypted")
    if line == "key change":
        assert iro("encrypt").code == 0
    keys.write_text(keys.read_text("ascii").removesuffix("\n"), "ascii")
    answer = iro(*line.split())
    shown = [iro("show", "Xylotile").code, iro("--database", "other.db", "due").code]

    assert answer.code == 0, answer.err
    assert shown == [0, 0]


def test_a_key_that_cannot_be_read_again_is_not_used(plain: Path, home: Path, iro: Iro) -> None:
    """Such a long file is not read to its end, so the store does not change."""
    before, keys = plain.read_bytes(), home / "keys" / "iro.key"
    keys.parent.mkdir()
    keys.write_text(("0" * 24 + " " + "1" * 64 + "\n") * 800, "ascii")
    keys.chmod(0o600)
    answer = iro("encrypt")

    assert answer.code == 5
    assert "cannot be read there again: nothing was changed" in answer.err
    assert plain.read_bytes() == before


def test_a_key_that_is_alone_in_its_file_is_not_changed(plain: Path, home: Path, iro: Iro) -> None:
    """It is refused, and the message says how to make the change possible."""
    keys = home / "keys" / "iro.key"
    keys.parent.mkdir()
    keys.write_text("0f" * 32, "ascii")
    keys.chmod(0o600)
    assert iro("encrypt").code == 0
    before = plain.read_bytes()
    answer = iro("key", "change")
    named = plain.read_bytes()[4:16].hex()

    assert answer.code == 5
    assert "holds one key without a name" in answer.err
    assert f"`{named} `" in answer.err
    assert plain.read_bytes() == before
    assert keys.read_text("ascii") == "0f" * 32
    keys.write_text(f"{named} {'0f' * 32}", "ascii")
    changed = iro("key", "change")
    assert changed.code == 0, changed.err
    assert [len(one.split()) for one in keys.read_text("ascii").splitlines()] == [2, 2]
    assert plain.read_bytes()[4:16].hex() == keys.read_text("ascii").splitlines()[1][:24]
    assert iro("show", "Xylotile").code == 0


_KEYRING = '''
import json, pathlib
from keyring.backend import KeyringBackend
from keyring.errors import PasswordDeleteError

FILE = pathlib.Path(__file__).with_name("ring.json")


class Ring(KeyringBackend):
    """Keeps what it is given in a file."""

    priority = 1

    def _read(self):
        return json.loads(FILE.read_text()) if FILE.exists() else {}

    def get_password(self, service, name):
        return self._read().get(f"{service}/{name}")

    def set_password(self, service, name, password):
        FILE.write_text(json.dumps({**self._read(), f"{service}/{name}": password}))

    def delete_password(self, service, name):
        raise PasswordDeleteError
'''


def test_the_key_is_kept_in_a_keyring(
    plain: Path, home: Path, spawn: Callable[..., "subprocess.CompletedProcess[bytes]"]
) -> None:
    """If no file is named, the keyring has the key."""
    pytest.importorskip("keyring")
    (home / "ring").mkdir()
    (home / "ring" / "a_ring.py").write_text(_KEYRING, "utf-8")
    ringed = {
        "IRO_KEY_FILE": "",
        "PYTHON_KEYRING_BACKEND": "a_ring.Ring",
        "PYTHONPATH": os.pathsep.join([str(home / "ring"), *sys.path]),
    }
    made = spawn("encrypt", **ringed)
    shown = spawn("show", "Xylotile", **ringed)

    assert made.returncode == 0, made.stderr
    assert b"in the system's keyring" in made.stdout
    assert shown.returncode == 0, shown.stderr
    assert "iro/" in (home / "ring" / "ring.json").read_text("utf-8")


# ---------------------------------------------------------------- damage


@pytest.mark.parametrize("place", first_fast(0.55, 0.1, 0.3, 0.7, 0.95))
def test_a_flipped_byte_is_refused(place: float, encrypted: Path, iro: Iro) -> None:
    """Each page has an authentication code, so no date is read that was not written."""
    held = bytearray(encrypted.read_bytes())
    held[int(len(held) * place)] ^= 1
    encrypted.write_bytes(held)
    answers = [iro("history", "--verify"), iro("doctor"), iro("backup", "copy.db")]

    assert [one.code for one in answers] == [5, 5, 5], [one.err for one in answers]


# ---------------------------------------------------------------- the sum of its rows


def _differs(path: Path) -> bool | None:
    store = store_in(path)
    with closing(store.open(to_write=False)) as connection:
        return store.differs(connection)


def test_whatever_writes_it_anew_leaves_its_sum_right(plain: Path, home: Path, iro: Iro) -> None:
    """Encrypting, decrypting, a backup, a restore and an erasure."""
    found = {}
    for line in (
        *("encrypt", "key change", "backup copy.db", "child add Wren", "restore copy.db"),
        *("child erase Xylotile --reason over", "decrypt", "encrypt"),
    ):
        answer = iro(*line.split())
        assert answer.code == 0, answer.err
        found[line] = _differs(plain)
    found["the copy"] = _differs(home / "copy.db")

    assert set(found.values()) == {False}, found


def test_a_store_from_before_there_was_a_sum(encrypted: Path, iro: Iro) -> None:
    """A store of an earlier version is read, and the next change writes the checksum."""
    with closing(store_in(encrypted).open()) as connection:
        connection.execute("UPDATE checksum SET of_pages = NULL")
    found = [_differs(encrypted)]
    codes = [iro("due").code, iro("child", "add", "Wren").code]
    found.append(_differs(encrypted))

    assert (found, codes) == ([None, False], [0, 0])


def test_a_value_that_was_altered_with_the_key(encrypted: Path, iro: Iro) -> None:
    """Neither the sum of the rows nor the chain fits any more, and no backup is made."""
    with closing(store_in(encrypted).open()) as connection:
        triggers = connection.execute(
            "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' ORDER BY rowid"
        ).fetchall()
        for name, _ in triggers:
            connection.execute(f"DROP TRIGGER {name}")
        connection.execute("UPDATE fact SET happened_on = '2021-07-09' WHERE event = 'cla.start'")
        for _, sql in triggers:
            connection.execute(sql)
    answers = [iro(*line.split()) for line in ("doctor", "history --verify", "backup copy.db")]

    assert [one.code for one in answers] == [5, 5, 5], [one.err for one in answers]


def test_an_index_that_is_gone(encrypted: Path, iro: Iro) -> None:
    """It changes no answer; changes are refused, and doctor names it."""
    expected = iro("due", "-f", "csv")
    with closing(store_in(encrypted).open()) as connection:
        connection.execute("DROP INDEX ix_allocation_name")
    found, added, doctor = iro("due", "-f", "csv"), iro("child", "add", "Wren"), iro("doctor")

    assert found == expected
    assert (added.code, doctor.code) == (5, 5)
    assert "ix_allocation_name" in added.err
    assert "ix_allocation_name" in doctor.out


def test_a_list_of_free_pages_from_before_they_were_used(encrypted: Path, iro: Iro) -> None:
    """A change would overwrite pages in use, so it is refused."""
    with closing(store_in(encrypted).open()) as connection:
        connection.execute("CREATE TABLE filler AS SELECT zeroblob(40000) AS a")
        connection.execute("DROP TABLE filler")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    head = encrypted.read_bytes()[:4096]
    for number in range(5):
        assert iro("child", "add", f"Wren{number}", "--label", "x" * 2_000).code == 0
    sound = encrypted.read_bytes()
    listed = iro("child", "list", "-f", "csv")
    encrypted.write_bytes(head + sound[4096:])
    found, added, doctor = (
        iro("child", "list", "-f", "csv"),
        iro("child", "add", "A"),
        iro("doctor"),
    )

    assert head != sound[:4096]
    assert found == listed
    assert (added.code, doctor.code) == (5, 5)
    assert encrypted.read_bytes() == head + sound[4096:]


def test_the_first_bytes_say_that_it_is_encrypted(encrypted: Path) -> None:
    """Without the key an encrypted store is told from a file that is no store."""
    assert encrypted.read_bytes()[:4] == b"IROE"


def test_a_command_that_misses_the_extra_names_it(encrypted: Path) -> None:
    """The exit code is 5."""
    script = (
        "import sys; sys.modules['sqlcipher3'] = None\n"
        "from iro_cli.__main__ import run\n"
        "sys.exit(run(sys.argv[1:]))"
    )
    for line in ("due", "encrypt"):
        done = subprocess.run(
            [sys.executable, "-c", script, line], capture_output=True, text=True, check=False
        )

        assert done.returncode == 5, done.stderr
        assert "iro-cli[encryption]" in done.stderr
