"""The import of an old tracker, through its use cases and both engines: all or nothing, marked, and back out again."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import func, select

from db.models import (
    AuditRow,
    IncidentRow,
    ObligationRow,
    PostmortemRow,
    RevisionRow,
    SectionRow,
    SectionVersionRow,
    ServiceRow,
)
from pmcore.documents import tracker_file
from pmcore.domain.errors import Refusals
from pmcore.domain.old_tracker import OldPostmortem
from pmcore.domain.permissions import Forbidden
from pmcore.domain.tracker import TrackerColumn
from pmcore.domain.vocabulary import PostmortemStatus, Role, Severity
from pmcore.readmodels.tracker import TrackerFilter
from pmcore.usecases import import_tracker as use_case
from pmcore.usecases.import_tracker import ImportTracker, NotReady, PreviewImport
from tests.factories import make_policy, make_service, make_user, make_workspace
from tests.tracked import make_tracked
from wiring import ask, run
from wiring.exporting import write_tracker


def old(number=1, **changes):
    row = OldPostmortem(
        row=number + 1, public_id=f"P0-{number:03}", severity=Severity.P0, on=date(2025, 6, 14),
        service="email-service", duration_seconds=720, impact="~500 users", customers_affected=None,
        revenue_loss_usd=None, author="Anna Petrova", status=PostmortemStatus.PUBLISHED, items_total=6,
        items_done=3, published_on=date(2025, 6, 16), document_url="https://docs.example/1",
    )  # fmt: skip
    return replace(row, **changes)


@pytest.fixture
def manager(clock, rows):
    """A workspace in Moscow with one known service, and Maria, who manages it."""
    with rows() as session:
        make_workspace(session)
        make_policy(session)
        make_service(session, "Email-Service")
        make_user(session, "Anna Petrova", Role.ENGINEER)
        return make_user(session, "Maria Sokolova", Role.ENGINEERING_MANAGER).id


@pytest.fixture
def count(rows):
    def counted(table):
        with rows() as session:
            return session.scalar(select(func.count()).select_from(table))

    return counted


@pytest.fixture
def bring(manager, as_user):
    def brought(*lines):
        with as_user(manager):
            return run(ImportTracker(rows=lines))

    return brought


def test_every_row_becomes_an_incident_and_its_post_mortem_marked_as_imported(bring, manager, rows, as_user):
    assert bring(old(1), old(2, service="kafka", author="@anna.petrova"), old(3, author="Zoe Quist")) == 3
    with rows() as session:
        incident = session.scalars(select(IncidentRow).order_by(IncidentRow.public_id)).first()
        assert (incident.imported, incident.zone, incident.impact_seconds) == (True, "Europe/Moscow", 720)
        assert incident.started_at.isoformat() == "2025-06-13T21:00:00+00:00"
        assert incident.reporter_id == manager
        documents = session.scalars(select(PostmortemRow).order_by(PostmortemRow.id)).all()
        assert [row.imported_author_key for row in documents] == [None, None, "zoe quist"]
        assert documents[0].imported == {
            "impact": "~500 users", "author": "Anna Petrova", "document_url": "https://docs.example/1",
        }  # fmt: skip
        assert [(row.items_total, row.items_done, row.edition_number) for row in documents] == [(6, 3, 0)] * 3
        assert {row.name for row in session.scalars(select(ServiceRow))} == {"Email-Service", "kafka"}
        owed = session.scalars(select(ObligationRow)).all()
        assert {(row.level, row.starts_at, tuple(row.rules)) for row in owed} == {("none", None, ())}
        assert session.scalars(select(AuditRow.target).filter_by(did="import_tracker")).all() == ["tracker/3"]
    with as_user(manager):
        shown = ask.tracker(TrackerFilter(sort=TrackerColumn.INCIDENT_ID, descending=False)).rows
    assert [(row.author, row.document_url, row.impact_told) for row in shown] == [
        ("Anna Petrova", "https://docs.example/1", "~500 users"),
        ("Anna Petrova", "https://docs.example/1", "~500 users"),
        ("Zoe Quist", "https://docs.example/1", "~500 users"),
    ]
    assert {(row.on, row.published_on) for row in shown} == {(date(2025, 6, 14), date(2025, 6, 16))}


def test_an_unknown_duration_leaves_no_end(bring, rows):
    bring(old(duration_seconds=None))
    with rows() as session:
        incident = session.scalars(select(IncidentRow)).one()
        assert (incident.resolved_at, incident.impact_seconds) == (None, None)


def test_figures_are_kept_where_they_are_figures(bring, rows):
    bring(old(impact="500 users / $150", customers_affected=500, revenue_loss_usd=Decimal(150)))
    with rows() as session:
        incident = session.scalars(select(IncidentRow)).one()
        assert (incident.customers_affected, incident.revenue_loss_usd) == (500, Decimal(150))


def test_what_is_unfinished_can_be_finished_here(bring, rows):
    bring(old(1), old(2, status=PostmortemStatus.DRAFT, published_on=None))
    with rows() as session:
        draft = session.scalars(select(PostmortemRow).filter_by(status="draft")).one()
        assert {row.postmortem_id for row in session.scalars(select(SectionRow))} == {draft.id}
        links = session.scalars(select(SectionRow).filter_by(key="references")).one().content["links"]
        assert [link["url"] for link in links] == ["https://docs.example/1"]
        assert len(session.scalars(select(RevisionRow)).all()) == 11


def test_too_many_unfinished_rows_are_refused(bring, monkeypatch, count):
    monkeypatch.setattr(use_case, "MAX_UNFINISHED", 1)
    unfinished = [old(n, status=PostmortemStatus.DRAFT, published_on=None) for n in (1, 2)]
    with pytest.raises(NotReady, match="2 rows are still Draft"):
        bring(*unfinished)
    assert count(IncidentRow) == 0


class TestRefusals:
    def problems(self, bring, *lines):
        with pytest.raises(Refusals) as caught:
            bring(*lines)
        return [(problem.row, problem.column, str(problem)) for problem in caught.value.problems]

    def test_ids_that_repeat_or_are_taken_are_named_by_row(self, bring, manager, rows, count):
        with rows() as session:
            make_tracked(session, "P0-002", author=manager, service=1, restricted=True, deleted_at=None)
        said = self.problems(bring, old(1), old(2), old(3), replace(old(1), row=9))
        assert [(row, column) for row, column, _ in said] == [(3, "incident_id"), (9, "incident_id")]
        assert "P0-002 is here already" in said[0][2]
        assert "stands in row 2 already" in said[1][2]
        assert count(IncidentRow) == 1

    def test_days_in_the_future(self, bring, clock, count):
        tomorrow = date(2025, 12, 15)
        said = self.problems(bring, old(on=tomorrow, published_on=tomorrow))
        assert [column for _, column, _ in said] == ["date", "published"]
        assert count(PostmortemRow) == 0
        bring(old(on=date(2025, 12, 14), published_on=date(2025, 12, 14)))

    def test_a_failure_in_the_middle_leaves_nothing(self, bring, monkeypatch, count):
        monkeypatch.setattr(use_case, "_add_sections", lambda *_, **__: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            bring(old(1, service="new"), old(2, status=PostmortemStatus.DRAFT, published_on=None))
        assert (count(IncidentRow), count(PostmortemRow), count(ServiceRow)) == (0, 0, 1)

    @pytest.mark.parametrize("role", [Role.ENGINEER, Role.TECH_LEAD, Role.VIEWER])
    def test_only_who_manages_may_import(self, manager, rows, as_user, role, count):
        with rows() as session:
            somebody = make_user(session, "Some Body", role).id
        for command in (PreviewImport(rows=(old(),)), ImportTracker(rows=(old(),))):
            with as_user(somebody), pytest.raises(Forbidden):
                run(command)
        assert count(IncidentRow) == 0


def test_a_preview_says_what_would_happen_and_changes_nothing(manager, rows, as_user, count):
    with rows() as session:
        make_user(session, "Twin Name", username="twin1")
        make_user(session, "Twin Name", username="twin2")
        make_tracked(session, "P0-004", author=manager, service=1)
    lines = (
        old(1, service="kafka"), old(2, author="Zoe"), old(3, author="Twin Name"), old(4, author=""),
        old(5, service="KAFKA", status=PostmortemStatus.DRAFT, published_on=None),
    )  # fmt: skip
    with as_user(manager):
        found = run(PreviewImport(rows=lines))
    assert (found.count, found.new_services, found.unknown_authors) == (5, ("kafka",), ("Twin Name", "Zoe"))
    assert (found.by_status[PostmortemStatus.PUBLISHED], found.by_status[PostmortemStatus.DRAFT]) == (4, 1)
    assert [problem.row for problem in found.problems] == [5]
    assert (count(IncidentRow), count(ServiceRow)) == (1, 1)


def test_many_rows_are_imported_in_few_statements(bring, statements, count):
    with statements() as said:
        assert bring(*(old(n) for n in range(1, 1_201))) == 1_200
    assert len(said) < 40
    assert count(PostmortemRow) == 1_200


@pytest.mark.parametrize("format", ["xlsx", "csv"])
def test_out_and_in_again_gives_the_same_tracker(bring, manager, rows, as_user, tmp_path, format):
    bring(
        old(1, author="=Zoe", impact="-5 % of users"),
        old(2, status=PostmortemStatus.DRAFT, published_on=None, duration_seconds=None, items_total=0, items_done=0),
        old(3, impact="1,200 users / $99.50", customers_affected=1200, revenue_loss_usd=Decimal("99.50")),
    )
    path = tmp_path / f"t.{format}"
    with as_user(manager):
        assert write_tracker(TrackerFilter(), path, format=format) == 3
        before = ask.tracker(TrackerFilter()).rows
    with rows() as session:
        for table in (SectionVersionRow, RevisionRow, SectionRow, PostmortemRow, ObligationRow, IncidentRow):
            session.query(table).delete()
    found = tracker_file.read(path.read_bytes(), name=path.name)
    assert found.problems == ()
    bring(*found.rows)
    with as_user(manager):
        again = ask.tracker(TrackerFilter()).rows
    strip = {"postmortem_id": 0, "incident_id": 0}
    assert {replace(row, **strip) for row in again} == {replace(row, **strip) for row in before}
