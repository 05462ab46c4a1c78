"""Commands of a review: share, submit, sign, withdraw, return."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from zoneinfo import ZoneInfo

from pmcore.domain import lifecycle
from pmcore.domain.errors import N_, PmError, Refusals
from pmcore.domain.lifecycle import Event
from pmcore.domain.permissions import Actor, Right, require
from pmcore.domain.postmortem import Member, require_author
from pmcore.domain.progress import item_standing, missing_to_submit
from pmcore.domain.review import reviewer_problems, send_back
from pmcore.domain.sign_off import own_signatures, require_may_sign, sign, to_withdraw
from pmcore.domain.vocabulary import ClockKind, MemberRole, SectionKey, SignRole
from pmcore.ports import Clock, OpenUnitOfWork
from pmcore.usecases.under_review import authors_of, blanks_of, locked, required_of, stop_clocks


class ChangedWhileReading(PmError):
    """What the person read is not what the signature would stand under."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ShareDraft:
    postmortem_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SubmitForReview:
    postmortem_id: int
    reviewer_ids: tuple[int, ...]  #: all who are asked; earlier ones that are left out are no longer asked


@dataclass(frozen=True, slots=True, kw_only=True)
class Sign:
    postmortem_id: int
    role: SignRole
    seen: Mapping[SectionKey, str]  #: hashes of the sections as the person was shown them


@dataclass(frozen=True, slots=True, kw_only=True)
class WithdrawSignature:
    postmortem_id: int
    role: SignRole


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnForChanges:
    postmortem_id: int
    role: SignRole
    reasons: str


def share_draft(command: ShareDraft, *, actor: Actor, begin: OpenUnitOfWork, clock: Clock) -> None:
    """Let everybody read the draft; the drafted clock stops. Raises Forbidden, NotFound, NotTheAuthor, NotNow."""
    require(actor, Right.WRITE)
    now = clock()
    with begin() as work:
        _, postmortem = locked(work, command.postmortem_id, actor)
        require_author(postmortem, actor.user_id)
        lifecycle.step(status=postmortem.status, amendment=postmortem.amendment, event=Event.SHARE)
        if postmortem.shared_at is not None:
            raise lifecycle.NotNow(N_("It has been shared already."))
        work.postmortems.save(replace(postmortem, shared_at=now, changed_at=now))
        stop_clocks(work, postmortem, ClockKind.DRAFTED, by_id=actor.user_id, at=now)
        work.audit(actor_id=actor.user_id, did="share", to=f"postmortem/{postmortem.id}", at=now)


def submit_for_review(command: SubmitForReview, *, actor: Actor, begin: OpenUnitOfWork, clock: Clock) -> None:
    """Ask people to sign; a draft that was not shared is shared by it.

    Raises Forbidden, NotFound, NotTheAuthor, NotNow; Refusals with all that is missing, each naming its section.
    """
    require(actor, Right.WRITE)
    now = clock()
    with begin() as work:
        incident, postmortem = locked(work, command.postmortem_id, actor)
        require_author(postmortem, actor.user_id)
        status, amendment = lifecycle.step(status=postmortem.status, amendment=postmortem.amendment, event=Event.SUBMIT)
        today = now.astimezone(ZoneInfo(work.workspace.get().zone)).date()
        reviewers = work.reviews.reviewers(command.reviewer_ids, today=today)
        problems = (
            *missing_to_submit(
                blanks_of(work.sections.all(postmortem.id)),
                [item_standing(item) for item in work.action_items.of(postmortem.id)],
            ),
            *reviewer_problems(
                reviewers, required=required_of(work, incident, postmortem), author_ids=authors_of(postmortem)
            ),
        )
        if problems:
            raise Refusals(problems)
        others = tuple(member for member in postmortem.members if member.role is not MemberRole.REVIEWER)
        asked = tuple(Member(user_id=person.user_id, role=MemberRole.REVIEWER) for person in reviewers)
        submitted = replace(
            postmortem,
            status=status,
            amendment=amendment,
            submitted_at=now,
            shared_at=postmortem.shared_at or now,
            changed_at=now,
            members=(*others, *asked),
        )
        work.postmortems.save(submitted)
        work.reviews.answer_returns(postmortem.id, at=now)
        stop_clocks(work, postmortem, ClockKind.DRAFTED, by_id=actor.user_id, at=now)
        work.audit(actor_id=actor.user_id, did="submit", to=f"postmortem/{postmortem.id}", at=now)


