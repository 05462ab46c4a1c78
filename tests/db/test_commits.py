"""Which answers a commit makes wrong: those that were read from what it changed, and on doubt all."""

import sqlite3

import pytest
from sqlalchemy import Engine, text, update
from sqlalchemy.orm import Session

from db.models import Base, ServiceRow, UserRow
from db.queries.remembered import remembered
from db.statements import changed_by, read_by
from tests.factories import make_service, make_user

pytestmark = pytest.mark.sqlite_only


class Asked:
    """Asks for the names of all services, and counts how often it had to."""

    def __init__(self, engine: Engine) -> None:
        self.engine, self.times = engine, 0

    def __call__(self) -> list[str]:
        with Session(self.engine) as session:

            def ask() -> list[str]:
                self.times += 1
                return list(session.scalars(ServiceRow.__table__.select().with_only_columns(ServiceRow.name)))

            return remembered(session, "names", ask)


@pytest.fixture
def asked(db: Engine, rows) -> Asked:
    with rows() as session:
        make_service(session, name="mail")
        make_user(session, name="Anna")
    asked = Asked(db)
    assert asked() == ["mail"]
    return asked


def test_what_it_was_not_read_from_may_change(asked, rows) -> None:
    with rows() as session:
        session.execute(update(UserRow).values(name="Other"))
    assert asked() == ["mail"]
    assert asked.times == 1


def test_another_column_may_change(asked, rows) -> None:
    with rows() as session:
        session.execute(update(ServiceRow).values(version=7))
    asked()
    assert asked.times == 1


@pytest.mark.parametrize(
    "change",
    [
        lambda session: session.execute(update(ServiceRow).values(name="post", name_key="post")),
        lambda session: make_service(session, name="post"),
        lambda session: session.execute(ServiceRow.__table__.delete()),
    ],
    ids=["its column", "a new row", "a row less"],
)
def test_what_it_was_read_from_asks_again(asked, rows, change) -> None:
    with rows() as session:
        change(session)
    asked()
    assert asked.times == 2


def test_two_changes_one_of_which_matters(asked, rows) -> None:
    for values in ({"name": "post", "name_key": "post"}, {"version": 9}):
        with rows() as session:
            session.execute(update(ServiceRow).values(**values))
    assert asked() == ["post"]


def test_a_change_that_was_taken_back_is_forgotten(asked, db) -> None:
    with Session(db.execution_options(writes=True)) as session:
        session.execute(update(ServiceRow).values(name="post", name_key="post"))
        session.rollback()
    assert asked() == ["mail"]
    assert asked.times == 1


def test_another_process_may_have_changed_anything(asked, db, database_url) -> None:
    from db.engine import make_engine

    other = make_engine(database_url)
    with Session(other.execution_options(writes=True)) as session, session.begin():
        session.execute(update(ServiceRow).values(name="post", name_key="post"))
    other.dispose()
    assert asked() == ["post"]


def test_so_may_another_program_also_between_ours(asked, db, database_url, rows) -> None:
    outside = sqlite3.connect(database_url.removeprefix("sqlite:///"))
    outside.execute("UPDATE service SET name = 'post', name_key = 'post'")
    outside.commit()
    outside.close()
    assert asked() == ["post"]


def test_an_answer_within_an_answer_counts(db, asked, rows) -> None:
    def both() -> str:
        with Session(db) as session:
            return remembered(session, "both", lambda: ", ".join(asked()))

    assert both() == "mail"
    with rows() as session:
        session.execute(update(ServiceRow).values(name="post", name_key="post"))
    assert both() == "post"


def test_what_is_committed_while_it_is_asked_makes_it_old(db, asked, rows) -> None:
    def ask_slowly() -> str:
        with Session(db) as session:

            def ask() -> str:
                name = session.scalar(ServiceRow.__table__.select().with_only_columns(ServiceRow.name))
                with rows() as writing:
                    writing.execute(update(ServiceRow).values(name="post", name_key="post"))
                return name

            return remembered(session, "slow", ask)

    assert ask_slowly() == "mail"
    with Session(db) as session:
        assert remembered(session, "slow", lambda: "again") == "again"


