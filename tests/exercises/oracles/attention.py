"""F.scaled_dot_product_attention and nn.MultiheadAttention."""

from __future__ import annotations

from collections.abc import Iterator
from types import ModuleType

import numpy as np
import torch
from torch.nn import functional as F  # noqa: N812

from tests.exercises.oracles.common import VALUE, Case, rng, tensor

MISTAKEN = ("small_number_in_the_sum", "single_precision")
SIZES = ((1, 1, 1, 1, 1), (1, 2, 3, 4, 5), (2, 3, 4, 5, 1), (3, 4, 2, 1, 3))


def masks(queries: int, keys: int, samples: int) -> Iterator[np.ndarray | None]:
    yield None
    for shape in ((queries, keys), (samples, queries, keys), (samples, 1, keys)):
        mask = rng.random(shape) < 0.5
        mask[..., 0] = True  # torch gives nan where a query sees nothing
        yield mask


def cases(module: ModuleType) -> Iterator[Case]:
    for samples, queries, keys, dk, dv in SIZES:
        for mask in masks(queries, keys, samples):
            for scale in (1.0, 300.0):
                q = scale * rng.normal(size=(samples, queries, dk))
                k, v = rng.normal(size=(samples, keys, dk)), rng.normal(size=(samples, keys, dv))
                allowed = None if mask is None else torch.tensor(mask)
                expected = F.scaled_dot_product_attention(
                    tensor(q), tensor(k), tensor(v), attn_mask=allowed
                )
                out, weights = module.attention(q, k, v, mask)
                name = f"{samples, queries, keys, dk, dv} scale {scale}"
                yield name, out, expected.numpy(), *VALUE
                yield f"{name}, from the weights", weights @ v, expected.numpy(), *VALUE
    for samples, length, width, heads in ((1, 1, 2, 1), (2, 3, 6, 3), (3, 5, 8, 2)):
        x, weights = rng.normal(size=(samples, length, width)), rng.normal(size=(4, width, width))
        layer = torch.nn.MultiheadAttention(
            width, heads, bias=False, batch_first=True, dtype=torch.float64
        )
        layer.in_proj_weight.data = tensor(np.concatenate([w.T for w in weights[:3]]))
        layer.out_proj.weight.data = tensor(weights[3].T)
        y = layer(tensor(x), tensor(x), tensor(x), need_weights=False)[0].detach().numpy()
        yield f"{heads} heads", module.multi_head(x, *weights, heads), y, *VALUE
