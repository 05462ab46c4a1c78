"""The process, its approval and the checklist, through the shell."""

from dataclasses import replace

import pytest

from pmcore.domain.policy import REQUIRING, USUAL_HOURS
from pmcore.domain.process import ProcessText
from pmcore.domain.vocabulary import Language, OnboardingStep, Rule
from pmcore.usecases.account import ChangeProfile
from pmcore.usecases.onboarding import BeginOnboarding, EndOnboarding, TickStep
from pmcore.usecases.policy import ChangePolicy
from tests import scene
from tests.pages import texts as page_texts
from wiring import acting, ask, handbook, run

FIRST, SECOND, *_ = OnboardingStep
CHECKLIST = {"part": "checklist"}


@pytest.fixture
def people(rows, clock):
    return scene.set_up(rows)


@pytest.fixture
def newcomer(people):
    with acting.as_user(people.manager):
        run(BeginOnboarding(user_id=people.anna))
    return people.anna


def texts(shown):
    return page_texts.texts(shown).replace("\\", "")


def keys(shown, kind):
    return [each.key for each in shown.get(kind)]


class TestTheDocument:
    def test_is_readable_by_everybody_in_their_language(self, people, page):
        shown = page("process.py", people.viewer)
        assert not shown.exception
        assert "When to conduct a post-mortem" in texts(shown)
        assert "](/incidents)" in texts(shown)
        assert "Not approved yet" in texts(shown)
        with acting.as_user(people.viewer):
            run(ChangeProfile(name="Вера", language=Language.RUSSIAN))
        russian = texts(page("process.py", people.viewer))
        assert "Когда проводить постмортем" in russian
        assert "Содержание" in russian

    def test_shows_no_mark_of_its_own_making(self, people, page):
        said = texts(page("process.py", people.anna))
        for mark in ("<!--", ".md)", ".py)", "Version:**"):
            assert mark not in said

    def test_shows_the_workspaces_own_figures_where_they_differ(self, people, page):
        assert not page("process.py", people.anna).info
        usual = dict.fromkeys(REQUIRING, USUAL_HOURS)
        with acting.as_user(people.manager):
            run(
                ChangePolicy(
                    base_number=1, p1_minutes=45, drafted_hours=usual | {Rule.P0: 24}, published_hours=usual
                )
            )  # fmt: skip
        (said,) = [each.value for each in page("process.py", people.anna).info]
        assert "after 45 minutes of impact; usual: 30 minutes" in said
        assert "Draft shared, every P0: 24 hours; usual: 48 hours" in said
        assert "policy 2" in said
        assert said.count("usual:") == 2

    def test_template_is_offered(self, people, page):
        shown = page("process.py", people.anna, query={"part": "template"})
        assert "## Executive Summary" in shown.code[0].value

    def test_an_address_that_means_nothing_shows_the_process(self, people, page):
        shown = page("process.py", people.anna, query={"part": "nonsense", "who": "x"})
        assert not shown.exception
        assert "When to conduct a post-mortem" in texts(shown)

    def test_a_missing_document_is_said(self, people, page, monkeypatch, tmp_path):
        monkeypatch.setattr(handbook, "DOCS", tmp_path)
        shown = page("process.py", people.anna)
        assert "POST_MORTEM_PROCESS.md is missing" in shown.error[0].value


class TestApproval:
    def test_is_offered_to_managers_only(self, people, page):
        for somebody in (people.anna, people.cto, people.administrator):
            assert "process-approve" not in keys(page("process.py", somebody), "button")
        assert "process-approve" in keys(page("process.py", people.manager), "button")

    def test_is_given_shown_and_taken_back(self, people, page):
        shown = page("process.py", people.manager)
        shown.button(key="process-approve").click().run()
        assert not shown.exception
        assert "Approved" in texts(shown)
        assert "by Maria Kim on 14 Dec 2025, MSK (UTC+3), version 1.1." in texts(shown)
        assert "process-approve" not in keys(shown, "button")
        shown.button(key="undo-button").click().run()
        assert "Not approved yet" in texts(shown)

    def test_of_an_older_text_says_what_changed_hands(self, people, page, monkeypatch):
        page("process.py", people.manager).button(key="process-approve").click().run()
        with acting.as_user(people.manager):
            text = ask.process_approval()
        newer = ProcessText(version="1.1", content_hash="b" * 64, texts=handbook.process().texts)
        monkeypatch.setattr(handbook, "process", lambda: newer)
        shown = page("process.py", people.manager)
        assert "Changed since it was approved" in texts(shown)
        assert f"Maria Kim approved version {text.version}" in texts(shown)
        assert shown.button(key="process-approve").label == "Approve version 1.1"

    def test_of_a_text_that_has_just_changed_is_refused(self, people, page, monkeypatch):
        with acting.as_user(people.manager):
            seen = replace(ask.process_approval(), content_hash="a" * 64)
        monkeypatch.setattr(ask, "process_approval", lambda: seen)
        shown = page("process.py", people.manager)
        shown.button(key="process-approve").click().run()
        assert "Read it again" in shown.error[0].value
        assert "process-approve" in keys(shown, "button")


