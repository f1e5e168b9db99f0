"""Compare the program with a second, slower model, over random lives.

`oracle.py` was written from `interface.md` and the statute alone.  Everything that is open, was
met, is counted and is listed for 150 children must be the same in both, on days spread over
fifteen years.

Shapes left out, because interface.md can be read either way or the program reads it otherwise:

- a clock of an initial or transfer-in conference that runs when the plan ends, and the written
  records after care has ended;
- a second record without a reference after the last review has its own (it goes to the review
  before), and a record before a series of meetings is completed;
- the 28-day marker, and clocks no law in the pack answers, once they are met.
"""

import csv
import json
import random
from collections import Counter
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from dateutil.relativedelta import relativedelta

from iro_cli.__main__ import run
from oracle.oracle import (
    ENGLISH,
    LIMITS,
    RECORDS,
    Event,
    Obligation,
    due_date,
    fell_due,
    hold_by,
    is_provisional,
    is_working_day,
    left_out,
    obligations,
)
from running import first_fast

CHILDREN = 150
SEED = 20261122
DAYS = [date(2012, 1, 10), date(2016, 12, 27), date(2020, 5, 8), date(2024, 2, 29)]
DAYS += [date(2026, 11, 22), date(2029, 6, 1)]
# Of several days a fast run asks about two: a Leap Day, and one near which many things happen.
SOME_DAYS = first_fast(DAYS[3], *(day for day in DAYS if day not in (DAYS[3], DAYS[4])))
SOME_DAYS.append(DAYS[4])
# Figures over twelve months are asked about one day.
ONE_DAY = first_fast(DAYS[4], *(day for day in DAYS if day != DAYS[4]))
MARKER = "cla.review.first.28-days"
#: Off until somebody watches them.
NOT_WATCHED = {*RECORDS, "cp.core-group.first"}
Row = dict[str, Any]


