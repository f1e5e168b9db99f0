"""A listing as JSON, beside what the library writes of the same."""

import io
import json
from datetime import date
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from iro_cli.forms import Target
from iro_cli.forms.json_file import write_json
from iro_cli.forms.listing import Export, Field

DAYS = st.dates(date(2020, 1, 1), date(2030, 1, 1))
TEXTS = st.text(max_size=5) | st.sampled_from(["a\nb", '"', "}, {", "\u2028", "[]\n}", "\udcff"])
VALUES = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | TEXTS | DAYS
CELLS = VALUES | st.lists(TEXTS, max_size=3)


@given(st.lists(st.tuples(CELLS, CELLS, VALUES), max_size=4), st.dictionaries(TEXTS, TEXTS))
def test_rows_are_written_as_the_library_writes_them(
    rows: list[tuple[Any, ...]], about: dict[str, Any]
) -> None:
    """With a line for each value: rows with lists and without, and no rows at all."""
    names = ("one", "two", "three")
    export = Export("A listing", (*map(Field, names),), rows, about, (), tuple)
    out = io.StringIO()
    write_json(export, out, Target())

    said = [
        {
            name: value.isoformat() if isinstance(value, date) else value
            for name, value in zip(names, row, strict=True)
        }
        for row in rows
    ]
    expected = json.dumps({**about, "rows": said}, ensure_ascii=False, indent=1)
    assert out.getvalue() == f"{expected}\n"
