"""``report``: figures for a period, and the reports that managers read."""

from functools import partial
from pathlib import Path

from iro_cli.cli.options import Given
from iro_cli.cli.output import emit, say, say_if_empty, spare, write_as
from iro_cli.cli.progress import shown
from iro_cli.cli.results import results
from iro_cli.cli.settings import Settings, open_view, resolve
from iro_cli.cli.values import path_of
from iro_cli.dates.reading import in_known_years
from iro_cli.errors import InputRefusedError, UsageError
from iro_cli.figures import periods
from iro_cli.figures.periods import Period, checked_period
from iro_cli.files import read_within
from iro_cli.forms import REPORT_FORMS, Form, form
from iro_cli.pages.timeliness import timeliness_export
from iro_cli.questions.report import ANNUAL, QUARTERLY, AskedReport, report_facts, timeliness

_LARGEST_TEMPLATE = 32 * 1024 * 1024
_USUAL = {QUARTERLY: periods.last_quarter, ANNUAL: periods.last_reporting_year}


def _period(first: str | None, last: str | None, settings: Settings, usual: Period) -> Period:
    """
    Return the period that was typed, or the usual one.

    Raises:
        UsageError: Only one end of it is given, or one is not a day of a known year.
        InputRefusedError: It ends before it begins, or has not begun.
    """
    if first is None and last is None:
        return usual
    if first is None or last is None:
        raise UsageError("--from and --to go together: give both, or neither")
    begins = in_known_years(settings.day(first, "--from"), f"--from {first!r}")
    ends = in_known_years(settings.day(last, "--to"), f"--to {last!r}")
    return checked_period(begins, ends, settings.as_of)


def _published(
    authority: str | None, neighbours: str | None, statistics: tuple[str, ...]
) -> tuple[Path, ...]:
    """
    Return the Department's files of statistics that are to be read.

    Raises:
        UsageError: Files or neighbours are named, but no authority to compare with.
    """
    if statistics and authority is None:
        raise UsageError("--statistics needs --authority NAME: whose figures are to be compared?")
    if neighbours and authority is None:
        raise UsageError("--neighbours needs --authority NAME: whose neighbours are they?")
    return tuple(map(path_of, statistics))


def _template(path: Path | None, written: Form, settings: Settings) -> bytes | None:
    """
    Read the document that gives a report its styles.

    Raises:
        UsageError: The report is not written as a document.
        InputRefusedError: The document cannot be read, or the report would overwrite it.
    """
    if path is None:
        return None
    if written.name != "docx":
        raise UsageError("--template is for documents: add --format docx, or -o FILE.docx")
    if settings.place:
        spare(settings.place, path)
    try:
        return read_within(path, _LARGEST_TEMPLATE)
    except OSError as error:
        raise InputRefusedError(
            f"--template {str(path)!r}: it cannot be read ({error.strerror})"
        ) from None


def timeliness_command(
    given: Given,
    first: str | None,
    last: str | None,
    by: str,
    show: str,
    iro: str | None,
    team: str | None,
    process: str | None,
    suppress: int | None,
    authority: str | None,
    neighbours: str | None,
    statistics: tuple[str, ...],
    watched: str | None,
) -> int:
    """
    Count what fell due in a period: held in timescale, held late and by how much, outstanding.

    Raises:
        UsageError: Options do not fit each other.
    """
    if show in ("comparison", "trend") and authority is None:
        raise UsageError(f"--show {show} needs --authority NAME: who is to be compared?")
    if show == "late" and suppress:
        raise UsageError(
            "--show late lists children one by one, so --suppress cannot be used with it"
        )
    settings = resolve(given)
    asked = AskedReport(
        _period(first, last, settings, periods.last_year_to(settings.as_of)),
        by,
        iro,
        team,
        process,
        suppress or 0,
        watched is not None,
        authority,
        neighbours,
        _published(authority, neighbours, statistics),
    )
    view = open_view(settings)
    view.check_names(iro=iro, team=team, process=process)
    with shown():
        found = timeliness(view, asked)
    emit(timeliness_export(found, asked, view.catalogue, view.as_of, show), settings)
    say_if_empty(view)
    return 0


def _report(
    kind: str,
    given: Given,
    first: str | None,
    last: str | None,
    team: str | None,
    suppress: int | None,
    authority: str | None,
    neighbours: str | None,
    statistics: tuple[str, ...],
    template: Path | None,
) -> int:
    """
    Write a report: one page, a Word document (-f docx) or its figures (-f json).

    Raises:
        UsageError: The form needs a file and none is named, or a web page would go to a terminal.
    """
    settings = resolve(given)
    written = form(given.format or "html", REPORT_FORMS)
    if written.binary and settings.place is None:
        raise UsageError(
            f"--format {written.name} is a file: name it with --output FILE.{written.ending}"
        )
    if settings.place is None and given.format is None and results().isatty():
        raise UsageError(
            f"the report is a page for a browser, not for a terminal: give --output {kind}.html"
        )
    document = _template(template, written, settings)
    asked = AskedReport(
        _period(first, last, settings, _USUAL[kind](settings.as_of)),
        team=team,
        least=suppress or 0,
        authority=authority,
        neighbours=neighbours,
        statistics=_published(authority, neighbours, statistics),
    )
    view = open_view(settings)
    view.check_names(team=team)
    from iro_cli.pages.report import report  # noqa: PLC0415 - not for the figures of a period

    with shown():
        facts = report_facts(view, asked, kind)
    write_as(written, report(facts), settings, template=document)
    if settings.place:
        say(f"written: {settings.place}")
    say_if_empty(view)
    return 0


quarterly_command = partial(_report, QUARTERLY)
annual_command = partial(_report, ANNUAL)
