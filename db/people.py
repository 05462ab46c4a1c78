"""People, roles and deputies in SQL: row <-> dataclass, and nothing else."""

from collections.abc import Iterable

from sqlalchemy import delete, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from db.models import DeputyRow, UserRoleRow, UserRow
from pmcore.domain.errors import N_, EditConflict, NotFound, PmError
from pmcore.domain.people import Deputy, Person, username_key
from pmcore.domain.vocabulary import Language, Role


class UsernameTaken(PmError):
    """Somebody has this username already."""

    def __init__(self, username: str) -> None:
        super().__init__(N_("{username} is taken. Choose another username."), field="username", username=username)


class SqlPeople:
    def __init__(self, session: Session) -> None:
        self._session = session

    def get(self, user_id: int) -> Person:
        row = self._session.scalar(select(UserRow).filter_by(id=user_id).with_for_update())
        if row is None:
            raise NotFound
        return self._people([row])[0]

    def find(self, username: str) -> Person | None:
        row = self._session.scalar(select(UserRow).filter_by(username_key=username_key(username)))
        return self._people([row])[0] if row else None

    def all(self) -> tuple[Person, ...]:
        return self._people(
            self._session.scalars(select(UserRow).order_by(UserRow.name_key, UserRow.id).with_for_update()).all()
        )

    def add(self, person: Person) -> int:
        try:
            with self._session.begin_nested():
                row = UserRow(created_at=person.created_at, version=1, **_columns(person))
                self._session.add(row)
                self._session.flush()
        except IntegrityError as error:
            raise UsernameTaken(person.username) from error
        self._write_roles(row.id, person.roles)
        return row.id

    def save(self, person: Person) -> None:
        saved = self._session.execute(
            update(UserRow)
            .filter_by(id=person.id, version=person.version)
            .values(version=person.version + 1, **_columns(person))
            .returning(UserRow.id)
        ).first()
        if saved is None:
            raise EditConflict
        self._session.execute(delete(UserRoleRow).filter_by(user_id=person.id))
        self._write_roles(person.id, person.roles)

    def _write_roles(self, user_id: int, roles: Iterable[Role]) -> None:
        if rows := [{"user_id": user_id, "role": role.value} for role in sorted(roles)]:
            self._session.execute(insert(UserRoleRow), rows)

    def add_deputy(self, deputy: Deputy) -> int:
        row = DeputyRow(
            principal_id=deputy.principal_id,
            deputy_id=deputy.deputy_id,
            role=deputy.role.value,
            starts_on=deputy.starts_on,
            ends_on=deputy.ends_on,
        )
        self._session.add(row)
        self._session.flush()
        return row.id

    def deputy(self, deputy_id: int) -> Deputy:
        row = self._session.scalar(select(DeputyRow).filter_by(id=deputy_id).with_for_update())
        if row is None:
            raise NotFound
        return Deputy(
            id=row.id,
            principal_id=row.principal_id,
            deputy_id=row.deputy_id,
            role=Role(row.role),
            starts_on=row.starts_on,
            ends_on=row.ends_on,
        )

    def remove_deputy(self, deputy_id: int) -> None:
        self._session.execute(delete(DeputyRow).filter_by(id=deputy_id))

    def _people(self, rows: Iterable[UserRow]) -> tuple[Person, ...]:
        rows = list(rows)
        roles: dict[int, set[Role]] = {row.id: set() for row in rows}
        for held in self._session.execute(
            select(UserRoleRow.user_id, UserRoleRow.role).where(UserRoleRow.user_id.in_(roles))
        ):
            roles[held.user_id].add(Role(held.role))
        return tuple(
            Person(
                id=row.id,
                username=row.username,
                name=row.name,
                language=Language(row.language),
                password_hash=row.password_hash,
                active=row.active,
                roles=frozenset(roles[row.id]),
                created_at=row.created_at,
                version=row.version,
            )
            for row in rows
        )


def _columns(person: Person) -> dict[str, object]:
    return {
        "username": person.username,
        "username_key": username_key(person.username),
        "name": person.name,
        "name_key": person.name.casefold(),
        "language": person.language.value,
        "password_hash": person.password_hash,
        "active": person.active,
    }
