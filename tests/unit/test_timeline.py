"""Rows of a timeline: read, ordered, checked against what the incident says."""

import random
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pmcore.domain import timeline
from pmcore.domain.content import BadText
from pmcore.domain.timeline import BadEntry, Disagreement, Entry
from pmcore.domain.vocabulary import TimelineKind

TEN = datetime(2025, 12, 14, 7, tzinfo=UTC)


def entry(id="a", minutes=0, kind=TimelineKind.OTHER, event="Something happened", actor="", at="given"):
    return Entry(
        id=id, at=TEN + timedelta(minutes=minutes) if at == "given" else at, kind=kind, event=event, actor=actor
    )


class TestRows:
    def test_come_back_as_they_went(self):
        told = (entry("a", 1, TimelineKind.ALERT, "Сбой 🔥", "Prometheus"), entry("b", at=None))
        assert timeline.read([timeline.row(each) for each in told]) == told

    def test_what_cannot_be_read_becomes_unknown(self):
        (read,) = timeline.read([{"id": 1, "at": "soon", "kind": "party"}])
        assert read == Entry(id="1", at=None, kind=TimelineKind.OTHER, event="", actor="")

    def test_a_stored_time_without_a_zone_is_utc(self):
        (read,) = timeline.read([{"id": "a", "at": "2025-12-14T07:00:00"}])
        assert read.at == TEN


class TestChecked:
    def test_cleans_what_was_typed(self):
        checked = timeline.checked(entry(event="  An\x00d\r\n", actor=" @a "), now=TEN)
        assert (checked.event, checked.actor) == ("And", "@a")

    @pytest.mark.parametrize(
        ("bad", "field"), [(entry(event=" "), "event"), (entry(at=None), "at"), (entry(minutes=6), "at")]
    )
    def test_refuses(self, bad, field):
        with pytest.raises(BadEntry) as refused:
            timeline.checked(bad, now=TEN)
        assert refused.value.field == field

    def test_refuses_a_novel(self):
        with pytest.raises(BadText):
            timeline.checked(entry(event="x" * 2_001), now=TEN)


class TestOrder:
    @given(st.lists(st.one_of(st.none(), st.integers(0, 90)), max_size=12), st.randoms())
    def test_sorted_rows_are_in_order_and_complete(self, minutes, shuffle: random.Random):
        told = [entry(str(n), m or 0, at=None if m is None else "given") for n, m in enumerate(minutes)]
        shuffle.shuffle(told)
        ordered = timeline.in_order(told)
        assert sorted(each.id for each in ordered) == sorted(each.id for each in told)
        assert timeline.out_of_order(ordered) == {each.id for each in ordered if each.at is None}

    def test_points_out_what_is_earlier_than_a_row_before(self):
        told = (entry("a", 5), entry("b", 3), entry("c", 4), entry("d", 6))
        assert timeline.out_of_order(told) == {"b", "c"}

    def test_rows_of_the_same_second_stay_as_they_are(self):
        assert [each.id for each in timeline.in_order((entry("b"), entry("a")))] == ["b", "a"]

    def test_a_changed_row_moves_to_its_place(self):
        told = (entry("a", 1), entry("b", 2), entry("c", 3))
        assert [each.id for each in timeline.put(told, entry("a", 9))] == ["b", "c", "a"]
        assert [each.id for each in timeline.put(told, entry("d", 2))] == ["a", "b", "d", "c"]

    def test_a_row_is_taken_away(self):
        assert timeline.without((entry("a"), entry("b")), "a") == (entry("b"),)

    def test_has_a_limit(self):
        full = [entry(str(n), n) for n in range(timeline.MOST_ENTRIES)]
        with pytest.raises(BadEntry, match="501"):
            timeline.put(full, entry("new"))


class TestDisagreements:
    TOLD = (
        entry("start", 0, TimelineKind.INCIDENT_START), entry("alert", 2, TimelineKind.ALERT),
        entry("again", 4, TimelineKind.ALERT), entry("over", 9, TimelineKind.RESOLVED),
        entry("really", 12, TimelineKind.RESOLVED), entry("?", kind=TimelineKind.ACKNOWLEDGED, at=None),
    )  # fmt: skip

    def test_the_first_alert_and_the_last_resolution_tell(self):
        told = timeline.told(self.TOLD)
        assert {fact: each.id for fact, each in told.items()} == {
            "started_at": "start", "detected_at": "alert", "resolved_at": "really",
        }  # fmt: skip

    def test_are_named_and_nothing_else(self):
        known = {
            "started_at": TEN.replace(microsecond=7),
            "detected_at": TEN,
            "resolved_at": None,
            "acknowledged_at": None,
        }
        two, twelve = TEN + timedelta(minutes=2), TEN + timedelta(minutes=12)
        assert timeline.disagreements(self.TOLD, known) == (
            Disagreement(fact="detected_at", entry_id="alert", told_at=two, known_at=TEN),
            Disagreement(fact="resolved_at", entry_id="really", told_at=twelve, known_at=None),
        )

    def test_facts_that_are_not_asked_about_are_left_alone(self):
        assert timeline.disagreements(self.TOLD, {}) == ()
