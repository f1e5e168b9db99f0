"""
Measure reading an SSD extract against reading its tables with nothing but ``csv``.

An extract holds everybody the authority knows: with the same children and more of
everybody else, the memory must stay the same, from files and from a database.
"""

import csv
import random
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path

from inside import Kinds, command_line
from place import Place

from figures import Report, at_most

CHILDREN, OTHERS = 2_000, 10_000
GROWTH = 1.1
AS_OF = date(2026, 11, 23)
_MIDNIGHT = " 00:00:00.000"
_NOTHING = "NULL"
_WORKERS = 400
_IROS = 25

COLUMNS = {
    "ssd_person": ("pers_person_id", "pers_sex", "pers_dob", "pers_expected_dob"),
    "ssd_cla_episodes": (
        "clae_cla_episode_id", "clae_person_id", "clae_cla_episode_start_date",
        "clae_cla_episode_start_reason", "clae_cla_episode_ceased_date",
        "clae_cla_episode_ceased_reason", "clae_cla_id", "clae_entered_care_date",
    ),
    "ssd_cla_reviews": (
        "clar_cla_review_id", "clar_cla_id", "clar_cla_review_due_date", "clar_cla_review_date",
        "clar_cla_review_cancelled", "clar_cla_review_participation",
    ),
    "ssd_cp_plans": (
        "cppl_cp_plan_id", "cppl_person_id", "cppl_cp_plan_start_date", "cppl_cp_plan_end_date",
    ),
    "ssd_cp_reviews": (
        "cppr_cp_review_id", "cppr_person_id", "cppr_cp_plan_id", "cppr_cp_review_date",
        "cppr_cp_review_outcome_continue_cp",
    ),
    "ssd_initial_cp_conference": (
        "icpc_icpc_id", "icpc_s47_enquiry_id", "icpc_person_id", "icpc_icpc_transfer_in",
        "icpc_icpc_date", "icpc_icpc_outcome_cp_flag",
    ),
    "ssd_s47_enquiry": (
        "s47e_s47_enquiry_id", "s47e_person_id", "s47e_s47_start_date", "s47e_s47_end_date",
        "s47e_s47_nfa",
    ),
    "ssd_involvements": (
        "invo_involvements_id", "invo_professional_id", "invo_professional_role_id",
        "invo_person_id", "invo_involvement_start_date", "invo_involvement_end_date",
    ),
    "ssd_professionals": (
        "prof_professional_id", "prof_professional_name", "prof_professional_job_title",
    ),
}  # fmt: skip


def _stamp(day: date) -> str:
    return f"{day.isoformat()}{_MIDNIGHT}"


def _reviews(start: date, chance: random.Random) -> Iterator[date]:
    """Yield the days of reviews up to the day of the extract."""
    day = start + timedelta(days=chance.randint(14, 30))
    gap = 85
    while day < AS_OF:
        yield day
        day += timedelta(days=gap + chance.randint(0, 12))
        gap = 170


def _child(number: int, chance: random.Random) -> Iterator[tuple[str, Sequence[str]]]:
    child, start = f"{number:06}", AS_OF - timedelta(days=chance.randint(30, 2000))
    born = start - timedelta(days=chance.randint(30, 5000))
    yield "ssd_person", (child, "F", _stamp(born), _NOTHING)
    iro = str(chance.randrange(_IROS))
    if number % 2:
        for part, reason in enumerate(("S", "P", "L")):
            begins = start + timedelta(days=part * 9)
            ends = "" if part == 2 else _stamp(begins + timedelta(days=9))
            yield "ssd_cla_episodes", (
                f"E{child}{part}", child, _stamp(begins), reason, ends or _NOTHING,
                "X1" if ends else _NOTHING, f"C{child}", _stamp(start),
            )  # fmt: skip
        for part, day in enumerate(_reviews(start, chance)):
            yield "ssd_cla_reviews", (
                f"V{child}{part}", f"C{child}", _stamp(day), _stamp(day), "N", "PN1"
            )  # fmt: skip
        yield "ssd_involvements", (f"I{child}", iro, "IRO", child, _stamp(start), _NOTHING)
        return
    held = start + timedelta(days=20)
    yield "ssd_s47_enquiry", (f"S{child}", child, _stamp(start), _stamp(held), "N")
    yield "ssd_initial_cp_conference", (
        f"P{child}", f"S{child}", child, "N", _stamp(held), "Y"
    )  # fmt: skip
    yield "ssd_cp_plans", (f"K{child}", child, _stamp(held), _NOTHING)
    for part, day in enumerate(_reviews(held, chance)):
        yield "ssd_cp_reviews", (f"W{child}{part}", child, f"K{child}", _stamp(day), "Y")
    yield "ssd_involvements", (f"I{child}", iro, "CP CHAIR", child, _stamp(start), _NOTHING)


