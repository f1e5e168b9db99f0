"""``import``: read the program's own files, and the extracts that authorities have."""

import os
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path

from iro_cli import library
from iro_cli.changes.difference import ImportStep, Tally
from iro_cli.changes.importing import ImportRefusedError, Outcome, store_batch
from iro_cli.cli.options import Given
from iro_cli.cli.output import emit, say, say_made, spare, tell
from iro_cli.cli.progress import shown
from iro_cli.cli.results import results
from iro_cli.cli.settings import Settings, open_view, resolve
from iro_cli.clock import stamp, today
from iro_cli.dates.words import counted, spoken_short
from iro_cli.errors import UsageError
from iro_cli.extracts import OPTIONS, SOURCES, source_named
from iro_cli.extracts.batch import Batch
from iro_cli.extracts.source import Source
from iro_cli.facts.model import Event, Statement
from iro_cli.incoming.kinds import TableKind
from iro_cli.incoming.refused import Refused, count_rows, write_refused
from iro_cli.law.catalogue import nearest
from iro_cli.lean import Any, NamedTuple
from iro_cli.obligations.findings import NEAR_ANOTHER
from iro_cli.pages.changes import changes_export
from iro_cli.progress import WithoutCollecting
from iro_cli.questions.health import facts_in_short
from iro_cli.questions.twice import consequence

# The variable with the password for the database of an extract, if the URL has none.
_VARIABLE = "IRO_EXTRACT_PASSWORD"
_SHOWN_FINDINGS = 10
_SHOWN_REFUSED = 10


# ---------------------------------------------------------------- options that fit each other


def _options_for(source: Source, typed: Mapping[str, Any], database: str) -> dict[str, Any]:
    """
    Read the options of the source.

    Raises:
        UsageError: An option is for another source, is for a database although none is named, or
            cannot be read.
    """
    for option in OPTIONS:
        if typed.get(option.name) and source.name not in option.sources:
            raise UsageError(
                f"{option.typed} is for {', '.join(option.sources)}, not for {source.name}"
            )
        if typed.get(option.name) and option.of_database and not database:
            raise UsageError(
                f"{option.typed} is for a database, which is named by a URL such as "
                "postgresql://USER@HOST/DATABASE: files have no such thing"
            )
    return {name: parse(typed[name]) for name, parse in source.options.items() if typed.get(name)}


def _database_among(words: Sequence[str], source: Source) -> str:
    """
    Return the URL of a database among the named places; blank if there is none.

    Raises:
        UsageError: The source is read from files only, or there are several URLs.
    """
    urls = [one for one in words if "://" in one]
    if urls and not source.reads_databases:
        names = ", ".join(name for name in SOURCES if source_named(name).reads_databases)
        raise UsageError(f"a URL is for {names}, not for {source.name}: name a file")
    if len(urls) > 1:
        raise UsageError(
            "several URLs are given: an extract is read from one database, so give its URL alone"
        )
    return urls[0] if urls else ""


def _named(paths: Sequence[Path], database: str) -> str:
    """
    Return the names of what is read for the history: without folders and passwords.

    Raises:
        UsageError: It is not clear where the password in the URL ends.
    """
    names = [path.name for path in paths]
    if database:
        # It loads SQLAlchemy, which an import of files does not need.
        from iro_cli.incoming.database import place_shown  # noqa: PLC0415

        names.insert(0, place_shown(database))
    return " ".join(names)


def _check_options(source: Source, *, describe: bool, replace: bool, skip_refused: bool) -> None:
    """
    Refuse options that do not fit each other or the source.

    Raises:
        UsageError: There are such options; the message names the sources that take the option.
    """
    if describe and source.describe is None:
        names = ", ".join(name for name in SOURCES if source_named(name).describe)
        raise UsageError(f"--describe is for {names}, not for {source.name}")
    if replace and not source.is_extract:
        names = ", ".join(name for name in SOURCES if source_named(name).is_extract)
        raise UsageError(
            f"--replace is for {names}: {source.name} files are not an extract of everything"
        )
    if replace and skip_refused:
        raise UsageError(
            "--replace and --skip-refused do not go together: a row that is left out would look "
            "like one that vanished"
        )


def _check_refused(refused: Path, settings: Settings, paths: Sequence[Path]) -> None:
    """
    Check that the refused rows can be written to a file, before anything is stored.

    Raises:
        UsageError: No file can be written there.
        InputRefusedError: The place is a store, a pack, a key or a file that is being read.
    """
    spare(refused, *settings.store.files, *settings.packs, *paths)
    if refused.is_dir() or not os.access(refused.absolute().parent, os.W_OK):
        raise UsageError(f"--refused {str(refused)!r}: no file can be written there")


# ---------------------------------------------------------------- messages


def _counts(counts: Tally) -> str:
    parts = [
        counted(counts.children, "child", "children"),
        counted(counts.facts, "event"),
        counted(counts.allocations, "allocation"),
    ]
    return ", ".join(part for part in parts if not part.startswith("0 "))


