"""Comments on a section: a thread is a question or remark with its replies, open until somebody resolves it."""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from pmcore.domain.content import clean
from pmcore.domain.errors import N_, PmError
from pmcore.domain.vocabulary import SectionKey

MAX_COMMENT = 4_000  #: characters


class BadComment(PmError):
    """The comment says nothing."""


class NotYours(PmError):
    """Somebody else wrote it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Comment:
    id: int  #: 0 before it is stored
    postmortem_id: int
    section: SectionKey
    thread_id: int | None  #: the first comment of its thread; None: it is the first
    by_id: int
    text: str
    at: datetime
    resolved_at: datetime | None = None  #: of a first comment: the thread is done
    resolved_by_id: int | None = None
    deleted_at: datetime | None = None

    @property
    def is_first(self) -> bool:
        return self.thread_id is None


@dataclass(frozen=True, slots=True, kw_only=True)
class Nameable:
    """Somebody whom a comment may mention."""

    user_id: int
    username: str
    name: str


def written(text: str) -> str:
    """The text as it is kept. Raises BadComment, BadText."""
    kept = clean(text, longest=MAX_COMMENT, field="comment").strip()
    if not kept:
        raise BadComment(N_("Write what you want to say first."), field="comment")
    return kept


def resolve(first: Comment, *, by_id: int, at: datetime) -> Comment:
    """The thread is done; who says so first is remembered."""
    return first if first.resolved_at else replace(first, resolved_at=at, resolved_by_id=by_id)


def reopen(first: Comment) -> Comment:
    return replace(first, resolved_at=None, resolved_by_id=None)


def delete(comment: Comment, *, by_id: int, at: datetime) -> Comment:
    """One's own only. Raises NotYours."""
    if comment.by_id != by_id:
        raise NotYours(N_("Only its author can delete a comment. Reply to it, or resolve the thread."))
    return replace(comment, deleted_at=at)


def bring_back(comment: Comment, *, by_id: int) -> Comment:
    """Undo a deletion of one's own. Raises NotYours."""
    if comment.by_id != by_id:
        raise NotYours(N_("Only its author can bring a comment back."))
    return replace(comment, deleted_at=None)


def mentioned(text: str, people: Iterable[Nameable]) -> frozenset[int]:
    """Who is called with `@`: by user name, by full name, or by a first name that only one person has."""
    known = tuple(people)
    first_names = Counter(person.name.split()[0].casefold() for person in known if person.name.split())
    folded = text.casefold()
    found: dict[int, tuple[int, int]] = {}  # where a call begins -> how long the name is, and whose
    for person in known:
        names = {person.username.casefold(), person.name.casefold()}
        if person.name.split() and first_names[person.name.split()[0].casefold()] == 1:
            names.add(person.name.split()[0].casefold())
        for name in filter(None, names):
            for match in re.finditer(rf"(?<![\w.])@{re.escape(name)}(?!\w)(?![.@-]\w)", folded):
                found[match.start()] = max(found.get(match.start(), (0, 0)), (len(name), person.user_id))
    return frozenset(user_id for _, user_id in found.values())
