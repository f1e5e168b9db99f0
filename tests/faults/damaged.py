"""Damaged stores: bytes flipped, cut off, zeroed or exchanged, in the store or in its log."""

import random
import shutil
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path

from faults.part import Outcome, Part
from faults.program import Ended, Place
from faults.stage import DUE, EXAMPLES, VERIFY, authority, copied, rows_of
from iro_cli.store.sqlite import store_in

_PAGE, _SECTOR = 4096, 512
_ASKED = (DUE, "show TS-0101 -f csv", "history -f csv", "child list -f csv")
_AFTER = ("child add Nextling", DUE, VERIFY, "backup copies/copy.db", "doctor -f csv")
_LATE = "child add Lately"


def _flipped(content: bytearray, draw: random.Random, _: bytes) -> bytes:
    content[draw.randrange(len(content))] ^= draw.randrange(1, 256)
    return bytes(content)


def _bit(content: bytearray, draw: random.Random, _: bytes) -> bytes:
    content[draw.randrange(len(content))] ^= 1 << draw.randrange(8)
    return bytes(content)


def _digit(content: bytearray, draw: random.Random, _: bytes) -> bytes:
    """Change a digit; in an encrypted store some bytes look like digits too."""
    digits = [place for place, byte in enumerate(content) if 0x30 <= byte <= 0x39]
    place = draw.choice(digits)
    content[place] = draw.choice([one for one in range(0x30, 0x3A) if one != content[place]])
    return bytes(content)


def _cut(content: bytearray, draw: random.Random, _: bytes) -> bytes:
    return bytes(content[: draw.randrange(1, len(content))])


