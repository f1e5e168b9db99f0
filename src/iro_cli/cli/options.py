"""The options that every command takes, before or after its name."""

import inspect
import os
import sys
from collections.abc import Callable
from typing import Annotated, Any

import typer

from iro_cli.cli.settings import FORMATS, Given
from iro_cli.errors import UsageError


def _formats(incomplete: str) -> list[str]:
    return [one for one in FORMATS if one.startswith(incomplete)]


def _nations(incomplete: str) -> list[str]:
    from iro_cli.library import NATIONS  # noqa: PLC0415 - only when completing

    return [one for one in NATIONS if one.startswith(incomplete)]


_STORE = {
    "database": Annotated[
        str | None,
        typer.Option("--database", metavar="PATH-OR-URL", help="The store [IRO_DATABASE]."),
    ],
    "as_of": Annotated[
        str | None,
        typer.Option(
            "--as-of", metavar="DATE", help="The day the question is asked about [IRO_AS_OF]."
        ),
    ],
    "nation": Annotated[
        str | None,
        typer.Option(
            "--nation",
            metavar="NATION",
            help="Whose law [IRO_NATION]; england by default.",
            autocompletion=_nations,
        ),
    ],
    "pack": Annotated[
        list[str] | None,
        typer.Option("--pack", metavar="FILE", help="A local rule pack [IRO_PACKS]; repeatable."),
    ],
}
_LISTING = {
    "format": Annotated[
        str | None,
        typer.Option(
            "--format",
            "-f",
            metavar="FORMAT",
            help=f"{', '.join(FORMATS)}.",
            autocompletion=_formats,
        ),
    ],
    "output": Annotated[
        str | None,
        typer.Option("--output", "-o", metavar="FILE", help="Write there, whole or not at all."),
    ],
    "excel": Annotated[
        bool | None,
        typer.Option("--excel", help="With csv: as Excel on Windows expects."),
    ],
    "strict": Annotated[
        bool | None,
        typer.Option("--strict", help="Refuse a date for which a fact had to be inferred."),
    ],
    "pseudonymise": Annotated[
        bool | None,
        typer.Option(
            "--pseudonymise", help="Pseudonyms for ids; no labels, dates of birth or free text."
        ),
    ],
    "about": Annotated[
        bool | None,
        typer.Option("--about", help="With csv or jsonl and -o: also FILE.about.json."),
    ],
}
ALL = {**_STORE, **_LISTING}


# The commands that write nothing but listings.  Any other says no: a flag that is
# passed over would let out the ids that somebody meant to keep in.
_PSEUDONYMISED = frozenset(
    (
        *("due", "digest", "overdue", "when", "show", "explain", "caseload", "history", "doctor"),
        *("child list", "child show", "timescales", "timescales list", "timescales show"),
        *("watch", "watch list", "calendar", "calendar list", "calendar month"),
        *("report timeliness", "dispute list", "audit list", "person list", "absence list"),
        "forecast",
    )
)


def _check_pseudonymise(given: Given, context: typer.Context) -> None:
    """
    Refuse pseudonyms for a command that does not make them.

    Raises:
        UsageError: The command shows ids in other ways.
    """
    _, _, name = context.command_path.partition(" ")
    alone = context.invoked_subcommand is None
    if given.pseudonymise and alone and name and name not in _PSEUDONYMISED:
        raise UsageError(f"--pseudonymise does not go with `iro {name}`: it is for listings")


# The commands that change something and list nothing.  What shapes a listing is refused
# there: whoever gives a file's name expects a file.
_NO_LISTING = frozenset(
    (
        *("record", "undo", "book", "unbook", "allocate", "hand-over", "backup", "restore"),
        *("child add", "child edit", "watch add", "watch remove", "calendar add"),
        *("calendar remove", "person add", "person edit", "person leave", "absence add"),
        *("absence remove", "audit record", "dispute raise", "dispute stage"),
        *("dispute respond", "dispute escalate", "dispute resolve"),
    )
)


def _check_listing(given: Given, context: typer.Context) -> None:
    """
    Refuse what shapes a listing for a command that lists nothing.

    Raises:
        UsageError: One was given.
    """
    _, _, name = context.command_path.partition(" ")
    if name not in _NO_LISTING:
        return
    for option in ("format", "output", "excel", "strict", "about"):
        if getattr(given, option):
            raise UsageError(f"--{option} does not go with `iro {name}`: it lists nothing")


def given_from(values: dict[str, Any]) -> Given:
    """Take the common options out of what Typer parsed."""
    pack = values.pop("pack", None)
    taken = {name: values.pop(name, None) for name in ALL if name != "pack"}
    return Given(**taken, pack=tuple(pack) if pack else None)


def with_common(function: Callable[..., Any]) -> Callable[..., Any]:
    """
    Give a command the common options.

    The function takes ``given`` first, and ``context`` where it asks for it;
    what was typed after the command's name wins over what stood before it.
    """
    signature = inspect.signature(function)
    wants_context = "context" in signature.parameters
    own = [one for name, one in signature.parameters.items() if name not in ("given", "context")]
    common = [
        inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=None, annotation=kind)
        for name, kind in ALL.items()
        if name not in signature.parameters
    ]
    context = inspect.Parameter(
        "context", inspect.Parameter.POSITIONAL_OR_KEYWORD, annotation=typer.Context
    )

    def call(context: typer.Context, **values: Any) -> None:
        given = given_from(values).over(context.obj)
        _check_pseudonymise(given, context)
        _check_listing(given, context)
        if wants_context:
            values["context"] = context
        try:
            code = function(given, **values)
            sys.stdout.flush()
        except BrokenPipeError:
            # The reader went away, as `head` does: not a failure.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            code = 0
        if code:
            raise typer.Exit(code)

    call.__name__ = function.__name__
    call.__doc__ = function.__doc__
    call.__signature__ = signature.replace(  # type: ignore[attr-defined]
        parameters=[
            context,
            *(one.replace(kind=inspect.Parameter.KEYWORD_ONLY) for one in own),
            *common,
        ],
        return_annotation=None,
    )
    call.__annotations__ = {}
    return call
