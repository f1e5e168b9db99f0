"""The configuration: its keys, and what overrides them."""

import subprocess
import sys
import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from platformdirs import user_config_path

from iro_cli import forms
from iro_cli.cli import configuration
from iro_cli.cli.configuration import KEYS, place
from iro_cli.cli.options import LISTS
from iro_cli.forms import SHOWN_FORMS
from running import Answer
from strategies import letters

Typed = Callable[[str], Answer]


def _write(text: str) -> None:
    path = Path(place())
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")


def test_it_is_where_the_platform_has_it(home: Path) -> None:
    """The file is where ``platformdirs`` would put it."""
    assert Path(place()) == user_config_path("iro", appauthor=False) / "config.toml"


def test_it_is_never_needed(store: Path, typed: Typed) -> None:
    """Without a configuration file every command works."""
    assert typed("config get me") == Answer(0, "", "iro: me is not configured\n")
    assert typed("due").code == 0
    assert [row["value"] for row in typed("config list -f json").rows()] == [[]] * len(KEYS)


def test_the_daily_check_reads_it_without_the_library(store: Path, typed: Typed) -> None:
    """A file that `iro config set` wrote is read line by line, without the TOML library."""
    typed("config set me 'Ann Example'")
    typed("config set packs sefton")
    loads = "import sys; from iro_cli.__main__ import run; run(['due', '-f', 'csv'])"
    done = subprocess.run(
        [sys.executable, "-c", f"{loads}; sys.exit('tomllib' in sys.modules)"],
        stdout=subprocess.DEVNULL,
        check=False,
    )

    assert done.returncode == 0


def test_what_is_set_can_be_read_and_taken_out(store: Path, typed: Typed) -> None:
    """Comments that somebody wrote into the file stay."""
    _write("# mine\n")

    assert typed("config set me Ann Example").out == "configured: me is Ann Example\n"
    assert typed("config set within 8w").code == 0
    assert typed("config get me").out == "Ann Example\n"
    assert Path(place()).read_text("utf-8") == '# mine\nme = "Ann Example"\nwithin = "8w"\n'
    assert typed("config unset me").code == 0
    assert typed("config get me").out == ""
    assert typed("config path").out == f"{place()}\n"


