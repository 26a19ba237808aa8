from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from grader.checker.engine_checks import differs_again, parameter_names
from grader.verdict import CheckStatus

if TYPE_CHECKING:
    from tests.grader.checker.conftest import Grade

CHECKS = """
@check("All", points=10)
def all_of_it(student, reference, draw):
    for n in (2, 3):
        x = draw.normal(n)
        close(student.f(x), reference.f(x))
"""
SOLUTION = "def f(x):\n    return 2 * x\n"


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("def f(x):\n    x *= 2\n    return x.copy()\n", "f changed its argument x"),
        ("def f(x):\n    x *= 2\n    return x\n", "f changed its argument x"),
        (
            "import numpy as np\nB = np.zeros(9)\n\ndef f(x):\n"
            "    y = B[:len(x)]\n    y[:] = 2 * x\n    return y\n",
            "shares memory with an earlier result",
        ),
        (
            "N = [0]\n\ndef f(x):\n    N[0] += 1\n    return 2 * x if N[0] == 1 else 3 * x\n",
            "A second call of f with the same input gave another result",
        ),
        (
            "N = [0]\n\ndef f(x):\n    N[0] += 1\n    if N[0] == 2:\n"
            "        raise ValueError('again')\n    return 2 * x\n",
            "A second call of f with the same input raised ValueError: again",
        ),
    ],
)  # fmt: skip
def test_right_values_fail_where_a_promise_is_broken(grade: Grade, source: str, words: str) -> None:
    result = grade(source, CHECKS, SOLUTION, extra="[functions.f]\n")["all_of_it"]
    assert result.status is CheckStatus.FAILED
    assert words in result.message
    assert result.counterexample is not None
    assert result.counterexample.call == "f"


def test_an_alias_of_an_argument_is_named(grade: Grade) -> None:
    checks = CHECKS.replace("reference.f(x)", "x")
    result = grade("def f(x):\n    return x[:]\n", checks, SOLUTION)["all_of_it"]
    assert "shares memory with its argument x" in result.message


@pytest.mark.parametrize(
    ("extra", "source"),
    [
        ('[functions.f]\nmutates = ["x"]\n', "def f(x):\n    x *= 2\n    return x.copy()\n"),
        (
            '[functions.f]\naliases = true\nmutates = ["x"]\n',
            "def f(x):\n    x *= 2\n    return x\n",
        ),
        (
            "[functions.f]\nrepeat = false\n",
            "N = []\n\ndef f(x):\n    N.append(len(x))\n"
            "    return 2 * x if N in ([2], [2, 3]) else x\n",
        ),
        (
            "[functions.f]\nstable = false\n",
            "import numpy as np\n\ndef f(x):\n    np.ones(1) / np.zeros(1)\n    return 2 * x\n",
        ),
        (
            "[functions.f]\nstable = true\n",
            "import numpy as np\n\ndef f(x):\n    with np.errstate(all='ignore'):\n"
            "        np.ones(1) / np.zeros(1)\n    return 2 * x\n",
        ),
    ],
)
def test_what_the_manifest_allows_is_no_violation(grade: Grade, extra: str, source: str) -> None:
    assert grade(source, CHECKS, SOLUTION, extra=extra)["all_of_it"].status is CheckStatus.PASSED


def test_a_warning_of_a_stable_function_names_its_line(grade: Grade) -> None:
    source = "import numpy as np\n\ndef f(x):\n    np.exp(np.array([1e4]))\n    return 2 * x\n"
    result = grade(source, CHECKS, SOLUTION, extra="[functions.f]\nstable = true\n")["all_of_it"]
    assert "f caused an overflow in line 4" in result.message


def test_parameter_names_come_from_functions_and_methods() -> None:
    source = "def f(a, b=1, *, c): ...\nclass Net:\n  def __init__(s, n): ...\n  def g(s, x): ...\n"
    names = parameter_names(source)
    assert names["f"] == ("a", "b")
    assert (names["Net"], names["Net.g"]) == (("n",), ("x",))


@pytest.mark.parametrize(
    ("again", "first", "same"),
    [
        (1.0 + 1e-12, 1.0, True), (1.001, 1.0, False), ([1.0, "a"], [1.0, "a"], True),
        ([1.0, "b"], [1.0, "a"], False), (float("nan"), float("nan"), True), (None, 1.0, False),
    ],
)  # fmt: skip
def test_a_repeated_call_agrees_up_to_rounding(again: Any, first: Any, same: bool) -> None:
    assert (differs_again("f", again, first) is None) is same
