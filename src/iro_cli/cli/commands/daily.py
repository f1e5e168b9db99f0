"""``due``, ``overdue`` and ``when``, as Typer reads them."""

from typing import Annotated

import typer

from iro_cli.cli import completion
from iro_cli.cli.daily import DueOptions, due, when
from iro_cli.cli.options import with_common
from iro_cli.cli.settings import Given

app = typer.Typer(rich_markup_mode=None)

Iro = Annotated[
    str | None,
    typer.Option("--iro", help="Only this IRO's or chair's.", autocompletion=completion.names),
]
Team = Annotated[
    str | None, typer.Option("--team", help="Only this team's.", autocompletion=completion.teams)
]
Process = Annotated[
    str | None,
    typer.Option("--process", help="Only this process.", autocompletion=completion.processes),
]
Child = Annotated[
    str | None,
    typer.Option("--child", help="Only this child's.", autocompletion=completion.children),
]
Timescales = Annotated[
    list[str] | None,
    typer.Option(
        "--timescale",
        metavar="ID|GROUP",
        help="Only this timescale, or this group; repeatable.",
        autocompletion=completion.timescales_or_groups,
    ),
]
Unbooked = Annotated[bool, typer.Option("--unbooked", help="Only what has no meeting booked.")]
Watched = Annotated[
    str | None, typer.Option("--watched", metavar="all", help="`all`: every timescale, once.")
]
ExitCode = Annotated[
    bool, typer.Option("--exit-code", help="Exit with 10 when something is overdue.")
]
Labels = Annotated[
    bool, typer.Option("--labels", help="With ics: the children's labels beside their ids.")
]


@app.command("due")
@with_common
def due_command(
    given: Given,
    within: Annotated[
        str | None,
        typer.Option("--within", metavar="28d", help="How far ahead: 28d, 4w, 20wd, 3m."),
    ] = None,
    everything: Annotated[bool, typer.Option("--all", help="Everything that is open.")] = False,
    iro: Iro = None,
    team: Team = None,
    process: Process = None,
    child: Child = None,
    unbooked: Unbooked = False,
    watched: Watched = None,
    exit_code: ExitCode = False,
    labels: Labels = False,
    timescale: Timescales = None,
) -> int:
    """Show what is open, soonest first: overdue, due today, due within 28 days."""
    options = DueOptions(
        within, everything, iro, team, process, child, unbooked, watched, exit_code, labels,
        tuple(timescale or ()),
    )  # fmt: skip
    return due(given, options)


@app.command("overdue")
@with_common
def overdue_command(
    given: Given,
    iro: Iro = None,
    team: Team = None,
    process: Process = None,
    child: Child = None,
    unbooked: Unbooked = False,
    watched: Watched = None,
    exit_code: ExitCode = False,
    labels: Labels = False,
    per_iro_folder: Annotated[
        str | None,
        typer.Option(
            "--per-iro-folder", metavar="DIR", help="Write a file for each IRO there, as csv."
        ),
    ] = None,
    timescale: Timescales = None,
) -> int:
    """Show only what is overdue, worst first; print nothing when nothing is."""
    options = DueOptions(
        None, True, iro, team, process, child, unbooked, watched, exit_code, labels,
        tuple(timescale or ()),
    )  # fmt: skip
    if per_iro_folder is not None:
        from iro_cli.cli.per_iro import overdue_per_iro  # noqa: PLC0415 - a slow path of its own

        return overdue_per_iro(given, options, per_iro_folder)
    return due(given, options, only_overdue=True)


@app.command("when", context_settings={"ignore_unknown_options": True})
@with_common
def when_command(
    given: Given,
    timescale: Annotated[
        str,
        typer.Argument(help="As `iro timescales` lists it.", autocompletion=completion.timescales),
    ],
    days: Annotated[
        list[str], typer.Argument(metavar="DATE...", help="Dates, or - for one a line.")
    ],
    compare: Annotated[
        bool, typer.Option("--compare", help="Beside the local markers, and which breaches.")
    ] = False,
) -> int:
    """Say when a timescale is due from a date, with the workings. Needs no store."""
    return when(given, timescale, days, compare=compare)
