"""Commands of the meeting: plan it, run it, keep what it brought."""

from dataclasses import dataclass
from datetime import datetime

from pmcore.domain import meeting as rules
from pmcore.domain.errors import N_, EditConflict, NotFound
from pmcore.domain.incident import Incident
from pmcore.domain.item_terms import Terms
from pmcore.domain.lifecycle import Event, allowed
from pmcore.domain.meeting import BadMeeting, Meeting, NotYourMeeting, Plan
from pmcore.domain.permissions import Actor, Right, require
from pmcore.domain.postmortem import Postmortem, is_author
from pmcore.domain.vocabulary import ActionKind, ActionPriority
from pmcore.ports import Clock, NewId, OpenUnitOfWork, UnitOfWork
from pmcore.usecases.action_items import add_proposal
from pmcore.usecases.amending import open_amendment
from pmcore.usecases.under_review import locked


@dataclass(frozen=True, slots=True, kw_only=True)
class ScheduleMeeting:
    """Set a date, or another one."""

    postmortem_id: int
    plan: Plan
    version: int = 0  #: of the meeting as it was shown; 0: there was none


@dataclass(frozen=True, slots=True, kw_only=True)
class BeginMeeting:
    postmortem_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class EndMeeting:
    postmortem_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ResumeMeeting:
    """Undo of EndMeeting."""

    postmortem_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TickAttendance:
    postmortem_id: int
    user_id: int
    attended: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SaveNotes:
    postmortem_id: int
    notes: str
    version: int  #: of the notes as they were shown


@dataclass(frozen=True, slots=True, kw_only=True)
class CatchItem:
    """What somebody says should be done; who, until when and how to tell is settled afterwards."""

    postmortem_id: int
    title: str


def schedule_meeting(
    command: ScheduleMeeting, *, actor: Actor, begin: OpenUnitOfWork, clock: Clock, new_id: NewId
) -> None:
    """Raises Forbidden, NotFound, NotYourMeeting, BadMeeting, BadText, EditConflict."""
    require(actor, Right.WRITE)
    now = clock()
    with begin() as work:
        incident, postmortem = locked(work, command.postmortem_id, actor)
        known = work.meetings.of(postmortem.id)
        _require_runs(postmortem, known, actor)
        if (known.version if known else 0) != command.version:
            raise EditConflict
        meeting = rules.schedule(
            known, command.plan, postmortem_id=postmortem.id, uid=f"{new_id()}@postmortem",
            since=incident.resolved_at or incident.started_at, now=now,
        )  # fmt: skip
        _require_able(work, meeting, known)
        work.meetings.save(meeting)
        work.audit(actor_id=actor.user_id, did="schedule_meeting", to=f"postmortem/{postmortem.id}", at=now)


def begin_meeting(command: BeginMeeting, *, actor: Actor, begin: OpenUnitOfWork, clock: Clock) -> None:
    """Raises Forbidden, NotFound, NotYourMeeting."""
    require(actor, Right.WRITE)
    now = clock()
    with begin() as work:
        _, _, meeting = _running(work, command.postmortem_id, actor)
        _keep(work, rules.begin(meeting, now=now), did="begin_meeting", actor=actor, now=now)


def end_meeting(command: EndMeeting, *, actor: Actor, begin: OpenUnitOfWork, clock: Clock) -> None:
    """Raises Forbidden, NotFound, NotYourMeeting, BadMeeting."""
    require(actor, Right.WRITE)
    now = clock()
    with begin() as work:
        _, _, meeting = _running(work, command.postmortem_id, actor)
        _keep(work, rules.end(meeting, now=now), did="end_meeting", actor=actor, now=now)


def resume_meeting(command: ResumeMeeting, *, actor: Actor, begin: OpenUnitOfWork, clock: Clock) -> None:
    """Raises Forbidden, NotFound, NotYourMeeting."""
    require(actor, Right.WRITE)
    now = clock()
    with begin() as work:
        _, _, meeting = _running(work, command.postmortem_id, actor)
        _keep(work, rules.resume(meeting, now=now), did="resume_meeting", actor=actor, now=now)


