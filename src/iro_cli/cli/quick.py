"""
The quick way: a command line read past Typer, which takes longer to start than most answers.

It goes by the same table as Typer.  What is unclear, wrong or asks for help is
left to Typer, whose words for it are better; a test holds the two together.
"""

from collections.abc import Iterable, Sequence

from iro_cli.cli.calls import Call, Typed
from iro_cli.cli.commands import COMMANDS, GROUPS, Command
from iro_cli.cli.options import COMMON, Given, Option

_Values = dict[str, Typed]


def _by_flag(options: Iterable[Option]) -> dict[str, Option]:
    return {flag: option for option in options for flag in option.flags}


def _places(command: Command, words: Sequence[str]) -> _Values | None:
    """Put words in the places of a command's arguments; ``None`` where they do not fit."""
    found: _Values = {}
    rest = list(words)
    for place in (one for one in command.own if not one.typed):
        if rest and place.many:
            found[place.name], rest = tuple(rest), []
        elif rest:
            found[place.name] = rest.pop(0)
    return None if rest else found


def _keep(option: Option, text: str, values: _Values) -> None:
    """Keep what was typed for an option: the last time counts, unless it may be repeated."""
    before = values.get(option.name, ())
    values[option.name] = (*before, text) if isinstance(before, tuple) and option.many else text


def quick(argv: Sequence[str]) -> Call | None:
    """
    Read a command line, or leave it to Typer.

    Args:
        argv: The words after the program's name.

    Returns:
        What it asks for; ``None`` where Typer has to read it.
    """
    name, command = "", None
    known = _by_flag(COMMON)
    given: list[_Values] = [{}]  # before the name, after a group's name, after the name
    own: _Values = {}
    words: list[str] = []
    rest = iter(argv)
    for word in rest:
        if word == "-" or not word.startswith("-"):
            if command is not None:
                words.append(word)
                continue
            name = f"{name} {word}" if name else word
            command = COMMANDS.get(name)
            if " " in word or (command is None and name not in GROUPS):
                return None
            given.append({})
            if command is not None:
                known |= _by_flag(command.own)
            continue
        flag, equals, text = word.partition("=")
        option = known.get(flag)
        if option is None or (equals and (option.kind is bool or not flag.startswith("--"))):
            return None
        values = given[-1] if option.missing else own
        if option.kind is bool:
            values[option.name] = True
            continue
        taken = text if equals else next(rest, None)
        if taken is None:
            return None
        _keep(option, taken, values)
    if command is None:
        command = COMMANDS.get((GROUPS[name].alone or "") if name else "due")
    if command is None:
        return None
    places = _places(command, words)
    if places is None or any(one.required and one.name not in own | places for one in command.own):
        return None
    merged: _Values = {}
    for level in given:  # what stands later wins
        merged |= level
    return Call(command, Given(**merged), own | places)  # type: ignore[arg-type]
