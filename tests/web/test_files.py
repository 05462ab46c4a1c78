"""Attached files through the gate: only for readers, only as what they are, and with the document."""

import io
import zipfile
from pathlib import Path

import pytest
import streamlit
from sqlalchemy import update
from sqlalchemy.orm import Session

from db.models import AttachmentRow, IncidentRow, UserRow
from pmcore.domain.vocabulary import Language, SectionKey
from pmcore.usecases.attachments import AttachFile, DeleteFile
from pmcore.usecases.review import ShareDraft
from tests import reviewed
from tests.attached import CSV, GOOD, JPEG, PNG
from web.files import POLICY, disposition
from wiring import acting, run


@pytest.fixture
def story(wired, clock):
    return reviewed.drafted(wired)


@pytest.fixture
def attach(story):
    def attach(name="graph.png", data=PNG, caption="Connections", section=SectionKey.ROOT_CAUSE):
        with acting.as_user(story.author):
            return run(AttachFile(postmortem_id=story.id, section=section, name=name, data=data, caption=caption))

    return attach


@pytest.mark.parametrize("name", GOOD)
def test_each_type_is_said_and_nothing_may_run(client, session_of, story, attach, name):
    file_id = attach(name, GOOD[name])
    session_of(story.author)
    answer = client.get(f"/file/{file_id}")
    assert answer.status_code == 200
    assert answer.content == GOOD[name]
    said = answer.headers
    assert said["Content-Security-Policy"] == POLICY
    assert "sandbox" in POLICY
    assert said["X-Content-Type-Options"] == "nosniff"
    assert said["Cache-Control"] == "private, no-cache"
    shown = said["Content-Type"].startswith("image/")
    assert said["Content-Disposition"].startswith("inline;" if shown else "attachment;")
    assert "html" not in said["Content-Type"]
    assert said["Content-Length"] == str(len(GOOD[name]))


def test_a_picture_that_is_also_a_page_stays_a_picture(client, session_of, story, attach):
    file_id = attach("photo.jpg", JPEG + b"<html><script>alert(1)</script>")
    session_of(story.author)
    answer = client.get(f"/file/{file_id}")
    assert answer.headers["Content-Type"] == "image/jpeg"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_a_file_is_never_rewritten_on_its_way(client, session_of, story, attach, wired):
    """Streamlit's own page gets the reader's language put in; a log that holds such a page stays as it is."""
    index = (Path(streamlit.__file__).parent / "static" / "index.html").read_bytes()
    file_id = attach("app.log", b"what was served:\n" + index)
    with Session(wired.execution_options(writes=True)) as session, session.begin():
        session.get(UserRow, story.author).language = Language.RUSSIAN
    session_of(story.author)
    assert client.get(f"/file/{file_id}").content == b"what was served:\n" + index


def test_what_the_browser_has_is_not_sent_twice_but_asked_for(client, session_of, story, attach):
    file_id = attach()
    session_of(story.author)
    tag = client.get(f"/file/{file_id}").headers["ETag"]
    again = client.get(f"/file/{file_id}", headers={"If-None-Match": tag})
    assert (again.status_code, again.content) == (304, b"")
    session_of(story.bystander)
    assert client.get(f"/file/{file_id}", headers={"If-None-Match": tag}).status_code == 404


