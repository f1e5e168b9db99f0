"""``board``: show on a full screen what is due, and record and book from there."""

import sys
from importlib.util import find_spec

from iro_cli.cli.options import Given
from iro_cli.cli.results import give_back, results
from iro_cli.cli.settings import open_view, resolve
from iro_cli.errors import UsageError


def board_command(given: Given) -> int:
    """
    Open a full-screen board of what is due: filter, open a child, record and book.

    Raises:
        UsageError: This is not a terminal, or the board's library is not installed.
    """
    if not (sys.stdin.isatty() and results().isatty()):
        raise UsageError("the board needs a terminal: `iro due` lists the same")
    if find_spec("textual") is None:
        raise UsageError(
            "the board needs a library that is not installed: "
            "`pip install 'iro-cli[board]'` adds it; `iro due` lists the same"
        )
    settings = resolve(given)
    view = open_view(settings)
    view.close()
    from iro_cli.cli.board.app import BoardApp  # noqa: PLC0415 - Textual, only here

    board = BoardApp(settings, view)
    give_back()  # the board draws on the terminal itself; what it draws is not a result
    board.run()
    if board.failure is not None:
        raise board.failure
    return 0
