"""Writing action items and the whys."""

from datetime import date

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from db.models import ActionItemRow, UserRow
from pmcore.domain.vocabulary import ActionPriority, SectionKey
from tests import reviewed
from wiring import acting, ask


@pytest.fixture
def story(wired, clock):
    return reviewed.begun(wired)


@pytest.fixture
def opened(story, page):
    def opened(section, user=None):
        shown = page("write.py", user or story.author, query={"id": str(story.id), "section": section})
        assert not shown.exception
        return shown

    return opened


def words(shown):
    return "\n".join(each.value for each in (*shown.markdown, *shown.caption, *shown.error, *shown.warning))


def items(engine):
    with Session(engine) as session:
        rows = session.scalars(
            select(ActionItemRow).where(ActionItemRow.deleted_at.is_(None)).order_by(ActionItemRow.number)
        )
        return [(row.number, row.title, row.state, row.owner_id, row.due_on) for row in rows]


class TestActionItems:
    def new(self, shown, story, title, **typed):
        name = f"item-form-new-{story.id}"
        shown = shown.button(key="item-add").click().run()
        shown.text_input(key=f"{name}-title").set_value(title)
        if "owner" in typed:
            shown.selectbox(key=f"{name}-owner").set_value(typed["owner"])
        if "criterion" in typed:
            shown.text_area(key=f"{name}-criterion").set_value(typed["criterion"])
        if "priority" in typed:
            shown.selectbox(key=f"{name}-priority").set_value(typed["priority"])
            shown = shown.run()
        return shown.button(key=f"{name}-{typed.get('button', 'commit')}").click().run()

    def test_a_promise_gets_its_due_date_from_its_priority(self, wired, story, opened):
        shown = self.new(
            opened("action_items"),
            story,
            "Watch it",
            owner=story.lead,
            criterion="Seen",
            priority=ActionPriority.MEDIUM,
        )
        assert not shown.exception
        assert items(wired) == [(1, "Watch it", "committed", story.lead, date(2026, 1, 13))]
        assert "AI-1" in words(shown)

    def test_a_refusal_names_what_a_promise_lacks_and_keeps_the_text(self, wired, story, opened):
        shown = self.new(opened("action_items"), story, "Watch it")
        assert shown.error[0].value == "AI-1 needs an owner: one person."
        assert shown.text_input(key=f"item-form-new-{story.id}-title").value == "Watch it"
        assert items(wired) == []

    def test_a_due_date_in_the_past_is_refused_and_all_that_was_typed_stays(self, wired, story, opened):
        shown = opened("action_items").button(key="item-add").click().run()
        name = f"item-form-new-{story.id}"
        shown.text_input(key=f"{name}-title").set_value("Watch it")
        shown.selectbox(key=f"{name}-owner").set_value(story.lead)
        shown.text_area(key=f"{name}-criterion").set_value("Seen")
        shown.date_input(key=f"{name}-due-high").set_value(date(2025, 12, 13))
        for button in ("commit", "propose"):
            shown = shown.button(key=f"{name}-{button}").click().run()
            assert shown.error[0].value == "This due date has passed already. Choose a day from today on."
            assert any("This due date has passed" in each.value for each in shown.markdown)
        assert shown.text_input(key=f"{name}-title").value == "Watch it"
        assert shown.text_area(key=f"{name}-criterion").value == "Seen"
        assert shown.date_input(key=f"{name}-due-high").value == date(2025, 12, 13)
        assert items(wired) == []

    def test_an_owner_deactivated_meanwhile_is_refused_and_all_that_was_typed_stays(self, wired, story, opened, rows):
        shown = opened("action_items").button(key="item-add").click().run()
        name = f"item-form-new-{story.id}"
        shown.text_input(key=f"{name}-title").set_value("Watch it")
        shown.selectbox(key=f"{name}-owner").set_value(story.lead)
        shown = shown.text_area(key=f"{name}-criterion").set_value("Seen").run()
        with rows() as session:
            session.get(UserRow, story.lead).active = False
        shown = shown.button(key=f"{name}-commit").click().run()
        assert not shown.exception
        assert shown.error[0].value == "Boris Lead was deactivated. Choose somebody else as the owner."
        assert shown.text_input(key=f"{name}-title").value == "Watch it"
        assert shown.text_area(key=f"{name}-criterion").value == "Seen"
        assert items(wired) == []

    def test_a_proposal_may_wait_and_says_for_what(self, wired, story, opened):
        shown = self.new(opened("action_items"), story, "Perhaps", button="propose")
        assert [row[2] for row in items(wired)] == ["proposed"]
        assert "needs an owner, a success criterion" in words(shown)
        shown = shown.button(key="item-commit-all").click().run()
        assert "AI-1 needs an owner" in shown.error[0].value

    def test_edited_deleted_and_brought_back(self, wired, story, opened):
        shown = self.new(opened("action_items"), story, "Watch it", owner=story.lead, criterion="Seen")
        shown.button(key="item-edit-1").click().run()
        shown.text_input(key="item-form-1-title").set_value("Watch it <b>well</b>")
        shown = shown.button(key="item-form-1-commit").click().run()
        assert items(wired)[0][1] == "Watch it <b>well</b>"
        shown.button(key="item-edit-1").click().run()
        shown = shown.button(key="item-form-1-delete").click().run()
        assert items(wired) == []
        shown.button(key="item-undo").click().run()
        assert items(wired)[0][1] == "Watch it <b>well</b>"

    def test_none_because(self, story, opened):
        shown = opened("action_items")
        (reason,) = [each for each in shown.text_area if each.key and each.key.endswith("none_because")]
        reason.set_value("The cause is gone")
        (save,) = [each for each in shown.button if each.key and each.key.endswith("-save")]
        save.click().run()
        with acting.as_user(story.author):
            assert ask.section(story.id, SectionKey.ACTION_ITEMS).content["none_because"] == "The cause is gone"

    def test_after_publication_it_is_read_only(self, wired, clock, page):
        story = reviewed.published(wired)
        shown = page("write.py", story.author, query={"id": str(story.id), "section": "action_items"})
        assert not shown.exception
        assert "item-add" not in {each.key for each in shown.button}


