"""Opening a page takes at most twelve SQL statements, whatever there is: eleven here, one is the session's at the gate.

Every page, and every section in every state of a post-mortem, with one row and with many, on both engines.
"""

from datetime import date, timedelta

import pytest
from sqlalchemy.orm import Session

from db.models import IncidentRow, LogEntryRow, MemberRow
from pmcore.domain.choices import Choice
from pmcore.domain.metrics import Metric
from pmcore.domain.rail_vocabulary import TimeKind
from pmcore.domain.vocabulary import Disposition, MemberRole, Role, SectionKey, Severity, SignRole
from pmcore.usecases.action_items import ProposeItem
from pmcore.usecases.amending import StartAmendment
from pmcore.usecases.attachments import AttachFile
from pmcore.usecases.dry_run import NoteTime
from pmcore.usecases.identity import OpenSession
from pmcore.usecases.incident_keeping import NameViewer
from pmcore.usecases.meeting import BeginMeeting, SaveNotes
from pmcore.usecases.obligations import SettleIncident
from pmcore.usecases.people import SetDeputy
from pmcore.usecases.publishing import Publish
from pmcore.usecases.review import ReturnForChanges, ShareDraft, SubmitForReview
from tests import reviewed, surveyed
from tests.attached import TEXT
from tests.conftest import BACKENDS
from tests.db.test_action_items import terms
from tests.factories import NOON, make_incident, make_service, make_user
from tests.pages import headings
from tests.rail import scheduled
from wiring import acting, run

AT_MOST = 11
MANY = 30
pytestmark = pytest.mark.parametrize("database_url", BACKENDS, indirect=True)


@pytest.fixture
def cost(page, statements, monkeypatch):
    """`cost("read.py", who, id="1")`: what opening the page says to the database; it has to stand without an error."""

    def cost(path, user_id, panel=None, **query):
        shown = panel and page(path, user_id, query=query)
        for name, value in (panel or {}).items():
            shown.session_state[name] = value
        acting.forget()
        monkeypatch.setattr(acting, "REMEMBERED_SECONDS", 60.0)  # on a busy machine opening it takes longer
        with statements() as said:
            shown = shown.run() if shown else page(path, user_id, query=query)
        where = f"{path} {query} {panel or ''} for {user_id}"
        assert not shown.exception, where
        assert not shown.error, where
        told = "\n".join(" ".join(each.split())[:200] for each in said)
        assert len(said) <= AT_MOST, f"{where}: {len(said)} statements\n{told}"
        return shown

    return cost


