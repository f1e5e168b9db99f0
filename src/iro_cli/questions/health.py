"""Find what is wrong with the facts, the store and the calendar."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from datetime import date
from functools import partial
from heapq import nsmallest
from itertools import chain, combinations
from operator import itemgetter

from iro_cli.dates.months import add_months
from iro_cli.dates.words import spoken_short
from iro_cli.facts.identifiers import DIFFERENCES, look_alikes
from iro_cli.facts.model import Child, Event, Unsaid
from iro_cli.facts.names import alike, folded, other_spellings
from iro_cli.figures.gaps import Gap, gaps_of
from iro_cli.lean import NamedTuple
from iro_cli.obligations.chains import Engine
from iro_cli.obligations.findings import Unexplained, explained, unexplained_of
from iro_cli.obligations.silences import not_carried, not_said
from iro_cli.progress import through
from iro_cli.questions.chain import broken
from iro_cli.questions.holding import AllocationFinding, allocation_findings
from iro_cli.questions.naming import SAME_PERSON, spellings
from iro_cli.questions.recount import Recount, recount, unlisted_holidays
from iro_cli.questions.view import View
from iro_cli.sentences.findings import message_of, remedy_of
from iro_cli.sentences.gaps import gap_command, gap_words
from iro_cli.sentences.silences import remedy_words, unknown_words
from iro_cli.store.reading import Only

ERROR, WARNING = "error", "warning"
# How many children without events are named.
_NAMED = 10
_NAME = itemgetter(0)
# The check of the chain of changes.
CHAIN = "chain"
# The check of the pages of the store's file, and of what can be read from them.
STORE = "store"


class HealthRow(NamedTuple):
    """One finding: how bad it is, which child and day it is about, what is wrong, what to do."""

    severity: str
    check: str
    child: str | None
    date: str | None
    event: str | None
    message: str
    remedy: str


def _telling(view: View, kinds: Collection[str]) -> frozenset[str]:
    """Return the rules that can find anything: those shown, and those met by an event here."""
    catalogue = view.catalogue
    return frozenset(
        rule.id
        for rule in catalogue.rules.values()
        if catalogue.is_shown(rule) or any(match.event in kinds for match in rule.met_by)
    )


def _work_of(
    view: View, child: Child, home: Engine, abroad: dict[str, Engine], kinds: Collection[str]
) -> Engine:
    """Return the engine for a child's own nation; *home* if there are no rules for it."""
    own = view if child.nation is None else view.of(child)
    if own is view or child.nation is None:
        return home
    if child.nation not in abroad:
        abroad[child.nation] = Engine(own.catalogue, _telling(own, kinds))
    return abroad[child.nation]


def _cases(
    view: View, only: Only, stands: Mapping[str, Sequence[Event]]
) -> Iterator[tuple[str, Sequence[Event]]]:
    """Yield each child that has events, with those up to the as-of day, read if not given."""
    if only is None or not stands:
        yield from view.reader.cases(view.as_of, only, whole=True)
        return
    as_of = view.as_of
    for child_id in sorted(stands.keys() & set(only)):
        events = stands[child_id]
        if events and events[-1].on > as_of:
            events = [one for one in events if one.on <= as_of]
        if events:
            yield child_id, events
    yield from view.reader.cases(view.as_of, set(only) - stands.keys(), whole=True)


class _Noticed(NamedTuple):
    """A finding that is not put into words yet: of a million, only the shown ones need them."""

    child: str
    date: str
    check: str
    worded: Callable[[], HealthRow]


class _LookedAt(NamedTuple):
    """
    What was found in the facts of one child, before it is put into words.

    Attributes:
        work: The engine that ran the child's clocks.
        child: The child; without details if nothing but events is known.
        events: The events.
        unexplained: What does not fit in them.
        gaps: What calls for a date and has none.
        is_known: Whether the child's details are known; if not, the events are not looked at.
    """

    work: Engine
    child: Child
    events: Sequence[Event]
    unexplained: Sequence[Unexplained] = ()
    gaps: Sequence[Gap] = ()
    is_known: bool = True

    @property
    def number(self) -> int:
        """Return how many findings there are."""
        return len(self.unexplained) + len(self.gaps) + (not self.is_known)

    def noticed(self) -> Iterator[_Noticed]:
        """Yield the findings."""
        work, child, events, unexplained, gaps, is_known = self
        child_id = child.child_id
        if not is_known:
            yield _Noticed(child_id, "", "no-details", partial(_without_details, child_id))
        for one in unexplained:
            worded = partial(_unfit, work, child, events, one)
            yield _Noticed(child_id, one.on.isoformat(), one.kind, worded)
        for gap in gaps:
            yield _Noticed(child_id, gap.on.isoformat(), gap.check, partial(_gap, child_id, gap))


