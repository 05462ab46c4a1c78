"""Who passes the gate, as whom, and until when."""

import json
import threading
import time

import pytest
from sqlalchemy import update
from starlette.testclient import TestClient, WebSocketDenialResponse
from starlette.websockets import WebSocketDisconnect
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from db.models import SessionRow
from pmcore.domain.vocabulary import Role
from pmcore.usecases.identity import SignOut
from pmcore.usecases.people import Deactivate
from tests.web.conftest import ORIGIN, PASSWORD, STREAM
from web import door as door_module
from web import gate
from web.messages import go_to, is_by_a_person, tab_named
from wiring import acting, passwords, run
from wiring.ask import sessions as ask_sessions

PUBLIC = ["/login", "/healthz", "/assets/plain.css", "/assets/icon.svg"]
CLOSED = [
    "/_stcore/host-config",
    "/account/_stcore/health",
    "/account/_stcore/host-config",
    "/_stcore/anything",
    "/media/abc.png",
    "/component/x",
    "/download/x",
]


def rerun(*, by_timer: bool = False) -> bytes:
    message = BackMsg()
    message.rerun_script.is_auto_rerun = by_timer
    message.rerun_script.query_string = ""
    return message.SerializeToString()


@pytest.mark.sqlite_only
class TestAnonymous:
    @pytest.mark.parametrize("path", PUBLIC)
    def test_sees_what_is_public(self, client, path):
        assert client.get(path).status_code == 200

    @pytest.mark.parametrize("path", CLOSED)
    def test_is_refused_with_a_sentence_that_a_waiting_page_can_show(self, client, path):
        answer = client.get(path)
        assert answer.status_code == 401
        assert "signed out" in json.loads(answer.text)

    @pytest.mark.parametrize(
        ("path", "to"),
        [
            ("/", "/login"),
            ("/tracker", "/login?next=%2Ftracker"),
            ("/log?id=12&x=a%20b", "/login?next=%2Flog%3Fid%3D12%26x%3Da%2520b"),
            ("/print/12", "/login?next=%2Fprint%2F12"),
            ("/anything/else", "/login?next=%2Fanything%2Felse"),
            ("/setup/a/b", "/login?next=%2Fsetup%2Fa%2Fb"),
            ("/invite/a/tracker", "/login?next=%2Finvite%2Fa%2Ftracker"),
            ("/login/../tracker", "/login?next=%2Ftracker"),
            ("/LOGIN", "/login?next=%2FLOGIN"),
        ],
    )
    def test_is_sent_to_sign_in_and_back_afterwards(self, client, path, to):
        answer = client.get(path)
        assert (answer.status_code, answer.headers["location"]) == (303, to)

    @pytest.mark.parametrize("method", ["POST", "PUT"])
    def test_cannot_send_anything(self, client, method):
        assert client.request(method, "/tracker").status_code == 401

    def test_cannot_say_who_they_are(self, client):
        assert client.get("/tracker", headers={"X-Pm-User": "1"}).status_code == 303

    def test_cannot_guess_a_token(self, client):
        client.cookies.set("pm", "a" * 43)
        assert client.get("/tracker").status_code == 303

    def test_gets_no_websocket(self, client):
        with pytest.raises(WebSocketDenialResponse) as refused, client.websocket_connect(STREAM):
            pass
        assert refused.value.status_code == 401
        assert "signed out" in refused.value.json()

    @pytest.mark.parametrize(
        "path",
        ["/assets/..%2fweb/gate.py", "/static/..%2f..%2fvar/pm.db", "/setup/..%2ftracker", "/invite/.."],
    )
    def test_finds_no_way_round(self, client, path):
        assert client.get(path).status_code in (303, 401)

    def test_is_told_of_an_unknown_api_in_json(self, client):
        answer = client.get("/api/v1/incidents")
        assert answer.status_code == 404
        assert answer.json()


@pytest.mark.sqlite_only
class TestSignedIn:
    def test_is_known_by_the_id_and_by_nothing_that_the_browser_says(self, client, person, session_of):
        anna = person()
        session_of(anna)
        answer = client.get("/tracker", headers={"X-Pm-User": "999", "x-pm-session": "1"})
        assert answer.json() == {"path": "/tracker", "user": [str(anna)]}

    def test_is_told_of_an_unknown_api_in_json(self, client, person, session_of):
        session_of(person())
        answer = client.post("/api/v1/incidents")
        assert (answer.status_code, answer.headers["content-type"]) == (404, "application/json")

    def test_talks_over_the_websocket(self, client, person, session_of):
        session_of(person())
        with client.websocket_connect(STREAM) as websocket:
            websocket.send_bytes(b"1")
            assert websocket.receive_bytes() == b"seen 1"


