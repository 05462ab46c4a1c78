"""Deterministic examples; a test names only what it is about. Each puts rows into the session and returns the row."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy.orm import Session

from db.models import PolicyRow, ServiceRow, UserRoleRow, UserRow, WorkspaceRow
from pmcore.domain.vocabulary import Language, Role

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
        "slo_window_days": 30, "version": 1,
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
