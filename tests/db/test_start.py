"""Starting a post-mortem fills it with all that the incident knows; facts follow the incident afterwards."""

from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from db.models import IncidentRow, ObligationRow, PostmortemRow, RevisionRow, SectionRow, ServiceRow, UserRow
from pmcore.domain.errors import NotFound
from pmcore.domain.permissions import Forbidden
from pmcore.domain.sections import FACTS, SECTIONS
from pmcore.domain.vocabulary import Disposition, Role, SectionKey, Severity
from pmcore.usecases.incidents import EditIncident, MoreFacts, ReportIncident
from pmcore.usecases.log import AddLogEntry
from pmcore.usecases.start import CoveredElsewhere, StartPostmortem
from tests import reviewed
from tests.factories import NOON, make_user
from wiring import ask, run

START = NOON - timedelta(hours=5)


@pytest.fixture
def people(wired, clock, rows):
    with rows() as session:
        return reviewed.people(session)


@pytest.fixture
def report(people, as_user):
    def report(by=None, **facts):
        values = {"title": "Mail is down", "severity": Severity.P0, "service": "email-service", "started_at": START}
        known = {name: facts.pop(name) for name in list(facts) if name not in values}
        with as_user(by or people.author):
            return run(ReportIncident(**values | facts, facts=MoreFacts(**known)))

    return report


@pytest.fixture
def start(people, as_user):
    def start(incident_id, by=None):
        with as_user(by or people.author):
            return run(StartPostmortem(incident_id=incident_id))

    return start


@pytest.fixture
def content(wired):
    def content(postmortem_id, key):
        with Session(wired) as session:
            return session.get(SectionRow, (postmortem_id, key)).content

    return content


class TestFilling:
    def test_every_section_is_there_with_its_first_revision(self, wired, report, start):
        started = start(report())
        with Session(wired) as session:
            kept = {row.key: row for row in session.scalars(select(SectionRow).filter_by(postmortem_id=started))}
            revised = session.scalars(
                select(RevisionRow.section_key).filter_by(postmortem_id=started, by_id=None)
            ).all()
        assert set(kept) == set(revised) == {section.key for section in SECTIONS}
        assert {row.version for row in kept.values()} == {1}

    def test_summary_and_distribution_are_proposed(self, report, start, content):
        started = start(
            report(resolved_at=START + timedelta(minutes=12), customers_affected=500, revenue_loss_usd=Decimal(150))
        )
        summary = content(started, SectionKey.SUMMARY)
        assert summary["incident"] == "Mail is down"
        assert summary["impact"] == "500 users affected, $150 revenue loss, 12 min downtime"
        assert summary["root_cause"] == ""
        assert content(started, SectionKey.SIGN_OFF)["distribution"] == "Engineering team"

    def test_what_nobody_knows_is_not_made_up(self, report, start, content):
        started = start(report())
        assert content(started, SectionKey.SUMMARY)["impact"] == ""
        assert content(started, SectionKey.DETAILS)[FACTS]["resolved_at"] == ""

    def test_the_log_becomes_the_timeline_beside_the_known_times(self, report, start, content, as_user, people):
        incident_id = report(detected_at=START + timedelta(minutes=2), alert_name="EmailServiceDown")
        with as_user(people.bystander):
            run(AddLogEntry(incident_id=incident_id, line="/ack looking at the pool"))
            run(AddLogEntry(incident_id=incident_id, line="/fix pool is larger"))
        rows = content(start(incident_id), SectionKey.TIMELINE)["entries"]
        assert [(row["kind"], row["event"], row["actor"]) for row in rows] == [
            ("incident_start", "Incident start: Mail is down", ""),
            ("alert", "Alert fired: EmailServiceDown", ""),
            ("acknowledged", "looking at the pool", "Egor Engineer"),
            ("fix", "pool is larger", "Egor Engineer"),
        ]
        assert rows[1]["at"] == "2025-12-14T07:02:00+00:00"

    def test_a_time_that_the_log_tells_is_not_told_twice(self, report, start, content, as_user, people):
        incident_id = report(acknowledged_at=START + timedelta(minutes=3))
        with as_user(people.author):
            run(AddLogEntry(incident_id=incident_id, line="/ack on it"))
        rows = content(start(incident_id), SectionKey.TIMELINE)["entries"]
        assert [row["event"] for row in rows if row["kind"] == "acknowledged"] == ["on it"]

    def test_the_author_s_language_is_used(self, wired, rows, report, start, content, people):
        with rows() as session:
            session.get(UserRow, people.author).language = "ru"
        started = start(report(resolved_at=START + timedelta(minutes=12)))
        assert content(started, SectionKey.TIMELINE)["entries"][-1]["event"] != ""

    def test_a_repeated_incident_is_related(self, report, start, content):
        earlier = report(title="Mail was down", started_at=START - timedelta(days=180))
        (related,) = content(start(report(repeats_id=earlier)), SectionKey.REFERENCES)["related"]
        assert (related["public_id"], related["text"]) == ("P0-001", "Mail was down")

    def test_a_repeated_incident_that_may_not_be_seen_is_not_named(self, report, start, content, people, as_user, rows):
        earlier = report(started_at=START - timedelta(days=180))
        incident_id = report(repeats_id=earlier)
        with rows() as session:
            row = session.get(IncidentRow, earlier)
            row.restricted, row.reporter_id = True, people.cto
            session.get(ObligationRow, earlier).author_id = people.cto
        assert content(start(incident_id), SectionKey.REFERENCES)["related"] == []


