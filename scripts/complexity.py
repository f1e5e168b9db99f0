"""
Name the functions with too many ways through them that do not say why they stay whole.

``make lint`` runs it, and a test does.  A function that radon ranks D (more than 20) or worse is
split, or a comment above it begins with ``# Whole because``.
"""

import sys
from collections.abc import Iterator
from pathlib import Path

from radon.complexity import cc_rank, cc_visit

SOURCE = Path(__file__).parents[1] / "src"
REASON = "# Whole because "
RANKS = "ABC"


def unreasoned(text: str) -> Iterator[str]:
    """Yield the line, name and complexity of each function of a module that needs a reason."""
    lines = text.splitlines()
    for block in cc_visit(text):
        long = block.letter != "C" and cc_rank(block.complexity) not in RANKS
        if long and not _has_reason(lines, block.lineno):
            yield f"{block.lineno}: {block.fullname} has a complexity of {block.complexity}"


def _has_reason(lines: list[str], number: int) -> bool:
    """Say whether the comment above a function and its decorators has the reason."""
    above = number - 2
    while above >= 0 and lines[above].lstrip().startswith("@"):
        above -= 1
    while above >= 0 and lines[above].lstrip().startswith("#"):
        if lines[above].lstrip().startswith(REASON):
            return True
        above -= 1
    return False


def problems() -> list[str]:
    """Return the functions of the whole program that need a reason, by file."""
    return [
        f"{path.relative_to(SOURCE.parent)}:{problem}"
        for path in sorted(SOURCE.rglob("*.py"))
        for problem in unreasoned(path.read_text(encoding="utf-8"))
    ]


def main() -> int:
    """Print what needs a reason, and return 1 if anything does."""
    found = problems()
    for problem in found:
        print(f"{problem}: split it, or say above it '{REASON}…'")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