class TestWhoReads:
    def test_not_a_stranger(self, client, attach):
        answer = client.get(f"/file/{attach()}")
        assert answer.status_code == 401
        assert PNG not in answer.content

    def test_a_draft_s_only_with_its_text(self, client, session_of, story, attach):
        file_id = attach()
        session_of(story.bystander)
        assert client.get(f"/file/{file_id}").status_code == 404
        with acting.as_user(story.author):
            run(ShareDraft(postmortem_id=story.id))
        assert client.get(f"/file/{file_id}").status_code == 200

    def test_restricted_and_deleted_ones_are_not_there(self, client, session_of, story, attach, wired):
        file_id, gone = attach(), attach("data.csv", CSV)
        with acting.as_user(story.author):
            run(ShareDraft(postmortem_id=story.id))
            run(DeleteFile(file_id=gone))
        session_of(story.author)
        assert client.get(f"/file/{gone}").status_code == 404
        with Session(wired.execution_options(writes=True)) as session, session.begin():
            session.get(IncidentRow, story.incident_id).restricted = True
        session_of(story.bystander)
        answer = client.get(f"/file/{file_id}")
        assert answer.status_code == 404
        assert answer.text == client.get("/file/999").text

    @pytest.mark.parametrize("typed", ["999", "0", "-1", "x", "9" * 30, "1;2", "%31", "1%2F..%2F2", "¹"])
    def test_no_other_address(self, client, session_of, story, typed):
        session_of(story.author)
        assert client.get(f"/file/{typed}").status_code in (404, 200)
        assert not client.get(f"/file/{typed}").headers["Content-Type"].startswith("image/")


class TestNames:
    @pytest.mark.parametrize(
        "name", ['a"; filename="b.exe', "a\r\nSet-Cookie: x=1", "график.png", "a\\b'c.png", "%0d%0aX: y.png", "a;b=c"]
    )
    def test_stay_within_the_header(self, name):
        said = disposition(name, inline=False)
        assert said.isascii()
        assert said.isprintable()
        assert said.count('"') == 2
        assert said.split("; ", 1)[1].count(";") == 1

    def test_even_one_that_got_past_the_rule(self, client, session_of, story, attach, wired):
        file_id = attach()
        with Session(wired.execution_options(writes=True)) as session, session.begin():
            session.execute(update(AttachmentRow).values(name='x"\r\nSet-Cookie: stolen=1\r\n.png'))
        session_of(story.author)
        answer = client.get(f"/file/{file_id}")
        assert answer.status_code == 200
        assert "stolen" not in str(answer.headers.get("Set-Cookie"))

    def test_a_name_in_any_alphabet_arrives(self, client, session_of, story, attach):
        file_id = attach("график.png")
        session_of(story.author)
        said = client.get(f"/file/{file_id}").headers["Content-Disposition"]
        assert said.endswith("filename*=UTF-8''%D0%B3%D1%80%D0%B0%D1%84%D0%B8%D0%BA.png")


class TestWithTheDocument:
    def test_pictures_are_printed_and_the_rest_is_linked(self, client, session_of, story, attach):
        picture, table = attach(caption='Free "pool" <b>'), attach("data.csv", CSV, "")
        session_of(story.author)
        answer = client.get(f"/print/{story.id}")
        assert f'<img src="/file/{picture}" alt="Free &quot;pool&quot; &lt;b&gt;">' in answer.text
        assert f'<a href="/file/{table}" rel="noopener noreferrer nofollow">data.csv</a> (1 KB)' in answer.text
        assert "img-src 'self'" in answer.headers["Content-Security-Policy"]

    def test_markdown_comes_with_its_files(self, client, session_of, story, attach):
        picture, table = attach("график 1.png", caption="Free [pool]"), attach("data.csv", CSV, "")
        session_of(story.author)
        answer = client.get(f"/download/postmortem/{story.id}.md")
        assert answer.headers["Content-Type"] == "application/zip"
        assert answer.headers["Content-Disposition"] == 'attachment; filename="P0-001-draft.zip"'
        archive = zipfile.ZipFile(io.BytesIO(answer.content))
        assert archive.testzip() is None
        assert archive.namelist() == ["P0-001-draft.md", f"files/{picture}-график 1.png", f"files/{table}-data.csv"]
        assert archive.read(f"files/{picture}-график 1.png") == PNG
        text = archive.read("P0-001-draft.md").decode()
        assert rf"![Free \[pool\]](files/{picture}-%D0%B3%D1%80%D0%B0%D1%84%D0%B8%D0%BA%201.png)" in text
        assert f"[data.csv](files/{table}-data.csv)" in text

    def test_without_files_it_stays_one_text(self, client, session_of, story):
        session_of(story.author)
        answer = client.get(f"/download/postmortem/{story.id}.md")
        assert answer.headers["Content-Type"] == "text/markdown; charset=utf-8"
