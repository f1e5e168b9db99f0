"""Keep many facts in little memory, by keeping once what many of them share."""

from array import array
from collections.abc import Iterable, Iterator, Mapping, MutableSequence, Sequence
from itertools import groupby

from iro_cli.facts.model import Event, parted
from iro_cli.incoming.refused import Origin
from iro_cli.lean import Any

# The child, the event, and the source, such as ``events.csv:12``.
ReadFact = tuple[str, Event, str]
# The event, the file, and the row in it; 0 without a row.
GivenFact = tuple[Event, str, int]
# How many different events are kept to find equal ones.  In a file with notes no two are equal.
_SHARED = 100_000


class Facts(MutableSequence[ReadFact]):
    """
    Facts in the order in which they were read.

    In a plain list a million facts took 800 MB, most of it for events and sources that are equal
    to others.  Here a fact takes some thirty bytes if its event is shared.

    Attributes:
        children: The child of each fact.
        events: The event of each fact.
    """

    def __init__(self, facts: Iterable[ReadFact] = ()) -> None:
        """Begin with some facts."""
        self.children: list[str] = []
        self.events: list[Event] = []
        # The places of each child's facts, for the first `_placed` facts.
        self._places: dict[str, array[int]] = {}
        self._placed = 0
        self._files = array("I")
        self._rows = array("I")
        self._names: list[str] = []
        self._shared: dict[Event, Event] = {}
        self.extend(facts)

    def keep(self, child_id: str, event: Event, file: str, row: int) -> None:
        """
        Add a fact from a row of a file.

        Args:
            child_id: The child.
            event: The event, as :meth:`share` returned it.
            file: The file.
            row: The row; 0 if it comes from no row.
        """
        names = self._names
        if not names or names[-1] != file:
            names.append(file)
        self.children.append(child_id)
        self.events.append(event)
        self._files.append(len(names) - 1)
        self._rows.append(row)

    def keep_from(self, child_id: str, event: Event, origin: Origin) -> None:
        """Add a fact from a row of a file or of a database."""
        if origin.key is None:
            self.keep(child_id, self.share(event), origin.file, origin.row)
        else:
            self.append((child_id, event, origin.source))

    def change(self, place: int, event: Event) -> None:
        """Replace the event of a fact; its source stays."""
        self.events[place] = self.share(event)

    @property
    def places(self) -> Mapping[str, Sequence[int]]:
        """Return the places of each child's facts, in order."""
        found, place = self._places, self._placed
        # The facts of a child mostly stand together.
        for child_id, those in groupby(self.children[place:]):
            following = place + len([*those])
            known = found.get(child_id)
            if known is None:
                found[child_id] = array("I", range(place, following))
            else:
                known.extend(range(place, following))
            place = following
        self._placed = place
        return found

    def stands_in(self, place: int) -> tuple[str, int]:
        """Return the file and the row of a fact; row 0 without one."""
        return self._names[self._files[place]], self._rows[place]

    def given(self, places: Iterable[int]) -> list[GivenFact]:
        """Return some facts with the file and the row of each."""
        events, names, files, rows = self.events, self._names, self._files, self._rows
        return [(events[place], names[files[place]], rows[place]) for place in places]

    def share(self, event: Event) -> Event:
        """Return an equal event that is in memory already, or this one."""
        if len(self._shared) >= _SHARED:
            self._shared.clear()
        return self._shared.setdefault(event, event)

    # ------------------------------------------------------------ as a list

    def __eq__(self, other: object) -> bool:
        """Say whether another sequence has the same facts in the same order."""
        return isinstance(other, Sequence) and [*self] == [*other]

    __hash__ = None  # type: ignore[assignment]

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self.children)

    def __getitem__(self, place: Any) -> Any:
        """Return one fact, or several."""
        if isinstance(place, slice):
            return [self[one] for one in range(*place.indices(len(self)))]
        file, row = self.stands_in(place)
        return self.children[place], self.events[place], f"{file}:{row}" if row else file

    def __setitem__(self, place: Any, fact: Any) -> None:
        """Replace facts by others."""
        every = [*self]
        every[place] = fact
        self.__init__(every)  # type: ignore[misc]

    def __delitem__(self, place: int | slice) -> None:
        """Remove facts."""
        every = [*self]
        del every[place]
        self.__init__(every)  # type: ignore[misc]

    def insert(self, place: int, fact: ReadFact) -> None:
        """Insert a fact before another."""
        self[place:place] = [fact]

    def append(self, fact: ReadFact) -> None:
        """Add a fact."""
        child_id, event, where = fact
        (file, _), row = parted(where, None)
        self.keep(child_id, self.share(event), file or "", row or 0)

    def __iter__(self) -> Iterator[ReadFact]:
        """Go through the facts."""
        return map(self.__getitem__, range(len(self)))


def as_facts(facts: Sequence[ReadFact]) -> Facts:
    """Return facts as :class:`Facts`, which takes little memory."""
    return facts if isinstance(facts, Facts) else Facts(facts)
