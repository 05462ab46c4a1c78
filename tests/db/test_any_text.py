"""Text of any kind into every command that takes text: kept without its NUL, or refused with a sentence.

PostgreSQL keeps no NUL, so one that gets through ends in an error of the driver.
"""

import dataclasses
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from db.models import Base
from pmcore.domain.action_item import Progress
from pmcore.domain.errors import PmError
from pmcore.domain.policy import Policy
from pmcore.domain.rail_vocabulary import Opinion, Verdict
from pmcore.domain.sections import BY_KEY
from pmcore.domain.vocabulary import Disposition, Language, Role, SectionKey, Severity, SignRole
from pmcore.usecases.account import ChangeProfile
from pmcore.usecases.action_items import ProposeItem
from pmcore.usecases.attachments import AttachFile, BringFileBack, CaptionFile
from pmcore.usecases.comments import DismissHint, Reply, WriteComment
from pmcore.usecases.dry_run import GiveFeedback
from pmcore.usecases.incidents import ChangeSeverity, MoreFacts, ReportIncident
from pmcore.usecases.item_progress import (
    ExtendItem,
    ReassignItems,
    ReopenItem,
    ReportProgress,
    Update,
    VerifyItem,
    WontDo,
)
from pmcore.usecases.log import AddLogEntry
from pmcore.usecases.meeting import BeginMeeting, CatchItem, SaveNotes, ScheduleMeeting
from pmcore.usecases.obligations import HandOver, SettleIncident, WaiveObligation
from pmcore.usecases.people import AddPerson, InvitePeople
from pmcore.usecases.policy import ChangePolicy
from pmcore.usecases.publishing import Publish
from pmcore.usecases.recurrences import ConfirmRecurrence, RefuseRecurrence, ReopenRecurrence
from pmcore.usecases.retrospective import AnswerEscalation, Escalate, GiveVerdict
from pmcore.usecases.review import ReturnForChanges
from pmcore.usecases.survey import OpenSurvey
from pmcore.usecases.workspace import AddService, ChangeWorkspace, RenameService
from pmcore.usecases.writing import SaveSection
from tests import reviewed
from tests.db.test_action_items import terms
from tests.factories import NOON, make_user
from tests.rail import plan, scheduled
from tests.surveyed import answer
from wiring import acting, run
from wiring.handlers import HANDLERS

TEXTS = {
    "nul": "a\0b",
    "any script": "Отказ 🚀 \u202eעברית\u202c e\u0301 \u200b <script>alert(1)</script> =1+1",
    "long": "x" * 200_000,
    "only nul": "\0",
}


