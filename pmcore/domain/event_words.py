"""What the words of an event suggest: its kind, by a mark before it or by what it says, and its actor."""

import re

from pmcore.domain.vocabulary import TimelineKind

#: What people put before an event, and what it usually means.
_MARKS = {
    "🔴": TimelineKind.INCIDENT_START, "🚨": TimelineKind.ALERT, "🔔": TimelineKind.ALERT, "⚠️": TimelineKind.ALERT,
    "📟": TimelineKind.PAGED, "👤": TimelineKind.PAGED, "📞": TimelineKind.PAGED, "👀": TimelineKind.ACKNOWLEDGED,
    "🔍": TimelineKind.ACKNOWLEDGED, "🔎": TimelineKind.ACKNOWLEDGED, "🐛": TimelineKind.IDENTIFIED,
    "💡": TimelineKind.IDENTIFIED, "🔧": TimelineKind.FIX, "🛠️": TimelineKind.FIX, "🔄": TimelineKind.FIX,
    "🟢": TimelineKind.RECOVERED, "✅": TimelineKind.RECOVERED, "🏁": TimelineKind.RESOLVED,
    ":red_circle:": TimelineKind.INCIDENT_START, ":rotating_light:": TimelineKind.ALERT,
    ":pager:": TimelineKind.PAGED, ":eyes:": TimelineKind.ACKNOWLEDGED, ":mag:": TimelineKind.ACKNOWLEDGED,
    ":bug:": TimelineKind.IDENTIFIED, ":wrench:": TimelineKind.FIX, ":white_check_mark:": TimelineKind.RECOVERED,
}  # fmt: skip

_WORDS: tuple[tuple[TimelineKind, re.Pattern[str]], ...] = tuple(
    (kind, re.compile("|".join(patterns), re.IGNORECASE))
    for kind, *patterns in (
        (TimelineKind.INCIDENT_START, r"\b(incident|outage|problem|impact) (start|began|begin)", r"^start of incident",
         r"^начало инцидента"),
        (TimelineKind.RESOLVED, r"\bincident (is )?(resolved|over|closed)\b", r"\ball clear\b", r"\(resolved\)",
         r"^resolved\b", r"инцидент (закрыт|решён|решен)"),
        (TimelineKind.RECOVERED, r"\brecovered\b", r"\bback (to normal|online|up)\b", r"\bservice restored\b",
         r"\boperational\b", r"восстановлен"),
        (TimelineKind.ALERT, r"\balerts? (fired|triggered|received)", r"^(first )?alert\b", r"\balerted\b",
         r"сработал алерт"),
        (TimelineKind.PAGED, r"\bpaged\b", r"\bon-call .*(called|notified)", r"вызван дежурный"),
        (TimelineKind.ACKNOWLEDGED, r"\backnowledged\b", r"\binvestigation (starts|started|begins|commenced)",
         r"принят в работу"),
        (TimelineKind.IDENTIFIED, r"\b(root )?cause\b.*\b(identified|found)\b",
         r"\bidentified\b.*\b(cause|issue|problem)", r"найдена причина"),
        (TimelineKind.FIX, r"\bfix(ed)? (applied|deployed|merged|committed)\b", r"\bapplied (the |a |manual )?fix\b",
         r"\broll(ed)? ?back\b", r"исправление применено"),
    )
)  # fmt: skip


def split_mark(event: str) -> tuple[TimelineKind, str]:
    """The kind that a leading emoji stands for, and the event without it."""
    event = event.strip()
    for mark, kind in _MARKS.items():
        bare = event.removeprefix(mark).removeprefix("\ufe0f")
        if bare != event:
            said = guess_kind(bare)
            return (said if mark == "✅" and said is TimelineKind.RESOLVED else kind), bare.strip()
    return TimelineKind.OTHER, event


def guess_kind(event: str) -> TimelineKind:
    """What the words of an event suggest; OTHER when they suggest nothing."""
    return next((kind for kind, pattern in _WORDS if pattern.search(event)), TimelineKind.OTHER)


_BEHIND = re.compile(r"\s+(?:[-–—]\s*(@[\w.-]{2,40})|\((@[\w.-]{2,40})\))\s*$")
_BEFORE = re.compile(r"^(@[\w.-]{2,40})\s*[:>]\s+")


def split_actor(event: str) -> tuple[str, str]:
    """The event without "@engineer: " before it or " (@engineer)" behind it, and that actor."""
    if before := _BEFORE.match(event):
        return event[before.end() :], before[1]
    if behind := _BEHIND.search(event):
        return event[: behind.start()], behind[1] or behind[2]
    return event, ""
