"""Every line of the README can be pasted, and the index and links of the docs work."""

import re
import shlex
import shutil
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from pathlib import Path

import pytest

from running import Answer, each

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
README = (ROOT / "README.md").read_text("utf-8")
INDEX = (DOCS / "README.md").read_text("utf-8")
PAGES = [ROOT / "README.md", *sorted(DOCS.rglob("*.md"))]
FENCED = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"!?\[[^\]]*\]\(<?([^)>\s]+)>?\)")
Iro = Callable[..., Answer]


def place(path: Path) -> str:
    """Name a page from the repository's folder."""
    return path.relative_to(ROOT).as_posix()


def typed(page: str) -> list[str]:
    """Return the lines of a page that are for a shell."""
    lines: list[str] = []
    for kind, block in re.findall(r"^```(sh|console)\n(.*?)^```", page, re.MULTILINE | re.DOTALL):
        for line in block.splitlines():
            if kind == "sh":
                lines.append(line.partition(" # ")[0].rstrip())
            elif line.startswith("$ "):
                lines.append(line[2:])
    return lines


def anchors(page: Path) -> Iterator[str]:
    """Yield what a link may name in a page, as GitHub makes it of the headings."""
    for heading in re.findall(r"^#+ (.+)$", FENCED.sub("", page.read_text("utf-8")), re.MULTILINE):
        words = re.sub(r"[^\w\- ]", "", heading.strip().casefold())
        yield words.replace(" ", "-")


@each("page", PAGES, name=place)
def test_every_link_to_a_heading_has_one(page: Path) -> None:
    """A link to a part of a page names a heading that is there."""
    text = FENCED.sub("", page.read_text("utf-8"))
    dead = []
    for target in LINK.findall(text):
        name, hash_sign, part = target.partition("#")
        if not hash_sign or "://" in target:
            continue
        other = (page.parent / name).resolve() if name else page
        if part not in anchors(other):
            dead.append(target)

    assert dead == []


def test_the_index_has_every_page() -> None:
    """Each page of the docs once, those of the extracts too."""
    linked = [one.partition("#")[0] for one in LINK.findall(INDEX)]
    pages = {one.relative_to(DOCS).as_posix() for one in DOCS.rglob("*.md")} - {"README.md"}
    decided = {one for one in pages if one.startswith("adr/") and one != "adr/README.md"}

    assert pages - decided - {*linked} == set()
    assert [one for one in linked if linked.count(one) > 1] == []


def test_the_readme_is_what_a_newcomer_reads() -> None:
    """It has the purpose, two commands, a morning, an extract, an export, a picture, and links."""
    headings = re.findall(r"^## (.+)$", README, re.MULTILINE)
    made = README.index("make demo") < README.index(".venv/bin/activate") < README.index("$ iro ")

    assert headings == [
        *("Try it", "One morning", "From your extract to the overdue list in five minutes"),
        *("What leaves it", "The data", "Where to read on"),
    ]
    assert made
    assert len(README.splitlines()) < 220
    assert README.count("](docs/pictures/") == 1
    assert README.index('".[all]"') < README.index("iro report quarterly")
    assert 'nobody is "200 days late"' in README
    assert "--install-completion" in README
    assert "man iro" in README


def test_every_line_of_the_readme_is_on_the_page_of_windows() -> None:
    """A line with `iro` is there unchanged, without quotes that cmd does not know."""
    windows = (DOCS / "windows.md").read_text("utf-8").splitlines()
    for name in ("README.md", "docs/install.md", "docs/tutorial.md"):
        lines = [one for one in typed((ROOT / name).read_text("utf-8")) if one[:4] == "iro "]

        assert [one for one in lines if one not in windows or "'" in one] == []


@pytest.mark.slow
def test_every_line_of_the_readme_can_be_pasted(
    iro: Iro, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All lines work in order, in a folder that has the examples."""
    (home / "examples").symlink_to(ROOT / "examples", target_is_directory=True)
    ran = []
    for line in typed(README):
        first, *words = shlex.split(line)
        if first == "export":
            monkeypatch.setenv(*words[0].split("=", 1))
        elif first == "iro" and ("report" not in words or find_spec("jinja2")):
            answer = iro(*words)
            ran.append(line)

            assert answer.code == 0, f"{line}: {answer.err}"
    assert len(ran) > 8


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("sh") is None, reason="NOT TESTED: needs a shell")
def test_what_the_demo_says_to_try_next_can_be_pasted(home: Path) -> None:
    """The lines call the program as it was called: by a path if its name is not found."""
    import os
    import subprocess
    import sys

    folder = home / "a new folder" / ".venv" / "bin"
    folder.mkdir(parents=True)
    script = folder / "iro"
    script.write_text(
        f"#!/bin/sh\n'exec' '{sys.executable}' '-P' \"$0\" \"$@\"\n"
        "from iro_cli.__main__ import main\nmain()\n"
    )
    script.chmod(0o700)
    base = folder.parents[1]
    environment = {**os.environ, "PATH": "/usr/bin:/bin", "PYTHONPATH": str(ROOT / "src")}

    def said(line: str, path: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            line,
            cwd=base,
            env={**environment, "PATH": path},
            capture_output=True,
            encoding="utf-8",
            shell=True,
            check=True,
        )

    for called, path, named in (
        (".venv/bin/iro", "/usr/bin:/bin", ".venv/bin/iro"),
        ("iro", f"{folder}:/usr/bin:/bin", "iro"),
        (shlex.quote(str(script)), "/usr/bin:/bin", ".venv/bin/iro"),
    ):
        told = said(f"{called} demo", path).stderr
        lines = [line.strip() for line in told.partition("Try next:\n")[2].splitlines() if line]
        words = [shlex.split(line)[0] for line in lines]

        assert words == [named] * 3
        for line in lines:
            assert "TS-0" in said(line, path).stdout or "caseload" in line
