"""A part of the harness: its cases, each of which can be tried again alone."""

import random
from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar

from iro_cli.lean import NamedTuple


class Outcome(NamedTuple):
    """
    The result of a case.

    Attributes:
        case: Which.
        ended: How often what was tried ended in which way.
        wrong: What was lost or wrong, in words.
    """

    case: str
    ended: Counter[str]
    wrong: Sequence[str] = ()


class Part(ABC):
    """
    A part of the harness.

    Attributes:
        name: As it is named on the command line.
        title: What is tried, for the table of what was.

    Args:
        folder: Where it keeps what its cases begin with.
        seed: What is drawn depends on it, and on the case.
        few: Whether a few cases will do, as in continuous integration.
        times: How many times as many cases as usual.
        alone: The case that is tried alone, if one is.
    """

    name: ClassVar[str]
    title: ClassVar[str]

    def __init__(
        self, folder: Path, seed: int, *, few: bool, times: int = 1, alone: str = ""
    ) -> None:
        self.folder, self.seed, self.few = folder, seed, few
        self.times, self.alone = times, alone

    @abstractmethod
    def prepare(self) -> None:
        """Make what the cases begin with."""

    @abstractmethod
    def cases(self) -> Sequence[str]:
        """Return the names of the cases."""

    @abstractmethod
    def run(self, case: str, folder: Path) -> Outcome:
        """
        Try a case.

        Args:
            case: Its name.
            folder: Where nobody else is.
        """

    def draw(self, case: str) -> random.Random:
        """Return the random source of a case: the same for each seed and case."""
        return random.Random(f"{self.seed} {self.name} {case}")
