"""What tests are given: a fresh database on either engine, the app wired to it, and pages to look at.

Take the smallest that will do: nothing for `tests/unit`, `db` or `begin` for SQL, `wired` for commands and questions,
`page` for screens.
"""

import os
import shutil
import uuid
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, event
from sqlalchemy.orm import Session
from streamlit.components.v2 import manifest_scanner
from streamlit.testing.v1 import AppTest

from db.engine import make_engine
from db.unit_of_work import unit_of_work
from db.upgrade import upgrade
from pages._ui import folded, identity, typed
from pmcore import words
from tests import postgres
from tests.databases import Engines, Kept
from tests.factories import NOON
from tests.typed_boxes import Watched
from wiring import acting, parts
from wiring.settings import settings

pytest.register_assert_rewrite("tests.browser.watch")

PAGES = Path(__file__).parents[1] / "pages"
BACKENDS = ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)]
_NOT_COUNTED = ("BEGIN", "COMMIT", "ROLLBACK", "PRAGMA", "SAVEPOINT", "RELEASE")


def pytest_configure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):
        postgres.name_this_run()


def make_schema(url: str) -> None:
    """An empty database becomes one of this app."""
    engine = make_engine(url)
    upgrade(engine)
    engine.dispose()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What takes minutes begins first, so that the other workers have something to do meanwhile."""
    items.sort(key=lambda item: item.get_closest_marker("minutes") is None)


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("template") / "pm.db"
    make_schema(f"sqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def postgres_template() -> tuple[postgres.Databases, str]:
    databases = postgres.Databases(postgres.server())
    name = f"template_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}_{uuid.uuid4().hex[:8]}"
    make_schema(databases.create(name).render_as_string(hide_password=False))
    return databases, name


@pytest.fixture(scope="session")
def kept_postgres(postgres_template: tuple[postgres.Databases, str]) -> Iterator[Kept]:
    kept = Kept(*postgres_template)
    yield kept
    kept.drop()


@pytest.fixture(scope="session")
def engines() -> Engines:
    return Engines()


@pytest.fixture
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A fresh database's address: SQLite, unless the test is parametrised with a backend's name."""
    if getattr(request, "param", "sqlite") == "sqlite":
        shutil.copy(request.getfixturevalue("sqlite_template"), tmp_path / "pm.db")
        yield f"sqlite:///{tmp_path}/pm.db"
        return
    if request.node.get_closest_marker("own_database") is None:
        yield request.getfixturevalue("kept_postgres").url().render_as_string(hide_password=False)
        return
    databases, template = request.getfixturevalue("postgres_template")
    name = f"test_{uuid.uuid4().hex[:12]}"
    yield databases.create(name, template=template).render_as_string(hide_password=False)
    databases.drop(name)


@pytest.fixture
def empty_database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a database without a single table, on both engines."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path}/empty.db"
        return
    databases, _ = request.getfixturevalue("postgres_template")
    name = f"empty_{uuid.uuid4().hex[:12]}"
    yield databases.create(name).render_as_string(hide_password=False)
    databases.drop(name)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Database tests run on both engines; pages and browser tests choose for themselves."""
    own_choice = any(mark.args[0] == "database_url" for mark in metafunc.definition.iter_markers("parametrize"))
    on_one = metafunc.definition.get_closest_marker("sqlite_only") or {"page", "server"} & set(metafunc.fixturenames)
    if "database_url" in metafunc.fixturenames and not own_choice and not on_one:
        metafunc.parametrize("database_url", BACKENDS, indirect=True)
    if "empty_database_url" in metafunc.fixturenames:
        metafunc.parametrize("empty_database_url", BACKENDS, indirect=True)


@pytest.fixture
def db(request: pytest.FixtureRequest, database_url: str, engines: Engines) -> Iterator[Engine]:
    if request.node.get_closest_marker("own_database"):
        engine = make_engine(database_url)
        yield engine
        engine.dispose()
        return
    with engines.at(database_url) as engine:
        yield engine


@pytest.fixture
def begin(db: Engine) -> Callable[[], AbstractContextManager[Any]]:
    """Opens units of work, as use cases get them."""
    return unit_of_work(db)


@pytest.fixture
def rows(db: Engine) -> Callable[[], AbstractContextManager[Session]]:
    """`with rows() as session:` to put rows there for a test; committed at its end."""

    @contextmanager
    def opened() -> Iterator[Session]:
        with Session(db.execution_options(writes=True), expire_on_commit=False) as session, session.begin():
            yield session
        acting.forget()  # as after a command

    return opened


class TestClock:
    """Stands at noon until it is moved."""

    __test__ = False

    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> datetime:
        return self.now

    def forward(self, **delta: float) -> datetime:
        self.now += timedelta(**delta)
        return self.now


@pytest.fixture
def wired(db: Engine, database_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Engine]:
    """The whole app, on this test's database. The clock is the real one; see `clock`."""
    monkeypatch.setenv("DATABASE_URL", database_url)
    settings.cache_clear()
    monkeypatch.setattr(parts, "engine", lambda: db)
    acting.forget()
    yield db
    acting.forget()
    settings.cache_clear()


