"""Whose page is drawn next, when many people want theirs at once.

Python runs one thread at a time. Twenty pages that are drawn in turns of a few hundred microseconds cost half as much
again as the same pages one after the other, and all of them are late. So a few are drawn at a time and the others wait
for a moment: no longer than that, because one of those few may be waiting itself, for the database.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

AT_ONCE = 2  #: one in Python, one in the database
PATIENCE_SECONDS = 1.0  #: many times what a page takes

_free = threading.Semaphore(AT_ONCE)
_mine = threading.local()


@contextmanager
def turn() -> Iterator[None]:
    """Wait for one's turn, for a moment; what is drawn within it, as a fragment of the page, has it already."""
    if getattr(_mine, "has_it", False) or not _free.acquire(timeout=PATIENCE_SECONDS):
        yield
        return
    _mine.has_it = True
    try:
        yield
    finally:
        _mine.has_it = False
        _free.release()
