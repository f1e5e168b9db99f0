"""``child erase`` and ``retention``: erase a child for good, and list who may be erased."""

from collections.abc import Iterable, Sequence

from iro_cli import library
from iro_cli.changes.rules import set_retention, unset_retention
from iro_cli.cli.asking import can_ask, typed_line
from iro_cli.cli.options import Given
from iro_cli.cli.output import emit, say, tell
from iro_cli.cli.settings import open_view, resolve
from iro_cli.cli.values import plain_text
from iro_cli.clock import stamp, today
from iro_cli.dates.words import counted, spoken
from iro_cli.errors import InputRefusedError, IroError, StoreError, UsageError, kept
from iro_cli.lean import Any
from iro_cli.pages.retention import retention_export
from iro_cli.questions.naming import child_named
from iro_cli.questions.retention import BIRTH, KeptRecord, retained
from iro_cli.store.child_names import names_of
from iro_cli.store.erasing import Erased
from iro_cli.store.reading import Reader

# How many children are named in the question before they are erased.
_SHOWN = 10


def _kept_words(kept: KeptRecord) -> str:
    """Say until when a child's record has to be kept, and whether that day has passed."""
    until = kept.keep_until
    if until is None:
        return f"{kept.child}: it is not known until when the record has to be kept ({kept.why})"
    stands = ", which has passed" if until < today() else ", which has NOT passed"
    return f"{kept.child}: the record is to be kept until {spoken(until)}{stands} ({kept.why})"


def _sure(child: str, records: Sequence[KeptRecord], *, yes: bool) -> None:
    """
    Say what is about to be erased, and ask a person at a terminal; a script is not asked.

    Args:
        child: Which children are erased, in words.
        records: For each child, how long the record has to be kept.
        yes: Whether the person said before that nothing is to be asked.

    Raises:
        InputRefusedError: The answer is no.
    """
    lines = [_kept_words(one) for one in records[:_SHOWN]]
    if len(records) > _SHOWN:
        lines.append(f"and {len(records) - _SHOWN:,} more: `iro retention` lists them all")
    heading = (
        f"iro: everything about {child} is erased for good: neither that nor anything done before "
        "it can be taken back"
    )
    if records or can_ask():  # without records, the store does not hold the child, but a copy may
        say("\n  ".join([heading, *lines]))
    if yes or not can_ask():
        return
    say("Type yes to erase:")
    if typed_line() != "yes":
        raise InputRefusedError("nothing was erased")


def _tell(child: str, done: Erased) -> None:
    """Say what was erased of a child, and what could not be."""
    if done.rows or done.changes:
        tell(f"erased: {child}, {counted(done.rows, 'row')} of {counted(done.changes, 'change')}")
    else:
        tell(f"erased: {child}, which the store did not hold any more")
    for path in done.copies:
        tell(f"  erased from the copy {path}")
    for one in done.missed:
        copy, *more = one.files
        say(
            f"iro: NOT ERASED from the copy {copy}: {one.why}\n"
            f"  mend that and run the command again with the id {child}, or delete yourself "
            + ", ".join(map(str, (copy, *more)))
        )
    for path in done.others:
        say(f"iro: {path} is another store, with a child {child} of its own: it was left as it is")
    for mention in done.mentions:
        whose = f" of {mention.child}" if mention.child else ""
        say(f"iro: {child} is still named in the {mention.on} of a {mention.table}{whose}")


def _code(*done: Erased) -> int:
    """Return the exit code, which is an error's if a copy still holds the child."""
    return StoreError.exit_code if any(one.missed for one in done) else 0


def _reason(text: str, about: str) -> str:
    """
    Return the typed reason.

    Args:
        text: What was typed.
        about: The word for the children who must not be named in it.

    Raises:
        UsageError: It is blank.
    """
    why = plain_text(text, "--reason")
    if not why:
        raise UsageError(f"--reason: say why, without a word about the {about}")
    return why


def _refuse_named(reader: Reader, why: str, children: Sequence[str]) -> None:
    """
    Refuse a reason with an id or a label of a child, also with a label that was corrected since.

    The reason stays in the history; a name in it would be left after the child is erased.

    Raises:
        UsageError: There is one in it.
    """

    def ask(statement: str, values: Sequence[str]) -> Iterable[Any]:
        return reader.rows(statement, *values)

    if names_of(ask, *children).in_reasons().search(why):
        raise UsageError(
            "--reason: the reason stays in the history, so the child may not be named in it, by "
            "id or by any label they ever had"
        )


