"""The real app in a process of its own, as `make run` starts it."""

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.browser.nursery import Forked, Nursery

ROOT = Path(__file__).parents[2]
STARTS_WITHIN_SECONDS = 60.0


@dataclass(frozen=True, kw_only=True)
class AppServer:
    url: str  #: without a slash at its end
    process: subprocess.Popen[bytes] | Forked
    log_file: Path

    def log(self) -> str:
        """All that it has printed so far."""
        return self.log_file.read_text(errors="replace")


def free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


@contextmanager
def started(
    database_url: str,
    log_file: Path,
    *,
    port: int | None = None,
    settings: dict[str, str] | None = None,
    nursery: Nursery | None = None,
) -> Iterator[AppServer]:
    """Started and answering; killed at the end. `settings` are environment variables. Quicker out of a `nursery`."""
    port = port or free_port()
    url = f"http://127.0.0.1:{port}"
    arguments = [
        "run", "app.py", f"--server.port={port}", "--server.address=127.0.0.1",
        "--server.headless=true", "--server.fileWatcherType=none", "--browser.gatherUsageStats=false",
    ]  # fmt: skip
    environment = {**os.environ, "DATABASE_URL": database_url, "PM_PUBLIC_URL": url, **(settings or {})}
    process: subprocess.Popen[bytes] | Forked
    with log_file.open("ab") as log:
        if nursery:
            process = nursery.start(arguments, environment, log_file)
        else:
            command = [sys.executable, "-m", "streamlit", *arguments]
            process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=log)
    server = AppServer(url=url, process=process, log_file=log_file)
    try:
        _wait_until_it_answers(server)
        yield server
    finally:
        process.terminate()
        try:
            process.wait(5)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait_until_it_answers(server: AppServer) -> None:
    deadline = time.monotonic() + STARTS_WITHIN_SECONDS
    while time.monotonic() < deadline and server.process.poll() is None:
        try:
            with urllib.request.urlopen(f"{server.url}/_stcore/health", timeout=2):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    raise RuntimeError(f"The app did not start:\n{server.log()}")
