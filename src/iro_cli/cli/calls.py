"""Check and run a command line, whether Typer or the quick reader has read it."""

from __future__ import annotations  # the daily check starts with this: nothing is worked out

import os

from iro_cli.cli.commands import COMMANDS, Command
from iro_cli.cli.configuration import me, named, place
from iro_cli.cli.options import COMMON, VIEW, Given, Option
from iro_cli.errors import UsageError
from iro_cli.forms import SHOWN_FORMS
from iro_cli.lean import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

# The typed value of one option: its text, its texts, or that it is there.
Typed = str | tuple[str, ...] | bool
# If this many commands take a value, naming them is no help to somebody who typed it for another.
_MANY = 5


class Call:
    """
    A command with everything that was typed for it.

    Attributes:
        command: The command.
        given: The options that may stand before its name, wherever they were typed.
        typed: Its own options and arguments by name, without those that were not typed.
    """

    def __init__(self, command: Command, given: Given, typed: Mapping[str, Typed]) -> None:
        """Keep what was typed."""
        self.command, self.given, self.typed = command, given, typed

    def __call__(self) -> int:
        """
        Check the values, and run the command.

        Returns:
            The exit code.

        Raises:
            IroError: The command cannot be done.
        """
        given = _in_the_form_named(self.command, self.given)
        if not given.format and self._may_be_configured():
            given = _in_the_form_configured(self.command, given)
        _check_given(self.command, given)
        values = {one.name: _value(one, self.typed.get(one.name)) for one in self.command.own}
        module, _, function = self.command.answer.partition(":")
        # Importing importlib takes longer than answering most commands.
        found = __import__(f"iro_cli.cli.commands.{module}", fromlist=[function])
        return int(getattr(found, function)(given, **values))

    def _may_be_configured(self) -> bool:
        """Say whether the command makes a listing for people; `import` does so on a dry run."""
        command = self.command
        if command.own_form:
            return False
        return command.lists and (command.name != "import" or "dry_run" in self.typed)


def _in_the_form_named(command: Command, given: Given) -> Given:
    """
    Take the form of a listing from the name of the file, if no form was typed.

    Raises:
        UsageError: The ending of the name belongs to another form than the typed one, or to no
            form that the command writes.
    """
    if (given.output or "")[:1] == "-" and given.output != "-":
        raise UsageError(
            f"--output {given.output}: which file? Write ./{given.output} for a file of that name"
        )
    written = next((one.values for one in command.common if one.name == "format"), ())
    if not written or not given.output:
        return given
    from pathlib import Path  # noqa: PLC0415 - not where nothing is written to a file

    from iro_cli import forms  # noqa: PLC0415 - the same

    ending = Path(given.output).suffix[1:].casefold()
    # An ending without a letter is part of the name, as in `late.2026-11`.
    if not any(letter.isalpha() for letter in ending):
        return given
    every = {**forms.REPORT_FORMS, **forms.FORMS}
    known = {name: every[name] for name in written}
    named = forms.form_ending(ending, known)
    if not given.format and named is None:
        _spare_the_store(given)
        endings = ", ".join(f".{forms.form(name, known).ending}" for name in known)
        raise UsageError(
            f"--output {given.output}: `iro {command.name}` writes no .{ending} files, only "
            f"{endings}; --format says what is in a file of another name"
        )
    if given.format and named not in (None, given.format):
        raise UsageError(
            f"--output {given.output} names a file of the form {named}, and --format says "
            f"{given.format}: leave --format out, or give the file another name"
        )
    return given.but(format=given.format or named)


def _in_the_form_configured(command: Command, given: Given) -> Given:
    """
    Take the form of a listing from the configuration, if the command writes it.

    Raises:
        UsageError: The configuration names an unknown form.
    """
    form = named("format")
    if form is not None and form not in SHOWN_FORMS:
        raise UsageError(f"format {form!r} in {place()}: one of {', '.join(SHOWN_FORMS)}")
    written = next(one.values for one in command.common if one.name == "format")
    return given.but(format=form) if form in written else given


def _spare_the_store(given: Given) -> None:
    """Refuse the name of the store first: that matters more than a wrong ending."""
    from pathlib import Path  # noqa: PLC0415 - only where a name is refused

    from iro_cli.cli.output import spare  # noqa: PLC0415 - the same
    from iro_cli.cli.settings import resolve  # noqa: PLC0415 - the same

    spare(Path(given.output or ""), *resolve(given).store.files)


def _check_given(command: Command, given: Given) -> None:
    """
    Refuse an option that means nothing to the command.

    Somebody who names a file with ``--output``, for example, expects a file.

    Raises:
        UsageError: There is such an option, or an option has a value that it cannot have.
    """
    takes = {one.name: one for one in command.common}
    for option in COMMON:
        value = getattr(given, option.name)
        if not value:
            continue
        if option.name not in takes:
            if option in VIEW:
                continue
            raise UsageError(
                f"{option.shown} does not go with `iro {command.name}`: {option.missing}"
            )
        _check_value(takes[option.name], value)


def _check_value(option: Option, value: Typed) -> None:
    """
    Refuse a value that the option cannot have.

    Raises:
        UsageError: It has another value; the message lists the possible ones, or the commands that
            take this one.
    """
    if not option.values or value in option.values:
        return
    elsewhere = [
        f"`iro {command.name}`"
        for command in COMMANDS.values()
        for one in command.common
        if one.name == option.name and value in one.values
    ]
    if 0 < len(elsewhere) < _MANY:
        others = ", ".join(elsewhere[:-1]) + " and " if elsewhere[1:] else ""
        raise UsageError(f"{option.shown} {value} is only for {others}{elsewhere[-1]}")
    if len(option.values) == 1:
        raise UsageError(f"{option.shown} {value!r}: write `{option.values[0]}`, or leave it out")
    raise UsageError(f"{option.shown} {value!r}: one of {', '.join(option.values)}")


def _value(option: Option, typed: Typed | None) -> object:
    """
    Return the value with which the command's function is called.

    Raises:
        UsageError: It is not a number, is out of range, or is not one of the possible values.
    """
    if typed is None:
        return () if option.many else option.default
    _check_value(option, typed)
    if option.complete == "names" and typed in ("me", ("me",)):
        return (me(),) if option.many else me()
    if option.kind is int:
        return _number(option, str(typed))
    if option.kind is os.PathLike:
        from pathlib import Path  # noqa: PLC0415 - not where no file is named

        return tuple(map(Path, typed)) if isinstance(typed, tuple) else Path(str(typed))
    return typed


def _number(option: Option, text: str) -> int:
    try:
        number = int(text)
    except ValueError:
        raise UsageError(f"{option.shown} {text!r}: write a whole number") from None
    least, most = option.least, option.most
    if (least is not None and number < least) or (most is not None and number > most):
        wanted = f"from {least} to {most}" if most is not None else f"at least {least}"
        raise UsageError(f"{option.shown} {number}: {wanted}")
    return number
