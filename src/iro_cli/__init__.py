"""Which reviews and conferences are due, which are late, and why."""

__version__ = "0.1.0"
