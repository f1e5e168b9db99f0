"""
Read an XML file strictly, one unit at a time: a child with everything inside its element.

XML may be hostile.  A document type is refused before anything in it is read, so
there are no entities to expand and nothing is ever fetched.  Depth, lengths and
the size of a unit have limits.  Never more than one block of the file and its units is in
memory.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from xml.parsers import expat

from iro_cli.errors import InputRefusedError
from iro_cli.incoming.files import File, blocks
from iro_cli.incoming.refused import visible
from iro_cli.lean import NamedTuple

DEEPEST = 50
LONGEST_TEXT = 20_000
MOST_IN_A_UNIT = 20_000
# England as a whole has fewer children in need.
MOST_UNITS = 500_000

_MOST_NAMES = 1000
# In bytes.  The parser reads an unfinished piece of markup again with every block, so a very long
# one would take very long.
_LONGEST_PIECE = 1 << 18
_AGAIN = "export it again"
_ENCODINGS = frozenset({
    *("utf-8", "utf8", "us-ascii", "ascii", "utf-16", "utf-16le", "utf-16be"),
    *("iso-8859-1", "iso-8859-15", "latin-1", "windows-1252", "cp1252"),
})  # fmt: skip
_NOT_XML = {
    b"PK\x03\x04": "a workbook or a zip file",
    b"\xd0\xcf\x11\xe0": "an Excel workbook",
    b"\x1f\x8b": "a compressed file",
    b"%PDF": "a PDF",
}
_CUT_SHORT = frozenset(
    expat.errors.codes[text]
    for text in (
        expat.errors.XML_ERROR_NO_ELEMENTS,
        expat.errors.XML_ERROR_UNCLOSED_TOKEN,
        expat.errors.XML_ERROR_UNCLOSED_CDATA_SECTION,
        expat.errors.XML_ERROR_PARTIAL_CHAR,
    )
)


class Node:
    """
    One element.

    Attributes:
        tag: Its name, without a namespace.
        line: The line on which it starts.
        text: Its text, trimmed; blank if there are elements in it.
        children: The elements in it, in order.
    """

    __slots__ = ("children", "line", "tag", "text")

    def __init__(self, tag: str, line: int) -> None:
        """Make an element without content."""
        self.tag = tag
        self.line = line
        self.text = ""
        self.children: list[Node] = []

    def all(self, tag: str) -> Iterator["Node"]:
        """Yield the elements of a name in this one."""
        return (child for child in self.children if child.tag == tag)

    def first(self, tag: str) -> "Node | None":
        """Return the first element of a name in this one, or ``None``."""
        return next(self.all(tag), None)

    def leaves(self) -> dict[str, str]:
        """Return the texts of the elements without elements in them; the first of each name."""
        found: dict[str, str] = {}
        for child in self.children:
            if not child.children:
                found.setdefault(child.tag, child.text)
        return found


class Layout(NamedTuple):
    """
    The structure of a kind of file.

    Attributes:
        root: The name of its first element.
        units: The names of the elements that are read whole, one at a time.
        left_out: The names of elements in them that are not read at all.
        what: What such a file is, in words.
        known: The names of the other elements that may be there.  If it is empty, unknown
            elements are not reported.
    """

    root: str
    units: frozenset[str]
    left_out: frozenset[str]
    what: str
    known: frozenset[str] = frozenset()


_ANY = Layout("", frozenset(), frozenset(), "")


class _Parser:
    """Keeps the open elements, and the units that are complete."""

    def __init__(self, name: str, layout: Layout) -> None:
        self.name = name
        self._layout = layout
        self._units = 0
        self.root = ""
        self.done: list[Node] = []
        self.parser = parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.SetParamEntityParsing(expat.XML_PARAM_ENTITY_PARSING_NEVER)
        parser.XmlDeclHandler = self._declared
        parser.StartDoctypeDeclHandler = self._doctype
        self._depth = 0
        self._count = 0
        known = layout.known
        self._known = known | layout.units | layout.left_out | {layout.root} if known else None
        self.unknown: Counter[str] = Counter()
        # Within a unit, the open elements; the unit comes first.
        self._open: list[Node] = []
        self._left_out = 0
        self._names: dict[str, str] = {}
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._text

    def refusal(self, why: str, *, line: int | None = None) -> InputRefusedError:
        """Return the refusal of the whole file."""
        return InputRefusedError(
            f"{self.name}, line {line or self.parser.CurrentLineNumber}: {why}"
        )

    def _declared(self, _version: str, encoding: str | None, _standalone: int) -> None:
        if encoding is not None and encoding.casefold() not in _ENCODINGS:
            raise self.refusal(
                f"the encoding {visible(encoding)} cannot be read: export the file in UTF-8"
            )

    def _doctype(self, *_: object) -> None:
        raise self.refusal(
            "a document type (<!DOCTYPE …>) stands in it, which could make entities or fetch other "
            "files and which no return has: take it out, or export the file again"
        )

    def _start(self, name: str, _attributes: dict[str, str]) -> None:
        self._depth += 1
        # Inside an element that is left out, only the depth is counted, to find where it ends.
        if self._left_out:
            self._left_out += 1
            return
        tag = self._names.get(name) or self._name(name)
        if self._known is not None and tag not in self._known:
            self._note_unknown(tag)
        if self._open:
            self._count += 1
            if self._count > MOST_IN_A_UNIT:
                raise self._too_many()
            if tag in self._layout.left_out:
                self._left_out = 1
                return
            node = Node(tag, self.parser.CurrentLineNumber)
            self._open[-1].children.append(node)
            self._open.append(node)
        elif tag in self._layout.units and self._depth > 1:
            self._count = 0
            self._units += 1
            if self._units > MOST_UNITS:
                raise self.refusal(
                    f"more than {MOST_UNITS:,} <{visible(tag)}> stand in it, which no return of an "
                    "authority has: is it the right file?"
                )
            self._open.append(Node(tag, self.parser.CurrentLineNumber))
        elif self._depth == 1:
            self._begin(tag)
        if self._depth > DEEPEST:
            raise self.refusal(f"elements are nested more than {DEEPEST} deep: {_AGAIN}")

    def _note_unknown(self, tag: str) -> None:
        # There is a limit, because a file with always new names would fill the memory.
        if tag in self.unknown or len(self.unknown) < _MOST_NAMES:
            self.unknown[tag] += 1

    def _name(self, name: str) -> str:
        # There is a limit, because a file with always new names would fill the memory.
        tag = name.rpartition(":")[2]
        if len(self._names) < _MOST_NAMES:
            self._names[name] = tag
        return tag

    def _begin(self, tag: str) -> None:
        self.root = tag
        wanted = self._layout.root
        if wanted and tag != wanted:
            raise self.refusal(
                f"its first element is <{visible(tag)}>, not <{wanted}>: it is not "
                f"{self._layout.what}"
            )

    def _too_many(self) -> InputRefusedError:
        unit = self._open[0]
        return self.refusal(
            f"more than {MOST_IN_A_UNIT:,} elements in one <{unit.tag}>, which no record has: "
            f"{_AGAIN}",
            line=unit.line,
        )

    def _end(self, _name: str) -> None:
        self._depth -= 1
        if self._left_out:
            self._left_out -= 1
            return
        if not self._open:
            return
        node = self._open.pop()
        # Text beside inner elements is dropped: in a return it is only spaces and line ends.
        node.text = "" if node.children else node.text.strip()
        if not self._open:
            self.done.append(node)

    def _text(self, text: str) -> None:
        if self._open and not self._left_out:
            node = self._open[-1]
            node.text += text
            if len(node.text) > LONGEST_TEXT:
                raise self.refusal(
                    f"more than {LONGEST_TEXT:,} characters in one <{node.tag}>: {_AGAIN}",
                    line=node.line,
                )


def _parsed(parse: Callable[[], object], parser: _Parser) -> None:
    """
    Run the parser, and turn its errors into refusals.

    Raises:
        InputRefusedError: The file is not XML, or is cut short.
    """
    try:
        parse()
    except expat.ExpatError as error:
        raise parser.refusal(_words(error), line=error.lineno) from None
    except (ValueError, LookupError, UnicodeError):
        raise parser.refusal("its encoding cannot be read: export the file in UTF-8") from None


def _words(error: expat.ExpatError) -> str:
    if error.code in _CUT_SHORT:
        return f"the file ends in the middle: it was cut short; {_AGAIN}"
    why = expat.ErrorString(error.code)
    return f"this is not XML, or is damaged ({why}, column {error.offset + 1}): {_AGAIN}"


def _fed(file: File, parser: _Parser) -> Iterator[None]:
    """Feed a file to the parser block by block, and yield after each."""
    expats, fed = parser.parser, 0
    for block in blocks(file, "XML file"):
        if not fed:
            for start, what in _NOT_XML.items():
                if block.startswith(start):
                    raise InputRefusedError(f"{file.name} is {what}, not XML: name the XML file")
        fed += len(block)
        _parsed(lambda block=block: expats.Parse(block, False), parser)  # type: ignore[misc]
        if fed - expats.CurrentByteIndex > _LONGEST_PIECE:
            raise parser.refusal(
                f"a piece of markup has no end within {_LONGEST_PIECE:,} bytes: {_AGAIN}"
            )
        yield
    if not fed:
        raise InputRefusedError(f"{file.name} is empty: {_AGAIN}")
    _parsed(lambda: expats.Parse(b"", True), parser)
    yield


def read_units(file: File, layout: Layout, unknown: Counter[str] | None = None) -> Iterator[Node]:
    """
    Yield each unit of a file when it is complete.

    Args:
        file: The file.
        layout: The structure of the file.
        unknown: After the last unit, it gets how often each unknown element was there.

    Raises:
        InputRefusedError: It cannot be read, is not XML or is cut short, is another kind of
            file, has a document type, or exceeds a limit.
    """
    parser = _Parser(file.name, layout)
    for _ in _fed(file, parser):
        yield from parser.done
        parser.done.clear()
    if unknown is not None:
        unknown.update(parser.unknown)


def root_of(file: File) -> str:
    """
    Return the name of a file's first element, and read no further than that.

    Raises:
        InputRefusedError: It cannot be read, or there is none.
    """
    parser = _Parser(file.name, _ANY)
    for _ in _fed(file, parser):
        if parser.root:
            break
    return parser.root
