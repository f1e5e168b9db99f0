"""
List every place in the tree of commands where Tab can be pressed, as JSON.

Each place is the words before the cursor and the word that is being typed.  It is a process
of its own, because it loads every command.
"""

import json
from collections.abc import Iterator
from typing import Any

import typer
from typer.main import get_command

from iro_cli.cli.app import app
from iro_cli.cli.options import ALL

# What stands for an argument that was typed already, by what the help calls it.
_TYPED = {"CHILD": "B000001", "TIMESCALE": "cla.review.first", "EVENT": "cla.review"}
_COMMON = frozenset(ALL)


def _typed(parameter: Any) -> str:
    name = (parameter.metavar or parameter.name or "").upper().rstrip(".")
    return _TYPED.get(name, "x")


def _places(command: Any, words: list[str]) -> Iterator[list[str]]:
    """Yield the places of one command: its options, the values of its own, its arguments."""
    yield [*words, "-"]
    before = list(words)
    for parameter in command.params:
        if parameter.param_type_name == "argument":
            yield [*before, ""]
            before.append(_typed(parameter))
        elif not parameter.is_flag and parameter.name not in _COMMON:
            yield [*words, parameter.opts[0], ""]


def _tree(command: Any, words: list[str]) -> Iterator[list[str]]:
    names = command.list_commands(None) if hasattr(command, "list_commands") else ()
    if names:
        yield [*words, ""]
    yield from _places(command, words)
    for name in names:
        found = command.get_command(typer.Context(command), name)
        yield from _tree(found, [*words, name])


print(json.dumps(list(_tree(get_command(app), ["iro"]))))
