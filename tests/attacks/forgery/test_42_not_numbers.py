"""Row 42: NaN and infinity slip through `diff > tolerance`. Success: a pass for one of them."""

from __future__ import annotations

import pytest

from tests.attacks.conftest import Attack


@pytest.mark.parametrize("value", ["nan", "inf", "-inf"])
@pytest.mark.parametrize("where", ["np.full(3, {})", "np.append(2 * x[:2], {})", "{}"])
def test_what_is_no_number_equals_no_number(attack: Attack, value: str, where: str) -> None:
    filled = where.format(f"float('{value}')")
    attack(f"return {filled}", top="import numpy as np").lost_only_its_check()
