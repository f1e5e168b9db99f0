"""
Run the commands that the docs show, and print their output.

For the cog blocks of ``README.md`` and ``docs/*.md``::

    import sys; sys.path.insert(0, "scripts")
    from transcript import show
    show("iro when cla.review.first 2026-01-10")

Every block runs in a folder of its own, which holds a copy of ``examples`` and
nothing else, with a home, a temporary folder and a user name of its own.  So
the output is the same on any machine; neither paths nor the hour are in it.
Nor are the digest of the rules and the program's version, so that a new rule or
a release changes no page but those that show what it is about.
"""

import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from iro_cli import __version__

if TYPE_CHECKING:
    from iro_cli.law.model import Citation

ROOT = Path(__file__).resolve().parents[1]
# A made-up return of thousands of children, too large to be kept here.
LARGE_RETURN = ROOT.parent / "shared" / "data" / "ssda903"
# The commands that make the store of the fictional authority, in the necessary order.
AUTHORITY = tuple(
    f"iro import {name} examples/authority/{name}.csv"
    for name in ("children", "allocations", "events")
)
COLUMNS = 100
# The program as installed, because it says by which name it was called.
_AS_IRO = "import sys; sys.argv[0] = 'iro'; from iro_cli.__main__ import main; main()"
_DEFECT = 1
_reprinted: dict[str, tuple[str, int]] = {}
_MOMENT = re.compile(r"\b\d{4}-\d\d-\d\d([ T])\d\d:\d\d:\d\d")
_VERSION = re.compile(rf"\b(iro|iro-cli) {re.escape(__version__)}")
_DIGEST = re.compile(r"\b[0-9a-f]{16}\b")  # nothing else that is shown looks so


class TranscriptError(Exception):
    """A command in the docs cannot be run, or fails in a way that it must not."""


def without_release(text: str) -> str:
    """Return output with words instead of the version and the digest of the rules."""
    return _DIGEST.sub("<digest>", _VERSION.sub(r"\g<1> <version>", text))


class _Place(NamedTuple):
    """Where commands run, and what the reader sees instead of its folders."""

    base: Path

    @property
    def work(self) -> Path:
        return self.base / "work"

    def make(self) -> None:
        for name in ("work", "home", "tmp"):
            (self.base / name).mkdir()
        shutil.copytree(ROOT / "examples", self.work / "examples")

    def bring_return(self) -> None:
        (self.work / "returns").mkdir()
        (self.work / "returns" / "2018").symlink_to(LARGE_RETURN, target_is_directory=True)

    def environment(self, exported: Mapping[str, str]) -> dict[str, str]:
        home = str(self.base / "home")
        kept = {
            name: value
            for name, value in os.environ.items()
            if "IRO_" not in name and not name.startswith(("XDG_", "COV_", "COVERAGE_"))
        }
        return {
            **kept,
            "COLUMNS": str(COLUMNS),
            "HOME": home,
            "USERPROFILE": home,
            "LOCALAPPDATA": home,
            "APPDATA": home,
            "TMPDIR": str(self.base / "tmp"),
            "TEMP": str(self.base / "tmp"),
            "TMP": str(self.base / "tmp"),
            "LOGNAME": "you",
            "USER": "you",
            "USERNAME": "you",
            # So that results and messages come in the order in which they were written.
            "PYTHONUNBUFFERED": "1",
            **exported,
        }

    def shown(self, text: str) -> str:
        """Return output without what another place, hour, release or rule would change."""
        for base in dict.fromkeys((str(self.base.resolve()), str(self.base))):
            for name, word in (("work", ""), ("home", "~/"), ("tmp", "/tmp/")):
                text = text.replace(f"{base}{os.sep}{name}{os.sep}", word)
            if base in text:
                raise TranscriptError(f"the folder it ran in is in the output: {text}")
        return without_release(_MOMENT.sub(r"2026-11-23\g<1>09:00:00", text))

    def meant(self, word: str) -> str:
        """Return a word of a command with the real folder instead of ``/tmp``."""
        if word.startswith("/tmp/"):
            return str(self.base / "tmp" / word.removeprefix("/tmp/"))
        return word


