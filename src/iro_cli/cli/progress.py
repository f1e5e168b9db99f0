"""Show how far long work is as a bar, if standard error is a terminal."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import monotonic

from iro_cli.forms import may_style
from iro_cli.lean import TYPE_CHECKING, Any, TextIO
from iro_cli.progress import Step, Watched
from iro_cli.safe import printable

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

# In seconds: how long work takes before a bar is shown, and how often the bar is drawn then.
_PATIENCE, _OFTEN = 1.0, 0.1
_MEGABYTE = 1_000_000


class Bar:
    """Shows each step of long work as a bar, once it has taken a second."""

    def __init__(self, out: TextIO, clock: Callable[[], float] = monotonic) -> None:
        """
        Start the clock.

        Args:
            out: The terminal.
            clock: Returns the time in seconds.
        """
        self._out, self._clock = out, clock
        self._begun = self._drawn = clock()
        self._bar: Progress | None = None
        self._task: TaskID | None = None
        self._what = ""

    def __call__(self, step: Step) -> None:
        """Show how far the work is, if it is time to."""
        now = self._clock()
        if self._bar is None:
            if now - self._begun < _PATIENCE:
                return
            self._bar = _drawn_on(self._out)
        elif now - self._drawn < _OFTEN and step.what == self._what:
            return
        self._drawn = now
        told: dict[str, Any] = {
            "completed": step.done,
            "total": step.of,
            "counted": step_words(step),
        }
        if self._task is None:
            self._task = self._bar.add_task(printable(step.what), **told)
        elif step.what == self._what:
            self._bar.update(self._task, **told)
        else:
            self._bar.reset(self._task, description=printable(step.what), **told)
        self._what = step.what
        self._bar.refresh()

    def close(self) -> None:
        """Remove the bar."""
        if self._bar:
            self._bar.stop()
            self._bar = None


def step_words(step: Step) -> str:
    """
    Return how much is done and how much there is, in words.

    >>> step_words(Step("Storing", 2000, 119000, "children"))
    '2,000 of 119,000 children'
    >>> step_words(Step("Reading events.csv", 12_400_000, 44_100_000, "bytes"))
    '12.4 of 44.1 MB'
    """
    if step.unit == "bytes":
        numbers = [step.done / _MEGABYTE, *([] if step.of is None else [step.of / _MEGABYTE])]
        return " of ".join(f"{one:,.1f}" for one in numbers) + " MB"
    numbers = [step.done, *([] if step.of is None else [step.of])]
    return " of ".join(f"{one:,}" for one in numbers) + f" {step.unit}"


def _drawn_on(out: TextIO) -> "Progress":
    """Start a bar that disappears without a trace."""
    from rich.console import Console  # noqa: PLC0415 - only where there is something to show
    from rich.progress import (  # noqa: PLC0415 - as above
        BarColumn,
        Progress,
        TextColumn,
        TimeRemainingColumn,
    )

    bar = Progress(
        TextColumn("{task.description}", markup=False),
        BarColumn(bar_width=None),
        TextColumn("{task.fields[counted]}", markup=False),
        TimeRemainingColumn(compact=True),
        console=Console(file=out),
        # There is no thread that draws, so an interrupted command leaves nothing behind.
        auto_refresh=False,
        transient=True,
        expand=True,
        redirect_stdout=False,
        redirect_stderr=False,
    )
    bar.start()
    return bar


@contextmanager
def shown() -> Iterator[None]:
    """Show how far the work in a block of code is, if standard error is a terminal."""
    if not may_style(sys.stderr):
        yield
        return
    bar = Bar(sys.stderr)
    try:
        with Watched(bar):
            yield
    finally:
        bar.close()
