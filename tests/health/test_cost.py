"""A run of the tests, or a figure of the benchmarks, says if it is over its bound."""

import importlib.util
import os
import subprocess
import sys
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

from cost import Shares, told


@pytest.fixture
def figures() -> ModuleType:
    """Return the module that judges the figures of the benchmarks."""
    place = Path(__file__).parents[2] / "bench" / "figures.py"
    spec = importlib.util.spec_from_file_location("bench_figures", place)
    assert spec is not None
    assert spec.loader is not None
    found = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(found)
    return found


@pytest.mark.parametrize(
    ("user", "system", "bound", "line"),
    [
        (50, 10, 60, "CPU: 60 s of 60 (user 50, system 10)"),
        (50, 10.1, 60, "CPU: 60 s of 60 (user 50, system 10) OVER THE BOUND"),
        (500, 10, None, "CPU: 510 s (user 500, system 10)"),
    ],
)
def test_a_run_that_is_over_says_so(
    user: float, system: float, bound: float | None, line: str
) -> None:
    """A run at the bound is within it; a run of slow tests has no bound."""
    assert told(user, system, bound) == line


WORDS = {"ERROR", "FAILED", "PASSED", "SKIPPED", "XFAIL"}
# A test of each way in which one can end, in any of its phases.
ENDINGS = """
import warnings
import pytest

@pytest.fixture
def bad_before():
    raise RuntimeError

@pytest.fixture
def bad_after():
    yield
    raise RuntimeError

def test_passes(): pass
def test_fails(): raise RuntimeError
def test_warns(): warnings.warn("a warning is an error here")
def test_not_begun(bad_before): pass
def test_not_ended(bad_after): pass
def test_fails_twice(bad_after): raise RuntimeError
def test_skips(): pytest.skip("here")

@pytest.mark.skip(reason="there")
def test_skipped(): pass

@pytest.mark.xfail(strict=True)
def test_expected(): raise RuntimeError

@pytest.mark.xfail(strict=True)
def test_unexpected(): pass
"""


@pytest.mark.slow
@pytest.mark.parametrize("more", [(), ("--durations=1",)], ids=["brief", "whole"])
def test_a_worker_tells_all_that_did_not_pass(tmp_path: Path, more: tuple[str, ...]) -> None:
    """It leaves out only that a test began and was torn down well."""
    (tmp_path / "pytest.ini").write_text("[pytest]\nfilterwarnings = error\n")
    (tmp_path / "test_endings.py").write_text(ENDINGS)
    given = ["-p", "cost", "-p", "no:cacheprovider", "-n", "2", "-q", "-rA", *more]
    ran = subprocess.run(
        [sys.executable, "-m", "pytest", *given],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[1])},
        capture_output=True,
        check=False,
        text=True,
    )
    told = [line.split(" - ")[0].split(" in ")[0] for line in ran.stdout.splitlines()]

    assert sorted(line for line in told if line.split(" ")[0] in WORDS) == [
        "ERROR test_endings.py::test_fails_twice",
        "ERROR test_endings.py::test_not_begun",
        "ERROR test_endings.py::test_not_ended",
        "FAILED test_endings.py::test_fails",
        "FAILED test_endings.py::test_fails_twice",
        "FAILED test_endings.py::test_unexpected",
        "FAILED test_endings.py::test_warns",
        "PASSED test_endings.py::test_not_ended",
        "PASSED test_endings.py::test_passes",
        "SKIPPED [1] test_endings.py:20: here",
        "SKIPPED [1] test_endings.py:22: there",
        "XFAIL test_endings.py::test_expected",
    ]
    assert told[-1] == "4 failed, 2 passed, 2 skipped, 1 xfailed, 3 errors"


