"""The first test of all: a fresh process shows an anonymous first visitor nothing."""

import http.client
from urllib.parse import urlsplit

import pytest

from tests.browser.server import started

UPGRADE = {
    "Connection": "Upgrade",
    "Upgrade": "websocket",
    "Sec-WebSocket-Version": "13",
    "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
    "Sec-WebSocket-Protocol": "streamlit",
}


def ask(url: str, path: str, headers: dict[str, str] | None = None) -> tuple[int, http.client.HTTPMessage, str]:
    connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=10)
    connection.request("GET", path, headers=headers or {})
    answer = connection.getresponse()
    body = answer.read().decode(errors="replace")
    connection.close()
    return answer.status, answer.headers, body


@pytest.mark.sqlite_only
def test_a_fresh_process_shows_an_anonymous_first_visitor_nothing(database_url, tmp_path):
    with started(database_url, tmp_path / "server.log") as server:
        status, headers, body = ask(server.url, "/tracker")
        assert (status, headers["Location"], body) == (303, "/login?next=%2Ftracker", "")

        status, headers, body = ask(server.url, "/_stcore/stream", {**UPGRADE, "Origin": server.url})
        assert status == 401
        assert body.startswith('"You are signed out.')

        status, _, body = ask(server.url, "/_stcore/host-config")
        assert (status, body[0]) == (401, '"')
        for path in ("/media/1.png", "/_stcore/script-health-check", "/_stcore/upload_file/1/2"):
            assert ask(server.url, path)[0] == 401, path
        assert ask(server.url, "/_stcore/health")[0] == 200
        assert ask(server.url, "/healthz")[0] == 200
        assert "Set up (this link works once, within a day): " in server.log()
