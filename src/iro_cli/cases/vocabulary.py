"""The events that can be recorded, and the details each may carry."""

from collections.abc import Mapping
from typing import NamedTuple

PARTICIPATION = {
    "PN0": "under four",
    "PN1": "attended and spoke for themselves",
    "PN2": "attended, and an advocate spoke for them",
    "PN3": "attended, and conveyed their views symbolically",
    "PN4": "attended without contributing",
    "PN5": "did not attend, and briefed an advocate",
    "PN6": "did not attend, and conveyed their feelings by other means",
    "PN7": "did not attend, and their views were not conveyed",
}


class EventKind(NamedTuple):
    """
    One kind of event.

    Attributes:
        title: What happened, in a few words.
        details: The details it may carry besides ``note``.
        values: The values a detail is limited to; the first is taken where it
            is left blank.
        before_birth: It may happen before the child is born.
    """

    title: str
    details: tuple[str, ...] = ()
    values: Mapping[str, tuple[str, ...]] = {}
    before_birth: bool = False


_PLAN = {"outcome": ("plan", "no-plan")}

EVENTS = {
    "cla.start": EventKind("became looked after"),
    "cla.continuing": EventKind("was looked after already, since a day that is not known"),
    "cla.end": EventKind("ceased to be looked after", ("reason",)),
    "cla.review": EventKind("review held", ("participation", "completed_on")),
    "cla.review.latest": EventKind("latest review held; earlier ones may not be recorded"),
    "cla.review.adjourned": EventKind("review adjourned", ("reason",)),
    "cla.review.requested": EventKind("early review called for", ("reason",)),
    "placement.start": EventKind("placement started"),
    "placement.end": EventKind("placement ended", ("reason",)),
    "short-break.start": EventKind("series of short breaks started"),
    "short-break.review": EventKind("short-break review held", ("participation",)),
    "short-break.review.latest": EventKind(
        "latest short-break review held; earlier ones may not be recorded"
    ),
    "short-break.end": EventKind("series of short breaks ended", ("reason",)),
    "cp.strategy": EventKind(
        "strategy discussion", ("section_47",), {"section_47": ("yes", "no")}, before_birth=True
    ),
    "cp.conference.initial": EventKind(
        "initial child protection conference", ("outcome",), _PLAN, before_birth=True
    ),
    "cp.conference.not-required": EventKind(
        "enquiries ended without a conference", ("reason",), before_birth=True
    ),
    "cp.conference.review": EventKind(
        "review child protection conference",
        ("outcome",),
        {"outcome": ("continue", "end")},
        before_birth=True,
    ),
    "cp.conference.review.latest": EventKind(
        "latest review conference held; earlier ones may not be recorded", before_birth=True
    ),
    "cp.plan.start": EventKind("child protection plan started", before_birth=True),
    "cp.transfer-in.notified": EventKind("told that a child on a plan moved in", before_birth=True),
    "cp.conference.transfer-in": EventKind(
        "transfer-in conference", ("outcome",), _PLAN, before_birth=True
    ),
    "cp.core-group": EventKind("core group met", before_birth=True),
    "cp.plan.end": EventKind("child protection plan ended", ("reason",), before_birth=True),
    "child.born": EventKind("child with a pre-birth plan was born"),
    "adoption.authorised": EventKind("authority to place for adoption"),
    "adoption.placed": EventKind("placed for adoption"),
    "adoption.review": EventKind("adoption review held", ("participation",)),
    "adoption.end": EventKind("adoption order made, or child returned", ("reason",)),
    "secure.start": EventKind("secure accommodation started"),
    "secure.review": EventKind("secure accommodation review held"),
    "secure.end": EventKind("secure accommodation ended", ("reason",)),
    "review.decisions": EventKind("written decisions of a review", ("reference",)),
    "review.record": EventKind("full record of a review", ("reference",)),
    "review.distributed": EventKind("record of a review distributed", ("reference",)),
    "dispute.raised": EventKind("formal dispute raised", ("reference", "reason")),
    "dispute.resolved": EventKind("formal dispute resolved", ("reference", "reason")),
}

DETAILS = (
    "outcome",
    "participation",
    "section_47",
    "completed_on",
    "reason",
    "reference",
    "note",
)
