"""``record``, ``undo`` and ``history``."""

from datetime import date

from iro_cli import library
from iro_cli.changes.recording import Recorded, TwiceError, checked_event, record
from iro_cli.cli.asking import asked, can_ask
from iro_cli.cli.options import Given
from iro_cli.cli.output import emit, say, tell
from iro_cli.cli.refusal import last_refused
from iro_cli.cli.settings import Settings, open_view, resolve
from iro_cli.cli.values import plain_text
from iro_cli.clock import stamp, today, user
from iro_cli.dates.words import counted, spoken, spoken_moment, spoken_short
from iro_cli.errors import InputRefusedError, IroError, UsageError
from iro_cli.facts.model import Event
from iro_cli.facts.said import event_and_rest, events_said
from iro_cli.facts.vocabulary import (
    CODE,
    DAY,
    DAYS_AHEAD,
    DETAILS,
    EVENTS,
    LEFT,
    PLACED,
    REQUESTED,
    TEXT,
    YES_NO,
    option_of,
)
from iro_cli.figures.gaps import REMANDS, REVIEW, gaps_of
from iro_cli.lean import Any
from iro_cli.obligations.chains import Engine
from iro_cli.pages.chain import chain_export
from iro_cli.pages.history import history_export
from iro_cli.pages.words import when_words
from iro_cli.questions.chain import verified
from iro_cli.questions.naming import (
    awaited,
    child_named,
    children_named,
    ended,
    event_awaited,
    unknown_event,
)
from iro_cli.questions.show import is_too_early, show
from iro_cli.questions.twice import consequence
from iro_cli.sentences.details import said_besides
from iro_cli.sentences.findings import message_of, remedy_of
from iro_cli.sentences.gaps import gap_command, gap_words
from iro_cli.store.changing import Change
from iro_cli.store.undoing import Extent, Undone, extent, is_erasure, last_to_redo, last_to_undo

# The details that decide which clocks an event starts.  If one is not given, the first value of
# its list is assumed.
_DECIDING = ("outcome", "section_47")


def _yes_or_no(value: str, option: str) -> str:
    folded = value.casefold()
    for word, spellings in (("yes", ("yes", "y", "true", "1")), ("no", ("no", "n", "false", "0"))):
        if folded in spellings:
            return word
    raise UsageError(f"{option} {value!r}: must be yes or no")


def _detail(settings: Settings, name: str, text: str | None) -> Any:
    """
    Read the typed value of a detail, and return it as it is stored.

    Raises:
        UsageError: The value is of another kind.
    """
    option, kind = option_of(name), DETAILS[name].kind
    if text is not None and kind == YES_NO:
        return _yes_or_no(text, option)
    if not text:
        return None
    if kind == DAY:
        return settings.day(text, option, "past")
    if kind == TEXT:
        return plain_text(text, option)
    code = text.strip().upper()
    return code if kind == CODE and code in DETAILS[name].values else text.strip()


def _day_ahead(settings: Settings, happened: Event, by: str) -> str:
    """
    Return the typed day that is still to come, which becomes the reference of the event.

    Raises:
        UsageError: Such an event has no day to come, or the day is given twice.
    """
    ahead = EVENTS[happened.event].day_ahead
    if not ahead:
        raise UsageError(
            f"--by is only for {', '.join(DAYS_AHEAD)}: it is a day that is still to come"
        )
    if happened.reference is not None:
        raise UsageError(f"--by and --reference: give {ahead} once")
    return settings.day(by, "--by", "ahead").isoformat()


def _what_and_whose(
    settings: Settings, words: tuple[str, ...]
) -> tuple[str, tuple[str, ...], tuple[str, ...]]:
    """
    Split the words of the line into the event and the children, in either order.

    Returns:
        The words for the event, the events that they can mean, and the words for the children.

    Raises:
        UsageError: No child is named.
        InputRefusedError: No words name an event.
    """
    parted = event_and_rest(words)
    if parted is not None:
        return parted[0], events_said(parted[0]), parted[1]
    name = " ".join(words)
    if events_said(name):
        raise UsageError(f"CHILD is missing: whose {name} is it? `iro record {name!r} CHILD`")
    raise unknown_event(words[0], _awaited_by(settings, words[1:]))


def _in_quotes(settings: Settings, on: str | None, texts: tuple[str, ...]) -> str | None:
    """
    Return the option with quotes around its day, if words of the day were read as children.

    For example, ``--on 2 nov`` without quotes gives ``--on '2 nov'``.  If the day has several words
    already, or one of the words is a known child, the line was refused for another reason; then
    there is nothing to suggest.

    Args:
        settings: The settings, with the store.
        on: The word after ``--on``.
        texts: The words that were read as children.
    """
    if on is None or len(on.split()) != 1:
        return None
    from iro_cli.dates.natural import read_spoken  # noqa: PLC0415 - only where it is refused

    for first in range(len(texts)):
        for last in range(len(texts), first, -1):
            said = " ".join((on, *texts[first:last]))
            try:
                meant = read_spoken(said, today(), "past")
                if meant and not any(_is_child(settings, one) for one in texts[first:last]):
                    return f"--on '{said}'"
            except ValueError:
                continue
    return None


