"""What the use cases need of sections and revisions."""

from typing import Protocol


class Sections(Protocol): ...
