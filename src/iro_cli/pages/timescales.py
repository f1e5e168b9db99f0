"""The listings of the timescales and their law, of those that are shown, and of due dates."""

from collections.abc import Mapping, Sequence
from datetime import date
from operator import attrgetter

from iro_cli.dates.words import counted, spoken, spoken_short
from iro_cli.forms.listing import DATE, LIST, YES_NO, Export, Field, Grid, Line, Listing, Value
from iro_cli.forms.statement import about
from iro_cli.law.catalogue import Catalogue
from iro_cli.law.model import CHECKED, Citation, Rule, Version
from iro_cli.lean import NamedTuple
from iro_cli.obligations.due import Due
from iro_cli.pages.workings import authority_of, verdict
from iro_cli.questions.when import left_out

# ---------------------------------------------------------------- the catalogue


class RuleVersion(NamedTuple):
    """One version of a rule."""

    rule: Rule
    version: Version

    @property
    def citation(self) -> Citation:
        """Return the provision on which it rests."""
        return self.version.citations[0]


def _starts(one: RuleVersion) -> str:
    rule = one.rule
    if rule.beside:
        return f"with {rule.beside}"
    words = [event.event for event in rule.trigger.event]
    words += [f"the meeting of {name}" for name in rule.trigger.held]
    words += [f"the meeting booked for {name} (counted back)" for name in rule.trigger.booked]
    return " or ".join(words)


def _in_force(one: RuleVersion, _: object) -> str:
    until = f" to {spoken_short(one.version.in_force_to)}" if one.version.in_force_to else ""
    return spoken_short(one.version.in_force_from) + until


def _limit(one: RuleVersion, _: object) -> str:
    return one.version.words() + ("*" if one.version.checked == "recalled" else "")


TIMESCALES = Listing(
    "Timescales",
    (
        Field("timescale", harmless=True, value=attrgetter("rule.id")),
        Field("title", harmless=True, value=attrgetter("rule.title")),
        Field("process", harmless=True, value=attrgetter("rule.process")),
        Field("starts", harmless=True, value=_starts),
        Field("limit", harmless=True, value=lambda one: one.version.words(), cell=_limit),
        Field(
            "met_by",
            LIST,
            harmless=True,
            value=lambda one: tuple(match.event for match in one.rule.met_by),
        ),
        Field(
            "watched",
            harmless=True,
            value=attrgetter("rule.watched"),
            column="Shown",
            cell=lambda one, rules: "yes" if rules.is_shown(one.rule) else "no",
        ),
        Field("strength", harmless=True, value=attrgetter("rule.strength")),
        Field(
            "in_force_from",
            DATE,
            harmless=True,
            value=attrgetter("version.in_force_from"),
            gives_way=110,
            cell=_in_force,
        ),
        Field("in_force_to", DATE, harmless=True, value=attrgetter("version.in_force_to")),
        Field("checked", harmless=True, value=attrgetter("version.checked"), gives_way=130),
        Field("authority", harmless=True, value=attrgetter("citation.instrument")),
        Field("provision", harmless=True, value=attrgetter("citation.provision")),
        Field("words", harmless=True, value=attrgetter("citation.quote")),
        Field(
            "url",
            title="Link",
            harmless=True,
            value=lambda one: one.citation.seen_in or one.citation.url,
        ),
        Field("note", value=attrgetter("version.note")),
    ),
    columns=("timescale", "limit", "provision", "watched", "in_force_from", "checked"),
    command="timescales",
    paper=("title", "limit", "provision", "watched", "in_force_from", "checked"),
)


def _words(name: str, value: Value) -> str:
    if isinstance(value, date):
        return spoken_short(value)
    if isinstance(value, tuple):
        return ", ".join(value)
    if name == "checked":
        return f"{value}{': ' + CHECKED[str(value)] if CHECKED[str(value)] else ''}"
    return str(value)


def _whole(one: RuleVersion) -> Grid:
    """Make a table of everything about one version."""
    lines = [
        Line((field.name.replace("_", " "), _words(field.name, value)))
        for field in TIMESCALES.fields[2:]
        if (value := field.get()(one)) is not None
    ]
    columns = (Field("what", column=""), Field("how", column=""))
    return Grid(f"{one.rule.id}: {one.rule.title}", columns, lines)


