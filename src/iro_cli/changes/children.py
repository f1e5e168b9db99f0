"""Add and edit children, record a death, and allocate children to an IRO or chair."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from shlex import quote

from iro_cli.changes.recording import Recorded, checked_event, record
from iro_cli.dates.words import spoken_short
from iro_cli.errors import InputRefusedError
from iro_cli.facts.model import Allocation, Child, Event
from iro_cli.facts.vocabulary import DIED
from iro_cli.law.catalogue import Catalogue
from iro_cli.obligations.chains import Engine
from iro_cli.obligations.findings import Finding, findings_of
from iro_cli.questions.holding import IRO, Holding, holding_of
from iro_cli.questions.view import known_children
from iro_cli.store.changing import Change
from iro_cli.store.kinds import ALLOCATION, CHILD_DETAIL, FACT

_DAY = timedelta(days=1)


def add_child(
    change: Change, child: Child, allocations: Sequence[Allocation] = (), on: date | None = None
) -> None:
    """
    Add a child who is not in the store yet.

    Args:
        change: The change in which it is stored.
        child: The child's details.
        allocations: The child's IRO and chair.
        on: The day on which these people have to be in post; not checked without it.

    Raises:
        InputRefusedError: There is a child with that id, or somebody may not have the child.
    """
    if change.children(child.child_id):
        raise InputRefusedError(
            f"there is a child {child.child_id!r} already: `iro child edit` changes what is known"
        )
    if on and allocations:
        _refuse(Holding(change.people(), {child.child_id: child}, {}), allocations, on)
    change.add(CHILD_DETAIL, [child])
    change.add(ALLOCATION, allocations)


def refuse_shared(change: Change, child: str, label: str | None, *, added: bool) -> None:
    """
    Refuse an id or a label with which somebody would find another child.

    People type an id or a label, in upper or lower case.  If both lead to different children, a
    review could be recorded for the wrong one.

    Args:
        change: The change, with the children.
        child: The child's id.
        label: The child's new label, if it has one.
        added: Whether the child is new, so that its id is compared too.

    Raises:
        InputRefusedError: Another child has that id or label.
    """
    said = child.casefold()
    shared = []
    if added:
        shared += [
            f"{child!r} is the id {one} with other capitals"
            for one in change.child_ids(child)
            if one != child and one.casefold() == said
        ]
        shared += [
            f"{child!r} is the label of {one}"
            for one, known in change.labels().items()
            if one != child and known.casefold() == said
        ]
    if label:
        shared += [
            f"the label {label!r} is the id of {one}"
            for one in change.child_ids(label)
            if one != child and one.casefold() == label.casefold()
        ]
    if shared:
        raise InputRefusedError(
            "\n".join(shared) + "\nwhoever types it would get the wrong child: if they are two "
            "children, choose another, or add --insist"
        )


def edit_child(change: Change, child: str, values: dict[str, object]) -> tuple[Child, Child]:
    """
    Change the details of a child.

    Args:
        change: The change in which it is stored.
        child: The child.
        values: New values by field; ``None`` removes a value.

    Returns:
        The details before, and the details now.

    Raises:
        InputRefusedError: There is no such child.
    """
    before = known_children(change, [child])[child]
    after = before._replace(**values)  # type: ignore[arg-type]
    if after != before:
        change.withdraw(CHILD_DETAIL, change.standing(CHILD_DETAIL, child))
        change.add(CHILD_DETAIL, [after])
    return before, after


def record_death(
    change: Change, catalogue: Catalogue, child: str, on: date | None, *, today: date, as_of: date
) -> Recorded:
    """
    Record the day on which a child died; a day that is recorded already is replaced.

    Contradictions are reported but do not stop it.  A dead child at the head of the overdue list
    is worse than a meeting that is dated after the death.

    Args:
        change: The change in which it is stored.
        catalogue: The rules.
        child: The child.
        on: The day; ``None`` takes back the recorded day.
        today: Today.
        as_of: The as-of day, which counts instead of today if it is later.

    Raises:
        InputRefusedError: There is no such child, or the day is in the future.
    """
    known_children(change, [child])
    event = checked_event(Event(DIED, on), today=today, as_of=as_of) if on else None
    others = [
        row
        for row in change.standing(FACT, child)
        if row.record.event.event == DIED and row.record.event.on != on
    ]
    # A child has one day of death, so a new day replaces the earlier one, however far apart they
    # are.
    change.withdraw(FACT, others)
    if event is None:
        return Recorded([], [child] if others else [], [], [])
    return record(change, catalogue, event, [child], insist=True)


def contradictions(
    change: Change, catalogue: Catalogue, before: Child, after: Child, as_of: date
) -> list[Finding]:
    """
    Return the contradictions that a change of the child's details has brought about.

    For example, a review was held before the birth, once the date of birth is corrected.

    Args:
        change: The change, with the facts.
        catalogue: The rules.
        before: The child's details before.
        after: The child's details now.
        as_of: The last day whose facts are known.
    """
    work = Engine(catalogue)
    events = dict(change.cases(as_of, after.child_id, whole=True)).get(after.child_id, [])
    known = {(one.kind, one.on, one.event) for one in findings_of(work, before, events, as_of)}
    return [
        one
        for one in findings_of(work, after, events, as_of)
        if (one.kind, one.on, one.event) not in known
    ]


def _refuse(known: Holding, allocations: Sequence[Allocation], on: date) -> None:
    """Refuse somebody who may not have the child, and different IROs for siblings."""
    together = {one.child_id for one in allocations}
    problems = []
    for one in allocations:
        problems += known.problems(one.child_id, one.role, one.name, on)
        if one.role == IRO and not one.reason:
            problems += known.apart(one.child_id, one.name, on, together)
    if problems:
        raise InputRefusedError("\n".join(dict.fromkeys(problems)))


def _refuse_before_another(standing: Iterable[Allocation], begins: date) -> None:
    """Refuse an allocation that begins before another one of the same child and role."""
    # It would end the later one, or be hidden by it.  The user has to say which of them is wrong.
    for one in standing:
        if one.from_on is not None and one.from_on > begins:
            raise InputRefusedError(
                f"{one.child_id} is allocated to {one.name} from {spoken_short(one.from_on)} on, "
                f"which is later than {spoken_short(begins)}: take that back first, "
                "with `iro undo` if it was the last change "
                f"(`iro history {quote(one.child_id)}` says which it was)"
            )


def allocate(
    change: Change,
    children: Sequence[str],
    role: str,
    name: str,
    begins: date,
    reason: str | None = None,
) -> list[str]:
    """
    Allocate children to a person from a day on; an earlier allocation ends the day before.

    Args:
        change: The change in which it is stored.
        children: The children.
        role: ``iro`` or ``chair``.
        name: The person.
        begins: The first day.
        reason: Why siblings have different IROs.

    Returns:
        The children whose allocation changed.

    Raises:
        InputRefusedError: A child is unknown, a later allocation stands, or the
            person may not have the child.
    """
    changed, fresh = [], list[Allocation]()
    known_children(change, children)
    known = holding_of(change, change.siblings(children))
    standing = [row for row in change.standing(ALLOCATION, children) if row.record.role == role]
    for child in dict.fromkeys(children):
        rows = [row for row in standing if row.record.child_id == child]
        _refuse_before_another([row.record for row in rows], begins)
        current = [row for row in rows if row.record.to_on is None or row.record.to_on >= begins]
        same = [row for row in current if row.record.name == name and row.record.to_on is None]
        if same:
            if reason not in (None, same[-1].record.reason):
                change.replace(ALLOCATION, same[-1], same[-1].record._replace(reason=reason))
                changed.append(child)
            continue
        for row in current:
            # If the earlier allocation began on the same day, nothing of it is left.
            whole = begins in (row.record.from_on, date.min)
            before = [] if whole else [row.record._replace(to_on=begins - _DAY)]
            change.replace(ALLOCATION, row, *before)
        fresh.append(Allocation(child, role, name, begins, None, reason))
        changed.append(child)
    # After all the children, so that one message names every problem.
    _refuse(known, fresh, begins)
    change.add(ALLOCATION, fresh)
    return changed
