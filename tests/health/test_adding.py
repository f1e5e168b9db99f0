"""
Follow the five-line guides of CONTRIBUTING.md in a copy of the tree.

Each test writes only into files that the lines name, and then finds what it added in the
forms, the help and the docs.
"""

import csv
import io
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from running import each

ROOT = Path(__file__).parents[2]
GUIDE = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
MADE = shutil.ignore_patterns("__pycache__")
# Further files that the tests of a rule read.
WHOLE = (
    *("examples", "tests", "Makefile"),
    *("CHANGELOG.md", "README.md", "CONTRIBUTING.md", "SECURITY.md"),
    *("pyproject.toml", "LICENSE", "constraints", "bench"),
)
# A register of another authority: every child in care, and since when.
SOURCE = '''"""Reads the register of Testshire's neighbour: who is looked after, since when."""

from collections.abc import Sequence
from pathlib import Path

from iro_cli.extracts.batch import Batch, Cover
from iro_cli.extracts.source import Source
from iro_cli.facts.model import Child, Event
from iro_cli.incoming.files import files_of
from iro_cli.incoming.kinds import Column, TableKind
from iro_cli.incoming.rows import Reading, Rows
from iro_cli.incoming.table import tables_in

CARE = TableKind(
    "the register",
    (Column("child", "Ring", needed=True), Column("starts", "In care since", needed=True)),
    known=("Nest",),
)


def _read(paths: Sequence[Path], reading: Reading) -> Batch:
    batch = Batch()
    for file in files_of(paths, (".csv",), [], reading.doubts.piped):
        for table in tables_in(file, reading.warnings):
            for row in Rows(table, CARE, CARE.places(table), reading):
                child_id, on = row.child(), row.needed_day("starts")
                if row.good and on is not None:
                    batch.children.append(Child(child_id))
                    batch.facts.append((child_id, Event("cla.start", on), row.where))
    batch.covers.append(Cover(frozenset({"cla.start"}), everyone=True))
    return batch


SOURCE = Source("register", "a register", "extracts/register.md", _read, (CARE,))
'''
FORM = '''"""A listing with a tabulator between its cells."""

from iro_cli.forms import Form, Target
from iro_cli.forms.listing import Export, words
from iro_cli.lean import TextIO


def write_tabulated(export: Export, out: TextIO, _: Target) -> None:
    """Write the names and the rows."""
    out.write("\\t".join(export.names) + "\\n")
    for record in export.records:
        out.write("\\t".join(words(value) for value in record) + "\\n")


FORM = Form("tabs", "tsv", write_tabulated, states=False, beside=True)
'''
ENGINE = '''"""A store in a file with an ending of its own."""

from iro_cli.store.sqlite import SqliteStore


class EndingStore(SqliteStore):
    """A store in a file whose name ends with `.store`."""


def from_url(url: str) -> EndingStore:
    """Return the store that a URL names."""
    return EndingStore(f"{url.partition('://')[2]}.store")
'''
RULE = """
[[rules]]
id = "court.note.sent"
title = "Note of the hearing sent"
process = "court"
trigger = { event = "court.hearing" }
met_by = ["court.note"]
group = "court"
watched = "no"
strength = "statutory guidance"

  [[rules.versions]]
  in_force_from = 2014-04-22
  latest = { amount = 5, unit = "working_day" }
  checked = "recalled"

    [[rules.versions.citations]]
    instrument = "An invented protocol"
    provision = "para. 1"
    url = "https://www.legislation.gov.uk/ukpga/1989/41"
    quote = "[a note of the hearing is sent within five working days]"
"""
GOLDEN = """
## court.note.sent

Five working days from the day after the hearing.

| hearing | due | hold by | why this row | from |
| ------- | --- | ------- | ------------ | ---- |
| Tue 2014-04-22 | Tue 2014-04-29 | | the first day of the version | hand |
| Mon 2026-11-02 | Mon 2026-11-09 | | a clear week from Monday to Monday | hand |
| Thu 2026-12-24 | Tue 2027-01-05 | | Christmas and New Year | hand |
"""
# One more record of a review, in a group that is turned on together.
IN_A_GROUP = """
[[rules]]
id = "cla.review.letter"
title = "Letter to the child"
process = "cla"
trigger = { event = "cla.review", day = "completed_on" }
met_by = ["review.care-plan"]
match = "date"
outlives = true
group = "records"
watched = "no"
strength = "statutory guidance"

  [[rules.versions]]
  in_force_from = 2011-04-01
  latest = { amount = 10, unit = "working_day" }
  checked = "recalled"

    [[rules.versions.citations]]
    instrument = "An invented protocol"
    provision = "para. 2"
    url = "https://www.legislation.gov.uk/ukpga/1989/41"
    quote = "[the child has a letter with the new plan within ten working days]"
"""
GOLDEN_IN_A_GROUP = """
## cla.review.letter

Ten working days from the completion of the review.

| review completed | due | hold by | why this row | from |
| ---------------- | --- | ------- | ------------ | ---- |
| Fri 2011-04-01 | Fri 2011-04-15 | | the first day of the version: a week before Easter | hand |
| Mon 2026-11-02 | Mon 2026-11-16 | | two clear weeks from Monday to Monday | hand |
| Thu 2026-12-24 | Tue 2027-01-12 | | Christmas and New Year | hand |
"""
# A limit of two versions, started by an event that starts a rule of the law too.
BESIDE_ANOTHER = """
[[rules]]
id = "dispute.stage.first"
title = "First stage of a dispute"
process = "dispute"
trigger = { event = "dispute.raised" }
met_by = ["dispute.resolved"]
match = "reference"
outlives = true
group = "stages"
watched = "no"
strength = "statutory guidance"

  [[rules.versions]]
  in_force_from = 2011-04-01
  in_force_to = 2019-12-31
  latest = { amount = 5, unit = "working_day" }
  checked = "recalled"

    [[rules.versions.citations]]
    instrument = "An invented protocol"
    provision = "para. 3"
    url = "https://www.legislation.gov.uk/ukpga/1989/41"
    quote = "[the first stage takes five working days]"

  [[rules.versions]]
  in_force_from = 2020-01-01
  latest = { amount = 10, unit = "working_day" }
  checked = "recalled"

    [[rules.versions.citations]]
    instrument = "An invented protocol"
    provision = "para. 4"
    url = "https://www.legislation.gov.uk/ukpga/1989/41"
    quote = "[the first stage takes ten working days]"
"""
GOLDEN_BESIDE_ANOTHER = """
## dispute.stage.first

Five working days from the day the dispute is raised, ten since 2020.

| raised | due | hold by | why this row | from |
| ------ | --- | ------- | ------------ | ---- |
| Fri 2011-04-01 | Fri 2011-04-08 | | the first day of the version | hand |
| Mon 2019-06-03 | Mon 2019-06-10 | | a clear week from Monday to Monday | hand |
| Tue 2019-12-31 | Wed 2020-01-08 | | the last day before the change; New Year | hand |
| Wed 2020-01-01 | Wed 2020-01-15 | | the day of the change, itself a bank holiday | hand |
| Thu 2020-01-02 | Thu 2020-01-16 | | the day after | hand |
| Mon 2026-11-02 | Mon 2026-11-16 | | two clear weeks from Monday to Monday | hand |
"""
# One more of the plans that are owed for a child who comes into care.
FROM_THE_START = """
[[rules]]
id = "plans.welcome"
title = "Welcome letter"
process = "plans"
span = "period-of-care"
trigger = { event = "cla.start" }
met_by = ["plan.care"]
group = "plans"
watched = "no"
strength = "statutory guidance"

  [[rules.versions]]
  in_force_from = 2011-04-01
  latest = { amount = 5, unit = "working_day" }
  checked = "recalled"

    [[rules.versions.citations]]
    instrument = "An invented protocol"
    provision = "para. 5"
    url = "https://www.legislation.gov.uk/ukpga/1989/41"
    quote = "[a letter welcomes the child within five working days]"
"""
GOLDEN_FROM_THE_START = """
## plans.welcome

Five working days from the day the child comes into care.

| into care | due | hold by | why this row | from |
| --------- | --- | ------- | ------------ | ---- |
| Fri 2011-04-01 | Fri 2011-04-08 | | the first day of the version | hand |
| Mon 2026-11-02 | Mon 2026-11-09 | | a clear week from Monday to Monday | hand |
| Thu 2026-12-24 | Tue 2027-01-05 | | Christmas and New Year | hand |
"""

