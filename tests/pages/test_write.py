"""Writing: save, meet somebody else's change, look back; nothing that was typed is lost."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from db.models import SectionRow
from pmcore.domain.vocabulary import ImpactFigure, MemberRole, SectionKey, Severity
from pmcore.usecases.members import AddMember
from pmcore.usecases.writing import SaveSection
from tests import reviewed
from tests.pages import headings
from wiring import acting, ask, run

NASTY = "<script>alert(1)</script> **bold** :red[x] $x$ ![](http://other.host/x.png) \u202eעברית 🚀"


@pytest.fixture
def story(wired, clock, as_user):
    """Anna writes with Egor."""
    story = reviewed.begun(wired)
    with as_user(story.author):
        run(AddMember(postmortem_id=story.id, user_id=story.bystander, role=MemberRole.CO_AUTHOR))
    return story


@pytest.fixture
def opened(story, page):
    def opened(section="", user=None, **query):
        address = {"id": str(story.id), **({"section": section} if section else {}), **query}
        shown = page("write.py", user or story.author, query=address)
        assert not shown.exception
        return shown

    return opened


@pytest.fixture
def save(wired, story, as_user):
    """Somebody else saves meanwhile."""

    def save(key, **content):
        with Session(wired) as session:
            row = session.get(SectionRow, (story.id, key))
            kept = {name: value for name, value in row.content.items() if name != "facts"}
        with as_user(story.bystander):
            run(SaveSection(postmortem_id=story.id, key=key, base_version=row.version, content={**kept, **content}))

    return save


def stored(engine, story, key):
    with Session(engine) as session:
        return session.get(SectionRow, (story.id, key)).content


def box(shown, name):
    """The text box of a field, whatever version it shows."""
    return next(each for each in shown.text_area if each.key.endswith(f"-{name}"))


def inputs(shown, column="text"):
    return [each for each in (*shown.text_area, *shown.text_input) if each.key.endswith(f"-{column}")]


def button(shown, name):
    return next(each for each in shown.button if each.key.endswith(f"-{name}"))


def words(shown):
    return "\n".join(
        each.value for each in (*shown.markdown, *shown.caption, *shown.error, *shown.warning, *shown.info, *shown.text)
    )


class TestForExecutives:
    @staticmethod
    def marks(shown):
        return next(each for each in shown.pills if each.key.endswith("-marks"))

    def test_marks_and_texts_are_saved_and_leave_nothing_behind(self, wired, story, opened):
        before = stored(wired, story, SectionKey.SUMMARY)
        shown = opened("summary")
        self.marks(shown).set_value([ImpactFigure.SLA, ImpactFigure.CUSTOMERS])
        shown = shown.run()
        box(shown, "decision").set_value("Buy it.")
        shown = shown.run()
        assert not shown.exception
        saved = stored(wired, story, SectionKey.SUMMARY)
        assert [row["figure"] for row in saved["confirmed"]] == ["customers", "sla"]
        assert saved["decision"] == "Buy it."
        self.marks(shown).set_value([])
        box(shown, "decision").set_value(" ")
        shown = shown.run().run()
        assert not shown.exception
        assert stored(wired, story, SectionKey.SUMMARY) == before

    def test_a_summary_without_them_is_written_as_ever(self, wired, story, opened):
        shown = opened("summary")
        box(shown, "root_cause").set_value("Too small")
        shown = shown.run().run()
        assert not shown.exception
        saved = stored(wired, story, SectionKey.SUMMARY)
        assert saved["root_cause"] == "Too small"
        assert not {"confirmed", "decision"} & set(saved)

    def test_two_people_mark_different_figures(self, wired, story, opened, save):
        shown = opened("summary")
        save(SectionKey.SUMMARY, confirmed=[{"id": "revenue", "figure": "revenue"}])
        self.marks(shown).set_value([ImpactFigure.SLA])
        shown = shown.run()
        assert {row["figure"] for row in stored(wired, story, SectionKey.SUMMARY)["confirmed"]} == {"revenue", "sla"}
        assert self.marks(shown.run()).value == [ImpactFigure.REVENUE, ImpactFigure.SLA]

    def test_only_the_summary_asks(self, opened):
        assert not [each for each in opened("resolution").pills if each.key.endswith("-marks")]


class TestSaving:
    def test_what_was_typed_is_saved_and_said(self, wired, story, opened):
        shown = opened("resolution")
        box(shown, "immediate_fix").set_value("Larger pool")
        shown = button(shown.run(), "save").click().run()
        assert stored(wired, story, SectionKey.RESOLUTION)["immediate_fix"] == "Larger pool"
        assert shown.toast[0].value == "Saved."
        assert box(shown, "immediate_fix").value == "Larger pool"

    def test_nobody_needs_to_press_the_button(self, wired, story, opened):
        shown = opened("resolution")
        box(shown, "immediate_fix").set_value("Larger pool")
        shown = shown.run()
        assert stored(wired, story, SectionKey.RESOLUTION)["immediate_fix"] == "Larger pool"
        key = box(shown, "immediate_fix").key
        box(shown, "immediate_fix").set_value("Larger pool, and faster")
        shown = shown.run()
        assert stored(wired, story, SectionKey.RESOLUTION)["immediate_fix"] == "Larger pool, and faster"
        assert box(shown, "immediate_fix").key == key  # a new one would lose focus and caret

    def test_text_that_was_refused_survives_a_look_at_another_section(self, wired, story, opened):
        shown = opened("summary")
        box(shown, "root_cause").set_value("x" * 2_001)
        shown = shown.run()
        assert "Root Cause:" in shown.error[0].value
        shown = shown.button(key="open-lessons").click().run()
        assert "What worked" in words(shown)
        shown = shown.button(key="open-summary").click().run()
        assert box(shown, "root_cause").value == "x" * 2_001
        box(shown, "root_cause").set_value("x")
        shown = shown.run()
        assert not shown.error
        assert stored(wired, story, SectionKey.SUMMARY)["root_cause"] == "x"

    def test_to_look_is_not_to_write(self, wired, story, opened):
        """Also where the text of an older release lacks a field, or has a row without a word."""
        with Session(wired) as session:
            row = session.get(SectionRow, (story.id, SectionKey.LESSONS))
            row.content = {"lessons": [{"id": "a", "kind": "went_well"}, {"id": "b", "text": "x"}]}
            session.commit()
        for section in SectionKey:
            opened(section.value).run()
        with Session(wired) as session:
            rows = session.scalars(select(SectionRow).filter_by(postmortem_id=story.id)).all()
        assert {each.version for each in rows} == {1}

    def test_a_paste_of_200_kb_is_kept_or_refused_with_its_text(self, wired, story, opened):
        shown = opened("resolution")
        box(shown, "immediate_fix").set_value("x" * 200_001)
        shown = button(shown.run(), "save").click().run()
        assert "Immediate Fix:" in shown.error[0].value
        assert "200001 characters; 200000 fit here" in shown.error[0].value
        assert box(shown, "immediate_fix").value == "x" * 200_001
        box(shown, "immediate_fix").set_value("x" * 200_000)
        shown = button(shown.run(), "save").click().run()
        assert not shown.error
        assert len(stored(wired, story, SectionKey.RESOLUTION)["immediate_fix"]) == 200_000

    def test_a_line_takes_no_book(self, opened):
        shown = opened("summary")
        box(shown, "root_cause").set_value("x" * 2_001)
        shown = button(shown.run(), "save").click().run()
        assert "Root Cause:" in shown.error[0].value

    def test_a_viewer_of_a_shared_draft_reads_and_does_not_write(self, wired, page, clock, as_user):
        story = reviewed.submitted(wired)
        shown = page("write.py", story.lead, query={"id": str(story.id), "section": "summary"})
        assert not shown.exception
        assert box(shown, "incident").disabled
        assert not [each for each in shown.button if each.key.endswith("-save")]


class TestTwoPeople:
    def test_a_clean_box_follows_what_somebody_else_saved(self, opened, save):
        """Once it is on the screen, in the browser only: somebody may be typing in it."""
        shown = opened("resolution")
        save(SectionKey.RESOLUTION, immediate_fix="by Egor")
        assert box(shown.run(), "immediate_fix").value == ""
        shown = shown.button(key="open-lessons").click().run()
        shown = shown.button(key="open-resolution").click().run()
        assert box(shown, "immediate_fix").value == "by Egor"

    def test_a_box_in_which_somebody_typed_is_left_alone_and_merges(self, wired, story, opened, save):
        shown = opened("resolution")
        box(shown, "immediate_fix").set_value("mine")
        save(SectionKey.RESOLUTION, validation="theirs")
        shown = shown.run()
        assert box(shown, "immediate_fix").value == "mine"
        shown = button(shown, "save").click().run()
        assert shown.toast[0].value == "Saved, together with somebody else's change."
        assert stored(wired, story, SectionKey.RESOLUTION) == {"immediate_fix": "mine", "validation": "theirs"}

    @pytest.mark.parametrize(("choice", "kept"), [("mine", "mine"), ("theirs", "theirs"), ("both", "mine\ntheirs")])
    def test_an_overlap_shows_both_texts_and_asks(self, wired, story, opened, save, choice, kept):
        shown = opened("resolution")
        box(shown, "immediate_fix").set_value("mine")
        save(SectionKey.RESOLUTION, immediate_fix="theirs")
        shown = shown.run()
        assert "Somebody changed the same lines" in words(shown)
        assert box(shown, "immediate_fix").value == "mine"
        shown = button(shown, "compare").click().run()
        assert stored(wired, story, SectionKey.RESOLUTION)["immediate_fix"] == "theirs"
        assert {"mine", "theirs"} <= {each.value for each in shown.text}
        assert "Egor Engineer changed the same lines" in words(shown)
        shown.radio[0].set_value(choice)
        shown = button(shown.run(), "settle").click().run()
        assert stored(wired, story, SectionKey.RESOLUTION)["immediate_fix"] == kept
        assert box(shown, "immediate_fix").value == kept

    def test_from_an_overlap_there_is_a_way_back_to_the_own_text(self, wired, story, opened, save):
        shown = opened("resolution")
        box(shown, "immediate_fix").set_value("mine")
        save(SectionKey.RESOLUTION, immediate_fix="theirs")
        shown = shown.run()
        assert "Somebody changed the same lines" in words(shown)
        assert box(shown, "immediate_fix").value == "mine"
        shown = button(shown, "compare").click().run()
        shown = button(shown, "back").click().run()
        assert box(shown, "immediate_fix").value == "mine"
        assert stored(wired, story, SectionKey.RESOLUTION)["immediate_fix"] == "theirs"

    def test_a_third_save_during_an_overlap_is_asked_about_again(self, wired, story, opened, save):
        shown = opened("resolution")
        box(shown, "immediate_fix").set_value("mine")
        save(SectionKey.RESOLUTION, immediate_fix="theirs")
        shown = shown.run()
        assert "Somebody changed the same lines" in words(shown)
        assert box(shown, "immediate_fix").value == "mine"
        shown = button(shown, "compare").click().run()
        save(SectionKey.RESOLUTION, immediate_fix="theirs again")
        shown = button(shown, "settle").click().run()
        assert "theirs again" in {each.value for each in shown.text}
        assert stored(wired, story, SectionKey.RESOLUTION)["immediate_fix"] == "theirs again"

    def test_typing_on_after_a_merge_takes_nothing_back(self, wired, story, opened, save):
        """The base of the next save is what this browser shows, not what is stored."""
        save(SectionKey.RESOLUTION, immediate_fix="one\ntwo\nthree", validation="")
        shown = opened("resolution")
        box(shown, "immediate_fix").set_value("ONE\ntwo\nthree")
        save(SectionKey.RESOLUTION, immediate_fix="one\ntwo\nTHREE", validation="checked")
        shown = shown.run()
        assert box(shown, "immediate_fix").value == "ONE\ntwo\nthree"
        assert stored(wired, story, SectionKey.RESOLUTION)["immediate_fix"] == "ONE\ntwo\nTHREE"
        box(shown, "immediate_fix").set_value("ONE and a half\ntwo\nthree")
        shown = shown.run()
        assert "same lines" not in words(shown)
        assert stored(wired, story, SectionKey.RESOLUTION) == {
            "immediate_fix": "ONE and a half\ntwo\nTHREE",
            "validation": "checked",
        }

    def test_rows_of_others_come_in_and_go_around_the_own(self, wired, story, opened, save):
        rows = [{"id": name, "kind": "went_well", "text": name} for name in ("a", "b")]
        save(SectionKey.LESSONS, lessons=rows)
        shown = opened("lessons")
        inputs(shown)[0].set_value("a, mine")
        new = {"id": "c", "kind": "went_well", "text": "c"}
        save(SectionKey.LESSONS, lessons=[rows[0], new])
        shown = shown.run()
        assert [each.value for each in inputs(shown)][:2] == ["a, mine", "c"]
        inputs(shown)[1].set_value("c, mine")
        shown.run()
        kept = stored(wired, story, SectionKey.LESSONS)["lessons"]
        assert [row["text"] for row in kept] == ["a, mine", "c, mine"]


class TestRows:
    def test_each_group_offers_a_row_to_begin_with(self, wired, story, opened):
        shown = opened("lessons")
        assert len(inputs(shown)) == 3
        inputs(shown)[0].set_value("The alert fired")
        shown = button(shown.run(), "save").click().run()
        (row,) = stored(wired, story, SectionKey.LESSONS)["lessons"]
        assert (row["kind"], row["text"]) == ("went_well", "The alert fired")

    def test_rows_are_added_and_deleted_and_a_deletion_is_undone(self, wired, story, opened, save):
        save(SectionKey.LESSONS, lessons=[{"id": f"{n}", "kind": "went_well", "text": f"Lesson {n}"} for n in range(3)])
        shown = opened("lessons")
        assert [each.value for each in inputs(shown)][:3] == ["Lesson 0", "Lesson 1", "Lesson 2"]
        inputs(shown)[2].set_value("Lesson 2, mended")
        shown = button(shown.run(), "delete-1").click().run()
        assert [each.value for each in inputs(shown)][:2] == ["Lesson 0", "Lesson 2, mended"]
        shown = button(shown, "add-lessons-went_well").click().run()
        inputs(shown)[2].set_value("Lesson 3")
        shown = button(shown.run(), "undo").click().run()
        shown = button(shown, "save").click().run()
        assert [row["text"] for row in stored(wired, story, SectionKey.LESSONS)["lessons"]] == [
            "Lesson 0", "Lesson 1", "Lesson 2, mended", "Lesson 3",
        ]  # fmt: skip

    @pytest.mark.parametrize(
        ("section", "name", "column"),
        [("prevention", "measures", "text"), ("references", "related", "public_id"), ("references", "links", "url")],
    )
    def test_the_other_lists_work_alike(self, wired, story, opened, section, name, column):
        shown = opened(section)
        inputs(shown, column)[0].set_value("https://x")
        shown = button(shown.run(), "save").click().run()
        assert stored(wired, story, SectionKey(section))[name][0][column] == "https://x"


class TestAround:
    def test_the_list_says_where_each_section_stands(self, opened):
        shown = opened("summary")
        labels = [each.label for each in shown.sidebar.button if each.key.startswith("open-")]
        assert len(labels) == 11
        assert "Incident Details :small[:gray[From the incident]]" in labels
        assert "Root Cause Analysis :small[:gray[Needs you]]" in labels

    def test_the_next_step_leads_to_its_section(self, opened):
        shown = opened("lessons")
        shown = shown.sidebar.button(key="next-step").click().run()
        assert headings.section(shown) == "1. Executive Summary"

    def test_back_and_forth_at_the_end(self, opened):
        shown = opened("details")
        shown = shown.button(key="neighbour-right").click().run()
        assert headings.section(shown) == "3. Timeline"
        shown = shown.button(key="neighbour-left").click().run()
        assert headings.section(shown) == "2. Incident Details"

    def test_a_p1_opens_with_what_submitting_needs(self, wired, clock, page):
        story = reviewed.begun(wired, severity=Severity.P1)
        shown = page("write.py", story.author, query={"id": str(story.id)})
        assert [each.label for each in shown.sidebar.expander] == ["5 optional sections"]

    def test_details_and_impact_show_the_incident_and_the_arithmetic(self, opened):
        assert "2 min 15 s" in words(opened("details"))
        said = words(opened("impact"))
        assert "0.42 % of that was used. Had everything failed, it would have been 27.8 %." in said

    @pytest.mark.parametrize("query", ["999", "nonsense", "", "1" * 30, "-1", "²"])
    def test_an_address_that_leads_nowhere_says_so(self, story, page, query):
        shown = page("write.py", story.author, query={"id": query})
        assert not shown.exception
        assert "There is nothing here under this address" in words(shown)

    def test_an_unknown_section_opens_the_next_step(self, opened):
        assert headings.section(opened("nonsense")) == "1. Executive Summary"

    def test_a_draft_that_is_not_shared_shows_its_progress_only(self, story, page):
        shown = page("write.py", story.manager, query={"id": str(story.id), "section": "summary"})
        assert not shown.exception
        assert "has not shared this draft yet" in words(shown)
        assert not shown.text_area
        assert shown.sidebar.button

    def test_a_page_asks_at_most_twelve_statements_one_of_them_the_session_s(self, opened, statements):
        for section in SectionKey:
            with statements() as said:
                opened(section.value)
            assert len(said) <= 11, f"{section}: {len(said)}\n" + "\n".join(said)
        for view in ("history", "preview"):
            with statements() as said:
                opened("summary", view=view)
            assert len(said) <= 11, f"{view}: {len(said)}\n" + "\n".join(said)


class TestHistory:
    def test_shows_what_changed_word_by_word_and_restores(self, wired, story, opened, save, clock):
        save(SectionKey.RESOLUTION, immediate_fix="pool of 10")
        clock.forward(minutes=10)
        save(SectionKey.RESOLUTION, immediate_fix="pool of 50")
        shown = opened("resolution", view="history")
        assert ":red-background[~~10~~]:green-background[**50**]" in words(shown)
        shown = shown.selectbox[0].set_value(2).run()
        assert ":green-background[**pool of 10**]" in words(shown)
        shown = shown.button(key="restore-resolution-2").click().run()
        assert stored(wired, story, SectionKey.RESOLUTION)["immediate_fix"] == "pool of 10"

    def test_the_first_revision_is_what_the_incident_knew(self, opened):
        assert "what the incident knew" in words(opened("summary", view="history"))


class TestForeignText:
    @pytest.mark.parametrize("view", ["write", "history", "preview"])
    def test_is_shown_as_text(self, opened, save, view):
        save(SectionKey.RESOLUTION, immediate_fix=NASTY)
        shown = opened("resolution", view=view)
        for each in shown.markdown:
            assert not each.allow_html
            assert ":red[x]" not in each.value
            assert "![](http" not in each.value

    def test_in_an_overlap_too(self, opened, save):
        shown = opened("resolution")
        box(shown, "immediate_fix").set_value("mine")
        save(SectionKey.RESOLUTION, immediate_fix=NASTY)
        shown = button(shown.run(), "compare").click().run()
        assert NASTY in {each.value for each in shown.text}


class TestPeople:
    @pytest.fixture
    def person(self, story, as_user):
        def person(name):
            with as_user(story.author):
                return next(each for each in ask.people() if each.name == name)

        return person

    def test_reviewers_and_co_authors_are_named_and_taken_away(self, story, opened, person):
        shown = opened("sign_off")
        shown = shown.selectbox(key="member-add-reviewer-0").set_value(person("Boris Lead")).run()
        assert shown.toast[0].value == "Boris Lead is named now."
        shown = shown.button(key=f"member-remove-reviewer-{story.lead}").click().run()
        assert not [each for each in shown.button if each.key == f"member-remove-reviewer-{story.lead}"]

    def test_a_refusal_is_a_sentence(self, opened, person):
        shown = opened("sign_off")
        shown = shown.selectbox(key="member-add-reviewer-0").set_value(person("Egor Engineer")).run()
        assert "Somebody who writes cannot review" in shown.error[0].value

    def test_the_text_is_handed_over(self, story, opened, person):
        shown = opened("sign_off")
        shown = shown.selectbox(key="hand-over-to").set_value(person("Boris Lead")).run()
        shown = shown.text_input(key="hand-over-note").set_value("The log is full").run()
        shown = shown.button(key="hand-over-submit").click().run()
        assert shown.toast[0].value == "Boris Lead is the author now."
        with acting.as_user(story.lead):
            assert [row.note for row in ask.inbox().calls.handed_over.rows] == ["The log is full"]
        assert "by Boris Lead, Anna Petrova, Egor Engineer" in words(shown)
