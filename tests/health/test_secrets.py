"""No key, password or real store was left in the tree."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PLACES = ("src", "tests", "scripts", "bench", "docs", "examples", "constraints", ".ci")
# Each pattern is split, so that the search does not find this file.
SECRET = re.compile(
    rb"-----BEGIN [A-Z ]*PRIVATE" + rb" KEY-----"
    rb"|\bAKIA[0-9A-Z]{16}\b"
    rb"|\bgh[oprsu]_[0-9A-Za-z]{36}\b|\bgithub_pat_[0-9A-Za-z_]{50,}"
    rb"|\bglpat-[0-9A-Za-z_-]{20}|\bpypi-AgEI[0-9A-Za-z_-]{50,}"
    rb"|\bxox[abprs]-[0-9A-Za-z-]{10,}|\bAIza[0-9A-Za-z_-]{35}\b"
    rb"|\b[a-z][a-z0-9+]*://[^\s/:@'\"<>{}]+:[^\s/:@'\"<>{}]+@[a-z0-9.-]+\.[a-z]{2,}"
)
# Each secret contains one of these texts, which are much quicker to find.
MARKS = (
    *(b"PRIVATE", b"AKIA", b"ghp_", b"gho_", b"ghs_", b"ghu_", b"ghr_", b"github_pat_"),
    *(b"glpat", b"pypi-A", b"xox", b"AIza", b"://"),
)
# A key file of the program: its name, if it has one, and 64 digits on a line of their own.
KEY_FILE = re.compile(rb"\s*(?:[0-9a-f]{1,32} +)?[0-9A-Fa-f]{64}\s*")
STORES = (b"IROE",)


def _files() -> Iterator[Path]:
    yield from (one for one in ROOT.iterdir() if one.is_file() and one.suffix != ".db")
    for place in PLACES:
        for one in (ROOT / place).rglob("*"):
            if one.is_file() and one.suffix != ".pyc":
                yield one


def _holds_a_secret(content: bytes) -> bool:
    marked = any(one in content for one in MARKS)
    return bool(
        (marked and SECRET.search(content))
        or KEY_FILE.fullmatch(content[:200])
        or content.startswith(STORES)
    )


@pytest.mark.slow
def test_no_secret_is_in_the_tree() -> None:
    """Every file of the tree is searched, and a sample shows that the search finds secrets."""
    found = [str(one.relative_to(ROOT)) for one in _files() if _holds_a_secret(one.read_bytes())]
    token, key = b"ghp" + b"_" + b"a1" * 18, b"0f" * 32 + b"\n"

    assert found == []
    assert _holds_a_secret(b"x = '" + token + b"'")
    assert _holds_a_secret(key)
    assert _holds_a_secret(b"-----BEGIN RSA PRIVATE" + b" KEY-----\n")
    assert _holds_a_secret(b"https" + b"://ann:hunter2@example.org/")
    assert not _holds_a_secret(b"--hash=sha256:" + key)
