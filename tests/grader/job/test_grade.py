"""Whole gradings in real sandboxes: verdicts, deaths, limits, cancelling."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel

from grader.contracts import Check, Op, Parts, Refused, Started, VerdictLine
from grader.job.alone import Adopted, adopt, do
from grader.job.backend import HostBackend
from grader.job.cancel import Cancel, Interrupted
from grader.verdict import CheckStatus, Status, Verdict, from_json
from tests.grader.bank import CHECKS, SOLUTION, write_exercise

SEED = "5eed"
FOREVER = "def double(x):\n    while True:\n        pass\n"


def grade(backend: HostBackend, exercise: Adopted, source: str, **fields: Any) -> Verdict:
    line = do(backend, exercise, Op.GRADE, {"solution.py": source.encode()}, seed=SEED, **fields)
    assert isinstance(line, VerdictLine), line
    return from_json(line.verdict)


def statuses(verdict: Verdict) -> list[str]:
    return [str(check.status) for check in verdict.checks]


def test_a_right_solution_passes_with_usage_and_environment(
    backend: HostBackend, exercise: Adopted
) -> None:
    verdict = grade(backend, exercise, SOLUTION)
    assert verdict.status is Status.PASSED
    assert (verdict.points, verdict.max_points) == (4.0, 4.0)
    assert verdict.version == exercise.version
    assert verdict.usage.seconds > 0
    environment = verdict.environment
    assert environment.backend == backend.name
    assert environment.libraries["numpy"]
    assert "seccomp" in environment.guarantees


def test_a_wrong_solution_fails_and_hears_its_mistake(
    backend: HostBackend, exercise: Adopted
) -> None:
    verdict = grade(backend, exercise, "def double(x):\n    return x * x\n")
    assert verdict.status is Status.FAILED
    assert verdict.checks[0].mistake


def test_a_syntax_error_is_invalid_and_names_its_line(
    backend: HostBackend, exercise: Adopted
) -> None:
    verdict = grade(backend, exercise, "def double(x:\n")
    assert verdict.status is Status.INVALID
    assert "1" in verdict.message


def test_a_run_shows_only_visible_checks(backend: HostBackend, exercise: Adopted) -> None:
    parts = {"solution.py": SOLUTION.encode()}
    line = do(backend, exercise, Op.RUN, parts, seed=SEED, parts=Parts.VISIBLE)
    assert isinstance(line, VerdictLine)
    assert [check["id"] for check in line.verdict["checks"]] == ["vector"]


def test_the_same_seed_gives_the_same_counterexample(
    backend: HostBackend, exercise: Adopted
) -> None:
    source = "def double(x):\n    return x * x\n"
    first, second = (grade(backend, exercise, source) for _ in range(2))
    assert first.checks[0].counterexample == second.checks[0].counterexample


def test_progress_is_told_check_by_check(backend: HostBackend, exercise: Adopted) -> None:
    seen: list[BaseModel] = []
    parts = {"solution.py": SOLUTION.encode()}
    do(backend, exercise, Op.GRADE, parts, watch=lambda line, _: seen.append(line))
    assert isinstance(seen[0], Started)
    told = [(line.id, line.status) for line in seen if isinstance(line, Check)]
    assert told == [
        ("vector", "running"), ("vector", "passed"), ("matrix", "running"), ("matrix", "passed"),
    ]  # fmt: skip


def test_an_endless_loop_ends_with_the_wall_limit(
    backend: HostBackend, versions: Path, tmp_path: Path
) -> None:
    extra = "[limits]\nwall_seconds = 0.5"
    exercise = adopt(write_exercise(tmp_path / "loop", extra=extra), versions)
    verdict = grade(backend, exercise, FOREVER)
    assert verdict.checks[0].outcome == "wall"
    assert "0.5" in verdict.checks[0].message


def test_an_override_replaces_a_limit(backend: HostBackend, exercise: Adopted) -> None:
    verdict = grade(backend, exercise, FOREVER, overrides={"limits": {"wall_seconds": 0.3}})
    assert verdict.checks[0].outcome == "wall"


def test_an_override_out_of_bounds_is_refused(backend: HostBackend, exercise: Adopted) -> None:
    line = do(backend, exercise, Op.GRADE, {}, overrides={"limits": {"wall_seconds": -1}})
    assert isinstance(line, Refused)
    assert "wall_seconds" in line.why


@pytest.mark.parametrize(
    "crash", ["import os\n    os._exit(3)", "import ctypes\n    ctypes.string_at(0)"]
)
def test_a_checker_that_dies_in_a_check_fails_that_check(
    backend: HostBackend, versions: Path, tmp_path: Path, crash: str
) -> None:
    checks = CHECKS.replace("x = draw.normal(2, 3)", crash)
    exercise = adopt(write_exercise(tmp_path / "dies", {"checks.py": checks}), versions)
    verdict = grade(backend, exercise, SOLUTION)
    assert statuses(verdict) == ["passed", "failed"]
    assert verdict.checks[1].outcome == "died"
    assert verdict.points == 1.0


def test_a_checker_that_dies_before_the_first_check_is_our_fault(
    backend: HostBackend, versions: Path, tmp_path: Path
) -> None:
    files = {"checks.py": "import os\nos._exit(3)\n"}
    exercise = adopt(write_exercise(tmp_path / "dies-early", files), versions)
    assert grade(backend, exercise, SOLUTION).status is Status.ERROR


def test_an_exception_in_checks_is_our_fault_and_names_file_and_line(
    backend: HostBackend, versions: Path, tmp_path: Path
) -> None:
    checks = CHECKS.replace("x = draw.normal(2, 3)", "x = undefined")
    exercise = adopt(write_exercise(tmp_path / "raises", {"checks.py": checks}), versions)
    verdict = grade(backend, exercise, SOLUTION)
    assert verdict.status is Status.ERROR
    assert "checks.py" in verdict.message
    assert "undefined" in verdict.message


@pytest.mark.parametrize(
    ("checks", "final"), [("raise RuntimeError\n", True), ("import os\nos._exit(3)\n", False)]
)
def test_a_fault_of_the_author_is_told_from_one_that_another_try_may_mend(
    backend: HostBackend, versions: Path, tmp_path: Path, checks: str, final: bool
) -> None:
    exercise = adopt(write_exercise(tmp_path / "fault", {"checks.py": checks}), versions)
    line = do(backend, exercise, Op.GRADE, {"solution.py": SOLUTION.encode()}, seed=SEED)
    assert isinstance(line, VerdictLine)
    assert from_json(line.verdict).status is Status.ERROR
    assert line.final is final


def test_a_checker_beyond_the_job_limit_fails_the_running_check(
    backend: HostBackend, versions: Path, tmp_path: Path
) -> None:
    checks = CHECKS.replace("x = draw.normal(2, 3)", "while True: pass")
    extra = "[limits]\nwall_seconds = 0.2\njob_seconds = 0.5"
    files = {"checks.py": checks}
    exercise = adopt(write_exercise(tmp_path / "long", files, extra), versions)
    verdict = grade(backend, exercise, SOLUTION)
    assert statuses(verdict) == ["passed", "failed"]
    assert verdict.checks[1].status is CheckStatus.FAILED


def test_a_cancelled_job_leaves_no_verdict(backend: HostBackend, exercise: Adopted) -> None:
    cancel = Cancel()

    def watch(line: BaseModel, _: bytes) -> None:
        if isinstance(line, Check):
            threading.Thread(target=cancel.throw).start()

    parts = {"solution.py": FOREVER.encode()}
    with pytest.raises(Interrupted):
        do(backend, exercise, Op.GRADE, parts, cancel=cancel, watch=watch)


def test_a_broken_manifest_is_refused_with_its_line(
    backend: HostBackend, versions: Path, tmp_path: Path
) -> None:
    folder = write_exercise(tmp_path / "broken", extra="surprise = 1")
    line = do(backend, adopt(folder, versions), Op.GRADE, {})
    assert isinstance(line, Refused)
    assert "exercise.toml:8" in line.why


LOOK = """
import gc, socket, time