def test_the_store_is_configured(
    store: Path, typed: Typed, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The command line overrides the environment, and the environment the configuration."""
    monkeypatch.delenv("IRO_DATABASE")

    assert typed("due").code == 5
    assert typed("config set database iro.db").out == f"configured: database is {store}\n"
    assert len(typed("due --all -f json").rows()) == 5
    monkeypatch.setenv("IRO_DATABASE", "none.db")
    assert typed("due").code == 5
    assert "IRO_DATABASE is set to 'none.db' here" in typed("config set database iro.db").err
    assert typed("due --database iro.db").code == 0


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("due --all --iro me -f json", ["A-001"]),
        ("due --all me -f json", ["A-001"]),
        ("child list --iro me -f json", ["A-001"]),
        ("overdue --iro me -f json", ["A-001"]),
    ],
)
def test_me_is_the_one_who_is_configured(
    line: str, names: list[str], store: Path, typed: Typed
) -> None:
    """`me` means the configured IRO wherever a person's name is accepted."""
    refused = typed(line)
    typed("config set me 'ann example'")

    assert (refused.code, "iro config set me" in refused.err) == (2, True)
    assert [row.get("child", row.get("child_id")) for row in typed(line).rows()] == names


def test_the_heading_says_whose_list_it_is(store: Path, typed: Typed) -> None:
    """The heading has the name as it is spelt in the allocation, beside the words."""
    typed("config set me 'ann example'")

    assert ", England, of Ann Example: " in typed("due me").out
    assert ", England, of Ann Example, with 'first': " in typed("due me first").out
    assert ", England, of Ann Example: " in typed("due --iro 'ANN EXAMPLE'").out
    assert ", England: " in typed("due").out


def test_me_may_take_a_child(store: Path, typed: Typed) -> None:
    """An option that stores a name accepts `me` too."""
    typed("config set me 'Ann Example'")

    assert "allocated to Ann Example as iro" in typed("allocate A-002 --iro me --from today").out


def test_a_form_is_that_of_listings_only(store: Path, typed: Typed) -> None:
    """A form on the command line overrides it; a command without a listing ignores it."""
    typed("config set format csv")

    assert typed("due").out.startswith("child,timescale,")
    assert typed("due -f table").out.startswith("Mon 10 Feb 2025")
    assert typed("due -o late.json").code == 0
    assert Path("late.json").read_text("utf-8").startswith("{")
    assert typed("record cla.review A-001").out.startswith("recorded: cla.review")
    Path("children.csv").write_text("child_id\nB-001\n", "utf-8")
    assert typed("import children children.csv").out.startswith("read: children.csv")
    assert typed("import children children.csv --dry-run").code == 0


@pytest.mark.slow
def test_a_report_is_a_page_whatever_form_is_set(store: Path, typed: Typed) -> None:
    """A report is a document and no listing, so the configured form does not apply."""
    typed("config set format csv")

    assert typed("report quarterly --from 2025-01-01 --to 2025-03-31 -o q.html").code == 0


def test_what_has_a_form_of_its_own_keeps_it(store: Path, typed: Typed) -> None:
    """The silent alarm and the body of a mail keep their form."""
    asked = ["overdue", "overdue --iro 'Ann Example'", "digest"]
    before = [typed(one) for one in asked]
    typed("config set format json")

    assert [typed(one) for one in asked] == before
    assert typed("overdue -f json").out.startswith("{")
    assert typed("overdue --per-iro-folder late").code == 0
    assert [one.name for one in Path("late").glob("[!.]*")] == ["Ann-Example.csv"]


@pytest.mark.parametrize("form", ["cvs", "xlsx", "ics", "docx"])
def test_a_form_that_is_none_of_a_listing_is_refused(form: str, store: Path, typed: Typed) -> None:
    """It is refused when it is set and when the file has it; a form that is typed works."""
    known = f"one of {', '.join(SHOWN_FORMS)}\n"
    assert typed(f"config set format {form}") == Answer(2, "", f"iro: format '{form}': {known}")
    _write(f'format = "{form}"\n')

    assert typed("due") == Answer(2, "", f"iro: format '{form}' in {place()}: {known}")
    assert typed("due -f csv").code == 0


def test_the_forms_that_are_configured_are_those_a_terminal_can_show() -> None:
    """Only forms of every listing can be configured; a calendar needs days and is no such form."""
    assert tuple(one for one in LISTS if not forms.form(one).binary) == SHOWN_FORMS


def test_a_wrong_length_of_time_in_the_file_is_refused_with_the_file(
    store: Path, typed: Typed
) -> None:
    """The message names the file, because nobody typed `--within`."""
    _write('within = "soon"\n')

    assert typed("due").err.startswith(f"iro: within in {place()} 'soon': not a length of time")
    assert typed("due --within 4w").code == 0
    assert typed("config set within soon").err.startswith("iro: within 'soon': not a length")


def test_how_far_ahead_is_configured(store: Path, typed: Typed) -> None:
    """The heading has the configured length of time."""
    typed("config set within 1d")

    assert "due within 1 day" in typed("due").out
    assert "due within 2 weeks" in typed("due --within 2w").out


def test_a_pack_that_ships_is_turned_on(store: Path, typed: Typed, tmp_path: Path) -> None:
    """A pack is set by its name in `iro timescales packs`; a file is kept with its whole path."""
    shipped = typed("timescales packs -f json").rows()[0]["pack"]
    rows = len(typed("timescales list -f json").rows())
    typed(f"config set packs {shipped}")

    assert typed("config get packs").out == f"{shipped}\n"
    assert len(typed("timescales list -f json").rows()) > rows
    assert typed("config set packs none.toml").code != 0
    assert typed("config get packs").out == f"{shipped}\n"


def test_configured_packs_are_left_out_for_another_nation(store: Path, typed: Typed) -> None:
    """For another nation the configured packs are left out; a pack typed for it is refused."""
    typed("config set packs sefton")

    assert typed("when cla.review.first 2026-01-12 --nation wales").code == 0
    assert "sefton" not in typed("timescales list --nation wales").out
    assert typed("timescales list --nation wales --pack sefton").err == (
        "iro: sefton.toml: nation — england is not wales\n"
    )


def test_a_nation_that_the_packs_are_not_of_is_not_configured(store: Path, typed: Typed) -> None:
    """Otherwise every command would be refused until the nation or the packs were removed."""
    typed("config set packs sefton")
    answer = typed("config set nation wales")

    assert (answer.code, typed("config list").code) == (4, 0)
    assert "nation — england is not wales" in answer.err


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('databse = "x"\n', "there is no key 'databse'; did you mean database?"),
        ("me = 1\n", "me must be a text in quotes"),
        ('packs = "sefton"\n', "packs must be a list"),
        ("me = \n", "is not TOML"),
    ],
)
def test_a_file_that_means_nothing_is_refused(
    text: str, said: str, store: Path, typed: Typed
) -> None:
    """An unknown key is refused with its place, and not read as if it were not set."""
    _write(text)
    answer = typed("due")

    assert answer.code == 2
    assert said in answer.err
    assert place() in answer.err
    assert typed("config path").code == 0


