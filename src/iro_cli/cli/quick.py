"""
The quick way to the daily check, past the command-line library.

``due``, ``overdue`` and ``when`` with options from a closed set are read here;
everything else, and everything unclear, is left to Typer, which reads the same
options into the same calls.  A test holds the two together.
"""

from collections.abc import Callable, Sequence
from typing import NamedTuple

from iro_cli.cli.settings import Given

_COMMON = {
    "--database": "database",
    "--as-of": "as_of",
    "--nation": "nation",
    "--format": "format",
    "-f": "format",
    "--output": "output",
    "-o": "output",
}
_COMMON_FLAGS = {"--excel": "excel", "--strict": "strict"}
_DUE = {
    "--within": "within",
    "--iro": "iro",
    "--team": "team",
    "--process": "process",
    "--child": "child",
    "--watched": "watched",
}
_OWN = {"due": _DUE, "overdue": {key: _DUE[key] for key in _DUE if key != "--within"}}
_DUE_FLAGS = {"--all": "everything", "--unbooked": "unbooked", "--exit-code": "exit_code"}
_FLAGS = {
    "due": _DUE_FLAGS,
    "overdue": {key: _DUE_FLAGS[key] for key in ("--unbooked", "--exit-code")},
    "when": {"--compare": "compare"},
}


class _Typed(NamedTuple):
    """A command line, read."""

    command: str
    words: list[str]
    values: dict[str, str]
    flags: set[str]


def _read(argv: Sequence[str]) -> _Typed | None:
    command: str | None = None
    words: list[str] = []
    values: dict[str, str] = {}
    flags: set[str] = set()
    rest = iter(argv)
    for word in rest:
        if word == "-" or not word.startswith("-"):
            if command is None:
                command = word
            else:
                words.append(word)
            continue
        name, equals, value = word.partition("=")
        known = {**_COMMON, **_OWN.get(command or "", {})}
        if name in known and name.startswith("--") | (not equals):
            taken = value if equals else next(rest, None)
            if taken is None or (not equals and taken.startswith("-") and name != "--as-of"):
                return None
            values[known[name]] = taken
        elif word in _COMMON_FLAGS:
            flags.add(_COMMON_FLAGS[word])
        elif command is not None and word in _FLAGS.get(command, {}):
            flags.add(_FLAGS[command][word])
        else:
            return None
    if command is None and values.keys() <= set(_COMMON.values()):
        command = "due"
    return _Typed(command or "", words, values, flags)


def _call(typed: _Typed) -> Callable[[], int] | None:
    common = {key: value for key, value in typed.values.items() if key in _COMMON.values()}
    common_flags = dict.fromkeys(typed.flags.intersection(_COMMON_FLAGS.values()), True)
    given = Given(**common, **common_flags)  # type: ignore[arg-type]
    if typed.command in ("due", "overdue") and not typed.words:
        from iro_cli.cli import daily  # noqa: PLC0415 - only once the command is known

        own = {key: value for key, value in typed.values.items() if key not in common}
        flags = dict.fromkeys(typed.flags - common_flags.keys(), True)
        options = daily.DueOptions(**own, **flags)  # type: ignore[arg-type]
        return lambda: daily.due(given, options, only_overdue=typed.command == "overdue")
    if typed.command == "when" and len(typed.words) > 1:
        from iro_cli.cli import daily  # noqa: PLC0415 - only once the command is known

        timescale, *days = typed.words
        compare = "compare" in typed.flags
        return lambda: daily.when(given, timescale, days, compare=compare)
    return None


def quick(argv: Sequence[str]) -> Callable[[], int] | None:
    """
    Return what answers a command line, or ``None`` where Typer has to read it.

    Args:
        argv: The words after the program's name.
    """
    typed = _read(argv)
    return _call(typed) if typed else None
