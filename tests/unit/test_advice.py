"""Advice: every rule's own examples, the mission's pairs, and what is left alone."""

import pytest

from pmcore import advice
from pmcore.domain.advice import Asks, Quality, hints, is_advised, missing
from pmcore.domain.vocabulary import ActionState

RULES = advice.rules(names=["Egor Lebedev", "Мария Смирнова"])
ITEMS = advice.item_rules()
EVERYTHING = frozenset(Quality)


def asked(text):
    return {hint.asks for hint in hints(text, RULES)}


def lacks(title, **named):
    return missing(title, **{"criterion": "", "is_owned": False, "is_dated": False, "rules": ITEMS, **named})


@pytest.mark.parametrize(("rule", "text"), [(rule, text) for rule in RULES for text in rule.bad])
def test_finds_its_bad_examples(rule, text):
    assert hints(text, [rule]), rule.id


@pytest.mark.parametrize("text", [text for rule in RULES for text in rule.good])
def test_leaves_every_good_example_alone(text):
    assert hints(text, RULES) == ()


def test_every_rule_has_examples_of_both_kinds_and_its_own_id():
    assert all(rule.bad and rule.good for rule in RULES)
    assert len({rule.id for rule in RULES}) == len(RULES)
    assert {rule.id[:2] for rule in RULES} == {"en", "ru"}


@pytest.mark.parametrize("rules", ITEMS)
def test_action_items_by_their_examples(rules):
    for title, wanted in rules.bad:
        assert lacks(title) == wanted, title
    for title in rules.good:
        assert lacks(title) == frozenset(), title


class TestTheMissionsPairs:
    @pytest.mark.parametrize("title", ["Improve monitoring", "Fix database performance", "Better testing"])
    def test_bad_items_lack_everything(self, title):
        assert lacks(title) == EVERYTHING

    @pytest.mark.parametrize(
        "title",
        [
            "Add alert for DB connection pool >80% usage (Owner: @devops, Due: Dec 21)",
            "Add index on emails.received_at column, validate query <500ms P95 (Owner: @backend, Due: Dec 21)",
            "Add load test scenario: 300 req/s sustained for 10 minutes (Owner: @qa, Due: Jan 15)",
        ],
    )
    def test_good_items_lack_nothing(self, title):
        assert lacks(title) == frozenset()

    def test_of_wording(self):
        assert asked("Engineer X made a mistake") == {Asks.PERSON}
        assert asked("Should have had monitoring") == {Asks.HINDSIGHT}
        assert asked("Who failed") == {Asks.PERSON}
        for good in ("Add monitoring", "What failed"):
            assert asked(good) == set()


class TestHints:
    def test_say_where_they_are(self):
        text = "At night the certificate expired. We should have noticed."
        (hint,) = hints(text, RULES)
        assert text[hint.start : hint.end] == hint.excerpt == "should have noticed"

    def test_come_in_the_order_of_the_text_and_once_a_place(self):
        found = hints("Human error: the developer forgot it. По вине дежурного.", RULES)
        assert [hint.asks for hint in found] == [Asks.ERROR, Asks.PERSON, Asks.PERSON]

    def test_never_overlap(self):
        assert asked("The developer made a careless mistake.") == {Asks.PERSON}

    def test_leave_code_and_quotations_alone(self):
        assert (
            asked("```\nuser error: should have been 3\n```\nand `operator error`\n> human error, said the log")
            == set()
        )
        assert asked("```\nhuman error") == set()

    def test_know_the_people_of_the_workspace(self):
        assert asked("Egor forgot the flag.") == {Asks.PERSON}
        assert asked("Мария забыла флаг.") == {Asks.PERSON}
        assert hints("Egor forgot the flag.", advice.rules()) == ()
        assert asked("Egor rolled back. Мария подняла пул.") == set()

    def test_do_not_read_names_inside_words(self):
        assert asked("The egoric service failed to start.") == set()


class TestItems:
    def test_fields_count_as_much_as_the_text(self):
        assert lacks("Improve monitoring", is_owned=True, is_dated=True) == {Quality.SPECIFIC, Quality.MEASURABLE}
        assert lacks("Add a dashboard", criterion="The pool is on it", is_owned=True, is_dated=True) == frozenset()

    def test_only_words_that_may_still_change(self):
        assert [state for state in ActionState if is_advised(state)] == [ActionState.PROPOSED, ActionState.COMMITTED]

    def test_a_detail_makes_even_improve_specific(self):
        assert lacks("Improve `pool.size` alert to fire below 5 min", is_owned=True, is_dated=True) == frozenset()

    def test_a_criterion_without_a_detail_saves_no_wish(self):
        assert lacks("Improve monitoring", criterion="It is better", is_owned=True, is_dated=True) == {
            Quality.SPECIFIC,
            Quality.MEASURABLE,
        }