def told(story, text):
    """(who, command): every input of the app that takes text, in one state of affairs."""
    start = NOON - timedelta(hours=3)
    usual = Policy(number=2)
    item = {"item_id": 1}
    report = {"title": "T", "severity": Severity.P1, "service": "email-service", "started_at": start}
    workspace = {
        "name": "W", "zone": "Europe/Moscow", "language": Language.ENGLISH, "distribution": "D",
        "roles_for_names": False, "slo_target_percent": "99.9", "slo_window_days": 30, "base_version": 1,
    }  # fmt: skip
    yield story.author, ReportIncident(**report | {"title": text})
    yield story.author, ReportIncident(**report | {"service": text})
    yield story.author, ReportIncident(**report | {"public_id": text})
    yield story.author, ReportIncident(**report | {"zone": text})
    for name in ("alert_name", "pagerduty_url", "grafana_url", "prometheus_url"):
        yield story.author, ReportIncident(**report, facts=MoreFacts(**{name: f"https://x.example/{text}"}))
        yield story.author, ReportIncident(**report, facts=MoreFacts(**{name: text}))
    yield story.author, ReportIncident(**report, facts=MoreFacts(unknown_because={"customers_affected": text}))
    yield story.author, AddLogEntry(incident_id=story.incident_id, line=text)
    yield story.author, ChangeSeverity(incident_id=story.incident_id, severity=Severity.P1, reason=text)
    yield story.author, HandOver(incident_id=story.incident_id, to_id=story.lead, note=text)
    yield story.manager, HandOver(incident_id=story.incident_id, to_id=story.author, note=text)
    yield story.manager, WaiveObligation(incident_id=story.incident_id, reason=text)
    yield story.lead, SettleIncident(incident_id=2, disposition=Disposition.NOT_AN_INCIDENT, reason=text)
    for key in SectionKey:
        content = {
            field.key: [{"id": "r1", **dict.fromkeys(field.columns, text)}] if field.columns else text
            for field in BY_KEY[key].fields
        }
        yield story.author, SaveSection(postmortem_id=story.id, key=key, base_version=1, content=content)
    for change in ({"title": text}, {"criterion": text}, {"ticket_url": text}, {"ticket_url": f"https://x/{text}"}):
        yield story.author, ProposeItem(postmortem_id=story.id, terms=terms(story.author, **change), commit=True)
    for progress in Progress:
        yield story.author, ReportProgress(updates=(Update(**item, progress=progress, note=text),))
    yield story.manager, ReopenItem(**item, reason=text)
    yield story.author, ExtendItem(**item, due_on=NOON.date() + timedelta(days=30), reason=text)
    yield story.lead, ReassignItems(item_ids=(1,), owner_id=story.bystander, note=text)
    yield story.manager, WontDo(**item, reason=text)
    yield story.manager, VerifyItem(**item, note=text)
    yield story.manager, ReturnForChanges(postmortem_id=story.id, role=SignRole.ENGINEERING_MANAGER, reasons=text)
    yield story.author, Publish(postmortem_id=story.id, note=text)
    yield story.lead, WriteComment(postmortem_id=story.id, section=SectionKey.SUMMARY, text=text)
    yield story.author, Reply(thread_id=1, text=text)
    attach = {"postmortem_id": story.id, "section": SectionKey.SUMMARY, "data": b"10:02 pool exhausted"}
    yield story.author, AttachFile(**attach, name=f"{text}.txt")
    yield story.author, AttachFile(**attach, name="a.txt", caption=text)
    yield story.author, CaptionFile(file_id=1, caption=text)
    yield story.author, DismissHint(postmortem_id=story.id, section=SectionKey.SUMMARY, rule=text, excerpt="x")
    yield story.author, DismissHint(postmortem_id=story.id, section=SectionKey.SUMMARY, rule="x", excerpt=text)
    yield story.author, BringFileBack(file_id=1, caption=text, place=0)
    yield story.author, ScheduleMeeting(postmortem_id=story.id, plan=plan(story, place=text), version=1)
    yield story.author, SaveNotes(postmortem_id=story.id, notes=text, version=1)
    yield story.author, CatchItem(postmortem_id=story.id, title=text)
    yield story.manager, GiveVerdict(postmortem_id=story.id, verdict=Verdict.PREVENTED, reason=text)
    pair = {"incident_id": 2, "earlier_id": story.incident_id}
    yield story.lead, RefuseRecurrence(**pair, version=1, reason=text)
    yield story.lead, ReopenRecurrence(**pair, version=2)
    yield story.lead, ConfirmRecurrence(**pair, version=3, note=text)
    yield story.author, Escalate(item_id=1, reason=text)
    yield story.manager, AnswerEscalation(escalation_id=1, answer=text)
    yield story.lead, GiveFeedback(postmortem_id=story.id, easy=Opinion.YES, clear=None, missing=text)
    for remark in ("keep", "mend"):
        yield story.admin if remark == "keep" else story.lead, answer(**{remark: text})
    yield story.author, ChangeProfile(name=text)
    yield story.manager, ChangePolicy(
        base_number=1, p1_minutes=30, drafted_hours=usual.drafted_hours, published_hours=usual.published_hours,
        note=text,
    )  # fmt: skip
    for name in ("name", "zone", "distribution", "slo_target_percent"):
        yield story.admin, ChangeWorkspace(**workspace | {name: text})
    yield story.admin, AddService(name=text)
    yield story.admin, RenameService(service_id=1, name=text)
    yield story.admin, InvitePeople(list=text, roles=frozenset({Role.ENGINEER}))
    yield story.admin, InvitePeople(list=f"{text} <anna>", roles=frozenset({Role.ENGINEER}))
    yield story.admin, AddPerson(name=text, username="someone", roles=frozenset({Role.ENGINEER}))
    yield story.admin, AddPerson(name="Someone", username=text, roles=frozenset({Role.ENGINEER}))


@pytest.fixture
def story(wired, clock):
    """A second incident beside it, and an administrator."""
    story = reviewed.submitted(wired)
    with Session(wired.execution_options(writes=True)) as session, session.begin():
        story.admin = make_user(session, "Adam", Role.ADMINISTRATOR).id
    with acting.as_user(story.admin):
        run(OpenSurvey())
    with acting.as_user(story.author):
        run(
            ReportIncident(
                title="T",
                severity=Severity.P2,
                service="email-service",
                started_at=NOON - timedelta(hours=3),
                facts=MoreFacts(repeats_id=story.incident_id),
            )
        )
    scheduled(None, story=story)
    with acting.as_user(story.author):
        run(BeginMeeting(postmortem_id=story.id))
    return story


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_every_input_keeps_or_refuses_it(wired, story, text):
    answers = []
    for who, command in told(story, text):
        with acting.as_user(who):
            try:
                run(command)
                answers.append((type(command).__name__, "kept"))
            except PmError as refusal:
                answers.append((type(command).__name__, str(refusal)))
            except Exception as error:
                pytest.fail(f"{command!r:.300}: {error!r:.300}")
    assert all("\0" not in said and len(said) < 1_000 for _name, said in answers)
    assert ("AddLogEntry", "kept") in answers or text in (TEXTS["long"], TEXTS["only nul"])
    assert "\0" not in everything_stored(wired)


def everything_stored(engine):
    with Session(engine) as session:
        return "\n".join(
            str(value)
            for table in Base.metadata.tables.values()
            for row in session.execute(select(table))
            for value in row
        )


#: Their text is a password, a token, a hash, a file, or is taken by another command in the same way.
NOT_FORMS = {
    "SignIn", "SignOut", "KeepSession", "ChangePassword", "SetUp", "Join", "ResumeAmendment", "PreviewImport",
    "ImportTracker", "RestoreRevision", "EditIncident", "EditItem", "OpenSession", "UseTime", "Sign",
    "ApproveProcess", "FillWithDemo", "NoteLook",
}  # fmt: skip


def test_no_command_with_text_is_left_out(story):
    tested = {type(command).__name__ for _who, command in told(story, "x")}
    takes_text = {
        command.__name__
        for command in HANDLERS
        if any("str" in str(field.type) or "Terms" in str(field.type) for field in dataclasses.fields(command))
    }
    assert takes_text - tested - NOT_FORMS == set()