@pytest.mark.sqlite_only
@pytest.mark.parametrize(
    "origin", ["https://evil.example", "null", "http://localhost:8502", "https://localhost:8501", ""]
)
def test_a_websocket_of_another_origin_is_refused(client, person, session_of, origin):
    """Another program on this machine, or the same name without TLS, gets the cookie sent along."""
    session_of(person())
    opened = client.websocket_connect(STREAM, headers={"Origin": origin})
    with pytest.raises(WebSocketDenialResponse) as refused, opened:
        pass
    assert refused.value.status_code == 403


@pytest.mark.sqlite_only
@pytest.mark.parametrize(
    "origin", ["https://evil.example", "null", "http://localhost:8502", "https://localhost:8501", ""]
)
@pytest.mark.parametrize("path", ["/login", "/logout", "/tracker", "/_stcore/upload_file/1"])
def test_a_post_from_another_origin_is_refused(client, person, session_of, origin, path):
    session_of(person())
    answer = client.post(path, headers={"Origin": origin}, data={})
    assert answer.status_code == 403
    assert "another site" in answer.json()


@pytest.mark.sqlite_only
def test_a_post_without_an_origin_is_refused(app):
    assert TestClient(app, base_url=ORIGIN).post("/login").status_code == 403


@pytest.mark.sqlite_only
def test_another_host_name_is_refused(client):
    assert client.get("/login", headers={"Host": "evil.example"}).status_code == 400


class TestEnds:
    """In every tab by the next frame, one second at most."""

    def ends_within_a_second(self, client, end):
        with client.websocket_connect(STREAM) as websocket:
            websocket.send_bytes(b"1")
            websocket.receive_bytes()
            end()
            began = time.monotonic()
            with pytest.raises(WebSocketDisconnect):
                websocket.receive_bytes()
            assert time.monotonic() - began <= 1.0
        assert client.get("/_stcore/host-config").status_code == 401

    def test_by_signing_out_elsewhere(self, client, person, session_of):
        token = session_of(person())
        self.ends_within_a_second(client, lambda: run(SignOut(token=token)))

    def test_by_the_form_at_once(self, client, person, session_of):
        session_of(person())
        client.get("/tracker")
        with client.websocket_connect(STREAM) as websocket:
            answer = client.post("/logout")
            assert (answer.status_code, answer.headers["location"]) == (303, "/login")
            with pytest.raises(WebSocketDisconnect):
                websocket.receive_bytes()

    def test_by_deactivation(self, client, person, session_of):
        anna, admin = person(), person("Adam", Role.ADMINISTRATOR)
        session_of(anna)

        def deactivate():
            with acting.as_user(admin):
                run(Deactivate(user_id=anna))

        self.ends_within_a_second(client, deactivate)

    def test_a_frame_does_not_pass_when_nobody_watches(self, client, person, session_of, monkeypatch):
        monkeypatch.setattr(door_module, "WATCHED_EVERY_SECONDS", 3600)
        token = session_of(person())
        with client.websocket_connect(STREAM) as websocket:
            run(SignOut(token=token))
            time.sleep(1.05)
            websocket.send_bytes(b"1")
            with pytest.raises(WebSocketDisconnect):
                websocket.receive_bytes()


@pytest.mark.sqlite_only
def test_a_tab_of_another_person_is_loaded_anew(client, person, session_of):
    """What they typed is theirs; Streamlit's page would send it on under the new name."""
    anna, boris = person(), person("Boris Ivanov")
    session_of(boris)
    gate.door.remember_tab("tab-of-anna", anna)
    gate.door.remember_tab("tab-of-boris", boris)
    with client.websocket_connect(STREAM, subprotocols=["streamlit", "x", "tab-of-anna"]) as websocket:
        assert websocket.receive_bytes() == go_to("/")
    for own in ("tab-of-boris", "tab-from-before-a-restart"):
        with client.websocket_connect(STREAM, subprotocols=["streamlit", "x", own]) as websocket:
            websocket.send_bytes(b"1")
            assert websocket.receive_bytes() == b"seen 1"


def test_a_tab_is_known_by_the_message_that_names_it():
    message = ForwardMsg()
    message.new_session.initialize.session_id = "tab"
    assert tab_named(message.SerializeToString()) == "tab"
    assert tab_named(go_to("/")) is None
    assert tab_named(b"\xff\xff") is None
    assert tab_named(None) is None


