"""Who decides what repeats what, what follows from it, and when it speaks about the action items."""

from dataclasses import replace
from datetime import timedelta

import pytest

from pmcore.domain.content import BadText
from pmcore.domain.likeness import Likeness, Reason, Shared, Traits
from pmcore.domain.rail_vocabulary import Verdict
from pmcore.domain.recurrence import (
    BadRecurrence,
    Recurrence,
    Renewal,
    Writers,
    confirm,
    disagrees,
    from_stored,
    in_order,
    is_within,
    may_decide,
    named,
    propose,
    refuse,
    renewed,
    reopen,
    repeats,
    to_stored,
)
from pmcore.domain.vocabulary import RecurrenceState
from tests.factories import NOON

DAY = timedelta(days=1)
WORDS = Reason(kind=Shared.TITLE, words=("pool", "exhausted"))
WRITERS = Writers(author_id=1, ids=frozenset({1, 2}))
PAIR = Recurrence(
    incident_id=7, earlier_id=3, incident_started_at=NOON, earlier_started_at=NOON - 9 * DAY, proposed_at=NOON,
    reasons=(WORDS,),
)  # fmt: skip
CONFIRMED = confirm(PAIR, note="", by_id=5, writers=WRITERS, now=NOON)
REFUSED = refuse(PAIR, reason="Another pool", by_id=5, writers=WRITERS, now=NOON)


def like(earlier_id, reasons=(WORDS,)):
    earlier = Traits(
        incident_id=earlier_id, service_id=1, service="s", alert_name="", title="t", started_at=NOON - 9 * DAY
    )
    return Likeness(earlier=earlier, points=60, reasons=reasons)


class TestProposed:
    def test_a_pair(self):
        made = propose(
            incident_id=7, started_at=NOON, earlier_id=3, earlier_started_at=NOON - 9 * DAY, reasons=[WORDS],
            named_by_id=None, now=NOON,
        )  # fmt: skip
        assert made == PAIR

    @pytest.mark.parametrize(("earlier_id", "earlier_started_at"), [(7, NOON - DAY), (3, NOON), (3, NOON + DAY)])
    def test_never_itself_nor_what_began_later(self, earlier_id, earlier_started_at):
        with pytest.raises(BadRecurrence):
            propose(
                incident_id=7, started_at=NOON, earlier_id=earlier_id, earlier_started_at=earlier_started_at,
                reasons=(), named_by_id=None, now=NOON,
            )  # fmt: skip


class TestRenewed:
    def renewed(self, known, *found):
        return renewed(known, found, now=NOON, incident_id=7, started_at=NOON)

    def test_what_is_like_enough_is_proposed(self):
        assert self.renewed((), like(3)) == Renewal(new=(PAIR,))

    def test_what_no_longer_is_goes(self):
        assert self.renewed((PAIR,)) == Renewal(gone=(PAIR,))

    def test_reasons_follow(self):
        again = Reason(kind=Shared.CAUSE, words=("pool",))
        assert self.renewed((PAIR,), like(3, (again,))) == Renewal(changed=(replace(PAIR, reasons=(again,)),))

    def test_nothing_new_changes_nothing(self):
        assert self.renewed((PAIR,), like(3)) == Renewal()

    @pytest.mark.parametrize("pair", [CONFIRMED, REFUSED, replace(PAIR, named_by_id=4)])
    def test_what_people_said_stays(self, pair):
        assert self.renewed((pair,)) == Renewal()
        assert self.renewed((pair,), like(3, ())) == Renewal()

    def test_beside_a_confirmed_one_nothing_is_proposed(self):
        assert self.renewed((CONFIRMED,), like(4)) == Renewal()
        open_one = replace(PAIR, earlier_id=4)
        assert self.renewed((CONFIRMED, open_one), like(4)) == Renewal(gone=(open_one,))


class TestNamed:
    def named(self, known, earlier_id):
        return named(
            known, incident_id=7, started_at=NOON, earlier_id=earlier_id,
            earlier_started_at=None if earlier_id is None else NOON - 9 * DAY, reasons=(WORDS,), by_id=4, now=NOON,
        )  # fmt: skip

    BY_NAME = replace(PAIR, named_by_id=4, reasons=(Reason(kind=Shared.NAMED), WORDS))

    def test_a_new_one(self):
        assert self.named((), 3) == Renewal(new=(self.BY_NAME,))

    def test_one_that_the_app_had_found(self):
        assert self.named((PAIR,), 3) == Renewal(changed=(self.BY_NAME,))

    def test_another_one_in_its_place(self):
        changed = self.named((self.BY_NAME,), 4)
        assert changed.gone == (self.BY_NAME,)
        assert [each.earlier_id for each in changed.new] == [4]

    def test_none(self):
        assert self.named((self.BY_NAME, replace(PAIR, earlier_id=4)), None) == Renewal(gone=(self.BY_NAME,))

    def test_what_is_confirmed_may_be_named(self):
        assert self.named((CONFIRMED,), 3) == Renewal()

    @pytest.mark.parametrize(("known", "earlier_id"), [(REFUSED, 3), (CONFIRMED, 4), (CONFIRMED, None)])
    def test_against_a_decision(self, known, earlier_id):
        with pytest.raises(BadRecurrence) as refusal:
            self.named((known,), earlier_id)
        assert refusal.value.field == "repeats_id"


