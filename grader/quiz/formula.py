"""Arithmetic that an author writes as text: + - * / **, brackets, numbers and drawn names.

Evaluated over the syntax tree, exactly, within bounds; nothing of it is ever executed.
"""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable, Mapping
from fractions import Fraction

MAX_LENGTH = 200
MAX_EXPONENT = 32
MAX_BITS = 4096  # of numerator and denominator together
_OPERATORS: dict[type[ast.operator], Callable[[Fraction, Fraction], Fraction]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
}


class ArithmeticFault(ValueError):
    """A text that is no arithmetic, or has no value within the bounds."""


def evaluate(text: str, values: Mapping[str, int]) -> float:
    """The value of a formula over drawn numbers.

    Raises: ArithmeticFault that says what is wrong.
    """
    if len(text) > MAX_LENGTH:
        raise ArithmeticFault(f"a formula has at most {MAX_LENGTH} characters")
    try:
        tree = ast.parse(text.strip(), mode="eval")
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise ArithmeticFault(f"{text!r} is no arithmetic") from error
    try:
        return float(_value(tree.body, values))
    except (ZeroDivisionError, OverflowError) as error:
        raise ArithmeticFault(f"{text!r} has no value for {dict(values)}") from error


def _value(node: ast.expr, values: Mapping[str, int]) -> Fraction:
    if isinstance(node, ast.Constant) and isinstance(node.value, int | float):
        if (
            isinstance(node.value, bool) or not abs(node.value) < 1e100
        ):  # also infinities, which "1e400" is
            raise ArithmeticFault(f"{node.value!r} is no number of at most 100 digits")
        return Fraction(str(node.value))
    if isinstance(node, ast.Name):
        if node.id not in values:
            raise ArithmeticFault(f"{node.id!r} is not drawn")
        return Fraction(values[node.id])
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        return -_value(node.operand, values)
    if isinstance(node, ast.BinOp):
        left, right = _value(node.left, values), _value(node.right, values)
        if isinstance(node.op, ast.Pow):
            return _power(left, right)
        if type(node.op) in _OPERATORS:
            return _bounded(_OPERATORS[type(node.op)](left, right))
    raise ArithmeticFault("only + - * / **, brackets, numbers and drawn names are known")


def _power(base: Fraction, exponent: Fraction) -> Fraction:
    if exponent.denominator != 1 or abs(exponent) > MAX_EXPONENT:
        raise ArithmeticFault(f"an exponent is a whole number within {MAX_EXPONENT}")
    result: Fraction = base ** int(exponent)
    return _bounded(result)


def _bounded(value: Fraction) -> Fraction:
    if value.numerator.bit_length() + value.denominator.bit_length() > MAX_BITS:
        raise ArithmeticFault("the value has too many digits")
    return value
