"""Report: four answers, and what comes after."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from db.models import IncidentRow, ServiceRow, WorkspaceRow
from pmcore.domain.vocabulary import Severity
from tests import scene
from tests.factories import NOON, make_incident
from tests.pages import headings


@pytest.fixture
def people(rows, clock):
    return scene.set_up(rows)


def stored(engine) -> IncidentRow:
    with Session(engine) as session:
        return session.scalars(select(IncidentRow)).one()


def fill(shown, *, title="Mail fails", severity=Severity.P1, service="email-service", **more):
    shown.text_input(key="report-title").set_value(title)
    if severity:
        shown.button_group(key="report-severity").set_value(severity)
    if service:
        shown.selectbox(key="report-service").set_value(service)
    for name, text in more.items():
        shown.text_input(key=f"report-{name}").set_value(text)
    return shown.button(key="report-submit").click().run()


def test_four_answers_are_enough_and_the_log_opens(wired, people, page):
    shown = fill(page("report.py", people.anna), started_at="-5m")
    assert not shown.exception
    assert not shown.error
    incident = stored(wired)
    assert (incident.public_id, incident.title) == ("P1-001", "Mail fails")
    assert incident.started_at == NOON - timedelta(minutes=5)
    assert "P1-001" in headings.title(shown)
    assert shown.chat_input[0].key == "log-line"


def test_a_resolved_one_is_told_what_it_owes_and_by_when(wired, people, page):
    shown = fill(page("report.py", people.anna), severity=Severity.P0, started_at="14:00", resolved_at="14:12")
    assert not shown.exception
    said = " ".join(element.value for element in shown.markdown)
    assert "A post-mortem is required: every P0." in said
    assert "16 Dec 2025, 14:12 MSK" in said
    assert shown.button(key="reported-start")


def test_the_next_ids_are_proposed(rows, people, page):
    with rows() as session:
        make_incident(session, public_id="P0-007", reporter_id=people.anna, service_id=people.service)
    shown = page("report.py", people.anna)
    assert "Next free id: P0-008, P1-001, P2-001" in [element.value for element in shown.caption]


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"title": ""}, "Give the incident a title"),
        ({"severity": None}, "Choose a severity"),
        ({"service": None}, "Choose the service"),
        ({"started_at": "soon"}, "This is not a time that can be read"),
        ({"started_at": "2030-01-01 10:00"}, "lies in the future"),
        ({"started_at": "14:00", "resolved_at": "2025-12-14 13:59"}, "resolved before it started"),
        ({"public_id": "Р0-001"}, "Latin letters"),
    ],
)
def test_a_refusal_is_a_sentence_and_keeps_what_was_typed(wired, people, page, typed, sentence):
    shown = fill(page("report.py", people.anna), **{"title": "Почта 🔥 <b>", "alert": "Down", **typed})
    assert not shown.exception
    assert sentence in shown.error[0].value
    assert shown.text_input(key="report-alert").value == "Down"
    assert shown.text_input(key="report-title").value == typed.get("title", "Почта 🔥 <b>")
    with Session(wired) as session:
        assert session.scalars(select(IncidentRow)).all() == []


def test_negative_numbers_are_refused_beside_each_other(wired, people, page):
    shown = page("report.py", people.anna)
    shown.number_input(key="report-customers_affected").set_value(-1)
    shown.number_input(key="report-revenue_loss_usd").set_value(-0.5)
    shown = fill(shown)
    assert "whole number" in shown.error[0].value
    assert "0 dollars or more" in shown.error[0].value
    assert shown.number_input(key="report-customers_affected").value == -1


def test_an_edited_id_that_is_taken_is_refused(rows, people, page):
    with rows() as session:
        make_incident(session, public_id="P1-007", reporter_id=people.anna, service_id=people.service)
    shown = fill(page("report.py", people.anna), public_id="p1-007")
    assert "P1-007 is taken" in shown.error[0].value
    assert shown.text_input(key="report-public_id").value == "p1-007"
    assert shown.text_input(key="report-title").value == "Mail fails"
    assert shown.selectbox(key="report-service").value == "email-service"


def test_a_doubled_local_time_is_asked_back_and_answered_by_one_tap(wired, people, page, rows):
    with rows() as session:
        session.get(WorkspaceRow, 1).zone = "Europe/Berlin"
    shown = fill(page("report.py", people.anna), started_at="2025-10-26 02:30")
    assert "passed this time twice" in shown.error[0].value
    first, second = shown.button(key="report-choice-0"), shown.button(key="report-choice-1")
    assert (first.label, second.label) == ("2025-10-26 02:30:00+02:00", "2025-10-26 02:30:00+01:00")
    shown = second.click().run()
    assert shown.text_input(key="report-started_at").value == "2025-10-26 02:30:00+01:00"
    assert shown.text_input(key="report-title").value == "Mail fails"
    shown = shown.button(key="report-submit").click().run()
    assert not shown.error
    assert stored(wired).started_at.isoformat() == "2025-10-26T01:30:00+00:00"


def test_a_nonexistent_local_time_is_asked_back(people, page, rows):
    with rows() as session:
        session.get(WorkspaceRow, 1).zone = "Europe/Berlin"
    shown = fill(page("report.py", people.anna), started_at="2025-03-30 02:30")
    assert "put forward over this time" in shown.error[0].value
    assert shown.button(key="report-choice-0").label == "2025-03-30 01:30:00+01:00"


def test_a_viewer_is_refused_with_a_sentence(wired, people, page):
    shown = fill(page("report.py", people.viewer))
    assert not shown.exception
    assert "Your role does not allow this" in shown.error[0].value


def test_a_new_service_needs_no_settings(wired, people, page):
    shown = page("report.py", people.anna)
    shown.selectbox(key="report-service").options.append("kafka-7")  # AppTest knows no typed options
    shown = fill(shown, service="kafka-7")
    assert not shown.error
    with Session(wired) as session:
        assert "kafka-7" in session.scalars(select(ServiceRow.name)).all()


def test_the_page_takes_few_statements(people, page, statements):
    shown = page("report.py", people.anna)
    with statements() as said:
        shown.run()
    assert len(said) <= 12, said


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"title": ""}, "Give the incident a title"),
        ({"severity": None}, "Choose a severity"),
        ({"service": None}, "Choose the service"),
        ({"started_at": "soon"}, "This is not a time that can be read"),
        ({"started_at": "14:00", "resolved_at": "2025-12-14 13:59"}, "resolved before it started"),
        ({"resolved_at": "soon"}, "This is not a time that can be read"),
        ({"public_id": "Р0-001"}, "Latin letters"),
        ({"grafana_url": "nowhere"}, "https://"),
    ],
)
def test_a_refusal_is_said_beside_its_field_too(people, page, typed, sentence):
    shown = fill(page("report.py", people.anna), **typed)
    (beside,) = [each.value for each in shown.markdown if each.value.startswith(":red[:material/error:]")]
    assert sentence in beside
    field = list(typed)[-1]
    order = [each.value if each.type == "markdown" else getattr(each, "key", None) for each in shown.main]
    assert order[order.index(f"report-{field}") + 1] == beside