def tick_attendance(command: TickAttendance, *, actor: Actor, begin: OpenUnitOfWork, clock: Clock) -> None:
    """Everybody may tick oneself. Raises Forbidden, NotFound, NotYourMeeting, BadMeeting."""
    require(actor, Right.READ)
    now = clock()
    with begin() as work:
        if command.user_id == actor.user_id:
            _, postmortem = locked(work, command.postmortem_id, actor)
            meeting = _there(work, postmortem)
        else:
            _, postmortem, meeting = _running(work, command.postmortem_id, actor)
        rules.require_invited(meeting, command.user_id)
        work.meetings.tick(postmortem.id, command.user_id, attended=command.attended)
        did = "attended" if command.attended else "not_attended"
        work.audit(actor_id=actor.user_id, did=did, to=f"meeting/{postmortem.id}/{command.user_id}", at=now)


def save_notes(command: SaveNotes, *, actor: Actor, begin: OpenUnitOfWork, clock: Clock) -> None:
    """Raises Forbidden, NotFound, NotYourMeeting, BadText; EditConflict when somebody saved first."""
    require(actor, Right.WRITE)
    now = clock()
    with begin() as work:
        _, postmortem, meeting = _running(work, command.postmortem_id, actor)
        notes = rules.noted(command.notes)
        if notes == meeting.notes:
            return
        work.meetings.save_notes(postmortem.id, notes=notes, version=command.version)
        work.audit(actor_id=actor.user_id, did="save_notes", to=f"meeting/{postmortem.id}", at=now)


def catch_item(command: CatchItem, *, actor: Actor, begin: OpenUnitOfWork, clock: Clock) -> int:
    """A proposal; a published text is opened for its next edition by it. Returns the item's id.

    Raises Forbidden, NotFound, NotYourMeeting, NotNow, BadItem, BadText.
    """
    require(actor, Right.WRITE)
    now = clock()
    with begin() as work:
        incident, postmortem, _ = _running(work, command.postmortem_id, actor)
        if postmortem.imported is not None:
            raise BadMeeting(N_("This post-mortem came from the old tracker; its text is kept there."))
        if Event.EDIT not in allowed(postmortem.status, postmortem.amendment):
            open_amendment(work, incident, postmortem, by_id=actor.user_id, now=now)
            postmortem = work.postmortems.get(postmortem.id, actor=actor)
        terms = Terms(
            title=command.title, kind=ActionKind.PROCESS, priority=ActionPriority.MEDIUM, owner_id=None, due_on=None,
            criterion="",
        )  # fmt: skip
        return add_proposal(work, postmortem, terms, actor=actor, now=now)


def _running(work: UnitOfWork, postmortem_id: int, actor: Actor) -> tuple[Incident, Postmortem, Meeting]:
    """Raises NotFound, NotYourMeeting."""
    incident, postmortem = locked(work, postmortem_id, actor)
    meeting = _there(work, postmortem)
    _require_runs(postmortem, meeting, actor)
    return incident, postmortem, meeting


def _there(work: UnitOfWork, postmortem: Postmortem) -> Meeting:
    meeting = work.meetings.of(postmortem.id)
    if meeting is None:
        raise NotFound
    return meeting


def _require_runs(postmortem: Postmortem, meeting: Meeting | None, actor: Actor) -> None:
    named = (meeting.presenter_id, meeting.facilitator_id) if meeting else ()
    writes, manages = is_author(postmortem, actor.user_id), actor.may(Right.SETTLE)
    if not rules.runs(named, actor.user_id, is_author=writes, manages=manages):
        raise NotYourMeeting


def _require_able(work: UnitOfWork, meeting: Meeting, before: Meeting | None) -> None:
    """Whoever is invited anew can see what it is about. Raises BadMeeting."""
    known = {each.user_id for each in before.attendees} if before else set()
    if {each.user_id for each in meeting.attendees} - known - work.meetings.can_come(meeting.postmortem_id):
        raise BadMeeting(N_("Somebody among them may not see this incident, or was deactivated. Choose others."))


def _keep(work: UnitOfWork, meeting: Meeting, *, did: str, actor: Actor, now: datetime) -> None:
    work.meetings.save(meeting)
    work.audit(actor_id=actor.user_id, did=did, to=f"postmortem/{meeting.postmortem_id}", at=now)
