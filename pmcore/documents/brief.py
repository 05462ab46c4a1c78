"""Texts for little room: one line, without names, without marks of Markdown, cut where the room ends."""

import re
import unicodedata
from bisect import bisect_right
from itertools import accumulate

from pmcore.documents.persons import Persons

ELLIPSIS = "…"
_CODE = re.compile(r"(?<!`)(?P<ticks>`+)(?!`)(?P<code>.+?)(?<!`)(?P=ticks)(?!`)")
_UNSEEN = frozenset({"Cc", "Cf", "Co", "Cs", "Cn"})  #: categories: controls, marks of direction, what has no glyph
_WIDE, _HALF_WIDE = 2.0, 1.4  #: beside a usual letter
_MOST_MARKS = 2  #: accents on one letter


def plain(text: str) -> str:
    """One line of visible characters; inline code without its ticks."""
    folded = " ".join(_CODE.sub(lambda found: found["code"], " ".join(text.split())).split())
    shown: list[str] = []
    marks = 0
    for char in folded:
        marks = marks + 1 if unicodedata.combining(char) else 0
        if marks <= _MOST_MARKS and unicodedata.category(char) not in _UNSEEN:
            shown.append(char)
    return "".join(shown)


def width(char: str) -> float:
    """How much room a character takes beside a usual letter; rather too much than too little."""
    if unicodedata.combining(char):
        return 0.0
    if unicodedata.east_asian_width(char) in "WF" or ord(char) > 0x1F000:
        return _WIDE
    return _HALF_WIDE if char.isupper() or char in "mwMW@%—…жмшщюыфд" else 1.0


def cut(text: str, room: float) -> str:
    """The text, or as many of its words as fit with an ellipsis; within a word where one word is too long."""
    ends = list(accumulate(map(width, text)))
    if not ends or ends[-1] <= room:
        return text
    kept = text[: bisect_right(ends, room - width(ELLIPSIS))]
    space = kept.rfind(" ")
    return (kept[:space] if space > len(kept) // 2 else kept).rstrip(" ,;:.–—-(") + ELLIPSIS


class Room:
    """Fits texts, and remembers whether one of them was too long."""

    def __init__(self, persons: Persons) -> None:
        self._persons = persons
        self.is_cut = False

    def fit(self, text: str, room: float) -> str:
        whole = self._persons.without_names(plain(text))
        shown = cut(whole, room)
        self.is_cut = self.is_cut or shown != whole
        return shown
