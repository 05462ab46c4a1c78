"""Every question that a page may ask, one short function each, gathered from one module a topic."""

from wiring.ask.actions import action, actions, items, my_actions
from wiring.ask.people import deputies, everybody, my_sessions, people, user
from wiring.ask.tracker import item_stream, tracker, tracker_authors, tracker_figures, tracker_stream
from wiring.ask.workspace import services, workspace
from wiring.ask.writing import revision, revisions, section, writing

__all__ = [
    "action",
    "actions",
    "deputies",
    "everybody",
    "item_stream",
    "items",
    "my_actions",
    "my_sessions",
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
