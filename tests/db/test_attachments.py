"""Files of a post-mortem, on both engines: who may put them there, who sees them, what signatures and editions do."""

import json
import tracemalloc
from datetime import timedelta

import pytest
from sqlalchemy import func, insert, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from db.engine import make_engine
from db.models import AttachmentDataRow, AttachmentRow, AuditRow, Base, IncidentRow
from db.transfer.dump import dump
from db.transfer.load import CannotLoad, load
from pmcore.domain import attachment as rules
from pmcore.domain.attachment import FileRefused
from pmcore.domain.errors import NotFound
from pmcore.domain.lifecycle import NotNow
from pmcore.domain.permissions import Forbidden
from pmcore.domain.postmortem import NotTheAuthor
from pmcore.domain.sections import FILES
from pmcore.domain.sign_off import Standing
from pmcore.domain.vocabulary import MemberRole, Role, SectionKey, SignRole
from pmcore.usecases.amending import DiscardAmendment, StartAmendment
from pmcore.usecases.attachments import AttachFile, BringFileBack, CaptionFile, DeleteFile
from pmcore.usecases.members import AddMember
from pmcore.usecases.publishing import Publish
from pmcore.usecases.review import ShareDraft
from pmcore.usecases.writing import RestoreRevision
from tests import reviewed
from tests.attached import CSV, HTML, PDF, PNG, TEXT
from tests.factories import NOON, make_user
from wiring import ask, run

KEY = SectionKey.ROOT_CAUSE


def attach(story, name="graph.png", data=PNG, caption="Connections", section=KEY):
    return run(AttachFile(postmortem_id=story.id, section=section, name=name, data=data, caption=caption))


def shown(story, key=KEY):
    return rules.entries(ask.section(story.id, key).content)


def readable(user, file_id, as_user):
    with as_user(user):
        try:
            return ask.file_data(file_id) and bool(ask.file(file_id))
        except NotFound:
            return False


@pytest.fixture
def draft(wired, clock):
    return reviewed.drafted(wired)


class TestRights:
    def test_the_author_and_co_authors(self, draft, as_user):
        with as_user(draft.bystander), pytest.raises(NotTheAuthor):
            attach(draft)
        with as_user(draft.author):
            first = attach(draft)
            run(AddMember(postmortem_id=draft.id, user_id=draft.bystander, role=MemberRole.CO_AUTHOR))
        with as_user(draft.bystander):
            second = attach(draft, "data.csv", CSV, "")
            assert [file.id for file in shown(draft)] == [first, second]

    def test_nobody_else(self, draft, as_user, rows):
        with as_user(draft.author):
            file_id = attach(draft)
        with rows() as session:
            viewer = make_user(session, "Vera", Role.VIEWER).id
        for user, refusal in ((draft.lead, NotTheAuthor), (viewer, Forbidden)):
            with as_user(user):
                for command in (
                    CaptionFile(file_id=file_id, caption="x"),
                    DeleteFile(file_id=file_id),
                    BringFileBack(file_id=file_id),
                ):
                    with pytest.raises(refusal):
                        run(command)

    def test_not_once_it_is_published(self, wired, clock, as_user):
        story = reviewed.published(wired)
        with as_user(story.author), pytest.raises(NotNow):
            attach(story)

    def test_a_refused_file_leaves_nothing(self, draft, wired, as_user):
        with as_user(draft.author), pytest.raises(FileRefused):
            attach(draft, "graph.png", HTML)
        with Session(wired) as session:
            assert session.scalar(select(func.count()).select_from(AttachmentDataRow)) == 0


class TestWhoReads:
    def test_a_draft_s_files_are_as_private_as_its_text(self, draft, as_user):
        with as_user(draft.author):
            file_id = attach(draft)
        assert readable(draft.author, file_id, as_user)
        assert not readable(draft.bystander, file_id, as_user)
        with as_user(draft.author):
            run(ShareDraft(postmortem_id=draft.id))
        assert readable(draft.bystander, file_id, as_user)

    def test_restricted_ones_are_not_there(self, draft, as_user, wired):
        with as_user(draft.author):
            file_id = attach(draft)
            run(ShareDraft(postmortem_id=draft.id))
        with Session(wired.execution_options(writes=True)) as session, session.begin():
            session.get(IncidentRow, draft.incident_id).restricted = True
        assert not readable(draft.bystander, file_id, as_user)
        assert readable(draft.author, file_id, as_user)
        with as_user(draft.bystander), pytest.raises(NotFound):
            run(DeleteFile(file_id=file_id))

    def test_put_away_ones_are_gone_and_come_back_in_place(self, draft, as_user):
        with as_user(draft.author):
            first, second = attach(draft), attach(draft, "b.txt", TEXT)
            run(CaptionFile(file_id=first, caption="Free connections"))
            back = run(DeleteFile(file_id=first))
            assert [file.id for file in shown(draft)] == [second]
        assert not readable(draft.author, first, as_user)
        with as_user(draft.author):
            with pytest.raises(NotFound):
                run(DeleteFile(file_id=first))
            run(back)
            run(back)
            assert [(file.id, file.caption) for file in shown(draft)] == [
                (first, "Free connections"),
                (second, "Connections"),
            ]
        assert readable(draft.author, first, as_user)

    def test_unknown_ones_are_not_found(self, draft, as_user):
        assert not readable(draft.author, 999, as_user)


