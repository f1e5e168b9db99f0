"""The folder for Windows is complete, has the pinned hashes, and installs as on Windows."""

import hashlib
import re
import shutil
import zipfile
from email.parser import HeaderParser
from pathlib import Path

import bundle
import pytest
from packaging.requirements import Requirement
from packaging.utils import NormalizedName, canonicalize_name, parse_wheel_filename

ROOT = Path(__file__).resolve().parents[2]
MADE = ROOT / "dist" / "iro-windows.zip"
_PINNED = re.compile(r"(?m)^([^\s=\[]+)(?:\[([^\]]*)\])?==(\S+)((?:\s+\\?\s*--hash=\S+)+)")


def test_the_command_files_look_for_each_python() -> None:
    """The newest comes first, each jump has its label, and no network is needed."""
    install = (bundle.FILES / "install.cmd").read_text("utf-8")
    run = (bundle.FILES / "iro.cmd").read_text("utf-8")
    gone_to = set(re.findall(r"(?:goto|call) :(\w+)", install + run))

    assert f"for %%V in ({' '.join(reversed(bundle.PYTHONS))})" in install
    assert gone_to == set(re.findall(r"(?m)^:(\w+)", install + run))
    assert "--no-index" in install
    assert "--require-hashes" in install
    assert run.splitlines()[-2:] == [
        r'"%~dp0venv\Scripts\iro.exe" %*',
        "exit /b %errorlevel%",
    ]


def test_the_readme_and_the_metadata_know_the_same_pythons() -> None:
    """Each version that the program supports has its wheels."""
    said = re.findall(r"Python :: (3\.\d+)", (ROOT / "pyproject.toml").read_text("utf-8"))

    assert tuple(said) == bundle.PYTHONS
    assert "3.11, 3.12 or 3.13" in (bundle.FILES / "README.txt").read_text("utf-8")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the unpacked folder."""
    if not MADE.exists():
        pytest.skip(f"NOT TESTED: {MADE.name} is not made: `make bundle`")
    place = tmp_path_factory.mktemp("bundle")
    with zipfile.ZipFile(MADE) as archive:
        archive.extractall(place)
    return place / bundle.FOLDER


def _windows(python: str) -> dict[str, str]:
    return {
        "sys_platform": "win32",
        "platform_system": "Windows",
        "os_name": "nt",
        "platform_machine": "AMD64",
        "platform_python_implementation": "CPython",
        "implementation_name": "cpython",
        "python_version": python,
        "python_full_version": f"{python}.0",
    }


def _needs(wheel: Path) -> list[Requirement]:
    with zipfile.ZipFile(wheel) as archive:
        (name,) = (one for one in archive.namelist() if one.endswith(".dist-info/METADATA"))
        said = HeaderParser().parsestr(archive.read(name).decode("utf-8"))
    return [Requirement(one) for one in said.get_all("Requires-Dist") or []]


@pytest.mark.slow
@pytest.mark.parametrize("python", bundle.PYTHONS)
def test_every_library_is_there_for_windows(folder: Path, python: str) -> None:
    """The wheels' own metadata says what they need there: colorama and tzdata too."""
    lines = (folder / "requirements" / f"{python}.txt").read_text("utf-8")
    pinned = {
        canonicalize_name(name): (extras, re.findall(r"sha256:(\w+)", hashes))
        for name, extras, _, hashes in _PINNED.findall(lines)
    }
    tag = f"cp{python.replace('.', '')}"
    wheels: dict[NormalizedName, Path] = {}
    for path in sorted((folder / "wheels").iterdir()):
        name, _, _, tags = parse_wheel_filename(path.name)
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        fits = any(
            one.platform in ("any", "win_amd64") and one.interpreter in ("py3", tag) for one in tags
        )
        if fits and digest in pinned.get(name, ("", []))[1]:
            wheels[name] = path
    missing = []
    for name, path in wheels.items():
        for extra in ("", *pinned[name][0].split(",")):
            for one in _needs(path):
                if one.marker and not one.marker.evaluate({**_windows(python), "extra": extra}):
                    continue
                if canonicalize_name(one.name) not in wheels:
                    missing.append(f"{name}: {one}")

    assert missing == []
    assert {"iro-cli", "colorama", "tzdata", "python-calamine"} <= set(wheels)
    assert set(wheels) == set(pinned)


@pytest.mark.slow
@pytest.mark.parametrize("python", bundle.PYTHONS)
def test_it_installs_as_on_windows_without_a_network(
    folder: Path, python: str, tmp_path: Path
) -> None:
    """uv chooses the wheels for Windows on any system."""
    if shutil.which("uv") is None:
        pytest.skip("NOT TESTED: uv is not here: `python -m pip install uv`")
    bundle.resolve(folder, python, tmp_path)

    assert (tmp_path / "colorama").is_dir()
    assert (tmp_path / "iro_cli" / "law" / "packs" / "england.json").is_file()
    assert list(tmp_path.glob("python_calamine/*.pyd"))


@pytest.mark.slow
def test_the_command_files_end_their_lines_as_windows_does(folder: Path) -> None:
    """With other line ends cmd may not find a label."""
    for name in ("install.cmd", "iro.cmd", "README.txt"):
        text = (folder / name).read_bytes()

        assert text.count(b"\n") == text.count(b"\r\n") > 3
        assert b"EXTRAS" not in text
