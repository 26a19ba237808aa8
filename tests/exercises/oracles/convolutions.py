"""F.conv2d on shapes that tell every axis apart."""

from __future__ import annotations

from collections.abc import Iterator
from types import ModuleType

from torch.nn import functional as F  # noqa: N812

from tests.exercises.oracles.common import VALUE, Case, rng, tensor

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


def conv_cases(module: ModuleType) -> Iterator[Case]:
    functions = [name for name in ("conv2d", "conv2d_loops") if hasattr(module, name)]
    for image, (filters, *window), stride, pad in GEOMETRIES:
        x, b = rng.normal(size=image), rng.normal(size=filters)
        w = rng.normal(size=(filters, image[1], *window))
        expected = F.conv2d(tensor(x), tensor(w), tensor(b), stride=stride, padding=pad)
        for name in functions:
            got = getattr(module, name)(x, w, b, stride, pad)
            yield f"{name} {image} {window} {stride} {pad}", got, expected.numpy(), *VALUE
