"""The ledger in SQL: it agrees with the domain, filters, sorts and pages, and shows nobody what is not theirs."""

import time
from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from db.models import ClockStopRow, IncidentRow, ObligationRow, ServiceRow, WaiverApprovalRow, WaiverRow
from db.obligations import note_next_due
from db.queries import clocks
from db.queries import ledger as query
from pmcore.domain.permissions import Actor
from pmcore.domain.vocabulary import ClockKind, ClockState, Disposition, ObligationLevel, Role, Rule, Severity
from pmcore.readmodels.ledger import BadLedgerFilter, LedgerFilter, LedgerSort
from tests import scene
from tests.factories import NOON, STARTED, make_incident, make_service
from tests.tracked import many_tracked
from wiring import acting, ask

HOUR = timedelta(hours=1)


@pytest.fixture
def people(rows, clock):
    return scene.set_up(rows)


@pytest.fixture
def incident(rows, people):
    def made(public_id, **changes):
        by_anna = {"reporter_id": people.anna, "service_id": people.service}
        with rows() as session:
            return make_incident(session, public_id=public_id, severity=Severity(public_id[:2]), **by_anna | changes)

    return made


def listed(user_id, **filter) -> list[str]:
    with acting.as_user(user_id):
        return [row.public_id for row in ask.ledger(LedgerFilter(**filter)).rows]


moments = st.none() | st.integers(-100, 100).map(lambda hours: NOON + hours * HOUR)


@st.composite
def obligations(draw):
    """Any stored obligation, its stops and its waiver."""
    starts = draw(moments)
    due = st.none() if starts is None else moments.filter(lambda at: at is not None)
    return {
        "level": draw(st.sampled_from(ObligationLevel)),
        "rules": draw(st.sampled_from([[], ["p0"], ["p1_long"], ["sla_breach", "near_miss"]])),
        "long_at": draw(moments),
        "starts_at": starts,
        "drafted_due_at": draw(due),
        "published_due_at": draw(due),
        "disposition": draw(st.none() | st.sampled_from(Disposition)),
        "stops": {clock: at for clock in ClockKind if (at := draw(moments)) is not None},
        "approvals": draw(st.integers(0, 2)),
        "voided": draw(st.booleans()),
    }  # fmt: skip


def put(session: Session, number: int, drawn: dict, approvers: tuple[int, ...]) -> None:
    session.execute(delete(ClockStopRow))
    session.execute(delete(WaiverApprovalRow))
    session.execute(delete(WaiverRow))
    row = session.get_one(ObligationRow, number)
    for name in ("level", "rules", "long_at", "starts_at", "drafted_due_at", "published_due_at", "disposition"):
        setattr(row, name, drawn[name])
    row.disposition_reason = "why" if drawn["disposition"] else None
    for clock, at in drawn["stops"].items():
        session.add(ClockStopRow(incident_id=number, clock=clock.value, at=at, by_id=None))
    if drawn["approvals"]:
        waiver = WaiverRow(
            incident_id=number, reason="why", at=NOON, voided_at=NOON if drawn["voided"] else None, voided_by_rule=None
        )
        session.add(waiver)
        session.flush()
        for user_id in approvers[: drawn["approvals"]]:
            session.add(WaiverApprovalRow(waiver_id=waiver.id, user_id=user_id, at=NOON))


def test_sql_and_the_domain_derive_the_same_states(db, rows, people, incident):
    number = incident("P1-001").id
    actor = Actor(user_id=people.manager, name="Maria", roles=frozenset({Role.ENGINEERING_MANAGER}))

    @settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
    @given(obligations())
    def agree(drawn):
        with rows() as session:
            put(session, number, drawn, (people.manager, people.cto))
        with Session(db) as session:
            in_sql = session.execute(
                select(clocks.level(now=NOON), *(clocks.state(clock, now=NOON) for clock in ClockKind))
                .select_from(ObligationRow)
                .where(ObligationRow.incident_id == number)
            ).one()
            (shown,) = query.to_rows(session, session.execute(query.rows_of(actor)).all(), actor=actor, now=NOON)
        assert tuple(in_sql) == (shown.level, shown.drafted.state, shown.published.state)

    agree()


