"""Read & sign, through the shell: what the person sees, and what a click does."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from db.models import ActionItemRow, IncidentRow, PostmortemRow, ReturnRow, SignatureRow, WorkspaceRow
from pmcore.domain.rail_vocabulary import Verdict
from pmcore.domain.vocabulary import SectionKey, SignRole
from pmcore.usecases.amending import StartAmendment
from pmcore.usecases.looking import NoteLook
from pmcore.usecases.publishing import Publish
from pmcore.usecases.retrospective import GiveVerdict
from pmcore.usecases.review import ShareDraft, SubmitForReview
from tests import reviewed
from wiring import acting, run


def read(page, user_id, story, **query):
    return page("read.py", user_id, {"id": str(story.id), **query})


def texts(shown):
    return "\n".join([*(each.value for each in shown.markdown), *(each.proto.body for each in shown.get("html"))])


def stored(engine, query):
    with Session(engine) as session:
        return session.scalars(query).all()


def keys(shown):
    return {button.key for button in shown.button}


def test_a_reviewer_reads_and_signs(wired, clock, page):
    story = reviewed.submitted(wired)
    shown = read(page, story.lead, story)
    assert not shown.exception
    assert "Mail could not be sent." in texts(shown)
    assert "sign-cto" not in keys(shown)
    shown.button(key="sign-tech_lead").click().run()
    assert not shown.exception
    assert [row.role for row in stored(wired, select(SignatureRow))] == ["tech_lead"]
    assert shown.toast[0].value == "Signed as Tech Lead."
    assert "sign-tech_lead" not in keys(shown)
    shown.button(key="withdraw-tech_lead").click().run()
    assert stored(wired, select(SignatureRow))[0].withdrawn_at is not None


def test_the_time_until_publication_is_writing_and_waiting_for_whom(wired, clock, page):
    story = reviewed.drafted(wired)
    assert not [each.value for each in read(page, story.author, story).caption if "writing" in each.value]
    clock.forward(hours=5)
    with acting.as_user(story.author):
        run(SubmitForReview(postmortem_id=story.id, reviewer_ids=story.reviewers))
    clock.forward(hours=2)
    reviewed.sign(wired, story, SignRole.TECH_LEAD)
    reviewed.sign(wired, story, SignRole.ENGINEERING_MANAGER)
    clock.forward(hours=24)
    took = "1 d 11 h so far: 9 h 48 min writing, 1 d 2 h in review (waiting for CTO 1 d 2 h, "
    assert took in "".join(each.value for each in read(page, story.cto, story).caption)
    reviewed.sign(wired, story, SignRole.CTO)
    clock.forward(hours=1)
    with acting.as_user(story.author):
        run(Publish(postmortem_id=story.id))
    clock.forward(days=9)
    (told,) = [each.value for each in read(page, story.bystander, story).caption if "writing" in each.value]
    assert told == (
        "1 d 12 h until published: 9 h 48 min writing, 1 d 2 h in review "
        "(waiting for CTO 1 d 2 h, Tech Lead 2 h, Engineering Manager 2 h), 1 h signed and not published."
    )


def test_what_was_not_shown_is_not_signed(wired, clock, page):
    story = reviewed.submitted(wired)
    shown = read(page, story.lead, story)
    reviewed.write(wired, story, SectionKey.ROOT_CAUSE, root_cause="Aliens")
    shown.button(key="sign-tech_lead").click().run()
    assert "changed while you were reading" in shown.error[0].value
    assert "Aliens" in texts(shown)
    assert stored(wired, select(SignatureRow)) == []
    shown.button(key="sign-tech_lead").click().run()
    assert len(stored(wired, select(SignatureRow))) == 1


def test_a_return_needs_reasons_and_keeps_what_was_typed(wired, clock, page):
    story = reviewed.submitted(wired)
    shown = read(page, story.lead, story)
    shown.text_area(key="return-reasons-tech_lead").set_value("  ")
    shown.button(key="return-tech_lead").click().run()
    assert "Say what should change" in shown.error[0].value
    assert shown.text_area(key="return-reasons-tech_lead").value == "  "
    shown.text_area(key="return-reasons-tech_lead").set_value("Say **why**. <script>alert(1)</script>")
    shown.button(key="return-tech_lead").click().run()
    assert len(stored(wired, select(ReturnRow))) == 1
    assert "<script>" not in texts(read(page, story.author, story))


def test_the_author_submits_and_is_told_what_is_missing(wired, clock, page):
    story = reviewed.begun(wired)
    shown = read(page, story.author, story)
    links = [link.proto for link in shown.get("page_link")]
    assert any("section=root_cause" in link.query_string for link in links)
    assert "submit-go" not in {each.key for each in shown.button}


def test_the_author_names_reviewers_and_submits(wired, clock, page):
    story = reviewed.drafted(wired)
    shown = read(page, story.author, story)
    proposed = {person.name for person in shown.multiselect(key="submit-reviewers").value}
    assert proposed == {"Boris Lead", "Mira Manager", "Clara Chief"}
    shown.button(key="submit-go").click().run()
    assert not shown.exception
    assert stored(wired, select(PostmortemRow))[0].status == "in_review"


def test_publishing_waits_for_signatures_and_then_happens(wired, clock, page):
    story = reviewed.submitted(wired)
    shown = read(page, story.author, story)
    assert any("Tech Lead has not signed" in link.label for link in shown.get("page_link"))
    for role in SignRole:
        reviewed.sign(wired, story, role)
    shown = read(page, story.author, story)
    shown.button(key="publish-go").click().run()
    assert not shown.exception
    assert stored(wired, select(PostmortemRow))[0].edition_number == 1
    assert shown.toast[0].value == "Edition 1 is published."


def test_closing_can_be_taken_back(wired, clock, page):
    story = reviewed.published(wired)
    assert "review-close" not in keys(read(page, story.manager, story))
    with Session(wired.execution_options(writes=True)) as session, session.begin():
        session.scalars(select(ActionItemRow)).one().deleted_at = clock()
    shown = read(page, story.manager, story)
    shown.button(key="review-close").click().run()
    assert "verdict of day 30" in shown.error[0].value
    with acting.as_user(story.manager):
        run(GiveVerdict(postmortem_id=story.id, verdict=Verdict.PREVENTED, reason="It held twice"))
    shown.button(key="review-close").click().run()
    assert stored(wired, select(PostmortemRow))[0].status == "closed"
    shown.button(key="undo-button").click().run()
    assert stored(wired, select(PostmortemRow))[0].status == "published"


def test_an_unshared_draft_shows_its_progress_only(wired, clock, page):
    story = reviewed.drafted(wired)
    shown = read(page, story.bystander, story)
    assert not shown.exception
    assert "Anna Petrova has not shared this draft yet." in texts(shown)
    assert "Mail could not be sent." not in texts(shown)
    with acting.as_user(story.author):
        run(ShareDraft(postmortem_id=story.id))
    assert "Mail could not be sent." in texts(read(page, story.bystander, story))


@pytest.mark.parametrize("query", ["999", "x", "", "9" * 40, "²"])
def test_an_address_of_nothing_says_so(wired, clock, page, query):
    story = reviewed.begun(wired)
    shown = page("read.py", story.author, {"id": query})
    assert not shown.exception
    assert "There is nothing here under this address" in texts(shown)


def test_a_restricted_one_answers_with_the_same_sentence(wired, clock, page):
    story = reviewed.drafted(wired)
    with Session(wired.execution_options(writes=True)) as session, session.begin():
        session.get(IncidentRow, story.incident_id).restricted = True
    assert "There is nothing here under this address" in texts(read(page, story.bystander, story))


def test_hostile_text_is_text(wired, clock, page):
    story = reviewed.drafted(wired)
    evil = "<img src=x onerror=alert(1)> :red[x] $y$ <script>alert(1)</script>"
    reviewed.write(wired, story, SectionKey.SUMMARY, incident=evil)
    reviewed.write(wired, story, SectionKey.ROOT_CAUSE, what_happened=evil + "\n\n[x](javascript:alert(1))")
    shown = read(page, story.author, story)
    body = "\n".join(each.proto.body for each in shown.get("html"))
    assert "<script>" not in body
    assert "<img" not in body
    assert 'href="javascript' not in body
    assert "&lt;img src=x" in body


def test_the_page_asks_few_questions(wired, clock, page, statements):
    story = reviewed.submitted(wired)
    shown = read(page, story.author, story)
    with statements() as said:
        acting.forget()
        shown.run()
    assert len(said) <= 11, said


def test_an_amendment_is_discarded_and_taken_up_again(wired, clock, page):
    story = reviewed.published(wired)
    assert "review-discard" not in keys(read(page, story.author, story))
    with acting.as_user(story.author):
        run(StartAmendment(postmortem_id=story.id))
    reviewed.write(wired, story, SectionKey.SUMMARY, incident="Chat, too.")
    assert "review-discard" not in keys(read(page, story.bystander, story))
    shown = read(page, story.author, story, edition="draft")
    shown.button(key="review-discard").click().run()
    assert not shown.exception
    assert "Mail could not be sent." in texts(shown)
    assert "Chat, too." not in texts(shown)
    assert stored(wired, select(PostmortemRow))[0].amendment is None
    shown.button(key="undo-button").click().run()
    assert stored(wired, select(PostmortemRow))[0].amendment == "draft"
    assert "Chat, too." in texts(read(page, story.author, story, edition="draft"))


@pytest.mark.parametrize("roles_for_names", [False, True])
def test_who_publishes_is_told_which_names_stay(wired, clock, page, rows, roles_for_names):
    story = reviewed.signed(wired)
    with rows() as session:
        session.get(WorkspaceRow, 1).roles_for_names = roles_for_names
    said = "\n".join(each.value for each in read(page, story.author, story).caption)
    assert ("names typed into a text stay" in said) is roles_for_names


def looked(engine, story, user_id):
    with acting.as_user(user_id):
        run(NoteLook(postmortem_id=story.id, seen=reviewed.hashes(engine, story)))


class TestChanges:
    def test_a_reader_sees_what_changed_since_the_last_look(self, wired, clock, page):
        story = reviewed.submitted(wired)
        assert "Changed since you last looked" not in texts(read(page, story.bystander, story))
        looked(wired, story, story.bystander)
        clock.forward(hours=1)
        reviewed.write(wired, story, SectionKey.RESOLUTION, validation="`curl` said 0.999 twice.")
        shown = read(page, story.bystander, story)
        assert not shown.exception
        assert "Changed since you last looked" in texts(shown)
        (change,) = [each for each in shown.expander if "Changed" in each.label]
        assert "Resolution" in change.label
        assert ":green-background[**twice**]" in texts(change)
        assert "reading-view" not in {each.key for each in shown.get("button_group")}

    def test_a_void_signature_shows_what_changed_since(self, wired, clock, page):
        story = reviewed.submitted(wired)
        reviewed.sign(wired, story, SignRole.TECH_LEAD)
        reviewed.write(wired, story, SectionKey.RESOLUTION, validation="`curl` said 0.999 twice.")
        shown = read(page, story.bystander, story)
        (since,) = [each for each in shown.expander if each.label == "What changed since Boris Lead signed"]
        assert ":green-background[**twice**]" in texts(since)

    def test_the_review_of_five_minutes_signs_and_returns(self, wired, clock, page):
        story = reviewed.submitted(wired)
        reviewed.sign(wired, story, SignRole.TECH_LEAD)
        reviewed.write(wired, story, SectionKey.RESOLUTION, validation="`curl` said 0.999 twice.")
        reviewed.write(wired, story, SectionKey.SUMMARY, incident="Not the lead's to read")
        shown = read(page, story.lead, story, view="changes")
        assert not shown.exception
        said = texts(shown)
        assert ":green-background[**twice**]" in said
        assert "the lead's to read" not in said
        assert any("Unchanged since you signed: Incident Details, Timeline" in each.value for each in shown.caption)
        shown.button(key="sign-tech_lead").click().run()
        assert not shown.exception
        assert not shown.error
        assert [row.role for row in stored(wired, select(SignatureRow))] == ["tech_lead", "tech_lead"]
        shown.text_area(key="return-reasons-tech_lead").set_value("Say how").run()
        shown.button(key="return-tech_lead").click().run()
        assert [row.reasons for row in stored(wired, select(ReturnRow))] == ["Say how"]


def test_the_summary_of_the_edition_shown_is_offered_for_copying(wired, clock, page):
    story = reviewed.published(wired)
    with acting.as_user(story.author):
        run(StartAmendment(postmortem_id=story.id))
    reviewed.write(wired, story, SectionKey.SUMMARY, incident="Chat, too. @here {code}")
    slack, jira, mail = (block.value for block in read(page, story.bystander, story).code)
    assert slack.startswith("*Post-mortem P0-001 Mail is down*\nP0 · email-service · ")
    assert slack.endswith(f"/read?id={story.id}&edition=1")
    assert jira.startswith("h3. Post-mortem P0-001 Mail is down")
    assert "Chat, too." not in slack + jira + mail
    slack, jira, mail = (block.value for block in read(page, story.author, story, edition="draft").code)
    assert "*Incident:* Chat, too. ＠here {code}" in slack
    assert "*Incident:* Chat, too. @here \\{code\\}" in jira
    assert mail.endswith(f"/read?id={story.id}&edition=draft")


def test_nothing_is_offered_of_a_draft_that_is_not_shared(wired, clock, page):
    story = reviewed.drafted(wired)
    shown = read(page, story.bystander, story)
    assert not shown.code
    assert "one-page" not in str([link.proto for link in shown.get("link_button")])


def test_a_restricted_summary_is_copied_with_a_warning(wired, clock, page, rows):
    story = reviewed.published(wired)
    said = "paste it only where those may read"
    assert said not in "\n".join(each.value for each in read(page, story.author, story).caption)
    with rows() as session:
        session.get(IncidentRow, story.incident_id).restricted = True
    assert said in "\n".join(each.value for each in read(page, story.author, story).caption)
