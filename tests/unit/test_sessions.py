"""When sessions and links end, and how long a name rests after wrong passwords."""

from dataclasses import replace
from datetime import timedelta

import pytest

from pmcore.domain.sessions import (
    FORGOTTEN_AFTER,
    Link,
    LinkIsDead,
    LinkKind,
    SignInLock,
    checked_link,
    failed,
    is_locked,
    lock_key,
    succeeded,
    token_hash,
)
from tests.factories import NOON

FRESH = SignInLock(key="k", failures=0, last_at=NOON, locked_until=None)
LINK = Link(token_hash="h", kind=LinkKind.INVITATION, user_id=1, expires_at=NOON)


def after_failures(count):
    lock = FRESH
    for _ in range(count):
        lock = failed(lock, now=NOON)
    return lock


class TestLock:
    def test_closes_at_the_fifth_wrong_password(self):
        assert not is_locked(after_failures(4), now=NOON)
        assert is_locked(after_failures(5), now=NOON)

    def test_opens_again(self):
        assert is_locked(after_failures(5), now=NOON + timedelta(seconds=29))
        assert not is_locked(after_failures(5), now=NOON + timedelta(seconds=30))

    def test_grows_and_is_bounded(self):
        rests = [(after_failures(count).locked_until - NOON).total_seconds() for count in range(5, 12)]
        assert rests == [30, 60, 120, 240, 480, 900, 900]
        assert (after_failures(200).locked_until - NOON).total_seconds() == 900

    def test_forgets_after_a_day(self):
        later = NOON + FORGOTTEN_AFTER + timedelta(seconds=1)
        assert failed(after_failures(8), now=later).failures == 1

    def test_forgets_after_the_right_password(self):
        assert succeeded(after_failures(8), now=NOON) == FRESH

    def test_keeps_neither_name_nor_address(self):
        assert "anna" not in lock_key("name", "anna")
        assert lock_key("name", "x") != lock_key("address", "x")


class TestLink:
    def test_works_until_it_expires(self):
        assert checked_link(LINK, kind=LinkKind.INVITATION, now=NOON - timedelta(seconds=1)) is LINK

    def test_of_set_up_does_not_expire(self):
        link = replace(LINK, kind=LinkKind.SET_UP, expires_at=None)
        assert checked_link(link, kind=LinkKind.SET_UP, now=NOON) is link

    @pytest.mark.parametrize(
        "link", [None, LINK, replace(LINK, expires_at=None, used_at=NOON), replace(LINK, kind=LinkKind.SET_UP)]
    )
    def test_is_dead(self, link):
        with pytest.raises(LinkIsDead):
            checked_link(link, kind=LinkKind.INVITATION, now=NOON)


def test_only_a_digest_of_a_token_is_kept():
    assert len(token_hash("token")) == 64
    assert token_hash("token") != token_hash("Token")
