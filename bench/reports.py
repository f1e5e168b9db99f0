"""
Measure a quarterly report for 3,000 children against one `iro due` over them.

Whole processes, interleaved, medians.  The exit code is 1 where the bound is missed.
"""

import sys
import tempfile
from datetime import date
from pathlib import Path

import authority
from authority import Size
from package import package_to_measure
from timing import Bench, Command, peak_mib, seconds

AS_OF = date(2026, 11, 23)
SIZE = Size(looked_after=1_900, on_plans=1_100)
BOUND = 15
_ROUNDS = 9


def main() -> int:
    """Measure, print, and say whether the bound is met."""
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        folder = Path(name)
        package = package_to_measure(folder)
        store, page = folder / "reports.db", folder / "report.html"
        events = authority.build(store, SIZE, AS_OF)
        extra = {"IRO_DATABASE": str(store), "IRO_AS_OF": AS_OF.isoformat()}
        iro = package.program
        commands = {
            "due": Command([*iro, "due"], extra),
            "report": Command([*iro, "report", "quarterly", "-o", str(page)], extra),
            "figures": Command([*iro, "report", "timeliness", "-f", "csv"], extra),
        }
        bench = Bench(folder, package.extra)
        found = bench.interleaved(commands, _ROUNDS)
        if b"<svg" not in page.read_bytes():
            print("bench: the report has no chart", file=sys.stderr)
            return 1
    due = seconds(found["due"])
    ratio = seconds(found["report"]) / due
    met = "yes" if ratio <= BOUND else "**NO**"
    print("| what | ratio | bound | met? |\n|---|---:|---|---|")
    print(f"| `iro report quarterly` ÷ `iro due` | {ratio:.2f} | at most {BOUND} | {met} |")
    print(f"| `iro report timeliness` ÷ `iro due` | {seconds(found['figures']) / due:.2f} | | |")
    print(
        f"\n- {SIZE.children:,} children, {events:,} events; {_ROUNDS} rounds; `iro due` "
        f"{due:.2f} s; the report had {peak_mib(found['report']):.0f} MB at most."
    )
    return int(ratio > BOUND)


if __name__ == "__main__":
    sys.exit(main())
