"""Shares of a whole, each rounded once, from the exact fraction."""

from math import gcd

from iro_cli.lean import Self


def half_up(part: int, whole: int) -> int:
    """
    Return a fraction rounded to a whole number; a half is rounded away from zero.

    >>> half_up(3, 2), half_up(-3, 2), half_up(4, 3)
    (2, -2, 1)
    """
    size = (2 * abs(part) + whole) // (2 * whole)
    return size if part >= 0 else -size


class Rate(float):
    """
    A share between 0 and 1: a number of four decimals that keeps its exact fraction.

    The number is what CSV, JSON and Parquet have.  It is rounded half up from the fraction.  Who
    shows it with fewer decimals takes the fraction: what is rounded twice can be wrong.

    >>> Rate(14, 17), Rate(1, 32), Rate(14, 17).as_integer_ratio()
    (0.8235, 0.0313, (14, 17))
    """

    __slots__ = ("part", "whole")

    part: int
    whole: int

    def __new__(cls, part: int, whole: int) -> Self:
        """
        Make the share that a part is of a whole.

        Args:
            part: How many of them, from 0 to *whole*.
            whole: How many there are, at least 1.
        """
        made = super().__new__(cls, half_up(10_000 * part, whole) / 10_000)
        made.part, made.whole = part, whole
        return made

    def as_integer_ratio(self) -> tuple[int, int]:
        """Return the exact fraction in lowest terms."""
        common = gcd(self.part, self.whole)
        return self.part // common, self.whole // common


def rate(part: int | None, whole: int | None) -> Rate | None:
    """
    Return a share between 0 and 1; ``None`` if the whole is zero or a number is kept back.

    >>> rate(1, 4), rate(0, 0), rate(None, 4)
    (0.25, None, None)
    """
    return Rate(part, whole) if part is not None and whole else None
