"""When somebody's presence is said again."""

from datetime import timedelta

import pytest

from pmcore.domain.presence import AGAIN, is_to_say
from tests.factories import NOON


@pytest.mark.parametrize(
    ("said_at", "expected"),
    [
        (None, True),
        (NOON, False),
        (NOON - AGAIN + timedelta(seconds=1), False),
        (NOON - AGAIN, True),
        (NOON + timedelta(seconds=1), True),  # said by a clock that was set back since
    ],
)
def test_it_is_said_again_after_a_while(said_at, expected):
    assert is_to_say(said_at=said_at, now=NOON) is expected
