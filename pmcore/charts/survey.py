"""The survey's pictures: bars that part at neither, and the means by quarter. Each also as a table and in words."""

import textwrap
from collections.abc import Sequence
from functools import cache
from typing import Any

from pmcore.domain.survey_questions import BY_KEY, OF_SCALE, QUESTIONS, SCALE_NAMES, SurveyScale
from pmcore.domain.survey_results import TARGET, QuestionResult, ScaleResult
from pmcore.readmodels.survey import PastRound
from pmcore.words import _, language, times

Table = dict[str, list[Any]]  #: columns of equal length

STEP = 66  #: pixels of a question: two lines of words, a bar, air
LINE = 46  #: characters; fits a phone
TREND_HEIGHT = 300  #: with the legend
_GREY = "#717c8d"  #: legible on both backgrounds
#: From what one fears to what one hopes for; told apart without red and green, on both backgrounds.
COLOURS = ("#b35806", "#f1a340", "#aab2bd", "#74a5dc", "#2f6fbd")


def steps() -> tuple[str, ...]:
    """What the five shades mean."""
    return (_("very unfavourable"), _("unfavourable"), _("neither"), _("favourable"), _("very favourable"))


def bars_spec() -> dict[str, Any]:
    return _bars_spec(language())


def bars_table(result: ScaleResult) -> Table:
    """Five rows a question, from left to right; half of "neither" stands on either side."""
    rows = [
        {
            "question": "|".join(textwrap.wrap(_numbered(key), LINE)), "place": place, "kind": step,
            "start": start, "end": start + count / found.people, "words": of(count, found.people),
            "share": times.percent(found.favourable, digits=0) if place == 0 else "",
        }
        for key, found in result.questions.items()
        for place, (step, count, start) in enumerate(zip(steps(), found.counts, _starts(found), strict=True))
    ]  # fmt: skip
    return {name: [row[name] for row in rows] for name in rows[0]}


def _starts(found: QuestionResult) -> list[float]:
    left = -(sum(found.counts[:2]) + found.counts[2] / 2) / found.people
    return [left + sum(found.counts[:place]) / found.people for place in range(len(found.counts))]


def _numbered(key: Any) -> str:
    number = [one.key for one in QUESTIONS].index(key) + 1
    turned = f" ({_('turned')})" if BY_KEY[key].is_reversed else ""
    return f"{number}. {_(BY_KEY[key].sentence)}{turned}"


def bars_rows(result: ScaleResult) -> list[dict[str, Any]]:
    """The same as a table: a row a question, a column a shade, and the favourable share."""
    return [
        {_("Question"): _numbered(key)}
        | dict(zip(steps(), found.counts, strict=True))
        | {_("favourable in all"): times.percent(found.favourable, digits=0)}
        for key, found in result.questions.items()
    ]


def bars_alt(scale: SurveyScale, result: ScaleResult) -> str:
    told = "; ".join(
        _("{question} {n_of_total} favourable").format(
            question=_(one.sentence),
            n_of_total=of(sum(result.questions[one.key].counts[3:]), result.questions[one.key].people),
        )
        for one in OF_SCALE[scale]
    )
    return f"{_(SCALE_NAMES[scale])}: {told}"


def of(count: int, total: int) -> str:
    return _("{count} of {total}").format(count=count, total=total)


def trend_spec() -> dict[str, Any]:
    return _trend_spec(language())


def trend_table(past: Sequence[PastRound]) -> Table:
    """A row a quarter and scale that may be told, the oldest first."""
    rows = [
        {"quarter": named(found), "scale": _(SCALE_NAMES[scale]), "mean": told.mean, "words": mean_words(told)}
        for found in reversed(past)
        for scale in SurveyScale
        if (told := found.scale(scale)) is not None
    ]
    return {name: [row[name] for row in rows] for name in ("quarter", "scale", "mean", "words")}


def trend_rows(past: Sequence[PastRound]) -> list[dict[str, str]]:
    return [
        {_("Quarter"): named(found), _("Answers"): rate_words(found)}
        | {_(SCALE_NAMES[scale]): mean_words(found.scale(scale)) for scale in SurveyScale}
        for found in past
    ]


def trend_alt(past: Sequence[PastRound]) -> str:
    rows = zip(*trend_table(past).values(), strict=True)
    told = "; ".join(f"{quarter}: {scale} {words}" for quarter, scale, _mean, words in rows)
    return _("Means by quarter; the target is above {target}. {told}").format(target=TARGET, told=told)


