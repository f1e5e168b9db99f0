"""
Which reviews and conferences are due, which are late, and why.

    >>> from datetime import date
    >>> import iro_cli
    >>> iro_cli.when("cla.review.first", date(2026, 10, 12)).due
    datetime.date(2026, 11, 9)

:func:`open`, :func:`due`, :func:`when` and :func:`record` are what Python programs
call; ``docs/python.md`` shows them.  They are imported when one of them is used, so
that ``import iro_cli`` costs nothing.
"""

__version__ = "0.2.0"
__all__ = ["__version__", "due", "open", "record", "when"]

# A type checker takes this for true, as the constant of typing.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from iro_cli.face import due, open, record, when  # noqa: A004 - `iro_cli.open`


def __getattr__(name: str) -> object:
    """Return one of the functions for Python programs; they are all imported now."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from iro_cli import face  # noqa: PLC0415 - nothing is imported before it is used

    return getattr(face, name)


def __dir__() -> list[str]:
    """Return the names that a program can use."""
    return sorted(__all__)
