"""Fixtures for every folder of the tests: running `iro`, and stores that are counted by hand."""

from hypothesis import HealthCheck, settings

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
