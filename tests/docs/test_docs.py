"""The docs are generated, complete, and have no dead link."""

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from iro_cli import library
from iro_cli.cli.commands import COMMANDS, GROUPS
from running import each

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
SOURCE = ROOT / "src" / "iro_cli"
MADE = [path for path in (ROOT / "README.md", *sorted(DOCS.glob("*.md"))) if path.exists()]
PAGES = [
    *MADE,
    *sorted((DOCS / "adr").glob("*.md")),
    *(
        path
        for name in ("CONTRIBUTING.md", "CHANGELOG.md", "SECURITY.md")
        if (path := ROOT / name).exists()
    ),
]
LINK = re.compile(r"!?\[[^\]]*\]\(<?([^)>\s]+)>?\)")
FENCED = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)


def place(path: Path) -> str:
    """Name a page from the repository's folder."""
    return path.relative_to(ROOT).as_posix()


# Those without transcripts, and one with: `make docs` compares them all.
QUICKLY_MADE = [page for page in MADE if "show(" not in page.read_text("utf-8")]
QUICKLY_MADE.append(DOCS / "packs.md")


@pytest.mark.slow
def test_what_is_made_is_not_stale() -> None:
    """Running cog would not change the pages."""
    done = subprocess.run(
        [sys.executable, "-m", "cogapp", "--check", "--diff", "-P", *map(place, QUICKLY_MADE)],
        cwd=ROOT,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )

    assert done.returncode == 0, f"run `make compiled`:\n{done.stdout}\n{done.stderr}"


@each("command", [*COMMANDS, *GROUPS])
def test_every_command_is_documented(command: str) -> None:
    """Each command of the registry, and each below it, has a heading in the reference."""
    headings = [
        line.lstrip("#").strip()
        for line in (DOCS / "cli.md").read_text("utf-8").splitlines()
        if line.startswith("#")
    ]

    assert f"iro {command}" in headings


@each("page", PAGES, name=place)
def test_every_relative_link_points_to_a_file(page: Path) -> None:
    """Each link to a file of the repository leads to one that exists."""
    text = FENCED.sub("", page.read_text("utf-8"))
    targets = [target.partition("#")[0] for target in LINK.findall(text) if "://" not in target]
    dead = [target for target in targets if target and not (page.parent / target).exists()]

    assert dead == []


@each("page", PAGES, name=place)
def test_every_path_that_a_page_names_exists(page: Path) -> None:
    """A module is named by its path in the package or in the repository, and exists."""
    named = re.findall(r"`([\w./-]+\.(?:py|toml|sql))`", FENCED.sub("", page.read_text("utf-8")))
    gone = [
        path
        for path in named
        if "/" in path
        and "NAME" not in path
        and not any((base / path).exists() for base in (ROOT, SOURCE, page.parent))
    ]

    assert gone == []


@each("rule", list(library.catalogue("england").rules))
def test_every_rule_is_in_the_catalogue(rule: str) -> None:
    """The page of the law has every timescale."""
    assert f"| `{rule}` |" in (DOCS / "rules.md").read_text("utf-8")


def test_what_was_not_read_is_marked() -> None:
    """Each version that is recalled from memory is marked on the page of the law."""
    recalled = [
        rule.id
        for rule in library.catalogue("england").rules.values()
        for version in rule.versions
        if version.checked == "recalled"
    ]
    rows = [row for row in (DOCS / "rules.md").read_text("utf-8").splitlines() if row[:1] == "|"]
    marked = [row.split("`")[1] for row in rows if "**UNCHECKED**" in row]

    assert sorted(recalled) == sorted(marked)


@pytest.mark.parametrize("checked", ["primary", "guidance", "secondary", "recalled"])
def test_the_page_of_the_law_counts_how_it_was_read(checked: str) -> None:
    """The page says how many versions were read in which way, and how many were not read."""
    number = sum(
        version.checked == checked
        for rule in library.catalogue("england").rules.values()
        for version in rule.versions
    )
    word = "**UNCHECKED**: from memory, not read" if checked == "recalled" else checked

    assert f"\n- {number} {word}\n" in (DOCS / "rules.md").read_text("utf-8")


def dependencies() -> list[str]:
    """Return the dependencies in ``pyproject.toml``, to run and to develop."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    named = list(project["project"]["dependencies"])
    for group in project["dependency-groups"].values():
        named += [one for one in group if isinstance(one, str)]
    return [one.partition(";")[0].strip() for one in named]


@each("dependency", dependencies())
def test_every_dependency_has_a_reason(dependency: str) -> None:
    """Each is on the page as ``pyproject.toml`` has it, with a reason."""
    rows = (DOCS / "dependencies.md").read_text("utf-8").splitlines()

    assert [row for row in rows if row.startswith(f"| `{dependency}` |")]


@each("page", PAGES, name=place)
def test_no_page_has_a_machine_in_it(page: Path) -> None:
    """No page has a path of the machine on which it was made."""
    text = page.read_text("utf-8")
    own = [f"{ROOT}/", f"{Path(sys.executable).parent}/"]

    assert [one for one in own if one in text] == []
