"""``overdue --per-iro-folder``: write a file for each IRO, from a scheduled task."""

import json
import shutil
import tempfile
import unicodedata
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path

from iro_cli.cli.commands.daily import FINDINGS_EXIT_CODE, appointments, check_calendar
from iro_cli.cli.options import Given
from iro_cli.cli.output import save, say, say_if_empty, spare, write_listing
from iro_cli.cli.settings import Settings, open_view, resolve
from iro_cli.cli.values import path_of
from iro_cli.errors import InputRefusedError, UsageError
from iro_cli.forms import form
from iro_cli.lean import NamedTuple
from iro_cli.obligations.listing import DueRow
from iro_cli.pages.due import due_export
from iro_cli.questions.due import AskedDue, open_obligations
from iro_cli.questions.view import View

# The list of files that this program wrote into the folder.  No other file is replaced or removed.
OURS = ".iro-files.json"
_LONGEST = 60
# A file named after a person has no underscore at its beginning, so this cannot be anybody's.
_NOBODY = "_unallocated"
_NOT_ON_WINDOWS = {
    *("con", "prn", "aux", "nul"),
    *(f"{device}{number}" for device in ("com", "lpt") for number in range(10)),
}


class _FolderList(NamedTuple):
    """The folder's own list: the question that its files answer, and the files with digests."""

    asked: dict[str, str | None]
    files: dict[str, str]


def file_stem(name: str | None) -> str:
    """
    Return a file name for an IRO: the same in every run, and never that of another person.

    Letters and digits are kept, and single spaces become hyphens.  If a name has anything else,
    that is left out, and a fingerprint of the whole name is added.

    Args:
        name: The name as allocated, or ``None`` for children without an IRO or chair.

    >>> file_stem("Ada Okafor"), file_stem(None)
    ('Ada-Okafor', '_unallocated')
    """
    if name is None:
        return _NOBODY
    plain = "".join(letter if letter.isalnum() else " " for letter in name)
    kept = "-".join(plain.split())
    faithful = bool(kept) and kept.replace("-", " ") == name == unicodedata.normalize("NFC", name)
    short = len(kept.encode()) <= _LONGEST
    if faithful and short and kept.casefold() not in _NOT_ON_WINDOWS:
        return kept
    start = kept.encode()[: _LONGEST - 10].decode(errors="ignore")
    return f"{start}_{sha256(name.casefold().encode()).hexdigest()[:8]}"


def _known(folder: Path) -> _FolderList | None:
    place = folder / OURS
    try:
        data = json.loads(place.read_text("utf-8"))
        return _FolderList(dict(data["asked"]), dict(data["files"]))
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError):
        raise InputRefusedError(
            f"{place} cannot be read, so it is not known which files here may be replaced: "
            "name an empty folder"
        ) from None


def _groups(rows: Sequence[DueRow]) -> dict[str, list[DueRow]]:
    """Group rows by file; names that differ only in capitals share one, as in the filters."""
    found: dict[str, list[DueRow]] = {}
    stems: dict[str, str] = {}
    for row in rows:
        stem = stems.setdefault((row.iro or _NOBODY).casefold(), file_stem(row.iro))
        found.setdefault(stem, []).append(row)
    return found


def _digest(path: Path) -> str:
    return sha256(path.read_bytes()).hexdigest()


def _check(folder: Path, names: Sequence[str], asked: dict[str, str | None]) -> _FolderList:
    """
    Refuse a folder with the files of another question, or with a foreign file of the same name.

    Raises:
        InputRefusedError: The folder cannot be used.
    """
    known = _known(folder) or _FolderList(asked, {})
    if known.asked != asked:
        before = [f"--{key} {value}" for key, value in known.asked.items() if value]
        raise InputRefusedError(
            f"{folder} holds the files of a run with other filters "
            f"({' '.join(before) or 'without a filter'}): name another folder for this one"
        )
    ours = {name.casefold() for name in known.files}
    foreign = [name for name in names if name.casefold() not in ours and (folder / name).exists()]
    if foreign:
        raise InputRefusedError(
            f"{folder} holds files that this program did not write, and nothing was written: "
            f"move {', '.join(foreign)}, or name another folder"
        )
    return known


