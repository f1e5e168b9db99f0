"""
Find the packs and bank-holiday lists that ship, and the local packs that are named.

The files that ship are read once in a process: a board or a script that asks often gets the
same rules again.
"""

from __future__ import annotations  # the daily check starts with this: nothing is worked out

import os
from functools import cache

from iro_cli import __version__, shipped
from iro_cli.dates.working import BankHoliday, WorkingCalendar, calendar_from
from iro_cli.errors import InputRefusedError, PackError
from iro_cli.facts import vocabulary
from iro_cli.folders import folder_for
from iro_cli.law.catalogue import Catalogue
from iro_cli.law.model import Coming, Pack, coming_from, pack_from
from iro_cli.lean import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable
    from contextlib import AbstractContextManager
    from pathlib import Path

# Text and not Path: importing pathlib takes longer than reading the rules.
_PACKS = f"{shipped.FOLDER}/law/packs"
NATIONS = vocabulary.NATIONS
# In bytes.  The pack of England's whole law is a tenth as large.
_LARGEST_PACK = 1_000_000
# A list of packs is identified by its remainder by this prime.  If two lists have the same, they
# are only checked again.
_PRIME = 2**61 - 1


def _text(path: str | Path) -> str:
    with open(path, encoding="utf-8") as file:
        return file.read()


def _read(path: str | Path) -> str:
    """Return the text of a local pack."""
    if shipped.in_archive(path):
        return shipped.text(path)
    from iro_cli.files import read_within  # noqa: PLC0415 - local packs only

    return read_within(path, _LARGEST_PACK).decode("utf-8").replace("\r\n", "\n")


class _AsUsual:
    """The settings that ``json`` gives to its scanner by default."""

    strict = True
    object_hook = object_pairs_hook = parse_constant = None
    parse_float, parse_int = float, int


def _parsed(text: str) -> Any:
    """
    Return the data of a JSON text that this program made.

    Importing ``json`` compiles regular expressions, which takes a tenth of the daily check.  So its
    scanner, which is written in C, is called directly.  The module itself is used only if there is
    no such scanner, or if something is wrong with the text.
    """
    try:
        from _json import make_scanner  # noqa: PLC0415 - not every Python has it

        usual: Any = _AsUsual  # to a type checker only another scanner would do
        data, end = make_scanner(usual)(text, 0)
    except (ImportError, StopIteration):
        end = -1
    if end < 0 or text[end:].strip():
        from json import loads  # noqa: PLC0415 - as above

        return loads(text)
    return data


def _json(path: str | Path) -> dict[str, Any]:
    data: dict[str, Any] = _parsed(_text(path))
    return data


def _shipped_json(path: str) -> dict[str, Any]:
    data: dict[str, Any] = _parsed(shipped.text(path))
    return data


class RetentionPeriod(NamedTuple):
    """
    How long the law requires records to be kept.

    Attributes:
        process: The process whose records they are.
        nation: The nation.
        from_birth: How many years from birth.
        after_death: How many years from the death of a child who died before *died_under*.
        died_under: The age in years (exclusive) at which *after_death* does not apply any more.
        provision: The provision that says so.
    """

    process: str
    nation: str
    from_birth: int
    after_death: int
    died_under: int
    provision: str


def retention(process: str, nation: str) -> RetentionPeriod | None:
    """Return how long the law requires records of a process to be kept, if a source was found."""
    import tomllib  # noqa: PLC0415 - only where it is asked

    for one in tomllib.loads(shipped.text(f"{shipped.FOLDER}/law/retention.toml"))["period"]:
        if (one["process"], one["nation"]) == (process, nation):
            return RetentionPeriod(*(one[name] for name in RetentionPeriod._fields))
    return None


def has_rules(nation: str) -> bool:
    """Say whether this version has the rules of a nation."""
    return shipped.exists(f"{_PACKS}/{nation}.json")


@cache
def national_pack(nation: str) -> Pack:
    """
    Return the pack of a nation.

    Raises:
        InputRefusedError: This version has no pack for it.
    """
    if not has_rules(nation):
        raise InputRefusedError(
            f"this version has no rules for {nation}: its law has not been written down and "
            "checked yet, and England's would give wrong dates"
        )
    return pack_from(_shipped_json(f"{_PACKS}/{nation}.json"))


