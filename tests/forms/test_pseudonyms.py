"""No export with pseudonyms has an id, a label, a date of birth or free text."""

import io
import json
import os
import shlex
import shutil
import zipfile
from importlib.util import find_spec
from operator import itemgetter
from pathlib import Path

import pytest

from forms.conftest import CHILDREN, DAY, LABELS, Run
from iro_cli.forms import FORMS, Target, form
from iro_cli.forms.listing import CHILD, FAMILY, WHOLE, Field, Listing
from iro_cli.forms.pseudonyms import Pseudonyms, pseudonymised
from iro_cli.pages import listings
from running import each
from stores import typed_into

LISTINGS = [
    ("due", "--all"),
    ("overdue",),
    ("caseload",),
    ("show", "A-001"),
    ("show", "A-007"),
    ("show", "A-008"),
    ("explain", "A-001"),
    ("child", "list"),
    ("child", "show", "A-003"),
    ("history",),
    ("changes", "--since", "2025-02-03", "--facts-of-today"),
    ("history", "A-001"),
    ("doctor",),
    ("dispute", "list"),
    ("audit", "list"),
    ("absence", "list"),
    ("person", "list"),
    ("forecast",),
]
SECRETS = [
    *CHILDREN,
    "A-007",
    *LABELS.values(),
    "Label7xyz",
    "Note7xyz",
    "Raven Close",
    "2015-07-19",
    "19 Jul 2015",
    "2025-01-05",
    "5 Jan 2025",
]

_PARQUET = pytest.mark.skipif(
    find_spec("pyarrow") is None, reason="NOT TESTED: `pip install pyarrow`"
)
_AUDIT = (
    *("audit", "record", "A-003", "--on", "2025-02-01", "--tool", "Note7xyz", "--grade", "Good"),
    *("--note", "Note7xyz"),
)
_AWAY = ("--from", "2025-02-01", "--to", "2025-02-28")


