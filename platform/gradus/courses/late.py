"""What late work is worth. Pure; exact decimals, rounded by whoever shows them."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

_ALL = Decimal(100)


@dataclass(frozen=True, slots=True, kw_only=True)
class LatePolicy:
    """A deduction of the points for each begun day."""

    percent_per_day: Decimal = Decimal(0)
    most_percent: Decimal = _ALL  # of the deduction
    most_late_days: int = 0  # of the student's late days that one assignment may use

    def percent_off(self, days: int) -> Decimal:
        return min(self.percent_per_day * max(0, days), self.most_percent, _ALL)

    def kept(self, points: Decimal, days: int) -> Decimal:
        """Of `points`, `days` begun after the deadline that no late day covers."""
        return points if days <= 0 else points * (_ALL - self.percent_off(days)) / _ALL


NOT_LATE = LatePolicy()