class Life:
    """One child's events, made from one source of chance."""

    def __init__(self, chance: random.Random) -> None:
        """Begin with nothing."""
        self.chance = chance
        self.events: list[Event] = []
        self.date_of_birth: date | None = None
        self.written: list[tuple[str, date, date]] = []

    def add(self, name: str, on: date, **details: object) -> date:
        """Store one fact and return its day."""
        self.events.append(Event(name, on, **details))  # type: ignore[arg-type]
        return on

    def likely(self, share: float) -> bool:
        """Return true with this probability."""
        return self.chance.random() < share

    def after(self, day: date, least: int, most: int) -> date:
        """Choose a day so many days later, now and then a weekend or a bank holiday."""
        chosen = day + timedelta(self.chance.randint(least, most))
        if self.likely(0.15):
            while chosen.weekday() < 5 and chosen not in ENGLISH:
                chosen += timedelta(1)
        return chosen

    def begin(self) -> date:
        """Choose a first day, often close to Christmas, Easter or a month's end."""
        day = date(2009, 1, 1) + timedelta(self.chance.randrange(21 * 365))
        kind = self.chance.random()
        if kind < 0.15:
            day = date(day.year, 12, 20) + timedelta(self.chance.randrange(14))
        elif kind < 0.25:
            day = date(day.year, day.month, 28) + timedelta(self.chance.randrange(4))
        elif kind < 0.35:
            while day not in ENGLISH:
                day += timedelta(1)
        return day

    def reviews(self, name: str, start: date, stop: date | None, gaps: list[int]) -> None:
        """Hold reviews until the stop, about as often as the gaps say."""
        day = start
        for step in range(self.chance.choice([0, 1, 1, 2, 3, 4, 6, 9])):
            gap = gaps[min(step, len(gaps) - 1)]
            done = self.events[-1].completed_on if self.events else None
            later = self.after(
                max(day, done or day),
                0 if step == 0 and name != "cla.review" else 1,
                gap * 13 // 10,
            )
            if self.likely(0.1):
                later = day + timedelta(gap)
            if stop is not None and later > stop or later == day and step:
                return
            day = later
            if name == "cla.review":
                self.looked_after_review(day, start)
            else:
                self.add(name, day)

    def looked_after_review(self, day: date, start: date) -> None:
        """Hold a looked-after review, perhaps adjourned before and written up after."""
        if self.likely(0.1):
            past = sorted(e.on for e in self.events if e.event == "cla.review" and e.on < day)
            last = max([start, *past])
            room = (day - last).days
            if room > 1:
                self.add("cla.review.adjourned", last + timedelta(self.chance.randint(1, room - 1)))
        done = day + timedelta(self.chance.randint(1, 15)) if self.likely(0.1) else None
        if self.likely(0.06):
            self.add("cla.review.adjourned", day)
            if done and self.likely(0.5):
                self.add("cla.review.adjourned", self.after(day, 0, (done - day).days))
        self.add("cla.review", day, completed_on=done)
        for name in ("review.decisions", "review.record", "review.distributed"):
            if self.likely(0.5):
                written = self.after(done or day, 0, 35)
                self.written.append((name, written, day))

    def care(self) -> None:
        """Be looked after, perhaps twice, perhaps adopted or in secure accommodation."""
        start = self.begin()
        for _ in range(self.chance.choice([1, 1, 1, 2, 3])):
            self.add("cla.start", start)
            stop = self.after(start, 0, 1500) if self.likely(0.5) else None
            placed = returned = None
            if self.likely(0.25):
                placed, returned = self.adoption(start, stop)
            gap = timedelta(2 if self.likely(0.5) else 0)
            first_stop = placed or stop
            self.reviews("cla.review", start, first_stop and first_stop - gap, [28, 91, 182])
            if returned:
                self.reviews("cla.review", returned, stop and stop - gap, [35, 91, 182])
            if self.likely(0.1):
                self.process("secure", start, stop, [30, 91])
            if stop is None:
                return
            self.add("cla.end", stop)
            start = stop if self.likely(0.15) else self.after(stop, 1, 400)

    def adoption(self, start: date, stop: date | None) -> tuple[date | None, date | None]:
        """Be authorised and perhaps placed; return the days of placement and of return."""
        authorised = self.after(start, 30, 300)
        if stop is not None and authorised >= stop:
            return None, None
        self.add("adoption.authorised", authorised)
        placed: date | None = self.after(authorised, 5, 400)
        if self.likely(0.4) or (stop is not None and placed is not None and placed >= stop):
            placed = None
        end, returned = stop, None
        if placed is not None:
            self.add("adoption.placed", placed)
            if self.likely(0.4):
                returned = self.after(placed, 1, 300)
                if stop is not None and returned >= stop:
                    returned = None
            self.reviews("adoption.review", placed + timedelta(1), returned or stop, [28, 91, 182])
        elif stop is None and self.likely(0.3):
            end = self.after(authorised, 10, 600)
        if self.likely(0.5):
            self.reviews(
                "adoption.review",
                authorised + timedelta(1),
                end if placed is None else placed - timedelta(1),
                [91, 182],
            )
        if returned is not None:
            self.add(self.chance.choice(["adoption.returned", "adoption.end"]), returned)
        elif end is not None and self.likely(0.7):  # the rest is left open
            self.add("adoption.end", end)
        return placed, returned

    def process(self, name: str, start: date, stop: date | None, gaps: list[int]) -> None:
        """Go through a process that is a start, reviews and an end, perhaps again."""
        for _ in range(self.chance.choice([1, 1, 2])):
            begun = self.after(start, 0, 200)
            ended = self.after(begun, 0, 700) if self.likely(0.5) else stop
            if stop is not None and (ended is None or ended > stop):
                ended = stop
            if ended is not None and begun > ended:
                return
            self.add(f"{name}.start", begun)
            self.reviews(f"{name}.review", begun, ended, gaps)
            if ended is None:
                return
            if name == "secure" and ended == stop and self.likely(0.5):
                return  # left open: it ends with care
            self.add(f"{name}.end", ended)
            start = ended + timedelta(1)

    def protection(self) -> None:
        """Go through child protection enquiries and plans."""
        day = self.begin()
        for _ in range(self.chance.choice([1, 1, 2, 3])):
            if self.likely(0.2):
                self.add("cp.transfer-in.notified", day)
                if self.likely(0.2):
                    return
                day = self.after(day, 0, 40)
                outcome = self.chance.choice(["", "plan", "no-plan"])
                self.add("cp.conference.transfer-in", day, outcome=outcome)
                planned = outcome != "no-plan"
            else:
                for _ in range(self.chance.choice([1, 1, 1, 2, 3])):
                    word = self.chance.choice(["yes", "yes", "no", ""])
                    self.add("cp.strategy", day, section_47=word)
                    if self.likely(0.2):
                        day = self.after(day, 1, 12)
                if self.likely(0.1):
                    return
                day = self.after(day, 0, 40)
                if self.likely(0.2):
                    self.add("cp.conference.not-required", day)
                    planned = False
                else:
                    outcome = self.chance.choice(["", "plan", "plan", "no-plan"])
                    self.add("cp.conference.initial", day, outcome=outcome)
                    planned = outcome != "no-plan"
            if planned:
                later = self.plan(day)
                if later is None:
                    return
                day = later
            day = self.after(day, 1, 500)

    def plan(self, start: date) -> date | None:
        """Live under a plan; return the day it ended."""
        day = start
        for _ in range(self.chance.choice([0, 1, 2, 5])):
            self.add("cp.core-group", self.after(start, 0, 60))
        for step in range(self.chance.choice([0, 1, 2, 3, 5])):
            if self.likely(0.1):
                day = self.after(day, 1, 60)
                self.add("cp.strategy", day, section_47=self.chance.choice(["yes", "no", ""]))
                if self.likely(0.3):
                    self.add("cp.conference.not-required", self.after(day, 0, 12))
            day = self.after(day, 15, 110 if step == 0 else 220)
            if self.likely(0.2):
                self.add("cp.conference.review", day, outcome="end")
                return day
            self.add("cp.conference.review", day, outcome=self.chance.choice(["", "continue"]))
        if self.likely(0.3):
            day = self.after(day, 61, 300)
            return self.add("cp.plan.end", day)
        return None

    def disputes(self) -> None:
        """Raise disputes and settle some."""
        day = self.begin()
        for number in range(self.chance.choice([1, 2, 3])):
            day = self.after(day, 0, 60)
            self.add("dispute.raised", day, reference=f"D{number}")
            if self.likely(0.6):
                self.add("dispute.resolved", self.after(day, 0, 45), reference=f"D{number}")

    def write_up(self) -> None:
        """Store the records, some without a reference, which belong to the last review held.

        Left out, for the program reads it otherwise: a second record without a reference after
        the last review has its own, and one before a series of meetings is completed.
        """
        reviews = [e for e in self.events if e.event == "cla.review"]
        taken = {(name, review) for name, _, review in self.written}
        for name, on, review in self.written:
            last = max(r.on for r in reviews if r.on <= on)
            ready = all((r.completed_on or r.on) <= on for r in reviews if r.on == last)
            plain = self.likely(0.4) and ready and (last == review or (name, last) not in taken)
            taken.add((name, last if plain else review))
            self.add(name, on, reference="" if plain else review.isoformat())

    def live(self) -> "Life":
        """Go through one or several of these, some to an eighteenth birthday."""
        parts = [self.care, self.care, self.protection, self.protection, self.disputes]
        for part in dict.fromkeys(self.chance.sample(parts, self.chance.choice([1, 1, 2, 3]))):
            part()
        if self.likely(0.15):
            self.process("short-break", self.begin(), None, [91, 182])
        self.write_up()
        if self.likely(0.6):
            first = min(e.on for e in self.events)
            last = max(e.on for e in self.events)
            born = last - timedelta(self.chance.randint(0, 18 * 365))
            if self.likely(0.6):
                eighteenth = last + timedelta(self.chance.randint(1, 500))
                born = date(eighteenth.year - 18, eighteenth.month, min(eighteenth.day, 28))
            if born <= min(first, date(2026, 11, 1)) and first < date(
                born.year + 18, born.month, min(born.day, 28)
            ):
                self.date_of_birth = born
        # The same event twice on one day is refused, unless a reference tells them apart.
        self.events = list({(e.event, e.on, e.reference): e for e in self.events}.values())
        return self


