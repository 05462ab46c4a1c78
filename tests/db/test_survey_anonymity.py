"""An attacker who saw in which order people answered, and has the database, the files and the logs, links no answer.

The same attacks on rows that are simply inserted link every one: that is what they can do.
"""

import logging
import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, inspect, text
from sqlalchemy.orm import Session

from db.models import Base, SurveyRoundRow
from tests.conftest import BACKENDS
from tests.surveyed import AFTER_CLOSING, OPENED, answer, answered, looked, staff
from wiring import parts

pytestmark = pytest.mark.own_database
PEOPLE = 12
SEEDS = (1, 2, 3, 4)
#: Of the twelve; by chance it is one, and about 1.7 for the better one of an order and its reverse.
BY_CHANCE = 4.0

Signals = dict[str, list[str]]  #: what it goes by -> the texts of all people, in that order


@dataclass(frozen=True, kw_only=True)
class Told:
    """One text table under attack, and who stands beside it."""

    table: str  #: of the texts
    texts: list[str]  #: in the order in which people answered: the truth


def said(place: int) -> str:
    return f"words of the person who came as number {place:02}"


def linked(found: Sequence[str], truth: Sequence[str]) -> int:
    """How many answers the attacker gives to the right person, from the order or from its reverse."""
    return max(sum(a == b for a, b in zip(order, truth, strict=True)) for order in (found, found[::-1]))


def columns(engine: Engine, told: Told) -> Signals:
    """Orders that the engine keeps beside the columns."""
    by = {
        "postgresql": ("xmin::text::bigint, ctid", "xmax::text::bigint, ctid", "ctid", "key"),
        "sqlite": ("rowid", "key"),
    }[engine.dialect.name]
    found = {}
    with engine.connect() as connection:
        for order in by:
            asked = text(f"select text from {told.table} order by {order}")
            found[order] = [row.text for row in connection.execute(asked)]
        found["as they come"] = [row.text for row in connection.execute(text(f"select text from {told.table}"))]
    return found


def files(engine: Engine, told: Told) -> Signals:
    """Places in the files: of the first and of the last copy of each text."""
    content = b"".join(bytes_of(engine, told))
    places = {one: (content.find(one.encode()), content.rfind(one.encode())) for one in told.texts}
    return {
        name: sorted(told.texts, key=lambda one, which=which: places[one][which])
        for which, name in enumerate(("first copy in the files", "last copy in the files"))
    }


def bytes_of(engine: Engine, told: Told) -> Iterator[bytes]:
    if engine.dialect.name == "sqlite":
        path = Path(str(engine.url.database))
        for each in (path, path.with_name(path.name + "-wal"), path.with_name(path.name + "-journal")):
            if each.exists():
                yield each.read_bytes()
        return
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("checkpoint")
        path = f"pg_relation_filepath('{told.table}')"
        yield bytes(connection.exec_driver_sql(f"select pg_read_binary_file({path})").scalar_one())


@pytest.fixture
def surveyed(wired, clock, rows, monkeypatch) -> Callable[[int], Told]:
    """A quarter in which twelve people answer, in an order of the seed, minutes apart."""
    clock.now = OPENED
    people = staff(rows, PEOPLE)

    def one_round(seed: int) -> Told:
        chance = random.Random(seed)
        monkeypatch.setattr(parts, "new_token", lambda: f"{chance.getrandbits(256):064x}")
        with Session(wired.execution_options(writes=True)) as session, session.begin():
            for table in ("survey_heard", "survey_answer", "survey_remark", "survey_round"):
                session.execute(text(f"delete from {table}"))
        clock.now = OPENED
        looked(people.viewer)
        order = list(people.engineers)
        random.Random(-seed).shuffle(order)
        for place, user_id in enumerate(order):
            clock.forward(minutes=7)
            answered([user_id], lambda _, place=place: answer(1 + place % 5, keep=said(place)))
        return Told(table="survey_remark", texts=[said(place) for place in range(PEOPLE)])

    one_round.people = people
    return one_round


def close(clock, user_id):
    clock.now = AFTER_CLOSING
    looked(user_id)


