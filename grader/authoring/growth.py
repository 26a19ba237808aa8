"""How the work of a function grows with its input, by processor time: no speed is asked for.

Inputs of n, 2n and 4n are drawn afresh for each round. What counts is all processor time that the
session used since the question before, so neither other work of the host nor threads, nor work
between two calls, change it. `plain` is a function of the reference whose work grows as it should,
in simple code: it says what is right, and being slow on purpose at n gains nothing, since there no
more than twice its time counts.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from statistics import median
from typing import Any, Protocol

from grader.authoring.judging import close, require

SIZES = (1, 2, 4)  # times n
ROUNDS = 5
SLACK = 2.0  # times the plain function's time, that counts at the smaller sizes
SHORTEST = 1e-6  # seconds


class Metered(Protocol):
    """A function of a session."""

    def __call__(self, *args: Any) -> Any: ...


def growth(
    function: Metered,
    plain: Metered,
    inputs: Callable[[int], tuple[Any, ...]],
    n: int,
    *,
    at_most: float,
    rtol: float = 1e-9,
    atol: float = 1e-12,
) -> float:
    """Fail where the work of `function` grows faster than n^at_most; return the exponent.

    `inputs(size)` draws the arguments. Choose n so that a call of `plain` takes some milliseconds.
    Results are compared with those of `plain` within atol + rtol * |expected|.
    """
    own: dict[int, list[float]] = {size: [] for size in SIZES}
    theirs: dict[int, list[float]] = {size: [] for size in SIZES}
    function(*inputs(n))  # the first call of a check is made twice
    used = _cpu_seconds(function)
    for turn in range(ROUNDS):
        for size in SIZES if turn % 2 == 0 else reversed(SIZES):
            args = inputs(size * n)
            before = _cpu_seconds(plain)
            expected = plain(*args)
            theirs[size].append(_cpu_seconds(plain) - before)
            got, before = function(*args), used
            used = _cpu_seconds(function)
            own[size].append(used - before)
            close(got, expected, rtol, atol)
    found = exponent(
        [median(own[size]) for size in SIZES], [median(theirs[size]) for size in SIZES]
    )
    require(
        found <= at_most,
        f"Twice the input takes {2**found:.2g} times the work, measured from n = {n} to {4 * n}; "
        f"at most {2**at_most:.2g} times is allowed.",
    )
    return found


def exponent(own: list[float], plain: list[float]) -> float:
    """Return the steeper of both doublings: log2 of the times' ratio; seconds at n, 2n and 4n."""
    small, middle, large = (max(SHORTEST, seconds) for seconds in own)
    small = min(small, max(SHORTEST, SLACK * plain[0]))
    middle = min(middle, max(SHORTEST, SLACK * plain[1]))
    return max(math.log2(middle / small), math.log2(large / middle))


def _cpu_seconds(function: Any) -> float:
    return float(function._remote.cpu_seconds())
