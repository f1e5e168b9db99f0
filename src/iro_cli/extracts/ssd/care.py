"""Turn the SSD tables of care into facts: episodes, legal statuses and looked-after reviews."""

import re
from collections import Counter
from datetime import date
from functools import partial

from iro_cli.dates.words import spoken_short
from iro_cli.extracts import adoption
from iro_cli.extracts.batch import found_words
from iro_cli.extracts.episodes import (
    GOES_ON,
    KNOWN_START,
    REASONS_NEW,
    SHORT_BREAKS,
    STARTED,
    STATUS_ONLY,
    UNKNOWN_START,
    Episode,
    Histories,
    death_of,
)
from iro_cli.extracts.ssd.tables import EPISODES, PLACEMENTS, REVIEWS, STATUS, SsdTables
from iro_cli.facts.model import Event
from iro_cli.facts.vocabulary import CARE_ENDS
from iro_cli.incoming.rows import Rows
from iro_cli.lean import NamedTuple

EPISODE_EVENTS = frozenset({
    *("cla.start", "cla.continuing", "cla.end", "placement.start"),
    *("short-break.start", "short-break.end"),
    *("adoption.authorised", "adoption.placed", "adoption.end"),
})  # fmt: skip
REVIEW_EVENTS = frozenset({"cla.review", "short-break.review", "adoption.review"})

_SHORT_BREAK = re.compile(r"\bv[34]\b|\bshort[- ]term breaks?\b|\bshort breaks?\b|\brespite\b")
_ORDER = re.compile(rf"\b{adoption.PLACEMENT_ORDER.casefold()}\b|\bplacement order\b")
_PLACED = re.compile(rf"({'|'.join(adoption.PLACED)})\b")
_CEASED = re.compile(r"(X1|E\d{1,2}[A-Z]?)\b")
_REASON_NEW = re.compile(rf"([{''.join(REASONS_NEW)}])\b(?!')")
_PARTICIPATION = re.compile(r"PN[0-7]\b")
_NO_REASON = "the extract gives no reason"
_AT_ITS_SOURCE = "have it put right at its source"
_THAT_TABLE_TOO = "name the folder or schema that has that table too"
_MESSAGES = {
    "participation": "reviews whose participation is none of PN0 to PN7, which was left out",
    "entered": (
        "periods of care that began before the reviews in this extract do: when the first review "
        "was held is not known"
    ),
    "adoption": adoption.BEFORE,
}


class _EpisodeRow(NamedTuple):
    """One row of the episodes, with its period of care and placement."""

    episode: Episode
    period: str
    entered: date | None
    placement: str = ""


