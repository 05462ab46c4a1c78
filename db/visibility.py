"""Who sees what, as SQL: the one answer that every query and every repository asks.

A restricted incident is seen by administrators, its reporter, the author it is owed by, those who work on its
post-mortem and people named to see it. Until a draft is shared its text is read by its author, co-authors and
participants only; its existence and progress are no secret.
"""

from sqlalchemy import ColumnElement, Select, and_, exists, false, or_, select, true
from sqlalchemy.orm import aliased

from db.functions import is_one_of
from db.models import (
    ActionItemRow,
    IncidentRow,
    IncidentViewerRow,
    MemberRow,
    ObligationRow,
    PostmortemRow,
    UserRoleRow,
    UserRow,
)
from pmcore.domain.permissions import Actor, Right, holders
from pmcore.domain.sign_off import SIGN_RIGHTS
from pmcore.domain.vocabulary import ActionState, Amendment, MemberRole

#: Named apart from the post-mortem that is asked about, so that a question of one is known for that.
_Written = aliased(PostmortemRow, name="written")


def can_see(actor: Actor) -> ColumnElement[bool]:
    """A condition on IncidentRow; post-mortems, items and log entries are seen with their incident.

    Soft-deleted incidents are seen by nobody.
    """
    return could_see(actor) & IncidentRow.deleted_at.is_(None)


def could_see(actor: Actor) -> ColumnElement[bool]:
    """The same with deleted incidents, for the one question that needs them: bringing one back."""
    if not actor.may(Right.READ):
        return false()
    if actor.may(Right.SEE_RESTRICTED):
        return true()
    me = actor.user_id
    named = or_(
        IncidentRow.reporter_id == me,
        _of_incident(ObligationRow.incident_id == IncidentRow.id, ObligationRow.author_id == me),
        _of_incident(IncidentViewerRow.incident_id == IncidentRow.id, IncidentViewerRow.user_id == me),
        _of_incident(_Written.incident_id == IncidentRow.id, _Written.author_id == me),
        select(MemberRow.user_id)
        .join(_Written, _Written.id == MemberRow.postmortem_id)
        .where(_Written.incident_id == IncidentRow.id, MemberRow.user_id == me)
        .correlate(IncidentRow)
        .exists(),
    )
    return or_(IncidentRow.restricted.is_(False), named)


def _of_incident(*conditions: ColumnElement[bool]) -> ColumnElement[bool]:
    """Tied to the outer query by its incident alone, even where that joins the same tables."""
    return exists().where(*conditions).correlate(IncidentRow)


def can_read_text(actor: Actor) -> ColumnElement[bool]:
    """A condition on PostmortemRow, beside `can_see`: may the sections' text be shown, not just its progress?"""
    me = actor.user_id
    works_on_it = (
        exists()
        .where(
            MemberRow.postmortem_id == PostmortemRow.id,
            MemberRow.user_id == me,
            is_one_of(MemberRow.role, (MemberRole.CO_AUTHOR, MemberRole.PARTICIPANT)),
        )
        .correlate(PostmortemRow)
    )
    return or_(PostmortemRow.shared_at.is_not(None), PostmortemRow.author_id == me, works_on_it) & true()


def can_read_draft(actor: Actor) -> ColumnElement[bool]:
    """A condition on PostmortemRow, beside `can_see`: whether the working copy's text may be shown.

    Before the first edition that is `can_read_text`. The draft of the next edition is read by those who work on it,
    and by those who may sign once it is in review; everybody else reads the edition.
    """
    in_charge = or_(
        PostmortemRow.author_id == actor.user_id,
        exists()
        .where(MemberRow.postmortem_id == PostmortemRow.id, MemberRow.user_id == actor.user_id)
        .correlate(PostmortemRow),
    )
    may_sign = any(actor.may(right) for right in SIGN_RIGHTS.values())
    signs = and_(PostmortemRow.amendment == Amendment.IN_REVIEW, true() if may_sign else false())
    amends = and_(PostmortemRow.edition_number > 0, or_(in_charge, signs))
    return or_(and_(PostmortemRow.edition_number == 0, can_read_text(actor)), amends)


def id_for(postmortem_id: int, actor: Actor, *conditions: ColumnElement[bool]) -> Select[int]:
    """The post-mortem's id where this person may see it and the conditions on PostmortemRow hold; else no row."""
    return (
        select(PostmortemRow.id)
        .join(IncidentRow, IncidentRow.id == PostmortemRow.incident_id)
        .where(PostmortemRow.id == postmortem_id, PostmortemRow.deleted_at.is_(None), can_see(actor), *conditions)
    )


def can_read_item(actor: Actor) -> ColumnElement[bool]:
    """A condition on ActionItemRow, beside `can_see`: with its post-mortem's text; one's own item always.

    What was committed stays in sight while the next edition is written; proposals for that are part of its draft.
    """
    return or_(
        can_read_draft(actor),
        can_read_text(actor) & (ActionItemRow.state != ActionState.PROPOSED),
        ActionItemRow.owner_id == actor.user_id,
    )


def is_named_person() -> ColumnElement[bool]:
    """A condition on UserRow beside IncidentRow and PostmortemRow: the same rule for others than who asks.

    People who may see the incident; all, where it is not restricted.
    """
    return or_(
        IncidentRow.restricted.is_(False),
        IncidentRow.reporter_id == UserRow.id,
        PostmortemRow.author_id == UserRow.id,
        exists().where(IncidentViewerRow.incident_id == IncidentRow.id, IncidentViewerRow.user_id == UserRow.id),
        exists().where(ObligationRow.incident_id == IncidentRow.id, ObligationRow.author_id == UserRow.id),
        exists().where(MemberRow.postmortem_id == PostmortemRow.id, MemberRow.user_id == UserRow.id),
        exists().where(UserRoleRow.user_id == UserRow.id, UserRoleRow.role.in_(holders(Right.SEE_RESTRICTED))),
    )
