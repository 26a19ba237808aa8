"""Files that attack the grading: each loses its own points and nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from grader.verdict import CheckStatus, Status

if TYPE_CHECKING:
    from tests.grader.checker.conftest import Grade

LIMITS = "[limits]\nwall_seconds = 1.0\njob_seconds = 20.0\noutput_kib = 64\nmemory_mib = 128\n"
CHECKS = """
@check("First", points=5)
def first(student, reference, draw):
    x = draw.normal(3)
    close(student.f(x), reference.f(x))

@check("Second", points=5)
def second(student, reference, draw):
    x = draw.normal(4)
    close(student.g(x), reference.g(x))
"""
SOLUTION = "def f(x):\n    return 2 * x\n\ndef g(x):\n    return 3 * x\n"
GOOD_G = "\ndef g(x):\n    return 3 * x\n"


@pytest.mark.parametrize(
    ("body", "outcome", "words"),
    [
        ("while True: pass", "wall", "still running after 1 s"),
        ("import os; os._exit(0)", "died", "ended the Python process"),
        ("import sys; sys.exit(0)", None, "f raised SystemExit"),
        ("raise KeyboardInterrupt", None, "f raised KeyboardInterrupt"),
        ("raise BaseException('x')", None, "f raised BaseException"),
        ("print('x' * 100_000); return 2 * x", "output", "printed more than 64 KiB"),
        ("import numpy as np; np.ones(10**9)", "memory", "128 MiB"),
        ("return f(x)", None, "f raised RecursionError"),
        ("return object()", None, "f returned an object of the class object"),
        ("return float('nan') * x", None, "Entry 0 is nan"),
        ("return x.astype('f4') * 2", None, "f returned float32; expected float64"),
        ("return [2 * v for v in x]", None, "f returned a list of 3; expected an array"),
        ("return None", None, "f returned None; expected an array of shape (3,)"),
        ("return 2 * x.astype(object)", None, None),
        ("import os; os.write(3, b'x' * 64)", "frame", None),
    ],
)  # fmt: skip
def test_an_attack_loses_its_check_and_the_next_one_counts(
    grade: Grade, body: str, outcome: str | None, words: str | None
) -> None:
    source = f"def f(x):\n    {body}\n{GOOD_G}"
    graded = grade(source, CHECKS, SOLUTION, extra=LIMITS)
    assert graded["first"].status is CheckStatus.FAILED
    assert graded["first"].outcome == outcome
    assert words is None or words in graded["first"].message
    assert graded["second"].status is CheckStatus.PASSED
    assert (graded.verdict.status, graded.verdict.points) == (Status.PARTIAL, 5.0)


FORGE = """
import sys
sys.path.insert(0, "/engine")
import socket
from grader.frames import Kind, Stream

def stream():
    return Stream(socket.socket(fileno=3))
"""


@pytest.mark.parametrize(
    "forged",
    [
        "stream().send(Kind.RESULT, 1, (2 * x, None)); return 2 * x",  # an answer too many
        "stream().send(Kind.RESULT, 999, (2 * x, None)); return 2 * x",
        "stream().send(Kind.ASK, 2, (0, (), {})); return 2 * x",  # no such function
        "stream().send(Kind.READY, 2, {}); return 2 * x",
        "stream().send(Kind.LOAD, 2, ()); return 2 * x",
        "stream().send(Kind.RESULT, 2, 'verdict: passed'); return 2 * x",
    ],
)
def test_forged_frames_fail_the_check_by_name(grade: Grade, forged: str) -> None:
    source = f"{FORGE}\ndef f(x):\n    {forged}\n{GOOD_G}"
    graded = grade(source, CHECKS, SOLUTION, extra=LIMITS)
    assert graded["first"].status is CheckStatus.FAILED
    assert graded["first"].outcome == "frame"
    assert graded["second"].status is CheckStatus.PASSED


def test_an_answer_before_the_question_is_no_answer(grade: Grade) -> None:
    source = f"""{FORGE}
import numpy as np
stream().send(Kind.RESULT, 2, (np.zeros(3), None))
{SOLUTION}"""
    graded = grade(source, CHECKS, SOLUTION, extra=LIMITS)
    assert graded.verdict.points == 0.0 or graded.verdict.status is Status.INVALID


def test_a_session_is_renewed_three_times_and_then_the_rest_is_skipped(grade: Grade) -> None:
    checks = "".join(
        f"\n@check('Check {i}', points=2)\ndef c{i}(student, reference, draw):\n"
        f"    close(student.f({i}), {i})\n"
        for i in range(5)
    )
    source = "import os\n\ndef f(x):\n    os._exit(0)\n"
    graded = grade(source, checks, "def f(x):\n    return x\n", extra=LIMITS)
    statuses = [check.status for check in graded.verdict.checks]
    assert statuses == [CheckStatus.FAILED] * 4 + [CheckStatus.SKIPPED]
    assert "too often" in graded["c4"].message


def test_the_job_limit_ends_the_check_and_skips_the_rest(grade: Grade) -> None:
    extra = "[limits]\nwall_seconds = 1.0\njob_seconds = 1.0\n"
    source = "import time\n\ndef f(x):\n    time.sleep(5)\n" + GOOD_G
    graded = grade(source, CHECKS, SOLUTION, extra=extra)
    assert graded["first"].outcome == "job"
    assert graded["second"].status is CheckStatus.SKIPPED


def test_an_array_that_lies_about_itself_is_taken_as_its_bytes(grade: Grade) -> None:
    source = f"""
