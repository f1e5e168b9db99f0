"""The engine as a function gives the rows of the command, and refuses the same input."""

import csv
import io
import tomllib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from iro_cli import tables
from iro_cli.errors import InputRefusedError, IroError, UsageError
from iro_cli.facts.model import Event
from iro_cli.pages.due import DUE
from iro_cli.safe import guarded
from running import Answer, each, piped
from strategies import examples, histories

Iro = Callable[..., Answer]
HERE = Path(__file__).resolve().parents[1]
TESTSHIRE = HERE.parent / "examples" / "authority"
PACKS = (HERE / "golden" / "packs", HERE.parent / "examples" / "packs")
CASES = sorted((HERE / "golden" / "cases").glob("*.toml"))
DAY = date(2026, 11, 23)
DAYS = ("date", "completed_on", "date_of_birth", "expected_date_of_delivery", "from", "to")
DETAILS = Event._fields[2:]


def table(rows: Iterable[dict[str, Any]], *, text_days: bool = False) -> pa.Table:
    """Return rows of one of our own files as an Arrow table, sorted as needed."""
    found = [{name: None if cell == "" else cell for name, cell in row.items()} for row in rows]
    key = ("authority", "child_id", "date")
    found.sort(key=lambda row: [str(row[one]) for one in key if one in row])
    names = list(found[0])
    kinds = [pa.date32() if name in DAYS and not text_days else pa.string() for name in names]
    columns = [
        [_cell(row[name], kind) for row in found] for name, kind in zip(names, kinds, strict=True)
    ]
    arrays = [pa.array(column, kind) for column, kind in zip(columns, kinds, strict=True)]
    return pa.Table.from_arrays(arrays, names)


def _cell(cell: Any, kind: pa.DataType) -> Any:
    if cell is None or kind == pa.string():
        return cell if cell is None else str(cell)
    return cell if isinstance(cell, date) else date.fromisoformat(cell)


def own(name: str) -> list[dict[str, Any]]:
    """Return the rows of a file of the fictional authority."""
    with (TESTSHIRE / f"{name}.csv").open(encoding="utf-8") as file:
        return [*csv.DictReader(file)]


def as_csv(found: pa.Table) -> list[list[str]]:
    """Write an answer as the command writes CSV."""
    return [[_written(cell) for cell in row.values()] for row in found.to_pylist()]


def _written(cell: Any) -> str:
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    return guarded(cell) if isinstance(cell, str) else str(cell)


def listed(answer: Answer) -> list[list[str]]:
    """Return the rows of a listing in CSV, without their header."""
    assert (answer.code, answer.err) == (0, "")
    return [*csv.reader(io.StringIO(answer.out))][1:]


def imported(iro: Iro, folder: Path, **files: Sequence[dict[str, Any]]) -> tuple[str, ...]:
    """Import our own files into a store, and return the words that name it."""
    store = ("--database", str(folder / "iro.db"))
    for name, rows in files.items():
        path = folder / f"{name}.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, list(rows[0]))
            writer.writeheader()
            writer.writerows(rows)
        done = iro(*store, "import", name, str(path))
        assert done.code == 0, done.err
    return store


# ---------------------------------------------------------------- the rows of the command


@pytest.fixture(scope="module")
def testshire(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, ...]:
    """Return the words that name a store with the files of the fictional authority."""
    folder = tmp_path_factory.mktemp("testshire")
    files = {name: own(name) for name in ("children", "allocations", "events")}
    return imported(piped, folder, **files)


@pytest.mark.parametrize("text_days", [False, True])
def test_the_rows_are_those_of_the_command(
    iro: Iro, testshire: tuple[str, ...], text_days: bool
) -> None:
    """On several days, with days as dates or as text."""
    given = [table(own(name), text_days=text_days) for name in ("events", "children")]
    allocations = table(own("allocations"), text_days=text_days)
    for day in ("2026-09-01", "2026-11-23", "2027-02-01"):
        found = tables.due(*given, allocations=allocations, as_of=date.fromisoformat(day))
        said = iro(*testshire, "--as-of", day, "due", "--all", "-f", "csv")

        assert as_csv(found) == listed(said)
        assert found.num_rows > 20
        assert found.column_names == said.out.splitlines()[0].split(",")


def test_the_types_are_those_of_parquet(iro: Iro, testshire: tuple[str, ...]) -> None:
    """So the answer can be joined with the command's files."""
    import pyarrow.parquet as pq

    iro(*testshire, "--as-of", str(DAY), "due", "--all", "-f", "parquet", "-o", "due.parquet")
    found = tables.due(
        table(own("events")),
        table(own("children")),
        allocations=table(own("allocations")),
        as_of=DAY,
    )

    assert pq.read_table("due.parquet").equals(found)


