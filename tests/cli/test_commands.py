"""The table of commands agrees with the functions that answer, and with what each refuses."""

import ast
import inspect
from collections.abc import Callable, Sequence
from importlib import import_module
from os import PathLike
from pathlib import Path
from types import GenericAlias

import pytest

from iro_cli.cli.commands import COMMANDS, Command
from iro_cli.cli.options import COMMON, VIEW, Given, Option
from iro_cli.cli.quick import quick
from iro_cli.figures import whose
from iro_cli.lean import Any
from iro_cli.questions import holding
from running import each

Run = Callable[..., tuple[int, str, str]]


def _annotation(option: Option) -> object:
    """Return the annotation that a function needs for an option."""
    kind = Path if option.kind is PathLike else option.kind
    if option.many:
        return GenericAlias(tuple, (kind, ...))
    left_out = not option.required and option.default is None
    return kind | None if left_out else kind


@each("command", COMMANDS.values(), name=lambda one: one.name)
def test_a_command_is_answered_by_a_function_of_its_options(command: Command) -> None:
    """The function takes each option by name, with the table's type, and nothing else."""
    module, _, function = command.answer.partition(":")
    answer = getattr(import_module(f"iro_cli.cli.commands.{module}"), function)
    found = inspect.signature(answer)
    expected = {"given": Given, **{one.name: _annotation(one) for one in command.own}}
    named, together = {}, None
    for one in found.parameters.values():
        if one.kind is inspect.Parameter.VAR_KEYWORD:
            together = one.annotation
        else:
            named[one.name] = one.annotation
    # Options from other rooms come together: the details of an event, those of a source.
    told = {} if together is None else {k: v for k, v in expected.items() if k not in named}

    assert {**named, **told} == expected
    assert together in (None, Any) or set(told.values()) == {together}
    assert found.return_annotation is int


@each("command", COMMANDS.values(), name=lambda one: one.name)
def test_help_describes_everything(command: Command) -> None:
    """Each command has one or two sentences, each option and argument one."""
    assert command.help.endswith(".")
    assert [one.name for one in command.takes if not one.help.endswith((".", "?", "]"))] == []


def test_what_may_stand_before_the_name_is_given() -> None:
    """Each option that may come before the name is a field, and each field is such an option."""
    assert list(vars(Given())) == [one.name for one in COMMON]


@each("command", COMMANDS.values(), name=lambda one: one.name)
def test_no_option_of_a_command_is_told_twice(command: Command) -> None:
    """No two options of a command share a name or a spelling."""
    names = [one.name for one in command.takes]
    flags = [flag for one in (*command.own, *COMMON) for flag in one.flags]
    own = [flag for one in command.own for flag in one.flags]

    assert len(set(names)) == len(names)
    assert len(set(own)) == len(own)
    assert len(set(flags)) == len(flags)


# The functions with which a command begins a change of the store.
CHANGING = {"changing", "store_batch", "erase"}


def _called(module: str, function: str) -> set[str]:
    """Return the names that a function calls, and those that its helpers in the module call."""
    tree = ast.parse(Path(import_module(module).__file__ or "").read_text("utf-8"))
    bodies: dict[str, ast.AST] = {
        one.name: one for one in tree.body if isinstance(one, ast.FunctionDef)
    }
    found: set[str] = set()
    waiting = [function]
    while waiting:
        calls = [
            one.func
            for one in ast.walk(bodies.get(waiting.pop(), tree))
            if isinstance(one, ast.Call)
        ]
        names = {one.attr if isinstance(one, ast.Attribute) else one.id for one in calls
                 if isinstance(one, ast.Attribute | ast.Name)}  # fmt: skip
        waiting += [name for name in names - found if name in bodies]
        found |= names
    return found


def test_what_changes_the_store_is_marked() -> None:
    """Exactly the commands that change the store are marked, for the message of an undo."""
    marked = {name for name, one in COMMANDS.items() if one.changes}
    found = {
        name
        for name, one in COMMANDS.items()
        if CHANGING & _called(f"iro_cli.cli.commands.{one.answer.split(':')[0]}",
                              one.answer.split(":")[1])
    }  # fmt: skip

    # The demo's store is its own, and new.
    assert found - {"demo"} == marked


@each("command", COMMANDS.values(), name=lambda one: one.name)
def test_what_means_nothing_is_refused(command: Command, store: Path, iro: Run, home: Path) -> None:
    """An option without a meaning is refused before or after the name, and nothing is done."""
    needed = [
        word
        for one in command.own
        if one.required
        for word in ([one.shown, "1"] if one.typed else ["1"])
    ]
    line = [*command.name.split(), *needed]
    before = store.read_bytes()
    taken = {one.name for one in command.common}
    for option in COMMON:
        if option.name in taken or option in VIEW:
            continue
        typed = [option.shown] if option.kind is bool else [option.shown, "x"]
        for argv in ([*typed, *line], [*line, *typed]):
            code, out, err = iro(*argv)

            assert (code, out) == (2, "")
            assert f"{option.shown} does not go with `iro {command.name}`: " in err
    assert store.read_bytes() == before


