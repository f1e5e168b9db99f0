"""
Make the folder for Windows: ``make bundle`` writes ``dist/iro-windows.zip``.

It holds the wheels of the program and of all that it needs, for each version of Python, with
their hashes, and two command files: one installs from the folder alone, without a network and
without administrator rights, and the other runs the program.  The versions are those of
``constraints/develop.txt``.  They are chosen for Windows, which pip on another system cannot do:
it would leave out ``colorama`` and ``tzdata``.
"""

import hashlib
import re
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterable
from pathlib import Path

ROOT = Path(__file__).parents[1]
PINNED = ROOT / "constraints" / "develop.txt"
FILES = ROOT / "scripts" / "windows"
# The versions of the README; a newer one does not have tested wheels of everything yet.
PYTHONS = ("3.11", "3.12", "3.13")
FOLDER = "iro-windows"
_HASH = re.compile(r"sha256:[0-9a-f]{64}")
# The date of each file in an archive, so that the same wheels make the same archive.
_DATED = (1980, 1, 1, 0, 0, 0)


def _run(*words: str | Path) -> str:
    done = subprocess.run([*map(str, words)], check=False, capture_output=True, text=True, cwd=ROOT)
    if done.returncode:
        sys.exit(f"bundle: {' '.join(map(str, words[:4]))} …: {done.stderr or done.stdout}")
    return done.stdout


def _uv() -> Path:
    found = shutil.which("uv", path=str(Path(sys.executable).parent)) or shutil.which("uv")
    if found is None:
        sys.exit("bundle: uv is not here: `python -m pip install uv`")
    return Path(found)


def _requirements(wheel: Path, extras: str, python: str) -> str:
    """Return what a version of Python on Windows needs, pinned with hashes."""
    needed = _run(
        *(_uv(), "pip", "compile", "--quiet", "--no-header", "--no-annotate"),
        *("--generate-hashes", "--python-platform", "windows", "--python-version", python),
        *("--constraint", PINNED, ROOT / "pyproject.toml"),
        *(word for one in extras.split(",") if one for word in ("--extra", one)),
    )
    ours = set(_HASH.findall(PINNED.read_text("utf-8")))
    if strange := set(_HASH.findall(needed)) - ours:
        sys.exit(f"bundle: hashes that are not in {PINNED.name}: {', '.join(sorted(strange))}")
    digest = hashlib.sha256(wheel.read_bytes()).hexdigest()
    version = wheel.name.split("-")[1]
    own = f"iro-cli[{extras}]" if extras else "iro-cli"
    return f"{own}=={version} --hash=sha256:{digest}\n{needed}"


def _download(requirements: Path, python: str, wheels: Path) -> None:
    """Fetch the wheels for Windows, and check the hash of each."""
    needed = requirements.parent / f"fetched-{python}.txt"
    needed.write_text(requirements.read_text("utf-8").partition("\n")[2], "utf-8")
    _run(
        *(sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check"),
        *("--no-deps", "--require-hashes", "--only-binary", ":all:", "--platform", "win_amd64"),
        *("--python-version", python, "--dest", wheels, "--requirement", needed),
    )
    needed.unlink()


def resolve(folder: Path, python: str, target: Path) -> None:
    """
    Install the content of a folder as for Windows, from the folder alone.

    Args:
        folder: The folder, unpacked.
        python: The version of Python.
        target: Where it is installed.
    """
    _run(
        *(_uv(), "pip", "install", "--quiet", "--offline", "--no-index", "--no-config"),
        *("--find-links", folder / "wheels", "--require-hashes", "--only-binary", ":all:"),
        *("--python-platform", "windows", "--python-version", python, "--target", target),
        *("--requirement", folder / "requirements" / f"{python}.txt"),
    )


def _pack(folder: Path, place: Path) -> None:
    with zipfile.ZipFile(place, "w") as archive:
        for path in sorted(one for one in folder.rglob("*") if one.is_file()):
            name = zipfile.ZipInfo(f"{FOLDER}/{path.relative_to(folder).as_posix()}", _DATED)
            # A wheel is packed already.
            packed = path.suffix == ".whl"
            name.compress_type = zipfile.ZIP_STORED if packed else zipfile.ZIP_DEFLATED
            archive.writestr(name, path.read_bytes())


def bundle(place: Path, extras: str, pythons: Iterable[str] = PYTHONS) -> None:
    """
    Write the archive.

    Args:
        place: Where.
        extras: Which of the extras of the program it holds, with commas between.
        pythons: For which versions of Python.
    """
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made, FOLDER)
        wheels = folder / "wheels"
        wheels.mkdir(parents=True)
        (folder / "requirements").mkdir()
        _run(sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", wheels)
        (wheel,) = wheels.glob("iro_cli-*.whl")
        for python in pythons:
            requirements = folder / "requirements" / f"{python}.txt"
            requirements.write_text(_requirements(wheel, extras, python), "utf-8", newline="\n")
            _download(requirements, python, wheels)
            resolve(folder, python, Path(made, python))
        for path in FILES.iterdir():
            text = path.read_text("utf-8").replace("EXTRAS", extras.replace(",", ", ") or "none")
            # A command file that is not in Windows' line ends may lose its labels.
            (folder / path.name).write_text(text, "utf-8", newline="\r\n")
        shutil.copy(ROOT / "LICENSE", folder / "LICENSE.txt")
        place.parent.mkdir(parents=True, exist_ok=True)
        _pack(folder, place)
    print(f"{place}: {place.stat().st_size / 1e6:.1f} MB, Python {', '.join(pythons)}")


if __name__ == "__main__":
    bundle(Path(sys.argv[1]), sys.argv[2] if len(sys.argv) > 2 else "")
