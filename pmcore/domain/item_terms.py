"""What is agreed of an action item while the text is written, and what signatures therefore cover.

Title, kind, criterion, the agreed owner and the original due date; beside them its priority and its ticket.
"""

from dataclasses import dataclass, replace
from datetime import date, timedelta

from pmcore.domain.action_item import ActionItem, BadItem, require_day_ahead
from pmcore.domain.content import MAX_LINE, clean
from pmcore.domain.errors import N_
from pmcore.domain.vocabulary import ActionKind, ActionPriority

#: Days until an item is due when nobody says otherwise.
DAYS = {ActionPriority.HIGH: 7, ActionPriority.MEDIUM: 30, ActionPriority.LOW: 90}


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What a form says of an item; all that signatures cover, its priority and its ticket."""

    title: str
    kind: ActionKind
    priority: ActionPriority
    owner_id: int | None
    due_on: date | None
    criterion: str
    ticket_url: str = ""


def terms_of(item: ActionItem) -> Terms:
    """As a form would say them today."""
    return Terms(
        title=item.title, kind=item.kind, priority=item.priority, owner_id=item.owner_id, due_on=item.due_on,
        criterion=item.criterion, ticket_url=item.ticket_url,
    )  # fmt: skip


def default_due(priority: ActionPriority, *, today: date) -> date:
    return today + timedelta(days=DAYS[priority])


def agree(item: ActionItem, terms: Terms, *, today: date) -> ActionItem:
    """The item with new terms, before they are published. Raises BadItem, BadText.

    A due date in the past is refused when it is new; one that has passed meanwhile may stay.
    """
    title = clean(terms.title, longest=MAX_LINE, field="title").strip()
    if not title:
        raise BadItem(N_("Say what will be done, in one sentence."), field="title")
    if terms.due_on != item.due_on:
        require_day_ahead(terms.due_on, today=today)
    return replace(
        item, title=title, kind=terms.kind, priority=terms.priority,
        owner_id=terms.owner_id, agreed_owner_id=terms.owner_id,
        due_on=terms.due_on, original_due_on=terms.due_on,
        criterion=clean(terms.criterion, longest=MAX_LINE, field="criterion").strip(),
        ticket_url=_link(terms.ticket_url),
    )  # fmt: skip


def reword(item: ActionItem, terms: Terms) -> ActionItem:
    """New words for an item of an earlier edition: its owner and due date have ways of their own.

    Raises BadItem, BadText.
    """
    if (terms.owner_id, terms.due_on) != (item.owner_id, item.due_on):
        raise BadItem(
            N_("This item was published. Re-assign or extend it on the Actions page; what was agreed stays as it is."),
            field="due",
        )
    worded = agree(item, terms, today=date.min)
    return replace(worded, agreed_owner_id=item.agreed_owner_id, original_due_on=item.original_due_on)


def _link(url: str) -> str:
    url = clean(url, longest=MAX_LINE, field="ticket").strip()
    if url and not url.lower().startswith(("https://", "http://")):
        raise BadItem(N_("Write the ticket's whole link, beginning with https://."), field="ticket")
    return url
