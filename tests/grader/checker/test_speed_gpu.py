"""The speed job's logic from end to end: real torch sessions, with the CPU as their device.

What only a driver can tell (whose work a device did) is told by the test.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from pydantic import BaseModel

from grader.checker.grading import Grading
from grader.checker.sessions import Sessions
from grader.checker.speed_gpu import IDENTICAL, NO_WORK, UNPROVEN, Alike, is_proven
from grader.contracts import Op, Parts, Request
from grader.exercise.digest import version_of
from grader.exercise.limits import Limits
from grader.exercise.load import load
from grader.frames import TensorArray
from grader.job.backend import HostBackend
from grader.sandbox.device import DeviceUse
from grader.sandbox.session import Session
from grader.verdict import CheckStatus, Status, Verdict
from tests.grader.checker.conftest import HEAD, MANIFEST

EXTRA = """
[performance.fast]
metric = "ratio"
function = "rooted"
baseline = "library"
thresholds = [[0.001, 1.0]]
calibrated = {calibrated}
lane = "gpu"
"""
CHECKS = """
@check("Right", points=4)
def right(student, reference, draw):
    x = tensor(1 + draw.uniform(5), dtype="float32")
    close(student.rooted(x), reference.rooted(x), rtol=1e-5)

@performance("Fast", points=6, rtol=1e-5)
def fast(draw):
    return (tensor(1 + draw.uniform(2000), dtype="float32"),)
"""
SOLUTION = """
import torch
def rooted(x): return x ** 0.5
def library(x): return torch.sqrt(x)
"""
OWN = "def rooted(x): return (x.double() ** 0.5).float() * (1 + 1e-6)\n"
LIBRARY = "import torch\ndef rooted(x): return torch.sqrt(x)\n"
BUSY, IDLE = DeviceUse(True, 1, 1, 4, 3), DeviceUse(True, 1, 1, 4, 0)
Run = Callable[..., Verdict]


@pytest.fixture
def speed_job(backend: HostBackend, tmp_path: Path) -> Run:
    """Return a function that does the speed job for a source; `told`: what the driver says."""

    def run(source: str, told: list[DeviceUse] | None = None, calibrated: bool = True) -> Verdict:
        folder = tmp_path / "test-roots"
        folder.mkdir()
        extra = EXTRA.format(calibrated=str(calibrated).lower())
        texts = {
            "exercise.toml": MANIFEST.format(name=folder.name, flavour="torch-cuda", extra=extra),
            "statement.md": "# A test\n",
            "checks.py": HEAD + CHECKS,
            "solution.py": SOLUTION,
            "starter.py": "",
        }
        for name, text in texts.items():
            (folder / name).write_text(text)
        answers = iter(told or [])

        def opened(flavour: str, limits: Limits, timed: bool = False) -> Session:
            assert flavour == "torch-cuda"
            session = backend.open("torch", limits, timed=timed)
            if told is not None:
                use = next(answers)
                session.device_use = lambda: use  # type: ignore[method-assign]
            return session

        exercise = load(folder)
        sessions = Sessions(exercise, exercise.manifest.limits, opened, seed="1", device="cpu")
        request = Request(
            op=Op.GRADE, job="1", version=version_of(folder), parts=Parts.SPEED, seed="12"
        )
        lines: list[BaseModel] = []
        parts = {"solution.py": source.encode()}
        return Grading(
            exercise, request, parts, sessions, lambda line, data: lines.append(line)
        ).run()

    return run


def fast(verdict: Verdict) -> Any:
    return next(check for check in verdict.checks if check.id == "fast")


def test_a_measured_ratio_counts_and_an_unproven_device_is_flagged(speed_job: Run) -> None:
    verdict = speed_job(OWN)
    assert verdict.status is Status.PASSED
    result = verdict.performance[0]
    assert result.value is not None
    assert result.pairs >= 5
    assert UNPROVEN in result.flags  # a busy host may add that the baseline was slower


def test_proven_work_is_not_flagged(speed_job: Run) -> None:
    # in order: student and reference of the checks, then baseline and student while timed
    verdict = speed_job(OWN, [IDLE, BUSY, IDLE, BUSY, *[BUSY] * 4])
    assert verdict.status is Status.PASSED
    assert UNPROVEN not in verdict.performance[0].flags


def test_a_device_that_did_nothing_for_it_fails_the_check(speed_job: Run) -> None:
    verdict = speed_job(OWN, [IDLE, BUSY, IDLE, IDLE, *[IDLE] * 4])
    assert fast(verdict).status is CheckStatus.FAILED
    assert fast(verdict).message == NO_WORK.format("rooted")
    assert verdict.points == 4.0


def test_the_librarys_own_bits_are_flagged_and_cost_nothing(speed_job: Run) -> None:
    verdict = speed_job(LIBRARY)
    assert verdict.status is Status.PASSED
    assert IDENTICAL in verdict.performance[0].flags


def test_uncalibrated_thresholds_grade_correctness_only_and_say_so(speed_job: Run) -> None:
    verdict = speed_job(OWN, calibrated=False)
    assert (fast(verdict).status, fast(verdict).points) == (CheckStatus.PASSED, 6.0)
    assert "not calibrated yet: this is shown and not graded" in fast(verdict).message


def test_a_file_that_is_wrong_on_the_device_earns_nothing_for_speed(speed_job: Run) -> None:
    verdict = speed_job("def rooted(x): return x\n")
    assert fast(verdict).status is CheckStatus.SKIPPED
    assert verdict.status is Status.FAILED


def test_a_wrong_output_while_timed_earns_nothing(speed_job: Run) -> None:
    source = "def rooted(x): return x ** 0.5 if len(x) < 9 else x\n"
    verdict = speed_job(source)
    assert (fast(verdict).status, fast(verdict).points) == (CheckStatus.FAILED, 0.0)


@pytest.mark.parametrize(
    ("own", "control", "proven"),
    [
        (BUSY, BUSY, True),
        (BUSY, DeviceUse(), True),
        (IDLE, BUSY, False),
        (DeviceUse(), BUSY, False),
        (IDLE, IDLE, None),
        (DeviceUse(), DeviceUse(), None),
    ],
)
def test_nothing_is_concluded_where_the_driver_shows_nothing(
    own: DeviceUse, control: DeviceUse, proven: bool | None
) -> None:
    assert is_proven(own, control) is proven


def array(*values: float, dtype: str = "float32") -> Any:
    return TensorArray.of(np.array(values, dtype), dtype, "cuda:0")


@pytest.mark.parametrize(
    ("pairs", "always"),
    [
        ([], False),
        ([(array(1), None)], False),
        ([(array(1, 2), array(1, 2))], True),
        ([(array(1), array(1)), (array(1), array(2))], False),
        ([((array(1), array(2)), [array(1), array(2)])], True),
        ([(array(3, dtype="int64"), array(3, dtype="int64"))], False),  # indices must be the same
        ([(array(1), "text")], False),
    ],
)
def test_only_fractions_that_are_always_alike_look_like_the_librarys(
    pairs: list[tuple[Any, Any]], always: bool
) -> None:
    alike = Alike()
    for own, theirs in pairs:
        alike.look(own, theirs)
    assert alike.always is always
