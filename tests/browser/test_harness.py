"""The real app starts on both engines; what goes wrong behind a page is seen."""

import pytest
from playwright.sync_api import expect

from pmcore.domain.vocabulary import Role
from tests.browser.watch import assert_accessible, settled, visit
from tests.conftest import BACKENDS
from tests.factories import make_policy, make_user, make_workspace


@pytest.fixture
def anna(rows):
    with rows() as session:
        make_workspace(session)
        make_policy(session)
        return make_user(session, "Anna Petrova", Role.ENGINEER, Role.ADMINISTRATOR).id


@pytest.mark.parametrize("database_url", BACKENDS, indirect=True)
def test_a_person_is_signed_in(anna, server, context_for):
    page = visit(context_for(anna).new_page(), "/account")
    expect(page.get_by_role("heading", level=1)).to_have_text("Account")
    assert_accessible(page)


def test_an_anonymous_one_is_not(anna, server, context_for):
    page = context_for().new_page()
    page.goto("/account")
    expect(page).to_have_url(f"{server.url}/login?next=%2Faccount")
    assert_accessible(page)


def test_what_goes_wrong_is_seen(anna, server, context_for, problems):
    page = visit(context_for(anna).new_page(), "/account")
    page.evaluate("console.error('oops')")
    page.evaluate("setTimeout(() => { throw new Error('thrown') }, 0)")
    page.evaluate("{ const image = new Image(); image.src = 'http://192.0.2.1/x.png' }")
    settled(page)
    page.wait_for_timeout(300)
    for part in ("oops", "thrown", "img-src", "192.0.2.1"):
        assert [one for one in problems if part in one], (part, problems)
    problems.clear()
