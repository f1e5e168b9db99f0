"""The events that can be recorded, and the details each may carry."""

from collections.abc import Mapping

from iro_cli.facts.model import Event
from iro_cli.lean import NamedTuple

UNDER_FOUR = "PN0"
# Children from this birthday on have views of their own to convey.  On the day itself both kinds
# of code are right (903 rules 440 and 441).
VIEWS_FROM_AGE = 4
PARTICIPATION = {
    UNDER_FOUR: "under four",
    "PN1": "attended and spoke for themselves",
    "PN2": "attended, and an advocate spoke for them",
    "PN3": "attended, and conveyed their views symbolically",
    "PN4": "attended without contributing",
    "PN5": "did not attend, and briefed an advocate",
    "PN6": "did not attend, and conveyed their feelings by other means",
    "PN7": "did not attend, and their views were not conveyed",
}


YES_OR_NO = {"yes": "", "no": ""}
# Signs of Safety: how safe those at a conference judge the child to be, both ends inclusive.
SCALING = range(11)

# How a detail is written: one of a few words, a code of the Department's, a day, free text.
CHOICE, YES_NO, CODE, NUMBER, DAY, TEXT = (
    "choice",
    "yes-no",
    "code",
    "number",
    "day",
    "text",
)


class Detail(NamedTuple):
    """
    One detail of an event, described once for every room that reads, asks for or shows it.

    Its name is the field of :class:`~iro_cli.facts.model.Event`, the column of a file, and
    the option of ``iro record``.

    Attributes:
        kind: How it is written: one of the words above.
        label: What a form calls it.
        asks: What ``iro record`` asks for.
        values: The values it is limited to, with their words.  If it is empty, the kind of event
            limits the values, or any text will do.
        shown: The words before its value in a list of facts; ``None`` for the value alone.
        of_any: Whether every event may have it, and not only those that name it.
    """

    kind: str
    label: str
    asks: str
    values: Mapping[str, str] = {}
    shown: str | None = None
    of_any: bool = False


DETAILS = {
    "outcome": Detail(CHOICE, "Outcome", "What a conference decided."),
    "participation": Detail(
        CODE, "Participation", "How the child took part, PN0 to PN7.", PARTICIPATION
    ),
    "section_47": Detail(
        YES_NO, "Section 47", "Did it start section 47 enquiries?", YES_OR_NO, "section 47"
    ),
    "completed_on": Detail(
        DAY, "Completed on", "The last day of a series of meetings.", shown="completed"
    ),
    "advocacy": Detail(
        YES_NO, "Advocate offered", "Was an advocate offered?", YES_OR_NO, "advocacy"
    ),
    "quorate": Detail(YES_NO, "Quorate", "Was the conference quorate?", YES_OR_NO, "quorate"),
    "scaling": Detail(
        NUMBER,
        "Scaling, 0 to 10",
        "Signs of Safety scaling.",
        dict.fromkeys(map(str, SCALING), ""),
        "scaling",
    ),
    "attended": Detail(TEXT, "Who took part", "Who took part.", shown="attended"),
    "placement": Detail(
        CHOICE, "Kind of placement", "What kind of placement it is, which says how often to visit."
    ),
    "reason": Detail(TEXT, "Reason", "Why, in a few words.", shown="reason", of_any=True),
    "reference": Detail(
        TEXT,
        "Reference",
        "Which dispute, or the date of which review.",
        shown="reference",
        of_any=True,
    ),
    "note": Detail(TEXT, "Note", "Anything else worth keeping.", shown="note", of_any=True),
}


def option_of(detail: str) -> str:
    """
    Return the option of ``iro record`` that asks for a detail.

    >>> option_of("section_47")
    '--section-47'
    """
    return "--" + detail.replace("_", "-")