def _other(number: int, chance: random.Random) -> Iterator[tuple[str, Sequence[str]]]:
    """Yield a person without reviews, and their social workers."""
    person = f"P{number:07}"
    yield "ssd_person", (person, "M", _stamp(date(1990, 1, 1)), _NOTHING)
    for part in range(4):
        day = AS_OF - timedelta(days=chance.randint(1, 2000))
        worker = str(chance.randint(_IROS, _WORKERS - 1))
        row = (f"J{number}{part}", worker, "CW", person, _stamp(day), _NOTHING)
        yield "ssd_involvements", row


def make(folder: Path, others: int, *, seed: int = 1) -> int:
    """Write an extract with a number of other people beside the children; return its rows."""
    folder.mkdir(parents=True, exist_ok=True)
    chance, rows = random.Random(seed), 0
    files = {name: (folder / f"{name}.csv").open("w", encoding="utf-8", newline="")
             for name in COLUMNS}  # fmt: skip
    try:
        writers = {name: csv.writer(file) for name, file in files.items()}
        for name, columns in COLUMNS.items():
            writers[name].writerow(columns)
        for worker in range(_WORKERS):
            title = "Independent Reviewing Officer" if worker < _IROS else "Social Worker"
            writers["ssd_professionals"].writerow((worker, f"Worker {worker}", title))
        for number in range(CHILDREN + others):
            made = _child if number < CHILDREN else _other
            for name, row in made(number, chance):
                writers[name].writerow(row)
                rows += 1
    finally:
        for file in files.values():
            file.close()
    _put_into_a_database(folder)
    return rows + _WORKERS


def _put_into_a_database(folder: Path) -> None:
    """Make an SQLite database of the tables, with text in every column."""
    with closing(sqlite3.connect(folder / "ssd.db")) as database:
        for name, columns in COLUMNS.items():
            database.execute(f"CREATE TABLE {name} ({', '.join(columns)})")
            with (folder / f"{name}.csv").open(encoding="utf-8", newline="") as file:
                rows = csv.reader(file)
                next(rows)
                marks = ", ".join("?" * len(columns))
                database.executemany(f"INSERT INTO {name} VALUES ({marks})", rows)
        database.commit()


def _bare(folder: Path) -> int:
    """Go through every row of every table with ``csv``."""
    rows = 0
    for path in sorted(folder.glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            rows += sum(1 for _ in csv.reader(file)) - 1
    return rows


def _read(*folders: Path, **options: str) -> int:
    """Read the extract as ``iro import ssd`` does, storing nothing."""
    from iro_cli.extracts.ssd import SOURCE  # noqa: PLC0415 - the yardstick does without

    batch = SOURCE.read(folders, today=AS_OF, as_of=None, **options)
    if batch.refused or not batch.facts:
        raise SystemExit(f"refused: {len(batch.refused)}, facts: {len(batch.facts)}")
    return batch.rows


def timed(folder: Path) -> Kinds:
    """Return the kinds of work that are compared."""
    return {
        "bare": lambda: _bare(folder),
        "read": lambda: _read(folder),
        "database": lambda: _read(database=f"sqlite:///{folder}/ssd.db"),
    }


def measure(place: Place) -> Report:
    """Measure this part, and return its figures."""
    small, large = place.folder / "ssd-small", place.folder / "ssd-large"
    rows = place.said("ssd.py", "make", small, OTHERS)
    more = place.said("ssd.py", "make", large, OTHERS * 10)
    rounds = place.rounds(5, 3)
    took = place.said("ssd.py", "times", rounds, small)
    figures, notes = [], []
    for kind, where in (("read", ""), ("database", " from SQLite")):
        peaks = [place.memory("ssd.py", kind, folder, times=1) for folder in (small, large)]
        what = f"an SSD extract read{where}: most memory, ten times everybody else ÷ everybody else"
        figures.append(at_most(what, peaks[1] / peaks[0], GROWTH))
        notes.append(
            f"SSD{where}: {CHILDREN:,} children with reviews and conferences; {rows:,} and "
            f"{more:,} rows; {rounds} rounds; read {took[kind] / took['bare']:.1f} times bare "
            f"`csv`; {peaks[0]:.0f} and {peaks[1]:.0f} MB at most."
        )
    return Report(figures, notes)


if __name__ == "__main__":
    command_line(make, timed)
