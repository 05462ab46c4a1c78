"""What is touched in one moment is done, also outside the fragment that the message names."""

import pytest
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from web.batches import Batches


def frame(*, fragment="f", by_timer=False, clicked=(), texts=None, **values):
    message = BackMsg()
    asked = message.rerun_script
    asked.fragment_id, asked.is_auto_rerun = fragment, by_timer
    asked.query_string = "id=6"
    for name in clicked:
        asked.widget_states.widgets.add(id=name, trigger_value=True)
    for name, value in (texts or {}).items():
        asked.widget_states.widgets.add(id=name, string_value=value)
    for name, value in values.items():
        asked.widget_states.widgets.add(id=name, bool_value=value)
    return message.SerializeToString()


def fragment_of(sent):
    message = BackMsg()
    message.ParseFromString(sent)
    return message.rerun_script.fragment_id


def asked(*frames):
    """The fragment that the last of these asks for after the gate."""
    batches = begun()
    return [fragment_of(batches.widened(one)) for one in frames][-1]


def begun():
    """A connection whose page has been asked for."""
    batches = Batches()
    batches.widened(frame(fragment=""))
    return batches


@pytest.mark.parametrize("by_timer", [False, True])
def test_a_new_connection_begins_with_the_whole_page(by_timer):
    """The server may be another one than the one that made the fragments."""
    batches = Batches()
    assert fragment_of(batches.widened(frame(texts={"fix": "Raised"}, by_timer=by_timer))) == ""
    assert fragment_of(batches.widened(frame(texts={"fix": "Raised the"}, by_timer=by_timer))) == "f"


def test_typing_that_ends_by_a_click_elsewhere_runs_everything():
    known = frame(texts={"fix": "Raised"})
    assert asked(known, frame(texts={"fix": "Raised the pool"}, clicked=["open-lessons"])) == ""


def test_so_does_the_very_first_text():
    assert asked(frame(texts={"fix": "Raised"}, clicked=["open-lessons"])) == ""


def test_two_texts_of_two_fragments_run_both():
    known = frame(texts={"a": "1", "b": "1"})
    assert asked(known, frame(texts={"a": "2", "b": "2"})) == ""


def test_a_choice_elsewhere_is_noticed_like_a_click():
    assert asked(frame(texts={"fix": "1"}, view=False), frame(texts={"fix": "2"}, view=True)) == ""


@pytest.mark.parametrize(
    "frames",
    [
        [frame(texts={"fix": "Raised"})],
        [frame(texts={"fix": "1", "check": "2"}), frame(texts={"fix": "1", "check": "3"})],
        [frame(texts={"fix": "1"}), frame(texts={"fix": "1"}, clicked=["save"])],
        [frame(clicked=["add"]), frame(texts={"row": ""}, clicked=["add"])],  # a new row has not been touched
        [frame(texts={"fix": "1", "x": "1"}), frame(texts={"fix": "2", "x": "2"}, by_timer=True)],
    ],
    ids=["typing", "typing in one of two", "a click", "a click beside a new box", "a timer"],
)
def test_one_change_stays_in_its_fragment(frames):
    assert asked(*frames) == "f"


def test_a_timer_that_comes_between_takes_nothing_from_the_click():
    """Typed and clicked in one moment, and a timer's message just before theirs: it carries both, too."""
    text, batches = {"fix": "Raised"}, begun()
    batches.widened(frame(texts={"fix": ""}))
    passed = BackMsg()
    passed.ParseFromString(batches.widened(frame(fragment="t", by_timer=True, texts=text, clicked=["go"])))
    asked_for = passed.rerun_script
    assert (asked_for.fragment_id, [state.id for state in asked_for.widget_states.widgets]) == ("t", ["fix"])
    assert fragment_of(batches.widened(frame(texts=text, clicked=["go"]))) == ""


def came(name, *, fragment="", kind="text_area"):
    message = ForwardMsg()
    message.delta.fragment_id = fragment
    getattr(message.delta.new_element, kind).id = f"$$ID-{name}"
    return message.SerializeToString()


@pytest.mark.parametrize(
    ("of_save", "runs"), [("f", "f"), ("g", ""), ("", "")], ids=["its own", "another fragment", "the page"]
)
def test_a_text_and_the_button_beside_it_run_the_fragment_of_both(of_save, runs):
    batches = begun()
    batches.came(came("fix", fragment="f"))
    batches.came(came("save", fragment=of_save, kind="button"))
    sent = frame(texts={"$$ID-fix": "Raised"}, clicked=["$$ID-save"])
    assert fragment_of(batches.widened(sent)) == runs


def test_a_widget_that_moved_out_of_its_fragment_is_of_the_page():
    batches = begun()
    for fragment in ("f", ""):
        batches.came(came("fix", fragment=fragment))
    batches.came(came("save", fragment="f", kind="button"))
    assert fragment_of(batches.widened(frame(texts={"$$ID-fix": "Raised"}, clicked=["$$ID-save"]))) == ""


@pytest.mark.parametrize("other", [None, b"", b"\xff$$ID-\xff", ForwardMsg(ref_hash="$$ID-").SerializeToString()])
def test_what_is_no_widget_tells_nothing(other):
    Batches().came(other)


def test_nothing_else_of_the_frame_changes():
    sent, passed = BackMsg(), BackMsg()
    sent.ParseFromString(frame(texts={"fix": "1"}, clicked=["go"]))
    passed.ParseFromString(Batches().widened(sent.SerializeToString()))
    sent.rerun_script.fragment_id = ""
    assert passed == sent


@pytest.mark.parametrize("other", [None, b"", b"\xff\xff", BackMsg(app_heartbeat=True).SerializeToString()])
def test_what_is_no_rerun_passes_as_it_came(other):
    assert Batches().widened(other) == other
