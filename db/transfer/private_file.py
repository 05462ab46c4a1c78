"""A file with everybody's texts and password hashes in it: for its owner only, and complete or not there."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pmcore.domain.errors import N_, PmError


class CannotWrite(PmError):
    """The file could not be written; an older one of that name is as it was."""

    def __init__(self, out: Path, error: OSError) -> None:
        super().__init__(
            N_("{path} could not be written: {reason}."), path=str(out), reason=error.strerror or str(error)
        )


@contextmanager
def private_file(out: Path) -> Iterator[Path]:
    """The path to write to; it takes the name `out` when the block has ended well, and is removed otherwise.

    A pipe, or a terminal, is written to as it is. Raises CannotWrite.
    """
    if out.exists() and not out.is_file():
        yield out
        return
    part = out.with_name(f"{out.name}.part")
    try:
        part.unlink(missing_ok=True)
        os.close(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        yield part
        part.replace(out)
    except OSError as error:
        raise CannotWrite(out, error) from error
    finally:
        part.unlink(missing_ok=True)
