"""Impact in one line, as the tracker's column says it."""

from decimal import Decimal

from pmcore.words.catalogue import ngettext
from pmcore.words.times import number, usd


def impact(*, users: int | None, revenue_usd: Decimal | None, told: str = "") -> str:
    """ "500 users / $150"; what an old tracker said wins; empty where nothing is known."""
    if told:
        return told
    parts = []
    if users is not None:
        parts.append(ngettext("{count} user", "{count} users", users).format(count=number(users)))
    if revenue_usd is not None:
        parts.append(usd(revenue_usd))
    return " / ".join(parts)
