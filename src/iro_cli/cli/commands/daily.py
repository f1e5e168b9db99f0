"""``due`` and ``overdue``: the daily check."""

from collections.abc import Callable

from iro_cli.cli.configuration import me, named, place
from iro_cli.cli.options import Given
from iro_cli.cli.output import block_lines, emit, filters_named, say, say_if_empty
from iro_cli.cli.results import results
from iro_cli.cli.settings import Settings, open_view, resolve
from iro_cli.cli.values import horizon_of
from iro_cli.errors import UsageError
from iro_cli.forms import is_terminal
from iro_cli.lean import TYPE_CHECKING
from iro_cli.obligations.listing import OVERDUE, DueRow
from iro_cli.pages.due import due_export, unseen
from iro_cli.questions.due import AskedDue, listed
from iro_cli.questions.view import View

if TYPE_CHECKING:
    from iro_cli.forms.appointments import Appointments
    from iro_cli.questions.view import Horizon

FINDINGS_EXIT_CODE = 10
ME = "me"


def check_calendar(settings: Settings, *, labels: bool, minutes: int | None) -> None:
    """
    Refuse the options of a calendar if the listing is not one.

    Raises:
        UsageError: The listing is not a calendar, or labels are asked for together with pseudonyms.
    """
    for option, asked in (("--labels", labels), ("--meeting-length", minutes is not None)):
        if asked and settings.format != "ics":
            raise UsageError(f"{option} can only be used with --format ics")
    if labels and settings.pseudonymise:
        raise UsageError(
            "--labels and --pseudonymise cannot be used together: a label says who the child is"
        )


def appointments(
    view: View,
    rows: list[DueRow],
    planned: tuple[DueRow, ...] = (),
    *,
    labels: bool,
    minutes: int | None,
) -> "Callable[[], Appointments]":
    """
    Return a function that makes the entries of a calendar; most forms never call it.

    Args:
        view: The open store.
        rows: The open obligations that are listed.
        planned: Further obligations with a booking; the calendar shows their meetings too.
        labels: Whether the children's labels are shown.
        minutes: The length of a meeting in minutes; ``None`` for the usual length.
    """

    def made() -> "Appointments":
        from iro_cli.pages.appointments import appointments_of  # noqa: PLC0415 - for a calendar

        children = view.reader.children() if labels else {}
        shown = {child.child_id: child.label for child in children.values() if child.label}
        found = appointments_of(
            rows, view.reader.bookings(), shown, view.reader.last_change(), planned
        )
        return found if minutes is None else found._replace(minutes=minutes)

    return made


def due_command(
    given: Given,
    within: str | None,
    everything: bool,
    iro: str | None,
    team: str | None,
    process: str | None,
    child: str | None,
    unbooked: bool,
    watched: str | None,
    exit_code: bool,
    labels: bool,
    meeting_length: int | None,
    timescales: tuple[str, ...],
    words: tuple[str, ...],
) -> int:
    """
    Show what is open.

    Returns:
        The exit code.

    Raises:
        IroError: It cannot be done.
    """
    settings = resolve(given)
    words = tuple(word.strip() for word in words)
    if "" in words:
        raise UsageError(
            "WORD '': a word without a letter is found in every row: say what to look for, or "
            "leave it out"
        )
    asked = AskedDue(
        within=horizon_of(within) if within else _configured_horizon(),
        words=tuple(word for word in words if word != ME),
        everything=everything,
        iro=_whose(iro, words),
        team=team,
        process=process,
        child=child,
        timescales=timescales,
        unbooked=unbooked,
        watched_all=watched is not None,
    )
    return _list(settings, asked, labels=labels, minutes=meeting_length, exit_code=exit_code)


