"""Say in words what ended every process of a child."""

from iro_cli.dates.words import spoken_short
from iro_cli.figures.ending import Ending


def ending_words(one: Ending) -> str:
    """Say on which day the child died, or was no longer a child."""
    what = f"reached {one.age}" if one.age else "died"
    return f"the child {what} on {spoken_short(one.on)}"


def nothing_open(one: Ending | None) -> str:
    """Say that nothing is open for a child, and what ended everything, if something did."""
    return f"nothing is open: {ending_words(one)}" if one else "nothing is open"
