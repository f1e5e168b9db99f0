"""Work out what a local pack would change: for given days, and for what is open."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from pathlib import Path

from iro_cli.dates.working import WorkingCalendar
from iro_cli.errors import InputRefusedError
from iro_cli.law.catalogue import Catalogue
from iro_cli.law.model import Pack
from iro_cli.lean import NamedTuple
from iro_cli.obligations.due import Due, DueDates
from iro_cli.obligations.listing import DueRow
from iro_cli.questions.due import AskedDue, open_obligations
from iro_cli.questions.view import View

NEW, MOVED, GONE = "new", "moved", "gone"


class Shipped(NamedTuple):
    """A local pack that ships: its name, what it adds, and where that is written."""

    pack: str
    name: str
    in_use: bool
    timescales: tuple[str, ...]
    titles: tuple[str, ...]
    in_force_from: date | None
    read_on: date | None
    pages: tuple[str, ...]
    path: str


def shipped_pack(path: Path, pack: Pack, *, used: bool) -> Shipped:
    """Return a local pack that ships, as the list of packs shows it."""
    versions = [version for rule in pack.rules for version in rule.versions]
    pages = dict.fromkeys(one.seen_in or one.url for v in versions for one in v.citations)
    return Shipped(
        path.stem,
        pack.name,
        used,
        tuple(rule.id for rule in pack.rules),
        tuple(rule.title for rule in pack.rules),
        min((version.in_force_from for version in versions), default=None),
        pack.read_on,
        tuple(pages),
        str(path),
    )


class Tried(NamedTuple):
    """The due date of a pack's rule from one day, and that of the law's rule beside it."""

    due: Due
    law: Due | None


def tried(
    catalogue: Catalogue, calendar: WorkingCalendar, pack: Pack, days: Iterable[date]
) -> tuple[list[Tried], list[str]]:
    """
    Work out when each rule of a pack is due from some days.

    Args:
        catalogue: The rules, with those of the pack.
        calendar: The working days.
        pack: The pack.
        days: The days on which its clocks start, or on which its meetings are booked.

    Returns:
        The due dates, and for rules without one the reasons.
    """
    dates, rules = DueDates(calendar), [catalogue.rules[rule.id] for rule in pack.rules]
    found, without = [], []
    for day in days:
        for rule in rules:
            beside = catalogue.rules[rule.beside] if rule.beside else None
            try:
                found.append(Tried(dates.of(rule, day), dates.of(beside, day) if beside else None))
            except InputRefusedError as error:
                without.append(str(error))
    return found, list(dict.fromkeys(without))


class ChangedDate(NamedTuple):
    """
    What a pack changes about one open obligation.

    Attributes:
        change: ``new``, ``moved``, or ``gone``.
        was: Its due date without the pack; for a new limit the law's own date, which still
            stands.
        days: How many days later it is due; negative if it is sooner.
    """

    child: str
    timescale: str
    clock_started: date | None
    change: str
    was: date | None
    due: date | None
    days: int | None
    status: str | None
    iro: str | None
    team: str | None


_DifferenceKey = tuple[str, str, date | None, int]


def _by_clock(rows: Sequence[DueRow]) -> dict[_DifferenceKey, DueRow]:
    """Name each row by its child, timescale and start, and by a number if several share those."""
    found: dict[_DifferenceKey, DueRow] = {}
    for row in rows:
        number = 0
        while (key := (row.child, row.timescale, row.clock_started, number)) in found:
            number += 1
        found[key] = row
    return found


def _change(row: DueRow, change: str, was: date | None, due: date | None) -> ChangedDate:
    days = (due - was).days if was and due else None
    status = None if change == GONE else row.status
    return ChangedDate(
        *(row.child, row.timescale, row.clock_started, change, was, due, days, status),
        *(row.iro, row.team),
    )


def impact(before: View, after: View) -> list[ChangedDate]:
    """
    Return the open dates that another set of packs would change, child by child.

    Args:
        before: The store with the packs that are in use.
        after: The same store with the other packs.
    """
    everything = AskedDue(everything=True)
    old = _by_clock(open_obligations(before, everything))
    new = _by_clock(open_obligations(after, everything))
    return sorted(
        _changes(old, new, after.catalogue), key=lambda one: (one.child, one.due or date.max)
    )


def _changes(
    old: dict[_DifferenceKey, DueRow], new: dict[_DifferenceKey, DueRow], catalogue: Catalogue
) -> Iterator[ChangedDate]:
    gone: dict[tuple[str, str], list[DueRow]] = {}
    for key, row in old.items():
        if key not in new:
            gone.setdefault(key[:2], []).append(row)
    for key, row in new.items():
        # If its clock starts on another day, it is still the same obligation, and moved.
        was = old.get(key) or (gone[key[:2]].pop(0) if gone.get(key[:2]) else None)
        if was is None:
            rule = catalogue.rules.get(row.timescale)
            law = new.get((key[0], rule.beside, *key[2:])) if rule and rule.beside else None
            yield _change(row, NEW, law and law.due, row.due)
        elif was.due != row.due:
            yield _change(row, MOVED, was.due, row.due)
    for rows in gone.values():
        yield from (_change(row, GONE, row.due, None) for row in rows)
