"""Save, merge, look back and restore: on both engines, one after the other and at once."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from db.models import AuditRow, PostmortemRow, RevisionRow, SectionRow, SectionVersionRow
from pmcore.domain.content import BadText, content_hash
from pmcore.domain.errors import EditConflict, NotFound
from pmcore.domain.lifecycle import NotNow
from pmcore.domain.merge import Choice, settle
from pmcore.domain.permissions import Forbidden
from pmcore.domain.postmortem import NotTheAuthor
from pmcore.domain.sections import FACTS
from pmcore.domain.vocabulary import MemberRole, Role, SectionKey, Severity, SignRole
from pmcore.usecases.incidents import MoreFacts, ReportIncident
from pmcore.usecases.members import AddMember
from pmcore.usecases.start import StartPostmortem
from pmcore.usecases.writing import Overlap, RestoreRevision, SaveSection
from tests import reviewed
from tests.factories import NOON, make_user
from wiring import ask, run

RESOLUTION, SUMMARY, LESSONS = SectionKey.RESOLUTION, SectionKey.SUMMARY, SectionKey.LESSONS


@pytest.fixture
def story(wired, clock, as_user):
    """Anna writes with Egor."""
    story = reviewed.begun(wired)
    with as_user(story.author):
        run(AddMember(postmortem_id=story.id, user_id=story.bystander, role=MemberRole.CO_AUTHOR))
    return story


@pytest.fixture
def save(story, as_user):
    def save(by, base_version, key=RESOLUTION, mine_over=False, **content):
        with as_user(by):
            return run(
                SaveSection(
                    postmortem_id=story.id, key=key, base_version=base_version, content=content, mine_over=mine_over
                )
            )

    return save


def stored(engine, story, key=RESOLUTION):
    with Session(engine) as session:
        return session.get(SectionRow, (story.id, key))


def revisions(engine, story, key=RESOLUTION):
    with Session(engine) as session:
        return session.scalars(
            select(RevisionRow).filter_by(postmortem_id=story.id, section_key=key).order_by(RevisionRow.number)
        ).all()


class TestSaving:
    def test_leaves_text_hash_revision_and_one_audit_row(self, wired, story, save):
        saved = save(story.author, 1, immediate_fix="Larger pool", validation="")
        row = stored(wired, story)
        assert (saved.version, saved.merged, saved.changed) == (2, False, True)
        assert row.content == {"immediate_fix": "Larger pool", "validation": ""}
        assert row.content_hash == content_hash(row.content)
        assert (row.blank, row.is_empty, row.saved_by_id) == (["validation"], False, story.author)
        assert [(each.number, each.by_id) for each in revisions(wired, story)] == [(1, None), (2, story.author)]
        with Session(wired) as session:
            audited = session.scalars(select(AuditRow.target).filter_by(did="save_section")).all()
        assert audited == [f"postmortem/{story.id}/resolution/2"]

    def test_the_same_text_again_leaves_nothing(self, wired, story, save):
        save(story.author, 1, immediate_fix="x")
        again = save(story.author, 2, immediate_fix="x\r\n".strip())
        assert (again.version, again.changed) == (2, False)
        assert len(revisions(wired, story)) == 2

    def test_facts_cannot_be_written_here(self, wired, story, save):
        before = stored(wired, story, SectionKey.IMPACT).content[FACTS]
        save(story.author, 1, SectionKey.IMPACT, user_experience="x", facts={"customers_affected": "0"})
        assert stored(wired, story, SectionKey.IMPACT).content[FACTS] == before

    def test_the_post_mortem_says_when_it_changed(self, wired, story, save, clock):
        now = clock.forward(hours=1)
        save(story.author, 1, immediate_fix="x")
        with Session(wired) as session:
            assert session.get(PostmortemRow, story.id).changed_at == now

    @pytest.mark.parametrize(
        "text", ["\x00NUL", "e\u0301 \u202eright to left", "🚀 Отказ", "<script>alert(1)</script>"]
    )
    def test_text_of_any_script_is_kept(self, wired, story, save, text):
        save(story.author, 1, immediate_fix=text)
        kept = stored(wired, story).content["immediate_fix"]
        assert kept == text.replace("\x00", "").replace("e\u0301", "é")

    def test_a_text_that_is_too_long_is_refused_by_name(self, wired, story, save):
        save(story.author, 1, immediate_fix="x" * 200_000)
        with pytest.raises(BadText) as refused:
            save(story.author, 2, immediate_fix="x" * 200_001)
        assert refused.value.field == "immediate_fix"
        assert "200001 characters" in str(refused.value)
        assert stored(wired, story).version == 2


class TestWhoMaySave:
    def test_those_who_write(self, story, save):
        assert save(story.bystander, 1, immediate_fix="x").changed

    def test_nobody_else(self, story, save, rows):
        for reader in (story.lead, story.cto):
            with pytest.raises(NotTheAuthor):
                save(reader, 1, immediate_fix="x")
        with rows() as session:
            viewer = make_user(session, "Vera Viewer", Role.VIEWER).id
        with pytest.raises(Forbidden):
            save(viewer, 1, immediate_fix="x")

    def test_a_post_mortem_that_is_not_there(self, story, save, as_user):
        with as_user(story.author), pytest.raises(NotFound):
            run(SaveSection(postmortem_id=999, key=RESOLUTION, base_version=1, content={}))

    def test_a_published_text_stands(self, wired, clock, as_user):
        story = reviewed.published(wired)
        with as_user(story.author), pytest.raises(NotNow):
            run(SaveSection(postmortem_id=story.id, key=RESOLUTION, base_version=1, content={}))


class TestStaleSaves:
    def test_other_fields_and_other_lines_merge(self, wired, story, save):
        save(story.author, 1, immediate_fix="one\ntwo\nthree", validation="")
        save(story.author, 2, immediate_fix="ONE\ntwo\nthree", validation="checked")
        saved = save(story.bystander, 2, immediate_fix="one\ntwo\nTHREE", validation="")
        assert saved.merged
        assert stored(wired, story).content == {"immediate_fix": "ONE\ntwo\nTHREE", "validation": "checked"}

    def test_overlaps_carry_both_texts_and_save_nothing(self, wired, story, save):
        save(story.author, 1, immediate_fix="theirs", validation="kept")
        with pytest.raises(Overlap) as met:
            save(story.bystander, 1, immediate_fix="mine")
        (overlap,) = met.value.merged.overlaps
        assert (overlap.mine, overlap.theirs) == ("mine", "theirs")
        assert (met.value.version, met.value.by_id) == (2, story.author)
        assert stored(wired, story).content == {"immediate_fix": "theirs", "validation": "kept"}
        settled = settle(met.value.merged, [Choice.BOTH])
        save(story.bystander, met.value.version, **settled)
        assert stored(wired, story).content == {"immediate_fix": "mine\ntheirs", "validation": "kept"}

    def test_mine_over_theirs_leaves_theirs_in_a_revision(self, wired, story, save):
        """Even where both are one person's, in two tabs."""
        save(story.author, 1, immediate_fix="first tab")
        save(story.author, 1, immediate_fix="second tab", mine_over=True)
        assert stored(wired, story).content["immediate_fix"] == "second tab"
        assert [each.content["immediate_fix"] for each in revisions(wired, story)] == ["", "first tab", "second tab"]

    def test_deciding_an_overlap_leaves_the_other_text_in_a_revision_too(self, wired, story, as_user):
        def save(base_version, text, **how):
            with as_user(story.author):
                content = {"immediate_fix": text}
                run(
                    SaveSection(
                        postmortem_id=story.id, key=RESOLUTION, base_version=base_version, content=content, **how
                    )
                )

        save(1, "first tab")
        save(2, "decided", settles=True)
        assert [each.content["immediate_fix"] for each in revisions(wired, story)] == ["", "first tab", "decided"]

    def test_the_base_is_what_the_browser_showed_within_a_growing_revision(self, wired, story, save):
        """Anna's revision grew over the version that Egor was shown: it is remembered all the same."""
        save(story.author, 1, immediate_fix="a", validation="")
        save(story.author, 2, immediate_fix="b", validation="")
        save(story.author, 3, immediate_fix="c", validation="")
        assert len(revisions(wired, story)) == 2
        save(story.bystander, 3, immediate_fix="b", validation="checked")
        assert stored(wired, story).content == {"immediate_fix": "c", "validation": "checked"}

    def test_a_forgotten_version_falls_back_to_the_revision_before_it(self, wired, story, save, clock):
        save(story.author, 1, immediate_fix="a")
        save(story.author, 2, immediate_fix="b")
        clock.forward(days=15)
        save(story.author, 3, immediate_fix="c")
        with Session(wired) as session:
            asked = select(SectionVersionRow.version).filter_by(postmortem_id=story.id, key=RESOLUTION)
            assert sorted(session.scalars(asked)) == [3, 4]
        with pytest.raises(Overlap):
            save(story.bystander, 2, immediate_fix="mine")
        with pytest.raises(NotFound):
            save(story.bystander, 0, immediate_fix="mine")


