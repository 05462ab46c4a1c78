"""People's text inside a Markdown document: it keeps its words and its code, and can break nothing around it.

A line keeps inline code and nothing else of Markdown. Prose keeps paragraphs, lists, quotes, tables, links and code;
HTML becomes text, headings become bold lines, pictures become links. Prose that is not tame after all that (somebody
may be clever) is printed as code.
"""

import re

from markdown_it import MarkdownIt
from markdown_it.token import Token

_CODE_SPAN = r"(?<!`)(?P<ticks>`+)(?!`)(?P<code>.+?)(?<!`)(?P=ticks)(?!`)"
_IN_LINE = re.compile(
    _CODE_SPAN + r"|(?P<mark>\\|`|\*|\[|\]|<|~)|(?P<under>(?<![^\W_])_|_(?![^\W_]))|(?P<amp>&(?=#?\w+;))"
)
_AT_START = re.compile(r"(?P<digits>\d{1,9})(?=[.)](\s|$))|(?=[>+\-])|(?<!\S)(?=#)")
_HASH = re.compile(r"(?<=\s)#")
_IN_PROSE = re.compile(
    _CODE_SPAN + r"|(?P<escaped>\\.)|(?P<html><)|(?P<picture>!(?=\[))|(?P<link>\]\((?!\s*(?:https?://|mailto:)))", re.S
)
_DEFINITION = re.compile(r"^(?P<before>[\s>*+\-\d.)]*)\[(?=[^\]]*\]:)", re.M)
_RULE = re.compile(r"^(?P<before>[\s>*+\-\d.)]*?)-[ \t]*(-[ \t]*){2,}$")
_SAFE_URL = re.compile(r"(https?://|mailto:)", re.I)

_PLAIN = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])
_STRICT = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
_STRICT.validateLink = lambda url: True  # type: ignore[method-assign]


def line(text: str) -> str:
    """One line that reads as it was typed; inline code stays code."""
    folded = " ".join(text.split())
    return _HASH.sub(r"\\#", _AT_START.sub(_escape_start, _IN_LINE.sub(_escape, folded), count=1)) if folded else ""


def cell(text: str) -> str:
    """A line inside a table."""
    return line(text).replace("|", "\\|")


def _escape(found: re.Match[str]) -> str:
    return found.group() if found["ticks"] else "\\" + found.group()


def _escape_start(found: re.Match[str]) -> str:
    if found.start() != 0:
        return found.group()
    return f"{found['digits']}\\" if found["digits"] else "\\"


def prose(text: str) -> str:
    """Several paragraphs that end where they end."""
    text = text.strip("\n")
    kept = _close_fence(_tamed(text))
    return kept if _is_tame(kept) else _as_code(text)


def _tamed(text: str) -> str:
    lines = text.split("\n")
    code: set[int] = set()
    for token in _PLAIN.parse(text):
        if token.map and token.type in ("fence", "code_block"):
            code |= set(range(*token.map))
        elif token.map and token.type == "heading_open":
            _unhead(lines, token)
    out: list[str] = []
    plain: list[str] = []
    for number, one in enumerate(lines):
        if number in code:
            out += [_soften("\n".join(plain))] if plain else []
            out.append(one)
            plain = []
        else:
            plain.append(_RULE.sub(r"\g<before>* * *", one))
    return "\n".join(out + ([_soften("\n".join(plain))] if plain else []))


def _unhead(lines: list[str], heading: Token) -> None:
    """A heading becomes a bold paragraph of its own."""
    first, last = heading.map or [0, 0]
    if heading.markup.startswith("#"):
        before, _, words = lines[first].partition("#")
        words = words.lstrip("#").strip().rstrip("#").strip()
        lines[first] = f"{before}**{words}**\n{before.rstrip()}" if words else before.rstrip()
    else:
        lines[last - 1] = re.sub(r"[=\-]+\s*$", "", lines[last - 1])


def _soften(text: str) -> str:
    return _DEFINITION.sub(r"\g<before>\\[", _IN_PROSE.sub(_defuse, text))


def _defuse(found: re.Match[str]) -> str:
    if found["html"]:
        return "\\<"
    if found["picture"]:
        return ""
    if found["link"]:
        return "\\]("
    return found.group()


def _close_fence(text: str) -> str:
    """A code block that nobody closed would swallow the rest of the document."""
    tokens = _PLAIN.parse(text)
    if not tokens or tokens[-1].type != "fence" or not tokens[-1].map:
        return text
    first, last = tokens[-1].map
    lines, markup = text.split("\n"), tokens[-1].markup
    end = lines[min(last, len(lines)) - 1].strip()
    is_closed = min(last, len(lines)) - 1 > first and set(end) == {markup[0]} and len(end) >= len(markup)
    return text if is_closed else f"{text}\n{markup}"


def _is_tame(text: str) -> bool:
    """Whether a heading of ours after the text is still a heading, the only one, and nothing is HTML."""
    env: dict[str, object] = {}
    tokens = _STRICT.parse(f"{text}\n\n## end\n", env)
    inline = [child for token in tokens for child in token.children or ()]
    headings = [token for token in tokens if token.type == "heading_open"]
    urls = [str(child.attrs.get("href") or "") for child in inline if child.type == "link_open"]
    return (
        len(headings) == 1
        and headings[0].level == 0
        and not env.get("references")
        and not any(token.type in ("html_block", "html_inline", "image") for token in [*tokens, *inline])
        and all(_SAFE_URL.match(url) for url in urls)
    )


def _as_code(text: str) -> str:
    longest = max((len(run) for run in re.findall(r"`+", text)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}\n{text}\n{fence}"