def test_the_order_by_deadline_is_that_of_the_domain(db, rows, people, incident):
    """Whatever the present moment: what becomes required by itself has no deadline."""
    number = incident("P1-001").id
    actor = Actor(user_id=people.manager, name="Maria", roles=frozenset({Role.ENGINEERING_MANAGER}))
    running = (ClockState.PENDING, ClockState.MISSED)

    @settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
    @given(obligations(), moments.filter(bool))
    def agree(drawn, now):
        if drawn["starts_at"] is not None:
            drawn["long_at"] = None
        with rows() as session:
            put(session, number, drawn, (people.manager, people.cto))
            session.flush()
            note_next_due(session, [number])
        with Session(db) as session:
            noted = session.scalar(select(IncidentRow.next_due_at).where(IncidentRow.id == number))
            (shown,) = query.to_rows(session, session.execute(query.rows_of(actor)).all(), actor=actor, now=now)
        clocks_running = [clock.due_at for clock in (shown.drafted, shown.published) if clock.state in running]
        assert noted == (clocks_running[0] if clocks_running else None)

    agree()


class TestFilters:
    @pytest.fixture(autouse=True)
    def some(self, incident, people, rows):
        with rows() as session:
            kafka = make_service(session, "Kafka-Шина").id
        self.kafka = kafka
        incident("P0-001", title="Почта не уходит", alert_name="EmailDown")
        lag = {"title": "100% lag_of consumers", "service_id": kafka, "service": "Kafka-Шина"}
        incident("P1-001", started_at=STARTED - timedelta(days=2), detected_at=None, **lag)
        incident("P2-001", near_miss=True, started_at=STARTED - timedelta(days=1), detected_at=None)
        incident("P0-002", dry_run=True)
        incident("P0-003", reporter_id=people.boris, resolved_at=None, started_at=NOON - HOUR, detected_at=None)

    @pytest.mark.parametrize(
        ("filter", "found"),
        [
            ({}, {"P0-001", "P0-003", "P1-001", "P2-001"}),
            ({"text": "ПОЧТА"}, {"P0-001"}),
            ({"text": "emaildown p0"}, {"P0-001"}),
            ({"text": "шина"}, {"P1-001"}),
            ({"text": "100%"}, {"P1-001"}),
            ({"text": "lag_of"}, {"P1-001"}),
            ({"text": "%"}, {"P1-001"}),
            ({"severities": (Severity.P1, Severity.P2)}, {"P1-001", "P2-001"}),
            ({"levels": (ObligationLevel.RECOMMENDED,)}, {"P2-001"}),
            ({"levels": (ObligationLevel.REQUIRED,)}, {"P0-001", "P0-003", "P1-001"}),
            ({"clocks": (ClockState.NOT_STARTED,)}, {"P0-003"}),
            ({"clocks": (ClockState.PENDING, ClockState.NOT_STARTED)}, {"P0-001", "P0-003", "P1-001"}),
            ({"clocks": (ClockState.NONE,)}, {"P2-001"}),
            ({"since": date(2025, 12, 14)}, {"P0-001", "P0-003"}),
            ({"until": date(2025, 12, 13)}, {"P1-001", "P2-001"}),
            ({"since": date(2025, 12, 13), "until": date(2025, 12, 13)}, {"P2-001"}),
            ({"dry_runs": True, "severities": (Severity.P0,)}, {"P0-001", "P0-002", "P0-003"}),
        ],
    )  # fmt: skip
    def test_narrow(self, people, filter, found):
        assert set(listed(people.lead, **filter)) == found

    def test_by_person_and_service(self, people):
        assert listed(people.boris, mine=True) == ["P0-003"]
        assert listed(people.lead, author_id=people.boris) == ["P0-003"]
        assert listed(people.lead, service_ids=(self.kafka,)) == ["P1-001"]

    def test_a_renamed_service_is_found_by_its_new_name(self, people, rows):
        with rows() as session:
            service = session.get_one(ServiceRow, self.kafka)
            service.name, service.name_key = "Pulsar", "pulsar"
        assert listed(people.lead, text="Pulsar") == ["P1-001"]

    def test_sort(self, people):
        assert listed(people.lead) == ["P0-003", "P0-001", "P1-001", "P2-001"]
        assert listed(people.lead, sort=LedgerSort.NEWEST) == ["P0-003", "P0-001", "P2-001", "P1-001"]
        assert listed(people.lead, sort=LedgerSort.OLDEST) == ["P1-001", "P2-001", "P0-001", "P0-003"]
        assert listed(people.lead, sort=LedgerSort.SEVERITY) == ["P0-003", "P0-001", "P1-001", "P2-001"]
        assert listed(people.lead, sort=LedgerSort.SERVICE)[-1] == "P1-001"

    def test_pages(self, people):
        with acting.as_user(people.lead):
            last = ask.ledger(LedgerFilter(page=9, page_size=3))
        assert (last.total, last.pages, last.page, len(last.rows)) == (4, 2, 2, 1)

    def test_days_are_those_of_the_workspaces_zone(self, people, incident):
        incident("P0-004", started_at=STARTED.replace(hour=21, minute=30) - timedelta(days=2), detected_at=None)
        assert "P0-004" in listed(people.lead, since=date(2025, 12, 13), until=date(2025, 12, 13))  # 00:30 in Moscow


