"""The demo year: the same for the same now, on both engines, with every state and something on every page."""

import random
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from db.engine import make_engine
from db.models import (
    ActionEventRow,
    ActionItemRow,
    ApprovalRow,
    AttachmentRow,
    CommentRow,
    DeputyRow,
    DismissedHintRow,
    EditionRow,
    EscalationRow,
    FeedbackRow,
    IncidentRow,
    LogEntryRow,
    MentionRow,
    ObligationRow,
    OnboardingRow,
    OnboardingTickRow,
    PostmortemRow,
    ReturnRow,
    SeverityChangeRow,
    SurveyRemarkRow,
    SurveyRoundRow,
    TimeSpentRow,
    UserRow,
    VerdictRow,
    WaiverRow,
)
from db.queries import clocks
from db.transfer.dump import dump
from db.upgrade import upgrade
from pmcore.domain.onboarding import STEPS
from pmcore.domain.rail_vocabulary import TimeKind
from pmcore.domain.sessions import Lifetimes
from pmcore.domain.survey_results import LEAST_ANSWERS
from pmcore.domain.vocabulary import ActionState, Disposition, Language, Role
from pmcore.readmodels.actions import ActionFilter
from pmcore.readmodels.ledger import LedgerFilter
from pmcore.readmodels.tracker import TrackerFilter
from pmcore.usecases.demo import story
from pmcore.usecases.demo.cast import EVERYBODY, NEWCOMER
from pmcore.usecases.demo.fill import FillWithDemo, NotEmpty
from pmcore.usecases.demo.newcomers import HALF
from pmcore.usecases.demo.writing import FATES
from tests.conftest import BACKENDS
from tests.databases import of_this_run, once
from tests.factories import make_user
from wiring import acting, ask, handbook, parts, run

NOW = datetime(2026, 11, 23, 9, 40, tzinfo=UTC)
ANOTHER_TIME = NOW + timedelta(days=97, hours=12)  #: when `test_metrics_parts` tells it, and counts
FILES = Path(story.__file__).parent / "stories" / "files"
PASSWORD = "kestrel-in-the-wind"


class Passwords:
    def hashed(self, password: str) -> str:
        return f"hashed {password}"

    def matches(self, password: str, password_hash: str | None) -> bool:
        return self.hashed(password) == password_hash


def fill(engine: Engine, now: datetime = NOW) -> None:
    from db.unit_of_work import unit_of_work
    from pmcore.usecases.demo.fill import fill_with_demo

    tokens = random.Random(now.timestamp())
    fill_with_demo(
        FillWithDemo(password=PASSWORD),
        begin=unit_of_work(engine), clock=lambda: now, new_token=lambda: str(tokens.getrandbits(256)),
        passwords=Passwords(), lifetimes=Lifetimes(idle=timedelta(hours=12), absolute=timedelta(days=14)),
        process=handbook.process,
    )  # fmt: skip


@pytest.fixture(scope="module")
def first(tmp_path_factory):
    """One telling on SQLite, which every test reads, whichever worker runs it."""
    file = of_this_run(tmp_path_factory) / "demo.db"
    with once(file) as is_first:
        engine = make_engine(f"sqlite:///{file}")
        if is_first:
            upgrade(engine)
            fill(engine)
    yield engine
    engine.dispose()


@pytest.fixture
def session(first):
    with Session(first) as session:
        yield session


@pytest.mark.parametrize("database_url", [BACKENDS[1]], indirect=True)
def test_the_same_now_gives_the_same_year_on_both_engines(first, db):
    fill(db)
    assert list(dump(db)) == list(dump(first))


def test_it_is_as_big_as_it_is_said_to_be(session):
    count = {table: session.scalar(select(func.count()).select_from(table)) for table in (IncidentRow, PostmortemRow)}
    assert 110 <= count[IncidentRow] <= 140
    assert 55 <= count[PostmortemRow] <= 70


