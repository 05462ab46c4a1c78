"""Every word that a person reads, in the reader's language: sentences, labels, durations and times."""

from pmcore.words.catalogue import (
    LANGUAGES,
    LOCALE,
    _,
    ask_for_language,
    language,
    ngettext,
    pgettext,
    say,
    speaking,
)
from pmcore.words.labels import label

__all__ = [
    "LANGUAGES", "LOCALE", "_", "ask_for_language", "label", "language", "ngettext", "pgettext", "say", "speaking",
]  # fmt: skip
