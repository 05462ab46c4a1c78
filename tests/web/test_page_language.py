"""`<html lang>` of Streamlit's page is the reader's language, and is asked for anew after a change."""

from types import SimpleNamespace

import pytest
from starlette.datastructures import Headers
from starlette.responses import HTMLResponse
from starlette.testclient import TestClient

from web.page_language import PageLanguage

pytestmark = pytest.mark.sqlite_only


STREAMLITS = '<!DOCTYPE html><html lang="en"><head><title>Streamlit</title></head></html>'


def served(page, language, path="/tracker", **headers):
    """The page as it leaves, and the request's headers as they came further in."""
    seen = {}

    async def app(scope, receive, send):
        seen.update(Headers(scope=scope))
        await HTMLResponse(page, headers={"etag": '"x"'})(scope, receive, send)

    async def gate(scope, receive, send):
        session = language and SimpleNamespace(language=language)
        await PageLanguage(app)({**scope, "pm.session": session}, receive, send)

    return TestClient(gate).get(path, headers=headers), seen


def test_the_page_says_the_readers_language():
    assert served(STREAMLITS, "ru")[0].text == STREAMLITS.replace('"en"', '"ru"')
    assert served(STREAMLITS, "en")[0].text == STREAMLITS
    assert served(STREAMLITS, None)[0].text == STREAMLITS


def test_a_copy_does_not_outlive_a_change():
    answer, seen = served(STREAMLITS, "ru", **{"if-none-match": '"x"', "accept-encoding": "gzip"})
    assert "etag" not in answer.headers
    assert not {"if-none-match", "accept-encoding"} & set(seen)


def test_pages_of_our_own_and_files_stay_as_they_are():
    ours = STREAMLITS.replace("Streamlit", "Sign in")
    assert served(ours, "ru", "/login")[0].text == ours
    assert served(STREAMLITS, "ru", "/static/a.html")[0].text == STREAMLITS


def test_switching_comes_back_to_the_same_page_and_filter(client, person, session_of):
    session_of(person())
    asked = {"referer": "http://testserver/tracker?severity=P0&sort=duration"}
    answer = client.post("/language", data={"language": "ru"}, headers=asked, follow_redirects=False)
    assert answer.headers["location"] == "/tracker?severity=P0&sort=duration"


@pytest.mark.parametrize("referer", ["", "https://evil.example//evil.example/x", "nonsense"])
def test_an_odd_referer_leads_nowhere_else(client, person, session_of, referer):
    session_of(person())
    answer = client.post("/language", data={"language": "ru"}, headers={"referer": referer}, follow_redirects=False)
    assert answer.headers["location"] == "/"
