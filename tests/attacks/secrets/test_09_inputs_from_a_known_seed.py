"""Rows 9 and 45: regenerate the inputs, or know them by heart. Success: an input seen before."""

from __future__ import annotations

from tests.attacks.conftest import Attack, patient, seen


def test_inputs_differ_between_seeds(attack: Attack) -> None:
    """A file that knows the numbers of yesterday passes nothing today."""
    body = "raise LookupError(x.tolist())"
    told = {attack(body, seed=seed)["attacked"].message for seed in ("aa", "bb", "cc")}
    assert len(told) == 3


def test_no_small_seed_gives_the_inputs(attack: Attack) -> None:
    code = """
import numpy as np
found = [seed for seed in range(500) if np.random.default_rng(seed).normal() in x]
found += [seed for seed in range(500) if np.random.RandomState(seed).normal() in x]
"""
    assert seen(attack, code, extra=patient()) == "[]"


def test_a_table_of_yesterdays_answers_passes_nothing_today(attack: Attack) -> None:
    known = seen(attack, "found = x.tolist()", seed="aa")
    body = f"import numpy as np\nreturn 2 * np.array({known})"
    assert attack(body, seed="aa").verdict.points == 4.0  # the table is right for that one
    attack(body, seed="bb").lost_only_its_check()
