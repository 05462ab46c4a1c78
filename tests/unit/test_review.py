import pytest

from pmcore.domain.edition import NoteMissing, note_of
from pmcore.domain.review import CannotReturn, Reviewer, reviewer_problems, send_back
from pmcore.domain.vocabulary import Role, SectionKey, SignRole
from tests.factories import NOON


def reviewer(user_id, *roles, active=True):
    return Reviewer(user_id=user_id, name=f"Person {user_id}", active=active, roles=frozenset(roles))


def problems(*named, required=tuple(SignRole), authors=(1,)):
    return [str(p) for p in reviewer_problems(named, required=required, author_ids=frozenset(authors))]


def test_named_people_can_sign_everything_together():
    both = reviewer(2, Role.TECH_LEAD, Role.CTO)
    assert problems(both, reviewer(3, Role.ENGINEERING_MANAGER)) == []


def test_each_role_that_nobody_holds_is_named():
    assert problems(reviewer(2, Role.TECH_LEAD)) == [
        "Name a reviewer who can sign as Engineering Manager.",
        "Name a reviewer who can sign as CTO.",
    ]
    assert problems(required=(SignRole.TECH_LEAD,)) == ["Name a reviewer who can sign as Tech Lead."]


def test_authors_and_those_who_left_do_not_help():
    said = problems(
        reviewer(1, Role.TECH_LEAD), reviewer(2, Role.TECH_LEAD, active=False), required=(SignRole.TECH_LEAD,)
    )
    assert said == [
        "Person 2 can no longer sign in. Name somebody else.",
        "Person 1 is an author of this text and cannot review it. Name somebody else.",
        "Name a reviewer who can sign as Tech Lead.",
    ]


def test_every_problem_is_put_right_in_review_and_sign_off():
    found = reviewer_problems((), required=tuple(SignRole), author_ids=frozenset())
    assert {problem.section for problem in found} == {SectionKey.SIGN_OFF}


def test_a_return_says_why():
    sent_back = send_back(role=SignRole.CTO, user_id=4, reasons=" How many?\r\n", now=NOON)
    assert (sent_back.reasons, sent_back.at, sent_back.answered_at) == ("How many?", NOON, None)
    with pytest.raises(CannotReturn) as refused:
        send_back(role=SignRole.CTO, user_id=4, reasons=" \n", now=NOON)
    assert refused.value.field == "reasons"


def test_a_second_edition_says_what_it_changes():
    assert note_of("", number=1) == ""
    assert note_of(" More users. ", number=2) == "More users."
    with pytest.raises(NoteMissing):
        note_of(" ", number=2)
