"""
What people type, in each natural form and with each natural mistake, and how it is read.

Tuesday 24 November 2026.  TS-0101 and the others are counted on a wall calendar: care that
began on Monday 2 November has its first review by Monday 30 November (20 working days).
"""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from shutil import copy

import pytest

from iro_cli.facts.model import Allocation, Child, Event
from iro_cli.facts.said import EVENT_WORDS, TIMESCALE_WORDS, events_said, plain
from iro_cli.facts.vocabulary import EVENTS
from iro_cli.library import catalogue
from iro_cli.store.kinds import ALLOCATION, CHILD_DETAIL
from running import Answer
from stores import add_facts, changing

Typed = Callable[[str], Answer]


@pytest.fixture(scope="module")
def people(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a store whose children each have something else open; no test may change it."""
    path = tmp_path_factory.mktemp("people") / "people.db"
    labels = {
        "TS-0101": "Kestrel",
        "TS-0102": "Red Kite",
        "TS-0103": "Heron",
        "TS-0104": "Heron",
        "TS-0105": "Osprey",
        "TS-0106": "Merlin",
        "ts-0107": None,
        "TS-0107": None,
        "TS-0108": None,
        "TS-0109": None,
        "2019": None,
    }
    facts = [
        ("TS-0101", Event("cla.start", date(2026, 11, 2))),
        ("TS-0102", Event("short-break.start", date(2026, 10, 5))),
        ("TS-0103", Event("cp.strategy", date(2026, 11, 16))),
        ("TS-0104", Event("cp.strategy", date(2026, 8, 24))),
        ("TS-0104", Event("cp.conference.initial", date(2026, 9, 7), outcome="plan")),
        ("TS-0105", Event("cla.start", date(2026, 6, 1))),
        ("TS-0105", Event("cla.review", date(2026, 6, 26))),
        ("TS-0105", Event("cla.review", date(2026, 9, 25))),
        ("TS-0105", Event("adoption.authorised", date(2026, 10, 1))),
        ("TS-0106", Event("cla.start", date(2026, 11, 2))),
        ("TS-0106", Event("secure.start", date(2026, 11, 9))),
        ("TS-0108", Event("adoption.authorised", date(2026, 10, 1))),
        ("TS-0109", Event("secure.start", date(2026, 11, 9))),
    ]
    with changing(path) as writer:
        writer.add(CHILD_DETAIL, [Child(one, name, team="North") for one, name in labels.items()])
        add_facts(writer, facts)
        writer.add(ALLOCATION, [Allocation("TS-0101", "iro", "Ann Example")])
    return path


@pytest.fixture
def store(people: Path, home: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a copy of that store, which ``IRO_DATABASE`` names, on that Tuesday."""
    path = Path(copy(people, home / "iro.db"))
    monkeypatch.setenv("IRO_DATABASE", str(path))
    monkeypatch.setenv("IRO_AS_OF", "2026-11-24")
    return path


@pytest.mark.parametrize(
    ("line", "said"),
    [
        # a child: its id in any case, else its label in any case
        ("show ts-0101 -f csv", "TS-0101"),
        ("show kestrel -f csv", "TS-0101"),
        ("show 'RED KITE' -f csv", "TS-0102"),
        ("show ts-0107 -f json", '"rows": []'),
        ("due --child kestrel", "TS-0101"),
        ("overdue --child kestrel", ""),
        ("explain kestrel", "TS-0101"),
        ("history kestrel", "TS-0101"),
        ("child show kestrel", "TS-0101"),
        ("child edit kestrel --team South", "changed: TS-0101"),
        ("allocate kestrel --iro 'Ben Rees' --from today", "Tue 24 Nov 2026: TS-0101"),
        ("align kestrel osprey", "TS-0105"),
        ("dispute raise kestrel", "dispute.raised on Tue 24 Nov 2026 for TS-0101"),
        ("audit record kestrel --tool T --grade Good", "audit of TS-0101"),
        # an event: its id in any case, or a word of the field
        ("record CLA.Review TS-0101", "recorded: cla.review on Tue 24 Nov 2026 for TS-0101"),
        ("record icpc TS-0103", "recorded: cp.conference.initial on Tue 24 Nov 2026"),
        ("record ICPC TS-0103", "recorded: cp.conference.initial on Tue 24 Nov 2026"),
        ("record rcpc TS-0104", "recorded: cp.conference.review on"),
        ("record strategy TS-0101", "recorded: cp.strategy on"),
        ("record 'core group' TS-0104", "recorded: cp.core-group on"),
        ("record core group TS-0104", "recorded: cp.core-group on"),
        ("record core-group TS-0104", "recorded: cp.core-group on"),
        ("record end of care kestrel", "recorded: cla.end on Tue 24 Nov 2026 for TS-0101"),
        ("record start of care TS-0103", "recorded: cla.start on"),
        ("record dispute kestrel", "recorded: dispute.raised on"),
        # `review` is the kind of review that the child has open
        ("record review kestrel", "recorded: cla.review on"),
        ("record review TS-0102", "recorded: short-break.review on"),
        ("record review ts-0108", "recorded: adoption.review on"),
        ("record review ts-0109", "recorded: secure.review on"),
        ("record conference TS-0103", "recorded: cp.conference.initial on"),
        ("record conference TS-0104", "recorded: cp.conference.review on"),
        # the event stands second
        ("record TS-0101 cla.review", "recorded: cla.review on Tue 24 Nov 2026 for TS-0101"),
        ("record kestrel review --on yesterday", "cla.review on Mon 23 Nov 2026 for TS-0101"),
        ("record TS-0104 core group", "recorded: cp.core-group on"),
        # a day: today where none is named; on `record` the last that has been
        ("record strategy kestrel", "cp.strategy on Tue 24 Nov 2026 for TS-0101"),
        ("record strategy kestrel --on today", "cp.strategy on Tue 24 Nov 2026"),
        ("record strategy kestrel --on yesterday", "cp.strategy on Mon 23 Nov 2026"),
        ("record strategy kestrel --on mon", "cp.strategy on Mon 23 Nov 2026"),
        ("record strategy kestrel --on tue", "cp.strategy on Tue 24 Nov 2026"),
        ("record strategy kestrel --on wednesday", "cp.strategy on Wed 18 Nov 2026"),
        ("record strategy kestrel --on '2 nov'", "cp.strategy on Mon 2 Nov 2026"),
        ("record strategy kestrel --on '2 dec'", "cp.strategy on Tue 2 Dec 2025"),
        ("record strategy kestrel --on '2 Dec 2025'", "cp.strategy on Tue 2 Dec 2025"),
        ("record strategy kestrel --on 02/11/2026", "cp.strategy on Mon 2 Nov 2026"),
        # a timescale: its id, or what the field calls it
        ("when first-review 2026-11-02", "Mon 30 Nov 2026"),
        ("when first review 2026-11-02", "Mon 30 Nov 2026"),
        ("when 'First Review' 2026-11-02 2026-11-03", "cla.review.first"),
        ("when icpc 2026-11-16", "Mon 7 Dec 2026"),
        ("when core group 2026-11-16", "Mon 30 Nov 2026"),
        ("timescales show icpc", "cp.conference.initial"),
        ("explain kestrel first review", "TS-0101"),
        ("explain TS-0104 rcpc", "TS-0104"),
        ("due --all --timescale rcpc", "TS-0104"),
        # `book` with and without a timescale
        ("book kestrel 30 nov", "booked: cla.review.first of TS-0101 on Mon 30 Nov 2026"),
        ("book kestrel mon 14:30", "cla.review.first of TS-0101 on Mon 30 Nov 2026 at 14:30"),
        # on `book` the day is the next to come
        ("book kestrel 2 dec 9:30", "on Wed 2 Dec 2026 at 09:30"),
        ("book kestrel 2 dec 09:30", "on Wed 2 Dec 2026 at 09:30"),
        ("book kestrel 2 dec 8:00", "on Wed 2 Dec 2026 at 08:00"),
        ("book kestrel tue", "booked: cla.review.first of TS-0101 on Tue 1 Dec 2026"),
        ("book kestrel '2 Dec 2026'", "booked: cla.review.first of TS-0101 on Wed 2 Dec 2026"),
        ("book kestrel 1 jan", "booked: cla.review.first of TS-0101 on Fri 1 Jan 2027"),
        ("book kestrel review tomorrow", "cla.review.first of TS-0101 on Wed 25 Nov 2026"),
        ("book kestrel first review Mon 30 Nov 2026 09:00", "on Mon 30 Nov 2026 at 09:00"),
        ("book TS-0102 first-review 2 dec", "booked: short-break.review.first of TS-0102"),
        ("book TS-0103 icpc 2026-12-02", "booked: cp.conference.initial of TS-0103"),
        ("book TS-0104 2 dec", "booked: cp.conference.review.first of TS-0104"),
        ("book TS-0106 secure review 2 dec", "booked: secure.review.first of TS-0106"),
        ("book TS-0105 adoption review 2 dec", "booked: adoption.review.authorised.first"),
    ],
)
def test_what_people_type_is_read(line: str, said: str, store: Path, typed: Typed) -> None:
    """Each line is done, and the answer names how it was read."""
    code, out, err = typed(line)

    assert (code, said in out + err) == (0, True), (out, err)


@pytest.mark.parametrize(
    ("line", "code", "said"),
    [
        # never a guess between two: both are named
        ("show heron", 3, ["'heron'", "TS-0103 and TS-0104"]),
        ("show Ts-0107", 3, ["'Ts-0107'", "TS-0107 and ts-0107"]),
        ("record review TS-0105", 3, ["cla.review or adoption.review", "longer name"]),
        ("record review TS-0106", 3, ["cla.review or secure.review", "longer name"]),
        ("record review TS-0103", 3, ["none of them is open"]),
        ("record review kestrel TS-0102", 3, ["longer name, one for each child"]),
        ("book TS-0105 2 dec", 3, ["cla.review.subsequent", "adoption.review.authorised.first"]),
        ("book TS-0106 review 2 dec", 3, ["cla.review.first", "secure.review.first"]),
        ("when rcpc 2026-11-02", 3, ["cp.conference.review.first or"]),
        ("record midway review TS-0101", 3, ["cla.midway or cp.midway"]),
        ("when first-review mon", 2, ["Mon 23 Nov 2026 or Mon 30 Nov 2026"]),
        # a near miss names what was probably meant, by the field's words and what is open
        ("when frist-review 2026-11-02", 3, ["did you mean cla.review.first or"]),
        ("book TS-0102 frist-review 2 dec", 3, ["did you mean short-break.review.first or"]),
        ("record revue TS-0102", 3, ["did you mean short-break.review or"]),
        ("record ipcp TS-0103", 3, ["cp.conference.initial"]),
        ("show kestral", 3, ["there is no child 'kestral'; did you mean Kestrel (TS-0101)?"]),
        # what is left out or cannot be
        ("record core group", 2, ["whose core group is it?"]),
        ("record review TS-9999", 3, ["there is no child 'TS-9999'"]),
        ("book kestrel review", 2, ["which day?"]),
        ("book kestrel 30 feb", 2, ["DATE '30 feb': there is no 30 February"]),
        ("book kestrel 31 nov", 2, ["there is no 31 November: that month has 30 days at most"]),
        ("book kestrel tue 2 dec 2026", 2, ["2 Dec 2026 is a Wednesday, not a Tuesday"]),
        ("book kestrel 'tue 2 dec 2026'", 2, ["2 Dec 2026 is a Wednesday, not a Tuesday"]),
        ("book kestrel first review tue 2 dec 9:30", 2, ["is a Wednesday, not a Tuesday"]),
        ("book kestrel 9:30", 2, ["DATE '9:30': that is a time, not a day"]),
        ("book kestrel first review 14:30", 2, ["DATE '14:30': that is a time, not a day"]),
        ("book kestrel 2 dec 2:30", 2, ["TIME '2:30': 02:30 or 14:30? Write the hour with two"]),
        ("book kestrel 2 dec 7:00", 2, ["TIME '7:00': 07:00 or 19:00?"]),
        ("book kestrel 2 dec 9:3", 2, ["TIME '9:3': write it as 14:30 or 09:30"]),
        ("book kestrel 2 dec 9:60", 2, ["TIME '9:60': write it as 14:30 or 09:30"]),
        ("record review kestrel --on 9:30", 2, ["--on '9:30': that is a time, not a day"]),
        ("record review kestrel --on '31 nov'", 2, ["--on '31 nov': there is no 31 November"]),
        ("book kestrel 2026-13-01", 2, ["there is no month 13"]),
        ("book kestrel 2 dec 14.30", 2, ["TIME '14.30': write it as 14:30"]),
        ("book TS-0101 yesterday", 3, ["iro record"]),
        ("record strategy kestrel --on '2 Dec 2126'", 3, ["is still to come", "iro book"]),
        ("record strategy kestrel --on 2026-13-01", 2, ["there is no month 13"]),
        ("record strategy kestrel --on '2 dec 25'", 2, ["the year has 2 digits: write four"]),
        ("record strategy kestrel --on soon", 2, ["'soon'", "2026-11-02 or 02/11/2026"]),
        (
            "absence add 'Ann Example' --from mon --to fri",
            2,
            ["Mon 23 Nov 2026 or Mon 30 Nov 2026"],
        ),
        # nobody has said who `me` is
        ("due me", 2, ["iro config set me NAME"]),
        ("due --iro me", 2, ["iro config set me NAME"]),
        # a day of several words
        ("record cla.review TS-0101 --on 2 nov", 2, ["in quotes: --on '2 nov'"]),
        ("record cla.review TS-0101 --on 2 nov 2026", 2, ["in quotes: --on '2 nov 2026'"]),
        ("record cla.review TS-0101 --on mon 2 nov", 2, ["in quotes: --on 'mon 2 nov'"]),
        ("record cla.review --on 2nd nov TS-0101", 2, ["in quotes: --on '2nd nov'"]),
        # a child whose id could be a year, and a day that stands in quotes already
        ("record review 2019 --on '2 nov'", 3, ["2019: 'review' may be", "none of them is open"]),
        ("record review 2019 --on yesterday", 3, ["none of them is open"]),
        ("record review 2019 --on 2 nov", 2, ["in quotes: --on '2 nov'"]),
        ("record review --on 2 nov 2019", 2, ["in quotes: --on '2 nov'"]),
        ("record review 2018 --on '2 nov'", 3, ["there is no child '2018'"]),
        ("due --as-of 2 nov", 2, ["in quotes, as '2 nov'"]),
        ("when first-review 2 nov", 2, ["in quotes, as '2 nov'"]),
        ("unbook kestrel", 3, ["nothing is booked for TS-0101"]),
    ],
)
def test_what_is_wrong_or_could_be_two_is_refused(
    line: str, code: int, said: list[str], store: Path, typed: Typed
) -> None:
    """The message names the possible meanings or the likely one, and nothing is stored."""
    before = store.read_bytes()
    answer = typed(line)

    assert answer.code == code, answer
    assert [one for one in said if one not in answer.err] == [], answer.err
    assert store.read_bytes() == before


def test_the_only_booking_is_taken_back_without_its_name(store: Path, typed: Typed) -> None:
    """The history has the ids, whatever was typed."""
    typed("book kestrel 30 nov")
    out = typed("unbook Kestrel").out
    told = typed("history -f csv").out

    assert out == "no longer booked: cla.review.first of TS-0101 on Mon 30 Nov 2026\n"
    assert "unbook TS-0101 cla.review.first" in told
    assert "book TS-0101 cla.review.first 2026-11-30" in told


def test_a_review_taken_back_is_the_kind_that_was_recorded(store: Path, typed: Typed) -> None:
    """A review is withdrawn by the kind that was recorded, not by what is open."""
    out = typed("record review osprey --on '25 sept' --withdraw").out

    assert out.startswith("taken back: cla.review on Fri 25 Sep 2026 for TS-0105\n")


# ---------------------------------------------------------------- the words themselves


@pytest.mark.parametrize("words", [EVENT_WORDS, TIMESCALE_WORDS], ids=["events", "timescales"])
def test_the_words_are_written_as_they_are_compared(words: dict[str, tuple[str, ...]]) -> None:
    """No word has a hyphen or a capital, because it would never be found."""
    assert [one for one in words if plain(one) != one] == []


def test_every_word_stands_for_what_there_is() -> None:
    """Every word stands for an event or timescale that exists."""
    rules = catalogue("england").rules
    events = {one for those in EVENT_WORDS.values() for one in those}

    assert events <= {*EVENTS}
    assert {one for those in TIMESCALE_WORDS.values() for one in those} <= {*rules}


def test_no_word_hides_an_id() -> None:
    """No word is the id of something else, in upper or lower case."""
    assert [one for one in EVENTS if events_said(one.upper()) != (one,)] == []


# ---------------------------------------------------------------- the words of `due`


@pytest.mark.parametrize(
    ("words", "children"),
    [
        ("kestrel", ["TS-0101"]),
        ("ts-0101", ["TS-0101"]),
        ("ann", ["TS-0101"]),
        ("north conference", ["TS-0103", "TS-0104"]),
        ("secure", ["TS-0106", "TS-0109"]),
        ("heron initial", ["TS-0103"]),
        ("adoption", ["TS-0105", "TS-0108"]),
        ("north", [f"TS-010{one}" for one in (*range(1, 7), 8, 9)]),
    ],
)
def test_due_with_words_lists_rows_that_have_them_all(
    words: str, children: list[str], store: Path, typed: Typed
) -> None:
    """A row has the words in child, label, IRO or chair, team, process or title."""
    rows = typed(f"due --all {words} -f json").rows()
    heading = typed(f"due --all {words}").out.partition("\n")[0]

    assert sorted({row["child"] for row in rows}) == children
    assert [one for one in words.split() if repr(one) not in heading] == []


@pytest.mark.parametrize("word", ["''", "' '", "kestrel ''"])
def test_a_word_without_a_letter_is_refused(word: str, store: Path, typed: Typed) -> None:
    """Every row contains it, so the heading would announce a search that found everything."""
    answer = typed(f"due --all {word}")

    assert (answer.code, answer.out) == (2, "")
    assert answer.err.startswith("iro: WORD '': a word without a letter is found in every row")


def test_a_word_is_looked_for_without_the_spaces_around_it(store: Path, typed: Typed) -> None:
    """A word may have spaces around it, as from a variable of a script."""
    assert typed("due --all ' kestrel ' -f csv") == typed("due --all kestrel -f csv")


@pytest.mark.parametrize("line", ["due me", "due --iro me", "due me first", "caseload --iro me"])
def test_me_is_the_iro_of_the_configuration(line: str, store: Path, typed: Typed) -> None:
    """`me` works wherever a name is meant, and beside other words."""
    assert typed("config set me 'Ann Example'").code == 0
    answer = typed(f"{line} -f json")

    assert {row.get("child", row.get("name")) for row in answer.rows()} <= {
        "TS-0101",
        "Ann Example",
    }
    assert answer.rows()


def test_a_word_that_no_row_has_is_named(store: Path, typed: Typed) -> None:
    """Without the message an empty list would look like good news."""
    answer = typed("due --all kestral")

    assert (answer.code, answer.err) == (0, "iro: no open row has 'kestral' in it\n")


def test_words_are_not_shown_beside_pseudonyms(
    store: Path, typed: Typed, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A label that was typed would show who the child is."""
    monkeypatch.setenv("IRO_PSEUDONYM_KEY", "k" * 32)

    assert "kestrel" not in typed("due --all kestrel --pseudonymise").out.casefold()
