"""What a browser sends in one moment, as one rerun of everything that was touched.

Streamlit's page puts all that changes within one moment into one message, and names in it the fragment of the first
change. Typing ends by a click elsewhere; where both happen in one moment (on a phone always, on a slow machine often),
the message would run only the fragment that was typed in. The click would be heard, and nothing would be done about it.
Where all of it is in that fragment, it is enough: "Save now" beside what was typed.

A timer's message may leave in that very moment, before the message of the click, and carries the click too: it would be
heard twice, and the text that was typed with it would be no news any more in the message that is meant.
"""

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ClientState_pb2 import ClientState
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState

_NAMED = b"$$ID-"  #: begins the id of whatever can be touched
_TRIGGERS = ("trigger_value", "string_trigger_value", "chat_input_value", "json_trigger_value")


class Batches:
    """Of one connection: remembers what its browser said last, to see what is new in what it says now, and which
    fragment each widget came with."""

    def __init__(self) -> None:
        self._known: dict[str, int] = {}
        self._is_new = True  #: nothing was asked for yet
        self._fragments: dict[str, str] = {}

    def came(self, frame: bytes | None) -> None:
        """A frame on its way to the browser."""
        if not frame or _NAMED not in frame:
            return
        message = ForwardMsg()
        try:
            message.ParseFromString(frame)
        except Exception:  # not for the gate to judge
            return
        if message.WhichOneof("type") != "delta" or message.delta.WhichOneof("type") != "new_element":
            return
        element = message.delta.new_element
        name = getattr(getattr(element, element.WhichOneof("type")), "id", "")
        if name:
            self._fragments[name] = message.delta.fragment_id

    def widened(self, frame: bytes | None) -> bytes | None:
        """The frame as it came; without the name of a fragment where something outside it changed, too."""
        if not frame:
            return frame
        message = BackMsg()
        try:
            message.ParseFromString(frame)
        except Exception:  # refused by Streamlit itself
            return frame
        if message.WhichOneof("type") != "rerun_script":
            return frame
        asked = message.rerun_script
        is_first, self._is_new = self._is_new, False
        pressless = self._without_presses(message) if asked.is_auto_rerun else None
        if is_first and asked.fragment_id:
            return self._whole(asked, message)
        if asked.is_auto_rerun:
            return pressless or frame
        changes = self._changes(asked)
        if not asked.fragment_id or len(changes) < 2:
            return frame
        if all(self._fragments.get(name) == asked.fragment_id for name in changes):
            return frame
        return self._whole(asked, message)

    def _whole(self, asked: ClientState, message: BackMsg) -> bytes:
        """A rerun of the page. So begins a connection to a server that was started anew: the fragments that a browser
        knows are those of the one before, and what it says of them would be heard by nobody."""
        self._changes(asked)
        asked.fragment_id = ""
        return bytes(message.SerializeToString())

    def _without_presses(self, message: BackMsg) -> bytes | None:
        """A timer's message without what is said again a moment later; None where it says nothing of the kind."""
        said = list(message.rerun_script.widget_states.widgets)
        kept = [state for state in said if not _is_trigger(state)]
        if len(kept) == len(said):
            return None
        del message.rerun_script.widget_states.widgets[:]
        message.rerun_script.widget_states.widgets.extend(kept)
        return bytes(message.SerializeToString())

    def _changes(self, asked: ClientState) -> list[str]:
        """The widgets touched since the last message; one never heard of counts once it says something."""
        said = {state.id: hash(state.SerializeToString()) for state in asked.widget_states.widgets}
        changed = [
            state.id
            for state in asked.widget_states.widgets
            if _is_trigger(state)
            or (said[state.id] != self._known[state.id] if state.id in self._known else _says_something(state))
        ]
        self._known = said
        return changed


def _is_trigger(state: WidgetState) -> bool:
    return state.WhichOneof("value") in _TRIGGERS


def _says_something(state: WidgetState) -> bool:
    kind = state.WhichOneof("value")
    return kind is not None and bool(getattr(state, kind))
