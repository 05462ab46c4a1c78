import pytest

from pmcore.domain.lifecycle import (
    TRANSITIONS,
    Event,
    NotNow,
    allowed,
    is_in_review,
    is_working_copy_open,
    step,
)
from pmcore.domain.vocabulary import Amendment, PostmortemStatus

D, R, P, C = PostmortemStatus
AD, AR = Amendment


@pytest.mark.parametrize(
    ("before", "event", "after"),
    [
        ((D, None), Event.SHARE, (D, None)),
        ((D, None), Event.SUBMIT, (R, None)),
        ((R, None), Event.RETURN, (D, None)),
        ((R, None), Event.EDIT, (R, None)),
        ((R, None), Event.PUBLISH, (P, None)),
        ((P, None), Event.AMEND, (P, AD)),
        ((P, AD), Event.SUBMIT, (P, AR)),
        ((P, AR), Event.RETURN, (P, AD)),
        ((P, AR), Event.PUBLISH, (P, None)),
        ((P, None), Event.CLOSE, (C, None)),
        ((C, None), Event.REOPEN, (P, None)),
    ],
)
def test_leads_from_one_stage_to_the_next(before, event, after):
    assert step(status=before[0], amendment=before[1], event=event) == after


@pytest.mark.parametrize(
    ("before", "event", "sentence"),
    [
        ((P, None), Event.EDIT, "Start an amendment"),
        ((D, None), Event.SIGN, "not in review"),
        ((D, None), Event.PUBLISH, "Submit it for review"),
        ((P, AD), Event.PUBLISH, "Submit it for review"),
        ((P, AD), Event.CLOSE, "amendment"),
        ((P, AD), Event.AMEND, "one amendment at a time"),
        ((C, None), Event.EDIT, "closed"),
        ((C, None), Event.AMEND, "manager can open it again"),
        ((P, None), Event.REOPEN, "not closed"),
        ((R, None), Event.SHARE, "shared already"),
    ],
)
def test_refuses_with_what_would_have_to_happen_first(before, event, sentence):
    with pytest.raises(NotNow, match=sentence):
        step(status=before[0], amendment=before[1], event=event)


def test_every_refusal_has_a_sentence_and_every_stage_leads_to_a_known_one():
    for (status, amendment), events in TRANSITIONS.items():
        assert allowed(status, amendment) == frozenset(events)
        assert set(events.values()) <= set(TRANSITIONS)
        for event in set(Event) - set(events):
            with pytest.raises(NotNow):
                step(status=status, amendment=amendment, event=event)


def test_the_working_copy_is_open_before_publishing_and_while_amending():
    assert [stage for stage in TRANSITIONS if is_working_copy_open(*stage)] == [
        (D, None), (R, None), (P, AD), (P, AR),
    ]  # fmt: skip
    assert [stage for stage in TRANSITIONS if is_in_review(*stage)] == [(R, None), (P, AR)]
