"""Row 34: objects that equal everything. Success would be a pass for one of them."""

from __future__ import annotations

import pytest

from tests.attacks.conftest import Attack

TOP = """
import numpy as np

class Yes(float):
    def __eq__(self, other): return True
    def __ne__(self, other): return False
    def __sub__(self, other): return 0.0
    __rsub__ = __sub__
    def __lt__(self, other): return True
    __le__ = __gt__ = __ge__ = __lt__
    def __float__(self): return 0.0
    def __hash__(self): return 0

class Agreeing(np.ndarray):
    def __array_ufunc__(self, *a, **k): return np.ones(3, bool)
    def __array_function__(self, *a, **k): return True
    def __eq__(self, other): return np.ones(3, bool)
    def __sub__(self, other): return np.zeros(3)
    __rsub__ = __sub__

class Converting:
    def __array__(self, *a, **k): return np.ones(3)
    def __getattr__(self, name): return self
    def __call__(self, *a, **k): return True
"""


@pytest.mark.parametrize(
    "value",
    ["Yes()", "[Yes()] * 3", "np.zeros(3).view(Agreeing)", "Converting()", "np.float64(7)"],
)
def test_an_object_that_agrees_with_all_is_only_its_value(attack: Attack, value: str) -> None:
    attack(f"return {value}", top=TOP).lost_only_its_check()
