"""Reference solutions agree with torch: autograd, nn and optim are the second authority."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
TORCH_PYTHON = ROOT / ".venv/flavours/torch/bin/python"
FOLDERS = {
    "activations-core": ROOT / "exercises/activations-and-losses/activations-core",
    "softmax-cross-entropy": ROOT / "exercises/activations-and-losses/softmax-cross-entropy",
    "mlp-backprop": ROOT / "exercises/backpropagation/mlp-backprop",
    "adaptive-optimisers": ROOT / "exercises/optimisers/adaptive-optimisers",
    "gru-cell": ROOT / "exercises/sequences-and-attention/gru-cell",
}
REFERENCES = [(name, folder / "solution.py") for name, folder in FOLDERS.items()]
OTHER_RIGHT = [
    (name, path) for name, folder in FOLDERS.items() for path in sorted(folder.glob("right/*.py"))
]
# One mistake each that changes numbers only slightly: proof that the comparison can fail.
MISTAKEN = [
    ("activations-core", FOLDERS["activations-core"] / "wrong/sigmoid_clipped.py"),
    ("softmax-cross-entropy", FOLDERS["softmax-cross-entropy"] / "wrong/log_with_epsilon.py"),
    ("mlp-backprop", FOLDERS["mlp-backprop"] / "wrong/updated_weights.py"),
    ("adaptive-optimisers", FOLDERS["adaptive-optimisers"] / "wrong/adam_eps_inside.py"),
    ("gru-cell", FOLDERS["gru-cell"] / "wrong/hidden_bias_outside_reset.py"),
]


def label(value: object) -> str:
    return f"{value.parent.name}-{value.stem}" if isinstance(value, Path) else str(value)


@pytest.fixture(scope="module")
def reports() -> dict[str, dict[str, Any]]:
    """Compare every file in one process: importing torch takes longer than all comparisons."""
    assert TORCH_PYTHON.exists(), "The torch flavour is missing; `make setup` installs it."
    pairs = [*REFERENCES, *OTHER_RIGHT, *MISTAKEN]
    command = [TORCH_PYTHON, "-B", Path(__file__).with_name("torch_oracles.py")]
    done = subprocess.run(
        [*map(str, command), *(f"{name}={path}" for name, path in pairs)],
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    found: dict[str, dict[str, Any]] = json.loads(done.stdout)
    return found


@pytest.mark.parametrize(("name", "path"), [*REFERENCES, *OTHER_RIGHT], ids=label)
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
