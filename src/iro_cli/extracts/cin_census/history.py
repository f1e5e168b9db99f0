"""Turn one child's enquiries, conferences and plans in the census into facts."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import ClassVar  # a dataclass knows it as this one alone

from iro_cli.extracts.outcomes import PLAN_FOLLOWS, RULE_8841, UNDATED, would_show_a_plan
from iro_cli.facts.model import Event
from iro_cli.lean import NamedTuple

COVERED = frozenset({
    *("cp.strategy", "cp.conference.initial", "cp.conference.not-required"),
    *("cp.conference.transfer-in", "cp.conference.review", "cp.plan.start", "cp.plan.end"),
    "child.died",
})  # fmt: skip
ENQUIRY, PLAN = "enquiry", "plan"


class FileLine(NamedTuple):
    """A place in a file: the file and the line."""

    file: str
    line: int

    def __str__(self) -> str:
        """Return it like ``file.xml:12``, as it is stored with a fact."""
        return f"{self.file}:{self.line}"


class PlansOfFiles(NamedTuple):
    """
    The days that the plans in each file cover.

    Attributes:
        days: The first and the last day that a file covers, by its name; only for files that
            have a plan and a year.
    """

    days: Mapping[str, tuple[date, date]]

    def reach(self, on: date, file: str) -> date | None:
        """
        Return the last day up to which a plan made at a conference would be in some file.

        Args:
            on: The day of the conference.
            file: The file with the conference.  If that file has no plans at all, it says nothing
                about what the conference decided, and the answer is ``None``.
        """
        if file not in self.days:
            return None
        return max(
            last
            for other, (first, last) in self.days.items()
            if other == file or first <= on + PLAN_FOLLOWS
        )


class Enquiry(NamedTuple):
    """
    A section 47 enquiry.

    Attributes:
        begins: The day of the strategy discussion.
        conference: The day of the initial conference, if one was held.
        not_required: Whether none was required.
        place: The place in the file.
    """

    begins: date
    conference: date | None
    not_required: bool
    place: FileLine


class ProtectionPlan(NamedTuple):
    """
    A child protection plan.

    Attributes:
        begins: The day it started.
        ends: The day it ended, or ``None`` while it is open.
        reviews: The days of the review conferences, each with its place in the file.
        place: The place in the file.
    """

    begins: date
    ends: date | None
    reviews: dict[date, FileLine]
    place: FileLine


@dataclass(slots=True)
class History:
    """
    What the census states about one child.

    Attributes:
        enquiries: The enquiries, by the day on which they began.
        transfers: The days of the transfer-in conferences, each with its place.
        plans: The plans, by the day on which they started.
        died: The day on which the child died.
        died_in: The place that states it.
        seen: The files that have an enquiry or a plan, by the kind and the day it began.
        closed: The day on which its referral was closed, by the same.
    """

    MESSAGES: ClassVar[dict[str, str]] = {
        "no-plan": (
            f"conferences after which no plan starts within {PLAN_FOLLOWS.days} days, which were "
            "read as ending without one (the census does not say)"
        ),
        "2884": (
            "conferences given both with a section 47 enquiry and as a transfer-in, which were "
            "read as initial ones (rule 2884)"
        ),
        "8841": RULE_8841,
    }

    enquiries: dict[date, Enquiry] = field(default_factory=dict)
    transfers: dict[date, FileLine] = field(default_factory=dict)
    plans: dict[date, ProtectionPlan] = field(default_factory=dict)
    died: date | None = None
    died_in: FileLine | None = None
    seen: dict[tuple[str, date], set[str]] = field(default_factory=dict)
    closed: dict[tuple[str, date], date] = field(default_factory=dict)

    def note(self, what: str, begins: date, file: str, closed: date | None) -> None:
        """Note a file that has an enquiry or a plan, and whether its referral was closed."""
        self.seen.setdefault((what, begins), set()).add(file)
        if closed is not None and closed >= begins:
            self.closed[what, begins] = closed

    def open(self) -> Iterator[tuple[str, date]]:
        """Yield the enquiries and plans without an end."""
        for one in self.enquiries.values():
            if one.conference is None and not one.not_required:
                yield ENQUIRY, one.begins
        for plan in self.plans.values():
            if plan.ends is None:
                yield PLAN, plan.begins

    def add_transfer(self, on: date, place: FileLine) -> bool:
        """Add a transfer-in conference, and say whether it is new."""
        return self.transfers.setdefault(on, place) is place

    def add_enquiry(self, made: Enquiry) -> FileLine | None:
        """
        Add an enquiry.

        Returns:
            ``None`` if it is new or adds to a known one; its own place if it repeats a known one;
            the place of the other if it contradicts that one.  If the other is in another file,
            this one has replaced it.
        """
        before = self.enquiries.get(made.begins)
        if before is None:
            self.enquiries[made.begins] = made
            return None
        known = (before.conference, before.not_required)
        given = (made.conference, made.not_required)
        # A year that repeats an enquiry without its result takes nothing back.
        if given in (known, (None, False)):
            return made.place
        if known == (None, False):
            self.enquiries[made.begins] = made
            return None
        # The files are read in order of their years, so the later one counts.  In one file neither
        # does.
        if before.place.file != made.place.file:
            self.enquiries[made.begins] = made
        return before.place

    def add_plan(self, made: ProtectionPlan) -> FileLine | None:
        """
        Add a plan with its reviews.

        Returns:
            As for :meth:`add_enquiry`.
        """
        before = self.plans.get(made.begins)
        if before is None:
            self.plans[made.begins] = made
            return None
        same_file = before.place.file == made.place.file
        differ = before.ends is not None and made.ends is not None and before.ends != made.ends
        if differ and same_file:
            return before.place
        known = made.ends in (None, before.ends) and made.reviews.keys() <= before.reviews.keys()
        # Every review counts: each year has its own, and the last of the year before.
        self.plans[made.begins] = before._replace(
            ends=made.ends or before.ends, reviews=made.reviews | before.reviews
        )
        if differ:
            return before.place
        return made.place if known else None

    def events(
        self, counts: Counter[str], found: Counter[str], plans: "PlansOfFiles"
    ) -> Iterator[tuple[Event, FileLine]]:
        """
        Yield the facts, each with its place.

        Args:
            counts: The figures for the summary are added here.
            found: Each oddity is counted here, by its key in ``MESSAGES``.
            plans: The days that the plans in the files cover.
        """
        initial: dict[date, FileLine] = {}
        for one in self.enquiries.values():
            counts["section 47 enquiries"] += 1
            yield Event("cp.strategy", one.begins, section_47="yes"), one.place
            if one.conference is not None:
                initial.setdefault(one.conference, one.place)
            elif one.not_required:
                yield (
                    Event("cp.conference.not-required", one.begins, reason=UNDATED),
                    one.place,
                )
        if self.died is not None and self.died_in is not None:
            counts["deaths"] += 1
            yield Event("child.died", self.died), self.died_in
        yield from self._conferences(initial, counts, found, plans)
        yield from self._of_plans(counts, found)

    def _conferences(
        self,
        initial: dict[date, FileLine],
        counts: Counter[str],
        found: Counter[str],
        plans: "PlansOfFiles",
    ) -> Iterator[tuple[Event, FileLine]]:
        # Rule 2884 forbids a conference of both kinds.  As an initial one it meets the enquiry's
        # clock.
        transfers = {on: place for on, place in self.transfers.items() if on not in initial}
        found["2884"] += len(self.transfers) - len(transfers)
        with_plan = self._with_plan([*initial, *transfers])
        for name, conferences in (
            ("cp.conference.initial", initial),
            ("cp.conference.transfer-in", transfers),
        ):
            for on, place in conferences.items():
                counts["conferences"] += 1
                outcome: str | None = "plan"
                if on not in with_plan:
                    made_none = would_show_a_plan(on, plans.reach(on, place.file))
                    outcome = "no-plan" if made_none else None
                found["no-plan"] += outcome == "no-plan"
                yield Event(name, on, outcome=outcome), place

    def _with_plan(self, conferences: list[date]) -> set[date]:
        """Return the conferences that made a plan: the last one before the start of each plan."""
        # Two conferences may lie within 28 days before a plan.  The later one made it.
        found = set()
        for begins in self.plans:
            near = [on for on in conferences if timedelta(0) <= begins - on <= PLAN_FOLLOWS]
            if near:
                found.add(max(near))
        return found

    def _of_plans(
        self, counts: Counter[str], found: Counter[str]
    ) -> Iterator[tuple[Event, FileLine]]:
        reviewed: set[date] = set()
        for plan in self.plans.values():
            counts["plans"] += 1
            yield Event("cp.plan.start", plan.begins), plan.place
            for on, place in plan.reviews.items():
                found["8841"] += on <= plan.begins
                # Two plans may have one review in their rows, but it was held once.
                if on not in reviewed:
                    reviewed.add(on)
                    counts["review conferences"] += 1
                    yield Event("cp.conference.review", on), place
            if plan.ends is not None:
                yield Event("cp.plan.end", plan.ends), plan.place
