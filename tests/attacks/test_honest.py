"""What keeps attackers out lets honest work through: all solutions of the bank pass."""

from __future__ import annotations

from pathlib import Path

import pytest

from grader.commands.bench import Bench, numbers_of
from grader.contracts import Op, Parts, VerdictLine
from grader.exercise import bank
from grader.job.alone import adopt, do
from grader.job.backend import HostBackend
from grader.verdict import CheckStatus, from_json

BANK = Path(__file__).parents[2] / "exercises"
SOLUTIONS = sorted(
    path
    for folder in bank.folders(BANK)
    if (folder / "checks.py").exists()
    for path in (folder / "solution.py", *folder.glob("right/*.py"))
)


@pytest.mark.parametrize("path", SOLUTIONS, ids=lambda path: str(path.relative_to(BANK)))
def test_a_right_solution_gets_every_point_but_those_for_speed(
    backend: HostBackend, versions: Path, path: Path
) -> None:
    folder = path.parent if path.name == "solution.py" else path.parent.parent
    exercise = adopt(folder, versions)
    line = do(
        backend,
        exercise,
        Op.GRADE,
        {"solution.py": path.read_bytes()},
        parts=Parts.CORRECTNESS,
        seed="5eed",
        numbers=numbers_of(Bench(backend, versions), exercise, "5eed", None),
    )
    assert isinstance(line, VerdictLine), line
    verdict = from_json(line.verdict)
    timed = {check.id for check in verdict.checks if check.status is CheckStatus.PENDING}
    lost = [check for check in verdict.checks if check.points < check.max_points]
    assert {check.id for check in lost} == timed, [(check.id, check.message) for check in lost]
    assert verdict.checks
