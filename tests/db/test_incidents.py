"""Incidents, their log and what they owe, by their commands, on both engines."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from db.models import AuditRow, ClockStopRow, IncidentRow, LogEntryRow, ObligationRow, SeverityChangeRow
from pmcore.domain.content import BadText
from pmcore.domain.errors import EditConflict, NotFound, Refusals
from pmcore.domain.incident import DuplicateId
from pmcore.domain.permissions import Forbidden
from pmcore.domain.policy import Policy
from pmcore.domain.vocabulary import DetectionMethod, ObligationLevel, Severity, TimelineKind
from pmcore.usecases.incident_keeping import CannotDelete, DeleteIncident, NameViewer, RemoveViewer, RestoreIncident
from pmcore.usecases.incidents import ChangeSeverity, EditIncident, MoreFacts, ReportIncident
from pmcore.usecases.log import (
    AddLogEntry,
    AlreadyResolved,
    DeleteLogEntry,
    NoFact,
    NotYours,
    ResolveNow,
    RestoreLogEntry,
    SetEntryKind,
    UseEntryTime,
)
from pmcore.usecases.policy import ChangePolicy
from pmcore.usecases.start import StartPostmortem
from tests import scene
from tests.factories import DETECTED, NOON, RESOLVED, STARTED
from wiring import acting, ask, run

HOUR = timedelta(hours=1)
TIMES = MoreFacts(detected_at=DETECTED, resolved_at=RESOLVED)


@pytest.fixture
def people(rows, clock):
    return scene.set_up(rows)


@pytest.fixture
def does(people):
    """`does(people.anna, command)`: that person gives the command."""

    def given(user_id, command):
        with acting.as_user(user_id):
            return run(command)

    return given


@pytest.fixture
def report(does, people):
    def reported(severity=Severity.P0, *, by=None, facts=TIMES, **changes):
        command = ReportIncident(
            **{"title": "Mail fails", "severity": severity, "service": "email-service", "started_at": STARTED}
            | changes,
            facts=facts,
        )
        return does(by or people.anna, command)

    return reported


def seen(user_id, incident_id):
    with acting.as_user(user_id):
        return ask.incident(incident_id)


class TestReport:
    def test_everything_comes_back_as_it_was_given(self, people, report):
        facts = MoreFacts(
            detected_at=DETECTED, acknowledged_at=DETECTED, resolved_at=RESOLVED, alert_name="EmailServiceDown",
            detection_method=DetectionMethod.ALERT, customers_affected=500, failed_requests=1200,
            revenue_loss_usd=Decimal("150.50"), availability_percent=Decimal("98.5"),
            unknown_because={"complaints": "no access"}, sla_breach=True, complaints=3, near_miss=True,
            new_failure_mode=True, interesting=True, pagerduty_url="https://p.example/1",
            grafana_url="https://g.example", prometheus_url="http://pr.example",
        )  # fmt: skip
        incident = seen(people.boris, report(facts=facts, title=" Почта 🔥 مرحبا\x00 <b>жирно</b> ")).incident
        assert incident.title == "Почта 🔥 مرحبا <b>жирно</b>"
        for name in ("revenue_loss_usd", "availability_percent", "unknown_because", "complaints", "sla_breach",
                     "alert_name", "detection_method", "customers_affected", "grafana_url"):  # fmt: skip
            assert getattr(incident, name) == getattr(facts, name)
        assert (incident.zone, incident.service, incident.reported_at) == ("Europe/Moscow", "email-service", NOON)
        assert (incident.public_id, incident.version) == ("P0-001", 1)

    def test_ids_count_on_for_each_severity(self, people, report):
        for severity in (Severity.P0, Severity.P1, Severity.P0):
            number = report(severity)
        assert seen(people.anna, number).incident.public_id == "P0-002"

    def test_a_proposed_id_that_was_taken_meanwhile_moves_on_silently(self, people, report):
        with acting.as_user(people.anna):
            assert ask.proposed_ids() == "P0-001, P1-001, P2-001"
        report()
        assert seen(people.anna, report()).incident.public_id == "P0-002"

    def test_an_edited_one_that_is_taken_is_refused(self, report, does, people):
        number = report(public_id="P0-042")
        with pytest.raises(DuplicateId, match="P0-042 is taken"):
            report(public_id=" p0-042 ")
        does(people.manager, DeleteIncident(incident_id=number))
        with pytest.raises(DuplicateId):
            report(public_id="P0-042")
        assert seen(people.anna, report()).incident.public_id == "P0-043"

    def test_eight_at_once_get_eight_ids(self, people, report):
        with ThreadPoolExecutor(8) as pool:
            numbers = list(pool.map(lambda _: report(), range(8)))
        ids = {seen(people.anna, number).incident.public_id for number in numbers}
        assert ids == {f"P0-{n:03d}" for n in range(1, 9)}

    def test_the_service_is_known_however_it_is_written_and_added_when_new(self, people, report):
        assert seen(people.anna, report(service=" Email-Service ")).incident.service_id == people.service
        assert seen(people.anna, report(service="kafka")).incident.service == "kafka"

    @pytest.mark.parametrize(
        ("changes", "field"),
        [
            ({"title": " "}, "title"),
            ({"started_at": NOON + HOUR}, "started_at"),
            ({"facts": MoreFacts(resolved_at=STARTED - HOUR)}, "resolved_at"),
            ({"facts": MoreFacts(customers_affected=-1)}, "customers_affected"),
            ({"facts": MoreFacts(revenue_loss_usd=Decimal("1e20"))}, "revenue_loss_usd"),
        ],
    )
    def test_what_cannot_be_is_refused_by_its_field(self, db, report, changes, field):
        with pytest.raises(Refusals) as refused:
            report(**changes)
        assert field in [problem.field for problem in refused.value.problems]
        with Session(db) as session:
            assert session.scalars(select(IncidentRow)).all() == []

    def test_200_kilobytes_of_title_are_refused(self, report):
        with pytest.raises(BadText):
            report(title="x" * 200_000)

    def test_a_viewer_may_not_and_an_unseen_incident_cannot_be_repeated(self, people, report):
        with pytest.raises(Forbidden):
            report(by=people.viewer)
        secret = report(facts=MoreFacts(restricted=True))
        with pytest.raises(NotFound):
            report(by=people.boris, facts=MoreFacts(repeats_id=secret))

    def test_the_obligation_is_noted_with_it(self, people, report):
        owed = seen(people.boris, report()).owed
        assert (owed.level, owed.author, owed.drafted.due_at) == (
            ObligationLevel.REQUIRED, "Anna Petrova", RESOLVED + 48 * HOUR,
        )  # fmt: skip


class TestEdit:
    def edit(self, people, number, **changes):
        known = seen(people.anna, number).incident
        usual = {
            "incident_id": number, "version": known.version, "title": known.title, "service": known.service,
            "started_at": known.started_at, "zone": known.zone, "facts": TIMES,
        }  # fmt: skip
        return EditIncident(**usual | changes)

    def test_changes_facts_and_what_is_owed(self, people, report, does, clock):
        number = report(Severity.P2)
        clock.forward(hours=1)
        facts = MoreFacts(detected_at=DETECTED, resolved_at=RESOLVED, complaints=2)
        does(people.boris, self.edit(people, number, title="Mail is slow", facts=facts))
        view = seen(people.anna, number)
        assert (view.incident.title, view.incident.complaints, view.incident.version) == ("Mail is slow", 2, 2)
        assert (view.owed.level, view.owed.drafted.due_at) == (ObligationLevel.REQUIRED, NOON + 49 * HOUR)

    def test_a_stale_one_is_refused(self, people, report, does):
        number = report()
        stale = self.edit(people, number)
        does(people.boris, self.edit(people, number, title="Mail is slow"))
        with pytest.raises(EditConflict):
            does(people.anna, stale)

    def test_the_sections_that_show_the_facts_follow_while_they_are_open(self, people, report, does):
        number = report()
        postmortem = does(people.anna, StartPostmortem(incident_id=number))
        facts = MoreFacts(detected_at=DETECTED, resolved_at=RESOLVED, customers_affected=777)
        does(people.anna, self.edit(people, number, facts=facts))
        with acting.as_user(people.anna):
            for key in ("details", "impact"):
                assert ask.section(postmortem, key).content["facts"]["customers_affected"] == "777"

    def test_an_incident_does_not_repeat_itself_nor_one_that_is_not_seen(self, people, report, does):
        number, secret = report(), report(facts=MoreFacts(restricted=True), by=people.boris)
        with pytest.raises(Refusals):
            does(people.anna, self.edit(people, number, facts=MoreFacts(repeats_id=number)))
        with pytest.raises(NotFound):
            does(people.anna, self.edit(people, number, facts=MoreFacts(repeats_id=secret)))
        earlier = report(started_at=STARTED - HOUR)
        does(people.anna, self.edit(people, number, facts=MoreFacts(repeats_id=earlier)))
        assert seen(people.anna, number).repeats == "P0-003"


class TestSeverity:
    def test_history_is_kept_and_the_highest_counts(self, db, people, report, does):
        number = report(Severity.P1)
        does(people.boris, ChangeSeverity(incident_id=number, severity=Severity.P0))
        does(people.boris, ChangeSeverity(incident_id=number, severity=Severity.P2, reason="Calmer"))
        view = seen(people.anna, number)
        assert (view.incident.severity, view.incident.highest_severity) == (Severity.P2, Severity.P0)
        assert view.owed.level is ObligationLevel.REQUIRED
        assert [(change.kind.value, change.reason) for change in view.severity_changes] == [
            ("escalation", ""), ("downgrade", "Calmer"),
        ]  # fmt: skip

    def test_a_slip_is_corrected_by_a_manager(self, db, people, report, does):
        number = report(Severity.P0)
        slip = ChangeSeverity(incident_id=number, severity=Severity.P2, is_slip=True, reason="Wrong button")
        with pytest.raises(Forbidden):
            does(people.anna, slip)
        does(people.manager, slip)
        assert seen(people.anna, number).owed.level is ObligationLevel.NONE
        with Session(db) as session:
            assert session.scalars(select(SeverityChangeRow.kind)).all() == ["correction"]


class TestKeeping:
    def test_deleting_hides_and_undo_brings_back(self, people, report, does):
        number = report(Severity.P2)
        does(people.boris, DeleteIncident(incident_id=number))
        with pytest.raises(NotFound):
            seen(people.administrator, number)
        does(people.boris, RestoreIncident(incident_id=number))
        assert seen(people.anna, number).incident.public_id == "P2-001"

    def test_what_is_not_deleted_cannot_be_brought_back(self, people, report, does):
        with pytest.raises(NotFound):
            does(people.boris, RestoreIncident(incident_id=report()))

    def test_deleting_is_no_way_around_a_waiver(self, people, report, does):
        number = report()
        with pytest.raises(Forbidden):
            does(people.boris, DeleteIncident(incident_id=number))
        own = report(by=people.manager)
        with pytest.raises(CannotDelete, match="Somebody else"):
            does(people.manager, DeleteIncident(incident_id=own))
        does(people.anna, DeleteIncident(incident_id=report(dry_run=True)))

    def test_an_incident_with_a_post_mortem_stays(self, people, report, does):
        number = report()
        does(people.anna, StartPostmortem(incident_id=number))
        with pytest.raises(CannotDelete, match="has a post-mortem"):
            does(people.manager, DeleteIncident(incident_id=number))

    def test_a_restricted_one_is_seen_by_named_people(self, people, report, does):
        number = report(facts=MoreFacts(restricted=True))
        for user_id in (people.boris, people.manager, people.viewer):
            with pytest.raises(NotFound):
                seen(user_id, number)
        does(people.anna, NameViewer(incident_id=number, user_id=people.viewer))
        does(people.anna, NameViewer(incident_id=number, user_id=people.viewer))
        assert seen(people.viewer, number).viewers == ((people.viewer, "Vera Popova"),)
        does(people.anna, RemoveViewer(incident_id=number, user_id=people.viewer))
        with pytest.raises(NotFound):
            seen(people.viewer, number)
        with pytest.raises(NotFound):
            does(people.boris, ChangeSeverity(incident_id=number, severity=Severity.P1, reason="Calmer"))
        assert seen(people.administrator, number).viewers == ()


class TestLog:
    @pytest.fixture
    def number(self, report):
        return report(facts=MoreFacts())

    def test_lines_are_read_in_the_order_of_their_times(self, people, number, does):
        for line in ("/fix -1m raised the pool", "/ack -5m looking", "/recovered"):
            does(people.boris, AddLogEntry(incident_id=number, line=line))
        with acting.as_user(people.anna):
            noted = [(line.entry.kind.value, line.entry.text, line.entry.author) for line in ask.log(number)]
        assert noted == [
            ("acknowledged", "looking", "Boris Ivanov"),
            ("fix", "raised the pool", "Boris Ivanov"),
            ("recovered", "Service recovered", "Boris Ivanov"),
        ]

    def test_a_line_is_deleted_by_its_author_or_the_reporter_and_brought_back(self, people, number, does):
        entry = does(people.boris, AddLogEntry(incident_id=number, line="A slip"))
        with pytest.raises(NotYours):
            does(people.manager, DeleteLogEntry(entry_id=entry))
        does(people.anna, DeleteLogEntry(entry_id=entry))
        with acting.as_user(people.anna):
            assert ask.log(number) == ()
        does(people.anna, RestoreLogEntry(entry_id=entry))
        with acting.as_user(people.anna):
            assert [line.entry.text for line in ask.log(number)] == ["A slip"]

    def test_its_kind_changes_and_nothing_else(self, db, people, number, does):
        entry = does(people.boris, AddLogEntry(incident_id=number, line="-3m fired"))
        does(people.anna, SetEntryKind(entry_id=entry, kind=TimelineKind.ALERT))
        with Session(db) as session:
            row = session.get_one(LogEntryRow, entry)
        assert (row.kind, row.text, row.at) == ("alert", "fired", NOON - timedelta(minutes=3))

    @pytest.mark.parametrize(
        ("line", "fact"),
        [
            ("/start -9m x", "started_at"),
            ("/alert -4m x", "detected_at"),
            ("/ack -3m x", "acknowledged_at"),
            ("/resolved -1m", "resolved_at"),
        ],
    )
    def test_a_time_becomes_a_fact_when_asked(self, people, number, does, line, fact):
        entry = does(people.boris, AddLogEntry(incident_id=number, line=line))
        with acting.as_user(people.anna):
            assert ask.log(number)[0].fact == fact
        does(people.anna, UseEntryTime(entry_id=entry))
        with acting.as_user(people.anna):
            (noted,) = ask.log(number)
        assert getattr(seen(people.anna, number).incident, fact) == noted.entry.at
        assert noted.fact == ""

    def test_a_time_that_would_be_impossible_does_not(self, people, report, does):
        number = report()
        entry = does(people.anna, AddLogEntry(incident_id=number, line="/start -1m x"))
        with pytest.raises(Refusals):
            does(people.anna, UseEntryTime(entry_id=entry))

    def test_a_note_or_a_deleted_line_gives_no_time(self, people, number, does):
        entry = does(people.boris, AddLogEntry(incident_id=number, line="A note"))
        with pytest.raises(NoFact):
            does(people.boris, UseEntryTime(entry_id=entry))
        does(people.boris, DeleteLogEntry(entry_id=entry))
        with pytest.raises(NotFound):
            does(people.boris, UseEntryTime(entry_id=entry))
        with pytest.raises(NotFound):
            does(people.boris, UseEntryTime(entry_id=9999))

    def test_resolved_now_starts_the_clocks_and_is_noted(self, db, people, number, does):
        does(people.boris, ResolveNow(incident_id=number))
        view = seen(people.anna, number)
        assert (view.incident.resolved_at, view.owed.drafted.due_at) == (NOON, NOON + 48 * HOUR)
        with pytest.raises(AlreadyResolved):
            does(people.anna, ResolveNow(incident_id=number))
        with Session(db) as session:
            assert session.scalars(select(LogEntryRow.kind)).all() == ["resolved"]

    def test_the_log_of_a_restricted_incident_is_nobodys_else(self, people, report, does):
        number = report(facts=MoreFacts(restricted=True))
        does(people.anna, AddLogEntry(incident_id=number, line="Secret"))
        with acting.as_user(people.boris):
            assert ask.log(number) == ()
        with pytest.raises(NotFound):
            does(people.boris, AddLogEntry(incident_id=number, line="x"))


class TestPolicy:
    def change(self, **changes):
        usual = {"base_number": 1, "p1_minutes": 10, "drafted_hours": {}, "published_hours": {}}
        return ChangePolicy(**usual | changes)

    def test_a_version_applies_to_incidents_reported_after_it(self, people, report, does, clock):
        before = report(Severity.P1)
        clock.forward(seconds=1)
        assert does(people.manager, self.change(note="Shorter")) == 2
        clock.forward(seconds=1)
        after = report(Severity.P1)
        levels = [seen(people.anna, number).owed.level for number in (before, after)]
        assert levels == [ObligationLevel.NONE, ObligationLevel.REQUIRED]
        assert seen(people.anna, after).owed.p1_minutes == 10

    def test_an_earlier_incident_keeps_its_version_when_it_is_edited(self, people, report, does, clock):
        number = report(Severity.P1)
        does(people.manager, self.change())
        clock.forward(hours=1)
        does(people.anna, ChangeSeverity(incident_id=number, severity=Severity.P2, reason="Calmer"))
        assert seen(people.anna, number).owed.level is ObligationLevel.NONE

    def test_two_changes_at_once_are_one(self, people, does):
        does(people.manager, self.change())
        with pytest.raises(EditConflict):
            does(people.cto, self.change(p1_minutes=20))

    def test_who_may_not_and_what_cannot_be(self, people, does):
        with pytest.raises(Forbidden):
            does(people.lead, self.change())
        with pytest.raises(Refusals):
            does(people.manager, self.change(p1_minutes=-1))

    def test_the_preview_says_what_would_have_changed(self, people, report):
        short, quiet = report(Severity.P1), report(Severity.P2)
        with acting.as_user(people.manager):
            found = ask.policy_preview(Policy(number=2, p1_minutes=10))
            same = ask.policy_preview(Policy(number=2))
            versions = ask.policies()
        assert (found.looked_at, found.required_before, found.required_after) == (2, 0, 1)
        assert [change.incident_id for change in found.changes] == [short]
        assert quiet not in [change.incident_id for change in found.changes]
        assert same.changes == ()
        assert versions[0].policy.number == 1
        with acting.as_user(people.anna), pytest.raises(Forbidden):
            ask.policy_preview(Policy(number=2))

    def test_the_preview_counts_who_would_be_late(self, db, people, report, rows, clock):
        number = report()
        with rows() as session:
            session.add(ClockStopRow(incident_id=number, clock="drafted", at=RESOLVED + 30 * HOUR, by_id=people.anna))
        with acting.as_user(people.manager):
            found = ask.policy_preview(
                Policy(number=2, drafted_hours=dict.fromkeys(Policy(number=1).drafted_hours, 24))
            )
        assert (found.late_before, found.late_after) == (0, 1)


def test_every_command_leaves_one_line_of_audit(db, people, report, does):
    number = report()
    does(people.anna, AddLogEntry(incident_id=number, line="x"))
    does(people.anna, ChangeSeverity(incident_id=number, severity=Severity.P1, reason="Calmer"))
    with Session(db) as session:
        said = session.execute(select(AuditRow.did, AuditRow.target, AuditRow.actor_id).order_by(AuditRow.id)).all()
    assert [tuple(row) for row in said] == [
        (did, f"incident/{number}", people.anna) for did in ("report", "log", "downgrade")
    ]


def test_no_edit_is_lost_between_writers(db, people, report, does):
    number = report(facts=MoreFacts())
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda n: does(people.anna, AddLogEntry(incident_id=number, line=f"Line {n}")), range(20)))

    def raise_by_one(_):
        while True:
            known = seen(people.anna, number).incident
            try:
                return does(people.anna, EditIncident(
                    incident_id=number, version=known.version, title=known.title, service=known.service,
                    started_at=known.started_at, zone=known.zone,
                    facts=MoreFacts(complaints=(known.complaints or 0) + 1),
                ))  # fmt: skip
            except EditConflict:
                continue

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(raise_by_one, range(12)))
    assert seen(people.anna, number).incident.complaints == 12
    with acting.as_user(people.anna):
        assert len(ask.log(number)) == 20
    with Session(db) as session:
        assert session.get_one(ObligationRow, number).rules == ["p0", "customer_complaint"]
