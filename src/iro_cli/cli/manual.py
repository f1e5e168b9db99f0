"""The manual page, ``man iro``: made from the same table as help, when the program is packed."""

from __future__ import annotations

from iro_cli.cli.commands import COMMANDS, GROUPS, Command
from iro_cli.cli.help import EXITS, SECTIONS, WELCOME, below, examples_of
from iro_cli.cli.options import COMMON, Option


def _plain(text: str) -> str:
    """Return a text in which nothing is markup to the formatter of manual pages."""
    kept = " ".join(text.split()).replace("\\", "\\e").replace("-", "\\-").replace("`", "")
    return f"\\&{kept}" if kept[:1] in (".", "'") else kept


def _written(option: Option) -> str:
    flags = ", ".join(f"\\fB{_plain(one)}\\fR" for one in option.flags)
    value = f"\\fI{_plain(option.metavar)}\\fR" if option.metavar else ""
    return f"{flags} {value}".strip()


def _options(options: tuple[Option, ...]) -> list[str]:
    lines = []
    for one in options:
        lines += [".TP", _written(one), _plain(one.help)]
    return lines


def _usage(command: Command) -> str:
    """Return a command with its arguments."""
    places = [one.metavar or one.name for one in command.own if not one.typed]
    shown = " ".join(f"\\fI{_plain(one)}\\fR" for one in places)
    return f"\\fBiro {_plain(command.name)}\\fR {shown}".rstrip()


def _command(command: Command) -> list[str]:
    common = ", ".join(f"\\fB{_plain(one.shown)}\\fR" for one in command.common)
    return [
        *(".SS", _usage(command), _plain(command.help)),
        *_options(command.own),
        *([".PP", f"Also {common}."] if common else []),
        *(".PP", "Examples:", ".nf", *(f"    {_plain(one)}" for one in examples_of(command.name))),
        ".fi",
    ]


def manual(version: str) -> str:
    """
    Return the manual page.

    Args:
        version: The program's version, for the foot of the page.
    """
    lines = [
        f'.TH IRO 1 "" "iro {version}" "User commands"',
        ".SH NAME",
        "iro \\- which reviews and conferences are due, which are late, and why",
        ".SH SYNOPSIS",
        "\\fBiro\\fR [\\fIoptions\\fR] \\fIcommand\\fR [\\fIarguments\\fR]",
        ".SH DESCRIPTION",
    ]
    for paragraph in WELCOME.split("\n\n"):
        lines += [".PP", _plain(paragraph)]
    lines += [".SH OPTIONS", "Before or after the command's name:", *_options(COMMON)]
    for heading, words in SECTIONS.items():
        lines += [f".SH {heading.upper()}"]
        for word in words:
            if word in GROUPS:
                lines += [".PP", f"\\fB{_plain(word)}\\fR: {_plain(GROUPS[word].help)}"]
            for name in below(word):
                lines += _command(COMMANDS[name])
    lines += [".SH EXIT STATUS"]
    for code, meaning in EXITS:
        lines += [".TP", f"\\fB{code}\\fR", _plain(meaning)]
    return "\n".join(lines) + "\n"
