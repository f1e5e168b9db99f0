"""Write the figures of a report as JSON."""

from collections.abc import Sequence

from iro_cli.figures.timeliness import Figures
from iro_cli.forms import Form, Target
from iro_cli.forms.json_file import dump, json_value
from iro_cli.forms.statement import about
from iro_cli.lean import NamedTuple, TextIO
from iro_cli.pages.report import Report


def _rows(these: Sequence[NamedTuple]) -> list[dict[str, object]]:
    return [{key: json_value(value) for key, value in one._asdict().items()} for one in these]


def _of(found: Figures) -> dict[str, object]:
    return {"rows": _rows(found.rows), "total": found.total._asdict()}


def write_json(report: Report, out: TextIO, _: Target) -> None:
    """Write the figures of a report, without its words."""
    facts = report.facts
    asked, others, least = facts.asked, facts.others, facts.asked.least
    dump(
        {
            **about(facts.catalogue, facts.as_of),
            "bank_holidays_confirmed_to": json_value(facts.confirmed_to),
            "kind": facts.kind,
            "from": json_value(asked.period.first),
            "to": json_value(asked.period.last),
            "suppress": least or None,
            "process": _of(facts.now.figures),
            "timescale": _of(facts.by_rule),
            "iro": _of(facts.by_iro),
            "team": _of(facts.by_team),
            "measures": _rows(facts.now.measures),
            "past": [
                {
                    "from": json_value(one.period.first),
                    "to": json_value(one.period.last),
                    **_of(one.figures),
                    "measures": _rows(one.measures),
                }
                for one in facts.past
            ],
            "late": None if facts.late is None else _rows(facts.late),
            "caseload": None if least else _rows(facts.caseloads.rows),
            "coming": None if least else facts.coming,
            "comparison": _rows(others.latest),
            "trend": _rows(others.trend),
            "source": others.source or None,
        },
        out,
    )


FORM = Form("json", "json", write_json)
