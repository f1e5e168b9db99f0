"""Book the meeting for an open timescale, move it to another day, or take it back."""

from collections.abc import Iterable, Sequence
from datetime import date

from iro_cli.dates.words import spoken, spoken_short
from iro_cli.errors import InputRefusedError
from iro_cli.facts.model import Booking
from iro_cli.facts.said import timescale_alone, timescales_said
from iro_cli.facts.vocabulary import MOVED_BECAUSE
from iro_cli.figures.diary import SuggestedRow
from iro_cli.law.catalogue import Catalogue
from iro_cli.law.model import Rule
from iro_cli.lean import NamedTuple
from iro_cli.obligations.ahead import CHAIRED, kind_of_work
from iro_cli.obligations.listing import answering
from iro_cli.obligations.open import Obligation
from iro_cli.questions.naming import open_for, why_nothing_is_open
from iro_cli.questions.people import availability
from iro_cli.questions.view import View, known_child
from iro_cli.sentences.people import hindrance_words
from iro_cli.store.changing import Change
from iro_cli.store.kinds import BOOKING
from iro_cli.store.reading import Standing


class Wanted(NamedTuple):
    """
    The meeting that somebody wants to book.

    Attributes:
        child: The child.
        timescale: The timescale that the meeting is to meet.
        on: The day of the meeting.
        at: Its time, or ``None``.
        reason: Why it replaces an earlier booking.
        started: The day the clock started, if two are open.
    """

    child: str
    timescale: str
    on: date
    at: str | None = None
    reason: str | None = None
    started: date | None = None


def _which(days: Iterable[date | None], started: date | None, what: str) -> date | None:
    """
    Return the day on which the meant clock started.

    Raises:
        InputRefusedError: Several are open and none is named, or the named one is not open.
    """
    found = sorted(set(days), key=lambda one: one or date.min)
    words = " and ".join(spoken_short(one) if one else "a day not known" for one in found)
    if started is None:
        if len(found) > 1:
            raise InputRefusedError(
                f"{what} is open more than once: its clocks started on {words}: "
                "say which with --from DATE"
            )
        return found[0]
    if started not in found:
        raise InputRefusedError(
            f"{what}: no clock started on {spoken_short(started)}; it started on {words}"
        )
    return started


def timescale_meant(view: View, child: str, typed: str | None, on: date) -> str:
    """
    Return the timescale that is to be met: the one that is named, or the only open meeting.

    Args:
        view: The store, the rules and the day.
        child: The child.
        typed: Its id, or a word for it; ``None`` if none is named.
        on: The day of the meeting, for the message.

    Raises:
        InputRefusedError: There is none of that name, or several could be meant.
    """
    rules = view.catalogue.rules
    # An id means itself, even if that timescale is not open: booking it then says what is.
    if typed in rules:
        return typed
    every = open_for(view, child)
    opened = list(dict.fromkeys(one.rule.id for one in every))
    if typed is None:
        named, said = _only_meeting(_meetings(view, every)), f"of {child}, the meeting"
    else:
        could = timescales_said(typed, rules)
        if not could:
            raise view.catalogue.unknown(typed, opened)
        said = f"of {child}, {typed!r}"
        named = _only_meeting([one for one in every if one.rule.id in could])
        # With one alone, booking it says what is open instead.
        if not named and len(alone := timescale_alone(typed, rules)) == 1:
            return alone[0]
    if len(named) == 1:
        return named[0]
    if not named:
        what = "meeting" if typed is None else repr(typed)
        raise InputRefusedError(
            f"{child} has no {what} open on {spoken_short(view.as_of)} that could be booked: "
            f"{_what_is_open(view, child, opened)}"
        )
    raise InputRefusedError(
        f"{said} may be {' or '.join(named)}: say which, as in `iro book {child} {named[0]} {on}`"
    )


def _what_is_open(view: View, child: str, opened: Sequence[str]) -> str:
    """Return which timescales a child has open, or why none is."""
    if opened:
        return f"the child has {', '.join(opened)} open"
    return why_nothing_is_open(view, child)


def _meetings(view: View, every: Sequence[Obligation]) -> list[Obligation]:
    """Return the open reviews and conferences; only the shown ones, if any are shown."""
    chaired = [
        one for one in every if one.rule is one.clock.rule and kind_of_work(one.rule) in CHAIRED
    ]
    return [one for one in chaired if view.shown().shows(one.rule, one.started)] or chaired


