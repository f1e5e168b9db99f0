"""The full-screen board is used by keyboard alone, on a real store."""

import sqlite3
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from textual.widgets import Checkbox, Input, Select, Static

from iro_cli.cli.board import app as board_module
from iro_cli.cli.board.app import filtered, toggled
from iro_cli.cli.board.dialogs import KEYS
from iro_cli.cli.board.table import ListingTable
from iro_cli.errors import InputRefusedError
from iro_cli.facts.model import Child, Event
from iro_cli.questions.due import AskedDue, open_obligations
from iro_cli.store.kinds import CHILD_DETAIL
from stores import add_facts, changing, reading

Play = Callable[..., Any]


def rows_of(pilot: Any) -> list[tuple[str, ...]]:
    """Return the rows of the table in front, each as a tuple of words."""
    table = pilot.app.screen.query_one(ListingTable)
    return [tuple(str(cell) for cell in table.get_row_at(at)) for at in range(table.row_count)]


def headings_of(pilot: Any) -> list[str]:
    """Return the headings of the table in front."""
    table = pilot.app.screen.query_one(ListingTable)
    return [str(column.label) for column in table.ordered_columns]


def children_of(pilot: Any) -> list[str]:
    """Return the children of the list, in order."""
    child = headings_of(pilot).index("Child")
    return [row[child] for row in rows_of(pilot)]


def words(pilot: Any, name: str) -> str:
    """Return the text of a part of the screen in front."""
    return str(pilot.app.screen.query_one(f"#{name}", Static).content)


async def fill(pilot: Any, name: str, text: str) -> None:
    """Replace the text of an input."""
    box = pilot.app.screen.query_one(f"#{name}", Input)
    box.focus()
    box.value = ""
    await pilot.pause()
    await pilot.press(*(_KEY.get(letter, letter) for letter in text))


_KEY = {"-": "minus", " ": "space", ":": "colon", "/": "slash", ".": "full_stop"}


# ---------------------------------------------------------------- the list


def test_the_list_is_what_is_due(board: Play) -> None:
    """
    The list shows what is due soon, soonest first; the heading counts it in words.

    The board asks the question that ``iro due`` asks, and a name in the list is text.
    """

    async def steps(pilot: Any) -> None:
        assert ["A-001", "A-002", "A-003"] == children_of(pilot)
        first = dict(zip(headings_of(pilot), rows_of(pilot)[0], strict=True))
        assert (first["Due"], first["When"]) == ("Mon 3 Feb", "7 days late")
        assert (first["What"], first["Child"]) == ("First review", "A-001")
        assert "1 overdue, 1 due today, 1 due within 28 days" in words(pilot, "summary")
        with pilot.app.screen.asking() as view:
            rows = open_obligations(view, AskedDue())
        assert [row.child for row in rows] == children_of(pilot)
        named = headings_of(pilot).index("IRO or chair")
        cell = pilot.app.screen.query_one(ListingTable).get_row_at(2)[named]
        assert cell.plain.startswith("[red]Wren[/red]")
        assert (cell.spans, "\x1b" in cell.plain) == ([], False)

    board(steps)


@pytest.mark.slow
@pytest.mark.parametrize("width", [20, 40, 80, 120, 200])
def test_any_width_will_do(width: int, board: Play) -> None:
    """A narrow screen leaves out columns, and never a row."""

    async def steps(pilot: Any) -> None:
        table = pilot.app.screen.query_one(ListingTable)

        assert table.row_count == 3
        assert table.virtual_size.width <= max(width, 72)

    board(steps, size=(width, 24))


@pytest.mark.slow
def test_a_resize_fits_the_columns(board: Play) -> None:
    """At 80 columns the days of hold by and booked are shown, and the IRO is not yet."""

    async def steps(pilot: Any) -> None:
        narrow = headings_of(pilot)
        await pilot.resize_terminal(140, 30)
        await pilot.pause()

        assert narrow == ["Due", "When", "What", "Child", "Hold by", "Booked"]
        assert headings_of(pilot) == [
            *("Due", "When", "What", "Child", "IRO or chair", "Hold by", "Booked", "Team")
        ]
        assert rows_of(pilot)[0][0] == "Mon 3 Feb 2025"

    board(steps, size=(80, 24))