def test_bookings_watches_holidays_and_strict_are_those_of_the_command(
    iro: Iro, tmp_path: Path
) -> None:
    """Each changes the same rows as in the command."""
    files = {name: own(name) for name in ("children", "allocations", "events")}
    line = (*imported(iro, tmp_path, **files), "--as-of", str(DAY))
    opened = listed(iro(*line, "due", "--all", "-f", "csv"))
    [row] = [one for one in opened if one[:2] == ["TS-0101", "cla.review.second"]] or [
        next(one for one in opened if one[1] == "cla.review.subsequent")
    ]
    child, timescale, started = row[0], row[1], row[4]
    for words in (
        ("book", child, timescale, "2026-12-03"),
        ("watch", "add", "visits", "--from", "2026-01-01"),
        ("calendar", "add", "2026-11-30", "--name", "Testshire day"),
    ):
        assert iro(*line, *words).code == 0, words
    said = iro(*line, "due", "--all", "-f", "csv", "--strict")
    booking = {
        "child_id": child,
        "timescale": timescale,
        "clock_started": started,
        "booked_for": "2026-12-03",
    }
    found = tables.due(
        table(files["events"]),
        table(files["children"]),
        allocations=table(files["allocations"]),
        bookings=table([booking]),
        as_of=DAY,
        watches={"visits": date(2026, 1, 1)},
        bank_holidays=[(date(2026, 11, 30), "Testshire day")],
        strict=True,
    )

    assert as_csv(found) == listed(said)
    assert date(2026, 12, 3) in found["booked"].to_pylist()
    assert any(one.startswith("visit") for one in found["timescale"].to_pylist())
    assert found.num_rows > len(opened)


def _cases() -> dict[tuple[str, str, tuple[str, ...]], list[dict[str, Any]]]:
    """Return the golden cases by nation, pack and watched timescales; those with bookings apart."""
    found: dict[tuple[str, str, tuple[str, ...]], list[dict[str, Any]]] = {}
    for path in CASES:
        case = {"file": path.stem, **tomllib.loads(path.read_text("utf-8"))}
        how = (
            case.get("nation", "england"),
            case.get("pack", ""),
            tuple(case.get("watched", ())),
        )
        found.setdefault(how, []).append(case)
    return found


def _facts(case: dict[str, Any]) -> list[dict[str, Any]]:
    rows = []
    for fact in case["facts"]:
        row = dict.fromkeys(("child_id", "event", "date", *DETAILS), "")
        row |= {name: str(cell) for name, cell in fact.items() if name != "on"}
        rows.append(row | {"child_id": case["file"], "date": str(fact["on"])})
    return rows


@pytest.mark.slow
@each("how, cases", [*_cases().items()], name=lambda row: row[0])
def test_the_golden_cases_are_those_of_the_command(
    how: tuple[str, str, tuple[str, ...]], cases: list[dict[str, Any]], tmp_path: Path
) -> None:
    """Every case on each of its days, with those of the same law."""
    nation, pack, watched = how
    children = [
        {"child_id": case["file"], "date_of_birth": str(case.get("born", ""))} for case in cases
    ]
    events = [row for case in cases for row in _facts(case)]
    store = imported(piped, tmp_path, children=children, events=events)
    packs = [one / pack for one in PACKS if pack and (one / pack).exists()][:1]
    line = (*store, "--nation", nation, *(f"--pack={one}" for one in packs))
    watches = {}
    for name in watched:
        done = piped(*line, "watch", "add", name, "--from", "2000-01-01")
        if done.code == 0:
            watches[name] = date(2000, 1, 1)
            continue
        # Both refuse to watch a timescale that is always shown, or that only a local pack turns on.
        with pytest.raises(InputRefusedError) as refused:
            tables.due(table(events), table(children), as_of=DAY, watches={name: DAY})

        assert done.err == f"iro: {refused.value}\n"
    given = table(events), table(children)
    for day in sorted({one["as_of"] for case in cases for one in case["days"]}):
        found = tables.due(
            *given,
            as_of=day,
            nation=nation,
            packs=packs,
            watches=watches,
        )

        assert as_csv(found) == listed(
            piped(*line, "--as-of", str(day), "due", "--all", "-f", "csv")
        )


