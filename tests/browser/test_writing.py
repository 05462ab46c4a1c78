"""Two people write in real browsers: nothing that was typed is lost, whatever is clicked and whoever saves."""

from datetime import UTC, datetime

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy.orm import Session

from db.models import SectionRow
from pmcore.domain.vocabulary import MemberRole, SectionKey
from pmcore.usecases.members import AddMember
from pmcore.usecases.writing import SaveSection
from tests import reviewed
from tests.browser.conftest import NARROW
from tests.browser.watch import assert_accessible, is_saved, settled, violations, visit
from wiring import run


@pytest.fixture
def story(wired, clock, as_user):
    """Anna writes with Egor. The server's clock is the real one, and so is the test's from here on."""
    story = reviewed.begun(wired)
    with as_user(story.author):
        run(AddMember(postmortem_id=story.id, user_id=story.bystander, role=MemberRole.CO_AUTHOR))
    clock.now = datetime.now(UTC)
    return story


@pytest.fixture
def stored(wired, story):
    def stored(key=SectionKey.RESOLUTION):
        with Session(wired) as session:
            return session.get(SectionRow, (story.id, key)).content

    return stored


@pytest.fixture
def opened(story, context_for):
    def opened(user_id, section="resolution", **options) -> Page:
        page = context_for(user_id, **options).new_page()
        visit(page, f"/write?id={story.id}&section={section}")
        return page

    return opened


def fix(page: Page):
    return page.get_by_role("textbox", name="Immediate Fix")


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()
    settled(page)


def test_a_click_on_another_section_keeps_what_is_being_typed(story, opened, stored):
    page = opened(story.author)
    fix(page).click()
    page.keyboard.type("Raised the pool")
    page.locator(".st-key-open-lessons button").click()
    expect(page.get_by_role("heading", name="8. Lessons Learned")).to_be_visible()
    settled(page)
    page.locator(".st-key-open-resolution button").click()
    expect(fix(page)).to_have_value("Raised the pool")
    press(page, "Save now")
    is_saved(page)
    assert stored()["immediate_fix"] == "Raised the pool"


def test_a_tap_elsewhere_ends_typing_and_is_done_as_well(story, opened, stored):
    """On a phone the end of typing and the tap that ends it come in one moment, and so in one message."""
    page = opened(story.author)
    fix(page).click()
    page.keyboard.type("Raised the pool")
    page.evaluate("document.activeElement.blur(); document.querySelector('.st-key-open-lessons button').click()")
    expect(page.get_by_role("heading", name="8. Lessons Learned")).to_be_visible()
    settled(page)
    page.locator(".st-key-neighbour-left button").click()
    page.locator(".st-key-open-resolution button").click()
    expect(fix(page)).to_have_value("Raised the pool")


def test_save_in_the_midst_of_typing_saves_all_of_it(story, opened, stored):
    page = opened(story.author)
    fix(page).click()
    page.keyboard.type("Raised the pool to 50")
    press(page, "Save now")
    is_saved(page)
    assert stored()["immediate_fix"] == "Raised the pool to 50"
    expect(fix(page)).to_have_value("Raised the pool to 50")


def test_an_overlap_shows_both_texts_side_by_side(story, opened, stored, as_user):
    egor = opened(story.bystander)
    fix(egor).fill("Egor's way")
    content = {"immediate_fix": "Anna's way", "validation": ""}
    with as_user(story.author):  # between his typing and his saving, which a second browser meets only by chance
        run(SaveSection(postmortem_id=story.id, key=SectionKey.RESOLUTION, base_version=1, content=content))
    fix(egor).blur()
    settled(egor)
    press(egor, "Compare and choose")
    expect(egor.get_by_text("Anna Petrova changed the same lines")).to_be_visible()
    expect(egor.get_by_text("Anna's way", exact=True)).to_be_visible()
    expect(egor.get_by_text("Egor's way", exact=True)).to_be_visible()
    assert_accessible(egor)
    assert stored()["immediate_fix"] == "Anna's way"
    egor.get_by_text("Both, mine first").click()
    settled(egor)
    press(egor, "Save these choices")
    expect(fix(egor)).to_have_value("Egor's way\nAnna's way")
    assert stored()["immediate_fix"] == "Egor's way\nAnna's way"


def test_a_box_in_which_somebody_types_is_never_set_by_the_server(story, opened, stored, as_user):
    page = opened(story.author)
    fix(page).click()
    page.keyboard.type("half a sent")
    with as_user(story.bystander):
        run(
            SaveSection(
                postmortem_id=story.id,
                key=SectionKey.RESOLUTION,
                base_version=1,
                content={"immediate_fix": "", "validation": "Egor checked"},
            )
        )
    page.get_by_role("textbox", name="Validation").click()  # leaves the box: the page runs again
    settled(page)
    expect(fix(page)).to_have_value("half a sent")
    expect(page.get_by_role("textbox", name="Validation")).to_have_value("")
    fix(page).press("End")
    page.keyboard.type("ence")
    expect(page.get_by_role("textbox", name="Validation")).to_have_value("Egor checked")
    press(page, "Save now")
    is_saved(page)
    assert stored() == {"immediate_fix": "half a sentence", "validation": "Egor checked"}


ROOM = "(box) => ({ needs: box.scrollHeight, has: box.clientHeight })"


def test_lessons_by_keyboard_alone(story, opened, stored):
    page = opened(story.author, "lessons", viewport=NARROW)
    page.get_by_role("textbox", name="Lesson 1").first.click()
    page.keyboard.type("The alert fired")
    page.keyboard.press("Tab")
    settled(page)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    settled(page)
    page.get_by_role("textbox", name="Lesson 2").click()
    long = "The fix was known, because somebody had written it down, and it was found at once"
    page.keyboard.type(long)
    first, second = (page.get_by_role("textbox", name=f"Lesson {n}").first.evaluate(ROOM) for n in (1, 2))
    assert first["has"] < second["has"], "a short one is one line"
    assert second["needs"] <= second["has"], "a long one is seen whole"
    press(page, "Save now")
    is_saved(page)
    assert [row["text"] for row in stored(SectionKey.LESSONS)["lessons"]] == ["The alert fired", long]


def test_the_other_views_can_be_used_by_everybody(wired, story, opened):
    reviewed.write(wired, story, SectionKey.RESOLUTION, immediate_fix="<b>Raised</b> the pool")
    page = opened(story.author)
    for view in ("History", "Preview"):
        page.get_by_text(view).first.click()
        settled(page)
        page.mouse.move(0, 0)  # Streamlit's own colour of a pressed segment under the mouse is too light
        settled(page)
        expect(page.get_by_text("<b>Raised</b>").first).to_be_visible()
        assert violations(page) == [], view
