"""The listing of one child: what is open, what was met, the facts, and why each date is so."""

from collections.abc import Callable, Sequence
from datetime import date
from operator import attrgetter, itemgetter

from iro_cli.dates.words import counted, spoken, spoken_short
from iro_cli.facts.model import Event
from iro_cli.facts.vocabulary import DAY, DETAILS, DIED
from iro_cli.facts.vocabulary import EVENTS as EVENT_KINDS
from iro_cli.figures.case import Case
from iro_cli.figures.child_part import ChildPart
from iro_cli.forms.listing import (
    DATE,
    EVENTS,
    LIST,
    ROWS,
    WHOLE,
    YES_NO,
    Export,
    Field,
    Grid,
    Listing,
    Value,
    grid,
)
from iro_cli.forms.statement import about
from iro_cli.law.catalogue import Catalogue
from iro_cli.lean import Any
from iro_cli.obligations.due import Due
from iro_cli.obligations.listing import OUT_OF_TIMESCALE, DueRow
from iro_cli.pages.due import DUE, DuePage, legend, urgency
from iro_cli.pages.words import day, when_words
from iro_cli.pages.workings import authority_of, verdict, workings
from iro_cli.questions.show import ChildFile, Drift, Explanation, HeldRow, Series, is_too_early
from iro_cli.questions.when import left_out
from iro_cli.sentences.ending import nothing_open
from iro_cli.sentences.gaps import gap_command, gap_words
from iro_cli.sentences.reasons import refusal_words

# ---------------------------------------------------------------- the facts


def no_birth(row: dict[str, Any]) -> bool:
    """Say whether the day of a row cannot be a child's date of birth."""
    return row.get("event") != "child.born" and not str(row.get("what", "")).endswith(" child")


def details_of(event: Event) -> str:
    """Return the details of an event as text for people."""
    parts: list[str] = []
    for name, detail in DETAILS.items():
        value = getattr(event, name)
        if not value:
            continue
        if name == "reference" and EVENT_KINDS[event.event].day_ahead:
            parts.insert(0, f"by {spoken_short(date.fromisoformat(value))}")
        elif detail.kind == DAY:
            parts.append(f"{detail.shown} {spoken_short(value)}")
        elif detail.shown:
            parts.append(f"{detail.shown}: {value}")
        else:
            parts.append(f"{value} {detail.values.get(value, '')}".strip())
    return "; ".join(parts)


FACTS = (
    Field("event", harmless=True, gives_way=100),
    Field("date", DATE, harmless=no_birth, value=attrgetter("on"), column="Day", whole=True),
    Field("outcome", harmless=True),
    Field("section_47", harmless=True),
    Field("completed_on", DATE, harmless=True),
    Field("reference"),
    Field("reason"),
    Field("participation", harmless=True),
    Field("note"),
    Field("quorate"),
    Field("scaling"),
    Field("advocacy"),
    Field("attended"),
)
_READ_FACTS = (
    FACTS[1],
    Field(
        "title",
        column="What happened",
        whole=True,
        cell=lambda one, _: EVENT_KINDS[one.event].title,
    ),
    FACTS[0],
    Field("details", cell=lambda one, _: details_of(one)),
)


def _took_part(one: ChildPart, _: object) -> str:
    if one.participation is None:
        return "-"
    return f"{one.participation} {one.participation_words or ''}".strip()


# ---------------------------------------------------------------- the child's part

PART = (
    Field("date", DATE, harmless=no_birth, column="Day", whole=True),
    Field("event", harmless=True),
    Field("title", harmless=True, column="Meeting", whole=True, gives_way=60, repeats=True),
    Field(
        "participation", harmless=True, column="The child took part", whole=True, cell=_took_part
    ),
    Field("participation_words"),
    Field("advocacy", column="Advocate offered", gives_way=80, repeats=True),
    Field("quorate", gives_way=100, repeats=True),
    Field("scaling", WHOLE, gives_way=100, repeats=True),
    Field("attended", column="Who took part", gives_way=100, repeats=True),
)
_READ_PART = tuple(PART[place] for place in (0, 2, 3, 5, 6, 7, 8))

# ---------------------------------------------------------------- what is open and was met


def _in_timescale(one: HeldRow, _: object) -> str:
    if one.not_required_on:
        return f"not required, {spoken_short(one.not_required_on)}"
    if one.days_late:
        return f"{counted(one.days_late, 'day')} late{'?' * bool(one.row.assumed)}"
    return "TOO EARLY" if is_too_early(one) else "in timescale"


