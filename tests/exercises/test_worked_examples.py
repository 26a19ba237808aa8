"""The numbers that a statement prints in its example are those of the reference solution."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest
from numpy.typing import ArrayLike

EXERCISES = Path(__file__).parents[2] / "exercises"


def reference(folder: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(folder.name, folder / "solution.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def activations_core(module: ModuleType) -> Iterator[ArrayLike]:
    z = np.array([-2.0, 0.0, 3.0])
    for entry in module.activation("sigmoid", z):
        yield entry[[0, 2]]
    yield module.activation("leaky_relu", z, 0.1)[0][:1].round(1)


def softmax_cross_entropy(module: ModuleType) -> Iterator[ArrayLike]:
    loss, dlogits = module.softmax_ce(np.array([[2.0, 1, 0], [0, 0, 0]]), np.array([0, 2]))
    yield loss
    yield dlogits
    yield module.softmax_ce(np.array([[2.0, 1, 0]]), np.array([0]))[0]
    yield module.softmax_ce(np.zeros((1, 3)), np.array([2]))[0]


def mlp_backprop(module: ModuleType) -> Iterator[ArrayLike]:
    params = [
        (np.array([[0.5], [-1.0]]), np.array([0.0])),
        (np.array([[2.0]]), np.array([-1.0])),
    ]
    inputs, targets = np.array([[1.0, 0.5], [0.0, 1.0]]), np.array([[1.0], [0.0]])
    _, a1, a2 = module.forward(params, inputs)
    yield a1[1]
    yield a2[1]
    yield ((a2 - targets) ** 2).sum() / 4
    yield from (gradient for part in module.backward(params, inputs, targets) for gradient in part)


def adaptive_optimisers(module: ModuleType) -> Iterator[ArrayLike]:
    for method in ("adagrad", "rmsprop", "adam", "adamax", "nadam"):
        theta = np.array([1.0])
        state: dict[str, Any] = {}
        for g in (2.0, -1.0, 0.5):
            theta = getattr(module, f"{method}_step")(theta, np.array([g]), state, 0.1)
            yield theta + 0.0


def gru_cell(module: ModuleType) -> Iterator[ArrayLike]:
    weights_x, weights_h = np.array([[1.0], [-1], [2]]), np.array([[0.5], [3], [-1]])
    biases = np.array([0.0, 0.5, 0.0]), np.array([-1.0, 0.0, 1.0])
    yield module.gru_cell(np.ones((1, 1)), np.full((1, 1), 0.5), weights_x, weights_h, *biases)
    yield 1 / (1 + np.exp(-np.array([0.25, 1.0])))


EXAMPLES = {
    "activations-and-losses/activations-core": activations_core,
    "activations-and-losses/softmax-cross-entropy": softmax_cross_entropy,
    "backpropagation/mlp-backprop": mlp_backprop,
    "optimisers/adaptive-optimisers": adaptive_optimisers,
    "sequences-and-attention/gru-cell": gru_cell,
}


def printed(value: ArrayLike) -> list[str]:
    """Return each number as a statement prints it: six decimals, trailing zeros optional."""
    return [f"{number + 0.0:.6f}".rstrip("0").rstrip(".") for number in np.ravel(value)]


@pytest.mark.parametrize(("path", "example"), EXAMPLES.items(), ids=str)
def test_the_example_in_the_statement_is_right(
    path: str, example: Callable[[ModuleType], Iterator[ArrayLike]]
) -> None:
    statement = (EXERCISES / path / "statement.md").read_text(encoding="utf-8")
    statement = statement.replace("\N{MINUS SIGN}", "-")
    module = reference(EXERCISES / path)
    numbers = [text for value in example(module) for text in printed(value)]
    assert numbers
    assert [text for text in numbers if text not in statement] == []
