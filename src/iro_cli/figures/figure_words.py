"""Figures as people read them."""

from iro_cli.figures.timeliness import FigureRow

KEPT_BACK = "kept back"
_STATUS = {
    "out-of-timescale": "held late",
    "outstanding": "not held yet",
    "never-held": "never held",
}


def percent(rate: float | None) -> str:
    """
    Write a rate for people, never rounded up to all or down to none.

    >>> percent(0.9996), percent(1.0), percent(0.0002), percent(0.5), percent(None)
    ('99.9%', '100%', '0.1%', '50.0%', '-')
    """
    if rate is None:
        return "-"
    if rate in (0, 1):
        return f"{rate:.0%}"
    return f"{min(max(100 * rate, 0.1), 99.9):.1f}%"


def number(value: float | None) -> str:
    """Write a count for people."""
    return "-" if value is None else f"{value:,g}"


def status_words(status: str) -> str:
    """Write what became of something late."""
    return _STATUS.get(status, status)


def rate_words(row: FigureRow) -> str:
    """Write how much was in timescale, with its counts."""
    if row.suppressed and row.in_timescale is None:
        return KEPT_BACK
    return f"{row.in_timescale:,}/{row.due:,} {percent(row.timeliness)}" if row.due else "-"


def count_words(part: int | None, whole: int | None) -> str:
    """Write so many of so many."""
    if part is None:
        return "-" if whole is None else f"-/{whole:,}"
    return f"{part:,}" if whole is None else f"{part:,}/{whole:,}"