class TestSavedWhileTyping:
    """The base of a save is what the browser shows, which may be neither of the versions that are stored."""

    @pytest.fixture
    def type_(self, story, as_user):
        def type_(by, text, *, base, version=1):
            with as_user(by):
                return run(
                    SaveSection(
                        postmortem_id=story.id, key=RESOLUTION, base_version=version,
                        base={"immediate_fix": base}, content={"immediate_fix": text},
                    )
                )  # fmt: skip

        return type_

    def test_the_browser_s_text_is_the_base(self, story, save, type_):
        save(story.bystander, 1, immediate_fix="one\ntwo\nthree")
        save(story.bystander, 2, immediate_fix="one\ntwo\nTHREE")
        first = type_(story.author, "ONE\ntwo\nthree", base="one\ntwo\nthree", version=2)
        assert (first.merged, first.content["immediate_fix"]) == (True, "ONE\ntwo\nTHREE")
        again = type_(story.author, "ONE!\ntwo\nthree", base="ONE\ntwo\nthree", version=first.version)
        assert (again.merged, again.content["immediate_fix"]) == (True, "ONE!\ntwo\nTHREE")

    def test_nothing_is_merged_where_nobody_else_wrote(self, story, type_):
        first = type_(story.author, "half a", base="")
        again = type_(story.author, "half a sentence", base="half a", version=first.version)
        assert (again.merged, again.changed, again.content["immediate_fix"]) == (False, True, "half a sentence")

    def test_a_growing_revision_leaves_no_trail_of_versions_and_audit_rows(self, wired, story, type_):
        saved, before = type_(story.author, "h", base=""), "h"
        for text in ("ha", "half", "half a"):
            saved, before = type_(story.author, text, base=before, version=saved.version), text
        assert len(revisions(wired, story)) == 2
        with Session(wired) as session:
            audited = session.scalars(select(AuditRow.target).filter_by(did="save_section")).all()
            asked = select(SectionVersionRow.version).filter_by(postmortem_id=story.id, key=RESOLUTION)
            assert session.scalars(asked).all() == [1]
        assert audited == [f"postmortem/{story.id}/resolution/2"]

    def test_the_same_lines_ask_whatever_version_is_named(self, story, save, type_):
        saved = save(story.bystander, 1, immediate_fix="theirs")
        with pytest.raises(Overlap):
            type_(story.author, "mine", base="", version=saved.version)

    def test_a_save_says_whether_the_rest_of_the_page_changed(self, story, save, type_):
        assert save(story.author, 1, immediate_fix="x").moved  # it was blank
        assert not save(story.author, 2, immediate_fix="xy").moved
        assert save(story.author, 3, immediate_fix="").moved

    def test_a_signature_that_it_voids_or_brings_back_counts_as_well(self, wired, clock, as_user):
        story = reviewed.submitted(wired)
        reviewed.sign(wired, story, SignRole.TECH_LEAD)
        row = stored(wired, story)
        words = {name: text for name, text in row.content.items() if name != FACTS}

        def moved(version, **changed):
            with as_user(story.author):
                return run(
                    SaveSection(
                        postmortem_id=story.id, key=RESOLUTION, base_version=version, content={**words, **changed}
                    )
                ).moved

        assert moved(row.version, validation="other")
        assert not moved(row.version + 1, validation="other still")
        assert moved(row.version + 2)


