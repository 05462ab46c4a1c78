"""A time as people write it at the beginning of a line, and the moment it means."""

from datetime import UTC, date, datetime, time, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pmcore.domain import stamps
from pmcore.domain.stamps import BadTime

MOSCOW = ZoneInfo("Europe/Moscow")
BERLIN = ZoneInfo("Europe/Berlin")
THE_DAY = date(2025, 12, 14)
MOMENTS = st.integers(946_684_800, 2_100_000_000).map(lambda seconds: datetime.fromtimestamp(seconds, UTC))


class TestRead:
    @pytest.mark.parametrize(
        ("text", "on", "at", "rest"),
        [
            ("10:02:15 Alert fired", None, time(10, 2, 15), "Alert fired"),
            ("[10:57] Paged", None, time(10, 57), "Paged"),
            ("10:02 - text", None, time(10, 2), "text"),
            ("10:02 — text", None, time(10, 2), "text"),
            ("10:02: text", None, time(10, 2), "text"),
            ("**10:02** text", None, time(10, 2), "text"),
            ("(10:02) text", None, time(10, 2), "text"),
            ("~13:30 text", None, time(13, 30), "text"),
            ("10:45~", None, time(10, 45), ""),
            ("2025-12-14 10:02:15.250 text", THE_DAY, time(10, 2, 15), "text"),
            ("2025-12-14T10:02:15 text", THE_DAY, time(10, 2, 15), "text"),
            ("14.12.2025 10:02 text", THE_DAY, time(10, 2), "text"),
            ("Dec 14 2025 10:02 text", THE_DAY, time(10, 2), "text"),
            ("14 December 2025, 10:02 text", THE_DAY, time(10, 2), "text"),
            ("2018-07-08 ca. 18:30", date(2018, 7, 8), time(18, 30), ""),
            ("2025-12-14", THE_DAY, None, ""),
            ("2:19 pm text", None, time(14, 19), "text"),
            ("12:05 am text", None, time(0, 5), "text"),
            ("12:05 p.m. text", None, time(12, 5), "text"),
            ("17:14pm text", None, time(17, 14), "text"),
        ],
    )
    def test_takes_a_time_off_the_beginning(self, text, on, at, rest):
        stamp = stamps.read(text)
        assert stamp is not None
        assert (stamp.on, stamp.at, stamp.rest) == (on, at, rest)

    @pytest.mark.parametrize(
        "text", ["", "text", "10 nodes were down", "1.5x traffic", "20202-01-16 12:00", "1002", "10:0", "10:02x"]
    )
    def test_finds_none_where_there_is_none(self, text):
        assert stamps.read(text) is None

    def test_keeps_the_end_of_a_range(self):
        stamp = stamps.read("09:00 - 11:00 looked for the cause")
        assert stamp is not None
        assert (stamp.at, stamp.until, stamp.rest) == (time(9), "11:00", "looked for the cause")

    @pytest.mark.parametrize(
        ("text", "offset"),
        [("10:02Z x", 0), ("10:02 UTC x", 0), ("16:22 PST", -8), ("10:02+03:00 x", 3), ("10:02-0530 x", -5.5)],
    )
    def test_believes_a_zone_behind_the_time(self, text, offset):
        stamp = stamps.read(text)
        assert stamp is not None
        assert stamp.zone is not None
        assert stamp.zone.utcoffset(None) == timedelta(hours=offset)

    @pytest.mark.parametrize(
        "text", ["25:00 x", "10:61 x", "2025-02-30 10:00 x", "30.02.2025", "Foo 14 2025 10:02", "10:02+99:00 x"]
    )
    def test_says_when_there_is_no_such_time(self, text):
        with pytest.raises(BadTime):
            stamps.read(text)

    @given(st.text(max_size=60))
    def test_is_never_at_a_loss(self, text):
        try:
            stamp = stamps.read(text)
        except BadTime:
            return
        assert stamp is None or stamp.on is not None or stamp.at is not None


