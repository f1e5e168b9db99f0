"""Read XML strictly, a unit at a time."""

from functools import partial
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iro_cli.errors import InputRefusedError
from iro_cli.incoming.files import File
from iro_cli.incoming.xml_nodes import (
    DEEPEST,
    LONGEST_TEXT,
    MOST_IN_A_UNIT,
    Layout,
    Node,
    read_units,
    root_of,
)
from running import each, memory_of
from strategies import examples

LAYOUT = Layout("Wood", frozenset({"Tree"}), frozenset({"Bark"}), "a list of trees")
GOOD = b"""<?xml version="1.0" encoding="utf-8"?>
<Wood>
  <Tree>
    <Name>  Ash \xc3\xa9 </Name> stray words
    <Bark><Colour>grey</Colour></Bark>
    <Leaf/><Leaf>green</Leaf>
  </Tree>
  <Fence><Tree><Name>Elm</Name></Tree></Fence>
</Wood>
"""


def _read(folder: Path, data: bytes) -> list[Node]:
    path = folder / "trees.xml"
    path.write_bytes(data)
    return list(read_units(File(path, path.name), LAYOUT))


def _refusal(folder: Path, data: bytes) -> str:
    with pytest.raises(InputRefusedError) as caught:
        _read(folder, data)
    return str(caught.value)


def test_units_come_with_lines_and_texts(tmp_path: Path) -> None:
    """At any depth; left-out elements are gone, and stray text is ignored."""
    ash, elm = _read(tmp_path, GOOD)
    name = elm.first("Name")

    assert [(node.tag, node.line, node.text) for node in ash.children] == [
        ("Name", 4, "Ash é"), ("Leaf", 6, ""), ("Leaf", 6, "green")
    ]  # fmt: skip
    assert (ash.line, ash.text, elm.line) == (3, "", 8)
    assert name is not None
    assert name.text == "Elm"
    assert [leaf.text for leaf in ash.all("Leaf")] == ["", "green"]
    assert ash.leaves() == {"Name": "Ash é", "Leaf": ""}
    assert elm.first("Leaf") is None


@each(
    "data",
    [
        pytest.param(
            b'<Wood xmlns="urn:trees"><Tree><Name>Oak</Name></Tree></Wood>', id="namespace"
        ),
        pytest.param(
            b'<w:Wood xmlns:w="urn:trees"><w:Tree><w:Name>Oak</w:Name></w:Tree></w:Wood>',
            id="prefix",
        ),
        pytest.param(b"<Wood><Tree><Name><![CDATA[Oak]]></Name></Tree></Wood>", id="cdata"),
        pytest.param(
            b"<Wood><Tree><Name>O&#97;k<!-- a tree --></Name></Tree></Wood>",
            id="number and comment",
        ),
        pytest.param(b"\xef\xbb\xbf<Wood><Tree><Name>Oak</Name></Tree></Wood>", id="bom"),
        pytest.param("<Wood><Tree><Name>Oak</Name></Tree></Wood>".encode("utf-16"), id="utf-16"),
        pytest.param(
            b'<?xml version="1.0" encoding="windows-1252"?><Wood><Tree><Name>Oak</Name></Tree></Wood>',
            id="windows",
        ),
    ],
)
def test_the_same_tree_however_it_is_written(tmp_path: Path, data: bytes) -> None:
    """Namespaces and encodings do not matter."""
    (oak,) = _read(tmp_path, data)
    name = oak.first("Name")

    assert name is not None
    assert name.text == "Oak"


