"""torch.softmax in double precision."""

from __future__ import annotations

from collections.abc import Iterator
from types import ModuleType

import torch

from tests.exercises.oracles.common import Case, rng, tensor

MISTAKEN = ("sum_in_half_precision", "masked_block_gives_nan")


def cases(module: ModuleType) -> Iterator[Case]:
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
