"""Turn the SSD tables of child protection into facts: enquiries, conferences, plans and reviews."""

import re
from collections import Counter
from datetime import date

from iro_cli.dates.words import spoken_short
from iro_cli.extracts.batch import found_words
from iro_cli.extracts.outcomes import (
    PLAN_FOLLOWS,
    RULE_8841,
    UNDATED,
    children_refused,
    would_show_a_plan,
)
from iro_cli.extracts.ssd.tables import (
    CONFERENCES,
    ENQUIRIES,
    PLAN_REVIEWS,
    PLANS,
    SsdTables,
)
from iro_cli.facts.model import Event
from iro_cli.facts.vocabulary import FIRST_CONFERENCES
from iro_cli.incoming.kinds import TableKind
from iro_cli.incoming.rows import Rows
from iro_cli.lean import NamedTuple

ENQUIRY_EVENTS = frozenset({"cp.strategy", "cp.conference.not-required"})
CONFERENCE_EVENTS = frozenset(FIRST_CONFERENCES)
PLAN_EVENTS = frozenset({"cp.plan.start", "cp.plan.end"})
PLAN_REVIEW_EVENTS = frozenset({"cp.conference.review"})

_OF_PLANS = PLAN_EVENTS | PLAN_REVIEW_EVENTS
# Builds cut this text at a thousand characters, so it may not be whole JSON.
_OUTCOME = re.compile(r'"(?:OUTCOME_)?(CP_CONFERENCE|NFA|OTHER_OUTCOMES_EXIST)_FLAG" ?: ?"?([YN])')
_MESSAGES = {
    "no-result": (
        "initial conferences without a result (there is no column icpc_icpc_outcome_cp_flag) that "
        "no plan follows within 28 days, read as no-plan"
    ),
    "elsewhere": "plans of another authority (cppl_cp_plan_ola Y), left out with their reviews",
    "8841": RULE_8841,
}


class _ReviewedPlan(NamedTuple):
    """A plan that reviews refer to; one of another authority is reviewed by that authority."""

    child_id: str
    starts: date
    elsewhere: bool


