"""One browser tab without a browser: Streamlit's websocket protocol, as much of it as measuring needs.

A tab asks for a run with its page, its address and the values of all its widgets, and reads messages until the run is
finished; it holds on to messages that the server calls cacheable, as a browser does.
"""

import asyncio
import socket
import time
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState
from websockets.asyncio.client import ClientConnection, connect

PATIENCE_SECONDS = 60.0
_KEPT_RUNS = 2  #: how long a browser holds a message that no run named


class RunFailed(Exception):
    """The page showed an exception, or the server did not answer."""


@dataclass(frozen=True, kw_only=True)
class Ran:
    """What one run cost as the tab saw it."""

    seconds: float
    messages: int
    octets: int


@dataclass
class Tab:
    """`cookie` is the whole header, "pm=..."; use it as `async with Tab(...) as tab`."""

    url: str
    cookie: str
    page: str = ""
    query: str = ""
    _socket: ClientConnection | None = None
    _hash: str = ""
    _typed_in: str = ""  #: the fragment of the box that was typed in last
    _states: dict[str, WidgetState] = field(default_factory=dict)
    _buttons: dict[str, str] = field(default_factory=dict)
    _fragments: dict[str, str] = field(default_factory=dict)  #: of the widgets that are in one
    _held: dict[str, list[Any]] = field(default_factory=dict)  #: hash -> [message, runs since it was named]

    async def __aenter__(self) -> "Tab":
        address = urlsplit(self.url)
        self._socket = await connect(
            f"ws://{address.netloc}/_stcore/stream", subprotocols=["streamlit", "PLACEHOLDER_AUTH_TOKEN"],
            additional_headers={"Cookie": self.cookie}, origin=self.url, max_size=None, proxy=None, compression=None,
            ping_interval=None, open_timeout=PATIENCE_SECONDS,
        )  # fmt: skip
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._socket is not None:
            await self._socket.close()

    def keys(self) -> list[str]:
        """Of the widgets on the page; a widget's id ends in its key."""
        return [*self._states, *self._buttons]

    def type_into(self, key: str, text: str) -> None:
        """Into the text box whose key ends so. Raises RunFailed when there is none."""
        widget = self._named(key, self._states)
        self._states[widget] = WidgetState(id=widget, string_value=text)
        self._typed_in = self._fragments.get(widget, "")

    async def run(self, *, press: str = "", typed: bool = False) -> Ran:
        """Run the page, as a click on the button would when one is named; or only the fragment that was typed in, as a
        browser does when a text box is left, with the button beside it or without. Raises RunFailed."""
        assert self._socket is not None
        asked = BackMsg()
        script = asked.rerun_script
        script.query_string = self.query
        script.page_script_hash = self._hash
        if not self._hash:
            script.page_name = self.page
        script.widget_states.widgets.extend(self._states.values())
        if press:
            script.widget_states.widgets.add(id=self._named(press, self._buttons), trigger_value=True)
        if typed:
            script.fragment_id = self._typed_in
        script.cached_message_hashes.extend(self._held)
        script.context_info.timezone = "Europe/Moscow"
        script.context_info.locale = "en-US"
        script.context_info.url = f"{self.url}/{self.page}"
        began = time.perf_counter()
        try:
            async with asyncio.timeout(PATIENCE_SECONDS):
                await self._socket.send(asked.SerializeToString())
                messages, octets = await self._read(self._socket)
        except TimeoutError as error:
            raise RunFailed(f"no answer from /{self.page} in {PATIENCE_SECONDS:.0f} s") from error
        return Ran(seconds=time.perf_counter() - began, messages=messages, octets=octets)

    async def _read(self, connection: ClientConnection) -> tuple[int, int]:
        known, before = self._states, (self._states, self._buttons)
        self._states, self._buttons = {}, {}
        named: set[str] = set()
        messages = octets = 0
        while True:
            _answer_at_once(connection)
            data = await connection.recv()
            octets += len(data)
            messages += 1
            message = ForwardMsg.FromString(data)
            kind = message.WhichOneof("type")
            if kind == "ref_hash":
                named.add(message.ref_hash)
                message = self._held[message.ref_hash][0]
                kind = message.WhichOneof("type")
            elif message.metadata.cacheable:
                named.add(message.hash)
                self._held[message.hash] = [message, 0]
            if kind == "new_session":
                self._hash = message.new_session.page_script_hash
                self._states, self._buttons = {}, {}
            elif kind == "navigation":
                self._hash = message.navigation.page_script_hash
            elif kind == "page_info_changed":
                self.query = message.page_info_changed.query_string
            elif kind == "page_not_found":
                raise RunFailed(f"no page /{self.page}")
            elif kind == "delta" and message.delta.WhichOneof("type") == "new_element":
                self._take(message.delta.new_element, known, message.delta.fragment_id)
            elif kind == "script_finished":
                if message.script_finished == ForwardMsg.FINISHED_EARLY_FOR_RERUN:
                    known = known | self._states
                    continue
                if message.script_finished == ForwardMsg.FINISHED_FRAGMENT_RUN_SUCCESSFULLY:
                    self._states, self._buttons = before[0] | self._states, before[1] | self._buttons
                break
        self._let_go(named)
        return messages, octets

    def _take(self, element: Any, known: dict[str, WidgetState], fragment: str) -> None:
        kind = element.WhichOneof("type")
        if kind == "exception":
            raise RunFailed(f"/{self.page}: {element.exception.type}: {element.exception.message}")
        widget = getattr(element, kind)
        if getattr(widget, "id", ""):
            self._fragments[widget.id] = fragment
        if kind in ("button", "download_button"):
            self._buttons[widget.id] = widget.label
        elif (state := _state(kind, widget)) is not None:
            kept = known.get(widget.id) if not getattr(widget, "set_value", False) else None
            self._states[widget.id] = kept or state

    def _let_go(self, named: set[str]) -> None:
        for key, entry in list(self._held.items()):
            entry[1] = 0 if key in named else entry[1] + 1
            if entry[1] > _KEPT_RUNS:
                del self._held[key]

    def _named(self, key: str, among: dict[str, Any]) -> str:
        found = [widget for widget in among if widget.endswith(key)]
        if not found:
            raise RunFailed(f"/{self.page} has no {key!r}, only {[name[-40:] for name in self.keys()]}")
        return found[-1]


