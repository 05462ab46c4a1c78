"""What is remembered is never older than the database."""

from datetime import timedelta

import pytest
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from db.models import ServiceRow
from db.queries.remembered import end_of_minute, remembered
from tests.factories import NOON, make_service


class Counter:
    """Counts the services and how often it was asked to."""

    def __init__(self, engine: Engine) -> None:
        self.engine, self.asked = engine, 0

    def __call__(self, **held) -> int:
        with Session(self.engine) as session:

            def ask() -> int:
                self.asked += 1
                return session.scalar(select(func.count()).select_from(ServiceRow))

            return remembered(session, "services", ask, **held)


@pytest.fixture
def counter(db: Engine) -> Counter:
    return Counter(db)


def test_is_asked_once_while_nothing_changes(counter: Counter) -> None:
    assert [counter(), counter(), counter()] == [0, 0, 0]
    assert counter.asked == 1


def test_sees_a_change_of_its_own_process(counter: Counter, rows) -> None:
    assert counter() == 0
    with rows() as session:
        make_service(session)
    assert counter() == 1


def test_sees_a_change_of_another_process(counter: Counter, db: Engine, database_url: str) -> None:
    from db.engine import make_engine

    assert counter() == 0
    other = make_engine(database_url)
    with Session(other.execution_options(writes=True)) as session, session.begin():
        make_service(session)
    other.dispose()
    assert counter() == 1


def test_a_change_that_is_taken_back_is_not_remembered(counter: Counter, db: Engine) -> None:
    with Session(db.execution_options(writes=True)) as session:
        make_service(session)
        assert remembered(session, "services", lambda: session.scalar(select(func.count(ServiceRow.id)))) == 1
        session.rollback()
    assert counter() == 0


def test_sees_what_was_in_progress_when_it_was_asked(counter: Counter, db: Engine, rows) -> None:
    """On PostgreSQL the other transaction began first and is committed last."""
    with Session(db.execution_options(writes=True)) as slow:
        make_service(slow)
        assert counter() == 0
        slow.commit()
    assert counter() == 1


def test_holds_until_its_time(counter: Counter) -> None:
    held = {"until": lambda _: NOON + timedelta(hours=1)}
    assert counter(now=NOON, **held) == counter(now=NOON + timedelta(hours=1), **held) == 0
    assert counter.asked == 1
    counter(now=NOON + timedelta(hours=1, seconds=1), **held)
    assert counter.asked == 2


def test_a_clock_that_is_put_back_asks_again(counter: Counter) -> None:
    until = NOON + timedelta(minutes=5)
    counter(now=NOON, until=lambda _: until)
    counter(now=NOON - timedelta(seconds=1), until=lambda _: until)
    assert counter.asked == 2


def test_a_list_with_times_holds_until_the_end_of_its_minute() -> None:
    end = end_of_minute(NOON)
    assert NOON < end < NOON + timedelta(minutes=1) == end + timedelta(microseconds=1)


def test_a_session_that_writes_is_never_given_one(counter: Counter, db: Engine) -> None:
    counter()
    with Session(db.execution_options(writes=True)) as session:
        assert remembered(session, "services", lambda: 7) == 7
    assert counter() == 0


def test_what_is_asked_for_stays_when_others_come(counter: Counter, db: Engine, monkeypatch) -> None:
    monkeypatch.setattr("db.queries.remembered.MOST", 8)
    counter()
    for number in range(20):
        with Session(db) as session:
            remembered(session, ("other", number), lambda: 0)
        counter()
    assert counter.asked == 1
