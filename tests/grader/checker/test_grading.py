from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from grader.contracts import Op, Parts
from grader.verdict import CheckStatus, Status

if TYPE_CHECKING:
    from tests.grader.checker.conftest import Grade

FUNCTIONS = "[functions.double]\n"
CHECKS = """
@check("A vector", points=4, visible=True)
def vector(student, reference, draw):
    for n in (2, 5):
        x = draw.normal(n)
        close(student.double(x), reference.double(x))

@check("A matrix", points=6, after=vector)
def matrix(student, reference, draw):
    x = draw.normal(3, 4)
    close(student.double(x), reference.double(x))
"""
SOLUTION = "def double(x):\n    return x + x\n"
HALF = "def double(x):\n    return 2 * x if x.ndim == 1 else x\n"


def test_the_reference_gets_all_points(grade: Grade) -> None:
    graded = grade(SOLUTION, CHECKS, SOLUTION, extra=FUNCTIONS)
    verdict = graded.verdict
    assert (verdict.status, verdict.points, verdict.max_points) == (Status.PASSED, 10.0, 10.0)
    assert [check["id"] for check in graded.events("started")[0].checks] == ["vector", "matrix"]
    told = [(line.id, line.status) for line in graded.events("check")]
    assert told == [
        ("vector", "running"), ("vector", "passed"), ("matrix", "running"), ("matrix", "passed"),
    ]  # fmt: skip


def test_a_half_right_file_gets_the_points_of_what_is_right(grade: Grade) -> None:
    verdict = grade(HALF, CHECKS, SOLUTION, extra=FUNCTIONS).verdict
    assert (verdict.status, verdict.points) == (Status.PARTIAL, 4.0)


def test_a_check_is_skipped_where_the_one_before_it_failed(grade: Grade) -> None:
    graded = grade("def double(x):\n    return 0 * x\n", CHECKS, SOLUTION, extra=FUNCTIONS)
    assert graded.verdict.status is Status.FAILED
    assert graded["matrix"].status is CheckStatus.SKIPPED
    assert "A vector" in graded["matrix"].message


def test_run_executes_visible_checks_only(grade: Grade) -> None:
    graded = grade(HALF, CHECKS, SOLUTION, extra=FUNCTIONS, op=Op.RUN)
    assert [check.id for check in graded.verdict.checks] == ["vector"]
    assert (graded.verdict.status, graded.verdict.max_points) == (Status.PASSED, 4.0)


def test_a_counterexample_shows_the_failing_call(grade: Grade) -> None:
    result = grade(HALF, CHECKS, SOLUTION, extra=FUNCTIONS)["matrix"]
    example = result.counterexample
    assert example is not None
    assert example.call == "double"
    assert example.inputs[0]["name"] == "x"
    assert example.inputs[0]["value"]["shape"] == [3, 4]
    assert example.got["array"] == example.inputs[0]["value"]["array"]
    assert (example.differs, example.count, example.index) == (12, 12, (0, 0))
    assert "Entry (0, 0) is" in result.message


DERIVED = """
@check("Sum", points=10)
def total(student, reference, draw):
    x = draw.normal(3)
    close(student.double(x).sum(), reference.double(x).sum(), name="the sum")
"""


def test_a_value_that_the_check_made_is_not_shown_as_what_the_call_returned(grade: Grade) -> None:
    result = grade("def double(x):\n    return 3 * x\n", DERIVED, SOLUTION)["total"]
    assert result.message.startswith("the sum is ")
    assert result.counterexample is not None
    assert result.counterexample.got["shape"] == [3]
    assert result.counterexample.expected is None


CHANGED = """
@check("In turn", points=10)
def in_turn(student, reference, draw):
    x = draw.normal(3)
    got, sent = student.double(x), x.copy()
    x += 5
    close(got, 2 * sent)
"""


def test_a_counterexample_shows_what_was_sent_whatever_the_check_does_with_it(grade: Grade) -> None:
    result = grade("def double(x):\n    return x.copy()\n", CHANGED, SOLUTION)["in_turn"]
    assert result.counterexample is not None
    assert result.counterexample.inputs[0]["value"] == result.counterexample.got


