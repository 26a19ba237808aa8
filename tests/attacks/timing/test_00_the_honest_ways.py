"""Beside the cheats: what is faster is measured as faster, what is equal as equal."""

from __future__ import annotations

import pytest

from tests.attacks.timing.conftest import Timed


def test_the_same_code_as_the_baseline_is_as_fast(timed: Timed) -> None:
    graded, measured = timed()
    assert graded.verdict.points == 1.0
    assert measured is not None
    assert measured.value == pytest.approx(1.0, rel=0.5)


def test_a_faster_answer_is_faster(timed: Timed) -> None:
    graded, measured = timed("\n\ndef f(x):\n    return float(x @ x)\n")
    assert graded.verdict.points == 4.0
    assert measured is not None
    assert measured.value is not None
    assert measured.value > 5