# The tests about rules.
CONCERNED = (
    *("law", "golden", "obligations", "oracle", "docs", "errors", "questions", "changes"),
    *("figures", "pages", "cli/test_commands.py", "health/test_examples.py"),
)


class Tree:
    """A copy of the tree, changed as a section of the guide says."""

    def __init__(self, folder: Path) -> None:
        """Copy the program and the pages."""
        self.root = folder / "tree"
        self.root.mkdir()
        self.copy("src", "scripts", "docs")
        self.written: set[str] = set()

    def copy(self, *names: str) -> None:
        """Copy files and folders."""
        for name in names:
            if (ROOT / name).is_dir():
                shutil.copytree(ROOT / name, self.root / name, ignore=MADE)
            else:
                shutil.copy(ROOT / name, self.root)

    def write(self, path: str, text: str) -> None:
        """Write a new file."""
        (self.root / path).write_text(text, "utf-8")
        self.written.add(path)

    def insert(self, path: str, after: str, text: str) -> None:
        """Insert text after text that occurs once."""
        before = (self.root / path).read_text("utf-8")
        assert before.count(after) == 1, f"{path}: {after!r}"
        self.write(path, before.replace(after, after + text))

    def done(
        self, *argv: str, code: int = 0, **environment: str
    ) -> subprocess.CompletedProcess[str]:
        """Run Python in the copy, and return the whole result."""
        done = subprocess.run(
            [sys.executable, *argv],
            cwd=self.root,
            env={
                **{name: value for name, value in os.environ.items() if "IRO_" not in name},
                "PYTHONPATH": str(self.root / "src"),
                "IRO_DATABASE": str(self.root / "iro.db"),
                "IRO_AS_OF": "2026-11-02",
                "COLUMNS": "200",
                **environment,
            },
            capture_output=True,
            encoding="utf-8",
            check=False,
        )
        assert done.returncode == code, done.stdout + done.stderr
        return done

    def run(self, *argv: str, code: int = 0, **environment: str) -> str:
        """Run Python in the copy, and return what it printed."""
        return self.done(*argv, code=code, **environment).stdout

    def iro(self, *words: str) -> str:
        """Run the copy's program."""
        return self.run("-m", "iro_cli", *words)

    def made(self, page: str) -> str:
        """Make a page of the docs again, and return it."""
        self.run("-m", "cogapp", "-r", "-P", page)
        return (self.root / page).read_text("utf-8")


