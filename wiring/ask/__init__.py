"""Every question that a page may ask, one short function each, gathered from one module a topic."""

from wiring.ask.actions import action, actions, items, my_actions
from wiring.ask.attachments import file, file_data
from wiring.ask.comments import discussion
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
from wiring.ask.metrics import metric_rows, metrics, metrics_today
from wiring.ask.metrics_more import metric_stream, off_target
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
    copies_of,
    document,
    document_of,
    inbox,
    invitation,
    one_page_of,
    postmortem_of,
    preview,
    rail,
    reading,
    review,
)
from wiring.ask.recurrences import recurrences
from wiring.ask.survey import survey, survey_remarks
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
    "copies_of",
    "deputies",
    "discussion",
    "document",
    "document_of",
    "everybody",
    "file",
    "file_data",
    "inbox",
    "incident",
    "incident_choices",
    "invitation",
    "invitation_url",
    "is_alone",
    "item_stream",
    "items",
    "ledger",
    "log",
    "me",
    "metric_rows",
    "metric_stream",
    "metrics",
    "metrics_today",
    "moment",
    "my_actions",
    "my_sessions",
    "newcomers",
    "off_target",
    "one_page_of",
    "people",
    "policies",
    "policy_preview",
    "postmortem_of",
    "preview",
    "process_approval",
    "process_document",
    "proposed_ids",
    "rail",
    "reading",
    "recurrences",
    "review",
    "revision",
    "revisions",
    "section",
    "services",
    "survey",
    "survey_remarks",
    "template",
    "tracker",
    "tracker_authors",
    "tracker_figures",
    "tracker_stream",
    "user",
    "workspace",
    "writing",
]  # fmt: skip
