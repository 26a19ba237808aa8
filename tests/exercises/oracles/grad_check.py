"""autograd: slopes of functions, and layers of torch whose backward is autograd's, or is not."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from types import ModuleType

import numpy as np
import torch
from torch.nn import functional as F  # noqa: N812

from tests.exercises.oracles.common import Case, gradients, rng, tensor

MISTAKEN = ("forward_difference",)

Curve = Callable[[torch.Tensor], torch.Tensor]

CURVES: dict[str, Curve] = {
    "cubes": lambda x: (x**3).sum(),
    "sine of the sum": lambda x: torch.sin(x.sum()),
    "log of sums": lambda x: torch.logsumexp(x, dim=0).sum(),
}
LAYERS: dict[str, Curve] = {
    "tanh": torch.tanh,
    "relu": torch.relu,
    "softplus": F.softplus,
    "softmax": lambda x: torch.softmax(x, dim=1),
    "layer norm": lambda x: F.layer_norm(x, x.shape[1:], eps=0.1),
    "batch centre": lambda x: x - x.mean(dim=0),
}


def cases(module: ModuleType) -> Iterator[Case]:
    for name, curve in CURVES.items():
        for shape in ((1,), (4,), (2, 3), (2, 3, 2)):
            x = rng.normal(size=shape)
            leaf = tensor(x).requires_grad_()
            expected = gradients(curve(leaf), leaf)[0]
            got = module.numerical_gradient(_plain(curve), x)
            yield f"{name} {shape}", got, expected, 0.0, 1e-8
    for factor in (1.01, 0.99):
        for broken in (["tanh", "softmax"], ["relu", "layer norm", "batch centre"]):
            layers = {
                name: (_plain(layer), _backward(layer, factor if name in broken else 1.0), (4,))
                for name, layer in LAYERS.items()
            }
            found = module.find_broken(layers)
            marks = np.array([float(name in found) for name in LAYERS])
            expected = np.array([float(name in broken) for name in LAYERS])
            yield f"broken by {factor}", marks, expected, 0.0, 0.0


def _plain(curve: Curve) -> Callable[[np.ndarray], np.ndarray]:
    return lambda x: curve(tensor(x)).numpy()[()]


def _backward(layer: Curve, factor: float) -> Callable[[np.ndarray, np.ndarray], np.ndarray]:
    def backward(x: np.ndarray, dy: np.ndarray) -> np.ndarray:
        leaf = tensor(x).requires_grad_()
        return factor * gradients((layer(leaf) * tensor(dy)).sum(), leaf)[0]

    return backward
