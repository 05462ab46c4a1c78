"""What sections copy from the incident and the action items."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from pmcore.domain.action_item import ActionItem
from pmcore.domain.content import canonical
from pmcore.domain.facts import details_facts, impact_facts, item_facts, keep_names, reference_facts
from pmcore.domain.vocabulary import ActionKind, ActionPriority, ActionState, DetectionMethod
from tests.factories import an_incident

NOON = datetime(2025, 12, 14, 12, tzinfo=UTC)


def an_item(**changes):
    values = {
        "id": 1, "postmortem_id": 1, "number": 1, "title": "Watch the pool", "kind": ActionKind.DETECTION,
        "priority": ActionPriority.HIGH, "owner_id": 7, "agreed_owner_id": None, "due_on": date(2025, 12, 21),
        "original_due_on": None, "criterion": "Seen", "created_at": NOON, "updated_at": NOON,
    }  # fmt: skip
    return ActionItem(**{**values, **changes})


def strings_only(value):
    if isinstance(value, dict):
        return all(map(strings_only, value.values()))
    if isinstance(value, list):
        return all(map(strings_only, value))
    return isinstance(value, str)


def test_details_say_the_times_and_what_follows_from_them():
    facts = details_facts(an_incident(detection_method=DetectionMethod.ALERT, revenue_loss_usd=Decimal("150.00")))
    assert facts["started_at"] == "2025-12-14T07:00:00+00:00"
    assert facts["time_to_detect_seconds"] == "135"
    assert facts["time_to_resolve_seconds"] == "585"
    assert facts["impact_seconds"] == "720"
    assert (facts["detection_method"], facts["revenue_loss_usd"]) == ("alert", "150.00")


def test_a_missing_time_is_unknown_and_never_zero():
    facts = details_facts(an_incident(detected_at=None, resolved_at=None))
    assert facts["detected_at"] == facts["time_to_detect_seconds"] == facts["impact_seconds"] == ""


def test_impact_says_unknown_yes_and_no():
    assert impact_facts(an_incident())["sla_breach"] == ""
    assert impact_facts(an_incident(sla_breach=True))["sla_breach"] == "yes"
    assert impact_facts(an_incident(sla_breach=False, complaints=0))["sla_breach"] == "no"
    assert impact_facts(an_incident(complaints=0))["complaints"] == "0"


def test_facts_are_strings_so_that_equal_facts_are_equal_bytes():
    incident = an_incident(customers_affected=500, availability_percent=Decimal("98.5"), unknown_because={"a": "b"})
    for facts in (
        details_facts(incident),
        impact_facts(incident, slo_target_percent="99.9", slo_window_days=30),
        reference_facts(incident),
        item_facts([an_item()]),
    ):
        assert strings_only(facts)
        assert canonical(facts)


def test_an_item_is_what_was_agreed_of_it():
    agreed = item_facts([an_item(number=2), an_item(agreed_owner_id=7, original_due_on=date(2025, 12, 21))])
    later = an_item(
        owner_id=9, agreed_owner_id=7, due_on=date(2026, 2, 1), original_due_on=date(2025, 12, 21),
        state=ActionState.DONE, evidence="link", updated_at=NOON + timedelta(days=9),
    )  # fmt: skip
    assert [item["number"] for item in agreed["items"]] == ["1", "2"]
    assert item_facts([later, an_item(number=2)]) == agreed
    assert item_facts([an_item(owner_id=None, due_on=None)])["items"][0]["due_on"] == ""


class TestKeepNames:
    def test_a_renamed_service_keeps_its_name_in_the_text(self):
        old, renamed = details_facts(an_incident()), details_facts(an_incident(service="mail"))
        assert keep_names(old, renamed) == old

    def test_another_service_brings_its_own_name(self):
        old, other = details_facts(an_incident()), details_facts(an_incident(service_id=2, service="kafka"))
        assert keep_names(old, other)["service"] == "kafka"

    def test_the_objective_stays_that_of_the_start(self):
        old = impact_facts(an_incident(), slo_target_percent="99.9", slo_window_days=30)
        assert keep_names(old, impact_facts(an_incident())) == old
        assert keep_names({}, old) == old
