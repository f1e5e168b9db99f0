"""Say in words which facts call for a date although no clock counts one."""

from iro_cli.figures.gaps import (
    EARLY_WITHOUT_DATE,
    LEFT_WITHOUT_NATION,
    REMAND_WITHOUT_CARE,
    REVIEW_WHILE_PLACED,
    Gap,
)

_LEFT_ALONE = (
    "the child moved away, but the nation recorded for the child is still the one that the "
    "child left, so every date is still counted by the law of that nation"
)
_STAND_STILL = (
    "looked-after reviews stand still while a child is placed for adoption, so it meets no review "
    "that is owed; if it was the adoption review too, record that"
)
_WORDS = {
    EARLY_WITHOUT_DATE: (
        "an early review was called for, and no last day is given, so it has no date",
        "iro record {event} {child} --on {on} --by DATE",
    ),
    REMAND_WITHOUT_CARE: (
        "a child on remand is looked after, and no period of care is open, so no review is counted",
        "iro record cla.start {child} --on {on}",
    ),
    LEFT_WITHOUT_NATION: (
        _LEFT_ALONE,
        "iro child edit {child} --child-nation NATION",
    ),
    REVIEW_WHILE_PLACED: (
        _STAND_STILL,
        "iro record adoption.review {child} --on {on}",
    ),
}


def gap_words(gap: Gap) -> str:
    """Say what is missing."""
    return _WORDS[gap.check][0]


def gap_command(gap: Gap) -> str:
    """Return the command that puts it right; words in capitals are to be filled in."""
    return _WORDS[gap.check][1].format(event=gap.event, child=gap.child, on=gap.on)