class TestInTheText:
    def test_typing_and_going_back_keep_them(self, draft, wired, as_user):
        with as_user(draft.author):
            attach(draft)
        reviewed.write(wired, draft, KEY, root_cause="Another", **{FILES: []})
        with as_user(draft.author):
            section = ask.section(draft.id, KEY)
            assert len(rules.entries(section.content)) == 1
            run(RestoreRevision(postmortem_id=draft.id, key=KEY, number=1, base_version=section.version))
            assert len(shown(draft)) == 1

    def test_a_signature_does_not_cover_what_comes_later(self, wired, clock, as_user):
        story = reviewed.signed(wired)

        def standing():
            with as_user(story.author):
                lines = ask.review(ask.writing(story.id)).sign_offs
            return {line.role: line.standing for line in lines}

        assert standing()[SignRole.TECH_LEAD] is Standing.VALID
        with as_user(story.author):
            file_id = attach(story)
        assert standing()[SignRole.TECH_LEAD] is Standing.VOID
        assert standing()[SignRole.ENGINEERING_MANAGER] is Standing.VALID
        with as_user(story.author):
            run(DeleteFile(file_id=file_id))
        assert standing()[SignRole.TECH_LEAD] is Standing.VALID

    def test_every_change_is_noted(self, draft, wired, as_user):
        with as_user(draft.author):
            file_id = attach(draft)
            run(CaptionFile(file_id=file_id, caption="x"))
            run(CaptionFile(file_id=file_id, caption="x"))
            run(run(DeleteFile(file_id=file_id)))
        with Session(wired) as session:
            did = session.scalars(select(AuditRow.did).filter_by(target=f"file/{file_id}").order_by(AuditRow.id))
            assert list(did) == ["attach_file", "caption_file", "delete_file", "restore_file"]


class TestEditions:
    @pytest.fixture
    def story(self, wired, clock, as_user):
        """Published with one picture, then opened again."""
        story = reviewed.drafted(wired)
        with as_user(story.author):
            story.picture = attach(story)
        publish(wired, story, as_user)
        clock.forward(days=1)
        with as_user(story.author):
            run(StartAmendment(postmortem_id=story.id))
        return story

    def test_what_comes_with_the_next_one_waits_for_it(self, story, wired, as_user):
        with as_user(story.author):
            new = attach(story, "b.pdf", PDF)
        assert readable(story.bystander, story.picture, as_user)
        assert not readable(story.bystander, new, as_user)
        assert readable(story.author, new, as_user)
        publish(wired, story, as_user)
        assert readable(story.bystander, new, as_user)

    def test_an_edition_keeps_its_files(self, story, wired, as_user):
        with as_user(story.author):
            run(CaptionFile(file_id=story.picture, caption="Changed"))
            run(DeleteFile(file_id=story.picture))
        publish(wired, story, as_user)
        assert readable(story.bystander, story.picture, as_user)
        with as_user(story.bystander):
            assert [file.caption for file in ask.document(story.id, 1).files] == ["Connections"]
            assert ask.document(story.id, 2).files == ()

    def test_giving_up_takes_back_and_brings_back(self, story, as_user):
        with as_user(story.author):
            new = attach(story, "b.pdf", PDF, "", SectionKey.SUMMARY)
            run(CaptionFile(file_id=story.picture, caption="Changed"))
            run(DeleteFile(file_id=story.picture))
            resume = run(DiscardAmendment(postmortem_id=story.id))
            assert [(file.id, file.caption) for file in shown(story)] == [(story.picture, "Connections")]
            assert shown(story, SectionKey.SUMMARY) == ()
        assert not readable(story.author, new, as_user)
        with as_user(story.author):
            run(resume)
            assert shown(story) == ()
            assert [file.id for file in shown(story, SectionKey.SUMMARY)] == [new]
        assert readable(story.author, new, as_user)
        assert readable(story.bystander, story.picture, as_user)


