"""The survey in SQL. What is stored of a round is only ever written as a whole, by Core, in the order given."""

import sqlite3
from collections.abc import Iterable
from typing import Any

from sqlalchemy import Engine, and_, delete, func, insert, or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from db.engine import StorageBusy, StorageFull
from db.models import SurveyAnswerRow, SurveyHeardRow, SurveyRemarkRow, SurveyRoundRow, UserRoleRow, UserRow
from pmcore.domain.errors import EditConflict
from pmcore.domain.permissions import Right, holders
from pmcore.domain.survey import Answer, Heard, Quarter, Remark, Round
from pmcore.domain.survey_questions import RemarkKind, SurveyQuestion

WAITS_MS = 500  #: for others, when cleaning up; somebody waits for a page, and the next look tries again

_OF_PEOPLE = (SurveyHeardRow, SurveyAnswerRow, SurveyRemarkRow)


class SqlSurvey:
    def __init__(self, session: Session) -> None:
        self._session = session

    def unfinished(self, quarter: Quarter) -> tuple[Round, ...]:
        rows = self._session.scalars(
            select(SurveyRoundRow)
            .where(unfinished(quarter.year, quarter.number))
            .order_by(SurveyRoundRow.id)
            .with_for_update()
            .execution_options(populate_existing=True)
        )
        return tuple(to_round(row) for row in rows)

    def add(self, found: Round) -> Round:
        row = SurveyRoundRow(
            year=found.quarter.year, number=found.quarter.number, opens_at=found.opens_at, closes_at=found.closes_at,
            opened_by_id=found.opened_by_id, closed_at=None, invited=None, answered=None, tidied_at=None,
        )  # fmt: skip
        try:
            with self._session.begin_nested():
                self._session.add(row)
                self._session.flush()
        except IntegrityError as error:
            raise EditConflict from error
        return to_round(row)

    def save(self, found: Round) -> None:
        self._session.execute(
            update(SurveyRoundRow)
            .filter_by(id=found.id)
            .values(
                closed_at=found.closed_at, invited=found.invited, answered=found.answered, tidied_at=found.tidied_at
            )
        )  # fmt: skip

    def heard(self, round_id: int) -> tuple[Heard, ...]:
        rows = self._session.execute(
            select(SurveyHeardRow.user_id, SurveyHeardRow.has_answered)
            .filter_by(round_id=round_id)
            .order_by(SurveyHeardRow.user_id)
        )
        return tuple(Heard(user_id=row.user_id, has_answered=row.has_answered) for row in rows)

    def answers(self, round_id: int) -> tuple[Answer, ...]:
        table = SurveyAnswerRow.__table__
        kept = select(table).where(table.c.round_id == round_id).order_by(table.c.key)
        return tuple(to_answer(row) for row in self._session.execute(kept))

    def remarks(self, round_id: int) -> tuple[Remark, ...]:
        rows = self._session.execute(
            select(SurveyRemarkRow.kind, SurveyRemarkRow.text)
            .filter_by(round_id=round_id)
            .order_by(SurveyRemarkRow.key)
        )
        return tuple(Remark(kind=RemarkKind(row.kind), text=row.text) for row in rows)

    def rewrite(
        self,
        round_id: int,
        *,
        heard: Iterable[Heard],
        answers: Iterable[tuple[str, Answer]],
        remarks: Iterable[tuple[str, Remark]],
    ) -> None:
        for table in _OF_PEOPLE:
            self._session.execute(delete(table).where(table.round_id == round_id))
        self._insert(
            SurveyHeardRow,
            [{"round_id": round_id, "user_id": one.user_id, "has_answered": one.has_answered} for one in heard],
        )
        self._insert(
            SurveyAnswerRow,
            [
                {"key": key, "round_id": round_id, **{question.value: score for question, score in one.scores.items()}}
                for key, one in answers
            ],
        )
        self._insert(
            SurveyRemarkRow,
            [{"key": key, "round_id": round_id, "kind": one.kind.value, "text": one.text} for key, one in remarks],
        )

    def _insert(self, table: Any, rows: list[dict[str, Any]]) -> None:
        if rows:
            self._session.execute(insert(table.__table__), rows)

    def invited(self, *, also: Iterable[int]) -> int:
        may_answer = (
            select(UserRoleRow.user_id)
            .where(UserRoleRow.role.in_([role.value for role in holders(Right.ANSWER_SURVEY)]))
            .scalar_subquery()
        )
        can = and_(UserRow.active, UserRow.password_hash.is_not(None), UserRow.id.in_(may_answer))
        counted = select(func.count()).select_from(UserRow).where(or_(can, UserRow.id.in_(list(also))))
        return self._session.scalar(counted) or 0


