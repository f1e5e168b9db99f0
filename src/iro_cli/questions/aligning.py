"""Find one date for the open reviews and conferences of siblings, or of one child."""

from collections.abc import Sequence

from iro_cli.errors import InputRefusedError
from iro_cli.figures.aligning import Alignment, Chained, aligned
from iro_cli.figures.availability import chaired
from iro_cli.law.catalogue import nearest
from iro_cli.lean import NamedTuple
from iro_cli.obligations.listing import answering
from iro_cli.questions.people import availability
from iro_cli.questions.view import View, known_child, known_children


class AskedAlignment(NamedTuple):
    """
    What ``iro align`` was asked.

    Attributes:
        children: The children, with their siblings if those were asked for.
        processes: Only these processes; all of them by default.
        per_day: How many meetings an IRO or chair holds in a day.
        watched_all: Whether to take every timescale, even those that are not shown.
    """

    children: tuple[str, ...]
    processes: tuple[str, ...] = ()
    per_day: int = 2
    watched_all: bool = False


def siblings(view: View, *, group: str | None = None, child: str | None = None) -> list[str]:
    """
    Return the ids of the children in a sibling group, in order.

    Args:
        view: The store, the rules and the day.
        group: The name of the group; capitals do not matter.
        child: One of the children, instead of the name.

    Raises:
        InputRefusedError: There is no such child or group, or the child is in no group.
    """
    if child is not None:
        group = known_child(view.reader, child).sibling_group
        if group is None:
            raise InputRefusedError(
                f"no sibling group is recorded for {child}: name the children, or add it with "
                f"`iro child edit {child} --sibling-group NAME`"
            )
    known = view.reader.children()
    found = [
        one.child_id
        for one in known.values()
        if one.sibling_group and group and one.sibling_group.casefold() == group.casefold()
    ]
    if not found:
        groups = sorted({one.sibling_group for one in known.values() if one.sibling_group})
        raise InputRefusedError(
            f"no child is in a sibling group {group!r}{nearest(group or '', groups)}"
        )
    return sorted(found)


def align(view: View, asked: AskedAlignment) -> Alignment:
    """
    Find the working days that serve every open review and conference of some children.

    Raises:
        InputRefusedError: A child is unknown, or the children belong to different nations.
    """
    _check(view, asked.children)
    shown = view.shown(everything=asked.watched_all)
    openings, there = view.listing(shown), availability(view)
    chains: list[Chained] = []
    cases = view.cases(shown, keep_met=False)
    for case, meetings in chaired(cases, openings, view.reader.bookings()):
        child = case.child.child_id
        for meeting in meetings:
            iro = answering(case.holders, child, meeting.process)
            wanted = not asked.processes or meeting.process in asked.processes
            if child in asked.children and wanted:
                chains.append(Chained(case, meeting, iro))
            elif meeting.booked is not None:
                there.book(iro, meeting)
    return aligned(chains, asked.children, openings, there, view.as_of, asked.per_day)


def _check(view: View, children: Sequence[str]) -> None:
    known = known_children(view.reader, children)
    nations: dict[str, list[str]] = {}
    for child in dict.fromkeys(children):
        nations.setdefault(known[child].nation or view.catalogue.nation, []).append(child)
    if len(nations) > 1:
        words = "; ".join(f"{nation}: {', '.join(names)}" for nation, names in nations.items())
        raise InputRefusedError(
            f"children of different nations have different law, and no date can be found for them "
            f"together ({words}): align those of each nation by themselves"
        )
