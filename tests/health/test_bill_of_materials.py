"""The bill of materials has every pinned package, and is CycloneDX 1.5."""

import json
import re
from pathlib import Path
from typing import Any

import bill_of_materials
import pytest

ROOT = Path(__file__).resolve().parents[2]
CONSTRAINTS = (ROOT / "constraints" / "run.txt").read_text("utf-8")


def test_every_pinned_package_is_in_the_bill() -> None:
    """It has the version, the hashes and, if it is installed as pinned, the licence."""
    made = bill_of_materials.bill(CONSTRAINTS, "1.2.3")
    parts = {one["name"]: one for one in made["components"]}
    lines = re.findall(r"(?m)^([^ =]+)==([^ ]+)", CONSTRAINTS)
    hashes = [one["content"] for part in parts.values() for one in part["hashes"]]
    typer, refs = parts["typer"], {one["bom-ref"] for one in parts.values()}

    assert [(name, parts[name]["version"]) for name, _ in lines] == lines
    assert len(parts) == len(lines) > 20
    assert sorted(hashes) == sorted(re.findall(r"sha256:(\w+)", CONSTRAINTS))
    assert typer["licenses"] == [{"expression": "MIT"}]
    assert parts["colorama"]["properties"][0]["value"] == "sys_platform == 'win32'"
    assert all({one["ref"], *one["dependsOn"]} <= refs for one in made["dependencies"])
    assert any("pkg:pypi/pydantic@" in ref for ref in _needs(made, "sqlmodel"))


def _needs(made: dict[str, Any], name: str) -> list[str]:
    return next(one["dependsOn"] for one in made["dependencies"] if f"pypi/{name}@" in one["ref"])


def test_the_bill_has_what_cyclonedx_requires() -> None:
    """It has the required keys of 1.5 and valid values, with no repetition and no blank."""
    made = json.loads(json.dumps(bill_of_materials.bill(CONSTRAINTS, "1.2.3")))
    parts = [made["metadata"]["component"], *made["components"]]
    refs = [one["bom-ref"] for one in parts]

    assert (made["bomFormat"], made["specVersion"], made["version"]) == ("CycloneDX", "1.5", 1)
    assert all(one["type"] in ("application", "library") and one["name"] for one in parts)
    assert len({*refs}) == len(refs)
    for one in parts:
        assert all(
            re.fullmatch("[0-9a-f]{64}", each["content"]) and each["alg"] == "SHA-256"
            for each in one.get("hashes", [])
        )
        kinds = [[*each] for each in one.get("licenses", [])]
        assert kinds == [["expression"]] or all(each == ["license"] for each in kinds)
    assert len({one["ref"] for one in made["dependencies"]}) == len(made["dependencies"])


def test_what_is_not_installed_is_in_the_bill_all_the_same() -> None:
    """It has no licence; an installed package of another version does not count."""
    text = "no-such-package==1.0 ; sys_platform == 'win32' \\\n    --hash=sha256:" + "a" * 64
    other = "\ntyper==0.0.1 \\\n    --hash=sha256:" + "b" * 64 + "\n"
    made = bill_of_materials.bill(text + other, "1.2.3")

    assert [one["name"] for one in made["components"]] == ["no-such-package", "typer"]
    assert not any("licenses" in one for one in made["components"])
    assert made["dependencies"] == []


def test_the_script_writes_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It works as `make sbom` calls it, with the program's version."""
    result = tmp_path / "build" / "sbom.json"
    monkeypatch.setattr("sys.argv", ["", str(ROOT / "constraints" / "run.txt"), str(result)])
    bill_of_materials.main()

    assert re.fullmatch(
        r"\d+\.\d+\.\d+\S*", json.loads(result.read_text())["metadata"]["component"]["version"]
    )
