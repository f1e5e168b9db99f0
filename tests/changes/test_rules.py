"""The additions of a store to the rules, changed directly."""

from datetime import date
from pathlib import Path

import pytest

from iro_cli.changes.rules import add_bank_holiday, remove_bank_holiday, unwatch, watch
from iro_cli.store.kinds import WATCH
from stores import changing, reading, refused

GROUP = "cp.core-group.first"
DAY = date(2027, 6, 7)


@pytest.fixture
def store(tmp_path: Path) -> Path:
    """Return a path for a new store."""
    return tmp_path / "iro.db"


def _watched(store: Path) -> dict[str, date]:
    return {one.timescale: one.from_on for one in reading(store).records(WATCH)}


def test_a_timescale_is_watched_from_a_day(store: Path) -> None:
    """A later first day replaces the earlier one."""
    with changing(store) as change:
        watch(change, [GROUP, GROUP], date(2026, 11, 1))
    with changing(store) as change:
        watch(change, [GROUP], date(2026, 12, 1))

    assert _watched(store) == {GROUP: date(2026, 12, 1)}


def test_what_is_not_watched_cannot_be_taken_back(store: Path) -> None:
    """A timescale that is not watched is refused by name, and the other stays."""
    with changing(store) as change:
        watch(change, [GROUP], date(2026, 11, 1))
    with refused(store, r"court\.proceedings") as change:
        unwatch(change, [GROUP, "court.proceedings"])
    assert GROUP in _watched(store)

    with changing(store) as change:
        unwatch(change, [GROUP])

    assert _watched(store) == {}


def test_a_bank_holiday_is_added_once(store: Path) -> None:
    """A second time is refused; it is withdrawn by its day, if it was added in this store."""
    with changing(store) as change:
        add_bank_holiday(change, DAY, "One day only")
    assert [(one.day, one.name) for one in reading(store).additions()] == [(DAY, "One day only")]
    with refused(store, "added already") as change:
        add_bank_holiday(change, DAY, "Again")
    with changing(store) as change:
        name = remove_bank_holiday(change, DAY)

    assert (name, reading(store).additions()) == ("One day only", ())
    with refused(store, "was not added here") as change:
        remove_bank_holiday(change, date(2026, 12, 25))
