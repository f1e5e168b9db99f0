"""
Put the manual page into the wheel, so that ``man iro`` finds it beside the program.

Hatchling runs this when it builds the wheel.  The page is made from the table of
commands, which needs nothing but the standard library.
"""

import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class ManualHook(BuildHookInterface[Any]):
    """Adds ``share/man/man1/iro.1`` to the files of the wheel."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002 - hatchling's
        """Write the page, and add it to the wheel."""
        root = Path(self.root)
        sys.path.insert(0, str(root / "src"))
        try:
            from iro_cli import __version__  # noqa: PLC0415 - it is found only now
            from iro_cli.cli.manual import manual  # noqa: PLC0415 - the same
        finally:
            sys.path.pop(0)
        page = self._page
        page.parent.mkdir(parents=True, exist_ok=True)
        page.write_text(manual(__version__), encoding="utf-8", newline="\n")
        build_data["shared_data"][str(page)] = "share/man/man1/iro.1"

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:  # noqa: ARG002 - hatchling's
        """Remove the page again, because it is in the wheel."""
        self._page.unlink(missing_ok=True)

    @property
    def _page(self) -> Path:
        return Path(self.directory) / "iro.1"
