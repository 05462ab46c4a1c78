"""A database that is locked beyond its time-out, or full: the form keeps what was typed and says so, and goes on later.

Nothing of a refused command is stored.
"""

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from db.engine import StorageBusy, StorageFull, make_engine
from db.models import AuditRow, Base
from pmcore.domain.vocabulary import Role, Severity
from pmcore.usecases.workspace import AddService
from tests import reviewed, storage
from tests.conftest import BACKENDS
from tests.factories import make_user
from tests.pages import headings
from wiring import acting, parts, run

SAID = {
    "locked": "The database is busy, so nothing was saved. What you typed is still here: try again.",
    "full": "The database has no room left, so nothing was saved. Keep this page open and tell an administrator.",
}
LONG = "What was typed, ё 🔥 \u202e" + "word " * 4_000  #: needs pages of its own
pytestmark = [
    pytest.mark.parametrize("database_url", BACKENDS, indirect=True),
    pytest.mark.parametrize("trouble", ["locked", "full"]),
]


@pytest.fixture
def story(wired, clock):
    return reviewed.begun(wired)


@pytest.fixture
def in_trouble(story, wired, database_url, monkeypatch, trouble):
    """`with in_trouble():` the app's own connections, which wait 0.2 s only, meet the trouble."""
    engine = make_engine(database_url, busy_seconds=storage.WAITS_SECONDS)
    monkeypatch.setattr(parts, "engine", lambda: engine)
    yield lambda: storage.locked(wired) if trouble == "locked" else storage.full(engine)
    engine.dispose()


@pytest.fixture
def unchanged(wired):
    """Asserts that no row came or went since the fixture was made; a table of the test's own apart."""

    def count():
        with Session(wired) as session:
            return {name: session.scalar(select(func.count()).select_from(table)) for name, table in tables.items()}

    tables = Base.metadata.tables
    before = []
    return lambda: before.append(count()) if not before else before[0] == count()


def button(shown, end):
    return next(each for each in shown.button if each.key.endswith(end))


def box(shown, end):
    return next(each for each in (*shown.text_area, *shown.text_input) if each.key.endswith(end))


def test_a_report(story, page, in_trouble, unchanged, trouble):
    shown = page("report.py", story.author)
    shown.text_input(key="report-title").set_value("Mail fails")
    shown.button_group(key="report-severity").set_value(Severity.P1)
    shown.selectbox(key="report-service").set_value("email-service")
    shown.text_input(key="report-alert").set_value(LONG[:1999])
    with in_trouble():
        unchanged()
        shown = shown.button(key="report-submit").click().run()
    assert not shown.exception
    assert [error.value for error in shown.error] == [SAID[trouble]]
    assert shown.text_input(key="report-title").value == "Mail fails"
    assert shown.button_group(key="report-severity").value == Severity.P1
    assert shown.text_input(key="report-alert").value == LONG[:1999]
    assert unchanged()
    shown = shown.button(key="report-submit").click().run()
    assert not shown.error
    assert "P1-001" in headings.title(shown)


def test_a_section(story, page, in_trouble, unchanged, trouble):
    shown = page("write.py", story.author, query={"id": str(story.id), "section": "resolution"})
    box(shown, "immediate_fix").set_value(LONG)
    with in_trouble():
        unchanged()
        shown = button(shown, "-save").click().run()
    assert not shown.exception
    assert [error.value for error in shown.error] == [SAID[trouble]]
    assert box(shown, "immediate_fix").value == LONG
    assert unchanged()
    shown = button(shown, "-save").click().run()
    assert not shown.error
    assert shown.toast[0].value == "Saved."


def test_settings(story, page, rows, in_trouble, unchanged, trouble):
    with rows() as session:
        admin = make_user(session, "Adam", Role.ADMINISTRATOR).id
    shown = page("settings.py", admin)
    shown.session_state["settings-tab"] = "Workspace"
    shown = shown.run()
    shown.text_input(key="workspace-distribution").set_value("Everybody")
    with in_trouble():
        unchanged()
        shown = shown.button(key="workspace-submit").click().run()
    assert not shown.exception
    assert [error.value for error in shown.error] == [SAID[trouble]]
    assert shown.text_input(key="workspace-distribution").value == "Everybody"
    assert unchanged()
    assert not shown.button(key="workspace-submit").click().run().error


def test_a_line_of_the_log(story, page, in_trouble, unchanged, trouble):
    shown = page("log.py", story.author, query={"id": str(story.incident_id)})
    with in_trouble():
        unchanged()
        shown = shown.chat_input(key="log-line").set_value(LONG[:1900]).run()
    assert not shown.exception
    assert [error.value for error in shown.error] == [SAID[trouble]]
    assert shown.chat_input(key="log-line").proto.value == LONG[:1900]
    assert unchanged()


def test_an_action_item(story, page, in_trouble, unchanged, trouble):
    shown = page("write.py", story.author, query={"id": str(story.id), "section": "action_items"})
    shown = shown.button(key="item-add").click().run()
    name = f"item-form-new-{story.id}"
    shown.text_input(key=f"{name}-title").set_value("Watch the pool")
    shown.text_area(key=f"{name}-criterion").set_value(LONG[:1999])
    with in_trouble():
        unchanged()
        shown = shown.button(key=f"{name}-propose").click().run()
    assert not shown.exception
    assert [error.value for error in shown.error] == [SAID[trouble]]
    assert shown.text_area(key=f"{name}-criterion").value == LONG[:1999]
    assert unchanged()


def test_a_command_leaves_nothing_half_done(story, wired, in_trouble, trouble):
    """The error may come at the last statement or at the commit: the first ones are undone with it."""
    with acting.as_user(story.lead):
        with in_trouble(), pytest.raises({"locked": StorageBusy, "full": StorageFull}[trouble]):
            run(AddService(name="meanwhile"))
        with Session(wired) as session:
            audited = session.scalar(select(func.count()).where(AuditRow.did == "add_service"))
            there = session.scalar(select(func.count()).select_from(Base.metadata.tables["service"]))
        assert (there, audited) == (1, 0)
        run(AddService(name="afterwards"))


def test_whoever_reads_is_told_too(story, page, in_trouble, wired, database_url, trouble):
    """While a table is altered, PostgreSQL lets nobody read it; SQLite always does."""
    if wired.dialect.name == "sqlite" or trouble == "full":
        with in_trouble():
            shown = page("tracker.py", story.author)
        assert not shown.error
    else:
        with storage.locked(wired, readers_too=True):
            shown = page("tracker.py", story.author)
        assert [error.value for error in shown.error] == [SAID[trouble]]
    assert not shown.exception
