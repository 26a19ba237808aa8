"""What an author can do with `student`: callbacks, objects, kept values, modules, exceptions."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from grader.verdict import CheckStatus

if TYPE_CHECKING:
    from tests.grader.checker.conftest import Grade, Graded

SOLUTION = """
import copy

SCALE = 3.0

class Counter:
    def __init__(self, start):
        self.count = start
        self.best = None

    def add(self, n):
        self.count += n
        return self.count

    def __call__(self, x):
        return self.count * x

def newton(f, x, steps):
    for _ in range(steps):
        x = x - f(x) / 2
    return x

def batches(m, size):
    for start in range(0, m, size):
        yield list(range(start, min(m, start + size)))

def step(theta, state):
    state["t"] = state.get("t", 0) + 1
    return theta - state["t"]

def noisy(rng):
    return rng.normal(size=3)

def parse(text):
    for number, line in enumerate(text.split("\\n"), 1):
        if not line.isdigit():
            raise ValueError(f"line {number} is no number")
    return len(text)

def use(counter, n):
    return counter.add(n)

def echo(x):
    return copy.deepcopy(x)
"""
GIVEN = """
import numpy as np

class Net:
    def __init__(self, n):
        self.w = np.ones(n)

def make_net(n):
    return Net(n)
"""


def run(grade: Grade, body: str, source: str = SOLUTION) -> Graded:
    lines = "".join(f"    {line}\n" for line in body.strip().splitlines())
    checks = f"\n@check('All', points=10)\ndef it(student, reference, draw):\n{lines}"
    return grade(source, checks, SOLUTION, files={"given/net.py": GIVEN})


def test_arguments_of_a_given_function_have_the_names_of_its_file(grade: Grade) -> None:
    body = "net = student.given('net').make_net(3)\nequal(net.w.value(), np.ones(4))"
    example = run(grade, body)["it"].counterexample
    assert example is not None
    assert (example.call, example.inputs) == ("net.make_net", ({"name": "n", "value": 3},))


@pytest.mark.parametrize(
    "body",
    [
        "calls = []\n"
        "equal(student.newton(lambda x: calls.append(x) or x, 8.0, 3), 1.0)\n"
        "equal(calls, [8.0, 4.0, 2.0])",
        "c = student.Counter(4)\nequal(c.add(2), 6)\nequal(c.add(1), 7)\nequal(c.count.value(), 7)",
        "c = student.Counter(4)\nequal(c.best.value(), None)\nequal(c(2.0), 8.0)",
        "a, b = student.Counter(0), student.Counter(10)\na.add(1)\nequal(b.add(1), 11)",
        "equal(list(student.batches(5, 2)), [[0, 1], [2, 3], [4]])",
        "state = student.keep({})\nequal(student.step(1.0, state), 0.0)\n"
        "equal(student.step(1.0, state), -1.0)\nequal(state.value(), {'t': 2})",
        "g = draw.generator()\nfirst = student.noisy(g)\nequal(student.noisy(g), first)",
        "g = student.keep(draw.generator())\nfirst = student.noisy(g)\n"
        "require(not np.array_equal(student.noisy(g), first), 'it must go on')",
        "equal(student.SCALE.value(), 3.0)",
        "require(student.has('Counter.add') and not student.has('nothing'), 'has')",
        "with raises(ValueError, 'line 2'):\n    student.parse('1\\nx')",
        "with raises('Exception'):\n    student.parse('x')",
        "net = student.given('net').make_net(3)\nequal(net.w.value(), np.ones(3))",
        "c = student.Counter(4)\nequal(student.use(c, 3), 7)",
        "value = (1, 'a', None, [2.5], {'k': np.arange(3)})\nequal(student.echo(value), value)",
        "x = np.arange(6.0).reshape(2, 3)\nequal(student.echo(view(x, strides=(1, 2))), x)",
        "def twice(x):\n    return 2 * reference.echo(x)\n"
        "equal(student.newton(twice, 3.0, 1), 0.0)",
    ],
)
def test_the_interface_of_the_authoring_page_works(grade: Grade, body: str) -> None:
    result = run(grade, body)["it"]
    assert (result.status, result.message) == (CheckStatus.PASSED, "")


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("with raises(ValueError):\n    student.parse('1')", "Nothing was raised; expected"),
        ("with raises(KeyError):\n    student.parse('x')", "expected KeyError. Its message"),
        ("with raises(ValueError, 'line 7'):\n    student.parse('x')", "to contain 'line 7'"),
        ("student.parse('x')", "parse raised ValueError in line 37: line 1 is no number"),
        ("student.newton(lambda x: require(x < 1, 'Far.') or x, 8.0, 3)", "Far."),
        ("def spent(x):\n    raise RuntimeError('budget spent')\nstudent.newton(spent, 8.0, 3)",
         "newton raised RuntimeError in line 20: budget spent"),
        ("equal(student.Counter(3), 3)", "Counter returned an object of the class"),
        ("equal(student.missing(3), 3)", "The file defines no missing."),
    ],
)  # fmt: skip
def test_what_goes_wrong_there_is_said(grade: Grade, body: str, words: str) -> None:
    result = run(grade, body)["it"]
    assert result.status is CheckStatus.FAILED
    assert words in result.message


def test_objects_are_forgotten_when_the_check_forgets_them(grade: Grade) -> None:
    body = "for n in range(300):\n    c = student.Counter(n)\n    equal(c.add(1), n + 1)"
    assert run(grade, body)["it"].status is CheckStatus.PASSED


def test_an_object_of_another_session_is_the_authors_fault(grade: Grade) -> None:
    assert (
        "lives in another session"
        in run(grade, "student.use(reference.Counter(1), 2)").verdict.message
    )


def test_a_reference_that_fails_inside_a_callback_is_the_authors_fault(grade: Grade) -> None:
    body = "student.newton(lambda x: reference.parse('x'), 8.0, 3)"
    message = run(grade, body).verdict.message
    assert "ValueError: line 1 is no number" in message