@pytest.mark.slow
def test_the_headings_of_an_empty_list_stand_apart(board: Play) -> None:
    """With a filter that nothing matches, each heading still has a space after it."""

    async def steps(pilot: Any) -> None:
        pilot.app.screen.query_one("#filter", Input).value = "nobody"
        await pilot.pause()
        table = pilot.app.screen.query_one(ListingTable)
        wide = [one.get_render_width(table) for one in table.ordered_columns]

        assert table.row_count == 0
        assert wide == [len(name) + 1 for name in headings_of(pilot)]

    board(steps)


FILTERS = [
    ("ann", ["A-001", "A-002"]),
    ("ANN example", ["A-001", "A-002"]),
    ("iro:ann overdue", ["A-001"]),
    ("a-003", ["A-003"]),
    ("team:north process:cla", ["A-001", "A-002", "A-003"]),
    ("team:south", []),
    ("team:south all", ["P-001"]),
    ("process:cp all", ["P-001"]),
    ("unbooked a-002", ["A-002"]),
    ("nobody", []),
    ("[red]", ["A-003"]),
]


@pytest.mark.slow
def test_the_filter(board: Play) -> None:
    """A row has to match every word: child, person, team, process, overdue or unbooked."""

    async def steps(pilot: Any) -> None:
        for typed, expected in FILTERS:
            await pilot.press("slash")
            box = pilot.app.screen.query_one("#filter", Input)
            assert box.has_focus
            box.value = typed
            await pilot.press("enter")

            assert (typed, expected) == (typed, children_of(pilot))
            assert pilot.app.screen.query_one(ListingTable).has_focus

    board(steps)


@pytest.mark.slow
def test_the_keys_of_the_filter(board: Play) -> None:
    """A key puts a word into the filter, where it can be seen, and takes it out again."""

    async def steps(pilot: Any) -> None:
        box = pilot.app.screen.query_one("#filter", Input)
        await pilot.press("o")
        assert (box.value, children_of(pilot)) == ("overdue", ["A-001"])
        await pilot.press("o", "a")
        assert (box.value, len(children_of(pilot))) == ("all", 4)
        await pilot.press("a", "u")
        assert (box.value, len(children_of(pilot))) == ("unbooked", 3)

    board(steps)


@pytest.mark.slow
def test_nothing_matches(board: Play) -> None:
    """An empty list says so, and no key causes an error."""

    async def steps(pilot: Any) -> None:
        pilot.app.screen.query_one("#filter", Input).value = "zzz"
        await pilot.pause()
        assert "nothing matches the filter" in words(pilot, "notes")
        await pilot.press("w", "r", "b", "enter")

        assert len(pilot.app.screen_stack) == 2

    board(steps)


@pytest.mark.slow
def test_a_list_without_rows_says_why(board: Play, store: Path) -> None:
    """What is due later is shown with a key; a store without any event is no good news."""

    # Three months after 3 February.
    events = [
        ("LATER", Event("cla.start", date(2025, 1, 6))),
        ("LATER", Event("cla.review", date(2025, 2, 3))),
    ]

    async def later(pilot: Any) -> None:
        said = words(pilot, "notes")
        assert "nothing is overdue or due within 28 days; `a` shows everything open" in said
        await pilot.press("a")
        assert children_of(pilot) == ["LATER"]

    async def empty(pilot: Any) -> None:
        said = words(pilot, "notes")
        assert "no event of any child is recorded in" in said
        assert "iro.db" in said

    for given, steps in ((events, later), ([], empty)):
        store.unlink()
        with changing(store) as change:
            change.add(CHILD_DETAIL, [Child("LATER")])
            add_facts(change, given)
        board(steps)


@pytest.mark.slow
def test_a_long_list_is_cut(board: Play, monkeypatch: pytest.MonkeyPatch) -> None:
    """Rows beyond the limit are not drawn, and the screen says so."""
    monkeypatch.setattr(board_module, "MOST", 2)

    async def steps(pilot: Any) -> None:
        assert ["A-001", "A-002"] == children_of(pilot)
        assert "the first 2 of 3" in words(pilot, "notes")

    board(steps)