def _report(batch: Batch, outcome: Outcome, *, aside: bool) -> None:
    """Say what was read and with what result; on standard error if there is also a listing."""
    put = say if aside else tell
    for name, rows in batch.read.items():
        put(f"read: {name}, {counted(rows, 'row')}")
    found = ", ".join(f"{what} {number:,}" for what, number in outcome.found.items() if number)
    if found:
        put(f"found: {found}")
    tense = "would be " if outcome.dry_run else ""
    for verb, counts in (
        ("added", outcome.added),
        ("corrected", outcome.corrected),
        ("there already", outcome.skipped),
    ):
        if any(counts):
            put(f"{'' if verb == 'there already' else tense}{verb}: {_counts(counts)}")
    if outcome.moved:
        put(f"{tense}moved to another day: {counted(outcome.moved, 'event')}")
    if outcome.confirmed:
        # These facts are known from another source or from somebody who typed them; now this
        # extract states them too.
        put(f"of these, stated by {batch.source} for the first time: {outcome.confirmed:,}")
    if outcome.vanished and outcome.replaced:
        put(f"{tense}withdrawn: {counted(outcome.vanished, 'event')}")
    if outcome.refused:
        _report_refused(outcome.refused, put)
    _report_nothing(batch, outcome, put)
    for warning in outcome.warnings:
        say(f"iro: {warning}")


def _report_nothing(batch: Batch, outcome: Outcome, put: Callable[[str], None]) -> None:
    """If nothing was stored, say why."""
    if not batch.rows:
        for name in batch.read or ("it",):
            say(f"iro: {name} has a header and no rows: was it cut short?")
    elif outcome.unchanged and outcome.noted:
        would = "would be" if outcome.dry_run else "was"
        beside = " besides the rows that were refused" if outcome.refused else ""
        put(
            f"no new facts{beside}; what this extract carries, and what it does not, {would} stored"
        )
    elif outcome.unchanged and outcome.refused:
        put("nothing new to store besides the rows that were refused")
    elif outcome.unchanged and outcome.left_out:
        put("nothing to store: the rest of it is in the store already")
    elif outcome.unchanged:
        put("nothing to store: everything in it is in the store already")
    elif outcome.dry_run:
        put("nothing was stored: this was a dry run")


def _report_refused(refused: Sequence[Refused], put: Callable[[str], None]) -> None:
    """Say how many rows were left out, with the reasons of the first."""
    put(f"refused: {counted(count_rows(refused), 'row')}, left out:")
    for one in refused[:_SHOWN_REFUSED]:
        put(f"  {one}")
    if len(refused) > _SHOWN_REFUSED:
        put(
            f"  and {len(refused) - _SHOWN_REFUSED:,} more reasons; --refused FILE keeps every row "
            "with its reasons"
        )


def _list_changes(settings: Settings, changes: Sequence[ImportStep]) -> None:
    """List each thing that a dry run would change."""
    if not changes and settings.format == "table" and settings.output is None:
        return
    catalogue = library.catalogue(settings.nation, settings.packs)
    emit(changes_export(changes, catalogue, settings.as_of), settings)


def _contradictions(settings: Settings, outcome: Outcome) -> None:
    """Report contradictions among the stored facts, which the program never repairs by itself."""
    # What a person recorded on a day near it is told below, with what it does to the next date.
    told = {
        (child, max(given.event.on, recorded.on).isoformat(), NEAR_ANOTHER)
        for child, given, recorded in outcome.beside
    }
    with shown():
        found = facts_in_short(
            open_view(settings),
            outcome.children,
            outcome.described,
            outcome.stands,
            _SHOWN_FINDINGS,
            told=told,
        )
    if not found.findings:
        return
    say(
        f"iro: {counted(found.findings, 'finding')} about "
        f"{counted(found.children, 'child', 'children')}; `iro doctor` lists them all:"
    )
    for row in found.first:
        say(f"  {row.child}: {row.message}")
    if found.findings > len(found.first):
        say(f"  and {found.findings - len(found.first):,} more")


def _say_each(
    settings: Settings,
    outcome: Outcome,
    found: Sequence[tuple[str, Statement, Event | None]],
    beside: Callable[[Event | None], str],
) -> None:
    """
    Print events of the import with the stored event that goes with each, and the effect on dates.

    Args:
        settings: The settings.
        outcome: The result of the import.
        found: For each event the child, the statement that was read, and the stored event, if any.
        beside: A function that puts the stored event into words.
    """
    view = None if outcome.dry_run else open_view(settings)
    for child, one, stands in found[:_SHOWN_FINDINGS]:
        words = consequence(view, child, one.event, stands) if view and stands else ""
        say(
            f"  {child}: {one.event.event} on {spoken_short(one.event.on)}"
            + (f" ({one.source})" if one.source else "")
            + beside(stands)
            + (f": {words}" if words else "")
        )
    if len(found) > _SHOWN_FINDINGS:
        say(f"  and {len(found) - _SHOWN_FINDINGS:,} more")


