"""The meeting of a post-mortem: on a weekday before day 7, an hour at most, mostly with everybody there."""

import random
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from pmcore.domain.meeting import Plan
from pmcore.domain.rail_vocabulary import TimeKind, Verdict
from pmcore.domain.vocabulary import Language
from pmcore.usecases.demo.cast import ENGINEERS, ZONE
from pmcore.usecases.demo.stage import Play, Stage
from pmcore.usecases.demo.story import Story, Told
from pmcore.usecases.dry_run import NoteTime, note_time
from pmcore.usecases.meeting import (
    BeginMeeting,
    EndMeeting,
    SaveNotes,
    ScheduleMeeting,
    TickAttendance,
    begin_meeting,
    end_meeting,
    save_notes,
    schedule_meeting,
    tick_attendance,
)
from pmcore.usecases.retrospective import GiveVerdict, give_verdict

_ROOM = {Language.ENGLISH: "Room Baikal, or the incident call", Language.RUSSIAN: "Переговорная «Байкал» или звонок"}
_NOTES = {
    Language.ENGLISH: "Timeline agreed in ten minutes. Most time went into why the alert came late.",
    Language.RUSSIAN: "По хронологии договорились за десять минут. Дольше всего обсуждали, почему алерт пришёл поздно.",
}
_LOOKED_BACK = {
    Verdict.PREVENTED: {
        Language.ENGLISH: "The same load came twice since; the alert fired early and nothing broke",
        Language.RUSSIAN: "С тех пор такая нагрузка была дважды: алерт сработал рано, ничего не сломалось",
    },
    Verdict.NOT_EXERCISED: {
        Language.ENGLISH: "No such load since then; a drill is planned for the next quarter",
        Language.RUSSIAN: "Такой нагрузки с тех пор не было; учения запланированы на следующий квартал",
    },
    Verdict.RECURRED: {
        Language.ENGLISH: "It came back on another service before the last item was done",
        Language.RUSSIAN: "Повторилось на другом сервисе раньше, чем закрыли последнюю задачу",
    },
}


def meet(stage: Stage, story: Story, told: Told, *, postmortem_id: int, resolved: datetime, signers: list[str]) -> Play:
    """Scheduled now; of a restricted one only those come who are named on it."""
    rng = random.Random(f"{told.key}/meeting")
    facilitator = signers[0]
    colleagues = [] if "restricted" in told.flags else [u for u in ENGINEERS[story.language] if u != told.author][:2]
    invited = [stage.actors[who].user_id for who in dict.fromkeys([told.author, facilitator, *colleagues])]
    local = (resolved + timedelta(days=rng.choice((4, 5, 6)))).astimezone(ZoneInfo(ZONE))
    local -= timedelta(days=max(local.weekday() - 4, 0))
    starts_at = max(
        local.replace(hour=11, minute=0, second=0), stage.at.astimezone(ZoneInfo(ZONE)) + timedelta(hours=2)
    )
    plan = Plan(
        starts_at=starts_at, minutes=60, presenter_id=invited[0], facilitator_id=invited[1],
        required_ids=tuple(invited), optional_ids=tuple(stage.actors[who].user_id for who in signers[1:]),
        place=_ROOM[story.language],
    )  # fmt: skip
    stage.do(schedule_meeting, ScheduleMeeting(postmortem_id=postmortem_id, plan=plan), by=told.author)
    yield starts_at
    stage.do(begin_meeting, BeginMeeting(postmortem_id=postmortem_id), by=facilitator)
    for user_id in invited:
        if user_id in invited[:2] or rng.random() < 0.85:
            tick = TickAttendance(postmortem_id=postmortem_id, user_id=user_id, attended=True)
            stage.do(tick_attendance, tick, by=facilitator)
    yield stage.at + timedelta(minutes=rng.randrange(35, 60))
    noted = SaveNotes(postmortem_id=postmortem_id, notes=_NOTES[story.language], version=1)
    stage.do(save_notes, noted, by=facilitator)
    stage.do(end_meeting, EndMeeting(postmortem_id=postmortem_id), by=facilitator)
    minutes = round((stage.at - starts_at).total_seconds() / 60)
    stage.do(note_time, NoteTime(postmortem_id=postmortem_id, kind=TimeKind.MEETING, minutes=minutes), by=told.author)


def look_back(stage: Stage, story: Story, told: Told, *, postmortem_id: int, by: str) -> None:
    """Day 30. What was told to come back has come back; of the others nobody knows now and then."""
    came_back = [other for other in story.told if f"repeats:{told.key}" in other.flags]
    has_recurred = any(stage.now - timedelta(days=other.days) < stage.at for other in came_back)
    rarely = random.Random(f"{told.key}/verdict").random() < 0.3
    found = Verdict.RECURRED if has_recurred else Verdict.NOT_EXERCISED if rarely else Verdict.PREVENTED
    reason = _LOOKED_BACK[found][story.language]
    given = GiveVerdict(postmortem_id=postmortem_id, verdict=found, reason=reason)
    stage.do(give_verdict, given, by=by)