@pytest.fixture(scope="module")
def _told(made: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    commands = (
        ("child", "edit", "A-002", "--sibling-group", "Raven Close 1"),
        ("record", "dispute.raised", "A-001", "--on", "2025-02-03", "--note", "Note7xyz A-001"),
        ("child", "add", "A-008", "--edd", "2025-01-05", "--label", "Label7xyz"),
        ("record", "cp.conference.initial", "A-008", "--on", "2024-12-02"),
        ("record", "child.born", "A-008", "--on", "2025-01-05"),
        ("dispute", "stage", "A-001", "--on", "2025-02-05", "--reason", "Note7xyz"),
        *(_AUDIT, ("absence", "add", "Ann Example", *_AWAY, "--reason", "Note7xyz")),
    )
    path = Path(shutil.copy(made, tmp_path_factory.mktemp("told") / "iro.db"))
    return typed_into(path, DAY, *map(shlex.join, commands))


@pytest.fixture
def told(_told: Path, home: Path) -> Path:
    """Return a store with free text and a date of birth."""
    return Path(shutil.copy(_told, home / "iro.db"))


def _text(path: Path) -> str:
    """Return the whole text of a file, with a workbook unpacked and lines unfolded."""
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as book:
            return "\n".join(book.read(name).decode() for name in book.namelist())
    return path.read_bytes().replace(b"\r\n ", b"").decode("utf-8", "replace")


@pytest.mark.parametrize(
    "form",
    [pytest.param(one, marks=_PARQUET) if one == "parquet" else one for one in FORMS],
)
@each("listing", LISTINGS, name=" ".join)
def test_nothing_tells_whose_it_is(
    listing: tuple[str, ...], form: str, told: Path, iro: Run, home: Path
) -> None:
    """No listing in any form has an id, a label, a date of birth or a note."""
    (home / "listing").unlink(missing_ok=True)
    code, _, err = iro(*listing, "-f", form, "--pseudonymise", "-o", "listing")
    if form == "ics" and listing[0] not in ("due", "overdue"):
        assert code == 2
        return
    text = _text(home / "listing")

    assert (code, err) == (0, "")
    assert text
    assert not [secret for secret in SECRETS if secret in text]


def test_all_of_it_is_there_without(told: Path, iro: Run) -> None:
    """Without pseudonyms each secret is in some listing, so its absence proves something."""
    texts = "".join(
        iro(*listing, "-f", form).out.decode() for listing in LISTINGS for form in ("csv", "table")
    )

    assert [] == [secret for secret in SECRETS if secret not in texts]


def test_a_child_has_one_pseudonym(told: Path, iro: Run) -> None:
    """It is the same in every listing and run, so that exports can be joined."""
    listings = [("due", "--child", "A-001"), ("show", "A-001"), ("history", "A-001")]
    found = {
        row["child"]
        for listing in listings
        for row in json.loads(iro(*listing, "-f", "json", "--pseudonymise").out)["rows"]
    }
    rows = json.loads(iro("child", "list", "-f", "json", "--pseudonymise").out)["rows"]
    listed = [row["child_id"] for row in rows]

    assert len(found) == 1
    assert found <= set(listed)
    assert len(set(listed)) == len(listed) == 8
    assert listed == sorted(listed)


def test_the_rows_are_the_same(told: Path, iro: Run) -> None:
    """Only the child differs, and the order of rows due on one day."""
    plain, hidden = (
        json.loads(iro("due", "--all", "-f", "json", *more).out)["rows"]
        for more in ((), ("--pseudonymise",))
    )

    def but_for_the_child(rows: list[dict[str, object]]) -> list[str]:
        return sorted(json.dumps({**row, "child": None}) for row in rows)

    assert but_for_the_child(plain) == but_for_the_child(hidden)
    assert [row["due"] for row in plain] == [row["due"] for row in hidden]


def test_the_order_of_a_history_tells_nothing(told: Path, iro: Run) -> None:
    """The rows of one change are sorted by pseudonym and not by id."""
    rows = json.loads(iro("history", "-f", "json", "--pseudonymise").out)["rows"]
    added = [row for row in rows if row["change"] == 1]
    children = [row["child"] for row in added]

    assert len(set(children)) > 1
    assert children == sorted(children)
    assert [row["change"] for row in rows] == sorted((row["change"] for row in rows), reverse=True)


def test_no_calendar_entry_can_be_matched_by_its_uid(told: Path, iro: Run) -> None:
    """Somebody who guesses ids could make a UID that depends on the id."""
    plain, hidden = (
        {line for line in iro("due", "-f", "ics", *more).out.splitlines() if line[:4] == b"UID:"}
        for more in ((), ("--pseudonymise",))
    )

    assert len(plain) == len(hidden)
    assert not plain & hidden


def test_a_field_that_nobody_declared_harmless_is_never_let_out() -> None:
    """A new field is in no row, statement or form."""
    rows = [{"child": "A-001", "new": "SECRET", "due": "2025-02-03"}]
    fields = (Field("child", CHILD), Field("new"), Field("due", harmless=True))
    listing = Listing(
        "Any",
        tuple(field._replace(value=itemgetter(field.name)) for field in fields),
        beside=(Field("count", WHOLE, harmless=True), Field("told")),
    )
    about = {
        "as_of": "2025-02-10",
        "nation": "england",
        "catalogue": "0",
        "count": 1,
        "told": "SECRET",
        "nobody": "SECRET",
    }
    plain = listing.export(rows, about, lambda: [listing.grid("SECRET", rows)])
    export = pseudonymised(plain, Pseudonyms(b"k" * 32))

    assert ["child", "due"] == export.names
    assert {"as_of", "nation", "catalogue", "count", "pseudonyms"} == set(export.about)
    for name in FORMS:
        if name == "ics":
            continue
        out = io.BytesIO()
        one = form(name)
        text = io.TextIOWrapper(out, write_through=True)
        one.write(export, out if one.binary else text, Target())
        (home := Path("any")).write_bytes(out.getvalue())
        assert "A-001" not in _text(home)
        assert "SECRET" not in _text(home)


def test_what_names_a_child_is_declared_as_that() -> None:
    """A child's id has its own kind; labels, births and free text are not harmless."""
    fields = {
        field.name: field
        for listing in listings()
        for field in (*listing.fields, *(one for by in listing.beside for one in by.of))
    }
    harmful = ("label", "date_of_birth", "expected_date_of_delivery", "reason", "note")

    assert [CHILD, CHILD, FAMILY] == [
        fields[name].kind for name in ("child", "child_id", "sibling_group")
    ]
    assert not [name for name in harmful if fields[name].harmless]
    assert not [
        listing.name
        for listing in listings()
        if len({field.name for field in listing.fields}) != len(listing.fields)
    ]


def test_another_key_gives_other_pseudonyms() -> None:
    """Each export names its key."""
    one, other = (Pseudonyms(bytes([number]) * 32) for number in (1, 2))

    assert one.child("A-001") != other.child("A-001")
    assert one.child("A-001") != one.child("a-001")
    assert one.key_name != other.key_name


@pytest.mark.skipif(os.name == "nt", reason="Windows keeps no such permissions on a file")
def test_the_key_is_made_once_and_for_its_owner(told: Path, iro: Run, home: Path) -> None:
    """It is made beside the default store."""
    place = home / "default" / "iro" / "pseudonym.key"
    iro("due", "--pseudonymise")
    key = place.read_text()
    iro("due", "--pseudonymise")

    assert (place.stat().st_mode & 0o777, place.read_text()) == (0o600, key)
    assert len(bytes.fromhex(key)) == 32
    assert [path.name for path in place.parent.iterdir()] == ["pseudonym.key"]


def test_another_place_for_the_key(
    told: Path, iro: Run, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A named file is used, and none is made beside the store."""
    (home / "team.key").write_text("ab" * 32 + "\n")
    monkeypatch.setenv("IRO_PSEUDONYM_KEY", str(home / "team.key"))
    rows = json.loads(iro("due", "-f", "json", "--child", "A-001", "--pseudonymise").out)["rows"]

    assert {row["child"] for row in rows} == {Pseudonyms(b"\xab" * 32).child("A-001")}
    assert not (home / "default").exists()


@pytest.mark.parametrize(
    ("content", "says"),
    [(None, "there is no file"), ("", "is not a pseudonym key"), ("ab" * 31, "at least 64 digits")],
)
def test_a_key_that_is_none_is_refused(
    content: str | None,
    says: str,
    told: Path,
    iro: Run,
    home: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Otherwise the pseudonyms would silently differ from last month's."""
    if content is not None:
        (home / "team.key").write_text(content)
    monkeypatch.setenv("IRO_PSEUDONYM_KEY", str(home / "team.key"))
    code, out, err = iro("due", "--pseudonymise")

    assert (code, out) == (3, b"")
    assert says in err


@pytest.mark.parametrize("command", [("record", "cla.review", "A-001"), ("book",), ("undo",)])
def test_a_command_that_is_no_listing_says_so(
    command: tuple[str, ...], told: Path, iro: Run
) -> None:
    """It refuses the flag, after the command's name and before it."""
    more = {
        "record": ("--on", "2025-02-10"),
        "book": ("A-001", "cla.review.first", "2025-02-14"),
    }.get(command[0], ())
    answers = [
        iro(*command, *more, "--pseudonymise"),
        iro("--pseudonymise", *command, *more),
    ]

    assert [answer.code for answer in answers] == [2, 2]
    assert all("it is for listings" in answer.err for answer in answers)


def test_a_bare_iro_has_them_too(told: Path, iro: Run) -> None:
    """`iro` alone is `iro due`."""
    assert iro("--pseudonymise") == iro("due", "--pseudonymise")
    assert b"A-001" not in iro("--pseudonymise").out
