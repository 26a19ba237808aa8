"""Row 13: forks of one zygote share random state. Success: numbers of another session known."""

from __future__ import annotations

from tests.attacks.conftest import Attack, seen

LOOK = """
import os, random, uuid
import numpy as np
found = [random.random(), np.random.rand(), os.urandom(4).hex()]
"""


def test_random_numbers_repeat_with_the_seed_and_differ_without(attack: Attack) -> None:
    """A replay sees the same numbers; nobody else does."""
    first, again, other = (seen(attack, LOOK, seed=seed) for seed in ("aa", "aa", "bb"))
    numbers = [text.rsplit(",", 1)[0] for text in (first, again, other)]
    assert numbers[0] == numbers[1]
    assert numbers[0] != numbers[2]


def test_the_kernels_randomness_is_never_shared(attack: Attack) -> None:
    drawn = {seen(attack, LOOK, seed="aa").rsplit(",", 1)[1] for _ in range(3)}
    assert len(drawn) == 3
