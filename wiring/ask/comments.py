"""Questions about what is said beside a section."""

from db.queries import comments as query
from pmcore.domain.vocabulary import SectionKey
from pmcore.readmodels.comments import Discussion
from wiring import acting, parts


def discussion(postmortem_id: int, key: SectionKey) -> Discussion:
    return query.discussion(parts.engine(), actor=acting.actor(), postmortem_id=postmortem_id, key=key)
