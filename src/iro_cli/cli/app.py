"""
The command line as Typer reads it: help, completion, and the words of its errors.

No command is declared here.  Every command, option and argument is made from the
table in :mod:`iro_cli.cli.commands`, and the line that was typed becomes a
:class:`~iro_cli.cli.calls.Call`, as in the quick path.
"""

import sys
from collections.abc import Callable, Iterable, Sequence
from importlib import import_module
from typing import Any

from typer.core import TyperArgument, TyperCommand, TyperGroup, TyperOption
from typer.main import get_install_completion_arguments

from iro_cli import __version__
from iro_cli.cli.calls import Call
from iro_cli.cli.commands import COMMANDS, GROUPS, Command
from iro_cli.cli.help import FOR_SCRIPTS, SECTIONS, WELCOME, examples_of, first_sentence
from iro_cli.cli.options import COMMON, FORMAT, Given, Option
from iro_cli.cli.quick import is_argument

_SETTINGS = {"help_option_names": ["--help", "-h"], "max_content_width": 100}


# How many letters may be wrong in a name; with more it is another word.
_SLIPS = 2


def _is_near(typed: str, name: str) -> bool:
    """Say whether what was typed is the beginning of a name, or has only a letter or two wrong."""
    from difflib import SequenceMatcher  # noqa: PLC0415 - only when mistyped

    slips = sum(
        max(until - start, to - begin)
        for kind, start, until, begin, to in SequenceMatcher(None, typed, name).get_opcodes()
        if kind != "equal"
    )
    return name.startswith(typed) or slips <= _SLIPS


def _typed(context: Any, options: Iterable[Option]) -> dict[str, Any]:
    """Return the typed values of options, without options that were not typed."""
    values = {one.name: context.params.get(one.name) for one in options}
    return {
        name: tuple(value) if isinstance(value, list) else value
        for name, value in values.items()
        if value not in (None, False, (), [])
    }


def _given(context: Any) -> Given:
    """Return the options that may stand before the command's name; a later one counts."""
    before = _given(context.parent) if context.parent else Given()
    return before.but(**_typed(context, COMMON))


def _completer(option: Option) -> Callable[..., list[str]] | None:
    """Return the function that completes a value; its module is imported when Tab is pressed."""
    known = option.values or option.offered
    if option.complete is None and not known:
        return None

    def complete(context: Any, _: list[str], incomplete: str) -> list[str]:
        completion = import_module("iro_cli.cli.completion")
        if option.complete is None:
            return completion.starting(known, incomplete)  # type: ignore[no-any-return]
        return getattr(completion, option.complete)(_given(context), incomplete)  # type: ignore[no-any-return]

    return complete


def _parameter(option: Option, *, hidden: bool = False) -> TyperOption | TyperArgument:
    """
    Return an option or argument for Typer.

    Typer gives every value as the typed text and no default.  The table of commands converts the
    values and has the defaults; otherwise an option that was left out would look like one that
    was typed.
    """
    said = option.help
    if option.default not in (None, False):
        said = f"{said}  [default: {option.default}]"
    if not option.typed:
        return TyperArgument(
            param_decls=[option.name],
            type=str,
            required=option.required,
            nargs=-1 if option.many else 1,
            metavar=option.metavar,
            help=said,
            autocompletion=_completer(option),
        )
    return TyperOption(
        param_decls=[option.name, *option.flags],
        type=None if option.kind is bool else str,
        is_flag=option.kind is bool,
        default=False if option.kind is bool else None,
        multiple=option.many,
        required=option.required,
        metavar=option.metavar,
        help=said,
        hidden=hidden,
        autocompletion=_completer(option),
    )


def _parameters(command: Command) -> list[TyperOption | TyperArgument]:
    """
    Return the parameters of a command, and as hidden ones those that it refuses.

    Every option that may stand before the command's name is read after it too.  So if the
    command does not take it, the refusal can say why.
    """
    common = {one.name: one for one in command.common}
    return [
        *map(_parameter, command.own),
        *(_parameter(common.get(one.name, one), hidden=one.name not in common) for one in COMMON),
    ]


def _below(group: str) -> list[Command]:
    """Return the commands of a group, or every command of the program."""
    return [one for name, one in COMMANDS.items() if not group or name.startswith(f"{group} ")]