def typed(text, *, after=None, zone=MOSCOW, on=THE_DAY):
    return stamps.typed(text, on=on, after=after, zone=zone)


class TestMoment:
    def test_a_time_alone_belongs_to_the_day_at_hand(self):
        assert typed("10:02:15") == datetime(2025, 12, 14, 7, 2, 15, tzinfo=UTC)

    def test_a_date_wins_over_the_day_at_hand(self):
        assert typed("2025-12-13 10:02") == datetime(2025, 12, 13, 7, 2, tzinfo=UTC)

    def test_runs_past_midnight(self):
        before_midnight = datetime(2025, 12, 14, 20, 58, tzinfo=UTC)  # 23:58 in Moscow
        assert typed("00:03", after=before_midnight) == datetime(2025, 12, 14, 21, 3, tzinfo=UTC)

    def test_a_little_earlier_is_out_of_order_not_tomorrow(self):
        assert typed("10:00", after=datetime(2025, 12, 14, 7, 5, tzinfo=UTC)) == datetime(2025, 12, 14, 7, tzinfo=UTC)

    def test_a_time_that_the_clocks_skipped_is_asked_back(self):
        with pytest.raises(BadTime, match="02:30 did not exist"):
            typed("2025-03-30 02:30", zone=BERLIN)

    def test_a_time_that_came_twice_is_asked_back(self):
        with pytest.raises(BadTime, match=r"came twice .* 2025-10-26 02:30\+0200"):
            typed("2025-10-26 02:30", zone=BERLIN)

    def test_unless_what_went_before_tells_which(self):
        second_round = datetime(2025, 10, 26, 1, 10, tzinfo=UTC)
        assert typed("02:30", after=second_round, zone=BERLIN) == datetime(2025, 10, 26, 1, 30, tzinfo=UTC)

    def test_an_offset_tells_which(self):
        assert typed("2025-10-26 02:30+0200", zone=BERLIN) == datetime(2025, 10, 26, 0, 30, tzinfo=UTC)

    @pytest.mark.parametrize("text", ["", "soon", "2025-12-14", "10:02 text", "10:02 - 11:00"])
    def test_one_input_holds_one_time_and_nothing_else(self, text):
        with pytest.raises(BadTime):
            typed(text)

    @given(
        MOMENTS,
        st.sampled_from([MOSCOW, ZoneInfo("Asia/Kathmandu"), UTC]),
    )
    def test_a_whole_time_comes_back_as_it_went(self, at, zone):
        at = at.replace(microsecond=0)
        written = at.astimezone(zone).strftime("%Y-%m-%d %H:%M:%S%z")
        assert stamps.typed(written, on=THE_DAY, after=None, zone=zone) == at

    @given(st.times(), MOMENTS)
    def test_a_time_of_day_is_never_more_than_half_a_day_back(self, at, after):
        moment = stamps.typed(f"{at:%H:%M}", on=THE_DAY, after=after, zone=UTC)
        assert -timedelta(hours=12, minutes=1) <= moment - after < timedelta(days=1)


@pytest.mark.parametrize(
    ("text", "said", "zone"),
    [
        ("**All times in MSK (UTC+3)**", "MSK (UTC+3)**", timezone(timedelta(hours=3))),
        ("All times in CET.", "CET", timezone(timedelta(hours=1))),
        ("All times are in UTC", "UTC", UTC),
        ("Date and Time in CET | Event", "CET", timezone(timedelta(hours=1))),
        ("All times in UTC-7:30", "UTC-7:30", timezone(-timedelta(hours=7, minutes=30))),
        ("All times in UTC+99", "UTC+99", None),
        ("All times in local time", "local time", None),
        ("Nothing is said", "", None),
    ],
)
def test_a_document_says_its_zone(text, said, zone):
    assert stamps.said_zone(text) == (said, zone)
