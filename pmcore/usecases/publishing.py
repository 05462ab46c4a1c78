"""Commands that change what readers see: publish, close, reopen."""

from dataclasses import dataclass, replace
from datetime import datetime

from pmcore.domain import edition, lifecycle
from pmcore.domain.action_item import FINISHED, ActionItem, commit
from pmcore.domain.errors import N_, PmError, Refusals
from pmcore.domain.incident import Incident
from pmcore.domain.lifecycle import Event
from pmcore.domain.permissions import Actor, Right, require
from pmcore.domain.postmortem import Postmortem, with_role
from pmcore.domain.progress import item_standing, missing_to_publish
from pmcore.domain.retrospective import require_verdict
from pmcore.domain.sign_off import SignOff, missing_signatures
from pmcore.domain.vocabulary import ActionState, ClockKind, MemberRole
from pmcore.domain.waiting import split
from pmcore.ports import Clock, OpenUnitOfWork, UnitOfWork
from pmcore.usecases.under_review import blanks_of, locked, require_in_charge, sign_offs_of, stop_clocks


class StillOpen(PmError):
    """A promise is not kept yet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Publish:
    postmortem_id: int
    note: str = ""  #: what this edition changes; needed from the second on


@dataclass(frozen=True, slots=True, kw_only=True)
class ClosePostmortem:
    postmortem_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ReopenPostmortem:
    """Undo of ClosePostmortem."""

    postmortem_id: int


def publish(command: Publish, *, actor: Actor, begin: OpenUnitOfWork, clock: Clock) -> int:
    """Freeze the next edition and show it to everybody; complete proposals become promises. Returns its number.

    Raises Forbidden, NotFound, NotTheAuthor, NotNow, NoteMissing; Refusals with all that is missing.
    """
    require(actor, Right.PUBLISH)
    now = clock()
    with begin() as work:
        incident, postmortem = locked(work, command.postmortem_id, actor)
        require_in_charge(postmortem, actor)
        status, amendment = lifecycle.step(
            status=postmortem.status, amendment=postmortem.amendment, event=Event.PUBLISH
        )
        number = postmortem.edition_number + 1
        note = edition.note_of(command.note, number=number)
        sign_offs = sign_offs_of(work, incident, postmortem)
        _require_complete(work, incident, postmortem, sign_offs)
        items = _commit_proposals(work, postmortem, now=now)
        work.reviews.add_edition(
            edition.Edition(
                postmortem_id=postmortem.id,
                number=number,
                content=_content(work, incident, postmortem, items, sign_offs, number=number, now=now),
                note=note,
                published_at=now,
                by_id=actor.user_id,
            )
        )
        work.attachments.publish(postmortem.id, number=number)
        published = replace(
            postmortem,
            status=status,
            amendment=amendment,
            edition_number=number,
            first_published_at=postmortem.first_published_at or now,
            changed_at=now,
        )
        work.postmortems.save(published)
        work.action_items.recount(postmortem.id)
        stop_clocks(work, postmortem, ClockKind.PUBLISHED, by_id=actor.user_id, at=now)
        if number == 1:
            _keep_time(work, incident, postmortem, sign_offs, now=now)
        work.audit(actor_id=actor.user_id, did="publish", to=f"postmortem/{postmortem.id}/{number}", at=now)
    return number


def _keep_time(
    work: UnitOfWork, incident: Incident, postmortem: Postmortem, sign_offs: tuple[SignOff, ...], *, now: datetime
) -> None:
    """Where the time until the first edition went; nothing where no clock ran."""
    start = work.obligations.get(incident.id).starts_at
    required = [sign_off.role for sign_off in sign_offs]
    took = start and split(work.reviews.way(postmortem.id), required=required, start=start, end=now)
    if took:
        work.reviews.keep_publishing_time(postmortem.id, took)


def close_postmortem(command: ClosePostmortem, *, actor: Actor, begin: OpenUnitOfWork, clock: Clock) -> None:
    """Put it away once its promises are kept and day 30 has its verdict.

    Raises Forbidden, NotFound, NotNow, BadVerdict; Refusals with what is open.
    """
    require(actor, Right.CLOSE)
    now = clock()
    with begin() as work:
        _, postmortem = locked(work, command.postmortem_id, actor)
        status, amendment = lifecycle.step(status=postmortem.status, amendment=postmortem.amendment, event=Event.CLOSE)
        still_open = tuple(
            StillOpen(N_("AI-{number} is still open: finish it, or say why it will not be done."), number=item.number)
            for item in work.action_items.of(postmortem.id)
            if item.state not in FINISHED
        )
        if still_open:
            raise Refusals(still_open)
        if postmortem.imported is None:
            require_verdict(work.rail.verdict(postmortem.id))
        work.postmortems.save(replace(postmortem, status=status, amendment=amendment, changed_at=now))
        work.audit(actor_id=actor.user_id, did="close", to=f"postmortem/{postmortem.id}", at=now)


def reopen_postmortem(command: ReopenPostmortem, *, actor: Actor, begin: OpenUnitOfWork, clock: Clock) -> None:
    """Raises Forbidden, NotFound, NotNow."""
    require(actor, Right.CLOSE)
    now = clock()
    with begin() as work:
        _, postmortem = locked(work, command.postmortem_id, actor)
        status, amendment = lifecycle.step(status=postmortem.status, amendment=postmortem.amendment, event=Event.REOPEN)
        work.postmortems.save(replace(postmortem, status=status, amendment=amendment, changed_at=now))
        work.audit(actor_id=actor.user_id, did="reopen", to=f"postmortem/{postmortem.id}", at=now)


def _require_complete(
    work: UnitOfWork, incident: Incident, postmortem: Postmortem, sign_offs: tuple[SignOff, ...]
) -> None:
    """Raises Refusals."""
    problems = (
        *missing_to_publish(
            blanks_of(work.sections.all(postmortem.id)),
            [item_standing(item) for item in work.action_items.of(postmortem.id)],
            severity=incident.highest_severity,
        ),
        *missing_signatures(sign_offs),
    )
    if problems:
        raise Refusals(problems)


def _commit_proposals(work: UnitOfWork, postmortem: Postmortem, *, now: datetime) -> tuple[ActionItem, ...]:
    """All items, the proposals among them committed: a published promise is a promise."""
    for item in work.action_items.of(postmortem.id):
        if item.state is ActionState.PROPOSED:
            work.action_items.save(commit(item, now=now))
    return work.action_items.of(postmortem.id)


def _content(
    work: UnitOfWork,
    incident: Incident,
    postmortem: Postmortem,
    items: tuple[ActionItem, ...],
    sign_offs: tuple[SignOff, ...],
    *,
    number: int,
    now: datetime,
) -> edition.Content:
    reviewers = with_role(postmortem, MemberRole.REVIEWER)
    sections = work.sections.all(postmortem.id)
    named = {
        postmortem.author_id,
        *(member.user_id for member in postmortem.members),
        *(item.owner_id for item in items if item.owner_id),
        *(sign_off.signature.user_id for sign_off in sign_offs if sign_off.signature),
        *(entry.author_id for entry in work.incidents.log(incident.id)),
    }
    return edition.content(
        incident=incident,
        author_id=postmortem.author_id,
        reviewer_ids=reviewers,
        sections={key: stored.content for key, stored in sections.items()},
        items=items,
        sign_offs=sign_offs,
        people=work.reviews.named(named),
        updated_at=now,
        published_at=now,
        number=number,
    )
