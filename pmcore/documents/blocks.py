"""What a document is built of. Every `str` that came from a person is marked so, and escaped where it is rendered."""

from dataclasses import dataclass
from typing import TypeAlias

from pmcore.domain.attachment import Entry
from pmcore.domain.vocabulary import SectionKey


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """A label of ours and what it says."""

    label: str
    value: str  #: a person's, one line; empty: not said
    hint: str = ""  #: what the empty template asks for


@dataclass(frozen=True, slots=True, kw_only=True)
class Lines:
    """Pairs, one a line."""

    pairs: tuple[Pair, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Bullets:
    """Pairs as a list."""

    pairs: tuple[Pair, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """A sub-heading of ours."""

    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """A bold line of ours."""

    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Prose:
    """A person's Markdown, code blocks included."""

    text: str
    hint: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Points:
    """A person's lines as a list."""

    lines: tuple[str, ...]
    mark: str = ""  #: ours, before each line
    hint: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    columns: tuple[str, ...]  #: ours
    rows: tuple[tuple[str, ...], ...]  #: a person's lines
    hints: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Why:
    """One answer to a why, and the whys that it raises."""

    number: str  #: as on the write page: "2" in a chain, "1.2" in a tree
    question: str
    answer: str
    stop: str  #: why nobody asks on; empty: somebody does, or should
    action: str  #: "AI-2", ours; empty: none
    children: tuple["Why", ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Whys:
    roots: tuple[Why, ...]
    hint: str = ""

    @property
    def is_chain(self) -> bool:
        """Whether every answer raises one why at most."""
        level = self.roots
        while len(level) == 1:
            level = level[0].children
        return not level


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """A line with a box before it."""

    is_done: bool
    label: str  #: ours, printed bold; may be empty
    text: str  #: a person's line
    details: tuple[Pair, ...] = ()
    hint: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tasks:
    tasks: tuple[Task, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Files:
    """What is attached to a section: pictures are shown, everything else is linked."""

    files: tuple[Entry, ...]


Block: TypeAlias = Lines | Bullets | Heading | Note | Prose | Points | Table | Whys | Tasks | Files


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentSection:
    key: SectionKey
    heading: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    title: str  #: a person's line
    header: tuple[Pair, ...]
    sections: tuple[DocumentSection, ...]
    footer: tuple[Pair, ...]
    is_template: bool = False  #: empty values print their hints

    @property
    def files(self) -> tuple[Entry, ...]:
        """All that are attached, in the order of the document."""
        blocks = (block for section in self.sections for block in section.blocks)
        return tuple(file for block in blocks if isinstance(block, Files) for file in block.files)

    def said(self, value: str, hint: str) -> tuple[str, bool]:
        """What to print for a value, and whether it is a person's text (and has to be escaped)."""
        if value.strip():
            return value, True
        return (f"[{hint}]" if self.is_template and hint else "–"), False