def test_an_equal_value_of_another_call_is_not_blamed_on_it(grade: Grade) -> None:
    checks = """
@check("Flags", points=10)
def flags(student, reference, draw):
    one, other = student.one(), student.other()
    equal(one, True)
"""
    source = "def one():\n    return False\ndef other():\n    return False\n"
    message = grade(source, checks, "def one(): ...\n")["flags"].message
    assert message == "The value is False; expected True."


def test_equal_seeds_give_equal_verdicts_and_other_seeds_other_inputs(grade: Grade) -> None:
    first, same, other = (
        grade(HALF, CHECKS, SOLUTION, seed=seed)["matrix"] for seed in ("aa", "aa", "bb")
    )
    assert first.counterexample == same.counterexample
    assert first.counterexample != other.counterexample


def test_adding_a_check_changes_no_other_draw(grade: Grade) -> None:
    more = CHECKS.replace(
        "@check", "@check('More', points=0)\ndef more(s, r, draw):\n    draw.normal(9)\n\n@check", 1
    )
    before, after = (
        grade(HALF, checks, SOLUTION)["matrix"].counterexample for checks in (CHECKS, more)
    )
    assert before == after


def test_the_message_names_shape_and_function(grade: Grade) -> None:
    message = grade("def double(x):\n    return 2 * x[:1]\n", CHECKS, SOLUTION)["vector"].message
    assert message.startswith("double returned shape (1,); expected (2,).")


def test_the_name_given_by_the_author_is_in_the_message(grade: Grade) -> None:
    checks = """
@check("Two results", points=10)
def pair(student, reference, draw):
    x = draw.normal(4, 7)
    loss, dlogits = student.f(x)
    close(dlogits, x, name="dlogits")
"""
    message = grade("def f(x):\n    return 1.0, x.sum(axis=0)\n", checks, "")["pair"].message
    assert message.startswith("f returned dlogits of shape (7,); expected (4, 7).")


def test_values_that_the_check_cannot_use_are_the_students_fault(grade: Grade) -> None:
    checks = """
@check("Two results", points=10)
def pair(student, reference, draw):
    a, b = student.f(draw.normal(2))
    close(a + b, 1.0)
"""
    graded = grade("def f(x):\n    return None\n", checks, "def f(x):\n    return 0.25, 0.75\n")
    assert graded.verdict.status is Status.FAILED
    assert graded["pair"].message == "f returned None; expected a tuple of 2."


def test_an_exception_in_checks_is_our_fault_with_file_and_line(grade: Grade) -> None:
    checks = """
@check("Broken", points=10)
def broken(student, reference, draw):
    return 1 / 0
"""
    verdict = grade("x = 1\n", checks, "").verdict
    assert verdict.status is Status.ERROR
    assert "checks.py:7: ZeroDivisionError" in verdict.message


def test_an_exception_in_the_reference_is_our_fault(grade: Grade) -> None:
    checks = """
@check("Broken", points=10)
def broken(student, reference, draw):
    close(student.f(), reference.f())
"""
    verdict = grade(
        "def f():\n    return 1\n", checks, "def f():\n    raise OSError('x')\n"
    ).verdict
    assert verdict.status is Status.ERROR
    assert "solution.py:2: OSError: x" in verdict.message


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("def soft(x):\n    return x\n", "The file defines no function double; it defines soft."),
        ("", "The file defines no function double; it defines none."),
        ("double = 3\n", "double is no function."),
        ("def double(x:\n    pass\n", "Line 1 cannot be read: "),
        ("x = 1\n\n  y = 2\n", "Line 3 cannot be read: unexpected indent."),
        ("import scipy\n", "The file could not be imported: ModuleNotFoundError in line 1"),
        ("1 / 0\n", "could not be imported: ZeroDivisionError in line 1: division by zero"),
        ("import os\nos._exit(0)\n", "Your file could not be imported. Your code ended the Python"),
        ("import sys\nsys.exit(0)\n", "The file could not be imported: SystemExit in line 2"),
        (b"\xff\xfe", "cannot be read"),
        (b"a = 1\0\n", "cannot be read"),
    ],
)  # fmt: skip
def test_what_is_unusable_before_the_first_check_is_invalid(
    grade: Grade, source: str | bytes, message: str
) -> None:
    verdict = grade(source, CHECKS, SOLUTION, extra=FUNCTIONS).verdict
    assert (verdict.status, verdict.points, verdict.checks) == (Status.INVALID, 0.0, ())
    assert message in verdict.message


