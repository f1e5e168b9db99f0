"""The settings of a command, from options, environment, configuration and defaults."""

from __future__ import annotations  # the daily check starts with this: nothing is worked out

import os
from datetime import date

from iro_cli import forms, library
from iro_cli.cli.configuration import configured, named
from iro_cli.cli.options import Given, Told
from iro_cli.cli.values import day_of, local_packs, path_of
from iro_cli.clock import today
from iro_cli.dates.reading import in_known_years
from iro_cli.errors import UsageError
from iro_cli.lean import TYPE_CHECKING
from iro_cli.questions.view import View
from iro_cli.store.opening import Store, store_named
from iro_cli.store.reading import Reader

if TYPE_CHECKING:
    from pathlib import Path

    from iro_cli.dates.natural import Side


class Settings(Told):
    """
    The settings of a command: the options of :class:`Given`, resolved and checked.

    Attributes:
        store: The store.
        as_of: The day the question is asked about.
        nation: The nation whose law applies.
        format: The form of a listing.
        output: The file to write; ``None`` for standard output.
        excel: Whether CSV is written as Excel expects it.
        packs: The local rule packs.
        strict: Whether a date for which a fact had to be inferred is refused.
        pseudonymise: Whether ids are replaced by pseudonyms.
        about: Whether a second file describes the listing.
        pager: Whether a pager shows a listing that is longer than the terminal.
    """

    def __init__(
        self,
        *,
        store: Store,
        as_of: date,
        nation: str,
        format: str,  # noqa: A002 - as it is typed
        output: Path | None,
        excel: bool,
        packs: tuple[str, ...],
        strict: bool,
        pseudonymise: bool,
        about: bool,
        pager: bool = True,
    ) -> None:
        """Keep the resolved values."""
        self.store = store
        self.as_of = as_of
        self.nation = nation
        self.format = format
        self.output = output
        self.excel = excel
        self.packs = packs
        self.strict = strict
        self.pseudonymise = pseudonymise
        self.about = about
        self.pager = pager

    @property
    def place(self) -> Path | None:
        """Return the file to write; ``None`` for standard output, also if ``-`` was typed."""
        return self.output if self.output and str(self.output) != "-" else None

    def day(self, text: str, option: str, side: Side = "") -> date:
        """
        Read a day; ``today`` in it, and days counted from today, mean the as-of day.

        Args:
            text: What was typed.
            option: The name of the option, for the message.
            side: Whether a weekday is looked for in the ``past`` or ``ahead``; blank for neither.

        Raises:
            UsageError: It is not a date.
        """
        return day_of(text, option, self.as_of, side)


def resolve(given: Given) -> Settings:
    """
    Combine what was typed with the environment, the configuration and the defaults.

    Raises:
        UsageError: A value is not allowed.
        StoreError: The database is of a kind this version does not write.
    """
    found = configured()
    as_of = given.as_of or os.environ.get("IRO_AS_OF") or None
    nation = given.nation or named("nation", found) or "england"
    if nation not in library.NATIONS:
        raise UsageError(f"--nation {nation!r}: one of {', '.join(library.NATIONS)}")
    form = given.format or "table"
    if given.excel and form != "csv":
        raise UsageError("--excel can only be used with --format csv")
    to_file = given.output and given.output != "-"
    if given.about and not (to_file and forms.form(form).beside):
        raise UsageError(
            "--about can only be used with --format csv or jsonl and --output FILE: the other "
            "forms say what they are in themselves"
        )
    day = today()
    if as_of:
        day = in_known_years(day_of(as_of, "--as-of", day), f"--as-of {as_of!r}")
    store = store_named(given.database or named("database", found))
    store.say = _say
    return Settings(
        store=store,
        as_of=day,
        nation=nation,
        format=form,
        output=path_of(given.output) if given.output else None,
        excel=bool(given.excel),
        packs=local_packs(given.pack, nation, found),
        strict=bool(given.strict),
        pseudonymise=bool(given.pseudonymise),
        about=bool(given.about),
        pager=not given.no_pager,
    )


def _say(text: str) -> None:
    from iro_cli.cli.output import say  # noqa: PLC0415 - it takes the settings from here

    say(f"iro: {text}")


def open_view(settings: Settings, reader: Reader | None = None, as_of: date | None = None) -> View:
    """
    Open the store and the rules that the settings name.

    Args:
        settings: The settings.
        reader: The store, if it is open already; within a change, the change.
        as_of: The day to ask about, if it is another than that of the settings.
    """
    return View(
        reader or settings.store.reading(),
        nation=settings.nation,
        as_of=as_of or settings.as_of,
        packs=settings.packs,
        strict=settings.strict,
    )