class TestWhys:
    def button(self, shown, name):
        (found,) = [each for each in shown.button if each.key and each.key.endswith(name)]
        return found

    def type(self, shown, **texts):
        for column, text in texts.items():
            (box,) = [each for each in shown.text_input if each.key and each.key.endswith(f"-{column}")]
            box.set_value(text)
        return shown.run()

    def save(self, shown):
        return self.button(shown, "-save").click().run()

    def whys(self, story):
        with acting.as_user(story.author):
            return ask.section(story.id, SectionKey.ROOT_CAUSE).content["whys"]

    def test_a_first_why_another_answer_and_asking_on(self, wired, story, opened):
        shown = opened("root_cause")
        shown = self.button(shown, "why-first").click().run()
        shown = self.type(shown, question="Why did it fail?", answer="No pool")
        shown = self.button(shown, "why-done").click().run()
        (other,) = [each for each in shown.button if each.key and "-why-other-" in each.key]
        shown = other.click().run()
        shown = self.type(shown, answer="Leaks", stop_because="known")
        shown = self.button(shown, "why-done").click().run()
        first = next(each for each in shown.button if each.key and "-why-ask-" in each.key)
        shown = first.click().run()
        shown = self.type(shown, question="Why none?", answer="Too small")
        assert not shown.exception
        one, two, three = self.whys(story)
        assert [(each["question"], each["answer"]) for each in (one, two, three)] == [
            ("Why did it fail?", "No pool"), ("Why did it fail?", "Leaks"), ("Why none?", "Too small"),
        ]  # fmt: skip
        assert (one["parent"], two["parent"], three["parent"]) == ("", "", one["id"])
        assert "1a.1. Why none?" in words(shown)

    def test_a_leaf_is_linked_to_an_action_item(self, wired, story, opened):
        with acting.as_user(story.author):
            from pmcore.usecases.action_items import ProposeItem
            from tests.db.test_action_items import terms
            from wiring import run

            run(ProposeItem(postmortem_id=story.id, terms=terms(story.author)))
        reviewed.write(wired, story, SectionKey.ROOT_CAUSE, whys=reviewed.WRITTEN[SectionKey.ROOT_CAUSE]["whys"][:1])
        shown = opened("root_cause")
        shown = self.button(shown, "why-edit-w1").click().run()
        (action,) = [each for each in shown.selectbox if each.key and each.key.endswith("w1-action")]
        shown = action.set_value("1").run()
        self.save(shown)
        assert self.whys(story)[0]["action"] == "1"

    def test_it_advises_and_never_blocks(self, wired, story, opened):
        reviewed.write(wired, story, SectionKey.ROOT_CAUSE, whys=reviewed.WRITTEN[SectionKey.ROOT_CAUSE]["whys"])
        said = words(opened("root_cause"))
        assert "AI-1, which is not among the action items" in said
        assert "2 levels seldom" in said

    def test_a_deleted_why_comes_back_with_what_followed(self, wired, story, opened):
        whys = reviewed.WRITTEN[SectionKey.ROOT_CAUSE]["whys"]
        reviewed.write(wired, story, SectionKey.ROOT_CAUSE, whys=whys)
        shown = opened("root_cause")
        shown = self.button(shown, "why-edit-w1").click().run()
        shown = self.button(shown, "why-delete").click().run()
        assert "1. Why none?" in words(shown)
        shown = self.button(shown, "-undo").click().run()
        assert "1.1. Why none?" in words(shown)

    def test_the_picture_and_the_text(self, wired, story, opened):
        (why, *_others) = reviewed.WRITTEN[SectionKey.ROOT_CAUSE]["whys"]
        whys = [{**why, "question": "Why <b>?", "answer": ":red[x] $y$"}]
        reviewed.write(wired, story, SectionKey.ROOT_CAUSE, whys=whys)
        said = words(opened("root_cause"))
        assert r"\:red\[x\] \$y\$" in said

    @pytest.mark.parametrize("section", ["root_cause", "action_items"])
    def test_opening_takes_few_statements(self, opened, statements, section):
        acting.forget()
        with statements() as said:
            opened(section)
        assert len(said) <= 12, said
