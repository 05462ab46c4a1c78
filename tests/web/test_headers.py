"""Security headers on every answer."""

import base64
import hashlib
from pathlib import Path

import pytest
import streamlit

from web.headers import app_policy

WANTED = {
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}
PATHS = [
    "/login",
    "/tracker",
    "/healthz",
    "/api/x",
    "/assets/plain.css",
    "/_stcore/host-config",
    "/setup/x",
    "/media/x",
]


@pytest.mark.sqlite_only
@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("who", ["anonymous", "signed in"])
def test_stand_on_every_answer(client, person, session_of, path, who):
    if who == "signed in":
        session_of(person())
    headers = client.get(path).headers
    assert {name: headers[name] for name in WANTED} == WANTED
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert "strict-transport-security" not in headers  # only under https


@pytest.mark.sqlite_only
def test_stand_on_refusals(client):
    for answer in (
        client.post("/login", headers={"Origin": "https://evil.example"}),
        client.get("/login", headers={"Host": "evil.example"}),
    ):
        assert answer.status_code in (400, 403)
        assert "content-security-policy" in answer.headers


@pytest.mark.sqlite_only
def test_plain_pages_may_run_no_script_at_all(client):
    policy = client.get("/login").headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "script-src" not in policy
    assert "unsafe" not in policy


def test_pages_may_run_only_the_scripts_that_streamlit_ships():
    """The digest follows the installed version; 'unsafe-inline' and 'unsafe-eval' are never needed for scripts."""
    scripts = next(part for part in app_policy().split("; ") if part.startswith("script-src"))
    assert "'unsafe-inline'" not in scripts
    assert "'unsafe-eval'" not in scripts
    page = (Path(streamlit.__file__).parent / "static" / "index.html").read_text()
    inline = page.split("<script>")[1].split("</script>")[0]
    assert base64.b64encode(hashlib.sha256(inline.encode()).digest()).decode() in scripts
    assert page.count("<script>") == scripts.count("sha256-")


def test_pages_may_ask_no_other_host():
    assert "http" not in app_policy()
    assert "*" not in app_policy()