def test_words_of_the_filter_come_and_go() -> None:
    """Pressing a filter key twice changes nothing."""
    assert toggled(toggled("ann", "all"), "all") == "ann"
    assert filtered([], "anything") == []


# ---------------------------------------------------------------- a child, and why


@pytest.mark.slow
def test_a_child_opens(board: Play) -> None:
    """Enter shows the child, what is open and the facts; escape goes back."""

    async def steps(pilot: Any) -> None:
        await pilot.press("enter")
        assert "A-001" in words(pilot, "head")
        assert "IRO Ann Example" in words(pilot, "head")
        assert [("Mon 3 Feb 2025", "7 days late")] == [row[:2] for row in rows_of(pilot)]
        assert "became looked after" in words(pilot, "facts")
        await pilot.press("escape")

        assert ["A-001", "A-002", "A-003"] == children_of(pilot)

    board(steps)


@pytest.mark.slow
def test_a_label_is_text(board: Play) -> None:
    """Markup and escape codes in a label are shown as text."""

    async def steps(pilot: Any) -> None:
        await pilot.press("enter")
        head = words(pilot, "head")

        assert "[red]Wren[/red] [@click=app.quit]x[/]" in head
        assert "\x1b" not in head
        assert pilot.app.screen.query_one("#head", Static).visual.plain.startswith("A-001 · [red]")

    board(steps)


@pytest.mark.slow
@pytest.mark.parametrize("keys", [("w",), ("enter", "w")], ids=["list", "child"])
def test_one_key_shows_and_hides_the_reasons_for_a_date(keys: tuple[str, ...], board: Play) -> None:
    """One key shows the reasons for a date, and another closes them."""

    async def steps(pilot: Any) -> None:
        await pilot.press(*keys)
        text = words(pilot, "text")
        assert "First review of A-001: due by Mon 3 Feb 2025, 7 days late" in text
        assert "became looked after (cla.start)" in text
        assert "reg. 33(1)" in text
        await pilot.press("escape")

        assert pilot.app.screen.query(ListingTable)

    board(steps)


@pytest.mark.slow
def test_the_keys_are_listed(board: Play) -> None:
    """The help names every key of the list that is not shown at the bottom."""

    async def steps(pilot: Any) -> None:
        await pilot.press("question_mark")

        assert all(what in words(pilot, "text") for _, what in KEYS)

    board(steps)


# ---------------------------------------------------------------- record and book


@pytest.mark.slow
def test_record_a_review(board: Play, store: Path) -> None:
    """The form offers the review that is due, and then shows what was recorded and what is next."""

    async def steps(pilot: Any) -> None:
        await pilot.press("r")
        assert pilot.app.screen.query_one("#event", Select).value == "cla.review"
        await pilot.press("ctrl+s")
        await pilot.pause()
        said = words(pilot, "message")
        assert "recorded: review held on Mon 10 Feb 2025 for A-001" in said
        assert "next for A-001: Second review, in 89 days" in said
        assert ["A-002", "A-003"] == children_of(pilot)

    board(steps)
    events = dict(reading(store).cases(date(2025, 2, 10), "A-001"))["A-001"]

    assert [(one.event, one.on.isoformat()) for one in events] == [
        ("cla.start", "2025-01-06"),
        ("cla.review", "2025-02-10"),
    ]
    assert "board: record cla.review A-001 --on 2025-02-10" in _commands(store)


def _commands(store: Path) -> list[str]:

    with sqlite3.connect(store) as connection:
        found = [row[0] for row in connection.execute("SELECT command FROM change ORDER BY id")]
    connection.close()
    return found


