"""Files beside a section: which are let in, what they are called, and how a section names them.

A file is what its first and last bytes say it is, never what its name or a browser says. What is let in is served as
that one type and nothing else, so a picture that is also a script stays a picture.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from pmcore.domain.content import one_line
from pmcore.domain.errors import N_, PmError
from pmcore.domain.sections import FILES, Content
from pmcore.domain.vocabulary import SectionKey

MEGABYTE = 1024 * 1024
MAX_FILE = 10 * MEGABYTE  #: bytes of one file
MAX_TOTAL = 100 * MEGABYTE  #: bytes of all files of a post-mortem
MAX_FILES = 100  #: of a post-mortem
MAX_NAME = 120  #: characters, the ending included
MAX_CAPTION = 300  #: characters


class FileRefused(PmError):
    """The file cannot be kept; the sentence says why and what to do."""


class FileType(StrEnum):
    """What is let in, by the type under which it is served."""

    PNG = "image/png"
    JPEG = "image/jpeg"
    WEBP = "image/webp"
    PDF = "application/pdf"
    CSV = "text/csv"
    TEXT = "text/plain"


PICTURES = frozenset({FileType.PNG, FileType.JPEG, FileType.WEBP})
ENDINGS: Mapping[str, FileType] = {
    "png": FileType.PNG,
    "jpg": FileType.JPEG,
    "jpeg": FileType.JPEG,
    "webp": FileType.WEBP,
    "pdf": FileType.PDF,
    "csv": FileType.CSV,
    "txt": FileType.TEXT,
    "log": FileType.TEXT,
}
_IN_WORDS = {
    FileType.PNG: "PNG",
    FileType.JPEG: "JPEG",
    FileType.WEBP: "WebP",
    FileType.PDF: "PDF",
    FileType.CSV: "CSV",
    FileType.TEXT: "text",
}
_WORDS = frozenset({FileType.CSV, FileType.TEXT})
_MARKUP = re.compile(r"\s*(<\?xml|<!doctype|<!--|<html|<head|<body|<svg|<script|<iframe)", re.I)
_NOT_IN_NAMES = re.compile(r'[<>:"|?*\x7f]')


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """A stored file without its bytes. Never changed, only put away."""

    id: int  #: 0 before it is stored
    postmortem_id: int
    section: SectionKey
    name: str
    type: FileType
    size: int  #: bytes
    sha256: str
    by_id: int
    at: datetime
    published_in: int | None = None  #: the first edition that shows it; None: none yet
    deleted_at: datetime | None = None  #: out of the working copy; editions that show it go on doing so


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A file as the section names it: part of the section's content, so that signatures, revisions and editions
    cover it."""

    id: int
    name: str
    caption: str  #: what the picture shows, also for those who do not see it; may be empty
    type: FileType
    size: int  #: bytes
    sha256: str

    @property
    def is_picture(self) -> bool:
        return self.type in PICTURES


def entry(file: Attachment, caption: str) -> Entry:
    return Entry(id=file.id, name=file.name, caption=caption, type=file.type, size=file.size, sha256=file.sha256)


def entries(content: Content) -> tuple[Entry, ...]:
    """The files that a section names, in their order."""
    return tuple(
        Entry(
            id=int(said["id"]), name=said["name"], caption=said["caption"], type=FileType(said["type"]),
            size=int(said["size"]), sha256=said["sha256"],
        )
        for said in content.get(FILES) or ()
    )  # fmt: skip


def with_entries(content: Content, files: Iterable[Entry]) -> dict[str, Any]:
    """The content, naming these files and no other; without any it is as if it had never named one."""
    named = [
        {
            "id": str(file.id), "name": file.name, "caption": file.caption, "type": file.type.value,
            "size": str(file.size), "sha256": file.sha256,
        }
        for file in files
    ]  # fmt: skip
    rest = {key: value for key, value in content.items() if key != FILES}
    return {**rest, FILES: named} if named else rest


