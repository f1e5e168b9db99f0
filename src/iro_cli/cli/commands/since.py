"""``changes``: list what is different since a day, or since the extract before the latest."""

from datetime import UTC, date, datetime, timedelta

from iro_cli.cli.options import Given
from iro_cli.cli.output import emit
from iro_cli.cli.settings import Settings, open_view, resolve
from iro_cli.cli.values import horizon_of
from iro_cli.clock import london_day
from iro_cli.pages.since import Different, since_export
from iro_cli.questions.since import AskedSince, Made, baseline
from iro_cli.questions.since import since as different_since
from iro_cli.questions.view import View


def _made(view: View) -> list[Made]:
    """Return the changes of the store, each with its day in London."""
    return [
        Made(number, london_day(datetime.fromisoformat(at).astimezone(UTC)), command)
        for number, at, command in view.reader.made()
    ]


def what_changed(
    settings: Settings, view: View, asked: AskedSince, since: date | None, *, todays: bool = False
) -> Different:
    """
    Return the differences, and the earlier day or extract that the store is compared with.

    Args:
        settings: The settings, with the nation and the packs.
        view: The store as it is now.
        asked: The filters.
        since: The earlier day; ``None`` for the extract before the latest.
        todays: Whether today's facts are used for both days.

    Raises:
        InputRefusedError: The store was empty then.
    """
    base = baseline(_made(view), view.as_of, since, todays=todays)
    reader = view.reader if base.until is None else view.reader.as_it_was(base.until)
    then = open_view(settings.but(as_of=base.day), reader)
    eve = settings.but(as_of=base.day - timedelta(days=1))
    facts = open_view(eve, reader) if base.until is None else None
    rows = different_since(view, then, asked, facts)
    return Different(rows, base, view.as_of, asked.within.words())


def changes_command(
    given: Given,
    since: str | None,
    facts_of_today: bool,
    within: str | None,
    iro: str | None,
    team: str | None,
    process: str | None,
    watched: str | None,
) -> int:
    """Show what became due, was met, moved, or ended unmet since a day."""
    settings = resolve(given)
    day = settings.day(since, "--since", "past") if since else None
    horizon = horizon_of(within)
    view = open_view(settings)
    view.check_names(iro=iro, team=team, process=process)
    asked = AskedSince(horizon, iro, team, process, watched is not None)
    found = what_changed(settings, view, asked, day, todays=facts_of_today)
    emit(since_export(found, view.catalogue), settings)
    return 0
