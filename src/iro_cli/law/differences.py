"""Compare two packs, rule by rule and version by version."""

from collections.abc import Iterator
from datetime import date

from iro_cli.law.model import Limit, Match, Pack, Rule, Trigger, Version
from iro_cli.lean import Any, NamedTuple

NEW, GONE = "new", "gone"
# Not compared as keys: rules are matched by their id, and versions have lines of their own.
_OF_RULES = frozenset(Rule._fields) - {"id", "versions"}
_OF_PACKS = ("read_on", "turn_on", "next_review_from", "caseload")


class Difference(NamedTuple):
    """
    One thing that two packs say differently.

    Attributes:
        timescale: The rule; ``None`` if it is about the pack as a whole.
        in_force_from: The version; ``None`` if it is about the rule as a whole.
        what: The key that differs, or ``new``, or ``gone``.
        before: What the first pack says.
        after: What the second pack says.
    """

    timescale: str | None
    in_force_from: date | None
    what: str
    before: str | None
    after: str | None


def _words(value: Any) -> str | None:
    """Write the value of a key in words; ``None`` if it is empty."""
    if value is None or value is False or value == ():
        return None
    if value is True:
        return "yes"
    if isinstance(value, Match):
        told = f" ({value.detail} {value.value})" if value.detail else ""
        return f"{value.event}{told}{f' while {value.while_open}' if value.while_open else ''}"
    if isinstance(value, Limit | Version):
        return value.words()
    if isinstance(value, Trigger):
        parts = {name: _words(one) for name, one in value._asdict().items()}
        return ", ".join(
            f"{name} {one}"
            for name, one in parts.items()
            if one and (name, one) != ("pick", "first")
        )
    if hasattr(value, "_asdict"):
        return ", ".join(filter(None, map(_words, value)))
    return "; ".join(filter(None, map(_words, value))) if isinstance(value, tuple) else str(value)


def _of_version(version: Version) -> dict[str, str | None]:
    """Return what a version says, by key, with each part of its citations as a key too."""
    found = {
        "limit": version.words(),
        "in_force_to": _words(version.in_force_to),
        "checked": version.checked,
        "note": version.note,
    }
    for name in ("instrument", "provision", "quote", "url", "seen_in"):
        said = [getattr(one, name) for one in version.citations if getattr(one, name)]
        found[name] = "; ".join(said) or None
    return found


def _of_versions(before: Rule, after: Rule) -> Iterator[Difference]:
    old = {version.in_force_from: version for version in before.versions}
    new = {version.in_force_from: version for version in after.versions}
    for day in sorted({*old, *new}):
        if day not in old:
            yield Difference(after.id, day, NEW, None, new[day].words())
        elif day not in new:
            yield Difference(after.id, day, GONE, old[day].words(), None)
        else:
            was, now = _of_version(old[day]), _of_version(new[day])
            for key in was:
                if was[key] != now[key]:
                    yield Difference(after.id, day, key, was[key], now[key])


def _of_rules(before: Pack, after: Pack) -> Iterator[Difference]:
    old = {rule.id: rule for rule in before.rules}
    new = {rule.id: rule for rule in after.rules}
    for name, rule in old.items():
        if name not in new:
            yield Difference(name, None, GONE, _limits(rule), None)
            continue
        for key in Rule._fields:
            was, now = _words(getattr(rule, key)), _words(getattr(new[name], key))
            if key in _OF_RULES and was != now:
                yield Difference(name, None, key, was, now)
        yield from _of_versions(rule, new[name])
    for name, rule in new.items():
        if name not in old:
            yield Difference(name, None, NEW, None, _limits(rule))


def _limits(rule: Rule) -> str:
    return "; ".join(version.words() for version in rule.versions)


def differences(before: Pack, after: Pack) -> list[Difference]:
    """Return what the second pack says differently from the first, in the order of the first."""
    found = []
    for key in _OF_PACKS:
        was, now = _words(getattr(before, key)), _words(getattr(after, key))
        if was != now:
            found.append(Difference(None, None, key, was, now))
    return [*found, *_of_rules(before, after)]
