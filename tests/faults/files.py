"""Files of every kind that is read, each damaged in a few places."""

import csv
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path

import xlsxwriter

from faults.edits import damaged, edits_of
from faults.inputs import Inputs, Stood, refusal
from faults.program import Ended, Place
from faults.stage import DUE, EXAMPLES, authority, copied, rows_of
from iro_cli.lean import NamedTuple
from running import piped

_REFUSED = frozenset({0, 2, 3})
_OF_PACKS = frozenset({0, 2, 3, 4})
_OF_STORES = frozenset({0, 2, 3, 5})


class Kind(NamedTuple):
    """
    A kind of file, and the commands that read it.

    Attributes:
        files: The files of which one is damaged: from `examples/` where they are put, or by the
            name of what a place has already.
        lines: The commands, one after the other.
        codes: The exit codes that they may end with.
        again: Whether the first stores something, and done again may change nothing.
        sealed: Whether the store is encrypted.
        check: What else is wrong where the last command ended well.
    """

    files: Sequence[str]
    lines: Sequence[Sequence[str]]
    codes: frozenset[int] = _REFUSED
    again: bool = False
    sealed: bool = False
    check: Callable[["Files", Place, Ended], str] = lambda *_: ""


def _imports(*words: str) -> tuple[Sequence[str], ...]:
    return (("import", *words),)


def _as_the_backup(part: "Files", place: Place, _: Ended) -> str:
    sound = part.folder / "files" / "plain" / "work" / "copy.db"
    return "" if rows_of(place.store) == rows_of(sound) else "another store was restored"


def _as_before(part: "Files", _: Place, ended: Ended) -> str:
    return "" if ended.out == part.right else f"another answer: {ended.out[-400:]}"


_SSD = [f"ssd/{path.name}" for path in sorted((EXAMPLES / "extracts" / "ssd").glob("*.csv"))]
_903 = [f"903/{name}.csv" for name in ("episodes", "header", "reviews")]
_DUE = ("due", "--all", "-f", "csv")

KINDS: dict[str, Kind] = {
    "children": Kind(["children.csv"], _imports("children", "children.csv"), again=True),
    "allocations": Kind(
        ["allocations.csv"], _imports("allocations", "allocations.csv"), again=True
    ),
    "events": Kind(["events.csv"], _imports("events", "events.csv"), again=True),
    "children, a workbook": Kind(
        ["children.xlsx"], _imports("children", "children.xlsx"), again=True
    ),
    "events, a workbook": Kind(["events.xlsx"], _imports("events", "events.xlsx"), again=True),
    "own columns": Kind(
        ["tracker.csv", "events.toml"],
        _imports("events", "tracker.csv", "--columns", "events.toml"),
        again=True,
    ),
    "a mapping": Kind(
        ["events.toml"], _imports("events", "tracker.csv", "--columns", "events.toml", "--dry-run")
    ),
    "described": Kind(["tracker.csv"], _imports("events", "tracker.csv", "--describe")),
    "ssda903": Kind(_903, _imports("ssda903", "903"), again=True),
    "ssda903 xml": Kind(["2026-27.xml"], _imports("ssda903", "2026-27.xml"), again=True),
    "annex-a": Kind(["annex-a.xlsx"], _imports("annex-a", "annex-a.xlsx"), again=True),
    "cin-census": Kind(["census.xml"], _imports("cin-census", "census.xml"), again=True),
    "ssd": Kind(_SSD, _imports("ssd", "ssd", "--role", "CPC=chair"), again=True),
    "pack checked": Kind(
        ["local-pack.toml"], [("timescales", "check", "local-pack.toml")], _OF_PACKS
    ),
    "pack used": Kind(["local-pack.toml"], [(*_DUE, "--pack", "local-pack.toml")], _OF_PACKS),
    "backup": Kind(["copy.db"], [("restore", "copy.db")], _OF_STORES, check=_as_the_backup),
    "key": Kind(["../home/key"], [_DUE], _OF_STORES, sealed=True, check=_as_before),
    "configuration": Kind(
        ["../home/config/iro/config.toml"],
        [("config", "list"), ("config", "set", "me", "Ben Rees"), _DUE],
        frozenset({0, 2, 3, 4, 5}),
    ),
    "list of copies": Kind(
        ["iro.db.copies"], [("backup", "more.db"), ("doctor",), _DUE], check=_as_before
    ),
}


