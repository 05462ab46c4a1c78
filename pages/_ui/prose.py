"""People's text on a page. It is data: nothing in it may become a widget, a picture from elsewhere or a colour."""

import re
from collections.abc import Iterator

import streamlit as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

_PUNCTUATION = re.compile(r"([\\`*_{}\[\]<>()#+\-.!|$~^&=:@])")
_SHORTCODE = re.compile(r":(?=[A-Za-z0-9_+\-/]+:)")
_DIRECTIVE = re.compile(r"(\\*):(?=[A-Za-z])")
_CONTAINER = re.compile(r"^([ \t>*+\-\d.)]*)(?=:{2,})", re.M)
_FORMULA = re.compile(r"(\\*)\$")
_HEADING = re.compile(r"^( {0,3})#{1,5}(?=\s)", re.M)
_SPAN = re.compile(r"\\.|(?<!`)(`+)(?!`)(?P<code>.+?)(?<!`)\1(?!`)|`+", re.S)
_LIVE = re.compile(r"(\\*)([\[\]<$*`~])")
_WORD_JOINER = "\u2060"
_BLOCKS = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])


def line(text: str) -> str:
    """Text that may stand inside a Markdown label and reads there as it was typed, on one line."""
    folded = _SHORTCODE.sub(":" + _WORD_JOINER, " ".join(text.split()))
    return _PUNCTUATION.sub(r"\\\1", folded)


def sentence(text: str) -> str:
    """A sentence of ours with people's words in it: they read as typed, also where somebody has passed them by `line`
    already."""
    shown = _LIVE.sub(lambda found: _escaped(found[2])(found), text)
    return re.sub(r":(?=[A-Za-z][A-Za-z0-9_+\-/]*:)", ":" + _WORD_JOINER, shown)


def safe(text: str) -> str:
    """Markdown with its structure and code; no pictures, formulas, colours, raw HTML; headings stay below ours.

    Everything is disarmed first. Only what a reader of Markdown then takes for code gets its own characters back, so
    that nothing escapes by looking like code.
    """
    typed = text.replace("\r\n", "\n").replace("\r", "\n")
    told, lines = _disarmed(typed).split("\n"), typed.split("\n")
    for token in _BLOCKS.parse("\n".join(told)):
        if token.map and token.type in ("fence", "code_block"):
            told[slice(*token.map)] = lines[slice(*token.map)]
        elif token.map and token.type == "inline":
            _restore_spans(token, told, lines)
    return "\n".join(told)


def _disarmed(text: str) -> str:
    shown = text.replace("<", "&lt;").replace("![", "\\!\\[").replace("[^", "\\[^")
    shown = _FORMULA.sub(_escaped("$"), _HEADING.sub(r"\1######", _SHORTCODE.sub(":" + _WORD_JOINER, shown)))
    shown = _DIRECTIVE.sub(_escaped(":"), shown) if "[" in shown else shown
    return _CONTAINER.sub(r"\1\\", shown)


def _escaped(mark: str):
    """Behind an odd number of backslashes, whatever was typed before the mark."""
    return lambda found: found[1] + ("" if len(found[1]) % 2 else "\\") + mark


def _restore_spans(token: Token, told: list[str], lines: list[str]) -> None:
    """Code within a paragraph; `told` is changed. Left disarmed where its place in the text is not certain."""
    first, end = token.map or (0, 0)
    content = token.content.split("\n")
    if len(content) != end - first or not any(child.type == "code_inline" for child in token.children or ()):
        return
    for place, part in enumerate(content, start=first):
        start = told[place].find(part)
        if start < 0 or told[place][start:].rstrip() != part.rstrip() or told[place][:start] != lines[place][:start]:
            return
    starts = [told[place].find(part) for place, part in enumerate(content, start=first)]
    shown, typed = (
        "\n".join(text[first + number][start:] for number, start in enumerate(starts)) for text in (told, lines)
    )
    spans, originals = list(_spans(shown)), list(_spans(typed))
    if len(spans) != len(originals):
        return
    for (start, stop), (left, right) in zip(reversed(spans), reversed(originals), strict=True):
        shown = shown[:start] + typed[left:right] + shown[stop:]
    for number, part in enumerate(shown.split("\n")):
        told[first + number] = told[first + number][: starts[number]] + part


def _spans(text: str) -> Iterator[tuple[int, int]]:
    """From the first to the last mark of each; a mark behind a backslash opens none."""
    return (found.span() for found in _SPAN.finditer(text) if found["code"])


def markdown(text: str) -> None:
    """Show a person's Markdown at a readable measure."""
    if text.strip():
        with st.container(width=760):
            st.markdown(safe(text))