class EventKind(NamedTuple):
    """
    One kind of event.

    Attributes:
        title: What happened, in a few words.
        details: The details it may carry besides ``note``.
        values: The values a detail is limited to; a blank detail has the first of them.
        before_birth: Whether it may happen before the child is born.
        ends_everything: Whether nothing is due for the child after it.
        reference_is_day: Whether its reference is a day: the day of the meeting it is about, or
            a day that lies ahead.
        day_ahead: What that day is, if it lies ahead.
    """

    title: str
    details: tuple[str, ...] = ()
    values: Mapping[str, tuple[str, ...]] = {}
    before_birth: bool = False
    ends_everything: bool = False
    reference_is_day: bool = False
    day_ahead: str = ""

    def allows(self, detail: str) -> Mapping[str, str]:
        """Return the values that a detail is limited to, with their words; empty for any text."""
        own = self.values.get(detail)
        return dict.fromkeys(own, "") if own else DETAILS[detail].values


_PLAN = {"outcome": ("plan", "no-plan")}
_REVIEW = ("participation", "advocacy", "attended")
_CONFERENCE = ("outcome", "quorate", "scaling", "advocacy", "attended")
# The placements with a rhythm of visits of their own: meant to last until 18; long-term foster
# care that the child agreed to; with a parent before the assessment, under an interim order or
# under a care order; with a connected person who is approved for a time.
_PLACEMENT = {
    "placement": (
        *("other", "to-18", "long-term", "parent", "connected"),
        *("interim-order", "care-order"),
    )
}
# The reference tells one dispute, allegation or referral from another; the reason says what it
# is about.
_MATTER = ("reference", "reason")

