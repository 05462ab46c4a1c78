"""A document as a piece of HTML for the reading view, the preview and the printable page.

Every word of a person is escaped here; the whole then passes nh3, so that a slip above it is not an opening.
"""

import re
from collections.abc import Iterable
from html import escape
from pathlib import Path

import nh3
from markdown_it import MarkdownIt

from pmcore.documents.blocks import (
    Block,
    Bullets,
    Document,
    Files,
    Heading,
    Lines,
    Note,
    Pair,
    Points,
    Prose,
    Table,
    Task,
    Tasks,
    Why,
    Whys,
)
from pmcore.domain.attachment import MEGABYTE, Entry

_CODE_OR_LINK = re.compile(
    r"(?<!`)(?P<ticks>`+)(?!`)(?P<code>.+?)(?<!`)(?P=ticks)(?!`)|(?P<url>https?://[^\s<>\"'`)]*[^\s<>\"'`).,;:!?])",
    re.I,
)
_FILE = re.compile(r"/file/\d+")
_PROSE = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"]).disable("image")
_TAGS = {
    "a", "article", "blockquote", "br", "code", "dd", "div", "dl", "dt", "em", "footer", "h1", "h2", "h3", "h4",
    "figcaption", "figure", "header", "hr", "img", "li", "ol", "p", "pre", "s", "section", "span", "strong",
    "table", "tbody", "td", "th", "thead", "tr", "ul",
}  # fmt: skip
_ATTRIBUTES = {
    "*": {"class", "id"}, "a": {"href"}, "img": {"src", "alt"}, "ol": {"start"}, "span": {"role", "aria-label"},
    "th": {"scope"},
}  # fmt: skip


def style() -> str:
    """The style sheet of `render`'s class names; colours come from the page around it."""
    return Path(__file__).with_name("document.css").read_text("utf-8")


def render(document: Document, *, with_title: bool = True) -> str:
    """`with_title`: False where the page around it has said the title."""
    title = f"<h1>Post-Mortem: {_inline(document.title)}</h1>" if with_title else ""
    sections = "".join(
        f'<section id="section-{section.key.value}"><h2>{escape(section.heading)}</h2>'
        f"{''.join(_block(document, block) for block in section.blocks)}</section>"
        for section in document.sections
    )
    return _clean(
        f'<article class="pm-document"><header>{title}'
        f"{_pairs(document, document.header)}</header>{sections}"
        f"<footer>{_pairs(document, document.footer)}</footer></article>"
    )


def attached(file: Entry) -> str:
    """One file by itself, as the document shows it."""
    return _clean(f'<div class="pm-document">{_file(file)}</div>')


def _clean(html: str) -> str:
    return nh3.clean(
        html, tags=_TAGS, attributes=_ATTRIBUTES, attribute_filter=_own_pictures,
        url_schemes={"http", "https", "mailto"}, link_rel="noopener noreferrer nofollow",
    )  # fmt: skip


def _own_pictures(tag: str, name: str, value: str) -> str | None:
    """A picture comes from here or from nowhere."""
    return None if tag == "img" and name == "src" and not _FILE.fullmatch(value) else value


def _block(document: Document, block: Block) -> str:
    match block:
        case Heading():
            return f"<h3>{escape(block.text)}</h3>"
        case Note():
            return f'<p class="pm-note"><strong>{escape(block.text)}</strong></p>'
        case Lines():
            return _pairs(document, block.pairs)
        case Bullets():
            return _list(f"<strong>{escape(pair.label)}:</strong> {_said(document, pair)}" for pair in block.pairs)
        case Prose():
            said = prose(block.text) if block.text.strip() else f"<p>{escape(document.said('', block.hint)[0])}</p>"
            return f'<div class="pm-prose">{said}</div>'
        case Points():
            mark = f"{escape(block.mark)} " if block.mark else ""
            return _list(
                mark + _said(document, Pair(label="", value=said, hint=block.hint)) for said in block.lines or ("",)
            )
        case Table():
            return _table(block)
        case Whys():
            return _whys(block) or f"<p>{escape(document.said('', block.hint)[0])}</p>"
        case Tasks():
            return f'<ul class="pm-tasks">{"".join(_task(document, task) for task in block.tasks)}</ul>'
        case Files():
            return "".join(map(_file, block.files))


