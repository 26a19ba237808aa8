"""Row 43: tiny or constant answers under a loose tolerance. Success: a pass for one of them."""

from __future__ import annotations

import pytest

from tests.attacks.conftest import Attack


@pytest.mark.parametrize(
    "value", ["0 * x", "0 * x + 1", "x.mean() + 0 * x", "2 * x + 1e-6", "2 * x * (1 + 1e-6)", "[]"]
)
def test_an_answer_near_by_is_not_the_answer(attack: Attack, value: str) -> None:
    attack(f"return {value}").lost_only_its_check()