class _Session:
    """Commands one after the other, as in a shell: ``iro``, ``cat`` and a few others."""

    def __init__(self, place: _Place) -> None:
        self.place = place
        self.exported: dict[str, str] = {}
        self.code = 0

    def run(self, line: str) -> str:
        """Run a line and return its output."""
        first, *rest = shlex.split(line)
        if first == "export":
            name, _, value = rest[0].partition("=")
            self.exported[name] = value
            return ""
        if (first, rest) == ("echo", ["$?"]):
            return f"{self.code}\n"
        if first == "cat":
            return "".join((self.place.work / name).read_text("utf-8") for name in rest)
        if first != "iro":
            raise TranscriptError(f"{line!r}: the docs run iro, cat, export and echo $? only")
        words = [self.place.meant(word) for word in rest]
        done = subprocess.run(
            [sys.executable, "-c", _AS_IRO, *words],
            cwd=self.place.work,
            env=self.place.environment(self.exported),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            check=False,
        )
        self.code = done.returncode
        output = self.place.shown(done.stdout)
        if self.code == _DEFECT or self.code < 0:
            raise TranscriptError(f"{line!r} ended with {self.code}:\n{output}")
        return output


@contextmanager
def _session(*, large_return: bool = False) -> Iterator[_Session]:
    with tempfile.TemporaryDirectory(prefix="docs-") as folder:
        place = _Place(Path(folder))
        place.make()
        if large_return:
            place.bring_return()
        yield _Session(place)


def _transcript(
    session: _Session,
    lines: Iterable[str],
    before: Iterable[str],
    files: Mapping[str, str],
    most: int | None,
    tail: int | None,
) -> str:
    for name, text in files.items():
        (session.place.work / name).write_text(text, "utf-8")
    for line in before:
        output = session.run(line)
        if session.code:
            raise TranscriptError(f"{line!r}, before what is shown: {output}")
    shown = []
    for line in lines:
        printed = [one.rstrip() for one in session.run(line).splitlines()]
        if most is not None and len(printed) > most:
            printed[most:] = [f"[lines left out: {len(printed) - most:,}]"]
        if tail is not None and len(printed) > tail:
            printed[:-tail] = [f"[lines left out: {len(printed) - tail:,}]"]
        shown += [f"$ {line}", *printed]
    return "```console\n" + "".join(f"{line}\n" for line in shown) + "```\n"


def show(
    *lines: str,
    before: Sequence[str] = (),
    files: Mapping[str, str] | None = None,
    most: int | None = None,
    tail: int | None = None,
) -> None:
    """
    Print commands with their output, as a fenced block.

    Args:
        lines: The commands.
        before: Commands run first and not shown, as :data:`AUTHORITY`.
        files: What stands in the folder besides ``examples``, by name.
        most: How many lines of each output are shown, from its start.
        tail: How many are shown from its end; all of them by default.

    Raises:
        TranscriptError: A command cannot be run, or fails as none should.
    """
    with _session() as session:
        print(_transcript(session, lines, before, files or {}, most, tail), end="")


def show_return(
    *lines: str,
    before: Sequence[str] = (),
    files: Mapping[str, str] | None = None,
    most: int | None = None,
    tail: int | None = None,
) -> None:
    """
    Do the same with a return of thousands of children in the folder ``returns/2018``.

    If the return is not beside the repository, the text in the document is printed again.
    So a block with this has nothing else in it.

    Raises:
        TranscriptError: A command cannot be run, or fails as none should.
    """
    if not LARGE_RETURN.is_dir():
        import cog  # noqa: PLC0415 - cog puts it there while it runs a block

        block = (cog.inFile, cog.firstLineNum)
        if block != _reprinted.get("last"):  # once, also where a block has several of these
            print(cog.previous, end="")
        _reprinted["last"] = block
        return
    with _session(large_return=True) as session:
        print(_transcript(session, lines, before, files or {}, most, tail), end="")


# ---------------------------------------------------------------- the command line


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")


def _records(command: Any, context: Any, *, common: bool) -> Iterator[tuple[str, str]]:
    from iro_cli.cli.options import Given  # noqa: PLC0415 - not for what only runs commands

    for parameter in command.get_params(context):
        record = parameter.get_help_record(context)
        if record and parameter.name != "help" and (parameter.name in vars(Given())) == common:
            meaning = " ".join(record[1].split())
            # The usage line above shows that an argument is needed.
            if parameter.param_type_name == "option" or meaning not in ("", "[required]"):
                yield " ".join(record[0].split()), meaning


