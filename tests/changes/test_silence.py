"""The import stores what an extract does not say about a child, extends it and takes it back."""

from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path

import pytest

from iro_cli.changes.difference import ImportDifference
from iro_cli.changes.import_warnings import of_nobody_known, pointed_to
from iro_cli.changes.silence import (
    DaysTold,
    by_child,
    lift_mended,
    note_unsaid,
    of_refused,
    told_but,
)
from iro_cli.extracts.batch import Batch, Cover
from iro_cli.facts.model import Carried, Child, Event, LeftOpen, Unsaid
from iro_cli.incoming.refused import Refused
from iro_cli.obligations.silences import besides
from iro_cli.store.kinds import CHILD_DETAIL, UNSAID
from running import each
from stores import add_facts, changing, reading

SOURCE, DAY = "ssda903", date(2026, 11, 23)
CHILDREN = ("A", "B")


def refused(
    row: int,
    about: str,
    file: str = "reviews.csv",
    *,
    column: str = "REVIEW",
    raw: Mapping[str, str] | None = None,
    of_child: str | None = None,
    is_nobodys: bool = False,
) -> Refused:
    """Return the refusal of a row about a child."""
    stated = {"CHILD": about} if raw is None else raw
    return Refused(file, row, column, "x", "is no date", stated, of_child, is_nobodys, about)


def batch(*rows: Refused, mended: dict[tuple[str, int], str] | None = None) -> Batch:
    """Return the batch of a return with reviews and ends, and with refused rows."""
    made = Batch(refused=[*rows], mended=mended or {}, source=SOURCE)
    made.carried = [Carried(SOURCE, name, None, None, DAY) for name in ("cla.review", "cla.end")]
    made.covers = [Cover(frozenset({"cla.review"}), date(2026, 4, 1))]
    return made


@pytest.fixture
def store(home: Path) -> Path:
    """Return a store with two children and no facts."""
    path = home / "iro.db"
    with changing(path) as change:
        change.add(CHILD_DETAIL, [Child(one) for one in CHILDREN])
    return path


def standing(store: Path) -> set[LeftOpen]:
    """Return what a store has as left open."""
    with reading(store) as reader:
        return {*reader.records(UNSAID)}


def left_open(child: str, *rows: str, lacks: str = "", source: str = SOURCE) -> LeftOpen:
    """Return what the refused rows of a child leave open."""
    return LeftOpen(child, source, ("cla.end", "cla.review"), lacks, None, DAY, rows)


# ---------------------------------------------------------------- rows that were refused


def test_a_refused_row_leaves_open_all_that_the_extract_tells() -> None:
    """A row with several problems counts once; it is open from the first day that is covered."""
    rows = [refused(3, "A"), refused(3, "A", column="DOB"), refused(5, "A"), refused(7, "B")]
    lacks = "row 3 of reviews.csv and 1 more, which were refused"
    where = ("reviews.csv:3", "reviews.csv:5")

    assert [*of_refused(batch(*rows), {"A"}, {})] == [
        LeftOpen("A", SOURCE, ("cla.end", "cla.review"), lacks, date(2026, 4, 1), DAY, where)
    ]


def test_who_is_not_known_and_what_is_about_nobody_leaves_nothing_open() -> None:
    """A row of totals, or about a child who is not in the store, leaves nothing open."""
    rows = [refused(3, "C"), refused(4, ""), refused(5, "A", is_nobodys=True)]

    assert [*of_refused(batch(*rows), CHILDREN, {})] == []


def test_what_an_extract_before_told_is_known() -> None:
    """An earlier extract settles its own kinds of event, up to the last day that it covers."""
    told = {
        "A": [Carried(SOURCE, "cla.review", None, None, date(2026, 10, 23))],
        "B": [Carried(SOURCE, "cla.end", None, None, date(2026, 3, 31))],
    }
    rows = [refused(3, "A"), refused(5, "B")]
    april = date(2026, 4, 1)

    assert [
        (one.child_id, one.events, one.from_on) for one in of_refused(batch(*rows), CHILDREN, told)
    ] == [
        ("A", ("cla.end",), april),
        ("A", ("cla.review",), date(2026, 10, 24)),
        ("B", ("cla.end", "cla.review"), april),
    ]


def test_what_an_extract_of_later_days_told_leaves_the_days_before_open() -> None:
    """The return of another year says nothing about this year's reviews."""
    told = {"A": [Carried(SOURCE, "cla.review", None, date(2026, 9, 1), date(2027, 3, 31))]}

    assert [
        (one.events, one.from_on, one.to_on)
        for one in of_refused(batch(refused(3, "A")), CHILDREN, told)
    ] == [
        (("cla.end",), date(2026, 4, 1), DAY),
        (("cla.review",), date(2026, 4, 1), date(2026, 8, 31)),
    ]


