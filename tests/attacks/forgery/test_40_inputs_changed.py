"""Row 40: change the input so that the checker's copy agrees. Success: a pass for it."""

from __future__ import annotations

import pytest

from tests.attacks.conftest import Attack


@pytest.mark.parametrize("body", ["x[:] = 0\nreturn 0 * x", "x *= 0.5\nreturn 2 * x"])
def test_a_changed_input_changes_no_expectation(attack: Attack, body: str) -> None:
    attack(body).lost_only_its_check()