def timescales_export(
    catalogue: Catalogue, as_of: date, rules: Sequence[Rule], *, whole: bool = False
) -> Export:
    """
    Make the listing of timescales.

    Args:
        catalogue: The rules.
        as_of: The day the question is asked about.
        rules: The wanted rules.
        whole: Whether people get everything about each rule instead of one line.
    """
    rows = [RuleVersion(rule, version) for rule in rules for version in rule.versions]

    def grids() -> list[Grid]:
        if whole:
            return list(map(_whole, rows))
        heading = f"{counted(len(rules), 'timescale')}, {catalogue.nation}"
        notes = (
            f"* {CHECKED['recalled']}",
            "`iro timescales show TIMESCALE` gives words and source",
        )
        return [TIMESCALES.grid(heading, rows, notes, page=catalogue)]

    return TIMESCALES.export(rows, about(catalogue, as_of), grids)


# ---------------------------------------------------------------- which are shown


class WatchedRow(NamedTuple):
    """Whether one timescale is shown: always, from a day on, or not."""

    timescale: str
    shown: str
    begins: date | None
    group: str | None


def _shown(row: WatchedRow, _: object) -> str:
    return f"from {spoken(row.begins)}" if row.begins else row.shown


WATCHED = Listing(
    "Watched",
    (
        Field("timescale", harmless=True),
        Field("shown", harmless=True, cell=_shown),
        Field("from", DATE, harmless=True, value=attrgetter("begins")),
        Field("group", harmless=True),
    ),
    columns=("timescale", "shown", "group"),
    command="watch",
    paper=("timescale", "shown", "from", "group"),
)


def watched_export(catalogue: Catalogue, watched: Mapping[str, date], as_of: date) -> Export:
    """
    Make the listing of which timescales are shown.

    Args:
        catalogue: The rules.
        watched: The timescales that were turned on, each with its first day.
        as_of: The day the question is asked about.
    """
    rows = []
    for rule in catalogue.rules.values():
        begins = watched.get(rule.id)
        shown = "always" if catalogue.is_shown(rule) else "from" if begins else "off"
        rows.append(
            WatchedRow(rule.id, shown, begins if shown == "from" else None, rule.group or None)
        )

    def grids() -> list[Grid]:
        return [WATCHED.grid("Timescales shown", rows)]

    return WATCHED.export(rows, about(catalogue, as_of), grids)


# ---------------------------------------------------------------- from some days


def _due(found: Due, _: object) -> str:
    return spoken(found.due) + ("~" if found.provisional else "")


WHEN = Listing(
    "When",
    (
        Field("timescale", harmless=True, value=attrgetter("rule.id")),
        Field("from", DATE, harmless=True, value=attrgetter("started")),
        Field("due", DATE, harmless=True, cell=_due),
        Field("hold_by", DATE, harmless=True),
        Field("limit", harmless=True, value=lambda due: due.version.words()),
        Field("provisional", YES_NO, harmless=True),
        Field("left_out", LIST, harmless=True, value=left_out),
        Field("authority", harmless=True, value=authority_of),
        Field("provision", harmless=True, value=lambda due: due.version.citations[0].provision),
        Field("url", title="Link", harmless=True, value=lambda due: due.version.citations[0].url),
    ),
    columns=("timescale", "from", "due", "hold_by", "limit"),
    command="when",
    paper=("timescale", "from", "due", "hold_by", "limit", "provisional", "left_out", "provision"),
)


def when_export(
    answers: Sequence[Sequence[Due]], catalogue: Catalogue, as_of: date, *, compare: bool
) -> Export:
    """
    Make the listing of the due dates of timescales from several days.

    Args:
        answers: For each timescale, the due date from each day.
        catalogue: The rules.
        as_of: The day the question is asked about.
        compare: Whether to say which of the timescales is the sooner.
    """
    by_day = list(zip(*answers, strict=True))
    rows = [one for together in by_day for one in together]

    def grids() -> list[Grid]:
        notes = [
            f"from {spoken(together[0].started)}: {line}"
            for together in by_day
            for line in (verdict(together) if compare else ())
        ]
        return [WHEN.grid("", rows, notes)]

    return WHEN.export(rows, about(catalogue, as_of), grids)
