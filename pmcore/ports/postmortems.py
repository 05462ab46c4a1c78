"""What the use cases need of post-mortems and their members."""

from typing import Protocol


class Postmortems(Protocol): ...