def _only_meeting(opened: Sequence[Obligation]) -> list[str]:
    """Return one timescale for each meeting, the soonest of those that one meeting meets."""
    soonest = sorted(opened, key=lambda one: one.due.due if one.due else date.max)
    found: dict[str, str] = {}
    for one in soonest:
        found.setdefault(one.rule.met_by[0].event, one.rule.id)
    return [*found.values()]


def _meant(view: View, wanted: Wanted, every: Sequence[Obligation]) -> Obligation:
    """Return the open timescale that is to be met, or refuse what is not open."""
    child, rule = wanted.child, view.catalogue.get(wanted.timescale)
    found = [one for one in every if one.rule.id == rule.id]
    if not found:
        opened = list(dict.fromkeys(one.rule.id for one in every))
        raise InputRefusedError(
            f"{rule.id} is not open for {child} on {spoken_short(view.as_of)}: "
            f"{_what_is_open(view, child, opened)}"
        )
    # Preparation counts back from the booked meeting.  A booking of its own would have nothing to
    # count from, and the meeting would look booked twice.
    if rule.trigger.booked:
        raise InputRefusedError(
            f"{rule.id} is not a meeting, but is done before one: "
            f"book {' or '.join(rule.trigger.booked)}"
        )
    days = (one.started for one in found)
    started = _which(days, wanted.started, f"{rule.id} of {child}")
    return next(one for one in found if one.started == started)


def _about_the_day(view: View, child: str, on: date, rule: Rule, meant: Obligation) -> list[str]:
    """Return warnings about the day for which a meeting is booked."""
    # These are warnings and not refusals: a late meeting has to be booked too, or it would be
    # listed as not booked; and some meetings are held on a Saturday.
    warnings, title = [], rule.title.lower()
    holders = view.reader.holders(on, child)
    away = availability(view).why_not(answering(holders, child, rule.process), on)
    if away:
        warnings.append(f"on {spoken_short(on)} {hindrance_words(away)}")
    if on.weekday() > 4:
        warnings.append(f"{spoken_short(on)} is a weekend")
    elif not view.calendar.is_working_day(on):
        warnings.append(f"{spoken_short(on)} is a bank holiday")
    known = known_child(view.reader, child)
    if grown := view.listing(view.shown()).outgrown(known, rule, on):
        warnings.append(
            f"the child reaches {view.of(known).catalogue.childhood_ends_at_age} on "
            f"{spoken_short(grown)}: {title} is not owed from that day on"
        )
    due = meant.due
    if due and on > due.due:
        warnings.append(f"it is TOO LATE: {title} is due by {spoken_short(due.due)}")
    if due and due.not_before and on < due.not_before:
        warnings.append(
            f"it is TOO EARLY: {title} may not be held before {spoken_short(due.not_before)}"
        )
    return warnings


def book(change: Change, view: View, wanted: Wanted) -> list[str]:
    """
    Book the meeting for an open timescale; an earlier booking is replaced.

    Args:
        change: The change in which it is stored.
        view: The facts in the change, the rules and the day.
        wanted: The meeting.

    Returns:
        Warnings: an IRO or chair who is away, a weekend, a bank holiday, a day after childhood,
        too late, too early, a meeting that was moved without a reason, a time that was dropped.

    Raises:
        InputRefusedError: The child is unknown, the timescale is not open, or the
            day has passed.
    """
    every = open_for(view, wanted.child)
    meant = _meant(view, wanted, every)
    # A local marker shares the clock of the law's rule, so the booking is kept under that rule.
    rule, started = meant.clock.rule, meant.clock.started
    if wanted.on < view.as_of:
        raise InputRefusedError(
            f"{spoken_short(wanted.on)} lies before {spoken_short(view.as_of)}: only a meeting "
            "that is still to come can be booked; record one that was held with `iro record`"
        )
    warnings = _about_the_day(view, wanted.child, wanted.on, meant.rule, meant)
    warnings += _met_too(view, every, meant, wanted)
    others = {one.clock.started for one in every if one.clock.rule.id == rule.id} - {started}
    for row in _booked(change, wanted.child, rule.id):
        if row.record.clock_started == started and wanted.reason is None:
            warnings += _moved(row.record, wanted)
        # A booking for a clock that has been met or ended is withdrawn as well; one for another
        # open clock of the same timescale stays.
        if row.record.clock_started not in others:
            change.withdraw(BOOKING, [row])
    made = Booking(wanted.child, rule.id, started, wanted.on, wanted.at, wanted.reason)
    change.add(BOOKING, [made])
    return warnings