class TestRevisions:
    def test_one_person_within_five_minutes_grows_one(self, wired, story, save, clock):
        for version in range(1, 4):
            save(story.author, version, immediate_fix=f"text {version}")
            clock.forward(minutes=5)
        (_filled, one) = revisions(wired, story)
        assert (one.content["immediate_fix"], one.section_version) == ("text 3", 4)
        clock.forward(seconds=1)
        save(story.author, 4, immediate_fix="later")
        assert len(revisions(wired, story)) == 3

    def test_another_person_ends_it(self, wired, story, save):
        save(story.author, 1, immediate_fix="a")
        save(story.bystander, 2, immediate_fix="b")
        save(story.author, 3, immediate_fix="c")
        assert [each.content["immediate_fix"] for each in revisions(wired, story)] == ["", "a", "b", "c"]

    def test_restoring_writes_the_earlier_text_as_a_new_revision(self, wired, story, save, as_user):
        save(story.author, 1, immediate_fix="a")
        save(story.bystander, 2, immediate_fix="b")

        def restore(base_version, number=2):
            with as_user(story.bystander):
                return run(
                    RestoreRevision(postmortem_id=story.id, key=RESOLUTION, number=number, base_version=base_version)
                )

        assert restore(3).version == 4
        assert stored(wired, story).content["immediate_fix"] == "a"
        assert [each.content["immediate_fix"] for each in revisions(wired, story)] == ["", "a", "b", "a"]
        assert not restore(4).changed
        with pytest.raises(EditConflict):
            restore(3)
        with pytest.raises(NotFound):
            restore(4, number=99)

    def test_undoing_gives_the_same_hash_again(self, wired, story, save, clock):
        save(story.author, 1, immediate_fix="a b")
        before = stored(wired, story).content_hash
        clock.forward(hours=1)
        save(story.author, 2, immediate_fix="other")
        save(story.author, 3, immediate_fix="a\nb")
        assert stored(wired, story).content_hash == before


