"""
The schema against which a rule pack is checked when somebody writes it.

It imports pydantic, so nothing on the daily path may import this module: the daily check
reads what :func:`validated` returned when the pack was compiled.
"""

import re
import tomllib
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING, Annotated, Any, Literal, get_args

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

from iro_cli.errors import PackError
from iro_cli.facts.vocabulary import EVENTS, NATIONS
from iro_cli.law.catalogue import nearest

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

    Nation = str
else:
    Nation = Literal[NATIONS]
Text = Annotated[str, Field(min_length=1, strict=True)]
_IDENTIFIER, _URL = r"^[a-z0-9]+([.-][a-z0-9]+)*$", r"^https?://[^\s]+$"
Identifier = Annotated[str, Field(pattern=_IDENTIFIER)]
Url = Annotated[str, Field(pattern=_URL)]


_Event = Annotated[str, Field(json_schema_extra={"enum": sorted(EVENTS)})]


class _Frozen(BaseModel):
    # An unknown key is an error: `inclusiv = true` would otherwise be ignored, and every date of
    # the rule would be a day too late.  Strict, so that the text "20" is not taken for a number.
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


def _as_table(value: object) -> object:
    return {"event": value} if isinstance(value, str) else value


def _as_list(value: object) -> object:
    return value if isinstance(value, list) else [value]


class _Match(_Frozen):
    event: _Event
    detail: Text | None = None
    value: Text | None = None
    while_open: Identifier | None = None
    latest: bool = False
    held: bool = True
    day: Literal["reference", "completed_on"] | None = None

    @model_validator(mode="after")
    def _known(self) -> "_Match":
        if self.event not in EVENTS:
            raise ValueError(f"there is no event {self.event!r}{nearest(self.event, EVENTS)}")
        if (self.detail is None) != (self.value is None):
            raise ValueError("detail and value go together")
        if self.detail and self.detail not in EVENTS[self.event].details:
            raise ValueError(f"{self.event} has no detail {self.detail!r}")
        values = EVENTS[self.event].values.get(self.detail or "", ())
        if values and self.value not in values:
            raise ValueError(f"{self.detail} of {self.event} is one of {', '.join(values)}")
        return self


_EventMatch = Annotated[_Match, BeforeValidator(_as_table, json_schema_input_type=_Event | _Match)]


class _Within(_Frozen):
    event: _EventMatch
    amount: Annotated[int, Field(ge=1, le=1200, strict=True)]
    unit: Literal["day", "week", "month"]


class _Until(_Frozen):
    event: _EventMatch
    since: _EventMatch | None = None


_UntilEvent = Annotated[_Until, BeforeValidator(_as_table, json_schema_input_type=_Event | _Until)]


class _Limit(_Frozen):
    amount: Annotated[int, Field(ge=0, le=1200, strict=True)]
    unit: Literal["day", "working_day", "week", "month", "percent"]
    before: bool = False
    inclusive: bool = False
    origin: _EventMatch | None = None
    within: _Within | None = None
    until: _UntilEvent | None = None

    @model_validator(mode="after")
    def _countable(self) -> "_Limit":
        # A limit that could be read in two ways is refused, and never given a meaning.
        if self.before and self.inclusive:
            raise ValueError("a count back from a meeting cannot be inclusive")
        if self.unit == "percent" and (self.before or self.inclusive or self.origin):
            raise ValueError("a percentage of the time to the next meeting stands by itself")
        if sum(map(bool, (self.origin, self.within, self.until))) > 1:
            raise ValueError("a limit has one of origin, within and until")
        if (self.within or self.until) and (self.before or self.unit == "percent"):
            raise ValueError("within and until can only be used with a limit that counts forwards")
        if self.unit == "percent" and not 0 < self.amount < 100:
            raise ValueError("a percentage lies between 0 and 100")
        return self


class _Citation(_Frozen):
    instrument: Text
    provision: Text
    url: Url
    quote: Text
    seen_in: Url | None = None