@pytest.fixture
def naive(wired, clock, surveyed) -> Told:
    """The same people as anybody would store them: a row each, random key, no person, no time."""
    with wired.execution_options(writes=True).begin() as connection:
        connection.execute(text("create table naive (key text primary key, text text)"))
    for place in range(PEOPLE):
        with wired.execution_options(writes=True).begin() as connection:
            values = {"key": f"{random.getrandbits(256):064x}", "text": said(place)}
            connection.execute(text("insert into naive values (:key, :text)"), values)
    return Told(table="naive", texts=[said(place) for place in range(PEOPLE)])


def mean(found: list[Signals], told: Told) -> dict[str, float]:
    return {name: sum(linked(each[name], told.texts) for each in found) / len(found) for name in found[0]}


def test_the_attack_links_everybody_where_rows_are_simply_inserted(wired, naive):
    by_columns, by_files = columns(wired, naive), files(wired, naive)
    first = {"sqlite": "rowid", "postgresql": "xmin::text::bigint, ctid"}[wired.dialect.name]
    assert linked(by_columns[first], naive.texts) == PEOPLE
    assert linked(by_files["last copy in the files"], naive.texts) == PEOPLE
    assert linked(by_columns["key"], naive.texts) < PEOPLE / 2


def test_the_rows_of_an_open_round_link_nobody(wired, surveyed):
    found = []
    for seed in SEEDS:
        told = surveyed(seed)
        found.append(columns(wired, told))
    assert max(mean(found, told).values()) <= BY_CHANCE, mean(found, told)


def test_nor_do_rows_and_files_after_closing(wired, clock, surveyed):
    found = []
    for seed in SEEDS:
        told = surveyed(seed)
        close(clock, surveyed.people.viewer)
        found.append(columns(wired, told) | files(wired, told))
        content = b"".join(bytes_of(wired, told))
        assert [content.count(one.encode()) for one in told.texts] == [1] * PEOPLE  # no copy of earlier days
    assert max(mean(found, told).values()) <= BY_CHANCE, mean(found, told)


@pytest.mark.parametrize("database_url", BACKENDS[1:], indirect=True)
def test_all_rows_of_a_round_have_one_version(wired, clock, surveyed):
    """On PostgreSQL the number of the transaction that wrote a row stays on it."""
    people = 'select id, xmin::text, xmax::text, ctid::text from "user" order by id'
    with wired.connect() as connection:
        before = connection.execute(text(people)).all()
    surveyed(1)
    for is_closed in (False, True):
        with wired.connect() as connection:
            for table in ("survey_heard", "survey_answer", "survey_remark"):
                versions = set(connection.scalars(text(f"select xmin::text from {table}")))
                assert len(versions) == (0 if is_closed and table == "survey_heard" else 1)
            assert connection.execute(text(people)).all() == before  # a foreign key would mark those who answered
        close(clock, surveyed.people.viewer)


def test_nothing_else_in_the_database_tells_who_answered(wired, clock, surveyed):
    """Every table but the three of the round is what it was before the first answer; the audit ends with opening."""
    clock.now = OPENED
    looked(surveyed.people.viewer)
    others = sorted(set(Base.metadata.tables) - {"survey_heard", "survey_answer", "survey_remark"})

    def rows_of(table: str) -> list[str]:
        with wired.connect() as connection:
            return [str(row) for row in connection.execute(Base.metadata.tables[table].select())]

    def of(table: str) -> list[str]:
        return [row for row in rows_of(table) if "survey" in row] if table == "audit" else rows_of(table)

    before = {table: of(table) for table in others if not table.startswith("survey")}
    surveyed(2)
    after = {table: of(table) for table in before}
    new = [row for row in after.pop("audit") if row not in before["audit"]]
    before.pop("audit")
    assert after == before
    assert all("open_survey" in row and ", None, " in row for row in new)
    close(clock, surveyed.people.viewer)
    assert rows_of("survey_heard") == []
    assert all(", None, " in row for row in of("audit"))


def test_an_answer_has_no_person_and_no_time(wired):
    for table in ("survey_answer", "survey_remark"):
        kinds = {column["name"]: str(column["type"]).lower() for column in inspect(wired).get_columns(table)}
        assert not any("time" in kind or "date" in kind for kind in kinds.values())
        assert not {name for name in kinds if "user" in name or name.endswith(("_at", "by_id"))}
        refers = {each["referred_table"] for each in inspect(wired).get_foreign_keys(table)}
        assert refers == {"survey_round"}
    assert [each["referred_table"] for each in inspect(wired).get_foreign_keys("survey_heard")] == ["survey_round"]


