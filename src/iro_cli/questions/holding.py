"""Check who may have a child, before an allocation and among those that stand."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date

from iro_cli.dates.words import spoken_short
from iro_cli.facts.holding import holding
from iro_cli.facts.model import Allocation, Child
from iro_cli.facts.people import NotInPost, Person, not_in_post, of_name, on_day
from iro_cli.law.catalogue import nearest
from iro_cli.lean import NamedTuple
from iro_cli.questions.view import View
from iro_cli.sentences.people import not_in_post_words
from iro_cli.store.reading import Only, Reader

IRO, CHAIR = "iro", "chair"
ROLE_WORDS = {IRO: "IRO", CHAIR: "chair"}
_TOGETHER = "allocate them in one command, or give --reason"
# The process whose meetings the chair leads, if the child has one.
CONFERENCES = "cp"


class Holding:
    """
    What is known about people, children and allocations when a child is allocated.

    Args:
        known: The people who are recorded.
        members: The children.
        allocations: The allocations of each child.
    """

    def __init__(
        self,
        known: Iterable[Person],
        members: Mapping[str, Child],
        allocations: Mapping[str, Sequence[Allocation]],
    ) -> None:
        """Gather the sibling groups."""
        self.people = list(known)
        self.members = members
        self.allocations = allocations
        self.groups: dict[str, list[str]] = {}
        for child, member in sorted(members.items()):
            if member.sibling_group:
                self.groups.setdefault(member.sibling_group, []).append(child)

    def away(self, name: str, on: date) -> NotInPost | None:
        """Return when a person was and will be in post, if they are recorded as not in post."""
        return not_in_post(of_name(self.people, name), on)

    def manages(self, name: str, child: str, on: date) -> str | None:
        """Return the child's team if the person manages it on a day."""
        person = on_day(of_name(self.people, name), on)
        team = self.members[child].team
        own = person and person.manages and team and person.manages.casefold() == team.casefold()
        return team if own else None

    def siblings(self, child: str, on: date) -> dict[str, Allocation]:
        """Return the siblings of a child on a day, each with the allocation of their IRO."""
        group = self.groups.get(self.members[child].sibling_group or "", [])
        found = {
            other: holding(self.allocations.get(other, ()), IRO, on)
            for other in group
            if other != child
        }
        return {other: one for other, one in found.items() if one is not None}

    def problems(self, child: str, role: str, name: str, on: date) -> list[str]:
        """Say why a person may not hold a child from a day on, even with a reason recorded."""
        # An IRO who manages the child's team would review their own decisions.
        found = []
        if away := self.away(name, on):
            found.append(
                f"{not_in_post_words(away)}, and cannot hold a child from {spoken_short(on)}: "
                "allocate somebody else, or correct it with `iro person edit` (`iro person add` if "
                "they are back)"
            )
        if team := self.manages(name, child, on):
            one = "an IRO may not review" if role == IRO else "a chair may not hold conferences on"
            found.append(
                f"{child}: {name} manages {team}, the child's team, and {one} a child they "
                f"manage: allocate somebody else, or say with `iro person edit` since when they "
                "no longer do"
            )
        return found

    def apart(self, child: str, name: str, on: date, together: Collection[str]) -> list[str]:
        """
        Say which siblings would have another IRO than the child.

        Args:
            child: The child to be allocated.
            name: The IRO.
            on: The first day.
            together: The children who are allocated to the same IRO at the same time.
        """
        others = [
            f"{other} has {one.name}"
            for other, one in self.siblings(child, on).items()
            if other not in together and one.name.casefold() != name.casefold()
        ]
        if not others:
            return []
        same = f"{child}: siblings have the same IRO unless a reason is recorded, and on "
        return [f"{same}{spoken_short(on)} {', '.join(others)}: {_TOGETHER}"]


def holding_of(reader: Reader, only: Only = None) -> Holding:
    """
    Read what an allocation is checked against.

    Args:
        reader: The store.
        only: The children asked for, with all their siblings.
    """
    return Holding(reader.people(), reader.children(only), reader.allocations(only))


