"""Row 4: `gc.get_objects()`. Success would be the seed, a check or the reference in memory."""

from __future__ import annotations

from tests.attacks.conftest import CHECKS, GOOD_G, Attack, patient, seen


def test_no_object_in_memory_holds_seed_checks_or_reference(attack: Attack) -> None:
    """All that the zygote left in the fork and all that the stream brought."""
    code = """
import gc, sys
gc.unfreeze()
found = []
needles = tuple("".join(p) for p in (["return 2", " * x #"], ["Honest", " check"], 4 * ["5eed"]))
for one in [one for one in gc.get_objects() if type(one) in (list, tuple, dict)]:
    if one is not found and one is not needles:
        for inner in list(one.values() if type(one) is dict else one):
            if type(inner) is str and any(needle in inner for needle in needles):
                found.append(inner[:40])
"""
    checks = CHECKS.replace('"Honest"', '"Honest check"')
    solution = f"def f(x):\n    return 2 * x # the reference\n{GOOD_G}"
    options = {"checks": checks, "solution": solution, "seed": 4 * "5eed", "extra": patient()}
    assert seen(attack, code, **options) == "[]"


def test_no_array_in_memory_holds_the_expected_values(attack: Attack) -> None:
    code = """
import gc
import numpy as np
wanted = 2 * x
found = [
    one.shape for one in gc.get_objects()
    if isinstance(one, np.ndarray) and one is not wanted and one.dtype == float
    and one.size >= 3 and np.isin(wanted, one).all()
]
"""
    assert seen(attack, code) == "[]"