def fill(engine, story, count):
    """So many rows in each section, so many items, people, services, lines, and incidents of the same cause."""
    numbers = range(count)
    rows = [{"id": f"r{number}"} for number in numbers]
    for key, content in {
        SectionKey.TIMELINE: {
            "entries": [
                {**row, "at": f"2025-12-14T07:00:{number:02d}+00:00", "kind": "other", "event": "x", "actor": "y"}
                for number, row in enumerate(rows)
            ]
        },
        SectionKey.ROOT_CAUSE: {
            "whys": [
                {**row, "parent": f"r{number - 1}" if number % 5 else "", "question": "Why?", "answer": "So",
                 "stop_because": "", "action": "1"}
                for number, row in enumerate(rows)
            ],
            "factors": [{"id": f"f{number}", "text": "x"} for number in numbers],
        },
        SectionKey.LESSONS: {"lessons": [{**row, "kind": "went_well", "text": "x"} for row in rows]},
        SectionKey.PREVENTION: {"measures": [{**row, "horizon": "immediate", "text": "x"} for row in rows]},
        SectionKey.REFERENCES: {
            "related": [{"id": f"x{n}", "public_id": f"P0-{n + 2:03d}", "text": "x"} for n in numbers],
            "links": [{**row, "label": "x", "url": "https://x.example"} for row in rows],
        },
    }.items():  # fmt: skip
        reviewed.write(engine, story, key, **content)
    with acting.as_user(story.author):
        for number in numbers:
            run(
                AttachFile(
                    postmortem_id=story.id, section=SectionKey.TIMELINE, name=f"{number}.txt", data=TEXT, caption="x"
                )
            )
        for number in numbers[1:]:
            owner = story.author if number % 2 else story.lead
            run(ProposeItem(postmortem_id=story.id, terms=terms(owner, title=f"Item {number}"), commit=True))
    with Session(engine.execution_options(writes=True)) as session, session.begin():
        for number in numbers:
            person = make_user(session, f"Person {number}", Role.ENGINEER)
            role = MemberRole.CO_AUTHOR if number % 2 else MemberRole.PARTICIPANT
            session.add(MemberRow(postmortem_id=story.id, user_id=person.id, role=role))
            make_service(session, f"service {number}")
            session.add(
                LogEntryRow(
                    uuid=f"u{number}", incident_id=story.incident_id, at=NOON - timedelta(seconds=number),
                    kind="other", text=f"Line {number}", author_id=person.id, deleted_at=None,
                )
            )  # fmt: skip
        same_cause = [
            make_incident(
                session, public_id=f"P0-{number + 2:03d}", reporter_id=story.author, service_id=1,
                started_at=NOON - timedelta(hours=6 + number), detected_at=None,
            ).id
            for number in numbers
        ]  # fmt: skip
    with acting.as_user(story.lead):
        for incident_id in same_cause[::2]:
            run(
                SettleIncident(
                    incident_id=incident_id, disposition=Disposition.COVERED, reason="One cause",
                    covered_by_id=story.id,
                )
            )  # fmt: skip
    return same_cause


def submit(story):
    with acting.as_user(story.author):
        run(SubmitForReview(postmortem_id=story.id, reviewer_ids=story.reviewers))


def sign_all(engine, story):
    for role in SignRole:
        reviewed.sign(engine, story, role)


def publish(engine, story):
    sign_all(engine, story)
    with acting.as_user(story.author):
        run(Publish(postmortem_id=story.id, note="Again"))


def made(engine, state, count):
    """A post-mortem that stands there; a second round of review stands behind those that are published."""
    story = reviewed.drafted(engine)
    fill(engine, story, count)
    if state == "draft":
        with acting.as_user(story.author):
            run(ShareDraft(postmortem_id=story.id))
        return story
    submit(story)
    reviewed.sign(engine, story, SignRole.TECH_LEAD)
    with acting.as_user(story.manager):
        run(ReturnForChanges(postmortem_id=story.id, role=SignRole.ENGINEERING_MANAGER, reasons="Say more"))
    if state == "in_review":
        return story
    submit(story)
    publish(engine, story)
    if state == "amended":
        with acting.as_user(story.author):
            run(StartAmendment(postmortem_id=story.id))
        reviewed.write(engine, story, SectionKey.RESOLUTION, immediate_fix="Another one")
        submit(story)
        publish(engine, story)
        with acting.as_user(story.author):
            run(StartAmendment(postmortem_id=story.id))
        reviewed.write(engine, story, SectionKey.SUMMARY, incident="Told anew")
    return story


def meet(story):
    """A running meeting with notes, and time that was noted."""
    scheduled(None, story=story)
    with acting.as_user(story.author):
        run(BeginMeeting(postmortem_id=story.id))
        run(SaveNotes(postmortem_id=story.id, notes="Said", version=1))
        run(NoteTime(postmortem_id=story.id, kind=TimeKind.WRITING, minutes=90))


@pytest.mark.parametrize("count", [1, MANY])
@pytest.mark.parametrize("state", ["draft", "in_review", "published", "amended"])
def test_reading_and_writing(wired, clock, cost, state, count):
    story = made(wired, state, count)
    number = str(story.id)
    for section in SectionKey:
        shown = cost("write.py", story.author, id=number, section=section)
        assert headings.section(shown).startswith(f"{list(SectionKey).index(section) + 1}. ")
        assert shown.get("markdown")
    for view in ("history", "preview"):
        cost("write.py", story.author, id=number, section="root_cause", view=view)
    for reader in (story.lead, story.bystander):
        cost("write.py", reader, id=number, section="timeline")
    cost("write.py", story.author, {"item-open": "new"}, id=number, section="action_items")
    for reader in (story.author, story.lead, story.bystander):
        cost("read.py", reader, id=number)
    meet(story)
    for reader in (story.author, story.lead, story.bystander):
        for path in ("read.py", "meeting.py", "feedback.py", ""):
            cost(path, reader, id=number)
    cost("", story.manager)
    if state == "amended":
        cost("read.py", story.author, id=number, edition="1")
        cost("read.py", story.author, id=number, edition="draft")


