"""People, invitations, roles, deputies: the use cases on both engines."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import pytest
from sqlalchemy import delete
from sqlalchemy.orm import Session

from db.engine import make_engine
from db.models import AuditRow, SessionRow, UserRoleRow, UserRow
from db.people import UsernameTaken
from db.queries.actor import load_actor
from pmcore.domain.errors import EditConflict, NotFound, Refusals
from pmcore.domain.people import NotAPerson, WouldLockOut
from pmcore.domain.permissions import Forbidden
from pmcore.domain.vocabulary import Language, Role
from pmcore.usecases.account import ChangeProfile
from pmcore.usecases.identity import EndOtherSessions, OpenSession
from pmcore.usecases.people import (
    AddPerson,
    Deactivate,
    EndDeputy,
    InviteAgain,
    InvitePeople,
    Reactivate,
    SetDeputy,
    SetRoles,
)
from tests.factories import NOON, make_user, make_workspace
from wiring import ask, parts, run
from wiring.acting import SignedOut

ENGINEER = frozenset({Role.ENGINEER})
TODAY = date(2025, 12, 14)


@pytest.fixture
def staff(rows, clock):
    """Adam is administrator, Tanya tech lead, Egor engineer."""
    with rows() as session:
        make_workspace(session)
        return {
            "adam": make_user(session, "Adam", Role.ADMINISTRATOR, password_hash="x").id,
            "tanya": make_user(session, "Tanya", Role.TECH_LEAD, password_hash="x").id,
            "egor": make_user(session, "Egor", Role.ENGINEER, password_hash="x").id,
        }


class TestInviting:
    def test_takes_a_whole_list(self, staff, as_user, rows):
        with as_user(staff["adam"]):
            made = run(InvitePeople(list="Вера <vera@example.org>\nGleb <gleb>", roles=ENGINEER))
            assert [(one.name, one.username) for one in made] == [("Вера", "vera@example.org"), ("Gleb", "gleb")]
            assert len({one.token for one in made}) == 2
            view = {person.username: person for person in ask.everybody()}["gleb"]
        assert (view.can_sign_in, view.invited, view.roles) == (False, True, ENGINEER)
        with rows() as session:
            assert session.query(AuditRow).filter_by(did="invite").count() == 2

    @pytest.mark.parametrize("pasted", ["Gleb <gleb>\nEgor again <EGOR>", "Gleb <gleb>\nno good <a b>", ""])
    def test_takes_all_or_nobody(self, staff, as_user, rows, pasted):
        with as_user(staff["adam"]), pytest.raises((UsernameTaken, Refusals)):
            run(InvitePeople(list=pasted, roles=ENGINEER))
        with rows() as session:
            assert session.query(UserRow).count() == 3

    def test_needs_a_role(self, staff, as_user):
        with as_user(staff["adam"]), pytest.raises(NotAPerson):
            run(InvitePeople(list="Gleb <gleb>", roles=frozenset()))

    def test_again_is_not_for_the_deactivated(self, staff, as_user):
        with as_user(staff["adam"]):
            run(Deactivate(user_id=staff["egor"]))
            with pytest.raises(NotAPerson):
                run(InviteAgain(user_id=staff["egor"]))
            with pytest.raises(NotFound):
                run(InviteAgain(user_id=999))

    def test_from_the_command_line_needs_nobody_signed_in(self, staff, rows):
        invitation = run(AddPerson(name="Gleb", username="gleb", roles=ENGINEER))
        assert invitation.token
        with rows() as session:
            assert session.query(UserRoleRow).filter_by(user_id=invitation.user_id).one().role == "engineer"


class TestRoles:
    def test_are_given_and_can_be_given_back(self, staff, as_user):
        with as_user(staff["adam"]):
            before = run(SetRoles(user_id=staff["egor"], roles=frozenset({Role.CTO, Role.TECH_LEAD})))
            assert ask.user(staff["egor"]).roles == {Role.CTO, Role.TECH_LEAD}
            run(SetRoles(user_id=staff["egor"], roles=before))
            assert ask.user(staff["egor"]).roles == ENGINEER

    def test_hold_from_the_next_command_on(self, staff, as_user):
        with as_user(staff["adam"]):
            run(SetRoles(user_id=staff["egor"], roles=frozenset({Role.ADMINISTRATOR})))
        with as_user(staff["egor"]):
            run(SetRoles(user_id=staff["adam"], roles=frozenset({Role.VIEWER})))
        with as_user(staff["adam"]), pytest.raises(Forbidden):
            run(SetRoles(user_id=staff["adam"], roles=frozenset({Role.ADMINISTRATOR})))

    def test_two_administrators_cannot_drop_each_other_at_once(self, staff, as_user, rows):
        with rows() as session:
            other = make_user(session, "Ada", Role.ADMINISTRATOR, password_hash="x").id

        def drop(who, by):
            with as_user(by):
                try:
                    run(Deactivate(user_id=who))
                except (WouldLockOut, Forbidden, SignedOut) as refusal:
                    return refusal

        with ThreadPoolExecutor(2) as pool:
            refusals = list(pool.map(drop, (staff["adam"], other), (other, staff["adam"])))
        assert refusals.count(None) == 1

    def test_the_last_administrator_stays(self, staff, as_user):
        with as_user(staff["adam"]):
            with pytest.raises(WouldLockOut):
                run(SetRoles(user_id=staff["adam"], roles=ENGINEER))
            with pytest.raises(WouldLockOut):
                run(Deactivate(user_id=staff["adam"]))
            with pytest.raises(NotFound):
                run(SetRoles(user_id=999, roles=ENGINEER))


class TestDeactivating:
    def test_ends_every_session_and_every_command(self, staff, as_user, rows):
        run(OpenSession(user_id=staff["egor"]))
        with as_user(staff["adam"]):
            run(Deactivate(user_id=staff["egor"]))
            assert [person.name for person in ask.people()] == ["Adam", "Tanya"]
        with rows() as session:
            assert session.query(SessionRow).filter_by(user_id=staff["egor"]).one().ended_at == NOON
        with as_user(staff["egor"]), pytest.raises(SignedOut):
            run(ChangeProfile(name="Egor"))

    def test_can_be_taken_back(self, staff, as_user):
        with as_user(staff["adam"]):
            run(Deactivate(user_id=staff["egor"]))
            run(Reactivate(user_id=staff["egor"]))
            assert ask.user(staff["egor"]).active


@pytest.mark.parametrize(
    "command",
    [
        InvitePeople(list="x <x>", roles=ENGINEER),
        InviteAgain(user_id=1),
        SetRoles(user_id=1, roles=ENGINEER),
        Deactivate(user_id=1),
        Reactivate(user_id=1),
        SetDeputy(principal_id=1, deputy_id=2, role=Role.ADMINISTRATOR, starts_on=TODAY, ends_on=TODAY),
    ],
    ids=lambda command: type(command).__name__,
)
def test_people_are_managed_by_administrators_only(staff, as_user, command):
    with as_user(staff["tanya"]), pytest.raises(Forbidden):
        run(command)


class TestWhoActs:
    def test_is_seen_at_once_when_another_process_takes_a_role(self, staff, db, database_url):
        assert load_actor(db, user_id=staff["tanya"], now=NOON).roles == {Role.TECH_LEAD}
        other = make_engine(database_url)
        with Session(other.execution_options(writes=True)) as session, session.begin():
            session.execute(delete(UserRoleRow).where(UserRoleRow.user_id == staff["tanya"]))
        assert load_actor(db, user_id=staff["tanya"], now=NOON).roles == set()
        with Session(other.execution_options(writes=True)) as session, session.begin():
            session.get(UserRow, staff["tanya"]).active = False
        assert load_actor(db, user_id=staff["tanya"], now=NOON) is None
        other.dispose()

    @pytest.mark.sqlite_only
    def test_costs_a_statement_only_when_something_of_it_changed(self, staff, db, rows, statements):
        load_actor(db, user_id=staff["egor"], now=NOON)
        with statements() as said:
            load_actor(db, user_id=staff["egor"], now=NOON)
        assert said == []
        with rows() as session:
            session.get(UserRow, staff["egor"]).name = "Yegor"
        with statements() as said:
            assert load_actor(db, user_id=staff["egor"], now=NOON).name == "Yegor"
        assert len(said) == 1


class TestDeputies:
    def name(self, staff, **changes):
        values = {
            "principal_id": staff["tanya"], "deputy_id": staff["egor"], "role": Role.TECH_LEAD,
            "starts_on": TODAY, "ends_on": TODAY + timedelta(days=1),
        }  # fmt: skip
        return run(SetDeputy(**values | changes))

    def test_hold_the_role_on_their_days_only(self, staff, as_user, db):
        with as_user(staff["adam"]):
            self.name(staff, starts_on=date(2025, 12, 15))
        for at, holds in (
            ("2025-12-14T20:59", False),  # still the 14th in Moscow
            ("2025-12-14T21:00", True),
            ("2025-12-15T20:59", True),
            ("2025-12-15T21:00", False),
        ):
            now = NOON.fromisoformat(f"{at}:00+00:00")
            assert (Role.TECH_LEAD in load_actor(db, user_id=staff["egor"], now=now).roles) is holds, at

    def test_are_named_by_the_person_too(self, staff, as_user):
        with as_user(staff["tanya"]):
            self.name(staff)
            (deputy,) = ask.deputies()
            assert (deputy.principal, deputy.deputy, deputy.role) == ("Tanya", "Egor", Role.TECH_LEAD)

    def test_lend_only_what_is_held(self, staff, as_user):
        with as_user(staff["tanya"]), pytest.raises(Refusals):
            self.name(staff, role=Role.ADMINISTRATOR)

    def test_cannot_lend_on_what_they_hold_for_somebody(self, staff, as_user):
        with as_user(staff["tanya"]):
            self.name(staff)
        with as_user(staff["egor"]), pytest.raises(Refusals):
            self.name(staff, principal_id=staff["egor"], deputy_id=staff["adam"])

    def test_end_early_and_can_be_taken_back(self, staff, as_user):
        with as_user(staff["tanya"]):
            deputy_id = self.name(staff)
            back = run(EndDeputy(deputy_id=deputy_id))
            assert ask.deputies() == ()
            run(back)
            assert len(ask.deputies()) == 1
            with pytest.raises(NotFound):
                run(EndDeputy(deputy_id=deputy_id + 100))

    def test_of_others_are_ended_by_administrators_only(self, staff, as_user):
        with as_user(staff["adam"]):
            deputy_id = self.name(staff)
        with as_user(staff["egor"]), pytest.raises(Forbidden):
            run(EndDeputy(deputy_id=deputy_id))


class TestTheOwnAccount:
    def test_name_and_language(self, staff, as_user):
        with as_user(staff["egor"]):
            run(ChangeProfile(name="  Егор\u202e "))
            run(ChangeProfile(language=Language.RUSSIAN))
            me = ask.user(staff["egor"])
            assert (me.name, me.language) == ("Егор", Language.RUSSIAN)
            with pytest.raises(NotAPerson):
                run(ChangeProfile(name=" "))

    def test_all_other_sessions_end(self, staff, as_user):
        for _ in range(3):
            run(OpenSession(user_id=staff["egor"]))
        run(OpenSession(user_id=staff["tanya"]))
        with as_user(staff["egor"]):
            here = ask.my_sessions(None)[0].id
            assert run(EndOtherSessions(but=here)) == 2
            (left,) = ask.my_sessions(here)
            assert (left.id, left.current) == (here, True)
        with as_user(staff["tanya"]):
            assert len(ask.my_sessions(None)) == 1


def test_a_stale_save_is_refused(staff, begin):
    with begin() as work:
        person = work.people.get(staff["egor"])
        work.people.save(person)
    with pytest.raises(EditConflict), begin() as work:
        work.people.save(person)


def test_lists_cost_one_statement_whatever_their_length(staff, as_user, rows, statements):
    with rows() as session:
        for number in range(30):
            make_user(session, f"Person {number:02}", Role.ENGINEER, Role.VIEWER)
    with as_user(staff["adam"]):
        ask.me()
        with statements() as said:
            assert len(ask.people()) == 33
        assert len(said) == 1
        with statements() as said:
            assert len(ask.everybody()) == 33
        assert len(said) == 1


def test_over_sessions_are_forgotten(staff, begin, clock, rows):
    run(OpenSession(user_id=staff["egor"]))
    with begin() as work:
        work.sessions.purge(before=clock() + parts.lifetimes().absolute + timedelta(seconds=1))
    with rows() as session:
        assert session.query(SessionRow).count() == 0