def exits() -> None:
    """Print the exit codes."""
    from iro_cli.cli.help import EXITS  # noqa: PLC0415 - not for what only runs commands

    print("| exit code | means |\n|---|---|")
    for code, meaning in EXITS:
        print(f"| {code} | {meaning} |")


def _print_command(command: Any, context: Any, names: Sequence[str]) -> None:
    from iro_cli.cli.help import examples_of  # noqa: PLC0415 - not for what only runs commands

    pieces = " ".join(command.collect_usage_pieces(context))
    print(f"{'#' * (len(names) + 2)} iro {' '.join(names)}\n")
    print(f"{' '.join((command.help or '').split())}\n")
    print(f"```text\niro {' '.join(names)} {pieces}\n```\n")
    for written, meaning in _records(command, context, common=False):
        print(f"- `{written}`" + (f": {meaning}" if meaning else ""))
    common = [f"`{written.split()[0].rstrip(',')}`" for written, _ in _common(command, context)]
    if common:
        print(f"- of the options above: {', '.join(common)}")
    print()
    if not hasattr(command, "list_commands"):
        print("```sh\n" + "".join(f"{line}\n" for line in examples_of(" ".join(names))) + "```\n")
    for name, subcommand, below in _below(command, context):
        _print_command(subcommand, below, (*names, name))


def _common(command: Any, context: Any) -> list[tuple[str, str]]:
    return list(_records(command, context, common=True))


def _below(command: Any, context: Any) -> Iterator[tuple[str, Any, Any]]:
    for name in command.list_commands(context) if hasattr(command, "list_commands") else ():
        found = command.get_command(context, name)
        yield name, found, found.make_context(name, [], parent=context, resilient_parsing=True)


def _root() -> tuple[Any, Any]:
    from iro_cli.cli.app import program  # noqa: PLC0415 - not for what only runs commands

    command = program()
    return command, command.make_context("iro", [], resilient_parsing=True)


def common_options() -> None:
    """Print the options that many commands take, and those of ``iro`` alone."""
    command, context = _root()
    print("| option | meaning |\n|---|---|")
    for common in (True, False):
        for written, meaning in _records(command, context, common=common):
            print(f"| `{_cell(written)}` | {_cell(meaning)} |")


def commands() -> None:
    """Print every command, and the commands below it, in the sections of the first page."""
    from iro_cli.cli.help import SECTIONS  # noqa: PLC0415 - not for what only runs commands

    found = {name: (command, context) for name, command, context in _below(*_root())}
    for heading, words in SECTIONS.items():
        print(f"## {heading}\n")
        for word in words:
            _print_command(*found[word], (word,))


# ---------------------------------------------------------------- the catalogue


def _checked(checked: str) -> str:
    return "**UNCHECKED**: from memory, not read" if checked == "recalled" else checked


def catalogue(nation: str = "england") -> None:
    """Print how the law was read, every version of every rule, and what is coming."""
    from iro_cli import library  # noqa: PLC0415 - not for what only runs commands
    from iro_cli.dates.words import spoken_short  # noqa: PLC0415 - the same
    from iro_cli.law.model import CHECKED  # noqa: PLC0415 - the same

    found = library.catalogue(nation)
    versions = [version for rule in found.rules.values() for version in rule.versions]
    tally = Counter(version.checked for version in versions)
    print(f"{len(found.rules)} timescales in {len(versions)} versions, and how each was read:\n")
    for name in CHECKED:
        print(f"- {tally[name]} {_checked(name)}")
    print()
    for process in found.processes.values():
        notes = []
        print(f"## {process.title}\n")
        print("| timescale | limit | provision | words | in force | checked | link |")
        print("|---|---|---|---|---|---|---|")
        for rule in found.rules.values():
            for version in rule.versions if rule.process == process.id else ():
                law, *others = version.citations
                ends = f" to {spoken_short(version.in_force_to)}" if version.in_force_to else ""
                cells = (
                    f"`{rule.id}`",
                    version.words(),
                    f"{law.instrument}, {law.provision}",
                    law.quote,
                    f"from {spoken_short(version.in_force_from)}{ends}",
                    _checked(version.checked),
                    _links(law),
                )
                print(f"| {' | '.join(_cell(cell) for cell in cells)} |")
                begins = spoken_short(version.in_force_from)
                if version.note:
                    notes.append(f"- `{rule.id}`, from {begins}: {version.note}")
                notes += [f"- `{rule.id}`, from {begins}, also {_cited(other)}" for other in others]
        print("\n" + "".join(f"{note}\n" for note in notes) + ("\n" if notes else ""), end="")
    if found.caseload:
        guide = found.caseload
        law = guide.citation
        print("## Caseload\n")
        print(
            f"{guide.lowest} to {guide.highest} children for one IRO: {law.instrument}, "
            f"{law.provision} ({_links(law)}). {_checked(guide.checked)}. It is shown beside "
            "the caseloads, and nothing is derived from it."
        )
    if coming := library.coming(nation):
        print("\n## What is coming\n")
        print("Law that is made and not in force, or announced. None of it moves a date yet.\n")
        for one in coming:
            expected = f" ({spoken_short(one.expected)})" if one.expected else ""
            print(f"- **{one.title}**{expected}. {one.changes} *To watch:* {one.watch}")
            for law in one.citations:
                print(f"  - {_checked(one.checked)}: {_cited(law)}")


