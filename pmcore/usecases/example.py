"""The worked example, told by the same commands that people use, with the clock of its story: a dry run from the first
alert to the published, signed document. All of it in one transaction."""

from collections.abc import Mapping
from contextlib import nullcontext
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from pmcore.domain.errors import N_, PmError
from pmcore.domain.item_terms import Terms
from pmcore.domain.people import Person
from pmcore.domain.permissions import Actor, Right, require
from pmcore.domain.sections import Content
from pmcore.domain.vocabulary import DetectionMethod, Language, SectionKey, Severity, SignRole
from pmcore.ports import Clock, NewId, OpenUnitOfWork, UnitOfWork
from pmcore.usecases import example_story as story
from pmcore.usecases.action_items import ProposeItem, propose_item
from pmcore.usecases.example_cast import CTO, ENGINEER, MANAGER, PEOPLE, TECH_LEAD, Placeholder
from pmcore.usecases.incidents import MoreFacts, ReportIncident, report_incident
from pmcore.usecases.publishing import Publish, publish
from pmcore.usecases.review import ShareDraft, Sign, SubmitForReview, share_draft, sign_postmortem, submit_for_review
from pmcore.usecases.start import StartPostmortem, start_postmortem
from pmcore.usecases.writing import SaveSection, save_section


class AlreadyLoaded(PmError):
    """The example's people are here, so it was loaded before."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadExample:
    """Marked as a dry run, so that no figure counts it."""


def load_example(command: LoadExample, *, actor: Actor, begin: OpenUnitOfWork, clock: Clock, new_id: NewId) -> int:
    """Returns the id of the published post-mortem. Raises Forbidden, AlreadyLoaded."""
    require(actor, Right.MANAGE_WORKSPACE)
    with begin() as work:
        if work.people.find(ENGINEER.username):
            raise AlreadyLoaded(
                N_("The worked example is here already; look for it in the tracker, dry runs included.")
            )
        cast = {one: _hire(work, one) for one in PEOPLE}
        postmortem_id = _Telling(work=work, cast=cast, new_id=new_id).tell()
        for one in cast.values():
            work.people.save(replace(work.people.get(one.user_id), active=False))
        work.audit(actor_id=actor.user_id, did="load_example", to=f"postmortem/{postmortem_id}", at=clock())
    return postmortem_id


def _hire(work: UnitOfWork, one: Placeholder) -> Actor:
    """A person without a password. Active while the story lasts, so that they may own and sign; not afterwards."""
    person = Person(
        id=0,
        username=one.username,
        name=one.name,
        language=Language.ENGLISH,
        password_hash=None,
        active=True,
        roles=frozenset(one.roles),
        created_at=story.STARTED,
    )
    return Actor(user_id=work.people.add(person), name=one.name, roles=person.roles)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Telling:
    work: UnitOfWork
    cast: Mapping[Placeholder, Actor]
    new_id: NewId

    def tell(self) -> int:
        author = self.cast[ENGINEER]
        incident_id = self._report(author)
        postmortem_id = start_postmortem(
            StartPostmortem(incident_id=incident_id),
            actor=author, begin=self._begin, clock=_at(story.DRAFT_BEGUN), new_id=self.new_id,
        )  # fmt: skip
        for key, content in self._sections().items():
            self._save(postmortem_id, key, content, author)
        self._propose(postmortem_id, author)
        begin = self._begin
        share_draft(ShareDraft(postmortem_id=postmortem_id), actor=author, begin=begin, clock=_at(story.DRAFT_SHARED))
        reviewers = [self.cast[one] for one in (TECH_LEAD, MANAGER, CTO)]
        submit_for_review(
            SubmitForReview(postmortem_id=postmortem_id, reviewer_ids=tuple(one.user_id for one in reviewers)),
            actor=author, begin=begin, clock=_at(story.SUBMITTED),
        )  # fmt: skip
        for role, reviewer in zip(SignRole, reviewers, strict=True):
            seen = self.work.postmortems.get(postmortem_id, actor=reviewer).section_hashes
            sign_postmortem(
                Sign(postmortem_id=postmortem_id, role=role, seen=seen),
                actor=reviewer, begin=begin, clock=_at(story.SIGNED),
            )  # fmt: skip
        publish(Publish(postmortem_id=postmortem_id), actor=author, begin=begin, clock=_at(story.PUBLISHED))
        return postmortem_id

    def _begin(self) -> nullcontext[UnitOfWork]:
        """Every command of the story joins the one transaction."""
        return nullcontext(self.work)

    def _report(self, author: Actor) -> int:
        facts = MoreFacts(
            detected_at=story.DETECTED,
            acknowledged_at=story.ACKNOWLEDGED,
            resolved_at=story.RESOLVED,
            detection_method=DetectionMethod.ALERT,
            **story.FACTS,
        )
        command = ReportIncident(
            title=story.TITLE, severity=Severity.P0, service=story.SERVICE, started_at=story.STARTED, zone=story.ZONE,
            dry_run=True, facts=facts,
        )  # fmt: skip
        return report_incident(command, actor=author, begin=self._begin, clock=_at(story.RESOLVED))

    def _save(self, postmortem_id: int, key: SectionKey, content: Content, author: Actor) -> None:
        stored = self.work.sections.get(postmortem_id, key)
        save_section(
            SaveSection(postmortem_id=postmortem_id, key=key, base_version=stored.version, content=content),
            actor=author, begin=self._begin, clock=_at(story.DRAFT_BEGUN + timedelta(minutes=30)),
        )  # fmt: skip

    def _sections(self) -> dict[SectionKey, Content]:
        row = self.new_id
        whys = [row() for _ in story.WHYS]
        return {
            SectionKey.SUMMARY: story.SUMMARY,
            SectionKey.TIMELINE: {
                "entries": [
                    {
                        "id": row(), "at": (story.STARTED + timedelta(seconds=second)).isoformat(), "kind": kind.value,
                        "event": event, "actor": by,
                    }
                    for second, kind, event, by in story.TIMELINE
                ]
            },
            SectionKey.ROOT_CAUSE: {
                "what_happened": story.WHAT_HAPPENED,
                "root_cause": story.ROOT_CAUSE,
                "factors": [{"id": row(), "text": text} for text in story.FACTORS],
                "whys": [
                    {
                        "id": whys[place], "parent": "" if why.parent is None else whys[why.parent],
                        "question": why.question, "answer": why.answer, "stop_because": why.stop_because,
                        "action": why.action.removeprefix("AI-"),
                    }
                    for place, why in enumerate(story.WHYS)
                ],
            },
            SectionKey.IMPACT: story.IMPACT,
            SectionKey.RESOLUTION: {"immediate_fix": story.IMMEDIATE_FIX, "validation": story.VALIDATION},
            SectionKey.LESSONS: {
                "lessons": [{"id": row(), "kind": kind.value, "text": text} for kind, text in story.LESSONS]
            },
            SectionKey.PREVENTION: {
                "measures": [{"id": row(), "horizon": when.value, "text": text} for when, text in story.MEASURES]
            },
            SectionKey.REFERENCES: {
                "related": [{"id": row(), "public_id": known, "text": text} for known, text in story.RELATED]
            },
            SectionKey.SIGN_OFF: {"distribution": story.DISTRIBUTION},
        }  # fmt: skip

    def _propose(self, postmortem_id: int, author: Actor) -> None:
        for item in story.ITEMS:
            terms = Terms(
                title=item.title, kind=item.kind, priority=item.priority, owner_id=self.cast[item.owner].user_id,
                due_on=item.due_on, criterion=item.criterion,
            )  # fmt: skip
            propose_item(
                ProposeItem(postmortem_id=postmortem_id, terms=terms, commit=True),
                actor=author, begin=self._begin, clock=_at(story.DRAFT_BEGUN + timedelta(hours=1)),
            )  # fmt: skip


def _at(moment: datetime) -> Clock:
    return lambda: moment