def overdue_command(
    given: Given,
    iro: str | None,
    team: str | None,
    process: str | None,
    child: str | None,
    unbooked: bool,
    watched: str | None,
    exit_code: bool,
    labels: bool,
    meeting_length: int | None,
    timescales: tuple[str, ...],
    per_iro_folder: str | None,
) -> int:
    """
    Show only what is overdue, or write it into a folder.

    Returns:
        The exit code.

    Raises:
        IroError: It cannot be done.
    """
    asked = AskedDue(
        iro=iro,
        team=team,
        process=process,
        child=child,
        timescales=timescales,
        unbooked=unbooked,
        watched_all=watched is not None,
        only_overdue=True,
    )
    if per_iro_folder is not None:
        from iro_cli.cli.per_iro import overdue_per_iro  # noqa: PLC0415 - a slow path of its own

        return overdue_per_iro(
            given,
            asked,
            per_iro_folder,
            labels=labels,
            minutes=meeting_length,
            exit_code=exit_code,
        )
    return _list(resolve(given), asked, labels=labels, minutes=meeting_length, exit_code=exit_code)


def _list(
    settings: Settings, asked: AskedDue, *, labels: bool, minutes: int | None, exit_code: bool
) -> int:
    check_calendar(settings, labels=labels, minutes=minutes)
    view = open_view(settings)
    view.check_names(iro=asked.iro, team=asked.team, process=asked.process)
    found = listed(view, asked)
    rows, hidden = found.rows, found.left_out.get("without_date", 0)
    first = () if asked.only_overdue or asked.child else _glance(rows, settings)
    export = due_export(
        rows,
        view.catalogue,
        settings.as_of,
        within=asked.within.words(),
        silent=asked.only_overdue,
        left_out=found.left_out,
        found_by=_found_by(asked, settings, view),
        away=view.reader.absences,
    )
    for word in found.nowhere:
        say(f"iro: no open row has {word!r} in it")
    entries = appointments(view, rows, found.planned, labels=labels, minutes=minutes)
    emit(export._replace(appointments=entries), settings, first)
    if settings.strict and hidden and not rows:
        # An empty list of what is overdue prints nothing.  Here it is empty only because --strict
        # hides dates, and somebody who does not know that would think that nothing is overdue.
        say(f"iro: {unseen(hidden)}")
    if not rows:
        say_if_empty(view, asked.child)
    late = any(row.status == OVERDUE for row in rows)
    return FINDINGS_EXIT_CODE if exit_code and late else 0


def _configured_horizon() -> "Horizon":
    """
    Return how far ahead to look if nothing was typed.

    Raises:
        UsageError: The configured value is not a length of time.
    """
    return horizon_of(named("within"), f"within in {place()}")


def _whose(iro: str | None, words: tuple[str, ...]) -> str | None:
    """
    Return whose rows are listed: ``--iro``, or the configured name if ``me`` is among the words.

    Raises:
        UsageError: No ``me`` is configured, or somebody else is named too.
    """
    if ME not in words:
        return iro
    mine = me()
    if iro is not None and iro.casefold() != mine.casefold():
        raise UsageError(f"--iro {iro} and `me`, who is {mine}: name one of them")
    return mine


def _found_by(asked: AskedDue, settings: Settings, view: View) -> str:
    """
    Return the words that name each filter: an empty list must not look like all there is.

    With pseudonyms, neither the child nor the words are shown: one may be the name of a child.
    """
    said = filters_named(view, iro=asked.iro, team=asked.team, process=asked.process)
    if asked.child is not None and not settings.pseudonymise:
        from iro_cli.questions.naming import child_named  # noqa: PLC0415 - if one is named

        said += f", child {child_named(view.reader, asked.child)}"
    if asked.timescales:
        said += f", timescale {' or '.join(asked.timescales)}"
    if asked.unbooked:
        said += ", not booked"
    if asked.words and settings.pseudonymise:
        return f"{said}, found by words that are not shown"
    return f"{said}, with {' and '.join(map(repr, asked.words))}" if asked.words else said


def _glance(rows: list[DueRow], settings: Settings) -> tuple[str, ...]:
    """Return the lines that say on a terminal what to do first; a script gets only the list."""
    if (
        settings.format != "table"
        or settings.output
        or settings.pseudonymise
        or not is_terminal(results())
    ):
        return ()
    from iro_cli.pages.glance import today_first  # noqa: PLC0415 - only on a terminal

    lines = today_first(rows, settings.as_of)
    return (*block_lines([("Today first", lines)], results()), "") if lines else ()
