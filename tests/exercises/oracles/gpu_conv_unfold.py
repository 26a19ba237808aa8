"""F.conv2d in double precision."""

from __future__ import annotations

from collections.abc import Iterator
from types import ModuleType

import torch
from torch.nn import functional as F  # noqa: N812

from tests.exercises.oracles.common import Case, rng, tensor
from tests.exercises.oracles.convolutions import GEOMETRIES

MISTAKEN = ("half_precision", "weights_columns_first")


def cases(module: ModuleType) -> Iterator[Case]:
    names = [n for n in ("conv2d", "pixel_by_pixel", "library") if hasattr(module, n)]
    for image, (filters, *window), stride, pad in GEOMETRIES:
        x, w = rng.normal(size=image), rng.normal(size=(filters, image[1], *window))
        b = rng.normal(size=filters)
        arguments: list[torch.Tensor] = [tensor(values).float() for values in (x, w, b)]
        exact = [argument.double() for argument in arguments]
        expected = F.conv2d(*exact, stride=stride, padding=pad).float().numpy()
        for name in names:
            got = getattr(module, name)(*arguments, stride, pad).numpy()
            yield f"{name} {image} {window} {stride} {pad}", got, expected, 1e-4, 1e-4