class TestTheChecklist:
    def test_is_ticked_and_unticked(self, newcomer, people, page):
        shown = page("process.py", newcomer, query=CHECKLIST)
        assert not shown.exception
        assert "Your checklist" in texts(shown)
        assert len(shown.checkbox) == len(OnboardingStep)
        shown.checkbox(key=f"tick-{newcomer}-{FIRST}").check().run()
        with acting.as_user(newcomer):
            assert list(ask.checklist(newcomer).ticked) == [FIRST]
        assert shown.checkbox(key=f"tick-{newcomer}-{FIRST}").value
        shown.checkbox(key=f"tick-{newcomer}-{FIRST}").uncheck().run()
        with acting.as_user(newcomer):
            assert not ask.checklist(newcomer).ticked

    def test_shows_what_others_ticked_meanwhile(self, newcomer, people, page):
        shown = page("process.py", newcomer, query=CHECKLIST)
        with acting.as_user(people.manager):
            run(TickStep(user_id=newcomer, step=SECOND))
        shown.run()
        assert shown.checkbox(key=f"tick-{newcomer}-{SECOND}").value
        assert "by Maria Kim" in "\n".join(each.value for each in shown.caption)

    def test_says_when_all_is_done(self, newcomer, people, page):
        with acting.as_user(newcomer):
            for step in OnboardingStep:
                run(TickStep(user_id=newcomer, step=step))
        assert "All steps are done" in page("process.py", newcomer, query=CHECKLIST).success[0].value

    def test_without_one_is_to_be_read(self, newcomer, people, page):
        shown = page("process.py", people.boris, query=CHECKLIST)
        assert not shown.checkbox
        assert "Nothing to tick" in texts(shown)
        assert "Know the blameless rules" in texts(shown)

    def test_of_somebody_else_is_not_shown(self, newcomer, people, page):
        shown = page("process.py", people.boris, query={**CHECKLIST, "who": str(newcomer)})
        assert not shown.checkbox
        assert "Anna" not in texts(shown)

    def test_a_tick_that_is_refused_says_why_and_is_not_shown(self, newcomer, people, page):
        shown = page("process.py", newcomer, query=CHECKLIST)
        with acting.as_user(people.manager):
            run(EndOnboarding(user_id=newcomer))
        shown.checkbox(key=f"tick-{newcomer}-{FIRST}").check().run()
        assert "no open checklist" in shown.error[0].value

    def test_home_points_to_it_until_it_is_done(self, newcomer, people, page):
        assert "Get to know the process" in texts(page("", newcomer))
        assert "Get to know the process" not in texts(page("", people.boris))
        with acting.as_user(newcomer):
            for step in OnboardingStep:
                run(TickStep(user_id=newcomer, step=step))
        assert "Get to know the process" not in texts(page("", newcomer))


class TestManagers:
    def test_see_everybody_and_open_one(self, newcomer, people, page):
        shown = page("process.py", people.manager, query=CHECKLIST)
        assert "**Anna Petrova**" in texts(shown)
        shown.button(key=f"newcomer-open-{newcomer}").click().run()
        assert "Checklist of Anna Petrova" in texts(shown)
        shown.checkbox(key=f"tick-{newcomer}-{FIRST}").check().run()
        with acting.as_user(newcomer):
            assert ask.checklist(newcomer).ticked[FIRST].by == "Maria Kim"

    def test_begin_one(self, people, page):
        shown = page("process.py", people.administrator, query=CHECKLIST)
        assert shown.button(key="newcomer-begin").disabled
        shown.selectbox(key="newcomer").select(people.boris).run()
        shown.button(key="newcomer-begin").click().run()
        assert not shown.exception
        assert "Checklist of Boris Ivanov" in texts(shown)

    def test_put_one_away_and_take_it_out_again(self, newcomer, people, page):
        shown = page("process.py", people.manager, query=CHECKLIST)
        shown.button(key=f"newcomer-end-{newcomer}").click().run()
        assert "**Anna Petrova**" not in texts(shown)
        shown.button(key="undo-button").click().run()
        assert "**Anna Petrova**" in texts(shown)


@pytest.mark.parametrize("part", ["process", "checklist", "template"])
def test_asks_few_questions(newcomer, people, page, statements, part):
    with acting.as_user(people.manager):
        for other in (people.boris, people.lead, people.cto):
            run(BeginOnboarding(user_id=other))
        for step in OnboardingStep:
            run(TickStep(user_id=newcomer, step=step))
    shown = page("process.py", people.manager, query={"part": part, "who": str(newcomer)})
    with statements() as said:
        acting.forget()
        shown.run()
    assert not shown.exception
    assert len(said) <= 6, said
