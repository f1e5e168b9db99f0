"""
Invented authorities in which every meeting is held in time, and their extracts.

An extract tells what it would tell of such an authority on a day: a return or a census of its
year, Annex A of what is open or ended lately, the SSD of everything.  Rows may be spoiled, which
are then refused.  Whatever is imported, in whatever order, nothing of it is late.
"""

import csv
import random
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import NamedTuple

TODAY = date(2026, 11, 28)
_DAY = timedelta(days=1)
_FIRST = date(2023, 6, 1)
_NO_DAY = "31/02/2026"
# Annex A lists what ended, and enquiries that began, in about the last six months.
_LATELY = timedelta(days=182)


class Period(NamedTuple):
    """Care or a plan: its first day, its last (``None`` if it goes on) and its meetings."""

    begins: date
    ends: date | None
    held: tuple[date, ...]


class Enquiry(NamedTuple):
    """A strategy discussion, the conference after it, and whether that made a plan."""

    begins: date
    conference: date | None
    plan: bool
    required: bool = True


class Life(NamedTuple):
    """The events of a child."""

    child: str
    care: tuple[Period, ...]
    plans: tuple[Period, ...]
    enquiries: tuple[Enquiry, ...]


def _meetings(
    draw: random.Random, begins: date, first: tuple[int, int], second: tuple[int, int], until: date
) -> Iterator[date]:
    """Yield the days of meetings, each within its limit of the one before."""
    on = begins + timedelta(days=draw.randint(*first))
    if on > until:
        return
    yield on
    on += timedelta(days=draw.randint(*second))
    while on <= until:
        yield on
        on += timedelta(days=draw.randint(100, 180))


def _care(draw: random.Random, begins: date) -> Period:
    lasts = timedelta(days=draw.choice([10, 40, 200, 500, 2000, 2000]))
    ends = begins + lasts if begins + lasts <= TODAY else None
    held = _meetings(draw, begins, (7, 18), (50, 88), (ends or TODAY + _DAY) - _DAY)
    return Period(begins, ends, tuple(held))


def _plan(draw: random.Random, conference: date) -> Period:
    held = [*_meetings(draw, conference, (60, 85), (100, 180), TODAY)]
    many = draw.choice([1, 2, 3, 9, 9])
    begins = min(conference + timedelta(days=draw.choice([0, 0, 0, 3])), TODAY)
    if len(held) >= many:
        # The conference that ends it is the last.
        return Period(begins, held[many - 1], tuple(held[:many]))
    return Period(begins, None, tuple(held))


def lives(draw: random.Random, how_many: int) -> list[Life]:
    """Return the lives of some children."""
    found = []
    for number in range(how_many):
        care, plans, enquiries = list[Period](), list[Period](), list[Enquiry]()
        after = _FIRST + timedelta(days=draw.randint(0, 1100))
        while after < TODAY and draw.random() < 0.6:
            care.append(_care(draw, after))
            last = care[-1].ends
            if last is None:
                break
            after = last + timedelta(days=draw.choice([1, 20, 60, 200]))
        after = _FIRST + timedelta(days=draw.randint(0, 1100))
        while after < TODAY and draw.random() < 0.7:
            conference = after + timedelta(days=draw.randint(4, 15))
            if draw.random() < 0.2:
                enquiries.append(Enquiry(after, None, plan=False, required=False))
                after += timedelta(days=draw.choice([40, 120, 250]))
            elif conference > TODAY:
                enquiries.append(Enquiry(after, None, plan=False))
                break
            elif draw.random() < 0.3:
                enquiries.append(Enquiry(after, conference, plan=False))
                after = conference + timedelta(days=draw.choice([40, 120, 250]))
            else:
                enquiries.append(Enquiry(after, conference, plan=True))
                plans.append(_plan(draw, conference))
                last = plans[-1].ends
                if last is None:
                    break
                after = last + timedelta(days=draw.choice([10, 60, 200]))
        found.append(Life(f"child{number}", tuple(care), tuple(plans), tuple(enquiries)))
    return found


def _until(period: Period, day: date) -> Period | None:
    """Return a period as known on a day; nothing if it has not begun."""
    if period.begins > day:
        return None
    ends = period.ends if period.ends and period.ends <= day else None
    return Period(period.begins, ends, tuple(on for on in period.held if on <= day))


def _known(periods: Iterable[Period], day: date, since: date = date.min) -> Iterator[Period]:
    """Yield the periods known on a day that had not ended before another day."""
    for one in periods:
        known = _until(one, day)
        if known is not None and (known.ends or date.max) >= since:
            yield known


class _Writer:
    """Writes tables, and spoils a day now and then."""

    def __init__(self, folder: Path, draw: random.Random, spoils: float) -> None:
        folder.mkdir(parents=True)
        self.folder, self._draw, self._spoils = folder, draw, spoils

    def day(self, on: date | None, form: str = "%d/%m/%Y") -> str:
        """Write a day, or text that is no day."""
        if on is None:
            return ""
        return _NO_DAY if self._draw.random() < self._spoils else on.strftime(form)

    def table(self, name: str, header: str, rows: Iterable[Sequence[str]]) -> None:
        """Write a table."""
        with (self.folder / name).open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([header.split(","), *rows])


