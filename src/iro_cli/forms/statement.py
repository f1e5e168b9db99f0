"""What an export says about itself: the day, the nation, the program, the rules, what it lacks."""

from collections.abc import Mapping
from datetime import date

from iro_cli.dates.words import spoken, spoken_short

# Why rows are left out, by the name that JSON counts them under.
WHY = {
    "later": "due later than was asked for (`--all` lists them)",
    "without_date": "without a date, because the facts do not allow one "
    "(`iro explain CHILD` says why)",
    "open_without_date": "open without a date, and so counted neither as overdue nor as due",
}


def left_out_words(counts: Mapping[str, int]) -> str:
    """Say how many rows were left out, and why."""
    parts = [f"{count:,} {WHY.get(name, name)}" for name, count in counts.items() if count]
    return "; ".join(parts) or "nothing"


def statement(about: Mapping[str, object]) -> list[tuple[str, str]]:
    """
    Write what a listing says about itself as labelled lines for people.

    Args:
        about: The same for programs, as JSON has it; what is not there is not said.
    """
    lines = [
        ("As of", spoken(date.fromisoformat(str(about["as_of"])))),
        ("Nation", str(about["nation"]).replace("-", " ").title()),
    ]
    if "program" in about:
        lines.append(("Made by", str(about["program"])))
    lines.append(("Rules", str(about["catalogue"])))
    if "bank_holidays_confirmed_to" in about:
        day = date.fromisoformat(str(about["bank_holidays_confirmed_to"]))
        lines.append(("Bank holidays", f"confirmed to {spoken_short(day)}"))
    counts = about.get("left_out")
    if isinstance(counts, Mapping):
        lines.append(("Left out", left_out_words(counts)))
    if "pseudonyms" in about:
        words = (
            f"stand for ids, made with the key {about['pseudonyms']}; labels, dates of birth and "
            "free text are left out"
        )
        lines.append(("Pseudonyms", words))
    return lines


def sentence(about: Mapping[str, object]) -> str:
    """Write the same as one paragraph."""
    return ". ".join(f"{label}: {text}" for label, text in statement(about)) + "."
