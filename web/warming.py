"""The first visit, made by the app itself before anybody can come: what runs first takes many times as long.

Pages are drawn for a client that throws everything away, as somebody in the workspace sees them. Only pages that change
nothing are drawn: others note that somebody was there.
"""

import asyncio
import logging

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.runtime import Runtime, SessionClient

from wiring import console

PAGES = ("", "tracker", "incidents", "actions")  #: their paths
PATIENCE_SECONDS = 15.0

_LOG = logging.getLogger(__name__)


class _Nobody(SessionClient):
    """Throws everything away, and tells when a run is over."""

    def __init__(self) -> None:
        self.finished = asyncio.Event()

    def write_forward_msg(self, msg: ForwardMsg) -> None:
        if msg.WhichOneof("type") == "script_finished" and msg.script_finished != ForwardMsg.FINISHED_EARLY_FOR_RERUN:
            self.finished.set()


async def visit() -> None:
    """Draw the pages once, each in a tab of its own. What goes wrong is noted; nobody is kept from starting by it."""
    user_id = await asyncio.to_thread(console.anybody)
    if user_id is None or not Runtime.exists():
        return
    try:
        async with asyncio.timeout(PATIENCE_SECONDS):
            for page in PAGES:
                await _look(page, user_id)
    except Exception:
        _LOG.exception("The first look at the pages did not succeed.")


async def _look(page: str, user_id: int) -> None:
    runtime, client = Runtime.instance(), _Nobody()
    tab = runtime.connect_session(client, user_info={"username": str(user_id)})
    try:
        asked = BackMsg()
        asked.rerun_script.page_name = page
        runtime.handle_backmsg(tab, asked)
        await client.finished.wait()
    finally:
        runtime.close_session(tab)