@pytest.mark.slow
def test_record_for_siblings(board: Play, store: Path) -> None:
    """With several ids, one fact is recorded for all the children or for none."""

    async def steps(pilot: Any) -> None:
        await pilot.press("r")
        pilot.app.screen.query_one("#children", Input).value = "A-001 A-002 A-999"
        await pilot.press("ctrl+s")
        await pilot.pause()
        assert "there is no child 'A-999'" in words(pilot, "error")
        assert len(_commands(store)) == 1
        pilot.app.screen.query_one("#children", Input).value = "A-001 A-002"
        await pilot.press("ctrl+s")
        await pilot.pause()

        assert "for A-001, A-002" in words(pilot, "message")

    board(steps)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "typed", "says"),
    [
        ("on", "2025-02-11", "Not done: 11 Feb 2025 is still to come"),
        ("on", "soon", "Not done: On 'soon'"),
        ("on", "2025-02-30", "Not done: On '2025-02-30'"),
        ("children", "", "Not done: Children: type one id, or several"),
    ],
)
def test_a_refusal_is_said_in_the_form(
    name: str, typed: str, says: str, board: Play, store: Path
) -> None:
    """The form stays open with what was typed, and nothing is stored."""

    async def steps(pilot: Any) -> None:
        # The board is asked about a day; a fact after it and after today lies ahead.
        await pilot.press("r")
        pilot.app.screen.query_one(f"#{name}", Input).value = typed
        await pilot.press("ctrl+s")
        await pilot.pause()

        assert words(pilot, "error").startswith(says)
        assert pilot.app.screen.query_one(f"#{name}", Input).value == typed

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("iro_cli.cli.board.recording.today", lambda: date(2025, 2, 10))
        board(steps)

    assert _commands(store) == ["import"]


@pytest.mark.slow
def test_a_contradiction_can_be_insisted_on(board: Play, store: Path) -> None:
    """A review before care began is refused; then a box to insist on that fact appears."""

    async def steps(pilot: Any) -> None:
        await pilot.press("r")
        screen = pilot.app.screen
        insist = screen.query_one("#insist", Checkbox)
        assert not insist.display
        screen.query_one("#on", Input).value = "2025-01-03"
        await pilot.press("ctrl+s")
        await pilot.pause()
        assert "tick the box below" in words(pilot, "error")
        assert "--insist" not in words(pilot, "error")
        assert insist.display
        screen.query_one("#on", Input).value = "2025-01-02"
        await pilot.pause()
        assert not insist.display
        await pilot.press("ctrl+s")
        await pilot.pause()
        insist.focus()
        await pilot.press("space", "ctrl+s")
        await pilot.pause()

        assert "recorded: review held on Thu 2 Jan 2025" in words(pilot, "message")

    board(steps)
    assert len(_commands(store)) == 2


@pytest.mark.slow
def test_the_fields_belong_to_the_event(board: Play) -> None:
    """The form asks only for details that the event may have."""

    async def steps(pilot: Any) -> None:
        await pilot.press("r")
        screen = pilot.app.screen

        def asked() -> set[str]:
            names = ("outcome", "participation", "section_47", "completed_on", "reason", "note")
            return {name for name in names if screen.query_one(f"#{name}").parent.display}

        assert asked() == {"participation", "completed_on", "note"}
        screen.query_one("#event", Select).value = "cp.strategy"
        await pilot.pause()
        assert asked() == {"section_47", "note"}
        screen.query_one("#event", Select).value = "cp.conference.review"
        await pilot.pause()
        assert asked() == {"outcome", "note"}

    board(steps)


@pytest.mark.slow
def test_escape_records_nothing(board: Play, store: Path) -> None:
    """Closing a form changes nothing."""

    async def steps(pilot: Any) -> None:
        await pilot.press("r", "escape", "b", "escape")
        assert len(pilot.app.screen_stack) == 2

    board(steps)
    assert _commands(store) == ["import"]


@pytest.mark.slow
def test_book_and_take_it_back(board: Play, store: Path) -> None:
    """A meeting is booked with day and time, with a warning if it is late, and then taken back."""

    async def steps(pilot: Any) -> None:
        await pilot.press("down", "down", "b")
        assert pilot.app.screen.query_one("#day", Input).value == "2025-02-24"
        pilot.app.screen.query_one("#day", Input).value = "2025-03-01"
        pilot.app.screen.query_one("#time", Input).value = "14:30"
        await pilot.press("enter")
        await pilot.pause()
        said = words(pilot, "message")
        assert "booked: First review of A-003 on Sat 1 Mar 2025 at 14:30" in said
        assert "1 Mar 2025 is a weekend" in said
        assert "it is TOO LATE" in said
        assert "BOOKED LATE" in rows_of(pilot)[2][1]
        await pilot.press("b")
        pilot.app.screen.query_one("#unbook").focus()
        await pilot.press("enter")
        await pilot.pause()
        assert "no longer booked" in words(pilot, "message")

    board(steps)
    assert reading(store).bookings() == {}


