"""How the IRO works from the morning's list: books, holds, moves and writes up.

Chance, from one seed, decides what is booked when, what goes wrong, and what is written up late.
The diary works from the list of the oracle, and never from the program's.
"""

import random
from datetime import date, timedelta
from typing import Any

from oracle.oracle import is_working_day
from year.office import Office
from year.oracle import add

#: The event that meets a clock: the first that fits.
HELD = (
    ("cla.review.", "cla.review"),
    ("adoption.review.authorised.", "cla.review"),
    ("adoption.review.placed.", "adoption.review"),
    ("cp.conference.review.", "cp.conference.review"),
    ("cp.conference.", "cp.conference"),
    ("secure.review.", "secure.review"),
    ("short-break.review.", "short-break.review"),
)
NOT_A_MEETING = ("decisions", "record", "distribution", "discussion", "consultation",
                 "invitations", "report", "conversation", "28-days", "care-plan", "answer")  # fmt: skip
TAKING_PART = ("PN1", "PN2", "PN4", "PN5", "PN6", "PN7")


def meeting_of(timescale: str) -> str | None:
    """Name the event that meets a clock, if it is a meeting."""
    if timescale.endswith(NOT_A_MEETING):
        return None
    found = next((event for start, event in HELD if timescale.startswith(start)), None)
    return timescale if found == "cp.conference" else found


def working_day(day: date) -> date:
    """Find the first working day on or after a day."""
    while not is_working_day(day):
        day += timedelta(days=1)
    return day


