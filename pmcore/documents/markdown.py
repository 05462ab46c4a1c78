"""A document as Markdown, in exactly the template's structure."""

from collections.abc import Iterator
from urllib.parse import quote

from pmcore.documents.beside import path_of
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
from pmcore.documents.tame import cell, line, prose
from pmcore.domain.attachment import Entry

_BREAK = "  \n"  #: a line ends, the paragraph does not


def render(document: Document) -> str:
    parts = [
        f"# Post-Mortem: {document.title if document.is_template else line(document.title)}",
        _pairs(document, document.header),
    ]
    for section in document.sections:
        parts += ["---", f"## {section.heading}"]
        parts += [text for block in section.blocks if (text := _block(document, block))]
    parts += ["---", _pairs(document, document.footer)]
    return "\n\n".join(parts) + "\n"


def _block(document: Document, block: Block) -> str:
    match block:
        case Heading():
            return f"### {block.text}"
        case Note():
            return f"**{block.text}**"
        case Lines():
            return _pairs(document, block.pairs)
        case Bullets():
            return "\n".join(f"- {_pair(document, pair)}" for pair in block.pairs)
        case Prose():
            return prose(block.text) if block.text.strip() else document.said("", block.hint)[0]
        case Points():
            mark = f"{block.mark} " if block.mark else ""
            return "\n".join(f"- {mark}{_line(document, said, block.hint)}" for said in block.lines or ("",))
        case Table():
            return _table(document, block)
        case Whys():
            return "\n".join(_whys(block)) or _why_hint(document, block)
        case Tasks():
            return (
                "\n\n".join(_task(document, task) for task in block.tasks)
                if _is_loose(block)
                else "\n".join(_task(document, task) for task in block.tasks)
            )

        case Files():
            return "\n\n".join(map(_file, block.files))


def _file(file: Entry) -> str:
    """A picture, or a link; relative, because the files lie beside the document."""
    address, name, caption = quote(path_of(file)), line(file.name), line(file.caption)
    if file.is_picture:
        return f"![{caption or name}]({address})" + (f"\n\n*{caption}*" if caption else "")
    return f"[{name}]({address})" + (f" – {caption}" if caption else "")


def _line(document: Document, value: str, hint: str) -> str:
    said, is_theirs = document.said(value, hint)
    return line(said) if is_theirs else said


def _pair(document: Document, pair: Pair) -> str:
    return f"**{pair.label}:** {_line(document, pair.value, pair.hint)}"


def _pairs(document: Document, pairs: tuple[Pair, ...]) -> str:
    return _BREAK.join(_pair(document, pair) for pair in pairs)


def _table(document: Document, table: Table) -> str:
    rows = [[cell(text) or " " for text in row] for row in table.rows]
    if not rows and document.is_template:
        rows = [[f"[{hint}]" for hint in table.hints]]
    lines = [table.columns, ["-" * max(3, len(name)) for name in table.columns], *rows]
    return "\n".join(f"| {' | '.join(texts)} |" for texts in lines)


def _whys(block: Whys) -> Iterator[str]:
    """A chain is the template's numbered list; a tree is nested, and its numbers say where each why hangs."""
    if not block.is_chain:
        yield from _tree(block.roots)
        return
    level = block.roots
    while level:
        yield from _why(level[0], mark=f"{level[0].number}. ", number="", indent="")
        level = level[0].children


def _tree(whys: tuple[Why, ...], indent: str = "") -> Iterator[str]:
    for why in whys:
        yield from _why(why, mark="- ", number=f"{why.number}. ", indent=indent)
        yield from _tree(why.children, indent + "  ")


def _why(why: Why, *, mark: str, number: str, indent: str) -> Iterator[str]:
    inner = indent + " " * len(mark)
    yield f"{indent}{mark}**{number}{line(why.question) or '?'}**  "
    yield f"{inner}→ {line(why.answer) or '–'}"
    if why.stop or why.action:
        yield f"{inner}{_end(why)}"


def _end(why: Why) -> str:
    stop = f"Stop here because: {line(why.stop)}" if why.stop else ""
    return " ".join(part for part in (stop, f"({line(why.action)})" if why.action else "") if part)


def _why_hint(document: Document, block: Whys) -> str:
    hint = document.said("", block.hint)[0]
    return f"1. **[Why did it fail?]**  \n   → {hint}" if document.is_template else hint


def _is_loose(block: Tasks) -> bool:
    return any(task.details for task in block.tasks)


def _task(document: Document, task: Task) -> str:
    label = f"**{task.label}** " if task.label else ""
    head = f"- [{'x' if task.is_done else ' '}] {label}{_line(document, task.text, task.hint)}"
    return "\n".join([head, *(f"  - {pair.label}: {_line(document, pair.value, pair.hint)}" for pair in task.details)])