class _Version(_Frozen):
    in_force_from: date
    in_force_to: date | None = None
    latest: Annotated[
        list[_Limit],
        BeforeValidator(_as_list, json_schema_input_type=_Limit | list[_Limit]),
        Field(min_length=1),
    ]
    checked: Literal["primary", "guidance", "secondary", "recalled"]
    citations: Annotated[list[_Citation], Field(min_length=1)]
    note: Text | None = None
    earliest: _Limit | None = None

    @model_validator(mode="after")
    def _in_order(self) -> "_Version":
        if self.in_force_to and self.in_force_to < self.in_force_from:
            raise ValueError("in_force_to is before in_force_from")
        # The engine looks for meetings that were held too early without a calendar.
        if self.earliest and self.earliest.unit not in ("day", "week", "month"):
            raise ValueError("the earliest day is counted in days, weeks or months")
        # "Whichever is the sooner" has no meaning if one counts back and another forwards.
        if len({limit.before for limit in self.latest}) > 1:
            raise ValueError("limits that count forwards and backwards cannot be compared")
        return self


class _Trigger(_Frozen):
    event: Annotated[
        list[_EventMatch],
        BeforeValidator(_as_list, json_schema_input_type=_EventMatch | list[_EventMatch]),
    ] = []
    held: list[Identifier] = []
    booked: list[Identifier] = []
    between: list[Identifier] = []
    pick: Literal["first", "last"] = "first"
    day: Literal["completed_on"] | None = None

    @model_validator(mode="after")
    def _one_kind(self) -> "_Trigger":
        if sum(map(bool, (self.event, self.held, self.booked, self.between))) != 1:
            raise ValueError("a trigger has exactly one of event, held, booked and between")
        return self


_BOTH = "two versions are in force on {}"


def _twice(times: Iterable[tuple[date, date | None]]) -> Iterator[date]:
    """Yield the days on which a version begins while an earlier version is in force."""
    in_order = sorted(times, key=lambda one: (one[0], one[1] or date.max))
    for (_, ends), (begins, _) in pairwise(in_order):
        if ends is None or ends >= begins:
            yield begins


class _Rule(_Frozen):
    id: Identifier
    title: Text
    process: Identifier
    trigger: _Trigger | None = None
    met_by: list[_EventMatch] = []
    watched: Literal["yes", "no", "local"]
    strength: Literal["regulations", "statutory guidance", "national procedure", "local"]
    versions: Annotated[list[_Version], Field(min_length=1)]
    span: Identifier | None = None
    stopped_while: Identifier | None = None
    advanced_by: list[_EventMatch] = []
    stopped_by: list[_EventMatch] = []
    match: Literal["date", "reference"] | None = None
    once: bool = False
    outlives: bool = False
    group: Identifier | None = None
    marks: Identifier | None = None
    tightens: Identifier | None = None
    after_start: bool = False
    from_age: Annotated[int, Field(ge=1, le=30, strict=True)] | None = None
    before_age: Annotated[int, Field(ge=1, le=30, strict=True)] | None = None

    @property
    def _limits(self) -> list[_Limit]:
        return [limit for version in self.versions for limit in version.latest]

    @model_validator(mode="after")
    def _one_clock(self) -> "_Rule":
        if self.marks and self.tightens:
            raise ValueError("a rule marks another or tightens it, not both")
        if bool(self.marks or self.tightens) == bool(self.trigger):
            raise ValueError("a rule has a trigger, unless it marks or tightens another rule")
        # It shares the clock of the rule it tightens.  Counted from another day, the two limits
        # could not be compared, and the local one might turn out later than the law.
        if self.tightens and any(limit.origin for limit in self._limits):
            raise ValueError("a rule that tightens another counts from the same event as it does")
        return self

    @model_validator(mode="after")
    def _counted_as_it_starts(self) -> "_Rule":
        limits = self._limits
        booked = bool(self.trigger and self.trigger.booked)
        back = [limit for limit in limits if limit.before]
        if booked and len(back) < len(limits):
            raise ValueError("a limit of a booked meeting counts back from it")
        if not booked and not all(limit.origin and limit.origin.day for limit in back):
            raise ValueError(
                "a limit counts back from a booked meeting, or from a day that an event gives"
                + "; a rule that is stricter than one that counts back needs a trigger of its own"
                * bool(self.tightens)
            )
        between = bool(self.trigger and self.trigger.between)
        if any((limit.unit == "percent") != between for limit in limits):
            raise ValueError("a percentage can only be used for what is due between two meetings")
        return self

    @model_validator(mode="after")
    def _met_as_it_starts(self) -> "_Rule":
        booked = bool(self.trigger and self.trigger.booked)
        if bool(self.met_by) != bool(self.trigger) and not booked:
            raise ValueError("met_by is for a rule with a trigger of its own, and it needs one")
        if self.stopped_by and (self.match or not self.met_by):
            raise ValueError("stopped_by is for a rule with one clock of its own")
        if bool(self.advanced_by) and not self.stopped_while:
            raise ValueError("advanced_by needs stopped_while")
        return self

    @model_validator(mode="after")
    def _one_version_a_day(self) -> "_Rule":
        # With two versions on one day, nobody could say which limit a clock of that day has.
        for begins in _twice((one.in_force_from, one.in_force_to) for one in self.versions):
            raise ValueError(_BOTH.format(begins))
        return self


