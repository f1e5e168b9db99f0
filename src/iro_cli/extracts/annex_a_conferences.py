"""Settles what came of each initial conference in list 5 of Annex A."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from iro_cli.extracts.annex_a_lists import RESULT
from iro_cli.extracts.annex_a_rows import Row

# A plan starts at its conference, or where it was recorded late somewhat after.
_AFTER_CONFERENCE = timedelta(days=28)


@dataclass(slots=True)
class Conference:
    """
    An initial conference.

    Attributes:
        child_id: The child.
        on: The day.
        outcome: ``plan``, ``no-plan``, or ``None`` where it is not said.
        where: The row.
        has_result: Whether the list has a column for the outcome.
    """

    child_id: str
    on: date
    outcome: str | None
    where: str
    has_result: bool


class Conferences:
    """The conferences of every child; two enquiries may have led to one."""

    def __init__(self) -> None:
        """Start without any."""
        self._known: dict[tuple[str, date], Conference] = {}

    def add(self, row: Row, child_id: str, on: date, result: str | None) -> bool:
        """
        Add the conference of a row.

        Returns:
            Whether no other row says otherwise of it; if one does, the row is refused.
        """
        outcome = {"yes": "plan", "no": "no-plan"}.get(result or "")
        known = self._known.get((child_id, on))
        if known is None:
            self._known[child_id, on] = Conference(
                child_id, on, outcome, row.where, row.has(RESULT)
            )
        elif known.outcome and outcome and known.outcome != outcome:
            row.refuse(RESULT, f"{known.where} says otherwise of the conference on {on}")
            return False
        else:
            known.outcome = known.outcome or outcome
        return True

    def settled(self, plans: Mapping[str, Sequence[date]]) -> Iterator[Conference]:
        """
        Yield the conferences, their outcomes taken from the plans where no column has them.

        Args:
            plans: The days on which the plans of each child started.
        """
        days: dict[str, list[date]] = {}
        for child_id, on in self._known:
            days.setdefault(child_id, []).append(on)
        for one in self._known.values():
            if one.outcome is None:
                led_to_plan = any(
                    one.on <= start <= one.on + _AFTER_CONFERENCE
                    and not any(one.on < other <= start for other in days[one.child_id])
                    for start in plans.get(one.child_id, ())
                )
                if led_to_plan:
                    one.outcome = "plan"
                elif not one.has_result:
                    one.outcome = "no-plan"
            yield one