EVENTS = {
    "cla.start": EventKind("became looked after"),
    "cla.continuing": EventKind("was looked after already, since a day that is not known"),
    "cla.end": EventKind("ceased to be looked after", ("reason",)),
    "cla.review": EventKind("review held", (*_REVIEW, "completed_on")),
    "cla.review.latest": EventKind("latest review held; earlier ones may not be recorded"),
    "cla.review.adjourned": EventKind("review adjourned", ("reason",)),
    "cla.review.requested": EventKind(
        "early review called for",
        ("reason", "reference"),
        reference_is_day=True,
        day_ahead="the last day for the early review",
    ),
    "cla.midway": EventKind("midway review of a looked-after child"),
    "iro.appointed": EventKind("IRO appointed"),
    "preparation.discussion": EventKind("child asked where a review is to be and who should come"),
    "preparation.consultation": EventKind("social worker and IRO consulted before a review"),
    "preparation.invitations": EventKind("invitations to a review sent"),
    "preparation.report": EventKind("social worker's report for a review"),
    "preparation.conversation": EventKind("IRO spoke with the child before a review"),
    "placement.start": EventKind("placement started", ("placement",), _PLACEMENT),
    "placement.end": EventKind("placement ended", ("reason",)),
    "placement.visit": EventKind("child visited in the placement"),
    "placement.out-of-area": EventKind("placed outside the authority's area"),
    "placement.disrupted": EventKind("permanent foster placement disrupted", ("reason",)),
    "placement.disruption-meeting": EventKind("disruption meeting about a foster placement"),
    "short-break.start": EventKind("series of short breaks started"),
    "short-break.review": EventKind("short-break review held", _REVIEW),
    "short-break.review.latest": EventKind(
        "latest short-break review held; earlier ones may not be recorded"
    ),
    "short-break.end": EventKind("series of short breaks ended", ("reason",)),
    "cp.strategy": EventKind(
        "strategy discussion", ("section_47",), {"section_47": ("yes", "no")}, before_birth=True
    ),
    "cp.conference.requested": EventKind("initial conference asked for", before_birth=True),
    "cp.conference.initial": EventKind(
        "initial child protection conference", _CONFERENCE, _PLAN, before_birth=True
    ),
    "cp.conference.not-required": EventKind(
        "enquiries ended without a conference", ("reason",), before_birth=True
    ),
    "cp.conference.review": EventKind(
        "review child protection conference",
        _CONFERENCE,
        {"outcome": ("continue", "end")},
        before_birth=True,
    ),
    "cp.conference.review.latest": EventKind(
        "latest review conference held; earlier ones may not be recorded", before_birth=True
    ),
    "cp.plan.start": EventKind("child protection plan started", before_birth=True),
    "cp.transfer-in.notified": EventKind("told that a child on a plan moved in", before_birth=True),
    "cp.transfer-in.temporary": EventKind(
        "told that a child on a plan is here for a time only", before_birth=True
    ),
    "cp.conference.transfer-in": EventKind(
        "transfer-in conference", _CONFERENCE, _PLAN, before_birth=True
    ),
    "cp.conference.inquorate": EventKind(
        "conference that could not go on: it was not quorate",
        ("reason", "attended"),
        before_birth=True,
    ),
    "cp.invitations": EventKind("invitations to a conference sent", before_birth=True),
    "cp.report": EventKind("report for a conference", before_birth=True),
    "cp.letter": EventKind(
        "decision letter of a conference",
        ("reference",),
        before_birth=True,
        reference_is_day=True,
    ),
    "cp.record": EventKind(
        "record of a conference",
        ("reference",),
        before_birth=True,
        reference_is_day=True,
    ),
    "cp.midway": EventKind("midway review of a child protection plan", before_birth=True),
    "cp.core-group": EventKind("core group met", before_birth=True),
    "cp.plan.end": EventKind("child protection plan ended", ("reason",), before_birth=True),
    "child.expected": EventKind(
        "told when a child about whom there is concern is expected to be born",
        ("reference",),
        before_birth=True,
        reference_is_day=True,
        day_ahead="the day on which the child is expected",
    ),
    "child.born": EventKind("child with a pre-birth plan was born"),
    "england.left": EventKind(
        "moved away from England, whose law judges what was met before", before_birth=True
    ),
    "wales.left": EventKind(
        "moved away from Wales, whose law judges what was met before", before_birth=True
    ),
    "child.died": EventKind("child died", before_birth=True, ends_everything=True),
    "adoption.decided": EventKind("decision that the child should be placed for adoption"),
    "adoption.decision.reversed": EventKind(
        "decision that the child should no longer be placed for adoption"
    ),
    "adoption.authorised": EventKind("authority to place for adoption"),
    "adoption.placed": EventKind("placed for adoption"),
    "adoption.review": EventKind("adoption review held", _REVIEW),
    "adoption.disrupted": EventKind("adoptive placement disrupted", ("reason",)),
    "adoption.disruption-meeting": EventKind("disruption meeting about an adoptive placement"),
    "adoption.returned": EventKind("child returned from an adoptive placement", ("reason",)),
    "adoption.end": EventKind("adoption order made, or child returned", ("reason",)),
    "secure.start": EventKind("secure accommodation started"),
    "secure.review": EventKind("review held by the secure accommodation panel"),
    "secure.end": EventKind("secure accommodation ended", ("reason",)),
    "review.decisions": EventKind(
        "written decisions of a review", ("reference",), reference_is_day=True
    ),
    "review.record": EventKind("full record of a review", ("reference",), reference_is_day=True),
    "review.distributed": EventKind(
        "record of a review distributed", ("reference",), reference_is_day=True
    ),
    "review.care-plan": EventKind(
        "care plan updated after a review", ("reference",), reference_is_day=True
    ),
    "review.answered": EventKind(
        "manager answered on the decisions of a review", ("reference",), reference_is_day=True
    ),
    "notice.placement": EventKind("IRO and others told of a placement"),
    "notice.area-authority": EventKind("area authority told of a placement"),
    "parents.assessed": EventKind("placement with parents assessed and reviewed"),
    "parents.decided": EventKind("decision on a placement with parents"),
    "connected.extended": EventKind("temporary approval of a connected person extended"),
    "connected.approved": EventKind("connected person approved, or not"),
    "ceasing.considered": EventKind(
        "ceasing to look after the child considered",
        ("reason", "reference"),
        reference_is_day=True,
        day_ahead="the day on which care is to end",
    ),
    "ceasing.approved": EventKind("ceasing to look after the child approved"),
    "ceasing.dropped": EventKind("child goes on being looked after: ceasing no longer considered"),
    "dispute.raised": EventKind("formal dispute raised", _MATTER),
    "dispute.stage": EventKind("formal dispute taken to the next stage", _MATTER),
    "dispute.responded": EventKind("formal dispute answered", _MATTER),
    "dispute.escalated": EventKind("formal dispute referred to Cafcass", _MATTER),
    "dispute.resolved": EventKind("formal dispute resolved", _MATTER),
    "plan.care": EventKind("care plan prepared"),
    "plan.placement": EventKind("placement plan prepared"),
    "plan.detention": EventKind("detention placement plan prepared"),
    "health.assessment": EventKind("health assessment"),
    "education.plan": EventKind("personal education plan made or reviewed"),
    "pathway.eligible": EventKind("reached 16 eligible for leaving care, or became so later"),
    "pathway.assessment": EventKind("pathway assessment completed"),
    "pathway.plan": EventKind("pathway plan made or reviewed"),
    "remand.accommodation": EventKind("remanded to local authority accommodation"),
    "remand.detention": EventKind("remanded to youth detention accommodation"),
    "remand.end": EventKind("remand ended", ("reason",)),
    "court.application": EventKind("application for a care or supervision order issued"),
    "court.hearing": EventKind("hearing in care proceedings", ("reason",)),
    "court.note": EventKind("IRO's note for a hearing"),
    "court.guardian": EventKind("IRO in contact with the children's guardian"),
    "court.order": EventKind("care proceedings ended", ("reason",)),
    "allegation.received": EventKind(
        "allegation against a person in a position of trust received", _MATTER
    ),
    "allegation.referred": EventKind("allegation referred to the designated officer", _MATTER),
    "allegation.strategy": EventKind("strategy meeting about an allegation", _MATTER),
    "complex-abuse.referred": EventKind("complex abuse referred", _MATTER),
    "complex-abuse.strategy": EventKind("strategy meeting about complex abuse", _MATTER),
}

