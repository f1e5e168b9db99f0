"""What a source gives: children, facts and allocations, and every row that was refused."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, MutableSequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from iro_cli.dates.words import spoken_short
from iro_cli.extracts.facts import ReadFact
from iro_cli.facts.identifiers import DIFFERENCES, look_alikes
from iro_cli.facts.model import NO_EXTRACT, Allocation, Carried, Child, LeftOpen
from iro_cli.incoming.refused import Refused, visible
from iro_cli.lean import NamedTuple

_GROUPS_SHOWN = 5
_DAY = timedelta(days=1)


def found_words(messages: Mapping[str, str], found: Counter[str]) -> list[str]:
    """Say what was found, each kind once in its words, with how often."""
    return [f"{text}: {found[kind]:,}" for kind, text in messages.items() if found[kind]]


class Cover(NamedTuple):
    """
    What a source claims to give in full, so that what is missing from it can be missed.

    Attributes:
        events: The kinds of event.
        begins: The first day that is covered, or ``None`` for no limit (inclusive).
        ends: The last, likewise.
        everyone: Whether a child who is not named in it at all has none of them
            either; without it only the children named are covered.
    """

    events: frozenset[str]
    begins: date | None = None
    ends: date | None = None
    everyone: bool = False


@dataclass(slots=True)
class Batch:
    """
    What was read from one source, not yet stored.

    Attributes:
        children: Each child once, with the details that are given.
        facts: Child, event and where it came from.
        allocations: Each once.
        refused: Every problem of every row, in the order of the files.
        warnings: What was read all the same, and should be looked at.
        read: How many rows each file has.
        counts: Figures for the summary, in words.
        needing_care: The refusals of reviews of children without an episode here, by
            child: they hold where the store has no period of care either.
        source: Which kind of extract it is, such as ``annex-a``; blank for this
            program's own files, which state facts and are no extract of a whole.
        authority: The code of the authority the extract says it is from.
        covers: What the extract gives in full.
        carried: What it says nothing of, as silence is not a fact; and of what other extracts
            of its kind may lack, what it does carry.
        unsaid: What it does not say of one child, though something else in it tells of it.
        went_on_from: The first day of which it tells of children whose authority or placement for
            adoption began before, and is taken to begin on that day.
        in_other_care: The children whose latest placement is none for adoption.
        mended: The rows of files of refused rows, by file and row: where each stood when it was
            refused.
        again: Reads the files again, with the rows about some children refused, each child
            with its reason.
    """

    children: list[Child] = field(default_factory=list)
    facts: MutableSequence[ReadFact] = field(default_factory=list)
    allocations: list[Allocation] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    read: dict[str, int] = field(default_factory=dict)
    counts: Counter[str] = field(default_factory=Counter)
    needing_care: dict[str, list[Refused]] = field(default_factory=dict)
    source: str = ""
    authority: str | None = None
    covers: list[Cover] = field(default_factory=list)
    carried: list[Carried] = field(default_factory=list)
    unsaid: list[LeftOpen] = field(default_factory=list)
    went_on_from: dict[str, date] = field(default_factory=dict)
    in_other_care: set[str] = field(default_factory=set)
    mended: Mapping[tuple[str, int], str] = field(default_factory=dict)
    again: "Callable[[Mapping[str, str]], Batch] | None" = None

    @property
    def not_carried(self) -> list[Carried]:
        """Return what it says nothing of."""
        return [one for one in self.carried if one.lacks]

    def but_for_what_is_lacking(self, cover: Cover) -> Cover:
        """Return what is given in full, without what it says nothing of on any of the days."""
        first, last = cover.begins or date.min, cover.ends or date.max
        lacking = {
            one.event
            for one in self.not_carried
            if (one.from_on or date.min) <= last and (one.to_on or date.max) >= first
        }
        return cover._replace(events=cover.events - lacking)

    @property
    def rows(self) -> int:
        """Return how many rows were read."""
        return sum(self.read.values())

    def lacks(
        self,
        what: str,
        events: Iterable[str],
        from_on: date | None = None,
        to_on: date | None = None,
    ) -> None:
        """
        Note what the extract says nothing of.

        Args:
            what: What is missing, such as ``the table Reviews``.
            events: The kinds of event that it would have told.
            from_on: The first day of the silence, or ``None`` for no limit (inclusive).
            to_on: The last, likewise.
        """
        self.carried += [
            Carried(self.source, event, what, from_on, to_on) for event in sorted(events)
        ]

    def lacks_since(self, what: str, ends: date, as_of: date, events: Iterable[str]) -> None:
        """
        Note that nothing is said of the days between the last that is covered and the import.

        Args:
            what: What the extract is called.
            ends: The last day that is covered.
            as_of: The day of the import.
            events: The kinds of event that a later extract would have told.
        """
        if ends + _DAY < as_of:
            self.lacks(NO_EXTRACT, events, ends + _DAY, as_of - _DAY)
            self.warnings.append(
                f"the last {what} is of the year to {spoken_short(ends)}: what happened from then "
                f"to {spoken_short(as_of)} is not known"
            )

    def leaves_open(
        self,
        child_id: str,
        what: str,
        events: Iterable[str],
        from_on: date | None = None,
        to_on: date | None = None,
    ) -> None:
        """
        Note what is not said of one child, though something else tells of it.

        Args:
            child_id: The child.
            what: What is missing, such as ``the plan that the conference made``.
            events: The kinds of event that it would have told.
            from_on: The first day of which it is not known, or ``None`` for no limit.
            to_on: The last, or ``None`` for the day of the import.
        """
        if told := tuple(sorted(events)):
            self.unsaid.append(LeftOpen(child_id, self.source, told, what, from_on, to_on))

    def carries(
        self, events: Iterable[str], from_on: date | None = None, to_on: date | None = None
    ) -> None:
        """
        Note what the extract does carry, which another of its kind may lack.

        Args:
            events: The kinds of event that it tells.
            from_on: The first day of which it tells them, or ``None`` where it tells them of
                whatever it has, however old (inclusive).
            to_on: The last, likewise.
        """
        self.carried += [
            Carried(self.source, event, None, from_on, to_on) for event in sorted(events)
        ]


def alike_warnings(child_ids: Iterable[str], among: Iterable[str] = ()) -> list[str]:
    """
    Return warnings for ids that look alike, as :func:`.look_alikes` finds them.

    Args:
        child_ids: The ids that are new.
        among: Ids known already; two of these are not compared with each other.
    """
    found = look_alikes(child_ids, among)
    warnings = [
        f"{' and '.join(map(visible, group))} differ only by {DIFFERENCES}: they are kept as "
        "different children"
        for group in found[:_GROUPS_SHOWN]
    ]
    if len(found) > _GROUPS_SHOWN:
        warnings.append(f"so do the ids of {len(found) - _GROUPS_SHOWN} more children")
    return warnings
