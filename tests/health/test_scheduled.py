"""The commands in ``examples/scheduled`` run as they are written."""

import configparser
import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

EXAMPLES = Path(__file__).parents[2] / "examples" / "scheduled"
Run = Callable[..., tuple[int, str, str]]
Shell = Callable[[str], "subprocess.CompletedProcess[str]"]
CRON = [
    match[1]
    for line in (EXAMPLES / "crontab").read_text("utf-8").splitlines()
    if (match := re.fullmatch(r"\s*(?:[\d*,/-]+\s+){5}(.+)", line))
]


@pytest.fixture
def place(fortnight: Path, tmp_path: Path) -> Path:
    """Return the folder that stands for /srv/iro, with a store in it."""
    folder = tmp_path / "srv"
    (folder / "backups").mkdir(parents=True)
    shutil.copy(fortnight, folder / "iro.db")
    shutil.copy(EXAMPLES / "mail-digest.sh", folder)
    return folder


@pytest.fixture
def shell(place: Path, tmp_path: Path) -> Shell:
    """Return a function that runs a line as cron does, with a `sendmail` that keeps the mail."""
    if os.name != "posix":
        pytest.skip("NOT TESTED: cron is of POSIX")
    bin_folder = tmp_path / "bin"
    bin_folder.mkdir()
    for name, body in (
        ("iro", f'exec "{sys.executable}" -m iro_cli "$@"'),
        ("sendmail", f'cat >> "{tmp_path}/mail"'),
    ):
        (bin_folder / name).write_text(f"#!/bin/sh\n{body}\n")
        (bin_folder / name).chmod(0o700)

    def call(line: str) -> "subprocess.CompletedProcess[str]":
        line = line.replace("\\%", "%").replace("/srv/iro", str(place))
        line = line.replace("Ada Okafor", "Ann Example").replace("Children in Care", "North")
        return subprocess.run(
            ["/bin/sh", "-c", line],
            capture_output=True,
            check=False,
            text=True,
            encoding="utf-8",
            env={
                **os.environ,
                "PATH": f"{bin_folder}{os.pathsep}/usr/bin:/bin",
                "IRO_DATABASE": str(place / "iro.db"),
            },
        )

    return call


def test_the_crontab_is_read() -> None:
    """Every line but comments and settings is a command."""
    lines = (EXAMPLES / "crontab").read_text("utf-8").splitlines()
    rest = [one for one in lines if one.strip() and not re.match(r"\s*#|[A-Z_]+=", one)]

    assert len(CRON) == len(rest) == 5
    assert all("%" not in line.replace("\\%", "") for line in CRON)


@pytest.mark.slow
@pytest.mark.parametrize("line", CRON, ids=lambda line: line[:40])
def test_each_line_is_quiet_when_nothing_is_overdue(
    line: str, shell: Shell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing is printed, so cron sends no mail."""
    monkeypatch.setenv("IRO_AS_OF", "2025-01-06")
    done = shell(line)

    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert not (tmp_path / "mail").exists()


@pytest.mark.slow
def test_what_the_lines_leave(shell: Shell, place: Path, tmp_path: Path) -> None:
    """They leave a listing to mail, a file for each IRO, a mail, and a backup."""
    ran = [shell(line) for line in CRON]
    said = [done.stdout for done in ran]

    assert [(done.returncode, done.stderr) for done in ran] == [(0, "")] * len(CRON)
    assert "A-001" in said[0]
    assert (place / "overdue" / "Ann-Example.csv").exists()
    mail = (tmp_path / "mail").read_text("utf-8")
    assert mail.startswith("To: ada.okafor@testshire.example\nSubject: ")
    assert "Content-Type: text/html; charset=utf-8\n" in mail
    assert "\n\n<!doctype html>" in mail
    assert "something is overdue" in said[3]
    assert len(list((place / "backups").glob("iro-*.db"))) == 1


def test_a_failure_is_seen(shell: Shell, place: Path, tmp_path: Path) -> None:
    """A missing store fails every line that asks it, and no partial mail is sent."""
    (place / "iro.db").unlink()
    codes = [shell(line).returncode for line in CRON[:3]]

    assert codes == [5, 5, 5]
    assert not (tmp_path / "mail").exists()


def _unit(name: str) -> configparser.ConfigParser:
    unit = configparser.ConfigParser(interpolation=None)
    unit.optionxform = str  # type: ignore[assignment, method-assign]
    unit.read(EXAMPLES / name, "utf-8")
    return unit


def test_the_service_runs(place: Path, iro: Run) -> None:
    """The service's command does what the description says."""
    start = _unit("iro-overdue.service")["Service"]["ExecStart"]
    program, *words = shlex.split(start.replace("/srv/iro", str(place)))

    assert program == "/usr/local/bin/iro"
    assert iro(*words) == (0, "", "")
    assert (place / "overdue" / "Ann-Example.csv").exists()


def test_the_timer_is_of_the_service() -> None:
    """It has the service's name, and a time in London's zone."""
    assert _unit("iro-overdue.timer")["Timer"]["OnCalendar"] == "Mon..Fri 07:00 Europe/London"


@pytest.mark.skipif(
    shutil.which("systemd-analyze") is None,
    reason="NOT TESTED: needs systemd-analyze (apt install systemd)",
)
def test_systemd_reads_the_units(tmp_path: Path) -> None:
    """systemd knows every line of a unit."""
    for name in ("iro-overdue.service", "iro-overdue.timer"):
        text = (EXAMPLES / name).read_text("utf-8")
        (tmp_path / name).write_text(text.replace("/usr/local/bin/iro", "/bin/true"))
    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", str(tmp_path / "iro-overdue.timer")],
        capture_output=True,
        check=False,
        text=True,
    )

    assert "iro-overdue" not in done.stderr


def test_the_task_of_windows_runs(place: Path, iro: Run) -> None:
    """The commands in the task's file do what they should."""
    text = (EXAMPLES / "iro-overdue.cmd").read_bytes().decode("ascii")
    lines = [line for line in text.split("\r\n") if line.startswith("iro ")]
    assert len(lines) == 2
    assert "set IRO_DATABASE=%LOCALAPPDATA%\\iro\\iro.db" in text
    assert "ProgramData" not in text
    for line in lines:
        here = line.replace("%LOCALAPPDATA%\\iro\\", f"{place.as_posix()}/")
        program, *words = shlex.split(here)
        assert program == "iro"
        assert iro(*words) == (0, "", "")

    assert (place / "overdue" / "Ann-Example.csv").read_bytes().startswith(b"\xef\xbb\xbf")
    assert "<!doctype html>" in (place / "digest.html").read_text("utf-8")


def test_the_files_of_windows_are_as_windows_reads_them() -> None:
    """Line ends are those of `cmd`, and the task runs the file beside it."""
    for name in ("iro-overdue.cmd", "make-task.cmd"):
        text = (EXAMPLES / name).read_bytes()
        assert text.count(b"\n") == text.count(b"\r\n")

    assert b"%~dp0iro-overdue.cmd" in (EXAMPLES / "make-task.cmd").read_bytes()


def test_the_readme_names_every_file() -> None:
    """The README explains every file of the folder."""
    readme = (EXAMPLES / "README.md").read_text("utf-8")

    names = {path.name for path in EXAMPLES.iterdir()} - {"README.md"}

    assert all(f"`{name}`" in readme for name in names)