def _is_child(settings: Settings, text: str) -> bool:
    try:
        return bool(children_named(open_view(settings).reader, (text,)))
    except IroError:
        return False


def _awaited_by(settings: Settings, texts: tuple[str, ...]) -> list[str]:
    """Return the events that would meet open obligations of children, as suggestions."""
    try:
        view = open_view(settings)
        whose = children_named(view.reader, texts)
        return [one for child in whose for one in awaited(view, child)]
    except IroError:  # the line is refused for another reason
        return []


def _of_several(
    settings: Settings,
    change: Change,
    typed: str,
    names: tuple[str, ...],
    children: list[str],
    on: date,
    *,
    withdraw: bool,
) -> str:
    """Return the one of several events that is awaited, now or on its day, or recorded then."""
    if withdraw:
        recorded = {
            child: [one.event for one in events if one.on == on]
            for child, events in change.cases(on, children)
        }
        waiting = {child: recorded.get(child, []) for child in children}
        return event_awaited(typed, names, waiting, f"recorded on {spoken_short(on)}")
    view, then = open_view(settings, change), open_view(settings, change, on)
    waiting = {child: awaited(view, child) for child in children}
    # A process may have ended since the day on which its last meeting was held.
    waiting |= {
        child: awaited(then, child)
        for child, events in waiting.items()
        if not set(names).intersection(events)
    }
    endings = {child: one for child in children if (one := ended(view, child))}
    return event_awaited(typed, names, waiting, endings=endings)


def _one_or_two(settings: Settings, error: TwiceError) -> str:
    """
    Ask whether two days are one event or two.

    Returns:
        ``c`` to correct the stored day, ``s`` to store a second event.

    Raises:
        TwiceError: There is nobody to ask, or the answer is to store nothing; the message says
            how each would change the next date.
    """
    view = open_view(settings)
    does = [
        f"{child}: {words}"
        for child, event, known in error.twins
        if (words := consequence(view, child, event, known))
    ]
    view.close()
    text = "\n".join([*str(error).split("\n"), *does])
    if can_ask():
        say(f"iro: {text}")
        answer = asked(
            "correct that day (c), store a second one (s), or store nothing (Enter)?", "csn"
        )
        if answer != "n":
            return answer
        text = "nothing was stored"
    raise TwiceError(text, error.twins) from None


def record_command(
    given: Given,
    event: str,
    children: tuple[str, ...],
    on: str,
    by: str | None,
    insist: bool,
    correct: bool,
    withdraw: bool,
    **details: str | None,
) -> int:
    """
    Store one fact for one child or several.

    Afterwards, say what is due next and why.

    Raises:
        UsageError: A word or option cannot be read, or options contradict each other.
    """
    settings = resolve(given)
    for one, other in (("--withdraw", withdraw), ("--insist", insist)):
        if correct and other:
            raise UsageError(f"--correct and {one} do not go together: give one of them")
    typed, names, texts = _what_and_whose(settings, (event, *children))

    def as_typed(name: str) -> Event:
        day = settings.day(on, "--on", "past")
        read = {name: _detail(settings, name, text) for name, text in details.items()}
        found = Event(name, day, **read)
        if by is not None:
            found = found._replace(reference=_day_ahead(settings, found, by))
        return checked_event(found, today=today(), as_of=settings.as_of)

    def stored(*, insist: bool, correct: bool) -> tuple[Recorded, Event, str]:
        held = names[0]
        happened = as_typed(held)  # mistakes in the line are refused before the store is opened
        with settings.store.changing(stamp("record")) as change:
            whose = children_named(change, texts, remedy="`iro child add {}` adds one")
            if len(names) > 1:
                day = happened.on
                held = _of_several(settings, change, typed, names, whose, day, withdraw=withdraw)
                happened = as_typed(held)
            command = f"record {happened.event} {' '.join(whose)} --on {happened.on}"
            command += " --withdraw" * withdraw + " --correct" * correct
            change.stamp = stamp(command)
            how = {"insist": insist, "withdraw": withdraw, "correct": correct}
            return record(change, catalogue, happened, whose, **how), happened, held

    catalogue = library.catalogue(settings.nation, settings.packs)
    try:
        done, happened, held = stored(insist=insist, correct=correct)
    except TwiceError as error:
        answer = _one_or_two(settings, error)
        done, happened, held = stored(insist=answer == "s", correct=answer == "c")
    except (UsageError, InputRefusedError):
        if meant := _in_quotes(settings, on, texts):
            raise UsageError(f"put a day of several words in quotes: {meant}") from None
        raise
    changed = told(done, happened, withdraw=withdraw)
    if happened.event != held and not withdraw:
        tell(
            "  the conference was not quorate, so it does not count and stays due: `iro book … "
            "--reason inquorate` books another"
        )
    ahead = EVENTS[happened.event].day_ahead
    if ahead and not happened.reference and not withdraw:
        say(
            "iro: the early review has no due date, because no last day is given for it: "
            "add --by DATE"
            if happened.event == REQUESTED
            else f"iro: no due date can be worked out without {ahead}: add --by DATE"
        )
    if happened.event == PLACED and not happened.placement and not withdraw:
        _say_kinds(settings, happened)
    if done.added:
        _say_taken(happened)
    if happened.event in (*REMANDS, *LEFT, REVIEW):
        _say_gaps(settings, changed, reviews=happened.event == REVIEW)
    next_open(settings, changed, held_on=happened.on)
    return 0


