"""Deterministic examples; a test names only what it is about. Each puts rows into the session and returns the row."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from db.incidents import SqlIncidents
from db.models import PolicyRow, ServiceRow, UserRoleRow, UserRow, WorkspaceRow
from db.obligations import SqlObligations
from pmcore.domain import obligation as owed
from pmcore.domain.incident import Incident
from pmcore.domain.policy import Policy, from_content
from pmcore.domain.vocabulary import Language, Role, Severity

NOON = datetime(2025, 12, 14, 12, tzinfo=UTC)


def add(session: Session, row: Any) -> Any:
    """Put a row there and let the database give it its id."""
    session.add(row)
    session.flush()
    return row


def make_workspace(session: Session, **changes: Any) -> WorkspaceRow:
    values = {
        "id": 1, "name": "Email Intelligence Platform", "zone": "Europe/Moscow", "language": Language.ENGLISH,
        "distribution": "Engineering team", "roles_for_names": False, "slo_target_percent": "99.9",
        "slo_window_days": 30, "survey_by_date": False, "version": 1,
    }  # fmt: skip
    return add(session, WorkspaceRow(**values | changes))


def make_policy(session: Session, **changes: Any) -> PolicyRow:
    """Version 1, valid since long before every test."""
    values = {
        "number": 1, "content": {}, "valid_from": datetime(2025, 1, 1, tzinfo=UTC), "by_id": None, "note": "",
    }  # fmt: skip
    return add(session, PolicyRow(**values | changes))


def make_user(session: Session, name: str = "Anna Petrova", *roles: Role, **changes: Any) -> UserRow:
    """An active person; "Anna Petrova" signs in as "anna.petrova". Without a role: a bystander who may do nothing."""
    username = changes.pop("username", name.lower().replace(" ", "."))
    values = {
        "username": username, "username_key": username.casefold(), "name": name, "name_key": name.casefold(),
        "language": Language.ENGLISH, "password_hash": None, "active": True, "created_at": NOON, "version": 1,
    }  # fmt: skip
    row = add(session, UserRow(**values | changes))
    session.add_all(UserRoleRow(user_id=row.id, role=role) for role in roles)
    session.flush()
    return row


def make_service(session: Session, name: str = "email-service", **changes: Any) -> ServiceRow:
    values = {"name": name, "name_key": name.casefold(), "active": True, "version": 1}
    return add(session, ServiceRow(**values | changes))


#: The worked example's times: 10:00:00, 10:02:15 and 10:12:00 in Moscow, five hours before noon in Greenwich.
STARTED = datetime(2025, 12, 14, 7, tzinfo=UTC)
DETECTED = STARTED + timedelta(minutes=2, seconds=15)
RESOLVED = STARTED + timedelta(minutes=12)


def an_incident(**changes: Any) -> Incident:
    """A resolved P0 of twelve minutes, reported while it went on; nothing else is known of it."""
    usual = Incident(
        public_id="P0-001", title="Email service returned errors", severity=Severity.P0, highest_severity=Severity.P0,
        service_id=1, service="email-service", zone="Europe/Moscow", started_at=STARTED, detected_at=DETECTED,
        resolved_at=RESOLVED, reporter_id=1, reported_at=STARTED + timedelta(minutes=3),
    )  # fmt: skip
    if "severity" in changes:
        changes = {"highest_severity": changes["severity"], **changes}
    return replace(usual, **changes)


def make_incident(session: Session, *, policy: Policy | None = None, **changes: Any) -> Incident:
    """A stored incident with its obligation; `reporter_id` and `service_id` are to exist."""
    if policy is None:
        stored = session.get(PolicyRow, 1)
        policy = from_content(1, stored.content if stored else {})
    incident = an_incident(**changes)
    incident = replace(incident, id=SqlIncidents(session).add(incident))
    SqlObligations(session).add(owed.begin(incident, policy=policy, now=incident.reported_at))
    return incident
