"""The reference inside of the checker: as if it had a session, and never the student's fault."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from grader.verdict import Status
from tests.grader.checker.conftest import Grade

STUDENT = "def f(x):\n    return 2 * x\n"


def test_the_reference_gets_copies_and_gives_copies(grade: Grade) -> None:
    graded = grade(
        STUDENT,
        """
@check("Copies", points=10)
def copies(student, reference, draw):
    x = np.ones(3)
    first = reference.f(x)
    equal(x, np.ones(3))
    first[:] = 7.0
    equal(reference.last(), np.full(3, 2.0))
    close(student.f(x), reference.f(x))
""",
        """
import numpy as np
kept = []

def f(x):
    x *= 2
    kept.append(x)
    return x

def last():
    return kept[0]
""",
    )
    assert graded.verdict.status is Status.PASSED, graded["copies"].message


def test_the_reference_has_objects_generators_and_callbacks(grade: Grade) -> None:
    source = """
import numpy as np

class Count:
    def __init__(self, start):
        self.n = start

    def up(self, by=1):
        self.n += by
        return self.n

def steps(function, n):
    for i in range(n):
        yield function(float(i))

def drawn(rng):
    return rng.normal(size=2)

def tries(function):
    try:
        return function(1)
    except KeyError as error:
        return str(error)
"""
    graded = grade(
        source,
        """
@check("All of it", points=10)
def everything(student, reference, draw):
    for remote in (student, reference):
        count = remote.Count(3)
        equal(count.up(by=2), 5)
        equal(count.n.value(), 5)
        seen = []
        equal(list(remote.steps(lambda x: seen.append(x) or x + 1, 3)), [1.0, 2.0, 3.0])
        equal(seen, [0.0, 1.0, 2.0])
        rng = np.random.default_rng(5)
        close(remote.drawn(rng), np.random.default_rng(5).normal(size=2))
        close(remote.drawn(rng), np.random.default_rng(5).normal(size=2))

        def refuse(x):
            raise KeyError("no")

        require("no" in remote.tries(refuse), "the exception arrives")
""",
        source,
    )
    assert graded.verdict.status is Status.PASSED, graded["everything"].message


@pytest.mark.parametrize(
    "body",
    [
        "while True:\n        pass",
        "try:\n        while True: pass\n    except Exception:\n        0",
    ],
)
def test_a_reference_that_never_ends_is_our_fault(grade: Grade, body: str) -> None:
    graded = grade(
        STUDENT,
        """
@check("One", points=10)
def one(student, reference, draw):
    student.f(1.0)
    reference.f(1.0)
""",
        f"def f(x):\n    {body}\n",
        extra="[limits]\nwall_seconds = 0.3",
    )
    assert graded.verdict.status is Status.ERROR
    assert "reference ended its session (wall)" in graded.verdict.message


def test_a_reference_that_raises_is_our_fault(grade: Grade) -> None:
    graded = grade(
        STUDENT,
        """
@check("One", points=10)
def one(student, reference, draw):
    reference.f(1.0)
""",
        "def f(x):\n    raise SystemExit(3)\n",
    )
    assert graded.verdict.status is Status.ERROR
    assert "SystemExit: 3" in graded.verdict.message


def test_what_the_reference_sets_for_itself_stays_its_own(grade: Grade) -> None:
    graded = grade(
        "def f(x):\n    return 2 * x\n",
        """
@check("Settings", points=10)
def settings(student, reference, draw):
    before = np.geterr()
    close(student.f(1.0), reference.f(1.0))
    equal(reference.loud(), True)
    equal(np.geterr(), before)
    with np.errstate(all="ignore"):
        equal(reference.asks(lambda: np.geterr()["over"]), "ignore")
""",
        """
import numpy as np
np.seterr(all="raise")

def f(x):
    return 2 * x

def loud():
    return np.geterr()["over"] == "raise"

def asks(function):
    return function()
""",
    )
    assert graded.verdict.status is Status.PASSED, graded["settings"].message


def test_time_that_a_callback_takes_is_not_cut_off_in_the_middle(grade: Grade) -> None:
    """The alarm is for the reference; in a callback it would tear a student's session apart."""
    graded = grade(
        "import time\n\ndef f(x):\n    time.sleep(0.2)\n    return 2 * x\n",
        """
@check("Long", points=10)
def long(student, reference, draw):
    with_it = []
    try:
        reference.asks(lambda: with_it.append(student.f(1.0)))
    finally:
        equal(with_it, [2.0])
""",
        "def asks(function):\n    function()\n    while True: pass\n",
        extra="[limits]\nwall_seconds = 0.3",
    )
    assert graded.verdict.status is Status.ERROR
    assert "(wall)" in graded.verdict.message


def test_what_ends_a_trial_in_a_callback_does_not_end_the_next_one(grade: Grade) -> None:
    """A known-wrong solution that deviates leaves the reference in the middle of a call."""
    graded = grade(
        "def f(x):\n    return x + 3\n",
        """
@check("Applied", points=10)
def applied(student, reference, draw):
    close(reference.applied(lambda x: student.f(x)), 6.0)
""",
        "def f(x):\n    return 2 * x\n\ndef applied(g):\n    return g(1.0) + g(2.0)\n",
        files={
            "wrong/a_one.py": '"""One is added."""\n\ndef f(x):\n    return x + 1\n',
            "wrong/b_two.py": '"""Two is added."""\n\ndef f(x):\n    return x + 2\n',
            "wrong/c_three.py": '"""Three is added."""\n\ndef f(x):\n    return x + 3\n',
        },
    )
    assert graded["applied"].mistake == "Three is added."


def test_a_student_cannot_reach_the_reference_beside_the_checks(grade: Grade) -> None:
    graded = grade(
        """
import gc, sys

def f(x):
    names = [getattr(o, "__name__", "") for o in gc.get_objects() if callable(o)]
    return float("only_in_the_reference" in names or "grader.checker" in sys.modules)
""",
        """
@check("One", points=10)
def one(student, reference, draw):
    equal(student.f(0.0), reference.only_in_the_reference(0.0))
""",
        "def f(x):\n    return 0.0\n\ndef only_in_the_reference(x):\n    return 0.0\n",
    )
    assert graded.verdict.status is Status.PASSED


def test_the_checker_has_the_numpy_of_the_sessions() -> None:
    """Else the reference would be computed by another one than the student's."""
    root = Path(__file__).resolve().parents[3]
    locked = [
        re.findall(r"^numpy==\S+.*$", (root / f"requirements/{name}.txt").read_text(), re.MULTILINE)
        for name in ("checker", "numpy")
    ]
    assert locked[0] == locked[1] != []
