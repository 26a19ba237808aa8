"""Right solutions agree with torch: autograd, nn and optim are the second authority."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
TORCH_PYTHON = ROOT / ".venv/flavours/torch/bin/python"
ORACLES = Path(__file__).with_name("oracles")
SHARED = {"__main__", "common", "convolutions"}
EXERCISES = sorted(p.stem.replace("_", "-") for p in ORACLES.glob("*.py") if p.stem not in SHARED)


@pytest.fixture(scope="module")
def reports() -> dict[str, dict[str, dict[str, Any]]]:
    """Compare every file in one process: importing torch takes longer than all comparisons."""
    assert TORCH_PYTHON.exists(), "The torch flavour is missing; `make setup` installs it."
    folders = [next(ROOT.glob(f"exercises/*/{exercise}")) for exercise in EXERCISES]
    done = subprocess.run(
        [str(TORCH_PYTHON), "-B", "-m", "tests.exercises.oracles", *map(str, folders)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=280,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    found: dict[str, dict[str, dict[str, Any]]] = json.loads(done.stdout)
    return found


@pytest.mark.timeout(300)
@pytest.mark.parametrize("exercise", EXERCISES)
def test_right_solutions_agree_with_torch(
    reports: dict[str, dict[str, dict[str, Any]]], exercise: str
) -> None:
    right = {f: r for f, r in reports[exercise].items() if not f.startswith("wrong/")}
    assert len(right) >= 3
    assert {file: report["failures"] for file, report in right.items() if report["failures"]} == {}
    assert min(report["cases"] for report in right.values()) >= 10


@pytest.mark.timeout(300)
@pytest.mark.parametrize("exercise", EXERCISES)
def test_a_small_mistake_disagrees_with_torch(
    reports: dict[str, dict[str, dict[str, Any]]], exercise: str
) -> None:
    wrong = {f: r for f, r in reports[exercise].items() if f.startswith("wrong/")}
    assert wrong
    assert [file for file, report in wrong.items() if not report["failures"]] == []
