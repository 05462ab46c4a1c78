"""One transaction that holds the write lock from its first statement.

On SQLite that is BEGIN IMMEDIATE; on PostgreSQL every `get` of a repository is SELECT ... FOR UPDATE. The order in
which rows are locked is the same everywhere, so that nobody waits in a circle: incident, post-mortem, the rest.
"""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from db.action_items import SqlActionItems
from db.attachments import SqlAttachments
from db.comments import SqlComments
from db.engine import storage_errors
from db.incidents import SqlIncidents
from db.looks import SqlLooks
from db.meetings import SqlMeetings
from db.models import AuditRow
from db.obligations import SqlObligations
from db.old_tracker import SqlOldTracker
from db.people import SqlPeople
from db.postmortems import SqlPostmortems
from db.presence import SqlPresence
from db.process import SqlProcess
from db.rail import SqlRail
from db.recurrences import SqlRecurrences
from db.reviews import SqlReviews
from db.sections import SqlSections
from db.sessions import SqlSessions
from db.survey import SqlSurvey
from db.workspace import SqlWorkspace


class SqlUnitOfWork:
    def __init__(self, session: Session) -> None:
        self._session = session
        self.incidents = SqlIncidents(session)
        self.obligations = SqlObligations(session)
        self.postmortems = SqlPostmortems(session)
        self.sections = SqlSections(session)
        self.action_items = SqlActionItems(session)
        self.reviews = SqlReviews(session)
        self.comments = SqlComments(session)
        self.attachments = SqlAttachments(session)
        self.meetings = SqlMeetings(session)
        self.rail = SqlRail(session)
        self.recurrences = SqlRecurrences(session)
        self.looks = SqlLooks(session)
        self.presence = SqlPresence(session)
        self.people = SqlPeople(session)
        self.sessions = SqlSessions(session)
        self.workspace = SqlWorkspace(session)
        self.process = SqlProcess(session)
        self.survey = SqlSurvey(session)
        self.old_tracker = SqlOldTracker(session)

    def audit(self, *, actor_id: int | None, did: str, to: str, at: datetime) -> None:
        self._session.add(AuditRow(actor_id=actor_id, did=did, target=to, at=at))


def unit_of_work(engine: Engine) -> Callable[[], AbstractContextManager[SqlUnitOfWork]]:
    writing = engine.execution_options(writes=True)

    @contextmanager
    def begin() -> Iterator[SqlUnitOfWork]:
        with storage_errors(), Session(writing) as session, session.begin():
            yield SqlUnitOfWork(session)

    return begin
