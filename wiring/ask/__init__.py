"""Every question that a page may ask, one short function each, gathered from one module a topic."""

from wiring.ask.people import deputies, everybody, my_sessions, people, user
from wiring.ask.workspace import services, workspace

__all__ = [
    "deputies",
    "everybody",
    "my_sessions",
    "people",
    "services",
    "user",
    "workspace",
]  # fmt: skip
