"""Every question that a page may ask, one short function each, gathered from one module a topic."""

from wiring.ask.actions import action, actions, items, my_actions
from wiring.ask.comments import discussion, dismissed_hints
from wiring.ask.incidents import (
    incident,
    incident_choices,
    ledger,
    log,
    moment,
    policies,
    policy_preview,
    proposed_ids,
)
from wiring.ask.people import deputies, everybody, invitation_url, is_alone, me, my_sessions, people, user
from wiring.ask.process import (
    checklist,
    checklist_steps,
    newcomers,
    process_approval,
    process_document,
    template,
)
from wiring.ask.reading import (
    WORKING_COPY,
    changes,
    document,
    document_of,
    inbox,
    postmortem_of,
    preview,
    reading,
    review,
)
from wiring.ask.tracker import item_stream, tracker, tracker_authors, tracker_figures, tracker_stream
from wiring.ask.workspace import services, workspace
from wiring.ask.writing import around, revision, revisions, section, writing

__all__ = [
    "WORKING_COPY",
    "action",
    "actions",
    "around",
    "changes",
    "checklist",
    "checklist_steps",
    "deputies",
    "discussion",
    "dismissed_hints",
    "document",
    "document_of",
    "everybody",
    "inbox",
    "incident",
    "incident_choices",
    "invitation_url",
    "is_alone",
    "item_stream",
    "items",
    "ledger",
    "log",
    "me",
    "moment",
    "my_actions",
    "my_sessions",
    "newcomers",
    "people",
    "policies",
    "policy_preview",
    "postmortem_of",
    "preview",
    "process_approval",
    "process_document",
    "proposed_ids",
    "reading",
    "review",
    "revision",
    "revisions",
    "section",
    "services",
    "template",
    "tracker",
    "tracker_authors",
    "tracker_figures",
    "tracker_stream",
    "user",
    "workspace",
    "writing",
]  # fmt: skip
