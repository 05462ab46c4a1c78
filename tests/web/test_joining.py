"""The set-up link of an empty workspace, and invitations."""

import re
from concurrent.futures import ThreadPoolExecutor

import pytest

from db.models import AuditRow, LinkRow, PolicyRow, UserRow, WorkspaceRow
from pmcore.domain.sessions import LinkIsDead
from pmcore.domain.vocabulary import Language, Role
from pmcore.usecases.joining import OfferSetUp, SetUp
from pmcore.usecases.people import Deactivate, InviteAgain, InvitePeople
from tests.web.conftest import PASSWORD
from wiring import acting, run

TYPED = {
    "name": "Адам", "username": "adam@example.org", "password": PASSWORD, "again": PASSWORD,
    "workspace_name": "Почта", "zone": "Europe/Moscow", "language": "ru",
}  # fmt: skip


def _set_up(token: str, number: int) -> bool:
    """Whether it was this one that made the workspace."""
    try:
        run(
            SetUp(
                token=token, name="Ada", username=f"ada{number}", password=PASSWORD, workspace_name="Mail",
                zone="Europe/Moscow", language=Language.ENGLISH,
            )
        )  # fmt: skip
    except LinkIsDead:
        return False
    return True


class TestSetUp:
    def test_makes_administrator_workspace_and_policy_and_signs_in(self, client, rows):
        token = run(OfferSetUp())
        page = client.get(f"/setup/{token}")
        assert page.status_code == 200
        assert "Europe/Moscow" in page.text
        answer = client.post(f"/setup/{token}", data=TYPED)
        assert (answer.status_code, answer.headers["location"]) == (303, "/")
        with rows() as session:
            adam = session.query(UserRow).one()
            assert (adam.name, adam.username, adam.language, adam.active) == ("Адам", "adam@example.org", "ru", True)
            assert session.query(WorkspaceRow).one().name == "Почта"
            assert session.query(PolicyRow).one().number == 1
            assert "set_up" in {row.did for row in session.query(AuditRow)}
        assert client.get("/tracker").json()["user"] == [str(adam.id)]

    def test_is_dead_once_used(self, client):
        token = run(OfferSetUp())
        client.post(f"/setup/{token}", data=TYPED)
        client.cookies.clear()
        assert client.get(f"/setup/{token}").status_code == 410
        assert client.post(f"/setup/{token}", data={**TYPED, "username": "eve"}).status_code == 410
        assert run(OfferSetUp()) is None

    @pytest.mark.sqlite_only
    def test_every_process_prints_one_and_all_work_until_one_is_used(self, client):
        first, second = run(OfferSetUp()), run(OfferSetUp())
        assert first != second
        assert client.get(f"/setup/{second}").status_code == 200
        assert client.post(f"/setup/{first}", data=TYPED).status_code == 303
        client.cookies.clear()
        assert client.get(f"/setup/{second}").status_code == 410
        assert client.post(f"/setup/{second}", data={**TYPED, "username": "eve"}).status_code == 410

    @pytest.mark.sqlite_only
    def test_expires_after_a_day(self, client, clock, rows):
        token = run(OfferSetUp())
        clock.forward(hours=23)
        assert client.get(f"/setup/{token}").status_code == 200
        clock.forward(hours=1)
        assert client.get(f"/setup/{token}").status_code == 410
        assert client.post(f"/setup/{token}", data=TYPED).status_code == 410
        run(OfferSetUp())
        with rows() as session:
            assert session.query(LinkRow).count() == 1

    def test_two_that_are_used_at_once_make_one_workspace(self, client, rows):
        tokens = [run(OfferSetUp()) for _ in range(4)]
        with ThreadPoolExecutor(4) as pool:
            made = list(pool.map(_set_up, tokens, range(4)))
        assert sorted(made) == [False, False, False, True]
        with rows() as session:
            assert session.query(UserRow).count() == 1

    @pytest.mark.sqlite_only
    @pytest.mark.parametrize("token", ["x", "a" * 43])
    def test_cannot_be_guessed(self, client, token):
        run(OfferSetUp())
        assert client.get(f"/setup/{token}").status_code == 410

    @pytest.mark.sqlite_only
    def test_only_a_digest_is_kept(self, client, rows):
        token = run(OfferSetUp())
        with rows() as session:
            assert token not in session.query(LinkRow).one().token_hash

    @pytest.mark.sqlite_only
    @pytest.mark.parametrize(
        ("wrong", "says"),
        [
            ({"password": "short", "again": "short"}, "12"),
            ({"again": "something else"}, "differ"),
            ({"zone": "Moscow"}, "time zone"),
            ({"workspace_name": " "}, "workspace a name"),
            ({"name": ""}, "Give a name"),
            ({"username": "a b"}, "username"),
        ],
    )
    def test_keeps_what_was_typed_when_something_is_wrong(self, client, rows, wrong, says):
        token = run(OfferSetUp())
        answer = client.post(f"/setup/{token}", data={**TYPED, "language": "en", **wrong})
        assert answer.status_code == 422
        assert says in answer.text
        kept = {**TYPED, **wrong}
        assert f'value="{kept["username"]}"' in answer.text
        assert PASSWORD not in answer.text
        with rows() as session:
            assert session.query(UserRow).count() == 0
        assert client.get(f"/setup/{token}").status_code == 200

    @pytest.mark.sqlite_only
    def test_goes_on_where_people_without_passwords_are_there_already(self, client, rows, workspace):
        from tests.factories import make_user

        with rows() as session:
            make_user(session, "Placeholder", Role.ENGINEER)
        token = run(OfferSetUp())
        assert client.post(f"/setup/{token}", data=TYPED).status_code == 303
        with rows() as session:
            assert session.query(WorkspaceRow).one().name == "Почта"


