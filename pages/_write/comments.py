"""What is said beside a section: threads with replies, open until somebody resolves them."""

from collections.abc import Iterator

import streamlit as st

from pages._ui import flash, folded, prose, times, undo
from pages._ui.fragments import fragment
from pages._ui.kept import Box, Kept
from pages._write.fields import MEASURE
from pmcore.domain.comment import MAX_COMMENT
from pmcore.domain.errors import PmError
from pmcore.domain.vocabulary import SectionKey
from pmcore.readmodels.comments import CommentView, Discussion, ThreadView
from pmcore.usecases.comments import (
    BringCommentBack,
    DeleteComment,
    ReopenThread,
    Reply,
    ResolveThread,
    WriteComment,
)
from pmcore.words import _, ngettext, say
from wiring import acting, ask, run


@fragment
def show(postmortem_id: int, key: SectionKey) -> None:
    """Folded while nothing is open and nothing was typed; a comment reruns only this."""
    discussion = ask.discussion(postmortem_id, key)
    kept = Kept(postmortem_id, f"comments-{key}")
    done = [thread for thread in discussion.threads if thread.resolved_at]
    place = folded.expander(
        _heading(discussion.open_count), icon=":material/forum:", expanded=bool(discussion.open_count),
        key=f"comments-{key}", width=MEASURE,
    )  # fmt: skip
    if place is None:
        boxes = _boxes(discussion, is_open=False)
        kept.watch(boxes, reopen=lambda _form: folded.open_(f"comments-{key}"), only_listed=True)
        return
    with place:
        threads, below = st.container(), st.container()
        with below:  # told first: what was said is not to come back into its box
            kept.watch(_boxes(discussion, is_open=True))
        with threads:
            for thread in discussion.threads:
                if not thread.resolved_at:
                    _thread(thread, kept)
            _new(discussion, kept)
            if done:
                count = len(done)
                words = ngettext("Show {count} resolved thread", "Show {count} resolved threads", count)
                if st.toggle(words.format(count=count), key=f"resolved-{key}"):
                    for thread in done:
                        _thread(thread, kept)


def _boxes(discussion: Discussion, *, is_open: bool) -> Iterator[Box]:
    """What is written and not yet said is kept in the browser."""
    name, me = f"{discussion.postmortem_id}-{discussion.section}", acting.user_id()
    said = tuple(each.text for thread in discussion.threads for each in thread.comments if each.by_id == me)
    yield Box(form=name, name="text", key=f"comment-{name}-{_round(name)}", said=said, in_form=True, is_open=is_open)
    for thread in discussion.threads:
        if not thread.resolved_at:
            form, key = str(thread.id), f"reply-{thread.id}-{_round(thread.id)}"
            yield Box(form=form, name="text", key=key, said=said, in_form=True)


def _heading(count: int) -> str:
    return (
        ngettext("Comments: {count} open", "Comments: {count} open", count).format(count=count)
        if count
        else _("Comments")
    )


def _thread(thread: ThreadView, kept: Kept) -> None:
    with st.container(border=True, gap="small", key=f"thread-{thread.id}"):
        for comment in thread.comments:
            _comment(comment)
        if thread.resolved_at:
            said = _("Resolved by {name}, {time}")
            st.caption(
                said.format(name=prose.line(thread.resolved_by), time=times.ago(thread.resolved_at)),
                help=times.exact(thread.resolved_at),
            )
        with st.container(horizontal=True, gap="xsmall"):
            if thread.resolved_at:
                if st.button(_("Reopen"), icon=":material/undo:", key=f"reopen-{thread.id}", type="tertiary"):
                    _do(ReopenThread(thread_id=thread.id))
                return
            if st.button(_("Resolve"), icon=":material/check:", key=f"resolve-{thread.id}", type="tertiary"):
                _do(ResolveThread(thread_id=thread.id))
        with st.form(f"reply-{thread.id}", border=False, clear_on_submit=False):
            _box(_("Reply"), f"reply-{thread.id}-{_round(thread.id)}", _("Your answer. @name calls somebody."))
            if st.form_submit_button(_("Reply"), icon=":material/reply:", key=f"answer-{thread.id}"):
                _say(
                    Reply(thread_id=thread.id, text=st.session_state[f"reply-{thread.id}-{_round(thread.id)}"]),
                    thread.id,
                    kept,
                )


def _comment(comment: CommentView) -> None:
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        name = prose.line(comment.by)
        st.markdown(f"**{name}** :small[:gray[{times.ago(comment.at)}]]", width="content", help=times.exact(comment.at))
        if comment.by_id == acting.user_id() and st.button(
            "", icon=":material/delete:", help=_("Delete this comment"), key=f"delete-comment-{comment.id}",
            type="tertiary",
        ):  # fmt: skip
            _delete(comment)
    prose.markdown(comment.text)


def _delete(comment: CommentView) -> None:
    with flash.refusals():
        run(DeleteComment(comment_id=comment.id))
        undo.offer(_("Comment deleted."), BringCommentBack(comment_id=comment.id))
        st.rerun()


def _new(discussion: Discussion, kept: Kept) -> None:
    name = f"{discussion.postmortem_id}-{discussion.section}"
    key = f"comment-{name}-{_round(name)}"
    with st.form(f"comment-{name}", border=False, clear_on_submit=False):
        _box(_("New comment"), key, _("A question or a remark about this section. @name calls somebody."))
        if st.form_submit_button(_("Comment"), icon=":material/add_comment:", key=f"say-{name}"):
            _say(
                WriteComment(
                    postmortem_id=discussion.postmortem_id, section=discussion.section, text=st.session_state[key]
                ),
                name,
                kept,
            )


def _box(words: str, key: str, hint: str) -> None:
    st.text_area(
        words, key=key, placeholder=hint, height=68, max_chars=MAX_COMMENT, label_visibility="collapsed",
        persist_state="session",
    )  # fmt: skip


def _round(name: object) -> int:
    """Counted on after each comment, so that its box begins empty; a refused text stays."""
    return int(st.session_state.get(f"said-{name}", 0))


def _say(command: WriteComment | Reply, name: object, kept: Kept) -> None:
    try:
        run(command)
    except PmError as refusal:
        st.error(prose.sentence(say(refusal)))
        return
    kept.done(str(name))
    st.session_state[f"said-{name}"] = _round(name) + 1
    st.rerun()


def _do(command: ResolveThread | ReopenThread) -> None:
    with flash.refusals():
        run(command)
        st.rerun()