@pytest.fixture
def tree(tmp_path: Path) -> Tree:
    """Return a copy of the tree with a child in care since Mon 12 Oct 2026."""
    copied = Tree(tmp_path)
    copied.iro("child", "add", "WREN")
    copied.iro("record", "cla.start", "WREN", "--on", "2026-10-12")
    return copied


def _section(heading: str) -> list[str]:
    """Return the numbered lines of a section of the guide."""
    text = GUIDE.partition(f"## Add {heading}")[2].partition("\n## ")[0]
    return re.findall(r"^\d\. (.+)$", text, re.MULTILINE)


def _named(heading: str) -> Callable[[str], bool]:
    """Return a function that says whether the lines name a file, or its folder with any name."""
    text = "\n".join(_section(heading))
    named = re.findall(r"`([\w./*-]+)`", text) + re.findall(r"\]\(([\w./-]+)\)", text)
    patterns = [re.escape(one).replace(r"\*", r"[\w-]+").replace("NAME", r"\w+") for one in named]
    return lambda path: any(re.fullmatch(one, path) for one in patterns)


@each(
    "heading",
    [
        "or change a rule",
        "a kind of record",
        "a column",
        "a source",
        "a form of output",
        "a store engine",
        "an option or a command",
    ],
)
def test_a_section_has_five_lines_and_names_what_is_there(heading: str) -> None:
    """Every file or folder that it names exists, except the one to write."""
    lines = _section(heading)
    named = re.findall(r"`([\w./-]+/[\w./-]+)`", "\n".join(lines))
    there = [one for one in named if "NAME" not in one]

    assert len(lines) == 5
    assert there
    assert [one for one in there if not (ROOT / one).exists()] == []


@pytest.mark.slow
def test_a_column(tree: Tree) -> None:
    """A field of `iro due` is in every form, the table, the docs, `iro show` and `iro digest`."""
    page = "src/iro_cli/pages/due.py"
    tree.insert(
        page,
        '        Field("due", DATE, harmless=True, whole=True, cell=_due),\n',
        '        Field("weekday", harmless=True, value=lambda row: row.due and f"{row.due:%A}"),\n',
    )
    tree.insert(page, '    columns=("due", ', '"weekday", ')
    ask = ("due", "--all")
    table = tree.iro(*ask)
    ((row,), (record,)) = (
        list(csv.DictReader(io.StringIO(tree.iro(*ask, "-f", "csv")))),
        json.loads(tree.iro(*ask, "-f", "json"))["rows"],
    )
    (hidden,) = json.loads(tree.iro(*ask, "-f", "json", "--pseudonymise"))["rows"]
    shown, digest = (
        json.loads(tree.iro(*other, "-f", "json"))["rows"]
        for other in (("show", "WREN"), ("digest",))
    )
    tree.iro(*ask, "-f", "html", "-o", "due.html")

    # 20 working days from Mon 12 Oct end on Mon 9 Nov.
    assert "Weekday" in table
    assert [row["weekday"], record["weekday"], hidden["weekday"]] == ["Monday"] * 3
    assert list(record).index("weekday") == list(record).index("due") + 1
    assert [row["weekday"] for row in (*shown, *digest)] == ["Monday"] * 2
    assert "Monday" in (tree.root / "due.html").read_text("utf-8")
    assert "`weekday`" in tree.made("docs/exports.md")
    assert all(map(_named("a column"), tree.written))


