"""The records from which reports are counted: every duty, meeting and plan, and its outcome."""

from datetime import date

from iro_cli.law.model import Rule
from iro_cli.lean import NamedTuple
from iro_cli.obligations.listing import IN_TIMESCALE, OUT_OF_TIMESCALE

OUTSTANDING, NEVER_HELD, NOT_YET_DUE = "outstanding", "never-held", "not-yet-due"
# The statuses of what was not done in time, whether it was done later or not.  A review that was
# never held counts here too: otherwise an authority would look better by holding fewer reviews.
MISSED = (OUT_OF_TIMESCALE, OUTSTANDING, NEVER_HELD)
JUDGED = (IN_TIMESCALE, *MISSED)
RECORDS, DISPUTE = "records", "dispute"
PLAN = "protection-plan"
INITIAL = "cp.conference.initial"


class Duty(NamedTuple):
    """
    One clock with a due date, and what became of it.

    Attributes:
        status: One of the words above; ``never-held`` is a clock that was overdue
            when the process ended.
        days_late: Days from *due* to the day it was held; while it is outstanding, to the as-of
            day; if it was never held, to the end of the process.
        iro: Who answered for it on the day it was held or on the day it was due, whichever is
            the sooner.
        assumed: What had to be inferred, or ``None``.
        reason: What was written about it, if it was late.
    """

    child: str
    rule: Rule
    started: date | None
    due: date
    held: date | None
    status: str
    days_late: int
    iro: str
    team: str
    provisional: bool
    assumed: str | None
    reason: str | None

    @property
    def timescale(self) -> str:
        """Return the id of its rule."""
        return self.rule.id

    @property
    def process(self) -> str:
        """Return the process of its rule."""
        return self.rule.process

    @property
    def is_meeting(self) -> bool:
        """Say whether it is a review or a conference, not a record or a dispute."""
        return self.rule.group != RECORDS and self.rule.process != DISPUTE


class Undated(NamedTuple):
    """
    A clock without a date, or a held meeting that cannot be judged.

    Attributes:
        held: The day of the meeting; ``None`` for a clock that is open or lapsed.
        first: The first day on which the duty can have fallen due; ``None`` if it can be any day.
        last: The last such day; ``None`` if it can be any day.
    """

    child: str
    process: str
    timescale: str
    iro: str
    team: str
    held: date | None
    first: date | None = None
    last: date | None = None

    @property
    def is_open(self) -> bool:
        """Say whether it is a clock that runs and has no date, so that it can be due any day."""
        return self.held is None and self.last is None

    def concerns(self, first: date, last: date) -> bool:
        """Say whether it was held, or can have fallen due, between two days, both inclusive."""
        if self.held is not None and first <= self.held <= last:
            return True
        if self.first is None or self.last is None:
            return self.held is None
        return self.first <= last and self.last >= first


class MeetingHeld(NamedTuple):
    """A review or conference that was held in the period, whether or not it met a clock."""

    child: str
    process: str
    timescale: str
    iro: str
    team: str
    on: date
    participation: str | None


class PlanState(NamedTuple):
    """
    A protection plan that was open on a day.

    ``reviewed`` says whether every review of it so far was in time; ``None`` if the facts do
    not say.  ``counts`` says whether its first review was due by the day: the Department counts
    only plans that have been open for at least that long.
    """

    child: str
    process: str
    timescale: str
    iro: str
    team: str
    started: date | None
    counts: bool
    reviewed: bool | None


class Ledger(NamedTuple):
    """
    Everything that figures are counted from.

    Attributes:
        duties: The duties, in order of due date.
        undated: What could not be judged.
        meetings: The meetings that were held, in order of day.
        plans: The protection plans that were open on each day asked for.
    """

    duties: list[Duty]
    undated: list[Undated]
    meetings: list[MeetingHeld]
    plans: dict[date, list[PlanState]]