class Diary:
    """The IRO's own work, random from one seed."""

    def __init__(self, office: Office, seed: int) -> None:
        """Begin with an empty diary."""
        self.office = office
        self.chance = random.Random(seed)
        self.moved: set[tuple[str, str, date]] = set()
        #: Meetings of a series that are not over: the child, and the first day, to the last.
        self.series: dict[tuple[str, date], date] = {}
        #: Clocks that a story looks after itself.
        self.left_alone: set[str] = set()
        self.happened: set[str] = set()

    def likely(self, share: float) -> bool:
        """Return true with this probability."""
        return self.chance.random() < share

    def work(self, rows: list[dict[str, Any]]) -> None:
        """Go through the list: book what has no meeting, hold what is booked for today."""
        finished = self._finish_series()
        soonest: dict[tuple[str, str], dict[str, Any]] = {}
        for row in sorted(rows, key=lambda row: (row["due"] or "9", row["timescale"])):
            event = meeting_of(row["timescale"])
            if event and row["due"] and row["child"] not in self.left_alone:
                soonest.setdefault((row["child"], event), row)
        for (child, event), row in soonest.items():
            booked = row["booked"] and date.fromisoformat(row["booked"])
            if child in finished or any(one == child for one, _ in self.series):
                continue
            if booked is None:
                self._book(child, row)
            elif booked <= self.office.day:
                self._hold(child, event, row, booked)

    def _book(self, child: str, row: dict[str, Any]) -> None:
        """Book a meeting some weeks ahead: mostly in time, sometimes late or on a Saturday."""
        today, due = self.office.day, date.fromisoformat(row["due"])
        started = date.fromisoformat(row["clock_started"])
        if row["days_left"] > 21 + hash_of(child, row["timescale"]) % 35:
            return
        day = working_day(add(due, -self.chance.randint(0, 9)))
        if self.likely(0.1):
            day = working_day(due + timedelta(days=self.chance.randint(1, 8)))
            self.happened.add("booked late")
        elif self.likely(0.06):
            day -= timedelta(days=(day.weekday() + 2) % 7)
            self.happened.add("booked on a Saturday")
        if day < today or day <= started:
            day = working_day(max(today, started + timedelta(days=1)) + timedelta(days=1))
        self._make(child, row["timescale"], started, day)
        self._prepare(child, row["timescale"], started, day)

    def _make(self, child: str, timescale: str, started: date, day: date, reason: str = "") -> None:
        said = self.office.book(child, timescale, started, day, reason=reason)
        if not is_working_day(day):
            assert "weekend" in said or "bank holiday" in said, said

    def _prepare(self, child: str, timescale: str, started: date, day: date) -> None:
        """Do most of what comes before the meeting, now and then not in time."""
        if timescale.startswith("cp.conference") and self.likely(0.8):
            self._some_day(child, "cp.report", started, day, 8)
        if timescale.startswith(("cla.review.first", "cla.review.second", "cla.review.sub")):
            for event, ahead in (
                ("discussion", 22),
                ("consultation", 21),
                ("invitations", 12),
                ("report", 5),
                ("conversation", 2),
            ):
                if self.likely(0.75):
                    self._some_day(child, f"preparation.{event}", started, day, ahead)

    def _some_day(self, child: str, event: str, started: date, day: date, ahead: int) -> None:
        when = add(day, -ahead - self.chance.randint(-2, 3))
        when = max(when, started + timedelta(days=1), self.office.day)
        if when <= day:
            self.office.later(when, child, event)

    def _hold(self, child: str, event: str, row: dict[str, Any], booked: date) -> None:
        """Hold a meeting, unless something prevents it."""
        timescale, started = row["timescale"], date.fromisoformat(row["clock_started"])
        clock = (child, timescale, started)
        fate = self.chance.random()
        if clock not in self.moved and fate < 0.2:
            self.moved.add(clock)
            if self._comes_between(child, event, timescale, started, booked, fate):
                return
        more: dict[str, str] = {}
        if event == "cla.review":
            more = {"participation": self._took_part(child, booked), "advocacy": self._yes_or_no()}
            if fate > 0.93:
                self.series[child, booked] = booked + timedelta(days=self.chance.randint(4, 12))
                self.happened.add("a series of meetings")
                return
        elif event.startswith("cp.conference"):
            more = {"quorate": "yes", "advocacy": self._yes_or_no(), "attended": "mother; school"}
            more["scaling"] = str(self.chance.randint(0, 10))
            if event.endswith("initial") and self.likely(0.2):
                more["outcome"] = "no-plan"
            if event.endswith("review") and self.likely(0.2):
                more["outcome"] = "end"
            self.happened.add(f"{event} {more.get('outcome', '')}")
        if booked > date.fromisoformat(row["due"]):
            self.happened.add(f"{event} late")
        self.office.record(event, child, on=booked, by=None, **more)
        self._write_up(child, event, booked, booked)

    def _comes_between(
        self, child: str, event: str, timescale: str, started: date, booked: date, fate: float
    ) -> bool:
        """Cancel or adjourn, or find too few people: it is booked again with the reason."""
        reason = "cancelled"
        life = self.office.world.lives[child]
        if event == "cla.review" and fate > 0.12 and timescale != "cla.review.early":
            adjourned = life.last("cla.review.adjourned")
            if adjourned is not None and adjourned > started:
                return False
            reason = "adjourned"
            self.office.record("cla.review.adjourned", child, on=booked, reason="report missing")
        elif event.startswith("cp.conference") and fate > 0.08:
            reason = "inquorate"
            said = self.office.record(event, child, on=booked, quorate="no", attended="school")
            assert "not quorate" in said
        self.happened.add(reason)
        ahead = self.office.day + timedelta(days=self.chance.randint(5, 15))
        self._make(child, timescale, started, working_day(ahead), reason)
        return True

    def _finish_series(self) -> set[str]:
        """Record reviews held as a series of meetings after the last one; return the children."""
        finished = set()
        for (child, first), last in list(self.series.items()):
            if last <= self.office.day:
                del self.series[child, first]
                finished.add(child)
                done = last.isoformat()
                self.office.record("cla.review", child, on=first, completed_on=done)
                self._write_up(child, "cla.review", first, last)
        return finished

    def _write_up(self, child: str, event: str, held: date, completed: date) -> None:
        """Write the records of a review, the letter of a conference: some late, few never."""
        of = {"reference": held.isoformat()}
        if event == "cla.review":
            for name, days in (("decisions", 4), ("record", 12), ("distributed", 18)):
                if self.likely(0.93):
                    when = add(completed, days + self.chance.randint(-3, 5))
                    self.office.later(when, child, f"review.{name}", **of)
            luck = hash_of(child, held.isoformat(), "care plan")
            if luck % 10:
                self.office.later(add(completed, 6 + luck % 7), child, "review.care-plan", **of)
            if self.likely(0.7):
                self.office.later(add(held, self.chance.randint(25, 70)), child, "cla.midway")
        if event.endswith("conference.initial"):
            self.office.later(add(held, self.chance.randint(1, 3)), child, "cp.letter", **of)
            self.office.later(add(held, self.chance.randint(7, 12)), child, "cp.core-group")
        if event == "cp.conference.review" and self.likely(0.5):
            self.office.later(add(held, self.chance.randint(25, 70)), child, "cp.midway")

    def admit(self, child: str, day: date) -> None:
        """Do what follows when a child comes into care, most of it in time."""
        for visit in (3 + hash_of(child, "first visit") % 6, 40 + hash_of(child, "next visit") % 9):
            self.office.later(day + timedelta(days=visit), child, "placement.visit")
        for event, days in (("iro.appointed", 4), ("plan.care", 9), ("plan.placement", 4),
                            ("health.assessment", 17), ("education.plan", 9)):  # fmt: skip
            if self.likely(0.85):
                self.office.later(add(day, days + self.chance.randint(-2, 4)), child, event)

    def _took_part(self, child: str, day: date) -> str:
        born = self.office.world.lives[child].date_of_birth
        if born and (day - born).days < 4 * 365.25:
            return "PN0"
        return self.chance.choice(TAKING_PART)

    def _yes_or_no(self) -> str:
        return self.chance.choice(["yes", "no"])


def hash_of(*words: str) -> int:
    """Make the same number of the same words, every time."""
    return random.Random(" ".join(words)).randrange(1000)
