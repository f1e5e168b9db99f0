"""
Draw the pictures in the docs: the daily check on the fictional authority.

Run by ``make pictures``.  A real store is made from ``examples/authority`` and
asked the real question; Rich exports what a terminal of 134 columns shows.  The
report is what Chromium shows of it; where that is missing, its picture stays.
"""

import io
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from iro_cli.changes.importing import store_batch
from iro_cli.cli.commands.demo import AS_OF
from iro_cli.extracts.own import SOURCES
from iro_cli.forms.listing import Export
from iro_cli.forms.terminal import console_for, write_styled
from iro_cli.pages.caseload import caseload_export
from iro_cli.pages.due import due_export
from iro_cli.questions.caseload import caseload
from iro_cli.questions.due import AskedDue, open_obligations
from iro_cli.questions.view import View
from iro_cli.store.changing import Stamp
from iro_cli.store.sqlite import SqliteStore

ROOT = Path(__file__).parents[1]
PICTURES = ROOT / "docs" / "pictures"


def authority(folder: Path) -> View:
    """Store the fictional authority and open it on its day."""
    store = SqliteStore(folder / "testshire.db")
    for source in SOURCES:
        path_read = ROOT / "examples" / "authority" / f"{source.name}.csv"
        batch = source.read([path_read], today=AS_OF)
        store_batch(store, batch, Stamp("", "", "pictures"))
    return View(store.reading(), nation="england", as_of=AS_OF)


def draw(export: Export, title: str) -> str:
    """Return a listing as a terminal shows it, as an SVG without outside fonts."""
    console = console_for(io.StringIO(), width=134, record=True)
    console._force_terminal = True  # noqa: SLF001 - Rich has no public way after construction
    for grid in export.grids():
        write_styled(grid, console)
    picture = console.export_svg(title=title, unique_id="iro")
    # A picture that fetches a font would tell a stranger who looks at it.
    picture = re.sub(r"@font-face \{.*?\}\s*", "", picture, flags=re.DOTALL)
    return "\n".join(line.rstrip() for line in picture.splitlines()) + "\n"


def report(store: Path, folder: Path) -> None:
    """Take a picture of the top of the quarterly report, as a browser shows it."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        print("the report was not drawn: install chromium", file=sys.stderr)
        return
    page, picture = folder / "quarterly.html", PICTURES / "report.png"
    iro = [sys.executable, "-m", "iro_cli", "--database", str(store), "--as-of", AS_OF.isoformat()]
    subprocess.run([*iro, "report", "quarterly", "-o", str(page)], check=True)
    quiet = ("--disable-gpu", "--disable-background-networking", "--no-first-run", "--no-sandbox")
    subprocess.run(
        [
            *(chromium, "--headless", *quiet, f"--user-data-dir={folder / 'profile'}"),
            *("--window-size=1000,1240", "--hide-scrollbars", f"--screenshot={picture}"),
            page.as_uri(),
        ],
        check=True,
        capture_output=True,
    )


def main() -> int:
    """Write the pictures."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        view = authority(Path(folder))
        due = due_export(
            open_obligations(view, AskedDue()), view.catalogue, AS_OF, within="28 days"
        )
        loads = caseload_export(caseload(view), view.catalogue, AS_OF, "iro")
        for name, export in (("due", due), ("caseload", loads)):
            (PICTURES / f"{name}.svg").write_text(
                draw(export, f"iro {name}"), "utf-8", newline="\n"
            )
        view.reader.close()
        report(Path(folder) / "testshire.db", Path(folder))
    return 0


if __name__ == "__main__":
    sys.exit(main())
