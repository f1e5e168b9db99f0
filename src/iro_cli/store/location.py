"""Where the store is, and what can be said of the file without opening it to write."""

import os
import sqlite3
from pathlib import Path

from iro_cli.errors import StoreError

APPLICATION_ID = 0x49524F31  # "IRO1"
MIGRATIONS = Path(__file__).parent / "migrations"


def latest_version() -> int:
    """Return the schema version this program writes."""
    return max(int(path.stem) for path in MIGRATIONS.glob("*.sql"))


def default_path() -> Path:
    """Return the store's place in the platform's folder for user data."""
    from platformdirs import user_data_path  # noqa: PLC0415 - only where no store is named

    return user_data_path("iro", appauthor=False) / "iro.db"


def store_path(named: str | None) -> Path:
    """
    Return the file that a ``--database`` names, or the default.

    Raises:
        StoreError: A URL of a database this version does not write.
    """
    if not named:
        return default_path()
    if "://" in named:
        scheme, _, rest = named.partition("://")
        if scheme != "sqlite" or not rest.startswith("/"):
            raise StoreError(
                f"this version keeps its store in an SQLite file, not in {scheme!r}: "
                "give a path, or sqlite:///path"
            )
        return Path(rest[1:])
    try:
        return Path(named).expanduser()
    except RuntimeError:
        raise StoreError(f"{named!r}: there is no such user, so no store") from None


def check_file(path: Path) -> None:
    """
    Refuse what cannot be a store, leaving it untouched.

    Raises:
        StoreError: It is missing, a directory, empty, or not an SQLite file.
    """
    try:
        if path.is_dir():
            raise StoreError(f"{path} is a folder, not a store: name the file in it")
        with path.open("rb") as file:
            head = file.read(16)
    except FileNotFoundError:
        raise StoreError(
            f"there is no store at {path}: `iro import` or `iro child add` makes one there, "
            "--database names another, and `iro demo` shows a fictional authority"
        ) from None
    except OSError as error:
        raise StoreError(
            f"the store {path} cannot be read ({error.strerror}): check who may read it"
        ) from None
    if head != b"SQLite format 3\0":
        what = "is empty" if not head else "is not a database"
        raise StoreError(
            f"{path} {what}, and was left as it is: name another file with --database, or put "
            "back a backup"
        )


def check_header(connection: sqlite3.Connection, path: Path) -> int:
    """
    Return the schema version of a store that is open.

    Raises:
        StoreError: It is another program's, or a newer program's.
    """
    application = connection.execute("PRAGMA application_id").fetchone()[0]
    if application != APPLICATION_ID:
        raise StoreError(
            f"{path} is a database of another program, and was left as it is: name another "
            "file with --database"
        )
    found: int = connection.execute("PRAGMA user_version").fetchone()[0]
    if found > latest_version():
        raise StoreError(
            f"{path} was written by a newer iro (its schema is {found}, this program's is "
            f"{latest_version()}): install the newer version; the file was left as it is"
        )
    return found


def check_current(connection: sqlite3.Connection, path: Path) -> None:
    """
    Refuse a store that is not of this program's own version, or cannot be read.

    Raises:
        StoreError: It is another program's, newer, or older and not migrated yet.
    """
    if check_header(connection, path) < latest_version():
        raise StoreError(
            f"{path} was written by an older iro: run `iro doctor --migrate`, which makes a copy "
            "beside it first"
        )
    connection.execute("SELECT 1 FROM change LIMIT 1").fetchone()


def exists(path: Path) -> bool:
    """
    Say whether there is a file.

    Raises:
        StoreError: It cannot be seen from here.
    """
    try:
        return path.exists()
    except OSError as error:
        raise StoreError(
            f"the store {path} cannot be reached ({error.strerror}): check its name, and who may "
            "read its folder"
        ) from None


def as_store_error(error: Exception, path: Path) -> StoreError:
    """Say what a database error means for the store, never showing its data."""
    text = str(error).casefold()
    if "locked" in text or "busy" in text:
        return StoreError(
            f"the store {path} is locked by another process that is writing: try again when it "
            "has finished"
        )
    if "readonly" in text or "read-only" in text or "unable to open" in text:
        return StoreError(
            f"the store {path} cannot be written here: check that you may write the file and "
            "its folder, or name another with --database"
        )
    if "full" in text:
        return StoreError(f"the disk that holds {path} is full: nothing was stored")
    return StoreError(
        f"the store {path} is damaged ({type(error).__name__}): it was left as it is; put back a "
        "backup, or recover what can be read with `sqlite3 FILE .recover`"
    )


def owner_only(path: Path) -> None:
    """Make an empty file that only its owner can read, and its folder."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
