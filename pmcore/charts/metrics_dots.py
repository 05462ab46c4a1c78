"""The dots of the metrics, one an incident: Vega-Lite, built once for a language; a rerun only hands over a table."""

from functools import cache
from typing import Any

from babel import dates

from pmcore.charts.metrics import GREY, Table
from pmcore.domain.metrics import Figure, Metric
from pmcore.domain.vocabulary import Severity
from pmcore.readmodels.metrics import MetricsView
from pmcore.words import _, label, language, ngettext, times
from pmcore.words import metrics as words

DOTS_HEIGHT = 230
LEAST_SECONDS = 1.0  #: a log scale has no zero; what was quicker is drawn here
_MARKS = (1, 10, 60, 600, 3_600, 6 * 3_600, 86_400, 7 * 86_400, 30 * 86_400)  #: seconds that the log axis names


def dots_table(metric: Metric, view: MetricsView) -> Table:
    """A point an incident of which the time is known; the median stands in every row."""
    known = [(dot, took) for dot in view.dots if (took := _took(metric, dot)) is not None]
    median = view.figures[metric].value
    return {
        "at": [dot.started_at for dot, _took in known],
        "seconds": [max(LEAST_SECONDS, float(took)) for _dot, took in known],
        "severity": [label(dot.severity) for dot, _took in known],
        "incident": [dot.public_id for dot, _took in known],
        "took": [times.duration(took) for _dot, took in known],
        "median": [median and max(LEAST_SECONDS, median) for _known in known],
    }


def _took(metric: Metric, dot: Any) -> int | None:
    found: int | None = dot.detect_seconds if metric is Metric.TIME_TO_DETECT else dot.resolve_seconds
    return found


def dots_alt(metric: Metric, view: MetricsView) -> str:
    figure = view.figures[metric]
    return _("{name}, one point an incident: {value}, {sentence}").format(
        name=words.name(metric), value=words.main_value(figure), sentence=dots_words(figure)
    )


def dots_words(figure: Figure) -> str:
    """What the dots say, for reading."""
    if figure.value is None:
        return _("No time is known yet.")
    return ngettext(
        "the line: the median of {count} incident", "the line: the median of {count} incidents", figure.of
    ).format(count=times.number(figure.of))


def dots_spec() -> dict[str, Any]:
    """Points on a log axis with the median; shape and colour say the severity. No trend line, on purpose."""
    return _dots_spec(language())


@cache
def _dots_spec(_language: str) -> dict[str, Any]:
    second, minute, hour, day = _("{count} s"), _("{count} min"), _("{count} h"), _("{count} d")

    def said(pattern: str, size: int) -> str:
        return f"replace({pattern!r}, '{{count}}', datum.value / {size})"

    axis_label = (
        f"datum.value < 60 ? {said(second, 1)} : datum.value < 3600 ? {said(minute, 60)} "
        f": datum.value < 86400 ? {said(hour, 3_600)} : {said(day, 86_400)}"
    )
    months = list(dates.get_month_names("abbreviated", locale=language()).values())
    on = f"date(datum.value) + ' ' + {months!r}[month(datum.value)]"  # Vega itself knows English months only
    severities = [label(severity) for severity in Severity]
    legend = {"title": None, "orient": "top", "offset": 2}
    return {
        "height": DOTS_HEIGHT,
        "layer": [
            {
                "mark": {"type": "point", "filled": True, "size": 60, "opacity": 0.75},
                "encoding": {
                    "x": {
                        "field": "at", "type": "temporal",
                        "axis": {"title": None, "grid": False, "tickCount": 6, "labelExpr": on},
                    },
                    "y": {
                        "field": "seconds", "type": "quantitative",
                        "scale": {"type": "log", "nice": False, "padding": 14},
                        "axis": {"title": None, "values": list(_MARKS), "labelExpr": axis_label, "minExtent": 44},
                    },
                    "color": {
                        "field": "severity", "type": "nominal", "scale": {"domain": severities}, "legend": legend,
                    },
                    "shape": {
                        "field": "severity", "type": "nominal", "legend": legend,
                        "scale": {"domain": severities, "range": ["circle", "triangle-up", "square"]},
                    },
                    "tooltip": [
                        {"field": "incident", "type": "nominal", "title": _("Incident")},
                        {"field": "took", "type": "nominal", "title": _("Took")},
                        {"field": "severity", "type": "nominal", "title": _("Severity")},
                        {"field": "at", "type": "temporal", "title": _("Began"), "format": "%Y-%m-%d"},
                    ],
                },
            },
            {
                "mark": {"type": "rule", "color": GREY, "strokeWidth": 1.5, "aria": False},
                "encoding": {"y": {"aggregate": "max", "field": "median", "type": "quantitative"}},
            },
        ],
    }  # fmt: skip
