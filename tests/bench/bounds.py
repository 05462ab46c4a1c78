"""What must hold, and what does not."""

from dataclasses import dataclass

MOST_TIMES_EMPTY = {
    "tracker": 3.0, "incidents": 3.0, "home": 3.0, "actions": 3.0, "write": 4.0, "read": 4.0, "save": 4.0,
    "typing": 2.0, "metrics": 3.5, "metrics, text": 5.0, "metrics, item": 5.0,
}  # fmt: skip
MOST_GROWTH = 1.3  #: of a list, from the smallest size to the largest
MOST_EXCEL, MOST_EXCEL_MB, MOST_BESIDE_EXPORT, MOST_FIRST_VISIT = 1.3, 20.0, 2.0, 1.3
MOST_STATEMENTS = 12


@dataclass(frozen=True, kw_only=True)
class Verdict:
    what: str
    is_at: float
    may_be: float

    @property
    def holds(self) -> bool:
        return self.is_at <= self.may_be

    def __str__(self) -> str:
        return f"{'ok  ' if self.holds else 'OVER'} {self.what}: {self.is_at:.2f} (at most {self.may_be:g})"
