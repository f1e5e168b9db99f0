"""
Reads SSDA903 returns of one or several years, from CSV files or the Department's XML.

A table is known by its columns, not its name, because exports name their
files as they like and add columns of their own.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from iro_cli.dates.months import add_months
from iro_cli.extracts import adoption
from iro_cli.extracts.batch import Batch, Cover, alike
from iro_cli.extracts.episodes import (
    GOES_ON,
    LEGAL_STATUSES,
    REASONS_NEW,
    Episode,
    Histories,
)
from iro_cli.extracts.ssda903_tables import Kind, ReturnTable, Tables
from iro_cli.extracts.ssda903_years import Years
from iro_cli.facts.model import Child, Event
from iro_cli.facts.vocabulary import PARTICIPATION
from iro_cli.tables.cells import Days, read_child_id
from iro_cli.tables.refused import Origin

SOURCE = "ssda903"
COVERED = frozenset({
    *("cla.start", "cla.continuing", "cla.end", "cla.review", "placement.start"),
    *("short-break.start", "short-break.end"),
    *("adoption.decided", "adoption.decision.reversed"),
    *("adoption.authorised", "adoption.placed", "adoption.review", "adoption.end"),
})  # fmt: skip
UNDER_FOUR = "PN0"
REVIEWS = "reviews"
WHILE_PLACED = "of them while placed for adoption"
_YEARS_AHEAD = 10
_COUNTED = {
    "adoption.authorised": "placement orders",
    "adoption.placed": "placements for adoption",
}


# How exports write that there is nothing.
_NOTHING = frozenset({"NULL", "#N/A", "N/A"})
_LONGER = 1 + max(map(len, _NOTHING))


def _given(cell: str) -> str:
    """Return a cell, trimmed, or nothing where it says that there is nothing."""
    cell = cell.strip()  # of non-breaking spaces too
    return "" if len(cell) < _LONGER and cell.upper() in _NOTHING else cell


class _Known(NamedTuple):
    """A child of the header: the date of birth, and which row said so."""

    born: date
    origin: Origin


class _Returns:
    """Reads the tables of the returns into one batch."""

    def __init__(self, batch: Batch, paths: Sequence[Path], today: date) -> None:
        self.batch = batch
        self.today = today
        self.tables = Tables(paths)
        batch.warnings.extend(self.tables.warnings)
        self.days = Days(today.year + _YEARS_AHEAD)
        self.births = Days(today.year)
        self.years = Years(today, self.tables.folders)
        # Each way of writing an id, read once: a child has many rows.
        self.ids: dict[str, str] = {}
        # Whether a child was only ever in short breaks, asked for each of its reviews.
        self.only_breaks: dict[str, bool] = {}
        self.known: dict[str, _Known] = {}
        self.unreadable: set[str] = set()
        self.episodes: dict[str, dict[date, Episode]] = {}
        self.differing: list[tuple[str, Episode]] = []
        self.without: set[str] = set()
        self.placed: dict[str, list[adoption.Span]] = {}
        self.decided: dict[str, adoption.Decision] = {}
        self.reviews: dict[tuple[str, date], tuple[str, Origin]] = {}
        self.found: Counter[str] = Counter()

    # ------------------------------------------------------------ tables

    def read(self, kind: Kind, read_row: Callable[[ReturnTable, Origin], None]) -> None:
        """Read every row of the tables of one kind."""
        for table in self.tables.of[kind]:
            for number, cells in table.rows(self.batch.refused):
                read_row(table, table.origin(number, cells))
            label = getattr(table, "label", table.name)
            self.batch.read[label] = self.batch.read.get(label, 0) + table.count

    def _child(self, table: ReturnTable, origin: Origin) -> str | None:
        """Return the child of a row, or refuse the row."""
        text = origin.cells[table.places["CHILD"]]
        known = self.ids.get(text)
        try:
            child_id = self.ids[text] = known or read_child_id(text)
        except ValueError as error:
            self._refuse(origin, "CHILD", text, str(error))
            return None
        alone = self.tables.alone
        if alone and child_id not in self.known and child_id not in self.unreadable:
            # Mended rows by themselves: the store has to know the child.
            self.batch.origins.setdefault(child_id, []).append(origin)
        elif self.tables.of[Kind.HEADER] and child_id not in self.known:
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

    def read_header(self, table: ReturnTable, origin: Origin) -> None:
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

    def read_episode(self, table: ReturnTable, origin: Origin) -> None:
        """Read one row of the Episodes table."""
        child_id = self._child(table, origin)
        if child_id is None:
            return
        problems: list[tuple[str, str, str]] = []
        cells = {column: _given(origin.cells[place]) for column, place in table.places.items()}
        begins = self._day(cells, "DECOM", self.days.required, problems)
        ends = self._day(cells, "DEC", self.days.optional, problems)
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
        self.years.see(origin.file, begins, ends)
        place = cells.get("PLACE", "").upper()
        self._keep(
            child_id,
            Episode(
                begins,
                reason_new,
                status,
                ends,
                ceased if ends else "",
                place if place in adoption.PLACED else "",
                origin,
            ),
        )

    def _day(
        self,
        cells: dict[str, str],
        column: str,
        read: Callable[[str], date | None],
        problems: list[tuple[str, str, str]],
    ) -> date | None:
        try:
            return read(cells[column])
        except ValueError as error:
            problems.append((column, cells[column], str(error)))
            return None

    def _keep(self, child_id: str, episode: Episode) -> None:
        """Keep an episode; a later return says more of one that an earlier one had."""
        episodes = self.episodes.setdefault(child_id, {})
        before = episodes.get(episode.begins)
        # Two statuses on one day of one file are a contradiction, whichever has an end.
        one_file = before is not None and before.origin.file == episode.origin.file
        if before and one_file and before.legal_status != episode.legal_status:
            self.differing.append((child_id, episode))
            return
        if before is None or (before.ends is None and episode.ends is not None):
            episodes[episode.begins] = episode
            return
        if before[:-1] == episode[:-1] or (before.ends is not None and episode.ends is None):
            return
        # Which return is the later is known once every row has been read.
        self.differing.append((child_id, episode))

    def settle(self) -> None:
        """Take what the later return says, and turn the episodes into facts."""
        for child_id, episode in self.differing:
            before = self.episodes[child_id][episode.begins]
            if before[:-1] == episode[:-1]:
                continue
            if contradiction := self.years.contradiction(before.origin, episode.origin):
                value = episode.begins.strftime("%d/%m/%Y")
                self._refuse(episode.origin, "DECOM", value, contradiction)
                continue
            self.found["episodes"] += 1
            if not self.years.earlier(episode.origin, before.origin):
                self.episodes[child_id][episode.begins] = episode
        histories = Histories()
        for child_id, episodes in self.episodes.items():
            first = len(histories.facts)
            accepted = histories.add(child_id, episodes.values())
            decision = self.decided.get(child_id)
            if accepted and (decision or any(map(adoption.stage_of, accepted))):
                events = [event for _, event, _ in histories.facts[first:]]
                self._add_adoption(child_id, accepted, events, histories)
        self.batch.facts.extend(histories.facts)
        self.batch.refused.extend(histories.refused)
        self.batch.counts.update(histories.counts)
        self.batch.warnings.extend(histories.warnings())

    def _add_adoption(
        self, child_id: str, episodes: list[Episode], events: list[Event], histories: Histories
    ) -> None:
        ended = [event for event in events if event.event == "cla.end"]
        found = list(adoption.adoption_events(episodes, ended))
        decision = self.decided.get(child_id)
        if decision and decision.on >= episodes[0].begins:
            shown = [event for event, _ in found]
            for event in adoption.decision_events(decision, shown, ended):
                histories.facts.append((child_id, event, decision.source))
                self.found["decided"] += event.event == "adoption.decided"
        for event, episode in found:
            histories.facts.append((child_id, event, episode.origin.source))
            if event.event in _COUNTED:
                self.batch.counts[_COUNTED[event.event]] += 1
        self.found["before"] += adoption.began_before(episodes)
        if spans := adoption.placements([event for event, _ in found]):
            self.placed[child_id] = spans

    def read_decision(self, table: ReturnTable, origin: Origin) -> None:
        """Note a decision that a child should be placed for adoption."""
        cells = {column: _given(origin.cells[place]) for column, place in table.places.items()}
        try:
            on = self.days.optional(cells.get("DATE_INT") or cells.get("DATE_PLACED") or "")
            ceased = self.days.optional(cells.get("DATE_PLACED_CEASED", ""))
        except ValueError:
            self.found["unreadable"] += 1
            return
        known = self.decided.get(cells["CHILD"])
        if on is not None and (known is None or on < known.on):
            reversed_on = ceased or (known.reversed_on if known else None)
            self.decided[cells["CHILD"]] = adoption.Decision(on, reversed_on, origin.source)
        elif known is not None and ceased:
            self.decided[cells["CHILD"]] = known._replace(reversed_on=ceased)

    def read_review(self, table: ReturnTable, origin: Origin) -> None:
        """Read one row of the Reviews table."""
        child_id = self._child(table, origin)
        if child_id is None:
            return
        written, code = (origin.cells[table.places[one]] for one in ("REVIEW", "REVIEW_CODE"))
        on, participation = None, code.strip().upper()
        try:
            on = self.days.required(_given(written))
        except ValueError as error:
            self._refuse(origin, "REVIEW", written, f"{error} (rule 166)")
        if participation not in PARTICIPATION:
            codes = ", ".join(PARTICIPATION)
            self._refuse(origin, "REVIEW_CODE", code, f"must be one of {codes} (rule 167)")
        elif on is not None and self._may_have_reviews(child_id, table, origin):
            self._keep_review(child_id, on, participation, origin)

    def _may_have_reviews(self, child_id: str, table: ReturnTable, origin: Origin) -> bool:
        text = origin.cells[table.places["CHILD"]]
        episodes = self.episodes.get(child_id)
        if not episodes and self.tables.alone:
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
        only = self.only_breaks.get(child_id)
        if only is None:
            only = all(episode.in_breaks for episode in episodes.values())
            self.only_breaks[child_id] = only
        if only:
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
        self.years.see(origin.file, on)
        placed = adoption.is_placed(self.placed.get(child_id, ()), on)
        name = "adoption.review" if placed else "cla.review"
        self.batch.facts.append(
            (child_id, Event(name, on, participation=participation), origin.source)
        )
        self.batch.counts[REVIEWS] += 1
        self.batch.counts[WHILE_PLACED] += placed
        if child_id in self.known:
            fourth = _fourth_birthday(self.known[child_id].born)
            if participation == UNDER_FOUR and on > fourth:
                self.found["440"] += 1
            elif participation != UNDER_FOUR and on < fourth:
                self.found["441"] += 1

    # ------------------------------------------------------------ the whole

    def finish(self) -> None:
        """Add the children, what the returns cover and the warnings."""
        batch = self.batch
        batch.children.extend(
            [Child(child_id, date_of_birth=one.born) for child_id, one in self.known.items()]
            if self.tables.of[Kind.HEADER] or self.tables.alone
            else [Child(child_id) for child_id in self.episodes]
        )
        batch.counts["children"] = len(batch.children)
        batch.warnings.extend(self._warnings())
        batch.warnings.extend(alike(self.known or self.episodes))
        if not self.tables.alone:
            batch.covers.extend(
                Cover(COVERED, begins, ends, everyone=True) for begins, ends in self.years.covered()
            )

    def _warnings(self) -> list[str]:
        messages = {
            "440": "reviews with PN0 after the fourth birthday (rule 440)",
            "441": "reviews with PN1 to PN7 before the fourth birthday (rule 441)",
            "births": "children with another date of birth in a later file, which was taken",
            "episodes": "episodes that end or read otherwise in a later return, which was taken",
            "before": adoption.BEFORE,
            "decided": adoption.DECIDED,
            "unreadable": adoption.UNREADABLE,
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
        folders: The folders with the CSV files or the XML, or the files; of two returns of
            the same year the later one last.  A file of refused rows that were mended may
            stand beside them.
        today: The day after which nobody has been born yet.

    Raises:
        InputRefusedError: A folder has no Episodes table, or a file cannot be read.
    """
    batch = Batch(source=SOURCE)
    returns = _Returns(batch, folders, today)
    returns.read(Kind.HEADER, returns.read_header)
    returns.read(Kind.MATCHED, returns.read_decision)
    returns.read(Kind.DECIDED, returns.read_decision)
    returns.read(Kind.EPISODES, returns.read_episode)
    returns.settle()
    returns.read(Kind.REVIEWS, returns.read_review)
    returns.finish()
    return batch
