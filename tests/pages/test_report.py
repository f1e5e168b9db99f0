"""The report as people open it: in a browser, in a word processor, and as figures."""

import io
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

from iro_cli.errors import InputRefusedError
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
    """Return the quarterly report of the small authority."""
    return Path(shutil.copy(_page, home / "report.html"))


HOSTILE = "$x^2$ <script>alert(1)</script> \\frac"


@pytest.fixture(scope="module")
def eventful(_quarter: Path, tmp_path_factory: pytest.TempPathFactory) -> str:
    """Return the page of a quarter with a hostile name and an audit; one was the day before."""
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


@pytest.mark.slow
def test_a_hostile_name_is_text_on_the_page(eventful: str) -> None:
    """Markup, dollar signs and control codes in a name are neither run nor lost."""
    assert "<script>" not in eventful
    assert "$x^2$ &lt;script&gt;alert(1)&lt;/script&gt; \\frac" in eventful


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["across", "shares", "heat"])
def test_a_hostile_name_is_drawn_as_text(kind: str) -> None:
    """A name in a drawing is never markup."""
    from iro_cli.pages.report import Chart
    from iro_cli.pages.report_charts import svg

    drawn = svg(Chart(kind, HOSTILE, (HOSTILE[:24],), ((HOSTILE[:24], (1,)),)), "drawn")

    assert "<script>" not in drawn
    assert "$x^2$ &lt;script&gt;" in drawn


@pytest.mark.slow
def test_audits_have_a_section_once_there_are_any(eventful: str) -> None:
    """It has the quarter's audit by tool and grade, and not that of the day before."""
    text = re.sub(r"<[^>]+>", " ", eventful)

    assert "1 audit in all" in text
    assert re.search(r"case file\s+1\s", text)