def _links(law: "Citation") -> str:
    return f"[text]({law.url})" + (f", [read in]({law.seen_in})" if law.seen_in else "")


def _cited(law: "Citation") -> str:
    return f"{law.instrument}, {law.provision}: {law.quote} ({_links(law)})"


def fields() -> None:
    """Print the fields of every listing: what each holds, its heading, and who may see it."""
    from iro_cli.pages import listings  # noqa: PLC0415 - not for what only runs commands

    holds = {
        "child": "a child's id",
        "family": "a name of siblings",
        "whole": "whole number",
        "rate": "share, 0 to 1",
        "yes-no": "yes or no",
        "list": "several texts",
    }
    for listing in listings():
        print(f"### `iro {listing.command}`\n")
        print("| field | holds | heading in a workbook | with `--pseudonymise` |")
        print("|---|---|---|---|")
        for field in listing.fields:
            hidden = "as it is" if field.harmless else "left out"
            if callable(field.harmless):
                hidden = "as it is, unless it may be a birth"
            if field.kind in ("child", "family"):
                hidden = "a pseudonym"
            kind = holds.get(field.kind, field.kind)
            print(f"| `{field.name}` | {kind} | {field.heading} | {hidden} |")
        print()


def words_said() -> None:
    """Print the words that may be typed for events and timescales, by id."""
    from iro_cli.facts.said import EVENT_WORDS, TIMESCALE_WORDS  # noqa: PLC0415 - not for what only runs commands

    for heading, words in (("event", EVENT_WORDS), ("timescale", TIMESCALE_WORDS)):
        print(f"| what is typed | {heading} |")
        print("|---|---|")
        together: dict[tuple[str, ...], list[str]] = {}
        for word, ids in words.items():
            together.setdefault(ids, []).append(word)
        for ids, typed in together.items():
            print(f"| {', '.join(typed)} | {', '.join(f'`{one}`' for one in ids)} |")
        print()


def shortcut(first: date = date(2012, 1, 2), last: date = date(2028, 9, 29)) -> None:
    """Print how often 28 days are wrong for 20 working days, over every day from *first*."""
    from iro_cli import library  # noqa: PLC0415 - not for what only runs commands
    from iro_cli.dates.words import spoken_short  # noqa: PLC0415 - the same
    from iro_cli.obligations.due import DueDates  # noqa: PLC0415 - the same

    found = library.catalogue("england")
    dates = DueDates(library.calendar(found.calendar))
    law, marker = found.get("cla.review.first"), found.get("cla.review.first.28-days")
    every = [first + timedelta(days=number) for number in range((last - first).days + 1)]
    apart = [dates.of(marker, day).due - dates.of(law, day).due for day in every]
    nothing = timedelta(0)
    late = [day for day, days in zip(every, apart, strict=True) if days > nothing]
    weekend = all(day.weekday() > 4 for day in late)
    counts = (
        ("too late, so that the law is broken", len(late), ", always" * weekend),
        ("too early", sum(days < nothing for days in apart), ""),
        ("the same day", sum(days == nothing for days in apart), ""),
    )
    print(
        f"For a child who became looked after on each of the {len(every):,} days from "
        f"{spoken_short(first)} to {spoken_short(last)}, 28 days end:\n"
    )
    for words, number, always in counts:
        more = f"{always} for a Saturday or a Sunday" if always else ""
        print(f"- {words}: {number:,} ({number / len(every):.0%}){more}")
    print()


