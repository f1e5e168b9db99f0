"""
Reads SSDA903 returns: the Header, Episodes and Reviews tables of one or several years.

A table is known by its columns, not its name, because exports name their
files as they like and add columns of their own.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from enum import Enum
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from iro_cli.cases.model import Child, Event
from iro_cli.cases.vocabulary import PARTICIPATION
from iro_cli.dates.months import add_months
from iro_cli.errors import InputRefusedError
from iro_cli.exchange.batch import Batch, Origin, alike
from iro_cli.exchange.cells import Days, read_child_id
from iro_cli.exchange.episodes import (
    GOES_ON,
    LEGAL_STATUSES,
    REASONS_NEW,
    Episode,
    Histories,
)
from iro_cli.exchange.tabular import BECAUSE, Table

UNDER_FOUR = "PN0"
REVIEWS = "reviews"
_YEARS_AHEAD = 10


class _Kind(Enum):
    HEADER = ("CHILD", "DOB")
    EPISODES = ("CHILD", "DECOM", "RNE", "LS", "DEC", "REC")
    REVIEWS = ("CHILD", "REVIEW", "REVIEW_CODE")


# A column that only one of the tables has which say nothing of reviews.
_OTHER_TABLES = (
    *("DUC", "SDQ_SCORE", "IN_TOUCH", "DATE_INT", "DATE_PLACED", "PREV_PERM"),
    *("MIS_START", "SW_DECOM", "DOLO_START"),
)


def _kind(table: Table) -> _Kind | None:
    for kind in (_Kind.EPISODES, _Kind.REVIEWS):
        if table.has(*kind.value):
            return kind
    if table.has(*_Kind.HEADER.value, "SEX") and (table.has("UPN") or table.has("ETHNIC")):
        return _Kind.HEADER
    return None


def _names(paths: Sequence[Path], folders: int) -> Iterator[tuple[Path, str]]:
    """Give files names for messages: short, and with the folder where there are several."""
    short = {
        path: path.name if folders == 1 else f"{path.parent.name}/{path.name}".lstrip("/")
        for path in paths
    }
    times = Counter(short.values())
    for path, name in short.items():
        yield path, name if times[name] == 1 else path.as_posix()


# What tells the rows of a file of refused rows apart, which has the columns of every table.
_TELLING = {
    _Kind.HEADER: ("SEX", "UPN", "ETHNIC"),
    _Kind.EPISODES: ("DECOM", "RNE", "LS"),
    _Kind.REVIEWS: ("REVIEW", "REVIEW_CODE"),
}


def _files(folder: Path) -> list[Path]:
    if folder.is_file() and folder.suffix.casefold() == ".csv":
        return [folder]
    if not folder.is_dir():
        what = "is no CSV file and no folder" if folder.exists() else "does not exist"
        raise InputRefusedError(
            f"{folder} {what}: name the folder that holds the return's CSV files"
        )
    return sorted(path for path in folder.iterdir() if path.suffix.casefold() == ".csv")


class _Known(NamedTuple):
    """A child of the header: the date of birth, and which row said so."""

    born: date
    origin: Origin


class _Returns:
    """Reads the tables of the returns into one batch."""

    def __init__(self, batch: Batch, today: date) -> None:
        self.batch = batch
        self.today = today
        self.days = Days(today.year + _YEARS_AHEAD)
        self.births = Days(today.year)
        self.tables: dict[_Kind, list[Table]] = {kind: [] for kind in _Kind}
        self.known: dict[str, _Known] = {}
        self.unreadable: set[str] = set()
        self.episodes: dict[str, dict[date, Episode]] = {}
        self.without: set[str] = set()
        self.reviews: dict[tuple[str, date], tuple[str, Origin]] = {}
        self.found: Counter[str] = Counter()
        # Whether only mended rows are read, beside a store that has the rest of the return.
        self.alone = True

    # ------------------------------------------------------------ tables

    def open(self, folders: Sequence[Path]) -> None:
        """Find the tables in the folders, and say which folders have none."""
        files = [path for folder in folders for path in _files(folder)]
        names = dict(_names(files, len(folders)))
        problems = []
        for path, name in names.items():
            try:
                self._recognise(path, name)
            except InputRefusedError as error:
                problems.append(str(error))
        episodes = {table.name for table in self.tables[_Kind.EPISODES]}
        problems += [
            f"{folder}: no CSV file here is the Episodes table (columns "
            f"{', '.join(_Kind.EPISODES.value)}): name the folder that holds the return's CSV files"
            for folder in folders
            if folder.is_dir()
            if episodes.isdisjoint(names[path] for path in _files(folder))
        ]
        if not (problems or self.alone or self.tables[_Kind.EPISODES]):
            problems.append(
                f"none of these files is the Episodes table (columns "
                f"{', '.join(_Kind.EPISODES.value)}): name it too, or the return's folder"
            )
        if problems:
            raise InputRefusedError("\n".join(problems))

    def _recognise(self, path: Path, name: str) -> None:
        table = Table(path, name)
        if table.has(BECAUSE):
            for one in _Kind:
                if table.has(*one.value) and any(map(table.has, _TELLING[one])):
                    rows = Table(path, name)
                    rows.expect(one.value)
                    rows.only_filled(*_TELLING[one])
                    self.tables[one].append(rows)
            return
        self.alone = False
        kind = _kind(table)
        if kind is not None:
            table.expect(kind.value)
            self.tables[kind].append(table)
        elif not any(table.has("CHILD", column) for column in _OTHER_TABLES):
            self.batch.warnings.append(
                f"{table.name}: not read: its columns are not those of an SSDA903 table"
            )

    def read(self, kind: _Kind, read_row: Callable[[Table, Origin], None]) -> None:
        """Read every row of the tables of one kind."""
        for table in self.tables[kind]:
            for number, cells in table.rows(self.batch.refused):
                read_row(table, table.origin(number, cells))
            self.batch.read[table.name] = self.batch.read.get(table.name, 0) + table.count

    def _child(self, table: Table, origin: Origin) -> str | None:
        """Return the child of a row, or refuse the row."""
        text = origin.cells[table.places["CHILD"]]
        try:
            child_id = read_child_id(text)
        except ValueError as error:
            self._refuse(origin, "CHILD", text, str(error))
            return None
        if self.alone and child_id not in self.known and child_id not in self.unreadable:
            # Mended rows by themselves: the store has to know the child.
            self.batch.origins.setdefault(child_id, []).append(origin)
        elif self.tables[_Kind.HEADER] and child_id not in self.known:
            reason = (
                "the child's row in the Header table was refused"
                if child_id in self.unreadable
                else "the child is not in the Header table (rule INT08)"
            )
            self._refuse(origin, "CHILD", text, reason)
            return None
        return child_id

    def _refuse(self, origin: Origin, column: str, value: str, reason: str) -> None:
        self.batch.refused.append(origin.refused(column, value, reason))

    # ------------------------------------------------------------ rows

    def read_header(self, table: Table, origin: Origin) -> None:
        """Read one row of the Header table."""
        text, written = (origin.cells[table.places[column]] for column in ("CHILD", "DOB"))
        try:
            child_id = read_child_id(text)
        except ValueError as error:
            self._refuse(origin, "CHILD", text, str(error))
            return
        try:
            born = self._birth(written)
        except ValueError as error:
            self.unreadable.add(child_id)
            self._refuse(origin, "DOB", written, str(error))
            return
        before = self.known.get(child_id)
        if before is not None and before.born != born:
            if before.origin.file == origin.file:
                reason = f"row {before.origin.row} gives {before.born} for the same child"
                self._refuse(origin, "DOB", written, reason)
                return
            self.found["births"] += 1
        self.known[child_id] = _Known(born, origin)

    def _birth(self, text: str) -> date:
        born = self.births.required(text)
        if born > self.today:
            raise ValueError("the date of birth lies in the future")
        return born

    def read_episode(self, table: Table, origin: Origin) -> None:
        """Read one row of the Episodes table."""
        child_id = self._child(table, origin)
        if child_id is None:
            return
        problems: list[tuple[str, str, str]] = []
        cells = {column: origin.cells[place].strip() for column, place in table.places.items()}
        begins = self._day(cells, "DECOM", problems)
        ends = self._day(cells, "DEC", problems) if cells["DEC"] else None
        reason_new, status, ceased = (cells[one].upper() for one in ("RNE", "LS", "REC"))
        for column, code, codes in (
            ("RNE", reason_new, REASONS_NEW),
            ("LS", status, LEGAL_STATUSES),
        ):
            if code not in codes:
                problems.append((column, cells[column], f"must be one of {', '.join(codes)}"))
        if ends is not None and not (ceased == GOES_ON or ceased.startswith("E")):
            problems.append(
                ("REC", cells["REC"], "an episode that ended needs X1, or the E code it ended with")
            )
        if begins is not None and ends is not None and ends < begins:
            problems.append(("DEC", cells["DEC"], f"lies before DECOM, {begins}"))
        if problems or begins is None:
            self.without.add(child_id)
            for problem in problems:
                self._refuse(origin, *problem)
            return
        self._keep(
            child_id,
            Episode(begins, reason_new, status, ends, ceased if ends else "", origin),
        )

    def _day(
        self, cells: dict[str, str], column: str, problems: list[tuple[str, str, str]]
    ) -> date | None:
        try:
            return self.days.required(cells[column])
        except ValueError as error:
            problems.append((column, cells[column], str(error)))
            return None

    def _keep(self, child_id: str, episode: Episode) -> None:
        """Keep an episode; a later return says more of one that an earlier one had."""
        episodes = self.episodes.setdefault(child_id, {})
        before = episodes.get(episode.begins)
        if before is None or (before.ends is None and episode.ends is not None):
            episodes[episode.begins] = episode
            return
        if before[:-1] == episode[:-1] or (before.ends is not None and episode.ends is None):
            return
        if before.origin.file == episode.origin.file:
            value = episode.begins.strftime("%d/%m/%Y")
            reason = f"row {before.origin.row} has another episode of the child from the same day"
            self._refuse(episode.origin, "DECOM", value, reason)
            return
        self.found["episodes"] += 1
        episodes[episode.begins] = episode

    def read_review(self, table: Table, origin: Origin) -> None:
        """Read one row of the Reviews table."""
        child_id = self._child(table, origin)
        if child_id is None:
            return
        written, code = (origin.cells[table.places[one]] for one in ("REVIEW", "REVIEW_CODE"))
        on, participation = None, code.strip().upper()
        try:
            on = self.days.required(written)
        except ValueError as error:
            self._refuse(origin, "REVIEW", written, f"{error} (rule 166)")
        if participation not in PARTICIPATION:
            codes = ", ".join(PARTICIPATION)
            self._refuse(origin, "REVIEW_CODE", code, f"must be one of {codes} (rule 167)")
        elif on is not None and self._may_have_reviews(child_id, table, origin):
            self._keep_review(child_id, on, participation, origin)

    def _may_have_reviews(self, child_id: str, table: Table, origin: Origin) -> bool:
        text = origin.cells[table.places["CHILD"]]
        episodes = self.episodes.get(child_id)
        if not episodes and self.alone:
            self.batch.needing_care.setdefault(child_id, []).append(origin)
            return True
        if not episodes:
            reason = (
                "the child's episodes were refused"
                if child_id in self.without
                else "the child has reviews but no episode (rule 1012)"
            )
            self._refuse(origin, "CHILD", text, reason)
            return False
        if all(episode.in_breaks for episode in episodes.values()):
            reason = "the child's legal status is only ever V3 or V4: no review is due (rule 399)"
            self._refuse(origin, "CHILD", text, reason)
            return False
        return True

    def _keep_review(self, child_id: str, on: date, participation: str, origin: Origin) -> None:
        known, first = self.reviews.setdefault((child_id, on), (participation, origin))
        if first is not origin:
            if known != participation:
                reason = f"row {first.row} of {first.file} has {known} for a review the same day"
                self._refuse(origin, "REVIEW_CODE", participation, reason)
            else:
                self.batch.counts["repeated rows"] += 1
            return
        self.batch.facts.append(
            (child_id, Event("cla.review", on, participation=participation), origin.source)
        )
        self.batch.counts[REVIEWS] += 1
        if child_id in self.known:
            fourth = _fourth_birthday(self.known[child_id].born)
            if participation == UNDER_FOUR and on > fourth:
                self.found["440"] += 1
            elif participation != UNDER_FOUR and on < fourth:
                self.found["441"] += 1

    # ------------------------------------------------------------ the whole

    def finish(self) -> None:
        """Add the children, the episodes' facts and the warnings."""
        batch, histories = self.batch, Histories()
        for child_id, episodes in self.episodes.items():
            histories.add(child_id, episodes.values())
        batch.facts[:0] = histories.facts
        batch.refused.extend(histories.refused)
        batch.children.extend(
            [Child(child_id, date_of_birth=one.born) for child_id, one in self.known.items()]
            if self.tables[_Kind.HEADER] or self.alone
            else [Child(child_id) for child_id in self.episodes]
        )
        batch.counts["children"] = len(batch.children)
        batch.counts.update(histories.counts)
        batch.warnings.extend(histories.warnings())
        batch.warnings.extend(self._warnings())
        batch.warnings.extend(alike(self.known or self.episodes))

    def _warnings(self) -> list[str]:
        messages = {
            "440": "reviews with PN0 after the fourth birthday (rule 440)",
            "441": "reviews with PN1 to PN7 before the fourth birthday (rule 441)",
            "births": "children with another date of birth in a later file, which was taken",
            "episodes": "episodes that end or read otherwise in a later file, which was taken",
        }
        found = [
            f"{text}: {self.found[kind]:,}" for kind, text in messages.items() if self.found[kind]
        ]
        return found + self.births.warnings("DOB") + self.days.warnings("the returns")


@lru_cache(maxsize=4096)
def _fourth_birthday(born: date) -> date:
    return add_months(born, 48)


def read_returns(folders: Sequence[Path], *, today: date) -> Batch:
    """
    Read the returns of one year or several, each in a folder of its own or together.

    An episode that two returns have is one: what the later says is taken, and
    an end is never lost.

    Args:
        folders: The folders with the CSV files, the earliest year first; a file of
            refused rows that were mended may stand beside them.
        today: The day after which nobody has been born yet.

    Raises:
        InputRefusedError: A folder has no Episodes table, or a file cannot be read.
    """
    batch = Batch()
    returns = _Returns(batch, today)
    returns.open(folders)
    returns.read(_Kind.HEADER, returns.read_header)
    returns.read(_Kind.EPISODES, returns.read_episode)
    returns.read(_Kind.REVIEWS, returns.read_review)
    returns.finish()
    return batch