def _beside(settings: Settings, outcome: Outcome) -> None:
    """Report events a few days from one that a person recorded; both are kept as facts."""
    number = len(outcome.beside)
    would = "would stand" if outcome.dry_run else "stand"
    say(
        f"iro: {counted(number, 'event')} a few days from one that a person recorded, so "
        f"probably the same; both {would}, and `iro doctor --sources` lists them:"
    )
    _say_each(
        settings,
        outcome,
        outcome.beside,
        lambda one: f", and {one.event} recorded on {spoken_short(one.on)}" if one else "",
    )
    child, one, other = outcome.beside[0]
    say(
        f"  `iro record {other.event} {child} --on {one.event.on} --correct` puts a recorded day "
        "right; where the extract is wrong, have it put right at its source"
    )


def _left_out(settings: Settings, outcome: Outcome) -> None:
    """Report events that a person has corrected or taken back since, which are left out."""
    number = len(outcome.left_out)
    say(
        f"iro: {counted(number, 'event')} that a person has put right or taken back since, so left "
        "out; what was recorded stands:"
    )
    _say_each(
        settings,
        outcome,
        outcome.left_out,
        lambda one: (
            f", put right to {one.event} on {spoken_short(one.on)}" if one else ", taken back"
        ),
    )
    child, one, stands = outcome.left_out[0]
    command = f"iro record {one.event.event} {child} --on {one.event.on}"
    say(
        "  have it put right at its source; where the file is right, "
        f"`{command}{' --correct' if stands else ''}` stores its day"
    )


# ---------------------------------------------------------------- the command


def import_command(
    given: Given,
    source: str,
    places: tuple[str, ...],
    dry_run: bool,
    replace: bool,
    skip_refused: bool,
    refused: Path | None,
    describe: bool,
    **typed: Any,
) -> int:
    """
    Read files, or an extract in files or a database, into the store.

    Everything is stored; or nothing is, and all reasons are given.

    Raises:
        UsageError: Options do not fit each other or the source.
        InputRefusedError: A file or row is refused.
    """
    if source not in SOURCES:
        raise UsageError(
            f"SOURCE {source!r}: one of {', '.join(SOURCES)}{nearest(source, SOURCES)}"
        )
    asked = source_named(source)
    _check_options(asked, describe=describe, replace=replace, skip_refused=skip_refused)
    database = _database_among(places, asked)
    paths = [Path(one) for one in places if one != database]
    options = _options_for(asked, typed, database)
    if database:
        options["database"] = database
        # The password is not an option, because other users of the machine can see command lines.
        options["password"] = os.environ.get(_VARIABLE, "")
    settings = resolve(given)
    if not dry_run and (given.format or given.output):
        raise UsageError("--format and --output go with --dry-run, which lists what would change")
    if describe and asked.describe:
        if len(paths) != 1:
            raise UsageError("--describe: name one file")
        results().write(asked.describe(paths[0], today(), asked))
        return 0
    if refused:
        _check_refused(refused, settings, paths)
    with WithoutCollecting():
        command = f"import {source} {_named(paths, database)}"
        # With a mapping the names of the columns are the user's own.
        kinds = () if options.get("columns") else asked.kinds
        wanted = _ImportRequest(dry_run, replace, skip_refused, refused, kinds)
        stood = dry_run or settings.store.exists()
        with shown():
            batch = asked.read(paths, today=today(), as_of=settings.as_of, **options)
            outcome = _stored(settings, batch, command, wanted)
        if not stood and settings.store.exists():
            say_made(settings.store)
        _tell(settings, batch, outcome, wanted)
    return 0


class _ImportRequest(NamedTuple):
    """What the command was asked to do with the rows."""

    dry_run: bool
    replace: bool
    skip_refused: bool
    refused: Path | None
    kinds: Sequence[TableKind]


def _stored(settings: Settings, batch: Batch, command: str, wanted: _ImportRequest) -> Outcome:
    """Store the rows as one change; refused rows are written to their file before that."""
    keep: Callable[[Sequence[Refused]], None] = (
        partial(write_refused, wanted.refused, kinds=wanted.kinds)
        if wanted.refused
        else lambda _: None
    )
    try:
        return store_batch(
            settings.store,
            batch,
            stamp(command),
            skip_refused=wanted.skip_refused,
            dry_run=wanted.dry_run,
            replace=wanted.replace,
            keep=keep,
        )
    except ImportRefusedError as error:
        keep(error.refused)
        raise


def _tell(settings: Settings, batch: Batch, outcome: Outcome, wanted: _ImportRequest) -> None:
    """Report the result of the import."""
    aside = wanted.dry_run and (settings.format != "table" or settings.output is not None)
    _report(batch, outcome, aside=aside)
    if wanted.dry_run:
        _list_changes(settings, outcome.steps)
    if outcome.children and not wanted.dry_run:
        _contradictions(settings, outcome)
    if outcome.beside:
        _beside(settings, outcome)
    if outcome.left_out:
        _left_out(settings, outcome)
