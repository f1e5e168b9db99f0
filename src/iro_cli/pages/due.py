"""The listing of open obligations: its fields, and how people read them."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date

from iro_cli.dates.words import spoken
from iro_cli.forms.listing import (
    CHILD,
    COUNTS,
    DATE,
    WHOLE,
    YES_NO,
    Export,
    Field,
    Grid,
    Listing,
)
from iro_cli.forms.statement import about
from iro_cli.law.catalogue import Catalogue
from iro_cli.law.model import CHECKED
from iro_cli.lean import TYPE_CHECKING, NamedTuple
from iro_cli.obligations.listing import DUE_SOON, DUE_TODAY, OVERDUE, REFUSED, DueRow
from iro_cli.pages.words import NATIONS, NO_WORKING_DAY, PROVISIONAL, day, when_words

if TYPE_CHECKING:
    from iro_cli.facts.people import Absence


class DuePage(NamedTuple):
    """
    What the cells of an open obligation depend on besides the row.

    Attributes:
        sooner: The day to work to if a local limit is sooner than the law's, by child, rule and
            the day the clock started.
        moved: Why a meeting was booked again, by timescale and the day its clock started.
        away: The absences of IROs and chairs.
    """

    sooner: Mapping[tuple[str, str, date], date] = {}
    moved: Mapping[tuple[str, date | None], str] = {}
    away: "Sequence[Absence]" = ()

    def is_away(self, row: DueRow, on: date | None) -> bool:
        """Say whether the IRO or chair who answers for an obligation is away on a day."""
        name = row.iro.casefold() if row.iro else None
        return on is not None and any(
            one.name.casefold() == name and one.from_on <= on <= one.to_on for one in self.away
        )

    def falls_away(self, row: DueRow) -> bool:
        """Say whether the person is away on the booked day, or else on the day to hold it by."""
        return self.is_away(row, row.booked or row.hold_by)


def marks_of(row: DueRow) -> str:
    """Return the marks beside a due date; the legend says what each means."""
    unchecked = row.clock_started and row.rule.in_force(row.clock_started)
    return (
        ("<" if row.hold_by != row.due else "")
        + ("~" if row.provisional else "")
        + ("?" if row.assumed else "")
        + ("^" if row.outgrown else "")
        + ("*" if unchecked and unchecked.checked == "recalled" else "")
    )


def legend(rows: Sequence[DueRow], page: DuePage) -> tuple[str, ...]:
    """Return the meanings of the marks and words that are used in a list of open obligations."""
    used = {mark for row in rows for mark in marks_of(row)}
    late = any(row.booked_late for row in rows)
    refused = any(row.status == REFUSED for row in rows)
    notes = (
        ("<" in used, NO_WORKING_DAY),
        ("~" in used, f"~ {PROVISIONAL}"),
        ("?" in used, "? assumed: a fact had to be inferred; `iro explain CHILD` says which"),
        ("^" in used, "^ on or after the 18th birthday, from which it is no longer owed"),
        ("*" in used, f"* {CHECKED['recalled']}; `iro timescales show` says what it rests on"),
        (late, "BOOKED LATE, TOO LATE: booked for after the last lawful day"),
        (
            any(map(page.falls_away, rows)),
            "! AWAY: on the day it is booked for, or to be held by, the IRO or chair is away",
        ),
        (refused, "no date: the facts do not allow one; `iro explain CHILD` says why"),
    )
    return tuple(note for wanted, note in notes if wanted)


def _work_to(rows: Sequence[DueRow]) -> dict[tuple[str, str, date], date]:
    """
    Return the soonest day to hold each meeting by, if a local limit stands beside the law's.

    Returns:
        The day, by child, rule and the day the clock started.
    """
    found: dict[tuple[str, str, date], date] = {}
    for row in rows:
        if row.hold_by and row.clock_started:
            key = (row.child, row.rule.marks or row.timescale, row.clock_started)
            found[key] = min(found.get(key, row.hold_by), row.hold_by)
    return found


def _title(row: DueRow, page: DuePage) -> str:
    if row.clock_started is None or row.hold_by is None:
        return row.title
    law = row.rule.marks or row.timescale
    sooner = page.sooner.get((row.child, law, row.clock_started), row.hold_by)
    return f"{row.title} (work to {spoken(sooner)})" if sooner < row.hold_by else row.title


def _due(row: DueRow, page: DuePage) -> str:
    away = row.booked is None and page.falls_away(row)
    return day(row.due, "no date") + marks_of(row) + ("!" if away else "")


def _when(row: DueRow, _: DuePage) -> str:
    return when_words(row.days_left) + (" BOOKED LATE" if row.booked_late else "")


def _booked(row: DueRow, page: DuePage) -> str:
    if row.booked is None:
        return "-"
    late = " TOO LATE" if row.booked_late else ""
    late += " AWAY" if page.falls_away(row) else ""
    why = page.moved.get((row.timescale, row.clock_started))
    return f"{spoken(row.booked)}{late}{f' (moved: {why})' if why else ''}"


DUE = Listing(
    "Due",
    (
        Field("child", CHILD, repeats=True),
        Field("timescale", harmless=True),
        Field("title", harmless=True, column="What", cell=_title),
        Field("process", harmless=True),
        Field("clock_started", DATE, harmless=True),
        Field("due", DATE, harmless=True, whole=True, cell=_due),
        Field("hold_by", DATE, harmless=True, whole=True, gives_way=100),
        Field("status", harmless=True, late=OVERDUE.__eq__),
        Field(
            "days_left",
            WHOLE,
            harmless=True,
            column="When",
            right=False,
            whole=True,
            cell=_when,
        ),
        Field("working_days_left", WHOLE, harmless=True),
        # A day on two lines is better than no room for the day to hold the meeting by.
        Field("booked", DATE, harmless=True, gives_way=60, repeats=True, cell=_booked),
        Field("booked_late", YES_NO, harmless=True),
        Field("iro", title="IRO or chair", harmless=True, gives_way=90, repeats=True),
        Field("team", harmless=True, gives_way=132, repeats=True),
        Field("provisional", YES_NO, harmless=True),
        Field("assumed", harmless=True),
    ),
    columns=("due", "days_left", "title", "child", "iro", "hold_by", "booked", "team"),
    beside=(Field("left_out", COUNTS, harmless=True),),
    command="due",
    paper=(
        *("child", "title", "due", "days_left", "status", "hold_by", "booked"),
        *("booked_late", "iro", "team", "provisional", "assumed"),
    ),
)
# Each row of the overdue list stays on one line, because scripts that raise an alarm count lines.
_ON_ONE_LINE = ("title", "iro", "booked")
_OVERDUE = DUE._replace(
    name="Overdue",
    fields=tuple(one._replace(whole=one.whole or one.name in _ON_ONE_LINE) for one in DUE.fields),
)


def urgency(row: DueRow) -> str:
    """Return how urgent a row is."""
    return row.status


def summary(
    rows: Sequence[DueRow], as_of: date, nation: str, within: str, found_by: str = ""
) -> str:
    """Return one line about what is open on a day, with the words that name each filter."""
    count = {
        status: sum(row.status == status for row in rows)
        for status in (
            OVERDUE,
            DUE_TODAY,
            DUE_SOON,
            REFUSED,
        )
    }
    later = len(rows) - sum(count.values())
    parts = [
        f"{count[OVERDUE]:,} overdue",
        f"{count[DUE_TODAY]:,} due today",
        f"{count[DUE_SOON]:,} due within {within}",
    ]
    parts += [f"{later:,} later"] if later else []
    parts += [f"{count[REFUSED]:,} without a date"] if count[REFUSED] else []
    return f"{spoken(as_of)}, {NATIONS[nation]}{found_by}: {', '.join(parts)}"


def unseen(without_date: int) -> str:
    """Return a note that obligations without a date are not listed but may be late."""
    return (
        f"not here, because they have no date and may be late all the same: {without_date:,}; "
        "`iro due` lists them"
    )


def due_grid(
    heading: str,
    rows: Sequence[DueRow],
    *notes: str,
    away: "Sequence[Absence]" = (),
    listing: Listing = DUE,
) -> Grid:
    """Make the table of open obligations, with the meanings of its marks below it."""
    page = DuePage(_work_to(rows), away=away)
    notes = (*legend(rows, page), *notes)
    return listing.grid(heading, rows, notes, page=page, tone=urgency)


def due_export(
    rows: list[DueRow],
    catalogue: Catalogue,
    as_of: date,
    *,
    within: str,
    silent: bool = False,
    left_out: Mapping[str, int] | None = None,
    found_by: str = "",
    away: "Callable[[], Sequence[Absence]]" = tuple,
) -> Export:
    """
    Make the listing of open obligations.

    Args:
        rows: The obligations, in order.
        catalogue: The rules.
        as_of: The day the question is asked about.
        within: How far ahead counts as soon, in words.
        silent: Whether only overdue obligations are listed, and nothing is printed if there are
            none.
        left_out: How many others there are, by the reason why they are not listed.
        found_by: The words that name each filter, for the heading.
        away: Reads the absences of IROs and chairs; called only for people.
    """
    said = {} if left_out is None else {"left_out": left_out}
    without_date = (left_out or {}).get("without_date", 0)

    def grids() -> list[Grid]:
        heading = (
            f"{spoken(as_of)}, {NATIONS[catalogue.nation]}{found_by}: {len(rows):,} overdue"
            if silent
            else summary(rows, as_of, catalogue.nation, within, found_by)
        )
        hidden = [unseen(without_date)] if without_date else []
        return [due_grid(heading, rows, *hidden, away=away(), listing=listing)]

    listing = _OVERDUE if silent else DUE
    return listing.export(rows, {**about(catalogue, as_of), **said}, grids, silent=silent)


def open_by_iro(rows: Sequence[DueRow]) -> list[Export]:
    """Return a sheet of open obligations for each IRO or chair by name, unallocated ones last."""
    found: dict[str | None, list[DueRow]] = {}
    for row in rows:
        found.setdefault(row.iro, []).append(row)
    names = sorted(found, key=lambda name: (name is None, (name or "").casefold(), name or ""))
    return [DUE.part(name or "Unallocated", found[name]) for name in names]