def _cut_at_page(content: bytearray, draw: random.Random, _: bytes) -> bytes:
    return bytes(content[: draw.randrange(1, max(len(content) // _PAGE, 2)) * _PAGE])


def _zeroed(content: bytearray, draw: random.Random, size: int) -> bytes:
    place = draw.randrange(len(content) // size) * size
    content[place : place + size] = bytes(size)
    return bytes(content)


def _swapped(content: bytearray, draw: random.Random, _: bytes) -> bytes:
    one, other = (place * _PAGE for place in draw.sample(range(len(content) // _PAGE), 2))
    first, second = content[one : one + _PAGE], content[other : other + _PAGE]
    content[one : one + _PAGE], content[other : other + _PAGE] = second, first
    return bytes(content)


def _older(content: bytearray, draw: random.Random, before: bytes) -> bytes:
    """Put a page back as it was before the last change."""
    place = draw.randrange(min(len(content), len(before)) // _PAGE) * _PAGE
    content[place : place + _PAGE] = before[place : place + _PAGE]
    return bytes(content)


def _garbled(content: bytearray, draw: random.Random, _: bytes) -> bytes:
    place = draw.randrange(len(content))
    content[place : place + 16] = draw.randbytes(16)
    return bytes(content)


WAYS: dict[str, Callable[[bytearray, random.Random, bytes], bytes]] = {
    "byte": _flipped,
    "bit": _bit,
    "digit": _digit,
    "cut": _cut,
    "cut-at-page": _cut_at_page,
    "zeroed-page": lambda content, draw, _: _zeroed(content, draw, _PAGE),
    "zeroed-sector": lambda content, draw, _: _zeroed(content, draw, _SECTOR),
    "swapped-pages": _swapped,
    "older-page": _older,
    "garbled": _garbled,
}
# How many stores are damaged in each way; half as many logs.
_TIMES = 42
# What is done to a log.
_TO_A_LOG = ("byte", "bit", "cut", "zeroed-sector", "garbled")


class Damaged(Part):
    """
    Stores that are damaged.

    A case is the kind of store, the way in which it is damaged, and a number; of the kinds that
    end in `log` it is the log beside the store that is damaged, which holds the last change.
    """

    name, title = "damage", "stores damaged, plain and encrypted"

    def prepare(self) -> None:
        """Make the stores, and keep their answers while they are sound."""
        self.right: dict[str, list[list[Ended]]] = {}
        for sealed in (False, True):
            kind = "encrypted" if sealed else "plain"
            place = Place(self.folder / "damage" / kind)
            authority(place, sealed=sealed)
            for name in ("children", "allocations", "events"):
                place.run(["import", name, str(EXAMPLES / "authority" / f"{name}.csv")])
            place.run("undo")
            place.run(["import", "events", str(EXAMPLES / "authority" / "events.csv")])
            shutil.copy(place.store, place.folder / "older")
            place.run("record cla.review Moss --on 2026-11-20")
            log = Place(self.folder / "damage" / f"{kind}-log")
            shutil.copytree(place.folder, log.folder, dirs_exist_ok=True)
            log.lend_the_key()
            # While somebody reads, what is changed stays in the log.
            with closing(store_in(log.store).open(to_write=False)) as reading:
                reading.execute("SELECT count(*) FROM change").fetchall()
                log.run(_LATE)
                kept = {file.name: file.read_bytes() for file in log.work.glob("iro.db*")}
            for name, content in kept.items():
                if not name.endswith("-shm"):
                    (log.work / name).write_bytes(content)
            (log.work / "iro.db-shm").unlink(missing_ok=True)
            for one, before in ((kind, []), (f"{kind}-log", self._answers(place.folder))):
                self.right[one] = [*before, *self._answers(self.folder / "damage" / one)]

    def _answers(self, ready: Path) -> list[list[Ended]]:
        place = copied(ready, self.folder / "damage" / "asked")
        return [place.answers([*_ASKED, *_AFTER])]

    def cases(self) -> Sequence[str]:
        """Return a number of stores of each kind and way."""
        times = 1 if self.few else _TIMES * self.times
        return [
            f"{kind}/{way}/{number}"
            for kind in (("plain", "encrypted") if self.few else self.right)
            for way in (_TO_A_LOG if kind.endswith("log") else WAYS)
            for number in range((times + 1) // 2 if kind.endswith("log") else times)
        ]

    def run(self, case: str, folder: Path) -> Outcome:
        """Damage a store, then ask it, change it and copy it."""
        kind, way, _ = case.split("/")
        place = copied(self.folder / "damage" / kind, folder / "place")
        file = place.work / ("iro.db-wal" if kind.endswith("log") else "iro.db")
        older = (place.folder / "older").read_bytes()
        file.write_bytes(WAYS[way](bytearray(file.read_bytes()), self.draw(case), older))
        answers = place.answers([*_ASKED, *_AFTER])
        wrong = _wrong(answers, self.right[kind])
        if not wrong and len(answers) == len(_ASKED) + len(_AFTER):
            wrong = _wrongly_copied(place, answers)
        refused = sum(one.code == 5 for one in answers[: len(_ASKED)])
        how = {0: "answered as before", len(_ASKED): "refused"}.get(refused, "refused in part")
        return Outcome(case, Counter({how: 1}), wrong)


def _wrong(answers: list[Ended], rights: list[list[Ended]]) -> list[str]:
    """Return the answer that is neither right nor a refusal; a change is stored or is not."""
    best: list[str] | None = None
    for right in rights:
        wrong = []
        for line, found, expected in zip((*_ASKED, *_AFTER), answers, right, strict=False):
            if found.wrong:
                wrong.append(f"`iro {line}`: {found.wrong}")
            elif (
                line.startswith(("doctor", "history --verify", "backup"))
                or found.code == 5
                and not found.out
            ):
                continue
            elif (found.code, found.out) != (expected.code, expected.out):
                wrong.append(f"`iro {line}`: another answer, with {found.code}: {found.out[-400:]}")
        best = wrong if best is None or len(wrong) < len(best) else best
    return best or []


def _wrongly_copied(place: Place, answers: list[Ended]) -> list[str]:
    """Say whether a backup was made whose content differs from the store."""
    copy, made = place.work / "copies" / "copy.db", answers[len(_ASKED) + 3]
    place.lend_the_key()
    if made.code or rows_of(copy) == rows_of(place.store):
        return []
    return ["`iro backup`: the copy is another store"]