@pytest.fixture
def invite(person, workspace):
    admin = person("Adam", Role.ADMINISTRATOR)

    def invited(pasted="Boris <boris@example.org>", roles=frozenset({Role.ENGINEER})):
        with acting.as_user(admin):
            return run(InvitePeople(list=pasted, roles=roles))

    invited.admin = admin
    return invited


class TestInvitation:
    CHOSEN = {"name": "Борис", "password": PASSWORD, "again": PASSWORD, "language": "ru"}

    def test_lets_somebody_choose_name_and_password(self, client, invite, rows):
        (invitation,) = invite()
        page = client.get(f"/invite/{invitation.token}").text
        assert "boris@example.org" in page
        answer = client.post(f"/invite/{invitation.token}", data=self.CHOSEN)
        assert (answer.status_code, answer.headers["location"]) == (303, "/")
        assert client.get("/tracker").json()["user"] == [str(invitation.user_id)]
        with rows() as session:
            boris = session.get(UserRow, invitation.user_id)
            assert (boris.name, boris.language) == ("Борис", "ru")
        client.cookies.clear()
        answer = client.post("/login", data={"username": "boris@example.org", "password": PASSWORD})
        assert answer.status_code == 303

    def test_works_once(self, client, invite):
        (invitation,) = invite()
        client.post(f"/invite/{invitation.token}", data=self.CHOSEN)
        client.cookies.clear()
        assert client.get(f"/invite/{invitation.token}").status_code == 410
        assert client.post(f"/invite/{invitation.token}", data=self.CHOSEN).status_code == 410

    @pytest.mark.sqlite_only
    def test_expires(self, client, clock, invite):
        (invitation,) = invite()
        clock.forward(days=7)
        assert client.post(f"/invite/{invitation.token}", data=self.CHOSEN).status_code == 410

    @pytest.mark.sqlite_only
    def test_dies_with_a_newer_one_and_with_deactivation(self, client, invite):
        (old,) = invite()
        with acting.as_user(invite.admin):
            new = run(InviteAgain(user_id=old.user_id))
            assert client.get(f"/invite/{old.token}").status_code == 410
            assert client.get(f"/invite/{new.token}").status_code == 200
            run(Deactivate(user_id=old.user_id))
        assert client.get(f"/invite/{new.token}").status_code == 410

    @pytest.mark.sqlite_only
    def test_is_no_set_up_link(self, client, invite):
        (invitation,) = invite()
        assert client.get(f"/setup/{invitation.token}").status_code == 410

    @pytest.mark.sqlite_only
    def test_replaces_a_forgotten_password_and_ends_old_sessions(self, client, invite, person, session_of):
        anna = person()
        session_of(anna)
        with acting.as_user(invite.admin):
            again = run(InviteAgain(user_id=anna))
        answer = client.post(
            f"/invite/{again.token}", data={**self.CHOSEN, "password": "a new password", "again": "a new password"}
        )
        assert answer.status_code == 303
        fresh = re.match("pm=([^;]+)", answer.headers["set-cookie"])[1]
        client.cookies.clear()
        client.cookies.set("pm", fresh)
        assert client.get("/tracker").status_code == 200
