"""What stands above every section: which post-mortem, which section, which view of it."""

import streamlit as st

from pages._ui import badges, empty, page, prose
from pmcore.domain.errors import NotFound
from pmcore.domain.sections import BY_KEY
from pmcore.domain.vocabulary import MemberRole, SectionKey
from pmcore.readmodels.writing import WritingView
from pmcore.words import _, say
from wiring import ask

WRITE, HISTORY, PREVIEW = "write", "history", "preview"


def asked() -> WritingView:
    """The post-mortem that the address names; an address that names none, or none of yours, says so and stops."""
    typed = st.query_params.get("id", "")
    try:
        if not (typed.isascii() and typed.isdigit() and len(typed) < 10):
            raise NotFound
        return ask.writing(int(typed))
    except NotFound as refusal:
        page.title(_("Write"), "")
        empty.box(say(refusal), icon=":material/search_off:", link=("home.py", _("Home")))
        st.stop()


def show(postmortem: WritingView) -> None:
    """Title and standing. Stops where there is nothing to write: an import, or a draft that is not shared."""
    line = [badges.severity(postmortem.severity), badges.postmortem(postmortem.status, postmortem.amendment)]
    line += [badges.dry_run()] if postmortem.dry_run else []
    line += [badges.restricted()] if postmortem.restricted else []
    line.append(_("by {name}").format(name=prose.line(_names(postmortem))))
    page.title(f"{postmortem.public_id} · {prose.line(postmortem.title)}", " ".join(line))
    if not postmortem.sections:
        empty.box(_("It was imported from the old tracker and is not written here."), icon=":material/upload_file:")
        if postmortem.document_url:
            st.link_button(_("Open the document"), postmortem.document_url, key="imported-document")
        st.stop()


def _names(postmortem: WritingView) -> str:
    co_authors = (member.name for member in postmortem.members if member.role is MemberRole.CO_AUTHOR)
    return ", ".join((postmortem.author, *co_authors))


def opened(postmortem: WritingView) -> SectionKey:
    """The section that the address names; else the one of the next step."""
    typed = st.query_params.get("section", "")
    if typed in set(SectionKey):
        return SectionKey(typed)
    return postmortem.next_step.section or SectionKey.SUMMARY


def require_readable(postmortem: WritingView) -> None:
    if not postmortem.may_read and postmortem.edition_number:
        empty.box(
            _("This is where its authors write. The published edition has a page of its own."),
            icon=":material/menu_book:",
            link=("read.py", _("Read the post-mortem")),
            query={"id": str(postmortem.postmortem_id)},
        )
        st.stop()
    if not postmortem.may_read:
        empty.box(
            _("{name} has not shared this draft yet. Its progress is at the left.").format(
                name=prose.line(postmortem.author)
            ),
            icon=":material/visibility_off:",
        )
        st.stop()


def view(postmortem: WritingView, section: SectionKey) -> str:
    """The section's heading, and whether to write it, to look back, or to look at the whole."""
    asked_for = st.query_params.get("view", WRITE)
    words = {WRITE: _("Write"), HISTORY: _("History"), PREVIEW: _("Preview the whole")}
    icons = {WRITE: "edit", HISTORY: "history", PREVIEW: "article"}
    known = BY_KEY[section]
    number = [entry.key for entry in postmortem.sections].index(section) + 1
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="bottom"):
        state = badges.section_state(postmortem.entry(section).state)
        st.markdown(f"## {number}. {_(known.heading)}\n\n{_(known.question)} {state}", width="content")
        chosen = st.segmented_control(
            _("View"),
            list(words),
            format_func=lambda name: f":material/{icons[name]}: {words[name]}",
            default=asked_for if asked_for in words else WRITE,
            required=True,
            key=f"view-{section}",
            label_visibility="collapsed",
            on_change=_remember,
            args=(section,),
        )
    return chosen or WRITE


def _remember(section: SectionKey) -> None:
    st.query_params["view"] = st.session_state[f"view-{section}"] or WRITE
    st.query_params["section"] = section.value
