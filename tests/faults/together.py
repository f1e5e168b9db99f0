"""Four writers, an import, two readers and a restore use one store at the same time."""

import csv
import io
import json
import os
import time
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path

from faults.part import Outcome, Part
from faults.program import Ended, Place, waited
from faults.stage import VERIFY, authority, copied

_BATCH = 10
# How long the restoring program waits, in seconds.
_BETWEEN = 4
_LISTED = "child list -f csv"


class Together(Part):
    """Several programs on one store: a case is a number of seconds."""

    name, title = "together", "four writers, an import, two readers and a restore at once"

    def prepare(self) -> None:
        """Make a store, and a backup of it."""
        place = Place(self.folder / "together")
        authority(place, sealed=False)
        place.run("backup base.db")

    def cases(self) -> Sequence[str]:
        """Return one case."""
        return ["2" if self.few else "60"]

    def run(self, case: str, folder: Path) -> Outcome:
        """Start them, and look afterwards for everything that was acknowledged."""
        copied(self.folder / "together", folder)
        until = time.monotonic() + int(case)
        actors: dict[str, Callable[[Place, str, float], dict[str, list[str]]]] = {
            **{f"W{number}": _writes for number in range(4)},
            "I": _imports,
            "R1": _lists,
            "R2": _verifies,
            "S": _restores,
        }
        children = {}
        for name, act in actors.items():
            child = os.fork()
            if not child:
                told = dict[str, list[str]]()
                try:
                    told = act(Place(folder, folder / "said" / name), name, until)
                except BaseException as error:  # noqa: BLE001 - it is told by its parent
                    told = {"wrong": [f"{name}: {error!r}"]}
                finally:
                    (folder / f"{name}.json").write_text(json.dumps(told), "utf-8")
                    os._exit(0)
            children[name] = child
        ended, wrong, acknowledged = Counter[str](), list[str](), set[str]()
        for name, child in children.items():
            waited(child, int(case) + 120)
            told = json.loads((folder / f"{name}.json").read_text("utf-8"))
            acknowledged |= {*told.get("acknowledged", [])}
            wrong += told.get("wrong", [])
            ended += Counter(
                {key: len(told[key]) for key in told.keys() - {"wrong", "acknowledged"}}
            )
        found = _found(Place(folder), wrong)
        missing = sorted(acknowledged - found)
        if missing:
            wrong.append(f"{len(missing)} of {len(acknowledged)} are in no file: {missing[:5]}")
        return Outcome(case, ended, wrong)


class _Told:
    """What one of the programs did."""

    def __init__(self, name: str) -> None:
        self.name, self.told = name, dict[str, list[str]]()

    def take(self, what: str, ended: Ended, *stored: str, missing: bool = False) -> bool:
        """
        Note how a command ended, and say whether it was done.

        Args:
            what: What it is counted as.
            ended: How it ended.
            stored: The children that it stored.
            missing: Whether it may be refused, because a restore took away what it is about.
        """
        if not ended.code:
            self.told.setdefault(what, []).append("")
            self.told.setdefault("acknowledged", []).extend(stored)
            return True
        waited_long = ended.code == 5 and "locked by another process" in ended.err
        if waited_long or (missing and ended.code == 3):
            self.told.setdefault("told to try again" if waited_long else "refused", []).append("")
            return False
        self.wrong(f"exit code {ended.code}: {ended.err}")
        return False

    def wrong(self, text: str) -> None:
        """Note what must not happen."""
        self.told.setdefault("wrong", []).append(f"{self.name}: {text}")


def _writes(place: Place, name: str, until: float) -> dict[str, list[str]]:
    told, number = _Told(name), 0
    while time.monotonic() < until:
        number += 1
        child = f"{name}-{number:04}"
        if told.take("changes", place.run(f"child add {child}"), child) and not number % 4:
            ended = place.run(f"record cla.start {child} --on 2026-11-02")
            told.take("changes", ended, missing=True)
    return told.told


def _imports(place: Place, name: str, until: float) -> dict[str, list[str]]:
    told, number = _Told(name), 0
    while time.monotonic() < until:
        number += 1
        file = f"batch-{number}.csv"
        children = [f"{name}-{number:04}-{one}" for one in range(_BATCH)]
        (place.work / file).write_text("\n".join(["child_id", *children]), "utf-8")
        told.take("imports", place.run(f"import children {file}"), *children)
    return told.told


def _listed(out: str) -> set[str]:
    return {row["child_id"] for row in csv.DictReader(io.StringIO(out))}


def _in_part(children: set[str]) -> list[str]:
    """Return the imports that are stored in part."""
    batches = Counter(one.rpartition("-")[0] for one in children if one.startswith("I-"))
    return [one for one, count in batches.items() if count != _BATCH]


def _lists(place: Place, name: str, until: float) -> dict[str, list[str]]:
    told = _Told(name)
    while time.monotonic() < until:
        ended = place.run(_LISTED)
        if told.take("answers", ended) and (half := _in_part(_listed(ended.out))):
            told.wrong(f"imported in part: {half}")
    return told.told


def _verifies(place: Place, name: str, until: float) -> dict[str, list[str]]:
    told = _Told(name)
    while time.monotonic() < until:
        told.take("answers", place.run(VERIFY))
    return told.told


def _restores(place: Place, name: str, until: float) -> dict[str, list[str]]:
    told = _Told(name)
    while time.monotonic() < until:
        time.sleep(min(_BETWEEN, max(until - time.monotonic(), 0)) / 2)
        told.take("restores", place.run("restore base.db"))
        time.sleep(min(_BETWEEN, max(until - time.monotonic(), 0)) / 2)
    return told.told


def _found(place: Place, wrong: list[str]) -> set[str]:
    """Return every child in the store, or in a store that a restore kept, each of them sound."""
    found = set[str]()
    files = [one for one in place.work.glob("iro.db*") if not one.name.endswith(("-wal", "-shm"))]
    for file in files:
        if file.name.endswith(".copies"):
            continue
        listed, verified = place.answers(
            [f"--database {file.name} {one}" for one in (_LISTED, VERIFY)]
        )
        if listed.code or verified.code:
            wrong.append(f"{file.name}: {listed.err}{verified.err}{verified.out}")
        children = _listed(listed.out)
        if half := _in_part(children):
            wrong.append(f"{file.name}: imported in part: {half}")
        found |= children
    return found