_HELD = Field("held", DATE, harmless=True, whole=True)
_DAYS_LATE = Field(
    "days_late", WHOLE, harmless=True, column="In timescale", right=False, cell=_in_timescale
)
SHOW = Listing(
    "Child",
    (
        *(field.within("row") for field in DUE.fields),
        _HELD,
        _DAYS_LATE,
    ),
    beside=(
        Field("facts", EVENTS, harmless=True, of=FACTS),
        Field("child_part", ROWS, harmless=True, of=PART),
    ),
    command="show",
    paper=(
        *("child", "title", "clock_started", "due", "days_left", "status", "hold_by"),
        *("booked", "booked_late", "held", "days_late", "iro", "provisional"),
        *("assumed",),
    ),
)
_READ_OPEN = (
    DUE.field("due"),
    DUE.field("days_left"),
    DUE.field("title")._replace(whole=True),
    DUE.field("clock_started")._replace(
        cell=lambda row, _: day(row.clock_started, "not known"), whole=True, gives_way=120
    ),
    DUE.field("iro"),
    DUE.field("hold_by")._replace(gives_way=80),
    DUE.field("booked")._replace(repeats=False, whole=False),
)
_READ_MET = (
    _HELD,
    Field("title", column="What", value=attrgetter("row.title"), whole=True),
    Field("due", DATE, column="Was due", value=attrgetter("row.due"), whole=True),
    _DAYS_LATE,
)


def open_grid(found: ChildFile) -> Grid:
    """Make the table of what is open for a child."""
    page = DuePage(moved=found.reasons, away=found.away)
    notes = legend(found.open, page) if found.open else (nothing_open(found.ended),)
    notes += tuple(
        f"{spoken_short(gap.on)}: {gap_words(gap)}: `{gap_command(gap)}`" for gap in found.gaps
    )
    return grid("Open", _READ_OPEN, found.open, notes, page=page, tone=urgency)


def _missed(one: HeldRow) -> str:
    return OUT_OF_TIMESCALE if one.row.status == OUT_OF_TIMESCALE else ""


def _child_words(found: ChildFile) -> str:
    child = found.child
    parts = [child.child_id]
    if child.label:
        parts.append(child.label)
    if child.date_of_birth:
        parts.append(f"born {spoken_short(child.date_of_birth)}")
    elif child.expected_date_of_delivery:
        parts.append(f"expected {spoken_short(child.expected_date_of_delivery)}")
    parts += [f"died {spoken_short(one.on)}" for one in found.events if one.event == DIED]
    for name, value in (
        ("IRO", found.iro),
        ("chair", found.chair),
        ("team", child.team),
        ("siblings", child.sibling_group),
        ("nation", child.nation),
    ):
        if value:
            parts.append(f"{name} {value}")
    return " · ".join(parts)


def standing(case: Case, catalogue: Catalogue, running: Sequence[DueRow] = ()) -> str:
    """
    Return one line about the processes that are open for a child.

    Args:
        case: The child.
        catalogue: The rules.
        running: What is open.  It is named if no process is: section 47 enquiries are none.
    """
    spans = [
        f"{catalogue.spans[name].title} since "
        + (spoken_short(since) if since else "a day that is not known")
        for name, since in case.clocks.spans.items()
    ]
    events = counted(len(case.events), "event")
    clocks = [
        f"{row.title} (from {spoken_short(row.clock_started)})"
        for row in running
        if row.clock_started
    ]
    none = "no process is open"
    if clocks:
        none = f"no period of care or plan is open, but a clock runs: {', '.join(clocks)}"
    return f"{'; '.join(spans) or none} ({events})"


def drift_words(drift: Drift, as_of: date) -> str:
    """Say how long care proceedings have run against their limit."""
    rule, started, due = drift.rule, drift.started, drift.due
    if due is None:
        return f"{rule.title}: no date: {drift.said}"
    weeks, days = divmod((as_of - started).days, 7)
    ran = counted(weeks, "week") + (f" and {counted(days, 'day')}" if days else "")
    left = (due.due - as_of).days
    how = f"in {counted(left, 'day')}" if left >= 0 else f"{counted(-left, 'day')} ago"
    return (
        f"{rule.title}: {ran} since the application on {spoken(started)}; the limit is "
        f"{due.version.words()}, which {'ends' if left >= 0 else 'ended'} on {spoken(due.due)}, "
        f"{how}"
    )


def _met_grid(met: Sequence[HeldRow]) -> Grid:
    assumed = any(one.row.assumed for one in met)
    notes = ("? assumed: a fact had to be inferred; `-f json` says which",) if assumed else ()
    return grid("Met", _READ_MET, met, notes, tone=_missed)


