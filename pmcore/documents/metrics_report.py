"""The metrics of a period on one sheet of paper: what the page says, ready to render; every text has to be escaped."""

from dataclasses import dataclass

from pmcore.domain.metrics import DEFINITIONS, EIGHT, NEVER_COUNTED, REASON_WORDS, Figure, Metric, MetricVerdict, Unit
from pmcore.readmodels.metrics import MetricsView, is_by_quarter
from pmcore.words import _, times
from pmcore.words import metrics as words

#: Shapes beside the words, for paper without colour.
SHAPES = {
    MetricVerdict.MEETS: "✓",
    MetricVerdict.MISSES: "✗",
    MetricVerdict.TOO_FEW: "?",
    MetricVerdict.NOTHING: "–",
    MetricVerdict.NO_TARGET: "○",
}
BAR_HEIGHT = 22.0  #: of a trend's picture, in its own units
BAR_STEP = 9.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """One of a trend's picture, drawn from its upper left corner."""

    x: float
    y: float
    height: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One figure."""

    name: str
    value: str
    counted: str
    target: str
    verdict: MetricVerdict
    shape: str
    said: str  #: the verdict in words
    interval: str
    named: str
    besides: tuple[str, ...]
    left_out: str
    bars: tuple[Bar, ...]
    width: float  #: of the picture
    target_y: float | None  #: where the target's line lies in it
    trend: str  #: the picture in words


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    title: str
    period: str
    as_of: str
    lines: tuple[Line, ...]
    times: tuple[Line, ...]  #: to detect and to resolve, which have no target
    never: str


def report(view: MetricsView, *, period: str) -> Report:
    """`period` is the filter in words."""
    return Report(
        title=_("Metrics of the post-mortem process"),
        period=period,
        as_of=_("As of {time}.").format(time=times.moment(view.as_of, view.zone)),
        lines=tuple(_line(view, metric) for metric in EIGHT),
        times=tuple(_line(view, metric) for metric in (Metric.TIME_TO_DETECT, Metric.TIME_TO_RESOLVE)),
        never=_(NEVER_COUNTED),
    )


def _line(view: MetricsView, metric: Metric) -> Line:
    figure, definition = view.figures[metric], DEFINITIONS[metric]
    top = _top(figure)
    threshold = definition.threshold
    return Line(
        name=words.name(metric),
        value=words.main_value(figure),
        counted=words.counted(figure),
        target=words.target(metric),
        verdict=figure.verdict,
        shape=SHAPES[figure.verdict],
        said=words.verdict(figure),
        interval=words.interval(figure),
        named=words.named(figure),
        besides=tuple(words.beside(one) for one in figure.besides),
        left_out="; ".join(f"{times.number(count)} ({_(REASON_WORDS[reason])})" for reason, count in figure.left_out),
        bars=tuple(
            Bar(x=place * BAR_STEP, y=BAR_HEIGHT * (1 - point.value / top), height=BAR_HEIGHT * point.value / top)
            for place, point in enumerate(figure.trend)
            if point.value is not None
        ),
        width=max(1, len(figure.trend)) * BAR_STEP,
        target_y=None if threshold is None else BAR_HEIGHT * (1 - min(threshold / top, 1.0)),
        trend=_trend(view, figure),
    )


def _top(figure: Figure) -> float:
    """What the whole height of the picture stands for."""
    unit = DEFINITIONS[figure.metric].trend_unit
    if unit is Unit.SHARE:
        return 1.0
    if unit is Unit.SCORE:
        return 5.0
    return max((point.value or 0.0 for point in figure.trend), default=0.0) or 1.0


def _trend(view: MetricsView, figure: Figure) -> str:
    unit, by_quarter = DEFINITIONS[figure.metric].trend_unit, is_by_quarter(view.filter)
    return "; ".join(
        f"{words.part(point.since, by_quarter=by_quarter)}: {words.value(point.value, unit)}"
        for point in figure.trend
        if point.value is not None
    )
