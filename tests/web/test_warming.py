"""The app's own first visit: who makes it, what it looks at, and that it keeps nobody from starting."""

import asyncio
from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import Engine
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.testing.v1 import AppTest

from db.models import SessionRow
from db.queries.people import find_signed_in
from pmcore.domain.vocabulary import Role
from tests.factories import NOON, make_policy, make_user, make_workspace
from web import warming
from wiring import acting, ask

pytestmark = pytest.mark.sqlite_only


NOBODY = "nobody's tab"


class FakeRuntime:
    """Answers each run at once, or not at all."""

    def __init__(self, *, answers: bool = True) -> None:
        self.answers, self.seen, self.open = answers, [], {}

    def exists(self) -> bool:
        return True

    def instance(self) -> "FakeRuntime":
        return self

    def connect_session(self, client, *, user_info) -> str:
        self.open[tab := user_info.get("username", NOBODY)] = client
        return tab

    def handle_backmsg(self, tab: str, asked: BackMsg) -> None:
        self.seen.append((tab, asked.rerun_script.page_name))
        if self.answers:
            for how in (ForwardMsg.FINISHED_EARLY_FOR_RERUN, ForwardMsg.FINISHED_SUCCESSFULLY):
                self.open[tab].write_forward_msg(ForwardMsg(script_finished=how))

    def close_session(self, tab: str) -> None:
        del self.open[tab]


@pytest.fixture
def visited(wired: Engine, monkeypatch: pytest.MonkeyPatch) -> Callable[[FakeRuntime], FakeRuntime]:
    def visit(runtime: FakeRuntime) -> FakeRuntime:
        monkeypatch.setattr(warming, "Runtime", runtime)
        asyncio.run(warming.visit())
        return runtime

    return visit


def test_home_is_drawn_for_each_set_of_roles_and_the_lists_for_the_most_frequent(visited, rows) -> None:
    with rows() as session:
        make_user(session, "Gone", Role.ENGINEER, active=False)
        make_user(session, "May nothing")
        chief = make_user(session, "Chief", Role.ENGINEER, Role.ENGINEERING_MANAGER).id
        here = make_user(session, "Here", Role.ENGINEER).id
        make_user(session, "Here as well", Role.ENGINEER)
    found = visited(FakeRuntime())
    assert found.seen == [
        (str(here), ""), (str(chief), ""), (str(here), "tracker"), (str(here), "incidents"), (str(here), "actions"),
    ]  # fmt: skip
    assert list(found.open) == [NOBODY]


def test_many_sets_of_roles_do_not_hold_up_the_start(visited, rows, monkeypatch) -> None:
    monkeypatch.setattr(warming, "MOST_PEOPLE", 2)
    with rows() as session:
        for role in (Role.ENGINEER, Role.TECH_LEAD, Role.CTO):
            make_user(session, role, role)
    assert len([page for _who, page in visited(FakeRuntime()).seen if page == ""]) == 2


def test_nobody_is_there_yet(visited) -> None:
    assert visited(FakeRuntime()).seen == []


def test_compiled_pages_are_kept_when_the_last_tab_is_closed(visited) -> None:
    """A tab of nobody's stays, and draws nothing: it is what Streamlit counts."""
    found = visited(FakeRuntime())
    assert (list(found.open), found.seen) == ([NOBODY], [])


def test_a_page_that_never_ends_keeps_nobody_from_starting(visited, rows, monkeypatch) -> None:
    with rows() as session:
        here = make_user(session, "Here", Role.ENGINEER).id
    monkeypatch.setattr(warming, "PATIENCE_SECONDS", 0.05)
    found = visited(FakeRuntime(answers=False))
    assert found.seen == [(str(here), "")]
    assert list(found.open) == [NOBODY]


@pytest.mark.parametrize("path", [f"{name or 'home'}.py" for name in (warming.HOME, *warming.LISTS)])
def test_the_pages_change_nothing(page: Callable[..., AppTest], rows, statements, path) -> None:
    with rows() as session:
        person = make_user(session, "Here", Role.ENGINEER).id
    with statements() as said:
        seen = page(path, person)
    assert not seen.exception
    assert not seen.error
    assert said
    assert all(text.lstrip().startswith("SELECT") for text in said)


def test_what_waits_for_the_signed_in_is_asked_before_they_come_back(visited, rows, clock, statements) -> None:
    with rows() as session:
        make_workspace(session)
        make_policy(session)
        here, away, gone = (make_user(session, name, Role.ENGINEER) for name in ("Here", "Away", "Gone"))
        ids = here.id, away.id
        for person, expires in ((here, clock.now + timedelta(days=1)), (gone, clock.now)):
            session.add(
                SessionRow(
                    user_id=person.id, token_hash=person.name, created_at=clock.now, seen_at=clock.now,
                    expires_at=expires, agent="", address="",
                )
            )  # fmt: skip
    visited(FakeRuntime())
    for user_id, is_asked in zip(ids, (False, True), strict=True):
        with statements() as said, acting.as_user(user_id):
            ask.inbox()
        assert any("FROM incident" in each for each in said) is is_asked, said


def test_of_many_who_are_signed_in_the_last_seen_come_first(db, rows) -> None:
    with rows() as session:
        people = [make_user(session, name, Role.ENGINEER) for name in ("First", "Second", "Third")]
        for person, minutes in zip(people, (5, 1, 3), strict=True):
            session.add(
                SessionRow(
                    user_id=person.id, token_hash=person.name, created_at=NOON,
                    seen_at=NOON - timedelta(minutes=minutes),
                    expires_at=NOON + timedelta(days=1), agent="", address="",
                )
            )  # fmt: skip
        first, second, third = (person.id for person in people)
    found = find_signed_in(db, now=NOON, idle=timedelta(hours=1), most=2)
    assert found == (second, third)
    assert first not in found
