"""The tracker as a sheet: what stands in each column, and what is said about the whole. The formats only write it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cache

from pmcore.domain.tracker import HEADINGS, STATUS_WORDS, TrackerColumn, minutes, share_done
from pmcore.domain.vocabulary import ActionKind, ActionPriority, ActionState
from pmcore.readmodels.tracker import ItemLine, TrackerFilter, TrackerRow
from pmcore.words import _, label, speaking, times
from pmcore.words.impact import impact

Value = str | int | Decimal | date | None

ITEM_HEADINGS = (
    "Action Item", "Title", "Kind", "Priority", "Owner", "State", "Due Date", "Current Due Date", "Done",
    "Success Criteria", "Evidence", "Ticket", "Link to Document",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """An export before it has a format. The rows are streamed; each may be read once."""

    rows: Iterable[TrackerRow]
    items: Callable[[], Iterable[ItemLine]]
    about: tuple[tuple[str, str], ...]  #: pairs for the sheet "About", in the reader's language
    address: str  #: of this app, for links: "https://pm.example.com"


def columns() -> tuple[str, ...]:
    return tuple(HEADINGS[column] for column in TrackerColumn)


def tracker_values(row: TrackerRow, address: str) -> tuple[Value, ...]:
    """The eleven columns. A share is 0 to 1; headings and states are the mission's, in English."""
    with speaking("en"):
        felt = impact(users=row.customers_affected, revenue_usd=row.revenue_loss_usd, told=row.impact_told)
    return (
        row.public_id,
        row.on,
        row.service,
        minutes(row.duration_seconds),
        felt,
        row.author,
        STATUS_WORDS[row.status],
        row.items_total,
        share_done(total=row.items_total, done=row.items_done),
        row.published_on,
        row.document_url or reading_address(address, row.postmortem_id),
    )


def item_values(item: ItemLine, address: str) -> tuple[Value, ...]:
    return (
        item.public_id, item.title, _english(item.kind), _english(item.priority), item.owner, _english(item.state),
        item.original_due_on, item.due_on, item.done_on, item.criterion, item.evidence, item.ticket_url,
        reading_address(address, item.postmortem_id),
    )  # fmt: skip


@cache
def _english(value: ActionKind | ActionPriority | ActionState) -> str:
    with speaking("en"):
        return label(value)


def reading_address(address: str, postmortem_id: int) -> str:
    return f"{address.rstrip('/')}/read?id={postmortem_id}"


def filter_words(filter: TrackerFilter, *, service: str = "", author: str = "") -> str:
    """The filter as a person would say it, in the reader's language; names are looked up by the caller."""
    parts = []
    if filter.text:
        parts.append(_("containing “{text}”").format(text=filter.text))
    if filter.severities:
        parts.append(_("severity {values}").format(values=", ".join(label(value) for value in filter.severities)))
    if filter.service_id is not None:
        parts.append(_("service {name}").format(name=service or filter.service_id))
    if filter.statuses:
        parts.append(_("status {values}").format(values=", ".join(label(value) for value in filter.statuses)))
    if filter.author_id is not None:
        parts.append(_("author {name}").format(name=author or filter.author_id))
    if filter.since:
        parts.append(_("from {day}").format(day=times.day(filter.since)))
    if filter.until:
        parts.append(_("until {day}").format(day=times.day(filter.until)))
    parts.append(_("with dry runs") if filter.dry_runs else _("without dry runs"))
    return "; ".join(parts)


def about(*, workspace: str, person: str, at: datetime, zone: str, filter: str) -> tuple[tuple[str, str], ...]:
    """When, by whom, which filter, and what the words mean."""
    return (
        (_("Workspace"), workspace),
        (_("Made"), times.moment(at, zone)),
        (_("By"), person),
        (_("Filter"), filter),
        (HEADINGS[TrackerColumn.DATE], _("The day on which the incident began, in the incident's time zone.")),
        (
            HEADINGS[TrackerColumn.DURATION],
            _("From the start of the impact to the resolution. Empty means that it is not known."),
        ),
        (
            HEADINGS[TrackerColumn.IMPACT],
            _("Users affected and revenue lost, as the incident says; for imported rows the words of the old tracker."),
        ),
        (HEADINGS[TrackerColumn.STATUS], _("Draft, Review, Published or Closed.")),
        (
            HEADINGS[TrackerColumn.ITEMS],
            _("Action items that somebody committed to; proposals do not count."),
        ),
        (
            HEADINGS[TrackerColumn.ITEMS_DONE],
            _("The part of them that is done or verified. Empty where there are none."),
        ),
        (HEADINGS[TrackerColumn.PUBLISHED], _("The day of the first edition; later editions do not change it.")),
        (
            _("Sheet “Action items”"),
            _("Items of post-mortems whose text you may read. Due Date is the original, Current Due Date the last."),
        ),
    )  # fmt: skip


def import_guide() -> tuple[tuple[str, str], ...]:
    """What each column of an old tracker has to hold, for the template's sheet "About"."""
    return (
        (HEADINGS[TrackerColumn.INCIDENT_ID], _("P0-012: the severity, a dash, a number. Needed, and only once.")),
        (HEADINGS[TrackerColumn.DATE], _("2025-12-14, or a date cell. Needed.")),
        (HEADINGS[TrackerColumn.SERVICE], _("A name; an unknown service is created. Needed.")),
        (HEADINGS[TrackerColumn.DURATION], _("A number; empty when it is not known.")),
        (HEADINGS[TrackerColumn.IMPACT], _("Any words; “500 users / $150” is taken as figures too.")),
        (HEADINGS[TrackerColumn.AUTHOR], _("A name or a sign-in name; somebody unknown is kept as text.")),
        (HEADINGS[TrackerColumn.STATUS], _("Draft, Review, Published or Closed. Needed.")),
        (HEADINGS[TrackerColumn.ITEMS], _("A whole number; empty means none.")),
        (HEADINGS[TrackerColumn.ITEMS_DONE], _("0 to 100, or a percentage cell.")),
        (HEADINGS[TrackerColumn.PUBLISHED], _("The day; needed for Published and Closed, empty otherwise.")),
        (HEADINGS[TrackerColumn.LINK], _("An address with https:// or http://; the tracker keeps and opens it.")),
    )  # fmt: skip
