"""The report as people open it: in a browser, in a word processor, and as figures."""

import json
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from html.parser import HTMLParser
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest

from stores import typed_into

Run = Callable[..., Any]
BESIDE = ("--authority", "Gateshead", "--neighbours", "Sunderland")
HEADLESS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]
CHROMIUM = next((found for name in ("chromium", "chromium-browser", "google-chrome")
                 if (found := shutil.which(name))), None)  # fmt: skip
OFFICE = shutil.which("soffice") or shutil.which("libreoffice")

pytestmark = [
    pytest.mark.usefixtures("quarter"),
    pytest.mark.skipif(
        any(find_spec(name) is None for name in ("matplotlib", "jinja2", "docx")),
        reason="NOT TESTED: the reports extra is missing: pip install 'iro-cli[reports]'",
    ),
]


@pytest.fixture(scope="module")
def _page(_quarter: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("page") / "report.html"
    store = shutil.copy(_quarter, path.with_name("iro.db"))
    line = shlex.join(["report", "quarterly", *BESIDE, "-o", str(path)])
    typed_into(Path(store), "2026-10-20", line)
    return path


@pytest.fixture
def page(_page: Path, home: Path) -> Path:
    """Return the quarter's report of the small authority."""
    return Path(shutil.copy(_page, home / "report.html"))


HOSTILE = "$x^2$ <script>alert(1)</script> \\frac"


@pytest.fixture(scope="module")
def eventful(_quarter: Path, tmp_path_factory: pytest.TempPathFactory) -> str:
    """Return the page of a quarter with a hostile name and an audit; another was the day before."""
    path = tmp_path_factory.mktemp("eventful") / "report.html"
    store = shutil.copy(_quarter, path.with_name("iro.db"))
    audit = ("--tool", "case file", "--grade", "Good", "--auditor", "Reed Vole")
    commands = (
        ("child", "add", "W-12"),
        ("allocate", "W-12", "--iro", HOSTILE, "--from", "2026-09-01"),
        ("record", "cla.start", "W-12", "--on", "2026-09-07"),
        *(("audit", "record", "W-01", "--on", day, *audit) for day in ("2026-08-12", "2026-06-30")),
        ("report", "quarterly", "-o", str(path)),
    )
    typed_into(Path(store), "2026-10-20", *map(shlex.join, commands))
    return path.read_text("utf-8")


def test_a_hostile_name_is_drawn_as_text(eventful: str) -> None:
    """Markup, dollar signs and control codes in a name are neither run nor lost."""
    assert "<script>" not in eventful
    assert "$x^2$ &lt;script&gt;alert(1)&lt;/script&gt; \\frac" in eventful


def test_audits_have_a_section_once_there_are_any(eventful: str) -> None:
    """One audit of the quarter, by tool and grade; one of the day before is not in it."""
    text = re.sub(r"<[^>]+>", " ", eventful)

    assert "1 audit in all" in text
    assert re.search(r"case file\s+1\s", text)


class _Tags(HTMLParser):
    """What a page is made of."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))


def _tags(page: Path) -> list[tuple[str, dict[str, str | None]]]:
    parser = _Tags()
    parser.feed(page.read_text("utf-8"))
    return parser.tags


def test_the_page_needs_nothing_else(page: Path) -> None:
    """No script, no file and no address to fetch; what comes from data is text."""
    tags = _tags(page)
    text = page.read_text("utf-8")
    fetched = [
        value
        for tag, given in tags
        for name, value in given.items()
        if name in ("src", "href", "xlink:href") and value and not value.startswith("#")
    ]

    assert fetched == []
    assert {"script", "link", "img", "iframe", "b"}.isdisjoint({tag for tag, _ in tags})
    assert "@import" not in text
    assert "url(http" not in text
    assert "Moss &lt;b&gt;Stoat&lt;/b&gt;" in text


def test_the_page_has_one_heading_landmarks_and_tables_that_can_be_read_out(page: Path) -> None:
    """One h1, a language, a skip link; each table has a caption and scoped headings."""
    tags = _tags(page)
    names = [tag for tag, _ in tags]

    assert names.count("h1") == 1
    assert ("html", {"lang": "en-GB"}) in tags
    assert {"header", "nav", "main", "footer"} <= set(names)
    assert names.count("caption") == names.count("table") > 8
    assert all(given.get("scope") in ("col", "row") for tag, given in tags if tag == "th")
    ids = [given["id"] for _, given in tags if "id" in given]
    assert len(ids) == len(set(ids))


def test_each_section_is_there_in_order(page: Path) -> None:
    """The sections that a manager asks for; the audits have nothing to say yet."""
    sections = [given["id"] for tag, given in _tags(page) if tag == "section"]

    assert sections == [
        "headline", "changed", "late", "caseloads", "voice", "disputes", "good-practice",
        "coming", "comparison", "counted",
    ]  # fmt: skip


def test_the_page_says_what_was_counted_by_hand(page: Path) -> None:
    """Three of seven in timescale; two late, one not held, one never held."""
    text = re.sub(r"<[^>]+>", " ", page.read_text("utf-8"))

    assert "3 of the 7 reviews, conferences and disputes" in text
    assert "2 held late; 1 not held yet; 1 never held" in text
    assert "adjourned: no care plan" in text


@pytest.mark.slow
def test_the_same_facts_give_the_same_page(page: Path, iro: Run, home: Path) -> None:
    """Two runs are the same bytes."""
    iro("report", "quarterly", *BESIDE, "-o", "again.html")

    assert page.read_bytes() == (home / "again.html").read_bytes()


def test_json_has_the_figures_of_the_page(iro: Run) -> None:
    """What the page says in words is there as numbers."""
    found = json.loads(iro("report", "quarterly", *BESIDE, "-f", "json").out)
    total = found["process"]["total"]

    assert (found["from"], found["to"]) == ("2026-07-01", "2026-09-30")
    assert (total["due"], total["in_timescale"]) == (7, 3)
    assert [row["child"] for row in found["late"]] == ["W-04", "W-03", "W-02", "W-07"]
    # W-06 27 Oct and W-04's adjourned review 26 Oct; W-02 10 Nov; W-09 and W-10 in December.
    coming = {month: sum(of.values()) for month, of in found["coming"].items()}
    assert coming == {"Oct 2026": 2, "Nov 2026": 1, "Dec 2026": 2, "Jan 2027": 0}


def test_small_numbers_stay_out_of_every_form(iro: Run, home: Path) -> None:
    """No child, no caseload and no small count is in the page or in its figures."""
    figures = iro("report", "quarterly", "--suppress", "5", "-f", "json").out
    iro("report", "quarterly", "--suppress", "5", "-o", "report.html")
    text = (home / "report.html").read_text("utf-8")

    assert "W-0" not in figures + text
    assert json.loads(figures)["caseload"] is None
    assert "kept back" in text


def test_the_annual_report_is_of_april_to_march(iro: Run) -> None:
    """Asked in October 2026, it is of the year to 31 March 2026."""
    found = json.loads(iro("report", "annual", "-f", "json").out)

    assert (found["from"], found["to"]) == ("2025-04-01", "2026-03-31")
    # W-09's and W-10's conferences were due on 9 March and held on the 2nd.
    assert found["process"]["total"]["due"] == found["process"]["total"]["in_timescale"] == 2


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("-f", "docx"), 2, "name it with --output"),
        (("-f", "csv"), 2, "one of html, docx, json"),
        (("--team", "Dale"), 3, "team 'Dale'"),
        (("-o", "iro.db"), 3, "is the store"),
    ],
)
def test_what_cannot_be_written_is_refused(
    iro: Run, words: tuple[str, ...], code: int, said: str
) -> None:
    """It says why; nothing is written."""
    answer = iro("report", "quarterly", *words)

    assert (answer.code, answer.out) == (code, "")
    assert said in answer.err


def test_without_the_extra_it_says_how_to_install_it(
    iro: Run, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The figures need no extra; the page does."""
    for module in ("report_charts", "report_page"):
        monkeypatch.delitem(sys.modules, f"iro_cli.pages.{module}", raising=False)
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    answer = iro("report", "quarterly", "-o", "report.html")

    assert answer.code == 2
    assert "pip install 'iro-cli[reports]'" in answer.err
    assert not (home / "report.html").exists()
    assert iro("report", "quarterly", "-f", "json").code == 0


def test_figures_do_not_load_the_extra(home: Path) -> None:
    """`report timeliness` starts without the libraries that draw."""
    script = (
        "import sys; from iro_cli.__main__ import run; run(['report', 'timeliness', '-o', 'x.txt']);"
        "print([one for one in ('matplotlib', 'jinja2', 'docx', 'numpy') if one in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, cwd=home
    )

    assert done.stdout.splitlines()[-1] == "[]"


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """Return a headless Chromium."""
    if CHROMIUM is None:
        pytest.skip("NOT TESTED: no Chromium: apt-get install chromium")
    sync = pytest.importorskip(
        "playwright.sync_api", reason="NOT TESTED: pip install playwright (no browser download)"
    )
    with sync.sync_playwright() as started:
        opened = started.chromium.launch(executable_path=CHROMIUM, args=HEADLESS)
        yield opened
        opened.close()


@pytest.mark.slow
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_the_page_opens_in_a_browser_and_passes_axe(page: Path, browser: Any, scheme: str) -> None:
    """Every chart has drawn, nothing is on the console, and axe finds nothing."""
    axe = pytest.importorskip(
        "axe_playwright_python.sync_playwright",
        reason="NOT TESTED: pip install axe-playwright-python",
    )
    tab = browser.new_page(color_scheme=scheme)
    said: list[str] = []
    tab.on("console", lambda message: said.append(message.text))
    tab.on("pageerror", lambda error: said.append(str(error)))
    tab.on("request", lambda request: said.append(request.url) if "file:" not in request.url else 0)
    tab.goto(page.as_uri())
    boxes = tab.evaluate(
        "[...document.querySelectorAll('figure svg')].map(one => {"
        " const box = one.getBoundingClientRect(); const drawn = one.getBBox();"
        " return Math.min(box.width, box.height, drawn.width, drawn.height) })"
    )
    result = axe.Axe().run(tab)
    tab.close()

    assert said == []
    assert len(boxes) == 6
    assert min(boxes) > 50
    assert result.violations_count == 0, result.generate_report()


@pytest.mark.slow
def test_the_page_fits_a_narrow_window_and_the_keyboard(page: Path, browser: Any) -> None:
    """Nothing scrolls sideways but the tables; the first Tab is the skip link."""
    tab = browser.new_page(viewport={"width": 360, "height": 700})
    tab.goto(page.as_uri())
    width = tab.evaluate("document.documentElement.scrollWidth")
    tab.keyboard.press("Tab")
    first = tab.evaluate("document.activeElement.textContent")
    tab.keyboard.press("Enter")
    then = tab.evaluate("document.activeElement.id")
    tab.close()

    assert width <= 360
    assert (first, then) == ("Skip to the report", "main")


@pytest.mark.slow
def test_the_page_prints(page: Path, browser: Any, home: Path) -> None:
    """A PDF of several pages, and no navigation on paper."""
    tab = browser.new_page(color_scheme="dark")
    tab.goto(page.as_uri())
    tab.pdf(path=str(home / "report.pdf"), prefer_css_page_size=True)
    tab.emulate_media(media="print", color_scheme="dark")
    hidden = tab.evaluate("getComputedStyle(document.querySelector('nav')).display")
    ground = tab.evaluate("getComputedStyle(document.body).backgroundColor")
    tab.close()

    assert (home / "report.pdf").read_bytes().startswith(b"%PDF-")
    assert (hidden, ground) == ("none", "rgb(255, 255, 255)")


@pytest.mark.slow
def test_the_document_opens_in_a_word_processor(iro: Run, home: Path) -> None:
    """LibreOffice reads its words back; each picture has a text alternative."""
    answer = iro("report", "quarterly", *BESIDE, "-f", "docx", "-o", "report.docx")
    assert answer.code == 0, answer.err
    with ZipFile(home / "report.docx") as file:
        body = file.read("word/document.xml").decode()
        pictures = [name for name in file.namelist() if name.endswith(".png")]

    assert len(pictures) == body.count('descr="') == 6
    if OFFICE is None or not any(Path(OFFICE).resolve().parent.glob("*swlo*")):
        pytest.skip("NOT TESTED: no LibreOffice Writer: apt-get install libreoffice-writer")
    done = subprocess.run(
        [
            *(OFFICE, f"-env:UserInstallation=file://{home}/office", "--headless"),
            *("--convert-to", "txt:Text", "--outdir", str(home), str(home / "report.docx")),
        ],
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )
    read = (home / "report.txt").read_text("utf-8-sig")
    assert "3 of the 7 reviews, conferences and disputes" in read, done.stderr
    assert "Moss <b>Stoat</b>" in read