@st.composite
def _children(draw: st.DrawFn) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Draw children with their events, as rows of our files."""
    children, events = [], []
    for number in range(draw(st.integers(1, 4))):
        child = {
            "child_id": f"C-{number}",
            "date_of_birth": draw(st.sampled_from(["", "2011-12-30", "1999-05-05"])),
            "nation": draw(st.sampled_from(["", "wales", "scotland", "england"])),
            "team": draw(st.sampled_from(["", "North"])),
            "iro": draw(st.sampled_from(["", "Ada Okafor", "ADA OKAFOR"])),
            "chair": draw(st.sampled_from(["", "Dev Raman"])),
        }
        children.append(child)
        once: dict[tuple[str, date, str | None], Event] = {}
        for one in draw(histories()):
            once.setdefault((one.event, one.on, one.reference), one)
        for one in once.values():
            row = {name: cell or "" for name, cell in one._asdict().items() if name != "on"}
            row["completed_on"] = str(row["completed_on"])
            events.append({"child_id": child["child_id"], "date": str(one.on), **row})
    return children, events


def test_random_histories_are_those_of_the_command(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    """
    Also events that an import reads and the law does not foresee.

    What the import refuses, the function refuses too; most of what is drawn is listed.
    """
    tried = Counter[str]()

    @given(drawn=_children(), on=st.dates(date(2012, 1, 2), date(2013, 1, 1)))
    @examples(30)
    def alike(drawn: tuple[list[dict[str, Any]], list[dict[str, Any]]], on: date) -> None:
        children, events = drawn
        assume(events)
        folder = tmp_path_factory.mktemp("drawn")
        try:
            store = imported(piped, folder, children=children, events=events)
        except AssertionError:
            tried["refused"] += 1
            with pytest.raises(InputRefusedError):
                tables.due(table(events), table(children), as_of=on)
            return
        tried["listed"] += 1
        found = tables.due(table(events), table(children), as_of=on)
        asked = (*store, "--as-of", str(on), "due", "--all", "-f", "csv")
        assert as_csv(found) == listed(piped(*asked))

    alike()

    assert 3 * tried["listed"] >= tried.total(), tried


def test_children_of_two_authorities_with_one_id_do_not_mix() -> None:
    """Two authorities together give the rows of each, one after the other."""
    files = {name: own(name) for name in ("events", "children", "allocations")}
    later = [row | {"date": row["date"].replace("2026-09", "2026-10")} for row in files["events"]]
    apart = []
    for events in (files["events"], later):
        apart.append(
            tables.due(
                table(events),
                table(files["children"]),
                allocations=table(files["allocations"]),
                as_of=DAY,
            )
        )

    def both(name: str, second: Sequence[dict[str, Any]]) -> pa.Table:
        rows = [{"authority": "E1", **row} for row in files[name]]
        return table([*rows, *({"authority": "E2", **row} for row in second)])

    together = tables.due(
        both("events", later),
        both("children", files["children"]),
        allocations=both("allocations", files["allocations"]),
        as_of=DAY,
    )

    assert as_csv(apart[0]) != as_csv(apart[1])
    assert as_csv(together) == [
        *(["E1", *row] for row in as_csv(apart[0])),
        *(["E2", *row] for row in as_csv(apart[1])),
    ]


def test_nothing_of_anybody_is_kept_from_one_call_to_the_next() -> None:
    """Only what depends on the rules is kept, even if a call was refused."""
    held = [{"child_id": "A", "role": "iro", "name": "Ada Wren", "from": None, "to": None}]
    wrong = [{"child_id": "A", "event": "cla.start", "date": "2026-10-12", "reason": "\x07"}]

    def holders(**more: Any) -> list[str | None]:
        found = tables.due(table(EVENTS), table(CHILDREN), as_of=DAY, **more)
        names: list[str | None] = found["iro"].to_pylist()
        return names

    first = holders(allocations=table(held))
    with pytest.raises(InputRefusedError):
        tables.due(table(wrong), table(CHILDREN), as_of=DAY)
    later = tables.due(table(EVENTS), table(CHILDREN), as_of=date(2026, 10, 26))
    alone = tables.due(table(EVENTS[2:]), table(CHILDREN[1:]), as_of=DAY)

    assert (first, holders()) == ([None, "Ada Wren"], [None, None])
    assert later["child"].to_pylist() == ["A"]
    assert alone["child"].to_pylist() == ["B"]


def test_calls_side_by_side_do_not_mix() -> None:
    """Each thread keeps its own: children with one id, whose care began on other days."""
    begun = [date(2026, 10, day) for day in range(1, 13)]

    def starts(on: date) -> list[date]:
        events = table([{"child_id": "A", "event": "cla.start", "date": on.isoformat()}])
        found = [tables.due(events, table(CHILDREN), as_of=DAY) for _ in range(3)]
        return [one for each in found for one in each["clock_started"].to_pylist()]

    with ThreadPoolExecutor(4) as threads:
        found = [*threads.map(starts, begun)]

    assert found == [[on] * 3 for on in begun]


# ---------------------------------------------------------------- what it takes


EVENTS = [
    {"child_id": "A", "event": "cla.start", "date": "2026-10-12"},
    {"child_id": "A", "event": "cla.review", "date": "2026-11-02"},
    {"child_id": "B", "event": "cla.start", "date": "2026-11-02"},
]
CHILDREN = [{"child_id": "A"}, {"child_id": "B"}]


def dues(events: Any, children: Any = None, **more: Any) -> list[tuple[str, date]]:
    """Return the due dates by child."""
    found = tables.due(events, table(CHILDREN) if children is None else children, as_of=DAY, **more)
    rows = zip(
        found["child"].to_pylist(),
        found["timescale"].to_pylist(),
        found["due"].to_pylist(),
        strict=True,
    )
    return [(child, due) for child, timescale, due in rows if timescale.startswith("cla.review")]


# A second review is due three months after the first, a first 20 working days.
WANTED = [("B", date(2026, 11, 30)), ("A", date(2027, 2, 1))]


def _plain(given: pa.Table) -> Any:
    return given


def _dictionary(given: pa.Table) -> Any:
    return pa.Table.from_arrays(
        [one.dictionary_encode() if one.type == pa.string() else one for one in given.columns],
        given.column_names,
    )


def _text_of(kind: pa.DataType) -> Callable[[pa.Table], pa.Table]:
    def made(given: pa.Table) -> pa.Table:
        columns = [one.cast(kind) if one.type == pa.string() else one for one in given.columns]
        return pa.Table.from_arrays(columns, given.column_names)

    return made


def _chunks(given: pa.Table) -> Any:
    return pa.concat_tables([given.slice(place, 1) for place in range(given.num_rows)])


@each(
    "form",
    [
        _plain,
        _dictionary,
        _text_of(pa.large_string()),
        _text_of(pa.string_view()),
        _chunks,
        lambda given: given.to_reader(max_chunksize=2),
        lambda given: given.combine_chunks().to_batches()[0],
    ],
)
def test_it_takes_each_form_of_an_arrow_table(form: Callable[[pa.Table], Any]) -> None:
    """A first review of 12 October is due 9 November, and was held: the second by 2 February."""
    found = dues(form(table(EVENTS)), form(table(CHILDREN)))

    assert found == dues(table(EVENTS))
    assert [child for child, _ in found] == ["B", "A"]
    assert found[0] == WANTED[0]


def test_empty_tables_have_no_rows_and_all_columns() -> None:
    """A partition may be empty."""
    events, children = table(EVENTS).slice(0, 0), table(CHILDREN).slice(0, 0)
    found = tables.due(events, children, as_of=DAY)

    assert (found.num_rows, found.num_columns) == (0, len(DUE.fields))
    assert dues(events) == []


def test_what_happened_later_is_not_known() -> None:
    """On 1 November child A waits for the first review, and B is not looked after."""
    found = tables.due(table(EVENTS), table(CHILDREN), as_of=date(2026, 11, 1))
    reviews = [row for row in found.to_pylist() if row["timescale"].startswith("cla.review.")]

    assert [(row["child"], row["due"]) for row in reviews] == [("A", date(2026, 11, 9))]


def test_events_of_one_day_may_stand_in_any_order() -> None:
    """They are put in the order of a store."""
    turned = [
        {"child_id": "A", "event": "placement.start", "date": "2026-10-12"},
        *EVENTS,
    ]

    assert dues(table(turned)) == dues(table(EVENTS))


# ---------------------------------------------------------------- what it refuses


def _changed(rows: Sequence[dict[str, Any]], place: int, **cells: Any) -> list[dict[str, Any]]:
    every = [dict(row) for row in rows]
    blank = dict.fromkeys(cells, "")
    every = [{**blank, **row} for row in every]
    every[place] |= cells
    return every


def _as_it_stands(rows: Sequence[dict[str, Any]]) -> pa.Table:
    return pa.Table.from_pylist(
        [{name: None if cell == "" else cell for name, cell in row.items()} for row in rows]
    )


TIMED = table(EVENTS).set_column(
    2,
    "date",
    pa.array([datetime(2026, 11, 2)] * 3, pa.timestamp("us")),  # noqa: DTZ001
)
UNSORTED = _as_it_stands([EVENTS[0], EVENTS[2], EVENTS[1]])
HOLDERS = [
    {"child_id": "A", "role": "iro", "name": "Ada Okafor", "from": "2026-10-12", "to": ""},
    {"child_id": "A", "role": "iro", "name": "Ben Rees", "from": "2026-11-02", "to": ""},
]
BOOKED = [
    {
        "child_id": "A",
        "timescale": "cla.review.second",
        "clock_started": "2026-11-02",
        "booked_for": "2026-12-01",
    }
]
REFUSED = [
    (
        {"events": UNSORTED},
        (
            "events: row 2: (A, 2026-11-02) stands after (B, 2026-11-02): sort the rows by child_id, "
            "date, in the order of their bytes, as ORDER BY gives them in DuckDB and Spark, and in "
            'PostgreSQL with COLLATE "C"'
        ),
    ),
    (
        {"events": _chunks(UNSORTED).to_reader(max_chunksize=1)},
        "events: row 2: (A, 2026-11-02) stands after (B, 2026-11-02): sort",
    ),
    (
        {"events": _as_it_stands([EVENTS[1], EVENTS[0], EVENTS[2]])},
        "events: row 1: (A, 2026-10-12) stands after (A, 2026-11-02): sort",
    ),
    (
        {"children": _as_it_stands(CHILDREN[::-1])},
        "children: row 1: (A) stands after (B): sort the rows by child_id, in",
    ),
    (
        {"events": table(EVENTS).drop_columns("event")},
        "events: the column event is missing; it has child_id, date",
    ),
    (
        {"events": table(EVENTS).append_column("outcom", pa.array([None] * 3, pa.string()))},
        "events: there is no column 'outcom'; did you mean outcome?: leave it out, or rename it",
    ),
    (
        {"events": table(EVENTS).append_column("event", pa.array(["x"] * 3))},
        "events: the column event is there twice: keep one",
    ),
    (
        {"events": TIMED},
        (
            "events: the column date is timestamp[us] and must be a date (date32), or text as "
            "2026-11-02: CAST(date AS DATE), and in the local time where it has one, or the day may "
            "be another"
        ),
    ),
    (
        {"events": table(EVENTS).set_column(0, "child_id", pa.array([1, 1, 2]))},
        "events: the column child_id is int64 and must be text (string): CAST(child_id AS VARCHAR)",
    ),
    (
        {"events": _as_it_stands(_changed(EVENTS, 1, event=""))},
        "events: row 1, column event: the event is missing",
    ),
    (
        {"events": _as_it_stands(_changed(EVENTS, 1, date=""))},
        "events: row 1: the date is missing",
    ),
    (
        {"events": _as_it_stands(_changed(EVENTS, 0, child_id=""))},
        "events: row 0: the child id is missing",
    ),
    (
        {"events": _as_it_stands(_changed(EVENTS, 1, date="02/11/2026"))},
        "events: row 1, column date: not a date as 2026-11-02 (02/11/2026)",
    ),
    (
        {"events": _as_it_stands(_changed(EVENTS, 2, date="9999-12-31"))},
        (
            "events: row 2, column date: is later than 2036: leave the cell blank where there is no "
            "date (9999-12-31)"
        ),
    ),
    (
        {"events": _as_it_stands(_changed(EVENTS, 0, date="1900-01-01"))},
        "events: row 0, column date: the date is missing (1900-01-01)",
    ),
    (
        {"events": _as_it_stands(_changed(EVENTS, 1, event="cla.revew"))},
        (
            "events: row 1, column event: there is no such event; did you mean cla.review or "
            "cla.review.latest or secure.review? (cla.revew)"
        ),
    ),
    (
        {"events": _as_it_stands(_changed(EVENTS, 1, outcome="plan"))},
        "events: row 1, column outcome: cla.review has no outcome: leave it blank (plan)",
    ),
    (
        {"events": _as_it_stands(_changed(EVENTS, 2, child_id="C"))},
        "events: row 2, column child_id: there is no such child in children (C)",
    ),
    (
        {
            "events": table(
                [
                    EVENTS[1] | {"participation": "PN1"},
                    EVENTS[1] | {"participation": "PN2"},
                    EVENTS[2] | {"participation": ""},
                ]
            )
        },
        (
            "events: row 1, column event: another row of A has it on the same day with other details "
            "(cla.review)"
        ),
    ),
    (
        {"children": table([*CHILDREN, CHILDREN[1]])},
        "children: row 2, column child_id: this child is in the row before as well (B)",
    ),
    (
        {"children": _as_it_stands([{"child_id": " A"}, {"child_id": "B"}])},
        (
            "children: row 0, column child_id: would be kept as A: write it so, and sort the rows "
            "again ( A)"
        ),
    ),
    (
        {"children": table(_changed(CHILDREN, 1, nation="france"))},
        (
            "children: row 1, column nation: must be one of england, wales, scotland, "
            "northern-ireland (france)"
        ),
    ),
    (
        {"children": table(_changed(CHILDREN, 1, date_of_birth="2026-12-01"))},
        (
            "children: row 1, column date_of_birth: lies in the future: for a child not born yet give "
            "expected_date_of_delivery (2026-12-01)"
        ),
    ),
    (
        {"allocations": table(HOLDERS)},
        (
            "allocations: row 1, column name: Ben Rees, from 2 Nov 2026, and Ada Okafor, from 12 Oct "
            "2026 (row 0), overlap as iro of A: end one the day before the other begins (Ben Rees)"
        ),
    ),
    (
        {"allocations": table([HOLDERS[0] | {"to": "2026-10-01"}])},
        "allocations: row 0, column to: lies before from, 2026-10-12 (2026-10-01)",
    ),
    (
        {"allocations": table([HOLDERS[0], HOLDERS[0] | {"to": "2026-12-01"}])},
        (
            "allocations: row 1, column to: row 0 says something else for the same child, role and first day "
            "(2026-12-01)"
        ),
    ),
    (
        {"allocations": table([HOLDERS[0] | {"role": "nurse"}])},
        "allocations: row 0, column role: must be one of iro, chair (nurse)",
    ),
    (
        {"allocations": table([HOLDERS[0] | {"name": ""}, HOLDERS[1]])},
        "allocations: row 0, column name: the name is missing",
    ),
    (
        {"allocations": table([HOLDERS[0] | {"child_id": "Z"}])},
        "allocations: row 0, column child_id: there is no such child in children (Z)",
    ),
    (
        {"bookings": table([BOOKED[0]]).drop_columns("clock_started")},
        "bookings: the column clock_started is missing; it has child_id, timescale, booked_for",
    ),
    (
        {"bookings": table([BOOKED[0] | {"timescale": "cla.review.secnd"}])},
        (
            "bookings: row 0, column timescale: there is no such timescale; did you mean "
            "cla.review.second or cla.review.record or cla.review.decisions? (cla.review.secnd)"
        ),
    ),
    (
        {"bookings": table([BOOKED[0], BOOKED[0] | {"booked_for": "2026-12-02"}])},
        (
            "bookings: row 1, column booked_for: another row has it for 2026-12-01: keep the one that "
            "counts (2026-12-02)"
        ),
    ),
    (
        {"bookings": table([BOOKED[0] | {"booked_for": ""}])},
        "bookings: row 0, column booked_for: the date is missing",
    ),
    (
        {"children": table([{"authority": "E1", **row} for row in CHILDREN])},
        (
            "events: the column authority is missing, which other tables have: a child's id is unique "
            "within an authority only, so give it to all of them or to none"
        ),
    ),
    (
        {
            "events": table([{"authority": "E2", **row} for row in EVENTS]),
            "children": table([{"authority": "E1", **row} for row in CHILDREN]),
        },
        "events: row 0, column child_id: there is no such child of authority E2 in children (A)",
    ),
    (
        {
            "events": table([{"authority": "E0", **row} for row in EVENTS]),
            "children": table([{"authority": "E1", **row} for row in CHILDREN]),
        },
        "events: row 0, column child_id: there is no such child of authority E0 in children (A)",
    ),
    (
        {"nation": "scotland"},
        "this version has no rules for scotland: its law",
    ),
]


@each("given, says", REFUSED, name=lambda row: row[1])
def test_what_is_wrong_is_refused_with_its_row(given: dict[str, Any], says: str) -> None:
    """The words are those of an import, and nothing is corrected silently."""
    asked = {"events": table(EVENTS), "children": table(CHILDREN), "as_of": DAY, **given}
    with pytest.raises(InputRefusedError) as refused:
        tables.due(asked.pop("events"), asked.pop("children"), **asked)

    assert str(refused.value).startswith(says)


@each(
    "given, says",
    [
        (
            {"events": [1, 2]},
            (
                "events: must be an Arrow table or what gives one (pyarrow.Table, RecordBatch, "
                "RecordBatchReader, a DuckDB relation, a data frame), and is list"
            ),
        ),
        ({"events": None}, "a data frame), and is NoneType"),
        ({"watches": ["visits"]}, "watches: must give each timescale its first day"),
        ({"as_of": "2026-11-23"}, "as_of: must be a datetime.date, not str"),
        ({"as_of": datetime(2026, 11, 23)}, "as_of: must be a datetime.date, not datetime"),  # noqa: DTZ001
        ({"as_of": date(9999, 12, 31)}, "as_of 9999-12-31: a year from 1950 to 2150"),
        ({"as_of": date(1, 1, 1)}, "as_of 0001-01-01: a year from 1950 to 2150"),
        ({"packs": 7}, "packs: must be a path or a list of paths, not int"),
        ({"watches": {"visit.s": DAY}}, "no timescale"),
        ({"watches": {"visits": "2026-01-01"}}, "watches: must be a datetime.date, not str"),
        (
            {"bank_holidays": [date(2026, 12, 21)]},
            (
                "bank_holidays: each must be a day with its name, as (date(2026, 12, 21), "
                "'Testshire day'), not date"
            ),
        ),
        (
            {"bank_holidays": [("2026-12-21", "Testshire day")]},
            "bank_holidays: must be a datetime.date, not str",
        ),
        (
            {"bank_holidays": [(date(2026, 12, 21), None)]},
            "bank_holidays: the name must be text, not NoneType",
        ),
    ],
)
def test_an_argument_of_another_kind_is_refused(given: dict[str, Any], says: str) -> None:
    """It is refused before a row is read."""
    asked = {"events": table(EVENTS), "children": table(CHILDREN), "as_of": DAY, **given}
    with pytest.raises((UsageError, InputRefusedError)) as refused:
        tables.due(asked.pop("events"), asked.pop("children"), **asked)

    assert says in str(refused.value)


@each(
    "column, day",
    [("date", 3_000_000), ("date", -800_000), ("completed_on", 3_000_000)],
    name=lambda row: f"{row[0]} {row[1]}",
)
def test_a_day_outside_the_calendar_is_refused(column: str, day: int) -> None:
    """Arrow counts days beyond the year 9999 and before the year 1."""
    given = table([{**row, "completed_on": ""} for row in EVENTS])
    place = given.column_names.index(column)
    days = [
        None if one is None else (one - date(1970, 1, 1)).days for one in given[column].to_pylist()
    ]
    days[-1 if day > 0 else 0] = day
    wrong = pa.array(days, pa.int32()).cast(pa.date32())
    with pytest.raises(InputRefusedError) as refused:
        dues(given.set_column(place, pa.field(column, pa.date32()), wrong))

    row = len(EVENTS) - 1 if day > 0 else 0
    assert str(refused.value) == (
        f"events: row {row}, column {column}: not a date ({day:,} days from 1970)"
    )


@each("column", ["child_id", "event", "note"])
def test_a_text_that_is_not_utf_8_is_refused(column: str) -> None:
    """Who builds a table from bytes may have put anything into it."""
    given = table([{**row, "note": "seen"} for row in EVENTS])
    texts = [one.encode() for one in given[column].to_pylist()]
    wrong = pa.array([*texts[:-1], texts[-1] + b"\xff"], pa.binary())
    buffers = wrong.buffers()
    broken = pa.Array.from_buffers(pa.string(), len(wrong), buffers)
    with pytest.raises(InputRefusedError) as refused:
        dues(given.set_column(given.column_names.index(column), column, broken))

    assert str(refused.value) == (
        f"events: row {len(EVENTS) - 1}, column {column}: the text is not UTF-8"
    )


class _Broken:
    """Provides rows, as a relation of a database does, until something goes wrong."""

    def __init__(self, given: pa.Table, opens: bool) -> None:
        self._given, self._opens = given, opens

    def __arrow_c_stream__(self, schema: object = None) -> object:
        if not self._opens:
            raise RuntimeError("there is an open result")

        def batches() -> Iterator[pa.RecordBatch]:
            yield from self._given.to_batches()
            raise RuntimeError("the file is cut short")

        return pa.RecordBatchReader.from_batches(self._given.schema, batches()).__arrow_c_stream__(
            schema
        )


@each("opens, kind", [(False, UsageError), (True, InputRefusedError)], name=lambda row: str(row[0]))
def test_rows_that_cannot_be_had_are_refused(opens: bool, kind: type[IroError]) -> None:
    """A relation of DuckDB, for example, may be read only once its neighbour is."""
    with pytest.raises(kind, match=r"events: its rows cannot be read \("):
        dues(_Broken(table(EVENTS), opens))


def test_one_path_is_taken_for_one() -> None:
    """The path of a pack alone means the same as a list with it."""
    given, pack = (table(EVENTS), table(CHILDREN)), HERE.parent / "examples/packs/london.toml"
    alone = [tables.due(*given, as_of=DAY, packs=one) for one in (pack, str(pack))]

    assert all(one.equals(tables.due(*given, as_of=DAY, packs=[pack])) for one in alone)


def test_many_rows_that_are_wrong_are_counted() -> None:
    """The first twenty are named."""
    rows = [
        {"child_id": "A", "event": "cla.revew", "date": f"2026-10-{day:02}"} for day in range(1, 31)
    ]
    with pytest.raises(InputRefusedError) as refused:
        tables.due(table(rows), table(CHILDREN), as_of=DAY)
    lines = str(refused.value).splitlines()

    assert len(lines) == 21
    assert lines[-1] == "events: and 10 more rows are wrong"


def test_each_row_that_is_wrong_alike_is_named() -> None:
    """Rows that differ only by the day are read once and refused on each day."""
    rows = [
        {"child_id": "A", "event": "cla.review", "date": f"2026-10-{day}", "outcome": "plan"}
        for day in (12, 13)
    ]
    with pytest.raises(InputRefusedError) as refused:
        tables.due(table(rows), table(CHILDREN), as_of=DAY)

    assert str(refused.value).splitlines() == [
        f"events: row {row}, column outcome: cla.review has no outcome: leave it blank (plan)"
        for row in (0, 1)
    ]


_PLACEMENTS = [
    {"child_id": child, "event": "placement.start", "date": f"2026-10-{day}", "note": note}
    for child, day, note in (("A", 12, "x"), ("A", 14, "x"), ("B", 13, "x"), ("B", 13, "y"))
]


@pytest.mark.parametrize("at_once", [1, 3, 1 << 15])
@each(
    "place, cells, says",
    [
        (3, {}, "row 3, column event: another row of B has it on the same day with other details"),
        (1, {"outcome": "plan"}, "row 1, column outcome: placement.start has no outcome"),
        (1, {"placement": "tent"}, "row 1, column placement: must be one of"),
        (0, {"child_id": "0"}, "row 0, column child_id: there is no such child"),
    ],
)
def test_a_wrong_placement_is_refused_although_it_moves_no_clock(
    place: int, cells: dict[str, str], says: str, at_once: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """
    A placement moves no shown clock, but a wrong one is refused.

    However many rows are looked at together: those of one child may lie in two slices.
    """
    monkeypatch.setattr("iro_cli.tables.columns._SLICE", at_once)
    rows = _changed(_PLACEMENTS, place, **cells)
    with pytest.raises(InputRefusedError) as refused:
        tables.due(table(rows[: place + 1]), table(CHILDREN), as_of=DAY)

    assert str(refused.value).startswith(f"events: {says}")


@pytest.mark.parametrize("at_once", [1, 3, 1 << 15])
def test_placements_change_no_row(at_once: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same is due with placements and without; a child with nothing else has no row."""
    monkeypatch.setattr("iro_cli.tables.columns._SLICE", at_once)
    placements = [{"note": "", **row} for row in _PLACEMENTS[:3]]
    matter = [row for row in EVENTS if row["child_id"] == "A"]

    # 3 months from Monday 2 November 2026 end on 2 February 2027.
    expected = [("A", date(2027, 2, 2))]
    assert expected == dues(table(matter)) == dues(table([*matter, *placements]))


