"""A box looks its own value up instead of gathering all that the session knows."""

import pytest
from streamlit.runtime.state.safe_session_state import SafeSessionState
from streamlit.runtime.state.session_state import SessionState
from streamlit.testing.v1 import AppTest

from web import session_values


def page():
    import streamlit as st

    st.session_state.setdefault("mine", "kept")
    st.text_area("A text", value="at first", key="text")
    st.number_input("A number", value=3, key="number", min_value=0)
    st.selectbox("A choice", ["a", "b"], index=1, key="choice")
    st.text_input("Without a key")


@pytest.fixture
def looked_up(monkeypatch):
    monkeypatch.setattr(SafeSessionState, "filtered_state", SafeSessionState.filtered_state)  # put back afterwards
    session_values.look_up()


def test_a_page_does_not_gather_everything_for_its_boxes(looked_up, monkeypatch):
    gathered = []
    all_of_it = SessionState.filtered_state.fget
    monkeypatch.setattr(SessionState, "filtered_state", property(lambda state: gathered.append(1) or all_of_it(state)))
    shown = AppTest.from_function(page).run()
    assert not shown.exception
    assert not gathered
    assert len(shown.session_state._state.filtered_state) == 4
    assert gathered


def test_the_boxes_are_as_without_it(looked_up):
    shown = AppTest.from_function(page)
    shown.session_state["number"] = None
    shown.run()
    assert (shown.text_area[0].value, shown.selectbox[0].value) == ("at first", "b")
    assert shown.number_input[0].value is None, "a box that was emptied stays empty, whatever it began with"
    shown.text_area[0].set_value("typed").run()
    assert shown.text_area[0].value == "typed"


def test_all_of_it_is_what_streamlit_gathers(looked_up):
    shown = AppTest.from_function(page).run()
    safe = shown.session_state._state
    found, gathered = safe.filtered_state, safe._state.filtered_state
    assert isinstance(found, session_values.Values)
    assert dict(found) == gathered == {"mine": "kept", "text": "at first", "number": 3, "choice": "b"}
    assert "nothing" not in found
    assert found.get("nothing") is None
    unnamed = next(key for key in safe._state._keys() if key not in gathered and key.endswith("-None"))
    assert unnamed not in found, "what has no key of the app's is not shown by Streamlit, either"


def test_twice_is_once(looked_up):
    before = SafeSessionState.filtered_state
    session_values.look_up()
    assert SafeSessionState.filtered_state is before