class HealthSummary(NamedTuple):
    """How many findings there are, about how many children, and the first of them."""

    findings: int
    children: int
    first: list[HealthRow]


_BY_CHILD = itemgetter(0, 1, 2)


def facts_of(view: View, only: Only = None) -> list[HealthRow]:
    """
    Return the contradictions and gaps in facts and allocations, by child and day.

    Args:
        view: The store, the rules and the day.
        only: The children to look at; for allocations, their siblings are looked at too.
    """
    noticed = chain(
        chain.from_iterable(one.noticed() for one in _looked_at(view, only, {}, {})),
        _of_allocations(view, only),
    )
    # Each is put into words at once, so that the child's events need not be kept until the end.
    rows = [(one[:3], one.worded()) for one in noticed]
    return [row for _, row in sorted(rows, key=itemgetter(0))]


def facts_in_short(
    view: View,
    only: Collection[str],
    described: Mapping[str, Child],
    stands: Mapping[str, Sequence[Event]],
    shown: int,
    *,
    told: Collection[tuple[str, str, str]] = (),
) -> HealthSummary:
    """
    Sum up what :func:`facts_of` returns, because an import may have a million findings.

    Args:
        view: The store, the rules and the day.
        only: The children; findings about their siblings are not counted.
        described: The details of some of these children; they are not read again.
        stands: All facts of some of them, in order of day and name; they are not read again.
        shown: How many of the findings are put into words.
        told: The child, the day and the check of findings that are told elsewhere.
    """
    number, children = 0, set[str]()
    told_of = {child_id for child_id, _, _ in told}
    found: list[_Noticed] = []
    # The last child of whom a finding can be among the first.
    last: str | None = None
    for one in _looked_at(view, only, described, stands):
        child_id, count = one.child.child_id, one.number
        if child_id in told_of:
            count = sum(1 for each in one.noticed() if each[:3] not in told)
        number += count
        if count:
            children.add(child_id)
        if last is None or child_id < last:
            found += [each for each in one.noticed() if each[:3] not in told]
            if len(found) >= shown:
                found = nsmallest(shown, found, key=_BY_CHILD)
                last = found[-1].child
    of_allocations = [
        one for one in _of_allocations(view, only) if one.child in only and one[:3] not in told
    ]
    number += len(of_allocations)
    children.update(one.child for one in of_allocations)
    first = nsmallest(shown, [*found, *of_allocations], key=_BY_CHILD)
    return HealthSummary(number, len(children), [one.worded() for one in first])


def _looked_at(
    view: View,
    only: Only,
    described: Mapping[str, Child],
    stands: Mapping[str, Sequence[Event]],
) -> Iterator[_LookedAt]:
    """Yield each child in whose facts something was found."""
    # A first import has the events of nearly all children at hand: few rows are read for this.
    at_hand = map(_NAME, chain.from_iterable(stands.values()))
    kinds = view.reader.event_names(stands).union(at_hand)
    work, as_of = Engine(view.catalogue, _telling(view, kinds)), view.as_of
    abroad: dict[str, Engine] = {}
    children: Mapping[str, Child] | None = None
    cases = through(_cases(view, only, stands), "Checking", partial(_count, view, only), "children")
    for child_id, events in cases:
        child = described.get(child_id)
        if child is None:
            if children is None:  # only read if it is asked for
                children = view.reader.children(only)
            child = children.get(child_id)
        if child is None:
            yield _LookedAt(work, Child(child_id), events, is_known=False)
            continue
        own = _work_of(view, child, work, abroad, kinds)
        unexplained = unexplained_of(own, child, events, as_of)
        gaps = gaps_of(own, child, events, as_of)
        if unexplained or gaps:
            yield _LookedAt(own, child, events, unexplained, gaps)


def _of_allocations(view: View, only: Only) -> Iterator[_Noticed]:
    """Yield what does not fit in the allocations of children."""
    for held in allocation_findings(view, only):
        yield _Noticed(held.child or "", "", held.check, partial(_allocated, held))


