"""Find the child, event or timescale that somebody means by what they type."""

from collections.abc import Iterable, Mapping, Sequence

from iro_cli.errors import InputRefusedError
from iro_cli.facts.names import folded, near_misses, other_spellings
from iro_cli.facts.vocabulary import EVENTS
from iro_cli.figures.ending import Ending, ending_of
from iro_cli.obligations.chains import Engine
from iro_cli.obligations.open import Obligation
from iro_cli.questions.view import View, known_child, unknown_child
from iro_cli.sentences.ending import ending_words, nothing_open
from iro_cli.store.reading import Reader

_SHOWN = 3
# How wide a list of events is, in characters.
_NARROW = 80


def children_named(reader: Reader, texts: Iterable[str], **more: str) -> list[str]:
    """
    Return the ids of children that are named by id or label; capitals do not matter.

    Args:
        reader: The store.
        texts: What was typed.
        more: The ``remedy`` to name for a child that is not in the store.

    Raises:
        InputRefusedError: A text names no child, or several.
    """
    typed = list(dict.fromkeys(texts))
    known = reader.children(typed)
    found, missing = list[str](), list[str]()
    for text in typed:
        child = text if text in known else _by_other_letters(reader, text)
        (missing if child is None else found).append(child or text)
    if missing:
        raise unknown_child(reader, *missing, **more)
    return list(dict.fromkeys(found))


def child_named(reader: Reader, text: str, **more: str) -> str:
    """
    Return the id of a child that is named by id or label; capitals do not matter.

    Raises:
        InputRefusedError: The text names no child, or several.
    """
    return children_named(reader, [text], **more)[0]


def _by_other_letters(reader: Reader, text: str) -> str | None:
    """Return the child with this id in other capitals, or, if none has, with this label."""
    folded = text.strip().casefold()
    if not folded:
        return None
    # Ids count before labels, or a label that is another child's id would hide that child.
    ids = [one for one in reader.child_ids(text.strip()) if one.casefold() == folded]
    found = ids or [one for one, label in reader.labels().items() if label.casefold() == folded]
    if len(found) > 1:
        what = "id, in other letters," if ids else "label"
        others = f" and {len(found) - _SHOWN:,} more" if len(found) > _SHOWN else ""
        raise InputRefusedError(
            f"{text!r} is the {what} of {' and '.join(found[:_SHOWN])}{others}: give the id"
        )
    return found[0] if found else None


# ---------------------------------------------------------------- people


SAME_PERSON = (
    "if they are one person, put the name right at its source, or `iro hand-over --from {0!r} "
    "--to {1!r}`; if they are two, record both: `iro person add {0!r} --new`, and {1!r} likewise"
)


def spellings(reader: Reader) -> dict[str, str]:
    """Return how each known person is spelt, by the name in the form that is compared."""
    held, recorded = reader.holder_names(), [one.name for one in reader.people()]
    other = other_spellings({*held, *recorded})
    found = {folded(name): other.get(name, name) for name in held}
    return found | {folded(name): name for name in recorded}


def person_named(reader: Reader, name: str, *, new: bool = False) -> str:
    """
    Return a person's name as it is known; as it was typed if it is new.

    Args:
        reader: The store.
        name: What was typed.
        new: Whether the user said that the name is new, although it looks like a known one.

    Raises:
        InputRefusedError: It is probably a known name mistyped.
    """
    known = spellings(reader)
    if (written := known.get(folded(name))) is not None:
        return written
    near = near_misses(name, known.values()) if not new else []
    if near:
        raise InputRefusedError(
            f"nobody is called {name!r}; did you mean {' or '.join(near[:_SHOWN])}? Where it is "
            "somebody else, --new stores the name"
        )
    return " ".join(name.split())


# ---------------------------------------------------------------- what is open


def open_for(view: View, child: str) -> list[Obligation]:
    """Return everything that is open for a child, even what is not shown."""
    shown = view.shown(everything=True)
    listing, bookings = view.listing(shown), view.reader.bookings(child)
    return [
        one
        for case in view.cases(shown, child, keep_met=False)
        for one in listing.opened(case.child, case.clocks.open, case.events, bookings)
    ]


def ended(view: View, child: str) -> Ending | None:
    """Return what ended every process of a child, by the day of the question, if anything did."""
    known = known_child(view.reader, child)
    events = dict(view.reader.cases(view.as_of, child, whole=True)).get(child, ())
    return ending_of(Engine(view.of(known).catalogue), known, events, view.as_of)


def why_nothing_is_open(view: View, child: str) -> str:
    """Say that nothing is open for a child, and the death or birthday that is why, if one is."""
    return nothing_open(ended(view, child))


def awaited(view: View, child: str) -> list[str]:
    """Return the events that would meet what is open for a child, the soonest due first."""
    opened = sorted(
        open_for(view, child), key=lambda one: one.due.due.isoformat() if one.due else "9"
    )
    first = [one.rule.met_by[0].event for one in opened if one.rule.met_by]
    return list(dict.fromkeys(first))


def event_awaited(
    typed: str,
    names: Sequence[str],
    waiting: Mapping[str, Sequence[str]],
    instead: str = "open",
    endings: Mapping[str, Ending] = {},
) -> str:
    """
    Return the one of several events that fits what is open for all the children.

    Args:
        typed: What was typed, which may mean any of the events.
        names: The events.
        waiting: By child, the events that would meet what is open.
        instead: What none of the events is, for the message.
        endings: What ended every process of a child, by child.

    Raises:
        InputRefusedError: None fits, several do, or the children differ.
    """
    meant = {child: [one for one in names if one in events] for child, events in waiting.items()}
    kinds = {tuple(one) for one in meant.values()}
    if len(kinds) == 1 and len(only := kinds.pop()) == 1:
        return only[0]
    lines = [
        f"{child}: {typed!r} may be {' or '.join(found)}"
        if found
        else f"{child}: {typed!r} may be {' or '.join(names)}, and none of them is {instead}"
        + (f": {ending_words(endings[child])}" if child in endings else "")
        for child, found in meant.items()
    ]
    day = "check the day, or " if any(not meant[child] for child in endings) else ""
    each = ", one for each child" if len(meant) > 1 else ""
    lines.append(f"{day}write the longer name{each}")
    raise InputRefusedError("\n".join(lines))


def unknown_event(name: str, waiting: Sequence[str] = ()) -> InputRefusedError:
    """
    Return the error for a name that no event has.

    Args:
        name: What was typed.
        waiting: The events that would meet what the child has open; they are suggested first.
    """
    from iro_cli.facts.said import EVENT_WORDS, near_words  # noqa: PLC0415 - mistyped

    near = near_words(name, EVENT_WORDS, EVENTS)
    near.sort(key=lambda one: one not in waiting)
    said = (
        f"; did you mean {' or '.join(near[:_SHOWN])}?"
        if near
        else f"; they are:\n{_by_process(EVENTS)}"
    )
    return InputRefusedError(f"there is no event {name!r}{said}")


def _by_process(names: Iterable[str]) -> str:
    """Write ids for a narrow terminal, with a line for each process."""
    from textwrap import fill  # noqa: PLC0415 - only for a name that nothing is near to

    found: dict[str, list[str]] = {}
    for one in names:
        found.setdefault(one.partition(".")[0], []).append(one)
    return "\n".join(
        fill(
            ", ".join(ids),
            _NARROW,
            initial_indent="  ",
            subsequent_indent="    ",
            break_on_hyphens=False,
        )
        for ids in found.values()
    )
