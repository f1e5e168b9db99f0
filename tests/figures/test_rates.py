"""A rate is rounded once, half up, from its exact fraction, wherever it is shown."""

import io
from decimal import ROUND_HALF_UP, Decimal, localcontext
from fractions import Fraction

import pytest

from iro_cli.figures.rates import Rate, half_up, rate
from iro_cli.figures.statistics import Published
from iro_cli.forms import FORMS, Target, form
from iro_cli.forms.listing import RATE, Field, Listing
from iro_cli.pages.words import percent
from running import each

# (part, whole, in per cent, four decimals): divided on paper.
ROWS = (
    (1, 54, "1.9%", 0.0185),  # 1.85185 %
    (14, 17, "82.4%", 0.8235),  # 82.35294 %
    (15, 19, "78.9%", 0.7895),  # 78.94737 %
    (13, 16, "81.3%", 0.8125),  # 81.25 %, a half
    (1, 154, "0.6%", 0.0065),  # 0.64935 %: with two decimals it would be a half
    (1, 32, "3.1%", 0.0313),  # 3.125 %, a half in the fourth decimal
    (1999, 2000, "99.9%", 0.9995),  # 99.95 %, and not all of them
    (1, 3000, "0.1%", 0.0003),  # 0.0333 %, and not none of them
    (0, 7, "0%", 0.0),
    (7, 7, "100%", 1.0),
)

ABOUT: dict[str, object] = {
    "as_of": "2026-11-23",
    "nation": "england",
    "catalogue": "0123456789abcdef",
}


@each("part, whole, shown, held", ROWS)
def test_shares_that_were_divided_on_paper(part: int, whole: int, shown: str, held: float) -> None:
    """In words with one decimal, in data with four."""
    found = rate(part, whole)

    assert (percent(found), found) == (shown, held)
    assert Published(part, whole).rate == held


def _rounded(part: int, whole: int, decimals: int) -> Decimal:
    with localcontext() as context:
        context.prec = 40
        return (Decimal(part) / whole).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)


def test_each_share_of_up_to_two_hundred_is_rounded_as_decimals_are() -> None:
    """In per cent with one decimal, never to 0 or 100 if it is neither; in data with four."""
    wrong = []
    for whole in range(1, 201):
        for part in range(whole + 1):
            found = Rate(part, whole)
            shown = f"{100 * _rounded(part, whole, 3):.1f}%"
            expected = {0: "0%", whole: "100%"}.get(part, shown)
            if percent(found) != expected or Decimal(repr(found)) != _rounded(part, whole, 4):
                wrong.append((part, whole))
            assert Fraction(found) == Fraction(part, whole)

    assert not wrong


def test_a_half_is_rounded_away_from_zero() -> None:
    """So a fall is rounded as a rise is."""
    assert [half_up(part, 4) for part in (-6, -5, -2, 2, 5, 6)] == [-2, -1, -1, 1, 1, 2]


def test_a_sheet_rounds_what_was_not_rounded_before() -> None:
    """Excel shows 1/154, which is 0.649 %, as 0.6 %; of the 0.0065 in CSV it would make 0.7 %."""
    openpyxl = pytest.importorskip("openpyxl", reason="NOT TESTED: `pip install openpyxl`")
    out, text = io.BytesIO(), io.StringIO()
    listing = Listing("Shares", (Field("share", RATE, value=lambda row: row),))
    form("xlsx", FORMS).write(listing.export([Rate(1, 154)], ABOUT, list), out, Target())
    form("csv", FORMS).write(listing.export([Rate(1, 154)], ABOUT, list), text, Target())
    cell = openpyxl.load_workbook(out)["Shares"]["A2"]

    assert (cell.value, cell.number_format) == (pytest.approx(1 / 154, rel=1e-12), "0.0%")
    assert text.getvalue().split() == ["share", "0.0065"]
