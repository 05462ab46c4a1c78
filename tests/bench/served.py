"""A server to measure, in a process of its own: started, answering, its processor time and memory read from outside."""

import json
import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil

from tests.browser.server import free_port

ROOT = Path(__file__).parents[2]
APP, EMPTY = ROOT / "tests" / "bench" / "app.py", ROOT / "tests" / "bench" / "empty_app.py"
STARTS_WITHIN_SECONDS = 120.0


@dataclass(frozen=True, kw_only=True)
class Served:
    url: str
    process: psutil.Process

    def processor_seconds(self) -> float:
        """Of the server itself, without what it started."""
        used = self.process.cpu_times()
        return used.user + used.system

    def get(self, path: str, cookie: str) -> bytes:
        asked = urllib.request.Request(f"{self.url}{path}", headers={"Cookie": cookie})
        with urllib.request.urlopen(asked, timeout=300) as answer:
            return answer.read()

    def used(self, cookie: str) -> tuple[int, float]:
        """SQL statements, and seconds of the processor, since the start; finer than what the system counts."""
        statements, seconds = json.loads(self.get("/bench/used", cookie))
        return int(statements), float(seconds)


@contextmanager
def served(script: Path, database: Path, log: Path) -> Iterator[Served]:
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    environment = {
        **os.environ, "DATABASE_URL": f"sqlite:///{database}", "PM_PUBLIC_URL": url, "PYTHONPATH": str(ROOT),
    }  # fmt: skip
    command = [sys.executable, "-m", "streamlit", "run", str(script), f"--server.port={port}"]
    with log.open("ab") as file:
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=file, stderr=file)
    try:
        _wait(url, process, log)
        yield Served(url=url, process=psutil.Process(process.pid))
    finally:
        process.terminate()
        try:
            process.wait(5)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + STARTS_WITHIN_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            with urllib.request.urlopen(f"{url}/_stcore/health", timeout=2):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.05)
    raise RuntimeError(f"The app did not start:\n{log.read_text(errors='replace')}")
