"""Find the package to measure: installed and compiled, or a compiled copy of the checkout."""

import compileall
import json
import shutil
import sys
from collections.abc import Mapping, Sequence
from importlib.metadata import PackageNotFoundError, distribution
from importlib.util import cache_from_source
from pathlib import Path
from typing import NamedTuple

import iro_cli


class Package(NamedTuple):
    """
    The program that is measured.

    Attributes:
        program: The words that start it.
        extra: The environment it needs.
        note: What it is, for the table.
    """

    program: Sequence[str]
    extra: Mapping[str, str]
    note: str


def _is_editable() -> bool:
    try:
        origin = distribution("iro-cli").read_text("direct_url.json")
    except PackageNotFoundError:
        return True
    found = json.loads(origin) if origin else {}
    return bool(found.get("dir_info", {}).get("editable"))


def _is_compiled(source: Path) -> bool:
    return all(
        Path(cache_from_source(str(path))).exists()
        for path in (source / "__main__.py", source / "cli" / "quick.py")
    )


def package_to_measure(folder: Path) -> Package:
    """
    Return the installed package, or make a compiled copy of one that is not installed.

    Args:
        folder: Where a copy may be made.
    """
    source = Path(iro_cli.__file__).parent
    script = Path(sys.executable).with_name("iro")
    if not _is_editable() and _is_compiled(source) and script.exists():
        return Package([str(script)], {}, f"iro {iro_cli.__version__}, as installed")
    copy = folder / "copy"
    shutil.copytree(source, copy / "iro_cli", ignore=shutil.ignore_patterns("__pycache__"))
    compileall.compile_dir(copy, quiet=1)
    note = f"iro {iro_cli.__version__}, a compiled copy: the package here is an editable checkout"
    return Package([sys.executable, "-m", "iro_cli"], {"PYTHONPATH": str(copy)}, note)
