"""``child erase``: a child's data gone for good."""

import sys

from iro_cli.cli.clock import stamp
from iro_cli.cli.options import Given
from iro_cli.cli.output import say, tell
from iro_cli.cli.settings import resolve
from iro_cli.cli.values import plain_text
from iro_cli.dates.words import counted
from iro_cli.errors import InputRefusedError, UsageError
from iro_cli.questions.naming import child_named
from iro_cli.store.erasing import word_of
from iro_cli.store.opening import Store


def _sure(child: str) -> None:
    """
    Ask whoever sits at a terminal; a script has said what it wants.

    Raises:
        InputRefusedError: The answer is no.
    """
    if sys.stdin is None or not sys.stdin.isatty():
        return
    say(f"Everything about {child} is erased for good, and cannot be taken back. Type yes:")
    if sys.stdin.readline().strip().casefold() != "yes":
        raise InputRefusedError("nothing was erased")


def erase_one(store: Store, child: str, why: str) -> None:
    """Erase a child, and say what was reached and what was not."""
    done = store.erase(child, stamp(f"child erase --reason '{why}'"))
    tell(f"erased: {child}, {counted(done.rows, 'row')} of {counted(done.changes, 'change')}")
    for path in done.copies:
        tell(f"  erased from the copy {path}")
    for path, reason in done.missed:
        say(f"iro: NOT ERASED from the copy {path}: {reason}\n  delete that file yourself")
    for one in done.mentions:
        whose = f" of {one.child}" if one.child else ""
        say(f"iro: {child} is still named in the {one.on} of a {one.table}{whose}")


def erase_command(given: Given, child: str, reason: str) -> int:
    """Erase a child from the store and from the copies that the program knows of."""
    store = resolve(given).store
    why = plain_text(reason, "--reason")
    if not why:
        raise UsageError("--reason: say why, without a word about the child")
    with store.reading() as reader:
        child = child_named(reader, child)
        known = reader.children(child).get(child)
    if word_of([child, *([known.label] if known and known.label else [])]).search(why):
        raise UsageError(
            "--reason: the reason stays in the history, so the child may not be named in it"
        )
    _sure(child)
    erase_one(store, child, why)
    say(
        "iro: not reached: copies that were made by other means or moved, files that were "
        "exported, and backups of this machine"
    )
    return 0
