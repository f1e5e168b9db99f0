"""Write only the rows of a listing, one JSON object a line."""

import json

from iro_cli.forms import Form, Target
from iro_cli.forms.json_file import records_of
from iro_cli.forms.listing import Export
from iro_cli.lean import TextIO


def write_json_lines(export: Export, out: TextIO, _: Target) -> None:
    """Write one JSON object for each row, each on one line."""
    if export.says_nothing:
        return
    names = export.names
    out.writelines(
        json.dumps(record, ensure_ascii=False) + "\n"
        for record in records_of(names, export.records)
    )


FORM = Form("jsonl", "jsonl", write_json_lines, states=False, beside=True)