def show_export(found: ChildFile, catalogue: Catalogue, as_of: date, standing: str) -> Export:
    """Make the listing of one child."""

    def grids() -> list[Grid]:
        heading = f"{_child_words(found)}\n{spoken(as_of)}: {standing}"
        nothing = () if found.events else ("nothing is recorded",)
        return [
            Grid(f"{heading}\n{drift_words(found.drift, as_of)}" if found.drift else heading),
            open_grid(found),
            *([_met_grid(found.met)] if found.met else []),
            *([grid("The child's part", _READ_PART, found.part)] if found.part else []),
            grid("Facts", _READ_FACTS, found.events, nothing),
        ]

    says = {**about(catalogue, as_of), "facts": found.events, "child_part": found.part}
    rows = [*(HeldRow(row) for row in found.open), *found.met]
    return SHOW.export(rows, says, grids)


# ---------------------------------------------------------------- why a date is so


def explanation_blocks(
    child: str, found: Sequence[Explanation]
) -> list[tuple[str, list[tuple[str, str]]]]:
    """Return why each date of a child is what it is: a heading, and lines with labels."""
    return [
        (
            f"{one.row.title} of {child}: "
            + (
                f"due by {spoken(one.row.due)}, {when_words(one.row.days_left)}"
                if one.row.due
                else "REFUSED"
            ),
            _lines(one),
        )
        for one in found
    ]


def _lines(one: Explanation) -> list[tuple[str, str]]:
    """Return why a date is what it is, or why there is none, as lines with labels."""
    if one.due is None:
        return [("refused", refusal_words(one.refusal) if one.refusal else "")]
    name = one.started_by
    lines = [("started by", f"{EVENT_KINDS[name].title} ({name})" if name else "booked meeting")]
    if one.series:
        lines.append(("series", _series_words(one.series)))
    if one.row.booked:
        lines.append(("booked", _booked_words(one.row.booked, one.due, one)))
    if one.assumed:
        lines.append(("assumed", one.assumed))
    if one.row.outgrown:
        grown = (
            f"{spoken(one.row.outgrown)}, the 18th birthday: from that day on it is no longer owed"
        )
        lines.append(("birthday", grown))
    lines += workings(one.due, one.confirmed_to)
    if one.markers:
        lines += (("advice", line) for line in verdict([one.due, *one.markers]))
    return lines


def _series_words(one: Series) -> str:
    """Say for what each day of a series of meetings counts."""
    first, last = spoken(one.first), spoken(one.last)
    return (
        f"held from {first} to {last}: whether it was in time is judged by {first}, its records "
        f"are due from {last}, the next is due from {spoken(one.next_from)} (next_review_from in "
        "a local pack says which)"
    )


def _booked_words(booked: date, due: Due, one: Explanation) -> str:
    early = due.not_before and booked < due.not_before
    late = "; that is TOO LATE" if one.row.booked_late else "; that is TOO EARLY" if early else ""
    why = f"; moved: {one.moved_because}" if one.moved_because else ""
    return spoken(booked) + late + why


def _version(read: Callable[[Due], Value]) -> Callable[[Explanation], Value]:
    """Return a function that reads a value of the due date in an explanation, if there is one."""
    return lambda one: read(one.due) if one.due else None


WHY = Listing(
    "Why",
    (
        *(
            DUE.field(name).within("row")
            for name in (
                *("child", "timescale", "title", "status", "clock_started", "due", "hold_by"),
            )
        ),
        Field("limit", harmless=True, value=_version(lambda due: due.version.words())),
        Field("left_out", LIST, harmless=True, value=_version(left_out)),
        Field("provisional", YES_NO, harmless=True, value=_version(lambda due: due.provisional)),
        Field("assumed", harmless=True, value=lambda one: one.row.assumed if one.due else None),
        Field("authority", harmless=True, value=_version(authority_of)),
        Field(
            "provision",
            harmless=True,
            value=_version(lambda due: due.version.citations[0].provision),
        ),
        Field(
            "url",
            title="Link",
            harmless=True,
            value=_version(lambda due: due.version.citations[0].url),
        ),
        Field("words", harmless=True, value=_version(lambda due: due.version.citations[0].quote)),
        Field("checked", harmless=True, value=_version(lambda due: due.version.checked)),
        Field(
            "refused",
            harmless=True,
            value=lambda one: refusal_words(one.refusal) if one.refusal else None,
        ),
    ),
    command="explain",
    paper=(
        *("child", "title", "status", "clock_started", "due", "hold_by", "limit"),
        *("left_out", "provision", "words", "assumed", "refused"),
    ),
)


def explain_export(
    child: str, found: Sequence[Explanation], catalogue: Catalogue, as_of: date
) -> Export:
    """Make the listing of why each date of a child is what it is."""
    columns = (Field("what", value=itemgetter(0)), Field("why", value=itemgetter(1)))

    def grids() -> list[Grid]:
        return [
            grid(heading, columns, lines) for heading, lines in explanation_blocks(child, found)
        ]

    return WHY.export(found, about(catalogue, as_of), grids)
