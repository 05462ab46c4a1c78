"""The boxes of the inbox; those that are empty say what will be there, in one box."""

from collections.abc import Iterator
from contextlib import AbstractContextManager

import streamlit as st

from pages._home.frame import box_of, link_of, named, open_, row_of
from pages._ui import badges, flash, links, prose, times
from pmcore.domain.action_item import Mark
from pmcore.domain.errors import N_
from pmcore.domain.vocabulary import ClockState, ObligationLevel
from pmcore.readmodels.inbox import Box, DraftRow, Inbox, ItemRow, OnboardingRow, OwedRow, SurveyRow, ToSignRow
from pmcore.usecases.start import StartPostmortem
from pmcore.words import _, label, ngettext
from wiring import acting, parts, run

#: Of everybody, whether there are rows or not: icon, heading, and what is said of it while it is empty.
_ALWAYS = {
    "owed": (
        "edit_document", N_("Owed by me"),
        N_("You owe no post-mortem. When an incident needs one from you, it appears here with the hours left."),
    ),
    "returned": (
        "undo", N_("Returned to me"),
        N_("Nothing came back. Reviewers' reasons appear here when they return a text of yours."),
    ),
    "drafts": (
        "draft", N_("My drafts"),
        N_("You have no draft. Start one from an incident that you owe, or take one over on the incidents page."),
    ),
    "to_sign": (
        "draw", N_("Waiting for my signature"),
        N_("Nobody waits for you. Texts that you are asked to review appear here, the longest waiting first."),
    ),
    "my_items": (
        "task_alt", N_("My action items"),
        N_("You own no open action item. Items appear here once their post-mortem commits them."),
    ),
    "their_items": (
        "groups", N_("Of my post-mortems, owned by others"),
        N_("Nobody else has an open item from a post-mortem of yours."),
    ),
}  # fmt: skip


def has_own(inbox: Inbox) -> bool:
    """Whether a text of the person's own waits."""
    return any(box.rows for box in (inbox.owed, inbox.returned, inbox.drafts))


def without_rows(inbox: Inbox) -> None:
    """What is empty, in one box: what will be there, and when."""
    empty = [
        f":material/{icon}: **{_(heading)}**  \n{_(nothing)}"
        for name, (icon, heading, nothing) in _ALWAYS.items()
        if not getattr(inbox, name).rows
    ]
    if empty:
        with st.container(border=True, key="box-empty"):
            st.markdown("\n\n".join((f"## :material/inbox: {_('Empty for now')}", *empty)))


def _box(name: str, box: Box, more: tuple[str, str] | None = None) -> AbstractContextManager[None]:
    icon, heading, _nothing = _ALWAYS[name]
    return box_of(name.replace("_", "-"), icon, _(heading), box, more)


def first_steps() -> None:
    """For the administrator who is still alone."""
    with st.container(border=True, gap="small", key="box-first-steps"):
        st.markdown(f"## :material/flag: {_('First steps')}")
        with st.container(horizontal=True):
            open_("settings.py", _("Invite the others"), "person_add")
            open_("tracker.py", _("Look at the worked example"), "menu_book", dry_runs="1")


def onboarding(row: OnboardingRow | None) -> None:
    """Only for somebody new; nothing to say to the others."""
    if row is None:
        return
    done = _("{done} of {total} steps").format(done=row.done, total=row.total)
    slot = st.container(border=True, key="box-onboarding")
    to = ("process.py", _("Go on") if row.done else _("Begin"), "checklist")
    with slot:
        link_of(_("Get to know the process"), [badges.checklist(done, False)], "", to, part="checklist")


def survey(row: SurveyRow | None) -> None:
    """Until it is answered or declined."""
    if row is None:
        return
    said = _("Two minutes, without your name; to the end of {day}").format(
        day=times.day_of(row.last_at, acting.actor().zone)
    )
    slot = st.container(border=True, key="box-survey")
    with slot:
        link_of(_("Is our process useful and safe?"), [], said, ("survey.py", _("Answer"), "forum"))


def owed(box: Box[OwedRow]) -> None:
    if not box.rows:
        return
    with _box("owed", box, ("incidents.py", _("All incidents"))):
        for row in box.rows:
            marks = [badges.severity(row.severity), *_owed_marks(row)]
            with row_of(f"owed-{row.incident_id}", named(row.public_id, row.title), marks, at=row.due_at):
                if row.is_ongoing:
                    open_("log.py", _("Open the log"), "list_alt", id=row.incident_id)
                elif st.button(_("Start writing"), icon=":material/edit:", key=f"start-{row.incident_id}"):
                    _start(row.incident_id)


