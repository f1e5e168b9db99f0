"""Say in words why it is not known what happened."""

from datetime import date

import pytest

from iro_cli.obligations.silences import (
    LATEST_ONLY,
    NOT_CARRIED,
    NOT_IMPORTED,
    NOT_SAID,
    Unknown,
)
from iro_cli.sentences.silences import remedy_words, unknown_words

LATEST = Unknown(LATEST_ONLY, date.min, date(2026, 9, 9))
LACKS = Unknown(NOT_CARRIED, date(2025, 4, 1), date(2026, 3, 31), "ssda903", "the table Reviews")
BEFORE = Unknown(NOT_IMPORTED, date.min, date(2025, 3, 31), "annex-a")
BETWEEN = Unknown(NOT_IMPORTED, date(2024, 4, 1), date(2025, 3, 31), "ssda903")


@pytest.mark.parametrize(
    ("unknown", "why", "remedy"),
    [
        (
            [LATEST],
            (
                "only the latest meeting is recorded, on 10 Sep 2026, and there may have been others before it"
            ),
            "ask about 10 Sep 2026 or a later day, or import a source that has every one",
        ),
        (
            [LACKS],
            "the ssda903 extract does not carry the table Reviews (1 Apr 2025 to 31 Mar 2026)",
            "import one that does, or record what was held",
        ),
        (
            [BEFORE],
            "no annex-a extract of the days before 1 Apr 2025 has been imported",
            "import it, or record what was held",
        ),
        (
            [BETWEEN],
            "no ssda903 extract of 1 Apr 2024 to 31 Mar 2025 has been imported",
            "import it, or record what was held",
        ),
        (
            [Unknown(NOT_SAID, date.min, date.max, "cin-census", "the plan of a conference")],
            "the cin-census extract does not carry the plan of a conference",
            "mend it and import it again, or record what happened",
        ),
        (
            [BETWEEN, LACKS],
            (
                "no ssda903 extract of 1 Apr 2024 to 31 Mar 2025 has been imported, and the ssda903 "
                "extract does not carry the table Reviews (1 Apr 2025 to 31 Mar 2026)"
            ),
            "import it, or record what was held",
        ),
    ],
)
def test_each_reason_and_what_to_do(unknown: list[Unknown], why: str, remedy: str) -> None:
    """This holds for one extract, and for several that are silent together."""
    assert (unknown_words(unknown), remedy_words(unknown)) == (why, remedy)
