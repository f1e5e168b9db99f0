"""Every earlier mistake has a test that exists."""

import re
from pathlib import Path

from running import each

ROOT = Path(__file__).parents[2]
LIST = ROOT / "tests" / "regressions.md"
NAMED = re.findall(r"`(tests/[^`:]+)(?:::(\w+))?`", LIST.read_text("utf-8"))


@each("file, test", NAMED)
def test_a_test_that_is_named_is_there(file: str, test: str) -> None:
    """Each test is found by its file and its name."""
    text = (ROOT / file).read_text("utf-8")

    assert not test or f"def {test}(" in text


def test_every_number_has_a_test() -> None:
    """Every row names a test."""
    rows = [line for line in LIST.read_text("utf-8").splitlines() if re.match(r"\| \d\d \|", line)]

    assert len(rows) == 18
    assert all("`tests/" in row for row in rows)