def _say_gaps(settings: Settings, children: list[str], *, reviews: bool) -> None:
    """Say which recorded reviews, or else which other events, no clock counts."""
    view = open_view(settings)
    work = Engine(view.catalogue)
    for child in children:
        known = view.reader.children(child)[child]
        for _, events in view.reader.cases(view.as_of, child, whole=True):
            for gap in gaps_of(work, known, events, view.as_of):
                if (gap.event == REVIEW) == reviews:
                    say(f"iro: {child}: {gap_words(gap)}\n  `{gap_command(gap)}`")


def _say_taken(happened: Event) -> None:
    """Say which value is assumed for a detail that was not given but decides about clocks."""
    kind = EVENTS[happened.event]
    for detail in _DECIDING:
        taken, *others = kind.values.get(detail, ("",))
        if taken and getattr(happened, detail) is None:
            option = option_of(detail)
            say(
                f"iro: {option} is not given, so {taken} is taken; if that is not so, the same "
                f"command with {option} {' or '.join(others)} puts it right"
            )


def _say_kinds(settings: Settings, placed: Event) -> None:
    """If no kind of placement was given, say which kind the dates of visits are counted for."""
    view = open_view(settings)
    shown, rules = view.shown(), view.catalogue.rules.values()
    if any(one.process == "visits" and shown.shows(one, placed.on) for one in rules):
        _, *kinds, last = EVENTS[PLACED].values["placement"]
        say(
            "iro: no kind of placement was given, so visits are counted as for one that is not "
            f"meant to last: if it is another, add --placement {', '.join(kinds)} or {last}"
        )


def told(done: Recorded, happened: Event, *, withdraw: bool = False) -> list[str]:
    """Print the result of recording a fact, and return the children whose facts it changed."""
    what = f"{happened.event} on {spoken(happened.on)}"
    for child in done.standing:
        stands = said_besides(done.stands[child], happened)
        tell(f"{child}: {what} is recorded already{stands}; nothing changed")
    for verb, those in (
        ("recorded", done.added),
        ("taken back" if withdraw else "corrected", done.corrected),
    ):
        if those:
            tell(f"{verb}: {what} for {', '.join(those)}")
    for child, was in done.moved.items():
        tell(
            f"  {child}: it was on {spoken(was)}; what is booked from it or refers to it moved too"
        )
    for child, name in done.instead.items():
        tell(f"  {child}: it replaces {name} on that day")
    for child, finding in done.findings:
        say(f"iro: {child}: {message_of(finding)}\n  {remedy_of(finding)}")
    return [*done.added, *done.corrected]


def next_open(
    settings: Settings,
    children: list[str],
    process: str | None = None,
    held_on: date | None = None,
) -> None:
    """
    Print what is open now for children whose facts changed.

    Args:
        settings: The settings.
        children: Their ids.
        process: Only obligations in this process; ``None`` for all.
        held_on: The day of the recorded meeting.  If it was held too early, that is said first.
    """
    if not children:
        return
    view = open_view(settings)
    for child in children:
        found, _ = show(view, child)
        for one in found.met:
            if one.held == held_on and is_too_early(one):
                say(
                    f"iro: {child}: held TOO EARLY, so not in timescale: {one.row.title.lower()}; "
                    f"`iro timescales show {one.row.timescale}` says from when it may be held"
                )
        for row in found.open:
            if process in (None, row.process):
                due = (
                    f"due by {spoken(row.due)}, {when_words(row.days_left)}"
                    if row.due
                    else "no date"
                )
                started = f" (from {spoken_short(row.clock_started)})" if row.clock_started else ""
                tell(f"  {child}: {row.title} {due}{started}")


