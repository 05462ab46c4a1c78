"""How far a post-mortem is, from which fields are blank."""

from datetime import UTC, datetime

import pytest

from pmcore.domain.action_item import ActionItem
from pmcore.domain.progress import (
    ItemStanding,
    is_folded,
    item_standing,
    missing_to_publish,
    missing_to_submit,
    next_step,
    section_state,
    standing,
    standings,
)
from pmcore.domain.sections import BY_KEY, FACTS, SECTIONS
from pmcore.domain.vocabulary import (
    ActionKind,
    ActionPriority,
    ActionState,
    PostmortemStatus,
    SectionKey,
    SectionState,
    Severity,
)

NOON = datetime(2025, 12, 14, 12, tzinfo=UTC)
COMPLETE = ItemStanding(number=1, state=ActionState.COMMITTED, has_owner=True, has_due=True, has_criterion=True)
KNOWN = {"detected_at": "x", "resolved_at": "x", "customers_affected": "500", "unknown_because": {}}
FULL = {
    SectionKey.SUMMARY: dict.fromkeys(("incident", "impact", "root_cause", "resolution", "prevention"), "x"),
    SectionKey.DETAILS: {FACTS: KNOWN},
    SectionKey.TIMELINE: {"entries": [{"id": "1", "at": "x", "kind": "fix", "event": "Fixed", "actor": ""}]},
    SectionKey.ROOT_CAUSE: {"what_happened": "x", "root_cause": "x"},
    SectionKey.IMPACT: {FACTS: KNOWN, "user_experience": "x"},
    SectionKey.RESOLUTION: {"immediate_fix": "x", "validation": "x"},
    SectionKey.ACTION_ITEMS: {FACTS: {"items": []}},
    SectionKey.LESSONS: {"lessons": [{"id": "1", "kind": "went_well", "text": "x"}]},
    SectionKey.PREVENTION: {"measures": [{"id": "1", "horizon": "immediate", "text": "x"}]},
    SectionKey.REFERENCES: {FACTS: dict.fromkeys(("pagerduty_url", "grafana_url", "prometheus_url"), "")},
    SectionKey.SIGN_OFF: {"distribution": "Engineering"},
}


def written(**changes):
    """Everything is written but for the given sections, by their key."""
    return standings({**FULL, **{SectionKey(key): content for key, content in changes.items()}})


def sections(missing):
    return [each.section for each in missing]


class TestStanding:
    def test_names_the_blank_fields_and_facts(self):
        stands = standing(
            BY_KEY[SectionKey.IMPACT], {"notes": " \n", "user_share": "25%", FACTS: {"complaints": "", "a": "1"}}
        )
        assert {"notes", "user_experience", "facts.complaints"} <= stands.blank
        assert not {"user_share", "facts.a"} & stands.blank
        assert not stands.is_empty

    def test_a_fact_unknown_for_a_reason_is_said(self):
        facts = {"customers_affected": "", "complaints": "", "unknown_because": {"customers_affected": "no metrics"}}
        stands = standing(BY_KEY[SectionKey.IMPACT], {FACTS: facts})
        assert "facts.customers_affected" not in stands.blank
        assert "facts.complaints" in stands.blank

    @pytest.mark.parametrize(
        ("row", "is_empty"),
        [({"id": "1", "kind": "went_well", "text": " "}, True), ({"id": "1", "kind": "", "text": "x"}, False)],
    )
    def test_a_row_without_words_does_not_count(self, row, is_empty):
        assert standing(BY_KEY[SectionKey.LESSONS], {"lessons": [row]}).is_empty is is_empty

    def test_only_sections_that_there_are_stand(self):
        assert set(standings({SectionKey.SUMMARY: {}})) == {SectionKey.SUMMARY}


