"""One structure for every document: preview, reading view, print and Markdown are rendered from it.

It is made from the JSON of an edition, or from that of the working copy, which has the same shape
(`domain.edition.content`). Headings and labels are the mission's, in English, whatever the reader's language.
"""

from collections.abc import Mapping
from typing import Any

from pmcore.documents import facts
from pmcore.documents.blocks import Document, DocumentSection, Files, Pair
from pmcore.documents.parts import PARTS
from pmcore.documents.persons import Persons
from pmcore.documents.source import Source
from pmcore.domain.attachment import Entry, entries
from pmcore.domain.sections import SECTIONS, TEMPLATE_VERSION
from pmcore.domain.vocabulary import Amendment, PostmortemStatus
from pmcore.readmodels.recurrence import RecurrenceView
from pmcore.words import speaking

DRAFT, IN_REVIEW, REVIEWED, PUBLISHED, CLOSED = (
    "🟡 Draft", "🟡 In review", "✅ Reviewed", "📝 Published", "📝 Published, closed",
)  # fmt: skip


def status(state: PostmortemStatus, amendment: Amendment | None = None, *, is_signed_off: bool, number: int = 0) -> str:
    """The header's Status: of the newest edition, or with an amendment of the next one."""
    if amendment is not None:
        stage = DRAFT if amendment is Amendment.DRAFT else REVIEWED if is_signed_off else IN_REVIEW
        return f"{stage} of edition {number + 1}"
    if state is PostmortemStatus.IN_REVIEW:
        return REVIEWED if is_signed_off else IN_REVIEW
    named = {PostmortemStatus.DRAFT: DRAFT, PostmortemStatus.PUBLISHED: PUBLISHED, PostmortemStatus.CLOSED: CLOSED}
    return named[state]


def document(
    content: Mapping[str, Any],
    *,
    status: str,
    roles_for_names: bool = False,
    states: Mapping[str, str] | None = None,
    repetitions: tuple[RecurrenceView, ...] = (),
) -> Document:
    """`states` are the action items' states of today by number; without it those of the content are printed.

    `repetitions` are those that the document may name (`again.nameable`).
    """
    with speaking("en"):
        head = content["header"]
        persons = Persons(head["people"], roles_for_names=roles_for_names)
        source = Source(content=content, persons=persons, states=states or {}, repetitions=repetitions)
        return Document(
            title=head["title"],
            header=(
                Pair(label="Incident ID", value=head["public_id"]),
                Pair(label="Date", value=facts.day(head["started_at"], head["zone"])),
                Pair(label="Author", value=persons.name(head["author_id"])),
                Pair(label="Reviewers", value=", ".join(map(persons.name_and_role, head["reviewer_ids"]))),
                Pair(label="Status", value=status),
            ),
            sections=_sections(source),
            footer=(
                Pair(label="Template Version", value=head["template_version"]),
                Pair(label="Last Updated", value=facts.day(head["updated_at"], head["zone"])),
            ),
        )


def template() -> Document:
    """The empty document: the same structure with its guidance where text will be."""
    with speaking("en"):
        source = Source(content={"header": {"zone": ""}, "sections": {}, "items": [], "signatures": []})
        return Document(
            title="[Incident Title]",
            header=(
                Pair(label="Incident ID", value="", hint="P0-XXX"),
                Pair(label="Date", value="", hint="YYYY-MM-DD"),
                Pair(label="Author", value="", hint="Your Name"),
                Pair(label="Reviewers", value="", hint="Tech Lead, Engineering Manager, CTO, affected team members"),
                Pair(label="Status", value="🟡 Draft / ✅ Reviewed / 📝 Published"),
            ),
            sections=_sections(source),
            footer=(
                Pair(label="Template Version", value=TEMPLATE_VERSION),
                Pair(label="Last Updated", value="", hint="YYYY-MM-DD"),
            ),
            is_template=True,
        )


def _sections(source: Source) -> tuple[DocumentSection, ...]:
    return tuple(
        DocumentSection(
            key=section.key,
            heading=section.heading,
            blocks=(*PARTS[section.key](source), *_files(entries(source.section(section.key)))),
        )
        for section in SECTIONS
    )


def _files(files: tuple[Entry, ...]) -> tuple[Files, ...]:
    return (Files(files=files),) if files else ()
