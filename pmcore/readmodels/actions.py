"""What the actions page and the section of action items are made from."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from pmcore.domain.action_item import Mark
from pmcore.domain.vocabulary import ActionKind, ActionPriority, ActionState

PAGE_SIZE = 25


class Due(StrEnum):
    """Which due dates."""

    ANY = "any"
    OVERDUE = "overdue"
    WEEK = "week"  #: within seven days, overdue ones left out


class Sort(StrEnum):
    DUE = "due"
    UPDATED = "updated"
    STATE = "state"
    OWNER = "owner"
    PRIORITY = "priority"
    REFERENCE = "reference"


#: What "still open" means in the filter; the default.
OPEN_STATES = (ActionState.COMMITTED, ActionState.IN_PROGRESS, ActionState.BLOCKED)


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionFilter:
    text: str = ""
    states: tuple[ActionState, ...] = OPEN_STATES  #: empty: all
    owner_id: int | None = None
    due: Due = Due.ANY
    dry_runs: bool = False
    sort: Sort = Sort.DUE
    descending: bool = False
    page: int = 1  #: from 1; beyond the last shows the last

    @classmethod
    def of(cls, params: Mapping[str, str]) -> "ActionFilter":
        """From an address; what cannot be read is as if it were not there."""
        usual = cls()
        states = params.get("state")
        return cls(
            text=params.get("text", "")[:200].replace("\0", ""),
            states=usual.states if states is None else tuple(s for s in ActionState if s.value in states.split(",")),
            owner_id=_number(params.get("owner")),
            due=Due(params["due"]) if params.get("due") in set(Due) else usual.due,
            dry_runs=params.get("dry_runs") == "1",
            sort=Sort(params["sort"]) if params.get("sort") in set(Sort) else usual.sort,
            descending=params.get("order") == "down",
            page=max(1, _number(params.get("page")) or 1),
        )  # fmt: skip

    def params(self) -> dict[str, str]:
        """For an address: only what differs from the default."""
        usual = ActionFilter()
        said = {
            "text": self.text,
            "state": "" if self.states == usual.states else ",".join(self.states) or "all",
            "owner": str(self.owner_id or ""),
            "due": "" if self.due is usual.due else self.due.value,
            "dry_runs": "1" if self.dry_runs else "",
            "sort": "" if self.sort is usual.sort else self.sort.value,
            "order": "down" if self.descending else "",
            "page": str(self.page) if self.page > 1 else "",
        }
        return {name: value for name, value in said.items() if value}


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 10 else None


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemView:
    """One action item, ready to show."""

    item_id: int
    postmortem_id: int
    public_id: str  #: of the incident, "P0-012"
    number: int
    title: str
    kind: ActionKind
    priority: ActionPriority
    state: ActionState
    owner_id: int | None
    owner: str  #: name; "" when nobody is named
    owner_active: bool
    due_on: date | None
    original_due_on: date | None
    criterion: str
    ticket_url: str
    blocked_because: str
    evidence: str
    wont_do_because: str
    marks: tuple[Mark, ...]
    dry_run: bool
    updated_at: datetime
    is_extended: bool
    missing: tuple[str, ...]  #: fields that a promise needs: "owner", "due", "criterion"
    version: int

    @property
    def name(self) -> str:
        """ "AI-3", within its post-mortem."""
        return f"AI-{self.number}"

    @property
    def reference(self) -> str:
        """ "P0-012/AI-3"."""
        return f"{self.public_id}/{self.name}"


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionPage:
    rows: tuple[ItemView, ...]
    total: int  #: of all pages
    page: int
    pages: int  #: at least 1


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemEvent:
    kind: str  #: "state", "extension", "reassignment", "note"
    old: str  #: for people their names, for the rest as stored
    new: str
    note: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemDetail:
    item: ItemView
    agreed_owner: str
    approved_by: str
    verified_by: str
    events: tuple[ItemEvent, ...]  #: newest first
    may_report: bool
    may_extend: bool
    may_verify: bool
    may_give_up: bool
    may_reopen: bool
