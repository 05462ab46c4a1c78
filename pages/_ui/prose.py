"""People's text on a page. It is data: nothing in it may become a widget, a picture from elsewhere or a colour."""

import re

import streamlit as st

_PUNCTUATION = re.compile(r"([\\`*_{}\[\]<>()#+\-.!|$~^&=:@])")
_SHORTCODE = re.compile(r":(?=[A-Za-z0-9_+\-/]+:)")
_CODE = re.compile(
    r"(^ {0,3}(`{3,}|~{3,})[^\n]*\n.*?(?:^ {0,3}\2[`~]*[ \t]*$|\Z)|(`+)(?!`).+?(?<!`)\3(?!`))", re.M | re.S
)
_DIRECTIVE = re.compile(r":(?=[A-Za-z])")
_HEADING = re.compile(r"^( {0,3})#{1,5}(?=\s)", re.M)
_WORD_JOINER = "\u2060"


def line(text: str) -> str:
    """Text that may stand inside a Markdown label and reads there as it was typed, on one line."""
    folded = _SHORTCODE.sub(":" + _WORD_JOINER, " ".join(text.split()))
    return _PUNCTUATION.sub(r"\\\1", folded)


def safe(text: str) -> str:
    """Markdown with its structure and code; no pictures, formulas, colours, raw HTML; headings stay below ours."""
    parts, end = [], 0
    for code in _CODE.finditer(text):
        parts += [_plain(text[end : code.start()]), code.group()]
        end = code.end()
    return "".join([*parts, _plain(text[end:])])


def _plain(text: str) -> str:
    text = text.replace("<", "&lt;").replace("$", "\\$").replace("![", "\\!\\[")
    text = _HEADING.sub(r"\1######", _SHORTCODE.sub(":" + _WORD_JOINER, text))
    return _DIRECTIVE.sub("\\:", text) if "[" in text else text


def markdown(text: str) -> None:
    """Show a person's Markdown at a readable measure."""
    if text.strip():
        with st.container(width=760):
            st.markdown(safe(text))