def sign_postmortem(command: Sign, *, actor: Actor, begin: OpenUnitOfWork, clock: Clock) -> None:
    """Put one's name under the sections that the role covers, as they were read.

    Raises Forbidden, NotFound, NotNow, CannotSign, ChangedWhileReading.
    """
    require(actor, Right.READ)
    now = clock()
    with begin() as work:
        incident, postmortem = locked(work, command.postmortem_id, actor)
        lifecycle.step(status=postmortem.status, amendment=postmortem.amendment, event=Event.SIGN)
        required = required_of(work, incident, postmortem)
        signature = sign(
            actor=actor,
            role=command.role,
            required=required,
            hashes=postmortem.section_hashes,
            author_ids=authors_of(postmortem),
            now=now,
        )
        if any(command.seen.get(key) != read for key, read in signature.hashes.items()):
            raise ChangedWhileReading(
                N_("The text changed while you were reading. It is shown below as it is now: read it, then sign.")
            )
        work.reviews.add_signature(postmortem.id, signature)
        work.sections.seal(postmortem.id, signature.hashes)  # what was signed can be compared with for ever
        work.postmortems.save(postmortem)
        work.audit(actor_id=actor.user_id, did=f"sign_{command.role}", to=f"postmortem/{postmortem.id}", at=now)


def withdraw_signature(command: WithdrawSignature, *, actor: Actor, begin: OpenUnitOfWork, clock: Clock) -> None:
    """Take one's own name away again. Raises Forbidden, NotFound, NotNow, NothingToWithdraw."""
    require(actor, Right.READ)
    now = clock()
    with begin() as work:
        _, postmortem = locked(work, command.postmortem_id, actor)
        lifecycle.step(status=postmortem.status, amendment=postmortem.amendment, event=Event.WITHDRAW)
        given = work.reviews.signatures(postmortem.id)
        for signature in to_withdraw(given, role=command.role, user_id=actor.user_id):
            work.reviews.withdraw(signature.id or 0, at=now)
        work.postmortems.save(postmortem)
        work.audit(actor_id=actor.user_id, did=f"withdraw_{command.role}", to=f"postmortem/{postmortem.id}", at=now)


def return_for_changes(command: ReturnForChanges, *, actor: Actor, begin: OpenUnitOfWork, clock: Clock) -> None:
    """Send the text back to its author, with reasons; the person's own signature in this role goes with it.

    Raises Forbidden, NotFound, NotNow, CannotSign, CannotReturn, BadText.
    """
    require(actor, Right.READ)
    now = clock()
    with begin() as work:
        incident, postmortem = locked(work, command.postmortem_id, actor)
        status, amendment = lifecycle.step(status=postmortem.status, amendment=postmortem.amendment, event=Event.RETURN)
        require_may_sign(
            actor,
            role=command.role,
            required=required_of(work, incident, postmortem),
            author_ids=authors_of(postmortem),
        )
        sent_back = send_back(role=command.role, user_id=actor.user_id, reasons=command.reasons, now=now)
        for signature in own_signatures(
            work.reviews.signatures(postmortem.id), role=command.role, user_id=actor.user_id
        ):
            work.reviews.withdraw(signature.id or 0, at=now)
        work.reviews.add_return(postmortem.id, sent_back)
        work.postmortems.save(replace(postmortem, status=status, amendment=amendment, changed_at=now))
        work.audit(actor_id=actor.user_id, did=f"return_{command.role}", to=f"postmortem/{postmortem.id}", at=now)
