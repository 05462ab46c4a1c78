"""The process document's approval, and how far those are who have joined."""

from dataclasses import dataclass
from datetime import datetime

from pmcore.domain.process import Standing
from pmcore.domain.vocabulary import OnboardingStep


@dataclass(frozen=True, slots=True, kw_only=True)
class ApprovalView:
    """How the installed text stands."""

    standing: Standing
    version: str  #: of the installed text
    content_hash: str  #: of the installed text
    approved_version: str = ""  #: of the approval that counts, or of the newest; "" without any
    approval_id: int = 0
    by: str = ""
    at: datetime | None = None
    may_approve: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Newcomer:
    """A row of the list of checklists."""

    user_id: int
    name: str
    started_at: datetime
    finished_at: datetime | None
    done: int  #: of `total` steps
    total: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Newcomers:
    rows: tuple[Newcomer, ...]  #: open ones first, the newest first
    total: int  #: of which `rows` are the first


@dataclass(frozen=True, slots=True, kw_only=True)
class StepTicked:
    at: datetime
    by: str
    is_own: bool  #: by the person themselves


@dataclass(frozen=True, slots=True, kw_only=True)
class Checklist:
    """One person's."""

    user_id: int
    name: str
    started_at: datetime
    started_by: str  #: "" when it began by joining
    finished_at: datetime | None
    is_mine: bool
    ticked: dict[OnboardingStep, StepTicked]

    @property
    def done(self) -> int:
        return len(self.ticked)
