"""
Measure ``iro`` against yardsticks that run beside it, and print the ratios.

The exit code is 1 where a bound is missed.
"""

import argparse
import os
import platform
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

import ahead
import annex_a
import cin_census
import country
import exports
import few
import in_page
import million
import packs
import reports
import scale
import ssd
import ssda903
import startup
import tab
import team
import trust
from package import package_to_measure
from place import HERE, Place
from timing import Bench, FailedError

from figures import Report, over, table
from iro_cli.clock import today

RESULTS = HERE / "RESULTS.md"
PARTS: Mapping[str, Callable[[Place], Report]] = {
    "startup": startup.measure,
    "tab": tab.measure,
    "scale": scale.measure,
    "few": few.measure,
    "packs": packs.measure,
    "import": ssda903.measure,
    "million": million.measure,
    "census": cin_census.measure,
    "annex-a": annex_a.measure,
    "ssd": ssd.measure,
    "exports": exports.measure,
    "reports": reports.measure,
    "ahead": ahead.measure,
    "trust": trust.measure,
    "team": team.measure,
    "country": country.measure,
    "page": in_page.measure,
}


def _measured(place: Place, parts: Sequence[str]) -> Iterator[Report]:
    for part in parts:
        print(f"bench: {part} …", file=sys.stderr, flush=True)
        # Each with a folder of its own, which is gone when the next begins.
        with tempfile.TemporaryDirectory(dir=place.folder) as folder:
            yield PARTS[part](place._replace(folder=Path(folder)))


def _heading(place: Place) -> str:
    machine = f"{platform.python_implementation()} {platform.python_version()}"
    return (
        f"{place.as_of.isoformat()}: {machine}, {os.cpu_count()} cores, {platform.system()} "
        f"{platform.machine()}; {place.package.note}."
    )


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="fewer rounds")
    parser.add_argument("--only", choices=list(PARTS), help="one part alone")
    parser.add_argument("--save", action="store_true", help=f"write the table to {RESULTS.name}")
    given = parser.parse_args()
    if given.save and given.only:
        parser.error("--save keeps a whole run: leave --only out")
    return given


def main() -> int:
    """Measure, print the table, and return whether every bound is met."""
    given = _arguments()
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        folder = Path(name)
        package = package_to_measure(folder)
        if package.extra:
            print(f"bench: {package.note}", file=sys.stderr)
        place = Place(folder, package, Bench(folder, package.extra), today(), given.quick)
        try:
            found = list(_measured(place, [given.only] if given.only else list(PARTS)))
        except FailedError as error:
            print(f"bench: {error}", file=sys.stderr)
            return 1
    text = "\n".join([_heading(place), "", *table(found)]) + "\n"
    print(text, end="")
    if given.save:
        RESULTS.write_text(f"# The last run of `make bench`\n\n{text}", "utf-8")
    missed = [*over(found)]
    for line in missed:
        print(f"bench: {line}", file=sys.stderr)
    return int(bool(missed))


if __name__ == "__main__":
    sys.exit(main())
