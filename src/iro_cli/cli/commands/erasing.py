"""``child erase`` and ``retention``: a child's data gone for good, and when that may be."""

from iro_cli import library
from iro_cli.changes.retention import set_retention, unset_retention
from iro_cli.cli.asking import can_ask, typed
from iro_cli.cli.clock import stamp
from iro_cli.cli.options import Given
from iro_cli.cli.output import emit, say, tell
from iro_cli.cli.settings import open_view, resolve
from iro_cli.cli.values import plain_text
from iro_cli.dates.words import counted
from iro_cli.errors import InputRefusedError, IroError, UsageError, kept
from iro_cli.pages.retention import retention_export
from iro_cli.questions.naming import child_named
from iro_cli.questions.retention import BIRTH, retained
from iro_cli.store.erasing import Erased, word_of

_NOT_REACHED = (
    "iro: not reached: copies that were made by other means or moved, files that were exported, "
    "and backups of this machine"
)


def _sure(child: str) -> None:
    """
    Ask whoever sits at a terminal; a script has said what it wants.

    Raises:
        InputRefusedError: The answer is no.
    """
    if not can_ask():
        return
    say(f"Everything about {child} is erased for good, and cannot be taken back. Type yes:")
    if typed() != "yes":
        raise InputRefusedError("nothing was erased")


def _tell(child: str, done: Erased) -> None:
    """Say what was reached of a child, and what was not."""
    tell(f"erased: {child}, {counted(done.rows, 'row')} of {counted(done.changes, 'change')}")
    for path in done.copies:
        tell(f"  erased from the copy {path}")
    for path, reason in done.missed:
        say(f"iro: NOT ERASED from the copy {path}: {reason}\n  delete that file yourself")
    for one in done.mentions:
        whose = f" of {one.child}" if one.child else ""
        say(f"iro: {child} is still named in the {one.on} of a {one.table}{whose}")


def _command(why: str) -> str:
    """Return the command as it stands in the history, without the child."""
    return f"child erase --reason '{why}'"


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
    _tell(child, store.erase(child, stamp(_command(why))))
    say(_NOT_REACHED)
    return 0


# ---------------------------------------------------------------- retention


def retention_list(given: Given, everything: bool) -> int:
    """List the children whose period has passed; with --all, how long each record is kept."""
    settings = resolve(given)
    view = open_view(settings)
    found = retained(view)
    unknown = sum(one.keep_until is None for one in found)
    rows = found if everything else [one for one in found if one.passed]
    emit(retention_export(rows, unknown, view.catalogue, view.as_of), settings)
    return 0


def retention_set(given: Given, process: str, years: int, since: str) -> int:
    """Set how long the records of a process are kept."""
    settings = resolve(given)
    law = library.retention(process, settings.nation)
    if law is not None and (since != BIRTH or years < law.from_birth):
        raise InputRefusedError(
            f"{process}: the law has these records kept for {law.from_birth} years from birth "
            f"({law.provision}), and a period set here can only be longer, from birth"
        )
    with settings.store.changing(
        stamp(f"retention set {process} {years} --since {since}")
    ) as change:
        set_retention(change, process, years, since, settings.as_of)
    from_what = "birth" if since == BIRTH else "the last thing recorded"
    tell(f"set: records of {process} are kept for {counted(years, 'year')} from {from_what}")
    return 0


def retention_unset(given: Given, process: str) -> int:
    """Take back how long the records of a process are kept."""
    settings = resolve(given)
    with settings.store.changing(stamp(f"retention unset {process}")) as change:
        unset_retention(change, process)
    tell(f"taken back: no period is set for {process}")
    return 0


def retention_erase(given: Given, reason: str) -> int:
    """Erase every child whose period has passed."""
    settings = resolve(given)
    why = plain_text(reason, "--reason")
    if not why:
        raise UsageError("--reason: say why, without a word about the children")
    with settings.store.reading() as reader:
        passed = [one.child for one in retained(open_view(settings, reader)) if one.passed]
    if not passed:
        tell("nothing to erase: no period has passed")
        return 0
    _sure(counted(len(passed), "child", "children"))
    before, done = kept.count, dict[str, Erased]()
    try:
        # Every one, before anything is said: a message that cannot be written stops the program.
        for child in passed:
            done[child] = settings.store.erase(child, stamp(_command(why)))
    except IroError:
        kept.count = before  # what was asked for was not all done
        for child, one in done.items():
            _tell(child, one)
        raise
    for child, one in done.items():
        _tell(child, one)
    say(_NOT_REACHED)
    return 0