def prose(text: str) -> str:
    """A person's Markdown; headings stay below the document's own."""
    tokens = _PROSE.parse(text)
    for token in tokens:
        if token.type in ("heading_open", "heading_close"):
            token.tag = "h4"
    return str(_PROSE.renderer.render(tokens, _PROSE.options, {}))


def _file(file: Entry) -> str:
    """A picture with its caption; of everything else a link. Without a caption the name says what it is."""
    address, name, caption = f"/file/{file.id}", escape(file.name), escape(file.caption)
    if file.is_picture:
        said = caption or name
        return f'<figure><img src="{address}" alt="{said}"><figcaption>{said}</figcaption></figure>'
    more = f" – {caption}" if caption else ""
    return f'<p class="pm-file"><a href="{address}">{name}</a> ({_size(file.size)}){more}</p>'


def _size(size: int) -> str:
    return f"{size / MEGABYTE:.1f} MB" if size >= MEGABYTE else f"{max(1, round(size / 1024))} KB"


def _inline(text: str) -> str:
    """One line: inline code and whole links stay what they are, the rest is text."""
    folded, parts, end = " ".join(text.split()), [], 0
    for found in _CODE_OR_LINK.finditer(folded):
        parts.append(escape(folded[end : found.start()]))
        shown = escape(found["code"] or found["url"])
        parts.append(f"<code>{shown}</code>" if found["code"] else f'<a href="{shown}">{shown}</a>')
        end = found.end()
    return "".join([*parts, escape(folded[end:])])


def _said(document: Document, pair: Pair) -> str:
    said, is_theirs = document.said(pair.value, pair.hint)
    return _inline(said) if is_theirs else escape(said)


def _pairs(document: Document, pairs: Iterable[Pair]) -> str:
    return (
        '<dl class="pm-pairs">'
        + "".join(f"<div><dt>{escape(pair.label)}:</dt> <dd>{_said(document, pair)}</dd></div>" for pair in pairs)
        + "</dl>"
    )


def _list(items: Iterable[str]) -> str:
    return f"<ul>{''.join(f'<li>{item}</li>' for item in items)}</ul>"


def _table(table: Table) -> str:
    head = "".join(f'<th scope="col">{escape(name)}</th>' for name in table.columns)
    rows = "".join(f"<tr>{''.join(f'<td>{_inline(text)}</td>' for text in row)}</tr>" for row in table.rows)
    return f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"


def _whys(block: Whys) -> str:
    """A chain is one numbered list; a tree is nested, and its numbers say where each why hangs."""
    if not block.roots:
        return ""
    if not block.is_chain:
        return _tree(block.roots, "pm-tree")
    items, level = "", block.roots
    while level:
        items += f"<li>{_why(level[0], '')}</li>"
        level = level[0].children
    return f'<ol class="pm-whys">{items}</ol>'


def _tree(whys: tuple[Why, ...], name: str) -> str:
    if not whys:
        return ""
    items = "".join(f"<li>{_why(why, f'{why.number}. ')}{_tree(why.children, 'pm-branches')}</li>" for why in whys)
    return f'<ul class="{name}">{items}</ul>'


def _why(why: Why, number: str) -> str:
    parts = [f"<strong>{escape(number)}{_inline(why.question) or '?'}</strong>", f"→ {_inline(why.answer) or '–'}"]
    if why.stop:
        parts.append(f"Stop here because: {_inline(why.stop)}")
    if why.action:
        parts.append(f"({_inline(why.action)})")
    return "<br>".join(parts)


def _task(document: Document, task: Task) -> str:
    box, word = ("☑", "done") if task.is_done else ("☐", "open")
    label = f"<strong>{escape(task.label)}</strong> " if task.label else ""
    said = _said(document, Pair(label="", value=task.text, hint=task.hint))
    details = _list(f"{escape(pair.label)}: {_said(document, pair)}" for pair in task.details) if task.details else ""
    return f'<li><span role="img" aria-label="{word}">{box}</span> {label}{said}{details}</li>'