@pytest.mark.parametrize(
    "line",
    [
        "config set nation narnia",
        "config set format xlsx",
        "config set format ics",
        "config set within soon",
        "config set me ''",
        "config set database mysql://h/d",
        "config set colour red",
        "config get colour",
    ],
)
def test_a_value_that_means_nothing_is_not_kept(line: str, store: Path, typed: Typed) -> None:
    """A wrong value is refused when it is set."""
    assert typed(line).code in (2, 5)
    assert not Path(place()).exists()


_TEXTS = st.text(letters, max_size=12) | st.sampled_from(
    ["a, b", 'a"b', "a\\b", "#x", "[x]", "é", "\u2028"]
)


@given(
    database=_TEXTS,
    packs=st.lists(_TEXTS, max_size=3),
    before=st.sampled_from(["", "# remark\n", "\n", "me = 'x'\n"]),
)
def test_what_is_read_by_line_is_what_the_library_reads(
    database: str, packs: list[str], before: str
) -> None:
    """The line reader gives what the library gives, or leaves the file to the library."""

    def quoted(text: str) -> str:
        return f'"{text}"'

    text = f"{before}database = {quoted(database)}\npacks = [{', '.join(map(quoted, packs))}]\n"
    quick = configuration._by_line(text)  # noqa: SLF001 - the two readers are compared
    try:
        whole = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        whole = None

    assert quick in (None, whole)


# ---------------------------------------------------------------- a store of one's own


def test_init_makes_an_empty_store(home: Path, typed: Typed) -> None:
    """It is made at the path, with a message what to do next; a second time nothing changes."""
    made = typed("init team.db")
    again = typed("init team.db")

    assert made.out == f"made: {home / 'team.db'}, an empty store\n"
    assert "iro config set database" in made.err
    assert "iro import children" in made.err
    assert typed("due --database team.db").code == 0
    assert again.out.startswith("there is a store already, with 0 children")


@pytest.mark.parametrize("way", ["default", "option", "environment"])
def test_init_without_a_path_makes_it_where_it_is_looked_for(
    way: str, home: Path, typed: Typed, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The store is made where --database or IRO_DATABASE says, else at the default place."""
    path = {"default": home / "default" / "iro" / "iro.db"}.get(way, home / "x.db")
    if way == "environment":
        monkeypatch.setenv("IRO_DATABASE", str(path))
    made = typed("init" + (f" --database {path}" if way == "option" else ""))

    assert (made.code, path.exists()) == (0, True)


@pytest.mark.parametrize("name", ["empty.db", "text.db", "folder"])
def test_init_leaves_what_is_no_store_as_it_is(name: str, home: Path, typed: Typed) -> None:
    """A file with other content, or an empty one, is not overwritten."""
    Path("empty.db").touch()
    Path("text.db").write_text("mine", "utf-8")
    Path("folder").mkdir()

    assert typed(f"init {name}").code == 5
    assert (Path("empty.db").read_bytes(), Path("text.db").read_text("utf-8")) == (b"", "mine")


@pytest.mark.parametrize("line", ["child add K1", "import children children.csv"])
def test_what_makes_a_store_says_so_with_its_path(line: str, home: Path, typed: Typed) -> None:
    """A command that makes a store says so on standard error, the first time only."""
    Path("children.csv").write_text("child_id\nB-001\n", "utf-8")
    first = typed(f"{line} --database new.db")
    second = typed(f"{line.replace('K1', 'K2')} --database new.db")

    assert (first.code, str(home / "new.db") in first.err) == (0, True)
    assert (second.code, "new one was made" in second.err) == (0, False)


@pytest.mark.parametrize(
    "line",
    [
        "record cla.start K1",
        "book K1 2 dec",
        "allocate K1 --iro A --from today",
        "person add A",
        "absence add A --from today --to today",
        "watch add records --from today",
        "calendar add 2026-12-01 --name A",
        "dispute raise K1",
        "audit record K1 --tool T --grade Good",
        "undo",
        "hand-over --from A --to B",
        "child edit K1 --team North",
    ],
)
def test_every_other_command_that_writes_refuses(line: str, home: Path, typed: Typed) -> None:
    """A mistyped name of a store ends with exit code 5, and no file is made."""
    answer = typed(f"{line} --database none.db")

    assert (answer.code, "there is no store at" in answer.err) == (5, True)
    assert not Path("none.db").exists()
