"""What is folded away is drawn once it was opened, and from then on; what the address said of it is not forgotten."""

import pytest

from pmcore.domain.vocabulary import Role, SectionKey
from pmcore.usecases.comments import WriteComment
from tests import reviewed
from tests.factories import make_policy, make_service, make_user, make_workspace
from tests.tracked import make_tracked
from wiring import ask, run


@pytest.fixture
def is_unfolded():
    return False


@pytest.fixture
def anna(rows):
    with rows() as session:
        make_workspace(session)
        make_policy(session)
        service, anna = make_service(session).id, make_user(session, "Anna Petrova", Role.ENGINEER).id
        for number in range(3):
            make_tracked(session, f"P0-{number + 1:03}", author=anna, service=service)
    return anna


def keys(seen, kind):
    return {widget.key for widget in getattr(seen, kind)}


@pytest.mark.parametrize(
    ("path", "fold", "kind", "within"),
    [("tracker.py", "tracker-more", "selectbox", "tracker-sort"),
     ("incidents.py", "incidents-more", "selectbox", "incidents-sort")],
    ids=["tracker", "incidents"],
)  # fmt: skip
class TestFilters:
    def test_are_drawn_when_opened_and_stay_drawn(self, page, anna, path, fold, kind, within):
        seen = page(path, anna)
        assert within not in keys(seen, kind)
        seen.session_state[fold] = True
        assert within in keys(seen.run(), kind)
        seen.session_state[fold] = False
        assert within in keys(seen.run(), kind)

    def test_what_the_address_says_holds_while_nobody_opens_them(self, page, anna, path, fold, kind, within):
        seen = page(path, anna, query={"author": str(anna), "since": "2020-01-01"})
        words = path.removesuffix(".py")
        for typed in ("one", "two"):
            seen.text_input(key=f"{words}-text").set_value(typed).run()
            assert not seen.exception
            assert seen.query_params["author"] == str(anna)
            assert seen.query_params["since"] == "2020-01-01"
            assert seen.query_params["text"] == typed

    def test_so_does_what_was_chosen_in_them_after_another_page(self, page, anna, path, fold, kind, within):
        seen = page(path, anna, query={"author": str(anna)})
        seen.session_state[fold] = True
        seen.run()
        seen.switch_page("actions.py").run()
        seen.switch_page(path).run()
        seen.text_input(key=f"{path.removesuffix('.py')}-text").set_value("word").run()
        assert not seen.exception
        assert seen.query_params["author"] == str(anna)


@pytest.fixture
def draft(wired, clock):
    return reviewed.drafted(wired)


def test_a_section_begins_with_its_files_and_optional_fields_folded(page, draft):
    seen = page("write.py", draft.author, query={"id": str(draft.id), "section": "summary"})
    assert not seen.exception
    assert len([box for box in seen.text_area if not box.key.startswith("comment-")]) == 5


def test_the_box_of_a_comment_is_drawn_once_somebody_opens_the_comments(page, draft):
    seen = page("write.py", draft.author, query={"id": str(draft.id), "section": "summary"})
    assert not [box.key for box in seen.text_area if box.key.startswith("comment-")]
    seen.session_state["comments-summary"] = True
    seen.run()
    assert [box.key for box in seen.text_area if box.key.startswith("comment-")]


def test_the_box_of_a_comment_stays_when_the_last_thread_is_resolved(page, draft, as_user):
    """Somebody may be typing into it."""
    with as_user(draft.author):
        thread = run(WriteComment(postmortem_id=draft.id, section=SectionKey.SUMMARY, text="Why so late?"))
    seen = page("write.py", draft.author, query={"id": str(draft.id), "section": "summary"})
    seen = seen.button(key=f"resolve-{thread}").click().run()
    assert not seen.exception
    assert [box.key for box in seen.text_area if box.key.startswith("comment-")]


def test_open_comments_are_shown_to_everybody_at_once(page, draft, as_user):
    with as_user(draft.author):
        run(WriteComment(postmortem_id=draft.id, section=SectionKey.SUMMARY, text="Why so late?"))
    seen = page("write.py", draft.author, query={"id": str(draft.id), "section": "summary"})
    assert any("Why so late?" in text.value for text in seen.markdown)


def test_text_in_a_folded_field_is_kept_when_another_one_is_saved(page, draft, as_user):
    def stored():
        with as_user(draft.author):
            return ask.section(draft.id, SectionKey.SUMMARY).content

    seen = page("write.py", draft.author, query={"id": str(draft.id), "section": "summary"})
    fold = next(box.key for box in seen.text_area if box.key.endswith("-incident")).replace("-incident", "-optional")
    seen.session_state[fold] = True
    seen.run()
    next(box for box in seen.text_area if box.key.endswith("-decision")).set_value("Pay for a second line.").run()
    assert stored()["decision"] == "Pay for a second line."
    again = page("write.py", draft.author, query={"id": str(draft.id), "section": "summary"})
    assert not [box for box in again.text_area if box.key.endswith("-decision")]
    next(box for box in again.text_area if box.key.endswith("-incident")).set_value("Messages came late.").run()
    assert stored()["decision"] == "Pay for a second line."
    assert stored()["incident"] == "Messages came late."
