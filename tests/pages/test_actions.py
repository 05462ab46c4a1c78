"""The actions page: mine in rows, saved in one go; all in a list."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from db.models import ActionItemRow
from pmcore.domain.action_item import Progress
from pmcore.domain.vocabulary import ActionState
from pmcore.usecases.action_items import ProposeItem
from pmcore.usecases.review import ShareDraft
from tests import reviewed
from tests.db.test_action_items import terms
from tests.pages.refused import beside
from wiring import acting, run


@pytest.fixture
def story(wired, clock):
    """Shared, with three promises: two of the author's, one of the lead's."""
    story = reviewed.begun(wired)
    with acting.as_user(story.author):
        for owner, title in ((story.author, "One"), (story.author, "Two <b>& $x$"), (story.lead, "Three")):
            run(ProposeItem(postmortem_id=story.id, terms=terms(owner, title=title), commit=True))
        run(ShareDraft(postmortem_id=story.id))
    return story


def states(engine):
    with Session(engine) as session:
        return list(session.scalars(select(ActionItemRow.state).order_by(ActionItemRow.number)))


def say(shown, item, progress, note=""):
    """A row opens once something is said of it."""
    shown.button_group(key=f"mine-progress-{item}-1").set_value(progress).run()
    shown.text_input(key=f"mine-note-{item}-1").set_value(note)


def save(shown):
    return shown.button(key="mine-save").click().run()


def test_two_items_in_one_go(wired, story, page):
    shown = page("actions.py", story.author)
    assert not shown.exception
    say(shown, 1, Progress.ON_TRACK)
    say(shown, 2, Progress.DONE, "https://example.org/mr/2")
    shown = save(shown)
    assert not shown.exception
    assert states(wired) == ["in_progress", "done", "committed"]
    assert shown.toast[0].value == "2 items saved."


def test_a_refusal_stands_at_its_row_and_keeps_what_was_typed(wired, story, page):
    shown = page("actions.py", story.author)
    say(shown, 1, Progress.ON_TRACK, "Going well")
    say(shown, 2, Progress.BLOCKED, " ")
    shown = save(shown)
    assert [error.value for error in shown.error] == ["Say what blocks AI-2, so that somebody can help."]
    assert shown.text_input(key="mine-note-1-1").value == "Going well"
    assert states(wired) == ["committed"] * 3


def test_nothing_chosen(wired, story, page):
    shown = save(page("actions.py", story.author))
    assert "Say how an item stands" in shown.info[0].value
    assert states(wired) == ["committed"] * 3


def test_a_row_opens_when_something_is_said_of_it_and_keeps_its_note(wired, story, page):
    shown = page("actions.py", story.author)
    assert not [each for each in shown.text_input if each.key.startswith("mine-note")]
    say(shown, 1, Progress.DONE, "It goes well")
    assert [each.key for each in shown.text_input if each.key.startswith("mine-note")] == ["mine-note-1-1"]
    shown.button_group(key="mine-progress-1-1").set_value(None).run()
    assert shown.text_input(key="mine-note-1-1").value == "It goes well"
    shown = save(shown)
    assert "Choose on track" in shown.error[0].value
    assert states(wired) == ["committed"] * 3


def test_somebody_without_items_is_told_so(story, page):
    shown = page("actions.py", story.bystander)
    assert not shown.exception
    assert any("Nothing waits for you" in each.value for each in shown.markdown)
    assert "mine-save" not in {each.key for each in shown.button}


def test_filters_go_into_the_address_and_come_back(story, page):
    shown = page("actions.py", story.manager)
    shown.multiselect(key="actions-states").set_value([ActionState.DONE]).run()
    assert shown.query_params["state"] == "done"
    assert any("Nothing matches" in each.value for each in shown.markdown)
    again = page("actions.py", story.manager, query={"text": "three", "sort": "owner"})
    assert again.text_input(key="actions-text").value == "three"
    assert list(again.dataframe[0].value["item"]) == ["P0-001/AI-3"]
    again.button(key="actions-clear").click().run()
    assert again.text_input(key="actions-text").value == ""
    assert len(again.dataframe[0].value) == 3


def test_an_address_that_cannot_be_read_shows_the_usual_list(story, page):
    shown = page("actions.py", story.manager, query={"owner": "x", "page": "-1", "sort": "<script>"})
    assert not shown.exception
    assert len(shown.dataframe[0].value) == 3


def chosen(page, user, *rows):
    shown = page("actions.py", user)
    shown.session_state["actions-table-1"] = {"selection": {"rows": list(rows), "columns": [], "cells": []}}
    return shown.run()


def test_a_lead_reassigns_in_bulk(wired, story, page):
    shown = chosen(page, story.lead, 0, 1)
    assert not shown.exception
    shown.selectbox(key="actions-new-owner").set_value(story.bystander)
    shown.button(key="actions-reassign-save").click().run()
    with Session(wired) as session:
        assert list(session.scalars(select(ActionItemRow.owner_id).order_by(ActionItemRow.number))) == [
            story.bystander, story.bystander, story.lead,
        ]  # fmt: skip


def test_reassigning_needs_a_person(story, page):
    shown = chosen(page, story.lead, 0)
    shown.button(key="actions-reassign-save").click().run()
    assert [error.value for error in shown.error] == ["Choose who takes over."]


def test_an_engineer_is_not_offered_it(story, page):
    shown = chosen(page, story.bystander, 0)
    assert "actions-reassign-save" not in {each.key for each in shown.button}


def test_one_row_is_extended_with_its_reason(wired, story, page):
    shown = chosen(page, story.author, 0)
    later = date(2026, 1, 20)
    shown.date_input(key="actions-extend-due-1").set_value(later)
    shown = shown.button(key="actions-extend-save").click().run()
    assert "more time" in shown.error[0].value
    assert "more time" in beside(shown, "actions-extend-why-1")
    shown.text_input(key="actions-extend-why-1").set_value("The cluster is frozen")
    shown.button(key="actions-extend-save").click().run()
    with Session(wired) as session:
        row = session.get_one(ActionItemRow, 1)
    assert (row.due_on, row.original_due_on) == (later, date(2025, 12, 21))


def test_reading_it_takes_few_statements(story, page, statements):
    acting.forget()
    with statements() as said:
        page("actions.py", story.author)
    assert len(said) <= 12, said


def test_overdue_is_said_in_words(story, page, clock):
    clock.now += timedelta(days=8)
    shown = page("actions.py", story.author)
    assert any("Overdue" in each.value for each in shown.markdown)
    assert "Overdue" in shown.dataframe[0].value["marks"][0]
