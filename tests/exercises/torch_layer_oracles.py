"""torch as a second authority for layers: convolution, LeNet-5 and its training, row softmax.

Run like `torch_oracles.py`, by the torch flavour's own interpreter and with the same report.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

import numpy as np
import torch
from torch.nn import functional as F  # noqa: N812

if TYPE_CHECKING:
    from tests.exercises.torch_oracles import ORACLES, VALUE, Case, load, report, rng, tensor
else:  # a script finds what lies beside it
    from torch_oracles import ORACLES, VALUE, Case, load, report, rng, tensor

GEOMETRIES = [  # (N, C, H, W), (F, kh, kw), stride, pad
    ((1, 1, 5, 5), (1, 3, 3), 1, 0),
    ((2, 3, 6, 8), (4, 2, 3), 1, 0),
    ((2, 3, 8, 6), (4, 3, 2), 1, 1),
    ((3, 2, 6, 7), (3, 3, 2), 2, 1),
    ((1, 2, 8, 7), (2, 2, 2), 3, 0),
    ((2, 1, 5, 7), (1, 3, 3), 3, 2),
    ((1, 2, 4, 3), (2, 4, 3), 1, 0),
    ((1, 3, 4, 3), (2, 1, 1), 2, 0),
    ((1, 1, 1, 1), (1, 3, 3), 1, 1),
    ((4, 3, 24, 24), (16, 3, 3), 1, 1),
]


def conv2d(module: ModuleType) -> Iterator[Case]:
    functions = [name for name in ("conv2d", "conv2d_loops") if hasattr(module, name)]
    for image, (filters, *window), stride, pad in GEOMETRIES:
        x, b = rng.normal(size=image), rng.normal(size=filters)
        w = rng.normal(size=(filters, image[1], *window))
        expected = F.conv2d(tensor(x), tensor(w), tensor(b), stride=stride, padding=pad)
        for name in functions:
            got = getattr(module, name)(x, w, b, stride, pad)
            yield f"{name} {image} {window} {stride} {pad}", got, expected.numpy(), *VALUE


def _logits(weights: list[torch.Tensor], x: torch.Tensor) -> torch.Tensor:
    """LeNet-5 as a function of its ten parameters."""
    w1, b1, w2, b2, *dense = weights
    a = F.avg_pool2d(F.conv2d(x, w1, b1).tanh(), 2)
    a = F.avg_pool2d(F.conv2d(a, w2, b2).tanh(), 2).flatten(1)
    for w, b in zip(dense[:-2:2], dense[1:-2:2], strict=True):
        a = F.linear(a, w, b).tanh()
    return F.linear(a, *dense[-2:])


def lenet5(module: ModuleType) -> Iterator[Case]:
    assert module.__file__ is not None
    here = Path(module.__file__).parent
    folder = here if (here / "given").is_dir() else here.parent
    trainer = load(str(folder / "given/trainer.py"))
    for rows in (1, 2, 5):
        model = trainer.set_weights(module.LeNet5(), _drawn(trainer.shapes(module.LeNet5())))
        x = tensor(rng.normal(size=(rows, 1, 32, 32)))
        expected = _logits(trainer.weights(model), x)
        yield f"logits of {rows}", model(x).detach().numpy(), expected.numpy(), *VALUE
    yield from _training(trainer, model, tensor(rng.normal(size=(6, 1, 32, 32))))


def _drawn(shapes: list[tuple[int, ...]]) -> list[np.ndarray]:
    return [rng.normal(scale=1.5 / np.prod(shape[1:]) ** 0.5, size=shape) for shape in shapes]


def _training(trainer: ModuleType, model: torch.nn.Module, x: torch.Tensor) -> Iterator[Case]:
    y = torch.tensor(rng.integers(0, 10, size=len(x)))
    leaves = [w.requires_grad_() for w in trainer.weights(model)]
    optimizer = torch.optim.Adam(leaves, lr=1e-3)
    expected = []
    for _ in range(3):
        optimizer.zero_grad()
        loss = F.cross_entropy(_logits(leaves, x), y)
        loss.backward()
        optimizer.step()
        expected.append(loss.item())
    losses = trainer.adam_steps(model, x, y, 3, 1e-3)
    yield "losses", np.array(losses), np.array(expected), *VALUE
    for number, (got, leaf) in enumerate(zip(trainer.weights(model), leaves, strict=True)):
        yield f"parameter {number} after Adam", got.numpy(), leaf.detach().numpy(), 1e-6, 1e-9


def gpu_softmax(module: ModuleType) -> Iterator[Case]:
    for dtype, rtol in ((torch.float32, 1e-5), (torch.float16, 2e-3)):
        # the baselines are timed in float32 only
        timed = ("five_passes", "library") if dtype is torch.float32 else ()
        names = [name for name in ("softmax_rows", *timed) if hasattr(module, name)]
        for rows, columns in ((1, 1), (3, 2), (5, 781), (2, 1823), (3, 4096)):
            for scale, shift in ((1.0, 0.0), (0.05, 1e4), (3.0, -1e4)):
                x = (scale * tensor(rng.normal(size=(rows, columns))) + shift).to(dtype)
                x[0, : columns // 2] = -torch.inf
                expected = torch.softmax(x.double(), 1).to(dtype).numpy()
                for name in names:
                    got = getattr(module, name)(x).numpy()
                    yield f"{name} {dtype} {rows, columns} {shift}", got, expected, rtol, 1e-6


ORACLES |= {
    "conv2d-naive": conv2d,
    "conv2d-fast": conv2d,
    "lenet5": lenet5,
    "gpu-softmax": gpu_softmax,
}

if __name__ == "__main__":
    torch.set_num_threads(1)
    pairs = [argument.split("=", 1) for argument in sys.argv[1:]]
    json.dump({path: report(exercise, path) for exercise, path in pairs}, sys.stdout)
