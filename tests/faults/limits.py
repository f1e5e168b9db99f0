"""Full disks, quotas, errors of reading and writing, and read-only files."""

import errno
import os
import re
import resource
import shlex
import shutil
import subprocess
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache, partial
from pathlib import Path

from faults.judging import judged
from faults.part import Outcome
from faults.program import Ended, Place
from faults.shim import CHANGES, FAIL, FAIL_FROM, FAIL_FROM_FLUSH, GROWS, READS, Arm, loaded
from faults.stage import DUE, Stage, content_of, copied
from faults.staged import StagedPart

# What a call fails with: a full disk and a quota until there is room; an error once, and from
# then on; a disk that can only be read from then on; an error of reading, once and from then on.
_ERRORS = {
    "ENOSPC": (FAIL_FROM, GROWS),
    "EDQUOT": (FAIL_FROM, GROWS),
    "EIO": (FAIL, GROWS | CHANGES),
    "EIO-on": (FAIL_FROM, GROWS | CHANGES),
    "EROFS": (FAIL_FROM, GROWS | CHANGES),
    "EIO-read": (FAIL, READS),
    "EIO-read-on": (FAIL_FROM, READS),
    "EIO-flush": (FAIL_FROM_FLUSH, GROWS | CHANGES),
}
# How many files a command may flush, of which one is drawn.
_FLUSHES = 4
# The errors of a disk that takes nothing more from then on.  If it took all of the log, and refused
# to flush it and then to remove it, the change is there when the disk comes back.  Only here may a
# message say that it is not known whether the change was stored.
_FOR_GOOD = ("EIO-on-", "EROFS-", "EIO-flush-")
_NOT_KNOWN = re.compile(r"the store (\S+) refused the end of the change\b.*it is not known whether")
# How many calls of each stage fail, each in a way that is drawn.
_CALLS = 2
# Files that may be as after a command although it was refused: what it keeps or makes first, which
# is harmless, and where the message says so.
_LAWFUL = {
    "restore": "work/iro.db.before-restore",
    "doctor --migrate": "work/iro.db.before-v",
    "child add Rook": "work/iro.db.before-v",
    "import events half.csv": "work/refused.csv",
    "encrypt": "work/iro.db",
    "decrypt": "work/iro.db",
    "key change": "work/iro.db",
    "child erase": "work/",
    "retention erase": "work/",
}


class Limits(StagedPart):
    """
    Commands that cannot write, or read.

    A case is the name of an error and the number of the call that fails with it, or of the call
    that flushes a file; `disk` and how many pages are left on it; `size` and the bytes that a file may have; `readonly`.
    """

    name, title = "limits", "disks full, quotas, errors of reading and writing, read-only"

    failed_once = (
        "plain/put-right/3/EIO-read-5",
        "encrypted/put-right/3/EIO-read-9",
        "plain/copies/6/ENOSPC-45",
        "plain/copies/2/EIO-read-88",
        "plain/files/1/EIO-6",
        "encrypted/put-right/4/EIO-read-18",
        "plain/put-right/3/EIO-read-on-5",
        "encrypted/put-right/4/EIO-read-on-18",
        "encrypted/put-right/0/EIO-read-1",
        "plain/copies/0/EIO-read-68",
    )

    def cases(self) -> Sequence[str]:
        """Return failing calls, drawn for each stage, and each kind of limit."""
        every = []
        for name, stage in self.stages.items():
            draw = self.draw(name)
            for _ in range(_CALLS * self.times if loaded() else 0):
                error = draw.choice([one for one in _ERRORS if one != "EIO-flush"])
                most = stage.reads if _ERRORS[error][1] == READS else stage.calls
                every.append(f"{name}/{error}-{draw.randint(1, most)}")
            if loaded():
                every += [
                    f"{name}/EIO-flush-{draw.randint(1, _FLUSHES)}" for _ in range(self.times)
                ]
            if can_mount():
                every += [f"{name}/disk{draw.randint(0, 90)}" for _ in range(self.times)]
                every.append(f"{name}/readonly")
            every += [f"{name}/size{draw.randint(0, 200_000)}" for _ in range(self.times)]
        return self.sample("limits", every, 12)

    def run(self, case: str, folder: Path) -> Outcome:
        """Run a command under a limit, remove the limit, and judge the store."""
        stage, what = self.of(case)
        ended, wrong, place = Ended(0, "", ""), list[str](), Place(folder / "place")
        if what == "readonly" or what.startswith("disk"):
            with _disk(folder / "disk") as disk:
                place = copied(stage.place, disk / "place", folder / "said")
                ended, wrong = _on_the_disk(disk, place, stage, what)
                wrong += _looked(stage, place, ended)
        else:
            place = copied(stage.place, folder / "place")
            words = shlex.split(stage.line)
            if what.startswith("size"):
                most = int(what.removeprefix("size"))
                ended = place.run(words, before=partial(_limited, most))
            else:
                error, _, at = what.rpartition("-")
                how, kinds = _ERRORS[error]
                number = getattr(errno, error.partition("-")[0])
                ended = place.run(words, Arm(how, int(at), kinds, number))
            wrong = _looked(stage, place, ended, for_good=what.startswith(_FOR_GOOD))
        known = ", and not known" if _NOT_KNOWN.search(ended.err) else ""
        return Outcome(
            case,
            Counter({f"with {ended.code}{known}": 1}),
            [f"`iro {stage.line}`: {one}" for one in wrong],
        )


