"""The statement of an export: its day, nation, program and rules, and which rows are left out."""

from collections.abc import Mapping
from datetime import date

from iro_cli import __version__
from iro_cli.dates.words import spoken, spoken_short
from iro_cli.forms.listing import DATE, WHOLE, Field
from iro_cli.law.catalogue import Catalogue

# The statements that every listing has beside its rows.
ABOUT = (
    Field("schema", WHOLE, harmless=True),
    Field("as_of", DATE, harmless=True),
    Field("nation", harmless=True),
    Field("catalogue", harmless=True),
    Field("program", harmless=True),
    Field("bank_holidays", harmless=True),
    Field("bank_holidays_confirmed_to", DATE, harmless=True),
)
# Why rows are left out, by the name under which JSON counts them.
WHY = {
    "later": "due later than was asked for (`--all` lists them)",
    "without_date": "without a date, because the facts do not allow one "
    "(`iro explain CHILD` says why)",
    "open_without_date": "open without a date, and so counted neither as overdue nor as due",
}


def about(catalogue: Catalogue, as_of: date) -> dict[str, object]:
    """Return the statements that every listing has beside its rows."""
    return {
        "schema": 1,
        "as_of": as_of.isoformat(),
        "nation": catalogue.nation,
        "catalogue": catalogue.digest,
        "program": f"iro {__version__}",
        "bank_holidays": catalogue.calendar,
    }


def left_out_words(counts: Mapping[str, int]) -> str:
    """Return in words how many rows were left out, and why."""
    parts = [f"{count:,} {WHY.get(name, name)}" for name, count in counts.items() if count]
    return "; ".join(parts) or "nothing"


def statement(said: Mapping[str, object]) -> list[tuple[str, str]]:
    """
    Return the statements of a listing about itself as labels and texts for people.

    Args:
        said: The statements in the form of JSON; a missing one is left out.
    """
    lines = [
        ("As of", spoken(date.fromisoformat(str(said["as_of"])))),
        ("Nation", str(said["nation"]).replace("-", " ").title()),
    ]
    if "program" in said:
        lines.append(("Made by", str(said["program"])))
    lines.append(("Rules", str(said["catalogue"])))
    if "bank_holidays_confirmed_to" in said:
        day = date.fromisoformat(str(said["bank_holidays_confirmed_to"]))
        lines.append(("Bank holidays", f"confirmed to {spoken_short(day)}"))
    counts = said.get("left_out")
    if isinstance(counts, Mapping):
        lines.append(("Left out", left_out_words(counts)))
    if "pseudonyms" in said:
        words = (
            f"stand for ids, made with the key {said['pseudonyms']}; labels, dates of birth and "
            "free text are left out"
        )
        lines.append(("Pseudonyms", words))
    return lines


def sentence(said: Mapping[str, object]) -> str:
    """Return the statements as one paragraph."""
    return ". ".join(f"{label}: {text}" for label, text in statement(said)) + "."