def _count(view: View, only: Only) -> int:
    if only is None:
        return len(view.reader.child_ids())
    return 1 if isinstance(only, str) else len(set(only))


def _without_details(child_id: str) -> HealthRow:
    return HealthRow(
        WARNING,
        "no-details",
        child_id,
        None,
        None,
        "events are recorded, and nothing else is known of the child",
        f"`iro child add {child_id}` adds what is known",
    )


def _unfit(work: Engine, child: Child, events: Sequence[Event], found: Unexplained) -> HealthRow:
    one, child_id = explained(work, child, events, found), child.child_id
    severity, on = ERROR if one.blocks else WARNING, one.on.isoformat()
    return HealthRow(severity, one.kind, child_id, on, one.event, message_of(one), remedy_of(one))


def _gap(child_id: str, one: Gap) -> HealthRow:
    words = f"{spoken_short(one.on)}, {one.event}: {gap_words(one)}"
    on, remedy = one.on.isoformat(), f"`{gap_command(one)}`"
    return HealthRow(WARNING, one.check, child_id, on, one.event, words, remedy)


def _allocated(one: AllocationFinding) -> HealthRow:
    severity = ERROR if one.wrong else WARNING
    return HealthRow(severity, one.check, one.child, None, None, one.message, one.remedy)


def _names(view: View) -> list[HealthRow]:
    """Return the names of people that are probably another name mistyped."""
    held = view.reader.holder_names()
    recorded = {folded(one.name) for one in view.reader.people()}
    written = sorted(set(spellings(view.reader).values()))
    rows = [
        HealthRow(
            WARNING,
            "names-alike",
            None,
            None,
            None,
            f"{name} and {near} are nearly the same name, and counted as two people",
            SAME_PERSON.format(name, near),
        )
        # Two people who are both recorded are two people: somebody said so.
        for name, near in alike(written)
        if not {folded(name), folded(near)} <= recorded
    ]
    return rows + [
        HealthRow(
            WARNING,
            "name-spelt-twice",
            None,
            None,
            None,
            f"{name} and {shown} are one name in two spellings, and counted as one person",
            "put it right at its source; a new allocation is written as the store has the name",
        )
        for name, shown in sorted(other_spellings(held).items())
    ]


def _look_alikes(view: View) -> list[HealthRow]:
    """Return the pairs of ids that may be two ways of writing one, each pair once."""
    return [
        HealthRow(
            WARNING,
            "id-alike",
            child_id,
            None,
            None,
            f"the id differs from {other} only by {DIFFERENCES}",
            "if they are one child, record what belongs to it under one of them and erase the "
            "other (`iro child erase`); where an import brings it, mend the id at its source first",
        )
        for group in look_alikes(view.reader.child_ids())
        for other, child_id in combinations(group, 2)
    ]


def _without_events(view: View) -> list[HealthRow]:
    """Return the children of whom no event is recorded, in one row: nothing is due for them."""
    found = view.reader.without_events()
    if not found:
        return []
    alone = found[0] if len(found) == 1 else None
    more = f" and {len(found) - _NAMED:,} more" if len(found) > _NAMED else ""
    named = f"{', '.join(found[:_NAMED])}{more}"
    return [
        HealthRow(
            WARNING,
            "no-events",
            alone,
            None,
            None,
            "no event is recorded, so no date can be worked out for this child"
            if alone
            else f"no event is recorded of {len(found):,} children, so no date can be worked out "
            f"for them: {named}",
            f"if {'the child' if alone else 'one of them'} is looked after or on a plan, record "
            f"what began (`iro record cla.start {alone or 'CHILD'} --on DATE`), or import the file "
            "that has it",
        )
    ]


def _labels(view: View) -> list[HealthRow]:
    """Return the children whose label is the id of another child."""
    ids = {one.casefold(): one for one in view.reader.child_ids()}
    return [
        HealthRow(
            WARNING,
            "label-alike",
            child_id,
            None,
            None,
            f"the label {label} is the id of {other}: whoever types it means {other}",
            f"`iro child edit {child_id} --label TEXT` gives another label",
        )
        for child_id, label in view.reader.labels().items()
        if (other := ids.get(label.casefold(), child_id)) != child_id
    ]


