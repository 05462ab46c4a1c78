import pytest

from pmcore.domain.dry_run import BadFeedback, BadTime, Feedback, ask, give, minutes_noted
from pmcore.domain.lifecycle import NotNow
from pmcore.domain.rail_vocabulary import Opinion, TimeKind, Verdict
from pmcore.domain.retrospective import (
    BadEscalation,
    BadVerdict,
    answer,
    escalate,
    judge,
    progress,
    require_verdict,
)
from pmcore.domain.vocabulary import ActionState, PostmortemStatus
from tests.factories import NOON
from tests.unit.test_action_item import BLOCKED, IN_STATE


def judged(**changes):
    given = {
        "postmortem_id": 1, "status": PostmortemStatus.PUBLISHED, "by_id": 2, "author_id": 1, "co_author_ids": (3,),
        "now": NOON,
    }  # fmt: skip
    reason = changes.pop("reason", " It  held ")
    return judge(Verdict.PREVENTED, reason, **(given | changes))


class TestVerdict:
    def test_of_somebody_else(self):
        given = judged()
        assert (given.reason, given.by_id, given.author_id, given.at) == ("It held", 2, 1, NOON)
        require_verdict(given)

    @pytest.mark.parametrize("change", [{"by_id": 1}, {"by_id": 3}, {"reason": " "}])
    def test_not_of_an_author_and_not_without_a_reason(self, change):
        with pytest.raises(BadVerdict):
            judged(**change)

    @pytest.mark.parametrize("status", [PostmortemStatus.DRAFT, PostmortemStatus.IN_REVIEW, PostmortemStatus.CLOSED])
    def test_on_what_is_published(self, status):
        with pytest.raises(NotNow):
            judged(status=status)

    def test_closing_waits_for_it(self):
        with pytest.raises(BadVerdict):
            require_verdict(None)


class TestEscalation:
    def test_is_open_until_answered_once(self):
        opened = escalate(BLOCKED, "Access", by_id=1, is_open_already=False, now=NOON)
        answered = answer(opened, " Granted ", by_id=2, now=NOON)
        assert (answered.answer, answered.answered_by_id, answered.answered_at) == ("Granted", 2, NOON)
        with pytest.raises(BadEscalation):
            answer(answered, "Again", by_id=2, now=NOON)
        with pytest.raises(BadEscalation):
            answer(opened, " ", by_id=2, now=NOON)

    def test_needs_a_blocked_item_a_reason_and_none_before(self):
        for item, reason, is_open in (
            (IN_STATE[ActionState.IN_PROGRESS], "Access", False),
            (BLOCKED, " ", False),
            (BLOCKED, "Access", True),
        ):
            with pytest.raises(BadEscalation):
                escalate(item, reason, by_id=1, is_open_already=is_open, now=NOON)


def test_progress_leaves_proposals_out():
    found = progress([*ActionState])
    assert (found.done, found.blocked, found.total) == (3, 1, 6)


def asked(known=(), user_ids=(2, 3, 4), **changes):
    given = {"postmortem_id": 1, "is_dry_run": True, "author_ids": (1,), "by_id": 1, "now": NOON}
    return ask(known, user_ids, **(given | changes))


class TestFeedback:
    def test_three_at_least_with_those_of_before(self):
        first = asked()
        assert [each.user_id for each in first] == [2, 3, 4]
        assert [each.user_id for each in asked(first, (4, 5))] == [5]

    @pytest.mark.parametrize(
        "change", [{"user_ids": (2, 3)}, {"user_ids": (1, 2, 3)}, {"by_id": 2}, {"is_dry_run": False}]
    )
    def test_who_is_not_asked(self, change):
        with pytest.raises(BadFeedback):
            asked(**change)

    def test_answers_both_questions(self):
        one = Feedback(postmortem_id=1, user_id=2, asked_by_id=1, asked_at=NOON)
        said = give(one, easy=Opinion.YES, clear=Opinion.NO, missing=" x ", now=NOON)
        assert (said.missing, said.answered_at) == ("x", NOON)
        for easy, clear in ((None, Opinion.YES), (Opinion.YES, None)):
            with pytest.raises(BadFeedback) as refusal:
                give(one, easy=easy, clear=clear, missing="", now=NOON)
            assert refusal.value.field == ("easy" if easy is None else "clear")
        with pytest.raises(BadFeedback):
            give(None, easy=Opinion.YES, clear=Opinion.YES, missing="", now=NOON)


@pytest.mark.parametrize("minutes", [0, 1441])
def test_minutes_that_cannot_be(minutes):
    with pytest.raises(BadTime):
        minutes_noted(minutes, TimeKind.WRITING)


def test_minutes_that_can():
    assert [minutes_noted(minutes, TimeKind.MEETING) for minutes in (1, 1440)] == [1, 1440]
