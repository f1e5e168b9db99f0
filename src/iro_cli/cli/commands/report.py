"""``report``: figures for a period, and the reports that managers read."""

import json
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import TextIO

from iro_cli.cli.options import Given
from iro_cli.cli.output import emit, save, say, spare
from iro_cli.cli.settings import Settings, open_view, resolve
from iro_cli.cli.values import day_of, path_of
from iro_cli.dates.words import spoken
from iro_cli.errors import UsageError
from iro_cli.figures import periods
from iro_cli.figures.duties import Period, checked_period
from iro_cli.forms.statement import about
from iro_cli.pages.timeliness import TimelinessPage, timeliness_export
from iro_cli.questions.quarterly import ANNUAL, QUARTERLY, Report, as_json, report
from iro_cli.questions.quarterly_sections import SECTIONS
from iro_cli.questions.report import Asked, timeliness


def period_from(first: str | None, last: str | None, settings: Settings, usual: Period) -> Period:
    """
    Return the period that was asked for, or the usual one.

    Raises:
        UsageError: Only one end of it is given, or one is no date.
        InputRefusedError: It ends before it begins, or has not begun.
    """
    if first is None and last is None:
        return usual
    if first is None or last is None:
        raise UsageError("--from and --to go together: give both, or neither")
    ends = (day_of(first, "--from", settings.as_of), day_of(last, "--to", settings.as_of))
    return checked_period(*ends, settings.as_of)


def files_from(names: tuple[str, ...], *, authority: str | None) -> tuple[Path, ...]:
    """
    Return the files of figures.

    Raises:
        UsageError: There is no authority to compare with them.
    """
    if names and authority is None:
        raise UsageError("--statistics goes with --authority NAME: whose figures are compared?")
    return tuple(path_of(name) for name in names)


def _neighbours(names: str | None, authority: str | None) -> str | None:
    if names and authority is None:
        raise UsageError("--neighbours goes with --authority NAME: whose neighbours are they?")
    return names


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
    """Count what fell due in a period: held, in timescale, late by how long, outstanding."""
    if show in ("comparison", "trend") and authority is None:
        raise UsageError(f"--show {show} goes with --authority NAME: who is compared?")
    least = suppress or 0
    if show == "late" and least:
        raise UsageError("--show late lists children one by one: leave --suppress out")
    settings = resolve(given)
    asked = Asked(
        period_from(first, last, settings, periods.last_year_to(settings.as_of)),
        by,
        iro,
        team,
        process,
        least,
        watched is not None,
        authority,
        _neighbours(neighbours, authority),
        files_from(statistics, authority=authority),
    )
    view = open_view(settings)
    view.check_names(iro=iro, team=team, process=process)
    found = timeliness(view, asked)
    of = ", ".join(f"{name} {value}" for name, value in _filters(asked) if value)
    heading = (
        f"Timeliness, {periods.words(asked.period)}{', ' + of if of else ''}\n"
        f"Judged on {spoken(view.as_of)}"
    )
    page = TimelinessPage(
        by,
        heading,
        found.figures,
        found.measures,
        found.late,
        found.compared.latest,
        found.compared.trend,
        found.compared.source,
    )
    says = {
        **about(view.catalogue, view.as_of),
        "from": asked.period.first,
        "to": asked.period.last,
        "by": by,
        "suppress": least or None,
        "total": found.figures.total,
        "measures": found.measures,
    }
    if authority is not None:
        says["source"] = found.compared.source
    emit(timeliness_export(page, says, show), settings)
    return 0


def _filters(asked: Asked) -> tuple[tuple[str, str | None], ...]:
    return (("IRO or chair", asked.iro), ("team", asked.team), ("process", asked.process))


_NEEDED = {"html": ("jinja2", "matplotlib"), "docx": ("docx", "matplotlib")}


def _needs(form: str) -> None:
    """Refuse where a library that draws or writes the report is not installed."""
    missing = [name for name in _NEEDED.get(form, ()) if find_spec(name) is None]
    if missing:
        raise UsageError(
            f"--format {form} needs {' and '.join(missing)}: install them with "
            "`pip install 'iro-cli[reports]'`; `-f json` has the figures without"
        )


def _write(found: Report, form: str, says: dict[str, object], out: TextIO) -> None:
    if form == "json":
        json.dump({**says, **as_json(found)}, out, ensure_ascii=False, indent=1)
        out.write("\n")
    elif form == "docx":
        from iro_cli.pages.report_document import document  # noqa: PLC0415 - an extra

        out.flush()
        out.buffer.write(document(found))
    else:
        from iro_cli.pages.report_page import page  # noqa: PLC0415 - an extra

        out.write(page(found))


def _report(given: Given, kind: str, asked: Asked, settings: Settings) -> int:
    form = given.format or "html"
    _needs(form)
    target = settings.output if settings.output and str(settings.output) != "-" else None
    if form == "docx" and target is None:
        raise UsageError("--format docx is a file: name it with --output FILE.docx")
    view = open_view(settings)
    view.check_names(team=asked.team)
    found = report(view, asked, kind, SECTIONS)
    says = {
        **about(view.catalogue, view.as_of),
        "bank_holidays_confirmed_to": view.calendar.confirmed_to.isoformat(),
    }
    if target is None:
        _write(found, form, says, sys.stdout)
        return 0
    spare(target, *settings.store.files)
    save(target, lambda out: _write(found, form, says, out))
    say(f"written: {target}")
    return 0


def quarterly_command(
    given: Given,
    first: str | None,
    last: str | None,
    team: str | None,
    suppress: int | None,
    authority: str | None,
    neighbours: str | None,
    statistics: tuple[str, ...],
) -> int:
    """Write the quarter's report: one page, a Word document (-f docx) or its figures (-f json)."""
    settings = resolve(given.but(format="json"))
    period = period_from(first, last, settings, periods.last_quarter(settings.as_of))
    asked = Asked(
        period,
        team=team,
        least=suppress or 0,
        authority=authority,
        neighbours=_neighbours(neighbours, authority),
        statistics=files_from(statistics, authority=authority),
    )
    return _report(given, QUARTERLY, asked, settings)


def annual_command(
    given: Given,
    first: str | None,
    last: str | None,
    team: str | None,
    suppress: int | None,
    authority: str | None,
    neighbours: str | None,
    statistics: tuple[str, ...],
) -> int:
    """Write the reviewing service's annual report, for April to March."""
    settings = resolve(given.but(format="json"))
    period = period_from(first, last, settings, periods.last_reporting_year(settings.as_of))
    asked = Asked(
        period,
        team=team,
        least=suppress or 0,
        authority=authority,
        neighbours=_neighbours(neighbours, authority),
        statistics=files_from(statistics, authority=authority),
    )
    return _report(given, ANNUAL, asked, settings)
