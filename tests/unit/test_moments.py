from contextlib import suppress
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pmcore.domain.moments import BadMoment, Doubled, Nonexistent, as_text, local_moment, local_text, parse

MSK = "Europe/Moscow"
BERLIN = "Europe/Berlin"
NOW = datetime(2025, 12, 14, 8, 0, 0, 500, tzinfo=UTC)  # 11:00 in Moscow


def msk(day: int, *clock: int, month: int = 12, year: int = 2025) -> datetime:
    return datetime(year, month, day, *clock, tzinfo=ZoneInfo(MSK))


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("now", msk(14, 11)),
        (" Now ", msk(14, 11)),
        ("сейчас", msk(14, 11)),
        ("-5m", msk(14, 10, 55)),
        ("−5m", msk(14, 10, 55)),
        ("–5 min", msk(14, 10, 55)),
        ("- 90s", msk(14, 10, 58, 30)),
        ("-2h", msk(14, 9)),
        ("-1h30m", msk(14, 9, 30)),
        ("-1d", msk(13, 11)),
        ("-5м", msk(14, 10, 55)),
        ("2 ч назад", msk(14, 9)),
        ("5 min ago", msk(14, 10, 55)),
        ("0302", msk(14, 3, 2)),
        ("302", msk(14, 3, 2)),
        ("100215", msk(14, 10, 2, 15)),
        ("10:02", msk(14, 10, 2)),
        ("10:02:15", msk(14, 10, 2, 15)),
        ("10:02:15.900", msk(14, 10, 2, 15)),
        ("3:02 am", msk(14, 3, 2)),
        ("12:05 am", msk(14, 0, 5)),
        ("12:05 pm", msk(13, 12, 5)),
        ("11:00", msk(14, 11)),
        ("11:01", msk(13, 11, 1)),
        ("2325", msk(13, 23, 25)),
        ("today 0302", msk(14, 3, 2)),
        ("yesterday 23:50", msk(13, 23, 50)),
        ("вчера 10:02", msk(13, 10, 2)),
        ("2025-12-14 10:02", msk(14, 10, 2)),
        ("2025-12-14T10:02:15", msk(14, 10, 2, 15)),
        ("2025/12/14 1002", msk(14, 10, 2)),
        ("2025.12.14, 10:02", msk(14, 10, 2)),
        ("2025-12-14 10:02+03:00", msk(14, 10, 2)),
        ("2025-12-14T07:02:15Z", msk(14, 10, 2, 15)),
        ("2025-12-14 07:02 UTC", msk(14, 10, 2)),
        ("14.12.2025 10:02", msk(14, 10, 2)),
        ("14.12.2025, 10:02:15", msk(14, 10, 2, 15)),
        ("14.12 10:02", msk(14, 10, 2)),
        ("15.12. 10:02", msk(15, 10, 2, year=2024)),
        ("14 Dec 2025 10:02", msk(14, 10, 2)),
        ("14 Dec 10:02", msk(14, 10, 2)),
        ("Dec 14, 2025 3:02 AM", msk(14, 3, 2)),
        ("14 декабря 2025 10:02", msk(14, 10, 2)),
    ],
)
def test_reads(typed, meant):
    assert parse(typed, now=NOW, zone=MSK) == meant


@pytest.mark.parametrize(
    "typed",
    [
        "", "   ", "-", "soon", "5", "25:00", "10:60", "10:02:60", "0:02 pm", "13:00 pm", "10.02", "2025-12-14",
        "14 Dec 2025", "2025-02-30 10:00", "14 Foo 10:02", "32.12.2025 10:00", "+5m", "-5 parsecs", "-5m soon",
        "-999999999d", "10:02 UTC", "someday 10:02", "10:02 yesterday", "2025-12-14 10:02+99:00", "٠٣٠٢x", "1" * 500,
    ],
)  # fmt: skip
def test_does_not_guess(typed):
    with pytest.raises(BadMoment, match="can be read"):
        parse(typed, now=NOW, zone=MSK, field="started_at")


def test_says_which_input_it_was():
    with pytest.raises(BadMoment) as refused:
        parse("soon", now=NOW, zone=MSK, field="started_at")
    assert refused.value.field == "started_at"


@pytest.mark.parametrize("typed", ["2025-12-14 11:01", "2026-01-01 10:00", "2025-12-14T10:02:15Z"])
def test_the_future_is_refused(typed):
    with pytest.raises(BadMoment, match="future"):
        parse(typed, now=NOW, zone=MSK)


class TestAfterTheStart:
    """Detected, acknowledged and resolved times are read as following the start."""

    def test_takes_the_first_such_time_of_day_since_then(self):
        start = msk(10, 10)
        assert parse("10:02:15", now=NOW, zone=MSK, after=start) == msk(10, 10, 2, 15)

    def test_crosses_midnight(self):
        assert parse("00:05", now=NOW, zone=MSK, after=msk(10, 23, 50)) == msk(11, 0, 5)

    def test_falls_back_to_the_last_one_where_there_was_none_since(self):
        assert parse("10:02", now=NOW, zone=MSK, after=msk(14, 10, 30)) == msk(14, 10, 2)


