"""Commands that talk about a section, and that put a hint away."""

from dataclasses import dataclass

from pmcore.domain import comment as rules
from pmcore.domain.comment import Comment
from pmcore.domain.content import one_line
from pmcore.domain.errors import NotFound
from pmcore.domain.permissions import Actor, Right, require
from pmcore.domain.postmortem import require_may_edit
from pmcore.domain.vocabulary import SectionKey
from pmcore.ports import Clock, OpenUnitOfWork, UnitOfWork

EXCERPT = 200  #: characters of a hint's words that are remembered


@dataclass(frozen=True, slots=True, kw_only=True)
class WriteComment:
    postmortem_id: int
    section: SectionKey
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    thread_id: int
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ResolveThread:
    thread_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ReopenThread:
    thread_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DeleteComment:
    comment_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class BringCommentBack:
    comment_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PutMentionAway:
    thread_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DismissHint:
    postmortem_id: int
    section: SectionKey
    rule: str
    excerpt: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BringHintsBack:
    postmortem_id: int
    section: SectionKey


def write_comment(command: WriteComment, *, actor: Actor, begin: OpenUnitOfWork, clock: Clock) -> int:
    """Begin a thread; returns its id. Raises Forbidden, NotFound, BadComment, BadText."""
    require(actor, Right.WRITE)
    text = rules.written(command.text)
    now = clock()
    with begin() as work:
        work.comments.require_readable(command.postmortem_id, actor=actor)
        comment = Comment(
            id=0, postmortem_id=command.postmortem_id, section=command.section, thread_id=None,
            by_id=actor.user_id, text=text, at=now,
        )  # fmt: skip
        return _add(work, comment, actor=actor)


def reply(command: Reply, *, actor: Actor, begin: OpenUnitOfWork, clock: Clock) -> int:
    """Answer in a thread; a resolved one is open again, and the answerer's own mentions in it are done.

    Raises Forbidden, NotFound, BadComment, BadText.
    """
    require(actor, Right.WRITE)
    text = rules.written(command.text)
    now = clock()
    with begin() as work:
        first = _thread(work, command.thread_id, actor)
        work.comments.save(rules.reopen(first))
        work.comments.settle_mentions(thread_id=first.id, user_id=actor.user_id, at=now)
        answer = Comment(
            id=0, postmortem_id=first.postmortem_id, section=first.section, thread_id=first.id, by_id=actor.user_id,
            text=text, at=now,
        )  # fmt: skip
        return _add(work, answer, actor=actor)


def _thread(work: UnitOfWork, thread_id: int, actor: Actor) -> Comment:
    first = work.comments.get(thread_id, actor=actor)
    if not first.is_first:
        raise NotFound
    return first


def _add(work: UnitOfWork, comment: Comment, *, actor: Actor) -> int:
    comment_id = work.comments.add(comment)
    called = rules.mentioned(comment.text, work.comments.nameable(comment.postmortem_id)) - {actor.user_id}
    work.comments.mention(comment_id, called)
    work.audit(actor_id=actor.user_id, did="comment", to=f"comment/{comment_id}", at=comment.at)
    return comment_id


def resolve_thread(command: ResolveThread, *, actor: Actor, begin: OpenUnitOfWork, clock: Clock) -> None:
    """Done; everybody's mentions in it too. Raises Forbidden, NotFound."""
    require(actor, Right.WRITE)
    now = clock()
    with begin() as work:
        first = _thread(work, command.thread_id, actor)
        work.comments.save(rules.resolve(first, by_id=actor.user_id, at=now))
        work.comments.settle_mentions(thread_id=first.id, user_id=None, at=now)
        work.audit(actor_id=actor.user_id, did="resolve_thread", to=f"comment/{first.id}", at=now)


def reopen_thread(command: ReopenThread, *, actor: Actor, begin: OpenUnitOfWork, clock: Clock) -> None:
    """Raises Forbidden, NotFound."""
    require(actor, Right.WRITE)
    now = clock()
    with begin() as work:
        first = _thread(work, command.thread_id, actor)
        work.comments.save(rules.reopen(first))
        work.audit(actor_id=actor.user_id, did="reopen_thread", to=f"comment/{first.id}", at=now)


def delete_comment(command: DeleteComment, *, actor: Actor, begin: OpenUnitOfWork, clock: Clock) -> None:
    """Raises Forbidden, NotFound, NotYours."""
    require(actor, Right.WRITE)
    now = clock()
    with begin() as work:
        comment = work.comments.get(command.comment_id, actor=actor)
        work.comments.save(rules.delete(comment, by_id=actor.user_id, at=now))
        work.audit(actor_id=actor.user_id, did="delete_comment", to=f"comment/{comment.id}", at=now)


def bring_comment_back(command: BringCommentBack, *, actor: Actor, begin: OpenUnitOfWork, clock: Clock) -> None:
    """Raises Forbidden, NotFound, NotYours."""
    require(actor, Right.WRITE)
    now = clock()
    with begin() as work:
        comment = work.comments.get(command.comment_id, actor=actor)
        work.comments.save(rules.bring_back(comment, by_id=actor.user_id))
        work.audit(actor_id=actor.user_id, did="restore_comment", to=f"comment/{comment.id}", at=now)


def put_mention_away(command: PutMentionAway, *, actor: Actor, begin: OpenUnitOfWork, clock: Clock) -> None:
    """The actor has seen it; out of the own inbox. Raises Forbidden, NotFound."""
    require(actor, Right.READ)
    now = clock()
    with begin() as work:
        first = _thread(work, command.thread_id, actor)
        work.comments.settle_mentions(thread_id=first.id, user_id=actor.user_id, at=now)
        work.audit(actor_id=actor.user_id, did="put_mention_away", to=f"comment/{first.id}", at=now)


def dismiss_hint(command: DismissHint, *, actor: Actor, begin: OpenUnitOfWork, clock: Clock) -> None:
    """Never again on this post-mortem, for none of its authors. Raises Forbidden, NotFound, NotTheAuthor, NotNow."""
    require(actor, Right.WRITE)
    now = clock()
    with begin() as work:
        require_may_edit(work.postmortems.get(command.postmortem_id, actor=actor), actor.user_id)
        work.comments.dismiss(
            postmortem_id=command.postmortem_id, section=command.section, rule=one_line(command.rule[:EXCERPT]),
            excerpt=remembered(command.excerpt), by_id=actor.user_id, at=now,
        )  # fmt: skip
        to = f"postmortem/{command.postmortem_id}/{command.section}"
        work.audit(actor_id=actor.user_id, did="dismiss_hint", to=to, at=now)


def bring_hints_back(command: BringHintsBack, *, actor: Actor, begin: OpenUnitOfWork, clock: Clock) -> int:
    """Show a section's dismissed hints again; returns how many. Raises Forbidden, NotFound, NotTheAuthor, NotNow."""
    require(actor, Right.WRITE)
    now = clock()
    with begin() as work:
        require_may_edit(work.postmortems.get(command.postmortem_id, actor=actor), actor.user_id)
        count = work.comments.bring_hints_back(postmortem_id=command.postmortem_id, section=command.section)
        to = f"postmortem/{command.postmortem_id}/{command.section}"
        work.audit(actor_id=actor.user_id, did="bring_hints_back", to=to, at=now)
        return count


def remembered(excerpt: str) -> str:
    """A hint's words as a dismissal remembers them: the same words elsewhere in the section are the same hint."""
    return one_line(excerpt.casefold()[:EXCERPT])