def test_every_state_of_a_document_occurs(session):
    told = {one.fate for each in story.stories() for one in each.told}
    assert told == set(FATES)
    found = set(session.execute(select(PostmortemRow.status, PostmortemRow.amendment)).all())
    assert found >= {
        ("draft", None), ("in_review", None), ("published", None), ("published", "draft"), ("published", "in_review"),
        ("closed", None),
    }  # fmt: skip
    assert session.scalar(select(func.max(PostmortemRow.edition_number))) == 2
    assert session.scalar(select(func.count()).where(PostmortemRow.imported.is_not(None))) == 6
    assert session.scalar(select(func.count()).where(ReturnRow.answered_at.is_(None))) >= 2
    assert session.scalar(select(func.count()).where(IncidentRow.restricted, IncidentRow.resolved_at.is_not(None))) >= 3
    assert session.scalar(select(func.count()).where(IncidentRow.dry_run)) >= 2


def test_what_lists_are_sorted_by_was_kept_by_every_command(session):
    """Deadlines through reports, waivers, settlements, shares and publications; names through imports."""
    due = (
        select(clocks.running_due()).where(ObligationRow.incident_id == IncidentRow.id).correlate(IncidentRow)
    ).scalar_subquery()
    kept = session.execute(select(IncidentRow.public_id, IncidentRow.next_due_at, due.label("due"))).all()
    assert [row for row in kept if row.next_due_at != row.due] == []
    assert 5 < sum(row.due is not None for row in kept) < len(kept)


def test_drafts_stand_where_they_are_told_to(session):
    """A story whose next step lay in the future would quietly stay behind."""
    by_title = {
        title: (status, shared, submitted)
        for title, status, shared, submitted in session.execute(
            select(IncidentRow.title, PostmortemRow.status, PostmortemRow.shared_at, PostmortemRow.submitted_at).join(
                PostmortemRow, PostmortemRow.incident_id == IncidentRow.id
            )
        )
    }
    expected = {
        "empty": ("draft", False, False), "half": ("draft", False, False), "shared": ("draft", True, False),
        "returned": ("draft", True, True),
        **dict.fromkeys(("waiting", "partly", "void", "ready"), ("in_review", True, True)),
        **dict.fromkeys(FATES[FATES.index("published") : -1], ("published", True, True)),
        "closed": ("closed", True, True),
    }  # fmt: skip
    for each in story.stories():
        for told in each.told:
            status, shared, submitted = by_title[told.title]
            assert (status, shared is not None, submitted is not None) == expected[told.fate], told


def test_every_state_of_an_item_occurs(session):
    items = session.scalars(select(ActionItemRow)).all()
    assert {item.state for item in items} == set(ActionState)
    open_states = ("committed", "in_progress", "blocked")
    overdue = [item for item in items if item.state in open_states and item.due_on and item.due_on < NOW.date()]
    assert 2 <= len(overdue) <= 14
    assert any(item.due_on != item.original_due_on for item in items)
    assert all(item.evidence for item in items if item.state in ("done", "verified"))
    assert session.scalar(select(func.count()).select_from(ActionEventRow)) > 200


def test_every_way_of_settling_occurs(session):
    assert set(session.scalars(select(ObligationRow.disposition).distinct())) == {None, *Disposition}
    assert session.scalar(select(func.count()).select_from(WaiverRow)) >= 5
    assert session.scalar(select(func.count()).where(IncidentRow.resolved_at.is_(None))) == 2
    assert session.scalar(select(func.count()).select_from(LogEntryRow)) > 200
    assert set(session.scalars(select(SeverityChangeRow.kind))) == {"escalation", "downgrade", "correction"}
    assert session.scalar(select(func.count()).select_from(DeputyRow)) == 2


def test_people_talk_call_each_other_and_put_hints_away(session):
    threads = session.scalars(select(CommentRow).where(CommentRow.thread_id.is_(None))).all()
    assert len(threads) == len(story.talks())
    assert {thread.resolved_at is None for thread in threads} == {True, False}
    open_mentions = set(session.scalars(select(MentionRow.user_id).where(MentionRow.done_at.is_(None))))
    assert len(open_mentions) >= 3
    talking = {who for told in story.talks() for who, _ in told.lines}
    languages = {each.language for each in EVERYBODY if each.username in talking}
    assert languages == set(Language)
    assert session.scalar(select(func.count()).select_from(DismissedHintRow)) == 2


def test_four_rounds_of_the_survey_have_closed_with_enough_answers(session):
    rounds = session.scalars(select(SurveyRoundRow)).all()
    assert len([one for one in rounds if one.closed_at]) >= 4
    assert all(one.answered >= LEAST_ANSWERS for one in rounds if one.closed_at)
    assert session.scalar(select(func.count(SurveyRemarkRow.key))) >= 8