def unfinished(year: Any, number: Any) -> Any:
    """The round of this quarter, and those that are not closed and tidied."""
    return or_(
        SurveyRoundRow.tidied_at.is_(None), and_(SurveyRoundRow.year == year, SurveyRoundRow.number == number)
    )  # fmt: skip


def to_round(row: Any) -> Round:
    return Round(
        id=row.id,
        quarter=Quarter(year=row.year, number=row.number),
        opens_at=row.opens_at,
        closes_at=row.closes_at,
        opened_by_id=row.opened_by_id,
        closed_at=row.closed_at,
        invited=row.invited,
        answered=row.answered,
        tidied_at=row.tidied_at,
    )


def to_answer(row: Any) -> Answer:
    return Answer(scores={question: getattr(row, question.value) for question in SurveyQuestion})


def tidy(engine: Engine) -> bool:
    """Rewrites the files, so that nothing is left in them of rows that were deleted: they would tell the order.

    False when the database was too busy or had no room for it.
    """
    return _tidy_sqlite(engine) if engine.dialect.name == "sqlite" else _tidy_postgresql(engine)


def _tidy_postgresql(engine: Engine) -> bool:
    """The rows go into new files, and the old ones are removed: `TRUNCATE`, not `VACUUM FULL`, which keeps what an
    older transaction might still look at.

    The planner's statistics hold the ids of those who were heard, and an empty table does not renew them; declaring the
    type of a column anew, though it is the same, removes them.
    """
    tables: list[Any] = [row.__table__ for row in _OF_PEOPLE]
    names = ", ".join(table.name for table in tables)
    try:
        with engine.begin() as connection:
            connection.exec_driver_sql(f"SET LOCAL lock_timeout = {WAITS_MS}")
            connection.execute(select(SurveyRoundRow.id).order_by(SurveyRoundRow.id).with_for_update())
            connection.exec_driver_sql(f"LOCK TABLE {names} IN ACCESS EXCLUSIVE MODE")
            asked = [(table, select(table).order_by(*table.primary_key)) for table in tables]
            kept = [(table, [dict(row) for row in connection.execute(one).mappings()]) for table, one in asked]
            connection.exec_driver_sql("ALTER TABLE survey_heard ALTER COLUMN user_id TYPE integer")
            connection.exec_driver_sql(f"TRUNCATE {names}")
            for table, rows in kept:
                if rows:
                    connection.execute(insert(table), rows)
            connection.exec_driver_sql(f"ANALYZE {names}")
    except (StorageBusy, StorageFull):
        return False
    return True


def _tidy_sqlite(engine: Engine) -> bool:
    """Deleted rows are overwritten as they go (`secure_delete`); the log, which has the pages of before, is emptied."""
    connection = engine.raw_connection()
    driver: Any = connection.driver_connection
    waits = driver.execute("PRAGMA busy_timeout").fetchone()[0]
    try:
        driver.execute(f"PRAGMA busy_timeout={WAITS_MS}")
        driver.execute("VACUUM")
        busy = driver.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode & 0xFF in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_FULL):
            return False
        raise
    finally:
        driver.execute(f"PRAGMA busy_timeout={waits}")
        connection.close()
    return not busy
