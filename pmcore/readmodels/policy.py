"""The policy in force, and what another one would have changed."""

from dataclasses import dataclass
from datetime import datetime

from pmcore.domain.policy import Policy
from pmcore.domain.vocabulary import ObligationLevel


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyView:
    policy: Policy
    valid_from: datetime
    by: str  #: "" for the one that came with the app
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyChange:
    """One incident for which the other policy would say something else."""

    incident_id: int
    public_id: str
    title: str
    before: ObligationLevel
    after: ObligationLevel
    late_before: bool  #: a clock that was or is behind its deadline
    late_after: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyPreview:
    looked_at: int  #: incidents
    since: datetime
    required_before: int
    required_after: int
    late_before: int
    late_after: int
    changes: tuple[PolicyChange, ...]  #: the newest first
