"""Action items and their events in SQL: row <-> dataclass, and nothing else."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import func, or_, select, update
from sqlalchemy.orm import Session

from db.models import ActionEventRow, ActionItemRow, EditionRow, IncidentRow, PostmortemRow
from db.visibility import can_read_text, can_see
from pmcore.domain.action_item import ActionItem
from pmcore.domain.errors import EditConflict, NotFound
from pmcore.domain.permissions import Actor
from pmcore.domain.vocabulary import ActionKind, ActionPriority, ActionState
from pmcore.ports.action_items import EventKind, Place


class SqlActionItems:
    def __init__(self, session: Session) -> None:
        self._session = session

    def of(self, postmortem_id: int) -> tuple[ActionItem, ...]:
        rows = self._session.scalars(
            select(ActionItemRow)
            .where(ActionItemRow.postmortem_id == postmortem_id, ActionItemRow.deleted_at.is_(None))
            .order_by(ActionItemRow.number)
            .execution_options(populate_existing=True)
        )
        return tuple(to_item(row) for row in rows)

    def get(self, item_id: int, *, actor: Actor) -> ActionItem:
        row = self._session.scalar(
            select(ActionItemRow)
            .join(PostmortemRow, PostmortemRow.id == ActionItemRow.postmortem_id)
            .join(IncidentRow, IncidentRow.id == PostmortemRow.incident_id)
            .where(
                ActionItemRow.id == item_id,
                PostmortemRow.deleted_at.is_(None),
                can_see(actor),
                or_(can_read_text(actor), ActionItemRow.owner_id == actor.user_id),
            )
            .with_for_update(of=ActionItemRow)
            .execution_options(populate_existing=True)
        )
        if row is None:
            raise NotFound
        return to_item(row)

    def places(self, item_ids: Iterable[int]) -> Mapping[int, Place]:
        found = self._session.execute(
            select(ActionItemRow.id, ActionItemRow.postmortem_id, IncidentRow.zone)
            .join(PostmortemRow, PostmortemRow.id == ActionItemRow.postmortem_id)
            .join(IncidentRow, IncidentRow.id == PostmortemRow.incident_id)
            .where(ActionItemRow.id.in_(sorted(set(item_ids))))
        )
        return {row.id: Place(postmortem_id=row.postmortem_id, zone=row.zone) for row in found}

    def zone(self, postmortem_id: int) -> str:
        zone = self._session.scalar(
            select(IncidentRow.zone)
            .join(PostmortemRow, PostmortemRow.incident_id == IncidentRow.id)
            .where(PostmortemRow.id == postmortem_id)
        )
        if zone is None:
            raise NotFound
        return zone

    def last_published_at(self, postmortem_id: int) -> datetime | None:
        return self._session.scalar(
            select(func.max(EditionRow.published_at)).where(EditionRow.postmortem_id == postmortem_id)
        )

    def next_number(self, postmortem_id: int) -> int:
        highest = self._session.scalar(
            select(func.max(ActionItemRow.number)).where(ActionItemRow.postmortem_id == postmortem_id)
        )
        return (highest or 0) + 1

    def add(self, item: ActionItem) -> int:
        row = ActionItemRow(
            postmortem_id=item.postmortem_id,
            number=item.number,
            created_at=item.created_at,
            version=1,
            done_on=self._done_on(item),
            **_columns(item),
        )
        self._session.add(row)
        self._session.flush()
        return row.id

    def save(self, item: ActionItem) -> None:
        saved = self._session.execute(
            update(ActionItemRow)
            .where(ActionItemRow.id == item.id, ActionItemRow.version == item.version)
            .values(version=item.version + 1, done_on=self._done_on(item), **_columns(item))
            .returning(ActionItemRow.id)
            .execution_options(synchronize_session=False)
        ).first()
        if saved is None:
            raise EditConflict

    def _done_on(self, item: ActionItem) -> date | None:
        return item.done_at and item.done_at.astimezone(ZoneInfo(self.zone(item.postmortem_id))).date()

    def note(self, item_id: int, *, kind: EventKind, old: str, new: str, note: str, by_id: int, at: datetime) -> None:
        self._session.add(
            ActionEventRow(item_id=item_id, kind=kind.value, old=old, new=new, note=note, by_id=by_id, at=at)
        )

    def recount(self, postmortem_id: int) -> None:
        """Sets the counts only when they are other ones: every list of post-mortems shows them."""
        self._session.flush()
        promised = select(func.count(ActionItemRow.id)).where(
            ActionItemRow.postmortem_id == postmortem_id,
            ActionItemRow.deleted_at.is_(None),
            ActionItemRow.state != ActionState.PROPOSED,
        )
        done = promised.where(ActionItemRow.state.in_((ActionState.DONE, ActionState.VERIFIED)))
        counts, known = (
            select(promised.scalar_subquery().label("items_total"), done.scalar_subquery().label("items_done")),
            select(PostmortemRow.items_total, PostmortemRow.items_done).where(PostmortemRow.id == postmortem_id),
        )
        found = self._session.execute(counts).one()
        if found == self._session.execute(known).first():
            return
        self._session.execute(
            update(PostmortemRow)
            .where(PostmortemRow.id == postmortem_id)
            .values(items_total=found.items_total, items_done=found.items_done)
            .execution_options(synchronize_session=False)
        )


def to_item(row: ActionItemRow) -> ActionItem:
    return ActionItem(
        id=row.id,
        postmortem_id=row.postmortem_id,
        number=row.number,
        title=row.title,
        kind=ActionKind(row.kind),
        priority=ActionPriority(row.priority),
        owner_id=row.owner_id,
        agreed_owner_id=row.agreed_owner_id,
        due_on=row.due_on,
        original_due_on=row.original_due_on,
        criterion=row.criterion,
        ticket_url=row.ticket_url,
        state=ActionState(row.state),
        blocked_because=row.blocked_because,
        evidence=row.evidence,
        wont_do_because=row.wont_do_because,
        approved_by_id=row.approved_by_id,
        verified_by_id=row.verified_by_id,
        created_at=row.created_at,
        committed_at=row.committed_at,
        updated_at=row.updated_at,
        done_at=row.done_at,
        deleted_at=row.deleted_at,
        version=row.version,
    )


def _columns(item: ActionItem) -> dict[str, object]:
    return {
        "title": item.title,
        "kind": item.kind,
        "priority": item.priority,
        "owner_id": item.owner_id,
        "agreed_owner_id": item.agreed_owner_id,
        "due_on": item.due_on,
        "original_due_on": item.original_due_on,
        "criterion": item.criterion,
        "ticket_url": item.ticket_url,
        "state": item.state,
        "blocked_because": item.blocked_because,
        "evidence": item.evidence,
        "wont_do_because": item.wont_do_because,
        "approved_by_id": item.approved_by_id,
        "verified_by_id": item.verified_by_id,
        "committed_at": item.committed_at,
        "updated_at": item.updated_at,
        "done_at": item.done_at,
        "search_key": f"{item.title} {item.criterion}".casefold(),
        "deleted_at": item.deleted_at,
    }
