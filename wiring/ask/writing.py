"""Questions of those who write."""

from db.queries import around as around_query
from db.queries import section_text
from db.queries import writing as query
from pmcore.domain.vocabulary import SectionKey
from pmcore.readmodels.around import Around
from pmcore.readmodels.writing import RevisionLine, RevisionView, SectionView, WritingView
from wiring import acting, parts


def writing(postmortem_id: int) -> WritingView:
    """Raises NotFound."""
    return query.writing(parts.engine(), actor=acting.actor(), postmortem_id=postmortem_id)


def section(postmortem_id: int, key: SectionKey) -> SectionView:
    """Raises NotFound, also while the draft is not shared."""
    return section_text.section(parts.engine(), actor=acting.actor(), postmortem_id=postmortem_id, key=key)


def around(postmortem_id: int) -> Around:
    """What others do to it meanwhile. Raises NotFound, also while the draft is not shared."""
    return around_query.around(parts.engine(), actor=acting.actor(), now=parts.clock(), postmortem_id=postmortem_id)


def revisions(postmortem_id: int, key: SectionKey) -> tuple[RevisionLine, ...]:
    return section_text.revisions(parts.engine(), actor=acting.actor(), postmortem_id=postmortem_id, key=key)


def revision(postmortem_id: int, key: SectionKey, number: int) -> RevisionView:
    """Raises NotFound."""
    return section_text.revision(
        parts.engine(), actor=acting.actor(), postmortem_id=postmortem_id, key=key, number=number
    )