def descriptors():
    time.sleep(0.3)  # so that jobs overlap
    sockets = [thing for thing in gc.get_objects() if isinstance(thing, socket.socket)]
    return sorted(thing.fileno() for thing in sockets if thing.fileno() >= 0)
"""


def test_a_checker_holds_no_descriptors_of_jobs_at_the_same_time(
    backend: HostBackend, versions: Path, tmp_path: Path
) -> None:
    checks = LOOK + CHECKS.replace("x = draw.normal(3)", "raise ValueError(descriptors())")
    exercise = adopt(write_exercise(tmp_path / "looks", {"checks.py": checks}), versions)
    with ThreadPoolExecutor(4) as pool:
        verdicts = list(pool.map(lambda _: grade(backend, exercise, SOLUTION), range(8)))
    assert len({verdict.message.partition("\n")[0] for verdict in verdicts}) == 1


def test_jobs_at_the_same_time_are_all_graded(backend: HostBackend, exercise: Adopted) -> None:
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda _: grade(backend, exercise, SOLUTION).status, range(20)))
    assert found == [Status.PASSED] * 20


def test_a_trial_of_a_wrong_file_may_stop_at_the_first_failure(
    backend: HostBackend, exercise: Adopted
) -> None:
    verdict = grade(backend, exercise, "def double(x):\n    return x * x\n", stop_at_failure=True)
    assert statuses(verdict) == ["failed", "skipped"]
