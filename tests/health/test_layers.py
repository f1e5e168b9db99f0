"""Imports point inwards: the pure core imports no SQL, no console and no clock."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

import iro_cli
from running import each

# These tests are about how the code is built, and not about what it does.
pytestmark = pytest.mark.slow

SOURCE = Path(iro_cli.__file__).parent
PURE = {"dates", "facts", "law", "obligations"}
TOUCH_NOTHING = {*PURE, "figures"}
# What each room may import besides itself, errors and the package's version: a floor
# rests on those below it.
MAY_IMPORT: dict[str, set[str]] = {
    "errors": set(),
    "lean": set(),
    "files": set(),
    "folders": set(),
    "safe": set(),
    "progress": set(),
    "shipped": set(),
    "clock": {"store"},
    "dates": set(),
    "facts": {"dates"},
    "law": {"dates", "facts"},
    "obligations": {"dates", "law", "facts"},
    "library": {"dates", "facts", "folders", "law", "obligations", "files", "shipped"},
    "figures": PURE,
    "sentences": {*PURE, "figures"},
    "store": {"dates", "facts", "folders", "progress", "shipped"},
    "incoming": {"dates", "files", "progress"},
    "extracts": {*PURE, "files", "incoming"},
    "forms": {"dates", "law"},
    "questions": {*PURE, "library", "figures", "sentences", "shipped", "store", "progress"},
    "changes": {
        *(*PURE, "figures", "sentences", "store", "incoming", "extracts", "questions", "progress"),
    },
    "pages": {*PURE, "figures", "sentences", "shipped", "questions", "forms"},
    "cli": {
        *(*PURE, "figures", "sentences", "store", "incoming", "extracts", "questions", "changes"),
        *("clock", "forms", "pages", "files", "folders", "library", "progress", "shipped"),
    },
    "face": {*PURE, "clock", "library", "store", "questions", "changes"},
    "tables": {
        *(*PURE, "clock", "store", "incoming", "extracts", "forms", "questions", "changes"),
        *("pages", "progress"),
    },
    "__main__": {"cli", "forms"},
    "__init__": {"face"},
}
# Imports that still go the wrong way.
KNOWN: set[str] = set()
# Where each of the libraries may be imported, by folder or by file.
FENCED: dict[str, set[str]] = {
    "sqlmodel": {"store/tables.py"},
    "sqlalchemy": {"store/tables.py", "incoming/database.py"},
    "pydantic": {"law/schema.py"},
    "typer": {"cli"},
    "rich": {"cli", "forms"},
    "holidays": {"questions/recount.py"},
    "dateutil": {"questions/recount.py"},
    "xlsxwriter": {"forms/workbook.py"},
    "icalendar": {"forms/icalendar_file.py"},
    "pyarrow": {"forms/parquet.py", "tables"},
    "textual": {"cli"},
    "python_calamine": {"incoming/workbook.py"},
    "matplotlib": {"pages/report_charts.py"},
    "jinja2": {"pages/report_page.py"},
    "docx": {"pages/report_document.py"},
    "highspy": {"questions/suggesting.py"},
    "sqlcipher3": {"store/encrypted.py", "store/sealing.py"},
    "keyring": {"store/keys.py"},
    "psycopg": {
        "store/postgresql.py",
        *(f"store/postgresql_{one}.py" for one in ("connection", "erasing", "errors")),
        *(f"store/postgresql_{one}.py" for one in ("roles", "schema")),
    },
    "numpy": set(),
    "openpyxl": set(),
    "lxml": set(),
    "pandas": set(),
}
# Modules that only some may import: a question reads, and no command needs the classes of the
# tables.
CLOSED = {
    "iro_cli.store.changing": {"store", "changes", "cli", "clock"},
    "iro_cli.store.tables": set[str](),
}
# Modules whose types are read at run time: by a dataclass, pydantic, SQLModel, Typer or Textual.
# Elsewhere the names of typing, which is slow to import, come from lean.py.
READ_TYPES = (
    *("lean.py", "extracts/cin_census/history.py", "law/schema.py", "store/tables.py"),
    *("cli/app.py", "cli/board/"),
)
CLOCKS = {
    ("date", "today"),
    ("datetime", "today"),
    ("datetime", "now"),
    ("datetime", "utcnow"),
    ("time", "time"),
    ("time", "localtime"),
    ("time", "gmtime"),
}
FILES = sorted(SOURCE.rglob("*.py"))


def place(file: Path) -> str:
    """Name a file from the package's folder."""
    return file.relative_to(SOURCE).as_posix()


