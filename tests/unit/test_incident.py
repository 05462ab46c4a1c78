from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pmcore.domain.content import BadText
from pmcore.domain.errors import Refusals
from pmcore.domain.incident import (
    PUBLIC_ID,
    CannotChangeSeverity,
    change_kind,
    change_severity,
    check,
    impact_duration,
    is_ongoing,
    next_public_id,
    tidy,
    time_to_detect,
    time_to_resolve,
)
from pmcore.domain.vocabulary import Severity, SeverityChangeKind
from tests.factories import DETECTED, NOON, RESOLVED, STARTED, an_incident

MINUTE = timedelta(minutes=1)


def problems(incident, *, now=NOON) -> dict[str, str]:
    """field -> sentence of everything that is wrong."""
    try:
        check(incident, now=now)
    except Refusals as refused:
        return {problem.field: str(problem) for problem in refused.problems}
    return {}


class TestDurations:
    def test_are_those_of_the_worked_example(self):
        incident = an_incident()
        assert time_to_detect(incident) == timedelta(minutes=2, seconds=15)
        assert time_to_resolve(incident) == timedelta(minutes=9, seconds=45)
        assert impact_duration(incident) == timedelta(minutes=12)

    @pytest.mark.parametrize(
        "unknown",
        [
            {"detected_at": None, "resolved_at": None},
            {"detected_at": STARTED - MINUTE, "resolved_at": STARTED - 2 * MINUTE},
        ],
    )
    def test_are_unknown_where_a_time_is_missing_or_the_order_impossible(self, unknown):
        incident = an_incident(**unknown)
        assert (time_to_detect(incident), time_to_resolve(incident), impact_duration(incident)) == (None, None, None)

    def test_may_be_nothing_but_only_when_both_times_are_known_and_equal(self):
        assert time_to_detect(an_incident(detected_at=STARTED)) == timedelta(0)

    def test_ongoing_means_without_a_resolution(self):
        assert is_ongoing(an_incident(resolved_at=None))
        assert not is_ongoing(an_incident())


class TestCheck:
    def test_passes_the_worked_example(self):
        assert problems(an_incident()) == {}

    @pytest.mark.parametrize(
        ("field", "changes"),
        [
            ("title", {"title": ""}),
            ("title", {"title": "x" * 201}),
            ("public_id", {"public_id": "Р0-012"}),  # a Cyrillic letter that looks Latin
            ("public_id", {"public_id": "P0-٠١٢"}),
            ("public_id", {"public_id": "P0"}),
            ("zone", {"zone": "Middle/Earth"}),
            ("detected_at", {"detected_at": STARTED - MINUTE}),
            ("acknowledged_at", {"acknowledged_at": STARTED - MINUTE}),
            ("resolved_at", {"resolved_at": STARTED - MINUTE}),
            ("resolved_at", {"resolved_at": DETECTED - timedelta(seconds=1)}),
            ("resolved_at", {"resolved_at": NOON + MINUTE}),
            ("started_at", {"started_at": NOON + MINUTE, "detected_at": None, "resolved_at": None}),
            ("started_at", {"started_at": datetime(1999, 12, 31, tzinfo=UTC)}),
            ("customers_affected", {"customers_affected": -1}),
            ("failed_requests", {"failed_requests": 3_000_000_000}),
            ("complaints", {"complaints": -5}),
            ("revenue_loss_usd", {"revenue_loss_usd": Decimal("-0.01")}),
            ("revenue_loss_usd", {"revenue_loss_usd": Decimal("NaN")}),
            ("revenue_loss_usd", {"revenue_loss_usd": Decimal("1e15")}),
            ("availability_percent", {"availability_percent": Decimal("100.1")}),
            ("availability_percent", {"availability_percent": Decimal("Infinity")}),
            ("repeats_id", {"id": 7, "repeats_id": 7}),
            ("grafana_url", {"grafana_url": "javascript:alert(1)"}),
            ("pagerduty_url", {"pagerduty_url": "http://a b"}),
        ],
    )
    def test_names_the_field_that_is_wrong(self, field, changes):
        assert list(problems(an_incident(**changes))) == [field]

    def test_says_everything_that_is_wrong_at_once(self):
        bad = an_incident(title="", complaints=-1, resolved_at=STARTED - MINUTE)
        assert set(problems(bad)) == {"title", "complaints", "resolved_at"}

    def test_now_itself_is_not_the_future(self):
        assert problems(an_incident(resolved_at=NOON)) == {}

    def test_takes_whole_ranges_up_to_their_ends(self):
        edge = an_incident(
            customers_affected=0, failed_requests=2_000_000_000, revenue_loss_usd=Decimal(0),
            availability_percent=Decimal(100), detected_at=STARTED, resolved_at=STARTED, acknowledged_at=STARTED,
            grafana_url="HTTPS://grafana.example/d/1?from=1&to=2",
        )  # fmt: skip
        assert problems(edge) == {}


