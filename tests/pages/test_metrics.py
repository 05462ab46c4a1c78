"""The metrics' page: cards, the way to the very rows, filters in the address, tables, what it says when empty."""

import json
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pyarrow as pa
import pytest

from db.models import ClockStopRow, IncidentRow, RecurrenceRow
from pmcore.domain.metrics import DEFINITIONS, EIGHT, Metric, Reason
from pmcore.domain.vocabulary import ClockKind, Disposition, RecurrenceState, Role
from tests.factories import NOON, make_policy, make_service, make_user, make_workspace
from tests.pages.texts import texts
from tests.tracked import make_tracked
from wiring import parts

HOURS_2, HOURS_60 = 2, 60
RESOLVED = datetime(2025, 12, 14, 7, 12, tzinfo=UTC)  #: of an incident that says nothing else


@pytest.fixture
def people(rows):
    with rows() as session:
        make_workspace(session)
        make_policy(session)
        return {
            "service": make_service(session).id,
            "other": make_service(session, "payments").id,
            "anna": make_user(session, "Anna Petrova", Role.ENGINEER).id,
            "maria": make_user(session, "Maria Sokolova", Role.ENGINEERING_MANAGER).id,
        }


@pytest.fixture
def put(rows, people, clock):
    clock.now = NOON + timedelta(days=20)

    def made(public_id, *, published=None, **changes):
        """`published`: hours from the start of the clock to the first edition."""
        with rows() as session:
            values = {"author": people["anna"], "service": people["service"], **changes}
            if published is not None:
                values["first_published_at"] = RESOLVED + timedelta(hours=published)
            found = make_tracked(session, public_id, **values)
            if published is not None:
                at = RESOLVED + timedelta(hours=published)
                session.add(
                    ClockStopRow(incident_id=found.incident_id, clock=ClockKind.PUBLISHED, at=at, by_id=people["anna"])
                )
            return found.id

    return made


told = texts


def card(page, metric):
    name = f"## {DEFINITIONS[metric].name}\n"
    return next(each.value for each in page.markdown if each.value.startswith(name))


def links(page):
    """By label: the parameters of each way on this page."""
    found = {}
    for link in page.get("page_link"):
        found.setdefault(link.label, []).append({k: v[0] for k, v in parse_qs(link.proto.query_string).items()})
    return found


def rows_of(page):
    return page.dataframe[-1].value.to_dict("records")


def test_eight_cards_with_value_target_verdict_and_n_of_n(page, people, put):
    put("P0-001", drafted=HOURS_2)
    put("P0-002", drafted=HOURS_60)
    put("P1-003")
    seen = page("metrics.py", people["anna"])
    assert not seen.exception
    names = [each.value.split("\n")[0][3:] for each in seen.markdown if each.value.startswith("## ")]
    assert [name for name in names if name in {DEFINITIONS[metric].name for metric in EIGHT}] == [
        DEFINITIONS[metric].name for metric in EIGHT
    ]
    said = card(seen, Metric.P0_COMPLETION)
    for words in ("**50 %** 1 of 2", "misses the target", ":material/warning:", "target: 100 %", "missed: P0\\-002"):
        assert words in said or words.replace("\\", "") in said
    assert "confidence" not in said
    said = card(seen, Metric.BLAMELESS_SCORE)
    assert "**–**" in said
    assert "nothing to count yet" in said


def test_the_interval_and_a_verdict_that_is_not_sure(page, people, put):
    put("P0-001", published=5)
    seen = page("metrics.py", people["anna"])
    said = card(seen, Metric.TIME_TO_PUBLISH)
    assert "met so far, too few to be sure" in said
    assert "with 95 % confidence between" in said
    assert "1 of 1 within 48 h" in said


@pytest.mark.parametrize("metric", list(Metric))
def test_a_click_explains_how_it_is_counted(page, people, put, metric):
    put("P0-001", drafted=HOURS_2, disposition=Disposition.DUPLICATE, disposition_reason="Twice")
    explained = told(page("metrics.py", people["anna"], {"metric": metric}))
    definition = DEFINITIONS[metric]
    for sentence in (definition.formula, definition.cohort, definition.not_counted, definition.caution):
        assert sentence in explained
    assert ("1: a duplicate of another incident" in explained) is (Reason.DUPLICATE in definition.reasons)


