"""Signing in and out by a plain form."""

import statistics
import time

import pytest
from starlette.testclient import TestClient

from db.models import SessionRow, SignInLockRow
from pmcore.domain.sessions import token_hash
from pmcore.usecases.identity import Browser, SignIn, SignInLocked, WrongSignIn
from pmcore.words import say
from tests.web.conftest import ORIGIN, PASSWORD
from web.gate import next_page
from wiring import passwords, run
from wiring.settings import settings


def sign_in(client, username="anna.petrova", password=PASSWORD, **more):
    return client.post("/login", data={"username": username, "password": password, **more})


@pytest.mark.sqlite_only
class TestTheForm:
    def test_works_without_script_and_without_another_host(self, client):
        page = client.get("/login").text
        assert '<form method="post" action="/login">' in page
        assert "<script" not in page
        assert "http" not in page

    @pytest.mark.parametrize(
        ("asked", "says"), [({"Accept-Language": "ru-RU,ru;q=0.9,en;q=0.8"}, 'lang="ru"'), ({}, 'lang="en"')]
    )
    def test_speaks_the_browsers_language(self, client, asked, says):
        assert f"<html {says}>" in client.get("/login", headers=asked).text

    def test_switches_language_by_a_link(self, client):
        page = client.get("/login?lang=ru&next=/tracker%3Fx%3D1").text
        assert '<html lang="ru">' in page
        assert 'name="next" value="/tracker?x=1"' in page

    @pytest.mark.parametrize("nasty", ['"><script>alert(1)</script>', "{{ 7*7 }}", "<b>Анна</b>"])
    def test_shows_what_was_typed_as_text(self, client, nasty):
        page = sign_in(client, username=nasty).text
        assert nasty not in page or nasty == "{{ 7*7 }}"
        assert "49" not in page

    def test_is_not_shown_to_somebody_signed_in(self, client, person, session_of):
        session_of(person())
        answer = client.get("/login?next=/tracker")
        assert (answer.status_code, answer.headers["location"]) == (303, "/tracker")

    def test_is_never_cached(self, client):
        assert client.get("/login").headers["cache-control"] == "no-store"


class TestSigningIn:
    def test_gives_a_random_token_in_a_cookie_that_no_script_reads(self, client, person, rows):
        person()
        answer = sign_in(client, next="/tracker?severity=P0")
        assert (answer.status_code, answer.headers["location"]) == (303, "/tracker?severity=P0")
        cookie = answer.headers["set-cookie"]
        token = cookie.split(";")[0].removeprefix("pm=")
        assert len(token) >= 43  # 256 bits in base64
        assert "HttpOnly" in cookie
        assert "SameSite=lax" in cookie
        assert "Secure" not in cookie
        with rows() as session:
            stored = session.query(SessionRow).one()
            assert stored.token_hash == token_hash(token)
            assert token not in str(vars(stored))
        assert client.get("/tracker").status_code == 200

    @pytest.mark.sqlite_only
    def test_each_time_another_token(self, client, person):
        person()
        assert sign_in(client).headers["set-cookie"] != sign_in(client).headers["set-cookie"]

    @pytest.mark.sqlite_only
    def test_finds_the_name_however_it_is_written(self, client, person):
        person()
        assert sign_in(client, username=" ANNA.Petrova ").status_code == 303

    @pytest.mark.sqlite_only
    def test_https_makes_the_cookie_secure_and_bound_to_the_host(self, person, app, monkeypatch):
        person()
        monkeypatch.setattr(settings(), "public_url", "https://pm.example.org")
        from web import serving

        app.user_middleware = serving.middleware()
        with TestClient(app, base_url="https://pm.example.org", follow_redirects=False) as client:
            answer = client.post(
                "/login",
                data={"username": "anna.petrova", "password": PASSWORD},
                headers={"Origin": "https://pm.example.org"},
            )
            cookie = answer.headers["set-cookie"]
            assert cookie.startswith("__Host-pm=")
            assert "Secure" in cookie
            assert "Path=/" in cookie
            assert "Domain" not in cookie
            assert answer.headers["strict-transport-security"].startswith("max-age=")
            assert client.get("/tracker").status_code == 200

    @pytest.mark.parametrize(
        ("path", "to"),
        [
            ("/tracker?a=b", "/tracker?a=b"),
            ("https://evil.example/", "/"),
            ("//evil.example/", "/"),
            ("/\\evil.example", "/"),
            ("/\t/evil.example", "/"),
            ("javascript:alert(1)", "/"),
            ("tracker", "/"),
            ("/login?next=/login", "/"),
            ("", "/"),
            (None, "/"),
        ],
    )
    def test_never_leads_to_another_site(self, path, to):
        assert next_page(path) == to