def test_a_refused_row_that_was_mended_is_not_left_open() -> None:
    """The return is read with two mended rows, one of them mended correctly."""
    rows = [refused(3, "A"), refused(5, "A"), refused(2, "A", "mend.csv")]
    given = batch(
        *rows, mended={("mend.csv", 2): "reviews.csv:3", ("mend.csv", 3): "reviews.csv:5"}
    )
    (one,) = of_refused(given, {"A"}, {})

    assert one.refused == ("reviews.csv:3", "mend.csv:2")


def test_elements_on_one_line_are_told_apart_by_their_number() -> None:
    """In XML without line ends two elements were refused, and one of them was mended."""
    rows = [
        refused(1, "A", "a.xml", of_child="A", raw={"REVIEW": "x"}),
        refused(1, "A", "a.xml", of_child="A", raw={"REVIEW": "y"}),
    ]
    (both,) = of_refused(batch(*rows), {"A"}, {})
    (one,) = of_refused(batch(*rows, mended={("mend.csv", 2): "a.xml:1"}), {"A"}, {})

    assert (both.refused, both.lacks[:26]) == (("a.xml:1", "a.xml:1"), "line 1 of a.xml and 1 more")
    assert (one.refused, one.lacks) == (("a.xml:1",), "line 1 of a.xml, which was refused")


# ---------------------------------------------------------------- rows that were mended


def lift(store: Path, mended: Iterable[str], *again: int, named: Iterable[str] = CHILDREN) -> None:
    """Import mended rows, some of which are refused again."""
    rows = {("mend.csv", row): one for row, one in enumerate(mended, start=2)}
    given = batch(*(refused(row, "A", "mend.csv") for row in again), mended=rows)
    with changing(store) as change:
        lift_mended(change, given, {*named})


def test_only_what_was_mended_is_lifted(store: Path) -> None:
    """One of two rows of A is settled; B, the other source and the other reason stay open."""
    lacks = "row 3 of reviews.csv and 1 more, which were refused"
    others = {
        left_open("B", "reviews.csv:9", lacks="row 9 of reviews.csv, which was refused"),
        left_open(
            "A", "reviews.csv:3", lacks="row 3 of reviews.csv, which was refused", source="ssd"
        ),
        left_open("A", lacks="the register of rows that were refused"),
    }
    with changing(store) as change:
        change.add(UNSAID, [left_open("A", "reviews.csv:3", "reviews.csv:4", lacks=lacks), *others])
    lift(store, ["reviews.csv:3"])
    one_left = standing(store) - others
    lift(store, ["reviews.csv:4"])

    assert one_left == {
        left_open("A", "reviews.csv:4", lacks="row 4 of reviews.csv, which was refused")
    }
    assert standing(store) == others


def test_what_is_refused_again_or_of_another_child_is_not_lifted(store: Path) -> None:
    """A row at the same place of another child may come from another extract."""
    known = left_open("A", "reviews.csv:3", lacks="row 3 of reviews.csv, which was refused")
    with changing(store) as change:
        change.add(UNSAID, [known])
    lift(store, ["reviews.csv:3"], 2)
    lift(store, ["reviews.csv:3"], named=["B"])

    assert standing(store) == {known}


# ---------------------------------------------------------------- what an extract leaves open


def note(
    store: Path, *unsaid: Unsaid, named: Iterable[str] = (), told: DaysTold | None = None
) -> list[LeftOpen]:
    """Store what an extract leaves open that tells all up to a day, and return the new rows."""
    with changing(store) as change:
        every = DaysTold([(date.min, DAY)], DAY)
        return note_unsaid(change, SOURCE, {*named}, told or every, unsaid)


def care(child: str, first: date, last: date, source: str = SOURCE) -> Unsaid:
    """Return that for some days it is not known whether care ended."""
    return Unsaid(child, source, "cla.end", "the care", first, last)


def test_an_extract_settles_what_was_open_for_the_children_it_names(store: Path) -> None:
    """It settles nothing for B, whom it does not name, nor for days that it does not cover."""
    april, october = date(2026, 4, 1), date(2026, 10, 1)
    one, other = (care(child, october, DAY) for child in CHILDREN)
    assert len(note(store, one, other)) == 2
    note(store, named=["A"], told=DaysTold([(date.min, april)], april))
    not_reached = standing(store)
    note(store, named=["A"])

    assert {row.child_id for row in not_reached} == {*CHILDREN}
    assert [row.child_id for row in standing(store)] == ["B"]


YEAR = DaysTold([(date(2026, 4, 1), date(2027, 3, 31))], date(2027, 3, 31))


