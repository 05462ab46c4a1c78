"""Meetings for tests, made by the commands themselves."""

from datetime import timedelta
from typing import Any

from pmcore.domain.meeting import Plan
from pmcore.usecases.meeting import BeginMeeting, EndMeeting, ScheduleMeeting, TickAttendance
from tests import reviewed
from tests.factories import NOON
from wiring import acting, run


def plan(story: reviewed.Story, *, days: float = 5, **changes: Any) -> Plan:
    values: dict[str, Any] = {
        "starts_at": NOON + timedelta(days=days), "minutes": 60, "presenter_id": story.author,
        "facilitator_id": story.bystander, "required_ids": (story.lead,), "optional_ids": (story.cto,),
        "place": "Room 5",
    }  # fmt: skip
    return Plan(**values | changes)


def scheduled(
    engine: Any, *, story: reviewed.Story | None = None, days: float = 5, version: int = 0, **changes: Any
) -> reviewed.Story:
    """Anna presents, Egor facilitates, the Tech Lead is required, the CTO optional."""
    story = story or reviewed.begun(engine)
    with acting.as_user(story.author):
        run(ScheduleMeeting(postmortem_id=story.id, plan=plan(story, days=days, **changes), version=version))
    return story


def held(story: reviewed.Story) -> None:
    """Everybody but the CTO came."""
    with acting.as_user(story.bystander):
        run(BeginMeeting(postmortem_id=story.id))
        for user_id in (story.author, story.bystander, story.lead):
            run(TickAttendance(postmortem_id=story.id, user_id=user_id, attended=True))
        run(EndMeeting(postmortem_id=story.id))
