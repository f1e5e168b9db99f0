"""Measure reading a children in need census against a bare ``xml.etree.ElementTree`` parse."""

import random
import tempfile
import xml.etree.ElementTree as ET
from datetime import date, timedelta
from pathlib import Path

from inside import Kinds, command_line
from place import Place

from figures import Report, at_most

CHILDREN = 3_000
BOUND = 15
# The memory that a system adds to a process differs a little between runs.
GROWTH = 1.1
_YEAR_ENDS = date(2026, 3, 31)
_TODAY = date(2026, 11, 22)

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


def make(path: Path, children: int, seed: int = 1) -> None:
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


def _bare(path: Path) -> int:
    """Parse a file without using it: the yardstick."""
    return len(ET.parse(path).getroot())


def _read(path: Path) -> int:
    """Read a census as ``iro import cin-census`` does."""
    from iro_cli.extracts.cin_census import SOURCE  # noqa: PLC0415

    return len(SOURCE.read([path], today=_TODAY).facts)


def _stream(path: Path) -> int:
    """Go through the children of a census without keeping any."""
    from iro_cli.extracts.cin_census import LAYOUT  # noqa: PLC0415
    from iro_cli.incoming.files import File  # noqa: PLC0415
    from iro_cli.incoming.xml_nodes import read_units  # noqa: PLC0415

    return sum(1 for _ in read_units(File(path, path.name), LAYOUT))


def _store(path: Path) -> int:
    """Read a census into a new store."""
    from iro_cli.changes.importing import store_batch  # noqa: PLC0415
    from iro_cli.extracts.cin_census import SOURCE  # noqa: PLC0415
    from iro_cli.store.changing import Stamp  # noqa: PLC0415
    from iro_cli.store.sqlite import SqliteStore  # noqa: PLC0415

    batch = SOURCE.read([path], today=_TODAY)
    with tempfile.TemporaryDirectory() as folder:
        store = SqliteStore(Path(folder) / "a.db")
        store_batch(store, batch, Stamp("now", "bench", "import"))
    return len(batch.facts)


def timed(path: Path) -> Kinds:
    """Return the kinds of work that are compared."""
    return {
        "bare": lambda: _bare(path),
        "read": lambda: _read(path),
        "store": lambda: _store(path),
    }


def also(path: Path) -> Kinds:
    """Return the work that is done to measure its memory."""
    return {"stream": lambda: _stream(path)}


def measure(place: Place) -> Report:
    """Measure this part, and return its figures."""
    small, large = place.folder / "small.xml", place.folder / "large.xml"
    place.said("cin_census.py", "make", small, CHILDREN)
    place.said("cin_census.py", "make", large, CHILDREN * 10)
    rounds = place.rounds(7, 3)
    took = place.said("cin_census.py", "times", rounds, small)
    peaks = {
        (kind, path): place.memory("cin_census.py", kind, path)
        for kind in ("stream", "bare", "read")
        for path in (small, large)
    }
    stored, grown = took["store"] / took["bare"], peaks["stream", large] / peaks["stream", small]
    figures = [
        at_most("a census read and stored ÷ a bare ElementTree parse", stored, BOUND),
        at_most("a census gone through: most memory, ten times the file ÷ the file", grown, GROWTH),
    ]
    memory = "; ".join(
        f"{what} {peaks[kind, small]:.0f} and {peaks[kind, large]:.0f} MB"
        for kind, what in (
            ("stream", "gone through"),
            ("read", "read, its facts kept"),
            ("bare", "ElementTree"),
        )
    )
    times = ", ".join(f"{kind} {one * 1000:.0f} ms" for kind, one in took.items())
    note = (
        f"Census: {CHILDREN:,} children, {small.stat().st_size / 1e6:.1f} MB; {rounds} rounds; "
        f"{times}. Most memory with it, and with ten times the children: {memory}."
    )
    return Report(figures, [note])


if __name__ == "__main__":
    command_line(make, timed, also)