def coming(nation: str) -> tuple[Coming, ...]:
    """Return the law of a nation that is made or announced but does not change any date yet."""
    path = f"{_PACKS}/coming/{nation}.json"
    return coming_from(_parsed(shipped.text(path))) if shipped.exists(path) else ()


def local_pack(path: str | Path) -> Pack:
    """
    Read and check a local pack.

    Raises:
        PackError: It cannot be read, or has a mistake.
    """
    try:
        text = _read(path)
    except OSError as error:
        raise PackError([f"{path}: {_unreadable(str(path), error)}"]) from None
    except UnicodeDecodeError as error:
        raise PackError([f"{path}: cannot be read: {error}"]) from None
    kept = _validated_before(text)
    if kept.exists():
        return pack_from(_json(kept))
    try:
        from iro_cli.law.schema import validated  # noqa: PLC0415 - once for each pack
    except ImportError:  # a browser, or an archive, from which no compiled library can be loaded
        why = (
            f"{path}: a local pack is checked by pydantic, which cannot be loaded here: leave the "
            "pack out, or install the program in a folder"
        )
        raise PackError([why]) from None
    data = validated(text, os.path.basename(path))
    _keep(kept, data)
    return pack_from(data)


def _unreadable(path: str, error: OSError) -> str:
    """Return why a pack cannot be read; for a bare word, that no pack of this name ships."""
    if not isinstance(error, FileNotFoundError) or os.path.basename(path) != path or "." in path:
        return f"cannot be read: {error.strerror}"
    from iro_cli.law.catalogue import nearest  # noqa: PLC0415 - only for a slip

    meant = nearest(path, [one.stem for one in shipped_packs()])
    return (
        f"there is no such file, and no pack of this name ships{meant or ';'} `iro timescales "
        "packs` lists those that do; give --pack once for each"
    )


def _keep(place: str | Path, data: object) -> None:
    """Write data to the cache, so that it need not be worked out again."""
    from contextlib import suppress  # noqa: PLC0415 - once for each pack
    from json import dumps  # noqa: PLC0415 - the same
    from pathlib import Path  # noqa: PLC0415 - the same

    from iro_cli.folders import make_private  # noqa: PLC0415 - the same

    path = Path(place)
    with suppress(OSError):  # a folder that cannot be written only makes the next start slower
        make_private(path.parent)
        part = path.with_suffix(f".{os.getpid()}")
        with open(os.open(part, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600), "w") as file:
            file.write(dumps(data))
        part.replace(path)


def _validated_before(text: str) -> Path:
    """
    Return the file in the cache for the validated form of a pack.

    Its name depends on the pack's text and on this version of the program.  Validating takes
    longer than the whole daily check, so it is done once.
    """
    from hashlib import sha256  # noqa: PLC0415 - only for local packs
    from pathlib import Path  # noqa: PLC0415 - the same

    key = sha256(f"{__version__}\0{built_in_digest()}\0{text}".encode()).hexdigest()
    return Path(folder_for("cache"), "packs", f"{key}.json")


@cache
def built_in_digest() -> str:
    """Return the fingerprint of the packs and lists that ship."""
    return shipped.text(f"{_PACKS}/digest.txt").strip()


def digest_of(packs: Iterable[str | Path], additions: Iterable[BankHoliday]) -> str:
    """Return a fingerprint of every rule and bank holiday in use."""
    changes = [_read(path).encode() for path in packs]
    changes += [f"{day} {name}".encode() for day, name in additions]
    if not changes:
        return built_in_digest()
    from hashlib import sha256  # noqa: PLC0415 - only when something local is in use

    return sha256(b"\0".join([built_in_digest().encode(), *changes])).hexdigest()[:16]


@cache
def _shipped_calendar(name: str) -> WorkingCalendar:
    return calendar_from(_shipped_json(f"{shipped.FOLDER}/dates/bank_holidays/{name}.json"))


def calendar(name: str, additions: Iterable[BankHoliday] = ()) -> WorkingCalendar:
    """Return a calendar of working days, with local bank holidays added."""
    found = _shipped_calendar(name)
    return found.with_additions(additions) if additions else found


@cache
def _national_catalogue(nation: str, digest: str) -> Catalogue:
    return Catalogue([national_pack(nation)], digest, checked=True)


