"""
Measure reading a children in need census against a bare ``xml.etree.ElementTree`` parse.

``run.py`` may call :func:`write_census`, and this file with ``bare``, ``read`` or ``store`` and
a path, each a process of its own; by itself it prints both ratios and the memory of two sizes.
"""

import random
import resource
import statistics
import subprocess
import sys
import tempfile
import time
import xml.etree.ElementTree as ET
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

CHILDREN = 3_000
BOUND = 15.0
_YEAR_ENDS = date(2026, 3, 31)
_TODAY = date(2026, 11, 22)
_ROUNDS = 7

_ASSESSMENT = (
    "<Assessments><AssessmentActualStartDate>{0}</AssessmentActualStartDate>"
    "<AssessmentAuthorisationDate>{1}</AssessmentAuthorisationDate><FactorsIdentifiedAtAssessment>"
    "<AssessmentFactors>2B</AssessmentFactors><AssessmentFactors>3B</AssessmentFactors>"
    "</FactorsIdentifiedAtAssessment></Assessments>\n"
)


def _child(number: int, chance: random.Random) -> str:
    """Return one child: referred, assessed and, one in two, with an enquiry and a plan."""
    referred = date(2024, 4, 1) + timedelta(days=chance.randrange(600))
    days = [referred + timedelta(days=n) for n in (7, 40, 12, 30, 118, 290, 460)]
    begins, ends, enquiry, conference, *reviews = (day.isoformat() for day in days)
    held = "".join(f"<CPPreviewDate>{one}</CPPreviewDate>" for one in reviews)
    protection = (
        f"<Section47><S47ActualStartDate>{enquiry}</S47ActualStartDate>"
        f"<InitialCPCtarget>{conference}</InitialCPCtarget>"
        f"<DateOfInitialCPC>{conference}</DateOfInitialCPC>"
        "<ICPCnotRequired>0</ICPCnotRequired></Section47>\n<ReferralNFA>0</ReferralNFA>"
        f"<ChildProtectionPlans><CPPstartDate>{conference}</CPPstartDate>"
        "<InitialCategoryOfAbuse>NEG</InitialCategoryOfAbuse>"
        "<LatestCategoryOfAbuse>NEG</LatestCategoryOfAbuse>"
        f"<NumberOfPreviousCPP>0</NumberOfPreviousCPP><Reviews>{held}</Reviews>"
        "</ChildProtectionPlans>\n"
    )
    return (
        f"<Child><ChildIdentifiers><LAchildID>B{number:06}</LAchildID><UPN>A{number:012}</UPN>"
        f"<PersonBirthDate>{2010 + number % 12}-06-01</PersonBirthDate><Sex>F</Sex>"
        "</ChildIdentifiers>\n<ChildCharacteristics><Ethnicity>WBRI</Ethnicity><Disabilities>"
        "<Disability>NONE</Disability></Disabilities></ChildCharacteristics>\n<CINdetails>"
        f"<CINreferralDate>{referred}</CINreferralDate><ReferralSource>1A</ReferralSource>"
        "<PrimaryNeedCode>N1</PrimaryNeedCode>\n"
        + _ASSESSMENT.format(begins, ends)
        + (protection if number % 2 else "<ReferralNFA>0</ReferralNFA>")
        + "</CINdetails></Child>\n"
    )


def write_census(path: Path, children: int = CHILDREN, seed: int = 1) -> None:
    """Write a census; the same arguments give the same file."""
    chance = random.Random(seed)
    with path.open("w", encoding="utf-8") as file:
        file.write(
            "<Message><Header><CollectionDetails><Collection>CIN</Collection><Year>2026</Year>"
            f"<ReferenceDate>{_YEAR_ENDS}</ReferenceDate></CollectionDetails><Source><LEA>999</LEA>"
            "</Source></Header>\n<Children>\n"
        )
        file.writelines(_child(number, chance) for number in range(children))
        file.write("</Children></Message>\n")


def bare(path: Path) -> int:
    """Parse a file, and do nothing with it: the yardstick."""
    return len(ET.parse(path).getroot())


def read(path: Path) -> int:
    """Read a census as ``iro import cin-census`` does."""
    from iro_cli.exchange.cin_census import read_cin_census  # noqa: PLC0415

    return len(read_cin_census([path], today=_TODAY).facts)


def stream(path: Path) -> int:
    """Go through the children of a census, keeping none."""
    from iro_cli.exchange.cin_census import LAYOUT  # noqa: PLC0415
    from iro_cli.exchange.xml_nodes import read_units  # noqa: PLC0415

    return sum(1 for _ in read_units(path, path.name, LAYOUT))


def store(path: Path) -> int:
    """Read a census into a new store."""
    from iro_cli.exchange.cin_census import read_cin_census  # noqa: PLC0415
    from iro_cli.questions.importing import store_batch  # noqa: PLC0415

    batch = read_cin_census([path], today=_TODAY)
    with tempfile.TemporaryDirectory() as folder:
        store_batch(Path(folder) / "a.db", batch, at="now", who="bench", command="import")
    return len(batch.facts)


WORK: dict[str, Callable[[Path], int]] = {
    "bare": bare,
    "read": read,
    "stream": stream,
    "store": store,
}


def _peak_mib(what: str, path: Path) -> float:
    """Return the most memory that one kind of work takes, in a process of its own."""
    done = subprocess.run(
        [sys.executable, __file__, what, str(path)], check=True, capture_output=True, text=True
    )
    return float(done.stdout.split()[1]) / 1024


def ratios(path: Path, rounds: int = _ROUNDS) -> dict[str, float]:
    """Return how many times the bare parse each kind of work takes: medians, interleaved."""
    found: dict[str, list[float]] = {what: [] for what in ("bare", "read", "store")}
    for _ in range(rounds):
        for what, times in found.items():
            begins = time.perf_counter()
            WORK[what](path)
            times.append(time.perf_counter() - begins)
    medians = {what: statistics.median(times) for what, times in found.items()}
    return {what: took / medians["bare"] for what, took in medians.items()}


def main() -> int:
    """Do one kind of work, or measure."""
    if len(sys.argv) == 3:
        result = WORK[sys.argv[1]](Path(sys.argv[2]))
        print(result, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
        return 0
    with tempfile.TemporaryDirectory() as name:
        small, large = Path(name) / "small.xml", Path(name) / "large.xml"
        write_census(small)
        write_census(large, CHILDREN * 10)
        found = ratios(small)
        print(f"census of {CHILDREN:,} children, {small.stat().st_size / 1e6:.1f} MB")
        print(f"read ÷ bare parse:             {found['read']:.2f} (at most {BOUND:g})")
        print(f"read and stored ÷ bare parse:  {found['store']:.2f} (at most {BOUND:g})")
        for what in ("bare", "stream", "read"):
            peaks = [_peak_mib(what, path) for path in (small, large)]
            print(f"most memory, {what}: {peaks[0]:.1f} MB; ten times the file {peaks[1]:.1f} MB")
    return int(max(found.values()) > BOUND)


if __name__ == "__main__":
    sys.exit(main())