class TestAuthor:
    def author(self, wired, postmortem_id):
        with Session(wired) as session:
            return session.get(PostmortemRow, postmortem_id).author_id

    def test_is_who_owes_it_whoever_starts(self, wired, report, start, people):
        assert self.author(wired, start(report(), by=people.manager)) == people.author

    def test_is_who_starts_when_nobody_owes_it(self, wired, rows, report, start, people):
        incident_id = report()
        with rows() as session:
            session.get(ObligationRow, incident_id).author_id = None
        assert self.author(wired, start(incident_id, by=people.bystander)) == people.bystander
        with Session(wired) as session:
            assert session.get(ObligationRow, incident_id).author_id == people.bystander

    def test_is_who_starts_when_the_one_who_owes_it_has_left(self, wired, rows, report, start, people):
        incident_id = report()
        with rows() as session:
            session.get(UserRow, people.author).active = False
        assert self.author(wired, start(incident_id, by=people.manager)) == people.manager


class TestRefusals:
    def test_starting_twice_gives_the_same_draft(self, report, start, people):
        incident_id = report()
        assert start(incident_id) == start(incident_id, by=people.manager)

    def test_viewers_do_not_start(self, rows, report, start):
        with rows() as session:
            viewer = make_user(session, "Vera Viewer", Role.VIEWER).id
        with pytest.raises(Forbidden):
            start(report(), by=viewer)

    def test_an_incident_that_is_not_yours_to_see(self, rows, report, start, people):
        incident_id = report(restricted=True)
        with pytest.raises(NotFound):
            start(incident_id, by=people.bystander)

    def test_a_covered_incident_has_none_of_its_own(self, rows, report, start):
        incident_id = report()
        with rows() as session:
            row = session.get(ObligationRow, incident_id)
            row.disposition, row.disposition_reason = Disposition.COVERED, "One cause"
        with pytest.raises(CoveredElsewhere):
            start(incident_id)


class TestFactsFollowTheIncident:
    def edit(self, incident_id, **changes):
        incident = ask.incident(incident_id).incident
        facts = {name: getattr(incident, name) for name in MoreFacts.__dataclass_fields__}
        run(
            EditIncident(
                incident_id=incident_id,
                version=incident.version,
                title=incident.title,
                service=changes.pop("service", incident.service),
                started_at=incident.started_at,
                zone=incident.zone,
                facts=MoreFacts(**facts | changes),
            )
        )

    def hashes(self, wired, postmortem_id):
        with Session(wired) as session:
            return dict(
                session.execute(
                    select(SectionRow.key, SectionRow.content_hash).filter_by(postmortem_id=postmortem_id)
                ).all()
            )

    def test_only_the_sections_that_show_the_fact_change(self, wired, report, start, content, people, as_user):
        incident_id = report()
        started = start(incident_id)
        before = self.hashes(wired, started)
        with as_user(people.author):
            self.edit(incident_id, complaints=3)
        after = self.hashes(wired, started)
        assert {key for key in before if before[key] != after[key]} == {SectionKey.IMPACT}
        facts = content(started, SectionKey.IMPACT)[FACTS]
        assert (facts["complaints"], facts["slo_target_percent"], facts["slo_window_days"]) == ("3", "99.9", "30")

    def test_a_renamed_service_and_another_target_change_nothing(self, wired, rows, report, start, people, as_user):
        incident_id = report()
        started = start(incident_id)
        before = self.hashes(wired, started)
        with rows() as session:
            service = session.scalars(select(ServiceRow)).one()
            service.name, service.name_key = "mail", "mail"
        with as_user(people.author):
            self.edit(incident_id)
        assert self.hashes(wired, started) == before

    def test_text_stays_beside_new_facts(self, wired, report, start, content, people, as_user):
        incident_id = report()
        story = reviewed.Story(id=start(incident_id), author=people.author)
        reviewed.write(wired, story, SectionKey.IMPACT, user_experience="An error page")
        with as_user(people.author):
            self.edit(incident_id, customers_affected=500)
        kept = content(story.id, SectionKey.IMPACT)
        assert (kept["user_experience"], kept[FACTS]["customers_affected"]) == ("An error page", "500")
