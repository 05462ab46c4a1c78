"""Questions of those who read, review and sign."""

from db.queries import changes as changes_query
from db.queries import inbox as inbox_query
from db.queries import rail as rail_query
from db.queries import reading as query
from db.queries import review as review_query
from db.queries import writing as writing_query
from pmcore.documents import again, copies, one_page, outline
from pmcore.documents.blocks import Document
from pmcore.documents.copies import Copies
from pmcore.documents.invitation import calendar
from pmcore.documents.one_page import OnePage
from pmcore.domain.errors import NotFound
from pmcore.readmodels.changes import Changes
from pmcore.readmodels.inbox import Inbox
from pmcore.readmodels.rail import RailView
from pmcore.readmodels.reading import ReadingView, ReviewView
from pmcore.readmodels.recurrence import RecurrenceView
from pmcore.readmodels.writing import WritingView
from pmcore.words.stored import in_words
from wiring import acting, parts
from wiring.settings import settings

WORKING_COPY = query.WORKING_COPY


def reading(postmortem_id: int, edition: int | None = None) -> ReadingView:
    """An edition by its number, WORKING_COPY, or what suits this person. Raises NotFound."""
    return query.reading(
        parts.engine(), actor=acting.actor(), now=parts.clock(), postmortem_id=postmortem_id, edition=edition
    )


def postmortem_of(public_id: str) -> int:
    """Raises NotFound."""
    return query.postmortem_of(parts.engine(), actor=acting.actor(), public_id=public_id)


def inbox() -> Inbox:
    return inbox_query.inbox(parts.engine(), actor=acting.actor(), now=parts.clock())


def review(writing: WritingView) -> ReviewView:
    """`writing` is what `ask.writing` answered."""
    return review_query.review(parts.engine(), actor=acting.actor(), now=parts.clock(), writing=writing)


def rail(writing: WritingView) -> RailView:
    """`writing` is what `ask.writing` answered."""
    return rail_query.rail(parts.engine(), actor=acting.actor(), writing=writing)


def invitation(postmortem_id: int) -> tuple[str, bytes]:
    """The meeting for a calendar: its post-mortem's public id, and the entry. Raises NotFound without a meeting."""
    whole = writing_query.writing(parts.engine(), actor=acting.actor(), postmortem_id=postmortem_id)
    meeting = rail(whole).meeting
    if meeting is None:
        raise NotFound
    url = f"{settings().public_url.rstrip('/')}/meeting?id={postmortem_id}"
    return whole.public_id, calendar(whole, meeting, url=url)


def changes(view: ReadingView) -> Changes | None:
    """`view` is what `ask.reading` answered; None beside anything but a working copy that the person may read."""
    return changes_query.changes(
        parts.engine(),
        actor=acting.actor(),
        now=parts.clock(),
        view=view,
        in_words=lambda content: in_words(content, view.writing.zone),
    )


def document_of(view: ReadingView) -> Document | None:
    """What is to be read, ready to render; None while the draft is not shared with this person."""
    if view.content is None:
        return None
    return outline.document(
        view.content,
        status=_status(view),
        roles_for_names=view.review.roles_for_names and view.edition is not None,
        states=view.states,
        repetitions=_nameable(view),
    )


def one_page_of(view: ReadingView) -> OnePage | None:
    """The same text for executives, with roles for names; None while the draft is not shared with this person."""
    if view.content is None:
        return None
    return one_page.page(view.content, status=_status(view), states=view.states, repetitions=_nameable(view))


def copies_of(view: ReadingView) -> Copies | None:
    """Its summary, to paste into other programs; None while the draft is not shared with this person."""
    if view.content is None:
        return None
    whole = view.writing
    edition = f"?id={whole.postmortem_id}&edition={view.edition or 'draft'}"
    return copies.of(view.content, status=_status(view), link=f"{settings().public_url.rstrip('/')}/read{edition}")


def _status(view: ReadingView) -> str:
    whole = view.writing
    return outline.status(
        whole.status,
        whole.amendment if view.edition is None else None,
        is_signed_off=view.review.is_signed_off,
        number=whole.edition_number,
    )


def _nameable(view: ReadingView) -> tuple[RecurrenceView, ...]:
    return again.nameable(view.repetitions, restricted=view.writing.restricted)


def preview(writing: WritingView, review: ReviewView, repetitions: tuple[RecurrenceView, ...]) -> Document | None:
    """What is being written, as readers will see it, from what was answered already; None where it is not shared."""
    return document_of(
        query.reading_of(
            parts.engine(), whole=writing, stands=review, again=repetitions, now=parts.clock(), edition=WORKING_COPY
        )
    )


def document(postmortem_id: int, edition: int | None = None) -> Document:
    """The same by its id. Raises NotFound, also while the draft is not shared with this person."""
    shown = document_of(reading(postmortem_id, edition))
    if shown is None:
        raise NotFound
    return shown
