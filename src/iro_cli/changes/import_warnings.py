"""Make the warnings of an import about differences from earlier extracts of the same kind."""

from collections.abc import Iterable, Sequence
from datetime import timedelta

from iro_cli.changes.difference import ImportDifference
from iro_cli.dates.words import counted, spoken_short
from iro_cli.facts.model import LeftOpen
from iro_cli.incoming.refused import Refused, count_rows, visible

# How many vanished facts a warning names.
_NAMED = 10
# The last event may be put right by a few days from one night to the next.  Only an extract that
# ends earlier than that looks like an older one.
_OLDER = timedelta(days=7)


def older(found: ImportDifference) -> list[str]:
    """
    Return a warning if an extract looks older than one that was imported before it.

    This is only for sources that show the state of today and not a year, and only if the extract
    changed something that an earlier one stated.
    """
    reached, reaches = found.reached, found.reaches
    if not (found.moved or found.vanished) or reached is None or reaches is None:
        return []
    if not any(cover.ends is None for cover in found.covers) or reached - reaches <= _OLDER:
        return []
    warning = (
        f"the last event in this {found.source} extract is of {spoken_short(reaches)}, and one "
        f"imported before had an event of {spoken_short(reached)}: is this the older of the two, "
        "or was it cut short? It was taken to be the newer. If it is not, run `iro undo`, and "
        "import the older one first"
    )
    return [warning]


def of_nobody_known(refused: Iterable[Refused]) -> list[str]:
    """Return a warning about refused rows that do not show which child they are about."""
    rows = count_rows(one for one in refused if not one.about and not one.is_nobodys)
    if not rows:
        return []
    them = "it names no child" if rows == 1 else "they name no child"
    warning = (
        f"{counted(rows, 'refused row')}: {them} that can be read, so no child could be "
        "marked for what is missing, and a child whose meeting was refused may be listed as "
        "overdue: mend and import the rows that --refused FILE keeps before you rely on the list"
    )
    return [warning]


def pointed_to(unsaid: Iterable[LeftOpen], found: ImportDifference) -> list[str]:
    """
    Return a warning about rows that are missing, as other rows of the extract show.

    Args:
        unsaid: What is newly left out; refused rows are left out here, as they are named already.
        found: The difference; what :func:`gone` names is left out here.
    """
    told = {(child_id, words) for (child_id, _), words in found.open.dropped.items()}
    missing = dict.fromkeys((one.child_id, one.lacks) for one in unsaid if not one.refused)
    heading = (
        "missing, although another row shows that it exists, so dates that depend on it are "
        "marked or left out"
    )
    return _of_children(heading, [one for one in missing if one not in told])


def gone(found: ImportDifference) -> list[str]:
    """
    Return warnings about what an earlier extract stated and this one does not.

    If a process had not ended, only the process is named; otherwise each event.
    """
    dropped = [(child_id, words) for (child_id, _), words in found.open.dropped.items()]
    heading = (
        f"in an earlier {found.source} extract and not in this one, so dates that depend on it "
        "are marked or left out (--replace withdraws it)"
    )
    return [*_events_gone(found), *_of_children(heading, dropped)]


def _events_gone(found: ImportDifference) -> list[str]:
    vanished = [
        (child_id, row)
        for child_id, row in found.vanished
        if not {(child_id, name) for name in (row.event.event.partition(".")[0], row.event.event)}
        & found.open.dropped.keys()
    ]
    if not vanished:
        return []
    named = [
        f"{child_id}: {row.event.event} on {spoken_short(row.event.on)}"
        + (f" ({row.source})" if row.source else "")
        for child_id, row in vanished[:_NAMED]
    ]
    if len(vanished) > _NAMED:
        named.append(f"and {len(vanished) - _NAMED:,} more; `--dry-run -f csv` lists them all")
    stands = "stands; --replace withdraws it"
    if len(vanished) > 1:
        stands = "stand; --replace withdraws them"
    done = "withdrawn, because of --replace" if found.replace else f"which still {stands}"
    heading = (
        f"stated by an earlier {found.source} extract and not by this one: "
        f"{counted(len(vanished), 'event')} ({done})"
    )
    return ["\n  ".join([heading, *named])]


def _of_children(heading: str, found: Sequence[tuple[str, str]]) -> list[str]:
    """Return a warning with a line for each of the first entries; nothing if there are none."""
    if not found:
        return []
    named = [f"{visible(child_id)}: {visible(words)}" for child_id, words in found[:_NAMED]]
    if len(found) > _NAMED:
        named.append(f"and {len(found) - _NAMED:,} more; `iro doctor` lists them all")
    return ["\n  ".join([f"{heading}:", *named])]