def _looked(stage: Stage, place: Place, ended: Ended, *, for_good: bool = False) -> list[str]:
    begins = next((kept for line, kept in _LAWFUL.items() if stage.line.startswith(line)), "-")
    lawful = frozenset(name for name in stage.after if name.startswith(begins))
    if "encrypt" in begins and "written over" not in ended.err:
        lawful = frozenset()
    said = [ended.wrong] if ended.wrong else []
    if ended.code and not ended.err.strip():
        said.append("a refusal that says nothing")
    not_known = _NOT_KNOWN.search(ended.err)
    if not_known:
        said += _known(stage, place, ended, not_known[1], for_good=for_good)
        lawful |= {f"work/{not_known[1]}"}
    return said + judged(stage, place, ended, lawful=lawful)


def _known(stage: Stage, place: Place, ended: Ended, name: str, *, for_good: bool) -> list[str]:
    """Return what is wrong if the message said that it is not known whether a change was stored."""
    log = place.work / f"{name}-wal"
    if ended.code != 5 or not for_good or not log.exists() or not log.stat().st_size:
        return [f"it is known whether it was stored: {ended.err}"]
    # No other program has it open, so the content of the log is taken into the file.
    found, after = (
        copied(place.folder, place.folder.with_name("known")),
        stage.after[f"work/{name}"],
    )
    found.lend_the_key()
    if content_of(found.work / name) != after:
        return [f"nothing was stored, and that is known: {ended.err}"]
    again = found.run(stage.line)
    if stage.line.startswith(("record", "copy")) and content_of(found.work / name) != after:
        return [f"it was stored twice: {again.out}{again.err}"]
    return []


def _limited(most: int) -> None:
    """Limit the size of this process's files, as a quota does."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))


# ---------------------------------------------------------------- a disk of one's own


def _mount(*words: str) -> bool:
    if shutil.which("mount") is None:
        return False
    return subprocess.run(["mount", *words], check=False, capture_output=True).returncode == 0


@cache
def can_mount() -> bool:
    """Say whether this account may make a small disk in memory."""
    if os.name != "posix" or os.geteuid() != 0:
        return False
    with tempfile.TemporaryDirectory() as folder, _disk(Path(folder) / "disk") as disk:
        return os.path.ismount(disk)


@contextmanager
def _disk(folder: Path) -> Iterator[Path]:
    """Mount a disk in memory, if that is allowed."""
    folder.mkdir(parents=True)
    mounted = _mount("-t", "tmpfs", "-o", "size=64m", "tmpfs", str(folder))
    try:
        yield folder
    finally:
        if mounted:
            subprocess.run(["umount", "-l", str(folder)], check=True)


def _on_the_disk(disk: Path, place: Place, stage: Stage, what: str) -> tuple[Ended, list[str]]:
    """Run a command on a small or read-only disk, and remove that limit afterwards."""
    wrong = []
    if what == "readonly":
        _mount("-o", "remount,ro", str(disk))
        ended = place.run(stage.line)
        (due,) = place.answers([DUE])
        if f"{due.code}: {due.out}" != stage.due[0] and due.code != 5:
            wrong.append(f"read-only, and another answer: {due.out}{due.err}")
        _mount("-o", "remount,rw", str(disk))
        return ended, wrong
    used = os.statvfs(disk)
    size = (used.f_blocks - used.f_bfree + int(what.removeprefix("disk"))) * used.f_frsize
    _mount("-o", f"remount,size={size}", str(disk))
    ended = place.run(stage.line)
    _mount("-o", "remount,size=64m", str(disk))
    return ended, wrong
