"""``show``, ``explain`` and ``caseload``."""

import os
import sys
from typing import Annotated

import typer

from iro_cli.cli import completion
from iro_cli.cli.daily import DueOptions, check_names, open_view, watched_all
from iro_cli.cli.options import with_common
from iro_cli.cli.output import emit, is_terminal, tell, write_blocks
from iro_cli.cli.settings import Given, Settings, resolve
from iro_cli.dates.words import spoken
from iro_cli.errors import UsageError
from iro_cli.pages.caseload import caseload_sheet
from iro_cli.pages.child import explain_sheet, explanation_blocks, show_sheet
from iro_cli.pages.due import open_by_iro
from iro_cli.questions.caseload import caseload
from iro_cli.questions.due import Asked, open_obligations
from iro_cli.questions.show import explain, show, standing

app = typer.Typer(rich_markup_mode=None)


def terminal_width(settings: Settings) -> int | None:
    """Return the width of the terminal a table is shown on, ``None`` where there is none."""
    if settings.format != "table" or settings.output or not is_terminal(sys.stdout):
        return None
    return os.get_terminal_size(sys.stdout.fileno()).columns


Child = Annotated[str, typer.Argument(metavar="CHILD", autocompletion=completion.children)]
Watched = Annotated[
    str | None, typer.Option("--watched", metavar="all", help="`all`: every timescale, once.")
]


@app.command("show")
@with_common
def show_command(given: Given, child: Child, watched: Watched = None) -> int:
    """Show one child: facts, what is open, what was met and whether in timescale."""
    settings = resolve(given)
    view = open_view(settings)
    found, case = show(view, child, watched_all=watched_all(watched))
    emit(show_sheet(found, view.catalogue, view.as_of, standing(case, view)), settings)
    return 0


@app.command("explain")
@with_common
def explain_command(
    given: Given,
    child: Child,
    timescale: Annotated[
        str | None,
        typer.Argument(metavar="[TIMESCALE]", autocompletion=completion.timescales),
    ] = None,
    watched: Watched = None,
) -> int:
    """Say why a date is what it is: what started the clock, what was counted, the provision."""
    settings = resolve(given)
    view = open_view(settings)
    case, found = explain(view, child, timescale, watched_all=watched_all(watched))
    blocks = explanation_blocks(child, found)
    if settings.format == "table" and settings.output is None and not settings.pseudonymise:
        if blocks:
            write_blocks(blocks, sys.stdout)
        else:
            tell(f"nothing is open for {child} on {spoken(view.as_of)}: {standing(case, view)}")
        return 0

    emit(explain_sheet(child, found, view.catalogue, view.as_of), settings)
    return 0


@app.command("caseload")
@with_common
def caseload_command(
    given: Given,
    by: Annotated[
        str,
        typer.Option(
            "--by",
            metavar="iro",
            help="iro, team or process.",
            autocompletion=completion.caseload_by,
        ),
    ] = "iro",
    iro: Annotated[
        str | None,
        typer.Option("--iro", help="Only this IRO or chair.", autocompletion=completion.names),
    ] = None,
    team: Annotated[
        str | None, typer.Option("--team", help="Only this team.", autocompletion=completion.teams)
    ] = None,
    process: Annotated[
        str | None,
        typer.Option("--process", help="Only this process.", autocompletion=completion.processes),
    ] = None,
    watched: Watched = None,
    sheets: Annotated[
        str | None,
        typer.Option("--sheets", metavar="iro", help="With xlsx: a sheet of open rows for each."),
    ] = None,
) -> int:
    """Show caseloads: children, open, overdue, due in 28 days, unbooked, timeliness."""
    if by not in ("iro", "team", "process"):
        raise UsageError(f"--by {by!r}: one of iro, team, process")
    settings = resolve(given)
    if sheets not in (None, "iro"):
        raise UsageError(f"--sheets {sheets!r}: `iro`, or leave it out")
    if sheets and settings.format != "xlsx":
        raise UsageError("--sheets goes with --format xlsx")
    view = open_view(settings)
    check_names(view, DueOptions(iro=iro, team=team, process=process))
    only = {"iro": iro, "team": team, "process": process}
    rows = caseload(view, by, watched_all=watched_all(watched), only=only)
    sheet = caseload_sheet(rows, view.catalogue, view.as_of, by, width=terminal_width(settings))
    if sheets:
        asked = Asked(
            everything=True,
            iro=iro,
            team=team,
            process=process,
            watched_all=watched_all(watched),
        )
        sheet = sheet._replace(parts=lambda: open_by_iro(open_obligations(view, asked)))
    emit(sheet, settings)
    return 0
