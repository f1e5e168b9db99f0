"""The page of duties has all of them, and every command on it works."""

import re
import shlex
from importlib.util import find_spec
from pathlib import Path

import pytest

from iro_cli.__main__ import run

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "duties.md").read_text("utf-8")
TESTSHIRE = ROOT / "examples" / "authority"
DAY = "2026-11-23"
#: The duty that says why there is no command, and the command whose library may not be there.
WITHOUT = {24}
DIARY = "suggest"


def sections() -> dict[int, str]:
    """Return the text of each duty by its number."""
    parts = re.split(r"^### (\d+)\. ", PAGE, flags=re.MULTILINE)[1:]
    return {int(number): text for number, text in zip(parts[::2], parts[1::2], strict=True)}


def commands(text: str) -> list[list[str]]:
    """Return the commands of a text, as words without the program's name."""
    return [shlex.split(line)[1:] for line in re.findall(r"^\$ (iro .*)$", text, re.MULTILINE)]


@pytest.fixture
def testshire(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Work on the fictional authority, on the day its page names."""
    for name in ("IRO_NATION", "IRO_PACKS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("IRO_DATABASE", str(tmp_path / "iro.db"))
    (tmp_path / "pseudonym.key").write_text("ab" * 32 + "\n", encoding="utf-8")
    monkeypatch.setenv("IRO_PSEUDONYM_KEY", str(tmp_path / "pseudonym.key"))
    monkeypatch.setenv("IRO_AS_OF", DAY)
    monkeypatch.setenv("COLUMNS", "100")
    monkeypatch.chdir(tmp_path)
    for kind in ("children", "allocations", "events"):
        assert run(["import", kind, str(TESTSHIRE / f"{kind}.csv")]) == 0
    return tmp_path


def test_twenty_five_duties_in_order() -> None:
    """Each of the 25 has its number, whose it is, and whether it is dated."""
    found = sections()
    titles = [text.partition("\n")[0] for text in found.values()]

    assert list(found) == list(range(1, 26))
    assert [t for t in titles if not re.search(r"\((RW|OX|RW, OX); [a-z ]+\)$", t)] == []
    assert {number for number, text in found.items() if not commands(text)} == WITHOUT


@pytest.mark.slow
def test_every_command_of_the_page_runs(
    testshire: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """In the page's order, on one store, each ends well and prints something."""
    has_solver = find_spec("highspy") is not None
    answers: dict[str, str] = {}
    for words in commands(PAGE):
        if words[0] == DIARY and not has_solver:
            continue
        capsys.readouterr()
        code = run(words)
        said = capsys.readouterr()
        answers[" ".join(words)] = said.out

        assert code == 0, f"iro {shlex.join(words)}: {said.err}"
        assert said.out or "-o" in words, shlex.join(words)

    # Mon 6 July to Mon 23 November is 20 weeks; Mon 6 July being day 1, 26 end on Sun 3 January.
    drift = next(line for line in answers["show TS-0112"].splitlines() if "week" in line)
    assert "20 weeks" in drift
    assert "Sun 3 Jan 2027" in drift
    assert "TS-0112,cla.review.second" in (testshire / "due.csv").read_text("utf-8")
    assert "TS-01" not in answers["due --pseudonymise"]


def test_what_the_page_says_of_dates(testshire: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Three dates of the page's examples are as counted on a wall calendar."""
    for words in commands(PAGE):
        if words[0] in ("watch", "record", "book", "dispute"):
            assert run(words) == 0
    days = {}
    for timescale in ("adoption.review.returned", "allegation.referral", "cla.review.report"):
        capsys.readouterr()
        assert run(["due", "--all", "--timescale", timescale, "-f", "csv"]) == 0
        lines = capsys.readouterr().out.splitlines()
        at = lines[0].split(",").index("due")
        days[timescale] = [line.split(",")[at] for line in lines[1:]]

    # Fri 20 Nov + 42 days; the working day after Fri 20; Mon 11 Jan less three days.
    assert days == {
        "adoption.review.returned": ["2027-01-01"],
        "allegation.referral": ["2026-11-23"],
        "cla.review.report": ["2027-01-08"],
    }