def catalogue(
    nation: str, local: Iterable[str | Path] = (), additions: Iterable[BankHoliday] = ()
) -> Catalogue:
    """
    Return the rules of a nation together with those of local packs.

    Raises:
        InputRefusedError: This version has no rules for the nation.
        PackError: A local pack has a mistake, or loosens a rule that it claims to tighten; every
            problem of every pack is named.
    """
    paths = list(local)
    if not paths:
        return _national_catalogue(nation, digest_of((), additions))
    of = _identity(nation, paths, additions)
    if of is None:
        return _checked_together(nation, paths, additions)
    kept = _together_before(nation, paths)
    if os.path.exists(kept):
        found = _json(kept)
        if found["of"] == of:
            packs = [national_pack(nation), *map(pack_from, found["packs"])]
            return Catalogue(packs, found["digest"], checked=True)
    together = _checked_together(nation, paths, additions)
    places = [_validated_before(text) for _, text in of[-1]]
    if all(place.exists() for place in places):
        data = [_json(place) for place in places]
        _keep(kept, {"of": of, "digest": together.digest, "packs": data})
    return together


def _identity(
    nation: str, paths: list[str | Path], additions: Iterable[BankHoliday]
) -> list[Any] | None:
    """Return everything that a check of packs depends on; ``None`` if one cannot be read."""
    try:
        read = [[os.path.basename(path), _read(path)] for path in paths]
    except (OSError, UnicodeDecodeError):
        return None
    added = [[str(day), name] for day, name in additions]
    return [__version__, built_in_digest(), nation, added, read]


def _together_before(nation: str, paths: list[str | Path]) -> str:
    """
    Return the file in the cache for local packs that were checked together.

    Checking them takes longer than the whole daily check, so it is done once for each change.
    The name of the file depends on the names of the packs only, and it contains their texts to
    compare.  So nothing has to be hashed: importing a hash takes as long as reading the packs.
    """
    names = "\0".join([nation, *(os.path.abspath(path) for path in paths)])
    told = int.from_bytes(names.encode("utf-8", "replace"), "big") % _PRIME
    return f"{folder_for('cache')}/packs/{told:016x}.json"


def _checked_together(
    nation: str, paths: list[str | Path], additions: Iterable[BankHoliday]
) -> Catalogue:
    from iro_cli.obligations.tightening import loosened  # noqa: PLC0415 - a sweep, local only

    national = national_pack(nation)
    problems: list[str] = []
    read: list[Pack] = []
    files: list[str] = []
    for path in paths:
        try:
            read.append(local_pack(path))
        except PackError as error:
            problems += error.problems
            if error.rest is None:
                continue
            read.append(pack_from(error.rest))
        if read[-1].nation != nation:
            # Its rules cannot be checked against another nation's law.
            problems.append(
                f"{os.path.basename(path)}: nation — {read.pop().nation} is not {nation}"
            )
            continue
        files.append(os.path.basename(path))
    # Problems name the pack by its file, like problems within one pack.
    packs = [national, *(one._replace(name=file) for one, file in zip(read, files, strict=True))]
    try:
        Catalogue(packs, "")
    except PackError as error:
        problems += error.problems
    problems += loosened(packs, calendar(national.calendar, additions))
    if problems:
        raise PackError(problems)
    return Catalogue([national, *read], digest_of(paths, additions), checked=True)


def shipped_packs() -> list[Path]:
    """Return the files of the local packs that ship, in order of their names."""
    from pathlib import Path  # noqa: PLC0415 - the daily check does without

    folder = _folder("packs")
    return [Path(folder, name) for name in sorted(shipped.names(folder)) if name.endswith(".toml")]


def pack_file(text: str) -> str:
    """Return the file of a local pack, from a path or from the name of one that ships."""
    path = os.path.expanduser(text)
    if os.path.basename(path) == text and "." not in text and not os.path.exists(path):
        ships = f"{_folder('packs')}/{text.casefold()}.toml"
        return ships if shipped.exists(ships) else path
    return path


def schema_text() -> str:
    """Return the JSON Schema of a pack, for editors."""
    return shipped.text(f"{_PACKS}/schema/pack.schema.json")


def authority() -> AbstractContextManager[Path]:
    """Return the folder of the fictional authority that ships, which exists for a block of code."""
    return shipped.as_folder(_folder("authority"))


def _folder(name: str) -> str:
    """Return a folder of examples: in the package if installed, beside it in a checkout."""
    installed = f"{shipped.FOLDER}/{name}"
    examples = f"{os.path.dirname(os.path.dirname(shipped.FOLDER))}/examples/{name}"
    return examples if os.path.isdir(examples) and not os.path.isdir(installed) else installed