def annex_a(every: Sequence[Life], day: date, out: _Writer) -> None:
    """Write lists 5, 7 and 8 as they are on a day."""
    since = day - _LATELY
    born = "01/05/2015"
    out.table(
        "list8.csv",
        "Child Unique ID,Date of Birth,Date Started to be Looked After,Child's Legal Status,"
        "Date of Latest Statutory Review,Date Ceased to be Looked After,"
        "Reason Ceased to be Looked After,Start Date of Most Recent Placement,Placement Type",
        [
            [life.child, born, out.day(one.begins), "C2", out.day(max(one.held, default=None)),
             out.day(one.ends), "", one.begins.strftime("%d/%m/%Y"), "U6"]
            for life in every
            for one in _known(life.care, day, since)
        ],
    )  # fmt: skip
    out.table(
        "list7.csv",
        "Child Unique ID,Date of Birth,Child Protection Plan Start Date,"
        "Date of latest review conference,Child Protection Plan End Date",
        [
            [life.child, born, out.day(one.begins), out.day(max(one.held, default=None)),
             out.day(one.ends)]
            for life in every
            for one in _known(life.plans, day, since)
        ],
    )  # fmt: skip
    out.table(
        "list5.csv",
        "Child Unique ID,Date of Birth,Strategy discussion initiating Section 47 Enquiry Start "
        "Date,Was an Initial Child Protection Conference deemed unnecessary?,"
        "Date of Initial Child Protection Conference,"
        "Did the Initial Child Protection Conference Result in a Child Protection Plan",
        [
            [life.child, born, out.day(one.begins), "No" if one.required else "Yes",
             out.day(_by(one.conference, day)),
             ("Yes" if one.plan else "No") if _by(one.conference, day) else ""]
            for life in every
            for one in life.enquiries
            if since <= one.begins <= day
        ],
    )  # fmt: skip


def _by(on: date | None, day: date) -> date | None:
    return on if on and on <= day else None


def ssda903(every: Sequence[Life], year: int, day: date, out: _Writer) -> None:
    """Write a return of the year that begins on 1 April."""
    first, last = date(year, 4, 1), min(date(year + 1, 3, 31), day)
    cared = [(life, one) for life in every for one in _known(life.care, last, first)]
    out.table(
        "episodes.csv",
        "CHILD,DECOM,RNE,LS,CIN,PLACE,PLACE_PROVIDER,DEC,REC",
        [
            [life.child, out.day(one.begins), "S", "C2", "N1", "U6", "PR1",
             out.day(one.ends), "E4" if one.ends else ""]
            for life, one in cared
        ],
    )  # fmt: skip
    out.table(
        "reviews.csv",
        "CHILD,DOB,REVIEW,REVIEW_CODE",
        [
            [life.child, "01/05/2015", out.day(on), "PN1"]
            for life, one in cared
            for on in one.held
            if on >= first
        ],
    )


def cin_census(every: Sequence[Life], year: int, day: date, out: _Writer) -> None:
    """Write a census of the year that begins on 1 April."""
    first, last = date(year, 4, 1), min(date(year + 1, 3, 31), day)
    children = []
    for life in every:
        told = ""
        for one in life.enquiries:
            held = _by(one.conference, last)
            if not (first <= one.begins <= last or (held and held >= first)):
                continue
            told += f"<Section47><S47ActualStartDate>{out.day(one.begins, '%Y-%m-%d')}"
            told += "</S47ActualStartDate>"
            if held:
                told += f"<DateOfInitialCPC>{out.day(held, '%Y-%m-%d')}</DateOfInitialCPC>"
            told += f"<ICPCnotRequired>{0 if one.required else 1}</ICPCnotRequired></Section47>"
        for plan in _known(life.plans, last, first):
            told += "<ChildProtectionPlans><CPPstartDate>"
            told += f"{out.day(plan.begins, '%Y-%m-%d')}</CPPstartDate>"
            if plan.ends:
                told += f"<CPPendDate>{out.day(plan.ends, '%Y-%m-%d')}</CPPendDate>"
            told += "<Reviews>"
            for on in plan.held:
                if on >= first:
                    told += f"<CPPreviewDate>{out.day(on, '%Y-%m-%d')}</CPPreviewDate>"
            told += "</Reviews></ChildProtectionPlans>"
        if told:
            children.append(
                f"<Child><ChildIdentifiers><LAchildID>{life.child}</LAchildID></ChildIdentifiers>"
                f"<CINdetails>{told}</CINdetails></Child>"
            )
    (out.folder / "census.xml").write_text(
        "<Message><Header><CollectionDetails><Collection>CIN</Collection>"
        f"<ReferenceDate>{year + 1}-03-31</ReferenceDate></CollectionDetails>"
        "<Source><LEA>301</LEA></Source></Header>"
        f"<Children>{''.join(children)}</Children></Message>",
        "utf-8",
    )


