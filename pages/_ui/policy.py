"""The policy as a form: numbers, a preview of what they would have changed, and the versions so far."""

import streamlit as st

from pages._ui import flash, prose
from pages._ui.kept import Box, Kept
from pmcore.domain.policy import REQUIRING, Policy, check
from pmcore.domain.vocabulary import ClockKind, Rule
from pmcore.readmodels.policy import PolicyChange, PolicyPreview, PolicyView
from pmcore.usecases.policy import ChangePolicy
from pmcore.words import _, label, ngettext, times
from wiring import ask, run

KEY = "policy"


def tab() -> None:
    versions = ask.policies()
    known = versions[0].policy
    st.markdown(_("A change makes a new version. It applies to incidents reported after it; earlier ones keep theirs."))
    turn = f"{KEY}-{known.number}"
    with st.form(turn, border=False, width=800):
        policy = _numbers(known, key=turn)
        note = st.text_input(_("Why does it change?"), key=f"{turn}-note", max_chars=2000)
        flash.beside(KEY, "note")
        with st.container(horizontal=True):
            looked = st.form_submit_button(_("Preview"), key=f"{turn}-preview", icon=":material/visibility:")
            saved = st.form_submit_button(_("Make it the policy"), key=f"{turn}-submit", type="primary")
    kept = Kept(0, KEY)
    kept.watch([Box(form=KEY, name="note", key=f"{turn}-note", in_form=True)])
    if looked:
        with flash.refusals(KEY):
            check(policy)
            _preview(ask.policy_preview(policy))
    if saved:
        with flash.refusals(KEY):
            number = run(
                ChangePolicy(
                    base_number=known.number,
                    p1_minutes=policy.p1_minutes,
                    drafted_hours=policy.drafted_hours,
                    published_hours=policy.published_hours,
                    note=note,
                )
            )
            kept.done(KEY, note)
            flash.say_and_rerun(_("Policy {number} is in force.").format(number=number))
    _versions(versions)


def _numbers(known: Policy, *, key: str) -> Policy:
    minutes = st.number_input(
        _("A P1 owes a post-mortem after this many minutes of impact"), value=known.p1_minutes, step=5,
        key=f"{key}-p1", width=395,
    )  # fmt: skip
    flash.beside(KEY, "p1_minutes")
    st.markdown(f"**{_('Hours until each deadline, by the rule that fired; the shortest counts')}**")
    hours: dict[ClockKind, dict[Rule, int]] = {kind: {} for kind in ClockKind}
    stored = {ClockKind.DRAFTED: known.drafted_hours, ClockKind.PUBLISHED: known.published_hours}
    for rule in REQUIRING:
        what = label(rule).format(minutes=known.p1_minutes)
        with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
            for kind in ClockKind:
                hours[kind][rule] = int(
                    st.number_input(
                        _("{rule}: {clock}").format(rule=what, clock=label(kind)), value=stored[kind][rule], step=1,
                        key=f"{key}-{kind}-{rule}",
                    )
                )  # fmt: skip
        for kind in ClockKind:
            flash.beside(KEY, f"{kind}_hours.{rule}")
    return Policy(
        number=known.number + 1,
        p1_minutes=int(minutes),
        drafted_hours=hours[ClockKind.DRAFTED],
        published_hours=hours[ClockKind.PUBLISHED],
    )


def _preview(found: PolicyPreview) -> None:
    with st.container(border=True, key="policy-preview"):
        looked_at = ngettext(
            "Of {count} incident of the last 90 days:", "Of {count} incidents of the last 90 days:", found.looked_at
        ).format(count=times.number(found.looked_at))
        owing = _("{after} would owe a post-mortem ({before} do now)").format(
            after=found.required_after, before=found.required_before
        )
        late = _("{after} would be late ({before} are now)").format(after=found.late_after, before=found.late_before)
        st.markdown(f"{looked_at} {owing}, {late}.")
        if not found.changes:
            st.caption(_("Nothing would have been different."))
            return
        st.dataframe(
            [_cells(change) for change in found.changes],
            key="policy-changes",
            hide_index=True,
            alt=_("Incidents for which the new policy would say something else"),
            column_config={
                "id": _("Incident"), "title": _("Title"), "before": _("Now"), "after": _("Then"),
            },
        )  # fmt: skip


def _cells(change: PolicyChange) -> dict[str, str]:
    def said(level: str, late: bool) -> str:
        return _("{level}, late").format(level=level) if late else level

    return {
        "id": change.public_id,
        "title": change.title,
        "before": said(label(change.before), change.late_before),
        "after": said(label(change.after), change.late_after),
    }


def _versions(versions: tuple[PolicyView, ...]) -> None:
    with st.expander(_("Versions so far"), width=800):
        zone = ask.workspace().zone
        for version in versions:
            by = prose.line(version.by) or _("came with the app")
            st.markdown(
                _("**{number}** since {moment}, {by}. {note}").format(
                    number=version.policy.number, moment=times.moment(version.valid_from, zone), by=by,
                    note=prose.line(version.note),
                )
            )  # fmt: skip