# The nations whose law can count for a child.
NATIONS = ("england", "wales", "scotland", "northern-ireland")
# The most frequent reasons why a meeting is moved; any other words will do.
MOVED_BECAUSE = ("cancelled", "inquorate", "adjourned")
# How inspectors grade a case, best first; an authority's own audit tool may have other grades.
GRADES = ("Outstanding", "Good", "Requires improvement", "Inadequate")
# What becomes of a case that was drawn for audit: its day is past, is ahead, or it was audited.
AUDIT_STATUSES = ("overdue", "due", "done")
# The roles in which a person can be allocated to a child.
ROLES = ("iro", "chair")
# The processes that decide how long a child's record is kept; the last is for a child in none.
KEPT_AS = ("cla", "cp", "adoption", "other")
# What that time is counted from: the birth, or the last thing that is recorded.
KEPT_FROM = ("birth", "last")
# The events whose reference is a day that lies ahead of them.
DAYS_AHEAD = [name for name, kind in EVENTS.items() if kind.day_ahead]
INQUORATE = "cp.conference.inquorate"
# The kinds of conference that can be not quorate.
CONFERENCES = [name for name, kind in EVENTS.items() if "quorate" in kind.details]
# The kinds of conference with which a protection plan can begin.
FIRST_CONFERENCES = ("cp.conference.initial", "cp.conference.transfer-in")
# The events since which a child is looked after.
CARE_BEGINS = ("cla.start", "cla.continuing")
# The events of a child's care that can end a clock without a meeting.
CARE_ENDS = frozenset({"cla.end", "short-break.end", "adoption.placed", "adoption.end"})
# The timescales of the conferences that review a protection plan, the first of a plan before the
# others.
PLAN_REVIEWS = ("cp.conference.review.first", "cp.conference.review.subsequent")
DIED = "child.died"
# The nation that a child left.  Scotland and Northern Ireland have no rules here yet.
LEFT = {"england.left": "england", "wales.left": "wales"}
REQUESTED = "cla.review.requested"
PLACED = "placement.start"


def as_it_went(event: Event) -> Event:
    """
    Return a conference that was not quorate as an event of its own, which meets no clock.

    Raises:
        ValueError: It has an outcome, but a conference without a quorum decides nothing.
    """
    if event.quorate != "no" or "quorate" not in EVENTS[event.event].details:
        return event
    if event.outcome:
        raise ValueError(
            f"the conference was not quorate, and its outcome is given as {event.outcome}: without "
            "a quorum it decides nothing; leave out one of the two"
        )
    return event._replace(event=INQUORATE, quorate=None)
