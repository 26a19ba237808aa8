"""Takes paired times of two parties that never run at once.

Each pair draws fresh inputs. A party thaws, keeps its inputs, is frozen, thaws again, answers them
one by one after a short gap, and is frozen before the other party thaws; the order alternates. The
clock runs outside, from the first byte of the question to the last byte of the answer. Inputs
travel before that, so a large input costs no time, and since a hostile party could already compute
then, its CPU time outside the window is read while it stands frozen. Both parties take in the same
inputs, and what the student needs for it beyond the baseline is charged, above its price: with the
inputs still warm, work is quicker done then than in the window. A timed party is one thread, so its
CPU time holds all of its work: where a busy host held it up within the window, the CPU time counts
and not the clock. The way to and fro is taken off, as long as it is just then: after each pair the
baseline is asked for nothing, some times. Inputs are let go after that, so that neither party does
so within a window. Every output is handed to `verify`.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from statistics import fmean, median
from typing import Any, Protocol

from grader.timing.ratio import (
    MAX_PAIRS,
    MIN_PAIRS,
    Thresholds,
    interval,
    is_clear,
    is_exact,
    is_noisy,
    middle,
)

WARM_UP = 3  # throw-away turns of each party
WARM_UP_SECONDS = 0.1  # or fewer, when they take so long: what is slow has warmed up by then
MOST_WARM_UP_SECONDS = 1.0  # also with drawing, taking in and verifying
TURN_SECONDS = 0.002  # a turn takes at least so long, with as many inputs as that needs
GAP_SECONDS = 0.0002
ENOUGH_SECONDS = 1.5  # of measuring make a clear result as exact as it need be
MAX_INPUTS = 64  # of one turn
KEEPING = 1.25  # a party may use so many times the baseline's CPU time to take its inputs in
PRICE = 2.0  # what is more than that counts so many times
SLACK_SECONDS = 20e-6  # and so much more for each input, within the window and outside of it
LEAST_NOPS = 8  # or as many as the student's calls: the cost of waking up is spread over them
MAX_NOP = 300e-6  # a slower way to and fro is the host's noise, which nobody may gain by
FLOOR = 0.5  # of a call's time is left when the way to and fro is taken off

Args = tuple[Any, ...]


class Party(Protocol):
    """One side of a pair: a session with one function."""

    def keep(self, args: Args) -> Args:
        """Send inputs ahead; return what stands for them."""

    def call(self, kept: Args) -> tuple[Any, float]:
        """Return the output and the seconds from the first byte out to the last byte in."""

    def forget(self, kept: Args) -> None:
        """Let go of inputs."""

    def nop(self) -> float:
        """Return the seconds of a question that needs no work."""

    def cpu_seconds(self) -> float:
        """Return the CPU time so far; the party is frozen."""

    def freeze(self) -> None:
        """Stop the session."""

    def thaw(self) -> None:
        """Let the session go on."""


@dataclass(frozen=True, slots=True)
class Measurement:
    """Baseline time / student time: median of the pairs, its interval, how many there were."""

    value: float
    band: tuple[float, float]
    pairs: int
    noisy: bool
    clear: bool  # of every threshold: more pairs would not change the points


@dataclass(frozen=True, slots=True)
class Nop:
    """Seconds of a question that needs no work: by the clock, and of CPU time."""

    clock: float
    cpu: float


@dataclass(frozen=True, slots=True)
class Turn:
    """What one turn took: the clock over its calls, CPU times to take its inputs in and to call."""

    window: float
    keeping_cpu: float
    calling_cpu: float
    kept: int  # inputs
    called: int  # of them, the first

    @property
    def keeping_each(self) -> float:
        return self.keeping_cpu / self.kept

    def seconds(self, keeping: float, nop: Nop) -> float:
        """Return the time of one call: hidden work charged, the way to and fro taken off.

        `keeping` is what it may take to take in one input.
        """
        count = self.called
        slack = (KEEPING - 1) * keeping + SLACK_SECONDS  # for an input that is called, and no other
        more = self.keeping_cpu - keeping * self.kept
        hidden = PRICE * max(0.0, more / count - slack)
        hidden += max(0.0, (self.calling_cpu - self.window) / count - SLACK_SECONDS)
        clock, cpu = self.window / count, self.calling_cpu / count
        return max(min(clock - nop.clock, cpu - nop.cpu), FLOOR * min(clock, cpu)) + hidden


@dataclass(frozen=True, slots=True)
class Answered:
    """A turn with what came of it, which is let go of as soon as it is verified."""

    turn: Turn
    kept: list[Args]
    outputs: list[Any]

    def forget(self, party: Party) -> None:
        for args in self.kept:
            party.forget(args)

    def verify(self, inputs: Sequence[Args], verify: Callable[[Args, Any], None]) -> None:
        for args, output in zip(inputs[: len(self.outputs)], self.outputs, strict=True):
            verify(args, output)


@dataclass
class Pairs:
    """The turns of both parties so far, and what they say."""

    student: list[Turn] = field(default_factory=list)
    baseline: list[Turn] = field(default_factory=list)
    nops: list[Nop] = field(default_factory=list)

    def add(self, student: Turn, baseline: Turn, nop: Nop) -> None:
        self.student.append(student)
        self.baseline.append(baseline)
        self.nops.append(nop)

    def ratios(self) -> list[float]:
        usual = fmean(turn.keeping_each for turn in self.baseline)
        ratios = []
        for own, theirs, nop in zip(self.student, self.baseline, self.nops, strict=True):
            keeping = max(usual, theirs.keeping_each)  # a busy moment of the host holds up both
            ratios.append(theirs.seconds(math.inf, nop) / own.seconds(keeping, nop))
        return ratios


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

    A clear result takes more of them while its interval is wide, for a second and a half.
    `verify(inputs, output)` raises where a timed output of the student is wrong, which ends it all.
    Raises: whatever the parties and `verify` raise.
    """
    began = time.monotonic()
    end, enough = began + seconds, began + ENOUGH_SECONDS
    for party in (student, baseline):
        party.freeze()
    pairs = Pairs()
    own_count = _inputs_per_turn(student, fresh, verify)
    their_count = _inputs_per_turn(baseline, fresh, lambda args, output: None, own_count)
    ratios: list[float] = []
    while len(ratios) < MAX_PAIRS and not (len(ratios) >= MIN_PAIRS and time.monotonic() > end):
        inputs = [fresh() for _ in range(max(own_count, their_count))]
        answered: dict[bool, Answered] = {}
        turns = [(student, own_count), (baseline, their_count)]
        for party, count in turns if len(ratios) % 2 == 0 else reversed(turns):
            answered[party is student] = turn(party, inputs, count)
        own, theirs = answered[True], answered[False]
        pairs.add(own.turn, theirs.turn, _nop(baseline, own_count))
        own.forget(student)
        theirs.forget(baseline)
        own.verify(inputs, verify)
        ratios = pairs.ratios()
        progress(ratios)
        if is_clear(ratios, thresholds) and (is_exact(ratios) or time.monotonic() > enough):
            break
    clear = is_clear(ratios, thresholds)
    return Measurement(middle(ratios), interval(ratios), len(ratios), is_noisy(ratios), clear)


