"""The result of reading a source: children, facts, allocations, and every refused row."""

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

# Why a second row is refused: after the row that has the event too.
OTHER_DETAILS = "has it on the same day with other details"
_GROUPS_SHOWN = 5
_DAY = timedelta(days=1)


def found_words(messages: Mapping[str, str], found: Counter[str]) -> list[str]:
    """Return one sentence for each kind of finding, with how often it was found."""
    return [f"{text}: {found[kind]:,}" for kind, text in messages.items() if found[kind]]


class Cover(NamedTuple):
    """
    What a source states in full, so that a fact that is missing from it has vanished.

    Attributes:
        events: The kinds of event.
        begins: The first day that is covered (inclusive), or ``None`` for no limit.
        ends: The last day that is covered (inclusive), or ``None`` for no limit.
        everyone: Whether it covers children who are not named in it too, so that they have none
            of these events; otherwise only the named children are covered.
    """

    events: frozenset[str]
    begins: date | None = None
    ends: date | None = None
    everyone: bool = False


@dataclass(slots=True)
class Batch:
    """
    What was read from one source and is not stored yet.

    Attributes:
        children: Each child once, with the given details.
        facts: The child, the event and the source of each fact.
        allocations: Each allocation once.
        refused: Every problem of every row, in the order of the files.
        warnings: What was read all the same, but somebody should look at.
        read: How many rows each file has.
        counts: Figures for the summary, by their words.
        needing_care: For each child without an episode here, the refusals of its reviews.  They
            count only if the store has no period of care either.
        source: The kind of extract, such as ``annex-a``.  It is blank for this program's own
            files, which state single facts and do not claim to be complete.
        authority: The code of the authority, if the extract names it.
        as_of: The day of the import: the extract shows the children as they were on it.
        covers: What the extract states in full.
        carried: What it says nothing about, because silence is not a fact; and what it does
            carry although other extracts of its kind may lack it.
        unsaid: What it leaves out for single children, although something else in it shows it.
        went_on_from: The first day that it covers for children whose authority or placement for
            adoption began earlier.  Both are taken to begin on that day.
        in_other_care: The children whose latest placement is not one for adoption.
        placed_unsaid: The children in care whose latest placement is not said to be for adoption.
        without_status: The children in care of whom no row has a legal status.
        mended: For the rows of files of refused rows, by file and row, where each stood when it
            was first refused.
        again: Reads the files again, and refuses the rows about some children for the given
            reasons.
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
    as_of: date = date.max
    covers: list[Cover] = field(default_factory=list)
    carried: list[Carried] = field(default_factory=list)
    unsaid: list[LeftOpen] = field(default_factory=list)
    went_on_from: dict[str, date] = field(default_factory=dict)
    in_other_care: set[str] = field(default_factory=set)
    placed_unsaid: set[str] = field(default_factory=set)
    without_status: set[str] = field(default_factory=set)
    mended: Mapping[tuple[str, int], str] = field(default_factory=dict)
    again: "Callable[[Mapping[str, str]], Batch] | None" = None

    @property
    def not_carried(self) -> list[Carried]:
        """Return what it says nothing about."""
        return [one for one in self.carried if one.lacks]

    def but_for_what_is_lacking(self, cover: Cover) -> Cover:
        """Return a cover without the events that the extract lacks on some of its days."""
        # An event that the extract lacks cannot be missing from it: with --replace, every review
        # would be withdrawn because somebody left out a column.
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
        Note what the extract says nothing about.

        Args:
            what: What is missing, such as ``the table Reviews``.
            events: The kinds of event that are unknown without it.
            from_on: The first day of the silence (inclusive), or ``None`` for no limit.
            to_on: The last day of the silence (inclusive), or ``None`` for no limit.
        """
        self.carried += [
            Carried(self.source, event, what, from_on, to_on) for event in sorted(events)
        ]

    def lacks_since(self, what: str, ends: date, as_of: date, events: Iterable[str]) -> None:
        """
        Note that nothing is known about the days between the last covered day and the import.

        Args:
            what: The word for such an extract.
            ends: The last day that is covered.
            as_of: The day of the import.
            events: The kinds of event that a later extract would show.
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
        Note what the extract leaves out for one child, although something else in it shows it.

        Args:
            child_id: The child.
            what: What is missing, such as ``the plan that the conference made``.
            events: The kinds of event that are unknown without it.
            from_on: The first unknown day (inclusive), or ``None`` for no limit.
            to_on: The last unknown day (inclusive), or ``None`` for the day of the import.
        """
        if told := tuple(sorted(events)):
            self.unsaid.append(LeftOpen(child_id, self.source, told, what, from_on, to_on))

    def carries(
        self, events: Iterable[str], from_on: date | None = None, to_on: date | None = None
    ) -> None:
        """
        Note what the extract does carry, although another of its kind may lack it.

        Args:
            events: The kinds of event.
            from_on: The first day for which it has them (inclusive), or ``None`` if it has old
                ones too.
            to_on: The last day for which it has them (inclusive), or ``None`` for no limit.
        """
        self.carried += [
            Carried(self.source, event, None, from_on, to_on) for event in sorted(events)
        ]


def alike_warnings(child_ids: Iterable[str], among: Iterable[str] = ()) -> list[str]:
    """
    Return warnings about ids that look alike, as :func:`.look_alikes` finds them.

    Args:
        child_ids: The new ids.
        among: Known ids; these are not compared with each other.
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