@pytest.mark.parametrize("count", [1, MANY])
def test_every_other_page(wired, clock, cost, rows, count):
    story = made(wired, "published", count)
    with rows() as session:
        admin = make_user(session, "Ada", Role.ADMINISTRATOR, Role.ENGINEERING_MANAGER, Role.TECH_LEAD).id
        others = [make_user(session, f"Deputy {number}", Role.ENGINEER).id for number in range(count)]
        open_ones = [
            make_incident(
                session, public_id=f"P1-{number + 1:03d}", severity=Severity.P1, reporter_id=admin, service_id=1,
                started_at=NOON - timedelta(hours=2), detected_at=None, resolved_at=None,
            ).id
            for number in range(count)
        ]  # fmt: skip
        session.get(IncidentRow, open_ones[0]).restricted = True
    with acting.as_user(admin):
        for other in others:
            run(
                SetDeputy(
                    principal_id=admin, deputy_id=other, role=Role.TECH_LEAD, starts_on=date(2025, 12, 14),
                    ends_on=date(2025, 12, 20),
                )
            )  # fmt: skip
            run(OpenSession(user_id=admin))
            run(NameViewer(incident_id=open_ones[0], user_id=other))
    for reader in (story.author, admin):
        for path in ("", "report.py", "incidents.py", "tracker.py", "actions.py", "metrics.py", "account.py"):
            cost(path, reader)
        for metric in Metric:
            cost("metrics.py", reader, metric=metric)
    cost("report.py", story.author, reported=str(story.incident_id))
    for panel in ("owed", "facts", "more"):
        cost("log.py", admin, {"log-panel": panel}, id=str(open_ones[0]))
        cost("log.py", story.author, {"log-panel": panel}, id=str(story.incident_id))
    for choice in (Choice.HAND_OVER, Choice.WAIVE, Choice.COVER, Choice.DUPLICATE, Choice.NOT_AN_INCIDENT):
        cost(
            "incidents.py",
            admin,
            {f"panel-choice-{open_ones[-1]}": choice},
            open=str(open_ones[-1]),
            since="2025-01-01",
        )
    cost("tracker.py", admin, text="mail", since="2025-01-01", dry_runs="1", page="2")
    cost("actions.py", admin, {"actions-table-1": {"selection": {"rows": [0], "columns": [], "cells": []}}})
    for tab in ("People", "Workspace", "Services", "Policy"):
        cost("settings.py", admin, {"settings-tab": tab})


@pytest.mark.parametrize("count", [1, MANY])
def test_the_survey(wired, clock, cost, rows, count):
    """Open, answered, over, closed; with Home, where it is due and where it waits."""
    people = surveyed.staff(rows, 6)
    with rows() as session:
        for number in range(count):
            given = [surveyed.answer(4, keep="x")] * 6
            surveyed.past_round(session, *given, year=2000 + number // 4, number=number % 4 + 1)
    clock.now = surveyed.OPENED
    readers = (people.engineers[0], people.manager, people.administrator, people.viewer)
    surveyed.looked(people.viewer)  # whoever is the first opens it, and later closes it: twice a quarter
    for path in ("", "survey.py"):
        for reader in readers:
            cost(path, reader)
    surveyed.answered(people.engineers)
    cost("survey.py", people.engineers[0])
    clock.now = surveyed.AFTER_CLOSING
    surveyed.looked(people.viewer)
    for reader in readers:
        cost("survey.py", reader)