def name_of(typed: str) -> str:
    """A name that is one on every system: no folders, nothing invisible. Raises FileRefused when nothing is left."""
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", typed))[-1]
    seen = "".join(" " if character.isspace() else character for character in last)
    seen = "".join(character for character in seen if not unicodedata.category(character).startswith("C"))
    name = " ".join(_NOT_IN_NAMES.sub("_", seen).split()).strip(". ")
    stem, dot, ending = name.rpartition(".")
    if not dot or not stem.strip(". "):
        raise FileRefused(N_("Give the file a name with an ending, such as graph.png."), field="file")
    return f"{stem[: MAX_NAME - 1 - len(ending)].rstrip('. ')}.{ending}" if len(name) > MAX_NAME else name


def type_of(name: str, data: bytes) -> FileType:
    """What the file is; its name's ending has to say the same. Raises FileRefused."""
    said = ENDINGS.get(name.rpartition(".")[2].lower())
    if said is None:
        raise FileRefused(
            N_("Only PNG, JPEG, WebP, PDF, text (.txt, .log) and CSV can be attached. Convert it to one of these."),
            field="file",
        )
    if not data:
        raise FileRefused(N_("The file is empty. Choose another one."), field="file")
    if len(data) > MAX_FILE:
        raise FileRefused(
            N_("The file has {size} MB; one may have {most} MB. Make it smaller, or link to where it is."),
            field="file", size=f"{len(data) / MEGABYTE:.1f}", most=MAX_FILE // MEGABYTE,
        )  # fmt: skip
    if said in _WORDS:
        _require_words(data)
    elif not _IS[said](data):
        raise FileRefused(
            N_("{name} is not a whole {type} file, whatever its ending says. Save it anew in that format."),
            field="file", name=name, type=_IN_WORDS[said],
        )  # fmt: skip
    return said


def caption_of(typed: str) -> str:
    """One line. Raises FileRefused, BadText."""
    caption = one_line(typed, field="caption")
    if len(caption) > MAX_CAPTION:
        raise FileRefused(
            N_("The caption has {length} characters; {most} fit here. Say the rest in the text."),
            field="caption", length=len(caption), most=MAX_CAPTION,
        )  # fmt: skip
    return caption


def require_room(*, count: int, total: int, size: int) -> None:
    """`count` files of `total` bytes are there; `size` more bytes are to come. Raises FileRefused."""
    if count >= MAX_FILES:
        raise FileRefused(
            N_("There are {most} files here, as many as a post-mortem can have. Delete one first."),
            field="file", most=MAX_FILES,
        )  # fmt: skip
    if total + size > MAX_TOTAL:
        raise FileRefused(
            N_("The files of a post-mortem may have {most} MB together. Delete one first, or link to where it is."),
            field="file", most=MAX_TOTAL // MEGABYTE,
        )  # fmt: skip


def _require_words(data: bytes) -> None:
    """Text that is no web page: UTF-8 without NUL. Raises FileRefused."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise FileRefused(N_("This text is not UTF-8. Save it with the encoding UTF-8."), field="file") from error
    if "\0" in text:
        raise FileRefused(N_("This is not a text: it holds NUL bytes. Save it as plain text."), field="file")
    if _MARKUP.match(text):
        raise FileRefused(N_("Web pages and SVG cannot be attached. Attach a picture or a PDF of it."), field="file")


def _is_png(data: bytes) -> bool:
    """Signature, first chunk and last chunk of RFC 2083; nothing behind the end."""
    return data[:16] == b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" and data.endswith(b"\x00\x00\x00\x00IEND\xaeB`\x82")


def _is_jpeg(data: bytes) -> bool:
    """Start of image, a marker, and an end of image; cameras put previews behind it."""
    return data[:3] == b"\xff\xd8\xff" and b"\xff\xd9" in data[3:]


def _is_webp(data: bytes) -> bool:
    """A RIFF container of just this length, of one of the three kinds of WebP."""
    length = int.from_bytes(data[4:8], "little") + 8
    return (
        data[:4] == b"RIFF"
        and data[8:12] == b"WEBP"
        and data[12:16] in (b"VP8 ", b"VP8L", b"VP8X")
        and length == len(data)
    )


def _is_pdf(data: bytes) -> bool:
    """Header at the very start, end mark within the last kilobyte, as readers look for it."""
    return data[:5] == b"%PDF-" and b"%%EOF" in data[-1024:]


_IS = {FileType.PNG: _is_png, FileType.JPEG: _is_jpeg, FileType.WEBP: _is_webp, FileType.PDF: _is_pdf}
