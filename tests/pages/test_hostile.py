"""Text that tries to be more than text, on every page: it arrives escaped."""

import re

import pytest

from pmcore.domain.vocabulary import SectionKey
from tests import hostile

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
    for name in ("home", "report", "actions", "tracker", "settings", "account"):
        yield f"{name}.py", {}
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
