"""``config``: set options once, so that they need not be typed each time."""

import json
import os
from pathlib import Path

from iro_cli import library
from iro_cli.cli.configuration import KEYS, VARIABLES, Configuration, configured, place
from iro_cli.cli.options import Given
from iro_cli.cli.output import emit, say, tell
from iro_cli.cli.results import results
from iro_cli.cli.settings import resolve
from iro_cli.cli.values import horizon_of, pack_named, path_of, plain_text
from iro_cli.errors import InputRefusedError, UsageError, kept
from iro_cli.files import as_text, write_whole
from iro_cli.forms import SHOWN_FORMS
from iro_cli.lean import TextIO
from iro_cli.pages.configuration import Configured, configuration_export
from iro_cli.store.opening import store_named, without_password

_BEGINNING = (
    "# Settings that apply to every command: `iro config` lists, sets and unsets them.",
    "# The command line overrides the environment, and the environment overrides this file.",
)


def list_command(given: Given) -> int:
    """List what is configured, and the variables of the environment that override it."""
    settings = resolve(given)
    found = configured()
    rows = []
    for key, meaning in KEYS.items():
        value = found.get(key)
        instead = os.environ.get(VARIABLES[key]) if key in VARIABLES else None
        shown = value if isinstance(value, tuple) else (value,) if value is not None else ()
        if key == "database":
            shown = tuple(map(without_password, shown))
            instead = instead and without_password(instead)
        rows.append(Configured(key, shown, instead or None, meaning))
    catalogue = library.catalogue(settings.nation, settings.packs)
    emit(configuration_export(rows, place(), catalogue, settings.as_of), settings)
    return 0


def get_command(given: Given, key: str) -> int:  # noqa: ARG001 - as every command is called
    """
    Show what is configured for a key.

    Each pack has a line of its own.
    """
    value = configured().get(key)
    if value is None:
        say(f"iro: {key} is not configured")
    for one in value if isinstance(value, tuple) else (value,):
        if one is not None:
            tell(without_password(one))
    return 0


def path_command(given: Given) -> int:  # noqa: ARG001 - as every command is called
    """Show where the configuration is."""
    results().write(place() + "\n")
    return 0


def set_command(given: Given, key: str, values: tuple[str, ...]) -> int:
    """Configure a key."""
    if key != "packs" and len(values) > 1:
        values = (" ".join(values),)
    found = configured()
    checked = _checked(given, key, values, found)
    found[key] = checked if key == "packs" else checked[0]
    _write(found)
    tell(f"configured: {key} is {', '.join(checked)}")
    _overruled(key)
    return 0


def unset_command(given: Given, key: str) -> int:  # noqa: ARG001 - as every command is called
    """Remove a key."""
    found = configured()
    if found.pop(key, None) is None:
        tell(f"{key} is not configured; nothing changed")
        return 0
    _write(found)
    tell(f"no longer configured: {key}")
    _overruled(key)
    return 0


def _overruled(key: str) -> None:
    """Say if a variable of the environment overrides the file."""
    variable = VARIABLES.get(key, "")
    if os.environ.get(variable):
        said = without_password(os.environ[variable])
        say(f"iro: {variable} is set to {said!r} here, which overrides it")


def _checked(
    given: Given, key: str, values: tuple[str, ...], found: Configuration
) -> tuple[str, ...]:
    """
    Check values, and return them as they are written into the file.

    Raises:
        UsageError: A value cannot be used.
        PackError: A pack has a mistake, or there is none of that name.
    """
    texts = tuple(text for one in values if (text := plain_text(one, key)))
    if not texts:
        raise UsageError(f"{key}: the value is blank; `iro config unset {key}` takes it out")
    if key == "database":
        store_named(texts[0])  # refuses a URL that no engine can open
        if without_password(texts[0]) != texts[0]:
            raise UsageError(
                "database: the password would stand in the configuration for everybody who reads "
                "it: leave it out of the URL, and write it into ~/.pgpass"
            )
        return texts if "://" in texts[0] else (_whole(texts[0]),)
    if key == "nation" and texts[0] not in library.NATIONS:
        raise UsageError(f"nation {texts[0]!r}: one of {', '.join(library.NATIONS)}")
    if key == "nation" and found.get("packs"):
        # The configured packs have to fit the new nation, or every command after this would be
        # refused.
        library.catalogue(texts[0], tuple(pack_named(one) for one in found["packs"]))
    if key == "format" and texts[0] not in SHOWN_FORMS:
        raise UsageError(f"format {texts[0]!r}: one of {', '.join(SHOWN_FORMS)}")
    if key == "within":
        horizon_of(texts[0], key)
    if key == "packs":
        return _packs(given, texts, found)
    if key == "me":
        _say_unknown(given, texts[0])
    return texts


def _whole(text: str) -> str:
    """Return the whole path of a file, because the next command may run in another folder."""
    return str(path_of(text).absolute())


def _packs(given: Given, texts: tuple[str, ...], found: Configuration) -> tuple[str, ...]:
    """Check packs, and return the names of those that ship and the whole paths of the others."""
    nation = given.nation or os.environ.get("IRO_NATION") or str(found.get("nation", "england"))
    library.catalogue(nation, tuple(pack_named(one) for one in texts))
    ship = library.shipped_packs()
    paths = [pack_named(one) for one in texts]
    return tuple(one.stem if one in ship else _whole(str(one)) for one in paths)


def _say_unknown(given: Given, name: str) -> None:
    """Say if nobody in the store has that name; say nothing if there is no store yet."""
    settings = resolve(given)
    if not settings.store.exists():
        return
    with settings.store.reading() as reader:
        names = {*reader.holder_names(), *(one.name for one in reader.people())}
    if name.casefold() not in {one.casefold() for one in names}:
        say(f"iro: no child is allocated to {name!r} in {settings.store}")


def _write(found: Configuration) -> None:
    """
    Write the whole file again, and keep its comments.

    Raises:
        InputRefusedError: It cannot be written.
    """
    path = Path(place())
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        old = path.read_text("utf-8-sig").splitlines() if path.exists() else list(_BEGINNING)
    except OSError as error:
        raise InputRefusedError(f"{path} cannot be written ({error.strerror})") from None
    remarks = [line for line in old if line.lstrip().startswith("#")]
    lines = [
        f"{key} = {json.dumps(list(one) if isinstance(one, tuple) else one, ensure_ascii=False)}"
        for key in KEYS
        if (one := found.get(key)) is not None
    ]

    def write(out: TextIO) -> None:
        out.write("\n".join([*remarks, *lines]) + "\n")

    try:
        write_whole({path: as_text(write)})
    except OSError as error:
        raise InputRefusedError(f"{path} cannot be written ({error.strerror})") from None
    kept.count += 1
