"""Sixty invented children of Testshire, and how each of them begins."""

import random
from datetime import date, timedelta
from typing import NamedTuple

from dateutil.relativedelta import relativedelta

from oracle.oracle import Event
from year.world import Holding, Life

ADA, BEN = "Ada Okafor", "Ben Rees"
START = date(2025, 9, 1)
#: Looked after since before the year: 18, two sibling groups among them.
SETTLED = [
    "Avocet",
    "Bittern",
    "Bunting",
    "Chaffinch",
    "Curlew",
    "Dabchick",
    "Dotterel",
    "Dunlin",
    "Dunnock",
    "Fieldfare",
    "Firecrest",
    "Fulmar",
    "Gadwall",
    "Gannet",
    "Garganey",
    "Godwit",
    "Goldcrest",
    "Goldfinch",
]
#: On a plan since before the year: 8.
PLANNED = ["Alder", "Aspen", "Bracken", "Briar", "Broom", "Burdock", "Campion", "Celandine"]
#: Looked after in the course of the year: 10, the last three together.
ADMITTED = [
    "Goshawk",
    "Greenfinch",
    "Grouse",
    "Guillemot",
    "Harrier",
    "Heron",
    "Hobby",
    "Jackdaw",
    "Kestrel",
    "Kittiwake",
]
#: Enquiries in the course of the year: 8, the last two together.
ENQUIRIES = ["Clover", "Comfrey", "Cowslip", "Crocus", "Dogwood", "Elder", "Fennel", "Foxglove"]
#: One by one, each with a story of its own: 16.
STORIES = [
    "Lapwing",
    "Linnet",
    "Mallard",
    "Martin",
    "Merlin",
    "Moorhen",
    "Nightjar",
    "Nuthatch",
    "Osprey",
    "Ouzel",
    "Partridge",
    "Pipit",
    "Hawthorn",
    "Hazel",
    "Honesty",
    "Juniper",
]
SIBLINGS = dict.fromkeys(SETTLED[:3], "S1") | dict.fromkeys(SETTLED[3:5], "S2")
SIBLINGS |= dict.fromkeys(ADMITTED[-3:], "S3") | dict.fromkeys(ENQUIRIES[-2:], "S4")
#: A Saturday, the eve of Christmas, Good Friday's eve, a month's end, two bank holidays.
ADMISSIONS = [
    date(2025, 9, 6), date(2025, 9, 30), date(2025, 10, 31), date(2025, 11, 30), date(2025, 12, 24),
    date(2026, 1, 1), date(2026, 1, 31), date(2026, 4, 2),
]  # fmt: skip
STRATEGIES = [
    date(2025, 9, 13), date(2025, 10, 20), date(2025, 12, 12), date(2026, 1, 30), date(2026, 3, 27),
    date(2026, 4, 6), date(2026, 5, 22),
]  # fmt: skip


class Arrival(NamedTuple):
    """Children who are known from a day on."""

    day: date
    children: tuple[str, ...]
    event: str


def born(chance: random.Random, least: int, most: int) -> date:
    """Choose a date of birth: a number of years old when the year begins."""
    return START - timedelta(days=chance.randint(least * 365 + 5, most * 365))


def life(name: str, chance: random.Random, team: str = "", **more: object) -> Life:
    """Make a child of between one and fourteen, whose IRO and chair is Ada Okafor."""
    holdings = [Holding("iro", ADA, date(2024, 1, 1)), Holding("chair", ADA, date(2024, 1, 1))]
    details = {
        "date_of_birth": born(chance, 1, 14),
        "siblings": SIBLINGS.get(name, ""),
        "holdings": holdings,
        **more,
    }
    return Life(name, team or chance.choice(["North", "South", "Coast"]), **details)  # type: ignore[arg-type]


def settled(name: str) -> list[Event]:
    """Write the history of a child looked after before the year: two reviews or more."""
    group = random.Random(SIBLINGS.get(name, name))
    start = date(2024, 3, 1) + timedelta(days=group.randrange(400))
    events = [
        Event("cla.start", start),
        Event("iro.appointed", start + timedelta(days=group.randrange(6))),
    ]
    day = start + timedelta(days=group.randint(18, 27))
    gap = 3
    while day < START:
        events.append(Event("cla.review", day))
        day += relativedelta(months=gap, days=-group.randint(3, 20))
        gap = 6
    return events


def planned(chance: random.Random) -> list[Event]:
    """Write the history of a child on a plan before the year."""
    strategy = date(2024, 11, 1) + timedelta(days=chance.randrange(270))
    conference = strategy + timedelta(days=chance.randint(12, 24))
    events = [
        Event("cp.strategy", strategy),
        Event("cp.conference.initial", conference),
        Event("cp.letter", conference + timedelta(days=1)),
        Event("cp.core-group", conference + timedelta(days=9)),
    ]
    day = conference + relativedelta(months=3) - timedelta(days=chance.randint(1, 9))
    while day < START:
        events.append(Event("cp.conference.review", day))
        day += relativedelta(months=6, days=-chance.randint(1, 20))
    return events


def arrivals() -> list[Arrival]:
    """List the admissions and the strategy discussions of the year."""
    found = [
        Arrival(day, (name,), "cla.start")
        for day, name in zip(ADMISSIONS[:-1], ADMITTED, strict=False)
    ]
    found.append(Arrival(ADMISSIONS[-1], tuple(ADMITTED[-3:]), "cla.start"))
    found += [
        Arrival(day, (name,), "cp.strategy")
        for day, name in zip(STRATEGIES[:-1], ENQUIRIES, strict=False)
    ]
    found.append(Arrival(STRATEGIES[-1], tuple(ENQUIRIES[-2:]), "cp.strategy"))
    return found
