"""The app's processes, forked from one that has imported everything: importing is three of a start's four seconds.

What is forked is still `streamlit run app.py` from its first line, with its own environment, and shares nothing with
the other ones. Only the first visit, which a server makes to its own pages, is left out: it takes longer than what a
test looks at. That it starts from nothing, and visits, is tested too: in `tests/web/test_first_visitor.py` and
`tests/web/test_warming.py`, and by each test that kills its server and starts it again.
"""

import gc
import importlib
import json
import os
import pkgutil
import random
import signal
import subprocess
import sys
import time
import traceback
from collections.abc import Collection
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
_LARGE = (
    "streamlit.web.cli", "streamlit.web.bootstrap", "streamlit.web.server.app_discovery",
    "streamlit.material_icon_names",
    "uvicorn.protocols.http.auto", "uvicorn.protocols.websockets.auto", "uvicorn.loops.auto", "uvicorn.lifespan.on",
    "altair", "pandas", "pyarrow.pandas_compat", "scipy.stats", "charset_normalizer", "itsdangerous", "encodings.idna",
)  # fmt: skip


class Nursery:
    """Kept by whoever starts servers; they end with it."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", __name__], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def ask(self, **what: Any) -> Any:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        print(json.dumps(what), file=self._process.stdin, flush=True)
        return json.loads(self._process.stdout.readline())

    def start(self, arguments: list[str], environment: dict[str, str], log: Path) -> "Forked":
        """`streamlit ARGUMENTS`, as `python -m streamlit` would run it."""
        return Forked(self, self.ask(arguments=arguments, environment=environment, log=str(log)))

    def close(self) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait()


class Forked:
    """What `subprocess.Popen` would be, as far as tests need it."""

    def __init__(self, nursery: Nursery, pid: int) -> None:
        self.pid, self._nursery = pid, nursery
        self.returncode: int | None = None

    def poll(self) -> int | None:
        if self.returncode is None:
            self.returncode = self._nursery.ask(ended=self.pid)
        return self.returncode

    def wait(self, timeout: float = 60.0) -> int:
        deadline = time.monotonic() + timeout
        while (ended := self.poll()) is None:
            if time.monotonic() > deadline:
                raise subprocess.TimeoutExpired("streamlit", timeout)
            time.sleep(0.02)
        return ended

    def terminate(self) -> None:
        self._signal(signal.SIGTERM)

    def kill(self) -> None:
        self._signal(signal.SIGKILL)

    def _signal(self, number: signal.Signals) -> None:
        if self.poll() is None:  # until it is asked for, the number is nobody else's
            os.kill(self.pid, number)


def _serve() -> None:
    for name in _LARGE:
        importlib.import_module(name)
    for package in ("pages._ui", "web", "wiring", "db", "pmcore"):
        import_all(package)
    _do_what_is_slow_for_the_first_time()
    gc.collect()
    gc.freeze()
    running: set[int] = set()
    try:
        for line in sys.stdin:
            asked = json.loads(line)
            if "ended" in asked:
                pid, status = os.waitpid(asked["ended"], os.WNOHANG)
                running.discard(pid)
                answer = os.waitstatus_to_exitcode(status) if pid else None
            else:
                answer = _forked(**asked)
                running.add(answer)
            print(json.dumps(answer), flush=True)
    finally:
        for pid in running:
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)


def _do_what_is_slow_for_the_first_time() -> None:
    from web import serving, warming

    async def visit_nothing() -> None:
        """The test is the first visitor."""

    serving.warm()
    warming.visit = visit_nothing


def import_all(package: str, *, but: Collection[str] = ()) -> None:
    module = importlib.import_module(package)
    for found in pkgutil.walk_packages(module.__path__, f"{package}."):
        if not found.name.startswith("db.migrations") and found.name not in but:
            importlib.import_module(found.name)


def _forked(*, arguments: list[str], environment: dict[str, str], log: str) -> int:
    if pid := os.fork():
        return pid
    try:
        for descriptor, path, flags in ((0, os.devnull, os.O_RDONLY), (1, log, os.O_WRONLY | os.O_APPEND)):
            opened = os.open(path, flags)
            os.dup2(opened, descriptor)
            os.close(opened)
        os.dup2(1, 2)
        os.environ.clear()
        os.environ.update(environment)
        random.seed()
        from streamlit.web import cli

        sys.argv = ["streamlit", *arguments]
        cli.main(prog_name="streamlit")
    except SystemExit as ended:
        sys.stdout.flush()
        os._exit(ended.code if isinstance(ended.code, int) else 1)
    except BaseException:
        traceback.print_exc()
    os._exit(1)


if __name__ == "__main__":
    _serve()