class TestWrongPasswords:
    @pytest.mark.sqlite_only
    @pytest.mark.parametrize(
        ("username", "changes"),
        [("anna.petrova", {}), ("nobody", {}), ("gone", {"active": False}), ("placeholder", {"password_hash": None})],
    )
    def test_give_one_sentence_for_every_reason(self, client, person, rows, username, changes):
        person()
        if changes:
            from tests.factories import make_user

            with rows() as session:
                make_user(session, username, **changes)
        answer = sign_in(client, username=username, password="something else")
        assert answer.status_code == 403
        assert "Name and password do not match" in answer.text
        assert "set-cookie" not in answer.headers

    def test_close_the_door_at_the_fifth(self, client, person, clock):
        person()
        for _ in range(4):
            assert sign_in(client, password="wrong wrong wrong").status_code == 403
        assert sign_in(client, password="wrong wrong wrong").status_code == 403
        answer = sign_in(client)
        assert answer.status_code == 429
        assert answer.headers["retry-after"] == "31"
        clock.forward(seconds=31)
        assert sign_in(client).status_code == 303

    @pytest.mark.sqlite_only
    def test_close_it_for_longer_each_time(self, client, person, clock):
        person()
        rests = []
        for _ in range(12):
            answer = sign_in(client, password="wrong wrong wrong")
            if answer.status_code == 429:
                rests.append(int(answer.headers["retry-after"]))
                clock.forward(seconds=rests[-1])
        assert rests == [31, 61, 121, 241][: len(rests)]
        assert len(rests) >= 3

    @pytest.mark.sqlite_only
    def test_lock_the_name_from_everywhere(self, person, clock):
        person()
        for number in range(5):
            with pytest.raises(WrongSignIn):
                run(SignIn(username="ANNA.petrova", password="x", browser=Browser(address=f"10.0.0.{number}")))
        with pytest.raises(SignInLocked):
            run(SignIn(username="anna.petrova", password=PASSWORD, browser=Browser(address="10.1.1.1")))

    @pytest.mark.sqlite_only
    def test_lock_the_address_for_every_name(self, person, clock):
        person()
        for number in range(5):
            with pytest.raises(WrongSignIn):
                run(SignIn(username=f"name{number}", password="x", browser=Browser(address="10.0.0.1")))
        with pytest.raises(SignInLocked):
            run(SignIn(username="anna.petrova", password=PASSWORD, browser=Browser(address="10.0.0.1")))
        assert run(SignIn(username="anna.petrova", password=PASSWORD, browser=Browser(address="10.0.0.2"))).token

    def test_given_at_once_do_not_outrun_the_lock(self, person, clock):
        from concurrent.futures import ThreadPoolExecutor

        person()

        def guess(number):
            try:
                run(SignIn(username="anna.petrova", password="x" * 12, browser=Browser(address=f"10.0.0.{number}")))
            except (WrongSignIn, SignInLocked) as refusal:
                return type(refusal)

        with ThreadPoolExecutor(8) as pool:
            outcomes = list(pool.map(guess, range(16)))
        assert outcomes.count(WrongSignIn) == 5
        assert outcomes.count(SignInLocked) == 11

    @pytest.mark.sqlite_only
    def test_are_forgotten_after_the_right_one(self, client, person, clock):
        person()
        for _ in range(3):
            for _ in range(4):
                sign_in(client, password="wrong wrong wrong")
            assert sign_in(client).status_code == 303

    @pytest.mark.sqlite_only
    def test_leave_neither_name_nor_address_behind(self, client, person, clock, rows):
        sign_in(client, username="my secret password typed here")
        with rows() as session:
            for lock in session.query(SignInLockRow):
                assert len(lock.key) == 64

    @pytest.mark.sqlite_only
    def test_cost_one_check_whether_or_not_the_name_is_known(self, all_rounds, person, monkeypatch):
        person()
        checked = []
        hasher = passwords._hasher()
        honest = hasher.check_pw
        monkeypatch.setattr(hasher, "check_pw", lambda *given: checked.append(given) or honest(*given))
        for name in ("anna.petrova", "nobody"):
            with pytest.raises(WrongSignIn) as refused:
                run(SignIn(username=name, password="wrong wrong wrong", browser=Browser(address="1")))
            assert "do not match" in say(refused.value)
        assert len(checked) == 2
        assert all(stored.startswith("$2b$12$") for _, stored in checked)

    @pytest.mark.sqlite_only
    def test_take_the_same_time(self, all_rounds, person):
        person()

        def took(name):
            began = time.perf_counter()
            passwords.matches("wrong wrong wrong", passwords.hashed(PASSWORD) if name else None)
            return time.perf_counter() - began

        assert statistics.median(took(False) for _ in range(3)) > 0.03


