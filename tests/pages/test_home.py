"""The inbox, through the shell."""

from pmcore.domain.vocabulary import Role, SectionKey, SignRole
from pmcore.usecases.obligations import HandOver
from pmcore.usecases.review import ReturnForChanges
from tests import reviewed
from tests.db.test_inbox import report
from tests.factories import make_policy, make_user, make_workspace
from tests.pages.texts import texts
from wiring import acting, run


def helps(shown, words):
    return [link.proto.help for link in shown.get("page_link") if words in link.label]


def test_says_what_to_do_next_when_it_is_empty(wired, clock, page):
    story = reviewed.begun(wired)
    shown = page("", story.bystander)
    assert not shown.exception
    said = texts(shown)
    assert "Nothing waits for you." in said
    for sentence in ("You owe no post-mortem.", "Nothing came back.", "You have no draft.", "Nobody waits for you."):
        assert sentence in said


def test_what_waits_comes_before_what_is_empty(wired, clock, page):
    """On a phone the second column is below the first."""
    story = reviewed.submitted(wired)
    for who, waits in ((story.lead, "Waiting for my signature"), (story.author, "My drafts")):
        headings = [each.value for each in page("", who).main.markdown if each.value.startswith("## ")]
        assert waits in headings[0]
        assert "Empty for now" in headings[-1]


def test_an_administrator_who_is_alone_is_told_the_first_steps(wired, rows, page):
    with rows() as session:
        make_workspace(session)
        make_policy(session)
        make_user(session, "Example", Role.ENGINEER, active=False)
        ada = make_user(session, "Ada", Role.ADMINISTRATOR).id
    shown = page("", ada)
    assert not shown.exception
    assert [link.label for link in shown.get("page_link")] == ["Invite the others", "Look at the worked example"]
    with rows() as session:
        egor = make_user(session, "Egor", Role.ENGINEER).id
    for user_id in (ada, egor):
        assert "First steps" not in texts(page("", user_id))


def test_starts_what_is_owed(wired, clock, page):
    story = reviewed.begun(wired)
    clock.forward(minutes=1)
    with acting.as_user(story.author):
        incident_id = report("Chat <b>is</b> :red[down]")
    shown = page("", story.author)
    assert "h left" in texts(shown) or "d left" in texts(shown)
    assert "<b>" not in texts(shown)
    shown.button(key=f"start-{incident_id}").click().run()
    assert not shown.exception
    links = [link.proto for link in page("", story.author).get("page_link")]
    assert [link.page for link in links if link.label.startswith("*Go on* ")] == ["write", "write"]


def test_shows_what_came_back_and_what_waits(wired, clock, page):
    story = reviewed.submitted(wired)
    with acting.as_user(story.lead):
        run(ReturnForChanges(postmortem_id=story.id, role=SignRole.TECH_LEAD, reasons="Why [twice](javascript:x)?"))
    shown = page("", story.author)
    assert "Boris Lead" in texts(shown)
    assert "Why \\[twice\\]" in texts(shown)
    assert "14 Dec 2025, 15:00 MSK (UTC+3)" in helps(shown, "Why ")  # exactly when, on hover


def test_shows_what_waits_for_a_signature(wired, clock, page):
    story = reviewed.submitted(wired)
    shown = page("", story.cto)
    assert "you sign as CTO" in texts(shown)
    reviewed.sign(wired, story, SignRole.CTO)
    assert "you sign as CTO" not in texts(page("", story.cto))
    reviewed.write(wired, story, SectionKey.SUMMARY, incident="More")
    assert "Changed since you signed" in texts(page("", story.cto))


def test_shows_my_items(wired, clock, page):
    story = reviewed.published(wired)
    assert "Watch the pool" in texts(page("", story.author))


def test_asks_few_questions(wired, clock, page, statements):
    story = reviewed.submitted(wired)
    clock.forward(minutes=1)
    with acting.as_user(story.author):
        for number in range(7):
            report(f"Chat {number}")
    shown = page("", story.author)
    with statements() as said:
        acting.forget()
        shown.run()
    assert len(said) <= 11, said


def test_offers_a_report_to_those_who_may(wired, clock, rows, page):
    story = reviewed.begun(wired)
    with rows() as session:
        viewer = make_user(session, "Vera Popova", Role.VIEWER).id
    for user_id, offered in ((story.bystander, True), (viewer, False)):
        assert ("Report an incident" in [button.label for button in page("", user_id).button]) is offered


def test_what_was_handed_over_is_told_to_both_until_they_have_seen_it(wired, clock, page):
    story = reviewed.begun(wired)
    with acting.as_user(story.author):
        run(HandOver(incident_id=story.incident_id, to_id=story.bystander, note="The log is :red[full]"))
    given, taken = page("", story.author), page("", story.bystander)
    assert not given.exception
    assert "Anna Petrova handed it over to Egor Engineer" in texts(given)
    assert "Anna Petrova handed it over to you" in texts(taken)
    assert ":red[full]" not in texts(taken)
    (button,) = [each for each in taken.button if each.key.startswith("seen-hand-over-")]
    taken = button.click().run()
    assert not taken.exception
    assert "handed it over" not in texts(taken)
    assert "handed it over" in texts(page("", story.author))
