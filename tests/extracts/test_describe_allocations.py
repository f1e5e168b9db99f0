"""An allocations sheet with its own headings gets a proposed mapping, and its refusal says so."""

from collections.abc import Callable
from pathlib import Path

import pytest

from running import Answer

pytestmark = pytest.mark.asked_on("2026-11-02")
Run = Callable[..., Answer]


def _sheet(home: Path, *lines: str) -> Path:
    path = home / "allocations.csv"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def test_a_column_of_names(home: Path, iro: Run) -> None:
    """`IRO / Chair` has the names; the role is asked for, and the case worker is not proposed."""
    path = _sheet(home, "Child ID,IRO / Chair,Case worker,From", "Wren,Ada Vole,Jo Rook,2026-01-05")
    lines = iro("import", "allocations", str(path), "--describe").out.splitlines()

    assert any(line.startswith('name = "IRO / Chair"') for line in lines)
    assert any(line.startswith('# name = "Case worker"') for line in lines)
    assert any(line.startswith('# role = "iro"  # or "chair"') for line in lines)


def test_a_column_of_roles(home: Path, iro: Run) -> None:
    """If its cells are roles, the other column has the names."""
    path = _sheet(home, "Child ID,IRO / Chair,Case worker", "Wren,IRO,Ada Vole", "Rook,Chair,Jo")
    out = iro("import", "allocations", str(path), "--describe").out

    assert 'role = "IRO / Chair"' in out
    assert '# name = "Case worker"' in out
    assert "[fixed]" not in out


def test_the_proposal_can_be_read(home: Path, iro: Run) -> None:
    """With the role filled in, the mapping reads the sheet."""
    path = _sheet(home, "Child ID,IRO / Chair,Case worker,From", "Wren,Ada Vole,Jo Rook,2026-01-05")
    iro("child", "add", "Wren")
    text = iro("import", "allocations", str(path), "--describe").out
    mapping = home / "map.toml"
    mapping.write_text(text.replace('# role = "iro"', 'role = "iro"'), encoding="utf-8")
    answer = iro("import", "allocations", str(path), "--columns", str(mapping))

    assert answer.code == 0, answer.err
    assert "Ada Vole" in iro("child", "list").out


def test_the_refusal_says_what_to_do(home: Path, iro: Run) -> None:
    """It names the missing columns, and the command that proposes a mapping file."""
    path = _sheet(home, "Child ID,IRO / Chair,Case worker", "Wren,Ada Vole,Jo Rook")
    answer = iro("import", "allocations", str(path))

    assert answer.code == 3
    assert "there is no column role and no column name" in answer.err
    assert "with --describe proposes a mapping file" in answer.err