def test_a_card_leads_to_the_very_rows_and_a_row_to_its_document(page, people, put):
    put("P0-001", drafted=HOURS_2)
    late = put("P0-002", drafted=HOURS_60)
    put("P0-003", drafted=HOURS_2, disposition=Disposition.NOT_AN_INCIDENT, disposition_reason="A drill: <b>x</b>")
    seen = page("metrics.py", people["anna"])
    seen.button(key="metric-open-p0_completion").click().run()
    way = {name: seen.query_params[name] for name in ("metric", "from", "to")}
    assert way["metric"] == "p0_completion"
    assert not seen.exception
    assert {row["reference"]: row["counts"] for row in rows_of(seen)} == {
        "P0-001": "yes", "P0-002": "no", "P0-003": "left out",
    }  # fmt: skip
    notes = {row["reference"]: row["notes"] for row in rows_of(seen)}
    assert notes["P0-002"] == "late"
    assert notes["P0-003"] == "was no incident · A drill: <b>x</b>"
    seen.session_state["metrics-rows-p0_completion-all-1"] = {"selection": {"rows": [1], "columns": [], "cells": []}}
    assert rows_of(page("metrics.py", people["anna"], {**way, "which": "left_out"}))[0]["reference"] == "P0-003"
    assert [row["reference"] for row in rows_of(page("metrics.py", people["anna"], {**way, "which": "against"}))] == [
        "P0-002"
    ]
    assert late


def test_which_rows_are_shown_goes_to_the_address(page, people, put):
    put("P0-001", drafted=HOURS_2)
    seen = page("metrics.py", people["anna"], {"metric": "p0_completion", "severity": "P0"})
    seen.segmented_control(key="metrics-which").set_value("against").run()
    assert seen.query_params["which"] == "against"
    assert seen.query_params["severity"] == "P0"
    assert "No row of this kind" in told(seen)
    seen.button(key="metrics-all").click().run()
    assert seen.query_params["severity"] == "P0"
    assert "metric" not in seen.query_params


def test_filters_live_in_the_address(page, people, put):
    put("P0-001", drafted=HOURS_2)
    put("P0-002", drafted=HOURS_60, service=people["other"])
    query = {"from": "2025-12-01", "to": "2025-12-31", "service": str(people["other"]), "severity": "P0", "days": "90"}
    seen = page("metrics.py", people["anna"], query)
    assert "0 of 1" in card(seen, Metric.P0_COMPLETION)
    assert seen.selectbox(key="metrics-service").value == people["other"]
    assert seen.selectbox(key="metrics-period").value == "last_month"
    files = {link.proto.url for link in seen.get("link_button")}
    for url in files:
        assert {key: value[0] for key, value in parse_qs(urlsplit(url).query).items()} == query
    assert {urlsplit(url).path for url in files} == {"/download/metrics.xlsx", "/print/metrics"}
    seen.selectbox(key="metrics-service").set_value(None).run()
    assert "service" not in seen.query_params
    assert "1 of 2" in card(seen, Metric.P0_COMPLETION)
    seen.selectbox(key="metrics-period").set_value("this_month").run()
    assert (seen.query_params["from"], seen.query_params["to"]) == ("2026-01-01", "2026-01-31")
    assert seen.query_params["days"] == "90"


@pytest.mark.parametrize(
    ("name", "value"),
    [("from", "2025-02-30"), ("to", "0001-01-01"), ("severity", "P9"), ("service", "x"), ("days", "31"),
     ("metric", "salary"), ("from", "2099-01-01")],
)  # fmt: skip
def test_a_filter_that_cannot_be_read_is_said_and_dropped(page, people, put, name, value):
    put("P0-001", drafted=HOURS_2)
    seen = page("metrics.py", people["anna"], {name: value})
    assert not seen.exception
    assert f"“{name}”" in seen.warning[0].value
    assert "1 of 1" in card(seen, Metric.P0_COMPLETION)


