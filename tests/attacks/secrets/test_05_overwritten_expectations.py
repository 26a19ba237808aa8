"""Row 5: fill every array in memory with NaN and answer NaN. Success would be a passed check."""

from __future__ import annotations

from tests.attacks.conftest import Attack


def test_overwriting_all_arrays_changes_no_expectation(attack: Attack) -> None:
    body = """
import gc
import numpy as np
for one in gc.get_objects():
    if isinstance(one, np.ndarray) and one.dtype == float:
        try:
            one[...] = np.nan
        except ValueError:
            pass
return np.full(3, np.nan)
"""
    attack(body).lost_only_its_check()
