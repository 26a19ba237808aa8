"""Takes paired times of two parties on one GPU.

A device works on while its process stands frozen, and its work costs no CPU time. So nothing may be
known before the clock starts: it runs from the first byte of the inputs to the last byte of the
output, which is there only when the device is done. What it takes the baseline to take inputs in is
taken off both. And who leaves work behind on the device slows the other: so the baseline is timed
alone as well, before the student's session is opened and after it has ended, and counts no slower
in a pair than it was alone.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from statistics import median
from typing import Any, Protocol

from grader.timing.pairs import Args, Measurement
from grader.timing.ratio import (
    MAX_PAIRS,
    MIN_PAIRS,
    Thresholds,
    interval,
    is_clear,
    is_noisy,
    middle,
)

WARM_UP = 3  # throw-away turns of each party: kernels are compiled, clocks go up
ALONE = 5  # turns of the baseline before, and as many after
SLOWED = 1.1  # a baseline in a pair counts at most so many times what it took alone
FLOOR = 0.5  # of a call's time is left when what taking inputs in costs is taken off

Clock = Callable[[], float]


class Party(Protocol):
    """One side of a pair: a session on the device with one function."""

    def keep(self, args: Args) -> Args:
        """Send inputs to the device; return what stands for them."""

    def call(self, kept: Args) -> tuple[Any, float]:
        """Return the output, and seconds that do not count here."""

    def forget(self, kept: Args) -> None:
        """Let go of inputs."""

    def freeze(self) -> None:
        """Stop the session's processes."""

    def thaw(self) -> None:
        """Let them go on."""


@dataclass(frozen=True, slots=True)
class Turn:
    """Seconds of one turn: until the inputs were taken in, and from then on."""

    taking: float
    calling: float
    output: Any

    def seconds(self, usual: float) -> float:
        """Return the time of the call; `usual` is what taking inputs in takes the baseline."""
        return max(self.taking + self.calling - usual, FLOOR * self.calling)

    def without_output(self) -> Turn:
        """Let go of what may be some hundred MiB."""
        return Turn(self.taking, self.calling, None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """When there are enough pairs, and by which clock."""

    thresholds: Thresholds
    seconds: float  # for the pairs; five are taken whatever they need
    clock: Clock = time.perf_counter

    def suffice(self, ratios: Sequence[float], end: float) -> bool:
        if len(ratios) < MIN_PAIRS:
            return False
        late = self.clock() > end
        return late or len(ratios) >= MAX_PAIRS or is_clear(ratios, self.thresholds)


@dataclass(frozen=True, slots=True)
class OnDevice:
    """A measurement, and whether the baseline was slower beside the student's session."""

    measured: Measurement
    slowed: bool


def measure(
    student: AbstractContextManager[Party],
    baseline: Party,
    fresh: Callable[[], Args],
    verify: Callable[[Args, Any, Any], None],
    rules: Rules,
    progress: Callable[[Sequence[float]], None] = lambda ratios: None,
) -> OnDevice:
    """Take pairs until they suffice.

    The student's session lives from entering `student` to leaving it. `verify` gets inputs, the
    student's output and the baseline's, which is None while the student's is warmed up. Raises:
    whatever the parties and `verify` raise.
    """
    clock, end = rules.clock, rules.clock() + rules.seconds
    baseline.freeze()
    for _ in range(WARM_UP):
        turn(baseline, fresh(), clock)
    alone = [_timed(baseline, fresh(), clock) for _ in range(ALONE)]
    own: list[Turn] = []
    theirs: list[Turn] = []
    ratios: list[float] = []
    with student as party:
        party.freeze()
        for _ in range(WARM_UP):
            args = fresh()
            verify(args, turn(party, args, clock).output, None)
        while not rules.suffice(ratios, end):
            args = fresh()
            for one in (party, baseline) if len(own) % 2 == 0 else (baseline, party):
                (own if one is party else theirs).append(turn(one, args, clock))
            verify(args, own[-1].output, theirs[-1].output)
            own[-1], theirs[-1] = own[-1].without_output(), theirs[-1].without_output()
            ratios = compared(own, theirs, alone)
            progress(ratios)
    after = [_timed(baseline, fresh(), clock) for _ in range(ALONE)]
    return _told(own, theirs, max(alone, after, key=_usual_call), rules)


def _told(
    own: Sequence[Turn], theirs: Sequence[Turn], alone: Sequence[Turn], rules: Rules
) -> OnDevice:
    """`alone` are the slower turns of before and after: a warm device is slower for both."""
    ratios = compared(own, theirs, alone)
    clear = is_clear(ratios, rules.thresholds)
    measured = Measurement(middle(ratios), interval(ratios), len(ratios), is_noisy(ratios), clear)
    return OnDevice(measured, _usual_call(theirs) > SLOWED * _usual_call(alone))


def _usual_call(turns: Sequence[Turn]) -> float:
    return median(one.calling for one in turns)


def turn(party: Party, args: Args, clock: Clock) -> Turn:
    """Let a frozen party take inputs in and answer them; it is frozen afterwards."""
    party.thaw()
    try:
        began = clock()
        kept = party.keep(args)
        ready = clock()
        output, _ = party.call(kept)
        done = clock()
    finally:
        party.freeze()
    party.forget(kept)
    return Turn(ready - began, done - ready, output)


def compared(own: Sequence[Turn], theirs: Sequence[Turn], alone: Sequence[Turn]) -> list[float]:
    """Return the ratio of each pair. `alone`: turns of the baseline with nobody beside it."""
    usual = median(one.taking for one in [*theirs, *alone])
    most = SLOWED * median(one.seconds(usual) for one in alone)
    return [
        min(their.seconds(usual), most) / mine.seconds(usual)
        for mine, their in zip(own, theirs, strict=True)
    ]


def _timed(party: Party, args: Args, clock: Clock) -> Turn:
    return turn(party, args, clock).without_output()