def test_events_without_any_name_are_refused() -> None:
    """A column in which every cell is null is no column that is missing."""
    days, names = [DAY, DAY], pa.nulls(2, pa.string())
    events = pa.table({"child_id": ["A", "B"], "event": names, "date": days})
    with pytest.raises(InputRefusedError) as refused:
        tables.due(events, table(CHILDREN), as_of=DAY)

    assert str(refused.value).splitlines() == [
        f"events: row {row}, column event: the event is missing" for row in (0, 1)
    ]


@pytest.mark.parametrize("at_once", [1, 1 << 15])
def test_a_series_of_meetings_ends_on_its_own_day(
    at_once: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Series that are equally long are read together, and each keeps the day of its end."""
    monkeypatch.setattr("iro_cli.tables.columns._SLICE", at_once)
    series = [
        {"child_id": "A", "event": "cla.start", "date": "2026-05-01"},
        *(
            {"child_id": "A", "event": "cla.review", "date": first, "completed_on": last}
            for first, last in (("2026-05-20", "2026-05-22"), ("2026-08-10", "2026-08-12"))
        ),
    ]
    for row, (first, last, says) in enumerate(
        [
            ("2026-10-05", "2026-10-07", ""),
            ("2026-10-05", "2026-10-04", "lies before the date, 2026-10-05 (2026-10-04)"),
            ("2026-10-05", "2126-10-07", "is later than 2036"),
        ]
    ):
        more = {"child_id": "A", "event": "cla.review", "date": first, "completed_on": last}
        rows = [{"completed_on": "", **one} for one in (*series, more)]
        if not says:
            # This pack counts 6 months from the day on which the series was complete.
            counted = dues(table(rows), packs=[PACKS[0] / "from-completion.toml"])
            assert (row, counted) == (0, [("A", date(2027, 4, 7))])
            continue
        with pytest.raises(InputRefusedError) as refused:
            tables.due(table(rows), table(CHILDREN), as_of=DAY)
        assert f"events: row 3, column completed_on: {says}" in str(refused.value)


def test_rows_with_and_without_a_text_are_refused_together() -> None:
    """They are read apart, and refused in the order of the rows."""
    rows: list[dict[str, str | None]] = [
        {"child_id": "A", "event": "cla.start", "date": "2026-10-12", "reason": None},
        {"child_id": "A", "event": "cla.reviw", "date": "2026-10-13", "reason": None},
        {"child_id": "B", "event": "cla.revew", "date": "2026-10-14", "reason": "snow"},
        {"child_id": "B", "event": "cla.rview", "date": "2026-10-15", "reason": None},
    ]
    with pytest.raises(InputRefusedError) as refused:
        tables.due(table(rows), table(CHILDREN), as_of=DAY)

    assert [line.partition(",")[0] for line in str(refused.value).splitlines()] == [
        "events: row 1",
        "events: row 2",
        "events: row 3",
    ]


@pytest.mark.parametrize(
    ("cells", "says"),
    [
        (
            {"event": "cla.start", "attended": "mother"},
            "row 1, column attended: cla.start has no attended: leave it blank (mother)",
        ),
        (
            {"event": "cla.review.requested", "reference": "2026-10-01"},
            "row 1, column reference: the last day for the early review lies before the date",
        ),
        (
            {"event": "cla.review", "note": "a\x00b"},
            "row 1, column note: has a control code (U+0000): take it out (a\\x00b)",
        ),
    ],
)
def test_what_somebody_wrote_is_read_as_an_import_reads_it(
    cells: dict[str, str], says: str
) -> None:
    """Free text is read apart from codes and days, for every row."""
    rows = [
        {"child_id": "A", "event": cells["event"], "date": "2026-10-12"},
        {"child_id": "A", "date": "2026-10-13", **cells},
    ]
    with pytest.raises(InputRefusedError) as refused:
        tables.due(_as_it_stands(_even(rows)), table(CHILDREN), as_of=DAY)

    assert says in str(refused.value)


def _even(rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return rows that all have the same columns."""
    names = dict.fromkeys(name for row in rows for name in row)
    return [{name: row.get(name, "") for name in names} for row in rows]


def test_without_the_library_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """The message is that of the form Parquet."""
    import sys

    given = table(EVENTS), table(CHILDREN)
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(IroError) as refused:
        tables.due(*given, as_of=DAY)

    assert str(refused.value) == (
        "iro_cli.tables.due needs pyarrow, which is not installed: pip install 'iro-cli[parquet]'"
    )
