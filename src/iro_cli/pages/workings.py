"""Say why a due date is what it is: what was counted, what was left out, the provision."""

from collections.abc import Sequence
from datetime import date, timedelta

from iro_cli.dates.words import counted, spoken, spoken_short
from iro_cli.law.model import CHECKED
from iro_cli.obligations.due import Due


def authority_of(found: Due) -> str:
    """Return the name of the instrument, with a remark if its words were not read."""
    citation = found.version.citations[0]
    if found.version.checked == "recalled":
        return f"{citation.instrument} ({CHECKED['recalled']})"
    return citation.instrument


def _left_out(found: Due) -> str:
    if found.limit.unit != "working_day":
        return "nothing: every day counts"
    low, high = sorted((found.counted_from, found.due))
    weekend = sum(
        (low + timedelta(days=day)).weekday() > 4 for day in range(1, (high - low).days + 1)
    )
    days = [f"{holiday.name} {spoken(holiday.day)}" for holiday in found.left_out]
    return " · ".join([counted(weekend, "weekend day"), *(days or ["no bank holiday"])])


def workings(found: Due, confirmed_to: date) -> list[tuple[str, str]]:
    """
    Return why a date is what it is, as lines with labels.

    Args:
        found: The due date.
        confirmed_to: The last day for which the bank holidays are confirmed.
    """
    version = found.version
    if found.rule.trigger.between:
        return [
            ("between", f"{spoken(found.counted_from)} and the day the next is due"),
            ("timescale", version.words()),
            ("due", f"{spoken(found.due)}, the last day"),
            *_authority(found),
        ]
    counting = "that day is day 1" if found.limit.inclusive else "that day is not counted"
    if found.limit.origin and not found.limit.amount:  # the day was given, and not counted
        lines = [("clock starts", spoken(found.started)), ("timescale", version.words())]
    else:
        lines = [
            ("clock starts", f"{spoken(found.counted_from)} ({counting})"),
            ("timescale", version.words()),
            ("left out", _left_out(found)),
        ]
    lines += [
        (
            "due",
            f"{spoken(found.due)}, the last day" + (" (provisional)" if found.provisional else ""),
        ),
    ]
    if found.hold_by != found.due:
        lines.append(
            (
                "hold by",
                f"{spoken(found.hold_by)}: the due date is not a working day and does not move",
            )
        )
    if found.not_before:
        lines.append(("not before", f"{spoken(found.not_before)}: held sooner, it is too early"))
    if found.provisional:
        lines.append(
            (
                "provisional",
                f"bank holidays are confirmed to {spoken_short(confirmed_to)} only",
            )
        )
    return lines + _authority(found)


def _authority(found: Due) -> list[tuple[str, str]]:
    """Return the provision on which a date rests, with its words and how they were read."""
    version, citation = found.version, found.version.citations[0]
    until = f" to {spoken_short(version.in_force_to)}" if version.in_force_to else ""
    lines = [
        ("authority", f"{citation.instrument}, {citation.provision}"),
        ("in force", f"from {spoken_short(version.in_force_from)}{until}"),
        ("words", citation.quote),
    ]
    if CHECKED[version.checked]:
        lines.append(("source", CHECKED[version.checked]))
    if version.note:
        lines.append(("note", version.note))
    lines.append(("see", citation.seen_in or citation.url))
    return lines


def verdict(found: Sequence[Due]) -> list[str]:
    """Say which of several limits for a meeting is the soonest, and which breach the law."""
    law, *markers = found
    lines = []
    for marker in markers:
        days = (marker.due - law.due).days
        if days > 0:
            lines.append(
                f"{marker.version.words()} BREACHES {law.rule.id}: {spoken(marker.due)} is "
                f"{counted(days, 'day')} after the last lawful day, {spoken(law.due)}"
            )
        elif days < 0:
            lines.append(
                f"{marker.version.words()} is {counted(-days, 'day')} sooner than the law asks; "
                f"the last lawful day is {spoken(law.due)}"
            )
        else:
            lines.append(f"{marker.version.words()} and {law.version.words()} end on the same day")
    soonest = min(found, key=lambda one: one.hold_by)
    lines.append(f"work to {spoken(soonest.hold_by)}, the sooner of them")
    return lines
