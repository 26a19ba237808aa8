from __future__ import annotations

import pytest

CHECKS = """
@check("Mean", points=10)
def mean(student, reference, draw):
    for n in (3, 4):
        x = draw.normal(n, 2)
        close(student.mean(x), reference.mean(x))
"""
SOLUTION = "def mean(x):\n    return x.mean(axis=0)\n"
WRONG = {
    "wrong/changed.py": '"""The input is changed.\n\nWork on a copy.\n"""\n\n\n'
    "def mean(x):\n    x -= x[0]\n    return x.mean(axis=0) * 0 + 1.0\n",
    "wrong/hangs.py": '"""It hangs.\n\nStop.\n"""\n\n\n'
    "def mean(x):\n    while True:\n        pass\n",
    "wrong/raises.py": '"""It indexes too far.\n\nCount from 0.\n"""\n\n\n'
    "def mean(x):\n    return x[len(x)]\n",
    "wrong/summed.py": '"""The sum is not divided.\n\nHow many rows\nare there?\n"""\n\n\n'
    "def mean(x):\n    return x.sum(axis=0)\n",
}


def told(grade, source):
    return grade(source, CHECKS, SOLUTION, files=WRONG)["mean"]


@pytest.mark.parametrize(
    ("source", "name"),
    [
        ("def mean(x):\n    return sum(row for row in x)\n", "The sum is not divided."),
        ("def mean(rows):\n    return rows[rows.shape[0]]\n", "It indexes too far."),
        ("def mean(x):\n    x[...] = x - x[0]\n    return x[0] + 1\n", "The input is changed."),
        ("def mean(x):\n    return x.sum(axis=0) + 1e-3\n", None),
        ("def mean(x):\n    return x.sum(0) if len(x) == 3 else x[0]\n", "The sum is not divided."),
        ("def mean(x):\n    raise KeyError\n", None),
        ("def mean(x):\n    return None\n", None),
    ],
)  # fmt: skip
def test_a_mistake_is_named_by_what_it_does_and_not_by_how_it_is_written(grade, source, name):
    assert told(grade, source).mistake == name


def test_the_message_keeps_the_difference_and_adds_the_hint(grade):
    message = told(grade, "def mean(x):\n    return x.sum(axis=0)\n").message
    assert message.startswith("Entry 0 is ")
    assert "3 times the expected value" in message
    assert message.endswith("on every input that was drawn. How many rows are there?")


def test_a_mistake_that_shows_later_must_match_the_calls_before_too(grade):
    source = "def mean(x):\n    return x.mean(axis=0) if len(x) == 3 else x.sum(axis=0)\n"
    assert told(grade, source).mistake is None


RAISING = """
@check("Refuses", points=10)
def refuses(student, reference, draw):
    for n in (1, 2, 3):
        with raises(ValueError):
            student.root(-n)
"""
NO_ROOT = "def root(n):\n    if n < 0:\n        raise ValueError\n    return n ** 0.5\n"


def test_a_mistake_that_shows_after_right_exceptions_is_named(grade):
    wrong = '"""Only small numbers are refused.\n\nAnd the others?\n"""\n' + NO_ROOT.replace(
        "n < 0", "-3 < n < 0"
    )
    source = (
        "def root(x):\n    if x in (-1, -2):\n        raise ValueError('no')\n    return x ** 0.5\n"
    )
    graded = grade(source, RAISING, NO_ROOT, files={"wrong/small.py": wrong})
    assert graded["refuses"].mistake == "Only small numbers are refused."


def test_a_mistake_of_a_check_with_callbacks_is_named(grade):
    checks = """
@check("Calls once", points=10)
def once(student, reference, draw):
    x = draw.normal()
    calls = []
    expected = reference.apply(lambda v: 2 * v, x)
    close(student.apply(lambda v: calls.append(v) or 2 * v, x), expected)
    require(len(calls) == 1, f"f was called {len(calls)} times; expected once.")
"""
    right = "def apply(f, x):\n    return f(x)\n"
    twice = "def apply(f, x):\n    f(x)\n    return f(x)\n"
    wrong = {"wrong/twice.py": f'"""It calls twice.\n\nOnce is enough.\n"""\n{twice}'}
    graded = grade(twice, checks, right, files=wrong, extra="[functions.apply]\n")
    assert graded["once"].message.startswith("f was called 2 times; expected once.")
    assert graded["once"].mistake == "It calls twice."
