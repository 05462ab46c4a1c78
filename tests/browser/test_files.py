"""A picture is put beside a section in a real browser, and seen there, by readers and in print."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import expect

from pmcore.usecases.review import ShareDraft
from tests import reviewed
from tests.attached import CSV, png
from tests.browser.watch import assert_accessible, settled, visit
from wiring import run

SHOWN = "image => image.complete && image.naturalWidth"
PICTURE = png(640, 240)


@pytest.fixture
def story(wired, clock):
    """The server's clock is the real one, and so is the test's from here on."""
    story = reviewed.drafted(wired)
    clock.now = datetime.now(UTC)
    return story


def choose(page, name: str, mime: str, data: bytes, caption: str) -> None:
    page.locator('input[type="file"]').set_input_files({"name": name, "mimeType": mime, "buffer": data})
    expect(page.get_by_text(name).first).to_be_visible()
    page.get_by_role("textbox", name="Caption").last.fill(caption)
    page.get_by_role("button", name="Attach", exact=True).click()
    settled(page)


def test_attached_shown_read_and_printed(story, context_for, as_user):
    page = context_for(story.author).new_page()
    visit(page, f"/write?id={story.id}&section=resolution")
    page.get_by_role("textbox", name="Validation").fill("Typed before the file")
    page.get_by_text("Files", exact=True).click()
    choose(page, "graph.png", "image/png", b"<svg onload=alert(1)>", "Connections")
    expect(page.get_by_text("graph.png is not a whole PNG file")).to_be_visible()
    expect(page.get_by_role("textbox", name="Validation")).to_have_value("Typed before the file")
    choose(page, "graph.png", "image/png", PICTURE, "Free connections during the night")
    image = page.get_by_role("img", name="Free connections during the night")
    expect(image).to_be_visible()
    assert image.evaluate(SHOWN) == 640
    caption = page.get_by_role("textbox", name="Caption")
    caption.first.click()
    page.keyboard.press("Control+End")
    page.keyboard.type(" of Sunday")
    caption.last.fill("What was counted")
    page.reload()
    settled(page)
    expect(page.get_by_role("img", name="Free connections during the night of Sunday")).to_be_visible()
    expect(caption.last).to_have_value("What was counted")
    choose(page, "data.csv", "text/csv", CSV, "")
    expect(page.get_by_role("link", name="data.csv")).to_be_visible()
    expect(page.get_by_role("textbox", name="Validation")).to_have_value("Typed before the file")
    expect(page.get_by_test_id("stToast")).to_have_count(0)
    # Streamlit gives its area for dropping files a name and the role of none.
    assert_accessible(page, but=["presentation-role-conflict"])

    with as_user(story.author):
        run(ShareDraft(postmortem_id=story.id))
    reader = context_for(story.bystander).new_page()
    for address in (f"/read?id={story.id}", f"/print/{story.id}"):
        reader.goto(address)
        shown = reader.get_by_role("img", name="Free connections during the night of Sunday")
        expect(shown).to_be_visible()
        assert shown.evaluate(SHOWN) == 640
        assert_accessible(reader)
    reader.emulate_media(media="print")
    assert len(reader.pdf()) > 10_000
    with reader.expect_download() as saved:
        reader.get_by_role("link", name="data.csv").click()
    assert saved.value.suggested_filename == "data.csv"
    assert Path(saved.value.path()).read_bytes() == CSV