@pytest.mark.slow
def test_a_source(tree: Tree) -> None:
    """A source reads cells, refuses and reports as the others do; errors and Tab know it."""
    module, registry = "src/iro_cli/extracts/register.py", "src/iro_cli/extracts/__init__.py"
    tree.write(module, SOURCE)
    tree.insert(registry, '    "ssd": "ssd",\n', '    "register": "register",\n')
    (tree.root / "register.csv").write_text(
        "Ring,In care since,Nest,Song\n007,05-OCT-2026,Oak,loud\n008,soon,Ash,\n", "utf-8"
    )
    ask = ("-m", "iro_cli", "import")
    refused = tree.done(*ask, "register", "register.csv", code=3)
    stored = tree.done(*ask, "register", "register.csv", "--skip-refused")
    misspelt = tree.done(*ask, "registre", "register.csv", code=2)
    replaced = tree.done(*ask, "events", "register.csv", "--replace", code=2)
    due = [row["child"] for row in json.loads(tree.iro("due", "--all", "-f", "json"))["rows"]]
    tab = tree.run(
        "-m", "iro_cli", _IRO_COMPLETE="complete_bash", COMP_WORDS="iro import reg", COMP_CWORD="2"
    )

    assert refused.stdout == ""
    assert "register.csv: row 3, column In care since: not a date" in refused.stderr
    assert "added: 1 child, 1 event" in stored.stdout
    assert "no column or element of this name is known: Song, 1 time" in stored.stderr
    assert "did you mean register?" in misspelt.stderr
    assert "--replace is for ssda903, annex-a, cin-census, ssd, register" in replaced.stderr
    assert due == ["007", "WREN"]
    assert tab.split() == ["register"]
    assert all(map(_named("a source"), tree.written))


@pytest.mark.slow
def test_a_store_engine(tree: Tree) -> None:
    """A module and a line make a store that is made, written, read and undone."""
    module, registry = "src/iro_cli/store/ending.py", "src/iro_cli/store/opening.py"
    tree.write(module, ENGINE)
    tree.insert(registry, "ENGINES = {\n", '    "ending": "iro_cli.store.ending",\n')
    to = ("--database", f"ending://{tree.root}/other")
    tree.iro("child", "add", "ROBIN", *to)
    tree.iro("record", "cla.start", "ROBIN", "--on", "2026-10-12", *to)
    (row,) = json.loads(tree.iro("due", "--all", "-f", "json", *to))["rows"]
    taken_back = tree.iro("undo", *to)

    # 20 working days from Mon 12 Oct end on Mon 9 Nov.
    assert (row["child"], row["due"]) == ("ROBIN", "2026-11-09")
    assert "cla.start" in taken_back
    assert (tree.root / "other.store").exists()
    assert all(map(_named("a store engine"), tree.written))


@pytest.mark.slow
def test_an_option(tree: Tree) -> None:
    """An option in the table and the function is in the help, the docs and Tab."""
    table, answer = "src/iro_cli/cli/commands/__init__.py", "src/iro_cli/cli/commands/config.py"
    before = 'Command("config path", "config:path_command", "Show where the configuration is.", ('
    tree.insert(table, before, 'flag("folder", "--folder", "Only the folder it is in."),')
    tree.insert(answer, "def path_command(given: Given", ", folder: bool")
    tree.insert(answer, "    results().write(", "os.path.dirname(place()) if folder else ")
    folder = Path(tree.iro("config", "path", "--folder").strip())

    assert folder == Path(tree.iro("config", "path").strip()).parent
    assert "Only the folder it is in." in tree.iro("config", "path", "--help")
    assert "`--folder`: Only the folder it is in." in tree.made("docs/cli.md")
    assert all(map(_named("an option or a command"), tree.written))


