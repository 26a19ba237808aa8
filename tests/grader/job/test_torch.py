"""torch in a sandbox knows the processor that it runs on."""

from __future__ import annotations

from pathlib import Path

import pytest

from grader.contracts import Op, VerdictLine
from grader.job.alone import adopt, do
from grader.job.backend import HostBackend
from tests.grader.bank import MANIFEST, write_exercise

HALF = """
import torch

def double(x):
    rows = torch.ones(2, 2).half()
    torch.softmax(rows @ rows, dim=1)
    return x + x
"""


@pytest.mark.timeout(300)
def test_half_precision_can_be_computed(
    backend: HostBackend, versions: Path, tmp_path: Path
) -> None:
    manifest = MANIFEST.format(name="half", extra="").replace('"numpy"', '"torch"')
    files = {"exercise.toml": manifest, "solution.py": HALF}
    exercise = adopt(write_exercise(tmp_path / "half", files), versions)
    line = do(backend, exercise, Op.GRADE, {"solution.py": HALF.encode()})
    assert isinstance(line, VerdictLine)
    assert line.verdict["status"] == "passed", line.verdict
    assert "cpuinfo" not in line.verdict["checks"][0]["output"]
