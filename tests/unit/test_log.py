from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pmcore.domain.content import BadText
from pmcore.domain.errors import PmError
from pmcore.domain.log import COMMANDS, EmptyEntry, read_line
from pmcore.domain.moments import BadMoment
from pmcore.domain.vocabulary import TimelineKind
from tests.factories import NOON

MSK = "Europe/Moscow"


def read(line, **more):
    return read_line(line, now=NOON, zone=MSK, **more)


@pytest.mark.parametrize(
    ("line", "ago", "kind", "text"),
    [
        ("The pool is empty", 0, TimelineKind.OTHER, "The pool is empty"),
        ("/fix raised the pool", 0, TimelineKind.FIX, "raised the pool"),
        ("/FIX -3m raised the pool", 3, TimelineKind.FIX, "raised the pool"),
        ("-3m /fix raised the pool", 3, TimelineKind.FIX, "raised the pool"),
        ("14:57 /ack looking", 3, TimelineKind.ACKNOWLEDGED, "looking"),
        ("[14:57] looking", 3, TimelineKind.OTHER, "looking"),
        ("14:57:00 - looking", 3, TimelineKind.OTHER, "looking"),
        ("-1h30m it began", 90, TimelineKind.OTHER, "it began"),
        ("-5 м пул пуст", 5, TimelineKind.OTHER, "пул пуст"),
        ("/resolved", 0, TimelineKind.RESOLVED, ""),
        ("/resolved -2m", 2, TimelineKind.RESOLVED, ""),
        ("/var/log is full", 0, TimelineKind.OTHER, "/var/log is full"),
        ("/restart does not help", 0, TimelineKind.OTHER, "/restart does not help"),
        ("500 errors a second", 0, TimelineKind.OTHER, "500 errors a second"),
        ("-50% of traffic", 0, TimelineKind.OTHER, "-50% of traffic"),
    ],
)
def test_reads(line, ago, kind, text):
    noted = read(line)
    assert (noted.at, noted.kind, noted.text) == (NOON - timedelta(minutes=ago), kind, text)


@pytest.mark.parametrize(("command", "kind"), COMMANDS.items())
def test_every_command_names_a_kind(command, kind):
    assert read(f"/{command} text").kind is kind


def test_the_chosen_kind_holds_where_the_line_says_none():
    assert read("text", kind=TimelineKind.PAGED).kind is TimelineKind.PAGED
    assert read("/fix text", kind=TimelineKind.PAGED).kind is TimelineKind.FIX


def test_a_time_of_day_follows_the_start_of_the_incident():
    start = NOON - timedelta(days=2, hours=1)
    assert read("14:30 text", since=start).at == NOON - timedelta(days=2, minutes=30)


@pytest.mark.parametrize("line", ["", "   ", "\x00", "-3m", "14:57"])
def test_nothing_is_no_line(line):
    with pytest.raises(EmptyEntry, match="Write what happened"):
        read(line)


@pytest.mark.parametrize("line", ["25:99 hm", "-5parsecs away"])
def test_a_time_that_is_none_is_said(line):
    with pytest.raises(BadMoment):
        read(line)


def test_200_kilobytes_are_refused():
    with pytest.raises(BadText):
        read("x" * 200_000)


@given(st.text(max_size=200))
def test_any_line_is_read_or_refused_with_a_sentence(line):
    try:
        noted = read(line)
    except PmError:
        return
    assert noted.at <= NOON
    assert "\n" not in noted.text
