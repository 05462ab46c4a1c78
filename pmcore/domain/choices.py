"""What a person may do with an incident next. Pages show these as buttons; each command asks again for itself."""

from enum import StrEnum

from pmcore.domain.permissions import Actor, Right
from pmcore.domain.vocabulary import Disposition, ObligationLevel, PostmortemStatus


class Choice(StrEnum):
    """In the order in which a page offers them."""

    START = "start"
    WRITE = "write"
    READ = "read"
    LOG = "log"
    EDIT = "edit"
    SEVERITY = "severity"
    HAND_OVER = "hand_over"
    WAIVE = "waive"
    APPROVE_WAIVER = "approve_waiver"
    WITHDRAW_WAIVER = "withdraw_waiver"
    COVER = "cover"
    DUPLICATE = "duplicate"
    NOT_AN_INCIDENT = "not_an_incident"
    REOPEN = "reopen"
    DELETE = "delete"


def choices(
    *,
    actor: Actor,
    level: ObligationLevel,
    disposition: Disposition | None,
    is_own: bool,
    owes_it: bool,
    approvers: tuple[int, ...],
    is_waived: bool,
    dry_run: bool,
    status: PostmortemStatus | None,
    writes_it: bool,
) -> tuple[Choice, ...]:
    """`is_own`: reported or owed by the actor; `owes_it`: owed by the actor or by nobody yet; `approvers`: of the open
    waiver; `status`: of the incident's own post-mortem; `writes_it`: its author or a co-author."""
    required = level is ObligationLevel.REQUIRED
    open_still = disposition is None
    may_excuse = actor.may(Right.WAIVE) and not is_own and required and open_still
    published = status in (PostmortemStatus.PUBLISHED, PostmortemStatus.CLOSED)
    writer = actor.may(Right.WRITE)
    offered = {
        Choice.START: status is None and open_still and writer,
        Choice.WRITE: status is not None and writes_it and not published,
        Choice.READ: status is not None,
        Choice.LOG: True,
        Choice.EDIT: actor.may(Right.EDIT_INCIDENT),
        Choice.SEVERITY: actor.may(Right.EDIT_INCIDENT),
        Choice.HAND_OVER: actor.may(Right.HAND_OVER) and open_still and (owes_it or actor.may(Right.SETTLE)),
        Choice.WAIVE: may_excuse and not approvers,
        Choice.APPROVE_WAIVER: may_excuse and bool(approvers) and not is_waived and actor.user_id not in approvers,
        Choice.WITHDRAW_WAIVER: actor.may(Right.WAIVE) and bool(approvers),
        Choice.COVER: actor.may(Right.SETTLE) and open_still and status is None,
        Choice.DUPLICATE: actor.may(Right.SETTLE) and open_still and (dry_run or not is_own),
        Choice.NOT_AN_INCIDENT: actor.may(Right.SETTLE) and open_still and (dry_run or not is_own),
        Choice.REOPEN: actor.may(Right.SETTLE) and not open_still,
        Choice.DELETE: actor.may(Right.EDIT_INCIDENT)
        and status is None
        and (dry_run or not required or (actor.may(Right.WAIVE) and not is_own)),
    }
    return tuple(choice for choice in Choice if offered[choice])
