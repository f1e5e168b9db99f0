"""
The quick path: read a command line without Typer, which starts more slowly than most answers.

It reads the same table as Typer.  A line that is unclear or wrong, or asks for help, is
left to Typer, which has better words for it.  A test compares the two readers.
"""

from collections.abc import Iterable, Iterator, Sequence

from iro_cli.cli.calls import Call, Typed
from iro_cli.cli.commands import COMMANDS, GROUPS, Command
from iro_cli.cli.options import COMMON, Given, Option

_Values = dict[str, Typed]


class _TypedLine:
    """A command line, as far as it has been read."""

    def __init__(self) -> None:
        """Start before the first word."""
        self._name = ""
        self._command: Command | None = None
        self._known = _by_flag(COMMON)
        # The common options: before the name, after a group's name, and after the name.
        self._given: list[_Values] = [{}]
        self._own: _Values = {}
        self._words: list[str] = []

    def word(self, word: str) -> bool:
        """Read a word of the command's name, or an argument; return whether it was clear."""
        if self._command is not None:
            self._words.append(word)
            return True
        self._name = f"{self._name} {word}" if self._name else word
        self._command = COMMANDS.get(self._name)
        self._given.append({})
        if self._command is not None:
            self._known |= _by_flag(self._command.own)
        return " " not in word and (self._command is not None or self._name in GROUPS)

    def option(self, word: str, rest: Iterator[str]) -> bool:
        """Read an option, with its value from the words after it; return whether it was clear."""
        flag, equals, text = word.partition("=")
        option = self._known.get(flag)
        if option is None or (equals and (option.kind is bool or not flag.startswith("--"))):
            return False
        values = self._given[-1] if option.missing else self._own
        if option.kind is bool:
            values[option.name] = True
            return True
        taken = text if equals else next(rest, None)
        if taken is None:
            return False
        before = values.get(option.name)
        if before is not None and not (option.many or option.missing):
            return False
        if option.many:
            values[option.name] = (*before, taken) if isinstance(before, tuple) else (taken,)
        else:
            values[option.name] = taken
        return True

    def call(self) -> Call | None:
        """Return the call of the whole line; ``None`` if something is missing."""
        alone = (GROUPS[self._name].alone or "") if self._name in GROUPS else "due"
        command = self._command or COMMANDS.get(alone)
        places = _places(command, self._words) if command else None
        if command is None or places is None:
            return None
        own = self._own | places
        if any(one.required and one.name not in own for one in command.own):
            return None
        given: _Values = {}
        for level in self._given:  # a later option counts
            given |= level
        return Call(command, Given(**given), own)  # type: ignore[arg-type]


def _by_flag(options: Iterable[Option]) -> dict[str, Option]:
    return {flag: option for option in options for flag in option.flags}


def _places(command: Command, words: Iterable[str]) -> _Values | None:
    """Give words to the arguments of a command; ``None`` if there are too many."""
    found: _Values = {}
    rest = list(words)
    for place in (one for one in command.own if not one.typed):
        if rest and place.many:
            found[place.name], rest = tuple(rest), []
        elif rest:
            found[place.name] = rest.pop(0)
    return None if rest else found


def is_argument(word: str) -> bool:
    """
    Say whether a word is no option: it has no minus, is one, or is a day such as ``-7d``.

    >>> is_argument("-7d"), is_argument("-f")
    (True, False)
    """
    return word == "-" or not word.startswith("-") or word[1:2].isdigit()


def quick(argv: Sequence[str]) -> Call | None:
    """
    Read a command line, or leave it to Typer.

    Args:
        argv: The words after the program's name.

    Returns:
        The call; ``None`` if Typer has to read the line.
    """
    line, rest = _TypedLine(), iter(argv)
    for word in rest:
        if not (line.word(word) if is_argument(word) else line.option(word, rest)):
            return None
    return line.call()
