"""
Ofsted's Annex A: list 5 (enquiries and conferences), list 7 (plans) and list 8 (care).

It has only the latest review of a child, and does not say whether that was the first or a
later one.  The engine infers that, and says so.
"""

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path

from iro_cli.dates.months import add_months
from iro_cli.dates.words import spoken_short
from iro_cli.extracts.annex_a.lists import CARE, ENQUIRIES, LISTS, PLANS, List, Lists, ListTable
from iro_cli.extracts.batch import Batch, Cover, alike_warnings, found_words
from iro_cli.extracts.episodes import BREAKS, DIED, ENDED, GOES_ON, KNOWN_START
from iro_cli.extracts.facts import Facts
from iro_cli.extracts.outcomes import (
    PLAN_FOLLOWS,
    RULE_8841,
    UNDATED,
    children_refused,
    would_show_a_plan,
)
from iro_cli.extracts.source import Source
from iro_cli.facts.model import Child, Event
from iro_cli.incoming.cells import Cell, read_cell, read_yes_no, without_prefix
from iro_cli.incoming.rows import Reading, Rows
from iro_cli.lean import NamedTuple

_BREAKS = re.compile(
    r"\bv ?[34]\b|\bshort(er)?[ -]*(term[ -]*)?(breaks?|placements?)|\brespite\b", re.IGNORECASE
)
_CEASED = re.compile(r"\b(E[0-9]{1,2}[AB]?|X1)\b", re.IGNORECASE)
# Placed for adoption with somebody other than the foster carer: the placement began on that day.
_PLACED = re.compile(r"\bA[46]\b|\bplaced for adoption\b.*\bnot\b.*\bfoster", re.IGNORECASE)
# Placed for adoption without saying with whom, or with the foster carer, with whom the placement
# began earlier.
_PLACED_SINCE = re.compile(r"\bA[35]\b|(?<!not )\bplaced for adoption\b", re.IGNORECASE)
# A date of birth up to this far ahead is the day on which a child is expected.
_PREGNANCY = timedelta(days=300)
# The list leaves out enquiries before its window.  Their conferences are held within this time.
_MONTHS_TO_CONFERENCE = 3
_UNDECIDED = frozenset({"unknown", "not known", "not yet known", "not recorded", "pending"})

_MESSAGES = {
    "8841": RULE_8841,
    "after-plan": "review conferences after the plan ended",
    "8615": "initial conferences before the strategy discussion (rule 8615)",
    "no-strategy": (
        "conferences without a strategy discussion (so it is not known whether they were in time)"
    ),
    "before-care": "latest reviews before the day care started",
    "after-care": "latest reviews after care ended",
    "ahead": "latest reviews and conferences dated after today, which are not known until then",
    "no-status": "periods of care without a legal status (taken not to be short breaks)",
    "placed": (
        "children placed for adoption on a day that the list does not give (their foster carer "
        "adopts, or the placement type has no code): iro record adoption.placed CHILD --on DATE"
    ),
    "placed-before": "placements that started before care did",
    "no-result": "conferences whose outcome was taken from list 7, as no column gives their result",
}


def _answer(cell: Cell) -> str | None:
    """Read yes or no; ``None`` if it is blank or not decided yet."""
    text = without_prefix(read_cell(cell)).casefold()
    return None if text in _UNDECIDED else read_yes_no(cell)


class _Who(NamedTuple):
    """A child's date of birth or expected delivery, and the row that states it."""

    born: date | None = None
    expected: date | None = None
    where: str = ""


class _ListedSpan(NamedTuple):
    """A period of care or a plan, and the other values of its row."""

    begins: date
    ends: date | None
    said: tuple[object, ...]
    number: int
    table: str

    def overlaps(self, other: "_ListedSpan") -> bool:
        """Say whether both run on some day; one may start on the day on which another ends."""
        return (self.ends is None or other.begins < self.ends) and (
            other.ends is None or self.begins < other.ends
        )