class Protection:
    """
    Reads the tables of child protection into a batch.

    Attributes:
        begins: The first day since which each table has everything, by the table's name.
    """

    def __init__(self, tables: SsdTables) -> None:
        """Begin with nothing read."""
        self._tables = tables
        self._plans: dict[str, _ReviewedPlan] = {}
        self._starts: dict[str, list[date]] = {}
        self._first_start: date | None = None
        # The conferences without a result, by their place among the facts, and whether the table
        # has a column for it.
        self._open: dict[int, bool] = {}
        self._held: dict[str, list[date]] = {}
        self._enquiries: set[str] = set()
        # The child of each enquiry, and the refused conferences with only an enquiry to name it.
        self._of_enquiry: dict[str, str] = {}
        self._unnamed: dict[tuple[str, int], str] = {}
        # The enquiries that ended without a stated result.
        self._undecided: list[tuple[str, date, date]] = []
        self._found: Counter[str] = Counter()
        self.begins: dict[str, date] = {}

    def read(self) -> None:
        """Read the four tables."""
        for kind, read in (
            (PLANS, self._read_plan),
            (CONFERENCES, self._read_conference),
            (ENQUIRIES, self._read_enquiry),
            (PLAN_REVIEWS, self._read_review),
        ):
            for row in self._tables.rows(kind):
                read(row)
        if self._first_start is not None:
            self.begins.setdefault(PLANS.name, self._first_start)
        self._find_the_unnamed()
        self._settle()

    def warnings(self) -> list[str]:
        """Return one warning for each kind of row that did not fit, with how often."""
        return found_words(_MESSAGES, self._found)

    def _note(self, kind: TableKind, on: date) -> None:
        self.begins[kind.name] = min(on, self.begins.get(kind.name, on))

    def _keep(self, row: Rows, child_id: str, event: Event, field: str, words: str) -> bool:
        new = self._tables.keep(row, child_id, event, field)
        self._tables.batch.counts[words] += new
        return new

    # ------------------------------------------------------------ rows

    def _read_plan(self, row: Rows) -> None:
        child_id, starts, ended = row.child(), row.needed_day("starts"), row.day("ended")
        elsewhere = row.yes_no("elsewhere") == "yes"
        row.refuse_before("ended", ended, starts)
        if not row.good or starts is None:
            return
        plan = _ReviewedPlan(child_id, starts, elsewhere)
        key = row.words("plan")
        if key and self._plans.setdefault(key, plan) != plan:
            row.refuse("plan", "another row says something else about the plan with this id")
            return
        # The plan of a child of another authority is reviewed there, so nothing is due here.
        if elsewhere:
            self._found["elsewhere"] += 1
            return
        self._starts.setdefault(child_id, []).append(starts)
        self._first_start = min(starts, self._first_start or starts)
        self._keep(row, child_id, Event("cp.plan.start", starts), "starts", "plans")
        if ended is not None:
            # The builds leave out plans that ended long ago, so the first end shows since when all
            # plans are here.
            self._note(PLANS, ended)
            self._keep(row, child_id, Event("cp.plan.end", ended), "ended", "plans that ended")

    def _read_conference(self, row: Rows) -> None:
        held, transfer, plan = row.day("held"), row.yes_no("transfer"), row.yes_no("plan")
        child_id = row.child()
        if not row.good:
            # The row names no child but an enquiry, and the table of enquiries is read later.
            if not row.whose():
                self._unnamed[row.name, row.number] = row.words("enquiry")
            return
        if enquiry := row.words("enquiry"):
            self._enquiries.add(enquiry)
        if held is None:
            self._tables.batch.counts["initial conferences not held yet"] += 1
            return
        event = "cp.conference.transfer-in" if transfer == "yes" else "cp.conference.initial"
        outcome = {"yes": "plan", "no": "no-plan"}.get(plan or "")
        words = "transfer-in conferences" if transfer == "yes" else "initial conferences"
        if (
            self._keep(row, child_id, Event(event, held, outcome), "plan", words)
            and outcome is None
        ):
            self._open[len(self._tables.batch.facts) - 1] = row.has("plan")
        self._held.setdefault(child_id, []).append(held)
        self._note(CONFERENCES, held)

    def _read_enquiry(self, row: Rows) -> None:
        child_id, starts, ended = row.child(), row.needed_day("starts"), row.day("ended")
        nfa = row.yes_no("nfa") == "yes"
        row.refuse_before("ended", ended, starts)
        if not row.good or starts is None:
            return
        self._of_enquiry.setdefault(row.words("enquiry"), child_id)
        strategy = Event("cp.strategy", starts, section_47="yes")
        self._keep(row, child_id, strategy, "starts", "section 47 enquiries")
        self._note(ENQUIRIES, starts)
        # A conference names this enquiry, so it did not end without one, whatever its row says.
        if row.words("enquiry") in self._enquiries:
            return
        if ended is not None and not self._says_what_came(row, nfa=nfa):
            self._undecided.append((child_id, starts, ended))
        if self._ended_without(row, nfa, ended):
            reason = "no conference came of the enquiries" if ended else UNDATED
            without = Event("cp.conference.not-required", ended or starts, reason=reason)
            self._keep(row, child_id, without, "ended", "enquiries ended without a conference")

    def _says_what_came(self, row: Rows, *, nfa: bool) -> bool:
        """Say whether the row of an ended enquiry states whether a conference is to follow."""
        return nfa or bool(_OUTCOME.search(row.words("outcome")))

    def _ended_without(self, row: Rows, nfa: bool, ended: date | None) -> bool:
        """Say whether the row states that the enquiry ended and no conference is to follow."""
        said = dict(_OUTCOME.findall(row.words("outcome")))
        if said.get("CP_CONFERENCE") == "Y":
            return False
        if nfa or said.get("NFA") == "Y":
            return True
        # "Another outcome" may be another strategy meeting: then nothing has been decided yet.
        return (
            ended is not None
            and said.get("CP_CONFERENCE") == "N"
            and said.get("OTHER_OUTCOMES_EXIST") != "Y"
        )

    def _read_review(self, row: Rows) -> None:
        held, goes_on = row.day("held"), row.yes_no("continue")
        cancelled = row.yes_no("cancelled") == "yes"
        plan = self._plans.get(row.words("plan"))
        if not row.good:
            self._note_whose(row, plan.child_id if plan else "")
            return
        if cancelled or held is None:
            what = "cancelled" if cancelled else "not held yet"
            self._tables.batch.counts[f"review conferences {what}"] += 1
            return
        # A review of another authority's plan is not ours either.
        if plan is not None and plan.elsewhere:
            return
        child_id = self._whose(row, plan)
        if not row.good:
            self._note_whose(row, plan.child_id if plan else "")
            return
        if plan is not None and held <= plan.starts:
            self._found["8841"] += 1
        outcome = {"yes": "continue", "no": "end"}.get(goes_on or "")
        review = Event("cp.conference.review", held, outcome)
        self._keep(row, child_id, review, "continue", "review conferences")
        self._note(PLAN_REVIEWS, held)

    @staticmethod
    def _note_whose(row: Rows, child_id: str) -> None:
        """Note which child a refused row is about, if it names none but its plan has one."""
        if child_id and not row.whose():
            row.is_about(child_id)

    def _whose(self, row: Rows, plan: _ReviewedPlan | None) -> str:
        if not row.words("child"):
            if plan is None:
                row.refuse("plan", "no row of ssd_cp_plans says whose plan this is")
                return ""
            return plan.child_id
        child_id = row.child()
        if plan is not None and child_id != plan.child_id:
            row.refuse("plan", "ssd_cp_plans gives this plan to another child")
        return child_id

    # ------------------------------------------------------------ the whole

    def _find_the_unnamed(self) -> None:
        """Note which child a refused conference is about, if only its enquiry shows it."""
        refused = self._tables.reading.refused
        for place, one in enumerate(refused):
            enquiry = self._unnamed.get((one.file, one.row), "")
            if child_id := self._of_enquiry.get(enquiry) if enquiry else None:
                refused[place] = one._replace(about=child_id)

    def _settle(self) -> None:
        """Take an outcome that a conference lacks from the plans, or note it as unknown."""
        facts = self._tables.batch.facts
        openers: dict[str, set[date]] = {}
        unread = children_refused(self._tables.reading)
        for place, has_result in self._open.items():
            child_id, event, source = facts[place]
            if event.outcome is not None:  # a repeated row gave it
                continue
            if child_id not in openers:
                openers[child_id] = self._openers(child_id)
            if event.on in openers[child_id]:
                facts[place] = (child_id, event._replace(outcome="plan"), source)
            # Without the table of plans nothing shows whether one followed.
            elif self._tables.is_silent(PLANS):
                continue
            elif (
                not has_result
                and child_id not in unread
                and would_show_a_plan(event.on, self._tables.reading.as_of)
            ):
                facts[place] = (child_id, event._replace(outcome="no-plan"), source)
                self._found["no-result"] += 1
            else:
                what = f"what the conference on {spoken_short(event.on)} decided"
                self._tables.batch.leaves_open(child_id, what, _OF_PLANS, event.on)
        for child_id, starts, ended in self._undecided:
            if not any(starts <= on for on in self._held.get(child_id, ())):
                what = f"what came of the enquiries from {spoken_short(starts)}, which ended"
                told = ("cp.conference.initial", "cp.conference.not-required")
                self._tables.batch.leaves_open(child_id, what, told, ended)
        self._note_plans_without_a_row()

    def _note_plans_without_a_row(self) -> None:
        """Note each conference that made a plan if no plan of the child follows it here."""
        if self._tables.is_silent(PLANS):
            return
        for child_id, event, _ in [*self._tables.batch.facts]:
            if event.event in CONFERENCE_EVENTS and event.outcome == "plan":
                near = (
                    event.on <= starts <= event.on + PLAN_FOLLOWS
                    for starts in self._starts.get(child_id, ())
                )
                if not any(near):
                    what = f"the plan that the conference on {spoken_short(event.on)} made"
                    self._tables.batch.leaves_open(child_id, what, ("cp.plan.end",), event.on)

    def _openers(self, child_id: str) -> set[date]:
        """Return the conferences that made a plan: for each plan the nearest one before it."""
        found = set()
        for starts in self._starts.get(child_id, ()):
            before = [on for on in self._held[child_id] if starts - PLAN_FOLLOWS <= on <= starts]
            if before:
                found.add(max(before))
        return found