class TestTidy:
    def test_makes_lines_of_texts_and_whole_seconds_of_times(self):
        raw = an_incident(
            title=" Сбой\x00  почты\n🔥 ", public_id=" p0-007 ", alert_name="A\tB",
            started_at=STARTED.replace(microsecond=7), revenue_loss_usd=Decimal("150.005"),
            unknown_because={"customers_affected": " no  metric ", "failed_requests": "  "},
        )  # fmt: skip
        neat = tidy(raw)
        assert (neat.title, neat.public_id, neat.alert_name) == ("Сбой почты 🔥", "P0-007", "A B")
        assert neat.started_at == STARTED
        assert neat.revenue_loss_usd == Decimal("150.00")
        assert neat.unknown_because == {"customers_affected": "no metric"}

    def test_leaves_what_cannot_be_an_amount_to_check(self):
        for amount in (Decimal("NaN"), Decimal("1e30"), None):
            assert str(tidy(an_incident(revenue_loss_usd=amount)).revenue_loss_usd) == str(amount)

    def test_refuses_a_title_of_200_kilobytes(self):
        with pytest.raises(BadText, match="200000 characters"):
            tidy(an_incident(title="x" * 200_000))

    @given(st.text(max_size=300))
    def test_is_done_once(self, text):
        once = tidy(an_incident(title=text))
        assert tidy(once) == once
        assert "\x00" not in once.title
        assert "\n" not in once.title


class TestPublicId:
    @pytest.mark.parametrize(
        ("newest", "proposed"), [(None, "P1-001"), ("P1-011", "P1-012"), ("P1-999", "P1-1000"), ("P1-1000", "P1-1001")]
    )
    def test_is_one_more_than_the_newest(self, newest, proposed):
        assert next_public_id(Severity.P1, newest=newest) == proposed

    @given(st.sampled_from(Severity), st.integers(min_value=1, max_value=99_999_999))
    def test_a_proposal_is_always_allowed(self, severity, number):
        proposed = next_public_id(severity, newest=f"{severity.value}-{number:03d}")
        assert PUBLIC_ID.fullmatch(proposed)
        assert proposed.isascii()


class TestChangeSeverity:
    def test_an_escalation_raises_the_highest_and_needs_no_reason(self):
        up = change_severity(an_incident(severity=Severity.P2), Severity.P0, is_slip=False, reason="")
        assert (up.severity, up.highest_severity) == (Severity.P0, Severity.P0)

    def test_a_downgrade_leaves_the_highest(self):
        down = change_severity(an_incident(), Severity.P2, is_slip=False, reason="Fewer users than we thought")
        assert (down.severity, down.highest_severity) == (Severity.P2, Severity.P0)

    def test_a_correction_moves_the_highest(self):
        corrected = change_severity(an_incident(), Severity.P2, is_slip=True, reason="Typed the wrong one")
        assert (corrected.severity, corrected.highest_severity) == (Severity.P2, Severity.P2)

    def test_a_correction_after_a_downgrade_says_it_never_was_worse(self):
        down = change_severity(an_incident(), Severity.P2, is_slip=False, reason="Calmer")
        assert change_severity(down, Severity.P2, is_slip=True, reason="It never was").highest_severity is Severity.P2

    @pytest.mark.parametrize("is_slip", [False, True])
    def test_the_same_severity_changes_nothing(self, is_slip):
        with pytest.raises(CannotChangeSeverity, match="already"):
            change_severity(an_incident(), Severity.P0, is_slip=is_slip, reason="why")

    @pytest.mark.parametrize(("new", "is_slip"), [(Severity.P1, False), (Severity.P1, True)])
    def test_going_down_says_why(self, new, is_slip):
        with pytest.raises(CannotChangeSeverity, match="Say why"):
            change_severity(an_incident(), new, is_slip=is_slip, reason="  ")

    def test_the_direction_names_the_change(self):
        incident = an_incident(severity=Severity.P1)
        assert change_kind(incident, Severity.P0, is_slip=False) is SeverityChangeKind.ESCALATION
        assert change_kind(incident, Severity.P2, is_slip=False) is SeverityChangeKind.DOWNGRADE
        assert change_kind(incident, Severity.P0, is_slip=True) is SeverityChangeKind.CORRECTION


def test_an_incident_is_not_changed_in_place():
    incident = an_incident()
    assert replace(incident, resolved_at=None) != incident
    assert incident.resolved_at == RESOLVED
