"""Find where sources disagree about a child, and what the census rules forbid."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from itertools import combinations

from iro_cli.dates.months import birthday
from iro_cli.dates.words import spoken_short
from iro_cli.facts.model import Child, Event
from iro_cli.facts.twice import ONCE_IN, twins
from iro_cli.facts.vocabulary import CARE_BEGINS, FIRST_CONFERENCES, UNDER_FOUR, VIEWS_FROM_AGE
from iro_cli.lean import NamedTuple
from iro_cli.questions.twice import consequence
from iro_cli.questions.view import View
from iro_cli.store.put_right import PutRight, put_right
from iro_cli.store.statements import TYPED, Stated, statements

_REVIEWS = ("cla.review", "cla.review.latest", "adoption.review")
_CONFERENCES = ("cp.conference.review", "cp.conference.review.latest")
# A conference at most this many days from the start of a plan is taken for the one that made the
# plan, with a wrong day.
_NEAR = 28
_TWO_DAYS = "two-days"


class SourceRow(NamedTuple):
    """
    One finding about what sources say.

    Attributes:
        child: The child.
        finding: A short name that stays the same.
        rule: The census rule that forbids it, if one does.
        dates: The days it is about, soonest first.
        sources: Who states them, with file and row.
        message: What is wrong, in dates.
        remedy: What to do.
    """

    child: str
    finding: str
    rule: str | None
    dates: tuple[str, ...]
    sources: tuple[str, ...]
    message: str
    remedy: str


class _Coverage(NamedTuple):
    """The first and the last day of the facts of a kind that a source states, for all children."""

    begins: date
    ends: date


_Extents = dict[tuple[str, str], _Coverage]


def _finding(
    child: str, finding: str, rule: str | None, stated: Iterable[Stated], message: str, remedy: str
) -> SourceRow:
    named = sorted(stated, key=lambda one: (one.on, one.where))
    return SourceRow(
        child,
        finding,
        rule,
        tuple(dict.fromkeys(one.on.isoformat() for one in named)),
        tuple(dict.fromkeys(one.where for one in named)),
        message,
        remedy,
    )


def _said(one: Stated) -> str:
    return f"{spoken_short(one.on)} ({one.where})"


# ---------------------------------------------------------------- sources against each other


def _family(event: str) -> str:
    return event.split(".", maxsplit=1)[0]


def _extents(cases: Iterable[tuple[str, list[Stated]]]) -> _Extents:
    found: _Extents = {}
    for _, stated in cases:
        for one in stated:
            key = (one.by, _family(one.event))
            known = found.get(key, _Coverage(one.on, one.on))
            found[key] = _Coverage(min(known.begins, one.on), max(known.ends, one.on))
    return found


def _last(stated: Sequence[Stated], events: Sequence[str]) -> dict[str, Stated]:
    """Return, for each source, the last of these events that it states."""
    found: dict[str, Stated] = {}
    for one in stated:
        if one.event in events and (one.by not in found or one.on >= found[one.by].on):
            found[one.by] = one
    return found


def _differing(
    child: str, stated: Sequence[Stated], events: Sequence[str], finding: str, what: str
) -> Iterator[SourceRow]:
    """Compare a day that each source gives once."""
    for one, other in combinations(_last(stated, events).values(), 2):
        if one.on == other.on or _of_two(stated, one, other):
            continue
        yield _finding(
            child,
            finding,
            None,
            (one, other),
            f"{what}: {_said(one)}, and {_said(other)}",
            "find out which is right, and put the other source right or take its fact back with "
            "`iro record … --withdraw`",
        )


def _of_two(stated: Sequence[Stated], one: Stated, other: Stated) -> bool:
    """Say whether two days belong to two periods or enquiries, and not to the same one."""
    # Two starts of care are two periods if care ended in between, and two days for one start if
    # it did not.
    first, last = sorted((one.on, other.on))
    family = _family(one.event)
    turn = ".start" if one.event.endswith(".end") else ".end"
    return any(
        (first <= also.on <= last and also.event.endswith(turn) and _family(also.event) == family)
        or (
            one.event in FIRST_CONFERENCES
            and also.event == "cp.strategy"
            and first < also.on <= last
        )
        for also in stated
    )


def _missing(
    child: str,
    stated: Sequence[Stated],
    events: Sequence[str],
    extents: _Extents,
    finding: str,
    what: str,
) -> Iterator[SourceRow]:
    """Find meetings, the last of each source, that are missing from sources that cover the day."""
    last = _last(stated, events)
    for by, one in last.items():
        family = _family(one.event)
        # People record what the extracts do not have, so nothing is missing from what they typed.
        for other in sorted({also.by for also in stated} - {by, TYPED}):
            extent = extents.get((other, family))
            if extent is None or not extent.begins <= one.on <= extent.ends:
                continue
            theirs = [also for also in stated if also.by == other and also.event in events]
            if any(also.on == one.on for also in theirs):
                continue
            # A source without any such meeting shows that it was not held only if it has the
            # period of care or the plan.
            if not theirs:
                start = _period_with(one, other, stated)
                if start is None:
                    continue
                nearest, words = start, f"which has none since the start on {_said(start)}"
            # A list of latest meetings has no room for an earlier one.
            elif last[other].event.endswith(".latest") and one.on <= last[other].on:
                continue
            else:
                nearest = min(theirs, key=lambda also: abs((also.on - one.on).days))
                words = f"whose nearest is {_said(nearest)}"
            yield _finding(
                child,
                finding,
                None,
                (one, nearest),
                f"{what} on {_said(one)} is not in {other}, {words}",
                "find out when it was held; two dates for one meeting count as two",
            )


def _period_with(one: Stated, other: str, stated: Sequence[Stated]) -> Stated | None:
    """Return the start of the period in which a meeting was held, as another source gives it."""
    found: Stated | None = None
    for also in sorted(stated, key=lambda also: also.on):
        if also.by == other and _family(also.event) == _family(one.event) and also.on < one.on:
            if also.event.endswith(".end"):
                found = None
            elif also.event.endswith((".start", ".continuing")):
                found = also
    return found


def _nearness(one: Stated) -> int:
    """Return how far from a person a statement is: 0 typed in, 1 in our own file, 2 extract."""
    return 2 if one.by != TYPED else 1 if one.source else 0


def _from_another(one: Stated, other: Stated) -> bool:
    """Say whether *one* is from a person, or from a file of our own, and *other* from elsewhere."""
    if _nearness(one) != _nearness(other):
        return _nearness(one) < _nearness(other)
    files = [(also.source or "").rpartition(":")[0] for also in (one, other)]
    return _nearness(one) == 1 and files[0] != files[1] and one.on < other.on


def _two_days(child: str, stated: Sequence[Stated]) -> Iterator[SourceRow]:
    """Find what a person recorded on one day and a file gives on another day near it."""
    events = [Event(one.event, one.on, one.outcome) for one in stated]
    typed = {(one.event, one.on) for one in stated if _nearness(one) == 0}
    for one in stated:
        for other in twins(Event(one.event, one.on), events) if one.by == TYPED else ():
            also = [
                theirs
                for theirs in stated
                if (theirs.event, theirs.on) == other[:2] and _from_another(one, theirs)
            ]
            if also and other[:2] not in typed:
                yield _finding(
                    child,
                    _TWO_DAYS,
                    None,
                    (one, also[0]),
                    f"{one.event} on {_said(one)}, and {_said(also[0])}: probably one and the same",
                    f"`iro record {one.event} {child} --on {also[0].on} --correct` puts the "
                    "recorded day right, or have the file put right at its source",
                )


def _put_right(
    view: View, child: str, stated: Sequence[Stated], mended: Iterable[PutRight]
) -> Iterator[SourceRow]:
    """Find what a person put right, if no later extract gives the right day."""
    for before in mended:
        if before.stated_by is None or before.now is None:
            continue
        stands = [one for one in stated if (one.event, one.on) == before.now[:2]]
        if not stands or any(one.by == before.stated_by for one in stands):
            continue
        was = Stated(before.event, before.on, before.stated_by, before.source, None, None)
        now = stands[0]
        if was.on == now.on:
            continue
        does = consequence(view, child, Event(was.event, was.on), Event(now.event, now.on))
        yield _finding(
            child,
            _TWO_DAYS,
            None,
            (now, was),
            f"{was.event} on {_said(was)} was put right by a person, to {_said(now)}, and no later "
            "extract has that day" + (f"; {does}" if does else ""),
            "have the extract put right at its source; until then each import leaves its day out",
        )


def _with_consequence(view: View, row: SourceRow) -> SourceRow:
    """Add to a finding how the next date differs if both of its days count."""
    if len(row.dates) != 2 or not any(one.startswith(TYPED) for one in row.sources):
        return row
    first, last = (date.fromisoformat(one) for one in row.dates)
    if (last - first).days > ONCE_IN:
        return row
    events = dict(view.reader.cases(view.as_of, row.child, whole=True)).get(row.child, [])
    recorded = first if row.sources[0].startswith(TYPED) else last
    for one in events:
        for other in twins(one, events) if one.on != recorded else ():
            if {one.on, other.on} == {first, last} and (
                words := consequence(view, row.child, one, other)
            ):
                return row._replace(message=f"{row.message}; {words}")
    return row


# ---------------------------------------------------------------- what the census forbids


def _plan_starts(child: str, stated: Sequence[Stated]) -> Iterator[SourceRow]:
    conferences = [
        one for one in stated if one.event in FIRST_CONFERENCES and one.outcome != "no-plan"
    ]
    # Rule 2885: a plan starts on the day of the conference that made it.  A conference more than
    # some weeks away made another plan.
    for plan in (one for one in stated if one.event == "cp.plan.start"):
        near = [one for one in conferences if abs((one.on - plan.on).days) <= _NEAR]
        if near and not any(one.on == plan.on for one in near):
            yield _finding(
                child,
                "plan-not-on-conference",
                "2885",
                (plan, *near),
                f"the plan started on {_said(plan)}, and the conference was on "
                f"{', '.join(map(_said, near))}",
                "a plan starts on the day of the conference: put one of the two right",
            )
    # Rule 8841: the first review of a plan comes after its start.  A "review" on that day or just
    # before it is mostly the initial conference under another name.
    for review in (one for one in stated if one.event in _CONFERENCES):
        for plan in (one for one in stated if one.event == "cp.plan.start"):
            if 0 <= (plan.on - review.on).days <= _NEAR:
                yield _finding(
                    child,
                    "review-before-plan",
                    "8841",
                    (review, plan),
                    f"the review conference on {_said(review)} is not after the plan's start on "
                    f"{_said(plan)}",
                    "put its date right, or take it back: it may be the initial conference",
                )


def _not_working(child: str, stated: Sequence[Stated], view: View) -> Iterator[SourceRow]:
    for one in (one for one in stated if one.event in FIRST_CONFERENCES):
        if not view.calendar.known_from <= one.on <= view.calendar.known_to:
            continue
        if view.calendar.is_working_day(one.on):
            continue
        day = "a weekend" if one.on.isoweekday() > 5 else "a bank holiday"
        yield _finding(
            child,
            "conference-not-on-a-working-day",
            "8875",
            (one,),
            f"the conference on {_said(one)} was on {day}",
            "put its date right, or confirm that it was held that day",
        )


def _participation(
    child: str, stated: Sequence[Stated], known: Child | None
) -> Iterator[SourceRow]:
    born = known.date_of_birth if known else None
    if born is None:
        return
    # Rules 440 and 441: PN0 up to the fourth birthday, PN1 to PN7 from then on.  On the birthday
    # itself both are right.
    fourth = birthday(born, VIEWS_FROM_AGE)
    for one in stated:
        if one.participation is None:
            continue
        under = one.participation == UNDER_FOUR
        if under and one.on > fourth:
            rule, why = "440", "after the fourth birthday"
        elif not under and one.on < fourth:
            rule, why = "441", "before the fourth birthday"
        else:
            continue
        yield _finding(
            child,
            "participation-against-age",
            rule,
            (one,),
            f"{one.participation} for the review on {_said(one)}, {why} ({spoken_short(fourth)})",
            "put the code right, or the date of birth",
        )


def _in_breaks(child: str, stated: Sequence[Stated]) -> Iterator[SourceRow]:
    """Find looked-after reviews of days on which the child was only in short breaks."""
    in_care = in_breaks = False
    # What ends on a day comes before what begins on it: a child may leave short breaks and begin
    # to be looked after on one day.
    for one in sorted(stated, key=lambda one: (one.on, not one.event.endswith(".end"))):
        if one.event in CARE_BEGINS:
            in_care = True
        elif one.event == "cla.end":
            in_care = False
        elif one.event == "short-break.start":
            in_breaks = True
        elif one.event == "short-break.end":
            in_breaks = False
        elif one.event in ("cla.review", "cla.review.latest") and in_breaks and not in_care:
            yield _finding(
                child,
                "review-in-short-breaks",
                "399",
                (one,),
                f"the review on {_said(one)} is a looked-after review, and the child was in short "
                "breaks only (V3 or V4)",
                "record it as short-break.review, or put the legal status right",
            )


def source_findings(view: View) -> list[SourceRow]:
    """
    Return the disagreements between sources and the breaches of census rules, by child and day.

    A fact is reported as missing from a source only if the source's facts reach that day: last
    year's return says nothing about this year's reviews.
    """
    children = view.reader.children()
    cases = statements(view.reader, view.as_of)
    extents = _extents(cases)
    mended = put_right(view.reader)
    checks: list[Callable[[str, list[Stated]], Iterable[SourceRow]]] = [
        lambda child, of: _differing(
            child, of, ("cla.start",), "start-of-care", "became looked after"
        ),
        lambda child, of: _differing(child, of, ("cla.end",), "end-of-care", "care ended"),
        lambda child, of: _differing(
            child, of, ("cp.plan.start",), "start-of-plan", "the plan started"
        ),
        lambda child, of: _differing(
            child, of, FIRST_CONFERENCES, "initial-conference", "the conference was held"
        ),
        lambda child, of: _missing(child, of, _REVIEWS, extents, "latest-review", "the review"),
        lambda child, of: _missing(
            child, of, _CONFERENCES, extents, "latest-conference", "the review conference"
        ),
        _two_days,
        lambda child, of: _put_right(view, child, of, mended.get(child, ())),
        _plan_starts,
        lambda child, of: _not_working(child, of, view),
        lambda child, of: _participation(child, of, children.get(child)),
        _in_breaks,
    ]
    found: list[SourceRow] = []
    for child, stated in cases:
        for check in checks:
            found += check(child, stated)
    found.sort(key=lambda row: (row.child, row.dates, row.finding, row.sources))
    # If each of two sources lacks the other's meeting, there are two findings about the same two
    # days.  One of them is enough.
    once = list({(row.child, row.finding, row.dates): row for row in reversed(found)}.values())
    named = {(row.child, row.dates) for row in once if row.finding != _TWO_DAYS}
    return [
        _with_consequence(view, row)
        for row in reversed(once)
        if row.finding != _TWO_DAYS or (row.child, row.dates) not in named
    ]


__all__ = ["TYPED", "SourceRow", "source_findings"]