class _Tags(HTMLParser):
    """The tags of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))


def _tags(page: Path) -> list[tuple[str, dict[str, str | None]]]:
    parser = _Tags()
    parser.feed(page.read_text("utf-8"))
    return parser.tags


@pytest.mark.slow
def test_the_page_needs_nothing_else(page: Path) -> None:
    """It has no script, file or address to fetch, and text from data is escaped."""
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


@pytest.mark.slow
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


@pytest.mark.slow
def test_each_section_is_there_in_order(page: Path) -> None:
    """Late and coming duties come before those that went well; there is no audit yet."""
    sections = [given["id"] for tag, given in _tags(page) if tag == "section"]

    assert sections == [
        "headline", "late", "coming", "disputes", "caseloads", "teams", "changed", "voice",
        "good-practice", "comparison", "counted",
    ]  # fmt: skip


@pytest.mark.slow
def test_the_page_says_what_was_counted_by_hand(page: Path) -> None:
    """Three of seven in timescale; two late, one not held, one never held."""
    text = re.sub(r"<[^>]+>", " ", page.read_text("utf-8"))

    missed, well = (
        text.index("4 timescales missed: 2 held late; 1 not held yet; 1 never held"),
        text.index("3 of the 7 reviews, conferences and disputes"),
    )
    assert missed < text.index("5 open timescales fall due by the end of Jan 2027") < well
    assert "adjourned: no care plan" in text
    assert "read in a secondary source, not in the text itself); nobody has more." in text


@pytest.mark.slow
def test_what_fell_due_since_is_not_left_out(page: Path) -> None:
    """The dispute of 5 October is in no figure of the quarter, and not ahead on 20 October."""
    text = re.sub(r"<[^>]+>", " ", page.read_text("utf-8"))

    assert "1 timescale fell due after the quarter and was not met by Tue 20 Oct 2026." in text


@pytest.mark.slow
def test_each_day_of_the_weeks_ahead_is_drawn_and_told(page: Path) -> None:
    """From Monday 19 October: reviews on 26 and 27 October and 10 November, counted by hand."""
    text = re.sub(r"<[^>]+>", " ", page.read_text("utf-8"))
    after = text[text.rindex("Timescales that fall due on each day, 19 Oct 2026 to 22 Nov 2026") :]
    table = re.search(r"Week from.*?16 Nov 2026(?:\s+\d)+", after, flags=re.DOTALL)

    assert "3 of them fall due by 22 Nov 2026, most on Mon 26 Oct 2026 (1)." in text
    assert table
    assert table[0].split() == [
        *("Week", "from", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"),
        *("19", "Oct", "2026", "-", "0", "0", "0", "0", "0", "0"),
        *("26", "Oct", "2026", "1", "1", "0", "0", "0", "0", "0"),
        *("2", "Nov", "2026", "0", "0", "0", "0", "0", "0", "0"),
        *("9", "Nov", "2026", "0", "1", "0", "0", "0", "0", "0"),
        *("16", "Nov", "2026", "0", "0", "0", "0", "0", "0", "0"),
    ]


@pytest.mark.slow
def test_a_page_for_a_panel_has_no_note_to_its_author(page: Path) -> None:
    """It tells nobody to add something or to type a command."""
    text = page.read_text("utf-8")

    assert "add it to" not in text
    assert "`" not in text


@pytest.mark.slow
@pytest.mark.parametrize(("kind", "axis"), [("lines", "y"), ("bars", "y"), ("shares", "x")])
def test_an_axis_begins_at_nought(kind: str, axis: str) -> None:
    """Even if all values are high, so that a fall from 98 to 96 % does not look large."""
    from iro_cli.pages.report import Chart
    from iro_cli.pages.report_charts import svg

    drawn = svg(Chart(kind, "Shares", ("a", "b"), (("one", (0.98, 0.96)),)), "drawn")
    first = re.search(rf'id="drawn-{axis}tick_1".*?<text[^>]*>([^<]*)<', drawn, flags=re.DOTALL)

    assert first
    assert first[1].rstrip("%") == "0"


@pytest.mark.slow
def test_the_same_facts_give_the_same_page(page: Path, iro: Run, home: Path) -> None:
    """Two runs give the same bytes."""
    iro("report", "quarterly", *BESIDE, "-o", "again.html")

    assert page.read_bytes() == (home / "again.html").read_bytes()


def test_json_has_the_figures_of_the_page(iro: Run) -> None:
    """JSON has the page's figures as numbers."""
    found = json.loads(iro("report", "quarterly", *BESIDE, "-f", "json").out)
    total = found["process"]["total"]

    assert (found["from"], found["to"]) == ("2026-07-01", "2026-09-30")
    assert (total["due"], total["in_timescale"]) == (7, 3)
    assert [row["child"] for row in found["late"]] == ["W-04", "W-03", "W-02", "W-07"]
    # W-06 27 Oct and W-04's adjourned review 26 Oct; W-02 10 Nov; W-09 and W-10 in December.
    coming = {month: sum(of.values()) for month, of in found["coming"].items()}
    assert coming == {"Oct 2026": 2, "Nov 2026": 1, "Dec 2026": 2, "Jan 2027": 0}


def test_small_numbers_stay_out_of_the_figures(iro: Run) -> None:
    """JSON has no child, no caseload and no small count."""
    figures = iro("report", "quarterly", "--suppress", "5", "-f", "json").out

    assert "W-0" not in figures
    assert json.loads(figures)["caseload"] is None


@pytest.mark.slow
def test_small_numbers_stay_out_of_the_page(iro: Run, home: Path) -> None:
    """The page has no child and no small count, and says so."""
    iro("report", "quarterly", "--suppress", "5", "-o", "report.html")
    text = (home / "report.html").read_text("utf-8")

    assert "W-0" not in text
    assert "kept back" in text


def test_the_annual_report_is_of_april_to_march(iro: Run) -> None:
    """In October 2026 it is about the year to 31 March 2026."""
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
        (("--template", "x.docx"), 2, "--template is for documents"),
        (("-o", "r.docx", "--template", "x.docx"), 3, "cannot be read"),
        (("-o", "iro.db", "-f", "docx", "--template", "iro.db"), 3, "is the store"),
        (("-o", "iro.db"), 3, "is the store"),
    ],
)
def test_what_cannot_be_written_is_refused(
    iro: Run, words: tuple[str, ...], code: int, said: str
) -> None:
    """The message says why, and nothing is written."""
    answer = iro("report", "quarterly", *words)

    assert (answer.code, answer.out) == (code, "")
    assert said in answer.err


