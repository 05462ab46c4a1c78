"""Questions about the survey."""

from db.queries import survey as query
from pmcore.domain.survey import Quarter, Remark
from pmcore.readmodels.survey import SurveyView
from wiring import acting, parts


def survey() -> SurveyView:
    return query.survey(parts.engine(), actor=acting.actor(), now=parts.clock())


def survey_remarks(quarter: Quarter) -> tuple[Remark, ...]:
    """Of a closed round. Raises Forbidden, NotFound."""
    return query.remarks(parts.engine(), actor=acting.actor(), quarter=quarter)
