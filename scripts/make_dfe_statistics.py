"""
Make the compact table of the Department's figures from its own files.

The two files are of the release "Children in need" (Explore education statistics), under
the Open Government Licence v3.0; where they lie is the first argument.
"""

import json
import sys
from pathlib import Path

from iro_cli.figures.statistics import Statistics
from iro_cli.questions.statistics import TABLE, with_files

FILES = (
    "c4_children_in_need_section_47s_and_icpcs_2013_to_2024.csv",
    "d6_cpps_reviewed_within_timescales_2013_to_2024.csv",
)
ABOUT = {
    "source": "Department for Education, Children in need (Explore education statistics).",
    "release": "Reporting years 2013 to 2024, tables C4 and D6.",
    "licence": (
        "Contains public sector information licensed under the Open Government Licence v3.0."
    ),
    "note": (
        "Each year is [part, whole]. conferences.initial: initial conferences held within 15 "
        "working days of the start of section 47 enquiries, of all; plans.reviewed: plans open on "
        "31 March for three months or more whose reviews were all in time, of all. A letter "
        "stands as the Department wrote it: c, u, x or z. Numbers of regions and England are "
        "rounded by the Department."
    ),
    "made_by": "scripts/make_dfe_statistics.py",
}
_DEFAULT = Path(__file__).resolve().parents[2] / "shared" / "data" / "dfe-statistics"


def main(folder: Path) -> None:
    """Write the table with an area on each line, so that a change of it can be read."""
    found = with_files(Statistics("", {}, {}), [folder / name for name in FILES])
    areas, figures = found.areas, found.figures
    lines = []
    for key, area in sorted(areas.items()):
        row: dict[str, object] = area._asdict()
        for measure in sorted({one[0] for one in figures}):
            row[measure] = {
                str(year): list(value)
                for (one, *of, year), value in sorted(figures.items())
                if one == measure and tuple(of) == key
            }
        lines.append("  " + json.dumps(row, ensure_ascii=False, separators=(",", ":")))
    head = "".join(f' "{key}": {json.dumps(text)},\n' for key, text in ABOUT.items())
    text = "{\n" + head + ' "areas": [\n' + ",\n".join(lines) + "\n ]\n}\n"
    table = Path(TABLE)
    table.write_text(text, "utf-8", newline="\n")
    print(f"{table.name}: {len(areas)} areas, {len(figures)} figures, {len(text):,} characters")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else _DEFAULT)