@pytest.mark.slow
def test_a_form(tree: Tree) -> None:
    """A form is written, to a file too, and is in the help and the docs."""
    module, registry = "src/iro_cli/forms/tabs.py", "src/iro_cli/forms/__init__.py"
    tree.write(module, FORM)
    tree.insert(registry, '    "csv": "iro_cli.forms.csv_file",\n',
                '    "tabs": "iro_cli.forms.tabs",\n')  # fmt: skip
    tree.iro("due", "--all", "-f", "tabs", "-o", "due.tsv")
    (names, cells) = (line.split("\t") for line in tree.iro("due", "-f", "tabs").splitlines())
    row = dict(zip(names, cells, strict=True))

    assert (row["child"], row["due"]) == ("WREN", "Mon 9 Nov 2026")
    assert (tree.root / "due.tsv").read_text("utf-8").splitlines()[0].split("\t") == names
    assert "tabs" in tree.iro("due", "--help")
    assert "tabs" in tree.iro("child", "list", "--help")
    assert "tabs" in tree.made("docs/cli.md")
    assert all(map(_named("a form of output"), tree.written))


@pytest.mark.slow
def test_a_rule(tree: Tree) -> None:
    """With TOML, golden rows, a changelog line and `make compiled`, every test passes."""
    tree.copy(*WHOLE)
    tree.insert(
        "src/iro_cli/law/packs/england.toml",
        '"in any event within twenty-six weeks beginning with the day on which the application '
        'was issued"\n',
        RULE,
    )
    tree.insert(
        "src/iro_cli/law/packs/england.toml",
        "# ---------------------------------------------------------------- early and midway "
        "reviews\n",
        IN_A_GROUP,
    )
    tree.insert(
        "src/iro_cli/law/packs/england.toml",
        '    seen_in = "http://southwark.proceduresonline.com/chapters/p_iro_esc.html"\n',
        BESIDE_ANOTHER,
    )
    tree.insert(
        "src/iro_cli/law/packs/england.toml",
        "# What the IRO must have seen.  Off until a group is turned on: plans, health, education, "
        "pathway.\n",
        FROM_THE_START,
    )
    tree.insert("tests/golden/care-proceedings.md", "after Christmas | hand |\n", GOLDEN)
    tree.insert(
        "tests/golden/looked-after-reviews.md",
        "| Tue 2026-12-22 | Fri 2027-01-15 | | over Christmas and New Year | counted twice; IRO "
        "Handbook (2010), on the record of a review |\n",
        GOLDEN_IN_A_GROUP,
    )
    tree.insert(
        "tests/golden/dispute-resolution.md",
        "needs bank holidays not yet proclaimed | hand |\n",
        GOLDEN_BESIDE_ANOTHER,
    )
    tree.insert(
        "tests/golden/plans-and-assessments.md",
        "a 16th birthday at the end of November | counted twice; SI 2010/959, reg. 42(1) |\n",
        GOLDEN_FROM_THE_START,
    )
    tree.insert(
        "CHANGELOG.md",
        "## [Unreleased]\n\n### Rules\n",
        "\n- `court.note.sent`.\n- `cla.review.letter`.\n- `dispute.stage.first`.\n"
        "- `plans.welcome`.\n",
    )
    tree.run("scripts/compile_data.py")
    for page in ("rules.md", "cli.md", "packs.md", "counting.md"):
        tree.made(f"docs/{page}")
    tree.iro("watch", "add", "court.note.sent", "--from", "2026-01-01")
    tree.iro("record", "court.hearing", "WREN", "--on", "2026-11-02")
    explained = tree.iro("explain", "WREN", "court.note.sent")
    turned_on = tree.iro("watch", "add", "records", "--from", "2026-01-01")
    tree.iro("record", "cla.review", "WREN", "--on", "2026-11-02")
    letter = tree.iro("explain", "WREN", "cla.review.letter")
    said = tree.run(
        *("-m", "pytest", "-q", "-p", "no:cacheprovider", "-m", "not slow"),
        *(f"tests/{room}" for room in CONCERNED),
    )

    # Five working days from Mon 2 Nov: Mon 9 Nov.
    assert "Mon 9 Nov 2026" in explained
    assert "An invented protocol, para. 1" in explained
    assert "cla.review.letter" in turned_on
    # Ten working days from Mon 2 Nov: Mon 16 Nov.
    assert "Mon 16 Nov 2026" in letter
    assert re.search(r"^\d{4} passed", said, re.MULTILINE), said
    assert all(map(_named("or change a rule"), tree.written))
