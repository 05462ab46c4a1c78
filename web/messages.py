"""What Streamlit and its page say to each other, as far as the gate must understand it."""

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

NAMED_IN_AT_MOST = 65_536  #: bytes; the message that names a tab is short, data for it may be long


def is_by_a_person(frame: bytes | None) -> bool:
    """A rerun that no timer asked for. What cannot be read is refused by Streamlit itself."""
    if not frame:
        return False
    message = BackMsg()
    try:
        message.ParseFromString(frame)
    except Exception:
        return False
    return message.WhichOneof("type") == "rerun_script" and not message.rerun_script.is_auto_rerun


def tab_named(frame: bytes | None) -> str | None:
    """The id under which Streamlit keeps a tab's state, from the message that tells the tab."""
    if not frame or len(frame) > NAMED_IN_AT_MOST:
        return None
    message = ForwardMsg()
    try:
        message.ParseFromString(frame)
    except Exception:
        return None
    if message.WhichOneof("type") != "new_session":
        return None
    return message.new_session.initialize.session_id or None


def go_to(url: str) -> bytes:
    """The message that makes the page load another address."""
    message = ForwardMsg()
    message.auth_redirect.url = url
    return bytes(message.SerializeToString())
