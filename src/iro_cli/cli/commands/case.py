"""``show``, ``explain`` and ``caseload``."""

import os

from iro_cli.cli.options import Given
from iro_cli.cli.output import emit, filters_named, say_if_empty, tell, write_blocks
from iro_cli.cli.results import results
from iro_cli.cli.settings import Settings, open_view, resolve
from iro_cli.dates.words import spoken
from iro_cli.errors import UsageError
from iro_cli.forms import is_terminal
from iro_cli.pages.caseload import caseload_export
from iro_cli.pages.child import explain_export, explanation_blocks, show_export, standing
from iro_cli.pages.due import open_by_iro
from iro_cli.questions.caseload import caseload
from iro_cli.questions.due import AskedDue, open_obligations
from iro_cli.questions.naming import child_named, ended
from iro_cli.questions.show import explain, show
from iro_cli.sentences.ending import ending_words


def terminal_width(settings: Settings) -> int | None:
    """Return the width of the terminal in characters; ``None`` if no table is shown on one."""
    if settings.format != "table" or settings.output or not is_terminal(results()):
        return None
    return os.get_terminal_size(results().fileno()).columns


def show_command(given: Given, child: str, watched: str | None) -> int:
    """Show one child: facts, what is open, what was met and whether in timescale."""
    settings = resolve(given)
    view = open_view(settings)
    child = child_named(view.reader, child)
    found, case = show(view, child, watched_all=watched is not None)
    law = view.of(case.child).catalogue
    emit(show_export(found, law, view.as_of, standing(case, law, found.open)), settings)
    return 0


def explain_command(
    given: Given, child: str, timescale: tuple[str, ...], watched: str | None
) -> int:
    """Explain a date: the event that started the clock, the days that count, the provision."""
    settings = resolve(given)
    view = open_view(settings)
    child = child_named(view.reader, child)
    only = " ".join(timescale) or None
    case, found = explain(view, child, only, watched_all=watched is not None)
    blocks, law = explanation_blocks(child, found), view.of(case.child).catalogue
    if settings.format == "table" and settings.output is None and not settings.pseudonymise:
        if blocks:
            write_blocks(blocks, results())
        else:
            why = ended(view, child)
            stands = (f"{ending_words(why)}; " if why else "") + standing(case, law)
            tell(f"nothing is open for {child} on {spoken(view.as_of)}: {stands}")
        return 0

    emit(explain_export(child, found, law, view.as_of), settings)
    return 0


def caseload_command(
    given: Given,
    by: str,
    iro: str | None,
    team: str | None,
    process: str | None,
    watched: str | None,
    sheets: str | None,
) -> int:
    """
    Show caseloads: children, open, overdue, due in 28 days, unbooked, timeliness.

    Raises:
        UsageError: ``--sheets`` is given, but no workbook is written.
    """
    settings = resolve(given)
    if sheets and settings.format != "xlsx":
        raise UsageError("--sheets can only be used with --format xlsx")
    view = open_view(settings)
    view.check_names(iro=iro, team=team, process=process)
    only = {"iro": iro, "team": team, "process": process}
    rows = caseload(view, by, watched_all=watched is not None, only=only)
    named = filters_named(view, iro=iro, team=team, process=process)
    width = terminal_width(settings)
    export = caseload_export(rows, view.catalogue, view.as_of, by, named, width=width)
    if sheets:
        asked = AskedDue(
            everything=True,
            iro=iro,
            team=team,
            process=process,
            watched_all=watched is not None,
        )
        export = export._replace(parts=lambda: open_by_iro(open_obligations(view, asked)))
    emit(export, settings)
    say_if_empty(view)
    return 0