def _sources(view: View) -> list[HealthRow]:
    """Return the packs whose sources were last read more than a year ago or on no known day."""
    return [
        HealthRow(
            WARNING,
            "sources",
            None,
            pack.read_on.isoformat(),
            None,
            f"{pack.name}: its sources were last read on {spoken_short(pack.read_on)}, more than "
            "a year ago",
            "read them again, and change read_on in the pack"
            if number
            else "install a newer version, or read what has changed since",
        )
        for number, pack in enumerate(view.catalogue.packs)
        if pack.read_on and add_months(pack.read_on, 12) < view.as_of
    ] + [
        HealthRow(
            WARNING,
            "sources",
            None,
            None,
            None,
            f"{pack.name}: the pack does not say when its sources were read",
            "read them, and give the day as read_on in the pack",
        )
        for pack in view.catalogue.packs
        if not pack.read_on
    ]


def _silences(view: View) -> list[HealthRow]:
    """Return what extracts do not carry, each once, with the days."""
    found = dict.fromkeys(not_carried(one) for one in view.reader.carried() if one.lacks)
    return [
        HealthRow(
            WARNING,
            "not-carried",
            None,
            None,
            None,
            f"{unknown_words([one])}: dates that depend on it are marked or left out",
            remedy_words([one]),
        )
        for one in found
    ]


def _unsaid(view: View) -> list[HealthRow]:
    """Return what extracts leave out for single children, each once."""
    # One reason can leave out several kinds of event, or days of several extracts.  It is reported
    # once, from the first day on.
    found: dict[tuple[str, str, str], Unsaid] = {}
    for one in view.reader.unsaid():
        key = (one.child_id, one.source, one.lacks)
        found[key] = min(one, found.get(key, one), key=lambda each: each.from_on or date.min)
    return [
        HealthRow(
            WARNING,
            "not-carried",
            child_id,
            one.from_on.isoformat() if one.from_on else None,
            None,
            f"{unknown_words([not_said(one)])}: dates that depend on it are marked or left out",
            remedy_words([not_said(one)]),
        )
        for (child_id, *_), one in found.items()
    ]


def _store(view: View) -> list[HealthRow]:
    found = [
        HealthRow(
            ERROR if one.damage else WARNING, one.check, None, None, None, one.message, one.remedy
        )
        for one in view.reader.store.flaws(view.reader)
    ]
    found += [
        HealthRow(ERROR, CHAIN, None, None, None, message, remedy)
        for message, remedy in broken(view.reader)
    ]
    # The next review after one held today is due within six months (reg. 33(2)).  From here on,
    # the last working day before that may rest on bank holidays that are not confirmed.
    if add_months(view.as_of, 6) > view.calendar.confirmed_to:
        found.append(
            HealthRow(
                WARNING,
                "calendar",
                None,
                None,
                None,
                f"bank holidays are confirmed to {spoken_short(view.calendar.confirmed_to)} only",
                "install a newer version, or add what was proclaimed with `iro calendar add`",
            )
        )
    return found


class Health(NamedTuple):
    """The findings, and how many open dates were counted a second time."""

    rows: list[HealthRow]
    recounted: int


def _counts(found: Recount, view: View) -> list[HealthRow]:
    """Return the open dates that other libraries count differently, and holidays new to us."""
    rows = [
        HealthRow(
            ERROR,
            "recount",
            one.child,
            one.found.due.isoformat(),
            None,
            f"{one.found.rule.id} is due on {spoken_short(one.found.due)} by our count, and on "
            f"{spoken_short(one.recounted)} by python-dateutil and holidays",
            "do not rely on the date; please report the timescale and the day its clock started",
        )
        for one in found.disagreements
    ]
    return rows + [
        HealthRow(
            WARNING,
            "bank-holiday",
            None,
            day.isoformat(),
            None,
            f"the installed holidays package has {spoken_short(day)} as a bank holiday; this "
            "version's list does not",
            f"if it was proclaimed, `iro calendar add {day} --name NAME`",
        )
        for day in unlisted_holidays(view)
    ]


def health(view: View) -> Health:
    """
    Return what is wrong with the store, the counts and the ids, then the facts by child and day.

    Raises:
        StoreError: The store cannot be read at all.
    """
    again = recount(view)
    # The store comes first: if that is damaged, nothing below can be relied on.
    rows = [
        *_store(view),
        *_sources(view),
        *_silences(view),
        *_unsaid(view),
        *_counts(again, view),
        *_without_events(view),
        *_look_alikes(view),
        *_labels(view),
        *_names(view),
        *facts_of(view),
    ]
    return Health(rows, again.counted)