def _common(group: str) -> list[TyperOption | TyperArgument]:
    """Return the options before a group's commands; an option that none of them takes is hidden."""
    told = {one.name: one for one in COMMON}
    first: dict[str, Option] = {}
    for command in _below(group):
        for option in command.common:
            # The help of an option may differ for one command, so the common help is used here,
            # except for the forms of a listing.
            here = option if option.name == FORMAT.name else told[option.name]
            first.setdefault(option.name, here)
    return [_parameter(first.get(one.name, one), hidden=one.name not in first) for one in COMMON]


def _write_examples(formatter: Any, name: str) -> None:
    """End a page with examples; their lines are not wrapped, so that they can be copied."""
    formatter.write_paragraph()
    formatter.write("Examples:\n")
    for line in examples_of(name):
        formatter.write(f"  {line}\n")


class _LazyCommand(TyperCommand):
    """A command of the table; invoking it keeps the call and does not run it."""

    def __init__(self, command: Command) -> None:
        """Take everything from the table."""
        super().__init__(
            command.name.rpartition(" ")[2],
            params=_parameters(command),  # type: ignore[arg-type]
            help=command.help,
            rich_markup_mode=None,
        )
        self.told = command

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Read a day such as ``-7d`` as an argument; no option begins with a digit."""
        for option in (one.partition("=")[0] for one in args):
            if option in self.told.elsewhere:
                line = self.told.elsewhere[option]
                ctx.fail(f"`iro {self.told.name}` has no {option}: `{line}` does that")
        known = {flag for one in self.get_params(ctx) for flag in one.opts} | {"--"}
        ctx.ignore_unknown_options = all(
            is_argument(one) or one.partition("=")[0] in known for one in args
        )
        from typer._click.exceptions import NoSuchOption  # noqa: PLC0415 - as Typer is loaded

        typed = [*args]
        try:
            rest = super().parse_args(ctx, args)
        except NoSuchOption as error:
            # An option that the command would refuse is no suggestion.
            hidden = {
                flag
                for one in self.get_params(ctx)
                if getattr(one, "hidden", False)
                for flag in one.opts
            }
            error.possibilities = [one for one in error.possibilities or () if one not in hidden]
            raise
        if not ctx.resilient_parsing:
            self._refuse_repeated(ctx, typed)
        return rest

    def _refuse_repeated(self, ctx: Any, args: list[str]) -> None:
        """
        Refuse a value that would be dropped, because the same option has another one after it.

        Of an option that every command may have, such as ``--format``, the last one counts.
        """
        _, _, order = self.make_parser(ctx).parse_args(args=args)
        for option in self.told.own:
            times = sum(one.name == option.name for one in order)
            if option.typed and option.kind is not bool and not option.many and times > 1:
                ctx.fail(
                    f"{option.shown} is given {times} times, and `iro {self.told.name}` takes it "
                    "once: leave out all but one"
                )

    def invoke(self, ctx: Any) -> None:
        """Keep the call."""
        ctx.find_root().obj.append(Call(self.told, _given(ctx), _typed(ctx, self.told.own)))

    def format_epilog(self, ctx: Any, formatter: Any) -> None:  # noqa: ARG002 - Typer's context
        """End with two examples."""
        _write_examples(formatter, self.told.name)


class _LazyGroup(TyperGroup):
    """A group of the table, which makes its commands when they are asked for."""

    def __init__(self, name: str, meaning: str, alone: str | None, params: Sequence[Any]) -> None:
        """
        Take everything from the table.

        Args:
            name: The group's word; empty for the program itself.
            meaning: The group's help.
            alone: The command that is meant if no command is named.
            params: The options that may stand before the command's name.
        """
        super().__init__(
            name=name,
            help=meaning,
            params=list(params),
            invoke_without_command=alone is not None,
            context_settings=_SETTINGS,
            rich_markup_mode=None,
        )
        self.alone = alone

    def _full(self, name: str) -> str:
        return f"{self.name} {name}" if self.name else name

    def list_commands(self, ctx: Any) -> list[str]:  # noqa: ARG002 - Typer's context
        """Return the names of the commands, in the order of the table."""
        place = 1 if self.name else 0
        names = [one.name.split()[place] for one in _below(self.name or "")]
        return list(dict.fromkeys(names))

    def get_command(self, ctx: Any, cmd_name: str) -> Any:  # noqa: ARG002 - Typer's context
        """Return a command, or a group of them, made from the table."""
        name = self._full(cmd_name)
        if name not in COMMANDS and name not in GROUPS:
            return None
        if cmd_name not in self.commands:
            found = (
                _LazyCommand(COMMANDS[name])
                if name in COMMANDS
                else _LazyGroup(name, GROUPS[name].help, GROUPS[name].alone, _common(name))
            )
            self.commands[cmd_name] = found
        return self.commands[cmd_name]

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """Find the typed command; if there is none, the error names the nearest."""
        names = self.list_commands(ctx)
        if args and args[0] not in names and args[0][:1] != "-":
            from iro_cli.law.catalogue import nearest  # noqa: PLC0415 - only when mistyped

            hint = nearest(args[0], [one for one in names if _is_near(args[0], one)])
            if not self.name:
                from iro_cli.cli.help import command_of, found  # noqa: PLC0415 - as above

                called = {command_of(line).split()[0] for line, _ in found(args[0])}
                if called and not any(f" {one}" in hint for one in called):
                    hint = f"; `iro help {args[0]}` finds commands by that word"
            ctx.fail(f"there is no command {self._full(args[0])!r}{hint}")
        return super().resolve_command(ctx, args)

    def _lines(self, names: Iterable[str]) -> list[tuple[str, str]]:
        """Return commands, each with the first sentence of its help."""
        return [(name, first_sentence(self._full(name))) for name in names]

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        """Write the list of commands, except those for scripts, without making any of them."""
        known = [one for one in self.list_commands(ctx) if self._full(one) not in FOR_SCRIPTS]
        sections = {"Commands": tuple(known)} if self.name else SECTIONS
        width = max(map(len, known))
        for heading, names in sections.items():
            with formatter.section(heading):
                lines = self._lines(name for name in names if name in known)
                formatter.write_dl([(name.ljust(width), meaning) for name, meaning in lines])

    def format_options(self, ctx: Any, formatter: Any) -> None:
        """Write the commands before the options, because people look for a command."""
        self.format_commands(ctx, formatter)
        TyperCommand.format_options(self, ctx, formatter)  # type: ignore[arg-type]

    def format_epilog(self, ctx: Any, formatter: Any) -> None:  # noqa: ARG002 - Typer's context
        """End with two examples."""
        _write_examples(formatter, self.name or "")

    def shell_complete(self, ctx: Any, incomplete: str) -> Any:
        """Complete the names of commands without making any of them."""
        from typer._click.shell_completion import CompletionItem  # noqa: PLC0415

        found = [
            CompletionItem(name, help=meaning)
            for name, meaning in self._lines(self.list_commands(ctx))
            if name.startswith(incomplete)
        ]
        return (
            found if found or incomplete[:1].isalnum() else super().shell_complete(ctx, incomplete)
        )

    def invoke(self, ctx: Any) -> None:
        """Go on to the typed command, or keep the call of the one that is meant without a name."""
        super().invoke(ctx)
        if ctx.invoked_subcommand is None and self.alone is not None:
            ctx.find_root().obj.append(Call(COMMANDS[self.alone], _given(ctx), {}))


def _version(context: Any, _: Any, value: bool) -> None:
    if value and not context.resilient_parsing:
        from iro_cli.library import built_in_digest  # noqa: PLC0415 - only here

        print(f"iro {__version__} (rules {built_in_digest()})")
        context.exit()


def program() -> TyperGroup:
    """Return the whole command line for Typer."""
    version = TyperOption(
        param_decls=["version", "--version"],
        is_flag=True,
        default=False,
        expose_value=False,
        is_eager=True,
        callback=_version,
        help="Show the version.",
    )
    return _LazyGroup(
        "",
        WELCOME,
        "due",
        [*_common(""), version, *get_install_completion_arguments()],
    )


def page_of(name: str) -> str:
    """Return the help of a command or group, or of the program itself for an empty name."""
    command: Any = program()
    context = command.make_context("iro", [], resilient_parsing=True)
    for word in name.split():
        command = command.get_command(context, word)
        context = command.make_context(word, [], parent=context, resilient_parsing=True)
    return str(command.get_help(context))


def typer_reads(argv: Sequence[str]) -> Call | int:
    """
    Read a command line through Typer.

    Args:
        argv: The words after the program's name.

    Returns:
        The call; or the exit code if Typer answered by itself, as for ``--help``.
    """
    calls: list[Call] = []
    try:
        program().main(list(argv), prog_name="iro", obj=calls)
    except SystemExit as stop:
        sys.stdout.flush()
        if not calls:
            return stop.code if isinstance(stop.code, int) else int(stop.code is not None)
    return calls[0]