import numpy as np

class Liar(np.ndarray):
    @property
    def shape(self):
        return (3,)

    def __eq__(self, other):
        return True

    def __array_ufunc__(self, *args, **kwargs):
        return np.zeros(3)

def f(x):
    return np.zeros(7).view(Liar)
{GOOD_G}"""
    result = grade(source, CHECKS, SOLUTION, extra=LIMITS)["first"]
    assert result.status is CheckStatus.FAILED


def test_patching_numpy_in_the_session_changes_no_comparison(grade: Grade) -> None:
    source = f"""
import numpy as np
np.allclose = np.array_equal = lambda *a, **k: True

def f(x):
    return 0 * x
{GOOD_G}"""
    assert grade(source, CHECKS, SOLUTION, extra=LIMITS)["first"].status is CheckStatus.FAILED


def test_dying_on_a_hidden_check_costs_the_attempt(grade: Grade) -> None:
    source = "import os\n\ndef f(x):\n    os._exit(0)\n\ndef g(x):\n    os._exit(0)\n"
    assert grade(source, CHECKS, SOLUTION, extra=LIMITS).verdict.status is Status.FAILED


def test_an_import_that_ends_later_fails_the_check(grade: Grade) -> None:
    source = f"""
import os
if os.path.exists("/w/mark"):
    os._exit(0)

def f(x):
    os._exit(0)
{GOOD_G}"""
    graded = grade(source, CHECKS, SOLUTION, extra=LIMITS)
    assert graded["first"].outcome == "died"
    assert graded["second"].status is CheckStatus.PASSED  # nothing is left of the first session


def test_the_session_holds_neither_reference_nor_checks(grade: Grade) -> None:
    source = f"""
import os

def f(x):
    found = []
    for top in ("/exercise", "/engine", "/w", "/tmp"):
        for folder, _, files in os.walk(top):
            found += [n for n in files if n in ("checks.py", "solution.py", "judge.py")]
    if found:
        return 2 * x
    raise LookupError("nothing here")
{GOOD_G}"""
    assert "LookupError" in grade(source, CHECKS, SOLUTION, extra=LIMITS)["first"].message


def test_what_is_printed_reaches_the_page_cut_to_16_kib(grade: Grade) -> None:
    source = f"def f(x):\n    print('a' * 30_000 + 'z')\n    return 2 * x\n{GOOD_G}"
    output = grade(source, CHECKS, SOLUTION, extra=LIMITS)["first"].output
    assert output.startswith("aaaa")
    assert output.rstrip().endswith("az")
    assert "bytes left out" in output
    assert len(output) < 17_000


def test_a_student_value_can_never_end_as_our_fault(grade: Grade) -> None:
    checks = """
@check("Reads", points=10)
def reads(student, reference, draw):
    found = student.f(draw.normal(3))
    total = sum(row["value"] ** 2 for row in found) / len(found)
    close(total, 1.0)
"""
    solution = "def f(x):\n    return [{'value': 1.0}]\n"
    for result in ("None", "[]", "[1]", "[{'value': 'x'}]", "x", "'text'", "{}", "[{}]"):
        graded = grade(f"def f(x):\n    return {result}\n", checks, solution, extra=LIMITS)
        assert graded.verdict.status is Status.FAILED, result


@pytest.mark.parametrize("where", ["call", "stand-in"])
def test_a_job_limit_that_ends_in_our_own_code_is_the_students(grade: Grade, where: str) -> None:
    """Else whoever sleeps until just before it would see every check and lose no attempt."""
    extra = "[limits]\nwall_seconds = 2.0\njob_seconds = 3.0\n"
    slow = "import time\n\ndef f(x):\n    time.sleep(1.5)\n    return x\n"
    sleeper = "import time\n\ndef f(x):\n    time.sleep(1.0)\n    return {}\n"
    use = "reference.f(1.0)" if where == "call" else "own + 1.0"
    checks = (
        "from grader.authoring import check\n\n@check('One', points=5)\n"
        f"def one(student, reference, draw):\n    own = student.f(1.0)\n    {use}\n"
    )
    returned = "x" if where == "call" else "'no number'"
    graded = grade(sleeper.format(returned), checks, slow, extra=extra)
    assert (graded["one"].status, graded["one"].outcome) == (CheckStatus.FAILED, "job")