class _Span(_Frozen):
    id: Identifier
    title: Text
    process: Identifier
    opened_by: Annotated[list[_EventMatch], Field(min_length=1)]
    closed_by: Annotated[list[_EventMatch], Field(min_length=1)]
    continued_by: list[_EventMatch] = []
    implied_by: list[_EventMatch] = []
    taken_from: list[_EventMatch] = []
    rests_on: Identifier | None = None


class _Process(_Frozen):
    id: Identifier
    title: Text


class _Guidance(_Frozen):
    lowest: Annotated[int, Field(ge=1, strict=True)]
    highest: Annotated[int, Field(ge=1, strict=True)]
    checked: Literal["primary", "guidance", "secondary", "recalled"]
    citation: _Citation


class _Coming(_Frozen):
    id: Identifier
    title: Text
    expected: date | None = None
    changes: Text
    watch: Text
    checked: Literal["primary", "guidance", "secondary", "recalled"]
    citations: Annotated[list[_Citation], Field(min_length=1)]


class _Pack(_Frozen):
    nation: Nation
    name: Text
    calendar: Literal["england-and-wales"] = "england-and-wales"
    read_on: date | None = None
    childhood_ends_at_age: Annotated[int, Field(ge=1, le=30, strict=True)] | None = None
    caseload: _Guidance | None = None
    processes: list[_Process] = []
    spans: list[_Span] = []
    rules: list[_Rule] = []
    turn_on: list[Identifier] = []
    coming: list[_Coming] = []
    # A review held as a series of meetings: whether the next is counted from its first day.
    next_review_from: Literal["start", "completion"] | None = None


def _tables_in(kind: object) -> Iterator[type[_Frozen]]:
    """Yield the tables that a kind of value holds: that of each match, for a list of matches."""
    if isinstance(kind, type) and issubclass(kind, _Frozen):
        yield kind
    for part in get_args(kind):
        yield from _tables_in(part)


def _keys_beside(location: tuple[int | str, ...]) -> list[str]:
    """Return the keys that are allowed in the table in which a key stands."""
    table: type[_Frozen] = _Pack
    for key in location[:-1]:
        # A number is a place in a list, whose tables all have the same keys.
        if isinstance(key, str) and key in table.model_fields:
            table = next(_tables_in(table.model_fields[key].annotation))
    return sorted(table.model_fields)


def json_schema() -> dict[str, Any]:
    """
    Return the JSON Schema of a pack, with which an editor completes keys and marks mistakes.

    It says what a single key may hold.  Only :func:`validated` checks two keys together.
    """
    schema = _Pack.model_json_schema()
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **schema,
        "title": "A rule pack of iro-cli",
    }


