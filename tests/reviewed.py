"""A post-mortem on its way through review, made by the commands themselves. Needs the fixtures `wired` and `clock`."""

from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from db.unit_of_work import unit_of_work
from pmcore.domain.item_terms import Terms
from pmcore.domain.sections import FACTS
from pmcore.domain.vocabulary import ActionKind, ActionPriority, DetectionMethod, Role, SectionKey, Severity, SignRole
from pmcore.usecases.action_items import ProposeItem
from pmcore.usecases.incidents import MoreFacts, ReportIncident
from pmcore.usecases.publishing import Publish
from pmcore.usecases.review import Sign, SubmitForReview
from pmcore.usecases.start import StartPostmortem
from pmcore.usecases.writing import SaveSection
from tests.factories import NOON, make_policy, make_service, make_user, make_workspace
from tests.told import told_once
from wiring import acting, run

WRITTEN: dict[SectionKey, dict[str, Any]] = {
    SectionKey.SUMMARY: {
        "incident": "Mail could not be sent.",
        "impact": "500 users, 12 minutes.",
        "root_cause": "The pool was too small.",
        "resolution": "A larger pool.",
        "prevention": "The pool is watched.",
    },
    SectionKey.TIMELINE: {
        "entries": [
            {
                "id": "t1",
                "at": "2025-12-14T07:00:00+00:00",
                "kind": "incident_start",
                "event": "500s",
                "actor": "System",
            }
        ]
    },
    SectionKey.ROOT_CAUSE: {
        "what_happened": "The pool ran dry.",
        "root_cause": "Pool size",
        "whys": [
            {
                "id": "w1",
                "parent": "",
                "question": "Why?",
                "answer": "No connections",
                "stop_because": "",
                "action": "",
            },
            {
                "id": "w2",
                "parent": "w1",
                "question": "Why none?",
                "answer": "Too few",
                "stop_because": "",
                "action": "1",
            },
            {
                "id": "w3",
                "parent": "w1",
                "question": "Why none?",
                "answer": "Leaks",
                "stop_because": "Known",
                "action": "",
            },
        ],
        "factors": [{"id": "f1", "text": "Peak traffic"}],
    },
    SectionKey.IMPACT: {"user_experience": "An error page", "user_share": "25%"},
    SectionKey.RESOLUTION: {
        "immediate_fix": "```bash\nkubectl set env DB_POOL_SIZE=50\n```",
        "validation": "`curl` said 0.999.",
    },
    SectionKey.LESSONS: {"lessons": [{"id": "l1", "kind": "went_well", "text": "The alert fired"}]},
    SectionKey.PREVENTION: {"measures": [{"id": "m1", "horizon": "immediate", "text": "Larger pool"}]},
}


@dataclass
class Story:
    """People by what they do here; `id` is the post-mortem's."""

    id: int = 0
    incident_id: int = 0
    author: int = 0
    lead: int = 0
    manager: int = 0
    cto: int = 0
    bystander: int = 0
    hashes: dict[SectionKey, str] = field(default_factory=dict)

    @property
    def reviewers(self) -> tuple[int, ...]:
        return tuple(known for known in (self.lead, self.manager, self.cto) if known)


def people(session: Session, *, with_cto: bool = True) -> Story:
    make_workspace(session)
    make_policy(session)
    make_service(session)
    return Story(
        author=make_user(session, "Anna Petrova", Role.ENGINEER).id,
        lead=make_user(session, "Boris Lead", Role.TECH_LEAD).id,
        manager=make_user(session, "Mira Manager", Role.ENGINEERING_MANAGER).id,
        cto=make_user(session, "Clara Chief", Role.CTO).id if with_cto else 0,
        bystander=make_user(session, "Egor Engineer", Role.ENGINEER).id,
    )


@told_once
def begun(engine: Engine, *, severity: Severity = Severity.P0, with_cto: bool = True, **facts: Any) -> Story:
    """An incident five hours old, resolved after 12 minutes, with an empty post-mortem of Anna's."""
    with Session(engine.execution_options(writes=True)) as session, session.begin():
        story = people(session, with_cto=with_cto)
    start = NOON - timedelta(hours=5)
    known: dict[str, Any] = {
        "detected_at": start + timedelta(minutes=2, seconds=15),
        "resolved_at": start + timedelta(minutes=12),
        "detection_method": DetectionMethod.ALERT,
        "customers_affected": 500,
        "revenue_loss_usd": Decimal(150),
        "availability_percent": Decimal("98.5"),
        "sla_breach": True,
    }
    with acting.as_user(story.author):
        story.incident_id = run(
            ReportIncident(
                title="Mail is down",
                severity=severity,
                service="email-service",
                started_at=start,
                facts=MoreFacts(**known | facts),
            )
        )
        story.id = run(StartPostmortem(incident_id=story.incident_id))
    return story


@told_once
def drafted(engine: Engine, **kind: Any) -> Story:
    """With every section written and one complete action item."""
    story = begun(engine, **kind)
    for key, content in WRITTEN.items():
        write(engine, story, key, **content)
    with acting.as_user(story.author):
        run(
            ProposeItem(
                postmortem_id=story.id,
                terms=Terms(
                    title="Watch the pool",
                    kind=ActionKind.DETECTION,
                    priority=ActionPriority.HIGH,
                    owner_id=story.author,
                    due_on=NOON.date() + timedelta(days=7),
                    criterion="An alert at 80%",
                ),
            )
        )
    return story


def write(engine: Engine, story: Story, key: SectionKey, **content: Any) -> None:
    """Save a section as its author; fields that are not named stay."""
    with unit_of_work(engine)() as work:
        stored = work.sections.get(story.id, key)
    kept = {name: value for name, value in stored.content.items() if name != FACTS}
    with acting.as_user(story.author):
        run(SaveSection(postmortem_id=story.id, key=key, base_version=stored.version, content={**kept, **content}))


def hashes(engine: Engine, story: Story) -> dict[SectionKey, str]:
    with unit_of_work(engine)() as work:
        return {key: stored.content_hash for key, stored in work.sections.all(story.id).items()}


@told_once
def submitted(engine: Engine, **kind: Any) -> Story:
    story = drafted(engine, **kind)
    with acting.as_user(story.author):
        run(SubmitForReview(postmortem_id=story.id, reviewer_ids=story.reviewers))
    return story


def sign(engine: Engine, story: Story, role: SignRole) -> None:
    by = {SignRole.TECH_LEAD: story.lead, SignRole.ENGINEERING_MANAGER: story.manager, SignRole.CTO: story.cto}[role]
    with acting.as_user(by):
        run(Sign(postmortem_id=story.id, role=role, seen=hashes(engine, story)))


@told_once
def signed(engine: Engine, **kind: Any) -> Story:
    story = submitted(engine, **kind)
    is_p0 = kind.get("severity", Severity.P0) is Severity.P0
    for role in SignRole:
        if role is not SignRole.CTO or (is_p0 and story.cto):
            sign(engine, story, role)
    return story


@told_once
def published(engine: Engine, **kind: Any) -> Story:
    story = signed(engine, **kind)
    with acting.as_user(story.author):
        run(Publish(postmortem_id=story.id))
    return story
