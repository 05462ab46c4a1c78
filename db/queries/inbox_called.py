"""Rows of `inbox_calls` as they are shown."""

from typing import Any

from pmcore.domain.vocabulary import SectionKey
from pmcore.readmodels import inbox as view


def mention(row: Any) -> view.MentionRow:
    return view.MentionRow(
        thread_id=row.id, postmortem_id=row.postmortem_id, section=SectionKey(row.key), public_id=row.public_id,
        title=row.title, by=row.by, text=row.text, at=row.at,
    )  # fmt: skip


def handed(row: Any) -> view.HandedOverRow:
    return view.HandedOverRow(
        id=row.id, incident_id=row.incident_id, postmortem_id=row.postmortem_id, public_id=row.public_id,
        title=row.title, is_mine_now=bool(row.number), other=row.other or "", by=row.by, note=row.text, at=row.at,
    )  # fmt: skip


def meeting(row: Any) -> view.MeetingRow:
    return view.MeetingRow(
        postmortem_id=row.postmortem_id, public_id=row.public_id, title=row.title, starts_at=row.at, zone=row.zone,
        facilitator=row.by, place=row.text,
    )  # fmt: skip


def feedback(row: Any) -> view.FeedbackRow:
    return view.FeedbackRow(
        postmortem_id=row.postmortem_id, public_id=row.public_id, title=row.title, asked_by=row.by,
        waits_for=row.number or 0, at=row.at,
    )  # fmt: skip


def escalation(row: Any) -> view.EscalationRow:
    return view.EscalationRow(
        escalation_id=row.id, postmortem_id=row.postmortem_id, public_id=row.public_id, number=row.number, by=row.by,
        reason=row.text, at=row.at,
    )  # fmt: skip


def repetition(row: Any) -> view.RepetitionRow:
    return view.RepetitionRow(
        incident_id=row.incident_id, postmortem_id=row.postmortem_id, earlier_id=row.id, public_id=row.public_id,
        title=row.title, earlier=row.other, named_by=row.by, at=row.at,
    )  # fmt: skip
