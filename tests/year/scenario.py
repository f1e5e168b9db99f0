"""The year: the first morning, what the service does as a whole, and the order of each day."""

import csv
import random
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import xlsxwriter

from oracle.oracle import is_working_day
from year import children as of
from year.children import ADA, BEN
from year.diary import Diary
from year.office import Office
from year.oracle import expected
from year.stories import BEFORE, Step, Stories, d, history
from year.world import Life

LAST = date(2026, 8, 31)
PACK = Path(__file__).with_name("testshire.toml")
LOCAL = frozenset({
    "cla.midway", "cp.midway", "testshire.report.initial", "testshire.report.review",
    "testshire.letter", "testshire.dispute.answer",
})  # fmt: skip
RECORDS = ("cla.review.decisions", "cla.review.record", "cla.review.distribution")
PREPARATION = (
    "cla.review.discussion",
    "cla.review.consultation",
    "cla.review.invitations",
    "cla.review.report",
    "cla.review.conversation",
)
SEVEN = [
    "Child Unique ID", "Date of Birth", "Child Protection Plan Start Date",
    "Date of the Last Statutory Visit", "Date of latest review conference",
    "Child Protection Plan End Date", "Allocated Team",
]  # fmt: skip
EIGHT = [
    "Child Unique ID", "Date of Birth", "Date Started to be Looked After",
    "Start date of current legal status", "Child's Legal Status",
    "Date of Latest Statutory Review", "Date of Last IRO Visit / Contact to the Child",
    "Date Ceased to be Looked After ", "Reason Ceased to be Looked After",
    "Start Date of Most Recent Placement", "Placement Type", "Allocated Team",
]  # fmt: skip
FIVE = [
    "Child Unique ID", "Date of Birth", "Age of Child (Years)",
    "Strategy discussion initiating Section 47 Enquiry Start Date",
    "Was an Initial Child Protection Conference deemed unnecessary?",
    "Date of Initial Child Protection Conference",
    "Did the Initial Child Protection Conference Result in a Child Protection Plan",
    "Number of ICPCs in the last 12 months", "Allocated Team", "Allocated Worker",
]  # fmt: skip


