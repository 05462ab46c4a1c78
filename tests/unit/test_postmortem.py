"""Who writes, who reviews, and when the text may change."""

from datetime import UTC, datetime

import pytest

from pmcore.domain.lifecycle import NotNow
from pmcore.domain.postmortem import (
    BadMember,
    Member,
    NotTheAuthor,
    Postmortem,
    add_member,
    hand_over,
    is_author,
    is_open,
    may_edit,
    remove_member,
    require_author,
    require_may_edit,
    with_role,
)
from pmcore.domain.vocabulary import Amendment, MemberRole, PostmortemStatus, Severity

NOON = datetime(2025, 12, 14, 12, tzinfo=UTC)
AUTHOR, CO_AUTHOR, REVIEWER, OTHER = 1, 2, 3, 4
WRITES, REVIEWS = (
    Member(user_id=CO_AUTHOR, role=MemberRole.CO_AUTHOR),
    Member(user_id=REVIEWER, role=MemberRole.REVIEWER),
)


def a_postmortem(**changes):
    values = {
        "id": 1, "incident_id": 1, "severity": Severity.P0, "author_id": AUTHOR, "status": PostmortemStatus.DRAFT,
        "created_at": NOON, "changed_at": NOON, "members": (WRITES, REVIEWS),
    }  # fmt: skip
    return Postmortem(**{**values, **changes})


class TestWriting:
    def test_author_and_co_author_write_and_nobody_else(self):
        assert [who for who in (AUTHOR, CO_AUTHOR, REVIEWER, OTHER) if is_author(a_postmortem(), who)] == [1, 2]
        require_author(a_postmortem(), CO_AUTHOR)
        with pytest.raises(NotTheAuthor):
            require_author(a_postmortem(), REVIEWER)

    @pytest.mark.parametrize(
        ("status", "amendment", "is_it"),
        [
            (PostmortemStatus.DRAFT, None, True),
            (PostmortemStatus.IN_REVIEW, None, True),
            (PostmortemStatus.PUBLISHED, None, False),
            (PostmortemStatus.PUBLISHED, Amendment.DRAFT, True),
            (PostmortemStatus.PUBLISHED, Amendment.IN_REVIEW, True),
            (PostmortemStatus.CLOSED, None, False),
        ],
    )
    def test_what_is_published_changes_only_by_an_amendment(self, status, amendment, is_it):
        postmortem = a_postmortem(status=status, amendment=amendment)
        assert is_open(postmortem) is may_edit(postmortem, AUTHOR) is is_it
        assert not may_edit(postmortem, OTHER)
        if is_it:
            require_may_edit(postmortem, AUTHOR)
        else:
            with pytest.raises(NotNow):
                require_may_edit(postmortem, AUTHOR)


class TestMembers:
    def test_somebody_named_twice_is_named_once(self):
        postmortem = add_member(a_postmortem(), user_id=OTHER, role=MemberRole.PARTICIPANT)
        assert with_role(postmortem, MemberRole.PARTICIPANT) == (OTHER,)
        assert add_member(postmortem, user_id=OTHER, role=MemberRole.PARTICIPANT) is postmortem

    @pytest.mark.parametrize(
        ("user_id", "role"),
        [
            (AUTHOR, MemberRole.CO_AUTHOR),
            (AUTHOR, MemberRole.REVIEWER),
            (CO_AUTHOR, MemberRole.REVIEWER),
            (REVIEWER, MemberRole.CO_AUTHOR),
        ],
    )
    def test_nobody_judges_the_own_text(self, user_id, role):
        with pytest.raises(BadMember):
            add_member(a_postmortem(), user_id=user_id, role=role)

    def test_an_author_may_have_taken_part(self):
        postmortem = add_member(a_postmortem(), user_id=AUTHOR, role=MemberRole.PARTICIPANT)
        assert with_role(postmortem, MemberRole.PARTICIPANT) == (AUTHOR,)

    def test_a_part_is_taken_away_and_the_others_stay(self):
        assert remove_member(a_postmortem(), user_id=CO_AUTHOR, role=MemberRole.CO_AUTHOR).members == (REVIEWS,)
        assert remove_member(a_postmortem(), user_id=OTHER, role=MemberRole.REVIEWER).members == (WRITES, REVIEWS)


class TestHandOver:
    def test_who_wrote_so_far_stays_a_co_author(self):
        postmortem = hand_over(a_postmortem(), to=OTHER)
        assert postmortem.author_id == OTHER
        assert with_role(postmortem, MemberRole.CO_AUTHOR) == (CO_AUTHOR, AUTHOR)

    @pytest.mark.parametrize("to", [CO_AUTHOR, REVIEWER])
    def test_the_new_author_has_no_other_part_but_having_taken_part(self, to):
        took_part = Member(user_id=to, role=MemberRole.PARTICIPANT)
        postmortem = hand_over(a_postmortem(members=(WRITES, REVIEWS, took_part)), to=to)
        assert [member for member in postmortem.members if member.user_id == to] == [took_part]

    def test_to_the_author_is_refused(self):
        with pytest.raises(BadMember):
            hand_over(a_postmortem(), to=AUTHOR)