@each(
    "first, last, left",
    [
        # Of the year before, of that and of the extract's own, of the extract's own alone.
        ("2025-04-01", "2026-03-31", [("2025-04-01", "2026-03-31")]),
        ("2025-04-01", "2026-08-19", [("2025-04-01", "2026-03-31")]),
        ("2026-04-01", "2026-11-22", []),
        # Of the year after, too.
        ("2026-04-01", "2027-06-30", [("2027-04-01", "2027-06-30")]),
    ],
)
def test_a_refused_row_stays_open_for_the_days_that_no_extract_tells(
    first: str, last: str, left: list[tuple[str, str]]
) -> None:
    """The row may concern any of its days; an extract of another year settles none of them."""
    begins, ends = date.fromisoformat(first), date.fromisoformat(last)

    assert [(str(one), str(other)) for one, other in besides(YEAR.days, begins, ends)] == left


def test_what_came_of_an_enquiry_is_settled_by_an_extract_that_has_it(store: Path) -> None:
    """An extract of another year that names the child for another enquiry settles nothing."""
    march, october = date(2026, 3, 16), date(2026, 10, 1)
    with changing(store) as change:
        add_facts(change, [("A", Event("cp.strategy", on)) for on in (march, october)])
    words = "whether a conference was required after the enquiry from 16 Mar 2026"
    open_ = LeftOpen("A", SOURCE, ("cp.conference.initial",), words, march, date(2026, 3, 31))
    with changing(store) as change:
        change.add(UNSAID, [open_])
    note(store, named=["A"], told=YEAR._replace(stated=lambda _: {("cp.strategy", october)}))
    of_another = standing(store)
    note(store, named=["A"], told=YEAR._replace(stated=lambda _: {("cp.strategy", march)}))

    assert of_another == {open_}
    assert standing(store) == set()


def test_what_is_known_to_be_open_is_stored_and_told_once(store: Path) -> None:
    """The same extract again changes nothing."""
    one = care("A", date(2026, 10, 1), DAY)
    note(store, one, named=["A"])

    assert note(store, one, named=["A"]) == []
    assert len(standing(store)) == 1


def test_what_stays_open_for_one_reason_is_one_row_that_grows(store: Path) -> None:
    """The row from 1 Oct is extended by the next days; after a gap a second row is stored."""
    note(store, care("A", date(2026, 10, 1), date(2026, 10, 31)))
    note(store, care("A", date(2026, 11, 1), DAY))
    grown = {(row.from_on, row.to_on) for row in standing(store)}
    note(store, care("A", date(2026, 12, 1), date(2026, 12, 31)))

    assert grown == {(date(2026, 10, 1), DAY)}
    assert {row.from_on for row in standing(store)} == {date(2026, 10, 1), date(2026, 12, 1)}


# ---------------------------------------------------------------- what the import says of it


def test_the_import_names_what_is_missing_ten_times_and_no_refused_row() -> None:
    """Each child and reason is named once; refused rows are already listed elsewhere."""
    missing = [LeftOpen(f"K{one:02}", SOURCE, ("cla.end",), "the care") for one in range(12)]
    (text,) = pointed_to([*missing, *missing, left_open("A", "r.csv:3")], ImportDifference(Batch()))
    heading, first, *_, last = text.splitlines()

    assert heading.startswith("missing, although another row shows that it exists")
    assert (first, last) == ("  K00: the care", "  and 2 more; `iro doctor` lists them all")
    assert text.count("\n") == 11


def test_refused_rows_that_name_no_child_are_counted_once() -> None:
    """A refused row without a child counts once, whatever its problems; totals do not count."""
    rows = [refused(3, ""), refused(3, "", column="DOB"), refused(5, "A"), refused(9, "")]
    (text,) = of_nobody_known([*rows, refused(11, "", is_nobodys=True)])

    assert text.startswith("2 refused rows: they name no child that can be read")
    assert of_nobody_known([refused(5, "A"), refused(11, "", is_nobodys=True)]) == []


def test_the_rows_of_each_child_are_gathered_in_their_order() -> None:
    """The rows of each child are gathered in the order in which they were given."""
    first, other, second = Child("A", label="a"), Child("B"), Child("A", label="b")

    assert by_child([first, other, second]) == {"A": [first, second], "B": [other]}


def test_what_the_list_no_longer_has_is_told_elsewhere() -> None:
    """Facts that vanished from the list are not named here, and every line names a child."""
    difference = ImportDifference(Batch())
    difference.open.dropped["A", "cla"] = "the care"

    assert pointed_to([LeftOpen("A", SOURCE, ("cla.end",), "the care")], difference) == []


def test_the_months_around_one_that_is_left_open_are_known() -> None:
    """If a month of a year is left open, the months before and after it are known."""
    first, last = date(2026, 4, 1), date(2027, 3, 31)
    year = Carried(SOURCE, "cla.review", None, first, last)
    of_may = LeftOpen("A", SOURCE, ("cla.review",), "a row", date(2026, 5, 1), date(2026, 5, 31))
    of_others = LeftOpen("A", SOURCE, ("cla.end",), "a row", first, last)

    assert told_but([year], [of_may, of_others]) == [
        year._replace(to_on=date(2026, 4, 30)),
        year._replace(from_on=date(2026, 6, 1)),
    ]
