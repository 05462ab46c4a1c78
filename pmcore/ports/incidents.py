"""What the use cases need of incidents, their log and severity history."""

from typing import Protocol


class Incidents(Protocol): ...
