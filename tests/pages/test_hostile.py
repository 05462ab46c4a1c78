"""Text that tries to be more than text, on every page: it arrives escaped."""

import re

import pytest

from db.models import UserRow
from pages._ui import prose
from pmcore.domain.errors import PmError
from pmcore.domain.vocabulary import SectionKey
from pmcore.usecases.action_items import ProposeItem
from pmcore.words import say
from tests import hostile
from tests.db.test_action_items import terms
from wiring import acting, run

#: A picture, a colour or a formula that Streamlit would draw; `<` is text to it, for no page allows HTML.
_ALIVE = re.compile(r"(?<!\\)!\[|(?<!\\):red\[c|(?<!\\)\$x")
_FENCE = re.compile(r"^```(mermaid)?\n.*?^```$", re.M | re.S)  # not drawn, or by Mermaid: see the browser's test
_LABELLED = ("button", "checkbox", "expander", "radio", "selectbox", "text_input", "text_area", "multiselect")
_SAID = ("markdown", "caption", "title", "header", "subheader", "error", "warning", "info", "success", "toast")


@pytest.fixture
def story(wired, clock):
    return hostile.planted(wired)


def alive(shown):
    told = [each.value for kind in _SAID for each in getattr(shown, kind) if "  classDef why" not in each.value]
    told = [_FENCE.sub("", text) for text in told]
    told += [each.label for kind in _LABELLED for each in getattr(shown, kind)]
    return [text[max(0, found.start() - 80) : found.end() + 40] for text in told for found in _ALIVE.finditer(text)]


def addresses(story):
    one = {"id": str(story.id)}
    for name in ("home", "report", "actions", "tracker", "metrics", "settings", "account"):
        yield f"{name}.py", {}
    yield "metrics.py", {"metric": "p0_completion"}
    yield "incidents.py", {"open": "1"}
    yield "incidents.py", {"open": "2"}
    yield "process.py", {"part": "process"}
    yield "process.py", {"part": "checklist"}
    yield "log.py", {"id": "2"}
    yield "read.py", one
    for key in SectionKey:
        yield "write.py", one | {"section": key.value}


@pytest.mark.parametrize("is_published", [False, True], ids=["in review", "published"])
def test_nothing_in_it_comes_alive(wired, story, page, is_published):
    if is_published:
        hostile.publish(wired, story)
    wrong, seen = [], 0
    for who, looks_at in ((story.author, ""), (story.manager, "home read process"), (story.admin, "home settings")):
        for name, query in addresses(story):
            if looks_at and name.removesuffix(".py") not in looks_at:
                continue
            shown = page(name, who, query=query)
            assert not shown.exception, (name, query)
            wrong += [(name, query, text) for text in alive(shown)]
            seen += "window" in str([each.value for each in shown.markdown])
    assert not wrong, "\n".join(map(str, wrong))
    assert seen > 12  # it was there to be seen


def test_nor_in_what_is_said_after_a_command(wired, story, page):
    shown = page("actions.py", story.manager)
    shown.session_state["flash"] = f"Re-assigned to {hostile.LINE}."
    shown = shown.run()
    assert "window.ran" in shown.toast[0].value
    assert alive(shown) == []


def test_nor_in_a_refusal(wired, story, rows):
    with rows() as session:
        session.get(UserRow, story.lead).active = False
    with acting.as_user(story.author), pytest.raises(PmError) as refused:
        run(ProposeItem(postmortem_id=story.id, terms=terms(story.lead), commit=True))
    assert "window.ran" in say(refused.value)
    assert not _ALIVE.search(prose.sentence(say(refused.value)))
