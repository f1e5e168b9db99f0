"""Measure reading an Annex A workbook against iterating it with calamine and nothing else."""

from datetime import date, timedelta
from pathlib import Path

from inside import Kinds, command_line
from place import Place

from figures import Report, at_most

ROWS = 5_000
BOUND = 3
_TODAY = date(2026, 11, 23)

_COMMON = (
    *("Child Unique ID", "Gender", "Ethnicity", "Date of Birth", "Age of Child (Years)"),
    "Does the Child have a Disability",
)
_LAST = ("Allocated Team", "Allocated Worker")
FIVE = (
    *_COMMON,
    "Strategy discussion initiating Section 47 Enquiry Start Date",
    "Was an Initial Child Protection Conference deemed unnecessary?",
    "Date of Initial Child Protection Conference",
    "Did the Initial Child Protection Conference Result in a Child Protection Plan",
    "Number of Section 47 Enquiries in the last 12 months",
    "Number of ICPCs in the last 12 months",
    *_LAST,
)
SEVEN = (
    *_COMMON,
    *("Child Protection Plan Start Date", "Initial Category of Abuse", "Latest Category of Abuse"),
    *("Date of the Last Statutory Visit", "Was the Child Seen Alone?"),
    *("Date of latest review conference", "Child Protection Plan End Date"),
    "Subject to Emergency Protection Order or Protected Under Police Powers in Last Six Months",
    "Number of Previous Child Protection Plans",
    *_LAST,
)
EIGHT = (
    *_COMMON[:5],
    "Unaccompanied Asylum Seeking Child (UASC) within the Last 12 Months (Y/N)",
    *(_COMMON[5], "Date Started to be Looked After", "Child's Category of Need"),
    "Is this a second or subsequent period of being a Looked After Child within the last 12 months",
    *("Start date of current legal status", "Child's Legal Status"),
    *("Date of Latest Statutory Review", "Date of Last Social Work Visit"),
    "What is the permanence plan for this child?",
    "Date of Last IRO Visit / Contact to the Child",
    *("Date of Last Health Assessment", "Date of Last Dental Check"),
    "Number of Placements in the Last 12 months",
    *("Date Ceased to be Looked After ", "Reason Ceased to be Looked After"),
    *("Start Date of Most Recent Placement", "Placement Type", "Placement Provider"),
    *("Placement postcode", "URN of Placement", "Placement Location", "LA of Placement"),
    "Number of Episodes the Child has been \u2018Missing\u2019 from their Placement",
    "Number of Episodes the Child has been \u2018Absent\u2019 from their Placement",
    *("Was the child offered a Return Interview?", "Did the child accept a Return Interview?"),
    *_LAST,
)


def _five(child: str, number: int) -> dict[str, object]:
    strategy = _TODAY - timedelta(days=number % 180)
    held = number % 3 == 0
    return {
        FIVE[0]: child,
        FIVE[6]: strategy,
        FIVE[7]: "b) No" if number % 2 else "",
        FIVE[8]: strategy + timedelta(days=18) if held else "",
        FIVE[9]: "a) Yes" if held else "",
        FIVE[10]: 1,
        FIVE[11]: 0,
    }


def _seven(child: str, number: int) -> dict[str, object]:
    started = _TODAY - timedelta(days=100 + number % 400)
    return {
        SEVEN[0]: child,
        SEVEN[6]: started,
        SEVEN[7]: "a) Neglect",
        SEVEN[8]: "a) Neglect",
        SEVEN[10]: "a) Yes",
        SEVEN[13]: "b) No",
        SEVEN[14]: 0,
        SEVEN[9]: _TODAY - timedelta(days=number % 30),
        SEVEN[11]: started + timedelta(days=85),
    }


