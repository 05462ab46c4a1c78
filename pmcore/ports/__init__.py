"""What a use case needs from outside, named by what it does there. One module a repository."""

from contextlib import AbstractContextManager
from datetime import datetime
from typing import Protocol

from pmcore.ports.action_items import ActionItems
from pmcore.ports.attachments import Attachments
from pmcore.ports.comments import Comments
from pmcore.ports.incidents import Incidents
from pmcore.ports.looks import Looks
from pmcore.ports.obligations import Obligations
from pmcore.ports.old_tracker import OldTracker
from pmcore.ports.people import People
from pmcore.ports.postmortems import Postmortems
from pmcore.ports.presence import Presence
from pmcore.ports.process import InstalledProcess as InstalledProcess
from pmcore.ports.process import Process
from pmcore.ports.rail import Meetings, Rail
from pmcore.ports.recurrences import Recurrences
from pmcore.ports.reviews import Reviews
from pmcore.ports.sections import Sections
from pmcore.ports.sessions import Sessions
from pmcore.ports.survey import Survey
from pmcore.ports.survey import Tidy as Tidy
from pmcore.ports.workspace import Workspace


class Clock(Protocol):
    """The present moment, aware, in UTC."""

    def __call__(self) -> datetime: ...


class NewId(Protocol):
    """A fresh random uuid as text."""

    def __call__(self) -> str: ...


class NewToken(Protocol):
    """256 fresh random bits as text, safe in a URL and in a cookie."""

    def __call__(self) -> str: ...


class Passwords(Protocol):
    """How passwords become what is stored; slow by design, so never called inside a transaction."""

    def hashed(self, password: str) -> str: ...

    def matches(self, password: str, password_hash: str | None) -> bool:
        """Takes the same time without a hash, and is False then."""
        ...


class UnitOfWork(Protocol):
    """One transaction that holds the write lock from its first statement. Leaving it with an exception rolls back."""

    @property
    def incidents(self) -> Incidents: ...
    @property
    def obligations(self) -> Obligations: ...
    @property
    def postmortems(self) -> Postmortems: ...
    @property
    def sections(self) -> Sections: ...
    @property
    def action_items(self) -> ActionItems: ...
    @property
    def reviews(self) -> Reviews: ...
    @property
    def comments(self) -> Comments: ...
    @property
    def attachments(self) -> Attachments: ...
    @property
    def looks(self) -> Looks: ...
    @property
    def meetings(self) -> Meetings: ...
    @property
    def presence(self) -> Presence: ...
    @property
    def rail(self) -> Rail: ...
    @property
    def recurrences(self) -> Recurrences: ...
    @property
    def people(self) -> People: ...
    @property
    def sessions(self) -> Sessions: ...
    @property
    def workspace(self) -> Workspace: ...
    @property
    def process(self) -> Process: ...
    @property
    def survey(self) -> Survey: ...
    @property
    def old_tracker(self) -> OldTracker: ...

    def audit(self, *, actor_id: int | None, did: str, to: str, at: datetime) -> None: ...


class OpenUnitOfWork(Protocol):
    def __call__(self) -> AbstractContextManager[UnitOfWork]: ...
