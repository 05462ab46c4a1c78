"""Meetings in SQL: row <-> dataclass, and nothing else."""

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from db.models import AttendeeRow, IncidentRow, MeetingRow, PostmortemRow, UserRow
from db.visibility import is_named_person
from pmcore.domain.errors import EditConflict
from pmcore.domain.meeting import Attendee, Meeting


class SqlMeetings:
    def __init__(self, session: Session) -> None:
        self._session = session

    def of(self, postmortem_id: int) -> Meeting | None:
        row = self._session.scalar(
            select(MeetingRow)
            .filter_by(postmortem_id=postmortem_id)
            .with_for_update()
            .execution_options(populate_existing=True)
        )
        if row is None:
            return None
        attendees = self._session.execute(
            select(AttendeeRow.user_id, AttendeeRow.required, AttendeeRow.attended)
            .where(AttendeeRow.postmortem_id == postmortem_id)
            .order_by(AttendeeRow.user_id)
        )
        return Meeting(
            postmortem_id=row.postmortem_id,
            uid=row.uid,
            starts_at=row.starts_at,
            minutes=row.minutes,
            place=row.place,
            presenter_id=row.presenter_id,
            facilitator_id=row.facilitator_id,
            scheduled_at=row.scheduled_at,
            changed_at=row.changed_at,
            attendees=tuple(
                Attendee(user_id=each.user_id, required=each.required, attended=each.attended) for each in attendees
            ),
            sequence=row.sequence,
            began_at=row.began_at,
            held_at=row.held_at,
            notes=row.notes,
            notes_version=row.notes_version,
            version=row.version,
        )

    def save(self, meeting: Meeting) -> None:
        known = self._session.scalar(select(MeetingRow.version).filter_by(postmortem_id=meeting.postmortem_id))
        if known is None:
            self._session.add(
                MeetingRow(
                    postmortem_id=meeting.postmortem_id, uid=meeting.uid, scheduled_at=meeting.scheduled_at,
                    notes=meeting.notes, notes_version=meeting.notes_version, version=1, **_columns(meeting),
                )
            )  # fmt: skip
            self._session.flush()
        else:
            saved = self._session.execute(
                update(MeetingRow)
                .filter_by(postmortem_id=meeting.postmortem_id, version=meeting.version)
                .values(version=meeting.version + 1, **_columns(meeting))
                .returning(MeetingRow.postmortem_id)
                .execution_options(synchronize_session=False)
            ).first()
            if saved is None:
                raise EditConflict
        self._session.execute(delete(AttendeeRow).filter_by(postmortem_id=meeting.postmortem_id))
        self._session.add_all(
            AttendeeRow(
                postmortem_id=meeting.postmortem_id, user_id=each.user_id, required=each.required,
                attended=each.attended,
            )
            for each in meeting.attendees
        )  # fmt: skip
        self._session.flush()

    def tick(self, postmortem_id: int, user_id: int, *, attended: bool) -> None:
        self._session.execute(
            update(AttendeeRow).filter_by(postmortem_id=postmortem_id, user_id=user_id).values(attended=attended)
        )

    def save_notes(self, postmortem_id: int, *, notes: str, version: int) -> None:
        saved = self._session.execute(
            update(MeetingRow)
            .filter_by(postmortem_id=postmortem_id, notes_version=version)
            .values(notes=notes, notes_version=version + 1)
            .returning(MeetingRow.postmortem_id)
            .execution_options(synchronize_session=False)
        ).first()
        if saved is None:
            raise EditConflict

    def can_come(self, postmortem_id: int) -> frozenset[int]:
        return frozenset(
            self._session.scalars(
                select(UserRow.id)
                .select_from(PostmortemRow)
                .join(IncidentRow, IncidentRow.id == PostmortemRow.incident_id)
                .join(UserRow, UserRow.active.is_(True))
                .where(PostmortemRow.id == postmortem_id, is_named_person())
            )
        )


def _columns(meeting: Meeting) -> dict[str, object]:
    return {
        "starts_at": meeting.starts_at,
        "minutes": meeting.minutes,
        "place": meeting.place,
        "presenter_id": meeting.presenter_id,
        "facilitator_id": meeting.facilitator_id,
        "changed_at": meeting.changed_at,
        "sequence": meeting.sequence,
        "began_at": meeting.began_at,
        "held_at": meeting.held_at,
    }
