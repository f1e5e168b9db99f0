"""Small numbers are hidden, and cannot be worked out from those that are shown."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import product
from typing import Any

from hypothesis import assume, given
from hypothesis import strategies as st

from iro_cli.figures.rates import Rate
from iro_cli.figures.suppression import kept_back, kept_in_groups, together
from iro_cli.figures.timeliness import FigureRow, Figures, suppressed, suppressed_timescales
from running import each

LEAST = 5
WIDTH = 3
rows = st.lists(
    st.lists(st.integers(0, 12), min_size=WIDTH, max_size=WIDTH), min_size=1, max_size=6
)


@given(rows)
def test_no_small_count_and_no_small_sum_of_counts_is_left(table: list[list[int]]) -> None:
    """The total less the shown counts leaves no sum from one to four."""
    kept = kept_back(table, LEAST)
    hidden = [row for place, row in enumerate(table) if place in kept.rows]
    shown = [row for place, row in enumerate(table) if place not in kept.rows]

    assert not any(0 < count < LEAST for row in shown for count in row)
    if not kept.total:
        assert not any(0 < count < LEAST for count in together(hidden, WIDTH))
        assert not any(0 < count < LEAST for count in together(table, WIDTH))


def _possible(total: list[int], shown: list[list[int]], hidden: int) -> list[tuple[int, ...]]:
    """Return every way to share one column's sum among the hidden rows."""
    sums = [whole - sum(row[place] for row in shown) for place, whole in enumerate(total)]
    column = next(place for place, one in enumerate(sums) if one)
    ways = product(range(sums[column] + 1), repeat=hidden)
    return [way for way in ways if sum(way) == sums[column]]


@given(
    st.lists(st.lists(st.integers(0, 7), min_size=2, max_size=2), min_size=2, max_size=4).filter(
        lambda table: all(any(row) for row in table)
    )
)
def test_an_attacker_who_tries_every_table_finds_no_kept_number(table: list[list[int]]) -> None:
    """For each hidden row at least two different tables show the same."""
    kept = kept_back(table, LEAST)
    assume(kept.rows and not kept.total)
    shown = [row for place, row in enumerate(table) if place not in kept.rows]
    ways = _possible(together(table, 2), shown, len(kept.rows))

    assert all(len({way[place] for way in ways}) > 1 for place in range(len(kept.rows)))


@given(rows)
def test_a_row_is_kept_back_only_where_something_is_small(table: list[list[int]]) -> None:
    """Without a small count everything is shown."""
    kept = kept_back(table, LEAST)

    assert bool(kept.rows) == any(0 < count < LEAST for row in table for count in row)


PROCESSES = {"a.1": "a", "a.2": "a", "a.3": "a", "b.1": "b", "b.2": "b", "c.1": "c"}
LEAVES = ("in_timescale", "late", "outstanding", "never_held")


def _figures(table: dict[str, tuple[int, ...]], names: Mapping[str, str]) -> Figures:
    """Add up the counts of each timescale for a grouping and a total."""
    sums: dict[str, list[int]] = {}
    for timescale, leaves in table.items():
        before = sums.setdefault(names[timescale], [0] * len(LEAVES))
        sums[names[timescale]] = together([before, leaves], len(LEAVES))
    rows = [_whole(name, leaves) for name, leaves in sums.items()]
    return Figures(rows, _whole("all", together(table.values(), len(LEAVES))))


def _whole(name: str, leaves: Sequence[int]) -> FigureRow:
    in_time, late, outstanding, never = leaves
    due = sum(leaves)
    counts = (due, in_time + late, in_time, late, outstanding, never)
    return FigureRow(name, *counts, None, None, None, due, in_time, 0, 0, 0, 0)


def _equations(rows: Iterable[FigureRow], members: Callable[[str], list[str]]) -> Iterator[Any]:
    """Yield what each number that is shown says about the counts of each timescale."""
    columns = {
        "due": LEAVES,
        "held": LEAVES[:2],
        **{leaf: (leaf,) for leaf in LEAVES},
    }
    for row in rows:
        for field, leaves in columns.items():
            if getattr(row, field) is not None:
                yield _says(members(row.name), leaves)


