"""``digest``: what is overdue, due and unbooked, as the body of a mail."""

from datetime import date

from iro_cli.cli.commands.daily import FINDINGS_EXIT_CODE
from iro_cli.cli.commands.since import what_changed
from iro_cli.cli.options import Given
from iro_cli.cli.output import emit, save, say_if_empty, spare
from iro_cli.cli.results import results
from iro_cli.cli.settings import Settings, open_view, resolve
from iro_cli.cli.values import horizon_of
from iro_cli.errors import UsageError
from iro_cli.figures.digest import Digest, digest
from iro_cli.obligations.listing import DueRow, soonest_first
from iro_cli.pages.digest import digest_export, write_html, write_text
from iro_cli.pages.since import Different
from iro_cli.questions.due import AskedDue, open_obligations
from iro_cli.questions.since import AskedSince


def _pseudonymised(rows: list[DueRow]) -> list[DueRow]:
    """Return rows with pseudonyms, sorted again because the order of the ids would be a clue."""
    from iro_cli.cli.pseudonym_key import read_key  # noqa: PLC0415 - only when asked for
    from iro_cli.forms.pseudonyms import Pseudonyms  # noqa: PLC0415 - the same

    names = Pseudonyms(read_key())
    found = [row._replace(child=names.child(row.child)) for row in rows]
    return sorted(found, key=soonest_first)


def _nameless(different: Different) -> Different:
    """Return differences with pseudonyms, sorted again because the order of ids would be a clue."""
    from iro_cli.cli.pseudonym_key import read_key  # noqa: PLC0415 - only when asked for
    from iro_cli.forms.pseudonyms import Pseudonyms  # noqa: PLC0415 - the same

    names = Pseudonyms(read_key())
    rows = [row._replace(child=names.child(row.child)) for row in different.rows]
    return different._replace(rows=sorted(rows, key=lambda row: (row.due or date.max, row.child)))


def digest_command(
    given: Given,
    html: bool,
    iro: str | None,
    team: str | None,
    within: str,
    watched: str | None,
    exit_code: bool,
    since: str | None,
) -> int:
    """
    Write what is overdue, due and unbooked as the body of a mail.

    If there is nothing to tell, the mail body is empty.
    """
    settings = resolve(given)
    _check_form(settings, html=html, since=since)
    page = html or settings.format == "html"
    horizon, everything = horizon_of(within), watched is not None
    view = open_view(settings)
    view.check_names(iro=iro, team=team)
    asked = AskedDue(horizon, everything=True, iro=iro, team=team, watched_all=everything)
    rows = open_obligations(view, asked)
    different = None
    if since is not None:
        told = AskedSince(horizon, iro, team, None, everything)
        different = what_changed(settings, view, told, settings.day(since, "--since", "past"))
    if settings.pseudonymise and (page or settings.format == "table"):
        rows = _pseudonymised(rows)
        different = different and _nameless(different)
    for_whom = next((row.iro for row in rows), iro) if iro else team
    found = digest(rows, settings.as_of, for_whom=for_whom, within=horizon.words())
    if page or settings.format == "table":
        _write(found, different, settings, page=page)
    else:
        emit(digest_export(found, view.catalogue), settings)
    say_if_empty(view)
    return FINDINGS_EXIT_CODE if exit_code and found.count("overdue") else 0


def _check_form(settings: Settings, *, html: bool, since: str | None) -> None:
    """
    Refuse options that do not fit the form.

    Raises:
        UsageError: ``--html`` or ``--since`` is given, but the form is not a mail body.
    """
    form = settings.format
    if html and form not in ("table", "html"):
        raise UsageError(f"--html and --format {form} cannot be used together")
    if since is not None and form not in ("table", "html"):
        raise UsageError(
            f"--since and --format {form} cannot be used together: the rows of a digest are what "
            f"is open; `iro changes --since {since} -f {form}` lists what is different"
        )


def _write(found: Digest, different: Different | None, settings: Settings, *, page: bool) -> None:
    """Write a mail body; if there is nothing to say, write nothing or an empty file."""
    write = write_html if page else write_text
    anything = found.sections or (different and different.rows)
    if settings.output and str(settings.output) != "-":
        spare(settings.output, *settings.store.files)
        save(settings.output, lambda out: write(found, out, different) if anything else None)
    elif anything:
        write(found, results(), different)