@pytest.mark.slow
def test_each_test_of_a_whole_fast_run_runs_in_one_worker(tmp_path: Path) -> None:
    """A worker that breaks off is told, and another one runs the rest of its share."""
    here = Path(__file__).parents[1]
    rooms = [tmp_path / "tests", tmp_path / "src"]
    for room in rooms:
        room.mkdir()
    (tmp_path / "pytest.ini").write_text(
        "[pytest]\ntestpaths = tests src\naddopts = --doctest-modules\nmarkers = slow\n"
    )
    (rooms[0] / "cost.py").write_bytes((here / "cost.py").read_bytes())
    (rooms[1] / "doctested.py").write_text('""">>> 1\n1\n"""\n')
    for name in "abcd":
        (rooms[0] / f"test_{name}.py").write_text(
            "import os\nimport pytest\n"
            '@pytest.mark.parametrize("number", range(3))\n'
            f"def test(number):\n    if {name!r} in 'bc' and number == 1:\n        os._exit(3)\n"
        )
    given = ["-p", "cost", "-p", "no:cacheprovider", "-n", "2", "--dist", "loadfile"]
    ran = subprocess.run(
        [sys.executable, "-m", "pytest", *given, "-m", "not slow", "-rA", "-q"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(rooms[0])},
        capture_output=True,
        check=False,
        text=True,
    )
    told = [line.split(" - ")[0].split(" in ")[0] for line in ran.stdout.splitlines()]

    assert sorted(line for line in told if line.split(" ")[0] in WORDS) == [
        *(f"FAILED tests/test_{name}.py::test[1]" for name in "bc"),
        "PASSED src/doctested.py::doctested",
        *(f"PASSED tests/test_a.py::test[{number}]" for number in range(3)),
        *(f"PASSED tests/test_b.py::test[{number}]" for number in (0, 2)),
        *(f"PASSED tests/test_c.py::test[{number}]" for number in (0, 2)),
        *(f"PASSED tests/test_d.py::test[{number}]" for number in range(3)),
    ]
    assert told[-1] == "2 failed, 11 passed"


class Worker:
    """A worker that notes which tests it is sent."""

    def __init__(self) -> None:
        """Begin without any."""
        self.sent: list[Any] = []
        self.gateway = SimpleNamespace(spec="popen", id="gw")

    def send_runtest_all(self) -> None:
        """Take the tests of the whole share."""
        self.sent.append("all")

    def send_runtest_some(self, indices: list[int]) -> None:
        """Take some tests of the share."""
        self.sent.append([*indices])

    def shutdown(self) -> None:
        """End after the tests that were sent."""


def test_two_workers_that_broke_off_are_replaced_in_any_order() -> None:
    """The later share is collected first; each new worker gets the tests that its share has left."""
    session = SimpleNamespace()
    plugins = SimpleNamespace(get_plugin=lambda _: session)
    shares = Shares(SimpleNamespace(getvalue=lambda _: ["2*popen"], pluginmanager=plugins))
    of_b, of_c = ["b[0]", "b[1]", "b[2]"], ["c[0]", "c[1]", "c[2]", "c[3]"]
    workers = [Worker() for _ in range(4)]
    for worker, collected in zip(workers, (of_b, of_c), strict=False):
        shares.add_node(worker)
        shares.add_node_collection(worker, collected)
    shares.schedule()
    crashed = [shares.remove_node(worker) for worker in workers[:2]]
    for worker in workers[2:]:
        shares.add_node(worker)
    for worker, collected in ((workers[3], of_c), (workers[2], of_b)):
        shares.add_node_collection(worker, collected)
        shares.schedule()

    assert crashed == ["b[0]", "c[0]"]
    assert [worker.sent for worker in workers] == [["all"], ["all"], [[1, 2]], [[1, 2, 3]]]
    assert (shares.tests_finished, session.testscollected) == (False, 7)


def test_a_figure_that_is_over_says_so(figures: ModuleType) -> None:
    """A figure at its bound is within it, unless it has to be under; an unmeasured one is too."""
    found = [
        figures.at_most("a", 7, 7),
        figures.at_most("b", 7.01, 7),
        figures.at_least("c", 10, 10),
        figures.at_least("d", 9.33, 10),
        figures.under_mib("e", 499, 500),
        figures.under_mib("f", 500, 500),
        figures.Figure("g", "not measured", "at most 1", None),
    ]

    assert [*figures.over([figures.Report(found, [])])] == [
        "OVER THE BOUND: b: 7.01, at most 7",
        "OVER THE BOUND: d: 9.33, at least 10",
        "OVER THE BOUND: f: 500 MB, under 500 MB",
    ]
    assert [line.split(" | ")[-1] for line in figures.table([figures.Report(found, [])])][2:9] == [
        *("yes |", "**NO** |", "yes |", "**NO** |", "yes |", "**NO** |", "not measured |"),
    ]
