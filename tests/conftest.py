"""Fixtures for every folder of the tests: running `iro`, and stores that are counted by hand."""

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.internal.conjecture import providers
from hypothesis.internal.constants_ast import Constants

pytest_plugins = ["cost", "running", "servers", "stores"]

# Every run draws the same examples, so a failure is a failure for everybody.
_PROFILE = settings(
    derandomize=True,
    deadline=None,
    database=None,
    # A fixture's folder is written again by every example.
    suppress_health_check=[
        HealthCheck.too_slow,
        HealthCheck.data_too_large,
        HealthCheck.function_scoped_fixture,
    ],
)
settings.register_profile("fast", _PROFILE, max_examples=6)
settings.register_profile("all", _PROFILE, max_examples=200)
settings.load_profile("fast")


def pytest_configure(config: pytest.Config) -> None:
    """
    Let a fast run draw the same from the same test, whatever runs beside it.

    It draws without the numbers and words of our own code.  Of its few examples they are one or
    none, and which they are depends on what else was imported.  To collect them, each worker
    parses every file that is imported, once it has collected the tests.
    """
    if not config.getoption("--hypothesis-profile"):
        none = Constants()
        providers._get_local_constants = lambda: none
