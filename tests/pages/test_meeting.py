"""The meeting, day 10 and day 30, feedback: through the shell."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from db.models import (
    ActionItemRow,
    AttendeeRow,
    EscalationRow,
    FeedbackRow,
    IncidentRow,
    MeetingRow,
    PostmortemRow,
    TimeSpentRow,
    VerdictRow,
)
from pmcore.domain.rail_vocabulary import Opinion, Verdict
from pmcore.usecases.meeting import SaveNotes
from tests import reviewed
from tests.db.test_rail import blocked
from tests.pages.texts import texts
from tests.rail import held, scheduled
from wiring import acting, ask, run


def stored(engine, row):
    with Session(engine) as session:
        return session.scalars(select(row)).all()


def meeting(page, user_id, story):
    shown = page("meeting.py", user_id, {"id": str(story.id)})
    assert not shown.exception
    return shown


def test_is_scheduled_from_the_rail(wired, clock, page):
    story = reviewed.begun(wired)
    shown = page("read.py", story.author, {"id": str(story.id)})
    assert "Schedule the meeting" in [link.label for link in shown.get("page_link")]
    shown = meeting(page, story.author, story)
    shown.button(key="meeting-save").click().run()
    assert "who presents and who facilitates" in shown.error[0].value
    people = {person.name: person for person in ask_people(story)}
    shown.selectbox(key="meeting-facilitator").set_value(people["Boris Lead"])
    shown.text_input(key="meeting-place").set_value("Room 5")
    shown.button(key="meeting-save").click().run()
    assert not shown.exception
    assert not shown.error, shown.error[0].value
    (row,) = stored(wired, MeetingRow)
    assert (row.minutes, row.place, row.presenter_id) == (60, "Room 5", story.author)
    assert "Room 5" in texts(shown)


def test_runs_from_the_first_minute_to_the_last(wired, clock, page):
    story = scheduled(wired, story=reviewed.drafted(wired))
    shown = meeting(page, story.bystander, story)
    assert shown.radio(key="meeting-step").value == "timeline"
    shown.button(key="meeting-begin").click().run()
    clock.forward(minutes=16)
    shown = meeting(page, story.bystander, story)
    assert "Minute 16 of 60" in texts(shown)
    assert "Root cause" in texts(shown).split("Minute 16")[1]
    shown.button(key="meeting-end").click().run()
    assert shown.error[0].value == "Tick who was there first."
    shown.checkbox(key=f"attended-{story.lead}").check().run()
    assert not shown.exception
    assert [row.user_id for row in stored(wired, AttendeeRow) if row.attended] == [story.lead]
    shown.button(key="meeting-end").click().run()
    assert stored(wired, MeetingRow)[0].held_at is not None
    assert "1 of 3 required people were there." in texts(meeting(page, story.author, story))
    shown.button(key="undo-button").click().run()
    assert stored(wired, MeetingRow)[0].held_at is None


def test_notes_are_kept_and_nobody_overwrites_them_unseen(wired, clock, page):
    story = scheduled(wired)
    shown = meeting(page, story.bystander, story)
    shown.text_area(key=f"meeting-notes-{story.id}").set_value("Said **x** <b>")
    with acting.as_user(story.author):
        run(SaveNotes(postmortem_id=story.id, notes="Others", version=1))
    shown.button(key="meeting-notes-save").click().run()
    assert shown.text_area(key=f"meeting-notes-{story.id}").value == "Said **x** <b>"
    assert stored(wired, MeetingRow)[0].notes == "Others"
    assert "Others" in texts(shown)
    assert "Somebody else saved" in shown.warning[0].value
    shown.button(key="meeting-notes-save").click().run()
    assert stored(wired, MeetingRow)[0].notes == "Said **x** <b>"
    assert not shown.warning
    with acting.as_user(story.author):
        run(SaveNotes(postmortem_id=story.id, notes="News", version=3))
    assert shown.run().text_area(key=f"meeting-notes-{story.id}").value == "News"


def test_catches_items_as_proposals(wired, clock, page):
    story = scheduled(wired, story=reviewed.published(wired))
    shown = meeting(page, story.bystander, story)
    assert "opens its next edition" in texts(shown)
    shown.button(key="catch-go").click().run()
    assert "Say what will be done" in shown.error[0].value
    shown.text_input(key="catch-title-0").set_value("Alert on the pool")
    shown.button(key="catch-go").click().run()
    assert not shown.exception
    assert stored(wired, ActionItemRow)[-1].state == "proposed"
    assert stored(wired, PostmortemRow)[0].amendment == "draft"


def test_somebody_invited_sees_it_and_ticks_oneself(wired, clock, page):
    story = scheduled(wired)
    assert "Egor Engineer facilitates" in texts(page("", story.cto))
    shown = meeting(page, story.cto, story)
    keys = {button.key for button in shown.button}
    assert "meeting-begin" in keys  # the CTO settles what is owed
    shown.checkbox(key=f"attended-{story.cto}").check().run()
    assert [row.user_id for row in stored(wired, AttendeeRow) if row.attended] == [story.cto]


def test_an_unshared_text_is_not_shown_to_the_invited(wired, clock, page):
    story = scheduled(wired, story=reviewed.drafted(wired))
    shown = meeting(page, story.bystander, story)
    assert "not shared with you yet" in texts(shown)
    assert "500s" not in "\n".join(each.proto.body for each in shown.get("html"))


def test_restricted_meetings_are_nobody_else_s(wired, clock, page):
    story = scheduled(wired)
    with Session(wired.execution_options(writes=True)) as session, session.begin():
        session.get(IncidentRow, story.incident_id).restricted = True
    assert "There is nothing here under this address" in texts(meeting(page, story.bystander, story))
    assert "Mail is down" not in texts(page("", story.bystander))


def test_day_ten_and_day_thirty(wired, clock, page):
    story = blocked(wired)
    shown = page("read.py", story.author, {"id": str(story.id)})
    assert "0 of 1 items finished, 1 blocked" in texts(shown)
    (item,) = stored(wired, ActionItemRow)
    shown.button(key=f"escalate-{item.id}-go").click().run()
    assert "Say what you need" in shown.error[0].value
    shown.text_area(key=f"escalate-{item.id}-reason").set_value("Access to <b>production</b>")
    shown.button(key=f"escalate-{item.id}-go").click().run()
    assert not shown.exception
    (escalated,) = stored(wired, EscalationRow)
    assert "Access to" not in texts(page("", story.lead))
    home = page("", story.manager)
    assert "Escalated to me" in texts(home)
    home.text_area(key=f"answer-{escalated.id}-text").set_value("Granted")
    home.button(key=f"answer-{escalated.id}-go").click().run()
    assert not home.exception
    assert "Escalated to me" not in texts(page("", story.manager))
    assert "Granted" in texts(page("read.py", story.author, {"id": str(story.id)}))
    assert "judge-go" not in {button.key for button in page("read.py", story.author, {"id": str(story.id)}).button}
    shown = page("read.py", story.lead, {"id": str(story.id)})
    shown.button(key="judge-go").click().run()
    assert "Choose one" in shown.error[0].value
    shown.radio(key="judge-verdict").set_value(Verdict.NOT_EXERCISED)
    shown.button(key="judge-go").click().run()
    assert "what the verdict rests on" in shown.error[0].value.casefold()
    shown.text_area(key="judge-reason").set_value("No such load since")
    shown.button(key="judge-go").click().run()
    assert [row.reason for row in stored(wired, VerdictRow)] == ["No such load since"]
    assert "No such load since" in texts(shown)


def test_feedback_from_three(wired, clock, page):
    story = reviewed.published(wired)
    with Session(wired.execution_options(writes=True)) as session, session.begin():
        session.get(IncidentRow, story.incident_id).dry_run = True
    shown = page("read.py", story.author, {"id": str(story.id)})
    people = {person.name: person for person in ask_people(story)}
    shown.multiselect(key="ask-feedback-people").set_value([people["Boris Lead"], people["Egor Engineer"]])
    shown.button(key="ask-feedback-go").click().run()
    assert "at least 3" in shown.error[0].value
    three = [people[name] for name in ("Boris Lead", "Egor Engineer", "Clara Chief")]
    shown.multiselect(key="ask-feedback-people").set_value(three)
    shown.button(key="ask-feedback-go").click().run()
    assert not shown.exception
    assert len(stored(wired, FeedbackRow)) == 3
    assert "You wait for 3 people." in texts(page("", story.author))
    assert "Anna Petrova asks what you think of it" in texts(page("", story.bystander))
    form = page("feedback.py", story.bystander, {"id": str(story.id)})
    form.text_area(key="feedback-missing").set_value("A field for <script>")
    form.button(key="feedback-go").click().run()
    assert "Answer both questions" in form.error[0].value
    assert form.text_area(key="feedback-missing").value == "A field for <script>"
    form.radio(key="feedback-easy").set_value(Opinion.YES)
    form.radio(key="feedback-clear").set_value(Opinion.PARTLY)
    form.button(key="feedback-go").click().run()
    assert not form.exception
    shown = page("read.py", story.author, {"id": str(story.id)})
    assert "clear: Partly" in texts(shown).replace("**", "")
    assert "A field for &lt;script>" in texts(shown)
    assert "asks what you think" not in texts(page("", story.bystander))
    assert "Nobody asked you" in texts(page("feedback.py", story.manager, {"id": str(story.id)}))


def ask_people(story):
    with acting.as_user(story.author):
        return ask.people()


def test_time_is_noted_and_taken_back(wired, clock, page):
    story = reviewed.begun(wired)
    shown = page("read.py", story.author, {"id": str(story.id)})
    shown.number_input(key="time-minutes").set_value(90)
    shown.button(key="time-go").click().run()
    assert not shown.exception
    assert "Writing 1 h 30 min" in texts(shown)
    assert "2–4 hours are meant to be enough" in texts(shown)
    shown.button(key="undo-button").click().run()
    assert stored(wired, TimeSpentRow) == []


@pytest.mark.parametrize("path", ["meeting.py", "feedback.py"])
@pytest.mark.parametrize("address", ["999", "x", ""])
def test_an_address_of_nothing_says_so(wired, clock, page, path, address):
    story = reviewed.begun(wired)
    shown = page(path, story.author, {"id": address})
    assert not shown.exception
    assert "There is nothing here under this address" in texts(shown)


def test_a_meeting_that_was_held_stands_in_no_inbox(wired, clock, page):
    story = scheduled(wired)
    assert "Room 5" in texts(page("", story.lead))
    held(story)
    assert "Room 5" not in texts(page("", story.lead))
