"""
The page: the program in a browser, opened from the disk, without a network.

Its answers are compared with the command line.  `make page` makes it.
"""

import base64
import hashlib
import re
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from html import unescape
from pathlib import Path
from typing import Any

import make_page
import pytest

from iro_cli.extracts import SOURCES, source_named
from running import Answer

ROOT = Path(__file__).resolve().parents[2]
MADE = ROOT / "dist" / "iro.html"
EXTRACTS = ROOT / "examples" / "extracts"
CHROMIUM = next((found for name in ("chromium", "chromium-browser", "google-chrome")
                 if (found := shutil.which(name))), None)  # fmt: skip
DAY = "2026-11-23"
STARTS = 180_000  # milliseconds, for a machine that has much else to do
_HOME = "/home/iro"

Run = Callable[..., Answer]


# ---------------------------------------------------------------- put together


def test_the_policy_forbids_every_connection() -> None:
    """Only the page's own script and style run, by their hashes."""
    made = make_page.page({"one": b"two"}, "1.2.3")
    policy = re.search(r'Content-Security-Policy" content="([^"]+)"', made)
    assert policy
    said = dict(part.split(" ", 1) for part in policy[1].split("; "))
    (style,) = re.findall(r"(?s)<style>(.*?)</style>", made)
    script = made.rpartition("<script>")[2].partition("</script>")[0]
    hashed = [
        base64.b64encode(hashlib.sha256(one.encode()).digest()).decode() for one in (style, script)
    ]

    assert said["default-src"] == said["connect-src"] == said["form-action"] == "'none'"
    assert said["style-src"] == f"'sha256-{hashed[0]}'"
    assert said["script-src"] == f"'sha256-{hashed[1]}' 'wasm-unsafe-eval' blob:"
    assert "{{" not in made


def test_the_page_offers_every_source() -> None:
    """Each source is offered by its name, with its title, so a new one needs no change here."""
    made = make_page.page({}, "1.2.3")
    offered = re.search(r'(?s)<select id="source">(.*?)</select>', made)
    assert offered
    options = {
        name: unescape(title)
        for name, title in re.findall(r'<option value="([^"]+)">([^<]+)</option>', offered[1])
    }

    assert options["annex-a"] == "annex-a: Ofsted's Annex A: lists 5, 7 and 8"
    assert options == {name: f"{name}: {source_named(name).title}" for name in SOURCES}


def test_the_page_names_no_address() -> None:
    """The page has no address from which anything could be fetched."""
    texts = [one.read_text("utf-8") for one in sorted(make_page.FILES.iterdir())]

    assert len(texts) == 6
    assert [re.findall(r"(?:https?|wss?)://\S+", one) for one in texts] == [[]] * 6


def test_what_the_page_holds_is_pinned() -> None:
    """Each library has its line, with hashes."""
    pinned = make_page.PINNED.read_text("utf-8")
    names = (*make_page.LIBRARIES, make_page.WITHOUT_FAST_PART)

    assert [one for one in names if not re.search(make_page._LINES % re.escape(one), pinned)] == []


# ---------------------------------------------------------------- in a browser


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """Return a browser without a screen."""
    if CHROMIUM is None:
        pytest.skip("NOT TESTED: no Chromium: apt-get install chromium")
    if not MADE.exists():
        pytest.skip(f"NOT TESTED: {MADE.name} is not made: `make page`")
    sync = pytest.importorskip(
        "playwright.sync_api", reason="NOT TESTED: pip install playwright (no browser download)"
    )
    with sync.sync_playwright() as started:
        opened = started.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--headless"]
        )
        yield opened
        opened.close()