class TestOrder:
    def test_nothing_to_do(self):
        assert in_order((PAIR,), incident_id=7, started_at=NOON + DAY) == Renewal()
        assert in_order((PAIR,), incident_id=3, started_at=NOON - DAY) == Renewal()

    @pytest.mark.parametrize(("incident_id", "started_at"), [(7, NOON - 9 * DAY), (3, NOON)])
    def test_a_mere_proposal_goes(self, incident_id, started_at):
        assert in_order((PAIR,), incident_id=incident_id, started_at=started_at) == Renewal(gone=(PAIR,))

    @pytest.mark.parametrize("pair", [CONFIRMED, REFUSED, replace(PAIR, named_by_id=4)])
    def test_what_people_said_refuses_the_start(self, pair):
        with pytest.raises(BadRecurrence) as refusal:
            in_order((pair,), incident_id=7, started_at=NOON - 30 * DAY)
        assert refusal.value.field == "started_at"


class TestDecided:
    def test_by_somebody_who_wrote_neither(self):
        assert not may_decide(1, WRITERS)
        assert not may_decide(2, WRITERS)
        assert may_decide(5, WRITERS)

    def test_confirmed_with_one_click(self):
        expected = replace(
            PAIR, state=RecurrenceState.CONFIRMED, author_id=1, decided_by_id=5, decided_at=NOON, decision_note=""
        )
        assert expected == CONFIRMED

    def test_refused_with_a_reason(self):
        assert (REFUSED.state, REFUSED.decision_note) == (RecurrenceState.REFUSED, "Another pool")
        for reason in ("", " \n"):
            with pytest.raises(BadRecurrence) as refusal:
                refuse(PAIR, reason=reason, by_id=5, writers=WRITERS, now=NOON)
            assert refusal.value.field == "reason"

    def test_words_are_kept_on_one_line_or_refused(self):
        assert confirm(PAIR, note=" a\n b ", by_id=5, writers=WRITERS, now=NOON).decision_note == "a b"
        with pytest.raises(BadText):
            confirm(PAIR, note="x" * 5_000, by_id=5, writers=WRITERS, now=NOON)

    @pytest.mark.parametrize("by_id", [1, 2])
    def test_not_by_a_writer(self, by_id):
        with pytest.raises(BadRecurrence):
            confirm(PAIR, note="", by_id=by_id, writers=WRITERS, now=NOON)
        with pytest.raises(BadRecurrence):
            refuse(PAIR, reason="x", by_id=by_id, writers=WRITERS, now=NOON)
        with pytest.raises(BadRecurrence):
            reopen(CONFIRMED, by_id=by_id, writers=WRITERS)

    @pytest.mark.parametrize("pair", [CONFIRMED, REFUSED])
    def test_once_and_taken_back(self, pair):
        with pytest.raises(BadRecurrence):
            confirm(pair, note="", by_id=5, writers=WRITERS, now=NOON)
        with pytest.raises(BadRecurrence):
            refuse(pair, reason="x", by_id=5, writers=WRITERS, now=NOON)
        assert reopen(pair, by_id=6, writers=WRITERS) == PAIR
        with pytest.raises(BadRecurrence):
            reopen(PAIR, by_id=6, writers=WRITERS)


@pytest.mark.parametrize(
    ("before", "pair", "after"),
    [
        (None, CONFIRMED, 3), (4, CONFIRMED, 4), (3, CONFIRMED, 3),
        (3, REFUSED, None), (None, REFUSED, None), (4, REFUSED, 4),
        (3, PAIR, None), (4, PAIR, 4), (None, PAIR, None),
        (None, replace(PAIR, named_by_id=1), 3), (4, replace(PAIR, named_by_id=1), 4),
    ],
)  # fmt: skip
def test_what_the_facts_say_afterwards(before, pair, after):
    assert repeats(before, pair) == after


@pytest.mark.parametrize(
    ("resolved_at", "started_at", "expected"),
    [
        (NOON, NOON + 30 * DAY, True), (NOON, NOON + 30 * DAY + timedelta(seconds=1), False),
        (NOON, NOON - DAY, True), (None, NOON, False),
    ],
)  # fmt: skip
def test_the_window_of_the_retrospective(resolved_at, started_at, expected):
    assert is_within(resolved_at, started_at) is expected


@pytest.mark.parametrize(
    ("verdict", "has_recurred", "expected"),
    [
        (None, True, False), (None, False, False), (Verdict.RECURRED, True, False), (Verdict.RECURRED, False, True),
        (Verdict.PREVENTED, True, True), (Verdict.PREVENTED, False, False), (Verdict.NOT_EXERCISED, True, True),
    ],
)  # fmt: skip
def test_a_verdict_and_what_is_confirmed_may_disagree(verdict, has_recurred, expected):
    assert disagrees(verdict, has_recurred=has_recurred) is expected


def test_reasons_are_stored_and_read():
    reasons = (Reason(kind=Shared.NAMED), WORDS)
    assert from_stored(to_stored(reasons)) == reasons
