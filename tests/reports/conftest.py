"""A small authority whose figures are counted by hand, and running `iro` on it."""

import io
import os
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import NamedTuple

import pytest

from iro_cli import __main__ as program
from iro_cli.facts.model import Allocation, Child, Event
from iro_cli.store.writing import change

AS_OF = "2026-10-20"


class Answer(NamedTuple):
    """What a command came to."""

    code: int
    out: str
    err: str


class _Pipe(io.TextIOWrapper):
    """A stream that keeps its bytes, as a pipe would pass them on."""

    def text(self) -> str:
        self.flush()
        kept = self.buffer
        assert isinstance(kept, io.BytesIO)
        return kept.getvalue().decode("utf-8")


@pytest.fixture(scope="session")
def fonts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return where matplotlib keeps its list of fonts, made once."""
    return tmp_path_factory.mktemp("matplotlib")


@pytest.fixture(autouse=True)
def home(tmp_path: Path, fonts: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Leave every test in a folder of its own, with nothing of the user's set."""
    for name in [one for one in os.environ if one.startswith("IRO_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setenv("MPLCONFIGDIR", str(fonts))
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def iro(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Answer]:
    """Return what runs a command in this process, as if its output were piped."""

    def call(*argv: str) -> Answer:
        with monkeypatch.context() as patch:
            out, err = _Pipe(io.BytesIO()), _Pipe(io.BytesIO())
            patch.setattr(sys, "stdout", out)
            patch.setattr(sys, "stderr", err)
            code = program.run(list(argv))
            return Answer(code, out.text(), err.text())

    return call


def day(text: str) -> date:
    """Read a day of 2026, as `6 Jul`."""
    number, month = text.split()
    months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
    return date(2026, months.index(month) + 1, int(number))


# Counted on a wall calendar; the only bank holiday that matters is Monday 31 August 2026.
#
# W-01  in care Mon 1 Jun: first due Mon 29 Jun (4 weeks), held Fri 26 Jun.
#       Second due Sat 26 Sep, held Thu 24 Sep, PN1: in timescale.
# W-02  in care Mon 6 Jul: first due Mon 3 Aug, held Mon 10 Aug, PN7: 7 days late.
# W-03  in care Mon 3 Aug: first due Tue 1 Sep (31 Aug left out), never held; left
#       care Thu 10 Sep: 9 days overdue by then.
# W-04  in care Tue 1 Sep: first due Tue 29 Sep, not held: 21 days overdue on 20 Oct.
#       It was adjourned on Mon 28 Sep, and that is due Mon 26 Oct: outside the quarter.
# W-05  in care Mon 3 Aug, left Mon 24 Aug, before the first was due: owed nothing.
# W-06  strategy Mon 6 Jul, conference due Mon 27 Jul, held that day: in timescale.
#       First review due Tue 27 Oct: outside the quarter.
# W-07  strategy Mon 13 Jul, conference due Mon 3 Aug, held Wed 5 Aug: 2 days late.
# W-08  strategy Mon 20 Jul, ended without a conference Fri 24 Jul: not judged.
# W-09  on a plan since Mon 2 Mar (strategy Mon 16 Feb, due Mon 9 Mar): first review due
#       Tue 2 Jun, held Mon 1 Jun; next due Tue 1 Dec: reviewed in time on 30 Sep.
# W-10  on a plan since Mon 2 Mar (the same): first review due Tue 2 Jun, held Thu 4 Jun:
#       2 days late; next due Fri 4 Dec. Not reviewed in time on 30 Sep.
# W-11  a dispute raised Mon 3 Aug: due Tue 1 Sep, resolved Fri 28 Aug. Another raised
#       Mon 7 Sep: due Mon 5 Oct, open: 15 days past on 20 Oct.
_EVENTS: dict[str, list[Event]] = {
    "W-01": [
        Event("cla.start", day("1 Jun")),
        Event("cla.review", day("26 Jun"), participation="PN3"),
        Event("cla.review", day("24 Sep"), participation="PN1"),
    ],
    "W-02": [
        Event("cla.start", day("6 Jul")),
        Event("cla.review", day("10 Aug"), participation="PN7", note="=foster carer ill"),
    ],
    "W-03": [Event("cla.start", day("3 Aug")), Event("cla.end", day("10 Sep"))],
    "W-04": [
        Event("cla.start", day("1 Sep")),
        Event("cla.review.adjourned", day("28 Sep"), reason="no care plan"),
    ],
    "W-05": [Event("cla.start", day("3 Aug")), Event("cla.end", day("24 Aug"))],
    "W-06": [
        Event("cp.strategy", day("6 Jul")),
        Event("cp.conference.initial", day("27 Jul"), outcome="plan"),
    ],
    "W-07": [
        Event("cp.strategy", day("13 Jul")),
        Event("cp.conference.initial", day("5 Aug"), outcome="no-plan"),
    ],
    "W-08": [
        Event("cp.strategy", day("20 Jul")),
        Event("cp.conference.not-required", day("24 Jul")),
    ],
    **{
        child: [
            Event("cp.strategy", day("16 Feb")),
            Event("cp.conference.initial", day("2 Mar"), outcome="plan"),
            Event("cp.conference.review", day(held)),
        ]
        for child, held in (("W-09", "1 Jun"), ("W-10", "4 Jun"))
    },
    "W-11": [
        Event("dispute.raised", day("3 Aug"), reference="A"),
        Event("dispute.resolved", day("28 Aug"), reference="A"),
        Event("dispute.raised", day("7 Sep"), reference="B"),
    ],
}


@pytest.fixture
def store(home: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the store of the small authority; it is asked on 20 October 2026."""
    path = home / "iro.db"
    with change(path, at="2026-10-20T09:00:00Z", who="tester", command="import") as writer:
        writer.put_children(
            [Child(one, team="Hill" if one < "W-05" else "Vale") for one in _EVENTS]
        )
        writer.add_facts(
            [(child, event, None) for child, events in _EVENTS.items() for event in events]
        )
        # W-02 changed hands on the day after its review fell due.
        writer.allocate(
            [
                Allocation("W-01", "iro", "Wren Adder"),
                Allocation("W-02", "iro", "Wren Adder", None, day("3 Aug")),
                Allocation("W-02", "iro", "Moss <b>Stoat</b>", day("4 Aug")),
                Allocation("W-03", "iro", "Moss <b>Stoat</b>"),
                Allocation("W-04", "iro", "Moss <b>Stoat</b>"),
                *(
                    Allocation(f"W-{number:02}", "chair", "Fern Newt")
                    for number in (6, 7, 8, 9, 10)
                ),
                Allocation("W-11", "iro", "Wren Adder"),
            ]
        )
    monkeypatch.setenv("IRO_DATABASE", str(path))
    monkeypatch.setenv("IRO_AS_OF", AS_OF)
    return path
