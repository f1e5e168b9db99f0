"""
Find a day for each meeting with a solver, as a linear problem.

Each meeting has its possible days, each with a cost.  A day has a number of places, and
every family after the first that is seen on it costs extra.
HiGHS finds the cheapest possible answer: https://highs.dev, under the MIT licence.
"""

from collections import Counter
from collections.abc import Mapping, Sequence

from iro_cli.lean import Any, NamedTuple

_CLOSE = 1e-6


class Job(NamedTuple):
    """
    One meeting to find a day for.

    Attributes:
        costs: The cost of each day on which it may be held, by the day's number; whole numbers.
        family: The family; all meetings of one family on one day are one visit.
        unplaced: What it costs to leave it without a day; ``None`` if it must have one.
    """

    costs: Mapping[int, int]
    family: str
    unplaced: int | None = None


class Room(NamedTuple):
    """One day: how many more meetings it holds, and the families seen on it already."""

    places: int
    families: frozenset[str] = frozenset()


class _Problem:
    """A linear problem, put together column by column."""

    def __init__(self) -> None:
        self.costs: list[float] = []
        self.starts: list[int] = [0]
        self.indices: list[int] = []
        self.values: list[float] = []
        self.lower: list[float] = []
        self.upper: list[float] = []

    def row(self, lower: float, upper: float) -> int:
        self.lower.append(lower)
        self.upper.append(upper)
        return len(self.lower) - 1

    def column(self, cost: float, entries: Sequence[tuple[int, float]]) -> int:
        self.costs.append(cost)
        for index, value in entries:
            self.indices.append(index)
            self.values.append(value)
        self.starts.append(len(self.indices))
        return len(self.costs) - 1


def cheapest(
    library: Any, jobs: Sequence[Job], rooms: Mapping[int, Room], further_visit: int
) -> list[int | None] | None:
    """
    Return the day of each job in the cheapest answer; ``None`` if there is no answer.

    Args:
        library: The library of the solver; the caller imports it, because it is large.
        jobs: The meetings.
        rooms: The days, by number.
        further_visit: What each family after the first on a day costs.
    """
    if not jobs:
        return []
    infinity = library.kHighsInf
    problem = _Problem()
    choices = _columns(jobs, rooms, further_visit, problem, infinity)
    values = _solved(library, problem, whole=False)
    # Without siblings the cheapest answer has whole numbers by itself, and with siblings it mostly
    # has.  Asking for whole numbers takes longer, so it is done only if need be.
    if values and any(abs(value - round(value)) > _CLOSE for value in values):
        values = _solved(library, problem, whole=True)
    if values is None:
        return None
    found = [
        next((day for day, column in of_job.items() if values[column] > 0.5), None)
        for of_job in choices
    ]
    return _in_order(jobs, rooms, found)


def _columns(
    jobs: Sequence[Job],
    rooms: Mapping[int, Room],
    further_visit: int,
    problem: _Problem,
    infinity: float,
) -> list[dict[int, int]]:
    """Write the problem down, and return the column of each job's days."""
    # Each row is a rule for the answer: a job has one day, a day has so many places, and each
    # family on a day after the first is a further visit.
    once = [problem.row(1, 1) for _ in jobs]
    used = sorted({day for job in jobs for day in job.costs})
    places = {day: problem.row(-infinity, rooms[day].places) for day in used}
    visits = {day: problem.row(-infinity, 0 if rooms[day].families else 1) for day in used}
    together: dict[tuple[str, int], list[int]] = {}
    for number, job in enumerate(jobs):
        for day in job.costs:
            together.setdefault((job.family, day), []).append(number)
    joined: dict[tuple[str, int], list[int]] = {}
    choices: list[dict[int, int]] = []
    for number, job in enumerate(jobs):
        of_job: dict[int, int] = {}
        for day, cost in sorted(job.costs.items()):
            entries = [(once[number], 1.0), (places[day], 1.0)]
            if job.family not in rooms[day].families:
                if len(together[job.family, day]) > 1:
                    link = problem.row(-infinity, 0)
                    joined.setdefault((job.family, day), []).append(link)
                    entries.append((link, 1.0))
                else:
                    entries.append((visits[day], 1.0))
            of_job[day] = problem.column(cost, entries)
        if job.unplaced is not None:
            problem.column(job.unplaced, [(once[number], 1.0)])
        choices.append(of_job)
    for (_, day), links in joined.items():
        problem.column(0, [(visits[day], 1.0), *((link, -1.0) for link in links)])
    for day in used:
        problem.column(further_visit, [(visits[day], -1.0)])
    return choices


def _solved(library: Any, problem: _Problem, *, whole: bool) -> list[float] | None:
    """Solve the problem, in whole numbers only if that is asked for."""
    columns, rows = len(problem.costs), len(problem.lower)
    model = library.HighsLp()
    model.num_col_, model.num_row_ = columns, rows
    model.col_cost_ = problem.costs
    model.col_lower_, model.col_upper_ = [0.0] * columns, [library.kHighsInf] * columns
    model.row_lower_, model.row_upper_ = problem.lower, problem.upper
    model.a_matrix_.format_ = library.MatrixFormat.kColwise
    model.a_matrix_.start_ = problem.starts
    model.a_matrix_.index_, model.a_matrix_.value_ = problem.indices, problem.values
    if whole:
        model.integrality_ = [library.HighsVarType.kInteger] * columns
    highs = library.Highs()
    # One thread and one seed: the same question has the same answer.
    for option, value in (
        ("output_flag", False),
        ("threads", 1),
        ("random_seed", 0),
        ("mip_rel_gap", 0.0),
    ):
        highs.setOptionValue(option, value)
    highs.passModel(model)
    highs.run()
    if highs.getModelStatus() != library.HighsModelStatus.kOptimal:
        return None
    return list(highs.getSolution().col_value)


def _in_order(
    jobs: Sequence[Job], rooms: Mapping[int, Room], found: list[int | None]
) -> list[int | None]:
    """
    Choose, among answers of the same cost, the one in which earlier jobs have earlier days.

    Two meetings of children without siblings exchange their days if that costs nothing.
    """
    families = Counter(job.family for job in jobs)
    families.update(family for room in rooms.values() for family in room.families)
    alone = [
        number
        for number, job in enumerate(jobs)
        if families[job.family] == 1 and found[number] is not None
    ]
    changed = True
    while changed:
        changed = False
        for place, first in enumerate(alone):
            for second in alone[place + 1 :]:
                changed = _exchange(jobs, found, first, second) or changed
    return found


def _exchange(jobs: Sequence[Job], found: list[int | None], first: int, second: int) -> bool:
    one, other = found[first], found[second]
    if one is None or other is None or one <= other:
        return False
    mine, theirs = jobs[first].costs, jobs[second].costs
    if other not in mine or one not in theirs:
        return False
    if mine[other] + theirs[one] != mine[one] + theirs[other]:
        return False
    found[first], found[second] = other, one
    return True
