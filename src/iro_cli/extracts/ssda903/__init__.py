"""
Read the SSDA903 return of one year or several, from CSV files or the Department's XML.

A table is recognised by its columns, not its name, because exports name their
files as they like and add their own columns.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence
from datetime import date, timedelta
from functools import partial
from operator import attrgetter
from pathlib import Path
from sys import intern

from iro_cli.dates.months import birthday
from iro_cli.dates.words import spoken_short
from iro_cli.extracts import adoption
from iro_cli.extracts.batch import Batch, Cover, alike_warnings, found_words
from iro_cli.extracts.episodes import (
    GOES_ON,
    LEGAL_STATUSES,
    REASONS_NEW,
    SHORT_BREAKS,
    Episode,
    Histories,
    death_of,
)
from iro_cli.extracts.facts import Facts
from iro_cli.extracts.source import Source
from iro_cli.extracts.ssda903.returns import (
    DECIDED,
    EPISODES,
    HEADER,
    KINDS,
    MATCHED,
    REVIEWS,
    Tables,
    XmlTable,
    Years,
    year_end,
    year_of,
)
from iro_cli.facts.model import IN_RETURN_FROM, Child, Event
from iro_cli.facts.vocabulary import (
    CARE_BEGINS,
    CARE_ENDS,
    PARTICIPATION,
    UNDER_FOUR,
    VIEWS_FROM_AGE,
)
from iro_cli.incoming.cells import Cell, read_code
from iro_cli.incoming.kinds import TableKind
from iro_cli.incoming.refused import numbered
from iro_cli.incoming.rows import Reading, Rows
from iro_cli.lean import NamedTuple

_COVERED = frozenset({
    *("cla.start", "cla.continuing", "cla.end", "cla.review", "placement.start"),
    *("short-break.start", "short-break.end", "child.died"),
    *("adoption.decided", "adoption.decision.reversed"),
    *("adoption.authorised", "adoption.placed", "adoption.review", "adoption.end"),
})  # fmt: skip
_WITHOUT_EPISODE = "the child has reviews but no episode (rule 1012)"
_DAY = timedelta(days=1)
# A child placed for adoption has adoption reviews instead of looked-after reviews.
_REVIEWS = ("cla.review", "adoption.review")
_STATUS = attrgetter("legal_status")
# How many different cells with codes are remembered, and in how many ways they stand together in
# an episode.  A return has about twenty, and hundreds of ways.
_CODES_KEPT, _WAYS_KEPT = 200, 5_000
_COUNTED = {
    "adoption.authorised": "placement orders",
    "adoption.placed": "placements for adoption",
}
_MESSAGES = {
    "440": "reviews with PN0 after the fourth birthday (rule 440)",
    "441": "reviews with PN1 to PN7 before the fourth birthday (rule 441)",
    "births": "children with another date of birth in a later file, which was taken",
    "episodes": "episodes that a later return ends or changes (the later one was taken)",
    "before": adoption.BEFORE,
    "decided": adoption.DECIDED,
    "unreadable": adoption.UNREADABLE,
}


def _one_of(cell: Cell, codes: Collection[str], rule: str = "") -> str:
    """
    Read a code that must not be blank.

    Raises:
        ValueError: It is blank, or not one of the codes.
    """
    if isinstance(cell, str) and cell in codes:
        return intern(cell)
    try:
        code = read_code(cell, codes)
    except ValueError:
        code = None
    if code is None:
        raise ValueError(f"must be one of {', '.join(codes)}{rule and f' ({rule})'}")
    return code


_read_new = partial(_one_of, codes=REASONS_NEW)
_read_status = partial(_one_of, codes=LEGAL_STATUSES)
_read_participation = partial(_one_of, codes=PARTICIPATION, rule="rule 167")


# The fields whose cells thousands of rows share, so that they are read once.
_ALIKE = {REVIEWS: ("reviewed", "took_part"), EPISODES: ("new", "status", "ceased", "place")}


class _HeaderChild(NamedTuple):
    """A child in the header: the date of birth, and the file and row that state it."""

    born: date
    file: str
    row: int


class _Codes(NamedTuple):
    """The codes of an episode, as they were read from cells that thousands of rows share."""

    new: str
    status: str
    ceased: str
    place: str


class _Last(NamedTuple):
    """The last episode of a child, without its row, which would take much memory."""

    begins: date
    ends: date | None
    reason_ceased: str


class _Review(NamedTuple):
    """A review without its child: many children have an equal one."""

    on: date
    participation: str
    event: Event


class _Reviewed(NamedTuple):
    """
    What the reviews of one child are kept or refused by.

    Attributes:
        child_id: The child.
        why_not: Why the child can have no review; blank if there may be some.
        in_care: Whether the child has a period of care, as far as the files tell.
        places: The places of the child's reviews among the facts, by their days.
        placed: The placements for adoption.
        fourth: The fourth birthday, if the files have the date of birth.
    """

    child_id: str
    why_not: str
    in_care: bool | None
    places: dict[date, int]
    placed: Sequence[adoption.AdoptivePlacement]
    fourth: date | None


_NOBODY = _Reviewed("", "", None, {}, (), None)


class _Returns:
    """Reads the tables of the returns into one batch."""

    def __init__(self, paths: Sequence[Path], reading: Reading) -> None:
        self.facts = Facts()
        self.batch = Batch(facts=self.facts)
        self.reading = reading
        self.today = reading.today
        self.tables = Tables(paths, reading)
        self.years = Years(self.today, self.tables.folders)
        # For each child with episodes, whether all of them are short breaks.
        self.only_breaks: dict[str, bool] = {}
        self.known: dict[str, _HeaderChild] = {}
        self.unreadable: set[str] = set()
        # By child and first day, in the order in which they came; emptied once they are settled.
        self.episodes: dict[tuple[str, date], Episode] = {}
        self.differing: list[tuple[str, Episode]] = []
        self.without: set[str] = set()
        # Whether any episode has a place: XML has no header that would show such a column.
        self.says_places = False
        # The files that have an episode, if it is in several or if there are several returns.
        self.seen: dict[tuple[str, date], frozenset[str]] = {}
        # The reason of an episode that has a reason for its end, but no day.
        self.ended_on_no_day: dict[tuple[str, date], str] = {}
        self.last: dict[str, _Last] = {}
        self.placed: dict[str, list[adoption.AdoptivePlacement]] = {}
        self.decided: dict[str, adoption.Decision] = {}
        self.review_years: set[date] = set()
        # The days of the table that is read; ``None`` stands for no day.
        self._seen: set[date | None] = {None}
        # The children of whom a review was read: the rows of a child need not stand together.
        self._begun: set[str] = set()
        # The reviews that were read, by the two cells that they are read from.
        self._alike: dict[tuple[Cell, ...], _Review] = {}
        self._codes: dict[str, str] = {}
        # The codes of episodes that were read, by their cells.
        self._alike_codes: dict[tuple[Cell, ...], _Codes] = {}
        self.found: Counter[str] = Counter()

    # ------------------------------------------------------------ tables

    def read(self, kind: TableKind, read_rows: Callable[[Rows], None]) -> None:
        """Read the tables of one kind."""
        for table, places in self.tables.of[kind]:
            self._seen = {None}
            read_rows(Rows(table, kind, places, self.reading, alike=_ALIKE.get(kind, ())))
            # Each table of an XML file goes through the whole file, so the unknown elements are
            # counted for one of them only.
            if isinstance(table, XmlTable) and kind is EPISODES:
                self.reading.note_unknown(table.name, table.unknown_elements)

    def _child(self, row: Rows) -> str | None:
        """Return the child of a row, or refuse the row."""
        child_id = row.known or row.child()
        if not child_id:
            return None
        # If only mended rows are read, there is no header, and the store has to know the child.
        if child_id not in self.known and self.tables.of[HEADER] and not self.tables.alone:
            row.refuse(
                "child",
                "the child's row in the Header table was refused"
                if child_id in self.unreadable
                else "the child is not in the Header table (rule INT08)",
            )
            return None
        return child_id

    # ------------------------------------------------------------ rows

    def read_header(self, rows: Rows) -> None:
        """Read the rows of a Header table."""
        for row in rows:
            child_id = row.child()
            if not child_id:
                continue
            born = row.needed_day("born", self.reading.births)
            if born is not None and born > self.today:
                row.refuse("born", "the date of birth lies in the future")
            if born is None or not row.good:
                self.unreadable.add(child_id)
                continue
            before = self.known.get(child_id)
            # Within one return it is an error; from one year to the next it may be corrected.
            if before is not None and before.born != born:
                if before.file == row.name:
                    here = numbered(before.file, before.row)
                    row.refuse("born", f"{here} gives {before.born} for the same child")
                    continue
                self.found["births"] += 1
            self.known[child_id] = _HeaderChild(born, row.name, row.number)

    def read_episodes(self, rows: Rows) -> None:
        """Read the rows of an Episodes table."""
        alike, seen = self._alike_codes, self._seen
        for row in rows:
            child_id = self._child(row)
            if child_id is None:
                continue
            cells = row.alike
            codes = alike.get(cells)
            begins, ends = row.needed_day("begins"), row.day("ends")
            if codes is None:
                new = row.read("new", _read_new)
                status = row.read("status", _read_status)
                ceased = self._code(row, "ceased")
            else:
                new, status, ceased, place = codes
            if ends is not None and not (ceased == GOES_ON or ceased.startswith("E")):
                row.refuse("ceased", "an episode that ended needs X1, or the E code it ended with")
            row.refuse_before("ends", ends, begins, "DECOM")
            # The child is noted, so that the reason to refuse its reviews is the right one.
            if begins is None or new is None or status is None or not row.good:
                self.without.add(child_id)
                continue
            if begins not in seen or ends not in seen:
                seen.update((begins, ends))
                self.years.see(row.name, begins, ends)
            if ceased and ends is None:
                self.ended_on_no_day[child_id, begins] = ceased
            if codes is None:
                place = self._code(row, "place")
                self._remember(row, cells, _Codes(new, status, ceased, place))
            self.says_places = self.says_places or bool(place)
            kept = place if place in adoption.PLACED else ""
            ended = ceased if ends else ""
            self._keep(child_id, Episode(begins, new, status, ends, ended, kept, row.origin))

    def _remember(self, row: Rows, cells: tuple[Cell, ...], codes: _Codes) -> None:
        """Remember the codes of an episode by their cells, unless one was refused."""
        if row.good and len(self._alike_codes) < _WAYS_KEPT:
            self._alike_codes[cells] = codes

    def _code(self, row: Rows, field: str) -> str:
        """Return the code of a cell in capitals; it is read once, as thousands of rows have it."""
        cell = row.cell(field)
        code = self._codes.get(cell) if isinstance(cell, str) else None
        if code is None:
            code = intern(row.text(field).upper())
            if row.good and isinstance(cell, str) and len(self._codes) < _CODES_KEPT:
                self._codes[cell] = code
        return code

    def _keep(self, child_id: str, episode: Episode) -> None:
        """Keep an episode; a later return may add to the episode of an earlier one."""
        key = (child_id, episode.begins)
        before = self.episodes.setdefault(key, episode)
        if before is episode:
            return
        if before.origin.file != episode.origin.file:
            files = self.seen.get(key, frozenset((before.origin.file,)))
            self.seen[key] = files | {episode.origin.file}
        # Two legal statuses from the same day in one file are a contradiction in any case.
        one_file = before.origin.file == episode.origin.file
        if one_file and before.legal_status != episode.legal_status:
            self.differing.append((child_id, episode))
            return
        # The return of one year leaves an episode open, and the next one ends it.  The end is new
        # and not a contradiction, in whichever order the files are read.
        if before.ends is None and episode.ends is not None:
            self.episodes[key] = episode
            return
        if before[:-1] == episode[:-1] or (before.ends is not None and episode.ends is None):
            return
        # Which return is the later one is known only after every row has been read.
        self.differing.append((child_id, episode))

    def settle(self) -> None:
        """Settle differing episodes in favour of the later return, and turn episodes into facts."""
        self._alike_codes.clear()
        for child_id, episode in self.differing:
            before = self.episodes[child_id, episode.begins]
            if before[:-1] == episode[:-1]:
                continue
            if contradiction := self.years.contradiction(before.origin, episode.origin):
                value = episode.begins.strftime("%d/%m/%Y")
                self.reading.refused.append(
                    episode.origin.refused("DECOM", value, contradiction, child_id)
                )
                continue
            self.found["episodes"] += 1
            if not self.years.earlier(episode.origin, before.origin):
                self.episodes[child_id, episode.begins] = episode
        histories = Histories(self.facts)
        for child_id, episodes in self._by_child().items():
            first = len(histories.facts)
            self.only_breaks[child_id] = {*map(_STATUS, episodes)}.issubset(SHORT_BREAKS)
            accepted = histories.add(child_id, episodes)
            if accepted:
                last = accepted[-1]
                self.last[child_id] = _Last(last.begins, last.ends, last.reason_ceased)
            decision = self.decided.get(child_id)
            if accepted and (decision or any(map(adoption.stage_of, accepted))):
                events = histories.facts.events[first:]
                self._add_adoption(child_id, accepted, events, histories)
            if accepted and (died := death_of(accepted[-1])):
                histories.facts.keep_from(child_id, died, accepted[-1].origin)
                self.batch.counts["deaths"] += 1
        self.reading.refused.extend(histories.refused)
        self.batch.counts.update(histories.counts)
        self.batch.warnings.extend(histories.warnings())

    def _by_child(self) -> dict[str, list[Episode]]:
        """Return the episodes of each child, and free those that were kept by day."""
        found: dict[str, list[Episode]] = {}
        for key, episode in self.episodes.items():
            found.setdefault(key[0], []).append(episode)
        if not self.years.of_one_return:
            alone: dict[str, frozenset[str]] = {}
            self.seen = {
                key: self.seen.get(key)
                or alone.setdefault(episode.origin.file, frozenset((episode.origin.file,)))
                for key, episode in self.episodes.items()
            }
        self.episodes.clear()
        return found

    def _add_adoption(
        self, child_id: str, episodes: list[Episode], events: list[Event], histories: Histories
    ) -> None:
        ended = [event for event in events if event.event == "cla.end"]
        found = list(adoption.adoption_events(episodes, ended))
        decision = self.decided.get(child_id)
        # A decision of an earlier period of care does not start the clocks of this one.
        if decision and decision.on >= episodes[0].begins:
            shown = [event for event, _ in found]
            for event in adoption.decision_events(decision, shown, ended):
                histories.facts.append((child_id, event, decision.source))
                self.found["decided"] += event.event == "adoption.decided"
        for event, episode in found:
            histories.facts.keep_from(child_id, event, episode.origin)
            if event.event in _COUNTED:
                self.batch.counts[_COUNTED[event.event]] += 1
        if adoption.began_before(episodes):
            self.found["before"] += 1
            self.batch.went_on_from[child_id] = episodes[0].begins
        if spans := adoption.placements([event for event, _ in found]):
            self.placed[child_id] = spans

    def read_decisions(self, rows: Rows) -> None:
        """Read the rows of AD1 or PlacedAdoption: decisions that children should be placed."""
        for row in rows:
            try:
                child_id, on, ceased = (
                    row.parse_child(), row.parse_day("decided"), row.parse_day("reversed")
                )  # fmt: skip
            except ValueError:
                self.found["unreadable"] += 1
                continue
            # The earliest decision counts: the agency may have had authority to place since then,
            # and the three months of AAR 2005 reg. 36(1)(a) run from when it first had that.
            known = self.decided.get(child_id)
            if on is not None and (known is None or on < known.on):
                reversed_on = ceased or (known.reversed_on if known else None)
                self.decided[child_id] = adoption.Decision(on, reversed_on, row.where)
            elif known is not None and ceased:
                self.decided[child_id] = known._replace(reversed_on=ceased)

    def read_reviews(self) -> None:
        """Read the Reviews tables, after the episodes were settled."""
        counts, before = self.batch.counts, len(self.facts)
        counts["reviews"] = counts["of them while placed for adoption"] = 0
        self.read(REVIEWS, self._read_reviews)
        self._begun.clear()
        counts["reviews"] = len(self.facts) - before

    def _read_reviews(self, rows: Rows) -> None:
        """Read the rows of a Reviews table."""
        of, alike = _NOBODY, self._alike
        for row in rows:
            # The rows of a child mostly stand together: what is asked of the child is asked once.
            if row.known != of.child_id:
                child_id = self._child(row)
                if child_id is None:
                    continue
                of = self._of_reviews(child_id)
            review = alike.get(row.alike) or self._review(row)
            if review is None:
                continue
            if of.why_not:
                row.refuse("child", of.why_not)
                continue
            if of.in_care is None:
                refused = row.origin.refused(row.column("child"), of.child_id, _WITHOUT_EPISODE)
                self.batch.needing_care.setdefault(of.child_id, []).append(refused)
            self._keep_review(of, review, row)

    def _review(self, row: Rows) -> _Review | None:
        """Read the cells of a review; ``None`` if one of them is refused."""
        on = row.needed_day("reviewed", rule="rule 166")
        participation = row.read("took_part", _read_participation)
        if on is None or participation is None:
            return None
        event = self.facts.share(Event("cla.review", on, participation=participation))
        review = _Review(on, participation, event)
        if row.is_plain_day("reviewed"):
            self._alike[row.alike] = review
        return review

    def _of_reviews(self, child_id: str) -> _Reviewed:
        """Return what the reviews of a child are kept or refused by."""
        only, why_not = self.only_breaks.get(child_id), ""
        if only:
            why_not = "the child's legal status is only ever V3 or V4: no review is due (rule 399)"
        # If the Reviews table is read alone, the store may know whether the child is in care.
        elif only is None and not self.tables.alone:
            refused_too = child_id in self.without
            why_not = "the child's episodes were refused" if refused_too else _WITHOUT_EPISODE
        known = self.known.get(child_id)
        again = child_id in self._begun
        self._begun.add(child_id)
        return _Reviewed(
            child_id,
            why_not,
            None if only is None else not only,
            {on: place for place, on in self._reviewed_on(child_id)} if again else {},
            self.placed.get(child_id, ()),
            birthday(known.born, VIEWS_FROM_AGE) if known else None,
        )

    def _keep_review(self, of: _Reviewed, review: _Review, row: Rows) -> None:
        on, participation, event = review
        facts, found = self.facts, self.found
        last = len(facts.events)
        place = of.places.setdefault(on, last)
        if place < last:
            said = facts.events[place].participation
            if said == participation:
                self.batch.counts["repeated rows"] += 1
            else:
                file, number = facts.stands_in(place)
                row.refuse(
                    "took_part",
                    f"{numbered(file, number)} of {file} has {said} for a review the same day",
                )
            return
        if on not in self._seen:
            self._seen.add(on)
            self.review_years.add(year_of(on))
            self.years.see(row.name, on)
        if of.placed and adoption.is_placed(of.placed, on):
            event = facts.share(event._replace(event="adoption.review"))
            self.batch.counts["of them while placed for adoption"] += 1
        facts.keep(of.child_id, event, row.name, row.number)
        if of.fourth is not None:
            if participation == UNDER_FOUR and on > of.fourth:
                found["440"] += 1
            elif participation != UNDER_FOUR and on < of.fourth:
                found["441"] += 1

    def _reviewed_on(self, child_id: str) -> Iterator[tuple[int, date]]:
        """Yield the place of each review of a child among the facts, and its day."""
        events = self.facts.events
        for place in self.facts.places.get(child_id, ()):
            if events[place].event in _REVIEWS:
                yield place, events[place].on

    def _has_review(self, child_id: str, begins: date, ends: date = date.max) -> bool:
        return any(begins <= on <= ends for _, on in self._reviewed_on(child_id))

    # ------------------------------------------------------------ the whole

    def finish(self) -> None:
        """Add the children, the covers and the warnings."""
        batch = self.batch
        batch.children.extend(
            [Child(child_id, date_of_birth=one.born) for child_id, one in self.known.items()]
            if self.tables.of[HEADER] or self.tables.alone
            else [Child(child_id) for child_id in self.only_breaks]
        )
        batch.counts["children"] = len(batch.children)
        batch.warnings += found_words(_MESSAGES, self.found)
        batch.warnings += alike_warnings(self.known or self.only_breaks)
        if not self.tables.alone:
            batch.covers.extend(
                Cover(_COVERED, begins, ends, everyone=True)
                for begins, ends in self.years.covered()
            )
            self._note_silence()
            for child_id, episode in self.last.items():
                self._note_what_follows(child_id, episode)
            for (child_id, begins), files in self.seen.items():
                self._note_what_was_before(child_id, begins, files)

    def _note_what_was_before(self, child_id: str, begins: date, files: frozenset[str]) -> None:
        """Note an episode that is missing from the return of the year in which it began."""
        last = self.years.not_there_yet(begins, files)
        # A review in that year shows that the return had the child all the same.
        if last is None or self._has_review(child_id, begins, last):
            return
        what = f"the episode from {spoken_short(begins)} in the return to {spoken_short(last)}"
        self.batch.leaves_open(child_id, what, _REVIEWS, begins, last)

    def _note_what_follows(self, child_id: str, last: _Last) -> None:
        """Note if the rows of a child show that another should follow, and there is none."""
        begins, ends = last.begins, last.ends
        if ends is not None:
            if last.reason_ceased == GOES_ON:
                what = (
                    f"the episode that began on {spoken_short(ends)}, when the one before it "
                    f"ended with REC {GOES_ON}"
                )
                self.batch.leaves_open(child_id, what, CARE_ENDS, ends)
            return
        if code := self.ended_on_no_day.get((child_id, begins)):
            what = f"the day on which the episode from {spoken_short(begins)} ended (REC {code})"
            self.batch.leaves_open(child_id, what, CARE_ENDS, begins)
        files = self.seen.get((child_id, begins))
        since = self.years.not_followed(files) if files else None
        if since is None:
            return
        told = CARE_ENDS
        if not self._has_review(child_id, since):
            told = CARE_ENDS | {*_REVIEWS}
        what = f"the episode from {spoken_short(begins)} {IN_RETURN_FROM} {spoken_short(since)}"
        self.batch.leaves_open(child_id, what, told, since)

    def _note_silence(self) -> None:
        """Note what the returns do not show, so that it is not taken for reviews not held."""
        batch = self.batch
        reviewed = self.review_years
        in_care = any(event.event in CARE_BEGINS for event in self.facts.events)
        for begins in sorted(reviewed):
            batch.carries(_REVIEWS, begins, year_end(begins))
        for begins, ends in self.years.years():
            if in_care and begins not in reviewed:
                batch.lacks("the table Reviews", _REVIEWS, begins, ends)
                until = self.reading.told_until(begins, ends)
                batch.warnings.append(
                    f"there is no review from {spoken_short(begins)} to {spoken_short(until)}: the "
                    "Reviews table of that year is not here, or has none, so whether a review was "
                    "held then is not known"
                )
        last = max((ends for _, ends in self.years.years()), default=None)
        self._note_days_since(last)
        self._note_places(last, in_care=in_care)
        breaks = {
            child_id
            for child_id, event in zip(self.facts.children, self.facts.events, strict=True)
            if event.event == "short-break.start"
        }
        if breaks:
            batch.lacks("reviews of short breaks", ("short-break.review",))
            batch.warnings.append(
                "a return does not carry reviews of short breaks (children who have any: "
                f"{len(breaks):,}), so whether they were held is not known"
            )

    def _note_days_since(self, last: date | None) -> None:
        """Note that nothing is known about the days between the last year's end and the import."""
        batch = self.batch
        if last is not None and batch.facts:
            batch.carries(CARE_ENDS - {"adoption.placed"}, None, last)
            if any(one.ends is None for one in self.last.values()):
                batch.lacks_since("return", last, self.reading.as_of, CARE_ENDS.union(_REVIEWS))

    def _note_places(self, last: date | None, *, in_care: bool) -> None:
        """Note whether the returns show which children are placed for adoption."""
        batch = self.batch
        if self.says_places or any(
            "place" in places and not isinstance(table, XmlTable)
            for table, places in self.tables.of[EPISODES]
        ):
            batch.carries(("adoption.placed",), None, last)
        elif in_care:
            batch.lacks("the column PLACE", ("adoption.placed", "adoption.review"))
            batch.warnings.append(
                "the Episodes table has no column PLACE, so which children are placed for "
                "adoption is not known"
            )


def _read(paths: Sequence[Path], reading: Reading) -> Batch:
    """
    Read the returns of one or several years, in separate folders or together.

    If two returns have the same episode, the later return counts, and an end is never lost.

    Args:
        paths: The folders with the CSV files or the XML, or the files; of two returns of the same
            year the later one comes last.  A file of mended refused rows may be among them.
        reading: Gathers what is refused, and warnings.

    Raises:
        InputRefusedError: A folder has no Episodes table, or a file cannot be read.
    """
    returns = _Returns(paths, reading)
    # The order matters: rows of other tables are refused if the header lacks their child, decisions
    # are needed when episodes become facts, and reviews need to know the placements for adoption.
    returns.read(HEADER, returns.read_header)
    returns.read(MATCHED, returns.read_decisions)
    returns.read(DECIDED, returns.read_decisions)
    returns.read(EPISODES, returns.read_episodes)
    returns.settle()
    returns.read_reviews()
    returns.finish()
    return returns.batch


SOURCE = Source(
    name="ssda903",
    title="the SSDA903 return, as CSV or XML",
    page="extracts/ssda903.md",
    reader=_read,
    kinds=KINDS,
)