class Opened:
    """
    The page in a browser that is offline.

    Attributes:
        tab: The browser's.
        said: What was on the console, and every address that was asked for.
    """

    def __init__(self, browser: Any, **how: Any) -> None:
        """Open it from the disk, and wait until it can be asked."""
        self.tab = browser.new_context(offline=True, **how).new_page()
        self.said: list[str] = []
        self.tab.on("console", lambda message: self.said.append(message.text))
        self.tab.on("pageerror", lambda error: self.said.append(str(error)))
        self.tab.on("request", self._asked)
        self.tab.goto(MADE.as_uri())
        self.tab.wait_for_selector("body[data-state=ready], #failure:not([hidden])", timeout=STARTS)

    def _asked(self, request: Any) -> None:
        if not request.url.startswith(("file:", "blob:")):
            self.said.append(request.url)

    def idle(self) -> None:
        """Wait until it is done."""
        self.tab.wait_for_selector("body[aria-busy=false]", timeout=STARTS)

    def forget(self) -> None:
        """Start again without a store."""
        self.tab.evaluate(f"call('replace', {{ from: '{_HOME}/none', to: STORE }})")

    def read(self, source: str, *files: Path) -> str:
        """Read files, and return the page's message."""
        self.tab.select_option("#source", source)
        self.tab.set_input_files("#files", [str(one) for one in files])
        self.tab.click("#read button[type=submit]")
        self.idle()
        return str(self.tab.inner_text("#said"))

    def ask(self, question: str) -> str:
        """Ask, and return the text of the answer."""
        self.tab.click(f'#questions button[value="{question}"]')
        self.idle()
        return str(self.tab.inner_text("#answer"))

    def downloaded(self, button: str) -> bytes:
        """Return the file that a button offers."""
        with self.tab.expect_download() as waited:
            self.tab.click(button)
        self.idle()
        return Path(waited.value.path()).read_bytes()


@pytest.fixture(scope="module")
def page(browser: Any) -> Opened:
    """Return the page, started once for all tests, because that takes longest."""
    opened = Opened(browser)
    assert not opened.tab.is_visible("#failure"), opened.tab.inner_text("#failure")
    return opened


@pytest.fixture
def empty(page: Opened) -> Opened:
    """Return the page without a store, set to a day."""
    page.forget()
    page.tab.fill("#day", DAY)
    page.tab.check("#all")
    for name in ("#iro", "#words", "#child"):
        page.tab.fill(name, "")
    return page


IMPORTS: dict[str, list[tuple[str, str]]] = {
    "annex-a": [("annex-a", "annex-a/annex-a.xlsx")],
    "cin-census": [("cin-census", "cin-census/census.xml")],
    "reconcile": [("cin-census", "reconcile/census.xml")],
    "ssd": [("ssd", "ssd/*.csv")],
    "ssda903": [("ssda903", "ssda903/2025-26/*.csv")],
    "ssda903-xml": [("ssda903", "ssda903/2026-27.xml")],
    "own-columns": [
        ("children", "own-columns/tracker.csv own-columns/children.toml"),
        ("events", "own-columns/tracker.csv own-columns/events.toml"),
    ],
}


def _files(patterns: str) -> list[Path]:
    return [one for pattern in patterns.split() for one in sorted(EXTRACTS.glob(pattern))]


def test_each_example_of_an_extract_is_tried() -> None:
    """A new example folder has to be tried here too."""
    tried = {
        one.split("/")[0] for pairs in IMPORTS.values() for _, text in pairs for one in text.split()
    }

    assert tried == {one.name for one in EXTRACTS.iterdir() if one.is_dir()}


