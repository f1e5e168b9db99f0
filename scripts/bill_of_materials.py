"""
Write what the program is built from as CycloneDX 1.5: ``make sbom``.

The versions and hashes are those of a file of constraints; the licences and what needs what are
read from the installed packages.  A package that is not installed here, because it is for another
system, is in the bill without a licence.  There is no date and no serial number in it, so the
same constraints give the same bill.
"""

import json
import re
import sys
from collections.abc import Iterator, Mapping
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path
from typing import Any, NamedTuple

from packaging.requirements import Requirement
from packaging.utils import NormalizedName, canonicalize_name

ROOT = Path(__file__).parents[1]
_PINNED = re.compile(r"(?m)^([A-Za-z0-9._-]+)==(\S+)(?: ; ([^\\\n]+))?((?: *\\\n +--hash=\S+)*)")
_HASH = re.compile(r"--hash=sha256:([0-9a-f]{64})")
_NAMED = "License :: "


class Pinned(NamedTuple):
    """A line of a file of constraints."""

    name: str
    version: str
    marker: str
    hashes: list[str]

    @property
    def purl(self) -> str:
        """Return the address by which other programs identify the package."""
        return f"pkg:pypi/{canonicalize_name(self.name)}@{self.version}"


def pinned(text: str) -> Iterator[Pinned]:
    """Yield the packages that a file of constraints pins."""
    for name, version, marker, hashes in _PINNED.findall(text):
        yield Pinned(name, version, marker.strip(), sorted(_HASH.findall(hashes)))


def _installed(one: Pinned) -> Distribution | None:
    """Return the installed package, if it is there in the pinned version."""
    try:
        found = distribution(one.name)
    except PackageNotFoundError:
        return None
    return found if found.version == one.version else None


def _stated(found: Distribution, field: str) -> str:
    """Return the text of a field of a package's metadata, or a blank."""
    stated: list[str] = found.metadata.get_all(field, [])
    return stated[0] if stated else ""


def _licences(found: Distribution) -> list[dict[str, Any]]:
    """Return a package's licence: an expression, a short name, or its classifiers."""
    if expression := _stated(found, "License-Expression"):
        return [{"expression": expression}]
    name = _stated(found, "License").strip()
    sorted_under = [
        one.rpartition(" :: ")[2]
        for one in found.metadata.get_all("Classifier", [])
        if one.startswith(_NAMED)
    ]
    names = [name] if name and "\n" not in name and len(name) < 80 else sorted_under
    return [{"license": {"name": one}} for one in names]


def _needs(found: Distribution, every: Mapping[NormalizedName, Pinned]) -> list[str]:
    """Return the addresses of the pinned packages that a package needs here."""
    needed = [Requirement(one) for one in found.requires or ()]
    names = {
        canonicalize_name(one.name)
        for one in needed
        if one.marker is None or one.marker.evaluate({"extra": ""})
    }
    return sorted(every[one].purl for one in names if one in every)


def _component(one: Pinned) -> dict[str, Any]:
    found = _installed(one)
    part: dict[str, Any] = {
        "type": "library",
        "bom-ref": one.purl,
        "name": one.name,
        "version": one.version,
        "purl": one.purl,
        # The hash of each file that may be installed: one for each system and version of Python.
        "hashes": [{"alg": "SHA-256", "content": digest} for digest in one.hashes],
    }
    if found and (licences := _licences(found)):
        part["licenses"] = licences
    if one.marker:
        part["properties"] = [{"name": "iro:installed-where", "value": one.marker}]
    return part


def bill(constraints: str, version: str) -> dict[str, Any]:
    """
    Return the bill of materials.

    Args:
        constraints: The text of a file of constraints.
        version: The program's own.
    """
    every = {canonicalize_name(one.name): one for one in pinned(constraints)}
    parts = sorted(every.values())
    return {
        "$schema": "http://cyclonedx.org/schema/bom-1.5.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.5",
        "version": 1,
        "metadata": {
            "component": {
                "type": "application",
                "bom-ref": "iro-cli",
                "name": "iro-cli",
                "version": version,
                "licenses": [{"expression": "MIT"}],
            }
        },
        "components": [_component(one) for one in parts],
        "dependencies": [
            {"ref": one.purl, "dependsOn": _needs(found, every)}
            for one in parts
            if (found := _installed(one))
        ],
    }


def _version() -> str:
    text = (ROOT / "src" / "iro_cli" / "__init__.py").read_text("utf-8")
    found: list[str] = re.findall(r'(?m)^__version__(?:: \S+)? = "([^"]+)"', text)
    return found[0]


def main() -> None:
    """Write the bill of a file of constraints; the arguments name both files."""
    constraints, result = map(Path, sys.argv[1:])
    made = bill(constraints.read_text("utf-8"), _version())
    result.parent.mkdir(parents=True, exist_ok=True)
    result.write_text(json.dumps(made, indent=2) + "\n", "utf-8")
    bare = [one["name"] for one in made["components"] if "licenses" not in one]
    print(f"{result}: {len(made['components'])} packages, licence not known: {bare or 'none'}")


if __name__ == "__main__":
    main()
