"""Adoption in SSDA903 returns: authority to place, placement, and reviews during a placement."""

from datetime import date
from pathlib import Path

import pytest

from iro_cli.extracts.batch import Batch
from iro_cli.extracts.ssda903 import SOURCE
from running import each

TODAY = date(2026, 11, 22)
EPISODES = "CHILD,DECOM,RNE,LS,PLACE,DEC,REC"


def _warnings(batch: Batch) -> list[str]:
    """Return the warnings about rows; warnings about missing tables have their own tests."""
    return [text for text in batch.warnings if not text.endswith("is not known")]


def _read(
    folder: Path,
    *episodes: str,
    reviews: tuple[str, ...] = (),
    tables: dict[str, str] | None = None,
) -> Batch:
    """Read a return; an episode is ``DECOM RNE LS PLACE DEC REC`` of one child, Robin."""
    rows = [EPISODES]
    for episode in episodes:
        begins, new, status, place, *end = episode.split()
        ends, ceased = end or ("", "")
        rows.append(f"Robin,{begins},{new},{status},{place},{ends},{ceased}")
    (folder / "episodes.csv").write_text("\n".join(rows))
    held = "\n".join(f"Robin,{on},PN1" for on in reviews)
    (folder / "reviews.csv").write_text(f"CHILD,REVIEW,REVIEW_CODE\n{held}")
    for name, text in (tables or {}).items():
        (folder / name).write_text(text)
    return SOURCE.read([folder], today=TODAY)


def _adoption(batch: Batch) -> list[tuple[str, str, str | None]]:
    return [
        (event.event.removeprefix("adoption."), event.on.strftime("%d/%m/%Y"), event.reason)
        for _, event, _ in batch.facts
        if event.event.startswith("adoption.")
    ]


@each("episodes, expected", [
        pytest.param(
            ["05/01/2026 S C2 U1 02/03/2026 X1", "02/03/2026 L E1 U1 01/06/2026 X1",
             "01/06/2026 P E1 A6 09/11/2026 E11"],
            [("authorised", "02/03/2026", None), ("placed", "01/06/2026", None),
             ("end", "09/11/2026", "E11")],
            id="order, placement, adoption",
        ),
        pytest.param(
            ["05/01/2026 S V2 U1 02/03/2026 X1", "02/03/2026 P V2 A5"],
            [("placed", "02/03/2026", None)],
            id="placed with consent",
        ),
        pytest.param(
            ["05/01/2026 S C2 U1 02/03/2026 X1", "02/03/2026 L E1 U1 01/06/2026 X1",
             "01/06/2026 P E1 U1"],
            [("authorised", "02/03/2026", None)],
            id="a move within the order is none",
        ),
        pytest.param(
            ["05/01/2026 S C2 U1 02/03/2026 X1", "02/03/2026 L E1 U1 01/06/2026 X1",
             "01/06/2026 L C2 U1"],
            [("authorised", "02/03/2026", None),
             ("end", "01/06/2026", "no longer under a placement order (LS C2)")],
            id="the order is revoked",
        ),
        pytest.param(
            ["05/01/2026 S E1 A6 02/03/2026 X1", "02/03/2026 P E1 U1"],
            [("placed", "05/01/2026", None), ("end", "02/03/2026", "no longer placed"),
             ("authorised", "02/03/2026", None)],
            id="the placement disrupts and the order stands",
        ),
        pytest.param(
            ["05/01/2026 S E1 A6 02/03/2026 X1", "02/03/2026 B C2 U1"],
            [("placed", "05/01/2026", None), ("end", "02/03/2026", "no longer placed")],
            id="the placement disrupts and the order is revoked",
        ),
        pytest.param(
            ["05/01/2026 S E1 A6 02/03/2026 X1", "02/03/2026 P E1 A6"],
            [("placed", "05/01/2026", None),
             ("end", "02/03/2026", "to another placement for adoption"),
             ("placed", "02/03/2026", None)],
            id="placed with other adopters",
        ),
        pytest.param(
            ["05/01/2026 S V2 A3 02/03/2026 X1", "02/03/2026 L E1 A4 04/05/2026 X1",
             "04/05/2026 T E1 A4"],
            [("placed", "05/01/2026", None)],
            id="an order or a new address with the same adopters is no new placement",
        ),
        pytest.param(
            ["05/01/2026 S C2 U1 02/03/2026 X1", "02/03/2026 L E1 U1 01/06/2026 E4A",
             "03/08/2026 S V2 U1"],
            [("authorised", "02/03/2026", None), ("end", "01/06/2026", "E4A")],
            id="home again",
        ),
        pytest.param(
            ["05/01/2026 S E1 A6 02/03/2026 E12", "02/03/2026 S E1 A6"],
            [("placed", "05/01/2026", None), ("end", "02/03/2026", "E12"),
             ("placed", "02/03/2026", None)],
            id="care ended and began that day",
        ),
        pytest.param(
            ["05/01/2026 S V4 A6 02/03/2026 X1", "02/03/2026 L C2 U1"], [], id="short breaks"
        ),
    ])  # fmt: skip
