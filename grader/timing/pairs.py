"""Takes paired times of two parties that never run at once.

Each pair draws fresh inputs. One party thaws, waits for a short gap, answers its inputs one after
another, and is frozen before the other one thaws; the order alternates. The clock runs outside, from
the first byte of the question to the last byte of the answer, so computing early, late or while the
other one is measured gains nothing. Every output is handed to `verify` outside the window.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from grader.timing.ratio import (
    MAX_PAIRS,
    MIN_PAIRS,
    Thresholds,
    interval,
    is_clear,
    is_noisy,
    middle,
)

WARM_UP = 3  # throw-away calls of each party
TURN_SECONDS = 0.002  # a turn takes at least so long, with as many inputs as that needs
GAP_SECONDS = 0.0002
MAX_INPUTS = 64  # of one turn

Args = tuple[Any, ...]


class Party(Protocol):
    """One side of a pair: a session with one function."""

    def call(self, args: Args) -> tuple[Any, float]:
        """Return the output and the seconds from the first byte out to the last byte in."""

    def freeze(self) -> None:
        """Stop the session."""

    def thaw(self) -> None:
        """Let the session go on."""


@dataclass(frozen=True, slots=True)
class Measurement:
    """Baseline time / student time: the median of the pairs, its interval, and how many there were."""

    value: float
    band: tuple[float, float]
    pairs: int
    noisy: bool


def measure(
    student: Party,
    baseline: Party,
    fresh: Callable[[], Args],
    verify: Callable[[Args, Any], None],
    thresholds: Thresholds,
    *,
    seconds: float,
    progress: Callable[[Sequence[float]], None] = lambda ratios: None,
) -> Measurement:
    """Take pairs until the interval is clear of every threshold, 31 of them, or `seconds` are over.

    `verify(inputs, output)` raises where a timed output of the student is wrong, which ends it all.
    Raises: whatever the parties and `verify` raise.
    """
    end = time.monotonic() + seconds
    for party in (student, baseline):
        party.freeze()
    counts = [
        _inputs_per_turn(party, fresh, verify, party is student) for party in (student, baseline)
    ]
    ratios: list[float] = []
    while len(ratios) < MAX_PAIRS and not (len(ratios) >= MIN_PAIRS and time.monotonic() > end):
        inputs = [fresh() for _ in range(max(counts))]
        own, theirs = inputs[: counts[0]], inputs[: counts[1]]
        if len(ratios) % 2:
            slow, _ = turn(baseline, theirs)
            fast, outputs = turn(student, own)
        else:
            fast, outputs = turn(student, own)
            slow, _ = turn(baseline, theirs)
        for args, output in zip(own, outputs, strict=True):
            verify(args, output)
        ratios.append((slow / len(theirs)) / (fast / len(own)))
        progress(ratios)
        if is_clear(ratios, thresholds):
            break
    return Measurement(middle(ratios), interval(ratios), len(ratios), is_noisy(ratios))


def turn(party: Party, inputs: Sequence[Args]) -> tuple[float, list[Any]]:
    """Let one party answer its inputs; return the seconds of all calls together and the outputs."""
    party.thaw()
    try:
        total, outputs = 0.0, []
        for args in inputs:
            time.sleep(GAP_SECONDS)
            output, seconds = party.call(args)
            outputs.append(output)
            total += seconds
        return total, outputs
    finally:
        party.freeze()


def _inputs_per_turn(
    party: Party, fresh: Callable[[], Args], verify: Callable[[Args, Any], None], check: bool
) -> int:
    """Warm up; return how many inputs make a turn of at least 2 ms, by the fastest call."""
    inputs = [fresh() for _ in range(WARM_UP)]
    fastest = TURN_SECONDS
    for args in inputs:
        seconds, outputs = turn(party, [args])
        fastest = min(fastest, max(seconds, 1e-6))
        if check:
            verify(args, outputs[0])
    return min(MAX_INPUTS, -int(-TURN_SECONDS // fastest))
