"""
How far long work has come, for whoever watches it, and how it is not held up.

What goes through much says now and then how far it is.  Nobody is told unless somebody watches:
the command line does so where a person sits at a terminal.
"""

import gc
from collections.abc import Callable, Iterable, Iterator

from iro_cli.lean import NamedTuple, TypeVar

_Worked = TypeVar("_Worked")
# Whoever goes through more things one by one tells it after so many.
OFTEN = 500


class Step(NamedTuple):
    """
    How far a piece of work is.

    Attributes:
        what: What is done, as ``Reading events.csv``.
        done: How much of it is done.
        of: How much there is; ``None`` if nobody knows.
        unit: What is counted: ``rows``, ``children``, ``bytes``.
    """

    what: str
    done: int
    of: int | None
    unit: str


Listener = Callable[[Step], None]
_watching: list[Listener] = []


class Watched:
    """While it lasts, somebody is told how far the work is."""

    def __init__(self, watch: Listener) -> None:
        """Take who is told."""
        self._watch = watch

    def __enter__(self) -> None:
        """Begin to tell."""
        _watching.append(self._watch)

    def __exit__(self, *_: object) -> None:
        """Stop telling."""
        _watching.remove(self._watch)


class WithoutCollecting:
    """
    While it lasts, Python looks for no reference cycles among what was read.

    There are none, and looking goes through every fact again and again.  What nobody refers
    to any more is freed all the same, at once.
    """

    def __enter__(self) -> None:
        """Stop looking."""
        self._collecting = gc.isenabled()
        gc.disable()

    def __exit__(self, *_: object) -> None:
        """Look again, if that was so before."""
        if self._collecting:
            gc.enable()


def tell_step(what: str, done: int, of: int | None, unit: str) -> None:
    """Tell whoever watches how far the work is; the arguments are those of :class:`Step`."""
    for watch in _watching:
        watch(Step(what, done, of, unit))


def through(
    items: Iterable[_Worked], what: str, of: Callable[[], int], unit: str
) -> Iterable[_Worked]:
    """
    Return the same items, and tell how many were gone through as they are taken.

    Args:
        items: What is gone through.
        what: What is done with them, as ``Checking``.
        of: Counts them; it is asked only where somebody watches.
        unit: What they are.
    """
    return _told(items, what, of(), unit) if _watching else items


def _told(items: Iterable[_Worked], what: str, of: int, unit: str) -> Iterator[_Worked]:
    tell_step(what, 0, of, unit)
    for number, item in enumerate(items, start=1):
        yield item
        if number % OFTEN == 0:
            tell_step(what, number, of, unit)