def _says(members: Iterable[str], leaves: Iterable[str]) -> Any:
    import numpy as np

    found = np.zeros((len(PROCESSES), len(LEAVES)))
    for member in members:
        for leaf in leaves:
            found[list(PROCESSES).index(member), LEAVES.index(leaf)] = 1
    return found.ravel()


@given(
    st.fixed_dictionaries(
        {name: st.tuples(*[st.sampled_from([0, 0, 1, 3, 5, 9, 40])] * 4) for name in PROCESSES}
    )
)
def test_no_small_count_follows_from_all_that_is_shown_together(
    table: dict[str, tuple[int, ...]],
) -> None:
    """The shown numbers of both tables and their total, as equations, give no small count."""
    import numpy as np

    by_process = suppressed(_figures(table, PROCESSES), LEAST)
    own = dict(zip(PROCESSES, PROCESSES, strict=True))
    by_timescale = suppressed_timescales(_figures(table, own), by_process, PROCESSES, LEAST)

    def of(process: str) -> list[str]:
        return [name for name, one in PROCESSES.items() if one == process]

    known = np.array(
        [
            np.zeros(len(PROCESSES) * len(LEAVES)),
            *_equations(by_timescale.rows, lambda name: [name]),
            *_equations(by_process.rows, of),
            *_equations([by_process.total], lambda _name: list(PROCESSES)),
        ]
    )
    rank = np.linalg.matrix_rank(known)
    given_away = []
    for members in (*([name] for name in PROCESSES), *(of(one) for one in "abc")):
        for place, leaf in enumerate(LEAVES):
            count = sum(table[name][place] for name in members)
            if 0 < count < LEAST:
                more = np.vstack([known, _says(members, [leaf])])
                if np.linalg.matrix_rank(more) == rank:
                    given_away.append((members, leaf, count))

    assert given_away == []


@given(st.dictionaries(st.sampled_from("abcd"), rows, min_size=1), st.sets(st.sampled_from("abcd")))
def test_a_group_that_is_kept_back_shows_no_row(
    groups: dict[str, list[list[int]]], gone: set[str]
) -> None:
    """No row with a small count is shown, and a hidden group shows no row at all."""
    for name, kept in kept_in_groups(groups, gone, LEAST).items():
        table = groups[name]
        hidden = [row for place, row in enumerate(table) if place in kept.rows]
        if name in gone:
            assert len(hidden) == len(table)
        else:
            shown = [row for place, row in enumerate(table) if place not in kept.rows]
            assert not any(0 < count < LEAST for row in shown for count in row)


@each(
    "table, hidden, total",
    [
        # One small row alone would be the total less the others: the smallest goes too.
        ([[20], [3], [8]], {1, 2}, False),
        # Two small ones with a sum below five still show that there are few.
        ([[20], [1], [2], [9]], {1, 2, 3}, False),
        # Three and two are five together: who has which cannot be told.
        ([[20], [3], [2]], {1, 2}, False),
        # There is no other row to hide behind, because the total is small itself.
        ([[3]], {0}, True),
        ([[0], [4], [0]], {1}, True),
        ([[5], [6], [0]], set(), False),
    ],
)
def test_what_is_kept_back(table: list[list[int]], hidden: set[int], total: bool) -> None:
    """Each case was worked out by hand."""
    kept = kept_back(table, LEAST)

    assert (set(kept.rows), kept.total) == (hidden, total)


def _row(name: str, in_time: int, late: int) -> FigureRow:
    due = in_time + late
    counts = (due, due, in_time, late, 0, 0)
    return FigureRow(name, *counts, None, None, None, due, in_time, 0, 0, 0, 0)


def test_a_total_whose_parts_are_small_still_says_how_much_was_in_timescale() -> None:
    """Six late are three held late and three not held: only their sum is shown."""
    rows = [_row("A", 40, 3), _row("B", 30, 0)]
    total = _row("all", 70, 3)._replace(outstanding=3, due=76, timeliness=Rate(70, 76))
    found = suppressed(Figures(rows, total), LEAST)

    assert [row.due for row in found.rows] == [None, None]
    assert (found.total.due, found.total.in_timescale, found.total.late) == (76, 70, None)
