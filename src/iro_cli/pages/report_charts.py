"""
Draw the charts of a report with matplotlib.

On a page a chart is SVG: each colour in the drawing stands for one of the page's own colours,
so one drawing serves light, dark and print.  In a document a chart is a picture on white.
"""

import re
from io import BytesIO, StringIO

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from matplotlib.ticker import MaxNLocator, PercentFormatter

from iro_cli.lean import Any
from iro_cli.pages.report import Chart
from iro_cli.pages.words import percent
from iro_cli.safe import printable

# Each colour has a contrast with white of at least 3 to 1.  Marks, the patterns of bars and the
# table beside the chart say the same as the colours.
SERIES = ("#1d5fa6", "#b4521c", "#3f7d3a", "#7b4ea3", "#8a6d00", "#a8325e")
TEXT, GRID, BAND = "#1b1b1f", "#c9c9d1", "#e4e4ea"
_MARKS = ("o", "s", "^", "D", "v", "P")
_HATCHES = ("", "//", "..", "xx", "\\\\", "++")
_LONGEST_NAME = 28
_DOTS = 160
# How many names fit beside each other; more are written at an angle.
_MOST_LEVEL = 4
# The gap around a field of a heat map, as a share of the field.
_GAP = 0.03
_STYLE: Any = {
    "svg.fonttype": "none",
    "svg.hashsalt": "iro",
    "font.family": "sans-serif",
    "font.sans-serif": ["DejaVu Sans"],
    "font.size": 10,
    "text.color": TEXT,
    "axes.labelcolor": TEXT,
    "axes.edgecolor": GRID,
    "xtick.color": TEXT,
    "ytick.color": TEXT,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "text.parse_math": False,
    "hatch.linewidth": 0.6,
}


def _short(name: str) -> str:
    shown = printable(name)
    return shown if len(shown) <= _LONGEST_NAME else shown[: _LONGEST_NAME - 1] + "…"


def _draw(chart: Chart) -> Figure:
    lies = chart.kind in ("across", "shares", "heat")
    height = max(2.2, 0.34 * len(chart.names) + 1.1) if lies else 3.4
    figure = Figure(figsize=(7.6, height), layout="constrained")
    figure.patch.set_alpha(0)
    axes = figure.add_subplot()
    axes.patch.set_alpha(0)
    if chart.band:
        low, high, _ = chart.band
        axes.axvspan(low, high, color=BAND, linewidth=0, zorder=0)
    draw = {"lines": _lines, "across": _across, "shares": _across, "heat": _heat}
    draw.get(chart.kind, _bars)(axes, chart)
    if len(chart.series) > 1 and chart.kind != "heat":
        columns = min(len(chart.series), 3)
        figure.legend(loc="outside lower center", ncols=columns, frameon=False)
    return figure


def _lines(axes: Axes, chart: Chart) -> None:
    places = range(len(chart.names))
    for number, (name, values) in enumerate(chart.series):
        # NaN leaves a gap where there is no rate.  A 0 would say that nothing was in time.
        gaps = [float("nan") if value is None else value for value in values]
        axes.plot(
            places,
            gaps,
            color=SERIES[number % len(SERIES)],
            marker=_MARKS[number % len(_MARKS)],
            linewidth=2,
            markersize=5,
            label=_short(name),
        )
    axes.set_ylim(0, 1.05)
    axes.yaxis.set_major_formatter(PercentFormatter(1.0, decimals=0))
    names = [_short(name) for name in chart.names]
    if len(names) > _MOST_LEVEL:
        axes.set_xticks(list(places), names, rotation=30, ha="right")
    else:
        axes.set_xticks(list(places), names)
    axes.grid(axis="y", color=GRID, linewidth=0.8)
    axes.set_axisbelow(True)


def _across(axes: Axes, chart: Chart) -> None:
    (label, values), places = chart.series[0], range(len(chart.names))
    numbers = [value or 0 for value in values]
    shares = chart.kind == "shares"
    bars = axes.barh(places, numbers, color=SERIES[0], label=label, height=0.66)
    said = _drawn_share if shares else _drawn_number
    axes.bar_label(bars, ["" if value is None else said(value) for value in values], padding=3)
    axes.set_yticks(list(places), [_short(name) for name in chart.names])
    axes.invert_yaxis()
    if shares:
        axes.set_xlim(0, 1.12)
        axes.set_xticks([0, 0.25, 0.5, 0.75, 1])
        axes.xaxis.set_major_formatter(PercentFormatter(1.0, decimals=0))
    else:
        axes.margins(x=0.12)
        axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    axes.set_xlabel(label + (f" (shaded: {chart.band[2]})" if chart.band else ""))


