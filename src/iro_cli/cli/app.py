"""The Typer application; each command's module is imported when it is called."""

import sys
from collections.abc import Sequence
from importlib import import_module
from typing import Annotated, Any

import typer
from typer.core import TyperGroup
from typer.main import get_group

from iro_cli import __version__
from iro_cli.cli.options import with_common
from iro_cli.cli.settings import Given

_COMMANDS = "iro_cli.cli.commands."

# Every command, the module that has it, and what it answers in a line.
COMMANDS = {
    "demo": ("demo", "Make a fictional authority and show the daily check on it."),
    "when": ("daily", "Say when a timescale is due from a date, with the workings."),
    "due": ("daily", "Show what is open, soonest first."),
    "overdue": ("daily", "Show only what is overdue, worst first."),
    "show": ("case", "Show one child: facts, what is open, what was met."),
    "explain": ("case", "Say why a date is what it is."),
    "board": ("board", "Open a full-screen board of what is due, to record and book from."),
    "digest": ("digest", "Write what is overdue and due as the body of a mail."),
    "caseload": ("case", "Show caseloads by IRO, team or process."),
    "forecast": ("ahead", "Show the work ahead by month, and who there is to do it."),
    "align": ("ahead", "Find one date for siblings, or for a review and a conference."),
    "suggest": ("ahead", "Propose a diary for all that is not booked."),
    "record": ("record", "Store one fact, for one child or several."),
    "dispute": ("dispute", "Formal disputes: raise, stage, respond, escalate, resolve, list."),
    "undo": ("record", "Take the last change back."),
    "history": ("record", "Show who changed what, and when."),
    "child": ("children", "Add, edit, list and show children."),
    "allocate": ("children", "Say whose children are, from a day on."),
    "hand-over": ("people", "Give a whole caseload to somebody else, in one change."),
    "person": ("people", "IROs and chairs: hours, and against the handbook's numbers."),
    "absence": ("people", "When an IRO or chair is away."),
    "audit": ("audit", "Audits of cases: record, draw a sample, list what is due."),
    "book": ("booking", "Book the meeting for an open timescale."),
    "unbook": ("booking", "Take a booking back."),
    "import": ("importing", "Read children, allocations, events, or an extract an authority has."),
    "timescales": ("rules", "List, show and check the timescales, with their law."),
    "watch": ("rules", "Say which timescales are shown."),
    "calendar": ("rules", "Show the bank holidays used, and add to them."),
    "report": ("report", "Figures and reports for a period."),
    "backup": ("care", "Copy the store to a file."),
    "restore": ("care", "Put a copy in the store's place."),
    "doctor": ("care", "Look for contradictions in the facts, and faults in the store."),
}


class LazyGroup(TyperGroup):
    """A group that knows its commands' names, and imports a command when it is called."""

    def list_commands(self, ctx: Any) -> list[str]:  # noqa: ARG002 - Typer's context
        """Return the names of the commands."""
        return list(COMMANDS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """Return a command, importing its module."""
        if cmd_name not in COMMANDS:
            return None
        if cmd_name not in self.commands:
            module = import_module(_COMMANDS + COMMANDS[cmd_name][0])
            self.commands.update(get_group(module.app).commands)
        return super().get_command(ctx, cmd_name)

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """Find the command that was typed, naming the nearest where there is none."""
        if args and args[0] not in COMMANDS:
            from iro_cli.law.catalogue import nearest  # noqa: PLC0415 - only when mistyped

            ctx.fail(f"there is no command {args[0]!r}{nearest(args[0], COMMANDS)}")
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: Any, formatter: Any) -> None:  # noqa: ARG002 - Typer's
        """Write the list of commands without importing one."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, help_line) for name, (_, help_line) in COMMANDS.items()])

    def shell_complete(self, ctx: Any, incomplete: str) -> Any:
        """Complete the names of commands without importing one."""
        from typer._click.shell_completion import CompletionItem  # noqa: PLC0415

        found = [
            CompletionItem(name, help=help_line)
            for name, (_, help_line) in COMMANDS.items()
            if name.startswith(incomplete)
        ]
        return (
            found if found or incomplete[:1].isalnum() else super().shell_complete(ctx, incomplete)
        )


app = typer.Typer(
    name="iro",
    cls=LazyGroup,
    invoke_without_command=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["--help", "-h"], "max_content_width": 100},
)


def _version(value: bool) -> None:
    if value:
        from iro_cli.library import built_in_digest  # noqa: PLC0415 - only here

        print(f"iro {__version__} (rules {built_in_digest()})")
        raise typer.Exit


@app.callback()
@with_common
def root(
    given: Given,
    context: typer.Context,
    version: Annotated[  # noqa: ARG001 - Typer's callback answers it
        bool | None,
        typer.Option("--version", callback=_version, is_eager=True, help="Show the version."),
    ] = None,
) -> int:
    """
    Which reviews and conferences are due, which are late, and why.

    Without a command: what is due.
    """
    context.obj = given
    if context.invoked_subcommand is None:
        from iro_cli.cli.daily import DueOptions, due  # noqa: PLC0415 - the daily path

        return due(given, DueOptions())
    return 0


def run_typer(argv: Sequence[str]) -> int:
    """
    Run a command through Typer.

    Args:
        argv: The words after the program's name.

    Returns:
        The exit code.
    """
    try:
        app(list(argv), prog_name="iro", standalone_mode=True)
    except SystemExit as stop:
        sys.stdout.flush()
        return stop.code if isinstance(stop.code, int) else int(stop.code is not None)
    return 0