@each("name", ["align", "suggest", "import events x.csv --dry-run"])
def test_why_a_list_has_no_pseudonyms_is_true_of_lists_that_name_children(
    name: str, iro: Run
) -> None:
    """These name children too, to whoever books or imports; nothing in the reason denies it."""
    code, out, err = iro(*name.split(), "--pseudonymise")

    assert (code, out) == (2, "")
    assert err == (
        f"iro: --pseudonymise does not go with `iro {name.split(maxsplit=1)[0]}`: "
        "it is for listings of children that are passed on to others\n"
    )


@pytest.mark.parametrize("place", ["before", "after"])
def test_where_and_when_go_with_every_command(place: str, store: Path, iro: Run) -> None:
    """A script may give store, day and nation to every command, even if one ignores them."""
    said = ["--database", str(store), "--as-of", "2026-11-23", "--nation", "england"]
    lines = [
        ["child", "add", "Z-001"],
        ["undo"],
        ["when", "cla.review.first", "2026-11-02"],
        ["history"],
        ["person", "list"],
        ["watch", "list"],
        ["timescales", "list"],
    ]
    answers = [iro(*said, *line) if place == "before" else iro(*line, *said) for line in lines]

    assert [code for code, _, _ in answers] == [0] * len(lines)
    assert not [err for _, _, err in answers if "does not go with" in err]


@pytest.mark.parametrize(
    ("command", "gone", "kept"),
    [
        ("import", "--excel", "--dry-run"),
        ("import", "--strict", "--as-of"),
        ("record", "--format", "--as-of"),
        ("undo", "--nation", "--database"),
        ("backup", "--as-of", "--database"),
        ("when", "--strict", "--format"),
        ("child list", "--strict", "--pseudonymise"),
        ("watch", "--pseudonymise", "--excel"),
        ("timescales check", "--database", "--pack"),
        ("report quarterly", "--excel", "--format"),
        ("history", "--as-of", "--pseudonymise"),
        ("child list", "--nation", "--as-of"),
        ("absence list", "--pack", "--as-of"),
        ("person leave", "--nation", "--as-of"),
        ("timescales list", "--as-of", "--nation"),
        ("timescales packs", "--nation", "--pack"),
        ("timescales diff", "--pack", "--nation"),
        ("watch list", "--as-of", "--nation"),
        ("calendar list", "--pack", "--nation"),
        ("retention list", "--pack", "--nation"),
        ("db roles", "--as-of", "--database"),
    ],
)
def test_help_shows_what_a_command_takes(command: str, gone: str, kept: str, iro: Run) -> None:
    """Help shows exactly the options that a command takes."""
    code, out, _ = iro(*command.split(), "--help")

    assert code == 0
    assert f" {kept} " in out
    assert gone not in out


@pytest.mark.parametrize(
    ("argv", "said"),
    [
        (("caseload", "--by", "x"), "--by 'x': one of iro, team, process"),
        (("due", "--watched", "some"), "--watched 'some': write `all`, or leave it out"),
        (("due", "-f", "docx"), "--format docx is only for `iro report quarterly` and"),
        (("due", "-f", "doc"), "--format 'doc': one of table, csv"),
        (("report", "annual", "-f", "xlsx"), "--format 'xlsx': one of html, docx, json"),
        (("forecast", "--months", "x"), "--months 'x': write a whole number"),
        (("forecast", "--months", "61"), "--months 61: from 1 to 60"),
        (("audit", "sample", "--size", "0", "--seed", "1"), "--size 0: at least 1"),
    ],
)
def test_a_value_is_one_of_those_there_are(
    argv: tuple[str, ...], said: str, store: Path, iro: Run
) -> None:
    """The refusal of a wrong value lists the possible values."""
    code, out, err = iro(*argv)

    assert (code, out) == (2, "")
    assert said in err


@pytest.mark.parametrize(
    ("command", "option", "known"),
    [
        ("report timeliness", "by", whose.GROUPS),
        ("hand-over", "role", (*holding.ROLE_WORDS, "all")),
    ],
)
def test_a_closed_list_is_that_of_its_room(command: str, option: str, known: Sequence[str]) -> None:
    """The values in the table are those that the question can answer."""
    values = {one.name: one.values for one in COMMANDS[command].own}

    assert values[option] == tuple(known)


@each(
    "name, line, option",
    [
        ("forecast", "--by", "by"),
        ("report timeliness", "--authority Leeds --show", "show"),
    ],
)
def test_each_value_of_a_closed_list_is_answered(
    name: str, line: str, option: str, store: Path, iro: Run
) -> None:
    """No value is in the table that the question behind it does not know; each has its answer."""
    values = next(one.values for one in COMMANDS[name].own if one.name == option)
    answers = [iro(*name.split(), *line.split(), value, "-f", "json") for value in values]

    assert {code for code, _, _ in answers} == {0}
    assert len({out for _, out, _ in answers}) == len(values)


def test_a_call_names_everything_that_was_typed() -> None:
    """A call has every option, before or after the name, and every argument."""
    call = quick(
        ["--as-of", "2026-01-05", "record", "cla.review", "A", "B", "--on=-7d", "--insist"]
    )

    assert call is not None
    assert call.command is COMMANDS["record"]
    assert vars(call.given) == vars(Given(as_of="2026-01-05"))
    assert call.typed == {
        "event": "cla.review",
        "children": ("A", "B"),
        "on": "-7d",
        "insist": True,
    }