def turn(party: Party, inputs: Sequence[Args], count: int) -> Answered:
    """Let a frozen party take in the inputs and answer `count` of them; it is frozen afterwards."""
    began = party.cpu_seconds()
    party.thaw()
    try:
        kept = [party.keep(args) for args in inputs]
        party.freeze()
        ready = party.cpu_seconds()
        party.thaw()
        window, outputs = 0.0, []
        for args in kept[:count]:
            time.sleep(GAP_SECONDS)
            output, seconds = party.call(args)
            outputs.append(output)
            window += seconds
    finally:
        party.freeze()
    taken = Turn(window, ready - began, party.cpu_seconds() - ready, len(inputs), count)
    return Answered(taken, kept, outputs)


def _nop(party: Party, calls: int) -> Nop:
    """Ask a frozen party for nothing, as often as it takes, with the gaps of a turn."""
    count = max(calls, LEAST_NOPS)
    _ask_nothing(party, 1)  # the first is slow where the other party ran before
    began = party.cpu_seconds()
    clock = median(_ask_nothing(party, count))
    cpu = (party.cpu_seconds() - began) / count
    return Nop(min(MAX_NOP, clock), min(MAX_NOP, cpu))


def _ask_nothing(party: Party, count: int) -> list[float]:
    party.thaw()
    try:
        seconds = []
        for _ in range(count):
            time.sleep(GAP_SECONDS)
            seconds.append(party.nop())
    finally:
        party.freeze()
    return seconds


def _inputs_per_turn(
    party: Party,
    fresh: Callable[[], Args],
    verify: Callable[[Args, Any], None],
    taken_in: int = 1,
) -> int:
    """Warm up; return how many inputs make a turn of at least 2 ms, by the fastest call.

    The throw-away turns take in as many inputs as those to come, or `taken_in` where that is more:
    memory that a session asks for, for the first time, looks like hidden work.
    """
    count, fastest, spent = 1, TURN_SECONDS, 0.0
    until = time.monotonic() + MOST_WARM_UP_SECONDS
    for _ in range(WARM_UP):
        inputs = [fresh() for _ in range(max(count, taken_in))]
        answered = turn(party, inputs, count)
        answered.forget(party)
        answered.verify(inputs, verify)
        window = answered.turn.window
        fastest, spent = min(fastest, max(window / count, 1e-6)), spent + window
        count = min(MAX_INPUTS, -int(-TURN_SECONDS // fastest))
        if spent > WARM_UP_SECONDS or time.monotonic() > until:
            break
    return count
