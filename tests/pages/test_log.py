"""Log: lines as they are typed, kinds by one tap, "Resolved now", facts later."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from db.models import IncidentRow, LogEntryRow
from pmcore.domain.vocabulary import Severity, TimelineKind
from pmcore.usecases.log import AddLogEntry, ResolveNow
from tests import scene
from tests.factories import NOON, make_incident
from tests.pages import headings
from wiring import acting, run


@pytest.fixture
def people(rows, clock):
    return scene.set_up(rows)


@pytest.fixture
def ongoing(rows, people):
    with rows() as session:
        return make_incident(
            session, public_id="P1-001", severity=Severity.P1, reporter_id=people.anna, service_id=people.service,
            started_at=NOON - timedelta(minutes=20), detected_at=None, resolved_at=None,
        )  # fmt: skip


@pytest.fixture
def log(page, people, ongoing):
    """The page as somebody sees it."""
    return lambda user_id=people.anna, number=ongoing.id: page("log.py", user_id, query={"id": str(number)})


def entries(engine) -> list[LogEntryRow]:
    with Session(engine) as session:
        return list(
            session.scalars(select(LogEntryRow).where(LogEntryRow.deleted_at.is_(None)).order_by(LogEntryRow.at))
        )


def note(ongoing, user_id, line):
    with acting.as_user(user_id):
        return run(AddLogEntry(incident_id=ongoing.id, line=line))


def said(shown) -> str:
    return "\n".join(element.value for element in shown.markdown)


def test_an_empty_log_says_what_to_do(log):
    shown = log()
    assert not shown.exception
    assert "Write the first line below" in said(shown)


def test_a_line_is_noted_with_its_author_kind_and_time(wired, log):
    shown = log().chat_input(key="log-line").set_value("/fix -3m Raised the pool <b>50</b> $x$").run()
    assert not shown.exception
    (entry,) = entries(wired)
    assert (entry.kind, entry.at, entry.text) == ("fix", NOON - timedelta(minutes=3), "Raised the pool <b>50</b> $x$")
    assert "Anna Petrova" in said(shown)
    assert "14:57:00" in said(shown)
    assert "\\<b\\>50" in said(shown)


def test_a_kind_is_chosen_by_one_tap_and_falls_back_after_the_line(wired, log):
    shown = log()
    shown.button_group(key="log-kind").set_value(TimelineKind.IDENTIFIED)
    shown = shown.chat_input(key="log-line").set_value("The pool is empty").run()
    assert entries(wired)[0].kind == "identified"
    assert shown.button_group(key="log-kind").value == TimelineKind.OTHER


def test_a_refused_line_is_put_back(wired, log):
    shown = log().chat_input(key="log-line").set_value("25:99 hm").run()
    assert not shown.exception
    assert "can be read" in shown.error[0].value
    assert shown.chat_input(key="log-line").proto.value == "25:99 hm"
    assert entries(wired) == []


def test_resolved_now_sets_the_time_and_notes_it(wired, log):
    shown = log().button(key="resolve").click().run()
    assert not shown.exception
    with Session(wired) as session:
        assert session.scalars(select(IncidentRow)).one().resolved_at == NOON
    assert [entry.kind for entry in entries(wired)] == ["resolved"]
    assert not [button for button in shown.button if button.key == "resolve"]


def test_the_kind_of_a_line_changes_by_one_tap(wired, log, ongoing, people):
    number = note(ongoing, people.anna, "The alert fired")
    shown = log().button(key=f"entry-open-{number}").click().run()
    shown.button_group(key=f"entry-kind-{number}").set_value(TimelineKind.ALERT).run()
    assert entries(wired)[0].kind == "alert"


def test_a_time_becomes_a_fact_only_when_asked(wired, log, ongoing, people):
    number = note(ongoing, people.anna, "/alert -10m EmailServiceDown")
    shown = log()
    with Session(wired) as session:
        assert session.scalars(select(IncidentRow)).one().detected_at is None
    shown = shown.button(key=f"entry-open-{number}").click().run()
    shown.button(key=f"entry-use-{number}").click().run()
    with Session(wired) as session:
        assert session.scalars(select(IncidentRow)).one().detected_at == NOON - timedelta(minutes=10)


def test_a_line_is_deleted_with_an_undo(wired, log, ongoing, people):
    number = note(ongoing, people.anna, "A slip")
    shown = log().button(key=f"entry-open-{number}").click().run()
    shown = shown.button(key=f"entry-delete-{number}").click().run()
    assert entries(wired) == []
    shown.button(key="undo-button").click().run()
    assert [entry.text for entry in entries(wired)] == ["A slip"]


def test_nobody_deletes_the_lines_of_others(log, ongoing, people):
    number = note(ongoing, people.anna, "Mine")
    shown = log(people.boris).button(key=f"entry-open-{number}").click().run()
    assert not [button for button in shown.button if button.key == f"entry-delete-{number}"]


def test_the_facts_are_added_later(wired, log, ongoing):
    shown = log()
    shown.session_state["log-panel"] = "facts"
    shown = shown.run()
    prefix = f"log-edit-{ongoing.id}-base-1"
    shown.text_input(key=f"{prefix}-detected_at").set_value("14:42")
    shown.number_input(key=f"{prefix}-customers_affected").set_value(500)
    shown.number_input(key=f"{prefix}-revenue_loss_usd").set_value(150.5)
    shown = shown.button(key=f"{prefix}-submit").click().run()
    assert not shown.exception
    assert not shown.error
    with Session(wired) as session:
        row = session.scalars(select(IncidentRow)).one()
    assert (row.detected_at, row.customers_affected) == (NOON - timedelta(minutes=18), 500)
    assert str(row.revenue_loss_usd) in ("150.5", "150.50")


def test_a_stale_form_keeps_its_text(wired, log, ongoing, people):
    shown = log()
    shown.session_state["log-panel"] = "facts"
    shown = shown.run()
    with acting.as_user(people.boris):
        run(ResolveNow(incident_id=ongoing.id))
    prefix = f"log-edit-{ongoing.id}-base-1"
    shown.text_input(key=f"{prefix}-alert").set_value("EmailServiceDown")
    shown = shown.button(key=f"{prefix}-submit").click().run()
    assert "Somebody changed this a moment ago" in shown.error[0].value
    assert shown.text_input(key=f"{prefix}-alert").value == "EmailServiceDown"
    shown = shown.button(key=f"{prefix}-reload").click().run()
    assert shown.text_input(key=f"log-edit-{ongoing.id}-base-2-resolved_at").value == "2025-12-14 15:00:00"


def test_the_severity_escalates(wired, log, ongoing):
    shown = log()
    shown.session_state["log-panel"] = "more"
    shown = shown.run()
    shown.button_group(key="severity-new").set_value(Severity.P0)
    shown = shown.button(key="severity-submit").click().run()
    with Session(wired) as session:
        row = session.scalars(select(IncidentRow)).one()
    assert (row.severity, row.highest_severity, row.public_id) == ("P0", "P0", "P1-001")
    assert "Escalation from P1 to P0 by Anna Petrova" in " ".join(element.value for element in shown.caption)


def test_an_incident_is_deleted_with_an_undo(wired, log, rows, ongoing, people):
    shown = log()
    shown.session_state["log-panel"] = "more"
    shown = shown.run().button(key="incident-delete").click().run()
    assert headings.title(shown) == "Incidents"
    sentence, undo = shown.session_state["undo"]
    assert sentence == "P1-001 is deleted."
    with acting.as_user(people.anna):
        run(undo)
    with Session(wired) as session:
        assert session.scalars(select(IncidentRow)).one().deleted_at is None


def test_a_viewer_reads_and_has_no_input(log, people, ongoing):
    note(ongoing, people.anna, "Noted")
    shown = log(people.viewer)
    assert "Noted" in said(shown)
    assert not shown.chat_input
    assert [button.key for button in shown.button] == []
    assert shown.button_group(key="log-panel").options == ["What is owed"]


class TestWhatIsNotThereAndWhatIsNotYours:
    SENTENCE = "There is nothing here under this address, or it is not shared with you."

    @pytest.mark.parametrize("number", ["999", "0", "-1", "x", "", "99999999999999999999", "١"])
    def test_read_the_same(self, log, number):
        shown = log(number=number)
        assert not shown.exception
        assert [error.value for error in shown.error] == [self.SENTENCE]

    def test_also_for_a_restricted_one(self, log, rows, people):
        with rows() as session:
            secret = make_incident(
                session, public_id="P0-009", title="Leak", restricted=True, reporter_id=people.anna,
                service_id=people.service,
            )  # fmt: skip
        shown = log(people.boris, secret.id)
        assert [error.value for error in shown.error] == [self.SENTENCE]
        assert "Leak" not in said(shown)
        assert "P0-009" in headings.title(log(people.anna, secret.id))

    def test_somebody_named_sees_it(self, log, rows, people, wired):
        with rows() as session:
            secret = make_incident(
                session, public_id="P0-009", title="Leak", restricted=True, reporter_id=people.anna,
                service_id=people.service,
            )  # fmt: skip
        shown = log(people.anna, secret.id)
        shown.session_state["log-panel"] = "more"
        shown = shown.run()
        shown.selectbox(key="viewer-new").set_value(people.boris)
        shown = shown.button(key="viewer-submit").click().run()
        assert "P0-009" in headings.title(log(people.boris, secret.id))
        shown.button(key=f"viewer-remove-{people.boris}").click().run()
        assert log(people.boris, secret.id).error


@pytest.mark.parametrize("count", [3, 80])
def test_the_page_takes_few_statements_whatever_the_number_of_lines(log, ongoing, people, rows, statements, count):
    with rows() as session:
        session.add_all(
            LogEntryRow(
                uuid=f"u{n}", incident_id=ongoing.id, at=NOON - timedelta(seconds=n), kind="other", text=f"Line {n}",
                author_id=people.anna, deleted_at=None,
            )
            for n in range(count)
        )  # fmt: skip
    shown = log()
    acting.forget()
    with statements() as counted:
        shown.run()
    assert len(counted) <= 12, counted


def test_somebody_who_cannot_note_is_not_told_to(log, people):
    assert "Nothing was noted here." in said(log(people.viewer))