# ---------------------------------------------------------------- Windows

_INSTALL = r"""py -m venv .venv
.venv\Scripts\python -m pip install --require-hashes -r constraints\run.txt
.venv\Scripts\python -m pip install --no-deps --no-build-isolation .
.venv\Scripts\iro demo"""
_TEST = r""".venv\Scripts\python -m pip install --require-hashes -r constraints\develop.txt
.venv\Scripts\python -m pytest -m "not slow" """.rstrip()
# What `make` does, and a shell's line in PowerShell and in cmd.
_MADE_ON_WINDOWS = {"make demo": _INSTALL, "make test": _TEST}
_ON_WINDOWS = (
    (r"\. \.venv/bin/activate", r".venv\\Scripts\\Activate.ps1", r".venv\\Scripts\\activate.bat"),
    (r"export (\w+)=(\S+)", r'$env:\1 = "\2"', r"set \1=\2"),
    (r"python3 -m (.*)", r"py -m \1", r"py -m \1"),
    (r"\.venv/bin/(.*)", r".venv\\Scripts\\\1", r".venv\\Scripts\\\1"),
    (r"((?:iro|python) [^'$\\`|;<>&%!]*)", r"\1", r"\1"),
)


def _on_windows(line: str) -> tuple[str, str]:
    """Return a line as it is typed in PowerShell, and in cmd."""
    if made := _MADE_ON_WINDOWS.get(line):
        return made, made
    for pattern, powershell, cmd in _ON_WINDOWS:
        if found := re.fullmatch(pattern, line):
            return found.expand(powershell), found.expand(cmd)
    raise TranscriptError(f"{line!r}: say in scripts/transcript.py what it is on Windows")


def _typed_lines(page: str) -> Iterator[tuple[str, list[str]]]:
    """Yield the heading and the shell lines of each block of a page."""
    text = re.sub(r"<!-- \[\[\[cog.*?\]\]\] -->", "", page, flags=re.DOTALL)
    heading, flags = "", re.MULTILINE | re.DOTALL
    for found in re.finditer(r"^#+ ([^\n]+)$|^```(sh|console)\n(.*?)^```", text, flags):
        if found[1]:
            heading = found[1]
            continue
        lines = found[3].splitlines()
        if found[2] == "console":
            lines = [line[2:] for line in lines if line.startswith("$ ")]
        yield heading, [line.split("  #")[0].split(" # ")[0].rstrip() for line in lines]


def windows(*pages: str) -> None:
    """Print the shell lines of pages for PowerShell and for cmd."""
    for page in pages:
        text = (ROOT / page).read_text("utf-8")
        title = text.partition("\n")[0].removeprefix("# ").replace("iro", "The README")
        print(f"## {title}\n")
        together: dict[str, list[tuple[str, str]]] = {}
        for heading, lines in _typed_lines(text):
            together.setdefault(heading, []).extend(map(_on_windows, filter(None, lines)))
        for heading, both in together.items():
            print(f"### {heading}\n")
            powershell, cmd = (
                "".join(f"{one}\n" for one in shell) for shell in zip(*both, strict=True)
            )
            print(f"```powershell\n{powershell}```\n")
            if cmd != powershell:
                print(f"```bat\n{cmd}```\n")


# ---------------------------------------------------------------- the errors

_EXITS = {
    2: "the command line is wrong",
    3: "input refused, nothing stored",
    4: "a rule pack is wrong",
    5: "the store",
}


def errors() -> None:
    """Print every error that has a fixture, as the fixture has it."""
    found = [
        tomllib.loads(path.read_text("utf-8"))
        for path in sorted((ROOT / "tests" / "errors").glob("*.toml"))
    ]
    for code in sorted({one["exit"] for one in found}):
        print(f"## Exit code {code}: {_EXITS.get(code, 'other')}\n")
        for one in (one for one in found if one["exit"] == code):
            print(f"### {one['title']}\n\n```console\n$ {one['run']}\n{one['says'].strip()}\n```\n")