def test_stages(
    tmp_path: Path, episodes: list[str], expected: list[tuple[str, str, str | None]]
) -> None:
    """A placement order is authority, an A code is placement, and an end has its reason."""
    batch = _read(tmp_path, *episodes)

    assert _adoption(batch) == expected
    assert batch.refused == []
    assert _warnings(batch) == []


@pytest.mark.parametrize("first", ["05/01/2026 P E1 U1", "05/01/2026 L E1 A6"])
def test_a_stage_that_began_before_is_warned_of(tmp_path: Path, first: str) -> None:
    """The return does not say when; it had begun by the day of the episode."""
    batch = _read(tmp_path, first)

    assert [on for _, on, _ in _adoption(batch)] == ["05/01/2026"]
    assert "began before the first episode known" in batch.warnings[0]


def test_reviews_while_placed_are_adoption_reviews(tmp_path: Path) -> None:
    """From the day after the placement to its last day; the codes are kept."""
    batch = _read(
        tmp_path,
        "05/01/2026 S E1 U1 01/06/2026 X1",
        "01/06/2026 P E1 A6 07/09/2026 X1",
        "07/09/2026 P E1 U1",
        reviews=("29/05/2026", "01/06/2026", "02/06/2026", "07/09/2026", "08/09/2026"),
    )
    held = [(e.event, e.on.day, e.participation) for _, e, _ in batch.facts if "review" in e.event]

    assert held == [
        ("cla.review", 29, "PN1"), ("cla.review", 1, "PN1"), ("adoption.review", 2, "PN1"),
        ("adoption.review", 7, "PN1"), ("cla.review", 8, "PN1"),
    ]  # fmt: skip
    assert batch.counts["of them while placed for adoption"] == 2


@pytest.mark.parametrize(
    "table",
    [
        "CHILD,DOB,DATE_INT,DATE_MATCH\nRobin,01/06/2020,02/03/2026,\n",
        "CHILD,DATE_PLACED,DATE_PLACED_CEASED,REASON_PLACED_CEASED\nRobin,02/03/2026,,\n",
    ],
    ids=["AD1", "PlacedAdoption"],
)
def test_a_decision_is_stated_and_no_authority(tmp_path: Path, table: str) -> None:
    """The decision is no authority to place, and a warning asks to check."""
    batch = _read(tmp_path, "05/01/2026 S C2 U1", tables={"decided.csv": table})

    assert _adoption(batch) == [("decided", "02/03/2026", None)]
    assert "taken to run from the decision" in batch.warnings[0]
    assert batch.warnings[0].endswith(": 1")


def test_an_order_later_than_the_decision_is_stated_too(tmp_path: Path) -> None:
    """Once there is an order, the engine counts from it."""
    table = "CHILD,DOB,DATE_INT,DATE_MATCH\nRobin,01/06/2020,02/03/2026,\n"
    episodes = ("05/01/2026 S C2 U1 01/06/2026 X1", "01/06/2026 L E1 U1")
    batch = _read(tmp_path, *episodes, tables={"decided.csv": table})

    assert sorted(_adoption(batch), key=lambda one: one[1][3:5]) == [
        ("decided", "02/03/2026", None), ("authorised", "01/06/2026", None)
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("episode", "row", "end"),
    [
        (
            "05/01/2026 S C2 U1",
            "02/03/2026,01/06/2026,RD1",
            ("decision.reversed", "01/06/2026", None),
        ),
        ("05/01/2026 S C2 U1 04/05/2026 E4A", "02/03/2026,,", ("end", "04/05/2026", "E4A")),
    ],
    ids=["reversed", "care ended"],
)
def test_what_ends_a_decision(
    tmp_path: Path, episode: str, row: str, end: tuple[str, str, str | None]
) -> None:
    """An end or a reversal stops the clock that was taken to run."""
    header = "CHILD,DOB,DATE_PLACED,DATE_PLACED_CEASED,REASON_PLACED_CEASED\n"
    batch = _read(tmp_path, episode, tables={"decided.csv": f"{header}Robin,,{row}"})

    assert _adoption(batch) == [("decided", "02/03/2026", None), end]


@pytest.mark.parametrize(
    ("episode", "row"),
    [
        ("05/01/2026 S E1 U1", "Robin,,02/03/2026,,"),
        ("05/01/2026 S C2 U1 02/02/2026 E4A", "Robin,,02/01/2026,,"),
    ],
    ids=["there is an order", "before care"],
)
def test_a_decision_that_starts_no_clock_is_not_warned_of(
    tmp_path: Path, episode: str, row: str
) -> None:
    """There is no warning if the clock already runs, or none will start."""
    header = "CHILD,DOB,DATE_PLACED,DATE_PLACED_CEASED,REASON_PLACED_CEASED\n"
    batch = _read(tmp_path, episode, tables={"decided.csv": header + row})

    assert _warnings(batch) == []


def test_without_places_only_orders_are_known(tmp_path: Path) -> None:
    """Some exports leave the column out."""
    (tmp_path / "episodes.csv").write_text("CHILD,DECOM,RNE,LS,DEC,REC\nRobin,05/01/2026,S,E1,,\n")
    batch = SOURCE.read([tmp_path], today=TODAY)

    assert _adoption(batch) == [("authorised", "05/01/2026", None)]