class Year:
    """Twelve months of one IRO's work, on a store in a folder."""

    def __init__(self, folder: Path, seed: int) -> None:
        """Prepare all children, with an empty store."""
        self.folder = folder
        self.chance = random.Random(seed)
        self.office = Office(folder / "iro.db")
        self.diary = Diary(self.office, seed)
        self.steps: dict[date, list[Step]] = {}
        for step in [*Stories(self.office, self.diary).steps(), *self._service()]:
            self.steps.setdefault(step[0], []).append(step)

    def mornings(self) -> Iterator[date]:
        """Go through the working days; each day is given out before anything is done on it."""
        self.begin()
        day = of.START
        while day <= LAST:
            if is_working_day(day):
                self.office.day = day
                yield day
                self.live(day)
            day += timedelta(days=1)

    def live(self, day: date) -> None:
        """Do the day: the stories, arrivals, meetings, and the week's file."""
        for one in sorted(self.steps):
            if one <= day:
                for _, take in self.steps.pop(one):
                    take()
        for arrival in of.arrivals():
            if self._since(day) < arrival.day <= day:
                self._arrive(arrival)
        self.diary.work(expected(self.office.world, day))
        if day.weekday() == 4:
            self.office.file_the_week(self.folder)

    def _since(self, day: date) -> date:
        """Find the working day before."""
        before = day - timedelta(days=1)
        while not is_working_day(before):
            before -= timedelta(days=1)
        return before

    def _arrive(self, arrival: of.Arrival) -> None:
        """Add children and what is known of them; siblings in one command."""
        self.office.take_in(*(of.life(name, self.chance) for name in arrival.children))
        self.office.record(arrival.event, *arrival.children, on=arrival.day)
        if arrival.event == "cla.start":
            self.office.record("placement.start", *arrival.children, on=arrival.day)
            for child in arrival.children:
                self.diary.admit(child, arrival.day)

    # -------------------------------------------------------------- the first morning

    def begin(self) -> None:
        """Import the IRO's children of 1 September, in three files."""
        lives = [of.life(name, self.chance) for name in (*of.SETTLED, *of.PLANNED, *BEFORE)]
        by_name = {one.name: one for one in lives}
        by_name["Nightjar"].date_of_birth = date(2008, 2, 14)
        by_name["Nuthatch"].date_of_birth = date(2010, 1, 8)
        for one in lives:
            if one.name in of.PLANNED:
                one.events = of.planned(random.Random(one.name))
            else:
                one.events = history(one.name) if one.name in BEFORE else of.settled(one.name)
            self.office.world.lives[one.name] = one
        self._write("children", ["child_id", "date_of_birth", "team", "sibling_group"], [
            [one.name, str(one.date_of_birth), one.team, one.siblings] for one in lives
        ])  # fmt: skip
        self._write("allocations", ["child_id", "role", "name", "from", "to"], [
            [one.name, held.role, held.name, str(held.start), ""]
            for one in lives for held in one.holdings
        ])  # fmt: skip
        self._write("events", ["child_id", "event", "date"], [
            [one.name, event.event, str(event.on)] for one in lives for event in one.events
        ])  # fmt: skip
        for kind in ("children", "allocations", "events"):
            self.office.say("import", kind, str(self.folder / f"{kind}.csv"))
        self._newcomers()

    def _newcomers(self) -> None:
        """Add the children of the stories that begin in the year."""
        chance = self.chance
        self.office.take_in(
            of.life("Martin", chance),
            of.life("Merlin", chance, date_of_birth=date(2010, 5, 5)),
            of.life("Moorhen", chance),
            of.life("Hawthorn", chance, date_of_birth=None),
            of.life("Hazel", chance),
            of.life("Osprey", chance, nation="scotland"),
        )
        self.office.record("cla.start", "Osprey", on=date(2025, 8, 25))

    def _write(self, name: str, header: list[str], rows: list[list[str]]) -> None:
        with (self.folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([header, *rows])

    # -------------------------------------------------------------- the service as a whole

    def _service(self) -> list[Step]:
        """List what is done for the service, with its days."""
        office = self.office

        def pack() -> None:
            office.packs = ["--pack", str(PACK)]
            office.world.local = LOCAL
            office.say("timescales", "check", str(PACK))

        def no_more_court() -> None:
            office.say("watch", "remove", "court.proceedings")
            del office.world.watched["court.proceedings"]

        return [
            (d(9, 1), self._people),
            (d(11, 3), lambda: office.watch(*PREPARATION, group="preparation")),
            (d(12, 1), lambda: office.watch(*RECORDS, group="records")),
            (d(1, 2), lambda: office.watch("plans.care", "plans.placement", group="plans")),
            (d(1, 2), lambda: office.watch("plans.education.first", "plans.education.review", group="education")),
            (d(1, 2), lambda: office.watch(
                "plans.health.first", "plans.health.under-five", "plans.health.from-five", group="health"
            )),
            (d(1, 2), lambda: office.watch("cp.core-group.first")),
            (d(10, 6), lambda: office.watch("visits.placement.first", "visits.placement.next", "visits.adoption.first", group="visits")),
            (d(10, 6), lambda: office.watch("notices.placement", group="notices")),
            (d(10, 6), lambda: office.watch("cla.review.care-plan", "cla.review.answer", group="after-review")),
            (d(1, 2), lambda: office.watch("cla.iro.appointed", group="appointment")),
            (d(2, 16), pack),
            (d(7, 6), no_more_court),
            (d(12, 8), self._absence),
            (d(4, 13), self._back_early),
            (d(6, 1), self._suggested),
            (d(2, 2), self._hand_over),
            (d(5, 5), self._hand_back),
            (d(1, 19), self._audit),
            (d(1, 12), self._align),
            (d(3, 23), self._look_ahead),
            (d(3, 30), self._annex_a),
            (d(2, 10), self._refused),
            (d(5, 12), self._unbooked),
            (d(8, 28), self._reports),
        ]  # fmt: skip

    def _people(self) -> None:
        for name, part in ((ADA, "1"), (BEN, "0.6"), ("Cara Lloyd", "1")):
            self.office.say("person", "add", name, "--fte", part, "--from", "2024-01-01")
        self.office.say("person", "leave", "Cara Lloyd", "--on", "2026-01-30")
        self.office.say("person", "list")

    def _absence(self) -> None:
        self.office.say("absence", "add", ADA, "--from", "2025-12-22", "--to", "2026-01-02")
        self.office.say("absence", "add", ADA, "--from", "2026-04-07", "--to", "2026-04-10")
        assert "22 Dec 2025" in self.office.say("absence", "list")

    def _back_early(self) -> None:
        """Withdraw an absence, and change hours."""
        self.office.say("absence", "add", BEN, "--from", "2026-05-11", "--to", "2026-05-15")
        self.office.say("absence", "remove", BEN, "--from", "2026-05-11")
        self.office.say("person", "edit", BEN, "--fte", "0.8", "--from", "2026-04-13")

    def _hand_over(self) -> None:
        """Ben takes Ada's youngest sibling group, and one other child by allocation."""
        self.office.hand_over(of.SETTLED[3:5], ADA, BEN)
        self.office.allocate([of.SETTLED[9]], BEN)
        self.office.hand_over([of.SETTLED[10]], ADA, BEN)
        self.office.say("undo")
        for role in ("iro", "chair"):
            holdings = self.office.world.lives[of.SETTLED[10]].holdings
            holdings.remove(next(one for one in holdings if one.role == role and one.name == BEN))

    def _hand_back(self) -> None:
        self.office.hand_over(of.SETTLED[3:5], BEN, ADA)

    def _audit(self) -> None:
        """Draw ten cases, the same ten for the same seed, and audit one of them."""
        self.office.say("audit", "sample", "--size", "10", "--seed", "1", "--auditor", BEN)
        drawn = self.office.rows("audit", "list")
        again = self.office.say("audit", "sample", "--size", "10", "--seed", "1", "--auditor", BEN)
        assert again
        assert self.office.rows("audit", "list") == drawn
        assert len({row["child"] for row in drawn}) == 10
        first = min(row["child"] for row in drawn)
        self.office.say("audit", "record", first, "--on", "2026-01-19", "--tool", "Case file",
                        "--grade", "Good", "--auditor", BEN, "--note", "plan is up to date")  # fmt: skip
        listed = self.office.rows("audit", "list")
        assert sorted(row["status"] for row in listed) == ["done", *["due"] * 9]

    def _align(self) -> None:
        """Align siblings' reviews on a working day, none of them late."""
        names = of.SETTLED[:3]
        found = self.office.listing("align", *names, "--process", "cla")
        ours = [row for row in expected(self.office.world, self.office.day)
                if row["child"] in names and row["timescale"].startswith("cla.review.sub")]  # fmt: skip
        last = min(row["hold_by"] for row in ours)
        assert {row["child"] for row in found["rows"]} == set(names)
        assert found["last"] == last
        assert found["best"] in found["possible"]
        assert max(found["possible"]) <= last
        assert all(is_working_day(date.fromisoformat(one)) for one in found["possible"])

    def _look_ahead(self) -> None:
        """Forecast the year, and propose a diary without avoidable lateness."""
        self.office.say("forecast", "--months", "12")
        rows = self.office.rows("suggest", "--iro", ADA, "--per-day", "2")
        away = [date(2026, 4, 7) + timedelta(days=n) for n in range(4)]
        taken: dict[date, int] = {}
        for row in rows:
            if row["suggested"]:
                day = date.fromisoformat(row["suggested"])
                taken[day] = taken.get(day, 0) + 1
                assert is_working_day(day)
                assert day not in away
                assert row["suggested"] <= max(row["due"], self.office.day.isoformat())
        assert max(taken.values()) <= 2

    def _suggested(self) -> None:
        """Book a whole proposed diary in one change."""
        words = ("suggest", "--iro", ADA, "--to", "2026-07-31")
        rows = self.office.rows(*words)
        self.office.say(*words, "--book")
        booked = 0
        for row in rows:
            if row["suggested"]:
                clock = (row["child"], row["timescale"], date.fromisoformat(row["clock_started"]))
                self.office.world.booked[clock] = date.fromisoformat(row["suggested"])
                booked += 1
        assert booked

    def _annex_a(self) -> None:
        """Import an inspection's lists: two new children, and one who does not change."""
        known = self.office.world.lives[of.SETTLED[0]]
        started, held = known.last("cla.start"), known.last("cla.review")
        path = self.folder / "annex-a.xlsx"
        _lists(path, {
            "List 5": [FIVE],
            "List 7": [SEVEN, ["Juniper", date(2019, 5, 5), date(2026, 1, 15), "", "", "", "North"]],
            "List 8": [EIGHT, *(
                [name, born, since, "", "C2: FCO", latest, "", "", "", since, "", team]
                for name, born, since, latest, team in (
                    ("Honesty", date(2012, 3, 3), date(2024, 6, 3), date(2026, 2, 12), "Coast"),
                    (known.name, known.date_of_birth, started, held, known.team),
                )
            )],
        })  # fmt: skip
        self.office.say("import", "annex-a", str(path))
        for name, team, born in (
            ("Juniper", "North", date(2019, 5, 5)),
            ("Honesty", "Coast", date(2012, 3, 3)),
        ):
            self.office.world.lives[name] = Life(name, team, born)
        know = self.office.know
        know("Juniper", "cp.plan.start", date(2026, 1, 15))
        know("Honesty", "cla.start", date(2024, 6, 3))
        know("Honesty", "placement.start", date(2024, 6, 3))
        know("Honesty", "cla.review.latest", date(2026, 2, 12))
        know(known.name, "placement.start", started or self.office.day)
        self.office.allocate(["Juniper"], ADA, "chair")
        self.office.allocate(["Honesty", "Juniper"], ADA)

    def _refused(self) -> None:
        """Type a contradiction, which is refused and changes nothing the next morning."""
        office, today = self.office, self.office.day.isoformat()
        office.say("book", "Merlin", "secure.review.first", today, code=3)
        office.say("record", "review.decisions", "Martin", "--on", today, code=3)
        office.say("allocate", "Martin", "--iro", "Cara Lloyd", "--from", today, code=3)
        office.say("align", "Osprey", of.SETTLED[6], code=3)
        self._write("overlap", ["child_id", "role", "name", "from", "to"], [
            ["Martin", "iro", BEN, today, ""], ["Martin", "iro", ADA, today, ""],
        ])  # fmt: skip
        office.say("import", "allocations", str(self.folder / "overlap.csv"), code=3)

    def _unbooked(self) -> None:
        """Withdraw one booking, so that its meeting is unbooked from then on."""
        rows = [row for row in expected(self.office.world, self.office.day) if row["booked"]]
        row = max(rows, key=lambda row: (row["booked"], row["child"]))
        started = date.fromisoformat(row["clock_started"])
        self.office.unbook(row["child"], row["timescale"], started, "carer is ill")
        found = self.office.rows("due", "--all", "--unbooked", "--child", row["child"])
        assert row["timescale"] in [one["timescale"] for one in found]

    def _reports(self) -> None:
        """End the year: reports, one child's page, the history, and doctor."""
        for words in (
            ("report", "timeliness", "--from", "2025-09-01", "--to", "2026-08-28"),
            ("report", "quarterly", "--from", "2026-04-01", "--to", "2026-06-30"),
            ("report", "annual", "--from", "2025-09-01", "--to", "2026-08-28"),
            ("show", "Ouzel"),
            ("explain", of.SETTLED[0]),
            ("history", "Pipit"),
            ("dispute", "list"),
            ("overdue",),
            ("calendar",),
            ("watch", "list"),
            ("child", "list"),
        ):
            self.office.say(*words)


def _lists(path: Path, sheets: dict[str, list[list[Any]]]) -> None:
    """Write a workbook with real dates."""
    book = xlsxwriter.Workbook(path)
    style = book.add_format({"num_format": "dd/mm/yyyy"})
    for title, rows in sheets.items():
        sheet = book.add_worksheet(title)
        for number, cells in enumerate(rows):
            for column, cell in enumerate(cells):
                if isinstance(cell, date):
                    sheet.write_number(number, column, (cell - date(1899, 12, 30)).days, style)
                elif cell != "":
                    sheet.write(number, column, cell)
    book.close()