def test_a_trend_has_words_and_a_table_with_the_same(page, people, put):
    put("P0-001", drafted=HOURS_2)
    seen = page("metrics.py", people["anna"])
    chart = charts(seen)["P0 completion"]
    assert chart.alt == "P0 completion, target: 100 %. December 2025: 100 %, 1 of 1"
    assert not seen.dataframe
    drawn = len(charts(seen))
    seen.toggle(key="metrics-tables").set_value(True).run()
    assert not charts(seen)
    table = seen.dataframe[0].value
    assert table[table["count"] == "1 of 1"].to_dict("records") == [
        {"full": "December 2025", "value": "100 %", "count": "1 of 1"}
    ]
    assert len(seen.dataframe) == drawn


def charts(page):
    """By the name that their text begins with."""
    found = {}
    for chart in page.get("vega_lite_chart") + page.get("arrow_vega_lite_chart"):
        found[chart.proto.alt.partition(",")[0]] = chart.proto
    return found


def test_times_are_dots_on_a_log_axis_with_the_median_and_without_a_trend(page, people, put):
    at = NOON - timedelta(days=9)
    for number, minutes in enumerate((1, 4, 600), start=1):
        started = at - timedelta(minutes=minutes)
        put(f"P1-00{number}", detected_at=at, started_at=started, resolved_at=at + timedelta(hours=1))
    seen = page("metrics.py", people["anna"])
    chart = charts(seen)["Time to detect"]
    spec = json.loads(chart.spec)
    points, median = spec["layer"]
    assert points["mark"]["type"] == "point"
    assert points["encoding"]["y"]["scale"]["type"] == "log"
    assert points["encoding"]["shape"]["field"] == "severity"
    assert median["mark"]["type"] == "rule"
    assert "4 min" in chart.alt
    assert "On ten incidents a mean moves by a quarter through chance alone" in told(seen)
    assert not any(layer["mark"]["type"] in ("line", "trail", "area") for layer in spec["layer"])


def test_the_survey_has_no_rows_to_open(page, people, put):
    put("P0-001", drafted=HOURS_2)
    seen = page("metrics.py", people["anna"])
    ways = {button.key.removeprefix("metric-open-"): button.label for button in seen.button}
    with_rows = {metric for metric in Metric if ways[metric] == "How this is counted, row by row"}
    assert with_rows == set(Metric) - {Metric.SATISFACTION, Metric.BLAMELESS_SCORE}
    seen.button(key="metric-open-satisfaction").click().run()
    assert "Who answered what is shown to nobody." in told(seen)
    assert "Survey" in links(seen)
    assert not seen.dataframe


class TestFolded:
    @pytest.fixture
    def is_unfolded(self):
        return False

    def test_times_and_days_are_drawn_once_somebody_opens_them(self, page, people, put):
        put("P1-001", detected_at=RESOLVED - timedelta(minutes=5))
        seen = page("metrics.py", people["anna"])
        assert "Time to detect" not in charts(seen)
        assert not seen.date_input
        seen.session_state["metrics-speed-opened"] = seen.session_state["metrics-more-opened"] = True
        seen.run()
        assert "Time to detect" in charts(seen)
        assert [str(each.value) for each in seen.date_input] == ["2025-02-01", "2026-01-31"]

    def test_a_filter_keeps_the_days_that_nobody_has_opened(self, page, people, put):
        put("P0-001", drafted=HOURS_2)
        days = {"from": "2025-12-01", "to": "2025-12-20", "days": "90"}
        seen = page("metrics.py", people["anna"], days)
        seen.selectbox(key="metrics-service").set_value(people["service"]).run()
        assert {name: seen.query_params[name] for name in days} == days