def _answer_at_once(connection: ClientConnection) -> None:
    """Nagle's algorithm and a delayed acknowledgement together would add 40 ms of waiting that no browser notices."""
    raw = connection.transport.get_extra_info("socket")
    with suppress(OSError, AttributeError):
        raw.setsockopt(socket.IPPROTO_TCP, socket.TCP_QUICKACK, 1)


def _state(kind: str, widget: Any) -> WidgetState | None:
    """What a browser sends for a widget that nobody touched; None for what stays silent until it is used."""
    state = WidgetState(id=getattr(widget, "id", ""))
    given = getattr(widget, "set_value", False)
    if not state.id:
        return None
    if kind in ("text_input", "text_area"):
        state.string_value = widget.value if given else widget.default
    elif kind == "checkbox":
        state.bool_value = widget.value if given else widget.default
    elif kind == "number_input":
        if not given and not widget.HasField("default"):
            return None
        state.double_value = widget.value if given else widget.default
    elif kind in ("selectbox", "radio"):
        if given and widget.HasField("raw_value"):
            state.string_value = widget.raw_value
        elif widget.HasField("default") and widget.options:
            state.string_value = widget.options[widget.default]
        else:
            return None
    elif kind == "multiselect":
        state.string_array_value.data.extend(
            widget.raw_values if given else [widget.options[place] for place in widget.default]
        )
    elif kind == "date_input":
        state.string_array_value.data.extend(widget.value if given else widget.default)
    elif kind == "pagination":
        state.int_value = widget.value if given else (widget.default or 1)
    else:
        return None
    return state
