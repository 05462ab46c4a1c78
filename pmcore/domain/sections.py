"""The eleven sections: the one list that the form, the document, the template and the Excel sheet are made from.

A section's content is a plain JSON object: one string a text field, one list a row field (each row an object of
strings with its own `id`, a uuid), and under `facts` what the incident or the action items say. Facts are entered
elsewhere, once; they are part of the content so that revisions, hashes and signatures cover them. So are the files
that a section shows, under `files`, which is there only when there are some.
Headings are the mission's, in English; a form shows them through gettext.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any, TypeAlias

from pmcore.domain.errors import N_
from pmcore.domain.vocabulary import SectionKey, Severity, SignRole

Content: TypeAlias = Mapping[str, Any]
"""{"field": "text", "rows": [{"id": uuid, ...}], "facts": {...}, "files": [...]}: strings, lists and objects only."""

TEMPLATE_VERSION = "1.0"
FACTS = "facts"
FILES = "files"


class FieldKind(StrEnum):
    LINE = "line"  #: one sentence
    TEXT = "text"  #: Markdown, code blocks included
    ROWS = "rows"  #: a list of rows, each with an id and the named columns


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    key: str
    heading: str  #: as the document prints it
    kind: FieldKind
    hint: str = ""  #: a guidance sentence, shown in the form and in the empty template
    columns: tuple[str, ...] = ()  #: of a ROWS field, beside "id"
    optional: bool = False  #: while blank it is in no content and in no document, as if the section did not have it


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    key: SectionKey
    heading: str  #: the mission's, without its number
    question: str  #: what the section answers, in one sentence
    fields: tuple[Field, ...]
    needed_to_submit: bool = False
    has_facts: bool = False  #: part of the content comes from the incident or the action items

    def field(self, key: str) -> Field:
        """Raises KeyError for a field that the section does not have."""
        for field in self.fields:
            if field.key == key:
                return field
        raise KeyError(key)


def _line(key: str, heading: str, hint: str) -> Field:
    return Field(key=key, heading=heading, kind=FieldKind.LINE, hint=hint)


def _text(key: str, heading: str, hint: str) -> Field:
    return Field(key=key, heading=heading, kind=FieldKind.TEXT, hint=hint)


def _rows(key: str, heading: str, hint: str, *columns: str) -> Field:
    return Field(key=key, heading=heading, kind=FieldKind.ROWS, hint=hint, columns=columns)


#: What the template lacks and a page for executives needs. Blank ones leave content, hash and document as they are.
FOR_EXECUTIVES: tuple[Field, ...] = tuple(
    replace(field, optional=True)
    for field in (
        _rows("confirmed", N_("Confirmed Figures"), N_("Figures that somebody has checked."), "figure"),
        _line("data_loss", N_("Data Loss or Exposure"), N_("What data was lost or seen by others, or that none was.")),
        _line("can_recur", N_("Can It Happen Tomorrow"), N_("Yes or no, and why.")),
        _line("protection", N_("Protection Meanwhile"), N_("What protects customers until the action items are done.")),
        _line(
            "happened_before",
            N_("Happened Before"),
            N_("Which earlier incident, and which promise of it was still open."),
        ),
        _line("decision", N_("Decision Needed"), N_("What somebody has to decide, and by when.")),
        _line("communication", N_("Customer Communication"), N_("What customers were told, where and when.")),
    )
)

SECTIONS: tuple[Section, ...] = (
    Section(
        key=SectionKey.SUMMARY,
        heading=N_("Executive Summary"),
        question=N_("What would you tell somebody who has one minute?"),
        needed_to_submit=True,
        fields=(
            _line("incident", N_("Incident"), N_("What happened, in one or two sentences.")),
            _line("impact", N_("Impact"), N_("How many users, how much money, how many minutes.")),
            _line("root_cause", N_("Root Cause"), N_("One sentence: what in the system broke.")),
            _line("resolution", N_("Resolution"), N_("One sentence: what ended it.")),
            _line("prevention", N_("Prevention"), N_("One sentence: what keeps it from coming back.")),
            *FOR_EXECUTIVES,
        ),
    ),
    Section(
        key=SectionKey.DETAILS,
        heading=N_("Incident Details"),
        question=N_("How bad was it, and how did we notice?"),
        needed_to_submit=True,
        has_facts=True,
        fields=(),
    ),
    Section(
        key=SectionKey.TIMELINE,
        heading=N_("Timeline"),
        question=N_("What happened when, and who or what did it?"),
        needed_to_submit=True,
        fields=(
            _rows(
                "entries", N_("Timeline"), N_("One event a row, the earliest first."), "at", "kind", "event", "actor"
            ),
        ),
    ),
    Section(
        key=SectionKey.ROOT_CAUSE,
        heading=N_("Root Cause Analysis"),
        question=N_("What in the system made this possible?"),
        needed_to_submit=True,
        fields=(
            _text("what_happened", N_("What Happened?"), N_("The mechanism, with the numbers that show it.")),
            _rows(
                "whys",
                N_("5 Whys Analysis"),
                N_("Ask why until the answer is something you can change. A why may have several answers."),
                "parent", "question", "answer", "stop_because", "action",
            ),
            _line("root_cause", N_("Root Cause"), N_("The causes that, once removed, would have prevented it.")),
            _rows("factors", N_("Contributing Factors"), N_("What made it likelier or worse."), "text"),
        ),
    ),
    Section(
        key=SectionKey.IMPACT,
        heading=N_("Impact Assessment"),
        question=N_("What did customers and the business feel?"),
        needed_to_submit=True,
        has_facts=True,
        fields=(
            _line("user_share", N_("Share of Users"), N_("The part of all users that was affected, in percent.")),
            _line("user_experience", N_("User Experience"), N_("What people saw: the message, the delay, the gap.")),
            _line("revenue_basis", N_("Revenue Basis"), N_("How the loss was estimated.")),
            _line(
                "budget_remaining",
                N_("Error Budget Remaining"),
                N_("From your dashboard, in percent; blank is unknown."),
            ),
            _text("notes", N_("Notes"), N_("Anything else that somebody will ask about the impact.")),
        ),
    ),
    Section(
        key=SectionKey.RESOLUTION,
        heading=N_("Resolution"),
        question=N_("What ended the incident, and how do we know?"),
        fields=(
            _text("immediate_fix", N_("Immediate Fix"), N_("What was done during the incident, with its commands.")),
            _text("validation", N_("Validation"), N_("How you checked that it was over, with the results.")),
        ),
    ),
    Section(
        key=SectionKey.ACTION_ITEMS,
        heading=N_("Action Items"),
        question=N_("What will be different, by when, and who sees to it?"),
        has_facts=True,
        fields=(_line("none_because", N_("None, because"), N_("Say why nothing needs to change, if that is so.")),),
    ),
    Section(
        key=SectionKey.LESSONS,
        heading=N_("Lessons Learned"),
        question=N_("What worked, what did not, what surprised us?"),
        fields=(_rows("lessons", N_("Lessons Learned"), N_("One lesson a row."), "kind", "text"),),
    ),
    Section(
        key=SectionKey.PREVENTION,
        heading=N_("Prevention"),
        question=N_("How do we make this class of failure rarer?"),
        fields=(_rows("measures", N_("Prevention"), N_("One measure a row."), "horizon", "text"),),
    ),
    Section(
        key=SectionKey.REFERENCES,
        heading=N_("References"),
        question=N_("Where can somebody read on?"),
        has_facts=True,
        fields=(
            _rows("related", N_("Related Incidents"), N_("Incidents that look like this one."), "public_id", "text"),
            _rows("links", N_("Links"), N_("Dashboards, tickets, commits."), "label", "url"),
        ),
    ),
    Section(
        key=SectionKey.SIGN_OFF,
        heading=N_("Review & Sign-off"),
        question=N_("Who has read it, and who else should?"),
        fields=(_line("distribution", N_("Distribution"), N_("Teams that get the published document.")),),
    ),
)  # fmt: skip

BY_KEY: dict[SectionKey, Section] = {section.key: section for section in SECTIONS}

#: Publishing a P0 needs these beside the five; for P1 and P2 they are folded as optional.
NEEDED_TO_PUBLISH_P0 = (SectionKey.RESOLUTION, SectionKey.LESSONS, SectionKey.PREVENTION)

#: What a signature vouches for (design: signatures are bound to content).
COVERED: dict[SignRole, tuple[SectionKey, ...]] = {
    SignRole.TECH_LEAD: (
        SectionKey.DETAILS, SectionKey.TIMELINE, SectionKey.ROOT_CAUSE, SectionKey.RESOLUTION,
    ),
    SignRole.ENGINEERING_MANAGER: (SectionKey.PREVENTION, SectionKey.LESSONS, SectionKey.ACTION_ITEMS),
    SignRole.CTO: (SectionKey.SUMMARY, SectionKey.IMPACT),
}  # fmt: skip


def required_signatures(*, severity: Severity, has_cto: bool) -> dict[SignRole, tuple[SectionKey, ...]]:
    """Who must sign what. The CTO signs a P0; without one, and below P0, the manager covers the CTO's sections.

    `severity` is the highest that the incident reached, `has_cto` whether an active person holds the role.
    """
    required = dict(COVERED)
    if severity is not Severity.P0 or not has_cto:
        required[SignRole.ENGINEERING_MANAGER] += required.pop(SignRole.CTO)
    return required


def is_needed(section: Section, *, severity: Severity) -> bool:
    """Whether publishing waits for the section (action items have rules of their own)."""
    return section.needed_to_submit or (severity is Severity.P0 and section.key in NEEDED_TO_PUBLISH_P0)
