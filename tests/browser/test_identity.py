"""Coming in, staying, and being signed out, in a real browser."""

import re
import time

import pytest
from playwright.sync_api import Page, expect

from db.models import UserRow
from pmcore.domain.vocabulary import Role
from pmcore.usecases.people import Deactivate, InvitePeople
from tests.browser.conftest import NARROW, WIDE
from tests.browser.watch import assert_accessible, settled, visit
from tests.conftest import BACKENDS
from tests.factories import make_policy, make_user, make_workspace
from web.browser import cookie_name
from wiring import acting, passwords, run

PASSWORD = "кошка на мосту 7"
SIGNED_OUT = "You are signed out. Sign in again in another tab of this browser; what you typed here is kept."


@pytest.fixture
def staff(rows):
    with rows() as session:
        make_workspace(session)
        make_policy(session)
        return {
            "adam": make_user(session, "Adam", Role.ADMINISTRATOR, password_hash=passwords.hashed(PASSWORD)).id,
            "egor": make_user(session, "Egor", Role.ENGINEER, password_hash=passwords.hashed(PASSWORD)).id,
        }


def sign_in(page: Page, name: str, password: str = PASSWORD) -> None:
    page.get_by_label("Username").fill(name)
    page.get_by_label("Password", exact=True).fill(password)
    page.get_by_role("button", name="Sign in").click()


def refused_within(page: Page, seconds: float) -> None:
    """The connection is closed by then, and the page says why soon after."""
    began = time.monotonic()
    page.wait_for_selector(
        '[data-testid="stApp"]:not([data-test-connection-state="CONNECTED"])', timeout=seconds * 1000
    )
    assert time.monotonic() - began <= seconds
    expect(page.get_by_text(SIGNED_OUT)).to_be_visible()


def only_refusals(problems: list[str], *statuses: str) -> None:
    """A page that waits to be let in again asks and is told no; nothing else may have gone wrong."""
    meant = statuses or ("401", "WebSocket")
    assert [one for one in problems if not any(word in one for word in meant)] == []
    problems.clear()


@pytest.mark.parametrize("database_url", BACKENDS, indirect=True)
def test_from_the_printed_link_to_a_workspace_and_back_in_again(server, context_for, rows):
    link = re.search(r"http://\S+/setup/\S+", server.log())[0]
    page = context_for(viewport=NARROW).new_page()
    page.goto(link)
    assert_accessible(page)
    page.get_by_label("Your name").fill("Адам")
    page.get_by_label("Username").fill("adam")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_label("Password, once more").fill(PASSWORD)
    page.get_by_label("Name of the workspace").fill("Почта")
    page.get_by_label("Load the worked example").uncheck()
    page.get_by_role("button", name="Set up").click()
    settled(page)
    expect(page).to_have_url(f"{server.url}/")
    with rows() as session:
        assert session.query(UserRow).one().name == "Адам"

    visit(page, "/account")
    page.get_by_role("button", name="Sign out").click()
    expect(page).to_have_url(f"{server.url}/login")
    page.goto("/account")
    expect(page).to_have_url(f"{server.url}/login?next=%2Faccount")
    sign_in(page, "adam")
    settled(page)
    expect(page).to_have_url(f"{server.url}/account")


@pytest.mark.parametrize("database_url", BACKENDS, indirect=True)
def test_signing_out_in_one_tab_refuses_the_other_and_keeps_its_text(staff, server, context_for, problems):
    context = context_for(staff["egor"])
    one, other = visit(context.new_page(), "/account"), visit(context.new_page(), "/account")
    other.get_by_label("Name, as colleagues read it").fill("Half a na")
    one.get_by_role("button", name="Sign out").click()
    refused_within(other, 1.0)
    expect(one).to_have_url(f"{server.url}/login")

    sign_in(one, "egor")
    settled(one)
    settled(other)  # by itself
    expect(other.get_by_label("Name, as colleagues read it")).to_have_value("Half a na")
    other.locator(".st-key-profile-submit button").click()
    expect(other.get_by_text("Your name is saved.")).to_be_visible()
    only_refusals(problems)