def test_a_picture_carries_its_rows_as_they_are_sent(page, people, put):
    """Written once, and not for each run: Streamlit takes bytes for a named table, as Altair's charts give them."""
    put("P0-001", drafted=HOURS_2)
    (sent,) = charts(page("metrics.py", people["anna"]))["P0 completion"].datasets
    table = pa.ipc.open_stream(sent.data.data).read_all()
    assert (sent.name, table.num_rows) == ("rows", 12)
    assert table.to_pylist()[-2]["count"] == "1 of 1"


def test_what_misses_is_named_first(page, people, put):
    put("P0-001", drafted=HOURS_60)
    glance = next(each.value for each in page("metrics.py", people["anna"]).markdown if "At a glance" in each.value)
    assert glance.index("misses the target] P0 completion") < glance.index("nothing to count yet")


def test_an_empty_workspace_says_what_to_do(page, people, clock):
    seen = page("metrics.py", people["anna"])
    assert not seen.exception
    assert "Nothing to count in this period." in told(seen)
    assert "Report an incident" in links(seen)
    for metric in Metric:
        assert "**–**" in card(seen, metric), metric


def test_unchanged_data_costs_few_statements(page, people, put, statements):
    put("P0-001", drafted=HOURS_2)
    seen = page("metrics.py", people["anna"])
    with statements() as said:
        seen.run()
    assert len(said) <= 3
    assert parts.engine() is not None


class TestHome:
    def box(self, page, user_id):
        return page("", user_id)

    def test_a_manager_sees_what_is_off_target_and_opens_the_rows(self, page, people, put):
        put("P0-001", drafted=HOURS_2)
        put("P0-002", drafted=HOURS_60)
        seen = page("", people["maria"])
        assert not seen.exception
        said = told(seen)
        assert "Off target" in said
        row = next(label for label in links(seen) if label.startswith("*Open the rows* **P0 completion**"))
        assert "1 of 2; target: 100 %; missed: P0-002" in row.replace("\\", "")
        (way,) = links(seen)[row]
        assert {"metric": "p0_completion", "which": "against"}.items() <= way.items()
        assert [row["reference"] for row in rows_of(page("metrics.py", people["maria"], way))] == ["P0-002"]

    def test_an_engineer_does_not(self, page, people, put):
        put("P0-002", drafted=HOURS_60)
        assert "Off target" not in told(page("", people["anna"]))

    def test_nothing_is_said_when_nothing_is_off(self, page, people, put):
        put("P0-001", drafted=HOURS_2, published=5)
        assert "Off target" not in told(page("", people["maria"]))

    def test_it_follows_within_a_quarter_of_an_hour(self, page, people, put, clock):
        put("P0-001", drafted=HOURS_60)
        assert "0 of 1; target" in told(page("", people["maria"]))
        put("P0-002", drafted=HOURS_60)
        clock.forward(minutes=15)
        assert "0 of 2; target" in told(page("", people["maria"]))


class TestUndecidedRepetitions:
    def test_who_may_decide_finds_them_at_home(self, page, people, put, rows):
        put("P1-001", started_at=NOON - timedelta(days=40), resolved_at=NOON - timedelta(days=40))
        later = put("P1-002", started_at=NOON - timedelta(days=10), resolved_at=NOON - timedelta(days=10))
        with rows() as session:
            ids = {row.public_id: row for row in session.query(IncidentRow)}
            session.add(
                RecurrenceRow(
                    incident_id=ids["P1-002"].id, earlier_id=ids["P1-001"].id, state=RecurrenceState.PROPOSED,
                    incident_started_at=ids["P1-002"].started_at, earlier_started_at=ids["P1-001"].started_at,
                    proposed_at=NOON, named_by_id=people["anna"], reasons=[], decision_note="", version=1,
                )
            )  # fmt: skip
        seen = page("", people["maria"])
        assert not seen.exception
        assert "Does it repeat?" in told(seen)
        assert "Anna Petrova says that it repeats P1-001; nobody has decided it." in told(seen).replace("\\", "")
        assert [way for label, way in links(seen).items() if "Decide" in label] == [[{"id": str(later)}]]
        assert "Does it repeat?" not in told(page("", people["anna"]))
