"""A file on its way to a reader."""

from dataclasses import dataclass

from pmcore.domain.attachment import FileType


@dataclass(frozen=True, slots=True, kw_only=True)
class FileView:
    """What a browser is told before the bytes."""

    id: int
    name: str
    type: FileType
    size: int  #: bytes
    sha256: str
