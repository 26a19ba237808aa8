"""Row 35: arrays that lie about shape, type or bytes. Success: the lie is believed."""

from __future__ import annotations

import pytest

from tests.attacks.conftest import Attack

TOP = """
import numpy as np

class Shape(np.ndarray):
    shape = property(lambda self: (3,))

class Type(np.ndarray):
    dtype = property(lambda self: np.dtype("f8"))

class Lazy(np.ndarray):
    def tobytes(self, *a): return (2 * kept[0]).tobytes()
    def __array__(self, *a, **k): return 2 * kept[0]

kept = []
"""


@pytest.mark.parametrize(
    "value",
    [
        "(2 * np.append(x, 1.0)).view(Shape)",
        "(2 * x).astype('f4').view(Type)",
        "np.zeros(3).view(Lazy)",
        "np.ma.masked_array(2 * x, [1, 0, 0]) * 2",
        "np.lib.stride_tricks.as_strided(x, (3,), (0,))",
    ],
)
def test_an_array_that_lies_crosses_as_it_is(attack: Attack, value: str) -> None:
    attack(f"kept.append(x)\nreturn {value}", top=TOP).lost_only_its_check()
