"""A repetition as somebody sees it from the later incident."""

from datetime import UTC, date, datetime

from pmcore.domain.likeness import Reason, Shared
from pmcore.domain.vocabulary import ActionState, RecurrenceState, Severity
from pmcore.readmodels.recurrence import OpenPromise, RecurrenceView

REPEATS = RecurrenceView(
    incident_id=2, earlier_id=1, is_later=True, other_id=1, public_id="P0-003", title="Connection pool exhausted",
    severity=Severity.P0, started_at=datetime(2025, 11, 14, 7, tzinfo=UTC), zone="Europe/Moscow", restricted=False,
    postmortem_id=1, days_between=30, is_within=True, state=RecurrenceState.CONFIRMED,
    reasons=(Reason(kind=Shared.TITLE, words=("pool", "exhausted")),), named_by="", last_fix="A larger pool",
    open_promises=(
        OpenPromise(
            number=2, title="Watch the pool", due_on=date(2025, 12, 1), owner="Anna Petrova", state=ActionState.DONE
        ),
    ),
    decided_by="Maria Kim", decided_at=datetime(2025, 12, 14, 9, tzinfo=UTC), note="", may_decide=False, version=2,
)  # fmt: skip
