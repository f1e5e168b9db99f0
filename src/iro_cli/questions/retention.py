"""Work out how long each child's record is kept, and which periods have passed."""

from collections.abc import Mapping, Sequence
from datetime import date

from iro_cli import library
from iro_cli.dates.months import add_months
from iro_cli.dates.words import spoken_short
from iro_cli.facts.model import Child, Event, Retention
from iro_cli.facts.vocabulary import DIED, KEPT_AS, KEPT_FROM
from iro_cli.lean import NamedTuple
from iro_cli.library import RetentionPeriod
from iro_cli.questions.view import View

CLA, *_, OTHER = KEPT_AS
BIRTH, LAST = KEPT_FROM
_NAMES = {CLA: "looked-after", "cp": "child protection", "adoption": "adoption", OTHER: "other"}
# The first words of the events that make a child's record one of a process.
_AREAS = {
    **dict.fromkeys(("cla", "placement", "short-break", "secure"), CLA),
    "cp": "cp",
    "adoption": "adoption",
}


class KeptRecord(NamedTuple):
    """
    How long a child's record is kept.

    Attributes:
        child: The child.
        processes: The processes whose retention periods apply.
        keep_until: The last day (inclusive), the latest of all processes; ``None`` if one of
            them cannot be worked out.
        passed: Whether that day has passed.
        why: What it rests on, or what is missing.
    """

    child: str
    processes: Sequence[str]
    keep_until: date | None
    passed: bool
    why: str


def retained(view: View, only: str | None = None) -> list[KeptRecord]:
    """
    Return how long each child's record is kept, in order of child.

    Args:
        view: The store, the rules and the day.
        only: Only this child.
    """
    reader = view.reader
    given = {one.process: one for one in reader.retention()}
    events = dict(reader.cases(date.max, only))
    children = reader.children(only)
    return [
        _kept(
            children.get(child, Child(child)),
            events.get(child, []),
            given,
            view.catalogue.nation,
            view.as_of,
        )
        for child in sorted({*children, *events})
    ]


def _kept(
    child: Child,
    events: Sequence[Event],
    given: Mapping[str, Retention],
    nation: str,
    as_of: date,
) -> KeptRecord:
    # A child is one record here.  A child who was looked after and on a plan has two periods, and
    # the longer one counts: erasing for one process would erase the record of the other.
    named = {_AREAS[area] for one in events if (area := one.event.partition(".")[0]) in _AREAS}
    processes = [one for one in KEPT_AS if one in named] or [OTHER]
    days, words, missing = [], [], []
    for process in processes:
        until, why = _of_process(process, child, events, given, child.nation or nation)
        words.append(f"{_NAMES[process]}: {why}")
        if until is None:
            missing.append(words.pop())
        else:
            days.append(until)
    # If one period is not known, no day can be given: the missing one may be the longest, and an
    # erased record does not come back.
    if missing:
        return KeptRecord(child.child_id, processes, None, passed=False, why="; ".join(missing))
    last = max(days)
    return KeptRecord(child.child_id, processes, last, as_of > last, "; ".join(words))


def _of_process(
    process: str,
    child: Child,
    events: Sequence[Event],
    given: Mapping[str, Retention],
    nation: str,
) -> tuple[date | None, str]:
    """Return the last day on which one process keeps a record, and why, or what is missing."""
    found = []
    law = library.retention(process, nation)
    if law is not None:
        found.append(_by_law(law, child, events))
    # A period that an authority sets can only lengthen that of the law: the later day counts.
    if process in given:
        found.append(_as_given(given[process], child, events))
    if not found:
        return None, f"no period is set (`iro retention set {process} YEARS`)"
    unknown = [why for until, why in found if until is None]
    if unknown:
        return None, unknown[0]
    # What an authority sets can make the time longer than the law asks, but never shorter.
    return max((until, why) for until, why in found if until is not None)


def _by_law(law: RetentionPeriod, child: Child, events: Sequence[Event]) -> tuple[date | None, str]:
    born = child.date_of_birth
    if born is None:
        return None, "the date of birth is not known"
    died = next((one.on for one in events if one.event == DIED), None)
    if died is not None and died < add_months(born, 12 * law.died_under):
        until = add_months(died, 12 * law.after_death)
        return until, f"{law.after_death} years from the death ({law.provision})"
    return add_months(born, 12 * law.from_birth), (
        f"{law.from_birth} years from birth ({law.provision})"
    )


def _as_given(given: Retention, child: Child, events: Sequence[Event]) -> tuple[date | None, str]:
    said = f"as set on {spoken_short(given.from_on)}"
    if given.since == BIRTH:
        if child.date_of_birth is None:
            return None, "the date of birth is not known"
        until = add_months(child.date_of_birth, 12 * given.years)
        return until, f"{given.years} years from birth, {said}"
    if not events:
        return None, "nothing is recorded from which to count"
    last = max(one.completed_on or one.on for one in events)
    return add_months(last, 12 * given.years), (
        f"{given.years} years from the last thing recorded, {said}"
    )
