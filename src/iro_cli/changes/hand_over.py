"""A whole caseload that passes from one person to another, in one change."""

from collections.abc import Collection, Sequence
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
    Give what one person holds from a day on to another, all of it or nothing.

    What is allocated to them from a later day passes with its days as they are.

    Args:
        change: What it is stored in.
        old: Whose the children are; capitals do not matter.
        new: Whose they will be.
        begins: The new person's first day; the old one's last is the day before.
        roles: As what.
        children: Only these; all of them where it is empty.
        reason: Why, where it parts siblings.

    Returns:
        The children by role, in order.

    Raises:
        InputRefusedError: The old person holds none of them, or the new one may not.
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


def _let_go(
    change: Change, passing: Collection[tuple[str, str]], old: str, begins: date
) -> list[Allocation]:
    """Withdraw what passes, by child and role, and return what is left of it before the day."""
    left = []
    for row in change.standing(ALLOCATION, {child for child, _ in passing}):
        one = row.record
        if one[:2] not in passing or one.name.casefold() != old.casefold():
            continue
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
    Return the times, from a day on, in which a person holds a child.

    An allocation that another covers, having begun later, counts only for the
    days on which it is the one that holds.

    Args:
        allocations: The child's.
        role: As what.
        name: Who; capitals do not matter.
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
    """Return the error where nothing passes, or nothing of a child that was named."""
    names = change.holder_names()
    what = f"of {', '.join(sorted(without))}" if without else "of any child"
    role = " or ".join(ROLE_WORDS[one] for one in roles)
    close = nearest(old, names) if old not in names else ""
    return InputRefusedError(
        f"{old} is not {role} {what} on {spoken_short(begins)} or later{close}; "
        "`iro child list --iro NAME` lists whose the children are"
    )


def _problems(
    known: Holding, old: str, additions: Sequence[Allocation], *, parted: bool
) -> list[str]:
    """Say why the new person may not have them; siblings who were apart before may stay so."""
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
