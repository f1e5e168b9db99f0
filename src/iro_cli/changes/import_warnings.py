"""What an import should say of an extract beside the one before it of the same kind."""

from collections.abc import Iterable
from datetime import timedelta

from iro_cli.changes.difference import ImportDifference
from iro_cli.dates.words import counted, spoken_short
from iro_cli.facts.model import REFUSED, LeftOpen
from iro_cli.tables.refused import visible

# How many vanished facts a warning names.
_NAMED = 10
# From one night to the next the last thing that happened may be put right by a few days.
_OLDER = timedelta(days=7)


def older(found: ImportDifference) -> list[str]:
    """
    Return a warning where an extract that is taken for the newer looks like the older.

    Only of a source that says what stands today, and not of the return of a year; and
    only where it changed something that the one before it stated.
    """
    reached, reaches = found.reached, found.reaches
    if not (found.moved or found.vanished) or reached is None or reaches is None:
        return []
    if not any(cover.ends is None for cover in found.covers) or reached - reaches <= _OLDER:
        return []
    warning = (
        f"the last event in this {found.source} extract is of {spoken_short(reaches)}, and one "
        f"imported before had an event of {spoken_short(reached)}: is this the older of the two, "
        "or was it cut short? It is taken for the newer; `iro undo` takes that back, and the "
        "older is imported first"
    )
    return [warning]


def pointed_to(unsaid: Iterable[LeftOpen]) -> list[str]:
    """Return a warning about what an extract does not say though something in it tells of it."""
    # The rows that were refused are named already.
    missing = [one for one in unsaid if not one.lacks.endswith(REFUSED)]
    found = [*dict.fromkeys((one.child_id, one.lacks) for one in missing)]
    if not found:
        return []
    named = [f"{visible(child_id)}: {visible(lacks)}" for child_id, lacks in found[:_NAMED]]
    if len(found) > _NAMED:
        named.append(f"and {len(found) - _NAMED:,} more; `iro doctor` lists them all")
    heading = (
        "missing, though another row tells of it, so what rests on it is marked or has no date"
    )
    return ["\n  ".join([f"{heading}:", *named])]


def gone(found: ImportDifference) -> list[str]:
    """Return warnings about what an earlier extract stated and this one does not."""
    if not found.vanished:
        return []
    named = [
        f"{child_id}: {row.event.event} on {spoken_short(row.event.on)}"
        + (f" ({row.source})" if row.source else "")
        for child_id, row in found.vanished[:_NAMED]
    ]
    if len(found.vanished) > _NAMED:
        named.append(
            f"and {len(found.vanished) - _NAMED:,} more; `--dry-run -f csv` lists them all"
        )
    stands = "stands; --replace withdraws it"
    if len(found.vanished) > 1:
        stands = "stand; --replace withdraws them"
    done = "withdrawn, because of --replace" if found.replace else f"which still {stands}"
    heading = (
        f"stated by an earlier {found.source} extract and not by this one: "
        f"{counted(len(found.vanished), 'event')} ({done})"
    )
    warnings = ["\n  ".join([heading, *named])]
    if found.left:
        warnings.append(
            f"children whom this {found.source} extract does not name any more, though nothing of "
            f"theirs had ended: {len(found.left):,}"
        )
    return warnings
