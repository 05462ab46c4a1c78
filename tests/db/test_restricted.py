"""What is restricted is in no answer to anybody else: every question that a page may ask, asked by those outside."""

import inspect
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from db.models import ActionItemRow, IncidentRow
from pmcore.domain.errors import NotFound
from pmcore.domain.metrics import Metric
from pmcore.domain.permissions import Forbidden
from pmcore.domain.policy import Policy
from pmcore.domain.vocabulary import Role, SectionKey, Severity, SignRole
from pmcore.readmodels.actions import ActionFilter
from pmcore.readmodels.ledger import LedgerFilter
from pmcore.readmodels.metrics import MetricsFilter, RowsFilter, usual_filter
from pmcore.readmodels.tracker import TrackerFilter
from pmcore.usecases.attachments import AttachFile
from pmcore.usecases.comments import WriteComment
from pmcore.usecases.incidents import MoreFacts, ReportIncident
from pmcore.usecases.log import AddLogEntry
from pmcore.usecases.meeting import ScheduleMeeting
from pmcore.usecases.publishing import Publish
from tests import reviewed
from tests.factories import NOON, make_user
from tests.rail import plan
from tests.told import told_once
from wiring import acting, ask, run

SECRET = "Zanzibar"

QUESTIONS: dict[str, Callable[[reviewed.Story], Any]] = {
    "action": lambda story: ask.action(1),
    "actions": lambda story: ask.actions(ActionFilter()),
    "around": lambda story: ask.around(story.id),
    "changes": lambda story: ask.changes(ask.reading(story.id)),
    "copies_of": lambda story: ask.copies_of(ask.reading(story.id)),
    "discussion": lambda story: ask.discussion(story.id, SectionKey.SUMMARY),
    "document": lambda story: ask.document(story.id),
    "document_of": lambda story: ask.document_of(ask.reading(story.id)),
    "file": lambda story: ask.file(1),
    "file_data": lambda story: ask.file_data(1),
    "inbox": lambda story: ask.inbox(),
    "incident": lambda story: ask.incident(story.incident_id),
    "incident_choices": lambda story: ask.incident_choices(),
    "invitation": lambda story: ask.invitation(story.id),
    "item_stream": lambda story: ask.item_stream(TrackerFilter()),
    "items": lambda story: ask.items(story.id),
    "ledger": lambda story: ask.ledger(LedgerFilter()),
    "log": lambda story: ask.log(story.incident_id),
    "metric_rows": lambda story: ask.metric_rows(_period(), RowsFilter(metric=Metric.TIME_TO_RESOLVE)),
    "metric_stream": lambda story: ask.metric_stream(_period(), Metric.TIME_TO_RESOLVE),
    "metrics": lambda story: ask.metrics(_period()),
    "my_actions": lambda story: ask.my_actions(),
    "off_target": lambda story: ask.off_target(),
    "one_page_of": lambda story: ask.one_page_of(ask.reading(story.id)),
    "policy_preview": lambda story: ask.policy_preview(Policy(number=2, p1_minutes=1)),
    "postmortem_of": lambda story: ask.postmortem_of("P0-001"),
    "preview": lambda story: _preview(story),
    "rail": lambda story: ask.rail(ask.writing(story.id)),
    "reading": lambda story: ask.reading(story.id),
    "recurrences": lambda story: ask.recurrences(story.incident_id),
    "review": lambda story: ask.review(ask.writing(story.id)),
    "revision": lambda story: ask.revision(
        story.id, SectionKey.SUMMARY, len(ask.revisions(story.id, SectionKey.SUMMARY))
    ),
    "revisions": lambda story: ask.revisions(story.id, SectionKey.SUMMARY),
    "section": lambda story: ask.section(story.id, SectionKey.SUMMARY),
    "tracker": lambda story: ask.tracker(TrackerFilter()),
    "tracker_authors": lambda story: ask.tracker_authors(),
    "tracker_figures": lambda story: ask.tracker_figures(),
    "tracker_stream": lambda story: ask.tracker_stream(TrackerFilter()),
    "writing": lambda story: ask.writing(story.id),
}
#: Their answers hold nothing of an incident or a post-mortem.
OF_OTHER_THINGS = {
    "checklist", "checklist_steps", "deputies", "everybody", "invitation_url", "is_alone", "me", "metrics_today",
    "moment", "my_sessions", "newcomers", "people", "policies", "process_approval", "process_document", "proposed_ids",
    "services", "survey", "survey_remarks", "template", "user", "workspace",
}  # fmt: skip
#: Not the author's own business, or without any words of the incident; the others show the secret to the author.
WITHOUT_WORDS = {
    "around",
    "changes",  # nothing of an edition
    "dismissed_hints",  # kept in small letters
    "inbox",
    "metrics",
    "off_target",
    "policy_preview",
    "postmortem_of",
    "review",
    "revisions",
    "tracker_authors",
    "tracker_figures",
}


