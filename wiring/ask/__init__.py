"""Every question that a page may ask, one short function each, gathered from one module a topic."""

from wiring.ask.people import deputies, everybody, my_sessions, people, user
from wiring.ask.tracker import item_stream, tracker, tracker_authors, tracker_figures, tracker_stream
from wiring.ask.workspace import services, workspace
from wiring.ask.writing import revision, revisions, section, writing

__all__ = [
    "deputies",
    "everybody",
    "my_sessions",
    "item_stream",
    "people",
    "revision",
    "revisions",
    "section",
    "services",
    "tracker",
    "tracker_authors",
    "tracker_figures",
    "tracker_stream",
    "user",
    "workspace",
    "writing",
]  # fmt: skip
