"""The good extracts of `tests/extracts/good`, and what can be cut out of them."""

import csv
import io
import xml.etree.ElementTree as ET
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

from running import Answer, piped

GOOD = Path(__file__).parent / "extracts" / "good"
EXAMPLES = Path(__file__).parents[1] / "examples" / "extracts"
# A Monday: every good extract is of that day.
IMPORTED = "2026-11-23"

# The files of an extract, each with its text, by their names under its folder.
Files = Mapping[str, str]
# What identifies an obligation: the child, the timescale and the due date.
Row = tuple[str, str, str | None]

# The rows that are each one meeting: one that is missing looks like one that was not held.
MEETINGS = frozenset({
    *("reviews.csv", "AREVIEW", "Reviews", "CPPreviewDate"),
    *("ssd_cla_reviews.csv", "ssd_initial_cp_conference.csv", "ssd_cp_reviews.csv"),
})  # fmt: skip
# Elements of XML that are there only if something ended: a file without one says that nothing
# ended.
ENDS = frozenset({"PersonDeathDate", "CPPendDate"})


class Cut(NamedTuple):
    """
    Something that an extract lacks.

    Attributes:
        kind: ``table``, ``rows`` (its header stands), ``column``, ``row`` or ``element``.
        of: The file, or the element.
        which: The column or the row, where it is one.
    """

    kind: str
    of: str
    which: str = ""


class Asked(NamedTuple):
    """
    What the program says of an extract.

    Attributes:
        rows: The list, by child, timescale and day.
        due: The rows of each child.
        total: The total of a report of the months before the import.
        said: What the import said.
        code: Its exit code without ``--skip-refused``.
    """

    rows: dict[Row, dict[str, Any]]
    due: dict[str, list[dict[str, Any]]]
    total: dict[str, Any]
    said: str
    code: int


def good(name: str) -> dict[str, str]:
    """Return the files of a good extract, by the name of its folder."""
    folder = GOOD / name
    return {
        path.relative_to(folder).as_posix(): path.read_text("utf-8")
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def source_of(name: str) -> str:
    """Return the source that reads a good extract."""
    return name.removesuffix("-xml")


def _table(rows: list[list[str]]) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue()


def _cut_table(text: str, cut: Cut) -> str:
    header, *rows = csv.reader(io.StringIO(text))
    if cut.kind == "rows":
        return _table([header])
    if cut.kind == "row":
        return _table([header, *(row for row in rows if ",".join(row) != cut.which)])
    place = header.index(cut.which)
    return _table([[*row[:place], *row[place + 1 :]] for row in (header, *rows)])


def _cut_xml(text: str, cut: Cut) -> str:
    root = ET.fromstring(text)
    number = 0
    for parent in list(root.iter()):
        for node in list(parent):
            if node.tag == cut.of:
                number += 1
                if cut.kind == "element" or str(number) == cut.which:
                    parent.remove(node)
    return ET.tostring(root, encoding="unicode")


def cut_out(files: Files, cut: Cut) -> dict[str, str]:
    """Return the files without what is cut out; a table or element is cut out of every file."""
    found: dict[str, str] = {}
    for name, text in files.items():
        if name.endswith(".xml") and cut.kind in ("element", "row"):
            found[name] = _cut_xml(text, cut)
        elif name != cut.of and name.rpartition("/")[2] != cut.of:
            if not (cut.kind == "table" and name.startswith(f"{cut.of}/")):
                found[name] = text
        elif cut.kind != "table":
            found[name] = _cut_table(text, cut)
    return found


def cuts_of(files: Files) -> Iterator[Cut]:
    """Yield everything that can be cut out: tables, rows, columns, elements, folders."""
    for name, text in files.items():
        yield Cut("table", name)
        if name.endswith(".xml"):
            nodes = [node.tag for node in ET.fromstring(text).iter()][1:]
            for tag in dict.fromkeys(nodes):
                yield Cut("element", tag)
                yield from (Cut("row", tag, str(n + 1)) for n in range(nodes.count(tag)))
            continue
        header, *rows = csv.reader(io.StringIO(text))
        yield Cut("rows", name)
        yield from (Cut("column", name, column) for column in header)
        yield from (Cut("row", name, ",".join(row)) for row in rows)
    yield from (Cut("table", top) for top in {name.split("/")[0] for name in files if "/" in name})


def is_one_meeting(cut: Cut) -> bool:
    """Say whether the cut removes one meeting or an end that no other row shows."""
    name = cut.of.rpartition("/")[2]
    return (cut.kind == "row" and name in MEETINGS | {"DateOfInitialCPC"}) or name in ENDS


def ask(source: str, files: Mapping[str, str | bytes], day: str = IMPORTED) -> Asked | None:
    """
    Import an extract into a new store, and ask what is due and what was in time.

    Args:
        source: Which kind it is.
        files: Its files.
        day: The day that is asked about.

    Returns:
        ``None`` where nothing can be read of it.
    """
    with TemporaryDirectory() as made:
        folder = Path(made) / "extract"
        for name, text in files.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(text if isinstance(text, bytes) else text.encode())
        tops = dict.fromkeys(name.split("/")[0] for name in files)
        paths = [str(folder / top) for top in tops] if any("/" in one for one in files) else []
        store = ("--database", str(Path(made) / "iro.db"))

        def run(*words: str, on: str = IMPORTED) -> Answer:
            return piped(*store, "--as-of", on, *words)

        what = ("import", source, *(paths or [str(folder)]))
        answer = run(*what)
        code = answer.code
        if code:
            answer = run(*what, "--skip-refused")
        if answer.code:
            return None
        listed = run("due", "--all", "-f", "json", on=day)
        if listed.code:
            return None
        report = run(
            *("report", "timeliness", "--from", "2026-04-01", "--to", day, "-f", "json"), on=day
        )
        due: dict[str, list[dict[str, Any]]] = {}
        rows = listed.rows()
        for row in rows:
            due.setdefault(row["child"], []).append(row)
        by_row = {(row["child"], row["timescale"], row["due"]): row for row in rows}
        return Asked(by_row, due, report.json["total"], answer.err, code)


@cache
def asked_whole(name: str, day: str = IMPORTED) -> Asked:
    """Return what the program says of a good extract with nothing cut out."""
    found = ask(source_of(name), good(name), day)
    assert found is not None
    return found


def falsely_late(before: Asked, after: Asked | None) -> list[Row]:
    """Return what is overdue without a mark, and was not overdue before the cut."""
    if after is None:
        return []
    return [
        key
        for key, row in after.rows.items()
        if row["status"] == "overdue"
        and not row["assumed"]
        and not (key in before.rows and before.rows[key]["status"] == "overdue")
    ]
