"""Disks that are full, quotas, errors of reading and writing, and what may only be read."""

import errno
import os
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
from faults.shim import CHANGES, FAIL, FAIL_FROM, GROWS, READS, Arm, loaded
from faults.stage import DUE, Stage, copied
from faults.staged import StagedPart

# What a call fails with: a full disk and a quota until there is room; an error once, and from
# then on; a disk that can only be read from then on; an error of reading.
_ERRORS = {
    "ENOSPC": (FAIL_FROM, GROWS),
    "EDQUOT": (FAIL_FROM, GROWS),
    "EIO": (FAIL, GROWS | CHANGES),
    "EIO-on": (FAIL_FROM, GROWS | CHANGES),
    "EROFS": (FAIL_FROM, GROWS | CHANGES),
    "EIO-read": (FAIL, READS),
}
# How many calls of each stage fail, each in a way that is drawn.
_CALLS = 2
# What may be as after a command that was refused: what it keeps or makes first, which harms
# nobody, and where it says that it is so.
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

    A case is the name of an error and the number of the call that fails with it; `disk` and how
    many pages are left on it; `size` and the bytes that a file may have; `readonly`.
    """

    name, title = "limits", "disks full, quotas, errors of reading and writing, read-only"

    failed_once = (
        "plain/put-right/3/EIO-read-5",
        "encrypted/put-right/3/EIO-read-9",
        "plain/copies/6/ENOSPC-45",
        "plain/copies/2/EIO-read-88",
        "plain/files/1/EIO-6",
        "encrypted/put-right/4/EIO-read-18",
    )

    def cases(self) -> Sequence[str]:
        """Return calls that fail, drawn for each stage, and each kind of limit."""
        every = []
        for name, stage in self.stages.items():
            draw = self.draw(name)
            for _ in range(_CALLS * self.times if loaded() else 0):
                error = draw.choice([*_ERRORS])
                most = stage.reads if _ERRORS[error][1] == READS else stage.calls
                every.append(f"{name}/{error}-{draw.randint(1, most)}")
            if can_mount():
                every += [f"{name}/disk{draw.randint(0, 90)}" for _ in range(self.times)]
                every.append(f"{name}/readonly")
            every += [f"{name}/size{draw.randint(0, 200_000)}" for _ in range(self.times)]
        return self.sample("limits", every, 12)

    def run(self, case: str, folder: Path) -> Outcome:
        """Run a command under a limit, lift it, and look what became of the store."""
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
            wrong = _looked(stage, place, ended)
        return Outcome(
            case,
            Counter({f"with {ended.code}": 1}),
            [f"`iro {stage.line}`: {one}" for one in wrong],
        )


def _looked(stage: Stage, place: Place, ended: Ended) -> list[str]:
    begins = next((kept for line, kept in _LAWFUL.items() if stage.line.startswith(line)), "-")
    lawful = frozenset(name for name in stage.after if name.startswith(begins))
    if "encrypt" in begins and "written over" not in ended.err:
        lawful = frozenset()
    said = [ended.wrong] if ended.wrong else []
    if ended.code and not ended.err.strip():
        said.append("a refusal that says nothing")
    return said + judged(stage, place, ended, lawful=lawful)


def _limited(most: int) -> None:
    """Let no file of this process have more bytes, as a quota does."""
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
    """Mount a disk in memory, where that is allowed."""
    folder.mkdir(parents=True)
    mounted = _mount("-t", "tmpfs", "-o", "size=64m", "tmpfs", str(folder))
    try:
        yield folder
    finally:
        if mounted:
            subprocess.run(["umount", "-l", str(folder)], check=True)


def _on_the_disk(disk: Path, place: Place, stage: Stage, what: str) -> tuple[Ended, list[str]]:
    """Run a command on a disk with little room, or that can only be read, and end that."""
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
