"""``import``: files of children, allocations and events, and the SSDA903 return."""

import os
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from iro_cli.cli.daily import open_view
from iro_cli.cli.options import with_common
from iro_cli.cli.output import say, spare, tell
from iro_cli.cli.settings import Given, Settings, resolve
from iro_cli.cli.stamp import stamp
from iro_cli.cli.today import today
from iro_cli.dates.words import counted
from iro_cli.errors import UsageError
from iro_cli.exchange.allocations import read_allocations
from iro_cli.exchange.batch import Batch, Refused
from iro_cli.exchange.children import read_children
from iro_cli.exchange.events import read_events
from iro_cli.exchange.refusals import write_refused
from iro_cli.exchange.ssda903 import read_returns
from iro_cli.questions.health import HealthRow, facts_of
from iro_cli.questions.importing import Counts, ImportRefusedError, Outcome, store_batch
from iro_cli.questions.stamp import Stamp
from iro_cli.rules.catalogue import nearest

app = typer.Typer(rich_markup_mode=None)

_READERS: dict[str, Callable[..., Batch]] = {
    "children": read_children,
    "allocations": read_allocations,
    "events": read_events,
}
SOURCES = (*_READERS, "ssda903")
_SHOWN_FINDINGS = 10


def _sources(incomplete: str) -> list[str]:
    return [one for one in SOURCES if one.startswith(incomplete)]


def _read(source: str, paths: list[Path], day: date) -> list[Batch]:
    if source == "ssda903":
        return [read_returns(paths, today=day)]
    batches = []
    for path in paths:
        batch = _READERS[source](path, today=day)
        if len(paths) > 1:  # two files of one name in two folders are told apart
            batch.refused[:] = [one._replace(file=str(path)) for one in batch.refused]
        batches.append(batch)
    return batches


def _check_refused(refused: Path, settings: Settings, paths: list[Path]) -> None:
    """Refuse a place for refused rows before anything is stored."""
    spare(refused, settings.database, *paths)
    if refused.is_dir() or not os.access(refused.absolute().parent, os.W_OK):
        raise UsageError(f"--refused {str(refused)!r}: no file can be written there")


def _store(
    settings: Settings, batches: list[Batch], made: Stamp, *, skip_refused: bool, dry_run: bool
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


def _report(batch: Batch, outcome: Outcome) -> None:
    """Say what was read and what came of it."""
    for name, rows in batch.read.items():
        tell(f"read: {name}, {counted(rows, 'row')}")
    found = ", ".join(f"{what} {number:,}" for what, number in batch.counts.items() if number)
    if found:
        tell(f"found: {found}")
    tense = "would be " if outcome.dry_run else ""
    for verb, counts in (
        ("added", outcome.added),
        ("corrected", outcome.corrected),
        ("there already", outcome.skipped),
    ):
        if any(counts):
            tell(f"{'' if verb == 'there already' else tense}{verb}: {_counts(counts)}")
    if outcome.refused:
        rows = len({(one.file, one.row) for one in outcome.refused})
        tell(f"refused: {counted(rows, 'row')}, left out")
    if not batch.rows:
        say("iro: there is no row in it, only its header: was it cut short?")
    elif outcome.unchanged and outcome.refused:
        tell("nothing new to store besides the rows that were refused")
    elif outcome.unchanged:
        tell("nothing to store: everything in it is in the store already")
    elif outcome.dry_run:
        tell("nothing was stored: this was a dry run")
    for warning in outcome.warnings:
        say(f"iro: {warning}")


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


@app.command("import")
@with_common
def import_command(
    given: Given,
    source: Annotated[
        str,
        typer.Argument(metavar="SOURCE", help=", ".join(SOURCES), autocompletion=_sources),
    ],
    paths: Annotated[
        list[Path], typer.Argument(metavar="PATH...", help="Files; folders for ssda903.")
    ],
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what would be stored, and store nothing.")
    ] = False,
    skip_refused: Annotated[
        bool, typer.Option("--skip-refused", help="Leave refused rows out, and store the rest.")
    ] = False,
    refused: Annotated[
        Path | None,
        typer.Option("--refused", metavar="FILE", help="Write refused rows there, to be mended."),
    ] = None,
) -> int:
    """Read a file or a return into the store: all of it, or nothing and every reason."""
    if source not in SOURCES:
        raise UsageError(
            f"SOURCE {source!r}: one of {', '.join(SOURCES)}{nearest(source, SOURCES)}"
        )
    settings = resolve(given)
    if sys.stderr.isatty():
        say(f"reading {', '.join(str(path) for path in paths)} …")
    if refused:
        _check_refused(refused, settings, paths)
    batches = _read(source, paths, today())
    made = stamp(f"import {source} {' '.join(path.name for path in paths)}")
    try:
        outcomes = _store(settings, batches, made, skip_refused=skip_refused, dry_run=dry_run)
    except ImportRefusedError as error:
        if refused:
            write_refused(refused, error.refused)
        raise
    for batch, outcome in zip(batches, outcomes, strict=True):
        _report(batch, outcome)
    if refused:
        write_refused(refused, [one for outcome in outcomes for one in outcome.refused])
    touched = {child for outcome in outcomes for child in outcome.children}
    if touched and not dry_run:
        _contradictions(settings, touched)
    return 0
