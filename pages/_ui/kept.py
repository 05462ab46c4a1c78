"""Boxes that a button saves: what is typed into them is kept in the browser until then, and comes back.

They are watched by the same piece as the boxes of a section (`typed`), which saves nothing here. A form is what one
button saves; its boxes are named "<form>/<box>".
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import streamlit as st

from pages._ui import typed
from pmcore.words import _

Texts = dict[str, str]  #: of a form: its boxes and what was typed into them


@dataclass(frozen=True, kw_only=True, slots=True)
class Box:
    form: str
    name: str
    key: str  #: of its widget
    known: str = ""  #: what is stored
    is_open: bool = True  #: on the page
    is_new: bool = False  #: of something that is not stored at all
    said: tuple[str, ...] = ()  #: stored already, each as a thing of its own: a copy of one is over
    in_form: bool = False  #: of Streamlit's, which the key that hands a text over would send


class Kept:
    """The boxes of one place of a post-mortem."""

    def __init__(self, postmortem_id: int, place: str) -> None:
        self._postmortem_id, self._place = postmortem_id, place
        self._key = f"kept-{postmortem_id}-{place}-typing"
        self._state: dict[str, Any] = st.session_state.setdefault(
            f"kept-{postmortem_id}-{place}", {"rounds": {}, "over": {}, "back": {}}
        )

    @property
    def is_in_use(self) -> bool:
        """Something was saved here or given up, which the browser has to hear."""
        return bool(self._state["rounds"])

    def watch(
        self, boxes: Iterable[Box], *, reopen: Callable[[str], None] | None = None, only_listed: bool = False
    ) -> None:
        """`reopen(form)` brings a form onto the page whose boxes are not on it; `back` says what it begins with.
        `only_listed`: forms that are not among the boxes cannot be brought."""
        known = {
            "copies": typed.copies(self._postmortem_id, self._place),
            "boxes": [_listed(box) for box in boxes],
            "rounds": self._state["rounds"],
            "over": self._state["over"],
            "reopens": "listed" if reopen and only_listed else reopen is not None,
            "version": 0,
            "words": typed.words(_("Kept in this browser until you save it.")),
        }
        typed.piece(self._key, known, lambda: self._put_back(reopen))

    def watch_form(self, form: str, boxes: Mapping[str, str]) -> None:
        """The boxes of one form of Streamlit's: the keys of their widgets, with what is stored. It need not be on the
        screen: where a click opens it, what was typed comes back then."""
        self.watch([Box(form=form, name=key, key=key, known=known, in_form=True) for key, known in boxes.items()])

    def key(self, form: str) -> str:
        """Of the widget of a form with one box: a new one after each saving, so that it begins empty."""
        turn = self._state["rounds"].get(form, 0)
        return f"{form}-{turn}" if turn else form

    def watch_single(self, *forms: str) -> None:
        """Forms of Streamlit's with one box each, whose widgets have `key(form)`. Without any: what is over is told."""
        if forms or self.is_in_use:
            self.watch([Box(form=form, name="text", key=self.key(form), in_form=True) for form in forms])

    def tell(self) -> None:
        """On the page that follows: what is over."""
        if self.is_in_use:
            self.watch(())

    def back(self, form: str, name: str, known: str) -> str:
        """What a box begins with: what was typed into it in an earlier session, else what is stored."""
        return str(self._state["back"].get(form, {}).get(name, known))

    def done(self, form: str, *said: str) -> None:
        """Saved, or given up. After a restart of the server a press may be the first that is heard of a browser. Its
        copies are of the session before then, and known by what they say: `said`."""
        self._state["over"].setdefault(form, []).extend(text.strip() for text in said)
        self._state["rounds"][form] = self._state["rounds"].get(form, 0) + 1
        self._state["back"].pop(form, None)

    def _put_back(self, reopen: Callable[[str], None] | None) -> None:
        forms: dict[str, Texts] = {}
        for copy in st.session_state[self._key].get("back") or ():
            box, text = copy.get("box"), copy.get("text")
            if isinstance(box, str) and isinstance(text, str):
                form, _slash, name = box.rpartition("/")
                forms.setdefault(form, {})[name] = text
        for form, texts in forms.items():
            self._state["back"][form] = texts
            if reopen is not None:
                reopen(form)


def _listed(box: Box) -> dict[str, Any]:
    return {
        "box": f"{box.form}/{box.name}",
        "key": box.key,
        "row": {"is_new": box.is_new},
        "known": box.known,
        "shown": box.known,
        "typed": str(st.session_state.get(box.key, box.known) or ""),
        "news": None,
        "is_kept": True,
        "is_open": box.is_open,
        "in_form": box.in_form,
        "said": box.said,
    }
