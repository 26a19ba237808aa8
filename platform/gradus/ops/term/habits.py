"""How students work: how well, how often they try, and how close to the deadline. Pure."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import exp

from gradus.ops.term.samples import Sample

MOST_TRIES = 4
LATE_SHARE = 0.05  # of first submissions; the policy of the course decides what they cost


@dataclass(frozen=True, slots=True)
class Habits:
    """One student's. `ability` is about 0 ± 1, `diligence` from 0 to 1."""

    ability: float
    diligence: float


@dataclass(frozen=True, slots=True)
class Effort:
    """One submission that a student makes."""

    sample: Sample
    at: datetime


def draw_habits(rng: random.Random) -> Habits:
    """Most work on most weeks; a few hardly ever do."""
    return Habits(rng.gauss(0.0, 1.0), 0.15 if rng.random() < 0.06 else rng.betavariate(9, 1.6))


def efforts(
    habits: Habits,
    difficulty: int,
    samples: Sequence[Sample],
    window: tuple[datetime, datetime],
    rng: random.Random,
) -> list[Effort]:
    """What a student submits for one exercise between its opening and its deadline, in order.

    Each try is right with a probability that falls with difficulty and grows with tries.
    """
    if not samples or rng.random() > habits.diligence:
        return []
    right = [sample for sample in samples if sample.share >= 1.0]
    wrong = sorted((s for s in samples if s.share < 1.0), key=lambda s: s.share)
    at = _first(window, rng)
    made: list[Effort] = []
    for number in range(MOST_TRIES):
        logit = 0.2 + 1.2 * habits.ability - 0.7 * (difficulty - 2) + 0.4 * number
        chance = 1 / (1 + exp(-logit))
        solved = bool(right) and (not wrong or rng.random() < chance)
        made.append(Effort(rng.choice(right) if solved else _near(wrong, chance, rng), at))
        at += timedelta(minutes=rng.lognormvariate(2.6, 0.9))
        if solved or rng.random() > 0.6 * habits.diligence:
            break
    return made


def _near(wrong: Sequence[Sample], chance: float, rng: random.Random) -> Sample:
    """A mistake; the better the student, the smaller."""
    place = chance * len(wrong) + rng.gauss(0.0, len(wrong) / 3)
    return wrong[min(len(wrong) - 1, max(0, int(place)))]


def _first(window: tuple[datetime, datetime], rng: random.Random) -> datetime:
    """Half come on the last evenings, some after the deadline, nobody before it opens."""
    opens, due = window
    if rng.random() < LATE_SHARE:
        return due + timedelta(hours=rng.uniform(0.1, 60))
    length = (due - opens).total_seconds()
    return due - timedelta(seconds=min(length * 0.98, length * rng.expovariate(4.0) + 600))