@pytest.mark.slow
def test_a_wrong_time_is_refused(board: Play, store: Path) -> None:
    """A time has to be one of the 24-hour clock."""

    async def steps(pilot: Any) -> None:
        await pilot.press("down", "down", "b")
        await fill(pilot, "time", "2pm")
        await pilot.press("enter")
        await pilot.pause()

        assert words(pilot, "error") == "Not done: Time '2pm': write it as 14:30 or 09:30"

    board(steps)
    assert _commands(store) == ["import"]


@pytest.mark.slow
def test_a_booking_that_is_saved_again_keeps_its_time(board: Play, store: Path) -> None:
    """The form begins with the day and the time for which the meeting is booked."""

    async def steps(pilot: Any) -> None:
        await pilot.press("down", "down")
        for time in ("14:30", None):
            await pilot.press("b")
            if time:
                pilot.app.screen.query_one("#time", Input).value = time
            await pilot.press("ctrl+s")
            await pilot.pause()
        assert "at 14:30" in words(pilot, "message")

    board(steps)
    [booking] = reading(store).bookings().values()

    assert booking.at == "14:30"


@pytest.mark.slow
def test_booked_from_the_child(board: Play) -> None:
    """The child's screen records and books as the list does, and shows the booking."""

    async def steps(pilot: Any) -> None:
        await pilot.press("enter", "b")
        await fill(pilot, "day", "2025-02-12")
        await pilot.press("enter")
        await pilot.pause()
        assert "booked: First review of A-001" in words(pilot, "message")
        await pilot.press("r", "ctrl+s")
        await pilot.pause()
        assert "review held" in words(pilot, "facts")
        await pilot.press("escape")

        assert ["A-002", "A-003"] == children_of(pilot)

    board(steps)


# ---------------------------------------------------------------- what goes wrong


@pytest.mark.slow
def test_a_store_that_went_away_is_said(board: Play, store: Path) -> None:
    """If the store can no longer be read, a line below the list says so, and the list stays."""

    async def steps(pilot: Any) -> None:
        for path in store.parent.glob("iro.db*"):
            path.unlink()
        await pilot.press("f5")
        await pilot.pause()

        assert "Not read: " in words(pilot, "message")
        assert len(children_of(pilot)) == 3

    board(steps)


@pytest.mark.slow
def test_what_was_not_expected_comes_out_without_data(
    board: Play, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """An unexpected error ends the board and is reported in the usual place, without data."""

    def break_down(*_: object, **__: object) -> None:
        raise ZeroDivisionError("A-001")

    async def steps(pilot: Any) -> None:
        monkeypatch.setattr("iro_cli.cli.board.base.explain", break_down)
        await pilot.press("w")
        await pilot.pause()

    with pytest.raises(ZeroDivisionError):
        board(steps)

    assert "A-001" not in "".join(capsys.readouterr())


@pytest.mark.slow
def test_an_error_of_the_store_is_said_on_why(board: Play, monkeypatch: pytest.MonkeyPatch) -> None:
    """If a date cannot be explained, the screen says why."""

    def refuse(*_: object, **__: object) -> None:
        raise InputRefusedError("it cannot be read")

    async def steps(pilot: Any) -> None:
        monkeypatch.setattr("iro_cli.cli.board.base.explain", refuse)
        await pilot.press("w")

        assert words(pilot, "message") == "it cannot be read"

    board(steps)


@pytest.mark.slow
def test_no_colour(board: Play, monkeypatch: pytest.MonkeyPatch) -> None:
    """With ``NO_COLOR`` the board has shades of one colour; overdue rows still say so in words."""
    monkeypatch.setenv("NO_COLOR", "1")

    async def steps(pilot: Any) -> None:
        assert pilot.app.no_color
        assert rows_of(pilot)[0][1] == "7 days late"

    board(steps)
