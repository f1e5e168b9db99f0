"""
The functions for Python programs: the answers of the command line, as typed values.

``import iro_cli`` has these names, and loads this module when one of them is used.
A refusal is an :class:`~iro_cli.errors.IroError` with the message that the command line
prints.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from os import PathLike, environ
from pathlib import Path

from iro_cli import library
from iro_cli.changes.recording import Recorded, checked_event, event_named
from iro_cli.changes.recording import record as record_fact
from iro_cli.clock import stamp, today
from iro_cli.dates.reading import given_as_of, given_day, read_period
from iro_cli.errors import UsageError
from iro_cli.facts.model import Event
from iro_cli.lean import NamedTuple
from iro_cli.obligations.due import Due
from iro_cli.obligations.listing import DueRow
from iro_cli.questions.due import AskedDue, open_obligations
from iro_cli.questions.given import (
    given_packs,
    given_path,
    given_text,
    given_text_or_none,
    given_texts,
)
from iro_cli.questions.view import Horizon, View
from iro_cli.questions.when import due_dates
from iro_cli.store.opening import Store, store_named


class Opened(NamedTuple):
    """
    A store with the day and the rules for questions about it, as :func:`open` returns it.

    Nothing is kept open between two questions, so each is answered from what is
    stored at that moment.

    Attributes:
        place: The store.
        as_of: The day that questions are asked about; ``None`` for today in London.
        nation: The nation whose law applies.
        packs: Local rule packs.
        strict: Whether a date for which a fact had to be inferred is refused.
    """

    place: Store
    as_of: date | None
    nation: str
    packs: tuple[Path, ...]
    strict: bool

    def view(self) -> View:
        """
        Return the store and the rules on the day, for one question.

        Raises:
            StoreError: The store cannot be read.
            PackError: A local pack is wrong.
        """
        return View(
            self.place.reading(),
            nation=self.nation,
            as_of=self.as_of or today(),
            packs=self.packs,
            strict=self.strict,
        )


def open(  # noqa: A001 - what it does; `import iro_cli` keeps it apart
    path: str | PathLike[str] | None = None,
    *,
    as_of: date | None = None,
    nation: str = "england",
    packs: str | PathLike[str] | Iterable[str | PathLike[str]] = (),
    strict: bool = False,
) -> Opened:
    """
    Open a store, to ask questions about it and to record facts in it.

    Args:
        path: The store's file, or what else ``IRO_DATABASE`` can say. Left out, it is the
            store that ``IRO_DATABASE`` names, else the one in its usual place. The
            configuration file is the command line's, and is not read.
        as_of: The day that questions are asked about: what happened later is not known
            yet. Left out, it is the day in London on which each question is asked.
        nation: The nation whose law applies.
        packs: Local rule packs to use as well: a path, or several.
        strict: Whether a date for which a fact had to be inferred is refused.

    Raises:
        UsageError: ``as_of`` is not a date, or of a year in which no listing means anything,
            ``path`` or ``packs`` is no path, or ``nation`` is no text.
        StoreError: The store is missing, damaged, or newer than this program.
        PackError: A local pack is wrong.
        InputRefusedError: This version has no rules for the nation.

    >>> store = open("testshire.db", as_of=date(2026, 11, 23))
    >>> store.nation
    'england'
    """
    if as_of is not None:
        given_as_of(as_of)
    named = given_path("path", path) if path is not None else environ.get("IRO_DATABASE")
    law = given_text("nation", nation)
    opened = Opened(store_named(named), as_of, law, given_packs(packs), strict)
    opened.view().close()  # so that an error is raised here and not by the first question
    return opened


def _opened(store: object) -> Opened:
    if not isinstance(store, Opened):
        raise UsageError(
            f"store: must be what iro_cli.open(path) returns, not {type(store).__name__}"
        )
    return store


def _yes_no(what: str, said: bool | None) -> str | None:
    """
    Return a detail as it is stored.

    Raises:
        UsageError: It is neither true nor false.
    """
    if said is None:
        return None
    if not isinstance(said, bool):
        raise UsageError(f"{what}: must be True, False or None, not {type(said).__name__}")
    return "yes" if said else "no"


def _horizon(within: str) -> Horizon:
    given_text("within", within)
    try:
        return Horizon(*read_period(within))
    except ValueError as error:
        raise UsageError(f"within {within!r}: {error}") from None


def due(
    store: Opened,
    *,
    within: str = "28d",
    everything: bool = False,
    iro: str | None = None,
    team: str | None = None,
    process: str | None = None,
    child: str | None = None,
    timescales: Sequence[str] = (),
    unbooked: bool = False,
    watched_all: bool = False,
    only_overdue: bool = False,
    words: Sequence[str] = (),
) -> list[DueRow]:
    """
    Return what is open, soonest first, as ``iro due`` lists it.

    Args:
        store: The store.
        within: How far ahead to look: ``28d``, ``4w``, ``20wd`` or ``3m``.
        everything: Whether everything that is open is listed, however far ahead.
        iro: Only children of this IRO or chair.
        team: Only children of this team.
        process: Only this process.
        child: Only this child.
        timescales: Only these timescales, or this one, by id or by the name of a group.
        unbooked: Whether only rows without a booked meeting are listed.
        watched_all: Whether timescales that nobody turned on are listed too.
        only_overdue: Whether only overdue rows are listed, for however long they are overdue.
        words: Only rows that have each of these words, or this one, in the child, label, IRO or
            chair, team, process or title.

    Raises:
        UsageError: ``store`` is not an opened store, ``within`` is not a length of time, there is
            no such process, or a filter is no text.
        InputRefusedError: A filter names nobody, or a timescale that is not shown.
        StoreError: The store cannot be read.

    >>> store = open("testshire.db", as_of=date(2026, 11, 23))
    >>> for row in due(store, child="TS-0130", only_overdue=True):
    ...     print(row.timescale, row.due, row.days_left)
    cla.review.subsequent 2026-09-30 -54
    dispute.resolution 2026-11-16 -7
    """
    asked = AskedDue(
        within=_horizon(within),
        everything=everything,
        iro=given_text_or_none("iro", iro),
        team=given_text_or_none("team", team),
        process=given_text_or_none("process", process),
        child=given_text_or_none("child", child),
        timescales=given_texts("timescales", timescales),
        unbooked=unbooked,
        watched_all=watched_all,
        only_overdue=only_overdue,
        words=given_texts("words", words),
    )
    view = _opened(store).view()
    try:
        view.check_names(iro=iro, team=team, process=process)
        return open_obligations(view, asked)
    finally:
        view.close()


def when(
    timescale: str,
    day: date,
    *,
    nation: str = "england",
    packs: str | PathLike[str] | Iterable[str | PathLike[str]] = (),
) -> Due:
    """
    Return when a timescale is due from a day. No store is needed.

    The answer has the day (``due``), the last working day on or before it
    (``hold_by``), the bank holidays that were not counted (``left_out``), and the
    version of the rule with its authority (``version``).

    Args:
        timescale: Its id, as ``iro timescales`` lists it.
        day: The day on which its clock starts.
        nation: The nation whose law applies.
        packs: Local rule packs to use as well: a path, or several.

    Raises:
        UsageError: ``day`` is not a date, ``timescale`` or ``nation`` is no text, or ``packs`` is
            no path.
        InputRefusedError: There is no such timescale, or no date can be given.
        PackError: A local pack is wrong.

    >>> found = when("cla.review.first", date(2026, 12, 14))
    >>> found.due
    datetime.date(2027, 1, 14)
    >>> [holiday.name for holiday in found.left_out]
    ['Christmas Day', 'Boxing Day (observed)', "New Year's Day"]
    >>> found.version.citations[0].provision
    'reg. 33(1)'
    """
    given_day("day", day)
    meant = given_text("timescale", timescale)
    catalogue = library.catalogue(given_text("nation", nation), given_packs(packs))
    [found] = due_dates(catalogue, library.calendar(catalogue.calendar), meant, [day])
    return found


def record(
    store: Opened,
    event: str,
    children: str | Sequence[str],
    on: date,
    *,
    outcome: str | None = None,
    participation: str | None = None,
    section_47: bool | None = None,
    completed_on: date | None = None,
    advocacy: bool | None = None,
    quorate: bool | None = None,
    scaling: int | None = None,
    attended: str | None = None,
    placement: str | None = None,
    reason: str | None = None,
    reference: str | None = None,
    note: str | None = None,
    insist: bool = False,
    withdraw: bool = False,
    correct: bool = False,
) -> Recorded:
    """
    Store one fact, for one child or for several: all of them or none.

    It is one change, which ``iro undo`` takes back.

    Args:
        store: The store.
        event: What happened, such as ``cla.review``.
        children: The child's id, or several ids.
        on: The day on which it happened.
        outcome: What a conference decided.
        participation: How the child took part, ``PN0`` to ``PN7``.
        section_47: Whether a strategy discussion started section 47 enquiries.
        completed_on: The last day of a series of meetings.
        advocacy: Whether an advocate was offered.
        quorate: Whether the conference was quorate.
        scaling: Signs of Safety scaling, 0 to 10.
        attended: Who took part.
        placement: The kind of a placement, such as ``to-18``.
        reason: Why, in a few words.
        reference: Which dispute, or the date of which review.
        note: Anything else worth keeping.
        insist: Whether it is stored although it contradicts the child's facts.
        withdraw: Whether the fact is taken back instead, because it did not happen.
        correct: Whether it replaces a fact: the same event on another day near it, or a
            conference on the same day that counted or did not count.

    Returns:
        The children whose facts were added, corrected or there already, and what they
        contradict.

    Raises:
        UsageError: ``store`` is not an opened store, no child is named, a day is not a date, or
            another argument is of the wrong type.
        InputRefusedError: The event or a child is unknown, the day is in the future, a detail
            does not belong to the event, or the fact contradicts others.
        StoreError: The store cannot be written.

    >>> store = open("testshire.db", as_of=date(2026, 11, 23))
    >>> record(store, "cla.review", "TS-0101", date(2026, 11, 20)).added
    ['TS-0101']
    """
    named = given_texts("children", children)
    if not named:
        raise UsageError("children: the list is empty: give the id of a child, or a list of ids")
    place = _opened(store).place
    if completed_on is not None:
        given_day("completed_on", completed_on)
    happened = Event(
        event_named(given_text("event", event)),
        given_day("on", on),
        outcome=given_text_or_none("outcome", outcome),
        section_47=_yes_no("section_47", section_47),
        completed_on=completed_on,
        reference=given_text_or_none("reference", reference),
        reason=given_text_or_none("reason", reason),
        participation=given_text_or_none("participation", participation),
        note=given_text_or_none("note", note),
        quorate=_yes_no("quorate", quorate),
        scaling=None if scaling is None else str(scaling),
        advocacy=_yes_no("advocacy", advocacy),
        attended=given_text_or_none("attended", attended),
        placement=given_text_or_none("placement", placement),
    )
    happened = checked_event(happened, today=today(), as_of=store.as_of or today())
    words = f"python: record {happened.event} {' '.join(named)} --on {happened.on}"
    words += " --withdraw" * withdraw + " --correct" * correct
    catalogue = library.catalogue(store.nation, store.packs)
    how = {"insist": insist, "withdraw": withdraw, "correct": correct}
    with place.changing(stamp(words)) as change:
        return record_fact(change, catalogue, happened, named, **how)
