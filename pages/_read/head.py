"""What stands above the text: which post-mortem, which edition of it, and the ways to take it along."""

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from pages._read import copies
from pages._ui import badges, empty, page, prose, times
from pmcore.domain.errors import NotFound
from pmcore.domain.vocabulary import Amendment, PostmortemStatus
from pmcore.readmodels.reading import ReadingView
from pmcore.words import _, say
from wiring import ask

DRAFT = "draft"  #: of the parameter `edition`, for the working copy


def asked(named: str = "") -> ReadingView:
    """What the address names; an address that names nothing, or nothing of yours, says so and stops.

    `named` is how the page is called.
    """
    typed, edition = st.query_params.get("id", ""), st.query_params.get("edition", "")
    try:
        if not _is_number(typed):
            raise NotFound
        number = ask.WORKING_COPY if edition == DRAFT else int(edition) if _is_number(edition) else None
        return ask.reading(int(typed), number)
    except NotFound as refusal:
        page.title(named or _("Read"), "")
        empty.box(say(refusal), icon=":material/search_off:", link=("home.py", _("Home")))
        st.stop()


def _is_number(typed: str) -> bool:
    return typed.isascii() and typed.isdigit() and len(typed) < 10


def show(view: ReadingView) -> DeltaGenerator:
    whole, review = view.writing, view.review
    line = [badges.severity(whole.severity), badges.postmortem(whole.status, whole.amendment)]
    in_review = whole.status is PostmortemStatus.IN_REVIEW or whole.amendment is Amendment.IN_REVIEW
    line += [badges.reviewed()] if in_review and review.is_signed_off else []
    line += [badges.dry_run()] if whole.dry_run else []
    line += [badges.restricted()] if whole.restricted else []
    line.append(_("by {name}").format(name=prose.line(whole.author)))
    return page.header(f"{whole.public_id} · {prose.line(whole.title)}", " ".join(line))


def back(view: ReadingView) -> None:
    """To the text, from a page beside it."""
    st.page_link(
        "read.py", label=_("Read"), icon=":material/article:", query_params={"id": str(view.writing.postmortem_id)}
    )


def links(view: ReadingView) -> None:
    """In the header: the way to the form for those who may write; print and Markdown."""
    whole = view.writing
    query = f"?edition={view.edition or DRAFT}"
    if whole.may_edit:
        st.page_link(
            "write.py", label=_("Write"), icon=":material/edit:", query_params={"id": str(whole.postmortem_id)}
        )
    if view.content is None:
        return
    st.link_button(
        _("One page"),
        f"/print/{whole.postmortem_id}{query}&one-page",
        icon=":material/article:",
        type="tertiary",
        key="one-page",
        help=_("For executives: one sheet, with roles in place of names."),
    )
    st.link_button(
        _("Print"), f"/print/{whole.postmortem_id}{query}", icon=":material/print:", type="tertiary", key="print"
    )
    st.link_button(
        _("Markdown"),
        f"/download/postmortem/{whole.postmortem_id}.md{query}",
        icon=":material/download:",
        type="tertiary",
        key="markdown",
    )
    copies.offer(view)


def choose(view: ReadingView) -> None:
    """Which edition is shown; only where there is more than one text to read."""
    whole = view.writing
    texts = [str(number) for number in range(whole.edition_number, 0, -1)]
    if whole.may_read and (whole.amendment or not whole.edition_number):
        texts.insert(0, DRAFT)
    shown = str(view.edition) if view.edition else DRAFT
    if len(texts) < 2:
        return
    chosen = st.selectbox(
        _("Shown"),
        texts,
        index=texts.index(shown) if shown in texts else 0,
        format_func=lambda text: _("Draft of the next edition") if text == DRAFT else _edition(text),
        key=f"edition-{whole.postmortem_id}-{shown}",
        width=260,
    )
    if chosen != shown:
        st.query_params["edition"] = chosen
        st.rerun()


def _edition(number: str) -> str:
    return _("Edition {number}").format(number=number)


def edition_line(view: ReadingView) -> None:
    """When the shown edition was published, by whom, and what it changed."""
    for line in view.editions:
        if line.number == view.edition:
            published = times.moment(line.published_at, view.writing.zone)
            st.caption(
                _("Edition {number}, published {time} by {name}.").format(
                    number=line.number, time=published, name=prose.line(line.by)
                )
            )
            if line.note:
                st.markdown(f":material/edit_note: {prose.line(line.note)}")