def test_what_one_transaction_sees_is_kept_as_of_its_beginning(db, asked, rows) -> None:
    with Session(db) as session:
        assert remembered(session, "first", lambda: session.scalar(text("SELECT count(*) FROM service"))) == 1
        with rows() as writing:
            make_service(writing, name="post")
        assert remembered(session, "second", lambda: session.scalar(text("SELECT count(*) FROM service"))) == 1
    with Session(db) as session:
        assert remembered(session, "second", lambda: "again") == "again"


class TestNames:
    def test_of_a_question(self) -> None:
        said = 'SELECT s.name, count(*) FROM service AS s JOIN "user" ON "user".id = s.id WHERE "user".active = 1'
        assert read_by(said, ()) == {"service", "service.name", "service.id", "user", "user.id", "user.active"}

    def test_columns_without_their_table_are_any_of_it(self) -> None:
        assert "service.version" in read_by("SELECT name FROM service", ())

    def test_of_a_change(self) -> None:
        assert changed_by("UPDATE service SET name=?, active=? WHERE service.id = ?", (1, 2, 3)) == {
            "service.name", "service.active",
        }  # fmt: skip
        assert changed_by('INSERT INTO "user" (name) VALUES (?)', ()) == {"user"}
        assert changed_by("SELECT 1", ()) == frozenset()

    def test_a_column_after_a_value_that_is_asked_for(self) -> None:
        said = "UPDATE postmortem SET items_total=(SELECT count(*) FROM x WHERE x.a = ?), items_done=? WHERE id = ?"
        assert changed_by(said, ()) >= {"postmortem.items_total", "postmortem.items_done"}

    def test_columns_that_follow_others(self) -> None:
        """The database itself writes them, by ON UPDATE CASCADE."""
        assert changed_by("UPDATE incident SET started_at=? WHERE incident.id = ?", ()) == {
            "incident.started_at", "recurrences.incident_started_at", "recurrences.earlier_started_at",
        }  # fmt: skip
        assert changed_by("UPDATE incident SET title=? WHERE incident.id = ?", ()) == {"incident.title"}

    def test_columns_that_the_database_computes(self) -> None:
        """From others of their row, which another table may have set."""
        assert {"postmortem.share_done"} <= changed_by("UPDATE postmortem SET items_done=? WHERE postmortem.id = ?", ())
        assert changed_by("UPDATE user SET name_key=? WHERE user.id = ?", ()) == {
            "user.name_key", "postmortem.author_key", "postmortem.author_key@*", "postmortem.author_place",
            "postmortem.author_place@*",
        }  # fmt: skip
        touched = changed_by("UPDATE postmortem SET changed_at=?, version=? WHERE postmortem.id = ?", ())
        assert not [name for name in touched if "place" in name or "share" in name]

    def test_a_change_written_by_hand(self) -> None:
        assert changed_by("UPDATE service SET name = 'post' WHERE id = 1", ()) == {"service.name"}

    def test_rows_go_with_the_row_they_belong_to(self) -> None:
        for table, other in ((t, o) for t in Base.metadata.sorted_tables for o in Base.metadata.sorted_tables):
            if any(key.column.table is table and key.ondelete for key in other.foreign_keys):
                assert {table.name, other.name} <= changed_by(f"DELETE FROM {table.name} WHERE 1", ())

    @pytest.mark.parametrize(
        "said",
        [
            "CREATE TABLE x (a)",
            "WITH y AS (SELECT 1) DELETE FROM service",
            "REPLACE INTO service",
            "UPDATE service SET (a) = (1)",
        ],
    )
    def test_on_doubt_it_is_everything(self, said) -> None:
        assert changed_by(said, ()) == {"*"}