def _period() -> MetricsFilter:
    return usual_filter(ask.metrics_today())


def _preview(story: reviewed.Story) -> Any:
    whole = ask.writing(story.id)
    return ask.preview(whole, ask.review(whole), ask.recurrences(whole.incident_id))


@told_once
def published(engine: Engine) -> reviewed.Story:
    story = reviewed.submitted(engine)
    with Session(engine.execution_options(writes=True)) as session, session.begin():
        incident = session.get_one(IncidentRow, story.incident_id)
        incident.title = incident.search_key = f"{SECRET} title"
        incident.restricted = True
        incident.dry_run = False
        session.get_one(ActionItemRow, 1).title = f"{SECRET} item"
    reviewed.write(engine, story, SectionKey.SUMMARY, incident=f"{SECRET} text")
    with acting.as_user(story.author):
        run(AddLogEntry(incident_id=story.incident_id, line=f"{SECRET} line"))
        run(WriteComment(postmortem_id=story.id, section=SectionKey.SUMMARY, text=f"{SECRET} comment"))
        file = {"name": f"{SECRET}.txt", "data": f"{SECRET} file".encode()}
        run(AttachFile(postmortem_id=story.id, section=SectionKey.SUMMARY, **file))
        named = {"facilitator_id": story.author, "required_ids": story.reviewers, "optional_ids": ()}
        meeting = plan(story, place=f"{SECRET} room", **named)
        run(ScheduleMeeting(postmortem_id=story.id, plan=meeting, version=0))
        again = MoreFacts(repeats_id=story.incident_id, restricted=True)
        named = {"title": f"{SECRET} again", "severity": Severity.P2, "service": "email-service"}
        run(ReportIncident(**named, started_at=NOON, facts=again))
    for role in SignRole:
        reviewed.sign(engine, story, role)
    with acting.as_user(story.author):
        run(Publish(postmortem_id=story.id))
    return story


@pytest.fixture
def story(wired, clock):
    return published(wired)


@pytest.fixture
def outsiders(rows, story):
    """An engineer, and somebody with every role but the administrator's."""
    with rows() as session:
        mighty = make_user(session, "Mighty", *(set(Role) - {Role.ADMINISTRATOR})).id
    return (story.bystander, mighty)


def told(answer: Any) -> str:
    return repr(list(answer)) if isinstance(answer, Iterator) else repr(answer)


def test_every_question_is_looked_at():
    asked = {name for name in ask.__all__ if inspect.isfunction(getattr(ask, name))}
    assert asked - OF_OTHER_THINGS - QUESTIONS.keys() == set(), "say above how to ask it, or that it is of other things"


@pytest.mark.parametrize("name", QUESTIONS)
def test_nobody_outside_reads_a_word_of_it(name, story, outsiders, as_user):
    for outsider in outsiders:
        with as_user(outsider):
            try:
                answer = told(QUESTIONS[name](story))
            except (NotFound, Forbidden):
                continue
        assert SECRET not in answer
        assert "P0-001" not in answer


@pytest.mark.parametrize("name", sorted(QUESTIONS.keys() - WITHOUT_WORDS))
def test_and_the_author_does(name, story, as_user):
    with as_user(story.author):
        assert SECRET in told(QUESTIONS[name](story))


def test_counts_do_not_tell_of_it(story, outsiders, as_user):
    for outsider in outsiders:
        with as_user(outsider):
            assert ask.ledger(LedgerFilter()).total == 0
            assert ask.tracker(TrackerFilter()).total == 0
            assert ask.actions(ActionFilter()).total == 0
            assert ask.tracker_authors() == ()
            counted = ask.metrics(_period()).figures.values()
            assert not [figure for figure in counted if figure.of or figure.left_out or figure.named]
            figures = ask.tracker_figures()
            assert (figures.due, figures.published_count, figures.published) == (0, 0, ())
