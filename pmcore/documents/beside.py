"""A document to take away together with its files: one zip, or a folder beside it."""

import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import IO

from pmcore.domain.attachment import Entry

FOLDER = "files"


def path_of(file: Entry) -> str:
    """Where it lies in the archive, seen from the document; its id keeps two of one name apart."""
    return f"{FOLDER}/{file.id}-{file.name}"


def write(
    target: IO[bytes], *, name: str, markdown: str, files: tuple[Entry, ...], data_of: Callable[[int], bytes]
) -> None:
    """The document under its name and each file under its path; one file's bytes are in memory at a time."""
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, markdown)
        for file in files:
            kind = zipfile.ZIP_STORED if file.is_picture else zipfile.ZIP_DEFLATED
            archive.writestr(path_of(file), data_of(file.id), compress_type=kind)


def lay(folder: Path, files: tuple[Entry, ...], *, data_of: Callable[[int], bytes]) -> None:
    """Each file under its path in this folder."""
    for file in files:
        path = folder / path_of(file)
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(data_of(file.id))
