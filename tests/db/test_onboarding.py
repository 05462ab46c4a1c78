"""Checklists of people who join, on both engines."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from db.models import AuditRow, OnboardingRow, OnboardingTickRow, UserRow
from pmcore.domain.onboarding import STEPS, CannotOnboard, NotOnboarded
from pmcore.domain.permissions import Forbidden
from pmcore.domain.vocabulary import Language, OnboardingStep, Role
from pmcore.usecases.joining import Join
from pmcore.usecases.onboarding import BeginOnboarding, EndOnboarding, TickStep, UntickStep
from pmcore.usecases.people import AddPerson, InviteAgain, SetRoles
from tests import scene
from tests.factories import NOON, add
from wiring import acting, ask, run

FIRST, SECOND, *_ = OnboardingStep


@pytest.fixture
def people(rows, clock):
    return scene.set_up(rows)


@pytest.fixture
def begun(people, as_user):
    """Anna has a checklist."""
    with as_user(people.manager):
        run(BeginOnboarding(user_id=people.anna))
    return people


def tick(user_id, step=FIRST):
    run(TickStep(user_id=user_id, step=step))


def joins(people, as_user, *roles):
    with as_user(people.administrator):
        invited = run(AddPerson(name="Nina New", username="nina", roles=frozenset(roles)))
    return run(
        Join(token=invited.token, name="Nina New", password="a long enough password", language=Language.ENGLISH)
    ).user_id


class TestBeginning:
    def test_comes_with_joining(self, people, as_user):
        nina = joins(people, as_user, Role.ENGINEER)
        with as_user(nina):
            assert ask.checklist(nina).started_by == ""
            assert (ask.inbox().onboarding.done, ask.inbox().onboarding.total) == (0, STEPS)

    def test_is_not_for_those_who_only_read(self, people, as_user):
        nina = joins(people, as_user, Role.VIEWER)
        with as_user(nina):
            assert ask.checklist(nina) is None
            assert ask.inbox().onboarding is None

    def test_does_not_come_again_with_a_new_password(self, people, as_user):
        nina = joins(people, as_user, Role.ENGINEER)
        with as_user(people.manager):
            run(EndOnboarding(user_id=nina))
        with as_user(people.administrator):
            token = run(InviteAgain(user_id=nina)).token
        run(Join(token=token, name="Nina New", password="another long password", language=Language.ENGLISH))
        with as_user(nina):
            assert ask.checklist(nina) is None

    def test_is_not_for_those_who_were_here_before(self, people, as_user):
        nina = joins(people, as_user, Role.VIEWER)
        with as_user(people.administrator):
            run(SetRoles(user_id=nina, roles=frozenset({Role.ENGINEER})))
            token = run(InviteAgain(user_id=nina)).token
        run(Join(token=token, name="Nina New", password="another long password", language=Language.ENGLISH))
        with as_user(nina):
            assert ask.checklist(nina) is None

    def test_by_a_manager_says_so(self, begun, as_user):
        with as_user(begun.anna):
            found = ask.checklist(begun.anna)
        assert (found.started_by, found.started_at, found.done) == ("Maria Kim", NOON, 0)

    def test_is_for_those_who_look_after_newcomers(self, people, as_user):
        for somebody in (people.anna, people.lead, people.viewer):
            for command in (BeginOnboarding(user_id=people.boris), EndOnboarding(user_id=people.boris)):
                with as_user(somebody), pytest.raises(Forbidden):
                    run(command)
        for somebody, newcomer in ((people.administrator, people.anna), (people.cto, people.boris)):
            with as_user(somebody):
                run(BeginOnboarding(user_id=newcomer))

    def test_happens_once(self, begun, as_user):
        with as_user(begun.manager), pytest.raises(CannotOnboard):
            run(BeginOnboarding(user_id=begun.anna))

    def test_putting_away_and_taking_out_keeps_the_ticks(self, begun, as_user):
        with as_user(begun.anna):
            tick(begun.anna)
        with as_user(begun.manager):
            run(EndOnboarding(user_id=begun.anna))
            assert ask.checklist(begun.anna) is None
            assert ask.newcomers().rows == ()
        with as_user(begun.anna):
            assert ask.inbox().onboarding is None
            with pytest.raises(NotOnboarded):
                tick(begun.anna, SECOND)
        with as_user(begun.manager):
            run(BeginOnboarding(user_id=begun.anna))
            assert ask.checklist(begun.anna).done == 1


class TestTicking:
    def test_says_by_whom_and_when(self, begun, as_user, clock, rows):
        with as_user(begun.anna):
            tick(begun.anna)
            clock.forward(hours=1)
        with as_user(begun.manager):
            tick(begun.anna, SECOND)
            ticked = ask.checklist(begun.anna).ticked
        assert (ticked[FIRST].by, ticked[FIRST].is_own, ticked[FIRST].at) == ("Anna Petrova", True, NOON)
        assert (ticked[SECOND].by, ticked[SECOND].is_own) == ("Maria Kim", False)
        with rows() as session:
            told = [(row.actor_id, row.did, row.target) for row in session.query(AuditRow).order_by(AuditRow.id)]
        assert told[-1] == (begun.manager, "tick_step", f"onboarding/{begun.anna}/{SECOND}")

    def test_twice_changes_nothing(self, begun, as_user, rows):
        with as_user(begun.anna):
            tick(begun.anna)
            tick(begun.anna)
            run(UntickStep(user_id=begun.anna, step=SECOND))
        with rows() as session:
            assert session.query(AuditRow).filter(AuditRow.did != "begin_onboarding").count() == 1
            assert session.get(OnboardingRow, begun.anna).version == 2

    def test_is_undone(self, begun, as_user):
        with as_user(begun.anna):
            tick(begun.anna)
            tick(begun.anna, SECOND)
            run(UntickStep(user_id=begun.anna, step=FIRST))
            assert list(ask.checklist(begun.anna).ticked) == [SECOND]

    def test_of_the_last_step_ends_the_reminder(self, begun, as_user):
        with as_user(begun.anna):
            for step in list(OnboardingStep)[:-1]:
                tick(begun.anna, step)
            assert ask.inbox().onboarding.done == STEPS - 1
            tick(begun.anna, list(OnboardingStep)[-1])
            assert ask.inbox().onboarding is None
            assert ask.checklist(begun.anna).finished_at == NOON
            run(UntickStep(user_id=begun.anna, step=FIRST))
            assert ask.inbox().onboarding.done == STEPS - 1

    def test_of_others_is_refused(self, begun, as_user):
        with as_user(begun.boris), pytest.raises(Forbidden):
            tick(begun.anna)
        with as_user(begun.boris), pytest.raises(Forbidden):
            run(UntickStep(user_id=begun.anna, step=FIRST))

    def test_needs_a_checklist(self, people, as_user):
        with as_user(people.anna), pytest.raises(NotOnboarded):
            tick(people.anna)

    def test_by_two_at_once_loses_nothing(self, begun, wired):
        steps = list(OnboardingStep)

        def by(number):
            with acting.as_user(begun.anna if number % 2 else begun.manager):
                tick(begun.anna, steps[number])

        with ThreadPoolExecutor(4) as hands:
            list(hands.map(by, range(STEPS)))
        with acting.as_user(begun.anna):
            found = ask.checklist(begun.anna)
        assert found.done == STEPS
        assert found.finished_at is not None


class TestSeeing:
    def test_is_ones_own_and_the_managers(self, begun, as_user):
        with as_user(begun.boris):
            assert ask.checklist(begun.anna) is None
            assert ask.newcomers().total == 0
        with as_user(begun.administrator):
            assert not ask.checklist(begun.anna).is_mine
            assert [row.name for row in ask.newcomers().rows] == ["Anna Petrova"]

    def test_lists_open_ones_first_and_nobody_who_has_left(self, begun, as_user, clock, rows):
        with as_user(begun.manager):
            for newcomer in (begun.boris, begun.lead, begun.cto):
                clock.forward(hours=1)
                run(BeginOnboarding(user_id=newcomer))
            for step in OnboardingStep:
                tick(begun.cto, step)
        with rows() as session:
            session.get(UserRow, begun.lead).active = False
        with as_user(begun.manager):
            found = ask.newcomers()
        assert [(row.name, row.done) for row in found.rows] == [
            ("Boris Ivanov", 0), ("Anna Petrova", 0), ("Oleg Tan", STEPS),
        ]  # fmt: skip
        assert found.total == 3

    def test_takes_one_statement_each(self, begun, as_user, statements):
        with as_user(begun.manager):
            for step in OnboardingStep:
                tick(begun.anna, step)
            ask.me()
            with statements() as said:
                ask.newcomers()
                ask.checklist(begun.anna)
        assert len(said) == 2


@pytest.mark.parametrize(
    "row",
    [
        lambda people: OnboardingTickRow(user_id=people.anna, step="juggle", at=NOON, by_id=people.anna),
        lambda people: OnboardingTickRow(user_id=people.boris, step=FIRST, at=NOON, by_id=people.boris),
        lambda people: OnboardingRow(
            user_id=people.boris, started_at=NOON, started_by_id=None, finished_at=NOON, ended_at=NOON, version=1
        ),
    ],
    ids=["no such step", "no checklist", "two ends"],
)
def test_the_database_refuses_it_too(begun, wired, row):
    with Session(wired) as session, pytest.raises(IntegrityError):
        add(session, row(begun))
