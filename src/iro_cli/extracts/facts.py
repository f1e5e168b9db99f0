"""Many facts in little room: what many of them share is kept once."""

from array import array
from collections.abc import Iterable, Iterator, Mapping, MutableSequence, Sequence

from iro_cli.facts.model import Event, parted
from iro_cli.incoming.refused import Origin
from iro_cli.lean import Any

# A child, what happened, and where it stands, as ``events.csv:12``.
ReadFact = tuple[str, Event, str]
# What happened, the file where it stands, and the row; nought where it stands in none.
GivenFact = tuple[Event, str, int]
# How many events are looked through for one that is alike; in a file of notes none is.
_SHARED = 100_000


class Facts(MutableSequence[ReadFact]):
    """
    Facts in the order in which they were read.

    In a list a million of them took 800 MB, most of it for events and places that are
    equal to others.  Here one takes some thirty bytes where its event is shared.

    Attributes:
        children: Of each fact, whose it is.
        events: Of each fact, what happened.
    """

    def __init__(self, facts: Iterable[ReadFact] = ()) -> None:
        """Take the first."""
        self.children: list[str] = []
        self.events: list[Event] = []
        # Which facts are each child's own, of so many as were looked through.
        self._places: dict[str, array[int]] = {}
        self._placed = 0
        self._files = array("I")
        self._rows = array("I")
        self._names: list[str] = []
        self._shared: dict[Event, Event] = {}
        self.extend(facts)

    def keep(self, child_id: str, event: Event, file: str, row: int) -> None:
        """
        Add a fact that stands in a row of a file; in none where that is nought.

        Args:
            child_id: Whose it is.
            event: What happened, as :meth:`share` gave it.
            file: The file.
            row: The row.
        """
        names = self._names
        if not names or names[-1] != file:
            names.append(file)
        self.children.append(child_id)
        self.events.append(event)
        self._files.append(len(names) - 1)
        self._rows.append(row)

    def keep_from(self, child_id: str, event: Event, origin: Origin) -> None:
        """Add a fact that stands in a row, also in one of a database."""
        if origin.key is None:
            self.keep(child_id, self.share(event), origin.file, origin.row)
        else:
            self.append((child_id, event, origin.source))

    def change(self, place: int, event: Event) -> None:
        """Let a fact say something else; it stays where it stood."""
        self.events[place] = self.share(event)

    @property
    def places(self) -> Mapping[str, Sequence[int]]:
        """Return the places of each child's facts, in order."""
        found, children = self._places, self.children
        for place in range(self._placed, len(children)):
            child_id = children[place]
            if child_id in found:
                found[child_id].append(place)
            else:
                found[child_id] = array("I", (place,))
        self._placed = len(children)
        return found

    def stands_in(self, place: int) -> tuple[str, int]:
        """Return the file and the row of a fact."""
        return self._names[self._files[place]], self._rows[place]

    def given(self, places: Iterable[int]) -> list[GivenFact]:
        """Return some facts with the file and the row of each."""
        events, names, files, rows = self.events, self._names, self._files, self._rows
        return [(events[place], names[files[place]], rows[place]) for place in places]

    def share(self, event: Event) -> Event:
        """Return the event that is kept already, where one is equal."""
        if len(self._shared) >= _SHARED:
            self._shared.clear()
        return self._shared.setdefault(event, event)

    # ------------------------------------------------------------ as a list

    def __eq__(self, other: object) -> bool:
        """Say whether it is the same facts in the same order."""
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
        """Put other facts in the place of some."""
        every = [*self]
        every[place] = fact
        self.__init__(every)  # type: ignore[misc]

    def __delitem__(self, place: int | slice) -> None:
        """Take facts out."""
        every = [*self]
        del every[place]
        self.__init__(every)  # type: ignore[misc]

    def insert(self, place: int, fact: ReadFact) -> None:
        """Put a fact before another."""
        self[place:place] = [fact]

    def append(self, fact: ReadFact) -> None:
        """Add a fact."""
        child_id, event, where = fact
        (file, _), row = parted(where, None)
        self.keep(child_id, self.share(event), file or "", row or 0)

    def __iter__(self) -> Iterator[ReadFact]:
        """Go through them."""
        return map(self.__getitem__, range(len(self)))


def as_facts(facts: Sequence[ReadFact]) -> Facts:
    """Return facts in little room; those that are in it already, as they are."""
    return facts if isinstance(facts, Facts) else Facts(facts)
