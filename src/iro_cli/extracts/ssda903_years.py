"""Which collection year a return is of, and so which of two is the later."""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from pathlib import Path

from iro_cli.tables.refused import Origin


def year_of(day: date) -> date:
    """
    Return the first day of a collection year: it runs from 1 April to 31 March.

    >>> year_of(date(2026, 3, 31)), year_of(date(2026, 4, 1))
    (datetime.date(2025, 4, 1), datetime.date(2026, 4, 1))
    """
    first = date(day.year, 4, 1)
    return first if day >= first else date(day.year - 1, 4, 1)


class Years:
    """The latest day in each file that is not after today: it tells the year of the return."""

    def __init__(self, today: date, folders: Mapping[str, Path]) -> None:
        """Start without any; *folders* says where each file stands."""
        self._today = today
        self._folders = folders
        self._places = {name: place for place, name in enumerate(folders)}
        self._latest: dict[str, date] = {}

    def see(self, file: str, *days: date | None) -> None:
        """Note the days in a row."""
        latest = self._latest.get(file)
        for day in days:
            if day is not None and day <= self._today and (latest is None or day > latest):
                self._latest[file] = latest = day

    def _year(self, file: str) -> date:
        latest = self._latest.get(file)
        return year_of(latest) if latest is not None else date.min

    def earlier(self, one: Origin, other: Origin) -> bool:
        """Say whether one row's return is the earlier: by its year, then as they were named."""
        return self._key(one.file) < self._key(other.file)

    def _key(self, file: str) -> tuple[date, int]:
        return self._year(file), self._places.get(file, -1)

    def contradiction(self, before: Origin, after: Origin) -> str:
        """Return why two rows cannot both be right, or nothing where one is of a later return."""
        if before.file == after.file:
            return f"row {before.row} has another episode of the child from the same day"
        year = self._year(before.file)
        if self._folders.get(before.file) != self._folders.get(after.file):
            return ""
        if year != self._year(after.file):
            return ""
        return (
            f"row {before.row} of {before.file} has another episode of the child from the same "
            f"day, and both are of the year from {year}: keep one of the two files"
        )

    def covered(self) -> Iterator[tuple[date, date]]:
        """Yield each year that there is a return of: its first day, and its last so far."""
        for begins in sorted({year_of(latest) for latest in self._latest.values()}):
            ends = date(begins.year + 1, 4, 1) - timedelta(days=1)
            yield begins, min(ends, self._today)
