"""torch.matmul in double precision."""

from __future__ import annotations

from collections.abc import Iterator
from types import ModuleType

from tests.exercises.oracles.common import Case, rng, tensor

MISTAKEN = ("products_in_half_precision", "partial_sums_rounded")
SHAPES = (
    (1, 1, 1),
    (2, 3, 4),
    (16, 17, 18),
    (33, 45, 70),
    (5, 300, 3),
    (24, 1024, 24),
    (40, 4096, 40),
)


def cases(module: ModuleType) -> Iterator[Case]:
    for rows, terms, columns in SHAPES:
        a, b = rng.normal(size=(rows, terms)), rng.normal(size=(terms, columns))
        left, right = tensor(a).half(), tensor(b).half()
        expected = (left.double() @ right.double()).half().numpy()
        atol = 2e-3 * terms**0.5 / 16
        for layout, x, y in (
            ("rows first", left, right),
            ("columns first", left.T.contiguous().T, right.T.contiguous().T),
        ):
            got = module.matmul(x, y).numpy()
            yield f"{rows, terms, columns} {layout}", got, expected, 2e-3, atol
