"""
Finds the packs and bank-holiday lists that ship, and the local packs that are named.

What ships is read once in a process: a board or a script that asks often gets the
same rules again.
"""

from __future__ import annotations  # the daily check starts with this: nothing is worked out

import json
import os
from functools import cache

from iro_cli import __version__
from iro_cli.dates.calendars import calendar_from
from iro_cli.dates.working import BankHoliday, WorkingCalendar
from iro_cli.errors import InputRefusedError, PackError
from iro_cli.facts import vocabulary
from iro_cli.folders import folder_for
from iro_cli.law.catalogue import Catalogue
from iro_cli.law.model import Coming, Pack, coming_from, pack_from
from iro_cli.lean import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

# Not a Path: pathlib takes longer to import than the rules to read.
_HERE = os.path.dirname(__file__)
_PACKS = f"{_HERE}/law/packs"
NATIONS = vocabulary.NATIONS
# England's whole law has a fifth of it.
_LARGEST_PACK = 1_000_000


def _text(path: str | Path) -> str:
    with open(path, encoding="utf-8") as file:
        return file.read()


def _json(path: str | Path) -> dict[str, Any]:
    data: dict[str, Any] = json.loads(_text(path))
    return data


class RetentionPeriod(NamedTuple):
    """
    How long the law has a record kept.

    Attributes:
        process: Of which process.
        nation: Where.
        from_birth: So many years from birth.
        after_death: So many from the death, of a child who died young enough.
        died_under: Under so many years of age.
        provision: Where it says so.
    """

    process: str
    nation: str
    from_birth: int
    after_death: int
    died_under: int
    provision: str


def retention(process: str, nation: str) -> RetentionPeriod | None:
    """Return how long the law has the records of a process kept, where a source was found."""
    import tomllib  # noqa: PLC0415 - only where it is asked

    for one in tomllib.loads(_text(f"{_HERE}/law/retention.toml"))["period"]:
        if (one["process"], one["nation"]) == (process, nation):
            return RetentionPeriod(*(one[name] for name in RetentionPeriod._fields))
    return None


def has_rules(nation: str) -> bool:
    """Say whether this version has the rules of a nation."""
    return os.path.exists(f"{_PACKS}/{nation}.json")


@cache
def national_pack(nation: str) -> Pack:
    """
    Return the pack of one nation.

    Raises:
        InputRefusedError: This version has none.
    """
    if not has_rules(nation):
        raise InputRefusedError(
            f"this version has no rules for {nation}: its law has not been written down and "
            "checked yet, and England's would give wrong dates"
        )
    return pack_from(_json(f"{_PACKS}/{nation}.json"))


def coming(nation: str) -> tuple[Coming, ...]:
    """Return the law of a nation that is made or announced and moves no date yet."""
    path = f"{_PACKS}/coming/{nation}.json"
    return coming_from(json.loads(_text(path))) if os.path.exists(path) else ()


def local_pack(path: Path) -> Pack:
    """
    Read and check a local pack.

    Raises:
        PackError: It cannot be read, or something in it is wrong.
    """
    from iro_cli.files import read_within  # noqa: PLC0415 - local packs only

    try:
        text = read_within(path, _LARGEST_PACK).decode("utf-8").replace("\r\n", "\n")
    except OSError as error:
        raise PackError([f"{path}: cannot be read: {error.strerror}"]) from None
    except UnicodeDecodeError as error:
        raise PackError([f"{path}: cannot be read: {error}"]) from None
    kept = _validated_before(text)
    if kept.exists():
        return pack_from(_json(kept))
    from contextlib import suppress  # noqa: PLC0415 - once for each pack

    from iro_cli.folders import make_private  # noqa: PLC0415 - the same
    from iro_cli.law.schema import validated  # noqa: PLC0415 - the same, with pydantic

    data = validated(text, path.name)
    with suppress(OSError):  # a folder that cannot be written only makes the next start slower
        make_private(kept.parent)
        part = kept.with_suffix(f".{os.getpid()}")
        with open(os.open(part, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600), "w") as file:
            file.write(json.dumps(data))
        part.replace(kept)
    return pack_from(data)


def _validated_before(text: str) -> Path:
    """
    Return where a pack's validated form is kept, by this program's rules and its own text.

    Validating takes longer than the whole daily check, so it is done once.
    """
    from hashlib import sha256  # noqa: PLC0415 - only for local packs
    from pathlib import Path  # noqa: PLC0415 - the same

    key = sha256(f"{__version__}\0{built_in_digest()}\0{text}".encode()).hexdigest()
    return Path(folder_for("cache"), "packs", f"{key}.json")


def built_in_digest() -> str:
    """Return the fingerprint of the packs and lists that ship."""
    return _text(f"{_PACKS}/digest.txt").strip()


def digest_of(packs: Iterable[Path], additions: Iterable[BankHoliday]) -> str:
    """Return a fingerprint of every rule and bank holiday in use."""
    changes = []
    for path in packs:
        from iro_cli.files import read_within  # noqa: PLC0415 - local packs only

        changes.append(read_within(path, _LARGEST_PACK))
    changes += [f"{day} {name}".encode() for day, name in additions]
    if not changes:
        return built_in_digest()
    from hashlib import sha256  # noqa: PLC0415 - only when something local is in use

    return sha256(b"\0".join([built_in_digest().encode(), *changes])).hexdigest()[:16]


@cache
def _shipped_calendar(name: str) -> WorkingCalendar:
    return calendar_from(_json(f"{_HERE}/dates/bank_holidays/{name}.json"))


def calendar(name: str, additions: Iterable[BankHoliday] = ()) -> WorkingCalendar:
    """Return a working-day calendar, with bank holidays added locally."""
    found = _shipped_calendar(name)
    return found.with_additions(additions) if additions else found


@cache
def _national_catalogue(nation: str, digest: str) -> Catalogue:
    return Catalogue([national_pack(nation)], digest, checked=True)


def catalogue(
    nation: str, local: Iterable[Path] = (), additions: Iterable[BankHoliday] = ()
) -> Catalogue:
    """
    Return the rules of a nation with those of the local packs named.

    Raises:
        InputRefusedError: This version has no rules for the nation.
        PackError: A local pack is wrong, or loosens what it says it tightens.
    """
    paths = list(local)
    if not paths:
        return _national_catalogue(nation, digest_of((), additions))
    from iro_cli.obligations.tightening import loosened  # noqa: PLC0415 - a sweep, local only

    packs = [national_pack(nation), *(local_pack(path) for path in paths)]
    found = Catalogue(packs, digest_of(paths, additions))
    problems = loosened(found, calendar(found.calendar, additions))
    if problems:
        raise PackError(problems)
    return found


def shipped_packs() -> Path:
    """Return the folder of the local packs that ship: beside this module, or in a checkout."""
    return _example("packs")


def schema_text() -> str:
    """Return the JSON Schema of a pack, for editors."""
    return _text(f"{_PACKS}/schema/pack.schema.json")


def authority() -> Path:
    """
    Return the folder of the fictional authority that ships as an example.

    It lies beside this module once installed, and in ``examples`` in a checkout.
    """
    return _example("authority")


def _example(name: str) -> Path:
    from pathlib import Path  # noqa: PLC0415 - the daily check does without

    here = Path(_HERE)
    installed = here / name
    return installed if installed.is_dir() else here.parents[1] / "examples" / name
