"""torch as a second authority for reference solutions: run by the torch flavour's own interpreter.

`python torch_oracles.py EXERCISE=FILE ...` loads each FILE, compares it with torch on drawn inputs
and prints {FILE: {"cases": number of comparisons, "failures": [what differed]}} as JSON.
Tolerances are those of the exercises.
"""

from __future__ import annotations

import importlib.util
import json
import sys
from collections.abc import Callable, Iterator
from functools import partial
from itertools import pairwise
from types import ModuleType
from typing import Any

import numpy as np
import torch
from torch.nn import functional as F  # noqa: N812

Options = dict[str, Any]
Run = tuple[Callable[..., np.ndarray], type[torch.optim.Optimizer], Options, Options]
Case = tuple[str, object, object, float, float]  # name, got, expected, rtol, atol
VALUE = (1e-9, 1e-12)
GRADIENT = (1e-7, 1e-10)
rng = np.random.default_rng(20_240_501)


def tensor(array: np.ndarray) -> torch.Tensor:
    return torch.tensor(array, dtype=torch.float64)


def gradients(loss: torch.Tensor, *leaves: torch.Tensor) -> list[np.ndarray]:
    return [g.numpy() for g in torch.autograd.grad(loss, leaves)]


def activations_core(module: ModuleType) -> Iterator[Case]:
    grid = np.concatenate([np.linspace(-6, 6, 37), [-1e4, -700.0, -1e-9, 0.0, 1e-9, 700.0, 1e4]])
    curves: dict[str, Callable[[torch.Tensor], torch.Tensor]] = {
        "sigmoid": torch.sigmoid,
        "tanh": torch.tanh,
        "relu": torch.relu,
        "linear": lambda z: 1.0 * z,
    }
    for name, curve in curves.items():
        yield from _activation_cases(module, name, grid, curve)
    for alpha in (0.01, 1.5, -0.5):
        yield from _activation_cases(
            module, "leaky_relu", grid, partial(F.leaky_relu, negative_slope=alpha), alpha
        )
    a, slope = module.activation("step", grid)
    one = torch.tensor(1.0, dtype=torch.float64)
    yield "step", a, torch.heaviside(tensor(grid), one).numpy(), *VALUE
    yield "step'", slope, np.zeros(grid.shape), *GRADIENT
    tail = np.array([-31.0, -40.0, -300.0, -700.0])
    a, _ = module.activation("sigmoid", tail)
    yield "sigmoid, relative", a, torch.sigmoid(tensor(tail)).numpy(), 1e-9, 0.0


def _activation_cases(
    module: ModuleType,
    name: str,
    grid: np.ndarray,
    curve: Callable[[torch.Tensor], torch.Tensor],
    *alpha: float,
) -> Iterator[Case]:
    z = tensor(grid).requires_grad_()
    expected = curve(z)
    a, slope = module.activation(name, grid, *alpha)
    yield name, a, expected.detach().numpy(), *VALUE
    yield f"{name}'", slope, gradients(expected.sum(), z)[0], *GRADIENT


def softmax_cross_entropy(module: ModuleType) -> Iterator[Case]:
    for rows, classes, scale, shift in (
        (1, 2, 1, 0),
        (4, 7, 1, -1000),
        (4, 7, 400, 0),
        (2, 9, 3, 500),
    ):
        logits = scale * rng.normal(size=(rows, classes)) + shift
        labels = rng.integers(0, classes, size=rows)
        z = tensor(logits).requires_grad_()
        expected = F.cross_entropy(z, torch.tensor(labels))
        loss, dlogits = module.softmax_ce(logits, labels)
        yield f"loss, scale {scale}", loss, expected.item(), *VALUE
        yield f"gradient, scale {scale}", dlogits, gradients(expected, z)[0], *GRADIENT
    loss, dlogits = module.softmax_ce(np.array([[1000.0, -1000.0]]), np.array([1]))
    yield "sure and wrong", loss, 2000.0, *VALUE
    yield "sure and wrong, gradient", dlogits, np.array([[1.0, -1.0]]), *GRADIENT


def mlp_backprop(module: ModuleType) -> Iterator[Case]:
    for sizes, rows in (
        ((4, 3, 4, 2), 5),
        ((4, 3, 4, 2), 1),
        ((3, 3, 3), 4),
        ((3, 2), 6),
        ((3, 5, 4, 3, 2, 1), 6),
    ):
        pairs = list(pairwise(sizes))
        params = [(rng.normal(size=pair), rng.normal(size=pair[1])) for pair in pairs]
        inputs, targets = rng.normal(size=(rows, sizes[0])), rng.uniform(size=(rows, sizes[-1]))
        leaves = [(tensor(w).requires_grad_(), tensor(b).requires_grad_()) for w, b in params]
        a = [tensor(inputs)]
        for w, b in leaves:
            a.append(torch.sigmoid(F.linear(a[-1], w.T, b)))
        loss = 0.5 * F.mse_loss(a[-1], tensor(targets), reduction="sum") / rows
        got = module.forward(params, inputs)
        for layer, (mine, theirs) in enumerate(zip(got, a, strict=True)):
            yield f"{sizes} a{layer}", mine, theirs.detach().numpy(), *VALUE
        gw, gb = module.backward(params, inputs, targets)
        flat = [leaf for pair in leaves for leaf in pair]
        expected = gradients(loss, *flat)
        for layer in range(len(params)):
            yield f"{sizes} gW{layer}", gw[layer], expected[2 * layer], *GRADIENT
            yield f"{sizes} gB{layer}", gb[layer], expected[2 * layer + 1], *GRADIENT


