"""``import``: our own files, and the extracts that authorities have."""

import gc
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from importlib import import_module
from pathlib import Path
from typing import NamedTuple

from iro_cli import library
from iro_cli.changes.importing import (
    Changed,
    Counts,
    ImportRefusedError,
    Outcome,
    store_batch,
)
from iro_cli.changes.stamp import Stamp
from iro_cli.cli.clock import stamp, today
from iro_cli.cli.options import Given
from iro_cli.cli.output import emit, say, spare, tell
from iro_cli.cli.settings import Settings, open_view, resolve
from iro_cli.dates.words import counted
from iro_cli.errors import UsageError
from iro_cli.extracts.batch import Batch
from iro_cli.law.catalogue import nearest
from iro_cli.pages.changes import changes_export
from iro_cli.questions.health import HealthRow, facts_of
from iro_cli.tables.refused import Refused, write_refused

# This program's own files, and the extracts: the module and function that read each,
# imported when it is asked for.
_OWN = {
    "children": "read_children",
    "allocations": "read_allocations",
    "events": "read_events",
}
_EXTRACTS = {
    "ssda903": "read_returns",
    "annex-a": "read_annex_a",
    "cin-census": "read_cin_census",
    "ssd": "read_ssd",
}
SOURCES = (*_OWN, *_EXTRACTS)
_SHOWN_FINDINGS = 10


class _Reading(NamedTuple):
    """How files are to be read."""

    columns: Path | None
    roles: Sequence[str]
    day: date


def _read(source: str, paths: Sequence[Path], reading: _Reading) -> list[Batch]:
    if source in _EXTRACTS:
        module = import_module(f"iro_cli.extracts.{source.replace('-', '_')}")
        more = {}
        if reading.roles:
            from iro_cli.extracts.ssd_roles import read_roles  # noqa: PLC0415 - only where asked for

            more = {"roles": read_roles(reading.roles)}
        return [getattr(module, _EXTRACTS[source])(paths, today=reading.day, **more)]
    read = getattr(import_module(f"iro_cli.extracts.{source}"), _OWN[source])
    columns = None
    if reading.columns:
        from iro_cli.extracts.columns import read_columns  # noqa: PLC0415 - only where asked for
        from iro_cli.extracts.describe import KNOWN  # noqa: PLC0415 - the same

        columns = read_columns(reading.columns, known=KNOWN[source])
    batches: list[Batch] = []
    for path in paths:
        batch = read(path, today=reading.day, columns=columns)
        if len(paths) > 1:  # two files of one name in two folders are told apart
            batch.refused[:] = [one._replace(file=str(path)) for one in batch.refused]
        batches.append(batch)
    return batches


def _check_refused(refused: Path, settings: Settings, paths: Sequence[Path]) -> None:
    """Refuse a place for refused rows before anything is stored."""
    spare(refused, settings.database, *paths)
    if refused.is_dir() or not os.access(refused.absolute().parent, os.W_OK):
        raise UsageError(f"--refused {str(refused)!r}: no file can be written there")


def _store(
    settings: Settings,
    batches: list[Batch],
    made: Stamp,
    *,
    skip_refused: bool,
    dry_run: bool,
    replace: bool,
) -> list[Outcome]:
    """
    Store what several files gave, nothing of any of them where one is refused.

    Raises:
        ImportRefusedError: With the problems of every file.
    """
    refused: list[Refused] = []
    outcomes: list[Outcome] = []
    for trial in (True, False) if len(batches) > 1 and not dry_run else (dry_run,):
        outcomes = []
        for batch in batches:
            try:
                outcomes.append(
                    store_batch(
                        settings.database,
                        batch,
                        **made._asdict(),
                        skip_refused=skip_refused,
                        dry_run=trial,
                        replace=replace,
                    )
                )
            except ImportRefusedError as error:
                refused += error.refused
        if refused:
            raise ImportRefusedError(refused, sum(batch.rows for batch in batches))
    return outcomes


def _counts(counts: Counts) -> str:
    parts = [
        counted(counts.children, "child", "children"),
        counted(counts.facts, "event"),
        counted(counts.allocations, "allocation"),
    ]
    return ", ".join(part for part in parts if not part.startswith("0 "))


def _report(batch: Batch, outcome: Outcome, *, aside: bool) -> None:
    """Say what was read and what came of it; aside where standard output is for a listing."""
    put = say if aside else tell
    for name, rows in batch.read.items():
        put(f"read: {name}, {counted(rows, 'row')}")
    found = ", ".join(f"{what} {number:,}" for what, number in batch.counts.items() if number)
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
        # What another source gave, or somebody typed in, and this extract gives too.
        put(f"of these, stated by {batch.source} for the first time: {outcome.confirmed:,}")
    if outcome.vanished and outcome.replaced:
        put(f"{tense}withdrawn: {counted(outcome.vanished, 'event')}")
    if outcome.refused:
        rows = len({one.key for one in outcome.refused})
        put(f"refused: {counted(rows, 'row')}, left out")
    if not batch.rows:
        say("iro: there is no row in it, only its header: was it cut short?")
    elif outcome.unchanged and outcome.refused:
        put("nothing new to store besides the rows that were refused")
    elif outcome.unchanged:
        put("nothing to store: everything in it is in the store already")
    elif outcome.dry_run:
        put("nothing was stored: this was a dry run")
    for warning in outcome.warnings:
        say(f"iro: {warning}")


