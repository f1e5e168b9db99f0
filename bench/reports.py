"""Measure a quarterly report for 3,000 children against one `iro due` over them."""

import importlib.util
from datetime import date

from authority import Size
from place import Place
from timing import FailedError, cpu_seconds, peak_mib

from figures import Report, at_most, not_measured

AS_OF = date(2026, 11, 23)
SIZE = Size(looked_after=1_900, on_plans=1_100)
BOUND = 15
_WHAT = "`iro report quarterly`, 3,000 children ÷ `iro due`"


def measure(place: Place) -> Report:
    """Measure this part, and return its figures."""
    if importlib.util.find_spec("matplotlib") is None:
        why = "the extra is not installed: pip install 'iro-cli[reports]'"
        return not_measured("The report", _WHAT, f"at most {BOUND}", why)
    store, page = place.folder / "reports.db", place.folder / "report.html"
    children = ("--looked-after", SIZE.looked_after, "--on-plans", SIZE.on_plans)
    events = place.said("authority.py", store, *children, "--as-of", AS_OF)
    day = ("--as-of", AS_OF.isoformat())
    commands = {
        "due": place.iro("due", *day, store=store),
        "report": place.iro("report", "quarterly", *day, "-o", str(page), store=store),
        "figures": place.iro("report", "timeliness", *day, "-f", "csv", store=store),
    }
    rounds = place.rounds(9, 3)
    found = place.bench.interleaved(commands, rounds)
    if b"<svg" not in page.read_bytes():
        raise FailedError("the report has no chart")
    due, report, figures = (cpu_seconds(found[name]) for name in commands)
    note = (
        f"Reports: {SIZE.children:,} children, {events:,} events; {rounds} rounds; `iro due` "
        f"{due:.2f} s; the page took {report:.2f} s and had {peak_mib(found['report']):.0f} MB at "
        f"most; `iro report timeliness` took {figures / due:.2f} times `iro due`."
    )
    return Report([at_most(_WHAT, report / due, BOUND)], [note])
