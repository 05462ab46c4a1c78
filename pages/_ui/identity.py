"""Who looks at the page: the numeric user id that the session gate put into `st.user`."""

from collections.abc import Iterator
from contextlib import contextmanager

from streamlit.runtime.scriptrunner import get_script_run_ctx

from pmcore.words import speaking
from wiring import acting


def user_id() -> int | None:
    """None outside a page's script, too: routes say themselves for whom they act.

    Read where `st.user` reads it; that itself looks for three secrets files each time, and a page asks hundreds of
    times.
    """
    context = get_script_run_ctx(suppress_warning=True)
    name = context.user_info.get("username") if context is not None else None
    return int(str(name)) if name and str(name).isdigit() else None


def language() -> str | None:
    return acting.actor().language if user_id() is not None else None


@contextmanager
def looking() -> Iterator[None]:
    """Who looks, and in which language: found out once for the whole run, or for a fragment's own.

    Raises SignedOut.
    """
    known = user_id()
    if known is None:
        yield
        return
    with acting.as_user(known), speaking(acting.actor().language):
        yield


def register(words) -> None:
    """Once per process is enough; registering again changes nothing."""
    acting.ask_for_user(user_id)
    words.ask_for_language(language)
