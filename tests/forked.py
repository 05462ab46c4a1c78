"""A Python that has imported everything already, for tests that start many programs of this app.

`python()` is a file to call as `python` is called: `-m wiring.exporting`, `manage.py db check`. It hands its arguments,
environment and files to a server, which forks; what runs is the program from its first line, in a process of its own
that shares nothing, and that ends with whoever started it. That a program also starts from nothing is tested by the
tests that use `sys.executable`.
"""

import gc
import json
import os
import runpy
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import traceback
from contextlib import suppress
from functools import cache
from pathlib import Path

from tests.browser.nursery import import_all

ROOT = Path(__file__).parents[1]
_kept: list[subprocess.Popen[bytes]] = []  #: so that its input is not closed
_PROGRAMS = ("wiring.exporting",)  #: what is run is imported by nobody before
_CALLED_AS_PYTHON_IS = """#!{python} -IS
import json, os, socket, sys
server = socket.socket(socket.AF_UNIX)
server.connect({address!r})
asked = json.dumps([sys.argv[1:], dict(os.environ), os.getcwd()]).encode()
socket.send_fds(server, [len(asked).to_bytes(4, "big")], [0, 1, 2])
server.sendall(asked)
status = int(server.makefile().readline() or 1)
if status < 0:
    os.kill(os.getpid(), -status)
os._exit(status)
"""


@cache
def python() -> str:
    """Its server is started by the first to ask, and ends with this process."""
    home = Path(tempfile.mkdtemp(prefix="pm-python-"))
    address, called = home / "socket", home / "python"
    called.write_text(_CALLED_AS_PYTHON_IS.format(python=sys.executable, address=str(address)))
    called.chmod(0o700)
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(address))
        listening.listen()
        command = [sys.executable, "-m", __name__, str(listening.fileno()), str(home)]
        _kept.append(subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, pass_fds=[listening.fileno()]))
    return str(called)


def _serve(listening: socket.socket, home: str) -> None:
    import typer  # noqa: F401

    for package in ("wiring", "db", "pmcore"):
        import_all(package, but=_PROGRAMS)
    gc.collect()
    gc.freeze()
    threading.Thread(target=_end, args=(home,), daemon=True).start()
    while True:
        asking, _ = listening.accept()
        if not os.fork():
            listening.close()
            _answer(asking)
        asking.close()
        with suppress(ChildProcessError):
            while os.waitpid(-1, os.WNOHANG)[0]:
                pass


def _end(home: str) -> None:
    """With the input, which nobody writes to: whoever had it is gone."""
    sys.stdin.read()
    shutil.rmtree(home)
    os._exit(0)


def _answer(asking: socket.socket) -> None:
    """In a process of its own: start the program, say how it ended; end it when nobody waits any more."""
    size, files, *_ = socket.recv_fds(asking, 4, 3)
    with asking.makefile("rb") as stream:
        arguments, environment, directory = json.loads(stream.read(int.from_bytes(size, "big")))
    if not (program := os.fork()):
        for number, file in enumerate(files):
            os.dup2(file, number)
        os.closerange(3, max([asking.fileno(), *files]) + 1)
        os._exit(_run(arguments, environment, directory))
    for file in files:
        os.close(file)
    ended = threading.Event()

    def end() -> None:
        if not asking.recv(1) and not ended.is_set():
            os.kill(program, signal.SIGKILL)

    threading.Thread(target=end, daemon=True).start()
    status = os.waitstatus_to_exitcode(os.waitpid(program, 0)[1])
    ended.set()
    asking.sendall(f"{status}\n".encode())
    os._exit(0)


def _run(arguments: list[str], environment: dict[str, str], directory: str) -> int:
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(directory)
    sys.stdin = open(0, encoding="utf-8", closefd=False)  # noqa: SIM115 - the server's own is being read there
    try:
        if arguments[0] == "-m":
            sys.argv = arguments[1:]
            runpy.run_module(arguments[1], run_name="__main__", alter_sys=True)
        else:
            sys.argv = arguments
            runpy.run_path(arguments[0], run_name="__main__")
        return 0
    except SystemExit as ended:
        if isinstance(ended.code, str):
            print(ended.code, file=sys.stderr)
        return ended.code if isinstance(ended.code, int) else int(ended.code is not None)
    except BaseException:
        traceback.print_exc()
        return 1
    finally:
        sys.stdout.flush()
        sys.stderr.flush()


if __name__ == "__main__":
    _serve(socket.socket(fileno=int(sys.argv[1])), sys.argv[2])
