"""All of the tracker in batches, for a sheet."""

from collections.abc import Iterator
from zoneinfo import ZoneInfo

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from db.models import ActionItemRow, IncidentRow, PostmortemRow, UserRow
from db.queries.tracker_asked import listed, matching, ordered, period, to_row
from db.visibility import can_read_item
from pmcore.domain.permissions import Actor, Right, require
from pmcore.domain.vocabulary import ActionKind, ActionPriority, ActionState
from pmcore.readmodels.tracker import ItemLine, TrackerFilter, TrackerRow

BATCH_ROWS = 1_000  #: what is held in memory at a time

# Found by the stored word; an enum's call takes several times as long, and an export makes hundreds of thousands.
_KINDS = {kind.value: kind for kind in ActionKind}
_PRIORITIES = {priority.value: priority for priority in ActionPriority}
_STATES = {state.value: state for state in ActionState}


def tracker_stream(engine: Engine, *, actor: Actor, filter: TrackerFilter) -> Iterator[TrackerRow]:
    """Every matching post-mortem in the filter's order, fetched in batches."""
    require(actor, Right.EXPORT)
    with Session(engine) as session:
        asked = ordered(listed().where(*matching(actor, filter)), filter)
        asked = asked.execution_options(stream_results=True, yield_per=BATCH_ROWS)
        for row in session.execute(asked, period(actor, filter)):
            yield to_row(row)


def item_stream(engine: Engine, *, actor: Actor, filter: TrackerFilter) -> Iterator[ItemLine]:
    """The action items of the matching post-mortems whose text the actor may read, in batches."""
    require(actor, Right.EXPORT)
    asked = (
        select(
            IncidentRow.public_id, IncidentRow.zone, ActionItemRow.number, ActionItemRow.postmortem_id,
            ActionItemRow.title, ActionItemRow.kind, ActionItemRow.priority, UserRow.name, ActionItemRow.state,
            ActionItemRow.original_due_on, ActionItemRow.due_on, ActionItemRow.done_at, ActionItemRow.criterion,
            ActionItemRow.evidence, ActionItemRow.ticket_url,
        )
        .select_from(ActionItemRow)
        .join(PostmortemRow, PostmortemRow.id == ActionItemRow.postmortem_id)
        .join(IncidentRow, IncidentRow.id == PostmortemRow.incident_id)
        .outerjoin(UserRow, UserRow.id == ActionItemRow.owner_id)
        .where(*matching(actor, filter), can_read_item(actor), ActionItemRow.deleted_at.is_(None))
        .order_by(IncidentRow.started_at.desc(), PostmortemRow.id, ActionItemRow.number)
    )  # fmt: skip
    with engine.connect().execution_options(yield_per=BATCH_ROWS) as connection:
        for (
            public_id, zone, number, postmortem_id, title, kind, priority, owner, state, original_due_on, due_on,
            done_at, criterion, evidence, ticket_url,
        ) in connection.execute(asked, period(actor, filter)):  # fmt: skip
            yield ItemLine(
                public_id=f"{public_id}/AI-{number}",
                postmortem_id=postmortem_id,
                title=title,
                kind=_KINDS[kind],
                priority=_PRIORITIES[priority],
                owner=owner or "",
                state=_STATES[state],
                original_due_on=original_due_on,
                due_on=due_on,
                done_on=done_at and done_at.astimezone(ZoneInfo(zone)).date(),
                criterion=criterion,
                evidence=evidence,
                ticket_url=ticket_url,
            )
