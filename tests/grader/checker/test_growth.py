"""`growth`: a check of how work grows with the input, whatever the host does meanwhile."""

from __future__ import annotations

import pytest

from grader.authoring.growth import exponent
from grader.verdict import CheckStatus
from tests.grader.checker.conftest import Grade

CHECKS = """
from grader.authoring import growth

@check("Twice the input, twice the work", points=10)
def linear(student, reference, draw):
    growth(student.sums, reference.sums_plain, lambda n: (draw.normal(n),), 4000, at_most=1.5)
"""
SOLUTION = """
import numpy as np

def sums(x):
    return np.cumsum(x)

def sums_plain(x):
    t, out = 0.0, []
    for v in x.tolist():
        t += v
        out.append(t)
    return np.array(out)
"""
HEAVY = """
import numpy as np
def sums(x):
    {}
    ones = np.ones((40, len(x)))
    for i in range(len(x) // 40):
        ones @ x
    return np.cumsum(x)
"""


def test_a_function_whose_work_grows_with_its_input_passes(grade: Grade) -> None:
    assert grade(SOLUTION, CHECKS, SOLUTION)["linear"].status is CheckStatus.PASSED


def test_slow_code_passes_too_where_its_work_grows_no_faster(grade: Grade) -> None:
    slow = SOLUTION.replace("return np.cumsum(x)", "return sums_plain(x)")
    assert grade(slow, CHECKS, SOLUTION)["linear"].status is CheckStatus.PASSED


def test_work_that_grows_with_the_square_fails_and_says_so(grade: Grade) -> None:
    check = grade(HEAVY.format("pass"), CHECKS, SOLUTION)["linear"]
    assert check.status is CheckStatus.FAILED
    assert "Twice the input takes" in check.message
    assert "at most 2.8 times is allowed" in check.message


def test_being_slow_on_purpose_for_small_inputs_gains_nothing(grade: Grade) -> None:
    lazy = "for _ in range(4_000_000 if len(x) < 9000 else 0): pass"
    assert grade(HEAVY.format(lazy), CHECKS, SOLUTION)["linear"].status is CheckStatus.FAILED


def test_a_wrong_result_is_no_short_cut(grade: Grade) -> None:
    cut = SOLUTION.replace("np.cumsum(x)", "np.cumsum(x) if len(x) < 9000 else x")
    assert grade(cut, CHECKS, SOLUTION)["linear"].status is CheckStatus.FAILED


@pytest.mark.parametrize(
    ("own", "plain", "found"),
    [
        ([1.0, 2.0, 4.0], [1.0, 2.0, 4.0], 1.0),
        ([1.0, 4.0, 16.0], [1.0, 2.0, 4.0], 2.0),
        ([1.0, 2.0, 16.0], [1.0, 2.0, 4.0], 3.0),  # the steeper of both doublings
        ([16.0, 16.0, 16.0], [1.0, 2.0, 4.0], 2.0),  # slow on purpose below 4n
    ],
)
def test_the_exponent_of_three_times(own: list[float], plain: list[float], found: float) -> None:
    assert exponent(own, plain) == pytest.approx(found)
