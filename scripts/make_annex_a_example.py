"""Write ``examples/extracts/annex-a/annex-a.xlsx``: lists 5, 7 and 8 of an invented authority."""

from datetime import UTC, date, datetime
from pathlib import Path

import xlsxwriter

_FILE = Path(__file__).parents[1] / "examples" / "extracts" / "annex-a" / "annex-a.xlsx"
_MADE = datetime(2026, 11, 23, tzinfo=UTC).replace(tzinfo=None)

LISTS: dict[str, list[tuple[object, ...]]] = {
    "List 5: Section 47 enquiries and Initial Child Protection Conferences": [
        (
            *("Child Unique ID", "Date of Birth"),
            "Strategy discussion initiating Section 47 Enquiry Start Date",
            "Was an Initial Child Protection Conference deemed unnecessary?",
            "Date of Initial Child Protection Conference",
            "Did the Initial Child Protection Conference Result in a Child Protection Plan",
            *("Allocated Team", "Allocated Worker"),
        ),
        ("00301", date(2018, 4, 1), date(2026, 11, 2), "", "", "", "Wren", "Social worker 1"),
        ("00302", date(2020, 9, 1), date(2026, 10, 26), "b) No", "", "", "Wren", "Social worker 2"),
        ("00303", date(2015, 2, 1), date(2026, 11, 4), "a) Yes", "", "", "Teal", "Social worker 2"),
        (
            *("00201", date(2019, 6, 1), date(2026, 7, 27), "b) No", date(2026, 8, 12), "a) Yes"),
            *("Teal", "Social worker 3"),
        ),
    ],
    "List 7: Child protection": [
        (
            *("Child Unique ID", "Date of Birth", "Child Protection Plan Start Date"),
            *("Date of latest review conference", "Child Protection Plan End Date"),
            *("Allocated Team", "Allocated Worker"),
        ),
        ("00201", date(2019, 6, 1), date(2026, 8, 12), "", "", "Teal", "Social worker 3"),
        ("00202", date(2021, 1, 1), "02/03/2026", "27/05/2026", "#N/A", "Teal", "Social worker 1"),
        (
            *("00203", date(2016, 8, 1), date(2026, 2, 9), date(2026, 10, 6), date(2026, 10, 6)),
            *("Teal", "Social worker 3"),
        ),
    ],
    "List 8: Children in care": [
        (
            *("Child Unique ID", "Date of Birth", "Date Started to be Looked After"),
            *("Child's Legal Status", "Date of Latest Statutory Review"),
            *("Date Ceased to be Looked After ", "Reason Ceased to be Looked After"),
            *("Start Date of Most Recent Placement", "Placement Type"),
            *("Allocated Team", "Allocated Worker"),
        ),
        *(
            (*row, "Sorrel", "Social worker 4")
            for row in (
                ("00101", date(2014, 7, 1), date(2026, 10, 26), "C1: ICO", "", "", "", "", ""),
                ("00102", date(2017, 3, 1), date(2026, 10, 19), "C1: ICO", "", "", "", "", ""),
                (
                    *("00103", date(2012, 5, 1), date(2026, 8, 10), "V2: Single period under S20"),
                    *(date(2026, 9, 4), "", "", date(2026, 8, 10), "f) U6: Foster placement"),
                ),
                (
                    *("00104", date(2013, 11, 1), date(2026, 1, 5), "C2: FCO", date(2026, 5, 20)),
                    *("", "", date(2026, 1, 5), "d) U4: Foster placement - long term"),
                ),
                ("00105", date(2016, 1, 1), "2026-08-03", "C2: FCO", "2026-10-12", "", "", "", ""),
                (
                    *("00106", date(2011, 9, 1), date(2026, 9, 8)),
                    *("V4: Short term breaks, agreements recorded", "", "", "", "", ""),
                ),
                (
                    *("00107", date(2010, 2, 1), date(2026, 3, 2), "C2: FCO", date(2026, 6, 15)),
                    *(date(2026, 11, 2), "e) E4A: Returned home", date(2026, 3, 2), "K2"),
                ),
                (
                    *("00108", date(2024, 2, 1), date(2025, 2, 3), "E1: Placement order"),
                    *(date(2026, 9, 1), "", "", date(2026, 11, 5)),
                    "j) A6: Placed for adoption - order - not foster",
                ),
            )
        ),
    ],
}


def main() -> None:
    """Write the file."""
    book = xlsxwriter.Workbook(_FILE)
    book.set_properties({"title": "Annex A, Testshire: nobody in it exists", "created": _MADE})
    day = book.add_format({"num_format": "dd/mm/yyyy"})
    for title, rows in LISTS.items():
        sheet = book.add_worksheet(title.split(":", maxsplit=1)[0].replace(" ", "_"))
        sheet.write(0, 0, title)
        for number, cells in enumerate(rows, start=1):
            for column, cell in enumerate(cells):
                if isinstance(cell, date):
                    sheet.write(number, column, cell, day)
                elif cell:
                    sheet.write(number, column, cell)
    book.close()


if __name__ == "__main__":
    main()