def test_without_the_extra_it_says_how_to_install_it(
    iro: Run, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The figures need no extra, but the page does."""
    for module in ("report_charts", "report_page"):
        monkeypatch.delitem(sys.modules, f"iro_cli.pages.{module}", raising=False)
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    answer = iro("report", "quarterly", "-o", "report.html")

    assert answer.code == 2
    assert "pip install 'iro-cli[reports]'" in answer.err
    assert not (home / "report.html").exists()
    assert iro("report", "quarterly", "-f", "json").code == 0


def test_figures_do_not_load_the_extra(home: Path) -> None:
    """`report timeliness` does not load the libraries that draw."""
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
    """Every chart is drawn, the console is empty, and axe finds nothing."""
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
    assert len(boxes) == 8
    assert min(boxes) > 50
    assert result.violations_count == 0, result.generate_report()


@pytest.mark.slow
def test_the_page_fits_a_narrow_window_and_the_keyboard(page: Path, browser: Any) -> None:
    """Only tables scroll sideways, and the first Tab goes to the skip link."""
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
    """The PDF has several pages and no navigation."""
    tab = browser.new_page(color_scheme="dark")
    tab.goto(page.as_uri())
    tab.pdf(path=str(home / "report.pdf"), prefer_css_page_size=True)
    tab.emulate_media(media="print", color_scheme="dark")
    hidden = tab.evaluate("getComputedStyle(document.querySelector('nav')).display")
    ground = tab.evaluate("getComputedStyle(document.body).backgroundColor")
    tab.close()

    assert (home / "report.pdf").read_bytes().startswith(b"%PDF-")
    assert (hidden, ground) == ("none", "rgb(255, 255, 255)")


def _template(**changed: Any) -> bytes:
    """Return a council's document: a cover, a body with wide margins, a header and a footer."""
    from docx import Document
    from docx.shared import Cm

    made = Document()
    made.sections[0].header.paragraphs[0].text = "Testshire Council"
    made.sections[0].footer.paragraphs[0].text = "Children and Families"
    made.add_paragraph("Write here")
    made.add_section().left_margin = Cm(5)
    for name in changed.get("without", ()):
        made.styles[name].delete()
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


@pytest.mark.slow
def test_a_template_gives_its_styles_header_and_footer(iro: Run, home: Path) -> None:
    """Its text is left out; the report has the header of its first section."""
    from docx import Document

    (home / "council.docx").write_bytes(_template(without=["Caption", "Title"]))
    answer = iro("report", "quarterly", "-o", "report.docx", "--template", "council.docx")
    made = Document(str(home / "report.docx"))
    (section,) = made.sections
    texts = [line.text for line in made.paragraphs]
    margin, styles = section.left_margin, [made.paragraphs[0].style, made.paragraphs[3].style]

    assert (answer.code, answer.err) == (0, "written: report.docx\n")
    assert section.header.paragraphs[0].text == "Testshire Council"
    assert section.footer.paragraphs[0].text == "Children and Families"
    assert margin is not None
    assert round(margin.cm, 1) == 5
    assert "Write here" not in texts
    assert texts[0] == "Quarterly report of the reviewing service"
    assert {style and style.name for style in styles} == {"Heading 1"}
    assert all(line.paragraph_format.keep_with_next for line in made.paragraphs[3:5])


def test_what_is_no_template_is_refused() -> None:
    """The message says why: text, a broken archive, another kind, no styles."""
    from iro_cli.pages.report_document import opened

    whole = _template()
    other = io.BytesIO()
    with ZipFile(io.BytesIO(whole)) as read, ZipFile(other, "w") as written:
        for name in read.namelist():
            content = read.read(name).replace(b"document.main+xml", b"template.main+xml")
            written.writestr(name, content)
    bare = io.BytesIO()
    with ZipFile(io.BytesIO(whole)) as read, ZipFile(bare, "w") as written:
        for name in read.namelist():
            if name != "word/styles.xml":
                content = re.sub(rb'<Relationship [^>]*"styles.xml"/>', b"", read.read(name))
                written.writestr(name, content)
    for content, said in (
        (b"a text", "cannot be opened as a Word document"),
        (b"", "cannot be opened as a Word document"),
        (whole[: len(whole) // 2], "cannot be opened as a Word document"),
        (other.getvalue(), "another kind of file"),
        (bare.getvalue(), "no style Normal and no style Heading 1"),
        (_template(without=["Heading 1"]), "it has no style Heading 1: use"),
    ):
        with pytest.raises(InputRefusedError, match=said):
            opened(content)


def test_no_word_of_a_table_is_cut() -> None:
    """A column fits its longest word, id or day; if need be the letters get smaller."""
    from iro_cli.forms.listing import CHILD, Field
    from iro_cli.pages.report_document import fitted

    columns = (Field("child", CHILD), Field("reason"), Field("late"))
    lines = [["TS 0101", "was away for some time", "7"], ["TS 1", "counterproductive", "7"]]
    wide, size = fitted(columns, lines, 16)
    narrow, same = fitted(columns, lines, 8)
    tiny, smaller = fitted(columns, lines, 5)

    assert (size, same) == (9.5, 9.5)
    assert sum(wide) < 16
    assert sum(narrow) == pytest.approx(8)
    assert narrow[0] == wide[0]  # the id stays whole
    assert wide[1] > narrow[1] > 17 * 0.18  # 17 letters, each about half as wide as 9.5 points
    assert smaller < 9.5
    assert sum(tiny) == pytest.approx(5)


@pytest.mark.slow
def test_the_document_opens_in_a_word_processor(iro: Run, home: Path) -> None:
    """LibreOffice reads the words; each picture has a text alternative."""
    answer = iro("report", "quarterly", *BESIDE, "-f", "docx", "-o", "report.docx")
    assert answer.code == 0, answer.err
    with ZipFile(home / "report.docx") as file:
        body = file.read("word/document.xml").decode()
        pictures = [name for name in file.namelist() if name.endswith(".png")]

    assert len(pictures) == body.count('descr="') == 8
    if OFFICE is None or not any(Path(OFFICE).resolve().parent.glob("*swlo*")):
        pytest.skip("NOT TESTED: no LibreOffice Writer: apt-get install libreoffice-writer")
    text = _converted(home / "report.docx", "txt:Text")
    assert "3 of the 7 reviews, conferences and disputes" in text
    assert "Moss <b>Stoat</b>" in text


@pytest.mark.slow
def test_no_word_is_cut_where_a_word_processor_sets_it(iro: Run, home: Path) -> None:
    """Each word of each table is whole on its page, whichever font replaces the document's."""
    from docx import Document

    if OFFICE is None or shutil.which("pdftotext") is None:
        pytest.skip("NOT TESTED: apt-get install libreoffice-writer poppler-utils")
    iro("report", "quarterly", *BESIDE, "-o", "report.docx")
    _converted(home / "report.docx", "pdf")
    done = subprocess.run(
        ["pdftotext", "-layout", str(home / "report.pdf"), "-"],
        capture_output=True,
        text=True,
        check=True,
    )
    there = set(done.stdout.split())
    tables = Document(str(home / "report.docx")).tables
    words = {
        word
        for table in tables
        for row in table.rows
        for cell in row.cells
        for word in cell.text.split()
    }

    assert len(words) > 100
    assert words - there == set()


def _converted(path: Path, form: str) -> str:
    """Return what LibreOffice makes of a document, if that is text."""
    made = path.with_suffix(f".{form.partition(':')[0]}")
    subprocess.run(
        [
            *(str(OFFICE), f"-env:UserInstallation=file://{path.parent}/office", "--headless"),
            *("--convert-to", form, "--outdir", str(path.parent), str(path)),
        ],
        capture_output=True,
        check=True,
        timeout=120,
    )
    return made.read_text("utf-8-sig") if made.suffix == ".txt" else ""
