"""``child`` and ``allocate``."""

from datetime import date

from iro_cli import library
from iro_cli.changes.children import (
    add_child,
    allocate,
    contradictions,
    edit_child,
    record_death,
    refuse_shared,
)
from iro_cli.changes.recording import Recorded
from iro_cli.cli.options import Given
from iro_cli.cli.output import emit, say, say_made, tell, tell_unchanged
from iro_cli.cli.settings import Settings, open_view, resolve
from iro_cli.cli.values import identifier, is_relative, plain_text
from iro_cli.clock import stamp, today
from iro_cli.dates.words import spoken, spoken_short
from iro_cli.errors import InputRefusedError, UsageError
from iro_cli.facts.model import Allocation, Child
from iro_cli.facts.vocabulary import LEFT, NATIONS, ROLES
from iro_cli.forms.listing import Export
from iro_cli.obligations.listing import responsible
from iro_cli.pages.children import children_export
from iro_cli.pages.people import due_first
from iro_cli.questions.holding import name_warnings
from iro_cli.questions.naming import child_named, children_named, person_named
from iro_cli.questions.people import taken_over
from iro_cli.questions.view import View, known_child
from iro_cli.sentences.findings import message_of, remedy_of
from iro_cli.store.reading import Only


def _details(
    settings: Settings,
    label: str | None,
    born: str | None,
    expected: str | None,
    nation: str | None,
    team: str | None,
    siblings: str | None,
) -> dict[str, object]:
    """
    Read the details of a child that were typed; an empty value becomes ``None``.

    Raises:
        UsageError: A value cannot be read.
        InputRefusedError: The date of birth is still to come.
    """
    found: dict[str, object] = {}
    for field, text in (("label", label), ("team", team), ("sibling_group", siblings)):
        if text is not None:
            found[field] = plain_text(text, f"--{field.replace('_', '-')}")
    if born is not None:
        birth = settings.day(born, "--date-of-birth", "past") if born else None
        if birth and birth > max(today(), settings.as_of):
            raise InputRefusedError(
                f"--date-of-birth {spoken_short(birth)} is still to come: for an unborn child give "
                "--expected-date-of-delivery"
            )
        found["date_of_birth"] = birth
    if expected is not None:
        day = settings.day(expected, "--expected-date-of-delivery", "ahead") if expected else None
        found["expected_date_of_delivery"] = day
    if nation is not None:
        if nation and nation not in NATIONS:
            raise UsageError(f"--child-nation {nation!r}: one of {', '.join(NATIONS)}")
        found["nation"] = nation or None
    return found


def _days(details: dict[str, object], born: str | None, expected: str | None) -> str:
    """Return the days that were meant by words such as ``today``, to show what was stored."""
    typed = (("born", "date_of_birth", born), ("expected", "expected_date_of_delivery", expected))
    return "".join(
        f", {word} {spoken(day)}"
        for word, name, text in typed
        if text and is_relative(text) and isinstance(day := details.get(name), date)
    )


def _own_nation(given: Given, child_nation: str | None) -> tuple[Given, str | None]:
    """Return ``--nation`` as the child's nation, because that is what it means in this command."""
    if given.nation is None or child_nation is not None:
        return given, child_nation
    resolve(given)  # refuses an unknown nation
    return given.but(nation=None), given.nation


def add_command(
    given: Given,
    child: str,
    label: str | None,
    date_of_birth: str | None,
    expected: str | None,
    child_nation: str | None,
    team: str | None,
    iro: str | None,
    chair: str | None,
    sibling_group: str | None,
    new_name: bool,
    insist: bool,
) -> int:
    """Add a child."""
    given, child_nation = _own_nation(given, child_nation)
    settings = resolve(given)
    child_id = identifier(child)
    values = _details(settings, label, date_of_birth, expected, child_nation, team, sibling_group)
    allocations = [
        Allocation(child_id, role, name)
        for role, typed in (("iro", iro), ("chair", chair))
        if (name := plain_text(typed, f"--{role}"))
    ]
    known = Child(child_id, **values)  # type: ignore[arg-type]
    stood = settings.store.exists()
    with settings.store.changing(stamp(f"child add {child_id}"), make=True) as change:
        allocations = [
            one._replace(name=person_named(change, one.name, new=new_name)) for one in allocations
        ]
        add_child(change, known, allocations, settings.as_of)
        if not insist:
            refuse_shared(change, child_id, known.label, added=True)
    if not stood:
        say_made(settings.store)
    tell(
        f"added: {child_id}{_days(values, date_of_birth, expected)}; record what happened with "
        f"`iro record EVENT {child_id} --on DATE`"
    )
    return 0