class Care:
    """
    Reads the tables of care into a batch.

    Attributes:
        begins: For the episodes and the reviews, by the table's name: the first day since which
            the table has everything.
    """

    def __init__(self, tables: SsdTables) -> None:
        """Begin with nothing read."""
        self._tables = tables
        # The spells of short breaks and of placement orders, each with its code in the 903 return.
        self._statuses: dict[str, list[tuple[date, date | None, str]]] = {}
        self._places: dict[str, str] = {}
        # The placements that have a row, and the children who have a row of their legal status.
        self._listed: set[str] = set()
        self._with_status: set[str] = set()
        self._ended_on_no_day: set[tuple[str, date]] = set()
        self._placed: dict[str, list[adoption.AdoptivePlacement]] = {}
        self._histories = Histories()
        self.deaths: dict[str, tuple[Event, str]] = {}
        self._children: dict[str, list[_EpisodeRow]] = {}
        self._of_period: dict[str, str] = {}
        self._of_episode: dict[str, str] = {}
        self._found: Counter[str] = Counter()
        self.begins: dict[str, date] = {}

    def read(self) -> None:
        """Read the four tables."""
        # The order matters: an episode takes its status and its placement from the rows that were
        # read before, and a review finds its child through the episode that it names.
        tables = self._tables
        for row in tables.rows(STATUS):
            self._read_status(row)
        for row in tables.rows(PLACEMENTS):
            self._listed.add(row.words("placement"))
            if found := _PLACED.match(row.words("type").upper()):
                self._places[row.words("placement")] = found[1]
        for row in tables.rows(EPISODES):
            self._read_episode(row)
        self._put_together()
        for row in tables.rows(REVIEWS):
            self._read_review(row)
        self._finish()

    def warnings(self) -> list[str]:
        """Return one warning for each kind of row that did not fit, with how often."""
        return found_words(_MESSAGES, self._found)

    # ------------------------------------------------------------ rows

    def _read_status(self, row: Rows) -> None:
        """Keep short breaks and placement orders; no other legal status changes what is due."""
        text = row.words("status").casefold()
        self._with_status.add(row.whose())
        breaks = _SHORT_BREAK.search(text)
        if not breaks and not _ORDER.search(text):
            return
        child_id, starts, ended = row.child(), row.needed_day("starts"), row.day("ended")
        if row.good and starts is not None:
            code = SHORT_BREAKS[0] if breaks else adoption.PLACEMENT_ORDER
            self._statuses.setdefault(child_id, []).append((starts, ended, code))

    def _read_episode(self, row: Rows) -> None:
        child_id, starts, ended = row.child(), row.needed_day("starts"), row.day("ceased")
        entered = row.day("entered")
        row.refuse_before("ceased", ended, starts)
        if not row.good or starts is None:
            return
        # A review may name a period of care or an episode instead of a child.  If two children
        # shared such an id, the reviews of one would be given to the other.
        for field, known in (("period", self._of_period), ("episode", self._of_episode)):
            key = row.words(field)
            if key and known.setdefault(key, child_id) != child_id:
                row.refuse(field, "another child has this id too")
                return
        reason, ceased = row.text("reason"), row.text("ceased_reason")
        began = _REASON_NEW.match(reason.upper())
        code = _CEASED.match(ceased.upper())
        new = began[1] if began else STARTED if reason.casefold().startswith("started") else ""
        episode = Episode(
            starts,
            new,
            self._status(child_id, starts),
            ended,
            code[1] if code else ceased,
            self._places.get(row.words("placement"), ""),
            row.origin,
        )
        if ended is None and code and code[1] != GOES_ON:
            self._ended_on_no_day.add((child_id, starts))
        placement = row.words("placement")
        self._keep(row, child_id, _EpisodeRow(episode, row.words("period"), entered, placement))

    def _status(self, child_id: str, on: date) -> str:
        """Return the code of the legal status on a day, if it changes what is due; blank if not."""
        for starts, ended, code in self._statuses.get(child_id, ()):
            # A status ends on the day on which the next one starts, and does not count on that day.
            # A status of a single day counts on it.
            if starts <= on and (ended is None or on < ended or on == starts):
                return code
        return ""

    def _keep(self, row: Rows, child_id: str, given: _EpisodeRow) -> None:
        """Keep an episode, unless it repeats or contradicts a known one."""
        known = self._children.setdefault(child_id, [])
        new = given.episode
        for other in (one.episode for one in known):
            if other.begins != new.begins:
                continue
            if other[:-1] == new[:-1]:
                self._tables.batch.counts["repeated rows"] += 1
                return
            # An episode may end on the day on which it starts, and another may start on that day.
            if new.begins not in (new.ends, other.ends):
                reason = f"{other.origin.source} has another episode of the child from the same day"
                row.refuse("starts", reason)
                return
        known.append(given)
        self._tables.give(row.kind)

    def _read_review(self, row: Rows) -> None:
        held, cancelled = row.day("held"), row.yes_no("cancelled") == "yes"
        if not row.good:
            for field, known in (("period", self._of_period), ("episode", self._of_episode)):
                if child_id := known.get(row.words(field)):
                    row.is_about(child_id)
                    break
            return
        # A review that was booked but not held meets no clock.  It is counted in the summary, so
        # that nobody wonders where it is.
        if cancelled:
            self._tables.batch.counts["reviews cancelled"] += 1
            return
        if held is None:
            self._tables.batch.counts["reviews not held yet"] += 1
            return
        child_id = self._whose(row)
        if not child_id:
            return
        said = row.words("participation")
        code = _PARTICIPATION.match(said.upper())
        if said and not code:
            self._found["participation"] += 1
        kept = self._children.get(child_id)
        if not kept:
            without = "the child has reviews but no episode"
            refused = row.origin.refused(row.column("held"), child_id, without)
            self._tables.batch.needing_care.setdefault(child_id, []).append(refused)
        # The table has one kind of review.  The child's status on that day shows under which law it
        # was held: in a series of short breaks (reg. 48), or in a placement for adoption.
        before = [one.episode for one in kept or () if one.episode.begins <= held]
        last = max(before, key=lambda one: one.begins, default=None)
        event = "short-break.review" if last is not None and last.in_breaks else "cla.review"
        if adoption.is_placed(self._placed.get(child_id, ()), held):
            event = "adoption.review"
        review = Event(event, held, participation=code and code[0])
        if self._tables.keep(row, child_id, review, "participation"):
            self._tables.batch.counts["reviews"] += 1
        if row.good:
            self.begins[REVIEWS.name] = min(held, self.begins.get(REVIEWS.name, held))

    def _whose(self, row: Rows) -> str:
        """Return the child of a review, from its own column, its period of care or its episode."""
        if row.words("child"):
            return row.child()
        for field, known in (("period", self._of_period), ("episode", self._of_episode)):
            if key := row.words(field):
                if key not in known:
                    here = self._tables.has(EPISODES)
                    row.refuse(
                        field,
                        "no row of ssd_cla_episodes has this id, so nobody can say whose review it "
                        f"is: {_AT_ITS_SOURCE if here else _THAT_TABLE_TOO}",
                    )
                return known.get(key, "")
        row.refuse("period", "nothing says whose review it is")
        return ""

    # ------------------------------------------------------------ the whole

    def _put_together(self) -> None:
        """Turn each child's episodes into periods of care and stages of adoption."""
        histories = self._histories
        for child_id, known in self._children.items():
            known.sort(key=lambda one: (one.episode.begins, one.episode.ends or date.max))
            first = len(histories.facts)
            accepted = histories.add(child_id, _settled(known))
            if accepted:
                self._note_open(child_id, accepted[-1])
                self._note_placements(child_id, accepted, known)
                if died := death_of(accepted[-1]):
                    self.deaths[child_id] = (died, accepted[-1].origin.source)
            if any(map(adoption.stage_of, accepted)):
                ended = [one for _, one, _ in histories.facts[first:] if one.event == "cla.end"]
                found = list(adoption.adoption_events(accepted, ended))
                histories.facts += [
                    (child_id, event, episode.origin.source) for event, episode in found
                ]
                self._placed[child_id] = adoption.placements([event for event, _ in found])
                self._found["adoption"] += adoption.began_before(accepted)
            for row in known:
                self._note_begin(row.episode)

    def _note_open(self, child_id: str, last: Episode) -> None:
        """Note what the rows of a child point to but no row has."""
        begins, ends = last.begins, last.ends
        without_status = self._with_status and child_id not in self._with_status
        if without_status:
            self._tables.batch.without_status.add(child_id)
        leaves = partial(self._tables.batch.leaves_open, child_id)
        if without_status:
            leaves(f"a row of {STATUS.name} about the child", ("cla.end",), to_on=ends)
        if ends is not None:
            if last.reason_ceased == GOES_ON:
                what = f"the episode that began on {spoken_short(ends)}, when the one before ended"
                leaves(f"{what} with {GOES_ON}", CARE_ENDS, ends)
            return
        of = f"the episode from {spoken_short(begins)}"
        if (child_id, begins) in self._ended_on_no_day:
            leaves(f"the day on which {of} ended, for which it gives a reason", CARE_ENDS, begins)

    def _note_placements(
        self, child_id: str, accepted: list[Episode], known: list[_EpisodeRow]
    ) -> None:
        """Note the episodes whose placement has no row: each may have been one for adoption."""
        if not self._listed:
            return
        placed = {row.episode.begins: row.placement for row in reversed(known)}
        for one in accepted:
            placement = placed.get(one.begins, "")
            if placement and placement not in self._listed:
                what = f"the row of {PLACEMENTS.name} for the episode from"
                self._tables.batch.leaves_open(
                    child_id,
                    f"{what} {spoken_short(one.begins)}",
                    ("adoption.placed",),
                    one.begins,
                    one.ends,
                )

    def _finish(self) -> None:
        batch, histories = self._tables.batch, self._histories
        entered = {
            (child_id, one.episode.begins): one.entered
            for child_id, known in self._children.items()
            for one in known
            if one.entered is not None
        }
        for child_id, stated, source in histories.facts:
            since = entered.get((child_id, stated.on))
            event = stated
            if stated.event == "cla.continuing" and since is not None and since <= stated.on:
                event = self._entered(stated, since)
            if event is not stated:
                histories.counts[UNKNOWN_START] -= 1
                histories.counts[KNOWN_START] += 1
            batch.facts.append((child_id, event, source))
        self._tables.reading.refused.extend(
            one._replace(column="clae_cla_episode_start_date") for one in histories.refused
        )
        batch.counts.update(histories.counts)
        batch.warnings.extend(histories.warnings())

    def _entered(self, event: Event, since: date) -> Event:
        """
        Return the start of care that the extract states for its first episode of a child.

        If the reviews in the extract begin later than care did, the first of them may not be the
        child's first review.  Then the event only says that care was going on.
        """
        first = self.begins.get(REVIEWS.name)
        if since < event.on and first is not None and since < first:
            self._found["entered"] += 1
            return event
        return event._replace(event="cla.start", on=since)

    def _note_begin(self, episode: Episode) -> None:
        """Note since when all episodes are here: the builds leave out those that ended long ago."""
        if episode.ends is not None:
            self.begins[EPISODES.name] = min(
                episode.ends, self.begins.get(EPISODES.name, episode.ends)
            )

    def first_start(self) -> date | None:
        """Return the day on which the first episode starts."""
        return min(
            (row.episode.begins for known in self._children.values() for row in known),
            default=None,
        )


