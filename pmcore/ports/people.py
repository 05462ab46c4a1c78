"""What the use cases need of people, roles and deputies."""

from typing import Protocol


class People(Protocol): ...
