"""Rows 30, 31 and 33: patch what compares or reports. Success would be a pass for a wrong value."""

from __future__ import annotations

import pytest

from tests.attacks.conftest import Attack


@pytest.mark.parametrize(
    "patch",
    [
        "import unittest; unittest.TestCase.assertEqual = lambda *a, **k: None",
        "np.allclose = np.array_equal = np.isclose = lambda *a, **k: True",
        "np.testing.assert_allclose = np.testing.assert_array_equal = lambda *a, **k: None",
        "import math; math.isclose = lambda *a, **k: True",
        "import builtins; builtins.all = builtins.any = builtins.abs = lambda *a: True",
        "import sys, traceback; sys.excepthook = traceback.print_exc = lambda *a: None",
        "import operator; operator.eq = operator.sub = lambda a, b: True",
    ],
)
def test_a_patched_comparison_compares_nothing_of_ours(attack: Attack, patch: str) -> None:
    assert attack(f"{patch}\nreturn x - 1", top="import numpy as np")["attacked"].points == 0.0
