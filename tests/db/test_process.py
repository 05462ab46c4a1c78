"""The approval of the process, on both engines."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from db.models import ApprovalRow, AuditRow, DeputyRow
from pmcore.domain.errors import NotFound, PmError
from pmcore.domain.permissions import Forbidden
from pmcore.domain.process import CannotApprove, NothingToWithdraw, ProcessText, Standing
from pmcore.domain.vocabulary import Role
from pmcore.usecases.process import ApproveProcess, WithdrawApproval
from tests import scene
from tests.factories import NOON, add, make_user
from wiring import acting, ask, handbook, run


@pytest.fixture
def people(rows, clock):
    return scene.set_up(rows)


@pytest.fixture
def install(monkeypatch):
    """`install("1.1", "b")`: another text is there from now on."""

    def install(version, letter):
        text = ProcessText(version=version, content_hash=letter * 64, texts={})
        monkeypatch.setattr(handbook, "process", lambda: text)

    install("1.0", "a")
    return install


def approve(hash_letter="a"):
    return run(ApproveProcess(seen_hash=hash_letter * 64))


def test_nobody_has_approved_it_at_first(people, install, as_user):
    with as_user(people.anna):
        view = ask.process_approval()
    assert (view.standing, view.version, view.approved_version, view.may_approve) == (
        Standing.NEVER, "1.0", "", False,
    )  # fmt: skip


def test_says_who_when_and_which_version(people, install, as_user, rows):
    with as_user(people.manager):
        approval_id = approve()
    with as_user(people.anna):
        view = ask.process_approval()
    assert (view.standing, view.by, view.at, view.approved_version) == (Standing.APPROVED, "Maria Kim", NOON, "1.0")
    with rows() as session:
        assert session.query(AuditRow).one().target == f"approval/{approval_id}"


def test_another_text_is_to_be_approved_again_and_the_old_one_stays_approved(people, install, as_user, clock):
    with as_user(people.manager):
        approve()
        install("1.1", "b")
        changed = ask.process_approval()
        clock.forward(days=1)
        approve("b")
        assert ask.process_approval().standing is Standing.APPROVED
        install("1.0", "a")
        back = ask.process_approval()
    assert (changed.standing, changed.version, changed.approved_version) == (Standing.CHANGED, "1.1", "1.0")
    assert changed.may_approve
    assert (back.standing, back.at) == (Standing.APPROVED, NOON)


def test_is_the_managers(people, install, as_user):
    for somebody in (people.anna, people.lead, people.cto, people.administrator, people.viewer):
        with as_user(somebody), pytest.raises(Forbidden):
            approve()
        with as_user(somebody), pytest.raises(Forbidden):
            run(WithdrawApproval(approval_id=1))


def test_is_a_deputys_too(people, install, as_user, rows):
    with rows() as session:
        today = NOON.date()
        add(
            session,
            DeputyRow(
                principal_id=people.manager, deputy_id=people.lead, role=Role.ENGINEERING_MANAGER, starts_on=today,
                ends_on=today,
            ),
        )  # fmt: skip
    with as_user(people.lead):
        approve()
        assert ask.process_approval().by == "Lena Orlova"


def test_is_of_the_text_that_was_on_the_page(people, install, as_user):
    install("1.1", "b")
    with as_user(people.manager), pytest.raises(CannotApprove):
        approve("a")


def test_is_taken_back_and_given_again(people, install, as_user, clock):
    with as_user(people.manager):
        first = approve()
        clock.forward(minutes=1)
        run(WithdrawApproval(approval_id=first))
        assert ask.process_approval().standing is Standing.NEVER
        with pytest.raises(NothingToWithdraw):
            run(WithdrawApproval(approval_id=first))
        with pytest.raises(NotFound):
            run(WithdrawApproval(approval_id=first + 9))
        approve()
        assert ask.process_approval().standing is Standing.APPROVED


def test_two_managers_at_once_leave_one_approval(people, install, wired, rows):
    with rows() as session:
        other = make_user(session, "Olga Manager", Role.ENGINEERING_MANAGER).id

    def by(user_id):
        with acting.as_user(user_id):
            try:
                return approve()
            except PmError as refusal:
                return refusal

    with ThreadPoolExecutor(2) as hands:
        done = list(hands.map(by, (people.manager, other)))
    assert sorted(isinstance(one, CannotApprove) for one in done) == [False, True], done
    with rows() as session:
        assert session.query(ApprovalRow).count() == 1


@pytest.mark.parametrize(
    "wrong",
    [
        {"role": Role.TECH_LEAD},
        {"content_hash": "short"},
        {"process_version": " "},
        {"withdrawn_at": NOON - timedelta(days=1)},
        {},
    ],
    ids=["another role", "no hash", "no version", "withdrawn before", "twice"],
)
def test_the_database_refuses_it_too(people, install, as_user, wired, wrong):
    with as_user(people.manager):
        approve()
    row = {
        "process_version": "1.1", "content_hash": "b" * 64, "by_id": people.manager, "role": Role.ENGINEERING_MANAGER,
        "at": NOON, "withdrawn_at": None,
    }  # fmt: skip
    row |= wrong or {"content_hash": "a" * 64}
    with Session(wired) as session, pytest.raises(IntegrityError):
        add(session, ApprovalRow(**row))


def test_asks_one_question(people, install, as_user, statements):
    with as_user(people.anna):
        ask.me()
        with statements() as said:
            ask.process_approval()
    assert len(said) == 1
