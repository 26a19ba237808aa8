from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from grader.verdict import CheckResult

if TYPE_CHECKING:
    from tests.grader.checker.conftest import Grade

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


def told(grade: Grade, source: str) -> CheckResult:
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
def test_a_mistake_is_named_by_what_it_does_and_not_by_how_it_is_written(
    grade: Grade, source: str, name: str | None
) -> None:
    assert told(grade, source).mistake == name


def test_the_message_keeps_the_difference_and_adds_the_hint(grade: Grade) -> None:
    message = told(grade, "def mean(x):\n    return x.sum(axis=0)\n").message
    assert message.startswith("Entry 0 is ")
    assert "3 times the expected value" in message
    finding, explained = message.split("\n")
    assert finding.startswith("Entry 0 is ")
    assert explained.startswith("A solution with this mistake does the same as yours in every call")
    assert explained.endswith("How many rows are there?")


def test_an_exception_of_the_same_class_with_another_message_is_another_mistake(
    grade: Grade,
) -> None:
    raises = "def mean(x):\n    return [][len(x)]\n"
    assert told(grade, raises).mistake is None


def test_all_mistakes_that_the_check_cannot_tell_apart_are_named(grade: Grade) -> None:
    again = WRONG["wrong/summed.py"].replace("The sum is not divided.", "It adds up.")
    result = grade(
        "def mean(x):\n    return x.sum(0)\n",
        CHECKS,
        SOLUTION,
        files={**WRONG, "wrong/total.py": again},
    )["mean"]
    assert result.mistake == "The sum is not divided."
    assert result.message.endswith("So does one with another: It adds up.")


def test_a_message_of_several_lines_leaves_the_lines_after_it_to_the_mistake(grade: Grade) -> None:
    wrong = '"""It stops.\n\nGo on.\n"""\ndef mean(x):\n    raise ValueError("a\\nb")\n'
    source = "def mean(rows):\n    raise ValueError('a\\nb')\n"
    result = grade(source, CHECKS, SOLUTION, files={"wrong/stops.py": wrong})["mean"]
    assert result.mistake == "It stops."
    assert [len(result.message.splitlines()), result.message[-6:]] == [2, "Go on."]


def test_tiny_numbers_are_told_apart_where_the_check_tells_them_apart(grade: Grade) -> None:
    checks = """
@check("Tail", points=10)
def tail(student, reference, draw):
    x = draw.uniform(low=-45.0, high=-40.0)
    close(student.tail(x), reference.tail(x), rtol=1e-9, atol=0.0)
"""
    right = "import math\ndef tail(x):\n    return math.exp(x)\n"
    wrong = '"""It is zero.\n\nNo.\n"""\ndef tail(x):\n    return 0.0\n'
    source = "def tail(x):\n    return 1e-20\n"
    graded = grade(source, checks, right, files={"wrong/zero.py": wrong})
    assert graded["tail"].mistake is None


def test_a_mistake_that_shows_later_must_match_the_calls_before_too(grade: Grade) -> None:
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


def test_a_mistake_that_shows_after_right_exceptions_is_named(grade: Grade) -> None:
    wrong = '"""Only small numbers are refused.\n\nAnd the others?\n"""\n' + NO_ROOT.replace(
        "n < 0", "-3 < n < 0"
    )
    source = (
        "def root(x):\n    if x in (-1, -2):\n        raise ValueError('no')\n    return x ** 0.5\n"
    )
    graded = grade(source, RAISING, NO_ROOT, files={"wrong/small.py": wrong})
    assert graded["refuses"].mistake == "Only small numbers are refused."


def test_a_mistake_of_a_check_with_callbacks_is_named(grade: Grade) -> None:
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


LINES = """
@check("Names the line", points=10)
def line(student, reference, draw):
    with raises(ValueError, "line 2"):
        student.parse("a b")
"""


def test_of_an_exception_counts_what_the_check_looked_at(grade: Grade) -> None:
    raising = "def parse(text):\n    raise {}\n"
    wrong = {
        f"wrong/{name}.py": f'"""{name}.\n\nHint.\n"""\n' + raising.format(error)
        for name, error in (
            ("Other", "ValueError('line 9: 2 columns')"),
            ("Last", "ValueError('line 3: 2 columns')"),
            ("None", "ValueError('2 columns')"),
            ("Key", "KeyError('x')"),
        )
    }
    for error, name in (
        ("ValueError('Line 3 is bad')", "Last."),
        ("ValueError('bad')", "None."),
        ("ValueError('line 4')", None),
        ("KeyError('x')", "Key."),
        ("KeyError('y')", None),
    ):
        source = raising.format(error)
        graded = grade(source, LINES, raising.format("ValueError('line 2')"), files=wrong)
        assert graded["line"].mistake == name, error