class TestExpiry:
    @pytest.mark.sqlite_only
    def test_after_hours_without_use(self, client, clock, person, session_of):
        session_of(person())
        clock.forward(hours=11, minutes=59)
        assert client.get("/_stcore/host-config").status_code == 200
        clock.forward(minutes=2)
        time.sleep(1.05)
        assert client.get("/_stcore/host-config").status_code == 401

    @pytest.mark.sqlite_only
    def test_after_days_however_much_it_is_used(self, client, clock, rows, person, session_of):
        session_of(person())
        clock.forward(days=14, minutes=1)
        with rows() as session:
            session.execute(update(SessionRow).values(seen_at=clock()))
        assert client.get("/tracker").status_code == 303

    def seen_after(self, client, clock, rows, what):
        clock.forward(hours=1)
        before = clock()
        what()
        deadline = time.monotonic() + 1
        while time.monotonic() < deadline:
            with rows() as session:
                if session.query(SessionRow).one().seen_at == before:
                    return True
            time.sleep(0.05)
        return False

    @pytest.mark.sqlite_only
    def test_opening_a_page_is_use(self, client, clock, rows, person, session_of):
        session_of(person())
        assert self.seen_after(client, clock, rows, lambda: client.get("/tracker"))

    @pytest.mark.sqlite_only
    @pytest.mark.parametrize("path", ["/_stcore/host-config", "/media/x", "/_stcore/health"])
    def test_polling_is_not(self, client, clock, rows, person, session_of, path):
        session_of(person())
        assert not self.seen_after(client, clock, rows, lambda: client.get(path))

    @pytest.mark.sqlite_only
    @pytest.mark.parametrize(
        ("frames", "counts"),
        [
            ([rerun()], False),  # what a browser sends by itself when it connects
            ([rerun(), rerun(by_timer=True)], False),
            ([rerun(), rerun()], True),
        ],
    )
    def test_of_frames_only_those_of_a_person_are(self, client, clock, rows, person, session_of, frames, counts):
        session_of(person())

        def send():
            with client.websocket_connect(STREAM) as websocket:
                for frame in frames:
                    websocket.send_bytes(frame)
                    websocket.receive_bytes()

        assert self.seen_after(client, clock, rows, send) is counts


def test_what_a_person_did():
    assert is_by_a_person(rerun())
    assert not is_by_a_person(rerun(by_timer=True))
    heartbeat = BackMsg()
    heartbeat.app_heartbeat = True
    assert not is_by_a_person(heartbeat.SerializeToString())
    assert not is_by_a_person(b"\xff\xff")
    assert not is_by_a_person(None)


@pytest.mark.sqlite_only
class TestWithoutADatabase:
    def test_health_says_so(self, client, monkeypatch):
        monkeypatch.setattr("web.health.database_answers", lambda: False)
        assert client.get("/healthz").status_code == 503

    def test_nobody_passes(self, client, person, session_of, monkeypatch):
        session_of(person())

        def silent(_tokens):
            raise OSError

        monkeypatch.setattr("wiring.ask.sessions.sessions_behind", silent)
        answer = client.get("/_stcore/host-config")
        assert answer.status_code == 503
        assert "does not answer" in answer.json()


@pytest.mark.sqlite_only
class TestTheEventLoopStaysFree:
    """A second of bcrypt or of a busy database must stall nobody else."""

    def threads_of(self, client, monkeypatch, target, doing):
        seen = []
        honest = target[0].__dict__[target[1]]
        monkeypatch.setattr(
            *target, lambda *given, **named: seen.append(threading.get_ident()) or honest(*given, **named)
        )
        loop = client.portal.call(threading.get_ident)
        doing()
        assert seen
        return loop, seen

    def test_from_sql_of_sessions(self, client, person, session_of, monkeypatch):
        session_of(person())
        target = (ask_sessions, "sessions_behind")
        loop, seen = self.threads_of(client, monkeypatch, target, lambda: client.get("/tracker"))
        assert loop not in seen

    def test_from_bcrypt(self, client, person, monkeypatch):
        person()
        data = {"username": "anna.petrova", "password": PASSWORD}
        target = (passwords, "matches")
        loop, seen = self.threads_of(client, monkeypatch, target, lambda: client.post("/login", data=data))
        assert loop not in seen

    def test_by_asking_once_a_second_however_many_requests_there_are(self, client, person, session_of, monkeypatch):
        session_of(person())
        target = (ask_sessions, "sessions_behind")
        _, seen = self.threads_of(client, monkeypatch, target, lambda: [client.get("/tracker") for _ in range(20)])
        assert len(seen) <= 3
