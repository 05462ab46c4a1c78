"""Nothing typed is ever lost: every text box of a page is watched in the browser, or stands in the list below."""

from typing import Any

from streamlit.testing.v1 import AppTest

#: How the keys begin of boxes that nobody watches, with the reason.
NOT_KEPT = {
    "survey-": "an answer must not lie in a browser that somebody else may open: nobody is to know who said it",
    "actions-text": "a search",
    "incidents-text": "a search",
    "tracker-text": "a search",
    "profile-name": "one's own name",
    "service-name": "a name",
    "meeting-place": "a room, or a link that is pasted once more",
}


class Watched:
    """What `typed.piece` was given, and what the pages of a test show in the end."""

    def __init__(self) -> None:
        self.keys: set[str] = set()
        self.pages: list[AppTest] = []

    def note(self, known: Any) -> None:
        self.keys |= {box["key"] for box in known["boxes"]}

    def forgotten(self) -> set[str]:
        """Keys of boxes into which somebody may type in vain."""
        return {
            str(box.key)
            for page in self.pages
            for box in (*page.text_input, *page.text_area, *page.get("chat_input"))
            if not box.proto.disabled and box.key not in self.keys and not str(box.key).startswith(tuple(NOT_KEPT))
        }
