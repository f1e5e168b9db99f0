"""Commands about local packs: list those that ship, begin a new one, and try what one would do."""

import json
from collections.abc import Iterable
from pathlib import Path

from iro_cli import library
from iro_cli.cli.commands.when import additions, typed_days
from iro_cli.cli.options import Given
from iro_cli.cli.output import emit, save, spare, tell
from iro_cli.cli.results import results
from iro_cli.cli.settings import Settings, open_view, resolve
from iro_cli.cli.values import pack_named, plain_text
from iro_cli.errors import InputRefusedError, PackError, UsageError, kept
from iro_cli.law.catalogue import Catalogue
from iro_cli.law.differences import differences
from iro_cli.law.model import Pack
from iro_cli.law.starter import starter
from iro_cli.lean import TextIO
from iro_cli.pages.packs import differences_export, impact_export, shipped_export, tried_export
from iro_cli.questions.packs import impact, shipped_pack, tried


def _catalogue(settings: Settings, packs: Iterable[str | Path]) -> Catalogue:
    return library.catalogue(settings.nation, packs, additions(settings))


def _write(text: str, settings: Settings) -> None:
    """Write a text to the file that was named, or to standard output."""
    if settings.place is None:
        results().write(text)
        return
    spare(settings.place, *settings.store.files)

    def write(out: TextIO) -> None:
        out.write(text)

    save(settings.place, write)
    kept.count += 1
    tell(f"written: {settings.place}")


def timescales_packs(given: Given) -> int:
    """List the local packs that ship."""
    settings = resolve(given)
    paths = library.shipped_packs()
    in_use = {Path(one).resolve() for one in settings.packs}
    rows = [
        shipped_pack(path, library.local_pack(path), used=path.resolve() in in_use)
        for path in paths
    ]
    emit(shipped_export(rows, _catalogue(settings, ()), settings.as_of), settings)
    return 0


def timescales_new(given: Given, authority: str, tightens: str | None) -> int:
    """
    Write the beginning of a local pack.

    Raises:
        UsageError: The authority is not named.
        InputRefusedError: The rule cannot be tightened, or the file is there already.
    """
    settings = resolve(given)
    name = plain_text(authority, "AUTHORITY")
    if name is None:
        raise UsageError("AUTHORITY: say whose pack it is")
    if name.casefold().endswith(".toml"):
        raise UsageError(
            f"AUTHORITY {name!r} is the name of a file: say whose pack it is, and the file with -o"
        )
    catalogue = _catalogue(settings, ())
    rule = catalogue.get(tightens) if tightens else None
    if rule and (rule.beside or rule.follows):
        raise InputRefusedError(
            f"{rule.id} has no clock of its own: a local rule can only tighten a "
            "timescale that has one"
        )
    if rule and rule.in_force(settings.as_of) is None:
        raise InputRefusedError(f"{rule.id} is not in force on {settings.as_of}")
    text = starter(name, settings.nation, settings.as_of, rule)
    if settings.place and settings.place.exists():
        raise InputRefusedError(f"{settings.place} is there already: name another file")
    _write(text, settings)
    return 0


def timescales_schema(given: Given) -> int:
    """Write the JSON Schema of a pack, for editors."""
    _write(json.dumps(json.loads(library.schema_text()), indent=2) + "\n", resolve(given))
    return 0


def _read(path: Path, settings: Settings) -> Pack:
    """
    Read a local pack.

    Raises:
        PackError: It has mistakes; the message has them all, also those found beside the law.
    """
    try:
        return library.local_pack(path)
    except PackError:
        _catalogue(settings, [path])
        raise


def _without(pack: Pack, path: Path, in_use: Iterable[str]) -> list[str]:
    """Return the packs in use without the one that has the same file or name as a new pack."""
    return [
        one for one in in_use if not _same(one, path) and library.local_pack(one).name != pack.name
    ]


def _same(one: str, path: Path) -> bool:
    return Path(one).resolve() == path.resolve()


def timescales_try(given: Given, file: str, days: tuple[str, ...]) -> int:
    """
    Show the due dates that the rules of a pack give from some days, beside those of the law.

    Raises:
        InputRefusedError: No rule of the pack gives a date.
    """
    settings = resolve(given)
    path = pack_named(file)
    read = _read(path, settings)
    catalogue = _catalogue(settings, [*_without(read, path, settings.packs), path])
    calendar = library.calendar(catalogue.calendar, additions(settings))
    rows, without = tried(catalogue, calendar, read, typed_days(settings, days))
    if not rows:
        raise InputRefusedError("\n".join(without) or f"{path} has no rules of its own")
    emit(tried_export(rows, without, catalogue, settings.as_of), settings)
    return 0


def timescales_diff(given: Given, before: str, after: str) -> int:
    """
    Show the differences between two packs.

    Raises:
        PackError: A pack has a mistake.
    """
    settings = resolve(given)
    problems: list[str] = []
    packs: list[Pack] = []
    for path in (pack_named(before), pack_named(after)):
        try:
            packs.append(_read(path, settings))
        except PackError as error:
            problems += error.problems
    if problems:
        raise PackError(problems)
    rows = differences(*packs)
    emit(differences_export(rows, _catalogue(settings, ()), settings.as_of), settings)
    return 0


def timescales_impact(given: Given, file: str) -> int:
    """Show which open dates a pack would move, child by child."""
    settings = resolve(given)
    path = pack_named(file)
    others = _without(_read(path, settings), path, settings.packs)
    in_use = tuple(one for one in settings.packs if not _same(one, path))
    reader = settings.store.reading()
    before = open_view(settings.but(packs=in_use), reader)
    after = open_view(settings.but(packs=(*others, str(path))), reader)
    rows = impact(before, after)
    emit(impact_export(rows, after.catalogue, settings.as_of), settings)
    return 0
