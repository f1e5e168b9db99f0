"""
Which duty a clock is, where a source gave the latest meeting only.

Such a source does not say whether the meeting was the first, the second or a
later one, and the next is due the sooner the earlier it was.
"""

from typing import NamedTuple

from iro_cli.dates.words import spoken_short
from iro_cli.facts.vocabulary import EVENTS
from iro_cli.law.catalogue import Catalogue
from iro_cli.obligations.due import DueDates
from iro_cli.obligations.plan import Clock


class Inferred(NamedTuple):
    """
    What is taken to be so.

    Attributes:
        clock: The clock, of one rule.
        assumed: What was inferred from what, with the other candidates, for people;
            ``None`` where nothing was.
    """

    clock: Clock
    assumed: str | None


def infer(clock: Clock, catalogue: Catalogue, dates: DueDates) -> Inferred:
    """
    Decide which duty runs after a meeting that is only known to be the latest.

    Held by the day the first was due, it was the first.  Held after the day by
    which the second was due at the latest, it was a later one.  In between it
    may have been either, and the sooner date is the one to work to.

    Args:
        clock: A clock with candidates, and the day its span began.
        catalogue: The rules, to find the one before the candidates.
        dates: Counts.

    Raises:
        NoDateError: A date that it depends on cannot be given.
    """
    held, since = clock.started, clock.since
    if held is None or since is None:
        raise ValueError("the clock says neither when the meeting was nor when its span began")
    first = catalogue.rules[clock.candidates[0].trigger.held[0]]
    first_due = dates.of(first, since).due
    second_due = dates.of(clock.candidates[0], first_due).due
    if held <= first_due:
        rule = clock.candidates[0]
        because = f"is taken for the first, being held by {_d(first_due)} when that was due"
    elif held > second_due:
        rule = clock.candidates[-1]
        because = (
            "is taken for a later one, being held after the first was due "
            f"({_d(first_due)}) and the second ({_d(second_due)} at the latest)"
        )
    else:
        rule = min(clock.candidates, key=lambda one: dates.of(one, held).due)
        because = (
            f"may have been the first, held after {_d(first_due)} when that was due, or a later "
            "one: the sooner date is the one to work to"
        )
    others = " or ".join(
        f"{_d(dates.of(one, held).due)} as the {one.title.lower()}"
        for one in clock.candidates
        if one is not rule
    )
    return Inferred(
        clock._replace(rule=rule, candidates=(), since=None),
        f"only the latest review is recorded: that on {_d(held)} {because}; otherwise the next is "
        f"due {others}",
    )


def taken(clock: Clock, catalogue: Catalogue) -> str:
    """Say what a clock's start was taken for."""
    span = catalogue.spans[clock.rule.span or ""]
    events = [EVENTS[one.event].title for one in span.taken_from]
    starts = " or ".join(dict.fromkeys(EVENTS[one.event].title for one in span.opened_by))
    started = _d(clock.started) if clock.started else "a day that is not known"
    return (
        f"counted from {started} ({' or '.join(events)}): what it should be counted from "
        f"({starts}) is not recorded, and is taken to have been that day"
    )


_d = spoken_short