def _owed_marks(row: OwedRow) -> Iterator[str]:
    if row.is_ongoing:
        yield badges.ongoing()
    elif row.level is ObligationLevel.RECOMMENDED:
        yield badges.level(row.level)
    else:
        yield badges.clock(row.clock, row.due_at, parts.clock())
    if row.is_unassigned:
        yield badges.quiet(_("Nobody owes it yet"), "person_off")


def _start(incident_id: int) -> None:
    with flash.refusals():
        started = run(StartPostmortem(incident_id=incident_id))
        st.switch_page("write.py", query_params={"id": str(started)})


def returned(box: Box[DraftRow]) -> None:
    if not box.rows:
        return
    with _box("returned", box):
        for row in box.rows:
            said = _("{name} ({role}), {time}:").format(
                name=prose.line(row.returned_by),
                role=label(row.returned_as) if row.returned_as else "",
                time=times.ago(row.returned_at),
            )
            link_of(
                named(row.public_id, row.title), [], f"{said} {prose.line(row.reasons)}",
                ("write.py", _("Answer"), "edit"), at=row.returned_at, id=row.postmortem_id,
            )  # fmt: skip


def drafts(box: Box[DraftRow]) -> None:
    if not box.rows:
        return
    with _box("drafts", box, ("tracker.py", _("All post-mortems"))):
        for row in box.rows:
            step = _(row.next_step.sentence).format(**row.next_step.values)
            marks = [badges.postmortem(row.status, row.amendment)]
            if row.clock in (ClockState.PENDING, ClockState.MISSED):
                marks.append(badges.clock(row.clock, row.due_at, parts.clock()))
            section = {"section": row.next_step.section.value} if row.next_step.section else {}
            link_of(
                named(row.public_id, row.title), marks, prose.line(step),
                ("write.py" if section else "read.py", _("Go on"), "edit_document"),
                at=row.due_at, id=row.postmortem_id, **section,
            )  # fmt: skip


def to_sign(box: Box[ToSignRow]) -> None:
    if not box.rows:
        return
    with _box("to_sign", box):
        for row in box.rows:
            roles = ", ".join(label(role) for role in row.roles)
            waits = _("{name} asked for it {time}").format(
                name=prose.line(row.author), time=times.ago(row.submitted_at)
            )
            marks = [badges.severity(row.severity)]
            marks += [badges.changed_since()] if row.is_void else []
            said = _("{waits}; you sign as {roles}.").format(waits=waits, roles=roles) if roles else waits
            words = _("Read the changes") if row.is_void else _("Read and sign") if roles else _("Read")
            view = {"view": "changes"} if row.is_void else {}
            link_of(
                named(row.public_id, row.title), marks, said, ("read.py", words, "draw"),
                at=row.submitted_at, id=row.postmortem_id, **view,
            )  # fmt: skip


def my_items(box: Box[ItemRow]) -> None:
    if not box.rows:
        return
    with _box("my_items", box):
        for row in box.rows:
            _item(row, "")
        st.page_link(links.to("actions.py"), label=_("Update mine"), icon=":material/checklist:")


def their_items(box: Box[ItemRow]) -> None:
    if not box.rows:
        return
    with _box("their_items", box, ("actions.py", _("All actions"))):
        for row in box.rows:
            _item(row, prose.line(row.owner))


def _item(row: ItemRow, owner: str) -> None:
    due = _("due {day}").format(day=times.day(row.due_on))
    marks = [badges.action_state(row.state)]
    marks += [badges.overdue()] if Mark.OVERDUE in row.marks else []
    marks += [badges.quiet(_("No word for a week"))] if Mark.QUIET in row.marks else []
    title = f"{row.public_id}/AI-{row.number} · {prose.line(row.title)}"
    said = ", ".join(part for part in (owner, due) if part)
    link_of(title, marks, said, ("read.py", _("Read"), "task_alt"), id=row.postmortem_id)


def counted(total: int) -> str:
    """ "3 things wait for you"."""
    return ngettext("{count} thing waits for you.", "{count} things wait for you.", total).format(count=total)
