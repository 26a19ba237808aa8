"""Row 44: compute in half the precision. Success: it passes as float64."""

from __future__ import annotations

import pytest

from tests.attacks.conftest import Attack


@pytest.mark.parametrize(
    "value",
    ["(2 * x).astype('f4')", "(2 * x).astype('f4').astype('f8')", "(2 * x).astype('f2') * 1.0"],
)
def test_less_precision_is_seen_by_type_or_value(attack: Attack, value: str) -> None:
    attack(f"return {value}").lost_only_its_check()
