"""The first visit, made by the app itself before anybody can come: what runs first takes many times as long.

Pages are drawn for a client that throws everything away, as somebody in the workspace sees them. Home is drawn for each
set of roles, because statements are made for a set of roles, and managers see figures that others do not. Only pages
that change nothing are drawn: others note that somebody was there.
"""

import asyncio
import logging

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.runtime import Runtime, SessionClient

from wiring import console

HOME = ""
LISTS = ("tracker", "incidents", "actions")  #: their paths
MOST_PEOPLE = 8  #: for whom Home is drawn, one a set of roles
MOST_INBOXES = 50  #: of people who are signed in; each takes some milliseconds
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
    if not Runtime.exists():
        return
    # Streamlit forgets the compiled pages when the last tab is closed. This one stays open, and asks for nothing.
    Runtime.instance().connect_session(_Nobody(), user_info={})
    people = await asyncio.to_thread(console.one_of_each)
    try:
        async with asyncio.timeout(PATIENCE_SECONDS):
            for user_id in people[:MOST_PEOPLE]:
                await _look(HOME, user_id)
            for page in LISTS if people else ():
                await _look(page, people[0])
            await asyncio.to_thread(console.look_ahead, MOST_INBOXES)
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