def publish(engine, story, as_user):
    from pmcore.usecases.review import SubmitForReview

    with as_user(story.author):
        run(SubmitForReview(postmortem_id=story.id, reviewer_ids=story.reviewers))
    for role in SignRole:
        reviewed.sign(engine, story, role)
    with as_user(story.author):
        run(Publish(postmortem_id=story.id, note="Said anew"))


class TestRoom:
    def test_ends_and_deleting_makes_some(self, draft, as_user, monkeypatch):
        monkeypatch.setattr(rules, "MAX_TOTAL", 2 * len(TEXT))
        with as_user(draft.author):
            first = attach(draft, "a.txt", TEXT)
            attach(draft, "b.txt", TEXT, section=SectionKey.SUMMARY)
            with pytest.raises(FileRefused, match="together"):
                attach(draft, "c.txt", b"c")
            back = run(DeleteFile(file_id=first))
            attach(draft, "c.txt", TEXT)
            with pytest.raises(FileRefused, match="together"):
                run(back)

    def test_what_was_put_away_is_dropped_in_the_end(self, draft, as_user, clock, wired):
        with as_user(draft.author):
            first = attach(draft)
            run(DeleteFile(file_id=first))
            clock.forward(days=29)
            attach(draft, "b.txt", TEXT)
            with Session(wired) as session:
                assert session.get(AttachmentDataRow, first)
            clock.forward(days=2)
            attach(draft, "c.txt", TEXT)
        with Session(wired) as session:
            assert not session.get(AttachmentDataRow, first)
            assert not session.get(AttachmentRow, first)

    def test_the_database_keeps_the_limits_too(self, draft, wired):
        row = {
            "postmortem_id": draft.id, "section_key": KEY, "name": "a.txt", "type": "text/plain", "size": 1,
            "sha256": "a" * 64, "by_id": draft.author, "at": NOON,
        }  # fmt: skip
        for wrong in ({"size": 0}, {"size": rules.MAX_FILE + 1}, {"type": "text/html"}, {"name": " "}, {"sha256": ""}):
            with Session(wired) as session, pytest.raises(IntegrityError):
                session.execute(insert(AttachmentRow).values(row | wrong))
        with Session(wired) as session:
            session.execute(insert(AttachmentRow).values(row | {"id": 1}))
            with pytest.raises(IntegrityError):
                session.execute(insert(AttachmentDataRow).values(attachment_id=1, data=b""))


class TestDump:
    @pytest.fixture
    def empty(self, empty_database_url):
        engine = make_engine(empty_database_url)
        Base.metadata.create_all(engine)
        yield engine
        engine.dispose()

    def test_they_go_out_and_come_back(self, draft, wired, empty, as_user):
        with as_user(draft.author):
            file_id = attach(draft)
            attach(draft, "data.csv", CSV)
        told = list(dump(wired))
        load(empty, told)
        assert list(dump(empty)) == told
        with Session(empty) as session:
            assert session.get(AttachmentDataRow, file_id).data == PNG

    @pytest.mark.sqlite_only
    def test_what_is_not_base64_is_named(self, draft, wired, empty, as_user):
        with as_user(draft.author):
            attach(draft)
        told = list(dump(wired))
        number = next(n for n, line in enumerate(told) if json.loads(line).get("table") == "attachment_data")
        told[number] = told[number].replace('"data":"', '"data":"!')
        with pytest.raises(CannotLoad, match=f"Line {number + 1}: a value does not fit"):
            load(empty, told)

    @pytest.mark.sqlite_only
    def test_a_dump_holds_one_file_at_a_time(self, draft, wired, empty, as_user):
        with as_user(draft.author):
            for number in range(24):
                attach(draft, f"{number}.txt", b"a" * (2 * rules.MEGABYTE))
        tracemalloc.start()
        try:
            load(empty, dump(wired))
            peak = tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()
        assert peak < 24 * rules.MEGABYTE  # half of what the files have together


def test_lists_never_read_the_bytes(draft, as_user, statements):
    with as_user(draft.author):
        attach(draft)
        with statements() as said:
            ask.reading(draft.id)
            ask.section(draft.id, KEY)
    assert not any("attachment" in each for each in said)


def test_what_is_put_away_stays_a_month():
    from pmcore.usecases.attachments import KEPT

    assert timedelta(days=30) == KEPT
