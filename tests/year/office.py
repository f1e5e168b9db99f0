"""What the IRO does goes through `iro`, and into the test's own memory."""

import contextlib
import csv
import io
import json
from collections import Counter
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any

from iro_cli.__main__ import run
from oracle.oracle import Event
from year.world import Holding, Life, World

COLUMNS = [
    "child_id",
    "event",
    "date",
    "outcome",
    "participation",
    "section_47",
    "completed_on",
    "advocacy",
    "quorate",
    "scaling",
    "attended",
    "reason",
    "reference",
    "note",
]
#: Details of a fact on which no clock depends.
TOLD = ("participation", "advocacy", "quorate", "scaling", "attended", "reason", "note")


class Office:
    """A store, the day, and what was done so far."""

    def __init__(self, store: Path) -> None:
        """Begin without children."""
        self.store = store
        self.world = World()
        self.day = date(2025, 9, 1)
        self.packs: list[str] = []
        self.used: Counter[str] = Counter()
        self.waiting: list[tuple[date, str, Event, dict[str, str]]] = []

    def say(self, *words: str, code: int = 0) -> str:
        """Run a command on this day; it must end with the code, and its output is returned."""
        out, err = io.StringIO(), io.StringIO()
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            ended = run([*words, "--as-of", self.day.isoformat(), *self.packs])
        self.used[" ".join(words[:1])] += 1
        self.used[" ".join(words[:2])] += 1

        assert ended == code, f"{self.day}: iro {' '.join(words)}\n{out.getvalue()}{err.getvalue()}"
        return out.getvalue() + err.getvalue()

    def listing(self, *words: str) -> dict[str, Any]:
        """Run a listing, and return its JSON."""
        found: dict[str, Any] = json.loads(self.say(*words, "-f", "json"))
        return found

    def rows(self, *words: str) -> list[dict[str, Any]]:
        """Run a listing, and return its rows."""
        rows: list[dict[str, Any]] = self.listing(*words)["rows"]
        return rows

    # -------------------------------------------------------------- facts

    def record(
        self,
        event: str,
        *children: str,
        on: date | None = None,
        by: date | None = None,
        **more: str,
    ) -> str:
        """Record a fact that happened on a day, today unless it is said, with its details."""
        on = on or self.day
        words = ["record", event, *children, "--on", on.isoformat()]
        for name, value in more.items():
            words += [f"--{name.replace('_', '-')}", value]
        if by:
            words += ["--by", by.isoformat()]
        said = self.say(*words)
        for child in children:
            self.know(child, event, on, by=by, **more)
        return said

    def know(
        self, child: str, event: str, on: date, *, by: date | None = None, **more: str
    ) -> Event:
        """Remember a fact."""
        if more.get("quorate") == "no":
            event = "cp.conference.inquorate"
        fact = Event(
            event,
            on,
            outcome=more.get("outcome", ""),
            section_47=more.get("section_47", ""),
            completed_on=date.fromisoformat(more["completed_on"])
            if "completed_on" in more
            else None,
            reference=by.isoformat() if by else more.get("reference", ""),
        )
        life = self.world.lives[child]
        life.events.append(fact)
        life.events.sort(key=lambda one: one.on)
        return fact

    def later(self, when: date, child: str, event: str, **more: str) -> None:
        """Keep a fact for the file at the end of that week."""
        self.waiting.append((when, child, Event(event, when), more))

    def file_the_week(self, folder: Path) -> None:
        """Import the kept facts that have happened, in one file of events."""
        ready = [one for one in self.waiting if one[0] <= self.day]
        self.waiting = [one for one in self.waiting if one[0] > self.day]
        rows = {
            (child, fact.event, on, more.get("reference", "")): more
            for on, child, fact, more in ready
        }
        if not rows:
            return
        path = folder / "week.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, COLUMNS, restval="")
            writer.writeheader()
            for (child, event, on, _), more in rows.items():
                writer.writerow({"child_id": child, "event": event, "date": on.isoformat(), **more})
        self.say("import", "events", str(path))
        for (child, event, on, _), more in rows.items():
            self.know(child, event, on, by=None, **more)

    def forget(self, child: str, event: str, on: date) -> None:
        """Forget a fact."""
        life = self.world.lives[child]
        life.events = [e for e in life.events if (e.event, e.on) != (event, on)]

    # -------------------------------------------------------------- meetings

    def book(
        self, child: str, timescale: str, started: date, on: date, *words: str, reason: str = ""
    ) -> str:
        """Book the meeting of an open clock."""
        why = ["--reason", reason] if reason else []
        said = self.say("book", child, timescale, on.isoformat(), *words, *why)
        self.world.booked[child, timescale, started] = on
        return said

    def unbook(self, child: str, timescale: str, started: date, reason: str) -> None:
        """Take a booking back."""
        self.say("unbook", child, timescale, "--reason", reason)
        del self.world.booked[child, timescale, started]

    # -------------------------------------------------------------- children and people

    def take_in(self, *lives: Life) -> None:
        """Add children, one by one."""
        for life in lives:
            words = ["child", "add", life.name, "--team", life.team]
            if life.date_of_birth:
                words += ["--date-of-birth", life.date_of_birth.isoformat()]
            if life.nation != "england":
                words += ["--child-nation", life.nation]
            if life.siblings:
                words += ["--sibling-group", life.siblings]
            for role in ("iro", "chair"):
                name = life.holder(role, date.max)
                words += [f"--{role}", name] if name else []
            self.say(*words)
            self.world.lives[life.name] = life

    def allocate(
        self, children: Iterable[str], name: str, role: str = "iro", reason: str = ""
    ) -> None:
        """Allocate children from today on."""
        names = list(children)
        why = ["--reason", reason] if reason else []
        self.say("allocate", *names, f"--{role}", name, "--from", self.day.isoformat(), *why)
        for child in names:
            self.world.lives[child].holdings.append(Holding(role, name, self.day))

    def hand_over(self, children: Iterable[str], giver: str, taker: str, reason: str = "") -> None:
        """Hand children over, in every role."""
        names = list(children)
        words = [word for child in names for word in ("--child", child)]
        why = ["--reason", reason] if reason else []
        given = ("--from", giver, "--to", taker, "--on", self.day.isoformat())
        self.say("hand-over", *given, *words, *why)
        for child in names:
            life = self.world.lives[child]
            for role in ("iro", "chair"):
                if life.holder(role, self.day) == giver:
                    life.holdings.append(Holding(role, taker, self.day))

    def watch(self, *timescales: str, group: str = "") -> None:
        """Turn timescales on, by their own names or by their group's, from today."""
        self.say(
            "watch", "add", *([group] if group else timescales), "--from", self.day.isoformat()
        )
        self.world.watched.update(dict.fromkeys(timescales, self.day))
