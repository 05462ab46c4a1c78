"""The pictures above the tracker: valid, in words too, in both languages."""

from datetime import UTC, date, datetime

import altair
import pandas as pd
import pytest

from pmcore.charts import tracker as charts
from pmcore.domain.vocabulary import Severity
from pmcore.readmodels.tracker import MonthDrafted, Published, TrackerFigures
from pmcore.words import speaking

AT = datetime(2025, 12, 14, 12, tzinfo=UTC)


def figures(*, months=((3, 4), (0, 2), (0, 0)), hours=(0.0, 30.0, 48.0, 100.0)):
    return TrackerFigures(
        zone="Europe/Moscow",
        months=tuple(MonthDrafted(month=date(2025, 10 + i, 1), on_time=a, due=b) for i, (a, b) in enumerate(months)),
        on_time=sum(a for a, _ in months),
        due=sum(b for _, b in months),
        published=tuple(
            Published(public_id=f"P0-{i:03}", severity=Severity.P0, at=AT, hours=h) for i, h in enumerate(hours)
        ),
        published_count=len(hours),
        published_in_time=sum(h <= 48 for h in hours),
        mean_hours=sum(hours) / len(hours) if hours else None,
    )


def test_a_bar_a_month_with_its_count_and_no_bar_where_nothing_was_due():
    table = charts.drafted_table(figures())
    assert table["month"] == ["Oct", "Nov", "Dec"]
    assert table["share"] == [0.75, 0.0, None]
    assert table["count"] == ["3/4", "0/2", "–"]
    assert table["words"] == ["3 of 4", "0 of 2", "none due"]


def test_a_point_a_post_mortem_even_at_zero_hours():
    table = charts.published_table(figures())
    assert table["hours"] == [charts.LEAST_HOURS, 30.0, 48.0, 100.0]
    assert table["when"] == ["within 48 h", "within 48 h", "within 48 h", "later"]
    assert table["took"] == ["0 s", "1 d 6 h", "2 d", "4 d 4 h"]


def test_the_sentences_say_n_of_n_and_the_target():
    assert charts.drafted_words(figures()) == (
        "3 of 6 P0 drafts were shared within 48 hours (50 %); the target is all of them."
    )
    assert charts.published_words(figures()) == (
        "3 of 4 were published within 48 hours; the mean is 1 d 20 h, the target below 48 hours."
    )
    nothing = figures(months=((0, 0),), hours=())
    assert charts.drafted_words(nothing) == "No P0 draft was due yet."
    assert charts.published_words(nothing) == "Nothing with a deadline was published yet."


def test_the_alternative_goes_through_the_months():
    assert charts.drafted_alt(figures()) == (
        "P0 drafted on time, by month. October 2025: 3 of 4; November 2025: 0 of 2"
    )
    assert "one point a post-mortem" in charts.published_alt(figures())


@pytest.mark.parametrize("language", ["en", "ru"])
@pytest.mark.parametrize(
    ("spec", "table"),
    [(charts.drafted_spec, charts.drafted_table), (charts.published_spec, charts.published_table)],
)
def test_the_spec_is_valid_vega_lite_and_names_only_columns_that_are_there(language, spec, table):
    with speaking(language):
        made, data = spec(), pd.DataFrame(table(figures()))
        assert spec() is made  # built once
    altair.Chart.from_dict({**made, "data": {"values": []}}, validate=True)
    assert set(_fields(made)) <= set(data.columns)


def _fields(spec):
    if isinstance(spec, dict):
        yield from [spec["field"]] if "field" in spec else []
        for value in spec.values():
            yield from _fields(value)
    elif isinstance(spec, list):
        for value in spec:
            yield from _fields(value)


def test_the_target_lines_stand_at_all_of_them_and_at_48_hours():
    def rules(spec):
        return [layer["encoding"]["y"]["datum"] for layer in spec["layer"] if layer["mark"]["type"] == "rule"]

    assert rules(charts.drafted_spec()) == [1]
    assert rules(charts.published_spec()) == [48]
    assert charts.published_spec()["layer"][0]["encoding"]["y"]["scale"]["type"] == "log"


def test_every_month_keeps_its_place():
    """A layer that leaves a month out would move it behind the others: Vega drops rows whose value is null."""
    fields = [layer["encoding"]["y"].get("field") for layer in charts.drafted_spec()["layer"]]
    assert fields == ["height", None, "height"]


def test_days_below_the_points_are_in_the_readers_language():
    with speaking("ru"):
        x = charts.published_spec()["layer"][0]["encoding"]["x"]
    assert "'янв.', 'февр.', 'мар.'" in x["axis"]["labelExpr"]