class TestAtOnce:
    def test_no_update_is_lost(self, wired, story, as_user):
        """Two people add lessons to the same section at the same time, each from an ever staler text."""
        each, people = 12, (story.author, story.bystander)
        ready = threading.Barrier(len(people))

        def write(person):
            ready.wait()
            for number in range(each):
                with as_user(person):
                    row = stored(wired, story, LESSONS)
                    mine = {"id": f"{person}-{number}", "kind": "surprising", "text": f"{person} learnt {number}"}
                    lessons = [*row.content["lessons"], mine]
                    run(
                        SaveSection(
                            postmortem_id=story.id, key=LESSONS, base_version=row.version, content={"lessons": lessons}
                        )
                    )

        with ThreadPoolExecutor(len(people)) as pool:
            for done in [pool.submit(write, person) for person in people]:
                done.result()
        row = stored(wired, story, LESSONS)
        assert len({lesson["id"] for lesson in row.content["lessons"]}) == each * len(people)
        assert row.version == 1 + each * len(people)

    def test_of_two_who_change_one_line_one_is_asked(self, wired, story, save):
        ready = threading.Barrier(2)

        def write(person):
            ready.wait()
            try:
                save(person, 1, immediate_fix=f"by {person}")
            except Overlap as overlap:
                return overlap
            return None

        with ThreadPoolExecutor(2) as pool:
            met = list(pool.map(write, (story.author, story.bystander)))
        assert len([overlap for overlap in met if overlap]) == 1


def test_sections_of_a_deleted_post_mortem_are_gone(wired, story, save, clock):
    with Session(wired.execution_options(writes=True)) as session, session.begin():
        session.get(PostmortemRow, story.id).deleted_at = clock.now - timedelta(hours=1)
    with pytest.raises(NotFound):
        save(story.author, 1, immediate_fix="x")


def test_who_changes_what_was_asked_changes_it_for_nobody_else(story, save, as_user):
    save(story.author, 1, immediate_fix="Larger pool")
    with as_user(story.author):
        ask.section(story.id, RESOLUTION).content["immediate_fix"] = "typed, not saved"
        assert ask.section(story.id, RESOLUTION).content["immediate_fix"] == "Larger pool"


def test_whole_and_review_are_asked_anew_after_a_save(story, save, as_user):
    with as_user(story.author):
        before = ask.writing(story.id)
        seen = ask.review(before).seen
        save(story.author, 1, immediate_fix="Larger pool")
        after = ask.writing(story.id)
        assert after.entry(RESOLUTION).version == before.entry(RESOLUTION).version + 1
        assert ask.review(after).seen[RESOLUTION] != seen[RESOLUTION]


@pytest.mark.sqlite_only
def test_what_one_person_types_makes_nobody_ask_again_who_looks_at_something_else(story, save, as_user, statements):
    with as_user(story.author):
        incident = run(
            ReportIncident(
                title="Mail is slow", severity=Severity.P1, service="email-service",
                started_at=NOON - timedelta(hours=3), facts=MoreFacts(resolved_at=NOON - timedelta(hours=2)),
            )
        )  # fmt: skip
        other = run(StartPostmortem(incident_id=incident))
    version = save(story.author, 1, immediate_fix="A pool").version
    version = save(story.author, version, immediate_fix="A larger pool").version  # where it stands, changes no more

    def look(postmortem_id):
        whole = ask.writing(postmortem_id)
        ask.review(whole)
        ask.section(postmortem_id, RESOLUTION)
        ask.recurrences(whole.incident_id)
        ask.rail(whole)
        ask.inbox()
        return whole

    with as_user(story.author):
        look(other), look(story.id)
        saved = save(story.author, version, immediate_fix="A much larger pool")
        with statements() as said:
            look(other)
        assert said == []
        assert look(story.id).entry(RESOLUTION).version == saved.version


@pytest.mark.sqlite_only
def test_the_inbox_asks_again_when_a_section_is_finished(story, save, as_user):
    with as_user(story.author):
        before = ask.inbox()
        save(story.author, 1, immediate_fix="Larger pool", validation="0.999")
        assert ask.inbox() is not before