def _drawn_share(value: float) -> str:
    return percent(value).replace(".0%", "%")


def _drawn_number(value: float) -> str:
    return f"{value:,g}"


def _heat(axes: Axes, chart: Chart) -> None:
    """Draw a field for each day: the darker, the more falls due; the number is written in it."""
    most = max(value or 0 for _, values in chart.series for value in values) or 1
    for column, (_, values) in enumerate(chart.series):
        for row, value in enumerate(values):
            if value is None:
                continue
            shade = 0.1 + 0.4 * value / most
            colour, alpha = (SERIES[0], shade) if value else (BAND, 1)
            place = (column + _GAP, row + _GAP)
            size = 1 - 2 * _GAP
            axes.add_patch(Rectangle(place, size, size, color=colour, alpha=alpha, linewidth=0))
            if value:
                axes.text(column + 0.5, row + 0.5, f"{value:,}", ha="center", va="center")
    axes.set_xlim(0, len(chart.series))
    axes.set_ylim(len(chart.names), 0)
    axes.set_xticks([place + 0.5 for place in range(len(chart.series))])
    axes.set_xticklabels([name for name, _ in chart.series])
    axes.set_yticks([place + 0.5 for place in range(len(chart.names))])
    axes.set_yticklabels(list(chart.names))
    axes.xaxis.tick_top()
    axes.tick_params(length=0)
    axes.spines[:].set_visible(False)


def _bars(axes: Axes, chart: Chart) -> None:
    places = range(len(chart.names))
    floor = [0.0] * len(chart.names)
    for number, (name, values) in enumerate(chart.series):
        heights = [float(value or 0) for value in values]
        bars = axes.bar(
            places,
            heights,
            bottom=floor,
            color=SERIES[number % len(SERIES)],
            hatch=_HATCHES[number % len(_HATCHES)],
            edgecolor="#ffffff",
            linewidth=0.8,
            width=0.62,
            label=_short(name),
        )
        floor = [low + high for low, high in zip(floor, heights, strict=True)]
        if len(chart.series) == 1:
            axes.bar_label(bars, [f"{value:,g}" for value in heights], padding=3)
    axes.set_xticks(list(places), [_short(name) for name in chart.names])
    axes.yaxis.set_major_locator(MaxNLocator(integer=True))
    axes.margins(y=0.12)
    axes.set_ylabel(chart.series[0][0] if len(chart.series) == 1 else "Number")


def svg(chart: Chart, name: str) -> str:
    """
    Draw a chart for an HTML page.

    Args:
        chart: The chart.
        name: A name that no other chart on the page has; the ids of its parts begin with it.

    Returns:
        An ``svg`` element.  It is hidden from screen readers, because its table is beside it.
    """
    with mpl.rc_context(_STYLE):
        out = StringIO()
        figure = _draw(chart)
        no_day: dict[str, Any] = {"Date": None, "Creator": None, "Format": None, "Type": None}
        figure.savefig(out, format="svg", metadata=no_day)
    drawn = out.getvalue()
    drawn = drawn[drawn.index("<svg") :]
    drawn = re.sub(r"<metadata>.*?</metadata>", "", drawn, flags=re.DOTALL)
    drawn = re.sub(r'\bid="', f'id="{name}-', drawn)
    drawn = re.sub(r"url\(#", f"url(#{name}-", drawn)
    drawn = re.sub(r'href="#', f'href="#{name}-', drawn)
    for number, colour in enumerate(SERIES):
        drawn = drawn.replace(colour, f"var(--series-{number + 1})")
    for colour, variable in ((TEXT, "--text"), (GRID, "--rule"), (BAND, "--band")):
        drawn = drawn.replace(colour, f"var({variable})")
    drawn = drawn.replace("#ffffff", "var(--page)")
    drawn = re.sub(r'<svg width="[^"]*" height="[^"]*"', "<svg", drawn, count=1)
    drawn = re.sub(r"<svg (height|width)=\"[^\"]*\" ", "<svg ", drawn, count=1)
    drawn = re.sub(r"font: ([^;\"]*?)'DejaVu Sans'[^;\"]*", r"font: \1sans-serif", drawn)
    return drawn.replace("<svg", '<svg aria-hidden="true" focusable="false"', 1)


def png(chart: Chart) -> bytes:
    """Draw a chart as a picture on white, for a document."""
    with mpl.rc_context(_STYLE):
        figure = _draw(chart)
        figure.patch.set_alpha(1)
        figure.patch.set_facecolor("white")
        out = BytesIO()
        figure.savefig(out, format="png", dpi=_DOTS, metadata={"Software": None})
        return out.getvalue()
