"""F.max_pool2d, F.avg_pool2d and their gradients; F.adaptive_max_pool2d has a region's bins."""

from __future__ import annotations

from collections.abc import Iterator
from types import ModuleType

from torch.nn import functional as F  # noqa: N812

from tests.exercises.oracles.common import GRADIENT, VALUE, Case, gradients, rng, tensor

MISTAKEN = ("bins_rounded_down", "average_gradient_divided_by_side")
GEOMETRIES = (  # (N, C, H, W), k, stride
    ((1, 1, 2, 2), 2, 2),
    ((1, 1, 14, 11), 2, 2),
    ((2, 3, 6, 7), 3, 1),
    ((2, 2, 7, 6), 3, 2),
    ((1, 2, 5, 8), 2, 3),
    ((1, 1, 3, 4), 1, 1),
)
REGIONS = (  # (C, H, W), box, out
    ((1, 4, 6), (0, 0, 6, 4), 2),
    ((2, 8, 9), (1, 0, 9, 5), 3),
    ((2, 12, 14), (2, 1, 13, 11), 7),
    ((1, 31, 9), (0, 1, 8, 30), 7),
    ((2, 6, 5), (0, 2, 5, 4), 7),
)


def cases(module: ModuleType) -> Iterator[Case]:
    for shape, k, stride in GEOMETRIES:
        x = rng.normal(size=shape)
        for mode, pool in (("max", F.max_pool2d), ("avg", F.avg_pool2d)):
            leaf = tensor(x).requires_grad_()
            expected = pool(leaf, k, stride=stride)
            y, cache = module.pool2d(x, k, stride, mode)
            yield f"{mode} {shape} {k} {stride}", y, expected.detach().numpy(), *VALUE
            dy = rng.normal(size=tuple(expected.shape))
            (dx,) = gradients((expected * tensor(dy)).sum(), leaf)
            got = module.pool2d_backward(dy, cache)
            yield f"gradient {mode} {shape} {k} {stride}", got, dx, *GRADIENT
    for map_shape, box, out in REGIONS:
        f = rng.normal(size=map_shape)
        x1, y1, x2, y2 = box
        region = F.adaptive_max_pool2d(tensor(f[:, y1:y2, x1:x2]), out)
        yield f"region {box} {out}", module.roi_max_pool(f, box, out), region.numpy(), *VALUE