def _met_too(
    view: View, every: Sequence[Obligation], meant: Obligation, wanted: Wanted
) -> list[str]:
    """Name the other timescales that the same meeting would meet, and that are not booked yet."""
    mine = {one.event for one in meant.clock.rule.met_by[:1]}
    return [
        f"the same meeting counts for {one.rule.id} too, which is not booked yet: "
        f"`iro book {wanted.child} {one.rule.id} {wanted.on}`"
        for one in every
        if one.booking is None
        and one.rule.id != meant.rule.id
        and view.catalogue.is_shown(one.rule)
        and one.rule is one.clock.rule
        and mine.intersection(match.event for match in one.rule.met_by)
    ]


def _moved(before: Booking, wanted: Wanted) -> list[str]:
    if before.on == wanted.on:
        if not before.at or wanted.at:
            return []
        return [f"it was booked at {before.at} and now has no time: give the time again to keep it"]
    said = (
        f"it was booked for {spoken(before.on)}, and no reason is given for the change: "
        f"give one with --reason {'|'.join(MOVED_BECAUSE)}"
    )
    return [said]


def _booked(change: Change, child: str, timescale: str) -> list[Standing[Booking]]:
    return [row for row in change.standing(BOOKING, child) if row.record.timescale == timescale]


def unbook(
    change: Change,
    catalogue: Catalogue,
    child: str,
    timescale: str,
    started: date | None = None,
) -> Booking:
    """
    Take a booking back.

    Args:
        change: The change in which it is stored.
        catalogue: The rules.  A booking for a rule that no pack has any more can be taken back
            too.
        child: The child.
        timescale: The timescale that the meeting was to meet.
        started: The day the clock started, if two are booked.

    Raises:
        InputRefusedError: Nothing is booked, or more than one meeting is.
    """
    rule = catalogue.rules.get(timescale)
    # The booking of a marker is kept under the law's rule, whose clock it shares.
    name = rule.beside or rule.id if rule else timescale
    rows = _booked(change, child, name)
    if not rows:
        raise InputRefusedError(f"nothing is booked for {timescale} of {child}")
    days = (row.record.clock_started for row in rows)
    day = _which(days, started, f"{timescale} of {child}")
    row = [one for one in rows if one.record.clock_started == day][-1]
    change.withdraw(BOOKING, [row])
    return row.record


def booked_as(change: Change, catalogue: Catalogue, child: str, typed: str | None) -> str:
    """
    Return the timescale whose booking is taken back.

    Args:
        change: The change, with the bookings.
        catalogue: The rules.
        child: The child.
        typed: Its id, or a word for it; ``None`` for the only one that is booked.

    Raises:
        InputRefusedError: Several that are booked could be meant, or none is booked.
    """
    booked = [row.record.timescale for row in change.standing(BOOKING, child)]
    could = tuple(booked) if typed is None else timescales_said(typed, catalogue.rules)
    named = list(dict.fromkeys(one for one in could if one in booked))
    if typed is not None and (typed in catalogue.rules or not named):
        return typed
    if len(named) == 1:
        return named[0]
    if not named:
        raise InputRefusedError(f"nothing is booked for {child}")
    raise InputRefusedError(
        f"{child} has several booked that may be meant, {' and '.join(named)}: say which"
    )


def book_all(change: Change, rows: Iterable[SuggestedRow], as_of: date) -> int:
    """
    Book every meeting on the day that is proposed for it.

    Args:
        change: The change in which it is stored.
        rows: The proposal; rows without a day are left out.
        as_of: The day for which it was made; bookings for earlier days have passed.

    Returns:
        How many were booked.

    Raises:
        InputRefusedError: One was booked meanwhile; nothing is stored.
    """
    # Between proposal and booking a colleague may have booked one of them.  Their booking must not
    # be replaced without their knowing.
    wanted = {(row.child, row.timescale): row for row in rows if row.suggested is not None}
    for standing in change.standing(BOOKING, {child for child, _ in wanted}):
        before = standing.record
        row = wanted.get((before.child_id, before.timescale))
        if row is None:
            continue
        # A booking for a day that has passed, or for a clock that was met, is out of date, and
        # gives way to the proposal.
        if before.clock_started == row.clock_started and before.on >= as_of:
            raise InputRefusedError(
                f"{row.timescale} of {row.child} has been booked in the meantime, for "
                f"{spoken_short(before.on)}: nothing was stored; run the command again"
            )
        change.withdraw(BOOKING, [standing])
    change.add(
        BOOKING,
        [
            Booking(row.child, row.timescale, row.clock_started, row.suggested)
            for row in wanted.values()
            if row.suggested
        ],
    )
    return len(wanted)
