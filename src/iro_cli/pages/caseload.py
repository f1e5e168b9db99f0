"""How people read a caseload."""

from collections.abc import Sequence
from datetime import date

from iro_cli.dates.words import spoken
from iro_cli.forms.sheet import Column, Line, Sheet, Table
from iro_cli.law.catalogue import Catalogue
from iro_cli.law.model import CHECKED
from iro_cli.obligations.listing import OVERDUE
from iro_cli.pages.due import about
from iro_cli.questions.caseload import CaseloadRow, Caseloads

# Shorter than this a bar says nothing, however narrow the terminal is.
_SHORTEST = 10
_LETTERS = "#+."


def bar(parts: Sequence[int], longest: int, room: int) -> str:
    """
    Draw a bar of a few parts.

    A part that is not nought has one letter at least.

    Args:
        parts: How much of each.
        longest: The sum of the longest bar beside it.
        room: The letters that one may take.

    >>> bar((2, 1, 5), 8, 8), bar((4, 2, 10), 16, 8), bar((1, 0, 99), 100, 10)
    ('##+.....', '##+.....', '#..........')
    """
    scale = min(1.0, room / longest) if longest else 1.0
    return "".join(
        letter * max(1, round(part * scale)) if part else ""
        for letter, part in zip(_LETTERS, parts, strict=True)
    )


def caseload_bars(rows: Sequence[CaseloadRow], width: int) -> Table:
    """
    Draw what is open for each caseload.

    Args:
        rows: The caseloads.
        width: The terminal's, in characters.
    """
    longest = max((row.open for row in rows), default=0)
    # Beside a bar stand the name, the count and the spaces between; two letters are for rounding.
    beside = max((len(row.name) for row in rows), default=0) + len(f"{longest:,}") + 8
    room = max(_SHORTEST, width - beside)
    lines = [
        Line(
            (
                row.name,
                bar(
                    (row.overdue, row.due_28_days, row.open - row.overdue - row.due_28_days),
                    longest,
                    room,
                ),
                f"{row.open:,}",
            )
        )
        for row in rows
    ]
    scale = "" if longest <= room else f"; the longest is {longest:,}"
    return Table(
        f"Open: # overdue  + due within 28 days  . later or without a date{scale}",
        (Column(""), Column(""), Column("Open", right=True)),
        lines,
    )


def _handbook(children: int, catalogue: Catalogue) -> str:
    guidance = catalogue.caseload
    if guidance is None or not children:
        return "-"
    if children > guidance.highest:
        return f"{children} above {guidance.highest}"
    return (
        f"{children} within"
        if children >= guidance.lowest
        else f"{children} below {guidance.lowest}"
    )


def caseload_sheet(
    found: Caseloads, catalogue: Catalogue, as_of: date, by: str, *, width: int | None = None
) -> Sheet:
    """
    Make the listing of caseloads; ``-f csv`` is the team lead's file.

    Args:
        found: The caseloads.
        catalogue: The rules.
        as_of: The day the question is asked about.
        by: ``iro``, ``team`` or ``process``.
        width: The terminal's, in characters, where bars are drawn; ``None`` for none.
    """
    rows = found.rows

    def tables() -> list[Table]:
        columns = [
            Column({"iro": "IRO or chair", "team": "Team", "process": "Process"}[by]),
            Column("Children", right=True),
            Column("Open", right=True),
            Column("Overdue", right=True),
            Column("28 days", right=True),
            Column("Unbooked", right=True),
            Column("In time", right=True, whole=True),
        ]
        if by == "iro":
            columns.append(Column("Handbook", from_width=96))
        lines = []
        for row in rows:
            rate = (
                f"{row.met_in_timescale}/{row.met} {row.timeliness:.0%}"
                if row.timeliness is not None
                else "-"
            )
            cells = (
                row.name,
                *(
                    f"{n:,}"
                    for n in (row.children, row.open, row.overdue, row.due_28_days, row.unbooked)
                ),
                rate,
            )
            lines.append(
                Line(
                    (*cells, _handbook(found.looked_after[row.name], catalogue))
                    if by == "iro"
                    else cells,
                    OVERDUE if row.overdue else "",
                )
            )
        notes = ["In time: met within the timescale over the twelve months to the day"]
        if found.unjudged:
            notes.append(
                "held, and in no rate, because an extract gives only the latest and whether it was "
                f"in time is not known: {found.unjudged:,}"
            )
        if found.assumed:
            notes.append(
                f"? assumed: {found.assumed:,} of what is open rest on a fact that had to be "
                "inferred; `iro due --all` marks them"
            )
        if found.without_date:
            notes.append(
                f"no date: {found.without_date:,} of what is open, never counted as overdue; "
                "`iro due` lists them"
            )
        late = [f"{name} {number}" for name, number in found.booked_late.items() if number]
        if late:
            notes.insert(0, f"BOOKED LATE, for after the last lawful day: {', '.join(late)}")
        guidance = catalogue.caseload
        if by == "iro" and guidance:
            source = CHECKED[guidance.checked]
            notes.append(
                f"Handbook: {guidance.lowest} to {guidance.highest} looked-after children for a "
                f"full-time IRO ({guidance.citation.instrument}, {guidance.citation.provision}"
                f"{'; ' + source if source else ''})"
            )
        title = {"iro": "IRO and chair", "team": "team", "process": "process"}[by]
        heading = f"Caseload by {title}, {spoken(as_of)}"
        drawn = [caseload_bars(rows, width)] if rows and width is not None else []
        return [Table(heading, tuple(columns), lines, tuple(notes)), *drawn]

    says = {
        **about(catalogue, as_of),
        "left_out": {"open_without_date": found.without_date, "met_not_judged": found.unjudged},
        "assumed": found.assumed,
        "booked_late": sum(found.booked_late.values()),
    }
    return Sheet(CaseloadRow._fields, rows, says, tables, name="Caseload")
