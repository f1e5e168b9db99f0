"""What is over its bound says so: a run of the tests, and a figure of the benchmarks."""

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

from cost import told


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
    """What is at the bound is within it; a run of slow tests has none."""
    assert told(user, system, bound) == line


def test_a_figure_that_is_over_says_so(figures: ModuleType) -> None:
    """At the bound is within it, but where it has to be under; not measured is not over."""
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
