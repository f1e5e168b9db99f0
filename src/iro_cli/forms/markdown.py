"""Write a listing as Markdown: the tables for people, and a paragraph about it."""

from iro_cli.forms import Form, Target
from iro_cli.forms.listing import Export, Grid
from iro_cli.forms.statement import sentence
from iro_cli.lean import TextIO
from iro_cli.safe import printable


def escaped(text: str) -> str:
    """Return text in which nothing is markup to Markdown."""
    safe = printable(text).replace("&", "&amp;")
    for letter in "\\`*_[]<>|#~":
        safe = safe.replace(letter, "\\" + letter)
    return safe


def _write_grid(grid: Grid, out: TextIO) -> None:
    out.writelines(f"**{escaped(heading)}**\n\n" for heading in grid.heading.splitlines())
    if not grid.columns:
        return
    titles = [escaped(column.read_as) for column in grid.columns]
    rules = ["--:" if column.to_the_right else "---" for column in grid.columns]
    out.writelines("| " + " | ".join(cells) + " |\n" for cells in (titles, rules))
    out.writelines("| " + " | ".join(map(escaped, line.cells)) + " |\n" for line in grid.lines)
    out.writelines(f"\n{escaped(note)}\n" for note in grid.notes)


def write_markdown(export: Export, out: TextIO, _: Target) -> None:
    """Write the tables, and a paragraph with the statements of the listing about itself."""
    if export.says_nothing:
        return
    for grid in export.grids():
        _write_grid(grid, out)
    out.write(f"\n{escaped(sentence(export.about))}\n")


FORM = Form("markdown", "md", write_markdown)
