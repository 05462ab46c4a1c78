"""What is remembered is never older than the database."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import Engine, func, select, text
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

            return remembered(session, self, ask, **held)


@pytest.fixture
def counter(db: Engine) -> Counter:
    return Counter(db)


def undisturbed(db: Engine, act: Callable[[Counter], None]) -> Counter:
    """Once more where somebody wrote meanwhile: PostgreSQL counts the transactions of all its databases together."""
    snapshot = text("select cast(pg_current_snapshot() as text)" if db.dialect.name == "postgresql" else "select ''")
    with db.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        for _ in range(100):
            before = connection.scalar(snapshot)
            act(counter := Counter(db))
            if connection.scalar(snapshot) == before:
                return counter
    raise AssertionError("Somebody writes all the time.")


def test_is_asked_once_while_nothing_changes(db: Engine) -> None:
    def three_times(counter: Counter) -> None:
        assert [counter(), counter(), counter()] == [0, 0, 0]

    assert undisturbed(db, three_times).asked == 1


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
        assert remembered(session, counter, lambda: session.scalar(select(func.count(ServiceRow.id)))) == 1
        session.rollback()
    assert counter() == 0


def test_sees_what_was_in_progress_when_it_was_asked(counter: Counter, db: Engine, rows) -> None:
    """On PostgreSQL the other transaction began first and is committed last."""
    with Session(db.execution_options(writes=True)) as slow:
        make_service(slow)
        assert counter() == 0
        slow.commit()
    assert counter() == 1


def test_holds_until_its_time(db: Engine) -> None:
    held = {"until": lambda _: NOON + timedelta(hours=1)}

    def within_it(counter: Counter) -> None:
        assert counter(now=NOON, **held) == counter(now=NOON + timedelta(hours=1), **held) == 0

    counter = undisturbed(db, within_it)
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
        assert remembered(session, counter, lambda: 7) == 7
    assert counter() == 0


@pytest.mark.sqlite_only  # on PostgreSQL the transactions of other tests count
def test_what_is_asked_for_stays_when_others_come(counter: Counter, db: Engine, monkeypatch) -> None:
    monkeypatch.setattr("db.queries.remembered.MOST", 8)
    counter()
    for number in range(20):
        with Session(db) as session:
            remembered(session, ("other", number), lambda: 0)
        counter()
    assert counter.asked == 1
