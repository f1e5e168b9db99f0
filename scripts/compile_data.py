"""
Write what the program reads: validated packs, the bank-holiday list, the kinds of the store.

Run by ``make compiled``; a test fails when the files beside it are stale.
"""

import json
import sys
from datetime import date
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from typing import Any

import compile_store
from holidays import country_holidays

from iro_cli.law.catalogue import Catalogue
from iro_cli.law.model import pack_from
from iro_cli.law.schema import json_schema, validated

SOURCE = Path(__file__).parents[1] / "src" / "iro_cli"
PACKS = SOURCE / "law" / "packs"
CALENDARS = SOURCE / "dates" / "bank_holidays"
KNOWN_FROM, KNOWN_TO = date(1990, 1, 1), date(2050, 12, 31)
# GOV.UK has proclaimed and published bank holidays for England and Wales to the end of 2028.
CONFIRMED_TO = date(2028, 12, 31)


def bank_holidays() -> dict[str, Any]:
    """Return the bank holidays of England and Wales, as plain data."""
    years = range(KNOWN_FROM.year, KNOWN_TO.year + 1)
    found = country_holidays("GB", subdiv="ENG", years=years)
    return {
        "name": "england-and-wales",
        "source": f"holidays {version('holidays')}, GB subdivision ENG; "
        "equal to the list on GOV.UK for 2012 to 2028",
        "known_from": KNOWN_FROM.isoformat(),
        "known_to": KNOWN_TO.isoformat(),
        "confirmed_to": CONFIRMED_TO.isoformat(),
        "days": [[day.isoformat(), found[day]] for day in sorted(found)],
    }


def as_text(data: dict[str, Any] | list[dict[str, Any]]) -> str:
    """Write data in the one form in which it is committed."""
    return json.dumps(data, ensure_ascii=False, separators=(",", ":"), sort_keys=True) + "\n"


def compiled() -> dict[Path, str]:
    """Return every file that this script writes, with its content."""
    files = {CALENDARS / "england-and-wales.json": as_text(bank_holidays())}
    for source in sorted(PACKS.glob("*.toml")):
        data = validated(source.read_text("utf-8"), source.name)
        # The daily check has no use for what is coming, so it does not read it.
        if coming := data.pop("coming", []):
            files[PACKS / "coming" / f"{source.stem}.json"] = as_text(coming)
        files[source.with_suffix(".json")] = as_text(data)
    digest = sha256("".join(files[path] for path in sorted(files)).encode()).hexdigest()
    files[PACKS / "digest.txt"] = digest[:16] + "\n"
    files[PACKS / "schema" / "pack.schema.json"] = as_text(json_schema())
    return files | compile_store.files()


def main() -> int:
    """Write the files, or with ``--check`` name those that are stale."""
    files = compiled()
    for path in PACKS.glob("*.toml"):
        Catalogue([pack_from(json.loads(files[path.with_suffix(".json")]))], "")
    stale = [
        path for path, text in files.items() if not path.exists() or path.read_text("utf-8") != text
    ]
    if "--check" in sys.argv:
        print("\n".join(f"stale: {path.relative_to(SOURCE)}" for path in stale), end="")
        return 1 if stale else 0
    for path in stale:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(files[path], "utf-8", newline="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