@lru_cache(maxsize=4096)
def _are_breaks(status: str) -> bool:
    return bool(_BREAKS.search(status))


@lru_cache(maxsize=4096)
def _placing(kind: str) -> tuple[bool, bool]:
    """Say whether a placement is for adoption, and whether it was so from its first day."""
    since_then = bool(_PLACED.search(kind))
    return since_then or bool(_PLACED_SINCE.search(kind)), since_then


@dataclass(slots=True)
class _Conference:
    """
    An initial conference.

    Attributes:
        child_id: The child.
        on: The day.
        outcome: ``plan``, ``no-plan``, or ``None`` if it is not stated.
        name: The table that has it.
        number: The row.
        has_result: Whether the list has a column for the outcome.
    """

    child_id: str
    on: date
    outcome: str | None
    name: str
    number: int
    has_result: bool


_OF_PLANS = ("cp.plan.end", "cp.conference.review", "cp.conference.review.latest")
# The events that only one list shows.
_TOLD = {
    ENQUIRIES: ("cp.strategy", "cp.conference.initial", "cp.conference.not-required"),
    PLANS: ("cp.plan.start", *_OF_PLANS),
    CARE: (
        *("cla.start", "cla.end", "cla.review", "cla.review.latest"),
        *("placement.start", "adoption.placed", "adoption.end"),
        *("short-break.start", "short-break.end"),
        *("short-break.review", "short-break.review.latest"),
    ),
}


# The source of a fact: a row, or what is kept from the row of a conference.
_Place = Rows | _Conference


class _Conferences:
    """The conferences of every child; two enquiries may have led to the same one."""

    def __init__(self) -> None:
        """Begin without conferences."""
        self._known: dict[tuple[str, date], _Conference] = {}

    def add(self, row: Rows, child_id: str, on: date, result: str | None) -> bool:
        """
        Add the conference of a row.

        Returns:
            Whether it agrees with the other rows; if it does not, the row is refused.
        """
        outcome = {"yes": "plan", "no": "no-plan"}.get(result or "")
        known = self._known.get((child_id, on))
        if known is None:
            self._known[child_id, on] = _Conference(
                child_id, on, outcome, row.name, row.number, row.has("result")
            )
        elif known.outcome and outcome and known.outcome != outcome:
            where = f"{known.name}:{known.number}"
            row.refuse("result", f"{where} says something else about the conference on {on}")
            return False
        else:
            known.outcome = known.outcome or outcome
        return True

    def settled(
        self, plans: Mapping[str, Sequence[date]], plans_reach: date | None, unread: Collection[str]
    ) -> Iterator[_Conference]:
        """
        Yield the conferences; an outcome that no column states is taken from the plans.

        Args:
            plans: The days on which the plans of each child started.
            plans_reach: The last day that the list of plans tells about; ``None`` if there is
                no such list, so that nothing shows what a conference decided.
            unread: The children with a refused row: it may have been the row of a plan.
        """
        days: dict[str, list[date]] = {}
        for child_id, on in self._known:
            days.setdefault(child_id, []).append(on)
        for one in self._known.values():
            if one.outcome is None:
                # A plan comes from the last conference before it.  With another conference between
                # the two, the plan says nothing about this one.
                led_to_plan = any(
                    one.on <= start <= one.on + PLAN_FOLLOWS
                    and not any(one.on < other <= start for other in days[one.child_id])
                    for start in plans.get(one.child_id, ())
                )
                if led_to_plan:
                    one.outcome = "plan"
                elif (
                    not one.has_result
                    and one.child_id not in unread
                    and would_show_a_plan(one.on, plans_reach)
                ):
                    one.outcome = "no-plan"
            yield one


def _why_it_ended(text: str) -> str:
    """Return the code of the reason with which care ended, or the words if there is no code."""
    code = _CEASED.search(text)
    return code[0].upper() if code else without_prefix(text)


