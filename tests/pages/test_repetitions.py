"""Whether it happened before, on the pages: found after a report, decided with one click, taken back, looked up."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from db.models import RecurrenceRow
from pmcore.domain.rail_vocabulary import Verdict
from pmcore.domain.vocabulary import Severity
from pmcore.usecases.incidents import MoreFacts, ReportIncident
from pmcore.usecases.recurrences import ConfirmRecurrence
from pmcore.usecases.retrospective import GiveVerdict
from tests import reviewed
from wiring import acting, run

DAY = timedelta(days=1)


@pytest.fixture
def story(wired, clock):
    """A published post-mortem, and ten days later the like of its incident, reported by the bystander."""
    story = reviewed.published(wired)
    clock.forward(days=10)
    start = clock.now - timedelta(hours=2)
    with acting.as_user(story.bystander):
        story.again = run(
            ReportIncident(
                title="Mail is down", severity=Severity.P1, service="email-service", started_at=start,
                facts=MoreFacts(resolved_at=start + timedelta(minutes=9)),
            )
        )  # fmt: skip
    return story


def stored(engine):
    with Session(engine) as session:
        return session.scalars(select(RecurrenceRow)).one()


def texts(shown):
    return "\n".join(each.value for kind in ("markdown", "caption", "warning") for each in shown.get(kind))


KEY = "repeats-decide-2-1"


@pytest.fixture
def reported(page, story):
    return lambda user_id: page("report.py", user_id, query={"reported": str(story.again)})


def test_after_a_report_it_says_what_was_done_the_last_time(story, reported):
    shown = reported(story.bystander)
    assert not shown.exception
    said = texts(shown)
    assert r"**Repeats P0\-001?** Mail is down, after 10 days" in said
    assert r"same service email\-service; similar title: Mail, down" in said
    assert "**Open then:**" in said
    assert r"AI-1 Watch the pool" in said
    assert "DB_POOL_SIZE=50" in said
    assert "Somebody who wrote neither of the two documents decides." in said
    assert KEY + "-yes" not in {button.key for button in shown.button}


def test_one_click_confirms_and_one_takes_it_back(wired, story, reported):
    shown = reported(story.manager).button(key=f"{KEY}-yes").click().run()
    assert not shown.exception
    assert stored(wired).state == "confirmed"
    assert r"**Repeats P0\-001**" in texts(shown)
    assert "Confirmed by Mira Manager" in texts(shown)
    shown = shown.button(key="undo-button").click().run()
    assert stored(wired).state == "proposed"
    shown = shown.button(key=f"{KEY}-yes").click().run()
    shown = shown.button(key="repeats-back-2-1").click().run()
    assert stored(wired).state == "proposed"


def test_a_refusal_needs_a_reason_keeps_what_was_typed_and_can_be_looked_up(wired, story, reported):
    shown = reported(story.manager).button(key=f"{KEY}-no").click().run()
    assert "what makes this incident another one" in shown.error[0].value
    assert stored(wired).state == "proposed"
    shown.text_input(key=f"{KEY}-note").set_value("Another <b>pool</b> $x$")
    shown = shown.button(key=f"{KEY}-no").click().run()
    assert stored(wired).decision_note == "Another <b>pool</b> $x$"
    assert r"Another \<b\>pool" in texts(shown)
    assert "repeats-back-2-1" in {button.key for button in shown.button}


def test_somebody_was_quicker(wired, story, reported):
    mine, theirs = reported(story.manager), reported(story.lead)
    theirs.button(key=f"{KEY}-yes").click().run()
    shown = mine.button(key=f"{KEY}-yes").click().run()
    assert not shown.exception
    assert "Confirmed by Boris Lead" in texts(shown)
    assert stored(wired).decided_by_id == story.lead


@pytest.mark.parametrize(
    ("path", "query"),
    [
        ("log.py", {"id": "2"}), ("incidents.py", {"open": "2"}), ("log.py", {"id": "1"}),
        ("incidents.py", {"open": "1"}),
        ("read.py", {"id": "1"}), ("write.py", {"id": "1"}), ("write.py", {"id": "1", "view": "preview"}),
    ],
)  # fmt: skip
def test_both_documents_say_it(page, story, path, query):
    shown = page(path, story.manager, query=query)
    assert not shown.exception
    of_the_later = "2" in query.values()
    assert (r"**Repeats P0\-001?**" if of_the_later else r"**Repeated by P1\-001?**") in texts(shown)


def test_what_is_confirmed_suggests_the_verdict_and_never_writes_it(page, story):
    def read():
        return page("read.py", story.lead, query={"id": str(story.id)})

    assert read().radio(key="judge-verdict").value is None
    decide = ConfirmRecurrence(incident_id=story.again, earlier_id=story.incident_id, version=1)
    with acting.as_user(story.manager):
        run(decide)
    shown = read()
    assert "that speaks for “Recurred”" in texts(shown)
    assert shown.radio(key="judge-verdict").value is Verdict.RECURRED
    with acting.as_user(story.lead):
        run(GiveVerdict(postmortem_id=story.id, verdict=Verdict.PREVENTED, reason="Held"))
    shown = read()
    assert "The verdict says otherwise" in shown.warning[0].value
    with acting.as_user(story.lead):
        run(GiveVerdict(postmortem_id=story.id, verdict=Verdict.RECURRED, reason="It came back"))
    assert not read().warning


def test_a_verdict_that_nothing_confirms_says_so(page, story):
    with acting.as_user(story.lead):
        run(GiveVerdict(postmortem_id=story.id, verdict=Verdict.RECURRED, reason="It came back"))
    assert "No incident that you may see is confirmed" in texts(page("read.py", story.lead, query={"id": "1"}))