def package(file: Path) -> str:
    """Name the package that a file belongs to."""
    return file.relative_to(SOURCE).parts[0].removesuffix(".py")


@cache
def nodes(file: Path) -> tuple[ast.AST, ...]:
    """Return every node of a file."""
    return tuple(ast.walk(ast.parse(file.read_text("utf-8"))))


@cache
def imported(file: Path) -> tuple[str, ...]:
    """Return every module that a file imports, wherever in the file it does."""
    return tuple(_imported(file))


def _imported(file: Path) -> Iterator[str]:
    for node in nodes(file):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            if node.level:
                raise ValueError(f"{place(file)}:{node.lineno}: a relative import")
            module = node.module or ""
            if module == "iro_cli":
                yield from (f"iro_cli.{name.name}" for name in node.names)
            else:
                yield module


def test_every_package_has_a_place() -> None:
    """A new package has to be added to the table, or its imports are not checked."""
    assert set(MAY_IMPORT) == {package(file) for file in FILES}


def test_imports_point_inwards() -> None:
    """No package imports one outside it, except for the known ones."""
    wrong = {
        f"{place(file)} imports {module}"
        for file in FILES
        for module in imported(file)
        if module.startswith("iro_cli.")
        and module != "iro_cli.__version__"
        and (target := module.split(".")[1]) not in {package(file), "errors", "lean", "safe"}
        and target not in MAY_IMPORT.get(package(file), set())
    }

    assert KNOWN == wrong


@pytest.mark.parametrize("module", sorted(CLOSED))
def test_a_closed_module_is_imported_by_its_own_alone(module: str) -> None:
    """A question may not write, and only the compiling script uses the classes of the tables."""
    wrong = [
        place(file)
        for file in FILES
        if package(file) not in CLOSED[module] and module in imported(file)
    ]

    assert [] == wrong


@each("library", sorted(FENCED))
def test_a_library_is_imported_in_its_place_alone(library: str) -> None:
    """Each library is imported only where the table allows it."""
    allowed = FENCED[library]
    wrong = [
        place(file)
        for file in FILES
        for module in imported(file)
        if module.split(".")[0] == library
        and place(file) not in allowed
        and package(file) not in allowed
    ]

    assert [] == wrong


def test_typing_is_imported_where_types_are_read() -> None:
    """Elsewhere it would slow every start; lean.py says by how much."""
    wrong = [
        place(file)
        for file in FILES
        if not place(file).startswith(READ_TYPES) and "typing" in imported(file)
    ]

    assert [] == wrong


def test_the_clock_is_read_in_one_place() -> None:
    """Everywhere else the day is a parameter."""
    wrong = [
        f"{place(file)}:{node.lineno}"
        for file in FILES
        if place(file) != "clock.py"
        for node in nodes(file)
        if isinstance(node, ast.Attribute)
        and (
            (
                node.value.id
                if isinstance(node.value, ast.Name)
                else getattr(node.value, "attr", "")
            ),
            node.attr,
        )
        in CLOCKS
    ]

    assert [] == wrong


def test_the_pure_core_touches_nothing() -> None:
    """Dates, facts, law, obligations and figures neither read, write nor print."""
    forbidden = {"os", "sys", "io", "pathlib", "sqlite3", "subprocess", "time", "logging", "locale"}
    imports = [
        f"{place(file)} imports {module}"
        for file in FILES
        if package(file) in TOUCH_NOTHING
        for module in imported(file)
        if module.split(".")[0] in forbidden
    ]
    calls = [
        f"{place(file)}:{node.lineno} calls {node.func.id}"
        for file in FILES
        if package(file) in TOUCH_NOTHING
        for node in nodes(file)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id in ("open", "print", "input")
    ]

    assert ([], []) == (imports, calls)