def named(found: PastRound) -> str:
    return times.quarter(found.quarter.year, found.quarter.number)


def mean_words(told: ScaleResult | None) -> str:
    """ "4.13 of 5"; says so when it may not be told."""
    if told is None:
        return _("too few answers")
    return _("{mean} of 5").format(mean=times.figure(f"{told.mean:.2f}"))


def rate_words(found: PastRound) -> str:
    """ "6 of 8 (75 %)"."""
    share = "" if found.response_rate is None else f" ({times.percent(found.response_rate, digits=0)})"
    return of(found.answered, found.invited) + share


@cache
def _bars_spec(_language: str) -> dict[str, Any]:
    y = {
        "field": "question", "type": "nominal", "sort": None,
        "axis": {
            "title": None, "domain": False, "ticks": False, "labelAlign": "left", "labelPadding": 0, "labelLimit": 0,
            "labelOffset": -24, "labelFontSize": 13, "labelExpr": "split(datum.label, '|')",
        },
    }  # fmt: skip
    return {
        "height": {"step": STEP},
        "layer": [
            {
                "mark": {"type": "bar", "height": 16, "yOffset": 14},
                "encoding": {
                    "y": y,
                    "x": {
                        "field": "start", "type": "quantitative", "scale": {"domain": [-1, 1], "nice": False},
                        "axis": {
                            "title": None, "values": [-1, -0.5, 0, 0.5, 1], "domain": False, "ticks": False,
                            "grid": False, "labelExpr": "format(abs(datum.value), '.0%')",
                        },
                    },
                    "x2": {"field": "end"},
                    "order": {"field": "place", "type": "quantitative"},
                    "color": {
                        "field": "kind", "type": "nominal",
                        "scale": {"domain": list(steps()), "range": list(COLOURS)},
                        "legend": {"title": None, "orient": "top", "columns": 2, "labelLimit": 0},
                    },
                    "tooltip": [
                        {"field": "kind", "type": "nominal", "title": _("Answer")},
                        {"field": "words", "type": "nominal", "title": _("People")},
                    ],
                },
            },
            {
                "mark": {"type": "text", "align": "right", "yOffset": -10, "fontSize": 13, "color": _GREY},
                "encoding": {"y": y, "x": {"value": "width"}, "text": {"field": "share", "type": "nominal"}},
            },
            {
                "mark": {
                    "type": "tick", "color": _GREY, "size": 28, "thickness": 1.5, "yOffset": 14, "aria": False,
                    "orient": "vertical",
                },
                "encoding": {"x": {"datum": 0, "type": "quantitative"}, "y": y},
            },
        ],
    }  # fmt: skip


@cache
def _trend_spec(_language: str) -> dict[str, Any]:
    names = [_(SCALE_NAMES[scale]) for scale in SurveyScale]
    return {
        "height": TREND_HEIGHT,
        "layer": [
            {
                "mark": {"type": "line", "point": {"size": 70, "filled": True}, "strokeWidth": 2},
                "encoding": {
                    "x": {
                        "field": "quarter", "type": "ordinal", "sort": None,
                        "axis": {"title": None, "labelAngle": 0, "ticks": False, "domain": False, "labelOverlap": True},
                    },
                    "y": {
                        "field": "mean", "type": "quantitative", "scale": {"domain": [1, 5], "nice": False},
                        "axis": {"title": None, "values": [1, 2, 3, 4, 5], "domain": False, "ticks": False},
                    },
                    "color": {
                        "field": "scale", "type": "nominal", "scale": {"domain": names},
                        "legend": {"title": None, "orient": "top", "labelLimit": 0, "columns": 1},
                    },
                    "shape": {
                        "field": "scale", "type": "nominal", "scale": {"domain": names, "range": ["circle", "square"]},
                        "legend": {"title": None, "orient": "top", "labelLimit": 0, "columns": 1},
                    },
                    "tooltip": [
                        {"field": "quarter", "type": "nominal", "title": _("Quarter")},
                        {"field": "scale", "type": "nominal", "title": _("Part")},
                        {"field": "words", "type": "nominal", "title": _("Mean")},
                    ],
                },
            },
            {
                "mark": {"type": "rule", "strokeDash": [5, 4], "color": _GREY, "strokeWidth": 1.5, "aria": False},
                "encoding": {"y": {"datum": TARGET, "type": "quantitative"}},
            },
        ],
    }  # fmt: skip