@each("data, says", [
        (b"", "trees.xml is empty"),
        (b"PK\x03\x04rest", "a workbook or a zip file, not XML"),
        (b"Name\nOak\n", "line 1: this is not XML, or is damaged (syntax error, column 1)"),
        (b"<Wood>\n<Tree>", "line 2: the file ends in the middle"),
        (b"<Wood>\n<Tree><Na", "line 2: the file ends in the middle"),
        (b"<Wood>\n<Tree></Wood>", "line 2: this is not XML, or is damaged (mismatched tag"),
        (b"<Wood/><Wood/>", "junk after document element"),
        (b"<Wood><Tree>&oak;</Tree></Wood>", "undefined entity"),
        (b"<Wood>\n<Tree>\xff</Tree></Wood>", "line 2"),
        (b'<?xml version="1.0" encoding="rot13"?><Wood/>', "encoding rot13 cannot be read"),
        (b'<?xml version="1.0" encoding="utf-16"?><Wood/>', "encoding"),
        (b"<Meadow/>", "its first element is <Meadow>, not <Wood>: it is not a list of trees"),
        (b"<!DOCTYPE Wood><Wood/>", "document type"),
        (b'<!DOCTYPE Wood SYSTEM "http://testshire.example/w.dtd"><Wood/>', "document type"),
        (b'<!DOCTYPE Wood [<!ENTITY a "b">]><Wood/>', "document type"),
        (b'<!DOCTYPE Wood [<!ENTITY % a SYSTEM "file:///x"> %a;]><Wood/>', "document type"),
        (b"<Wood>" + b"<a>" * DEEPEST, f"more than {DEEPEST} deep"),
        (b"<Wood><Tree>" + b"a" * (LONGEST_TEXT + 1), "characters in one <Tree>"),
        (b"<Wood><Tree>" + b"<a/>" * (MOST_IN_A_UNIT + 1), "elements in one <Tree>"),
        (b"<Wood><Tree a='" + b"a" * 1_000_000, "has no end"),
        (b"<Wood><!--" + b"a" * 1_000_000, "has no end"),
    ])  # fmt: skip
def test_what_is_wrong_is_said(tmp_path: Path, data: bytes, says: str) -> None:
    """The message has the file and, if known, the line."""
    message = _refusal(tmp_path, data)

    assert says in message
    assert message.startswith("trees.xml")


def test_entities_that_multiply_are_never_expanded(tmp_path: Path) -> None:
    """A file that they name is not fetched either."""
    secret = tmp_path / "secret.txt"
    secret.write_text("nobody may know")
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    bomb = f'<!DOCTYPE Wood [<!ENTITY l0 "ha">{laughs}]><Wood><Tree>&l9;</Tree></Wood>'
    thief = f'<!DOCTYPE Wood [<!ENTITY s SYSTEM "{secret.as_uri()}">]><Wood><Tree>&s;</Tree></Wood>'

    for text in (bomb, thief):
        message = _refusal(tmp_path, text.encode())
        assert "document type" in message
        assert "nobody" not in message


def test_what_cannot_be_opened_is_refused(tmp_path: Path) -> None:
    """A folder and a missing file are refused."""
    with pytest.raises(InputRefusedError, match="is a folder"):
        list(read_units(File(tmp_path, "here"), LAYOUT))
    with pytest.raises(InputRefusedError, match="there is no file"):
        list(read_units(File(tmp_path / "none.xml", "none.xml"), LAYOUT))


def test_the_root_is_read_by_itself(tmp_path: Path) -> None:
    """Any root element is returned."""
    path = tmp_path / "trees.xml"
    path.write_bytes(GOOD)

    assert root_of(File(path, "trees.xml")) == "Wood"


def _count(file: File) -> int:
    return sum(1 for _ in read_units(file, LAYOUT))


@pytest.mark.slow
def test_memory_does_not_grow_with_the_file(tmp_path: Path) -> None:
    """Ten times as many units need no more memory."""
    tree = b"<Tree><Name>Oak</Name><Leaf>green</Leaf></Tree>\n"
    peaks = []
    for times in (5_000, 50_000):
        path = tmp_path / f"{times}.xml"
        path.write_bytes(b"<Wood>" + tree * times + b"</Wood>")
        file = File(path, path.name)
        peaks.append(memory_of(*[partial(_count, file)] * 2)[1])

        assert _count(file) == times
    assert peaks[1] < peaks[0] * 1.5


@given(
    st.lists(
        st.tuples(st.integers(0, len(GOOD) - 1), st.binary(min_size=0, max_size=3)), max_size=6
    ),
    st.integers(0, len(GOOD)),
)
@examples(300)
def test_a_damaged_file_is_read_or_refused(
    tmp_path_factory: pytest.TempPathFactory, changes: list[tuple[int, bytes]], end: int
) -> None:
    """Any damage gives a refusal at most."""
    data = bytearray(GOOD)
    for place, piece in changes:
        data[place : place + 1] = piece
    path = tmp_path_factory.mktemp("fuzz") / "trees.xml"
    path.write_bytes(bytes(data[: end or None]))
    try:
        units = list(read_units(File(path, path.name), LAYOUT))
    except InputRefusedError as error:
        units, message = [], str(error)
    else:
        message = "trees.xml"

    assert "trees.xml" in message
    assert len(units) <= 2
