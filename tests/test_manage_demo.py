"""`make demo` and `manage.py demo`: who may sign in is printed, and nothing is filled twice."""

import re
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from db.engine import make_engine
from db.models import UserRow
from pmcore.domain.vocabulary import Role
from pmcore.usecases.demo.cast import EVERYBODY
from pmcore.words import label, speaking
from tests.test_manage import ROOT, call
from wiring import passwords

pytestmark = pytest.mark.sqlite_only


@pytest.fixture(scope="module")
def told(tmp_path_factory):
    """A new database, filled by the command: its address, and what the console said."""
    url = f"sqlite:///{tmp_path_factory.mktemp('demo')}/demo.db"
    return url, call("demo", database_url=url)


def test_an_account_for_every_role_is_printed_and_opens(told) -> None:
    url, said = told
    assert said.returncode == 0, said.stderr
    *people, sentence = said.stdout.splitlines()
    with speaking("en"):
        for role in Role:
            assert any(label(role) in line for line in people), role
    password = re.fullmatch(r"Sign in at \S+ as any of them, with the password (\S+)", sentence).group(1)
    engine = make_engine(url)
    with Session(engine) as session:
        active = {person.username: person for person in session.scalars(select(UserRow).where(UserRow.active))}
    engine.dispose()
    assert {line.split()[0] for line in people} == set(active)
    assert passwords.matches(password, active["anna"].password_hash)


def test_a_database_that_is_not_empty_is_refused_by_a_sentence(told) -> None:
    url, _said = told
    again = call("demo", database_url=url)
    assert (again.returncode, again.stdout) == (1, "")
    assert "DATABASE_URL" in again.stderr
    assert "Traceback" not in again.stderr


def test_the_readme_names_the_accounts_that_there_are() -> None:
    readme = Path(ROOT / "README.md").read_text("utf-8")
    look = readme[readme.index("## Look around in a minute") : readme.index("## From nothing")]
    named = set(re.findall(r"`([a-z]+)`", look)) - {"make"}
    people = {one.username: one for one in EVERYBODY}
    assert named <= set(people)
    assert {role for username in named for role in people[username].roles} == set(Role)
    assert re.search(r"git clone [^\n]+\nmake demo\n", look)
    assert "## What it is not" in readme
