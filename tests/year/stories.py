"""The events of single children in the year, day by day, each a story of its own."""

from collections.abc import Callable
from datetime import date

from oracle.oracle import Event
from year.children import settled
from year.diary import Diary
from year.office import Office

Step = tuple[date, Callable[[], object]]


def d(month: int, day: int) -> date:
    """Return a day of the year from September 2025 to August 2026."""
    return date(2025 if month > 8 else 2026, month, day)


#: Children of these stories who were looked after before the year.
BEFORE = ("Lapwing", "Linnet", "Mallard", "Nightjar", "Nuthatch", "Ouzel", "Partridge", "Pipit")


def history(name: str) -> list[Event]:
    """Write the events of one of them before the year."""
    events = settled(name)
    if name == "Linnet":
        events.append(Event("adoption.authorised", date(2025, 8, 1)))
    return events


class Stories:
    """The steps of every story, with their days."""

    def __init__(self, office: Office, diary: Diary) -> None:
        """Take the office that does the steps."""
        self.office = office
        self.diary = diary

    def steps(self) -> list[Step]:
        """List every step with its day."""
        return [
            *self._adopted(),
            *self._returned(),
            *self._secure_and_short_breaks(),
            *self._remand(),
            *self._court(),
            *self._growing_up(),
            *self._early_and_adjourned(),
            *self._disputes(),
            *self._slips(),
            *self._before_birth_and_transfer(),
        ]

    def _fact(self, day: date, event: str, child: str, **more: str) -> Step:
        return day, lambda: self.office.record(event, child, on=day, by=None, **more)

    def _adopted(self) -> list[Step]:
        """Lapwing is placed, reviewed under the adoption regulations, and adopted."""
        return [
            self._fact(d(9, 15), "adoption.authorised", "Lapwing"),
            self._fact(d(1, 20), "adoption.placed", "Lapwing"),
            self._fact(d(7, 15), "adoption.end", "Lapwing", reason="adoption order"),
            self._fact(d(7, 15), "cla.end", "Lapwing", reason="adopted"),
        ]

    def _returned(self) -> list[Step]:
        """Linnet comes back from adopters: a review in the window of 28 to 42 days."""
        return [
            (d(9, 1), lambda: self.office.watch("adoption.review.returned")),
            self._fact(d(10, 6), "adoption.placed", "Linnet"),
            self._fact(d(2, 10), "adoption.disrupted", "Linnet"),
            self._fact(d(2, 11), "adoption.returned", "Linnet"),
            self._fact(d(3, 5), "adoption.disruption-meeting", "Linnet"),
            self._fact(d(3, 18), "adoption.review", "Linnet"),
        ]

    def _secure_and_short_breaks(self) -> list[Step]:
        """Mallard is in secure accommodation; Martin has a series of short breaks."""
        return [
            self._fact(d(10, 31), "secure.start", "Mallard"),
            self._fact(d(5, 5), "secure.end", "Mallard"),
            self._fact(d(9, 22), "short-break.start", "Martin"),
        ]

    def _remand(self) -> list[Step]:
        """Merlin is remanded, to accommodation and then to detention, and comes again."""
        return [
            (
                d(11, 3),
                lambda: self.office.watch(
                    "remand.care-plan", "remand.detention-plan", group="remand"
                ),
            ),
            self._fact(d(11, 14), "cla.start", "Merlin"),
            self._fact(d(11, 14), "remand.accommodation", "Merlin"),
            self._fact(d(11, 24), "plan.care", "Merlin"),
            self._fact(d(12, 5), "remand.detention", "Merlin"),
            self._fact(d(12, 29), "plan.detention", "Merlin"),
            self._fact(d(2, 6), "remand.end", "Merlin"),
            self._fact(d(2, 6), "cla.end", "Merlin", reason="sentenced"),
            self._fact(d(5, 22), "cla.start", "Merlin"),
            self._fact(d(5, 22), "remand.accommodation", "Merlin"),
        ]

    def _court(self) -> list[Step]:
        """Moorhen's care is before a court for more than twenty-six weeks."""
        return [
            (d(10, 1), lambda: self.office.watch("court.proceedings", group="court")),
            self._fact(d(10, 13), "cla.start", "Moorhen"),
            self._fact(d(10, 13), "court.application", "Moorhen"),
            self._fact(d(10, 28), "court.guardian", "Moorhen"),
            self._fact(d(11, 17), "court.hearing", "Moorhen", reason="case management"),
            self._fact(d(3, 9), "court.note", "Moorhen"),
            self._fact(d(3, 11), "court.hearing", "Moorhen", reason="issues resolution"),
            (d(4, 20), self._drift),
            self._fact(d(5, 29), "court.order", "Moorhen"),
        ]

    def _drift(self) -> None:
        """Twenty-seven weeks after 13 October, the child's page has to say so."""
        assert "27" in self.office.say("show", "Moorhen")

    def _growing_up(self) -> list[Step]:
        """Nuthatch is sixteen and leaves care; Nightjar is eighteen on 14 February."""
        return [
            (d(1, 5), lambda: self.office.watch("plans.pathway", group="pathway")),
            self._fact(d(1, 8), "pathway.eligible", "Nuthatch"),
            self._fact(d(4, 20), "pathway.assessment", "Nuthatch"),
            self._fact(d(7, 1), "cla.end", "Nuthatch", reason="left care"),
        ]

    def _early_and_adjourned(self) -> list[Step]:
        """Ouzel's review is requested early, adjourned, and adjourned again."""

        def early() -> None:
            self.office.record(
                "cla.review.requested", "Ouzel", by=d(11, 21), reason="persistently absent"
            )

        def third() -> None:
            said = self.office.say(
                "record", "cla.review.adjourned", "Ouzel", "--on", "2025-11-17", code=3
            )
            assert "third time" in said

        def second() -> None:
            assert "second time" in self.office.record("cla.review.adjourned", "Ouzel")

        return [
            (d(9, 1), lambda: self.diary.left_alone.update(("Ouzel", "Comfrey"))),
            (d(10, 22), early),
            self._fact(d(11, 12), "cla.review.adjourned", "Ouzel", reason="no interpreter"),
            (d(11, 14), second),
            (d(11, 17), third),
            self._fact(d(12, 2), "cla.review", "Ouzel", participation="PN2"),
            (d(12, 3), lambda: self.diary.left_alone.discard("Ouzel")),
        ]

    def _disputes(self) -> list[Step]:
        """Partridge's IRO disputes twice: once to the end, and once without an answer."""

        def step(day: date, what: str, event: str, reference: str) -> Step:
            def take() -> None:
                on = day.isoformat()
                self.office.say("dispute", what, "Partridge", "--on", on, "--reference", reference)
                self.office.know("Partridge", f"dispute.{event}", day, reference=reference)

            return day, take

        return [
            step(d(10, 7), "raise", "raised", "drift in the plan"),
            step(d(10, 15), "stage", "stage", "drift in the plan"),
            step(d(10, 20), "respond", "responded", "drift in the plan"),
            step(d(10, 24), "escalate", "escalated", "drift in the plan"),
            step(d(4, 14), "raise", "raised", "contact"),
            step(d(11, 6), "resolve", "resolved", "drift in the plan"),
            step(d(7, 20), "resolve", "resolved", "contact"),
        ]

    def _slips(self) -> list[Step]:
        """Pipit's facts are mistyped, taken back and corrected; an allegation is referred."""
        office = self.office

        def undone() -> None:
            office.say("record", "cla.end", "Pipit", "--on", "2025-10-08", "--reason", "slip")
            office.say("undo")

        def withdrawn() -> None:
            office.say("record", "cla.midway", "Pipit", "--on", "2026-01-14")
            office.say("record", "cla.midway", "Pipit", "--on", "2026-01-14", "--withdraw")

        def corrected() -> None:
            office.say("record", "cla.review", "Pipit", "--on", "2026-03-03")
            office.say("record", "cla.review", "Pipit", "--on", "2026-03-03", "--withdraw")
            office.record("cla.review", "Pipit", on=d(3, 2), participation="PN1")

        return [
            (d(10, 8), undone),
            (d(1, 14), withdrawn),
            (d(3, 3), corrected),
            (d(9, 3), lambda: office.watch("allegation.referral", group="allegations")),
            self._fact(d(4, 2), "allegation.received", "Pipit", reference="coach"),
            self._fact(d(4, 8), "allegation.referred", "Pipit", reference="coach"),
            self._fact(d(4, 9), "allegation.strategy", "Pipit", reference="coach"),
            self._fact(d(5, 6), "allegation.received", "Pipit", reference="driver"),
        ]

    def _before_birth_and_transfer(self) -> list[Step]:
        """Hawthorn is on a plan before birth; Hazel moved in with one."""

        def birth() -> None:
            self.office.say("child", "edit", "Hawthorn", "--date-of-birth", "2026-02-14")
            self.office.world.lives["Hawthorn"].date_of_birth = d(2, 14)
            self.office.record("child.born", "Hawthorn", on=d(2, 14))

        return [
            self._fact(d(11, 3), "cp.strategy", "Hawthorn", section_47="yes"),
            (d(2, 16), birth),
            self._fact(d(12, 22), "cp.transfer-in.notified", "Hazel"),
            self._fact(d(10, 10), "cp.strategy", "Hazel", section_47="no"),
            self._fact(d(3, 2), "cp.plan.end", "Alder", reason="moved away"),
            self._fact(d(11, 5), "cp.conference.not-required", "Comfrey"),
        ]