def _settled(known: list[_EpisodeRow]) -> list[Episode]:
    """Fill in the codes that a build leaves out, from the neighbouring rows."""
    found = []
    for place, (episode, period, entered, _) in enumerate(known):
        before = known[place - 1] if place else None
        after = known[place + 1] if place + 1 < len(known) else None
        reason_new, ceased = episode.reason_new, episode.reason_ceased
        # An episode without a reason that follows another is not a new start of care.  If it were
        # taken for one, the first review's time would start again.
        if not reason_new:
            if before is not None and _one(before, period, episode.begins):
                reason_new = STATUS_ONLY
            elif entered == episode.begins:
                reason_new = STARTED
        if episode.ends is None:
            ceased = ""
        elif not _CEASED.fullmatch(ceased):
            # An end without a code is the end of care only if no episode goes on from it.
            goes_on = after is not None and (
                (period and after.period == period) or after.episode.begins == episode.ends
            )
            ceased = GOES_ON if goes_on else ceased or _NO_REASON
        found.append(episode._replace(reason_new=reason_new, reason_ceased=ceased))
    return found


def _one(before: _EpisodeRow, period: str, begins: date) -> bool:
    """Say whether an episode goes on from the one before it."""
    return bool(period and before.period == period) or before.episode.ends == begins