def _eight(child: str, number: int) -> dict[str, object]:
    started = _TODAY - timedelta(days=100 + number % 900)
    return {
        EIGHT[0]: child,
        "Date Started to be Looked After": started,
        "Start date of current legal status": started,
        "Child's Legal Status": "V4: Short term breaks" if number % 20 == 0 else "C2: FCO",
        "Date of Latest Statutory Review": started + timedelta(days=20),
        "Start Date of Most Recent Placement": started,
        "Placement Type": "f) U6: Foster placement - not FFA",
        "Date of Last Dental Check": started,
        "Date of Last Health Assessment": started,
        "Placement Location": "a) In",
        "Child's Category of Need": "N1 - Abuse or neglect",
        "Date of Last Social Work Visit": _TODAY - timedelta(days=number % 40),
        "What is the permanence plan for this child?": "f) Long-term fostering",
        "Date of Last IRO Visit / Contact to the Child": started + timedelta(days=20),
        "Number of Placements in the Last 12 months": 1,
        "Placement Provider": "a) PR1: Own provision",
        "Placement postcode": "TS1 1AA",
        "LA of Placement": "Testshire",
    }


def make(path: Path, rows: int) -> None:
    """Write a workbook with a number of rows in each list."""
    import xlsxwriter  # noqa: PLC0415  # only here

    book = xlsxwriter.Workbook(path, {"default_date_format": "dd/mm/yyyy", "constant_memory": True})
    for number, title, header, row in (
        (5, "Section 47 enquiries", FIVE, _five),
        (7, "Child protection", SEVEN, _seven),
        (8, "Children in care", EIGHT, _eight),
    ):
        sheet = book.add_worksheet(f"List_{number}")
        sheet.write(0, 0, f"List {number}: {title}")
        sheet.write_row(1, 0, header)
        for place in range(rows):
            said = row(f"{place:07}", place)
            said |= {"Date of Birth": date(2012, 1, 1) + timedelta(days=place % 3000)}
            said |= {"Age of Child (Years)": 9, "Does the Child have a Disability": "b) No"}
            said |= {"Allocated Worker": f"Social worker {place % 90}"}
            said |= {"Gender": "b) Female", "Ethnicity": "a) WBRI", "Allocated Team": "Oak"}
            for column, name in enumerate(header):
                if said.get(name, "") != "":
                    sheet.write(place + 2, column, said[name])
    book.close()


def _bare(path: Path) -> None:
    """Iterate every sheet with the reader alone."""
    from python_calamine import CalamineWorkbook  # noqa: PLC0415  # what is measured

    book = CalamineWorkbook.from_path(path)
    for name in book.sheet_names:
        for _ in book.get_sheet_by_name(name).iter_rows():
            pass


def _read(path: Path) -> None:
    """Read the lists into a batch, and check that all were read."""
    from iro_cli.extracts.annex_a import SOURCE  # noqa: PLC0415  # what is measured

    batch = SOURCE.read([path], today=_TODAY)
    if batch.refused or not batch.facts:
        raise SystemExit(f"{path}: {len(batch.refused)} rows refused, {len(batch.facts)} facts")


def timed(path: Path) -> Kinds:
    """Return the kinds of work that are compared."""
    return {"bare": lambda: _bare(path), "read": lambda: _read(path)}


def measure(place: Place) -> Report:
    """Measure this part, and return its figures."""
    book = place.folder / "annex-a.xlsx"
    place.said("annex_a.py", "make", book, ROWS)
    rounds = place.rounds(7, 3)
    took = place.said("annex_a.py", "times", rounds, book)
    what = "an Annex A workbook read ÷ calamine's bare iteration"
    note = (
        f"Annex A: three lists of {ROWS:,} rows; {rounds} rounds; bare {took['bare']:.2f} s, read "
        f"{took['read']:.2f} s; {place.memory('annex_a.py', 'read', book):.0f} MB at most."
    )
    return Report([at_most(what, took["read"] / took["bare"], BOUND)], [note])


if __name__ == "__main__":
    command_line(make, timed)
