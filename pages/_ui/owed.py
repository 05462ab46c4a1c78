"""What an incident owes, by when and why: the same few lines wherever it is said."""

import streamlit as st

from pages._ui import badges, prose
from pmcore.domain.vocabulary import ClockState, ObligationLevel
from pmcore.readmodels.ledger import ClockView, LedgerRow
from pmcore.words import _, label, ngettext, times
from pmcore.words import owed as words
from wiring import parts


def show(row: LedgerRow) -> None:
    """The rules in words, both clocks, who owes it, and how it was settled."""
    st.markdown(words.sentence(row.rules, p1_minutes=row.p1_minutes, required=row.level is ObligationLevel.REQUIRED))
    clocks = [clock(view, zone=row.zone) for view in (row.drafted, row.published) if view.state is not ClockState.NONE]
    if clocks:
        st.markdown("  \n".join(clocks))
    for sentence in notes(row):
        st.caption(sentence)


def state(row: LedgerRow) -> str:
    """Unresolved, where the post-mortem stands, or how the incident was settled without one; plain words."""
    if row.disposition is not None:
        return f"{label(row.disposition)} {row.settled_by}".strip()
    if row.status is not None:
        return label(row.amendment) if row.amendment else label(row.status)
    if row.ongoing:
        return _("Unresolved")
    return "" if row.level is ObligationLevel.NONE else _("Not begun")


def clock(view: ClockView, *, zone: str) -> str:
    """ "Draft shared: 31 h left, due 16 Dec 2025, 10:12 MSK (UTC+3)"."""
    badge = badges.clock(view.state, view.due_at, parts.clock())
    when = ""
    if view.stopped_at is not None:
        when = _("on {moment}").format(moment=times.moment(view.stopped_at, zone))
    elif view.due_at is not None:
        when = _("due {moment}").format(moment=times.moment(view.due_at, zone))
    return f"**{label(view.kind)}** {badge} {when}".rstrip()


def notes(row: LedgerRow) -> list[str]:
    """What stands beside the clocks: settled how, waived why, moved, sent back, downgraded, handed over."""
    said = []
    if row.disposition is not None:
        how = f"{label(row.disposition)} {row.settled_by}".strip()
        said.append(_("{how}: {reason}").format(how=how, reason=prose.line(row.disposition_reason)))
    if row.approvals:
        said.append(
            _("Waiver ({approvals} of {needed}): {reason}").format(
                approvals=row.approvals, needed=row.approvals_needed, reason=prose.line(row.waiver_reason)
            )
        )
    if row.moved:
        said.append(_("The resolution time was edited after the clocks had started."))
    if row.returned:
        said.append(
            ngettext(
                "Sent back once by a reviewer.", "Sent back {count} times by reviewers.", row.returned
            ).format(count=row.returned)
        )  # fmt: skip
    if row.highest_severity is not row.severity:
        said.append(
            _("Downgraded from {severity}; the highest severity counts.").format(severity=label(row.highest_severity))
        )
    if row.unresolved_too_long:
        said.append(_("Unresolved for more than 24 hours. Is it over? Then note when."))
    if row.hand_over_note:
        said.append(_("Handed over: {note}").format(note=prose.line(row.hand_over_note)))
    return said
