"""Pasted blocks in the shapes that real documents have."""

from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pmcore.domain import paste
from pmcore.domain.content import BadText
from pmcore.domain.paste import LineState
from pmcore.domain.vocabulary import TimelineKind

MOSCOW = ZoneInfo("Europe/Moscow")
SAMPLES = Path(__file__).parents[3] / "shared" / "samples" / "postmortems"


def parse(text, *, after=None, zone=MOSCOW):
    return paste.parse(text, on=date(2025, 12, 14), after=after, zone=zone)


def told(pasted, zone=MOSCOW):
    return [(f"{row.at.astimezone(zone):%H:%M:%S}", row.event, row.actor) for row in pasted.rows]


def test_the_templates_own_table():
    pasted = parse(
        "**All times in MSK (UTC+3)**\n\n| Time | Event | Actor |\n|------|-------|-------|\n"
        "| 10:00:00 | 🔴 Incident Start: Service started throwing 500 errors | System |\n"
        "| 10:02:15 | 🚨 Alert Fired: EmailServiceDown | Prometheus |\n"
        "| 10:02:30 | 👤 On-call engineer paged | PagerDuty |\n"
        "| 10:03:00 | 🔍 Engineer acknowledged, started investigation | @engineer |\n"
        "| 10:05:00 | 🐛 Identified root cause: pool \\| exhausted | @engineer |\n"
        "| 10:06:30 | 🔧 Applied fix: Increased pool size from 10 to 50 | @engineer |\n"
        "| 10:09:00 | ✅ Service recovered, availability >99% | System |\n"
        "| 10:12:00 | ✅ Incident resolved, alert cleared | Prometheus |\n"
    )
    assert told(pasted)[1] == ("10:02:15", "Alert Fired: EmailServiceDown", "Prometheus")
    assert told(pasted)[4][1] == "Identified root cause: pool | exhausted"
    assert [row.kind for row in pasted.rows] == [
        TimelineKind.INCIDENT_START, TimelineKind.ALERT, TimelineKind.PAGED, TimelineKind.ACKNOWLEDGED,
        TimelineKind.IDENTIFIED, TimelineKind.FIX, TimelineKind.RECOVERED, TimelineKind.RESOLVED,
    ]  # fmt: skip
    assert pasted.unread == ()


@pytest.mark.parametrize(
    ("text", "row"),
    [
        ("10:02:15 Alert fired", ("10:02:15", "Alert fired", "")),
        ("[10:57] Looking", ("10:57:00", "Looking", "")),
        ("10:02 - Looking", ("10:02:00", "Looking", "")),
        ("- 10:02 Looking", ("10:02:00", "Looking", "")),
        ("* [10:02] Looking (@anna)", ("10:02:00", "Looking", "@anna")),
        ("1. 10:02 @anna: Looking", ("10:02:00", "Looking", "@anna")),
        ("> 10:02 Looking – @anna", ("10:02:00", "Looking", "@anna")),
        ("- [x] 10:02 Looking", ("10:02:00", "Looking", "")),
        ("2025-12-14T10:02:15+03:00 Looking", ("10:02:15", "Looking", "")),
        ("10:02\tLooking\t@anna", ("10:02:00", "Looking", "@anna")),
        ("09:00 - 11:00 Looking", ("09:00:00", "Looking (until 11:00)", "")),
        ("| 10:02 | Looking |", ("10:02:00", "Looking", "")),
        ("10:02 لا يعمل البريد 🔥", ("10:02:00", "لا يعمل البريد 🔥", "")),
    ],
)
def test_one_line(text, row):
    assert told(parse(text)) == [row]


def test_a_table_says_itself_which_column_is_which():
    pasted = parse("| Who | Date | Time | What |\n|-|-|-|-|\n| @anna | 2025-12-13 | 10:02 | Looking |")
    assert [(row.at, row.event, row.actor) for row in pasted.rows] == [
        (datetime(2025, 12, 13, 7, 2, tzinfo=UTC), "Looking", "@anna")
    ]


def test_a_short_row_of_a_table_lacks_only_what_is_not_there():
    assert told(parse("| Time | Event | Actor |\n| 10:02 | Looking")) == [("10:02:00", "Looking", "")]


def test_a_table_without_a_time_column_is_kept():
    pasted = parse("| Name | Role |\n| Anna | Lead |")
    assert [line.text for line in pasted.unread] == ["| Name | Role |", "| Anna | Lead |"]


def test_midnight():
    pasted = parse("23:58 One\n00:03 Two\n00:01 Three", after=datetime(2025, 12, 14, 20, 50, tzinfo=UTC))
    assert [row.at.day for row in pasted.rows] == [14, 14, 14]
    assert told(pasted)[1][0] == "00:03:00"
    assert [f"{row.at.astimezone(MOSCOW):%d}" for row in pasted.rows] == ["14", "15", "15"]


def test_points_out_what_is_earlier_than_a_row_before():
    assert [row.is_early for row in parse("10:05 One\n10:02 Two\n10:03 Three\n10:06 Four").rows] == [
        False, True, True, False,
    ]  # fmt: skip


