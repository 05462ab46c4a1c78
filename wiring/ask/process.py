"""Questions about the process, its approval, and people who are new."""

from db.queries import process as query
from pmcore.documents import handbook as pages
from pmcore.domain.vocabulary import Language
from pmcore.readmodels.process import ApprovalView, Checklist, Newcomers
from pmcore.words import language
from wiring import acting, handbook, parts


def process_document() -> pages.Handbook:
    """In the reader's language. Raises BadProcessText."""
    acting.actor()
    return pages.handbook(handbook.process().texts[Language(language())])


def process_approval() -> ApprovalView:
    return query.approval(parts.engine(), actor=acting.actor(), text=handbook.process())


def checklist_steps() -> pages.Steps:
    """What the checklist says, in the reader's language. Raises BadProcessText."""
    acting.actor()
    return pages.steps(handbook.text(handbook.CHECKLIST, Language(language())))


def template() -> str:
    """The empty template; English, as the documents are."""
    acting.actor()
    return handbook.text(handbook.TEMPLATE)


def newcomers() -> Newcomers:
    return query.newcomers(parts.engine(), actor=acting.actor())


def checklist(user_id: int) -> Checklist | None:
    """None when there is none, or it is not for this reader."""
    return query.checklist(parts.engine(), actor=acting.actor(), user_id=user_id)
