"""Questions about action items."""

from db.queries import actions as query
from pmcore.readmodels.actions import ActionFilter, ActionPage, ItemDetail, ItemView
from wiring import acting, parts


def my_actions() -> tuple[ItemView, ...]:
    """My open items, the most urgent first."""
    return query.mine(parts.engine(), actor=acting.actor(), now=parts.clock())


def actions(filter: ActionFilter) -> ActionPage:
    return query.actions(parts.engine(), actor=acting.actor(), now=parts.clock(), filter=filter)


def items(postmortem_id: int) -> tuple[ItemView, ...]:
    """All items of one post-mortem, by number."""
    return query.of_postmortem(parts.engine(), actor=acting.actor(), now=parts.clock(), postmortem_id=postmortem_id)


def action(item_id: int) -> ItemDetail:
    """One item with its history and what I may do with it. Raises NotFound."""
    return query.detail(parts.engine(), actor=acting.actor(), now=parts.clock(), item_id=item_id)
