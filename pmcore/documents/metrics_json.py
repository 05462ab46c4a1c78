"""The metrics as JSON: the same figures, the same bytes, on whichever database."""

import json
from typing import Any

from pmcore.domain.metrics import DEFINITIONS, BesideFigure, Figure
from pmcore.readmodels.metrics import MetricsView

DIGITS = 6  #: after the point; what is closer is the same


def render(view: MetricsView) -> str:
    """Indented, in the metrics' order. It does not say when it was asked, so that the same data give the same text."""
    said = {
        "filter": view.filter.params() | {"days": str(view.filter.window_days)},
        "zone": view.zone,
        "figures": [_figure(figure) for figure in view.figures.values()],
    }
    return json.dumps(said, ensure_ascii=False, indent=2)


def _figure(figure: Figure) -> dict[str, Any]:
    definition = DEFINITIONS[figure.metric]
    return {
        "metric": figure.metric.value,
        "unit": definition.unit.value,
        "target": definition.target,
        "top": definition.top,
        "comparison": definition.comparison.value,
        "value": _number(figure.value),
        "n": figure.n,
        "of": figure.of,
        "interval": None if figure.low is None else [_number(figure.low), _number(figure.high)],
        "verdict": figure.verdict.value,
        "besides": {beside.what.value: _beside(beside) for beside in figure.besides},
        "left_out": {reason.value: count for reason, count in figure.left_out},
        "named": [named.public_id for named in figure.named],
        "trend": [
            {
                "from": point.since.isoformat(),
                "to": point.until.isoformat(),
                "value": _number(point.value),
                "n": point.n,
                "of": point.of,
            }
            for point in figure.trend
        ],
    }


def _beside(beside: BesideFigure) -> dict[str, Any]:
    said = {"unit": beside.unit.value, "value": _number(beside.value), "n": beside.n, "of": beside.of}
    return {name: value for name, value in said.items() if value is not None or name == "value"}


def _number(value: float | None) -> float | int | None:
    return round(value, DIGITS) if isinstance(value, float) else value
