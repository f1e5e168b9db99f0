"""Hand a whole caseload over from one person to another, in one change."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, timedelta

from iro_cli.dates.words import spoken_short
from iro_cli.errors import InputRefusedError
from iro_cli.facts.holding import holding
from iro_cli.facts.model import Allocation
from iro_cli.law.catalogue import nearest
from iro_cli.questions.holding import CHAIR, IRO, ROLE_WORDS, Holding, holding_of
from iro_cli.store.changing import Change
from iro_cli.store.kinds import ALLOCATION

_DAY = timedelta(days=1)


def hand_over(
    change: Change,
    old: str,
    new: str,
    begins: date,
    *,
    roles: Sequence[str] = (IRO, CHAIR),
    children: Collection[str] = (),
    reason: str | None = None,
) -> dict[str, list[str]]:
    """
    Hand the children of one person over to another from a day on, all of them or none.

    Allocations from later days are handed over with their own days.

    Args:
        change: The change in which it is stored.
        old: The person who has the children; capitals do not matter.
        new: The person who will have them.
        begins: The new person's first day; the last day of the old one is the day before.
        roles: The roles that are handed over.
        children: Only these children; all if it is empty.
        reason: Why siblings get different IROs.

    Returns:
        The children by role, in order.

    Raises:
        InputRefusedError: The old person has none of them, or the new one may not have them.
    """
    theirs = change.held_by(old)
    known = holding_of(change, change.siblings(theirs))
    passing = {
        (child, role): times
        for child in sorted(theirs & {*(children or theirs)})
        for role in roles
        if (times := passing_on(known.allocations[child], role, old, begins))
    }
    without = {*children} - {child for child, _ in passing}
    # All of them or none: a named child whom the old person does not have would stay behind
    # unnoticed.
    if without or not passing:
        raise _nothing_held(change, old, begins, roles, without)
    additions = [
        one._replace(name=new, reason=reason or one.reason)
        for times in passing.values()
        for one in times
    ]
    problems = _problems(known, old, additions, parted=bool(reason))
    if problems:
        raise InputRefusedError("\n".join(problems))
    change.add(ALLOCATION, [*additions, *_let_go(change, passing, old, begins)])
    moved: dict[str, list[str]] = {}
    for child, role in passing:
        moved.setdefault(role, []).append(child)
    return moved


def later_holders(
    change: Change, moved: Mapping[str, Collection[str]], name: str, begins: date
) -> dict[tuple[date, str, str], list[str]]:
    """
    Return who else has children that were handed over, from a later day on.

    Args:
        change: The change in which they were handed over.
        moved: The children by role.
        name: The person who took them over.
        begins: That person's first day.

    Returns:
        The children in order, by the first day, the person and the role.
    """
    found: dict[tuple[date, str, str], list[str]] = {}
    allocations = holding_of(change, {one for those in moved.values() for one in those}).allocations
    for role, children in moved.items():
        for child in children:
            for one in allocations[child]:
                if one.from_on is None or one.from_on <= begins or one.name == name:
                    continue
                if holding(allocations[child], role, one.from_on) == one:
                    found.setdefault((one.from_on, one.name, role), []).append(child)
    return dict(sorted(found.items()))


def _let_go(
    change: Change, passing: Collection[tuple[str, str]], old: str, begins: date
) -> list[Allocation]:
    """Withdraw the allocations that are handed over, and return their parts before the day."""
    left = []
    for row in change.standing(ALLOCATION, {child for child, _ in passing}):
        one = row.record
        if one[:2] not in passing or one.name.casefold() != old.casefold():
            continue
        # A time that is over stays the old person's: reports answer by who had the child then.
        if one.to_on is not None and one.to_on < begins:
            continue
        change.withdraw(ALLOCATION, [row])
        if one.from_on is None or one.from_on < begins:
            left.append(one._replace(to_on=begins - _DAY))
    return left


def passing_on(
    allocations: Sequence[Allocation], role: str, name: str, begins: date
) -> list[Allocation]:
    """
    Return the periods, from a day on, in which a person has a child.

    If two allocations cover a day, the one that began later counts, so the other one counts only
    for the days around it.

    Args:
        allocations: The child's allocations.
        role: The role.
        name: The person; capitals do not matter.
        begins: The first day that counts.
    """
    edges = {begins}
    for one in allocations:
        edges |= {one.from_on} if one.from_on and one.from_on > begins else set()
        edges |= {one.to_on + _DAY} if one.to_on and one.to_on >= begins else set()
    days = sorted(edges)
    found: list[Allocation] = []
    last = None
    for day, following in zip(days, [*days[1:], None], strict=True):
        now = holding(allocations, role, day)
        if now is not None and now.name.casefold() == name.casefold():
            ends = following - _DAY if following else None
            if now == last:
                found[-1] = found[-1]._replace(to_on=ends)
            else:
                found.append(now._replace(from_on=day, to_on=ends))
            last = now
        else:
            last = None
    return found


def _nothing_held(
    change: Change, old: str, begins: date, roles: Sequence[str], without: Collection[str]
) -> InputRefusedError:
    """Return the error for a person who has none of the children, or not one that was named."""
    names = change.holder_names()
    what = f"of {', '.join(sorted(without))}" if without else "of any child"
    role = " or ".join(ROLE_WORDS[one] for one in roles)
    close = nearest(old, names) if old not in names else ""
    return InputRefusedError(
        f"{old} is not {role} {what} on {spoken_short(begins)} or later{close}; "
        "`iro child list --iro NAME` lists the children of a person"
    )


def _problems(
    known: Holding, old: str, additions: Sequence[Allocation], *, parted: bool
) -> list[str]:
    """
    Say why the new person may not have the children.

    Siblings who had different IROs before may go on having different ones.
    """
    found = []
    together = {one.child_id for one in additions if one.role == IRO}
    for one in additions:
        on = one.from_on or date.min
        found += known.problems(one.child_id, one.role, one.name, on)
        if one.role == IRO and not parted:
            apart = {
                other
                for other, held in known.siblings(one.child_id, on).items()
                if held.name.casefold() != old.casefold()
            }
            found += known.apart(one.child_id, one.name, on, together | apart)
    return list(dict.fromkeys(found))