def test_a_dry_run_has_answers_and_somebody_has_not_answered_yet(session):
    dry_runs = select(PostmortemRow.id).join(IncidentRow).where(IncidentRow.dry_run, PostmortemRow.edition_number > 0)
    for postmortem_id in session.scalars(dry_runs):
        said = session.scalars(select(FeedbackRow).where(FeedbackRow.postmortem_id == postmortem_id)).all()
        assert len([one for one in said if one.answered_at]) >= 3
        assert len([one for one in said if not one.answered_at]) >= 1


def test_files_stand_beside_sections_and_every_one_that_is_named_is_used(session):
    kept = session.scalars(select(AttachmentRow)).all()
    assert {each.name for each in kept} == {each.name for each in story.attached()}
    assert {each.type for each in kept} >= {"image/png", "text/csv", "text/plain"}
    assert {each.name for each in kept} == {path.name for path in FILES.iterdir()}


def test_blocked_items_wait_for_a_manager_and_day_30_was_answered_in_several_ways(session):
    assert session.scalar(select(func.count(EscalationRow.id)).where(EscalationRow.answered_at.is_(None))) == 2
    assert len(set(session.scalars(select(VerdictRow.verdict)))) >= 2
    assert set(session.scalars(select(TimeSpentRow.kind))) == set(TimeKind)


def test_the_process_is_approved_and_one_person_is_half_way_through_the_checklist(session):
    roles = session.scalars(select(ApprovalRow.role).where(ApprovalRow.withdrawn_at.is_(None))).all()
    assert roles == [Role.ENGINEERING_MANAGER]
    done = dict(
        session.execute(
            select(UserRow.username, func.count(OnboardingTickRow.step))
            .join(OnboardingRow, OnboardingRow.user_id == UserRow.id)
            .outerjoin(OnboardingTickRow, OnboardingTickRow.user_id == UserRow.id)
            .group_by(UserRow.username)
        ).all()
    )
    assert {who: count for who, count in done.items() if count < STEPS} == {NEWCOMER.username: HALF}
    assert set(done) == {one.username for one in EVERYBODY} - {"ada", "vera"}


def test_nothing_is_left_unfilled_and_times_agree(session):
    for edition in session.scalars(select(EditionRow)):
        assert "{service}" not in str(edition.content)
        told = {row["kind"]: row["at"] for row in reversed(edition.content["sections"]["timeline"]["entries"])}
        facts = edition.content["sections"]["details"]["facts"]
        assert (told["alert"], told["acknowledged"]) == (facts["detected_at"], facts["acknowledged_at"])


def test_no_two_published_documents_read_alike(session):
    texts = [str(edition.content["sections"]["root_cause"]) for edition in session.scalars(select(EditionRow))]
    assert len(set(texts)) == len(texts)


def test_a_third_is_in_russian():
    told = [each.language for each in story.stories() for _ in each.told]
    assert 0.25 <= told.count(Language.RUSSIAN) / len(told) <= 0.5


def test_everybody_but_who_left_can_sign_in(session):
    people = session.scalars(select(UserRow)).all()
    assert len(people) == len(EVERYBODY)
    assert {person.username for person in people if not person.active} == {"tom"}
    assert all(person.password_hash for person in people)
    assert {role for one in EVERYBODY for role in one.roles} == set(Role)


def test_a_database_with_somebody_in_it_is_refused(wired, rows):
    with rows() as session:
        make_user(session, "Anna Petrova")
    with pytest.raises(NotEmpty, match="DATABASE_URL"):
        run(FillWithDemo(password=PASSWORD))


def test_every_page_has_something_to_show(first, session, monkeypatch):
    monkeypatch.setattr(parts, "engine", lambda: first)
    monkeypatch.setattr(parts, "clock", lambda: NOW)
    ids = dict(session.execute(select(UserRow.username, UserRow.id)).all())
    acting.forget()
    for username in ("maria", "tamara", "oleg", "anna", "pavel", "ivan"):
        with acting.as_user(ids[username]):
            inbox = ask.inbox()
            assert any(getattr(inbox, field) for field in inbox.__dataclass_fields__), username
            assert len(ask.tracker(TrackerFilter()).rows) > 20
            assert len(ask.ledger(LedgerFilter()).rows) > 20
            assert len(ask.actions(ActionFilter()).rows) > 10
    acting.forget()