def adaptive_optimisers(module: ModuleType) -> Iterator[Case]:
    # NAdam keeps its product of mu in the default dtype.
    torch.set_default_dtype(torch.float64)
    optim = torch.optim
    for eps in (1e-8, 1e-2):
        betas, pair = (0.8, 0.95), {"b1": 0.8, "b2": 0.95}
        runs: tuple[Run, ...] = (
            (module.adagrad_step, optim.Adagrad, {}, {}),
            (module.rmsprop_step, optim.RMSprop, {"alpha": 0.9}, {"beta": 0.9}),
            (module.rmsprop_step, optim.RMSprop, {}, {}),
            (module.adam_step, optim.Adam, {"betas": betas}, pair),
            (module.adam_step, optim.Adam, {}, {}),
            (module.adamax_step, optim.Adamax, {"betas": betas}, pair),
            (
                module.nadam_step,
                optim.NAdam,
                {"betas": betas, "momentum_decay": 0.05},
                pair | {"psi": 0.05},
            ),
            (module.nadam_step, optim.NAdam, {}, {}),
        )
        for step, optimiser, theirs, mine in runs:
            for zeros_first in (False, True):
                yield from _walk(
                    step, optimiser, theirs | {"eps": eps}, mine | {"eps": eps}, zeros_first
                )
    yield from _walk(module.adagrad_step, optim.Adagrad, {}, {}, zeros_first=False)


def _walk(
    step: Callable[..., np.ndarray],
    optimiser: type[torch.optim.Optimizer],
    theirs: Options,
    mine: Options,
    zeros_first: bool,
) -> Iterator[Case]:
    theta = rng.normal(size=(2, 3))
    leaf = torch.nn.Parameter(tensor(theta))
    torch_step = optimiser([leaf], lr=0.05, **theirs)
    state: Options = {}
    for t, size in enumerate(np.geomspace(3.0, 0.05, 60)):
        g = size * rng.normal(size=theta.shape)
        if zeros_first and t == 0:
            g[0] = 0.0
        leaf.grad = tensor(g)
        torch_step.step()
        theta = step(theta, g, state, 0.05, **mine)
        yield (
            f"{optimiser.__name__} {theirs} step {t + 1}",
            theta,
            leaf.detach().numpy().copy(),
            *VALUE,
        )


def gru_cell(module: ModuleType) -> Iterator[Case]:
    for rows, inputs, units, scale in (
        (1, 1, 1, 1.0),
        (3, 4, 5, 1.0),
        (4, 3, 3, 1.0),
        (2, 2, 3, 15.0),
    ):
        cell = torch.nn.GRUCell(inputs, units, dtype=torch.float64)
        weights = [scale * rng.normal(size=tuple(p.shape)) for p in cell.parameters()]
        for parameter, weight in zip(cell.parameters(), weights, strict=True):
            parameter.data = tensor(weight)
        h = rng.normal(size=(rows, units))
        for t in range(30):
            x = rng.normal(size=(rows, inputs))
            expected = cell(tensor(x), tensor(h)).detach().numpy()
            h = module.gru_cell(x, h, *weights)
            yield f"{rows, inputs, units} step {t + 1}", h, expected, *VALUE


ORACLES = {
    "activations-core": activations_core,
    "softmax-cross-entropy": softmax_cross_entropy,
    "mlp-backprop": mlp_backprop,
    "adaptive-optimisers": adaptive_optimisers,
    "gru-cell": gru_cell,
}


def load(path: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location("solution", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def differs(got: object, expected: object, rtol: float, atol: float) -> bool:
    mine, theirs = np.asarray(got), np.asarray(expected)
    if mine.shape != theirs.shape or mine.dtype != theirs.dtype:
        return True
    return not bool(np.all(np.abs(mine - theirs) <= atol + rtol * np.abs(theirs)))


def report(exercise: str, path: str) -> dict[str, object]:
    failures, cases = [], 0
    for name, got, expected, rtol, atol in ORACLES[exercise](load(path)):
        cases += 1
        if differs(got, expected, rtol, atol):
            failures.append(name)
    return {"cases": cases, "failures": failures}


if __name__ == "__main__":
    torch.set_num_threads(1)
    pairs = [argument.split("=", 1) for argument in sys.argv[1:]]
    json.dump({path: report(exercise, path) for exercise, path in pairs}, sys.stdout)