class TestClockChanges:
    """Berlin put its clocks back on 26 October 2025 at 03:00, and forward on 30 March at 02:00."""

    def test_a_doubled_time_is_asked_back_with_both_choices(self):
        with pytest.raises(Doubled) as asked:
            parse("2025-10-26 02:30", now=NOW, zone=BERLIN)
        first, second = asked.value.choices
        assert second - first == timedelta(hours=1)
        assert "2025-10-26 02:30:00+02:00" in str(asked.value)
        assert "2025-10-26 02:30:00+01:00" in str(asked.value)

    def test_a_nonexistent_time_is_asked_back_with_its_neighbours(self):
        with pytest.raises(Nonexistent) as asked:
            parse("2025-03-30 02:30", now=NOW, zone=BERLIN)
        assert [as_text(choice, zone=BERLIN) for choice in asked.value.choices] == [
            "2025-03-30 01:30:00+01:00", "2025-03-30 03:30:00+02:00",
        ]  # fmt: skip

    def test_each_choice_can_be_typed_in(self):
        with pytest.raises(Doubled) as asked:
            parse("2025-10-26 02:30", now=NOW, zone=BERLIN)
        for choice in asked.value.choices:
            assert parse(as_text(choice, zone=BERLIN), now=NOW, zone=BERLIN) == choice

    def test_a_time_of_day_is_asked_back_too(self):
        with pytest.raises(Doubled):
            parse("02:30", now=datetime(2025, 10, 26, 5, tzinfo=UTC), zone=BERLIN)
        with pytest.raises(Nonexistent):
            parse("02:30", now=datetime(2025, 3, 30, 5, tzinfo=UTC), zone=BERLIN)
        with pytest.raises(Doubled):
            parse("02:30", now=NOW, zone=BERLIN, after=datetime(2025, 10, 26, 0, tzinfo=UTC))

    def test_of_a_doubled_time_only_the_first_of_which_has_been_that_one_is_meant(self):
        now = datetime(2025, 10, 26, 0, 45, tzinfo=UTC)  # 02:45, the first time
        assert parse("02:30", now=now, zone=BERLIN) == datetime(2025, 10, 26, 0, 30, tzinfo=UTC)


@given(
    st.datetimes(min_value=datetime(2001, 1, 1), max_value=datetime(2025, 12, 1), timezones=st.just(UTC)),
    st.sampled_from([MSK, BERLIN, "America/New_York", "Asia/Kathmandu", "Australia/Lord_Howe", "UTC"]),
)
def test_what_is_written_is_read_again(at, zone):
    at = at.replace(microsecond=0)
    written = as_text(at, zone=zone)
    offset = at.astimezone(ZoneInfo(zone)).utcoffset()
    if offset.total_seconds() % 60 == 0:
        assert parse(written, now=NOW, zone=zone) == at


@given(st.text(max_size=40))
def test_any_text_is_a_time_that_has_been_or_a_sentence(text):
    with suppress(BadMoment):
        assert parse(text, now=NOW, zone=BERLIN) <= NOW


@given(
    st.times(),
    st.sampled_from([MSK, BERLIN, "America/New_York"]),
    st.datetimes(min_value=datetime(2020, 1, 1), max_value=datetime(2026, 1, 1), timezones=st.just(UTC)),
)
def test_a_time_of_day_is_within_the_last_day_or_two(of_day, zone, now):
    with suppress(Doubled, Nonexistent):
        at = parse(of_day.strftime("%H:%M:%S"), now=now, zone=zone)
        assert timedelta(0) <= now - at <= timedelta(hours=26)
        assert at.astimezone(ZoneInfo(zone)).strftime("%H:%M:%S") == of_day.strftime("%H:%M:%S")


def test_a_form_shows_a_time_so_that_it_is_read_again():
    assert local_text(None, zone=BERLIN) == ""
    assert local_text(NOW, zone=MSK) == "2025-12-14 11:00:00"
    second = datetime(2025, 10, 26, 1, 30, tzinfo=UTC)
    assert parse(local_text(second, zone=BERLIN), now=NOW, zone=BERLIN) == second


def test_a_local_time_may_be_to_come_and_has_to_be_one():
    assert local_moment(datetime(2030, 7, 1, 9, 30), zone="Europe/Moscow") == datetime(2030, 7, 1, 6, 30, tzinfo=UTC)
    with pytest.raises(Nonexistent) as refused:
        local_moment(datetime(2026, 3, 29, 2, 30), zone="Europe/Berlin", field="starts_at")
    assert refused.value.field == "starts_at"
    with pytest.raises(Doubled):
        local_moment(datetime(2026, 10, 25, 2, 30), zone="Europe/Berlin")
