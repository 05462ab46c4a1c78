"""What the use cases need of obligations, clock stops and waivers."""

from typing import Protocol


class Obligations(Protocol): ...
