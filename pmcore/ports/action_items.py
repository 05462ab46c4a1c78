"""What the use cases need of action items and their events."""

from typing import Protocol


class ActionItems(Protocol): ...