def _check_end(row: Rows, started: date, ceased: date, reason: str) -> None:
    """Refuse an end of care before its start, or one that only ended an episode."""
    if ceased < started:
        row.refuse("ceased", f"lies before the day care started, {started}")
    if reason == GOES_ON:
        row.refuse(
            "reason",
            "X1 says that another episode began, so care went on: leave the day it ceased "
            "blank, or give the reason",
        )


class _AnnexA:
    """Reads the lists into one batch."""

    def __init__(self, reading: Reading) -> None:
        self.facts = Facts()
        self.batch = Batch(facts=self.facts)
        self.today = reading.today
        self.reading = reading
        self.children: dict[str, _Who] = {}
        self.teams: dict[str, tuple[int, date, str]] = {}
        self.spans: dict[tuple[int, str], list[_ListedSpan]] = {}
        self.enquiries: dict[
            tuple[str, date | None, date | None], tuple[tuple[object, ...], str]
        ] = {}
        self.conferences = _Conferences()
        self.plans: dict[str, list[date]] = {}
        self.with_status: set[str] = set()
        self.found: Counter[str] = Counter()
        self._number = 0

    def read(self, one: ListTable, read_row: Callable[[Rows], None]) -> None:
        """Read every row of a list."""
        which = one.which
        self._number = which.number
        needed = [column.field for column in which.kind.needed]
        rows = Rows(one.table, which.kind, one.places, self.reading, telling=needed)
        for row in rows:
            read_row(row)

    # ------------------------------------------------------------ who it is

    def _child(self, row: Rows) -> tuple[str, _Who, str]:
        """Read the child of a row; it is kept only once the whole row is good."""
        child_id = row.child()
        born = row.day("born", self.reading.births)
        known = self.children.get(child_id)
        if known is not None and born is not None and known.born == born:
            return child_id, known, row.text("team")
        who = _Who(born, None, row.where if born else "")
        if born is not None and born > self.today:
            who = _Who(None, born, row.where)
            # A date of birth in the future is the expected delivery: the list has no column for it.
            if born > self.today + _PREGNANCY:
                row.refuse("born", "lies further ahead than a child can be expected")
        if known is not None and known.where and who.where and known[:2] != who[:2]:
            row.refuse(
                "born", f"{known.where} gives {known.born or known.expected} for the same child"
            )
        return child_id, who, row.text("team")

    def _keep_child(self, child_id: str, who: _Who, team: str, on: date) -> None:
        known = self.children.get(child_id)
        if known is None or not known.where:
            self.children[child_id] = who
        if team:
            # List 8 goes before list 7, and that before list 5; within a list the latest row
            # counts.
            said = (self._number, on, team)
            self.teams[child_id] = max(self.teams.get(child_id, said), said)

    def _add(self, row: _Place, child_id: str, event: Event) -> None:
        self.facts.keep(child_id, self.facts.share(event), row.name, row.number)

    def _add_held(self, row: _Place, child_id: str, event: Event) -> None:
        """Add a review or conference; one in the future is booked, and not held yet."""
        self._add(row, child_id, event)
        self.found["ahead"] += event.on > self.today

    def _repeats(
        self, row: Rows, child_id: str, begins: date, ends: date | None, *said: object
    ) -> bool:
        """Say whether an earlier row repeats this one, or contradicts it, so that it is refused."""
        span = _ListedSpan(begins, ends, said, row.number, row.name)
        spans = self.spans.setdefault((self._number, child_id), [])
        for one in spans:
            where = f"row {one.number}"
            if one.table != row.name:
                where += f" of {one.table}"
            if one[:3] == span[:3]:
                self.batch.counts["repeated rows"] += 1
                return True
            # If two rows of one day differ, only the authority knows which is right.
            if one.begins == begins:
                row.refuse("child", f"{where} says something else about this child and day")
                return True
            if one.overlaps(span):
                until = f"to {one.ends}" if one.ends else "on"
                row.refuse("child", f"overlaps {where}, which runs from {one.begins} {until}")
                return True
        spans.append(span)
        return False

    # ------------------------------------------------------------ list 8

    def read_care(self, row: Rows) -> None:
        """Read one row of list 8."""
        child_id, who, team = self._child(row)
        started, ceased = row.needed_day("started"), row.day("ceased")
        reviewed, placed = row.day("reviewed"), row.day("placed")
        status, kind = row.text("status"), row.text("placement")
        reason = _why_it_ended(row.text("reason"))
        if started is None:
            return
        if ceased is not None:
            _check_end(row, started, ceased, reason)
        breaks = _are_breaks(status)
        said = (reviewed, placed, breaks, kind, reason if ceased else "")
        if not row.good or self._repeats(row, child_id, started, ceased, *said):
            return
        self._keep_child(child_id, who, team, started)
        process = "short-break" if breaks else "cla"
        self.batch.counts[BREAKS if breaks else KNOWN_START] += 1
        # Without a status it may be a series of short breaks, which has other time limits.
        self.found["no-status"] += not status
        (self.with_status if status else self.batch.without_status).add(child_id)
        if not status:
            what = "the child's legal status"
            self.batch.leaves_open(child_id, what, ("cla.end",), to_on=ceased)
        self._add(row, child_id, Event(f"{process}.start", started))
        if placed is not None:
            self._add(row, child_id, Event("placement.start", placed))
            self.found["placed-before"] += placed < started
        if reviewed is not None:
            self.batch.counts["latest reviews"] += 1
            # The list gives only the latest review, and not whether it was the first or the fifth.
            # A separate event keeps that open (ADR 0013).
            self._add_held(row, child_id, Event(f"{process}.review.latest", reviewed))
            self.found["before-care"] += reviewed < started
            self.found["after-care"] += ceased is not None and reviewed > ceased
        adopted = self._add_placement(row, child_id, kind, placed, goes_on=ceased is None)
        if ceased is not None:
            self.batch.counts[ENDED] += not breaks
            for ended in (process, "adoption") if adopted else (process,):
                self._add(row, child_id, Event(f"{ended}.end", ceased, reason=reason or None))
            # A death ends a plan too, which list 7 may still have as open.
            if reason == DIED or reason.casefold() == "died":
                self._add(row, child_id, Event("child.died", ceased))
                self.batch.counts["deaths"] += 1

    def _add_placement(
        self, row: Rows, child_id: str, kind: str, placed: date | None, *, goes_on: bool
    ) -> bool:
        """Add a placement for adoption if its first day is known, and say whether it is."""
        for_adoption, since_then = _placing(kind)
        # A placement of another type ends one for adoption that an earlier extract stated.
        if kind and not for_adoption and placed is not None:
            self.batch.in_other_care.add(child_id)
        # A blank type does not say that a placement for adoption goes on, nor that it has ended.
        if not for_adoption and goes_on and row.has("placement"):
            self.batch.placed_unsaid.add(child_id)
        if since_then and placed is not None:
            self._add(row, child_id, Event("adoption.placed", placed))
            return True
        # The type says that it is a placement for adoption, but the day may be that on which the
        # same carers began to foster the child.  No clock is started from an unsure day.
        if for_adoption and goes_on:
            self.found["placed"] += 1
            what = "the day on which the child was placed for adoption"
            self.batch.leaves_open(child_id, what, ("adoption.placed",))
        return False

    # ------------------------------------------------------------ list 7

    def read_plan(self, row: Rows) -> None:
        """Read one row of list 7."""
        child_id, who, team = self._child(row)
        started, ended = row.needed_day("started"), row.day("ended")
        reviewed = row.day("reviewed")
        if started is None:
            return
        row.refuse_before("ended", ended, started, "the day the plan started")
        if not row.good or self._repeats(row, child_id, started, ended, reviewed):
            return
        self._keep_child(child_id, who, team, started)
        self.plans.setdefault(child_id, []).append(started)
        self.batch.counts["child protection plans"] += 1
        self._add(row, child_id, Event("cp.plan.start", started))
        if reviewed is not None:
            self.batch.counts["latest review conferences"] += 1
            self._add_held(row, child_id, Event("cp.conference.review.latest", reviewed))
            self.found["8841"] += reviewed <= started
            self.found["after-plan"] += ended is not None and reviewed > ended
        if ended is not None:
            self._add(row, child_id, Event("cp.plan.end", ended))

    # ------------------------------------------------------------ list 5

    def read_enquiry(self, row: Rows) -> None:
        """Read one row of list 5."""
        child_id, who, team = self._child(row)
        strategy, held = row.day("strategy"), row.day("conference")
        unnecessary = row.read("unnecessary", _answer)
        result = row.read("result", _answer)
        if strategy is None and held is None:
            if row.good:
                row.refuse("strategy", "there is neither a strategy discussion nor a conference")
            return
        # One of the two answers ends the clock, the other meets it.  Picking one would be a guess.
        if unnecessary == "yes" and held is not None:
            row.refuse(
                "unnecessary",
                f"says that no conference was necessary, and another column that it was held on "
                f"{held}: one of them is wrong",
            )
        if not row.good or self._repeats_enquiry(
            row, child_id, strategy, held, unnecessary, result
        ):
            return
        if held is not None and not self.conferences.add(row, child_id, held, result):
            return
        self._keep_child(child_id, who, team, strategy or held or self.today)
        if strategy is None:
            self.found["no-strategy"] += 1
        else:
            self.batch.counts["section 47 enquiries"] += 1
            self._add(row, child_id, Event("cp.strategy", strategy, section_47="yes"))
            self.found["8615"] += held is not None and held < strategy
        # No column says when the enquiries ended without a conference, so the event says that its
        # day is not known.  It ends the clock, and counts neither as in time nor as late.
        if held is None and unnecessary == "yes" and strategy is not None:
            event = Event("cp.conference.not-required", strategy, reason=UNDATED)
            self._add(row, child_id, event)

    def _repeats_enquiry(
        self,
        row: Rows,
        child_id: str,
        strategy: date | None,
        held: date | None,
        *said: str | None,
    ) -> bool:
        key = (child_id, strategy, None if strategy else held)
        known = self.enquiries.setdefault(key, ((held, *said), row.where))
        if known[1] == row.where:
            return False
        if known[0] == (held, *said):
            self.batch.counts["repeated rows"] += 1
        else:
            row.refuse("child", f"{known[1]} says something else about this child and day")
        return True

    # ------------------------------------------------------------ the whole

    def finish(self, found: Lists) -> Batch:
        """Add the conferences, the children and the warnings, and return the batch."""
        batch = self.batch
        batch.without_status -= self.with_status
        lists_plans = any(one.which == PLANS and one.table.count for one in found.tables)
        plans_reach = self.reading.as_of if lists_plans else None
        unread = children_refused(self.reading)
        for one in self.conferences.settled(self.plans, plans_reach, unread):
            batch.counts["initial conferences"] += 1
            self.found["no-result"] += not one.has_result and one.outcome is not None
            # List 7 lacks the plan that this conference made.  Nobody knows whether it goes on, so
            # no review conference is reported as missed.
            if one.outcome != "no-plan" and not self._has_plan(one):
                what = (
                    "the plan that the conference on" if one.outcome else "what the conference on"
                )
                what += f" {spoken_short(one.on)} {'made' if one.outcome else 'decided'}"
                batch.leaves_open(one.child_id, what, _OF_PLANS, one.on)
            event = Event("cp.conference.initial", one.on, outcome=one.outcome)
            self._add_held(one, one.child_id, event)
        for child_id, who in self.children.items():
            team = self.teams[child_id][2] if child_id in self.teams else None
            batch.children.append(
                Child(
                    child_id,
                    date_of_birth=who.born,
                    expected_date_of_delivery=who.expected,
                    team=team,
                )
            )
        batch.counts = Counter({"children": len(batch.children)}) + batch.counts
        batch.warnings += found_words(_MESSAGES, self.found)
        batch.warnings += alike_warnings(self.children)
        which = {one.which for one in found.tables}
        batch.covers = self._covers(which)
        if which:
            self._note_silence(found)
        return batch

    def _has_plan(self, one: _Conference) -> bool:
        """Say whether a plan of the child started at a conference or soon after."""
        return any(
            one.on <= start <= one.on + PLAN_FOLLOWS for start in self.plans.get(one.child_id, ())
        )

    def _note_silence(self, found: Lists) -> None:
        """Note what the lists do not show; a missing list has its own warning already."""
        batch = self.batch
        for which, events in _TOLD.items():
            tables = [one.table for one in (*found.tables, *found.mended) if one.which == which]
            if any(table.count for table in tables):
                batch.carries(events)
                continue
            batch.lacks(str(which), events)
            if tables:
                batch.warnings.append(
                    f"there is no row in {which}: what it would say is not known from this extract"
                )
        care = [one for one in found.tables if one.which == CARE]
        if care and not any("placement" in one.places for one in care):
            batch.lacks("the column Placement Type", ("adoption.placed", "adoption.end"))
            batch.warnings.append(
                f"{CARE} has no column Placement Type, so which children are placed for adoption "
                "is not known"
            )

    def _covers(self, which: set[List]) -> list[Cover]:
        covers = []
        if CARE in which:
            covers += [
                Cover(frozenset(f"{process}.{name}" for name in ("start", "end", "review.latest")))
                for process in ("cla", "short-break")
            ]
            covers.append(Cover(frozenset({"child.died", "cla.start", "short-break.start"})))
        if PLANS in which:
            plan = ("cp.plan.start", "cp.plan.end", "cp.conference.review.latest")
            covers.append(Cover(frozenset(plan)))
        # The list has the enquiries of some months; the earliest strategy discussion shows since
        # when.  A conference soon after it may belong to an earlier enquiry, which is left out.
        first = min((strategy for _, strategy, _ in self.enquiries if strategy), default=None)
        if ENQUIRIES in which and first is not None:
            enquiry = ("cp.strategy", "cp.conference.not-required")
            covers.append(Cover(frozenset(enquiry), first, None, everyone=True))
            since = add_months(first, _MONTHS_TO_CONFERENCE)
            covers.append(Cover(frozenset(("cp.conference.initial",)), since, None, everyone=True))
        return covers


def _read(paths: Sequence[Path], reading: Reading) -> Batch:
    """
    Read lists 5, 7 and 8.

    Args:
        paths: A workbook, CSV files of the lists, or folders with them; a file of mended refused
            rows may be among them.
        reading: Gathers what is refused, and warnings.

    Raises:
        InputRefusedError: A file cannot be read, or a list lacks columns; every problem is
            named.
    """
    found = Lists(paths, reading)
    lists = _AnnexA(reading)
    readers = {CARE: lists.read_care, PLANS: lists.read_plan, ENQUIRIES: lists.read_enquiry}
    # Plans come before enquiries: if no column has a conference's result, a plan shows it.
    for one in sorted([*found.tables, *found.mended], key=lambda one: -one.which.number):
        lists.read(one, readers[one.which])
    return lists.finish(found)


SOURCE = Source(
    name="annex-a",
    title="Ofsted's Annex A: lists 5, 7 and 8",
    page="extracts/annex-a.md",
    reader=_read,
    kinds=tuple(one.kind for one in LISTS),
)
