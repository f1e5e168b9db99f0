"""Which reviews and conferences are due, which are late, and why."""

__version__ = "0.2.0"
