"""Measure the program in a browser's page against the command line, over 1,500 children."""

import importlib.util
import shutil
import time
from pathlib import Path
from statistics import median
from typing import Any

from authority import Size
from place import HERE, Place
from timing import FailedError, cpu_seconds

from figures import Report, at_most, not_measured, under

SIZE = Size(looked_after=950, on_plans=550)
MADE = HERE.parent / "dist" / "iro.html"
# Times of a whole `iro due`, which starts Python and opens the store as well.
BOUND = 5
_STARTS, _SECONDS = 120_000, 15
_WHAT = f"`iro due` in the page, asked again, {SIZE.children:,} children ÷ the command line"


def _why_not(chromium: str | None) -> str:
    if chromium is None:
        return "no Chromium: apt-get install chromium"
    if importlib.util.find_spec("playwright") is None:
        return "playwright is not installed"
    return "" if MADE.exists() else "the page is not made: make page"


def _asked(tab: Any, store: Path, day: str, rounds: int) -> tuple[str, list[float]]:
    """Open a store in the page and ask repeatedly; return the rows and the seconds."""
    tab.set_input_files("#store", str(store))
    tab.wait_for_selector("#kept:not(:empty)", timeout=_STARTS)
    tab.wait_for_selector("body[aria-busy=false]", timeout=_STARTS)
    line = f"call('run', {{ words: ['due', '--all', '-f', 'csv', '--as-of', '{day}'] }})"
    timed = f"(async () => {{ const at = performance.now(); const {{ out }} = await {line}; "
    timed += "return [out, (performance.now() - at) / 1000]; })()"
    rows, _ = tab.evaluate(timed)
    return rows, [tab.evaluate(timed)[1] for _ in range(rounds)]


def measure(place: Place) -> Report:
    """Measure this part, and return its figures."""
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    if why := _why_not(chromium):
        return not_measured("The page", _WHAT, f"at most {BOUND}", why)
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 - it may not be there

    store, day = place.folder / "page.db", place.as_of.isoformat()
    children = ("--looked-after", SIZE.looked_after, "--on-plans", SIZE.on_plans)
    place.said("authority.py", store, *children, "--as-of", day)
    rounds = place.rounds(9, 3)
    command = place.iro("due", "--all", "-f", "csv", "--as-of", day, store=store)
    ran = [place.bench.run(command) for _ in range(rounds)]
    with sync_playwright() as started:
        browser = started.chromium.launch(
            executable_path=chromium, args=["--no-sandbox", "--headless"]
        )
        tab = browser.new_context(offline=True).new_page()
        began = time.monotonic()
        tab.goto(MADE.as_uri())
        tab.wait_for_selector("body[data-state=ready]", timeout=_STARTS)
        opened = time.monotonic() - began
        rows, seconds = _asked(tab, store, day, rounds)
        browser.close()
    if rows.encode() != ran[0].output:
        raise FailedError("the page gives other rows than the command line")
    due = cpu_seconds(ran)
    note = (
        f"The page: {SIZE.children:,} children, {rounds} rounds; it could be asked {opened:.1f} s "
        f"after it was opened; `iro due --all` {due:.2f} s, in the page {median(seconds):.2f} s on "
        f"the clock; {MADE.stat().st_size / 1e6:.1f} MB."
    )
    figures = [
        at_most(_WHAT, median(seconds) / due, BOUND),
        under("The page, until it can be asked", opened, _SECONDS, "s"),
    ]
    return Report(figures, [note])
