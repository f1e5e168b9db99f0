"""Command lines: the examples of each command with words changed, and lines from the table."""

import os
import random
import shlex
import shutil
from collections.abc import Sequence
from os import PathLike

from faults.edits import text_of
from faults.inputs import Inputs, Stood, refusal
from faults.program import CODES, Ended, Place
from faults.stage import EXAMPLES, authority, copied
from iro_cli.cli.commands import COMMANDS, GROUPS, Command
from iro_cli.cli.help import examples_of
from iro_cli.cli.options import COMMON, Option
from iro_cli.facts import vocabulary
from running import piped
from stores import STORING

# What a word may name; each is drawn for its own kind, and for others.
_NAMES: dict[str, Sequence[str]] = {
    "children": ("TS-0101", "ts-0102", "Finch", "finch", "Kestrel", "TS-9999", "Reed"),
    "events": (
        "cla.start",
        "cla.review",
        "review",
        "icpc",
        "cp.strategy",
        "dispute",
        "cla.nothing",
    ),
    "timescales": ("cla.review.first", "first review", "icpc", "core group", "nothing.at.all"),
    "timescales_or_groups": ("cp.core-group.first", "records", "visits", "all"),
    "names": ("Ada Okafor", "ada okafor", "Ben Rees", "me", "Nobody"),
    "teams": ("North", "South", "Nowhere"),
    "nations": ("england", "wales", "scotland", "atlantis"),
    "processes": ("cla", "cp", "adoption", "secure", "nothing"),
    "sources": ("children", "allocations", "events", "ssda903", "annex-a", "cin-census", "ssd"),
    "packs": ("london", "tees", "local-pack.toml", "children.csv", "nowhere.toml"),
    "outcomes": ("plan", "no-plan", "continue", "end", "perhaps"),
    "participation": ("PN0", "PN3", "PN7", "PN9"),
}
_DAYS = (
    *("2026-11-02", "02/11/2026", "2/11/26", "today", "yesterday", "-7d", "+4w", "+20wd", "mon"),
    *("2 dec", "2 Dec 2026", "2026-02-30", "9999-12-31", "0001-01-01", "1899-12-31", "20wd", "-"),
)
_MONTHS = ("jan", "feb", "Mar", "april", "MAY", "june", "sept", "dec", "december", "nil")
_RULES = ("cla.review.first", "icpc", "cla.review.second", "secure.review.first", "nothing")
_NUMBERS = ("0", "1", "5", "-1", "60", "150", "9" * 20, "1e3", "\u0663", "0.6", "x")
_FILES = (
    *("children.csv", "allocations.csv", "events.csv", "events.toml", "local-pack.toml", "out.csv"),
    *("out.xlsx", "out.json", "x/y/z.csv", ".", "copies", "copy.db", "iro.db", "iro.db-wal", ""),
    *(
        "903",
        "census.xml",
        "annex-a.xlsx",
        "/dev/null",
        "nowhere",
        "out",
        "out.ics",
        "iro.db.copies",
    ),
)
_DATABASES = (
    *("sqlite:///iro.db", "sqlite:///children.csv", "sqlite:///nowhere.db", "sqlite://", "x://y"),
    *("postgresql://ada:a@b@127.0.0.1:1/x", "postgresql://127.0.0.1:1/x?y=z", "mssql://", "://"),
)
_STORES = (
    "iro.db",
    "copy.db",
    "other.db",
    "children.csv",
    ".",
    "postgresql://127.0.0.1:1/x",
    "x://y",
)
# Commands that take a hundred times as long, which are tried less often.
_SLOW = frozenset({"report quarterly", "report annual", "demo", "suggest"})
# Letters by which a word that is drawn could name a file that is not the harness's.
_OF_PATHS = str.maketrans("", "", "/~\0\\")


