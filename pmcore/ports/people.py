"""What the use cases need of people, roles and deputies."""

from typing import Protocol

from pmcore.domain.people import Deputy, Person


class People(Protocol):
    def get(self, user_id: int) -> Person:
        """Locked until the end of the transaction. Raises NotFound."""
        ...

    def find(self, username: str) -> Person | None:
        """By username, however it is written."""
        ...

    def all(self) -> tuple[Person, ...]:
        """Everybody, deactivated people too, by name; locked until the end of the transaction."""
        ...

    def add(self, person: Person) -> int:
        """Raises UsernameTaken."""
        ...

    def save(self, person: Person) -> None:
        """Raises EditConflict."""
        ...

    def add_deputy(self, deputy: Deputy) -> int: ...

    def deputy(self, deputy_id: int) -> Deputy:
        """Raises NotFound."""
        ...

    def remove_deputy(self, deputy_id: int) -> None: ...