def ssd(every: Sequence[Life], day: date, out: _Writer) -> None:
    """Write the tables of the SSD as they are on a day."""
    cared = [(f"{life.child}-{number}", life, one)
             for life in every for number, one in enumerate(_known(life.care, day))]  # fmt: skip
    planned = [(f"{life.child}-{number}", life, one)
               for life in every for number, one in enumerate(_known(life.plans, day))]  # fmt: skip

    def iso(on: date | None) -> str:
        return out.day(on, "%Y-%m-%d") or "NULL"

    out.table("ssd_person.csv", "pers_person_id,pers_sex,pers_dob,pers_expected_dob,pers_death_date",
              [[life.child, "F", "2015-05-01", "NULL", "NULL"] for life in every])  # fmt: skip
    out.table(
        "ssd_cla_episodes.csv",
        "clae_cla_episode_id,clae_person_id,clae_cla_placement_id,clae_cla_episode_start_date,"
        "clae_cla_episode_start_reason,clae_cla_episode_ceased_date,"
        "clae_cla_episode_ceased_reason,clae_cla_id,clae_entered_care_date",
        [[f"E{key}", life.child, f"P{key}", iso(one.begins), "S", iso(one.ends),
          "E4" if one.ends else "NULL", f"C{key}", one.begins.isoformat()]
         for key, life, one in cared],
    )  # fmt: skip
    out.table("ssd_cla_placement.csv", "clap_cla_placement_id,clap_cla_placement_type",
              [[f"P{key}", "U6"] for key, _, _ in cared])  # fmt: skip
    out.table("ssd_legal_status.csv",
              "lega_legal_status_id,lega_person_id,lega_legal_status,lega_legal_status_start_date,"
              "lega_legal_status_end_date",
              [[f"L{key}", life.child, "C2", one.begins.isoformat(), "NULL"]
               for key, life, one in cared])  # fmt: skip
    out.table("ssd_cla_reviews.csv",
              "clar_cla_review_id,clar_cla_id,clar_cla_review_due_date,clar_cla_review_date,"
              "clar_cla_review_cancelled,clar_cla_review_participation",
              [[f"V{key}-{number}", f"C{key}", "NULL", iso(on), "N", "PN1"]
               for key, _, one in cared for number, on in enumerate(one.held)])  # fmt: skip
    out.table("ssd_cp_plans.csv",
              "cppl_cp_plan_id,cppl_person_id,cppl_cp_plan_start_date,cppl_cp_plan_end_date,"
              "cppl_cp_plan_ola",
              [[f"CP{key}", life.child, iso(one.begins), iso(one.ends), "N"]
               for key, life, one in planned])  # fmt: skip
    out.table("ssd_cp_reviews.csv",
              "cppr_cp_review_id,cppr_person_id,cppr_cp_plan_id,cppr_cp_review_date,"
              "cppr_cp_review_outcome_continue_cp,cppr_cp_review_cancelled",
              [[f"W{key}-{number}", life.child, f"CP{key}", iso(on),
                "N" if on == one.ends else "Y", "N"]
               for key, life, one in planned for number, on in enumerate(one.held)])  # fmt: skip
    asked = [(f"{life.child}-{number}", life, one) for life in every
             for number, one in enumerate(life.enquiries) if one.begins <= day]  # fmt: skip
    out.table("ssd_s47_enquiry.csv",
              "s47e_s47_enquiry_id,s47e_referral_id,s47e_person_id,s47e_s47_start_date,"
              "s47e_s47_end_date,s47e_s47_nfa,s47e_s47_outcome_json",
              [[f"K{key}", "R", life.child, iso(one.begins),
                "NULL" if one.required else (one.begins + timedelta(days=5)).isoformat(),
                "NULL" if one.required else "Y", "NULL"]
               for key, life, one in asked if one.required or one.begins + timedelta(days=5) <= day])  # fmt: skip
    out.table("ssd_initial_cp_conference.csv",
              "icpc_icpc_id,icpc_s47_enquiry_id,icpc_person_id,icpc_cp_plan_id,"
              "icpc_icpc_transfer_in,icpc_icpc_date,icpc_icpc_outcome_cp_flag",
              [[f"I{key}", f"K{key}", life.child, "NULL", "N", iso(one.conference),
                "Y" if one.plan else "N"]
               for key, life, one in asked if _by(one.conference, day)])  # fmt: skip


class Extract(NamedTuple):
    """An extract: its source, the last day that it covers, and the place of its files."""

    source: str
    told_to: date
    folder: Path


def extract(
    source: str,
    every: Sequence[Life],
    day: date,
    folder: Path,
    draw: random.Random,
    spoils: float,
    *,
    of_this_year: bool = False,
) -> Extract:
    """Write an extract as of a day; a yearly one may be of the year before."""
    out = _Writer(folder, draw, spoils)
    year = day.year if day >= date(day.year, 4, 1) else day.year - 1
    if source in ("annex-a", "ssd"):
        (annex_a if source == "annex-a" else ssd)(every, day, out)
        return Extract(source, day, folder)
    year -= not of_this_year and draw.random() < 0.7
    (ssda903 if source == "ssda903" else cin_census)(every, year, day, out)
    return Extract(source, min(date(year + 1, 3, 31), day), folder)
