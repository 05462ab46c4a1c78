"""What is counted anew after something happened is what counting everything again would say."""

from datetime import UTC, datetime, timedelta
from random import Random

import pytest
from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.orm import Session

from db.engine import make_engine
from db.models import (
    ActionItemRow,
    AttendeeRow,
    AuditRow,
    ClockStopRow,
    IncidentRow,
    IncidentViewerRow,
    MeetingRow,
    ObligationRow,
    PostmortemRow,
    RecurrenceRow,
)
from db.queries.metrics_counted import counted_now
from db.queries.metrics_lines import BEHIND, WITHOUT_EFFECT
from db.queries.metrics_period import shape_of, values_of
from db.queries.metrics_sums import PART
from db.queries.metrics_touched import MOST, incidents_of, parts_touched
from pmcore.domain.metrics import Metric
from pmcore.domain.permissions import Actor
from pmcore.domain.vocabulary import ActionState, RecurrenceState, Role
from pmcore.readmodels.metrics import MetricsFilter
from pmcore.usecases.demo.stage import Stage
from tests.db.test_demo import ANOTHER_TIME
from tests.db.test_demo import fill as play_the_demo
from tests.measured import ADMINISTRATOR, AS_OF, ENGINEER, Workspace

YEAR = MetricsFilter(since=datetime(2025, 5, 1, tzinfo=UTC).date(), until=AS_OF.date())


def told(tally):
    """Everything that a figure is made of."""
    sums = {
        metric: sorted(
            (one.place, one.reason or "", one.rows, one.n, one.of, *one.extras) for one in tally.sums(metric)
        )
        for metric in Metric
    }
    names = {metric: sorted(",".join(tally.names(metric)).split(",")) for metric in Metric}
    numbers = {what: dict(tally.numbers(what)) for what in ("ended", "running", *Metric)}
    out = {what: sorted((reason or "", count) for reason, count in tally.left_out(what)) for what in Metric}
    return sums, names, numbers, out, tally.oldest()


class Watched:
    """One reader, who counts only what changed, beside one who counts everything each time."""

    def __init__(self, actor, filter, as_of):
        self.shape, self.values = shape_of(actor, filter, as_of=as_of), values_of(actor, filter, as_of=as_of)
        self.as_of, self.counted, self.kept = as_of, None, 0

    def look(self, session):
        newest = session.scalar(select(func.max(AuditRow.id)).where(AuditRow.did.not_in(WITHOUT_EFFECT))) or 0
        asked = {"shape": self.shape, "values": self.values, "newest": newest, "as_of": self.as_of}
        before, self.counted = self.counted, counted_now(session, self.counted, **asked)
        self.kept += before is not None
        assert told(self.counted.tally) == told(counted_now(session, None, **asked).tally)


def test_every_command_of_a_year_names_what_it_changed(tmp_path, monkeypatch):
    """The lines of the audit are trusted; here everything that the demo year does is counted both ways.

    It is told at another time than in its own tests, since it can be told at any.
    """
    from db.upgrade import upgrade

    engine = make_engine(f"sqlite:///{tmp_path}/demo.db")
    upgrade(engine)
    as_of = ANOTHER_TIME.replace(minute=30)
    filter = MetricsFilter(since=(as_of - timedelta(days=370)).date(), until=as_of.date())
    watched = [
        Watched(Actor(user_id=user_id, name="", roles=frozenset({role}), zone="Europe/Moscow"), filter, as_of)
        for user_id, role in ((1, Role.ADMINISTRATOR), (3, Role.ENGINEER))
    ]
    do, done = Stage.do, []

    def watch(self, handler, command, **how):
        answer = do(self, handler, command, **how)
        done.append(type(command).__name__)
        if len(done) % 9 == 0:
            self.work._session.flush()
            for each in watched:
                each.look(self.work._session)
        return answer

    monkeypatch.setattr(Stage, "do", watch)
    play_the_demo(engine, ANOTHER_TIME)
    with Session(engine) as session:
        assert session.scalar(select(func.count()).select_from(PostmortemRow)) >= 55
    engine.dispose()
    assert len(set(done)) > 30
    assert all(each.kept > 100 for each in watched)


