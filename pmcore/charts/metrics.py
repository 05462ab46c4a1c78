"""The bars of the metrics: Vega-Lite, built once for a figure and a language; a rerun only hands over a table."""

from functools import cache
from typing import Any

from pmcore.domain.metrics import DEFINITIONS, Definition, Figure, Metric, Unit
from pmcore.readmodels.metrics import MetricsFilter, MetricsView, is_by_quarter
from pmcore.words import _, language
from pmcore.words import metrics as words

Table = dict[str, list[Any]]  #: columns of equal length

TREND_HEIGHT = 165
GREY = "#717c8d"  #: legible on both backgrounds


def is_empty(view: MetricsView) -> bool:
    """Nothing to count, and nothing left out."""
    return not any(figure.of or figure.left_out for figure in view.figures.values())


def trend_table(figure: Figure, filter: MetricsFilter) -> Table:
    """A row a month or a quarter; one without anything to count has no bar and a dash."""
    by_quarter = is_by_quarter(filter)
    unit, points = DEFINITIONS[figure.metric].trend_unit, figure.trend
    return {
        "part": [
            f"{point.since:%Y-%m}|{words.short_part(point.since, by_quarter=by_quarter)}" for point in points
        ],  # two Decembers are two bars; the axis shows what stands behind the stroke
        "full": [words.part(point.since, by_quarter=by_quarter) for point in points],
        "height": [point.value or 0.0 for point in points],
        "shown": [words.DASH if point.value is None else _above(figure, place) for place, point in enumerate(points)],
        "value": [words.value(point.value, unit) for point in points],
        "count": [words.n_of(point.n, point.of) for point in points],
    }


def _above(figure: Figure, place: int) -> str:
    point, unit = figure.trend[place], DEFINITIONS[figure.metric].trend_unit
    return f"{point.n}/{point.of}" if unit is Unit.SHARE else words.value(point.value, unit)


def trend_alt(figure: Figure, filter: MetricsFilter) -> str:
    """The picture part by part, for who does not see it."""
    by_quarter = is_by_quarter(filter)
    unit = DEFINITIONS[figure.metric].trend_unit
    told = [
        f"{words.part(point.since, by_quarter=by_quarter)}: {words.value(point.value, unit)}, "
        f"{words.n_of(point.n, point.of)}"
        for point in figure.trend
        if point.value is not None
    ]
    return (
        f"{words.name(figure.metric)}, {words.target(figure.metric)}. {'; '.join(told) or _('Nothing to count yet.')}"
    )


def trend_spec(metric: Metric) -> dict[str, Any]:
    """Bars by month or quarter, with a dashed line at the target, or a band where it is a range."""
    return _trend_spec(metric, language())


def _percent() -> str:
    return "format(datum.value, '.0%')" if language() == "en" else "format(datum.value * 100, '.0f') + '\u00a0%'"


#: By unit: the scale's domain and the values that the axis names.
_AXES: dict[Unit, tuple[list[float] | None, list[float] | None]] = {
    Unit.SHARE: ([0, 1], [0, 0.5, 1]),
    Unit.SCORE: ([0, 5], [1, 3, 5]),
}


@cache
def _trend_spec(metric: Metric, _language: str) -> dict[str, Any]:
    definition = DEFINITIONS[metric]
    unit = definition.trend_unit
    domain, values = _AXES.get(unit, (None, None))
    axis: dict[str, Any] = {"title": None, "domain": False, "ticks": False, "tickCount": 3}
    if values:
        axis["values"] = values
    if unit is Unit.SHARE:
        axis["labelExpr"] = _percent()
    scale = {"domain": domain, "nice": False} if domain else {"domainMin": 0, "nice": True, "padding": 8}
    x = {
        "field": "part", "type": "ordinal", "sort": None,
        "axis": {
            "title": None, "labelAngle": 0, "ticks": False, "domain": False, "labelOverlap": True,
            "labelExpr": "split(datum.value, '|')[1]",
        },
    }  # fmt: skip
    y = {"field": "height", "type": "quantitative", "scale": scale, "axis": axis}
    tooltip = [
        {"field": "full", "type": "nominal", "title": _("Period")},
        {"field": "value", "type": "nominal", "title": words.name(metric)},
        {"field": "count", "type": "nominal", "title": _("Counted")},
    ]
    return {
        "height": TREND_HEIGHT,
        "title": {
            "text": _title(metric), "anchor": "start", "fontSize": 11.5, "fontWeight": 400, "color": GREY,
            "offset": 12,
        },
        "layer": [
            *_band(definition),
            {
                "mark": {"type": "bar", "cornerRadiusEnd": 3, "width": {"band": 0.62}},
                "encoding": {"x": x, "y": y, "tooltip": tooltip},
            },
            *_line(definition),
            {
                "mark": {"type": "text", "fontSize": 10.5, "color": GREY},
                "encoding": {
                    "x": x, "y": {"value": -8},
                    "text": {"field": "shown", "type": "nominal"}, "tooltip": tooltip,
                },
            },
        ],
    }  # fmt: skip


def _title(metric: Metric) -> str:
    if metric is Metric.TIME_TO_PUBLISH:
        return _("Share within 48 h, with n/N")
    unit = DEFINITIONS[metric].trend_unit
    return {
        Unit.SHARE: _("Share, with n/N"), Unit.SCORE: _("Mean answer"),
        Unit.PER_POSTMORTEM: _("Items for each post-mortem"),
    }.get(unit, "")  # fmt: skip


def _band(definition: Definition) -> list[dict[str, Any]]:
    """Of a range."""
    if definition.top is None:
        return []
    return [
        {
            "data": {"values": [{}]},  # one, not one for each row
            "mark": {"type": "rect", "color": GREY, "opacity": 0.2, "aria": False},
            "encoding": {
                "y": {"datum": definition.target, "type": "quantitative"}, "y2": {"datum": definition.top},
            },
        }
    ]  # fmt: skip


def _line(definition: Definition) -> list[dict[str, Any]]:
    """At what the bars are compared with."""
    if definition.threshold is None:
        return []
    return [
        {
            "data": {"values": [{}]},
            "mark": {"type": "rule", "strokeDash": [5, 4], "color": GREY, "strokeWidth": 1.5, "aria": False},
            "encoding": {"y": {"datum": definition.threshold, "type": "quantitative"}},
        }
    ]