def lives(number: int, seed: int) -> dict[str, Life]:
    """Make so many children, the same every time."""
    chance = random.Random(seed)
    return {f"C{n:05}": Life(chance).live() for n in range(number)}


LIVES = lives(CHILDREN, SEED)


def iro_of(child: str) -> str:
    """Name the IRO of a child."""
    return f"Reviewer {int(child[1:]) % 7}"


class Program:
    """The program, run in this process on one store."""

    def __init__(self, store: Path, capsys: pytest.CaptureFixture[str]) -> None:
        """Take the store it reads and where its output goes."""
        self.store = store
        self.capsys = capsys

    def say(self, *argv: str) -> str:
        """Run a command that must succeed, and return its output."""
        self.capsys.readouterr()
        code = run(["--database", str(self.store), *argv])
        said = self.capsys.readouterr()
        assert code == 0, said.err
        return said.out

    def rows(self, as_of: date, *argv: str) -> list[Row]:
        """Return the rows of a listing on a day, without the local marker."""
        listing = json.loads(self.say("--as-of", str(as_of), *argv, "-f", "json"))
        return [row for row in listing["rows"] if row.get("timescale") != MARKER]


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a store with all the lives, imported from files."""
    folder = tmp_path_factory.mktemp("oracle")
    children, events = folder / "children.csv", folder / "events.csv"
    with children.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["child_id", "date_of_birth", "iro"])
        writer.writerows([one, life.date_of_birth, iro_of(one)] for one, life in LIVES.items())
    with events.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        columns = ["event", "date", "outcome", "section_47", "completed_on", "reference"]
        writer.writerow(["child_id", *columns])
        writer.writerows([one, *event] for one, life in LIVES.items() for event in life.events)
    path = folder / "iro.db"
    for source, file_path in (("children", children), ("events", events)):
        argv = ["--database", str(path), "--as-of", "2031-01-01", "import", source]
        assert run([*argv, str(file_path)]) == 0
    return path


@pytest.fixture
def program(
    store: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Program:
    """Return the program on that store, with nothing set in the environment."""
    for name in ("IRO_DATABASE", "IRO_AS_OF", "IRO_NATION", "IRO_PACKS"):
        monkeypatch.delenv(name, raising=False)
    return Program(store, capsys)


@cache
def expected(as_of: date) -> dict[str, tuple[list[Obligation], list[Obligation]]]:
    """Ask the model about every child: what is open, and what was met."""
    return {one: obligations(life.events, life.date_of_birth, as_of) for one, life in LIVES.items()}


@cache
def fallen(as_of: date) -> dict[str, list[tuple[Obligation, bool]]]:
    """Ask the model what fell due of every child in the twelve months to a day."""
    first = as_of - relativedelta(months=12) + timedelta(days=1)
    return {
        one: fell_due(life.events, life.date_of_birth, as_of, first) for one, life in LIVES.items()
    }


def status(due: date | None, as_of: date) -> str:
    """Return the interface's status of an open obligation."""
    if due is None:
        return "refused"
    if due <= as_of:
        return "due-today" if due == as_of else "overdue"
    return "due-soon" if due <= as_of + timedelta(days=28) else "later"


