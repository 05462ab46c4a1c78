"""What a frame of the browser is: something that a person did, or the page's own polling."""

from streamlit.proto.BackMsg_pb2 import BackMsg


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
