"""States as badges: a word and a shape, never the colour alone. Each returns Markdown for a label or a text."""

from datetime import datetime

from pmcore.domain import process
from pmcore.domain.days import DayState
from pmcore.domain.metrics import VERDICT_WORDS, MetricVerdict
from pmcore.domain.rail_vocabulary import Verdict
from pmcore.domain.sign_off import Standing
from pmcore.domain.vocabulary import (
    ActionState,
    Amendment,
    ClockState,
    ObligationLevel,
    PostmortemStatus,
    RecurrenceState,
    SectionState,
    Severity,
)
from pmcore.words import _, label, times

_SEVERITY = {
    Severity.P0: ("red", "emergency"),
    Severity.P1: ("orange", "warning"),
    Severity.P2: ("blue", "info"),
}
_STATUS = {
    PostmortemStatus.DRAFT: ("gray", "edit"),
    PostmortemStatus.IN_REVIEW: ("orange", "rate_review"),
    PostmortemStatus.PUBLISHED: ("green", "task_alt"),
    PostmortemStatus.CLOSED: ("violet", "lock"),
}
_CLOCK = {
    ClockState.NOT_STARTED: ("gray", "hourglass_empty"),
    ClockState.PENDING: ("blue", "schedule"),
    ClockState.MET: ("green", "check"),
    ClockState.LATE: ("orange", "history"),
    ClockState.MISSED: ("red", "alarm"),
    ClockState.WAIVED: ("gray", "do_not_disturb_on"),
    ClockState.NONE: ("gray", "remove"),
}
_LEVEL = {
    ObligationLevel.REQUIRED: ("red", "priority_high"),
    ObligationLevel.RECOMMENDED: ("blue", "thumb_up"),
    ObligationLevel.NONE: ("gray", "remove"),
}
_FIGURE = {
    MetricVerdict.MEETS: ("green", "check_circle"),
    MetricVerdict.MISSES: ("red", "warning"),
    MetricVerdict.TOO_FEW: ("blue", "hourglass_top"),
    MetricVerdict.NOTHING: ("gray", "remove"),
    MetricVerdict.NO_TARGET: ("gray", "straighten"),
}
_ACTION = {
    ActionState.PROPOSED: ("gray", "lightbulb"),
    ActionState.COMMITTED: ("blue", "handshake"),
    ActionState.IN_PROGRESS: ("blue", "play_arrow"),
    ActionState.BLOCKED: ("orange", "block"),
    ActionState.DONE: ("green", "check"),
    ActionState.VERIFIED: ("green", "verified"),
    ActionState.WONT_DO: ("gray", "close"),
}
_SECTION = {
    SectionState.FROM_INCIDENT: ("blue", "input"),
    SectionState.NEEDS_YOU: ("orange", "edit"),
    SectionState.OPTIONAL: ("gray", "more_horiz"),
    SectionState.DONE: ("green", "check"),
}


def badge(colour: str, icon: str, text: str) -> str:
    """`text` is a word of ours, not a person's."""
    return f":{colour}-badge[:material/{icon}: {text}]"


def severity(value: Severity) -> str:
    return badge(*_SEVERITY[value], label(value))


def postmortem(status: PostmortemStatus, amendment: Amendment | None = None) -> str:
    shown = badge(*_STATUS[status], label(status))
    return f"{shown} {badge('orange', 'edit_note', label(amendment))}" if amendment else shown


def reviewed() -> str:
    """Derived: in review, and every required signature is valid."""
    return badge("green", "draw", _("Reviewed"))


def signature(standing: Standing) -> str:
    words = {
        Standing.VALID: ("green", "verified", _("Signed")),
        Standing.VOID: ("orange", "heart_broken", _("Void: the text changed")),
        Standing.MISSING: ("gray", "pending", _("Not signed yet")),
    }
    return badge(*words[standing])


def changed_since() -> str:
    """Of a text that the reader has signed."""
    return badge("orange", "heart_broken", _("Changed since you signed"))


def changed() -> str:
    return badge("orange", "difference", _("Changed"))


def unseen() -> str:
    """Of a section that the reader has never been shown."""
    return badge("blue", "fiber_new", _("New to you"))


def day(state: DayState) -> str:
    words = {
        DayState.DONE: ("green", "check", _("Done")),
        DayState.NOW: ("blue", "schedule", _("Due now")),
        DayState.LATE: ("orange", "history", _("Late")),
        DayState.AHEAD: ("gray", "more_horiz", _("Ahead")),
        DayState.UNMARKED: ("gray", "event", _("Not noted")),
    }
    return badge(*words[state])


def held() -> str:
    return badge("green", "check", _("Held"))


def verdict(value: Verdict) -> str:
    looks = {
        Verdict.PREVENTED: ("green", "shield"),
        Verdict.NOT_EXERCISED: ("gray", "hourglass_empty"),
        Verdict.RECURRED: ("orange", "replay"),
    }
    return badge(*looks[value], label(value))


def recurrence(state: RecurrenceState) -> str:
    looks = {
        RecurrenceState.PROPOSED: ("blue", "help"),
        RecurrenceState.CONFIRMED: ("orange", "replay"),
        RecurrenceState.REFUSED: ("gray", "close"),
    }
    return badge(*looks[state], label(state))


def metric(value: MetricVerdict) -> str:
    """Of a figure beside its target."""
    return badge(*_FIGURE[value], _(VERDICT_WORDS[value]))


def ongoing() -> str:
    return badge("red", "local_fire_department", _("Not resolved yet"))


def count(number: int) -> str:
    return badge("blue", "tag", str(number))


def level(value: ObligationLevel) -> str:
    return badge(*_LEVEL[value], label(value))


def clock(state: ClockState, due_at: datetime | None, now: datetime) -> str:
    """The state in words; a running or missed clock says how much is left or over."""
    text = label(state)
    if due_at and state in (ClockState.PENDING, ClockState.MISSED):
        text = times.time_left(due_at, now)
    colour, icon = _CLOCK[state]
    if state is ClockState.PENDING and due_at and (due_at - now).total_seconds() < 12 * 3600:
        colour = "orange"
    return badge(colour, icon, text)


def action_state(state: ActionState) -> str:
    return badge(*_ACTION[state], label(state))


def overdue() -> str:
    return badge("red", "alarm", _("Overdue"))


def quiet(text: str, icon: str = "schedule") -> str:
    """A grey mark: worth knowing, nobody's fault. `text` is a word of ours."""
    return badge("gray", icon, text)


def here() -> str:
    """Of the browser that asks."""
    return badge("green", "check", _("This one"))


def dry_run() -> str:
    return badge("violet", "science", _("Dry run"))


def restricted() -> str:
    return badge("red", "visibility_lock", _("Restricted"))


def section_state(state: SectionState) -> str:
    return badge(*_SECTION[state], label(state))


def section_icon(state: SectionState) -> str:
    """For a button's `icon=`; its label says the word."""
    return f":material/{_SECTION[state][1]}:"


def approval(standing: process.Standing) -> str:
    """Of the process document."""
    words = {
        process.Standing.APPROVED: ("green", "verified", _("Approved")),
        process.Standing.CHANGED: ("orange", "edit_note", _("Changed since it was approved")),
        process.Standing.NEVER: ("gray", "pending", _("Not approved yet")),
    }
    return badge(*words[standing])


def checklist(done: str, is_finished: bool) -> str:
    """`done` is a word of ours: "4 of 11 steps"."""
    return badge("green", "check", done) if is_finished else badge("blue", "checklist", done)
