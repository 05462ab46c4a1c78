"""The two pictures above the tracker: Vega-Lite, built once a language; each rerun only hands over a small table."""

from functools import cache
from typing import Any

from babel import dates

from pmcore.readmodels.tracker import TrackerFigures
from pmcore.words import _, language, times

Table = dict[str, list[Any]]  #: columns of equal length

TARGET_HOURS = 48
LEAST_HOURS = 0.5  #: a log scale has no zero; what was quicker is drawn here
HEIGHT = 180
_GREY = "#717c8d"  #: legible on both backgrounds


def drafted_spec() -> dict[str, Any]:
    """P0 drafted on time, by month, with the target line."""
    return _drafted_spec(language())


def published_spec() -> dict[str, Any]:
    """Hours to the first edition, a point a post-mortem, on a log scale with the 48-hour line."""
    return _published_spec(language())


def drafted_table(figures: TrackerFigures) -> Table:
    """A row a month; a month without a deadline has no bar and a dash."""
    months = figures.months
    return {
        "month": [dates.format_date(found.month, "LLL", locale=language()) for found in months],
        "full": [times.month(found.month) for found in months],
        "share": [found.on_time / found.due if found.due else None for found in months],
        "height": [found.on_time / found.due if found.due else 0.0 for found in months],
        "count": [f"{found.on_time}/{found.due}" if found.due else "–" for found in months],
        "words": [n_of(found.on_time, found.due) for found in months],
    }


def published_table(figures: TrackerFigures) -> Table:
    points = figures.published
    return {
        "at": [point.at for point in points],
        "hours": [max(LEAST_HOURS, point.hours) for point in points],
        "when": [_("within 48 h") if point.hours <= TARGET_HOURS else _("later") for point in points],
        "incident": [f"{point.public_id}" for point in points],
        "took": [times.duration(point.hours * 3_600) for point in points],
    }


def n_of(count: int, total: int) -> str:
    """ "3 of 4"; "none due" where there was nothing to do."""
    return _("{count} of {total}").format(count=count, total=total) if total else _("none due")


def drafted_words(figures: TrackerFigures) -> str:
    """What the first picture says, for reading."""
    if not figures.due:
        return _("No P0 draft was due yet.")
    return _("{n_of_total} P0 drafts were shared within 48 hours ({percent}); the target is all of them.").format(
        n_of_total=n_of(figures.on_time, figures.due), percent=times.percent(figures.on_time / figures.due, digits=0)
    )


def published_words(figures: TrackerFigures) -> str:
    if figures.mean_hours is None:
        return _("Nothing with a deadline was published yet.")
    return _("{n_of_total} were published within 48 hours; the mean is {mean}, the target below 48 hours.").format(
        n_of_total=n_of(figures.published_in_time, figures.published_count),
        mean=times.duration(figures.mean_hours * 3_600),
    )


def drafted_alt(figures: TrackerFigures) -> str:
    """The picture month by month, for who does not see it."""
    months = "; ".join(f"{times.month(m.month)}: {n_of(m.on_time, m.due)}" for m in figures.months if m.due)
    return _("P0 drafted on time, by month. {months}").format(months=months or _("none due"))


def published_alt(figures: TrackerFigures) -> str:
    return _("Time to publish, one point a post-mortem. {sentence}").format(sentence=published_words(figures))


@cache
def _drafted_spec(_language: str) -> dict[str, Any]:
    x = {
        "field": "month", "type": "ordinal", "sort": None,
        "axis": {"title": None, "labelAngle": 0, "ticks": False, "domain": False, "labelOverlap": True},
    }  # fmt: skip
    tooltip = [
        {"field": "full", "type": "nominal", "title": _("Month")},
        {"field": "words", "type": "nominal", "title": _("On time")},
    ]
    return {
        "height": HEIGHT,
        "layer": [
            {
                "mark": {"type": "bar", "cornerRadiusEnd": 3, "width": {"band": 0.62}},
                "encoding": {
                    "x": x,
                    "y": {
                        "field": "height", "type": "quantitative", "scale": {"domain": [0, 1.18], "nice": False},
                        "axis": {"title": None, "format": "%", "values": [0, 0.5, 1], "domain": False, "ticks": False},
                    },
                    "tooltip": tooltip,
                },
            },
            {
                "mark": {"type": "rule", "strokeDash": [5, 4], "color": _GREY, "strokeWidth": 1.5, "aria": False},
                "encoding": {"y": {"datum": 1, "type": "quantitative"}},
            },
            {
                "mark": {"type": "text", "dy": -8, "fontSize": 11, "color": _GREY},
                "encoding": {
                    "x": x, "y": {"field": "height", "type": "quantitative"},
                    "text": {"field": "count", "type": "nominal"}, "tooltip": tooltip,
                },
            },
        ],
    }  # fmt: skip


@cache
def _published_spec(_language: str) -> dict[str, Any]:
    hours, days = _("{count} h"), _("{count} d")
    label = (
        f"datum.value < 72 ? replace({hours!r}, '{{count}}', datum.value) "
        f": replace({days!r}, '{{count}}', datum.value / 24)"
    )
    months = list(dates.get_month_names("abbreviated", locale=language()).values())
    day = f"date(datum.value) + ' ' + {months!r}[month(datum.value)]"  # Vega itself knows English months only
    return {
        "height": HEIGHT,
        "layer": [
            {
                "mark": {"type": "point", "filled": True, "size": 55, "opacity": 0.75},
                "encoding": {
                    "x": {
                        "field": "at", "type": "temporal",
                        "axis": {"title": None, "grid": False, "tickCount": 6, "labelExpr": day},
                    },
                    "y": {
                        "field": "hours", "type": "quantitative",
                        "scale": {"type": "log", "nice": False, "padding": 12},
                        "axis": {"title": None, "values": [1, 8, 48, 336, 2160], "labelExpr": label},
                    },
                    "color": {
                        "field": "when", "type": "nominal", "scale": {"domain": [_("within 48 h"), _("later")]},
                        "legend": {"title": None, "orient": "top", "offset": 2},
                    },
                    "shape": {
                        "field": "when", "type": "nominal",
                        "scale": {"domain": [_("within 48 h"), _("later")], "range": ["circle", "triangle-up"]},
                        "legend": {"title": None, "orient": "top", "offset": 2},
                    },
                    "tooltip": [
                        {"field": "incident", "type": "nominal", "title": _("Incident")},
                        {"field": "took", "type": "nominal", "title": _("Took")},
                        {"field": "at", "type": "temporal", "title": _("Published"), "format": "%Y-%m-%d"},
                    ],
                },
            },
            {
                "mark": {"type": "rule", "strokeDash": [5, 4], "color": _GREY, "strokeWidth": 1.5, "aria": False},
                "encoding": {"y": {"datum": TARGET_HOURS, "type": "quantitative"}},
            },
        ],
    }  # fmt: skip
