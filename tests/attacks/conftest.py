"""Hostile submissions against small exercises, graded for real, and what is left of them."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from grader.contracts import Op, VerdictLine
from grader.job.alone import Adopted, adopt, do
from grader.job.backend import HostBackend, open_backend
from grader.sandbox.limits.cgroup import Groups
from grader.sandbox.zygotes import ZygoteBackend
from grader.verdict import CheckResult, CheckStatus, Status, Verdict, from_json
from tests.grader.bank import write_exercise

LIMITS = """
[limits]
wall_seconds = 1.5
job_seconds = 20.0
cpu_seconds = 4.0
memory_mib = 128
processes = 8
files = 32
output_kib = 64
disk_mib = 4
"""
HEAD = "from grader.authoring import check, close\n"
CHECKS = f"""{HEAD}
@check("Attacked", points=1)
def attacked(student, reference, draw):
    x = draw.normal(3)
    close(student.f(x), reference.f(x))


@check("Honest", points=3)
def honest(student, reference, draw):
    x = draw.normal(4)
    close(student.g(x), reference.g(x))
"""
GOOD_G = "\n\ndef g(x):\n    return 3 * x\n"
SOLUTION = f"def f(x):\n    return 2 * x\n{GOOD_G}"


@dataclass(frozen=True)
class Graded:
    """A verdict; `graded["attacked"]` is one check's result."""

    verdict: Verdict

    def __getitem__(self, check: str) -> CheckResult:
        return next(result for result in self.verdict.checks if result.id == check)

    def lost_only_its_check(self, outcome: str | None = None) -> CheckResult:
        """Assert that the attacked check failed in a way a student can read, and no other."""
        attacked = self["attacked"]
        assert attacked.status is CheckStatus.FAILED, attacked
        assert attacked.outcome == outcome, attacked
        assert attacked.message
        assert self["honest"].status is CheckStatus.PASSED, self["honest"]
        assert (self.verdict.status, self.verdict.points) == (Status.PARTIAL, 3.0)
        return attacked


Attack = Callable[..., Graded]


@pytest.fixture(scope="session")
def versions(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("versions")
    folder.chmod(0o755)
    return folder


@pytest.fixture(scope="session")
def backend(versions: Path, backend_name: str) -> Iterator[HostBackend]:
    opened = open_backend(backend_name, versions)
    yield opened
    opened.stop()


@pytest.fixture(scope="session")
def bare_backend(
    versions: Path, new_backend: Callable[..., ZygoteBackend]
) -> Iterator[ZygoteBackend]:
    """As on a host without control groups."""
    with new_backend(exercises=versions, groups=Groups.none()) as started:
        yield started


@pytest.fixture(scope="session")
def exercises(versions: Path, tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Adopted]:
    """Return a function that makes an exercise out of checks and reference."""
    made: dict[tuple[str, str, str], Adopted] = {}

    def make(checks: str = CHECKS, solution: str = SOLUTION, extra: str = LIMITS) -> Adopted:
        key = (checks, solution, extra)
        if key not in made:
            folder = tmp_path_factory.mktemp("exercise") / f"attacked-{len(made)}"
            files = {
                "checks.py": checks,
                "solution.py": solution,
                "starter.py": "pass\n",
                "right/times_two.py": "",
                "wrong/squared.py": "",
            }
            made[key] = adopt(write_exercise(folder, files, extra), versions)
        return made[key]

    return make


@pytest.fixture
def attack(backend: HostBackend, exercises: Callable[..., Adopted]) -> Attack:
    """Return a function that grades a whole source, or one body of `f` beside an honest `g`."""

    def run(
        body: str = "",
        *,
        source: str | bytes | None = None,
        top: str = "",
        on: HostBackend = backend,
        seed: str = "5eed",
        **exercise: Any,
    ) -> Graded:
        if source is None:
            lines = "\n".join(f"    {line}" for line in body.strip().splitlines())
            source = f"{top}\n\ndef f(x):\n{lines}\n{GOOD_G}"
        data = source if isinstance(source, bytes) else source.encode()
        line = do(on, exercises(**exercise), Op.GRADE, {"solution.py": data}, seed=seed)
        assert isinstance(line, VerdictLine), line
        return Graded(from_json(line.verdict))

    return run


def seen(attack: Attack, code: str, **options: Any) -> str:
    """Return what code put into `found`: the message of an exception crosses to the verdict."""
    body = f"{code.strip()}\nraise LookupError(found)"
    return attack(body, **options).lost_only_its_check().message.partition(": ")[2]


def patient(limits: str = LIMITS) -> str:
    """Return the limits with more wall time, where something else must end the call."""
    return limits.replace("wall_seconds = 1.5", "wall_seconds = 15.0")


def eventually(holds: Callable[[], bool], seconds: float = 5.0) -> bool:
    """Wait until something holds that another process does in its own time."""
    end = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > end:
            return False
        time.sleep(0.01)
    return True
