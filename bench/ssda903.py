"""Measure reading a whole SSDA903 return against the loop of a first notebook."""

import importlib.util

from place import HERE, Place
from startup import removed
from timing import cpu_seconds

from figures import Report, at_least, not_measured

RETURN = HERE.parents[1] / "shared" / "data" / "ssda903"
BOUND = 10.0
NO_RETURN = "the return is not there (`shared/data/ssda903` beside the checkout)"
_WHAT = "the notebook's loop ÷ `iro import ssda903`"


def _missing() -> str | None:
    if not RETURN.is_dir():
        return NO_RETURN
    if importlib.util.find_spec("pandas") is None:
        return "pandas is not installed (`make bench` installs it)"
    return None


def measure(place: Place) -> Report:
    """Measure this part, and return its figures."""
    if why := _missing():
        return not_measured("The 903 import", _WHAT, f"at least {BOUND:g}", why)
    store = place.folder / "import.db"
    ours = place.iro("import", "ssda903", str(RETURN), "--skip-refused", store=store)
    commands = {
        "iro": ours._replace(prepare=lambda: removed(store)),
        "naive": place.script("naive_903.py", RETURN, place.folder / "naive.csv"),
    }
    place.expect(commands["iro"], b"added:")
    rounds = place.rounds(7, 3)
    found = place.bench.interleaved(commands, rounds)
    mine, theirs = cpu_seconds(found["iro"]), cpu_seconds(found["naive"])
    note = f"Import: {rounds} rounds; `iro` {mine:.2f} s, the notebook's loop {theirs:.2f} s."
    return Report([at_least(_WHAT, theirs / mine, BOUND)], [note])