class Lines(Inputs):
    """Command lines."""

    name, title = "lines", "command lines"

    @property
    def counts(self) -> dict[str, int]:
        """Return the number of lines of each kind."""
        if self.few:
            return {"example": 100, "drawn": 100, "days": 200}
        each = {"example": 5_000, "drawn": 7_000, "days": 84_500}
        return {kind: count * self.times for kind, count in each.items()}

    def prepare(self) -> None:
        """Make a store, and the files that a line may name."""
        place = Place(self.folder / "lines")
        authority(place, sealed=False)
        place.run(["import", "children", str(EXAMPLES / "authority" / "children.csv")])
        place.run(["import", "events", str(EXAMPLES / "authority" / "events.csv")])
        place.run("backup copy.db")
        place.run("undo")
        for name in ("children", "allocations", "events"):
            shutil.copy(EXAMPLES / "authority" / f"{name}.csv", place.work)
        for name in ("local-pack.toml", "extracts/own-columns/events.toml",
                     "extracts/cin-census/census.xml", "extracts/annex-a/annex-a.xlsx"):  # fmt: skip
            shutil.copy(EXAMPLES / name, place.work)
        shutil.copytree(EXAMPLES / "extracts" / "ssda903" / "2025-26", place.work / "903")
        every = [
            shlex.split(line)[1:] for name in (*COMMANDS, *GROUPS) for line in examples_of(name)
        ]
        every += [shlex.split(line) for line in STORING.strip().splitlines()]
        self._lines = [one for one in every if one]
        self._names = [name for name in COMMANDS if name not in _SLOW] * 12 + sorted(_SLOW)

    def enter(self, kind: str, place: Place) -> None:
        """Put the store and the files in place."""
        copied(self.folder / "lines", place.folder)

    def judge(self, kind: str, number: int, place: Place) -> tuple[int, str]:
        """Run a line: a refusal stores nothing, and has a message."""
        draw = self.draw(f"{kind}/{number}")
        words = {"example": self._changed, "drawn": self._drawn, "days": _days}[kind](draw)
        stood = Stood(place.store)
        ended = Ended(*piped(*words, stdin=draw.choice(("", "2026-11-02\n", "x\n\n"))))
        wrong = refusal(ended, CODES)
        if not wrong and ended.code and stood.changed(self.folder / "lines" / "work" / "iro.db"):
            wrong = f"refused with {ended.code}, and something was stored"
        return ended.code, wrong and f"`iro {shlex.join(words)}`: {wrong}"

    def _changed(self, draw: random.Random) -> list[str]:
        """Return an example with some words left out, doubled, exchanged or replaced."""
        words = [*draw.choice(self._lines)]
        if " ".join(words[:2]) in _SLOW or words[0] in _SLOW:
            words = [*draw.choice(self._lines)]
        for _ in range(draw.choice((0, 1, 1, 1, 2, 3))):
            place = draw.randrange(len(words)) if words else 0
            way = draw.randrange(5)
            if way == 0 and words:
                words.pop(place)
            elif way == 1:
                words.insert(place, _word(draw))
            elif way == 2 and words:
                words.insert(place, words[place])
            elif way == 3 and len(words) > 1:
                words.append(words.pop(place))
            elif words:
                words[place] = _word(draw)
        return words

    def _drawn(self, draw: random.Random) -> list[str]:
        """Return a command with its own options and arguments, and sometimes with others."""
        command = COMMANDS[draw.choice(self._names)]
        taken = [one for one in command.takes if one.required or draw.random() < 0.2]
        if draw.random() < 0.1:
            taken.append(draw.choice(COMMON))
        if draw.random() < 0.05:
            taken.append(
                draw.choice([*COMMANDS.values()][draw.randrange(len(COMMANDS))].takes or COMMON)
            )
        pieces = [_typed(draw, one, command) for one in taken]
        if draw.random() < 0.3:
            draw.shuffle(pieces)
        name = command.name.split()
        words = [word for piece in pieces for word in piece]
        return [*words, *name] if draw.random() < 0.05 else [*name, *words]


def _days(draw: random.Random) -> list[str]:
    """Return a question about days, each written in some way."""
    days = [_day(draw) for _ in range(draw.choice((1, 1, 2)))]
    return ["when", draw.choice(_RULES), *days]


def _day(draw: random.Random) -> str:
    """Write a day, mostly an existing one, sometimes with a letter or two exchanged."""
    parts = [draw.choice(_DAYS[:14]), str(draw.randrange(1, 32)), draw.choice(_MONTHS)]
    parts += [str(draw.randrange(1900, 2100)), f"{draw.randrange(1, 13):02}", draw.choice(".-/ ")]
    whole, day, month, year, number, between = parts
    text = draw.choice((
        *(whole, f"{day}{between}{number}{between}{year}", f"{day} {month} {year}"),
        *(f"{year}-{number}-{int(day):02}", f"{day} {month}", f"{draw.choice('+-')}{day}wd"),
        f"{draw.choice('+-')}{day}{draw.choice('dwmy')}",
    ))  # fmt: skip
    for _ in range(draw.choice((0, 0, 0, 1, 2))):
        place = draw.randrange(len(text) + 1)
        text = text[:place] + draw.choice("0129-/. dwxT:Z+\u0663\u00bd") + text[place + 1 :]
    return text


def _typed(draw: random.Random, option: Option, command: Command) -> list[str]:
    """Return an option with a value, or the words of an argument."""
    del command
    times = draw.choice((1, 1, 2, 3)) if option.many else 1
    if option.kind is bool:
        return [draw.choice(option.flags)]
    values = [_value(draw, option) for _ in range(times)]
    if not option.typed:
        return values
    flag = draw.choice(option.flags)
    if draw.random() < 0.1:
        return [f"{flag}={values[0]}"]
    return [word for value in values for word in (flag, value)]


def _value(draw: random.Random, option: Option) -> str:
    """Return a value: mostly one that the option accepts."""
    if draw.random() < 0.1:
        return _word(draw)
    if option.values or option.offered:
        return draw.choice(option.values or option.offered)
    if option.name == "database":
        return draw.choice(_STORES)
    if option.name == "places" and draw.random() < 0.2:
        return draw.choice(_DATABASES)
    if option.kind is PathLike or option.name in ("output", "statistics", "places"):
        return draw.choice(_FILES)
    if option.kind is int:
        return draw.choice(_NUMBERS)
    if option.complete in _NAMES:
        return draw.choice(_NAMES[option.complete])
    if option.name == "packs":
        return draw.choice(_NAMES["packs"])
    if "DATE" in (option.metavar or "") or option.name in ("as_of", "on"):
        return draw.choice(_DAYS)
    if option.name in vocabulary.DETAILS:
        return draw.choice(("yes", "no", "PN3", "plan", "2026-11-02", "5", "text"))
    return _word(draw)


def _word(draw: random.Random) -> str:
    """Return any word, of a known kind or of none."""
    kind = draw.random()
    if kind < 0.25:
        return draw.choice(draw.choice([*_NAMES.values()]))
    if kind < 0.45:
        return draw.choice((*_DAYS, *_NUMBERS))
    if kind < 0.55:
        return draw.choice(_FILES)
    if kind < 0.65:
        return draw.choice([flag for one in COMMON for flag in one.flags])
    if kind < 0.7:
        return draw.choice(
            ("--help", "-h", "--version", "--", "-", "-x", "--no-such", "--yes", "due")
        )
    return os.fsdecode(text_of(draw).translate(_OF_PATHS).encode("utf-8", "surrogatepass"))
