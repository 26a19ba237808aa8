"""autograd through F.conv2d."""

from __future__ import annotations

from collections.abc import Iterator
from types import ModuleType

from torch.nn import functional as F  # noqa: N812

from tests.exercises.oracles.common import GRADIENT, Case, gradients, rng, tensor
from tests.exercises.oracles.convolutions import GEOMETRIES

MISTAKEN = ("edge_padding", "db_mean")


def cases(module: ModuleType) -> Iterator[Case]:
    for image, (filters, *window), stride, pad in GEOMETRIES[:-1]:
        x, w = rng.normal(size=image), rng.normal(size=(filters, image[1], *window))
        leaves = [tensor(a).requires_grad_() for a in (x, w, rng.normal(size=filters))]
        y = F.conv2d(*leaves, stride=stride, padding=pad)
        dy = rng.normal(size=tuple(y.shape))
        expected = gradients((y * tensor(dy)).sum(), *leaves)
        got = module.conv2d_backward(dy, x, w, stride, pad)
        for name, mine, theirs in zip(("dx", "dw", "db"), got, expected, strict=True):
            yield f"{name} {image} {window} {stride} {pad}", mine, theirs, *GRADIENT