def _where(source: str, location: tuple[int | str, ...], parsed: dict[str, Any]) -> str:
    """Name the file and the key, and a rule by its id if it has one."""
    keys = [str(key) for key in location if not str(key).startswith("function-")]
    if keys[:1] == ["rules"] and len(keys) > 1 and keys[1].isdigit():
        name = _id_of(parsed["rules"][int(keys[1])])
        keys[1] = name if name and re.match(_IDENTIFIER, name) else keys[1]
    return f"{source}: {'.'.join(keys)}" if keys else source


def _id_of(rule: object) -> str | None:
    """Return the id of something that should be a rule, if it has one and the id is a text."""
    name = rule.get("id") if isinstance(rule, dict) else None
    return name if isinstance(name, str) else None


def _told(problem: "ErrorDetails") -> str:
    """Say what is wrong, for those who write packs."""
    given, context = problem["input"], problem.get("ctx", {})
    match problem["type"]:
        case "extra_forbidden":
            where = problem["loc"]
            return f"there is no such key{nearest(str(where[-1]), _keys_beside(where))}"
        case "missing":
            return "it is needed"
        case "literal_error":
            return f"{given!r} is not one of {context['expected'].replace(' or ', ' and ')}"
        case "too_short":
            return "at least one is needed"
        case "string_too_short":
            return "it is blank"
        case "string_pattern_mismatch" if context["pattern"] == _URL:
            return f"{given!r} is not an address: an address begins with https:// and has no blanks"
        case "string_pattern_mismatch":
            return f"{given!r}: small letters and digits, with dots and hyphens between them"
        case _:
            return problem["msg"].removeprefix("Value error, ")


def validated(text: str, source: str) -> dict[str, Any]:
    """
    Check the text of a pack and return it as plain data for ``pack_from``.

    Args:
        text: The pack, in TOML.
        source: The file's name, for the messages.

    Raises:
        PackError: Something is wrong.  It has every problem at once, each with file and key, and
            the rules without a problem, so that those can still be checked against the law.
    """
    try:
        parsed = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise PackError([f"{source}: this is not TOML: {error}"]) from None
    except RecursionError:
        raise PackError([f"{source}: brackets are nested too deeply for a pack"]) from None
    except ValueError:  # a number of more digits than Python reads
        raise PackError([f"{source}: a number in it has far too many digits"]) from None
    try:
        pack = _Pack.model_validate(parsed)
    except ValidationError as error:
        problems = [
            f"{_where(source, problem['loc'], parsed)} — {_told(problem)}"
            for problem in error.errors(include_url=False)
        ]
        wrong = [problem["loc"] for problem in error.errors(include_url=False)]
        problems += _overlaps(source, parsed, wrong)
        raise PackError(list(dict.fromkeys(problems)), _rest(parsed, wrong)) from None
    return _plain(pack)


def _rules_in(wrong: list[tuple[int | str, ...]]) -> list[int]:
    """Return the places of the rules that have a problem."""
    found = {at[1] for at in wrong if len(at) > 1 and at[0] == "rules"}
    return sorted(at for at in found if isinstance(at, int))


def _overlaps(
    source: str, parsed: dict[str, Any], wrong: list[tuple[int | str, ...]]
) -> Iterator[str]:
    """Yield overlapping versions of the rules that have another problem too."""
    # Pydantic compares the versions of a rule only if every key in it is right.  Without this, an
    # author would hear of the overlap only after mending the rest.
    for place in _rules_in(wrong):
        times = [(one["in_force_from"], one.get("in_force_to")) for one in _dated(parsed, place)]
        where = _where(source, ("rules", place), parsed)
        yield from (f"{where} — {_BOTH.format(begins)}" for begins in _twice(times))


def _dated(parsed: dict[str, Any], place: int) -> list[dict[str, Any]]:
    """Return the versions of a rule whose first and last day are dates."""
    rule = parsed["rules"][place]
    versions = rule.get("versions") if isinstance(rule, dict) else None
    return [
        one
        for one in (versions if isinstance(versions, list) else ())
        if isinstance(one, dict)
        and type(one.get("in_force_from")) is date
        and type(one.get("in_force_to", date.max)) is date
    ]