def test_somebody_else_gets_nothing_of_the_tab_before(staff, server, context_for, problems):
    context = context_for(staff["egor"])
    one, other = visit(context.new_page(), "/account"), visit(context.new_page(), "/account")
    one.get_by_role("button", name="Sign out").click()
    refused_within(other, 1.0)
    sign_in(one, "adam")
    settled(one)
    expect(other).to_have_url(f"{server.url}/")
    settled(other)
    expect(other.get_by_label("Name, as colleagues read it")).to_have_count(0)
    expect(visit(other, "/account").get_by_label("Name, as colleagues read it")).to_have_value("Adam")
    only_refusals(problems)


def test_deactivation_refuses_an_open_tab(staff, server, context_for, problems):
    page = visit(context_for(staff["egor"]).new_page(), "/account")
    with acting.as_user(staff["adam"]):
        run(Deactivate(user_id=staff["egor"]))
    refused_within(page, 1.0)
    only_refusals(problems)


def test_a_new_password_signs_out_everywhere_else(staff, server, context_for, problems):
    elsewhere = visit(context_for(staff["egor"]).new_page(), "/account")
    page = visit(context_for(staff["egor"]).new_page(), "/account")
    page.get_by_role("link", name="Change password").click()
    page.get_by_label("Password until now").fill(PASSWORD)
    page.get_by_label("New password", exact=True).fill("совсем другая фраза")
    page.get_by_label("New password, once more").fill("совсем другая фраза")
    page.get_by_role("button", name="Change password").click()
    refused_within(elsewhere, 1.0)
    settled(page)
    expect(page.get_by_label("Name, as colleagues read it")).to_have_value("Egor")
    only_refusals(problems)


def test_the_language_is_one_click_away(staff, server, context_for):
    page = visit(context_for(staff["egor"]).new_page(), "/account")
    page.get_by_role("button", name="Русский").click()
    page.wait_for_load_state()
    settled(page)
    expect(page).to_have_url(f"{server.url}/account")
    expect(page.get_by_role("button", name="Русский")).to_have_attribute("aria-pressed", "true")


@pytest.mark.parametrize("viewport", [WIDE, NARROW], ids=["wide", "narrow"])
@pytest.mark.parametrize("locale", ["en-GB", "ru-RU"])
def test_plain_pages_look_the_same_with_and_without_script(staff, server, context_for, problems, viewport, locale):
    with acting.as_user(staff["adam"]):
        (invitation,) = run(InvitePeople(list="Vera <vera@example.org>", roles=frozenset({Role.ENGINEER})))
    for script in (True, False):
        scheme = "dark" if viewport == NARROW else "light"
        context = context_for(viewport=viewport, locale=locale, color_scheme=scheme, java_script_enabled=script)
        page = context.new_page()
        for path in ("/login", "/login?next=%2Ftracker", f"/invite/{invitation.token}", "/invite/used-up"):
            page.goto(path)
            expect(page.locator("html")).to_have_attribute("lang", locale[:2])
            if script:
                assert page.evaluate("document.documentElement.scrollWidth") <= viewport["width"]
                assert_accessible(page)
    only_refusals(problems, "status of 410")


def test_an_invitation_without_script(staff, server, context_for, problems):
    with acting.as_user(staff["adam"]):
        (invitation,) = run(InvitePeople(list="Vera <vera@example.org>", roles=frozenset({Role.ENGINEER})))
    page = context_for(java_script_enabled=False).new_page()
    page.goto(f"/invite/{invitation.token}")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_label("Password, once more").fill(PASSWORD + "!")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_text("The two passwords differ.")).to_be_visible()
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_label("Password, once more").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page).to_have_url(f"{server.url}/")
    assert page.request.get("/_stcore/host-config").status == 200
    only_refusals(problems, "status of 422")


def test_wrong_passwords_close_the_door(staff, server, context_for, problems):
    page = context_for().new_page()
    page.goto("/login")
    for _ in range(5):
        sign_in(page, "egor", "wrong wrong wrong")
        expect(page.get_by_role("alert")).to_contain_text("do not match")
        expect(page.get_by_label("Username")).to_have_value("egor")
    sign_in(page, "egor")
    expect(page.get_by_role("alert")).to_contain_text("Too many wrong passwords")
    only_refusals(problems, "status of 403", "status of 429")


def test_no_script_of_the_page_can_read_the_cookie(staff, server, context_for):
    context = context_for(staff["egor"])
    page = visit(context.new_page(), "/account")
    assert cookie_name() in {cookie["name"] for cookie in context.cookies()}
    assert cookie_name() + "=" not in page.evaluate("document.cookie")
