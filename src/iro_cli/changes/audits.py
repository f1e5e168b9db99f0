"""Store audits of children's cases, and draw a sample of cases to be audited."""

import random
from collections import Counter
from collections.abc import Sequence
from datetime import date

from iro_cli.dates.words import spoken_short
from iro_cli.errors import InputRefusedError
from iro_cli.facts.people import Audit, Drawn
from iro_cli.figures.case import UNALLOCATED
from iro_cli.lean import NamedTuple
from iro_cli.questions.audits import CaseToDraw
from iro_cli.questions.holding import CHAIR, IRO, ROLE_WORDS
from iro_cli.questions.view import known_child
from iro_cli.store.changing import Change
from iro_cli.store.kinds import AUDIT, AUDIT_SAMPLE

# ---------------------------------------------------------------- recording


def record_audit(change: Change, audit: Audit) -> Audit | None:
    """
    Store an audit with the child's IRO; an audit of the same day, tool and auditor is replaced.

    Args:
        change: The change in which it is stored.
        audit: The audit; its ``iro`` is filled in.

    Returns:
        What is stored; ``None`` if it was stored already.

    Raises:
        InputRefusedError: The child is unknown, or the case is the auditor's own.
    """
    child, on, auditor = audit.child_id, audit.audited_on, (audit.auditor or "").casefold()
    known_child(change, child)
    holders = change.holders(on, child)
    for role, word in ROLE_WORDS.items():
        name = holders.get((child, role), "")
        if name and name.casefold() == auditor:
            raise InputRefusedError(
                f"{name} was {child}'s {word} on {spoken_short(on)}, and nobody audits their own "
                "case: give the audit to somebody else"
            )
    # Whose case it was on the audited day: the audit is about that person's work, and not about the
    # work of whoever has the child now.
    audit = audit._replace(iro=holders.get((child, IRO)) or holders.get((child, CHAIR)))
    same = [row for row in change.standing(AUDIT, child) if _is_same(row.record, audit)]
    if any(row.record == audit for row in same):
        return None
    change.withdraw(AUDIT, same)
    change.add(AUDIT, [audit])
    return audit


def _is_same(one: Audit, other: Audit) -> bool:
    return (one.audited_on, one.tool.casefold(), one.auditor) == (
        other.audited_on,
        other.tool.casefold(),
        other.auditor,
    )


# ---------------------------------------------------------------- the sample


class Sample(NamedTuple):
    """The drawn cases: the new ones, and those drawn earlier that are not audited yet."""

    added: list[Drawn]
    standing: list[Drawn]
    possible: int


def draw(among: Sequence[CaseToDraw], size: int, seed: int) -> list[CaseToDraw]:
    """
    Draw cases at random, spread as evenly as possible over IROs and then over processes.

    Each case gets a random number.  The next case is always one of the IRO with the fewest drawn
    so far and, among those, of the process with the fewest.  Then the lowest number decides.  A
    child is drawn once.  Only :meth:`random.Random.random` is used, because Python promises that
    its numbers for a seed stay the same in later versions.

    Args:
        among: The cases.
        size: How many are wanted; fewer where there are not so many children.
        seed: The same seed draws the same cases.
    """
    chance = random.Random(seed)  # noqa: S311 - a draw that can be repeated, no secret
    place = {one: chance.random() for one in sorted(among)}
    left, found = list(place), list[CaseToDraw]()
    by_iro, by_process = Counter[str](), Counter[str]()
    while left and len(found) < size:
        one = min(left, key=lambda it: (by_iro[it.iro], by_process[it.process], place[it]))
        found.append(one)
        by_iro[one.iro] += 1
        by_process[one.process] += 1
        left = [other for other in left if other.child != one.child]
    return found


def draw_sample(
    change: Change,
    among: Sequence[CaseToDraw],
    size: int,
    seed: int,
    drawn_on: date,
    due_on: date,
    auditor: str | None = None,
) -> Sample:
    """
    Draw a sample and store it; a case drawn before and not audited since stays as it is.

    Args:
        change: The change in which it is stored.
        among: The cases from which it is drawn.
        size: How many.
        seed: The same seed draws the same cases.
        drawn_on: The day.
        due_on: The day by which they are to be audited.
        auditor: Who is to audit them.

    Raises:
        InputRefusedError: There is no case to draw, or the due day lies before the draw.
    """
    if due_on < drawn_on:
        raise InputRefusedError(
            f"--due {spoken_short(due_on)} lies before {spoken_short(drawn_on)}, the day of the "
            "draw"
        )
    if not among:
        raise InputRefusedError(
            f"no case is open on {spoken_short(drawn_on)} that fits (an auditor's own cases are "
            "left out): draw from more, without --iro or --process"
        )
    waiting = _waiting(change, drawn_on)
    sample = Sample([], [], len({one.child for one in among}))
    for one in draw(among, size, seed):
        before = waiting.get((one.child, one.process))
        if before:
            sample.standing.append(before)
            continue
        name = None if one.iro == UNALLOCATED else one.iro
        sample.added.append(Drawn(one.child, one.process, drawn_on, due_on, name, auditor))
    change.add(AUDIT_SAMPLE, sample.added)
    return sample


def _waiting(change: Change, on: date) -> dict[tuple[str, str], Drawn]:
    """Return the cases drawn today, and those drawn earlier that were not audited since."""
    # Audits come in order of day, so the dictionary keeps the last audit of each child.
    done = {one.child_id: one.audited_on for one in change.audits() if one.audited_on <= on}
    return {
        (one.child_id, one.process): one
        for one in change.records(AUDIT_SAMPLE)
        # A case that was drawn today stays drawn, even if it was audited today: the same command
        # again must not draw it a second time.
        if one.drawn_on == on or done.get(one.child_id, date.min) < one.drawn_on
    }