class TestPasswords:
    def test_beyond_72_bytes_still_count(self):
        one, other = "й" * 100 + "один", "й" * 100 + "два!"
        kept = passwords.hashed(one)
        assert passwords.matches(one, kept)
        assert not passwords.matches(other, kept)

    def test_with_nul_are_not_cut(self):
        kept = passwords.hashed("secret\0one two")
        assert not passwords.matches("secret\0one three", kept)

    def test_nobodys_matches_nothing(self):
        assert not passwords.matches("anything at all", None)


class TestLeaving:
    def test_signs_out_and_takes_the_cookie(self, client, person, session_of):
        session_of(person())
        answer = client.post("/logout")
        assert (answer.status_code, answer.headers["location"]) == (303, "/login")
        assert 'pm=""' in answer.headers["set-cookie"]
        assert client.get("/tracker").status_code == 303

    @pytest.mark.sqlite_only
    def test_the_page_afterwards_drops_what_the_browser_kept_and_no_other_page_has_a_script(
        self, client, person, session_of
    ):
        session_of(person())
        left = client.post("/logout").headers["set-cookie"]
        assert "pm-left=" in left
        after = client.get("/login")
        assert '<script src="/assets/forget.js"></script>' in after.text
        assert "script-src 'self'" in after.headers["content-security-policy"]
        assert client.get("/assets/forget.js").status_code == 200
        client.cookies.delete("pm-left", path="/login")
        before = client.get("/login")
        assert "<script" not in before.text
        assert "script-src" not in before.headers["content-security-policy"]

    @pytest.mark.sqlite_only
    def test_a_copy_of_the_token_is_worth_nothing_afterwards(self, client, person, session_of):
        token = session_of(person())
        client.get("/tracker")
        client.post("/logout")
        client.cookies.set("pm", token)
        assert client.get("/tracker").status_code == 303

    @pytest.mark.sqlite_only
    def test_a_link_cannot_sign_out(self, client, person, session_of):
        session_of(person())
        client.get("/logout")
        assert client.get("/tracker").status_code == 200


class TestChangingThePassword:
    NEW = "совсем другая фраза"

    def change(self, client, **typed):
        return client.post("/password", data={"current": PASSWORD, "password": self.NEW, "again": self.NEW, **typed})

    def test_keeps_this_browser_and_ends_every_other(self, client, app, person, session_of):
        anna = person()
        elsewhere = session_of(anna)
        client.cookies.clear()
        old = session_of(anna)
        answer = self.change(client)
        assert (answer.status_code, answer.headers["location"]) == (303, "/account")
        client.cookies.clear()
        client.cookies.set("pm", answer.headers["set-cookie"].split(";")[0].removeprefix("pm="))
        assert client.get("/tracker").json()["user"] == [str(anna)]
        for ended in (elsewhere, old):
            client.cookies.clear()
            client.cookies.set("pm", ended)
            assert client.get("/tracker").status_code == 303
        client.cookies.clear()
        assert sign_in(client).status_code == 403
        assert sign_in(client, password=self.NEW).status_code == 303

    @pytest.mark.sqlite_only
    @pytest.mark.parametrize(
        ("typed", "says"),
        [
            ({"current": "not this one"}, "do not match"),
            ({"again": "something else"}, "differ"),
            ({"password": "short", "again": "short"}, "at least 12"),
        ],
    )
    def test_is_refused_with_a_sentence(self, client, person, session_of, typed, says):
        session_of(person())
        answer = self.change(client, **typed)
        assert answer.status_code == 403
        assert says in answer.text
        assert client.get("/tracker").status_code == 200

    @pytest.mark.sqlite_only
    def test_needs_somebody(self, client):
        assert client.get("/password").status_code == 303
        assert self.change(client).status_code == 401


@pytest.mark.sqlite_only
class TestLanguage:
    def test_is_kept_with_the_person_and_leads_back(self, client, person, session_of):
        session_of(person())
        answer = client.post("/language", data={"language": "ru", "next": "/account"})
        assert (answer.status_code, answer.headers["location"]) == (303, "/account")
        time.sleep(1.05)
        assert '<html lang="ru">' in client.get("/password").text

    def test_unknown_ones_change_nothing(self, client, person, session_of):
        session_of(person())
        answer = client.post("/language", data={"language": "xx", "next": "https://evil.example"})
        assert answer.headers["location"] == "/"
        assert '<html lang="en">' in client.get("/password").text


def test_the_origin_is_this_app():
    assert settings().public_url == ORIGIN