def test_a_method_that_is_missing_is_invalid(grade: Grade) -> None:
    extra = '[functions."Net.forward"]\n'
    verdict = grade("class Net:\n    pass\n", CHECKS, SOLUTION, extra=extra).verdict
    assert verdict.message == "The file defines no function Net.forward; it defines Net."


def test_nothing_handed_in_is_invalid(grade: Grade) -> None:
    verdict = grade(None, CHECKS, SOLUTION, extra=FUNCTIONS).verdict
    assert verdict.status is Status.INVALID
    assert "solution.py" in verdict.message


def test_what_the_student_printed_belongs_to_its_check(grade: Grade) -> None:
    source = "def double(x):\n    print('got', x.shape)\n    return 2 * x\n"
    graded = grade(source, CHECKS, SOLUTION)
    assert graded["vector"].output.splitlines()[0] == "got (2,)"
    assert graded["matrix"].output == "got (3, 4)\n"  # the repeated call prints nothing


def test_a_figure_travels_before_the_verdict_and_is_named_by_its_hash(grade: Grade) -> None:
    checks = """
@check("With a figure", points=10)
def drawn(student, reference, draw):
    attach(heatmap(np.eye(3), "Error", "Where it differs"))
    require(False, "It failed.")
"""
    graded = grade("x = 1\n", checks, "")
    artifact = graded.events("artifact")[0]
    assert graded["drawn"].figures == (artifact.sha256,)


def test_console_runs_what_was_typed_after_the_file(grade: Grade) -> None:
    graded = grade(
        SOLUTION, CHECKS, SOLUTION, typed="print('hi')\ny = double(4)\ny + 1", op=Op.CONSOLE
    )
    assert (graded.console.output, graded.console.value) == ("hi\n", "9")


@pytest.mark.parametrize(
    ("typed", "value"),
    [("1 / 0", "ZeroDivisionError: division by zero"), ("(", "SyntaxError"), ("", ""),
     ("import os; os._exit(1)", "Your code ended the Python process"), ("x = 3", "")],
)  # fmt: skip
def test_console_tells_what_went_wrong(grade: Grade, typed: str, value: str) -> None:
    assert value in grade(SOLUTION, CHECKS, SOLUTION, typed=typed, op=Op.CONSOLE).console.value


def test_correctness_leaves_the_timed_part_to_another_job(grade: Grade) -> None:
    extra = (
        '[performance.fast]\nmetric = "ratio"\nfunction = "double"\nbaseline = "double"\n'
        "thresholds = [[1, 1.0]]\n"
    )
    checks = CHECKS + (
        "\n@performance('Fast', points=0)\ndef fast(draw):\n    return (draw.normal(3),)\n"
    )
    graded = grade(SOLUTION, checks, SOLUTION, extra=extra, parts=Parts.CORRECTNESS)
    assert graded["fast"].status is CheckStatus.PENDING
    assert graded.verdict.performance[0].value is None


def test_what_a_file_draws_for_itself_is_the_same_in_a_replay(grade: Grade) -> None:
    checks = """
@check("Random", points=10)
def drawn(student, reference, draw):
    require(False, str(student.f()))
"""
    source = (
        "import random\nimport numpy as np\n\n"
        "def f():\n    return random.random() + np.random.rand()\n"
    )
    extra = "[functions.f]\nrepeat = false\n"
    first, same, other = (
        grade(source, checks, source, extra=extra, seed=seed)["drawn"].message
        for seed in ("aa", "aa", "bb")
    )
    assert first == same
    assert first != other
