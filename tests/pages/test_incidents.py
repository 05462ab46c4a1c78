"""Incidents: the ledger, its filters, and what is done from a row."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from db.models import IncidentRow, ObligationRow, PostmortemRow, ReturnRow, WaiverRow
from pmcore.domain.choices import Choice
from pmcore.domain.vocabulary import Severity
from pmcore.usecases.obligations import WaiveObligation
from pmcore.usecases.start import StartPostmortem
from tests import scene
from tests.factories import NOON, RESOLVED, STARTED, make_incident
from wiring import acting, run


@pytest.fixture
def people(rows, clock):
    return scene.set_up(rows)


@pytest.fixture
def incident(rows, people):
    """Makes one; Anna reported it."""

    def made(public_id="P0-001", **changes):
        by_anna = {"reporter_id": people.anna, "service_id": people.service}
        with rows() as session:
            return make_incident(
                session, public_id=public_id, severity=Severity(public_id[:2]), **by_anna, **changes
            )  # fmt: skip

    return made


def obligation(engine, incident_id) -> ObligationRow:
    with Session(engine) as session:
        return session.get_one(ObligationRow, incident_id)


def cells(shown) -> list[dict]:
    return shown.dataframe[0].value.to_dict("records")


def said(shown) -> str:
    return "\n".join(element.value for element in (*shown.markdown, *shown.caption))


def opened(page, user_id, incident, choice=None):
    shown = page("incidents.py", user_id, query={"open": str(incident.id)})
    if choice:
        shown = shown.button_group(key=f"panel-choice-{incident.id}").set_value(choice).run()
    assert not shown.exception
    return shown


def test_an_empty_ledger_says_the_next_step(people, page):
    shown = page("incidents.py", people.anna)
    assert not shown.exception
    assert "nothing is owed" in said(shown)


def test_a_row_says_what_is_owed_by_when_and_why(people, page, incident, clock):
    incident(title="Почта <script>alert(1)</script> 🔥")
    clock.now = RESOLVED + timedelta(hours=17)
    (row,) = cells(page("incidents.py", people.boris))
    assert row["id"] == "P0-001"
    assert row["title"] == "Почта <script>alert(1)</script> 🔥"
    assert (row["owed"], row["why"], row["author"]) == ("Required", "every P0", "Anna Petrova")
    assert row["drafted"] == "1 d 7 h left"
    assert row["state"] == "Not begun"


def test_unresolved_ones_come_first_and_are_flagged_after_a_day(people, page, incident):
    incident("P0-001")
    stale = incident("P2-001", started_at=NOON - timedelta(hours=25), detected_at=None, resolved_at=None)
    assert [row["id"] for row in cells(page("incidents.py", people.boris))] == ["P2-001", "P0-001"]
    assert "Unresolved for more than 24 hours" in said(opened(page, people.boris, stale))


def test_filters_stand_in_the_address_and_narrow(people, page, incident):
    incident("P0-001", title="Mail fails")
    incident("P1-001", title="Kafka lags")
    shown = page("incidents.py", people.boris, query={"severity": "P1"})
    assert [row["id"] for row in cells(shown)] == ["P1-001"]
    assert shown.button_group(key="incidents-severity").value == [Severity.P1]
    shown = shown.button(key="incidents-clear").click().run()
    assert len(cells(shown)) == 2
    shown = shown.text_input(key="incidents-text").set_value("kafka").run()
    assert [row["id"] for row in cells(shown)] == ["P1-001"]
    assert dict(shown.query_params) == {"text": "kafka"}


def test_a_filter_without_rows_says_so(people, page, incident):
    incident()
    assert "Nothing matches this filter" in said(page("incidents.py", people.boris, query={"text": "nothing like it"}))


@pytest.mark.parametrize("query", [{"severity": "P9"}, {"since": "yesterday"}, {"service": "x"}, {"sort": "blame"}])
def test_an_address_that_cannot_be_read_is_said_and_dropped(people, page, incident, query):
    incident()
    shown = page("incidents.py", people.boris, query=query)
    assert not shown.exception
    assert "cannot be read" in shown.warning[0].value
    assert len(cells(shown)) == 1


def test_the_post_mortem_is_started_from_the_row(wired, people, page, incident):
    one = incident()
    opened(page, people.anna, one).button(key="panel-start").click().run()
    with Session(wired) as session:
        assert session.scalars(select(PostmortemRow.incident_id)).all() == [one.id]


def test_the_author_hands_it_over_with_a_note(wired, people, page, incident):
    one = incident()
    shown = opened(page, people.anna, one, Choice.HAND_OVER)
    shown.selectbox(key=f"hand-over-to-{one.id}").set_value(people.boris)
    shown.text_input(key=f"hand-over-note-{one.id}").set_value("Notes are in the log")
    shown = shown.button(key="hand-over-submit").click().run()
    assert not shown.error
    assert (obligation(wired, one.id).author_id, obligation(wired, one.id).hand_over_note) == (
        people.boris, "Notes are in the log",
    )  # fmt: skip
    assert "Handed over: Notes are in the log" in said(opened(page, people.boris, one))


def test_what_happened_to_a_clock_stands_beside_it(wired, people, page, incident, clock):
    """An edited resolution, a downgrade, a return: a clock that was met in another way says so."""
    one = incident()
    quiet = said(opened(page, people.boris, one))
    with Session(wired.execution_options(writes=True)) as session, session.begin():
        row = session.get_one(ObligationRow, one.id)
        row.first_starts_at = row.first_starts_at - timedelta(hours=1)
        session.get_one(IncidentRow, one.id).severity = Severity.P1
    with acting.as_user(people.anna):
        written = run(StartPostmortem(incident_id=one.id))
    with Session(wired.execution_options(writes=True)) as session, session.begin():
        for _ in range(2):
            session.add(
                ReturnRow(
                    postmortem_id=written, role="tech_lead", user_id=people.lead, reasons="Why?", at=NOON,
                    answered_at=None,
                )
            )  # fmt: skip
    told = said(opened(page, people.boris, one))
    for sentence in ("resolution time was edited", "Sent back 2 times", "Downgraded from P0"):
        assert sentence in told
        assert sentence not in quiet


def test_a_bystander_is_not_offered_what_is_not_theirs(people, page, incident):
    shown = opened(page, people.boris, incident())
    assert [group.key for group in shown.button_group] == ["incidents-severity"]


def test_waiving_a_p0_takes_two_people(people, page, incident):
    one = incident()
    shown = opened(page, people.manager, one, Choice.WAIVE)
    assert "excused by two people" in said(shown)
    shown.text_area(key=f"waive-reason-{one.id}").set_value("A drill that went wrong")
    shown = shown.button(key="waive-submit").click().run()
    assert "Waiver (1 of 2): A drill that went wrong" in said(opened(page, people.cto, one))
    shown = opened(page, people.cto, one, Choice.APPROVE_WAIVER).button(key="approve-submit").click().run()
    assert not shown.error
    assert cells(page("incidents.py", people.anna))[0]["drafted"] == "Waived"


def test_a_waiver_without_a_reason_is_refused_and_keeps_its_form(wired, people, page, incident):
    one = incident("P1-001", sla_breach=True)
    shown = opened(page, people.manager, one, Choice.WAIVE)
    shown.text_area(key=f"waive-reason-{one.id}").set_value("  ")
    shown = shown.button(key="waive-submit").click().run()
    assert "Say why no post-mortem is needed" in shown.error[0].value
    assert shown.text_area(key=f"waive-reason-{one.id}").value == "  "
    with Session(wired) as session:
        assert session.scalars(select(WaiverRow)).all() == []


def test_a_waiver_is_withdrawn(people, page, incident):
    one = incident("P1-001", sla_breach=True)
    with acting.as_user(people.manager):
        run(WaiveObligation(incident_id=one.id, reason="A drill"))
    opened(page, people.manager, one, Choice.WITHDRAW_WAIVER).button(key="withdraw-submit").click().run()
    assert "left" in cells(page("incidents.py", people.anna))[0]["drafted"]


def test_an_incident_is_covered_by_the_post_mortem_of_another(people, page, incident):
    one, two = incident("P0-001"), incident("P0-002")
    with acting.as_user(people.anna):
        postmortem = run(StartPostmortem(incident_id=one.id))
    shown = opened(page, people.lead, two, Choice.COVER)
    shown.selectbox(key=f"cover-by-{two.id}").set_value(postmortem)
    shown.text_area(key=f"cover-reason-{two.id}").set_value("The same pool")
    shown = shown.button(key="cover-submit").click().run()
    assert not shown.error
    assert {row["id"]: row["state"] for row in cells(shown)}["P0-002"] == "Covered by another post-mortem P0-001"
    shown = opened(page, people.lead, two, Choice.REOPEN).button(key="reopen-submit").click().run()
    assert {row["id"]: row["state"] for row in cells(shown)}["P0-002"] == "Not begun"


@pytest.mark.parametrize(("choice", "key"), [(Choice.DUPLICATE, "duplicate"), (Choice.NOT_AN_INCIDENT, "nothing")])
def test_it_is_settled_otherwise(wired, people, page, incident, choice, key):
    one, two = incident("P0-001"), incident("P0-002")
    shown = opened(page, people.lead, two, choice)
    if choice is Choice.DUPLICATE:
        shown.selectbox(key=f"duplicate-of-{two.id}").set_value(one.id)
    shown.text_area(key=f"{key}-reason-{two.id}").set_value("The same alert")
    shown = shown.button(key=f"{key}-submit").click().run()
    assert not shown.error
    assert obligation(wired, two.id).disposition == choice.value
    assert "left" not in str({row["id"]: row["drafted"] for row in cells(shown)}["P0-002"])


@pytest.mark.parametrize("number", ["999", "x", "-1"])
def test_an_incident_that_is_not_there_is_a_sentence(people, page, incident, number):
    incident()
    shown = page("incidents.py", people.boris, query={"open": number})
    assert not shown.exception
    assert "There is nothing here under this address" in said(shown)


def test_a_restricted_one_is_in_nobody_elses_list_nor_count(people, page, incident):
    incident()
    secret = incident("P0-002", title="Leak", restricted=True)
    shown = page("incidents.py", people.boris)
    assert [row["id"] for row in cells(shown)] == ["P0-001"]
    assert "1 incident ·" in said(shown)
    assert "There is nothing here" in said(page("incidents.py", people.boris, query={"open": str(secret.id)}))
    for user_id in (people.anna, people.administrator):
        assert len(cells(page("incidents.py", user_id))) == 2


@pytest.mark.parametrize("count", [2, 60])
def test_the_page_takes_few_statements_whatever_the_number_of_rows(people, page, incident, statements, count):
    for number in range(1, count + 1):
        one = incident(f"P0-{number:03d}", started_at=STARTED - timedelta(hours=number), detected_at=None)
    shown = page("incidents.py", people.manager, query={"open": str(one.id), "since": "2025-01-01"})
    acting.forget()
    with statements() as counted:
        shown.run()
    assert len(counted) <= 12, counted
