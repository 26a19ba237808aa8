"""What is recorded for a student's own computer, and that it says there what the grader says."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pytest

from grader.contracts import EXAMPLES_BYTES, Examples, Op
from gradus_cli import offline
from tests.grader.checker.conftest import Grade

SOLUTION = """
import numpy as np

def double(x):
    return 2 * x

def split(x):
    if x.ndim != 1:
        raise ValueError("one dimension, please")
    return {"mean": float(x.mean()), "rest": (x - x.mean(), np.float32(x.size))}

def apply(f, x):
    return f(x)

def noisy(x, rng):
    return x + rng.normal(size=x.shape)

class Counter:
    def __init__(self, start):
        self.n = start
    def add(self, k):
        self.n += k
        return self.n
    def each(self):
        yield from range(self.n)
"""
CHECKS = """
@check("Double", points=2, visible=True)
def doubles(student, reference, draw):
    for x in (draw.normal(2, 3), np.array([np.nan, np.inf]), draw.integers(0, 9, size=4)):
        equal(student.double(x), reference.double(x))

@check("Split", points=2, visible=True)
def splits(student, reference, draw):
    x = draw.normal(5)
    got = student.split(x)
    close(got["mean"], x.mean(), name="mean")
    close(got["rest"][0], reference.split(x)["rest"][0])
    with raises(ValueError, "dimension"):
        student.split(draw.normal(2, 2))

@check("Count", points=2, visible=True)
def counts(student, reference, draw):
    counter = student.Counter(3)
    equal(counter.add(4), 7)
    equal(counter.n.value(), 7)
    equal([int(k) for k in counter.each()], list(range(7)))

@check("Noise", points=1, visible=True)
def noise(student, reference, draw):
    x = np.zeros(3)
    close(student.noisy(x, np.random.default_rng(5)), np.random.default_rng(5).normal(size=3))

@check("Callback", points=1, visible=True)
def callback(student, reference, draw):
    equal(student.double(np.array([1.0])), np.array([2.0]))
    equal(student.apply(lambda x: x, np.array([1.0])), np.array([1.0]))

@check("Large", points=1, visible=True)
def large(student, reference, draw):
    x = draw.normal(100, 100)
    equal(student.double(x), reference.double(x))

@check("SECRET", points=1)
def hidden(student, reference, draw):
    equal(student.double(np.array([987654321.0])), np.array([2 * 987654321.0]))

@check("QUIET", points=1, visible=True, reveal="category")
def quiet(student, reference, draw):
    equal(student.double(np.array([123456789.0])), np.array([2 * 123456789.0]))
"""


@pytest.fixture
def recorded(grade: Grade) -> list[dict[str, Any]]:
    last = grade(None, CHECKS, SOLUTION, op=Op.EXAMPLES).last
    assert isinstance(last, Examples), last
    return last.checks


def replayed(tmp_path: Path, checks: list[dict[str, Any]], source: str) -> dict[str, Any]:
    folder = tmp_path / "mine"
    folder.mkdir(exist_ok=True)
    (folder / "solution.py").write_text(source)
    data = json.loads(json.dumps(checks))
    return {one.id: one for one in offline.run(folder, data, sys.executable)}


def test_hidden_checks_and_those_that_reveal_less_are_not_recorded(
    recorded: list[dict[str, Any]],
) -> None:
    text = json.dumps(recorded)
    assert [check["id"] for check in recorded][-1] == "large"
    for secret in ("SECRET", "QUIET", "987654321", "123456789"):
        assert secret not in text


def test_the_reference_agrees_with_all_that_could_be_recorded(
    recorded: list[dict[str, Any]], tmp_path: Path
) -> None:
    found = replayed(tmp_path, recorded, SOLUTION)
    assert {name: one.differs for name, one in found.items() if one.differs} == {}
    states = {name: one.compared for name, one in found.items()}
    assert states["doubles"] == 3
    assert states["splits"] == 3
    assert states["counts"] >= 2
    assert states["noise"] == 1


def test_says_what_cannot_be_compared(recorded: list[dict[str, Any]], tmp_path: Path) -> None:
    found = replayed(tmp_path, recorded, SOLUTION)
    assert found["callback"].compared == 1
    assert "functions" in found["callback"].left_out
    assert found["large"].state == "not compared"
    assert "more than 4096 entries" in found["large"].left_out


@pytest.mark.parametrize(
    ("old", "new", "check", "words"),
    [
        ("return 2 * x", "return 2 * x + 0.0", "doubles", "of float64; expected int"),
        ("return 2 * x", "return 3 * x", "doubles", "6 of 6 entries differ"),
        ("return 2 * x", "return x.sum()", "doubles", "shape ()"),
        ("return 2 * x", "return None", "doubles", "is None"),
        ("return 2 * x", "raise KeyError('oh')", "doubles", "raised KeyError in line 5: 'oh'"),
        ("return 2 * x", "import os; os._exit(3)", "doubles", "ended the process"),
        ('raise ValueError("one dimension, please")', "pass", "splits", "raised nothing"),
        ("float(x.mean())", "1.0", "splits", "['mean'] is 1.0"),
        ("self.n += k", "self.n -= k", "counts", "add is -1; expected 7"),
        ("rng.normal", "np.random.normal", "noise", "entries differ"),
    ],
)
def test_a_wrong_file_differs_in_words(
    recorded: list[dict[str, Any]], tmp_path: Path, old: str, new: str, check: str, words: str
) -> None:
    assert old in SOLUTION
    assert words in replayed(tmp_path, recorded, SOLUTION.replace(old, new))[check].differs


def test_what_would_be_too_much_is_left_out(grade: Grade) -> None:
    many = "".join(
        f"""
@check("Check {number}", points=1, visible=True)
def check_{number}(student, reference, draw):
    for _ in range(4):
        x = draw.normal(20, 20)
        equal(student.double(x), reference.double(x))
"""
        for number in range(12)
    )
    last = grade(None, many, SOLUTION, op=Op.EXAMPLES).last
    assert isinstance(last, Examples)
    assert len(last.model_dump_json()) < EXAMPLES_BYTES
    assert [check["left_out"] for check in last.checks][-1] == "uses too many values"
    assert last.checks[0]["steps"]


def test_a_reference_that_fails_its_own_check_is_refused(grade: Grade) -> None:
    wrong = SOLUTION.replace("return 2 * x", "return 3 * x")
    checks = CHECKS.replace("reference.double(x)", "2 * x")
    assert "the reference fails doubles" in grade(None, checks, wrong, op=Op.EXAMPLES).refused
