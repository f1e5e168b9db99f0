"""Measure looking ahead, `iro forecast` and `iro suggest`, against one `iro due`."""

import importlib.util
from datetime import date

from authority import Size
from place import Place
from timing import cpu_seconds

from figures import Report, at_most, not_measured

AS_OF = date(2026, 11, 23)
SIZE = Size(looked_after=950, on_plans=550)
BOUND = 20
_WHAT = "`iro forecast` and `iro suggest` for everybody, 1,500 children ÷ `iro due`"


def measure(place: Place) -> Report:
    """Measure this part, and return its figures."""
    if importlib.util.find_spec("highspy") is None:
        why = "the extra is not installed: pip install 'iro-cli[plan]'"
        return not_measured("Looking ahead", _WHAT, f"at most {BOUND}", why)
    store = place.folder / "ahead.db"
    children = ("--looked-after", SIZE.looked_after, "--on-plans", SIZE.on_plans)
    place.said("authority.py", store, *children, "--as-of", AS_OF)
    day = ("--as-of", AS_OF.isoformat())
    commands = {
        "due": place.iro("due", *day, store=store),
        "forecast": place.iro("forecast", *day, store=store),
        "by iro": place.iro("forecast", "--by", "iro", *day, store=store),
        "one": place.iro("suggest", "--iro", "Officer 0003", *day, store=store),
        "everybody": place.iro("suggest", *day, store=store),
    }
    rounds = place.rounds(7, 3)
    found = place.bench.interleaved(commands, rounds)
    due, forecast, by_iro, one, everybody = (cpu_seconds(found[name]) for name in commands)
    note = (
        f"Ahead: {SIZE.children:,} children; {rounds} rounds; `iro due` {due:.2f} s. Times `iro "
        f"due`: `forecast` {forecast / due:.1f}, `forecast --by iro` {by_iro / due:.1f}, `suggest` "
        f"for one IRO {one / due:.1f}, for everybody {everybody / due:.1f}."
    )
    return Report([at_most(_WHAT, (forecast + everybody) / due, BOUND)], [note])