def edit_command(
    given: Given,
    child: str,
    label: str | None,
    date_of_birth: str | None,
    expected: str | None,
    died: str | None,
    child_nation: str | None,
    team: str | None,
    sibling_group: str | None,
    insist: bool,
) -> int:
    """
    Change the details of a child.

    An empty value removes a detail.

    Raises:
        UsageError: No change was typed.
    """
    given, child_nation = _own_nation(given, child_nation)
    settings = resolve(given)
    values = _details(settings, label, date_of_birth, expected, child_nation, team, sibling_group)
    if not values and died is None:
        raise UsageError("nothing to change: give --label, --date-of-birth, --team or another")
    rules = library.catalogue(settings.nation, settings.packs)
    ended = settings.day(died, "--died", "past") if died else None
    death = Recorded([], [], [], [])
    with settings.store.changing(stamp("child edit")) as change:
        child = child_named(change, child)
        change.stamp = stamp(f"child edit {child}")
        before, after = edit_child(change, child, values)
        if after.label != before.label and not insist:
            refuse_shared(change, child, after.label, added=False)
        found = contradictions(change, rules, before, after, settings.as_of)
        if died is not None:
            death = record_death(change, rules, child, ended, today=today(), as_of=settings.as_of)
    if after == before and not (death.added or death.corrected):
        tell_unchanged(child)
    else:
        on = f", died {spoken(ended)}: nothing is due after that day" if ended else ""
        tell(f"changed: {child}{_days(values, date_of_birth, expected)}{on}")
    left, now = (one.nation or settings.nation for one in (before, after))
    if left != now and {left, now} <= {*LEFT.values()}:
        tell(
            f"everything that is known of {child} is now judged by the law of {now.title()}; if "
            f"the child moved there, record the move with `iro record {left}.left {child} --on "
            f"DATE`: what was met before stays judged by the law of {left.title()}"
        )
    for one in [*found, *(one for _, one in death.findings)]:
        say(f"iro: {child}: {message_of(one)}\n  {remedy_of(one)}")
    return 0


def _listing(view: View, children: list[Child], only: Only) -> Export:
    allocations = view.reader.allocations(only)
    return children_export(children, allocations, view.catalogue, view.as_of)


def list_command(given: Given, team: str | None, iro: str | None) -> int:
    """List the children, in order of id."""
    settings = resolve(given)
    view = open_view(settings)
    view.check_names(iro=iro, team=team)
    only = view.among(iros=(iro,) if iro else (), team=team)
    found = view.reader.children(only)
    allocations = view.reader.allocations(only) if iro else {}
    children = [
        found[child]
        for child in sorted(found)
        if (team is None or (found[child].team or "").casefold() == team.casefold())
        and (
            iro is None
            or any(
                (responsible(allocations.get(child, []), process, view.as_of) or "").casefold()
                == iro.casefold()
                for process in ("cla", "cp")
            )
        )
    ]
    emit(_listing(view, children, only), settings)
    return 0


def show_command(given: Given, child: str) -> int:
    """
    Show the details of a child, but no events.

    `iro show CHILD` shows everything.
    """
    settings = resolve(given)
    view = open_view(settings)
    child = child_named(view.reader, child)
    emit(_listing(view, [known_child(view.reader, child)], child), settings)
    return 0


def allocate_command(
    given: Given,
    children: tuple[str, ...],
    begins: str,
    iro: str | None,
    chair: str | None,
    new_name: bool,
    reason: str | None,
) -> int:
    """
    Allocate children to an IRO or a chair from a day on.

    The allocation before it ends on the day before.

    Raises:
        UsageError: Neither an IRO nor a chair is named, or both are.
    """
    settings: Settings = resolve(given)
    roles = [
        (role, name)
        for role, typed in zip(ROLES, (iro, chair), strict=True)
        if (name := plain_text(typed, f"--{role}"))
    ]
    if len(roles) != 1:
        raise UsageError("give either --iro NAME or --chair NAME")
    (role, name) = roles[0]
    day = settings.day(begins, "--from")
    why = plain_text(reason, "--reason")
    with settings.store.changing(stamp("allocate")) as change:
        children = tuple(children_named(change, children))
        name = person_named(change, name, new=new_name)
        change.stamp = stamp(f"allocate {' '.join(children)} --{role} {name} --from {day}")
        odd = name_warnings(change, name, day)
        changed = allocate(change, children, role, name, day, why)
        first = taken_over(open_view(settings, change), {role: changed}) if changed else []
    for warning in odd:
        say(f"iro: {warning}")
    if changed:
        tell(f"allocated to {name} as {role} from {spoken(day)}: {', '.join(changed)}")
        for line in due_first(first, name):
            tell(line)
    else:
        tell(f"{', '.join(children)}: already allocated to {name}; nothing changed")
    return 0
