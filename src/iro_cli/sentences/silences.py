"""Say in words why it is not known what happened on some days."""

from collections.abc import Sequence
from datetime import date, timedelta

from iro_cli.dates.words import spoken_short
from iro_cli.obligations.silences import (
    AS_OF_CARE,
    LATEST_ONLY,
    NOT_IMPORTED,
    NOT_SAID,
    Unknown,
)

_DAY = timedelta(days=1)


def unknown_words(unknown: Sequence[Unknown]) -> str:
    """Say why some days are not known; each extract can have a reason of its own."""
    return ", and ".join(map(_unknown, unknown))


def _unknown(one: Unknown) -> str:
    if one.kind == LATEST_ONLY:
        on = spoken_short(one.last + _DAY)
        return (
            f"only the latest meeting is recorded, on {on}, and there may have been others "
            "before it"
        )
    if one.kind == NOT_IMPORTED:
        of = (
            f"the days before {spoken_short(one.last + _DAY)}"
            if one.first == date.min
            else _days(one.first, one.last)
        )
        return f"no {one.source} extract of {of} has been imported"
    if one.kind == AS_OF_CARE:
        what = "review" if one.lacks.endswith(".review") else "end"
        return (
            f"the {what} of {spoken_short(one.first)} is recorded as one of care, and may have "
            f"been {one.lacks}"
        )
    if one.kind == NOT_SAID:
        return f"the {one.source} extract does not carry {one.lacks}"
    return f"the {one.source} extract does not carry {one.lacks} ({_days(one.first, one.last)})"


def remedy_words(unknown: Sequence[Unknown]) -> str:
    """Say what to do to make some days known."""
    # The remedy for the first reason only: one extract that tells of these days is enough.
    first = unknown[0]
    if first.kind == LATEST_ONLY:
        on = spoken_short(first.last + _DAY)
        return f"ask about {on} or a later day, or import a source that has every one"
    if first.kind == AS_OF_CARE:
        return f"if it was, record {first.lacks} on that day too"
    if first.kind == NOT_SAID:
        return "mend it and import it again, or record what happened"
    what = "it" if first.kind == NOT_IMPORTED else "one that does"
    return f"import {what}, or record what was held"


def _days(first: date, last: date) -> str:
    until = f"to {spoken_short(last)}"
    return until if first == date.min else f"{spoken_short(first)} {until}"