def test_the_logs_of_every_level_say_nothing(wired, clock, surveyed, caplog):
    caplog.set_level(logging.DEBUG)
    surveyed(3)
    close(clock, surveyed.people.viewer)
    for record in caplog.records:
        told = record.getMessage()
        assert "words of the person" not in told
        assert "Engineer" not in told


@pytest.mark.parametrize("failing", ["survey_answer", "survey_remark"])
def test_nor_does_an_error_of_the_database(wired, clock, surveyed, caplog, failing):
    """Its message goes to the log: it names no text and no number that somebody gave."""
    caplog.set_level(logging.DEBUG)
    surveyed(4)
    with wired.execution_options(writes=True).begin() as connection:
        connection.execute(text(f"alter table {failing} rename to gone"))
    clock.forward(minutes=1)
    with pytest.raises(Exception, match="parameters hidden") as failed:
        answered([surveyed.people.manager], lambda _: answer(keep="words of the manager"))
    assert "words of" not in str(failed.value)
    assert "words of" not in caplog.text


ON_POSTGRESQL = pytest.mark.parametrize(
    "database_url", [pytest.param("postgres", marks=pytest.mark.postgres)], indirect=True
)


@ON_POSTGRESQL
def test_an_older_transaction_keeps_no_copies(wired, clock, surveyed):
    """PostgreSQL's own cleaning leaves whatever such a one might still look at; a new file does not."""
    with wired.connect() as other:
        other.execute(text("select pg_current_xact_id()"))
        told = surveyed(1)
        close(clock, surveyed.people.viewer)
        content = b"".join(bytes_of(wired, told))
    assert [content.count(one.encode()) for one in told.texts] == [1] * PEOPLE


@ON_POSTGRESQL
def test_whoever_copies_meanwhile_delays_the_cleaning(wired, clock, surveyed, rows):
    with wired.connect() as copying:
        copying.execute(text("select count(*) from survey_remark"))
        surveyed(1)
        close(clock, surveyed.people.viewer)
        with rows() as session:
            assert session.query(SurveyRoundRow).one().tidied_at is None
    looked(surveyed.people.viewer)
    with rows() as session:
        assert session.query(SurveyRoundRow).one().tidied_at is not None


@ON_POSTGRESQL
def test_the_planner_forgets_who_was_heard(wired, clock, surveyed):
    """PostgreSQL collects samples of every column now and then, and keeps them when the table becomes empty."""
    surveyed(1)
    asked = text("select histogram_bounds::text from pg_stats where tablename = 'survey_heard' and attname = 'user_id'")
    with wired.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("analyze survey_heard")
        assert connection.scalars(asked).all() != []
    close(clock, surveyed.people.viewer)
    with wired.connect() as connection:
        assert connection.scalars(asked).all() == []


@pytest.mark.sqlite_only
def test_sqlite_overwrites_what_it_deletes_and_empties_its_log(wired, clock, surveyed):
    told = surveyed(1)
    path = Path(str(wired.url.database))
    log = path.with_name(path.name + "-wal")
    assert log.stat().st_size > 0  # pages of every answer, in their order
    close(clock, surveyed.people.viewer)
    clock.now += timedelta(minutes=1)
    content = log.read_bytes() if log.exists() else b""
    assert not any(one.encode() in content for one in told.texts)
    with wired.connect() as connection:
        assert connection.exec_driver_sql("pragma secure_delete").scalar() == 1
        assert connection.exec_driver_sql("pragma freelist_count").scalar() == 0


@pytest.mark.sqlite_only
def test_a_reader_who_holds_sqlites_log_delays_the_cleaning(wired, clock, surveyed, rows):
    surveyed(1)
    with wired.connect() as reading:
        reading.execute(text("select count(*) from survey_remark"))
        close(clock, surveyed.people.viewer)
        with rows() as session:
            assert session.query(SurveyRoundRow).one().tidied_at is None
    looked(surveyed.people.viewer)
    with rows() as session:
        assert session.query(SurveyRoundRow).one().tidied_at is not None