def _rest(parsed: dict[str, Any], wrong: list[tuple[int | str, ...]]) -> dict[str, Any] | None:
    """
    Return a pack without its wrong rules, and without the rules that name one of those.

    A wrong rule that tightens the law keeps its limits, if they can be compared with the law.

    Returns:
        The pack; ``None`` if more is wrong than rules and unknown keys of the pack, because then
        the rules cannot be checked.
    """
    # With the rest of the pack, the check against the law can go on: whoever writes a pack is told
    # every fault at once, and not one a run.
    known = {key: value for key, value in parsed.items() if key in _Pack.model_fields}
    wrong = [at for at in wrong if not at or at[0] in _Pack.model_fields]
    places = _rules_in(wrong)
    if len(places) < len({at[:2] for at in wrong}):
        return None
    rules = [rule for number, rule in enumerate(known.get("rules", [])) if number not in places]
    mended = [one for place in places if (one := _limits_of(parsed, place))]
    rules += mended
    left_out = {name for number in places if (name := _id_of(parsed["rules"][number]))}
    left_out -= {one["id"] for one in mended}
    kept: dict[str, Any] = {**known, "rules": rules}
    return _plain(_Pack.model_validate(_without(kept, left_out)))


def _without(pack: dict[str, Any], left_out: set[str]) -> dict[str, Any]:
    """Return a pack without the rules, and the entries of turn_on, that name a left-out rule."""
    rules = pack["rules"]
    while naming := [rule for rule in rules if left_out & {*_texts(rule)}]:
        left_out = left_out | {rule["id"] for rule in naming}
        rules = [rule for rule in rules if rule not in naming]
    turned_on = [name for name in pack.get("turn_on", []) if name not in left_out]
    return {**pack, "rules": rules, "turn_on": turned_on}


# The keys of a version that decide whether it is later than the law, and the citation that the
# schema wants beside them.
_COMPARED = {"in_force_from", "in_force_to", "latest"}
_UNREAD = {"instrument": "-", "provision": "-", "url": "https://example.org/", "quote": "[-]"}


def _limits_of(parsed: dict[str, Any], place: int) -> dict[str, Any] | None:
    """
    Return the part of a wrong rule that can be compared with the law that it tightens.

    If two versions overlap, the older one ends the day before the newer, which is probably meant.
    """
    rule = parsed["rules"][place]
    if not (isinstance(rule, dict) and rule.get("tightens")):
        return None
    found: list[dict[str, Any]] = []
    for one in sorted(_dated(parsed, place), key=lambda version: version["in_force_from"]):
        version = {key: value for key, value in one.items() if key in _COMPARED}
        version |= {"checked": "recalled", "citations": [_UNREAD]}
        if not _is(_Version, version):
            continue
        if found and found[-1].get("in_force_to", date.max) >= one["in_force_from"]:
            found[-1]["in_force_to"] = one["in_force_from"] - timedelta(days=1)
        found.append(version)
    named: dict[str, Any] = {key: rule.get(key) for key in ("id", "process", "tightens")}
    mended = {**named, "title": "-", "watched": "local", "strength": "local", "versions": found}
    return mended if _is(_Rule, mended) else None


def _is(kind: type[_Frozen], value: object) -> bool:
    """Say whether a value is a valid part of a pack of this kind."""
    try:
        kind.model_validate(value)
    except ValidationError:
        return False
    return True


def _texts(value: object) -> Iterator[str]:
    """Yield every text within a value that was read from TOML."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        yield from (text for one in value.values() for text in _texts(one))
    elif isinstance(value, list):
        yield from (text for one in value for text in _texts(one))


def _plain(pack: _Pack) -> dict[str, Any]:
    data: dict[str, Any] = pack.model_dump(mode="json", exclude_defaults=True)
    return {"calendar": pack.calendar, "processes": [], "spans": [], "rules": [], "turn_on": []} | {
        key: value for key, value in data.items() if value is not None
    }
