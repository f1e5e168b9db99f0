"""``iro board`` before the screen opens."""

import io
import subprocess
import sys
from pathlib import Path

import pytest

from iro_cli.__main__ import run


class Terminal(io.StringIO):
    """A stream that claims to be a terminal."""

    def isatty(self) -> bool:
        """Return true."""
        return True


@pytest.mark.parametrize("options", [("-f", "csv"), ("-o", "x.csv"), ("--excel",)], ids=" ".join)
def test_the_board_refuses_options_of_a_listing(
    options: tuple[str, ...], store: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The options of a listing are refused."""
    assert run(["board", *options]) == 2
    assert "does not go with `iro board`" in capsys.readouterr().err


def test_the_board_does_not_start_without_a_terminal(
    store: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Without a terminal the board does not start."""
    assert run(["board"]) == 2
    assert "needs a terminal" in capsys.readouterr().err


def test_without_the_extra(
    store: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Without the library the command says how to install it."""
    monkeypatch.setattr("iro_cli.cli.commands.board.find_spec", lambda _: None)
    monkeypatch.setattr("sys.stdin", Terminal())
    with monkeypatch.context() as patch:
        patch.setattr("sys.stdout", Terminal())
        code = run(["board"])

    assert code == 2
    assert "pip install 'iro-cli[board]'" in capsys.readouterr().err


def test_help_needs_no_library() -> None:
    """Help does not load Textual."""
    script = (
        "import sys; from iro_cli.__main__ import run; run(['board', '--help']); "
        "sys.exit('textual' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, check=False)

    assert done.returncode == 0