def test_of_several_mistakes_that_match_one_that_fails_a_passed_check_is_not_named(
    grade: Grade,
) -> None:
    first = """
@check("One row", points=5)
def one_row(student, reference, draw):
    x = draw.normal(1, 2)
    close(student.mean(x), reference.mean(x))
"""
    also = '"""A row too many.\n\nCount.\n"""\ndef mean(x):\n    return x.sum(0) + (len(x) == 1)\n'
    graded = grade(
        "def mean(x):\n    return x.sum(0)\n",
        first + CHECKS.replace("points=10", "points=5"),
        SOLUTION,
        files={**WRONG, "wrong/also.py": also},
    )
    assert graded["mean"].mistake == "The sum is not divided."
    assert "So does one with another" not in graded["mean"].message


WITH_STATE = """
@check("Pair", points=10)
def pair(student, reference, draw):
    x = draw.normal(3)
    state, mean = student.pair(x)
    close(mean, reference.pair(x)[1])
"""
PAIR = "class State:\n    pass\n\n\ndef pair(x):\n    return State(), {}\n"


@pytest.mark.parametrize(
    ("value", "name"),
    [("x.sum()", "The sum is not divided."), ("x.max() + 7", None), ("'yes'", None)],
)
def test_beside_an_object_that_stays_in_the_session_the_other_values_count(
    grade: Grade, value: str, name: str | None
) -> None:
    wrong = {"wrong/summed.py": f'"""The sum is not divided."""\n\n\n{PAIR.format("x.sum()")}'}
    graded = grade(PAIR.format(value), WITH_STATE, PAIR.format("x.mean()"), files=wrong)
    assert graded["pair"].mistake == name


def test_an_object_that_stays_in_the_session_is_not_taken_for_a_value(grade: Grade) -> None:
    pair = "def pair(x):\n    return 0, {}\n"
    wrong = {"wrong/summed.py": '"""The sum is not divided."""\n' + pair.format("x.sum()")}
    graded = grade(PAIR.format("x.sum()"), WITH_STATE, pair.format("x.mean()"), files=wrong)
    assert graded["pair"].mistake is None


WITH_CACHE = """
@check("Both ways", points=10)
def both(student, reference, draw):
    x = draw.normal(3)
    y, cache = student.forward(x)
    close(y, reference.forward(x)[0])
    close(student.backward(cache), reference.backward(reference.forward(x)[1]))
"""
LAYER = """
def forward(x):
    cache = {cache}
    return {y}, cache


def backward(cache):
    return {dx}
"""
SQUARE = LAYER.format(y="x**2", cache="[x, 'square']", dx="2 * cache[0]")
NO_FACTOR = LAYER.format(y="x**2", cache="(x, x**2)", dx="cache[0]")


@pytest.mark.parametrize(
    ("cache", "y", "dx", "name"),
    [
        ("{'x': x}", "x**2", "cache['x']", "The factor is missing."),
        ("x", "x**2", "cache", "The factor is missing."),
        ("None", "x", "x", None),
        ("{'x': x}", "x**2", "cache['x'] + 1", None),
    ],
)
def test_a_mistake_is_named_whatever_an_opaque_output_holds(
    grade: Grade, cache: str, y: str, dx: str, name: str | None
) -> None:
    graded = grade(
        LAYER.format(cache=cache, y=y, dx=dx),
        WITH_CACHE,
        SQUARE,
        files={"wrong/no_factor.py": f'"""The factor is missing."""\n{NO_FACTOR}'},
        extra='[functions.forward]\naliases = true\nopaque = ["cache"]\n',
    )
    assert graded["both"].mistake == name


def test_what_is_opaque_as_a_whole_may_have_any_form(grade: Grade) -> None:
    checks = """
@check("Scaled", points=10)
def scaled(student, reference, draw):
    x = draw.normal(3)
    close(student.apply(x, student.fit(x)), reference.apply(x, reference.fit(x)))
"""
    pair = (
        "def fit(x):\n    state = {}\n    return state\n\n\ndef apply(x, state):\n    return {}\n"
    )
    wrong = pair.format("[x.sum()]", "x - state[0]")
    graded = grade(
        pair.format("x.sum()", "x - state"),
        checks,
        pair.format("x.mean()", "x - state"),
        files={"wrong/summed.py": f'"""The sum is not divided."""\n{wrong}'},
        extra='[functions.fit]\nopaque = ["state"]\n',
    )
    assert graded["scaled"].mistake == "The sum is not divided."


@pytest.mark.parametrize(("extra", "name"), [("", "The factor is missing."), ("slow = true", None)])
def test_no_mistake_is_looked_for_by_calls_that_take_long(
    grade: Grade, extra: str, name: str | None
) -> None:
    graded = grade(
        NO_FACTOR,
        WITH_CACHE,
        SQUARE,
        files={"wrong/no_factor.py": f'"""The factor is missing."""\n{NO_FACTOR}'},
        extra=f"[functions.forward]\naliases = true\n{extra}\n",
    )
    assert graded["both"].status == "failed"
    assert graded["both"].mistake == name
