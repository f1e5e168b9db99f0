"""Write a listing as one HTML page that runs no script and fetches nothing."""

from collections.abc import Iterator
from html import escape

from iro_cli.forms import Form, Target
from iro_cli.forms.listing import CHILD, FAMILY, Export, Field, Grid
from iro_cli.forms.statement import statement
from iro_cli.lean import TextIO
from iro_cli.safe import printable

_STYLE = """\
:root { color-scheme: light dark; --ink: #1b1b1b; --paper: #fff; --line: #767676; --late: #9b1c1c; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #f0f0f0; --paper: #161616; --line: #8c8c8c; --late: #ff9b9b; }
}
body { font: 1rem/1.45 system-ui, sans-serif; color: var(--ink); background: var(--paper);
  margin: 2rem auto; max-width: 100rem; padding: 0 1rem; }
h1 { font-size: 1.5rem; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; margin: 0 0 1.5rem; }
caption { text-align: left; font-weight: bold; padding: .5rem 0; white-space: pre-line; }
th, td { text-align: left; vertical-align: top; padding: .25rem .75rem .25rem 0;
  border-bottom: 1px solid var(--line); }
.right { text-align: right; font-variant-numeric: tabular-nums; }
.whole { white-space: nowrap; }
tr.overdue td, tr.out-of-timescale td { font-weight: bold; color: var(--late); }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .25rem 1rem; }
dt { font-weight: bold; }
dd { margin: 0; }
@media print {
  :root { --ink: #000; --paper: #fff; --late: #000; }
  body { margin: 0; max-width: none; font-size: 9pt; }
  thead { display: table-header-group; }
  tr { break-inside: avoid; }
}
"""


def _safe(text: str) -> str:
    return escape(printable(text))


def _lines(text: str) -> str:
    return "\n".join(map(_safe, text.splitlines()))


def _shape(column: Field) -> str:
    # A browser would break an id at its hyphen.
    whole = column.whole or column.kind in (CHILD, FAMILY)
    names = [name for name, on in (("right", column.to_the_right), ("whole", whole)) if on]
    return f' class="{" ".join(names)}"' if names else ""


def _table(grid: Grid) -> Iterator[str]:
    """Yield the HTML of a table for people; its heading becomes the caption."""
    if not grid.columns:
        yield f"<p>{_lines(grid.heading)}</p>\n"
        return
    yield '<div class="wide" role="region" tabindex="0" aria-label="Listing">\n<table>\n'
    if grid.heading:
        yield f"<caption>{_lines(grid.heading)}</caption>\n"
    shapes = [_shape(column) for column in grid.columns]
    heads = (
        f'<th scope="col"{shape}>{_safe(column.read_as)}</th>'
        for column, shape in zip(grid.columns, shapes, strict=True)
    )
    yield f"<thead><tr>{''.join(heads)}</tr></thead>\n<tbody>\n"
    for line in grid.lines:
        tone = f' class="{_safe(line.tone)}"' if line.tone else ""
        cells = [
            f"<td{shape}>{_safe(cell)}</td>" for cell, shape in zip(line.cells, shapes, strict=True)
        ]
        yield f"<tr{tone}>{''.join(cells)}</tr>\n"
    yield "</tbody>\n</table>\n</div>\n"
    for note in grid.notes:
        yield f"<p>{_safe(note)}</p>\n"


def write_html(export: Export, out: TextIO, target: Target) -> None:
    """Write a listing as an HTML page; a file becomes a page even without rows."""
    if export.says_nothing and target.place is None:
        return
    title = _safe(export.name)
    # Texts from data are escaped.  If one got past that, the policy would still keep the page from
    # running a script, and from loading anything that could carry a child's data away.
    out.write(
        '<!DOCTYPE html>\n<html lang="en-GB">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width">\n'
        '<meta http-equiv="Content-Security-Policy" '
        "content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
        f"<title>{title}</title>\n<style>\n{_STYLE}</style>\n</head>\n<body>\n<main>\n"
        f"<h1>{title}</h1>\n"
    )
    for grid in export.grids():
        out.writelines(_table(grid))
    out.write("<h2>About this listing</h2>\n<dl>\n")
    out.writelines(
        f"<dt>{_safe(label)}</dt><dd>{_safe(text)}</dd>\n"
        for label, text in statement(export.about)
    )
    out.write("</dl>\n</main>\n</body>\n</html>\n")


FORM = Form("html", "html", write_html)
