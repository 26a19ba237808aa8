"""Plain relations between a wrong array and the expected one, each said in one sentence.

A relation is claimed only where it holds for every entry within a tight tolerance and could not
hold by chance: a single number is "twice too large" only for factors that have a usual cause, a
constant array is never "flipped". Nothing is claimed rather than something doubtful.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from typing import Any

import numpy as np

from grader.compare import agreement, is_numeric, wide

Array = np.ndarray[Any, Any]
LOOKED_AT = 4096  # entries, to tell how many different ones there are
NEAR_ONE = 1e-3  # a factor closer to 1 is a small error and no factor

_FACTORS = {  # factors with a usual cause, claimed even for a single number
    2.0: "twice the expected value: is a factor 1/2, or a mean over 2, missing?",
    0.5: "half the expected value: is a factor 2 missing?",
    math.log(10): "ln 10 times the expected value: which logarithm is asked for?",
    1 / math.log(10): "1/ln 10 of the expected value: which logarithm is asked for?",
    math.log(2): "ln 2 times the expected value: which logarithm is asked for?",
    1 / math.log(2): "1/ln 2 of the expected value: which logarithm is asked for?",
}


def describe(
    got: Any, expected: Any, *, rtol: float, atol: float, sizes: Iterable[int] = ()
) -> str | None:
    """Return a sentence about how `got` relates to `expected`, None where no relation is certain.

    `sizes` are lengths that occur in the inputs (batch size, classes): a constant ratio equal
    to one of them is most likely a mean that was left out or taken once too often.
    """
    if not (is_numeric(got) and is_numeric(expected)):
        return None
    mine, theirs = wide(got), wide(expected)
    if theirs.dtype.kind not in "fiuc" or mine.dtype.kind not in "fiuc" or not mine.size:
        return None
    whole = theirs.dtype.kind in "iu"
    if not np.isfinite(theirs).all() or (
        whole and theirs.size < 4
    ):  # small numbers relate by chance
        return None
    relation = _Relation(mine, theirs, rtol, atol, sorted({int(n) for n in sizes if n > 1}))
    with np.errstate(all="ignore"):
        return relation.first()


class _Relation:
    """One pair of arrays; each method returns its sentence or None."""

    def __init__(
        self, mine: Array, theirs: Array, rtol: float, atol: float, sizes: list[int]
    ) -> None:
        self.mine, self.theirs, self.sizes = mine, theirs, sizes
        self.rtol, self.atol = max(rtol, 1e-9), atol

    def first(self) -> str | None:
        if self.mine.shape != self.theirs.shape:
            return self.axes_swapped() or self.extra_axis()
        if self.equal(self.mine, self.theirs):
            return "The values are right; only their type is wrong."
        anywhere = (self.axes_swapped, self.flipped, self.shifted)
        if not np.isfinite(self.mine).all():
            return self.not_finite() or self.local()
        tests: tuple[Callable[[], str | None], ...] = (
            self.sign, self.ratio, *anywhere, self.complement, self.local, self.missing_term,
        )  # fmt: skip
        return next((sentence for test in tests if (sentence := test())), None)

    def equal(self, one: Array, other: Array) -> bool:
        return one.shape == other.shape and bool(agreement(one, other, self.rtol, self.atol).all())

    def varied(self, *, entries: int = 3) -> bool:
        """Tell whether the expected values are too many and too different to match by chance."""
        if self.theirs.size < entries or np.unique(self.theirs.flat[:LOOKED_AT]).size < 3:
            return False
        spread = float(np.ptp(self.theirs)) if self.theirs.dtype.kind != "c" else 1.0
        return spread > 1e-3 * float(np.abs(self.theirs).max()) > 0.0

    def sign(self) -> str | None:
        if np.abs(self.theirs).max() > 1e3 * self.atol and self.equal(-self.mine, self.theirs):
            return "The size is right and the sign is wrong."
        return None

    def ratio(self) -> str | None:
        big = np.abs(self.theirs) > max(1e3 * self.atol, 0.0)
        if not big.any() or np.abs(self.mine[~big]).max(initial=0.0) > 1e4 * self.atol:
            return None
        ratios = self.mine[big] / self.theirs[big]
        factor = ratios[0].item()
        slack = max(10 * self.rtol, 1e-8)
        if abs(factor - 1) < max(NEAR_ONE, 2 * slack):
            return None
        if isinstance(factor, complex) or not 1e-6 < abs(factor) < 1e6:
            return None
        if not (np.abs(ratios - factor) <= slack * abs(factor)).all():
            return None
        rest = factor * self.theirs[~big]  # too small for a ratio, but said of them, too
        if not agreement(self.mine[~big], rest, slack, 10 * self.atol).all():
            return None
        return self._ratio_sentence(factor, slack, self.varied() and int(big.sum()) >= 3)

    def _ratio_sentence(self, factor: float, slack: float, certain: bool) -> str | None:
        it = "Every entry is" if self.mine.size > 1 else "Your value is"
        for known, text in _FACTORS.items():
            if abs(factor - known) <= slack * known:
                return f"{it} {text}"
        for size in self.sizes:
            if abs(factor - size) <= slack * size:
                return f"{it} {size} times the expected value: is a mean over {size} missing?"
            if abs(factor * size - 1) <= slack:
                return f"{it} 1/{size} of the expected value: is a division by {size} too many?"
        if certain:
            return f"Every entry is {factor:.6g} times the expected value."
        return None

    def axes_swapped(self) -> str | None:
        if self.mine.ndim != self.theirs.ndim or self.theirs.ndim < 2 or not self.varied():
            return None
        if self.theirs.ndim == 2:
            same = self.equal(self.mine.T, self.theirs)
            return "The result is transposed: rows and columns are swapped." if same else None
        for first in range(self.theirs.ndim):
            for second in range(first + 1, self.theirs.ndim):
                if self.equal(np.swapaxes(self.mine, first, second), self.theirs):
                    return f"The axes {first} and {second} are swapped."
        return None

    def extra_axis(self) -> str | None:
        if self.mine.size == self.theirs.size and self.equal(
            np.squeeze(self.mine), np.squeeze(self.theirs)
        ):
            return "The values are right; only axes of length 1 are missing, too many or misplaced."
        if self.mine.size == self.theirs.size and self.varied(entries=4):
            same = self.equal(self.mine.reshape(self.theirs.shape), self.theirs)
            return "The values are right and in order; only the shape is wrong." if same else None
        return None

    def flipped(self) -> str | None:
        if not self.varied():
            return None
        for axis in range(self.theirs.ndim):
            if self.equal(np.flip(self.mine, axis), self.theirs):
                return (
                    f"The result is flipped along axis {axis}."
                    if self.theirs.ndim > 1
                    else ("The result is in reverse order.")
                )
        if self.theirs.ndim > 1 and self.equal(np.flip(self.mine, (-2, -1)), self.theirs):
            return "The result is turned by 180 degrees: the last two axes are both flipped."
        return None

    def shifted(self) -> str | None:
        agreeing = agreement(self.mine, self.theirs, self.rtol, self.atol)
        if not self.varied(entries=4) or 2 * int(agreeing.sum()) > agreeing.size:
            return None  # where few entries differ, a step that is one place off is no shift
        for axis in range(self.theirs.ndim):
            if self.theirs.shape[axis] < 4:
                continue
            mine, theirs = np.moveaxis(self.mine, axis, 0), np.moveaxis(self.theirs, axis, 0)
            if self.equal(theirs[1:], theirs[:-1]):
                continue
            where = f" along axis {axis}" if self.theirs.ndim > 1 else ""
            if self.equal(mine[1:], theirs[:-1]):
                return f"The result is shifted by one{where}: each entry stands one place too late."
            if self.equal(mine[:-1], theirs[1:]):
                return (
                    f"The result is shifted by one{where}: each entry stands one place too early."
                )
        return None

    def complement(self) -> str | None:
        if self.varied() and self.equal(1 - self.mine, self.theirs):
            return "Every entry is 1 minus the expected value."
        return None

    def missing_term(self) -> str | None:
        """One term of a sum is missing: the difference is the same everywhere or along an axis."""
        gap = self.mine - self.theirs
        slack = 1e-8 * max(float(np.abs(self.theirs).max()), float(np.abs(self.mine).max()))
        if not self.varied(entries=4) or float(np.abs(gap).max()) < 1e3 * max(slack, self.atol):
            return None
        if float(np.abs(gap - gap.flat[0]).max()) <= slack:
            amount = f"{gap.flat[0]:.6g}"
            return f"Every entry is off by the same amount, {amount}: one term is missing or wrong."
        for axis in range(gap.ndim):
            rows = np.moveaxis(gap, axis, 0)
            if len(rows) >= 3 and float(np.abs(rows - rows[:1]).max()) <= slack:
                return (
                    f"The error is the same everywhere along axis {axis}: "
                    "one term that does not depend on it is missing or wrong."
                )
        return None

    def not_finite(self) -> str | None:
        broken = ~np.isfinite(self.mine)
        if broken.all():
            return None
        if agreement(self.mine, self.theirs, self.rtol, self.atol)[~broken].all():
            what = "nan" if np.isnan(self.mine).any() else "inf"
            count = f"{int(broken.sum())} of {broken.size}"
            return f"Every entry that is finite is right; {count} are {what}."
        return None

    def local(self) -> str | None:
        wrong = ~agreement(self.mine, self.theirs, self.rtol, self.atol)
        return self._only_one_row(wrong) or self._only_border(wrong)

    def _only_border(self, wrong: Array) -> str | None:
        if wrong.ndim < 2 or min(wrong.shape[-2:]) < 4:
            return None
        border = np.ones(wrong.shape[-2:], bool)
        border[1:-1, 1:-1] = False
        sides = [wrong[..., 0, :], wrong[..., -1, :], wrong[..., :, 0], wrong[..., :, -1]]
        if wrong[..., ~border].any() or sum(bool(side.any()) for side in sides) < 2:
            return None
        if int(wrong[..., border].sum()) * 4 < wrong[..., border].size:
            return None
        opposite = (sides[0].any() and sides[1].any()) or (sides[2].any() and sides[3].any())
        corner = wrong[..., 1:-1, 0].any() or wrong[..., 1:-1, -1].any()
        if not opposite and not corner:
            return None
        return "Everything is right except at the border of the last two axes."

    def _only_one_row(self, wrong: Array) -> str | None:
        for axis in range(wrong.ndim):
            length = wrong.shape[axis]
            others = tuple(i for i in range(wrong.ndim) if i != axis)
            places = np.flatnonzero(wrong.any(axis=others) if others else wrong)
            if length < 3 or len(places) != 1 or (wrong.ndim > 1 and int(wrong.sum()) < 2):
                continue
            place = int(places[0])
            name = {0: "first", length - 1: "last"}.get(place)
            what = (
                "entry" if wrong.ndim == 1 else ("row", "column")[axis] if wrong.ndim == 2 else ""
            )
            if not what:
                return f"Everything is right except at index {place} of axis {axis}."
            which = f"the {name} {what}" if name else f"{what} {place}"
            return f"Everything is right except {which}."
        return None
