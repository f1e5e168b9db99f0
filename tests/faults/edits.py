"""Ways to damage a file, which the fuzzer uses on good ones."""

import io
import random
import re
import zipfile
from collections.abc import Callable, Sequence
from datetime import date, timedelta

from iro_cli.lean import NamedTuple

# Text on which readers have failed, here or elsewhere.
TOKENS = (
    *("", " ", "\t", "\u00a0", "\u202e", "\ufeff", "\x00", "\x1b[31m", '"', "'", "\r", "\n"),
    *(",", ";", "0", "-1", "1", "9" * 40, "1e308", "1e999", "NaN", "TRUE", "false", "NULL"),
    *("#REF!", "#N/A", "45000", "1900-01-01", "0001-01-01", "9999-12-31", "31/12/9999"),
    *("29/02/2025", "2026-02-30", "2026-11-02T00:00:00+14:00", "02/11/26", "2/11/2026"),
    *("2026-W45", "\u0662\u0660\u0662\u0666", "=1+1", "@a", "+1", "-a", "[red]x[/red]", "<b>"),
    *("&b;", "&#0;", "&#xD800;", "%s{0}", "S", "X1", "V3", "E1", "A3", "PN0", "PN9", "a) Yes"),
    *("plan", "no-plan", "cla.review", "TS-0101", "ts-0101", "../../x", "con", "_", "Date"),
    *("a" * 70_000, "\u00e9" * 300, "\U0001f426", "[columns]", "[[rules]]", "x = ", "{", "}}"),
    *("<!DOCTYPE a [<!ENTITY b 'c'>]>", "<?xml version='1.1'?>", "<![CDATA[x]]>", "<a>" * 200),
    *("child_id", "\n\n\n"),
)
_PIECE = re.compile(rb"[^,;\r\n<>\"=]+")
_ENCODINGS = ("utf-8-sig", "utf-16", "utf-16-be", "cp1252", "utf-7", "cp037")


class Edit(NamedTuple):
    """
    A piece of damage.

    Attributes:
        kind: Which of ``KINDS``.
        place: Where, from 0 to 1.
        length: How much, from 0 to 1.
        text: What is put there.
    """

    kind: str
    place: float
    length: float
    text: str


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


def _span(data: bytes, edit: Edit) -> tuple[int, int]:
    start = int(edit.place * len(data))
    return start, start + 1 + int(edit.length**3 * (len(data) - start))


def _piece(data: bytes, edit: Edit) -> tuple[int, int]:
    """Return where a cell, an element's name or its text is."""
    pieces = list(_PIECE.finditer(data))
    return pieces[min(int(edit.place * len(pieces)), len(pieces) - 1)].span() if pieces else (0, 0)


def _replaced(data: bytes, edit: Edit) -> bytes:
    start, end = _piece(data, edit)
    return data[:start] + _bytes(edit.text) + data[end:]


def _swapped(data: bytes, edit: Edit) -> bytes:
    """Put one cell's text into another cell."""
    start, end = _piece(data, edit)
    other = _piece(data, edit._replace(place=edit.length))
    return data[:start] + data[slice(*other)] + data[end:]


def _line(data: bytes, edit: Edit, times: int) -> bytes:
    lines = data.splitlines(keepends=True)
    place = int(edit.place * len(lines))
    return b"".join([*lines[:place], *lines[place : place + 1] * times, *lines[place + 1 :]])


def _recoded(data: bytes, edit: Edit) -> bytes:
    encoding = _ENCODINGS[int(edit.place * len(_ENCODINGS)) % len(_ENCODINGS)]
    return data.decode("utf-8", "replace").encode(encoding, "replace")


def _inserted(data: bytes, edit: Edit) -> bytes:
    start, _ = _span(data, edit)
    return data[:start] + _bytes(edit.text) + data[start:]


def _removed(data: bytes, edit: Edit) -> bytes:
    start, end = _span(data, edit)
    return data[:start] + data[end:]


def _repeated(data: bytes, edit: Edit) -> bytes:
    start, end = _span(data, edit)
    return data[:end] + data[start:]


def _flipped(data: bytes, edit: Edit) -> bytes:
    start, _ = _span(data, edit)
    return data[:start] + bytes(one ^ 0x55 for one in data[start : start + 1]) + data[start + 1 :]


KINDS: dict[str, Callable[[bytes, Edit], bytes]] = {
    "cell": _replaced,
    "swap": _swapped,
    "insert": _inserted,
    "remove": _removed,
    "repeat": _repeated,
    "flip": _flipped,
    "cut": lambda data, edit: data[: int(edit.place * len(data))],
    "drop line": lambda data, edit: _line(data, edit, 0),
    "repeat line": lambda data, edit: _line(data, edit, 2),
    "encoding": _recoded,
}
# Most damage is to single cells: what a reader refuses at once teaches little.
_WEIGHTED = (*(["cell"] * 6), *(["swap"] * 4), *KINDS)

# The letters of a text that is drawn: those that mean something somewhere, and any others.
_LETTERS = "abcXYZ019 ,;:.'\"\\|<>&%#@=+*?[]{}()\t\n\u00e9\u202e\U0001f426"
_MOST = 6


def text_of(draw: random.Random) -> str:
    """Draw a piece of text: one that readers have failed on, a day, or any letters."""
    kind = draw.random()
    if kind < 0.6:
        return draw.choice(TOKENS)
    if kind < 0.8:
        return str(date(2000, 1, 1) + timedelta(days=draw.randrange(-3_000, 15_000)))
    return "".join(draw.choices(_LETTERS, k=draw.randrange(13)))


def edits_of(draw: random.Random) -> list[Edit]:
    """Draw some pieces of damage."""
    return [
        Edit(draw.choice(_WEIGHTED), draw.random(), draw.random(), text_of(draw))
        for _ in range(draw.choice((1, 1, 2, 3, _MOST)))
    ]


def damaged(data: bytes, done: Sequence[Edit], *, inside: float | None) -> bytes:
    """
    Return a file's bytes with damage done to them.

    Args:
        data: The file.
        done: What is done to it, in turn.
        inside: For a ZIP, which of its members is damaged, from 0 to 1; ``None`` for its bytes.
    """
    if inside is not None and zipfile.is_zipfile(io.BytesIO(data)):
        return _inside(data, done, inside)
    for edit in done:
        data = KINDS[edit.kind](data, edit)
    return data


def _inside(data: bytes, done: Sequence[Edit], inside: float) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        names = old.namelist()
        chosen = names[int(inside * len(names))]
        for name in names:
            body = old.read(name)
            new.writestr(name, damaged(body, done, inside=None) if name == chosen else body)
    return out.getvalue()
