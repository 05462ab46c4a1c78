"""The tracker's eleven columns in the mission's order and wording; the screen, the sheets and the import share them."""

from decimal import Decimal
from enum import StrEnum

from pmcore.domain.errors import N_
from pmcore.domain.vocabulary import PostmortemStatus


class TrackerColumn(StrEnum):
    INCIDENT_ID = "incident_id"
    DATE = "date"
    SERVICE = "service"
    DURATION = "duration"
    IMPACT = "impact"
    AUTHOR = "author"
    STATUS = "status"
    ITEMS = "items"
    ITEMS_DONE = "items_done"
    PUBLISHED = "published"
    LINK = "link"


#: Sheets print these as they are; the screen shows them through gettext.
HEADINGS: dict[TrackerColumn, str] = {
    TrackerColumn.INCIDENT_ID: N_("Incident ID"),
    TrackerColumn.DATE: N_("Date"),
    TrackerColumn.SERVICE: N_("Service Affected"),
    TrackerColumn.DURATION: N_("Duration (minutes)"),
    TrackerColumn.IMPACT: N_("Impact (users/revenue)"),
    TrackerColumn.AUTHOR: N_("Author"),
    TrackerColumn.STATUS: N_("Status"),
    TrackerColumn.ITEMS: N_("Action Items (count)"),
    TrackerColumn.ITEMS_DONE: N_("Action Items Completed (%)"),
    TrackerColumn.PUBLISHED: N_("Published Date"),
    TrackerColumn.LINK: N_("Link to Document"),
}

#: The mission's words for a sheet; "Closed" is ours and comes after "Published".
STATUS_WORDS: dict[PostmortemStatus, str] = {
    PostmortemStatus.DRAFT: "Draft",
    PostmortemStatus.IN_REVIEW: "Review",
    PostmortemStatus.PUBLISHED: "Published",
    PostmortemStatus.CLOSED: "Closed",
}

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")  #: the last four as typed in East Asia


def minutes(seconds: int | None) -> Decimal | None:
    """A duration as the tracker prints it: whole where it is whole, else to the tenth; unknown stays unknown."""
    if seconds is None:
        return None
    exact = (Decimal(seconds) / 60).quantize(Decimal("0.1"))
    return exact.quantize(Decimal(1)) if exact == exact.to_integral_value() else exact


def share_done(*, total: int, done: int) -> Decimal | None:
    """The completed part of the action items, 0 to 1; None where there are none, which is not zero."""
    return None if total == 0 else (Decimal(done) / Decimal(total)).quantize(Decimal("0.0001"))


def percent_done(*, total: int, done: int) -> int | None:
    """For the screen: whole percent, 100 only when all of them are done."""
    return None if total == 0 else 100 * done // total
