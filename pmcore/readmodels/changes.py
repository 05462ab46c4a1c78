"""What is new in a post-mortem to the person who reads it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from pmcore.domain.vocabulary import SectionKey, SignRole
from pmcore.domain.word_diff import FieldDiff
from pmcore.readmodels.reading import SignOffLine


@dataclass(frozen=True, slots=True, kw_only=True)
class SectionChange:
    """One section beside the text that the person knows."""

    key: SectionKey
    fields: tuple[FieldDiff, ...]  #: empty: no word differs
    is_all_new: bool = False  #: never seen by this person
    is_since_signing: bool = False  #: compared with what the person signed, not with the last look
    by: str = ""  #: name of who saved it last; empty: filled from the incident
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleChanges:
    """What a person has to look at to sign in one role."""

    line: SignOffLine
    sections: tuple[SectionChange, ...]  #: all that the role covers, changed or not


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    news: tuple[SectionChange, ...]  #: changed since the last look; nothing of what was never seen
    signed: Mapping[SignRole, tuple[SectionChange, ...]]  #: of void signatures: what changed since they were given
    mine: tuple[RoleChanges, ...]  #: of the roles in which the person may sign or return now
    unseen: frozenset[SectionKey]  #: showing these leaves something to remember