def _list_changes(settings: Settings, changes: Sequence[Changed]) -> None:
    """List what a dry run found, each thing by itself."""
    if not changes and settings.format == "table" and settings.output is None:
        return
    catalogue = library.catalogue(settings.nation, settings.packs)
    emit(changes_export(changes, catalogue, settings.as_of), settings)


def _contradictions(settings: Settings, touched: set[str]) -> None:
    """Report what the stored facts contradict: never repaired, only said."""
    rows: list[HealthRow] = [row for row in facts_of(open_view(settings)) if row.child in touched]
    if not rows:
        return
    children = len({row.child for row in rows})
    say(
        f"iro: {counted(len(rows), 'finding')} about {counted(children, 'child', 'children')}; "
        "`iro doctor` lists them all:"
    )
    for row in rows[:_SHOWN_FINDINGS]:
        say(f"  {row.child}: {row.message}")
    if len(rows) > _SHOWN_FINDINGS:
        say(f"  and {len(rows) - _SHOWN_FINDINGS:,} more")


def _check_options(
    source: str, *, own: bool, columns: bool, roles: bool, replace: bool, skip_refused: bool
) -> None:
    """Refuse options that do not go together, or not with the source."""
    if columns and not own:
        raise UsageError(f"--columns and --describe go with {', '.join(_OWN)}, not with {source}")
    if roles and source != "ssd":
        raise UsageError("--role goes with ssd, whose involvements have local codes")
    if replace and own:
        raise UsageError(
            f"--replace goes with {', '.join(_EXTRACTS)}: {source} files are no extract of a whole"
        )
    if replace and skip_refused:
        raise UsageError(
            "--replace and --skip-refused do not go together: a row that is left out would look "
            "like one that vanished"
        )


def _describe(source: str, paths: Sequence[Path], day: date) -> int:
    from iro_cli.extracts.describe import describe  # noqa: PLC0415 - only where asked for

    if len(paths) != 1:
        raise UsageError("--describe: name one file")
    sys.stdout.write(describe(paths[0], today=day, reads=source))
    return 0


def import_command(
    given: Given,
    source: str,
    paths: tuple[Path, ...],
    dry_run: bool,
    replace: bool,
    skip_refused: bool,
    refused: Path | None,
    columns: Path | None,
    describe: bool,
    role: tuple[str, ...],
) -> int:
    """Read files or an extract into the store: all of it, or nothing and every reason."""
    if source not in SOURCES:
        raise UsageError(
            f"SOURCE {source!r}: one of {', '.join(SOURCES)}{nearest(source, SOURCES)}"
        )
    _check_options(
        source,
        own=source in _OWN,
        columns=bool(columns or describe),
        roles=bool(role),
        replace=replace,
        skip_refused=skip_refused,
    )
    settings = resolve(given)
    if not dry_run and (given.format or given.output):
        raise UsageError("--format and --output go with --dry-run, which lists what would change")
    if describe:
        return _describe(source, paths, today())
    if sys.stderr.isatty():
        say(f"reading {', '.join(str(path) for path in paths)} …")
    if refused:
        _check_refused(refused, settings, paths)
    with _no_looking_for_cycles():
        return _import(
            settings,
            source,
            paths,
            _Reading(columns, role, today()),
            _Wanted(dry_run, replace, skip_refused, refused),
        )


@contextmanager
def _no_looking_for_cycles() -> Iterator[None]:
    """Leave the collector out: it would look through every fact again and again, for nothing."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


class _Wanted(NamedTuple):
    """What is to be done with what is read."""

    dry_run: bool
    replace: bool
    skip_refused: bool
    refused: Path | None


def _import(
    settings: Settings, source: str, paths: Sequence[Path], reading: _Reading, wanted: _Wanted
) -> int:
    """Read, store and report."""
    dry_run, replace, skip_refused, refused = wanted
    batches = _read(source, paths, reading)
    made = stamp(f"import {source} {' '.join(path.name for path in paths)}")
    try:
        outcomes = _store(
            settings, batches, made, skip_refused=skip_refused, dry_run=dry_run, replace=replace
        )
    except ImportRefusedError as error:
        if refused:
            write_refused(refused, error.refused)
        raise
    aside = dry_run and (settings.format != "table" or settings.output is not None)
    for batch, outcome in zip(batches, outcomes, strict=True):
        _report(batch, outcome, aside=aside)
    if dry_run:
        _list_changes(settings, [one for outcome in outcomes for one in outcome.changes])
    if refused:
        write_refused(refused, [one for outcome in outcomes for one in outcome.refused])
    touched = {child for outcome in outcomes for child in outcome.children}
    if touched and not dry_run:
        _contradictions(settings, touched)
    return 0
