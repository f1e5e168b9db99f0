"""What must be true after a command was killed or could not write, whichever and whenever."""

from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from faults.program import Ended, Place
from faults.stage import DOCTOR, DUE, VERIFY, Stage, Unreadable, rows_of, standing
from iro_cli.lean import Any
from iro_cli.store.sqlite import SqliteStore

STORE = "work/iro.db"
_NEXT = ("child add Nextling", VERIFY)


@cache
def _nothing() -> object:
    """Return the rows of a new store without content."""
    with TemporaryDirectory() as folder:
        store = SqliteStore(Path(folder) / "iro.db")
        store.prepare()
        return rows_of(store.path)


def judged(
    stage: Stage, place: Place, ended: Ended, *, lawful: frozenset[str] = frozenset()
) -> list[str]:
    """
    Return in words what is wrong after a command.

    Args:
        stage: What was run.
        place: Where.
        ended: How it ended; less than zero where it was killed.
        lawful: The files that may be as after it although it ended with a refusal.
    """
    return list(_judged(stage, place, ended, lawful))


def _judged(stage: Stage, place: Place, ended: Ended, lawful: frozenset[str]) -> Iterator[str]:
    found = standing(place)
    store, before, after = (one.get(STORE) for one in (found, stage.before, stage.after))
    done = ended.code == 0 or bool(ended.out and ended.code < 0)
    yield from _files(stage, found, done=done, refused=ended.code > 0, lawful=lawful)
    was_sound = before is not None and not isinstance(before, Unreadable)
    if ended.code > 0 and "put back a backup" in ended.err and was_sound:
        yield f"said to be damaged: {ended.err}"
    if was_sound and before not in found.values() and "restore" in stage.line:
        yield "what stood there is kept nowhere"
    answers = place.answers([DUE, DOCTOR, stage.line, *_NEXT])
    if len(answers) < 5:
        yield f"a command ended with {answers[-1].code}"
        return
    due, doctor, again, *rest = answers
    yield from (one.wrong for one in answers if one.wrong)
    if store is not None and not isinstance(store, Unreadable):
        for was, place_of in ((before, 0), (after, 1)):
            if store == was and before != after:
                if f"{due.code}: {due.out}" != stage.due[place_of]:
                    yield f"another answer: {due.out}{due.err}"
                if doctor.code != stage.doctor[place_of]:
                    yield f"the doctor: {doctor.out}{doctor.err}"
    if not done and again.code and found == stage.before:
        yield f"it cannot be done again: exit code {again.code}: {again.err}"
    for one in rest:
        if one.code:
            yield f"the next command: exit code {one.code}: {one.err}"


def _files(
    stage: Stage, found: Mapping[str, object], *, done: bool, refused: bool, lawful: frozenset[str]
) -> Iterator[str]:
    """Compare each file with before and after: it has to be wholly one of them."""
    for name in sorted({*found, *stage.before, *stage.after}):
        content, before, after = (one.get(name) for one in (found, stage.before, stage.after))
        if content == after:
            if refused and before != after and name not in lawful:
                yield f"it was refused, and {name} is as after it"
        elif done and stage.line.startswith("backup --keep") and None not in (content, before):
            continue  # an older copy that could not be looked into, or removed, stays
        elif done:
            yield f"it was said to be done, and {name} is not as after it"
        elif content != before and not _on_the_way(stage, name, content):
            why = content.why if isinstance(content, Unreadable) else ""
            yield f"{name} is neither as before nor as after {why}"


def _on_the_way(stage: Stage, name: str, content: object) -> bool:
    """Say whether a store is what a command lawfully leaves between two changes."""
    before, after = stage.before.get(name), stage.after.get(name)
    if not isinstance(content, dict) or not isinstance(after, dict):
        return False
    if isinstance(before, dict):  # an older store, moved on and not changed yet
        return _numbers(content) == _numbers(before) and content["version"] == after["version"]
    return {name: held for name, held in content.items() if name != "sealed"} == _nothing()


def _numbers(content: Mapping[str, Any]) -> list[int]:
    return [row[0] for row in content["change"]]
