"""The tracker's query on both engines: filters, sorting, paging, who sees what, and the figures above it."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from db.models import ActionItemRow, IncidentRow, IncidentViewerRow, ObligationRow, ServiceRow, UserRow
from db.queries import tracker as query
from db.queries import tracker_sheets as sheets
from db.queries.tracker_figures import figures
from pmcore.domain.permissions import Actor, Forbidden
from pmcore.domain.tracker import TrackerColumn
from pmcore.domain.vocabulary import Disposition, ObligationLevel, PostmortemStatus, Role, Severity
from pmcore.readmodels.tracker import TrackerFilter
from tests.factories import NOON, add, make_policy, make_service, make_user, make_workspace
from tests.tracked import make_tracked, many_tracked

DAY = timedelta(days=1)


def at(day, month=12, hour=7):
    return datetime(2025, month, day, hour, tzinfo=UTC)


@pytest.fixture
def put(rows):
    """Put post-mortems there; `put.anna` and `put.boris` are people, `put.mail` and `put.queue` services."""

    class Put:
        def __init__(self):
            with rows() as session:
                make_workspace(session)
                make_policy(session)
                self.anna = make_user(session, "Anna Petrova", Role.ENGINEER).id
                self.boris = make_user(session, "Борис Иванов", Role.ENGINEER).id
                self.mail = make_service(session, "email-service").id
                self.queue = make_service(session, "kafka").id

        def __call__(self, public_id, **changes):
            with rows() as session:
                values = {"author": self.anna, "service": self.mail, **changes}
                return make_tracked(session, public_id, **values).id

    return Put()


@pytest.fixture
def ids(db, put):
    def found(actor=None, number=1, **filter):
        shown = query.tracker(db, actor=actor or engineer(put.anna), filter=TrackerFilter(**filter), number=number)
        return [row.public_id for row in shown.rows]

    return found


def engineer(user_id, *roles):
    return Actor(user_id=user_id, name="x", roles=frozenset(roles or {Role.ENGINEER}), zone="Europe/Moscow")


def test_a_row_holds_the_eleven_columns(db, put):
    put(
        "P0-001", customers_affected=500, revenue_loss_usd=Decimal("150.25"), items_total=6, items_done=3,
        first_published_at=datetime(2025, 12, 15, 21, 30, tzinfo=UTC),
    )  # fmt: skip
    row = query.tracker(db, actor=engineer(put.anna), filter=TrackerFilter()).rows[0]
    assert (row.public_id, row.on, row.service, row.duration_seconds) == (
        "P0-001", date(2025, 12, 14), "email-service", 720,
    )  # fmt: skip
    assert (row.customers_affected, row.revenue_loss_usd) == (500, Decimal("150.25"))
    assert (row.author, row.status, row.items_total, row.items_done) == (
        "Anna Petrova", PostmortemStatus.PUBLISHED, 6, 3,
    )  # fmt: skip
    assert row.published_on == date(2025, 12, 16)  # past midnight in Moscow


def test_days_are_those_of_the_incidents_zone(db, put):
    put("P0-001", started_at=datetime(2025, 12, 14, 22, tzinfo=UTC), zone="Asia/Tokyo")
    assert query.tracker(db, actor=engineer(put.anna), filter=TrackerFilter()).rows[0].on == date(2025, 12, 15)


def test_filters(put, ids):
    put("P0-001", title="Отказ ПОЧТЫ", started_at=at(1), first_published_at=at(3))
    put("P1-002", started_at=at(2), service=put.queue)
    put("P2-003", started_at=at(3), author=put.boris)
    put("P0-004", started_at=at(4), dry_run=True)
    assert ids() == ["P2-003", "P1-002", "P0-001"]
    assert ids(dry_runs=True)[0] == "P0-004"
    assert ids(text="отказ p0") == ["P0-001"]
    assert ids(text="100%_") == []
    assert ids(service_id=put.queue) == ["P1-002"]
    assert ids(author_id=put.boris) == ["P2-003"]
    assert ids(severities=(Severity.P0, Severity.P2)) == ["P2-003", "P0-001"]
    assert ids(statuses=(PostmortemStatus.PUBLISHED,)) == ["P0-001"]
    assert ids(severities=(Severity.P0,), statuses=(PostmortemStatus.DRAFT,)) == []


def test_a_severity_is_the_highest_that_was_reached(put, ids, rows):
    put("P0-001")
    with rows() as session:
        session.query(IncidentRow).update({"severity": "P2"})
    assert ids(severities=(Severity.P0,)) == ["P0-001"]


def test_a_period_has_the_days_of_the_workspace(put, ids):
    put("P0-001", started_at=datetime(2025, 12, 14, 20, 59, 59, tzinfo=UTC))  # 23:59:59 on the 14th in Moscow
    put("P0-002", started_at=datetime(2025, 12, 14, 21, 0, 0, tzinfo=UTC))  # midnight of the 15th
    assert ids(until=date(2025, 12, 14)) == ["P0-001"]
    assert ids(since=date(2025, 12, 15)) == ["P0-002"]
    assert ids(since=date.min, until=date.max) == ["P0-002", "P0-001"]


@pytest.mark.parametrize("column", list(TrackerColumn))
def test_every_column_sorts_in_both_directions_with_the_unknown_last(put, ids, column):
    first = put("P0-009", started_at=at(1), customers_affected=5, items_total=2, items_done=0)
    put(
        "P1-010", started_at=at(2), resolved_at=at(2, hour=9), customers_affected=900, author=put.boris,
        service=put.queue, items_total=4, items_done=4, first_published_at=at(5),
    )  # fmt: skip
    put("P2-011", started_at=at(3), resolved_at=at(3, hour=8), impact_seconds=None, first_published_at=at(4))
    up, down = ids(sort=column, descending=False), ids(sort=column)
    assert sorted(up) == sorted(down) == ["P0-009", "P1-010", "P2-011"]
    assert first
    unknown = {
        TrackerColumn.DURATION: "P2-011", TrackerColumn.IMPACT: "P2-011", TrackerColumn.ITEMS_DONE: "P2-011",
        TrackerColumn.PUBLISHED: "P0-009",
    }.get(column)  # fmt: skip
    if unknown:
        assert up[-1] == down[-1] == unknown
        assert up[:2] == list(reversed(down[:2]))
    elif column not in (TrackerColumn.SERVICE, TrackerColumn.AUTHOR, TrackerColumn.STATUS):
        assert up == list(reversed(down))


def test_ids_sort_as_numbers(put, ids):
    for public_id in ("P0-1000", "P0-002", "P1-001", "P0-999"):
        put(public_id)
    assert ids(sort=TrackerColumn.INCIDENT_ID, descending=False) == ["P0-002", "P0-999", "P0-1000", "P1-001"]


def test_pages(db, put, rows, monkeypatch):
    monkeypatch.setattr(query, "PAGE_ROWS", 3)
    with rows() as session:
        many_tracked(session, 7, author=put.anna, service=put.mail)
    actor = engineer(put.anna)
    pages = [query.tracker(db, actor=actor, filter=TrackerFilter(), number=number) for number in (1, 2, 3, 99, 0)]
    assert [page.number for page in pages] == [1, 2, 3, 3, 1]
    assert [len(page.rows) for page in pages] == [3, 3, 1, 1, 3]
    assert {(page.total, page.pages) for page in pages} == {(7, 3)}
    assert len({row.public_id for page in pages[:3] for row in page.rows}) == 7


def test_nothing_at_all_is_one_empty_page(db, put):
    page = query.tracker(db, actor=engineer(put.anna), filter=TrackerFilter())
    assert (page.rows, page.total, page.number, page.pages) == ((), 0, 1, 1)


class TestWhoSeesWhat:
    def test_restricted_rows_are_not_there_nor_counted_for_others(self, db, put, rows):
        put("P0-001", author=put.boris, restricted=True)
        hers = put("P0-002", restricted=True)
        put("P1-003", author=put.boris)
        anna = engineer(put.anna)
        page = query.tracker(db, actor=anna, filter=TrackerFilter())
        assert ({row.public_id for row in page.rows}, page.total) == ({"P0-002", "P1-003"}, 2)
        assert [row.public_id for row in sheets.tracker_stream(db, actor=anna, filter=TrackerFilter())] == [
            row.public_id for row in page.rows
        ]
        admin = engineer(99, Role.ADMINISTRATOR)
        assert query.tracker(db, actor=admin, filter=TrackerFilter()).total == 3
        assert hers

    def test_somebody_named_sees_it(self, db, put, rows):
        put("P0-001", author=put.boris, restricted=True)
        with rows() as session:
            incident = session.query(IncidentRow).one()
            session.add(IncidentViewerRow(incident_id=incident.id, user_id=put.anna))
        assert query.tracker(db, actor=engineer(put.anna), filter=TrackerFilter()).total == 1

    def test_deleted_rows_are_seen_by_nobody(self, db, put, rows):
        put("P0-001", deleted_at=NOON)
        assert query.tracker(db, actor=engineer(9, Role.ADMINISTRATOR), filter=TrackerFilter()).total == 0

    def test_without_a_role_nothing(self, db, put):
        nobody = Actor(user_id=put.anna, name="x", roles=frozenset())
        for ask in (query.tracker, sheets.tracker_stream, sheets.item_stream):
            with pytest.raises(Forbidden):
                list(ask(db, actor=nobody, filter=TrackerFilter()))
        with pytest.raises(Forbidden):
            figures(db, actor=nobody, now=NOON)
        with pytest.raises(Forbidden):
            query.authors(db, actor=nobody)

    def test_items_of_a_draft_that_is_not_shared_stay_with_its_author(self, db, put, rows):
        mine, shared = put("P0-001"), put("P0-002", shared_at=NOON)
        with rows() as session:
            for postmortem_id in (mine, shared):
                add(session, _item(postmortem_id, put.anna))
            add(session, _item(shared, put.anna, number=2, deleted_at=NOON))
            add(session, _item(mine, put.boris, number=3))  # his own item he sees even in a draft

        def listed(user_id):
            return [line.public_id for line in sheets.item_stream(db, actor=engineer(user_id), filter=TrackerFilter())]

        assert sorted(listed(put.boris)) == ["P0-001/AI-3", "P0-002/AI-1"]
        assert sorted(listed(put.anna)) == ["P0-001/AI-1", "P0-001/AI-3", "P0-002/AI-1"]


def _item(postmortem_id, owner, number=1, **changes):
    values = {
        "number": number, "title": "Alert", "kind": "detection", "priority": "high", "owner_id": owner,
        "agreed_owner_id": owner, "due_on": date(2025, 12, 21), "original_due_on": date(2025, 12, 21),
        "criterion": "fires", "ticket_url": "", "state": "done", "blocked_because": "", "evidence": "link",
        "wont_do_because": "", "approved_by_id": None, "verified_by_id": None, "created_at": NOON,
        "committed_at": NOON, "updated_at": NOON, "done_at": NOON, "done_on": NOON.date(),
        "search_key": "alert", "deleted_at": None, "version": 1,
    }  # fmt: skip
    return ActionItemRow(postmortem_id=postmortem_id, **values | changes)


class TestStatements:
    def test_a_page_takes_two_and_no_long_text(self, db, put, rows, statements):
        with rows() as session:
            many_tracked(session, 120, author=put.anna, service=put.mail)
        with statements() as said:
            query.tracker(db, actor=engineer(put.anna), filter=TrackerFilter(since=date(2025, 1, 1)))
        assert len([each for each in said if "pg_current_snapshot" not in each]) == 2
        assert not any("section" in statement for statement in said)

    def test_the_figures_take_four(self, db, put, rows, statements):
        with rows() as session:
            many_tracked(session, 50, author=put.anna, service=put.mail)
        with statements() as said:
            figures(db, actor=engineer(put.anna), now=NOON)
        assert len([each for each in said if "pg_current_snapshot" not in each]) == 4
        with statements() as said:
            figures(db, actor=engineer(put.anna), now=NOON)
        assert all("pg_current_snapshot" in each for each in said)

    def test_a_stream_is_one_statement(self, db, put, rows, statements):
        with rows() as session:
            many_tracked(session, 2_500, author=put.anna, service=put.mail)
        with statements() as said:
            found = list(sheets.tracker_stream(db, actor=engineer(put.anna), filter=TrackerFilter()))
        assert (len(found), len(said)) == (2_500, 1)


class TestDrafted:
    """P0 whose draft was due in a month: how many were shared in time."""

    def of(self, db, put, now=NOON):
        found = figures(db, actor=engineer(put.anna), now=now)
        return {m.month.isoformat()[:7]: (m.on_time, m.due) for m in found.months if m.due}, (found.on_time, found.due)

    def test_counts_by_the_month_of_the_deadline(self, db, put):
        put("P0-001", started_at=at(3, 11), drafted=10)
        put("P0-002", started_at=at(5, 11), drafted=50)
        put("P0-003", started_at=at(6, 11))
        put("P0-004", started_at=at(29, 11), drafted=1)  # due on 1 December
        months, total = self.of(db, put)
        assert months == {"2025-11": (1, 3), "2025-12": (1, 1)}
        assert total == (2, 4)

    def test_months_are_those_of_the_workspaces_zone(self, db, put):
        put("P0-001", started_at=datetime(2025, 11, 28, 21, 30, tzinfo=UTC), drafted=1)  # due 1 Dec 00:42 in Moscow
        put("P0-002", started_at=datetime(2025, 11, 28, 20, 30, tzinfo=UTC), drafted=1)  # due 30 Nov 23:42
        assert self.of(db, put)[0] == {"2025-11": (1, 1), "2025-12": (1, 1)}

    def test_what_is_pending_does_not_count_and_what_was_shared_early_does(self, db, put):
        put("P0-001", started_at=at(13))
        put("P0-002", started_at=at(13), drafted=1)
        assert self.of(db, put)[0] == {"2025-12": (1, 1)}

    def test_a_waived_one_stays_in_the_denominator(self, db, put, rows):
        put("P0-001", started_at=at(3, 11))
        with rows() as session:
            from db.models import WaiverRow

            incident = session.query(IncidentRow).one()
            session.add(WaiverRow(incident_id=incident.id, reason="A drill", at=NOON, voided_at=None))
        assert self.of(db, put)[0] == {"2025-11": (0, 1)}

    def test_what_is_no_incident_owes_nothing_and_what_is_covered_does(self, db, put, rows):
        for number, disposition in enumerate(Disposition, start=1):
            put(f"P0-00{number}", started_at=at(3, 11), disposition=disposition, disposition_reason="said", drafted=1)
        assert self.of(db, put)[1] == (1, 1)

    def test_restricted_dry_runs_other_severities_and_what_is_not_required_are_left_out(self, db, put, rows):
        put("P0-001", started_at=at(3, 11), restricted=True, drafted=1)
        put("P0-002", started_at=at(3, 11), dry_run=True, drafted=1)
        put("P1-003", started_at=at(3, 11), drafted=1)
        put("P0-004", started_at=at(3, 11), level=ObligationLevel.NONE, drafted=1)
        put("P0-005", started_at=at(3, 11), deleted_at=NOON, drafted=1)
        assert self.of(db, put)[1] == (0, 0)

    def test_twelve_months_are_shown_and_all_are_summed(self, db, put):
        put("P0-001", started_at=datetime(2024, 3, 1, tzinfo=UTC), drafted=1)
        put("P0-002", started_at=at(3, 11), drafted=1)
        found = figures(db, actor=engineer(put.anna), now=NOON)
        assert [m.month for m in found.months][::11] == [date(2025, 1, 1), date(2025, 12, 1)]
        assert sum(m.due for m in found.months) == 1
        assert (found.on_time, found.due) == (2, 2)


class TestPublished:
    def test_hours_run_from_the_clocks_start_to_the_first_edition(self, db, put):
        put("P0-001", started_at=at(1), first_published_at=at(1) + timedelta(minutes=12, hours=30))
        put("P1-002", started_at=at(2), first_published_at=at(2) + timedelta(minutes=12, hours=60))
        put("P0-003")
        found = figures(db, actor=engineer(put.anna), now=NOON)
        assert [(p.public_id, round(p.hours, 3)) for p in found.published] == [("P0-001", 30.0), ("P1-002", 60.0)]
        assert (found.published_count, found.published_in_time) == (2, 1)
        assert found.mean_hours == pytest.approx(45)

    def test_published_before_the_clock_began_is_zero_hours(self, db, put, rows):
        put("P0-001", started_at=at(1), first_published_at=at(2))
        with rows() as session:
            session.query(ObligationRow).update({"starts_at": at(4)})
        found = figures(db, actor=engineer(put.anna), now=NOON)
        assert [p.hours for p in found.published] == [0.0]
        assert (found.published_in_time, found.mean_hours) == (1, 0.0)

    def test_what_owes_nothing_or_is_hidden_has_no_point(self, db, put, rows):
        put("P0-001", restricted=True, first_published_at=NOON)
        put("P0-002", dry_run=True, first_published_at=NOON)
        put("P2-003", first_published_at=NOON)
        with rows() as session:
            session.query(ObligationRow).update({"starts_at": None, "drafted_due_at": None, "published_due_at": None})
        found = figures(db, actor=engineer(put.anna), now=NOON)
        assert (found.published, found.published_count, found.mean_hours) == ((), 0, None)

    def test_the_newest_are_drawn_and_all_are_summed(self, db, put, rows, monkeypatch):
        monkeypatch.setattr("db.queries.tracker_figures.POINTS", 5)
        with rows() as session:
            many_tracked(session, 20, author=put.anna, service=put.mail)
        found = figures(db, actor=engineer(put.anna), now=NOON)
        assert (len(found.published), found.published_count) == (5, 15)
        assert [p.at for p in found.published] == sorted(p.at for p in found.published)


def test_only_who_wrote_something_is_offered_as_an_author(db, put):
    put("P0-001", author=put.boris)
    put("P0-002", author=put.anna, imported_author_key="somebody else", imported={"author": "Somebody Else"})
    assert query.authors(db, actor=engineer(put.anna)) == ((put.boris, "Борис Иванов"),)


def test_an_imported_author_who_is_nobody_here_is_shown_and_sorted_by_name(db, put, ids):
    put(
        "P0-001",
        imported_author_key="zoe",
        imported={"author": "Zoe", "document_url": "https://d.example", "impact": "a lot"},
    )
    put("P0-002", author=put.anna)
    assert ids(sort=TrackerColumn.AUTHOR, descending=False) == ["P0-002", "P0-001"]
    assert ids(author_id=put.anna) == ["P0-002"]
    row = query.tracker(db, actor=engineer(put.anna), filter=TrackerFilter(text="p0-001")).rows[0]
    assert (row.author, row.document_url, row.impact_told) == ("Zoe", "https://d.example", "a lot")


def test_what_is_renamed_is_sorted_by_its_new_name(put, ids, rows):
    """What an incident and its post-mortem repeat of the names follows them by itself."""
    put("P0-001", service=put.mail)
    put("P0-002", service=put.queue, author=put.boris)
    with rows() as session:
        session.get_one(ServiceRow, put.mail).name_key = "яя"
        session.get_one(UserRow, put.anna).name_key = "яя"
    assert ids(sort=TrackerColumn.SERVICE, descending=False) == ["P0-002", "P0-001"]
    assert ids(sort=TrackerColumn.AUTHOR, descending=False) == ["P0-002", "P0-001"]
    with rows() as session:
        session.get_one(ServiceRow, put.mail).name_key = "0"
        session.get_one(UserRow, put.anna).name_key = "0"
    assert ids(sort=TrackerColumn.SERVICE, descending=False) == ["P0-001", "P0-002"]
    assert ids(sort=TrackerColumn.AUTHOR, descending=False) == ["P0-001", "P0-002"]