class TestOwners:
    """A statement about one post-mortem has nothing to do with another."""

    BY_ID = "SELECT section.content FROM section WHERE section.version > ? AND section.postmortem_id = ?"

    @staticmethod
    def makes_wrong(change: tuple[str, object], question: tuple[str, object]) -> bool:
        return not changed_by(*change).isdisjoint(read_by(*question))

    @pytest.mark.parametrize(
        ("said", "values", "touches"),
        [
            ("UPDATE section SET content=? WHERE section.postmortem_id = ? AND section.key = ?", ("", 10, 1), True),
            ("UPDATE section SET content=? WHERE section.postmortem_id = ? AND section.key = ?", ("", 11, 1), False),
            ("UPDATE section SET content=? WHERE key IN (SELECT 1 WHERE section.postmortem_id = ?)", ("", 11), True),
            ("UPDATE section SET content=? WHERE section.postmortem_id = ?", [("", 11), ("", 10)], True),
            ("UPDATE section SET content=? WHERE section.postmortem_id = ?", [("", 11), ("", 12)], False),
            ("UPDATE section SET content=? WHERE section.postmortem_id = ? OR section.version = ?", ("", 11, 1), True),
            ("UPDATE section SET content=? WHERE section.version = ?", ("", 1), True),
            ("UPDATE section SET content=?, postmortem_id=? WHERE section.postmortem_id = ?", ("", 10, 11), True),
            ("UPDATE section SET blank=? WHERE section.postmortem_id = ?", ("", 10), False),
            ("DELETE FROM section WHERE section.postmortem_id = ?", (10,), True),
            ("DELETE FROM section WHERE section.postmortem_id = ?", (11,), False),
            ("INSERT INTO section (key, postmortem_id, content) VALUES (?, ?, ?)", ("a", 10, ""), True),
            ("INSERT INTO section (key, postmortem_id, content) VALUES (?, ?, ?)", ("a", 11, ""), False),
            ("INSERT INTO section (key, postmortem_id) VALUES (?, ?), (?, ?)", ("a", 11, "a", 10), True),
            ("INSERT INTO section SELECT * FROM section", (), True),
        ],
    )
    def test_a_change_of_one(self, said, values, touches) -> None:
        assert self.makes_wrong((said, values), (self.BY_ID, (0, 10))) is touches

    @pytest.mark.parametrize(
        "question",
        [
            "SELECT section.content FROM section WHERE section.postmortem_id = ? OR section.version = 1",
            "SELECT section.content FROM section WHERE section.version = 1 AND NOT (1 AND section.postmortem_id = ?)",
            "SELECT section.content FROM section WHERE CASE WHEN 1 AND section.postmortem_id = ? THEN 1 END",
            "SELECT section.content FROM section LEFT JOIN user ON user.id = 1 AND section.postmortem_id = ?",
            "SELECT section.content FROM section, section AS s WHERE s.postmortem_id = ? AND s.key = section.key",
            "SELECT section.content FROM section WHERE section.postmortem_id = ? UNION SELECT section.key FROM section",
            "SELECT section.content FROM section WHERE section.key IN (SELECT 1 WHERE section.postmortem_id = ?)",
            "SELECT 'WHERE s.postmortem_id = ?', s.content FROM section AS s WHERE s.version = ?",
        ],
    )
    def test_a_question_that_may_be_about_others(self, question) -> None:
        change = "UPDATE section SET content=? WHERE section.postmortem_id = ?"
        assert self.makes_wrong((change, ("", 11)), (question, (10,)))

    def test_a_question_about_one_of_several_selects(self) -> None:
        question = (
            "SELECT audit.at FROM audit WHERE audit.target = ? UNION ALL SELECT user.name FROM user WHERE user.id = ?"
        )
        line = "INSERT INTO audit (at, target) VALUES (?, ?) RETURNING id"
        assert self.makes_wrong((line, (0, "postmortem/10")), (question, ("postmortem/10", 1)))
        assert not self.makes_wrong((line, (0, "postmortem/11")), (question, ("postmortem/10", 1)))

    def test_values_that_cannot_be_told(self) -> None:
        change = "UPDATE section SET content=? WHERE section.postmortem_id = ?"
        assert self.makes_wrong((change, ("", 11)), (self.BY_ID, ()))
        assert self.makes_wrong((change, ()), (self.BY_ID, (0, 10)))