def _place(folder: Path, part: Path, written: Sequence[str]) -> None:
    for name in written:
        try:
            (part / name).replace(folder / name)
        except OSError as error:
            raise InputRefusedError(
                f"{folder / name} cannot be replaced ({error.strerror}): close it in the program "
                "that has it open, and run this again"
            ) from None


def _remove(folder: Path, stale: dict[str, str], written: Sequence[str]) -> dict[str, str]:
    """Remove files that are out of date; return those that stay, as somebody changed them."""
    kept = {}
    for name, fingerprint in stale.items():
        path = folder / name
        # On a disk on which capitals do not matter, an old name can be that of a new file.
        if not path.is_file() or any(path.samefile(folder / one) for one in written):
            continue
        if _digest(path) == fingerprint:
            path.unlink()
            continue
        kept[name] = fingerprint
        say(f"iro: {path} is out of date, but somebody has changed it, so it was left as it is")
    return kept


def _write(
    view: View,
    settings: Settings,
    folder: Path,
    rows: list[DueRow],
    asked: AskedDue,
    *,
    labels: bool,
    minutes: int | None,
) -> None:
    filters = {"team": asked.team, "process": asked.process}
    filters |= {
        "unbooked": "only" if asked.unbooked else None,
        "watched": "all" if asked.watched_all else None,
    }
    if asked.timescales:
        filters["timescale"] = ", ".join(sorted(asked.timescales))
    ending = form(settings.format).ending
    groups = {f"{stem}.{ending}": those for stem, those in _groups(rows).items()}
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
        known = _check(folder, list(groups), filters)
        part = Path(tempfile.mkdtemp(prefix=".iro-", dir=folder))
    except OSError as error:
        raise InputRefusedError(
            f"{folder} cannot be written in ({error.strerror}): name another folder"
        ) from None
    try:
        for name, those in groups.items():
            spare(folder / name, *settings.store.files)
            export = due_export(those, view.catalogue, settings.as_of, within="", silent=True)
            if (folder / name).is_file():  # a calendar says which of its entries are gone
                shutil.copyfile(folder / name, part / name)
            entries = appointments(view, those, labels=labels, minutes=minutes)
            write_listing(export._replace(appointments=entries), settings.but(output=part / name))
        written = {path.name: _digest(path) for path in sorted(part.iterdir())}
        stale = {name: what for name, what in known.files.items() if name not in written}
        # The list is written first, with all old and new files.  If the run is cut short after
        # that, the next one still knows which files are its own, and does not refuse the folder.
        _list(folder, filters, {**known.files, **written})
        _place(folder, part, list(written))
        _list(folder, filters, {**written, **_remove(folder, stale, list(written))})
    finally:
        shutil.rmtree(part, ignore_errors=True)


def _list(folder: Path, asked: dict[str, str | None], files: dict[str, str]) -> None:
    data = {"schema": 1, "asked": asked, "files": dict(sorted(files.items()))}
    save(folder / OURS, lambda out: print(json.dumps(data, indent=1), file=out))


def overdue_per_iro(
    given: Given,
    asked: AskedDue,
    folder: str,
    *,
    labels: bool,
    minutes: int | None,
    exit_code: bool,
) -> int:
    """
    Write what is overdue into a folder, with one file for each IRO or chair.

    Each file is written whole or not at all, and none is put in its place before all are
    written.

    Returns:
        The exit code.

    Raises:
        IroError: It cannot be done.
    """
    if given.output is not None:
        raise UsageError(
            "--per-iro-folder and --output cannot be used together: each file has its own name"
        )
    for option, value in (("--iro", asked.iro), ("--child", asked.child)):
        if value is not None:
            raise UsageError(
                f"--per-iro-folder and {option} cannot be used together: the folder is for "
                "everybody, and the files of the others would be removed"
            )
    settings = resolve(given.but(format=given.format or "csv"))
    view = open_view(settings)
    view.check_names(team=asked.team, process=asked.process)
    check_calendar(settings, labels=labels, minutes=minutes)
    rows = open_obligations(view, asked)
    _write(view, settings, path_of(folder), rows, asked, labels=labels, minutes=minutes)
    say_if_empty(view)
    return FINDINGS_EXIT_CODE if exit_code and rows else 0
