"""Beside a section: files are put there, named, taken away and brought back."""

import pytest

from pmcore.domain.attachment import MAX_FILE, entries
from pmcore.domain.vocabulary import SectionKey
from pmcore.usecases.attachments import AttachFile
from tests import reviewed
from tests.attached import CSV, HTML, PNG
from wiring import acting, ask, run

KEY = SectionKey.RESOLUTION


@pytest.fixture
def story(wired, clock):
    return reviewed.submitted(wired)


@pytest.fixture
def opened(story, page):
    def opened(user, **query):
        shown = page("write.py", user, query={"id": str(story.id), "section": KEY, **query})
        assert not shown.exception
        return shown

    return opened


def stored(story):
    with acting.as_user(story.author):
        return entries(ask.section(story.id, KEY).content)


def attach(story, name="graph.png", data=PNG, caption="Connections"):
    with acting.as_user(story.author):
        return run(AttachFile(postmortem_id=story.id, section=KEY, name=name, data=data, caption=caption))


def press(shown, key):
    next(button for button in shown.button if button.key and button.key.startswith(key)).click()
    return shown.run()


def caption_box(shown):
    return next(box for box in shown.text_input if box.key and box.key.startswith("file-caption-"))


def said(shown):
    return " ".join(html.proto.body for html in shown.get("html"))


def test_one_is_attached_and_shown(story, opened):
    shown = opened(story.author)
    shown.file_uploader[0].upload("graph.png", PNG, "image/png")
    caption_box(shown).input("Free <b>connections")
    press(shown, "attach-go")
    (file,) = stored(story)
    assert (file.name, file.caption) == ("graph.png", "Free <b>connections")
    assert f'<img src="/file/{file.id}" alt="Free &lt;b&gt;connections">' in said(shown)
    assert caption_box(shown).value == ""


@pytest.mark.parametrize(
    ("name", "data", "sentence"),
    [
        ("graph.png", HTML, "is not a whole PNG file"),
        ("page.txt", HTML, "Web pages and SVG cannot be attached"),
        ("big.csv", b"a" * (MAX_FILE + 1), "one may have 10 MB"),
    ],
)
def test_a_refusal_says_why_and_keeps_what_was_typed(story, opened, name, data, sentence):
    shown = opened(story.author)
    next(box for box in shown.text_area if box.key).input("Half a sentence")
    shown.file_uploader[0].upload(name, data)
    caption_box(shown).input("Typed already")
    press(shown, "attach-go")
    assert any(sentence in error.value for error in shown.error)
    assert caption_box(shown).value == "Typed already"
    assert any(box.value == "Half a sentence" for box in shown.text_area)
    assert stored(story) == ()


def test_without_a_file_it_asks_for_one(story, opened):
    shown = press(opened(story.author), "attach-go")
    assert [error.value for error in shown.error] == ["Choose a file first."]


def test_a_caption_is_changed_and_a_file_deleted_and_brought_back(story, opened):
    first, second = attach(story), attach(story, "data.csv", CSV, "")
    shown = opened(story.author)
    next(box for box in shown.text_input if box.key.startswith(f"caption-{second}-")).input("Raw figures")
    shown.run()
    assert [file.caption for file in stored(story)] == ["Connections", "Raw figures"]
    press(shown, f"delete-file-{first}")
    assert [file.id for file in stored(story)] == [second]
    press(shown, "undo-button")
    assert [(file.id, file.caption) for file in stored(story)] == [(first, "Connections"), (second, "Raw figures")]


def test_a_reader_of_the_draft_sees_them_and_changes_nothing(story, opened):
    attach(story)
    shown = opened(story.lead)
    assert not shown.file_uploader
    assert not any(button.key and button.key.startswith("delete-file") for button in shown.button)
    assert any("Files: 1" in str(expander.label) for expander in shown.expander)


def test_the_history_says_when_one_came(story, opened):
    attach(story)
    shown = opened(story.author, view="history")
    words = [markdown.value for markdown in shown.markdown]
    assert "### Files" in words
    assert any("graph" in each and "Connections" in each for each in words)


@pytest.mark.parametrize("path", ["read.py", "write.py"])
def test_the_document_shows_them(story, page, path):
    file_id = attach(story)
    shown = page(path, story.author, query={"id": str(story.id), "view": "preview"})
    assert not shown.exception
    assert f'<img src="/file/{file_id}" alt="Connections">' in said(shown)
