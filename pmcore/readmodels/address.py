"""Numbers and days as an address says them."""

from datetime import date

EARLIEST, LATEST = date(2000, 1, 1), date(2099, 12, 31)  #: of a period; anything else is a slip


def number(said: str) -> int | None:
    """Raises ValueError for what no row has as its number."""
    if said and not (said.isascii() and said.isdigit() and len(said) < 10):
        raise ValueError
    return int(said) if said else None


def day(said: str) -> date | None:
    """Raises ValueError."""
    found = date.fromisoformat(said) if said else None
    if found is not None and not EARLIEST <= found <= LATEST:
        raise ValueError
    return found