def test_the_first_row_past_midnight_of_an_incident_that_began_before():
    (row,) = parse("00:10 Paged", after=datetime(2025, 12, 14, 20, 50, tzinfo=UTC)).rows
    assert row.at == datetime(2025, 12, 14, 21, 10, tzinfo=UTC)


def test_headings_with_paragraphs():
    pasted = parse(
        "All times in CET\n\n### 2022-06-02 10:00 - Problem starts\n\nNo new pods were launched.\nNowhere.\n\n"
        "```\nError from server\n```\n\n### 21:00 - Team alerted\n\nA user reported it.\n\n## Lessons\n\nMany.",
        zone=UTC,
    )
    assert told(pasted, UTC) == [
        ("10:00:00", "Problem starts No new pods were launched. Nowhere. Error from server", ""),
        ("21:00:00", "Team alerted A user reported it.", ""),
    ]
    assert [row.at.date() for row in pasted.rows] == [date(2022, 6, 2)] * 2
    assert (pasted.said_zone, str(pasted.zone)) == ("CET", "UTC+01:00")
    assert [line.text for line in pasted.unread] == ["## Lessons", "Many."]


def test_a_heading_with_a_date_moves_the_day():
    pasted = parse("### 2018-01-16\n10:00 One\n### 2018-01-17\n09:00 Two")
    assert [f"{row.at:%d}" for row in pasted.rows] == ["16", "17"]


def test_indented_lines_belong_to_the_row_above():
    pasted = parse("10:02 Looking\n    at the logs\n  - not this one\nnor this")
    assert told(pasted) == [("10:02:00", "Looking at the logs", "")]
    assert [line.number for line in pasted.unread] == [3, 4]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("Somebody looked", "No time at the beginning"),
        ("| 2019-12-03 --:-- | Surge |", "No time in the first column|no time of day"),
        ("| HH:mm | Short event |", "No time in the first column"),
        ("2021-12-10 It was published", "no time of day|No time at the beginning"),
        ("25:00 Looking", "no such time"),
        ("| 2025-02-30 10:00 | Looking |", "no such day"),
        ("## What we learnt", "No time at the beginning"),
    ],
)
def test_what_cannot_be_read_is_kept_with_its_reason(text, why):
    (line,) = parse(text).unread
    assert line.text == text
    assert line.problem is not None
    assert any(reason in str(line.problem) for reason in why.split("|"))


def test_a_time_that_the_clocks_skipped_is_kept_with_its_reason():
    pasted = paste.parse("02:30 Looking", on=date(2025, 3, 30), after=None, zone=ZoneInfo("Europe/Berlin"))
    assert "did not exist" in str(pasted.unread[0].problem)


@pytest.mark.parametrize(
    ("event", "kind"),
    [
        ("✅ Incident resolved", TimelineKind.RESOLVED),
        ("✅ Everything fine", TimelineKind.RECOVERED),
        (":rotating_light: CPU", TimelineKind.ALERT),
        ("🛠️ Restart", TimelineKind.FIX),
        ("Start of incident. New version deployed", TimelineKind.INCIDENT_START),
        ("Manual fix applied", TimelineKind.FIX),
        ("Investigation starts", TimelineKind.ACKNOWLEDGED),
        ("Everything is back to normal", TimelineKind.RECOVERED),
        ("Somebody made tea", TimelineKind.OTHER),
    ],
)
def test_the_kind_is_guessed(event, kind):
    (row,) = parse(f"10:00 {event}").rows
    assert row.kind is kind


def test_more_than_a_timeline_can_hold_is_refused_whole():
    with pytest.raises(paste.TooMuch, match="2001 lines"):
        parse("10:00 x\n" * 2_000)
    with pytest.raises(BadText, match="200"):
        parse("x" * 200_001)


def test_a_paste_of_200_kb_is_read_at_once():
    pasted = parse("10:00 " + "слово " * 33_000)
    assert len(pasted.rows[0].event) == 2_000


@given(st.text(alphabet=st.sampled_from("10:2 -[]|#\n\tab*>@`🔥"), max_size=120))
def test_no_line_is_ever_lost(text):
    pasted = parse(text)
    assert [line.text for line in pasted.lines] == text.split("\n")
    assert all(line.at is not None for line in pasted.rows)
    lost = [line for line in pasted.lines if line.state is LineState.SKIPPED and any(c in line.text for c in "ab🔥")]
    assert all(line.text.lstrip().startswith(("```", "#")) for line in lost), lost


@pytest.mark.parametrize(
    "path", sorted(SAMPLES.glob("*/*.md")) or [None], ids=lambda path: path.stem[:40] if path else ""
)
def test_real_documents(path):
    """Where real documents lie beside the project, nearly all of their rows are read."""
    if path is None:
        return
    text = path.read_text(encoding="utf-8")
    start = text.lower().index("## timeline")
    end = min((at for at in (text.find(mark, start + 4) for mark in ("\n## ", "\n# ")) if at > 0), default=len(text))
    pasted = parse(text[start:end], zone=UTC)
    assert len(pasted.rows) >= 1 or len(pasted.unread) >= 1
    assert all("\n" not in row.event for row in pasted.rows)