def name_warnings(reader: Reader, name: str, on: date) -> list[str]:
    """
    Say what is odd about the person to whom a child is allocated from a day on.

    A new name is allowed; one that looks like a known name is pointed out.
    """
    recorded = reader.people()
    rows = of_name(recorded, name)
    if rows:
        leaves = rows[-1].to_on
        return (
            [f"{name} leaves on {spoken_short(leaves)}: hand the children over by then"]
            if leaves and leaves >= on
            else []
        )
    known = {*reader.holder_names(), *(one.name for one in recorded)}
    if name in known:
        return []
    close = nearest(name, sorted(known))
    return [f"nobody is called {name!r} yet{close} (stored as typed)"] if close else []


# ---------------------------------------------------------------- what stands


class AllocationFinding(NamedTuple):
    """
    An allocation that should not stand.

    Attributes:
        check: A short name that stays the same.
        child: The child; for siblings, the first of them.
        message: What is wrong.
        remedy: What to do.
        wrong: Whether it cannot stand at all; if not, only a recorded reason is missing.
    """

    check: str
    child: str
    message: str
    remedy: str
    wrong: bool


def _roles(view: View, children: Collection[str]) -> dict[str, set[str]]:
    """Return, by child, the roles in which somebody answers for something open."""
    return {
        case.child.child_id: {
            CHAIR
            if clock.rule.process == CONFERENCES and (case.child.child_id, CHAIR) in case.holders
            else IRO
            for clock in case.clocks.open
        }
        for case in view.cases(view.shown(), children, keep_met=False)
    }


def _unfit(known: Holding, on: date) -> Iterator[tuple[str, AllocationFinding]]:
    """Yield each person who holds a child but may not, with the role."""
    for child in sorted(known.allocations.keys() & known.members.keys()):
        for role, word in ROLE_WORDS.items():
            held = holding(known.allocations[child], role, on)
            if held is None:
                continue
            remedy = (
                f"`iro allocate {child} --{role} NAME --from DATE` gives the child to somebody "
                "else, `iro hand-over` everything they hold"
            )
            if away := known.away(held.name, on):
                message = f"{not_in_post_words(away)}, and is still the child's {word}"
                yield role, AllocationFinding("left", child, message, remedy, wrong=True)
            if team := known.manages(held.name, child, on):
                message = f"{held.name}, the child's {word}, manages {team}"
                yield role, AllocationFinding("manages", child, message, remedy, wrong=True)


def _parted(known: Holding, on: date) -> Iterator[tuple[str, dict[str, Allocation]]]:
    """Yield the sibling groups that have different IROs, with the allocation of each child."""
    for name, group in sorted(known.groups.items()):
        held_by = {
            child: one
            for child in group
            if (one := holding(known.allocations.get(child, ()), IRO, on))
        }
        if _differ(held_by):
            yield name, held_by


def allocation_findings(view: View, only: Only = None) -> list[AllocationFinding]:
    """
    Return the allocations that should not stand, for children with something open.

    These are allocations to somebody who has left or has not begun, to the manager of the
    child's own team, and of siblings to different IROs without a reason recorded.

    Args:
        view: The store, the rules and the day.
        only: The children to look at, with their siblings.
    """
    if not view.reader.has_allocations():
        return []
    among = None if only is None else view.reader.siblings(only)
    known, on = holding_of(view.reader, among), view.as_of
    unfit, parted = list(_unfit(known, on)), list(_parted(known, on))
    open_in = _roles(
        view, {one.child for _, one in unfit} | {child for _, held in parted for child in held}
    )
    found = [one for role, one in unfit if role in open_in.get(one.child, ())]
    for name, held_by in parted:
        still = {child: one for child, one in held_by.items() if IRO in open_in.get(child, ())}
        if _differ(still):
            whose = ", ".join(f"{child} {one.name}" for child, one in still.items())
            found.append(
                AllocationFinding(
                    "siblings",
                    min(still),
                    f"siblings ({name}) have different IROs, and no reason is recorded: {whose}",
                    "`iro allocate CHILD… --iro NAME --from DATE` gives them one; with --reason "
                    "for the IRO a child has already, it records why",
                    wrong=False,
                )
            )
    return found


def _differ(held_by: Mapping[str, Allocation]) -> bool:
    """Say whether the allocations without a recorded reason are to more than one IRO."""
    plain = {one.name.casefold() for one in held_by.values() if not one.reason}
    return len(plain) > 1
