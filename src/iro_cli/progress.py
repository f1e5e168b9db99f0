"""
Report how far long work has come, without slowing it down.

A long loop reports now and then how far it is.  The report goes nowhere unless somebody watches:
the command line does so if a person sits at a terminal.
"""

import gc
from collections.abc import Callable, Iterable, Iterator

from iro_cli.lean import NamedTuple, TypeVar

_Worked = TypeVar("_Worked")
# After how many things a loop tells how far it is.
OFTEN = 500


class Step(NamedTuple):
    """
    How far some work is.

    Attributes:
        what: The work, such as ``Reading events.csv``.
        done: How much of it is done.
        of: How much there is; ``None`` if that is not known.
        unit: What is counted: ``rows``, ``children``, ``bytes``.
    """

    what: str
    done: int
    of: int | None
    unit: str


Listener = Callable[[Step], None]
_watching: list[Listener] = []


class Watched:
    """A block of code in which a function is told how far the work is."""

    def __init__(self, watch: Listener) -> None:
        """Keep the function that is told."""
        self._watch = watch

    def __enter__(self) -> None:
        """Begin to tell the function."""
        _watching.append(self._watch)

    def __exit__(self, *_: object) -> None:
        """Stop telling."""
        _watching.remove(self._watch)


class WithoutCollecting:
    """
    A block of code in which Python does not look for reference cycles.

    Facts have none, but looking for them would go through every fact again and again.  Objects
    that nothing refers to any more are freed at once all the same.
    """

    def __enter__(self) -> None:
        """Stop looking."""
        self._collecting = gc.isenabled()
        gc.disable()

    def __exit__(self, *_: object) -> None:
        """Look for cycles again, if Python did so before."""
        if self._collecting:
            gc.enable()


def tell_step(what: str, done: int, of: int | None, unit: str) -> None:
    """Tell every watcher how far the work is; the arguments are those of :class:`Step`."""
    for watch in _watching:
        watch(Step(what, done, of, unit))


def through(
    items: Iterable[_Worked], what: str, of: Callable[[], int], unit: str
) -> Iterable[_Worked]:
    """
    Return the same items, and tell how many have been taken while they are taken.

    Args:
        items: The items.
        what: The work with them, such as ``Checking``.
        of: Counts them; it is called only if somebody watches.
        unit: What they are.
    """
    return _told(items, what, of(), unit) if _watching else items


def _told(items: Iterable[_Worked], what: str, of: int, unit: str) -> Iterator[_Worked]:
    tell_step(what, 0, of, unit)
    for number, item in enumerate(items, start=1):
        yield item
        if number % OFTEN == 0:
            tell_step(what, number, of, unit)