# A change with up to this many rows is taken back without a question.
_FEW = 5
_PLURALS = {"child": "children", "watch": "watches", "person": "people"}
_WHOSE = 3


def _extent_words(found: Extent) -> str:
    """Return words for how much a change did, and to which children."""
    parts = [
        f"{counted(number, kind, _PLURALS.get(kind))} {verb}"
        for (kind, verb), number in found.rows.items()
    ]
    # If no rows are counted, an import stored only what an extract says about itself, which the
    # history does not list.
    parts = parts or ["what the extract carries"]
    named = ", ".join(found.children[:_WHOSE])
    more = len(found.children) - _WHOSE
    whose = f", of {named}" if named else ""
    return ", ".join(parts) + whose + (f" and {more:,} more" if more > 0 else "")


def _change_words(one: Undone) -> str:
    return f"change {one.change}, {one.command} ({one.who}, {spoken_moment(one.at)})"


def _looked_at(settings: Settings) -> int | None:
    """
    Ask whether to take the last change back if it is large, an import or somebody else's.

    Returns:
        The number of that change, whether somebody was asked or not; ``None`` if there is none.
        The caller refuses if another change came after it, which nobody has looked at.

    Raises:
        InputRefusedError: The answer was no.
    """
    looked_at = _last_change(settings)
    if looked_at is None:
        return None
    last, found = looked_at
    theirs = last.who != user()
    if found.total <= _FEW and not theirs and not last.command.startswith("import "):
        return last.change if last_refused(settings.store) is None else _confirmed(last, found)
    return _confirmed(last, found)


def _last_change(settings: Settings) -> tuple[Undone, Extent] | None:
    """Return the change that an undo takes back, and how much it did, if one can be taken back."""
    settings.store.check()
    settings.store.prepare()
    with settings.store.reading() as reader:
        last = last_to_undo(reader)
        # An undo of a change that lost rows to an erasure is refused.
        if last is None or is_erasure(reader, last.change):
            return None
        return last, extent(reader, last.change)


def _confirmed(last: Undone, found: Extent) -> int:
    say(f"{_change_words(last)}:\n  {_extent_words(found)}")
    if asked("take it back (y), or leave it (Enter)?", "yn") != "y":
        raise InputRefusedError("nothing was taken back")
    return last.change


def undo_command(given: Given, yes: bool) -> int:
    """
    Take the last change back.

    Running it again takes back the change before it.

    Raises:
        InputRefusedError: It was not confirmed, or somebody stored another change meanwhile.
    """
    settings = resolve(given)
    refused = last_refused(settings.store)
    if refused:
        which = f"the last command, `iro {refused.command}` ({spoken_moment(refused.at)})"
        end = "was refused and stored nothing"
        if not refused.known:
            end = "may or may not be stored: look at what is taken back"
        elif _last_change(settings) is not None:
            end += ": what is taken back is the change before it"
        say(f"iro: {which}, {end}")
    shown = None if yes or not can_ask() else _looked_at(settings)
    with settings.store.changing(stamp("undo")) as change:
        last = last_to_undo(change)
        if shown is not None and (last is None or last.change != shown):
            raise InputRefusedError(
                "something was changed in the meantime, so nothing was taken back: run it again"
            )
        words = _extent_words(extent(change, last.change)) if last else ""
        undone = change.undo()
    tell(f"taken back: {_change_words(undone)}\n  {words}\n  `iro redo` does it again")
    return 0


def redo_command(given: Given) -> int:
    """Restore what the last undo took back."""
    settings = resolve(given)
    with settings.store.changing(stamp("redo")) as change:
        found = last_to_redo(change)
        words = _extent_words(extent(change, found[1].change)) if found else ""
        again = change.redo()
    tell(f"done again: {_change_words(again)}\n  {words}")
    return 0


def history_command(given: Given, child: str | None, verify: bool, expect: str | None) -> int:
    """
    Show who changed what and when, the latest change first.

    With ``--verify``, check the chain of changes instead.

    Raises:
        UsageError: Options do not fit each other.
    """
    if verify and child is not None:
        raise UsageError("--verify goes through every change: leave the child out")
    if expect is not None and not verify:
        raise UsageError("--expect can only be used with --verify")
    settings = resolve(given)
    view = open_view(settings, settings.store.reading(checked=not verify))
    if verify:
        from iro_cli.cli.progress import shown  # noqa: PLC0415 - not where a fact is recorded

        with shown():
            found = verified(view.reader, expect)
        emit(chain_export(found, view.catalogue, view.as_of), settings)
        return 0
    if child is not None and not view.reader.is_known(child):
        child = child_named(view.reader, child)
    entries = view.reader.history(child)
    emit(history_export(entries, child, view.catalogue, view.as_of), settings)
    return 0
