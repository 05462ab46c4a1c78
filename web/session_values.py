"""What a widget finds when it looks for its own value.

Streamlit's number, text, choice and date boxes ask for everything the session knows in order to look at one entry, so
that a page with six boxes gathers all of it six times: an eighth of what the writing page costs. Here the one entry is
looked up, and all of it is gathered only for those who want all of it.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from streamlit.runtime.state.common import is_element_id
from streamlit.runtime.state.safe_session_state import SafeSessionState
from streamlit.runtime.state.session_state import _is_internal_key


class Values(Mapping[str, Any]):
    """Of a session, by the keys that the app gave."""

    def __init__(self, state: SafeSessionState, gather: Callable[[SafeSessionState], dict[str, Any]]) -> None:
        self._state, self._gather = state, gather

    def __getitem__(self, key: str) -> Any:
        if is_element_id(key) or _is_internal_key(key):
            raise KeyError(key)
        return self._state[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._gather(self._state))

    def __len__(self) -> int:
        return len(self._gather(self._state))

    def __repr__(self) -> str:
        return repr(self._gather(self._state))


def look_up() -> None:
    """From now on, in this process."""
    gathered = SafeSessionState.filtered_state
    if isinstance(gathered, _LookedUp):
        return
    SafeSessionState.filtered_state = _LookedUp(gathered.fget)  # type: ignore[method-assign,assignment]


class _LookedUp(property):
    def __init__(self, gather: Any) -> None:
        super().__init__(lambda state: Values(state, gather))
