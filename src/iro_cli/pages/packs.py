"""The listings of local packs: those that ship, what one does, and how two differ."""

from collections import Counter
from collections.abc import Sequence
from datetime import date
from operator import attrgetter

from iro_cli.dates.words import counted, spoken, spoken_short
from iro_cli.forms.listing import CHILD, DATE, LIST, WHOLE, YES_NO, Export, Field, Grid, Listing
from iro_cli.forms.statement import about
from iro_cli.law.catalogue import Catalogue
from iro_cli.law.differences import Difference
from iro_cli.law.model import CHECKED, Coming
from iro_cli.questions.packs import GONE, MOVED, NEW, ChangedDate, Shipped, Tried


def _day(name: str) -> Field:
    get = attrgetter(name)
    return Field(
        name,
        DATE,
        harmless=True,
        value=get,
        cell=lambda row, _: spoken_short(day) if (day := get(row)) else "-",
    )


# ---------------------------------------------------------------- what is coming

COMING = Listing(
    "Coming",
    (
        Field("id", harmless=True),
        Field("title", harmless=True, column="What"),
        _day("expected"),
        Field("changes", harmless=True),
        Field("watch", harmless=True, column="What to watch"),
        Field("checked", harmless=True),
        Field("authority", harmless=True, value=lambda one: one.citations[0].instrument),
        Field("provision", harmless=True, value=lambda one: one.citations[0].provision),
        Field("words", harmless=True, value=lambda one: one.citations[0].quote),
        Field(
            "url",
            title="Link",
            harmless=True,
            value=lambda one: one.citations[0].seen_in or one.citations[0].url,
        ),
    ),
    columns=("expected", "title", "changes", "watch"),
    command="timescales list --coming",
    paper=("title", "expected", "changes", "watch", "checked"),
)


def coming_export(rows: Sequence[Coming], catalogue: Catalogue, as_of: date) -> Export:
    """Make the listing of the law that is made or announced but does not change any date yet."""
    unread = [one.title for one in rows if one.checked == "recalled"]

    def grids() -> list[Grid]:
        heading = f"{counted(len(rows), 'change')} to come, {catalogue.nation}: none moves a date"
        notes = [f"{title}: {CHECKED['recalled']}" for title in unread]
        return [COMING.grid(heading, rows, notes)]

    return COMING.export(rows, about(catalogue, as_of), grids)


# ---------------------------------------------------------------- packs that ship

SHIPPED = Listing(
    "Packs",
    (
        Field("pack", harmless=True),
        Field("name", harmless=True, column="Whose"),
        Field("timescales", LIST, harmless=True),
        Field("titles", LIST, harmless=True, column="What it adds"),
        _day("in_force_from"),
        _day("read_on"),
        Field("pages", LIST, harmless=True, title="Links"),
        Field("path", harmless=True),
        Field("in_use", YES_NO, harmless=True),
    ),
    columns=("pack", "name", "titles", "in_force_from", "read_on", "in_use"),
    command="timescales packs",
)


def shipped_export(rows: Sequence[Shipped], catalogue: Catalogue, as_of: date) -> Export:
    """Make the listing of the local packs that ship."""

    def grids() -> list[Grid]:
        note = (
            "`iro config set packs NAME` turns one on for every command, --pack NAME for one; each "
            "is what its page said on the day it was read"
        )
        return [SHIPPED.grid(counted(len(rows), "local pack"), rows, [note])]

    return SHIPPED.export(rows, about(catalogue, as_of), grids)


# ---------------------------------------------------------------- a pack, tried on days

TRIED = Listing(
    "Tried",
    (
        Field("timescale", harmless=True, value=attrgetter("due.rule.id")),
        Field("title", harmless=True, value=attrgetter("due.rule.title"), gives_way=130),
        Field("from", DATE, harmless=True, value=attrgetter("due.started")),
        Field("limit", harmless=True, value=lambda one: one.due.version.words()),
        Field("due", DATE, harmless=True, value=attrgetter("due.due")),
        Field("hold_by", DATE, harmless=True, value=attrgetter("due.hold_by")),
        Field(
            "law",
            DATE,
            harmless=True,
            title="By law",
            value=lambda one: one.law and one.law.due,
        ),
        Field("provision", harmless=True, value=lambda one: one.due.version.citations[0].provision),
    ),
    columns=("timescale", "from", "limit", "due", "hold_by", "law"),
    command="timescales try",
    paper=("title", "from", "limit", "due", "hold_by", "law", "provision"),
)


def tried_export(
    rows: Sequence[Tried], without: Sequence[str], catalogue: Catalogue, as_of: date
) -> Export:
    """Make the listing of the dates that a pack's rules give; notes name rules without a date."""
    return TRIED.export(
        rows, about(catalogue, as_of), lambda: [TRIED.grid("", rows, tuple(without))]
    )


# ---------------------------------------------------------------- two packs

DIFFERENCES = Listing(
    "Differences",
    (
        Field("timescale", harmless=True),
        Field("in_force_from", DATE, harmless=True),
        Field("what", harmless=True),
        Field("before", harmless=True),
        Field("after", harmless=True),
    ),
    command="timescales diff",
)


def differences_export(rows: Sequence[Difference], catalogue: Catalogue, as_of: date) -> Export:
    """Make the listing of the differences between two packs."""

    def grids() -> list[Grid]:
        return [DIFFERENCES.grid(counted(len(rows), "difference"), rows)]

    return DIFFERENCES.export(rows, about(catalogue, as_of), grids, silent=True)


# ---------------------------------------------------------------- what would move

IMPACT = Listing(
    "Impact",
    (
        Field("child", CHILD),
        Field("timescale", harmless=True),
        Field("clock_started", DATE, harmless=True),
        Field("change", harmless=True),
        Field("was", DATE, harmless=True),
        Field("due", DATE, harmless=True),
        Field("days", WHOLE, harmless=True),
        Field("status", harmless=True, late="overdue".__eq__),
        Field("iro", title="IRO or chair", harmless=True),
        Field("team", harmless=True),
    ),
    columns=("child", "timescale", "change", "was", "due", "days", "status", "iro"),
    command="timescales impact",
    paper=("child", "timescale", "change", "was", "due", "days", "status", "iro", "team"),
)


def impact_export(rows: Sequence[ChangedDate], catalogue: Catalogue, as_of: date) -> Export:
    """Make the listing of the open dates that a pack would move."""
    kinds = Counter(one.change for one in rows)
    late = sum(one.status == "overdue" for one in rows)

    def grids() -> list[Grid]:
        heading = (
            f"{spoken(as_of)}: {kinds[NEW]:,} new, {kinds[MOVED]:,} moved, {kinds[GONE]:,} gone, "
            f"for {counted(len({one.child for one in rows}), 'child', 'children')}; "
            f"{late:,} overdue"
        )
        notes = [
            "was: the date without the pack; for a new limit the law's own, which still stands"
        ]
        return [IMPACT.grid(heading, rows, notes if rows else ())]

    return IMPACT.export(rows, about(catalogue, as_of), grids)