@pytest.mark.slow
@pytest.mark.parametrize("example", IMPORTS)
def test_the_page_answers_as_the_command_line(
    example: str, empty: Opened, home: Path, iro: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every row has the same bytes, and the messages have the same words."""
    monkeypatch.setenv("IRO_DATABASE", str(home / "iro.db"))
    monkeypatch.setenv("IRO_AS_OF", DAY)
    for source, patterns in IMPORTS[example]:
        files = _files(patterns)
        words = [
            word
            for one in files
            for word in (("--columns", str(one)) if one.suffix == ".toml" else (str(one),))
        ]
        ours, theirs = iro("import", source, *words), empty.read(source, *files)
        assert ours.code == 0
        missing = [
            line
            for line in ours.out.replace(f"{EXTRACTS}/", "").splitlines()
            if line.strip() and " ".join(line.split()) not in " ".join(theirs.split())
        ]
        assert missing == []
    for question, name in (("due", "due --all"), ("overdue", "overdue"), ("caseload", "caseload")):
        empty.ask(question)
        rows = empty.downloaded('#take button[value="csv"]')
        assert iro(*name.split(), "-f", "csv", "-o", str(home / "rows.csv")).code == 0
        assert rows == (home / "rows.csv").read_bytes()
    assert (home / "rows.csv").read_text("utf-8").count("\n") > 1
    assert empty.said == []


_DROP = """([name, text]) => {
  const dropped = new DataTransfer();
  dropped.items.add(new File([text], name));
  document.dispatchEvent(new DragEvent("drop", { dataTransfer: dropped, bubbles: true }));
}"""


@pytest.mark.slow
def test_files_can_be_dropped_and_only_tried(empty: Opened) -> None:
    """A trial stores nothing, and a refusal names its row."""
    text = "child_id\nA-1\n,\n"
    empty.tab.evaluate(_DROP, ["birds.csv", text])
    dropped = empty.tab.inner_text("#said")
    empty.tab.select_option("#source", "children")
    empty.tab.click("#try")
    empty.idle()
    tried = empty.tab.inner_text("#said")
    refused = empty.ask("due")
    empty.tab.evaluate(_DROP, ["birds.csv", "child_id\nA-1\n"])
    empty.tab.click("#read button[type=submit]")
    empty.idle()

    assert "Dropped: birds.csv" in dropped
    assert "birds.csv" in tried
    assert "there is no store at iro.db" in refused
    assert "Workbook" not in refused
    assert "added: 1 child" in empty.tab.inner_text("#said")


@pytest.mark.slow
def test_refused_rows_are_named_and_can_be_taken_along(empty: Opened, home: Path) -> None:
    """A refused row stores nothing, unless the user wants the others without it."""
    place = home / "children.csv"
    place.write_text("child_id,date_of_birth\nA-1,2015-02-03\nA-2,31/02/2015\n", "utf-8")
    whole = empty.read("children", place)
    nothing = empty.ask("due")
    rows = empty.downloaded("#refused").decode("utf-8-sig")
    empty.tab.check("#skip")
    rest = empty.read("children", place)
    empty.tab.uncheck("#skip")

    assert "31/02/2015" in whole
    assert "there is no store" in nothing
    assert "A-2" in rows
    assert "A-1" not in rows
    assert "added: 1 child" in rest


@pytest.fixture
def fictional(empty: Opened) -> Opened:
    """Return the page with the fictional authority."""
    empty.tab.click("#demo")
    empty.idle()
    return empty


@pytest.mark.slow
def test_a_store_is_saved_and_opened_on_either_side(
    fictional: Opened, home: Path, iro: Run
) -> None:
    """The command line opens the page's store, and the page that of the command line."""
    saved = home / "saved.db"
    saved.write_bytes(fictional.downloaded("#save"))
    due = iro("due", "--all", "-f", "csv", "--as-of", DAY, "--database", str(saved))
    fictional.forget()
    assert iro("record", "cla.start", "TS-0101", "--on", DAY, "--insist", "--database", str(saved))
    after = iro("due", "--all", "-f", "csv", "--as-of", DAY, "--database", str(saved))
    fictional.tab.set_input_files("#store", str(saved))
    fictional.idle()
    fictional.ask("due")

    assert due.code == 0
    assert due.out.count("\n") > 50
    assert "saved.db is open" in fictional.tab.inner_text("#kept")
    assert fictional.downloaded('#take button[value="csv"]').decode() == after.out


@pytest.mark.slow
def test_every_question_is_answered_and_filtered(fictional: Opened) -> None:
    """Answers have the program's words, and a mistyped value its refusal."""
    tab = fictional.tab
    tab.fill("#child", "ts-0101")
    told = {one: fictional.ask(one) for one in ("show", "explain", "doctor", "report quarterly")}
    tab.fill("#iro", "Ben Rees")
    bens = fictional.ask("overdue")
    tab.fill("#iro", "Ben Reese")
    slip = fictional.ask("due")
    tab.fill("#iro", "")
    tab.fill("#words", "dispute")
    disputes = fictional.ask("due")
    tab.fill("#child", "TS-9999")
    unknown = fictional.ask("explain")

    assert "TS-0101" in told["show"]
    assert "20 working days" in told["explain"]
    assert "counted again by python-dateutil and holidays: all agree" in told["doctor"]
    assert "1 Jul 2026 to 30 Sep 2026" in told["report quarterly"]
    assert "Ben Rees" in bens
    assert "Dev Raman" not in bens
    assert "did you mean Ben Rees?" in slip
    assert "Dispute resolution" in disputes
    assert "First review" not in disputes
    assert "TS-9999" in unknown
    assert "unexpected" not in unknown


@pytest.mark.slow
@pytest.mark.parametrize(
    ("form", "start"),
    [("xlsx", b"PK"), ("ics", b"BEGIN:VCALENDAR"), ("html", b"<!DOCTYPE html>")],
)
def test_the_answer_can_be_taken_along(form: str, start: bytes, fictional: Opened) -> None:
    """The program writes it in each form."""
    fictional.tab.fill("#iro", "Ada Okafor")
    fictional.ask("due")

    assert fictional.downloaded(f'#take button[value="{form}"]').startswith(start)


@pytest.mark.slow
def test_what_cannot_be_read_is_a_sentence(fictional: Opened, home: Path) -> None:
    """Another kind of file, a too large one, none, and a newer store."""
    other, large, newer = home / "other.xlsx", home / "large.csv", home / "newer.db"
    other.write_bytes(b"%PDF-1.7 no workbook")
    with large.open("wb") as out:
        out.truncate((make_page.LARGEST_FILES + 1) * 1_000_000)
    newer.write_bytes(fictional.downloaded("#save"))
    with closing(sqlite3.connect(newer)) as connection:
        connection.execute("PRAGMA user_version = 99")
    said = [
        fictional.read("annex-a", other),
        fictional.read("events", large),
        fictional.read("annex-a"),
    ]
    for one in (newer, other):
        fictional.tab.set_input_files("#store", str(one))
        fictional.idle()
        said.append(fictional.tab.inner_text("#kept"))

    assert "other.xlsx is not a workbook" in said[0]
    assert "large.csv has 101 MB, and this page reads 100 MB at most" in said[1]
    assert "No file was chosen" in said[2]
    assert "was written by a newer iro" in said[3]
    assert "is not a database" in said[4]
    assert "TS-0130" in fictional.ask("due")


@pytest.mark.slow
def test_nothing_can_be_sent_and_nothing_is_kept(fictional: Opened) -> None:
    """The browser refuses connections, and its storage is empty."""
    sent = fictional.tab.evaluate(
        "fetch('http://127.0.0.1:9/').then(() => 'sent', error => error.name)"
    )
    said = [one for one in fictional.said if "Content Security Policy" in one]
    fictional.said.clear()
    kept = fictional.tab.evaluate(
        "[document.cookie, (() => { try { return localStorage.length } catch { return 0 } })()]"
    )

    assert sent == "TypeError"
    assert said
    assert kept == ["", 0]
    assert "holds nothing once it is closed" in fictional.tab.inner_text("header")


@pytest.mark.slow
@pytest.mark.parametrize("missing", ["WebAssembly", "DecompressionStream", "Worker"])
def test_a_browser_that_cannot_run_it_is_told_so(missing: str, browser: Any) -> None:
    """The page is never blank."""
    tab = browser.new_context(offline=True).new_page()
    tab.add_init_script(f"delete globalThis.{missing}")
    tab.goto(MADE.as_uri())
    tab.wait_for_selector("#failure:not([hidden])", timeout=STARTS)
    said = tab.inner_text("#failure")
    tab.close()

    assert f"it has no {missing}" in said
    assert "the command line does without" in said


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_axe_finds_nothing_in_light_dark_and_narrow(fictional: Opened) -> None:
    """Every answer at 360 pixels, and at 1280 enlarged twice, without sideways scrolling."""
    axe = pytest.importorskip(
        "axe_playwright_python.sync_playwright",
        reason="NOT TESTED: pip install axe-playwright-python",
    )
    tab = fictional.tab
    tab.fill("#child", "TS-0101")
    found = {}
    for scheme in ("light", "dark"):
        tab.emulate_media(color_scheme=scheme)
        for question in ("due", "caseload", "explain", "show", "doctor", "report quarterly"):
            fictional.ask(question)
            result = axe.Axe().run(tab)
            if result.violations_count:
                found[scheme, question] = result.generate_report()
    widths = {}
    for width in (360, 640):  # 640 is what 1280 has room for at 200 %
        tab.set_viewport_size({"width": width, "height": 740})
        widths[width] = tab.evaluate("document.documentElement.scrollWidth")
        result = axe.Axe().run(tab)
        if result.violations_count:
            found["light", str(width)] = result.generate_report()
    tab.set_viewport_size({"width": 1280, "height": 720})

    assert found == {}
    assert widths == {360: 360, 640: 640}


@pytest.mark.slow
def test_the_keyboard_is_enough(fictional: Opened) -> None:
    """Enter in a field asks, and the focus moves to the answer."""
    tab = fictional.tab
    tab.focus("#words")
    tab.keyboard.type("TS-0130")
    tab.keyboard.press("Enter")
    fictional.idle()

    assert "TS-0130" in tab.inner_text("#shown")
    assert "TS-0101" not in tab.inner_text("#shown")
    assert tab.evaluate("document.activeElement.id") == "answer"