def test_an_unresolved_p1_becomes_required_by_itself(people, incident, clock):
    incident(
        "P1-001", started_at=NOON - timedelta(minutes=20), detected_at=None, resolved_at=None, reported_at=NOON,
    )  # fmt: skip
    assert listed(people.lead, levels=(ObligationLevel.REQUIRED,)) == []
    clock.forward(minutes=11)
    with acting.as_user(people.lead):
        (row,) = ask.ledger(LedgerFilter(levels=(ObligationLevel.REQUIRED,))).rows
    assert (row.rules, row.drafted.state) == ((Rule.P1_LONG,), ClockState.NOT_STARTED)


def test_an_imported_one_without_an_end_is_not_ongoing(people, incident):
    incident("P0-001", imported=True, resolved_at=None, started_at=STARTED - timedelta(days=90), detected_at=None)
    with acting.as_user(people.lead):
        (row,) = ask.ledger(LedgerFilter()).rows
    assert (row.ongoing, row.unresolved_too_long) == (False, False)


def test_a_restricted_one_is_counted_for_nobody_else(people, incident):
    incident("P0-001", restricted=True)
    for user_id, total in ((people.boris, 0), (people.manager, 0), (people.anna, 1), (people.administrator, 1)):
        with acting.as_user(user_id):
            assert ask.ledger(LedgerFilter()).total == total


def test_a_deleted_one_is_nowhere(db, rows, people, incident):
    number = incident("P0-001").id
    with rows() as session:
        session.get_one(IncidentRow, number).deleted_at = NOON
    assert listed(people.administrator) == []


@pytest.mark.parametrize("count", [3, 40])
def test_four_statements_and_one_for_waivers_whatever_the_number_of_rows(people, incident, statements, count):
    for number in range(1, count + 1):
        incident(f"P0-{number:03d}")
    listed(people.lead)
    with statements() as said:
        assert len(listed(people.lead, page_size=50)) == count
    assert len([each for each in said if "pg_current_snapshot" not in each]) <= 5, said


class TestAddress:
    def test_what_is_said_is_read_again(self):
        filter = LedgerFilter(
            text="a b", severities=(Severity.P0, Severity.P2), service_ids=(3, 4), levels=(ObligationLevel.NONE,),
            clocks=(ClockState.LATE,), author_id=7, mine=True, since=date(2025, 1, 2), until=date(2025, 2, 3),
            dry_runs=True, sort=LedgerSort.SERVICE,
        )  # fmt: skip
        assert LedgerFilter.of(filter.params()) == filter
        assert LedgerFilter().params() == {}

    @pytest.mark.parametrize(
        "said",
        [{"severity": "P9"}, {"service": "x"}, {"service": "99999999999"}, {"author": "-1"}, {"level": "blame"},
         {"clock": "x"}, {"since": "soon"}, {"until": "1999-12-31"}, {"sort": "author"}],
    )  # fmt: skip
    def test_what_cannot_be_read_is_named(self, said):
        with pytest.raises(BadLedgerFilter, match=next(iter(said))):
            LedgerFilter.of(said)


@pytest.mark.sqlite_only
def test_a_page_of_many_is_quick(db, rows, people, clock):
    with rows() as session:
        many_tracked(session, 20_000, author=people.anna, service=people.service)
    began = time.perf_counter()
    with acting.as_user(people.lead):
        found = ask.ledger(LedgerFilter(page=3))
    assert found.total == 20_000
    assert time.perf_counter() - began < 3
