"""Names that are one person's, or nearly another's."""

import pytest

from iro_cli.facts.names import alike, near_misses, other_spellings


@pytest.mark.parametrize(
    ("name", "near"),
    [
        ("Ada Okafr", ["Ada Okafor"]),
        ("Ada Okafora", ["Ada Okafor"]),
        ("ada okafor", []),
        ("Ben Rees", []),
        ("A. Okafor", ["Ada Okafor"]),
        ("Ada Rees", []),
        ("Nia Vole", []),
    ],
)
def test_a_slip_of_a_known_name(name: str, near: list[str]) -> None:
    """A letter or two may differ; a shared first or last name is not enough."""
    assert near_misses(name, ["Ada Okafor", "Dev Raman", "Una Petrel"]) == near


def test_two_new_names_are_compared_too() -> None:
    """In a first import every name is new."""
    assert alike(["Ada Okafor", "Ada Okafr", "Dev Raman"]) == [("Ada Okafr", "Ada Okafor")]


def test_spellings_without_another_are_left() -> None:
    """A name with one spelling is no finding."""
    assert other_spellings(["Ada Okafor", "Dev Raman"]) == {}
    assert other_spellings(["ada okafor", "Ada  Okafor", "Ada Okafor"]) == {
        "ada okafor": "Ada Okafor",
        "Ada  Okafor": "Ada Okafor",
    }