@pytest.fixture
def clock(wired: Engine, monkeypatch: pytest.MonkeyPatch) -> TestClock:
    """`clock.now = ...` and `clock.forward(hours=3)` for everything that is wired."""
    clock = TestClock()
    monkeypatch.setattr(parts, "clock", clock)
    return clock


@pytest.fixture
def as_user(wired: Engine) -> Callable[[int], AbstractContextManager[None]]:
    """`with as_user(id):` commands and questions inside are this person's."""
    return acting.as_user


@pytest.fixture
def statements(db: Engine) -> Callable[[], AbstractContextManager[list[str]]]:
    """`with statements() as said:` collects the SQL texts; what only frames a transaction is not counted."""

    @contextmanager
    def counting() -> Iterator[list[str]]:
        said: list[str] = []

        def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
            if not statement.lstrip().upper().startswith(_NOT_COUNTED):
                said.append(statement)

        event.listen(db, "before_cursor_execute", note)
        try:
            yield said
        finally:
            event.remove(db, "before_cursor_execute", note)

    return counting


@pytest.fixture(scope="session", autouse=True)
def scanned_once() -> Iterator[None]:
    """Each AppTest looks through all installed packages for components, three times as long as a page takes to run.

    What is installed stays the same meanwhile. There is no public switch; `test_harness` counts how often it is done.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(manifest_scanner, "scan_component_manifests", cache(manifest_scanner.scan_component_manifests))
        yield


@pytest.fixture
def is_unfolded() -> bool:
    """Whether `page` draws what is folded away, as if somebody had opened it. A module may say no."""
    return True


@pytest.fixture
def watched(monkeypatch: pytest.MonkeyPatch) -> Iterator[Watched]:
    """No page may show a text box in which something typed can be lost."""
    found, piece = Watched(), typed.piece

    def noted(key: str, known: Any, *rest: Any) -> Any:
        found.note(known)
        return piece(key, known, *rest)

    monkeypatch.setattr(typed, "piece", noted)
    yield found
    assert found.forgotten() == set()


@pytest.fixture
def page(wired: Engine, is_unfolded: bool, watched: Watched, monkeypatch: pytest.MonkeyPatch) -> Callable[..., AppTest]:
    """`page("log.py", user_id, query={"id": "12"})`: that page as the person sees it, after its first run.

    Through the shell, so that navigation and identity are the real ones; `alone=True` runs just the script.
    """
    if is_unfolded:
        monkeypatch.setattr(folded, "is_drawn", lambda key, *, is_open: True)

    def looked_at(
        path: str = "", user_id: int | None = None, query: dict[str, str] | None = None, *, alone: bool = False
    ) -> AppTest:
        identity.register(words)
        shown = AppTest.from_file(str(PAGES / path if alone else PAGES / "_shell.py"), default_timeout=30)
        if user_id is not None:
            shown.user = {"is_logged_in": True, "username": str(user_id)}
        for name, value in (query or {}).items():
            shown.query_params[name] = value
        if path not in ("", "home.py") and not alone:  # home is where one arrives
            shown.switch_page(path)
        watched.pages.append(shown)
        return shown.run()

    return looked_at