class Files(Inputs):
    """Files of every kind."""

    name, title = "files", "damaged files of every kind"

    @property
    def counts(self) -> dict[str, int]:
        """Return the number of cases of each kind."""
        return dict.fromkeys(KINDS, 3 if self.few else 210 * self.times)

    def prepare(self) -> None:
        """Make a plain store and an encrypted one, each with every file beside it."""
        for sealed in (False, True):
            place = Place(self.folder / "files" / ("encrypted" if sealed else "plain"))
            authority(place, sealed=sealed)
            work, extracts = place.work, EXAMPLES / "extracts"
            for name in ("children", "allocations", "events"):
                shutil.copy(EXAMPLES / "authority" / f"{name}.csv", work)
                _as_workbook(work / f"{name}.csv")
            for file in (
                *(extracts / "own-columns" / name for name in ("tracker.csv", "events.toml")),
                *(extracts / "ssda903" / "2026-27.xml", extracts / "annex-a" / "annex-a.xlsx"),
                *(extracts / "cin-census" / "census.xml", EXAMPLES / "local-pack.toml"),
            ):
                shutil.copy(file, work)
            shutil.copytree(extracts / "ssd", work / "ssd")
            shutil.copytree(extracts / "ssda903" / "2025-26", work / "903")
            tracker = str(extracts / "own-columns" / "children.toml")
            for line in (
                ["import", "children", "children.csv"],
                ["import", "children", "tracker.csv", "--columns", tracker],
                ["backup", "copy.db"],
                ["config", "set", "within", "14d"],
                ["config", "set", "packs", "london"],
                ["config", "set", "me", "Ada Okafor"],
            ):
                if (ended := place.run(line)).code:
                    raise SystemExit(f"faults: {line}: {ended.err}")
            self.right = place.run(DUE).out

    def enter(self, kind: str, place: Place) -> None:
        """Put the store and the files in place."""
        copied(self._ready(kind), place.folder)

    def _ready(self, kind: str) -> Path:
        return self.folder / "files" / ("encrypted" if KINDS[kind].sealed else "plain")

    def judge(self, kind: str, number: int, place: Place) -> tuple[int, str]:
        """Damage a file and read it: it is read whole, or refused and nothing is stored."""
        told, draw = KINDS[kind], self.draw(f"{kind}/{number}")
        file = place.work / draw.choice([*told.files])
        inside = draw.random() if draw.random() < 0.9 else None
        file.write_bytes(damaged(file.read_bytes(), edits_of(draw), inside=inside))
        skip = ["--skip-refused"] if told.again and draw.random() < 0.5 else []
        stood = Stood(place.store)
        ended = Ended(0, "", "")
        for line in told.lines:
            ended = Ended(*piped(*line, *skip))
            if wrong := refusal(ended, told.codes):
                return ended.code, f"`iro {' '.join(line)}`: {wrong}"
        if ended.code and stood.changed(self._ready(kind) / "work" / "iro.db"):
            return ended.code, f"refused with {ended.code}, and something was stored"
        if ended.code:
            return ended.code, ""
        if told.again and draw.random() < 0.2:
            return 0, self._again([*told.lines[0], *skip], place)
        return 0, told.check(self, place, ended)

    def _again(self, words: list[str], place: Place) -> str:
        """Return what is wrong if the stored content is listed, checked and imported again."""
        taken = rows_of(place.store, upto=1 << 40)
        for line in ([*_DUE], ["doctor"], words):
            if wrong := refusal(Ended(*piped(*line)), frozenset({0, 3})):
                return f"then `iro {' '.join(line)}`: {wrong}"
        return (
            "" if rows_of(place.store, upto=1 << 40) == taken else "imported twice, and it changed"
        )


def _as_workbook(path: Path) -> None:
    """Write a CSV as a workbook beside it."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    with xlsxwriter.Workbook(path.with_suffix(".xlsx")) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
