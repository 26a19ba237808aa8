"""Axes: where a value lies between 0 and 1, and which round numbers are written under it."""

from __future__ import annotations

import math
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Scale:
    """Maps [low, high] to [0, 1]; logarithmic or linear, turned round where lower is better."""

    low: float
    high: float
    logarithmic: bool = False
    inverted: bool = False

    def at(self, value: float) -> float:
        """Place of a value, clipped to the scale."""
        value = min(self.high, max(self.low, value))
        if self.logarithmic:
            share = math.log(value / self.low) / math.log(self.high / self.low)
        else:
            share = (value - self.low) / (self.high - self.low)
        return 1 - share if self.inverted else share

    def ticks(self, most: int = 6) -> list[float]:
        """Round numbers inside the scale, at most `most`."""
        found = self._powers() if self.logarithmic else []
        if len(found) < 2:
            found = _steps(self.low, self.high, most)
        return found[:: math.ceil(len(found) / most)]

    def _powers(self) -> list[float]:
        first = math.floor(math.log10(self.low))
        last = math.ceil(math.log10(self.high))
        values = [m * 10.0**e for e in range(first, last + 1) for m in (1, 2, 5)]
        return [v for v in values if self.low <= v <= self.high]


def linear(values: list[float]) -> Scale:
    """A scale over all finite values with a little air; never of length zero."""
    finite = [v for v in values if math.isfinite(v)] or [0.0, 1.0]
    low, high = min(finite), max(finite)
    air = 0.05 * (high - low) or abs(high) * 0.1 or 1.0
    return Scale(low - air, high + air)


def _steps(low: float, high: float, most: int) -> list[float]:
    raw = (high - low) / most
    unit = 10.0 ** math.floor(math.log10(raw))
    step = next(unit * m for m in (1, 2, 5, 10) if unit * m >= raw)
    first = math.ceil(low / step)
    last = math.floor(high / step)
    return [round(k * step, 12) for k in range(first, last + 1)]
