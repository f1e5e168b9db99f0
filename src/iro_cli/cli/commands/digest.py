"""``digest``: what is overdue, due and unbooked, as the body of a mail."""

from iro_cli.cli.commands.daily import FINDINGS_EXIT_CODE
from iro_cli.cli.options import Given
from iro_cli.cli.output import emit, save, spare
from iro_cli.cli.results import results
from iro_cli.cli.settings import open_view, resolve
from iro_cli.cli.values import horizon_of
from iro_cli.errors import UsageError
from iro_cli.figures.digest import digest
from iro_cli.obligations.listing import DueRow, soonest_first
from iro_cli.pages.digest import digest_export, write_html, write_text
from iro_cli.questions.due import AskedDue, open_obligations


def _pseudonymised(rows: list[DueRow]) -> list[DueRow]:
    """Return rows with pseudonyms for ids, and not in the order of the ids."""
    from iro_cli.cli.pseudonym_key import read_key  # noqa: PLC0415 - only when asked for
    from iro_cli.forms.pseudonyms import Pseudonyms  # noqa: PLC0415 - the same

    names = Pseudonyms(read_key())
    found = [row._replace(child=names.child(row.child)) for row in rows]
    return sorted(found, key=soonest_first)


def digest_command(
    given: Given,
    html: bool,
    iro: str | None,
    team: str | None,
    within: str,
    watched: str | None,
    exit_code: bool,
) -> int:
    """Write a mail body: what is overdue, due and unbooked; nothing when nothing is."""
    settings = resolve(given)
    if html and settings.format not in ("table", "html"):
        raise UsageError(f"--html and --format {settings.format} cannot be used together")
    horizon, everything = horizon_of(within), watched is not None
    view = open_view(settings)
    view.check_names(iro=iro, team=team)
    asked = AskedDue(horizon, everything=True, iro=iro, team=team, watched_all=everything)
    rows = open_obligations(view, asked)
    page = html or settings.format == "html"
    if settings.pseudonymise and (page or settings.format == "table"):
        rows = _pseudonymised(rows)
    for_whom = next((row.iro for row in rows), iro) if iro else team
    found = digest(rows, settings.as_of, for_whom=for_whom, within=horizon.words())
    late = FINDINGS_EXIT_CODE if exit_code and found.count("overdue") else 0
    if not page and settings.format != "table":
        emit(digest_export(found, view.catalogue), settings)
        return late
    write = write_html if page else write_text
    if settings.output and str(settings.output) != "-":
        spare(settings.output, *settings.store.files)
        save(settings.output, lambda out: write(found, out) if found.sections else None)
    elif found.sections:
        write(found, results())
    return late
