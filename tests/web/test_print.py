"""The printable page and the Markdown file, through the gate."""

import pytest
from sqlalchemy.orm import Session

from db.models import IncidentRow, UserRow
from pmcore.domain.vocabulary import SectionKey
from pmcore.usecases.amending import StartAmendment
from tests import reviewed
from wiring import acting, run

EVIL = "<script>alert(1)</script><img src=http://evil.example/x.png onerror=alert(1)>"


@pytest.fixture
def story(wired, clock):
    return reviewed.published(wired)


def test_a_reader_prints_the_edition(client, session_of, story):
    session_of(story.bystander)
    answer = client.get(f"/print/{story.id}")
    assert answer.status_code == 200
    assert "Mail could not be sent." in answer.text
    assert "Edition 1, as of" in answer.text
    assert answer.headers["Cache-Control"] == "no-store"
    assert "'unsafe-inline'" not in answer.headers["Content-Security-Policy"]


def test_and_takes_the_markdown_along(client, session_of, story):
    session_of(story.bystander)
    answer = client.get(f"/download/postmortem/{story.id}.md")
    assert answer.headers["Content-Type"] == "text/markdown; charset=utf-8"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="P0-001.md"'
    assert answer.text.startswith("# Post-Mortem: Mail is down\n")


@pytest.mark.parametrize("path", ["/print/{id}", "/download/postmortem/{id}.md", "/print/{id}?one-page"])
class TestEach:
    def test_are_not_for_a_stranger(self, client, story, path):
        answer = client.get(path.format(id=story.id))
        assert answer.status_code in (302, 303, 401)
        assert "Mail" not in answer.text

    @pytest.mark.parametrize("id", ["999", "x", "0", "9" * 30])
    def test_say_the_same_of_what_is_not_there(self, client, session_of, story, path, id):
        session_of(story.bystander)
        answer = client.get(path.format(id=id))
        assert answer.status_code == 404
        assert "There is nothing here under this address" in answer.text

    def test_and_of_what_is_not_yours(self, client, session_of, story, wired, path):
        with Session(wired.execution_options(writes=True)) as session, session.begin():
            session.get(IncidentRow, story.incident_id).restricted = True
        session_of(story.bystander)
        answer = client.get(path.format(id=story.id))
        assert answer.status_code == 404
        assert "There is nothing here under this address" in answer.text

    def test_keep_the_next_edition_from_readers(self, client, session_of, story, wired, path):
        with acting.as_user(story.author):
            run(StartAmendment(postmortem_id=story.id))
        reviewed.write(wired, story, SectionKey.SUMMARY, root_cause="Secret for now.")
        address = path.format(id=story.id) + ("&" if "?" in path else "?")
        for query in ("", "edition=draft", "edition=1"):
            session_of(story.bystander)
            assert "Secret for now." not in client.get(address + query).text
        session_of(story.author)
        assert "Secret for now." in client.get(address + "edition=draft").text
        assert client.get(address + "edition=7").status_code == 404

    def test_show_hostile_text_as_text(self, client, session_of, wired, clock, path):
        story = reviewed.drafted(wired)
        reviewed.write(wired, story, SectionKey.SUMMARY, incident=EVIL)
        reviewed.write(wired, story, SectionKey.ROOT_CAUSE, what_happened=f"{EVIL}\n\n# Fake\n\n```\nnever closed")
        session_of(story.author)
        text = client.get(path.format(id=story.id)).text
        assert "<script>alert" not in text.replace("\\<script>", "")
        assert "<img src=http" not in text.replace("\\<img", "")
        assert "Distribution" in text or "Signatures" in text


class TestOnePage:
    def test_is_the_page_for_executives_with_roles_for_names(self, client, session_of, story):
        session_of(story.bystander)
        answer = client.get(f"/print/{story.id}?one-page")
        assert answer.status_code == 200
        assert "What customers experienced" in answer.text
        assert "Edition 1, as of" in answer.text
        assert "Petrova" in client.get(f"/print/{story.id}").text
        assert "Petrova" not in answer.text
        assert "<td>Engineer</td>" in answer.text.replace(' class="who"', "")
        assert answer.headers["Cache-Control"] == "no-store"
        assert "'unsafe-inline'" not in answer.headers["Content-Security-Policy"]

    def test_frames_it_in_the_readers_language_and_keeps_the_document_english(
        self, client, session_of, story, wired, clock
    ):
        with Session(wired.execution_options(writes=True)) as session, session.begin():
            session.get(UserRow, story.bystander).language = "ru"
        session_of(story.bystander)
        text = client.get(f"/print/{story.id}?one-page").text
        assert "What customers experienced" in text
        assert "estimated" in text
        assert "Весь документ" in text

    def test_shows_hostile_text_as_text(self, client, session_of, wired, clock):
        story = reviewed.drafted(wired)
        reviewed.write(wired, story, SectionKey.SUMMARY, decision=EVIL, root_cause=EVIL)
        reviewed.write(wired, story, SectionKey.IMPACT, user_experience=EVIL)
        session_of(story.author)
        text = client.get(f"/print/{story.id}?one-page&edition=draft").text
        assert "<script" not in text
        assert "<img" not in text
        assert text.count("&lt;script&gt;") == 3

    def test_is_of_the_edition_that_was_asked_for(self, client, session_of, wired, story):
        with acting.as_user(story.author):
            run(StartAmendment(postmortem_id=story.id))
        reviewed.write(wired, story, SectionKey.SUMMARY, decision="Buy it.")
        session_of(story.author)
        assert "Buy it." in client.get(f"/print/{story.id}?one-page=1&edition=draft").text
        assert "Buy it." not in client.get(f"/print/{story.id}?edition=1&one-page").text

    def test_a_draft_that_is_not_shared_is_not_there(self, client, session_of, wired, clock):
        story = reviewed.drafted(wired)
        session_of(story.bystander)
        assert client.get(f"/print/{story.id}?one-page").status_code == 404