def _changes(chance, session, n):
    """Something happens to one incident; the line of the audit that says so."""
    maybe = chance.random() < 0.5
    what = chance.randrange(9)
    own = select(PostmortemRow.id).where(PostmortemRow.incident_id == n).scalar_subquery()
    if what == 0:
        changed = {"dry_run": maybe, "restricted": chance.random() < 0.3, "deleted_at": None}
        session.execute(update(IncidentRow).where(IncidentRow.id == n).values(**changed))
    elif what == 1:
        due = AS_OF - timedelta(days=chance.randrange(90))
        changed = {
            "drafted_due_at": due,
            "published_due_at": due,
            "starts_at": due - timedelta(hours=48),
            "level": "required",
        }
        session.execute(update(ObligationRow).where(ObligationRow.incident_id == n).values(**changed))
    elif what == 2:
        session.execute(delete(ClockStopRow).where(ClockStopRow.incident_id == n))
    elif what == 3:
        at = AS_OF - timedelta(days=chance.randrange(120))
        changed = {"first_published_at": at, "edition_number": 1, "status": "published", "shared_at": at}
        session.execute(update(PostmortemRow).where(PostmortemRow.incident_id == n).values(**changed))
    elif what == 4:
        item = session.scalar(select(func.max(ActionItemRow.id)).where(ActionItemRow.postmortem_id == own))
        if item is not None:
            state = chance.choice((ActionState.COMMITTED, ActionState.VERIFIED, ActionState.WONT_DO))
            session.execute(update(ActionItemRow).where(ActionItemRow.id == item).values(state=state))
            return "item", f"action_item/{item}"
    elif what == 5:
        session.execute(update(AttendeeRow).where(AttendeeRow.postmortem_id == own).values(attended=maybe))
        postmortem = session.scalar(select(MeetingRow.postmortem_id).where(MeetingRow.postmortem_id == own))
        return "attend", f"meeting/{postmortem or 0}/3"
    elif what == 6:
        pair = session.execute(select(RecurrenceRow).where(RecurrenceRow.incident_id == n)).scalars().first()
        if pair is not None:
            pair.state, pair.decided_by_id, pair.decided_at = RecurrenceState.CONFIRMED, 3, AS_OF
            return "confirm_recurrence", f"incident/{n}/repeats/{pair.earlier_id}"
    elif what == 7:
        session.execute(delete(IncidentViewerRow).where(IncidentViewerRow.incident_id == n))
    else:
        changed = {"disposition": None, "covered_by_id": None, "disposition_reason": None}
        session.execute(update(ObligationRow).where(ObligationRow.incident_id == n).values(**changed))
        return "reopen", f"incident/{n}"
    return "edit", f"incident/{n}"


def filled(db, chance):
    """Rows in five parts."""
    workspace = Workspace(chance, size=0)
    workspace.size = 5 * PART
    with db.execution_options(writes=True).begin() as connection:
        workspace.fill(connection)
    return workspace


@pytest.mark.parametrize("seed", [5, 8])
def test_by_chance(db, seed):
    chance = Random(seed)
    workspace = filled(db, chance)
    readers = ((ADMINISTRATOR, Role.ADMINISTRATOR), (ENGINEER, Role.ENGINEER))
    watched = [
        Watched(Actor(user_id=user_id, name="", roles=frozenset({role}), zone=workspace.zone), YEAR, AS_OF)
        for user_id, role in readers
    ]
    with Session(db.execution_options(writes=True)) as session:
        for _ in range(25):
            for _ in range(chance.randint(1, 3)):
                did, target = _changes(chance, session, chance.randint(1, workspace.size))
                session.add(AuditRow(at=AS_OF, actor_id=None, did=did, target=target))
            session.flush()
            for each in watched:
                each.look(session)


class TestWhatIsTouched:
    @pytest.fixture
    def session(self, db):
        with Session(db) as session:
            yield session

    def test_nothing_where_only_the_survey_or_names_change(self, session):
        assert list(parts_touched(session, [("close_survey", "survey_round/1"), ("rename", "service/2")])) == []

    @pytest.mark.parametrize(
        "line", [("covered", "incident/5"), ("reopen", "incident/5"), ("import_tracker", "tracker/9"), ("x", "new/1")]
    )
    def test_everything_where_nobody_can_say(self, session, line):
        assert parts_touched(session, [line]) is None

    def test_everything_where_it_is_much(self, session):
        assert len(parts_touched(session, [("edit", f"incident/{n * PART}") for n in range(MOST)])) == MOST
        assert parts_touched(session, [("edit", f"incident/{n * PART}") for n in range(MOST + 1)]) is None

    def test_an_incident_that_is_gone_has_a_part_still(self, session):
        assert list(parts_touched(session, [("delete", "incident/33")])) == [33 // PART]
        assert 33 in incidents_of([33 // PART])

    def test_far_behind_everything_is_counted(self, db, session):
        reader = Watched(Actor(user_id=1, name="", roles=frozenset({Role.ENGINEER}), zone="UTC"), YEAR, AS_OF)
        reader.look(session)
        with db.execution_options(writes=True).begin() as connection:
            line = {"at": AS_OF, "actor_id": None, "did": "edit", "target": "incident/1"}
            connection.execute(insert(AuditRow), [line] * (BEHIND + 2))
        session.rollback()
        reader.look(session)
        assert len(reader.counted.lines) == BEHIND