class TestMissing:
    def test_nothing_when_all_is_written(self):
        assert missing_to_submit(written(), [COMPLETE]) == ()
        assert missing_to_publish(written(), [COMPLETE], severity=Severity.P0) == ()

    @pytest.mark.parametrize(
        "key", [SectionKey.SUMMARY, SectionKey.DETAILS, SectionKey.TIMELINE, SectionKey.ROOT_CAUSE, SectionKey.IMPACT]
    )
    def test_submitting_waits_for_the_five_sections(self, key):
        found = missing_to_submit(written(**{key.value: {FACTS: dict.fromkeys(KNOWN, "")}}), [COMPLETE])
        assert set(sections(found)) == {key}

    def test_a_section_that_is_not_there_is_missing_in_full(self):
        assert [each.field for each in missing_to_submit({}, [COMPLETE])][:2] == ["incident", "impact"]

    def test_submitting_does_not_wait_for_the_rest(self):
        stands = written(resolution={}, lessons={}, prevention={})
        assert missing_to_submit(stands, [COMPLETE]) == ()
        assert missing_to_publish(stands, [COMPLETE], severity=Severity.P1) == ()

    def test_publishing_a_p0_waits_for_resolution_lessons_and_prevention(self):
        found = missing_to_publish(written(resolution={}, lessons={}, prevention={}), [COMPLETE], severity=Severity.P0)
        assert sections(found) == [
            SectionKey.RESOLUTION, SectionKey.RESOLUTION, SectionKey.LESSONS, SectionKey.PREVENTION,
        ]  # fmt: skip

    def test_an_action_item_or_a_reason_for_none(self):
        wont_do = ItemStanding(number=1, state=ActionState.WONT_DO, has_owner=False, has_due=False, has_criterion=False)
        assert sections(missing_to_submit(written(), [])) == [SectionKey.ACTION_ITEMS]
        assert sections(missing_to_submit(written(), [wont_do])) == [SectionKey.ACTION_ITEMS]
        assert missing_to_submit(written(action_items={"none_because": "A drill"}), []) == ()
        assert sections(missing_to_submit({}, []))[-1] is SectionKey.ACTION_ITEMS

    def test_publishing_names_what_each_item_lacks(self):
        bare = ItemStanding(number=3, state=ActionState.PROPOSED, has_owner=False, has_due=False, has_criterion=False)
        wont_do = ItemStanding(number=4, state=ActionState.WONT_DO, has_owner=False, has_due=False, has_criterion=False)
        found = missing_to_publish(written(), [bare, wont_do], severity=Severity.P0)
        assert [str(each) for each in found] == [
            "AI-3 needs an owner.", "AI-3 needs a due date.", "AI-3 needs a success criterion.",
        ]  # fmt: skip

    def test_an_item_stands_by_what_it_has(self):
        item = ActionItem(
            id=1, postmortem_id=1, number=2, title="x", kind=ActionKind.PROCESS, priority=ActionPriority.LOW,
            owner_id=None, agreed_owner_id=None, due_on=None, original_due_on=None, criterion=" ",
            created_at=NOON, updated_at=NOON,
        )  # fmt: skip
        assert item_standing(item) == ItemStanding(
            number=2, state=ActionState.PROPOSED, has_owner=False, has_due=False, has_criterion=False
        )


class TestSectionState:
    def state(self, key, severity=Severity.P0, items=(COMPLETE,), **changes):
        return section_state(BY_KEY[key], written(**changes), items, severity=severity)

    def test_done_when_nothing_is_missing(self):
        assert self.state(SectionKey.SUMMARY) is SectionState.DONE
        assert self.state(SectionKey.ACTION_ITEMS) is SectionState.DONE

    def test_needs_you_when_publishing_waits_for_it(self):
        assert self.state(SectionKey.SUMMARY, summary={}) is SectionState.NEEDS_YOU
        assert self.state(SectionKey.LESSONS, lessons={}) is SectionState.NEEDS_YOU
        assert self.state(SectionKey.ACTION_ITEMS, items=()) is SectionState.NEEDS_YOU

    def test_optional_below_p0(self):
        assert self.state(SectionKey.LESSONS, severity=Severity.P1, lessons={}) is SectionState.OPTIONAL
        assert section_state(BY_KEY[SectionKey.SIGN_OFF], {}, (), severity=Severity.P0) is SectionState.OPTIONAL

    def test_from_the_incident_when_all_of_it_was_filled(self):
        assert self.state(SectionKey.DETAILS) is SectionState.FROM_INCIDENT
        assert self.state(SectionKey.REFERENCES) is SectionState.OPTIONAL
        links = {FACTS: {"grafana_url": "https://g"}}
        assert self.state(SectionKey.REFERENCES, references=links) is SectionState.FROM_INCIDENT


def test_below_p0_the_draft_opens_with_what_submitting_needs():
    folded = {severity: [s.key for s in SECTIONS if is_folded(s, severity=severity)] for severity in Severity}
    assert folded[Severity.P0] == []
    assert folded[Severity.P1] == folded[Severity.P2] == [
        SectionKey.RESOLUTION, SectionKey.LESSONS, SectionKey.PREVENTION, SectionKey.REFERENCES, SectionKey.SIGN_OFF,
    ]  # fmt: skip


class TestNextStep:
    def step(self, status, *, amending=False, submit=(), publish=()):
        return next_step(status=status, is_amending=amending, missing_submit=submit, missing_publish=publish)

    def test_is_the_first_thing_that_submitting_waits_for(self):
        missing = missing_to_submit(written(summary={}), [COMPLETE])
        step = self.step(PostmortemStatus.DRAFT, submit=missing)
        assert (step.sentence, step.section) == ("Say in the summary what happened.", SectionKey.SUMMARY)

    def test_then_submitting(self):
        assert "Submit" in self.step(PostmortemStatus.DRAFT).sentence
        assert "Submit" in self.step(PostmortemStatus.PUBLISHED, amending=True).sentence

    def test_in_review_it_is_what_publishing_waits_for_then_signatures(self):
        bare = ItemStanding(number=3, state=ActionState.PROPOSED, has_owner=False, has_due=True, has_criterion=True)
        missing = missing_to_publish(written(), [bare], severity=Severity.P0)
        step = self.step(PostmortemStatus.IN_REVIEW, publish=missing)
        assert step.sentence.format(**step.values) == "AI-3 needs an owner."
        assert "signatures" in self.step(PostmortemStatus.IN_REVIEW).sentence

    def test_afterwards_nothing_is_to_be_written(self):
        assert "published" in self.step(PostmortemStatus.PUBLISHED).sentence
        assert "closed" in self.step(PostmortemStatus.CLOSED).sentence