def working_days_left(due: date, as_of: date) -> int:
    """Count the working days between two days, one by one; negative when overdue."""
    early, late = sorted((as_of, due))
    days = [early + timedelta(days=n + 1) for n in range((late - early).days)]
    count = sum(is_working_day(day) for day in days)
    return count if due >= as_of else -count


def as_row(child: str, o: Obligation, as_of: date) -> tuple[object, ...]:
    """Return the row that `iro due` should have for an obligation."""
    key = (child, o.timescale, str(o.started))
    if o.due is None:
        return (*key, None, None, "refused", None, False)
    days, provisional = (o.due - as_of).days, is_provisional(o.timescale, o.started)
    return (*key, str(o.due), str(hold_by(o.due)), status(o.due, as_of), days, provisional)


FIELDS = ["child", "timescale", "clock_started", "due", "hold_by", "status", "days_left"]
FIELDS += ["provisional"]


def modelled(rows: list[Row]) -> list[Row]:
    """Leave out what the model does not know: the groups that are off by default."""
    return [row for row in rows if row["timescale"] in {*LIMITS, MARKER}]


@pytest.mark.parametrize("as_of", SOME_DAYS, ids=str)
def test_what_is_open(program: Program, as_of: date) -> None:
    model = [(one, o) for one, (is_open, _) in expected(as_of).items() for o in is_open]
    rows = modelled(program.rows(as_of, "due", "--all", "--watched", "all"))
    got = Counter(tuple(row[field] for field in FIELDS) for row in rows)
    assert got == Counter(as_row(one, o, as_of) for one, o in model)
    due = [row["due"] for row in rows if row["due"]]
    assert due == sorted(due)
    dated = [row for row in rows if row["due"]]
    some = dated[:: max(1, len(dated) // 20)]
    assert len(some) >= min(20, len(dated)) > 0
    for row in some:
        left = working_days_left(date.fromisoformat(row["due"]), as_of)
        assert row["working_days_left"] == left


def days_of(life: Life) -> list[date]:
    """Choose days on which something of a child is half done."""
    days = {e.completed_on - timedelta(1) for e in life.events if e.completed_on}
    days |= {e.on for e in life.events if e.event in ("cla.end", "adoption.end", "secure.end")}
    days |= {e.on for e in life.events if e.event in ("adoption.returned", "cla.review.adjourned")}
    days |= {
        e.on + timedelta(30) for e in life.events if e.event in ("cla.start", "dispute.raised")
    }
    if life.date_of_birth:
        born = life.date_of_birth
        days.add(date(born.year + 18, born.month, min(born.day, 28)) + timedelta(40))
    return sorted(days)[::2]


@pytest.mark.parametrize("step", first_fast(6, 1))
def test_what_is_open_while_something_is_half_done(program: Program, step: int) -> None:
    """A series not complete, a placement left open, a dispute after the birthday."""
    asked = refused = 0
    for one, life in list(LIVES.items())[::step]:
        for as_of in days_of(life):
            is_open, _ = obligations(life.events, life.date_of_birth, as_of)
            argv = ("due", "--all", "--watched", "all", "--child", one)
            rows = modelled(program.rows(as_of, *argv))
            got = Counter(tuple(row[field] for field in FIELDS) for row in rows)
            assert got == Counter(as_row(one, o, as_of) for o in is_open), (one, as_of)
            asked += 1
            refused += sum(o.due is None for o in is_open)
    assert asked > 200 // step
    assert refused > 3 // step


@pytest.mark.parametrize("as_of", SOME_DAYS, ids=str)
def test_what_is_listed(program: Program, as_of: date) -> None:
    model = [(one, o) for one, (is_open, _) in expected(as_of).items() for o in is_open]
    model = [(one, o) for one, o in model if o.timescale not in NOT_WATCHED]

    def keys(rows: list[Row]) -> Counter[tuple[str, str, str]]:
        return Counter((row["child"], row["timescale"], row["clock_started"]) for row in rows)

    rows = program.rows(as_of, "overdue")
    late = [(one, o.timescale, str(o.started)) for one, o in model if o.due and o.due < as_of]
    assert keys(rows) == Counter(late)
    assert [row["days_left"] for row in rows] == sorted(row["days_left"] for row in rows)
    for within, until in (
        ("28d", as_of + timedelta(days=28)),
        ("0d", as_of),
        ("3m", as_of + relativedelta(months=3)),
    ):
        near = [o for o in model if o[1].due is None or o[1].due <= until]
        rows = program.rows(as_of, "due", "--within", within)
        assert keys(rows) == Counter((one, o.timescale, str(o.started)) for one, o in near)


@pytest.mark.parametrize("as_of", first_fast(DAYS[4], *DAYS[2:4]), ids=str)
def test_what_was_met(program: Program, as_of: date) -> None:
    met_at_all = 0
    for one, (_, met) in list(expected(as_of).items())[::4]:
        rows = program.rows(as_of, "show", one, "--watched", "all")
        got = Counter(
            (r["timescale"], r["clock_started"], r["due"], r["held"], r["status"], r["days_late"])
            for r in modelled(rows)
            if r["held"] or r["status"] == "not-required"
        )
        want: Counter[tuple[object, ...]] = Counter()
        for o in met:
            if o.due and o.no_meeting:  # nothing was held, early or late
                ended = (None, "not-required", None)
                want[o.timescale, str(o.started), str(o.due), *ended] += 1
            elif o.due and o.held:
                late = max(0, (o.held - o.due).days)
                word = "out-of-timescale" if late else "in-timescale"
                want[o.timescale, str(o.started), str(o.due), str(o.held), word, late] += 1
        assert got == want, one
        met_at_all += want.total()
    assert met_at_all > 60


@pytest.mark.parametrize("as_of", ONE_DAY, ids=str)
def test_caseload(program: Program, as_of: date) -> None:
    want: dict[str, Counter[str]] = {}
    for one, (is_open, met) in expected(as_of).items():
        mine = want.setdefault(iro_of(one), Counter())
        words = [status(o.due, as_of) for o in is_open if o.timescale not in NOT_WATCHED]
        mine["children"] += bool(words)
        mine["open"] += len(words)
        mine["overdue"] += words.count("overdue")
        mine["due_28_days"] += words.count("due-today") + words.count("due-soon")
        for o in met:
            recent = o.held and o.held > as_of - relativedelta(months=12) and not o.no_meeting
            if recent and o.held and o.due and o.timescale not in NOT_WATCHED:
                mine["met"] += 1
                mine["met_in_timescale"] += o.held <= o.due
        for o, in_time in fallen(as_of)[one]:
            mine["fell_due"] += o.timescale not in NOT_WATCHED
            mine["in_time"] += in_time and o.timescale not in NOT_WATCHED
    rows = program.rows(as_of, "caseload")
    # Seven reviewers, and on each day most of them have children with something open.
    assert len(rows) >= 5
    assert any(row["met"] for row in rows)
    for row in rows:
        mine = want.pop(row["name"])
        names = ("children", "open", "overdue", "due_28_days", "met", "met_in_timescale")
        assert [row[name] for name in names] == [mine[name] for name in names], row["name"]
        if mine["fell_due"]:
            assert row["timeliness"] == pytest.approx(
                mine["in_time"] / mine["fell_due"], abs=0.0001
            ), row["name"]
        else:
            assert row["timeliness"] is None
    assert not any(mine["open"] for mine in want.values())


@pytest.mark.parametrize("as_of", ONE_DAY, ids=str)
def test_what_was_late(program: Program, as_of: date) -> None:
    """Everything that fell due in the twelve months and was not held in time, however it ended."""
    want = {
        (child, o.timescale, str(o.due), str(o.held) if o.held else None)
        for child, judged in fallen(as_of).items()
        for o, in_time in judged
        if not in_time and o.timescale not in NOT_WATCHED
    }
    rows = program.rows(as_of, "report", "timeliness", "--show", "late")
    found = {(row["child"], row["timescale"], row["due"], row["held"]) for row in rows}

    assert found == want


@pytest.mark.parametrize("timescale", LIMITS)
def test_when(program: Program, timescale: str) -> None:
    # 61 days are 8 weeks and 5 days: every weekday comes up; Christmas Eves are added.
    days = [date(2011, 4, 1) + timedelta(days=n) for n in range(0, 7215, 61)]
    days += [date(year, 12, 24) for year in range(2011, 2031)]
    argv = ("when", timescale, *map(str, days), "-f", "jsonl")
    for day, line in zip(days, program.say(*argv).splitlines(), strict=True):
        row, due = json.loads(line), due_date(timescale, day)
        assert due is not None
        assert (row["due"], row["hold_by"]) == (str(due), str(hold_by(due))), day
        assert row["left_out"] == [str(one) for one in left_out(timescale, day)], day
        assert row["provisional"] is is_provisional(timescale, day), day
