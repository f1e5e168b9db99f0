"""``help``: the page of a command, or the commands that a word may mean."""

from iro_cli.cli.app import page_of
from iro_cli.cli.commands import COMMANDS, GROUPS
from iro_cli.cli.help import command_of, found
from iro_cli.cli.options import Given
from iro_cli.cli.output import tell
from iro_cli.errors import UsageError
from iro_cli.law.catalogue import nearest


def help_command(given: Given, words: tuple[str, ...]) -> int:  # noqa: ARG001 - it is given
    """
    Show the page of a command, or find commands by the words that people use for them.

    Raises:
        UsageError: No command is found.
    """
    asked = " ".join(words)
    lines = found(asked) if words else []
    if not words or asked in COMMANDS or asked in GROUPS:
        tell(page_of(asked))
        lines = [one for one in lines if command_of(one[0]).split()[0] != words[0]]
    elif not lines:
        known = [*COMMANDS, *GROUPS]
        raise UsageError(
            f"nothing is called {asked!r}{nearest(asked, known)}\n"
            "`iro --help` lists the commands, and `iro help WORD` also finds them by other words, "
            "such as `iro help late`"
        )
    if lines:
        tell(f"{'Also' if asked in COMMANDS or asked in GROUPS else 'Found'} by {asked!r}:\n")
        for line, meaning in lines:
            tell(f"  {line}\n      {meaning}")
        tell("\n`iro COMMAND --help` tells you more")
    return 0
