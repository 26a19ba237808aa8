"""Layers of the bank agree with torch: convolution, LeNet-5 and its trainer, row softmax."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
TORCH_PYTHON = ROOT / ".venv/flavours/torch/bin/python"
FOLDERS = {
    "conv2d-naive": ROOT / "exercises/convolution/conv2d-naive",
    "conv2d-fast": ROOT / "exercises/convolution/conv2d-fast",
    "lenet5": ROOT / "exercises/convolution/lenet5",
    "gpu-softmax": ROOT / "exercises/gpu/gpu-softmax",
}
RIGHT = [
    (name, path)
    for name, folder in FOLDERS.items()
    for path in (folder / "solution.py", *sorted(folder.glob("right/*.py")))
]
# Small mistakes: proof that the comparison can fail.
MISTAKEN = [
    ("conv2d-naive", FOLDERS["conv2d-naive"] / "wrong/edge_padding.py"),
    ("conv2d-fast", FOLDERS["conv2d-fast"] / "wrong/single_precision.py"),
    ("lenet5", FOLDERS["lenet5"] / "wrong/pooled_before_tanh.py"),
    ("lenet5", FOLDERS["lenet5"] / "wrong/features_detached.py"),
    ("gpu-softmax", FOLDERS["gpu-softmax"] / "wrong/sum_in_half_precision.py"),
    ("gpu-softmax", FOLDERS["gpu-softmax"] / "wrong/masked_block_gives_nan.py"),
]


def label(value: object) -> str:
    return f"{value.parent.name}-{value.stem}" if isinstance(value, Path) else str(value)


@pytest.fixture(scope="module")
def reports() -> dict[str, dict[str, Any]]:
    """Compare every file in one process: importing torch takes longer than all comparisons."""
    assert TORCH_PYTHON.exists(), "The torch flavour is missing; `make setup` installs it."
    command = [TORCH_PYTHON, "-B", Path(__file__).with_name("torch_layer_oracles.py")]
    done = subprocess.run(
        [*map(str, command), *(f"{name}={path}" for name, path in [*RIGHT, *MISTAKEN])],
        capture_output=True,
        text=True,
        timeout=200,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    found: dict[str, dict[str, Any]] = json.loads(done.stdout)
    return found


@pytest.mark.parametrize(("name", "path"), RIGHT, ids=label)
def test_a_right_solution_agrees_with_torch(
    reports: dict[str, dict[str, Any]], name: str, path: Path
) -> None:
    assert reports[str(path)]["cases"] >= 10
    assert reports[str(path)]["failures"] == []


@pytest.mark.parametrize(("name", "path"), MISTAKEN, ids=label)
def test_a_mistake_disagrees_with_torch(
    reports: dict[str, dict[str, Any]], name: str, path: Path
) -> None:
    assert reports[str(path)]["failures"] != []