def _command(why: str) -> str:
    """Return the command for the history, without the child."""
    return f"child erase --reason '{why}'"


def _meant(reader: Reader, text: str) -> str:
    """
    Return the id of the named child, also if adding the child was undone.

    Raises:
        InputRefusedError: Nobody has that name, or several children have it.
    """
    try:
        return child_named(reader, text)
    except InputRefusedError:
        if reader.is_known(text):
            return text
        raise


def erase_command(given: Given, child: str, reason: str, yes: bool) -> int:
    """
    Erase a child from the store and from the copies that the program knows of.

    Raises:
        InputRefusedError: There is no such child.
    """
    settings = resolve(given)
    store, records = settings.store, list[KeptRecord]()
    why = _reason(reason, "child")
    unknown: InputRefusedError | None = None
    with store.reading() as reader:
        try:
            child = _meant(reader, child)
        except InputRefusedError as error:
            unknown = error  # go on, because a copy may still hold a child that the store does not
        _refuse_named(reader, why, [child])
        if unknown is None:
            records = retained(open_view(settings, reader), child)
    _sure(child, records, yes=yes)
    try:
        done = store.erase(child, stamp(_command(why)))
    except InputRefusedError as error:
        if unknown is None:
            raise
        _, line, copies = str(error).partition("\n")
        raise InputRefusedError(f"{unknown}{line}{copies}") from None
    _tell(child, done)
    say(f"iro: nothing was erased from {store.beyond}")
    return _code(done)


# ---------------------------------------------------------------- retention


def retention_list(given: Given, everything: bool) -> int:
    """
    List the children whose period has passed.

    With ``--all``, list every child and how long the record is kept.
    """
    settings = resolve(given)
    view = open_view(settings)
    found = retained(view)
    unknown = sum(one.keep_until is None for one in found)
    rows = found if everything else [one for one in found if one.passed]
    emit(retention_export(rows, unknown, view.catalogue, view.as_of), settings)
    return 0


def retention_set(given: Given, process: str, years: int, since: str) -> int:
    """
    Set how long the records of a process are kept.

    Raises:
        InputRefusedError: The law asks for a longer period.
    """
    settings = resolve(given)
    law = library.retention(process, settings.nation)
    if law is not None and (since != BIRTH or years < law.from_birth):
        raise InputRefusedError(
            f"{process}: the law requires these records to be kept for {law.from_birth} years from "
            f"birth ({law.provision}): a period set here must count from birth too, and "
            "cannot be shorter"
        )
    with settings.store.changing(
        stamp(f"retention set {process} {years} --since {since}")
    ) as change:
        set_retention(change, process, years, since, settings.as_of)
    from_what = "birth" if since == BIRTH else "the last thing recorded"
    tell(f"set: records of {process} are kept for {counted(years, 'year')} from {from_what}")
    return 0


def retention_unset(given: Given, process: str) -> int:
    """Take back the period that was set for the records of a process."""
    settings = resolve(given)
    with settings.store.changing(stamp(f"retention unset {process}")) as change:
        unset_retention(change, process)
    tell(f"taken back: no period is set for {process}")
    return 0


def retention_erase(given: Given, reason: str, yes: bool) -> int:
    """
    Erase every child whose period has passed.

    Raises:
        InputRefusedError: The as-of day is still to come.
    """
    settings = resolve(given)
    why = _reason(reason, "children")
    if settings.as_of > today():
        raise InputRefusedError(
            f"--as-of: {spoken(settings.as_of)} lies ahead, and only a period that has passed "
            "allows a record to be erased; `iro retention list` with that day lists the "
            "children whose period will have passed by then"
        )
    with settings.store.reading() as reader:
        records = [one for one in retained(open_view(settings, reader)) if one.passed]
        passed = [one.child for one in records]
        _refuse_named(reader, why, passed)
    if not passed:
        tell("nothing to erase: no period has passed")
        return 0
    _sure(counted(len(passed), "child", "children"), records, yes=yes)
    before, done = kept.count, dict[str, Erased]()
    try:
        # All are erased before the first message, because a message that cannot be written (a full
        # disk, a closed pipe) stops the program, and some children would not be erased.
        for child in passed:
            done[child] = settings.store.erase(child, stamp(_command(why)))
    except IroError:
        kept.count = before  # some are not erased, so the exit code must be an error's
        for child, one in done.items():
            _tell(child, one)
        raise
    for child, one in done.items():
        _tell(child, one)
    say(f"iro: nothing was erased from {settings.store.beyond}")
    return _code(*done.values())
