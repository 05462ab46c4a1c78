"""What the use cases need of signatures, returns and editions."""

from typing import Protocol


class Reviews(Protocol): ...
